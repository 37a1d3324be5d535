// SPDX-License-Identifier: Apache-2.0 OR MIT
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongConsumer;
import wrtmem.Memory;

/** Nanoseconds a call, the tenth of a hundred rounds that interleave: a bare call, then the library's. */
public final class Rates {
  private static final int CALLS = 20_000;
  private static final int ROUNDS = 100;
  private static int sink;

  public static void main(String[] arguments) {
    byte[] bytes = new byte[8];
    try (Memory memory = new Memory("std", 65536, 65536)) {
      String[] names = {"bare", "check", "read", "write"};
      LongConsumer[] sides = {
        i -> sink += Memory.version(),
        i -> memory.check(i, 8),
        i -> memory.read(i, bytes),
        i -> memory.write(i, bytes),
      };
      double[][] times = new double[sides.length][ROUNDS];
      for (int warm = 0; warm < 20; warm++) {
        for (LongConsumer side : sides) nanoseconds(side);
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (int n = 0; n < sides.length; n++) times[n][round] = nanoseconds(sides[n]);
      }
      for (int n = 0; n < sides.length; n++) {
        Arrays.sort(times[n]);
        System.out.printf(Locale.ROOT, "Java %s %.1f%n", names[n], times[n][10]);
      }
    }
  }

  private static double nanoseconds(LongConsumer call) {
    long start = System.nanoTime();
    for (long i = 0; i < CALLS; i++) call.accept(i);
    return (double) (System.nanoTime() - start) / CALLS;
  }
}
