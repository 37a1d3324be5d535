// SPDX-License-Identifier: Apache-2.0 OR MIT
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import wrtmem.Allocator;
import wrtmem.CHeap;
import wrtmem.Memory;
import wrtmem.WrtException;

/** Runs every test on every tier, and writes what ran to the file that is named. */
public final class Tests {
  private static final String[] TIERS = {"std", "alloc", "static"};
  private static final List<String> ROWS = new ArrayList<>();

  private interface Body {
    void test(Memory memory, String tier) throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    everyTier("make, write, read, grow", Tests::makesWritesReadsAndGrows);
    everyTier("use after close", Tests::everyCallOnAClosedMemoryIsInvalidHandle);
    everyTier("close twice", Tests::closingTwiceIsInvalidHandle);
    everyTier("out of bounds, huge offsets", Tests::whatIsTooLargeIsOutOfBounds);
    everyTier("wrong types and kinds", Tests::whatIsOfTheWrongTypeIsAnException);
    everyTier("threads", Tests::manyThreadsMayUseOneMemory);
    anAllocatorThatFailsIsOutOfMemory();
    note("alloc", "a callback that fails");
    aCallbackThatUsesItsMemoryIsAnException();
    note("alloc", "a callback that uses its memory");
    Files.writeString(Path.of(arguments[0]), "[\n" + String.join(",\n", ROWS) + "\n]\n");
    System.out.println(ROWS.size() + " passed, 0 failed");
  }

  private static void everyTier(String what, Body body) throws Exception {
    for (String tier : TIERS) {
      Memory memory = new Memory(tier, 100, 4096);
      body.test(memory, tier);
      try {
        memory.close();
      } catch (WrtException closed) {
        equal(closed.code, "WRT_ERR_INVALID_HANDLE");
      }
      note(tier, what);
    }
  }

  private static void note(String tier, String what) {
    System.out.println("passed  " + tier + ": " + what);
    ROWS.add("  {\"tier\": \"%s\", \"what\": \"%s\", \"result\": \"passed\"}".formatted(tier, what));
  }

  private static void equal(Object got, Object want) {
    if (!got.equals(want)) throw new AssertionError("got " + got + ", want " + want);
  }

  private static void refuses(String code, Runnable call) {
    try {
      call.run();
    } catch (WrtException refused) {
      equal(refused.code, code);
      equal(refused.getMessage().startsWith(code + ": "), true);
      return;
    }
    throw new AssertionError("not refused, want " + code);
  }

  private static void throwing(Class<? extends Throwable> type, Runnable call) {
    try {
      call.run();
    } catch (Throwable thrown) {
      if (type.isInstance(thrown)) return;
      throw thrown;
    }
    throw new AssertionError("not thrown: " + type);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String read(Memory memory, long offset, int n) {
    byte[] got = new byte[n];
    memory.read(offset, got);
    return new String(got, StandardCharsets.UTF_8);
  }

  private static void makesWritesReadsAndGrows(Memory memory, String tier) {
    memory.write(95, bytes("hello"));
    equal(read(memory, 95, 5), "hello");
    equal(memory.grow(28), 100L);
    memory.fill(100, (byte) '7', 28);
    equal(memory.length(), 128L);
    equal(read(memory, 99, 2), "o7");
    refuses("WRT_ERR_LIMIT", () -> memory.grow(1L << 40));
    try (Memory other = new Memory(tier, 0, 10)) {
      equal(other.length(), 0L);
    }
  }

  private static void everyCallOnAClosedMemoryIsInvalidHandle(Memory memory, String tier) {
    memory.close();
    List<Runnable> calls =
        List.of(
            () -> memory.read(0, new byte[1]),
            () -> memory.write(0, new byte[1]),
            () -> memory.fill(0, (byte) 1, 1),
            () -> memory.check(0, 1),
            () -> memory.resize(10),
            () -> memory.grow(0),
            () -> memory.length());
    for (Runnable call : calls) refuses("WRT_ERR_INVALID_HANDLE", call);
    try (Memory other = new Memory(tier, 10, 10)) {
      for (Runnable call : calls) refuses("WRT_ERR_INVALID_HANDLE", call);
      other.check(0, 10);
    }
  }

  private static void closingTwiceIsInvalidHandle(Memory memory, String tier) {
    memory.close();
    refuses("WRT_ERR_INVALID_HANDLE", memory::close);
  }

  private static void whatIsTooLargeIsOutOfBounds(Memory memory, String tier) {
    for (long at : new long[] {100, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -4, -1}) {
      refuses("WRT_ERR_OUT_OF_BOUNDS", () -> memory.read(at, new byte[4]));
      refuses("WRT_ERR_OUT_OF_BOUNDS", () -> memory.write(at, new byte[4]));
      refuses("WRT_ERR_OUT_OF_BOUNDS", () -> memory.fill(at, (byte) 1, 4));
      refuses("WRT_ERR_OUT_OF_BOUNDS", () -> memory.fill(1, (byte) 1, at));
      refuses("WRT_ERR_OUT_OF_BOUNDS", () -> memory.check(at, -1));
    }
    memory.read(100, new byte[0]);
    refuses("WRT_ERR_OUT_OF_BOUNDS", () -> memory.read(101, new byte[0]));
    refuses("WRT_ERR_LIMIT", () -> memory.resize(-1));
  }

  private static void whatIsOfTheWrongTypeIsAnException(Memory memory, String tier) throws Exception {
    throwing(NullPointerException.class, () -> memory.read(0, null));
    throwing(NullPointerException.class, () -> memory.write(0, null));
    refuses("WRT_ERR_INVALID_ARGUMENT", () -> new Memory("heap", 1, 1));
    refuses("WRT_ERR_INVALID_ARGUMENT", () -> new Memory(null, 1, 1));
    refuses("WRT_ERR_INVALID_ARGUMENT", () -> new Memory(tier, 0, 0, 3, null));
    if (!tier.equals("alloc")) {
      refuses("WRT_ERR_INVALID_ARGUMENT", () -> new Memory(tier, 1, 1, 0, new CHeap()));
    }
    // What the compiler refuses, reflection passes on, and is refused all the same.
    try {
      Memory.class.getMethod("write", long.class, byte[].class).invoke(memory, 0L, "text");
      throw new AssertionError("a text was taken for bytes");
    } catch (IllegalArgumentException refused) {
      equal(refused.getMessage().contains("type"), true);
    }
    memory.check(0, 100);
  }

  private static void manyThreadsMayUseOneMemory(Memory memory, String tier) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> thrown = new ArrayList<>();
    for (int number = 0; number < 8; number++) {
      byte value = (byte) number;
      threads.add(
          new Thread(
              () -> {
                for (int n = 0; n < 200; n++) memory.fill(n % 100, value, 1);
              }));
      threads.getLast().setUncaughtExceptionHandler((thread, what) -> thrown.add(what));
    }
    for (Thread thread : threads) thread.start();
    for (Thread thread : threads) thread.join();
    equal(thrown, List.of());
  }

  private static Allocator that(java.util.function.LongFunction<MemorySegment> allocate) {
    return new CHeap() {
      @Override
      public MemorySegment allocate(long size, long alignment) {
        return allocate.apply(size);
      }
    };
  }

  private static void anAllocatorThatFailsIsOutOfMemory() {
    List<Allocator> failing =
        List.of(
            that(
                size -> {
                  throw new IllegalStateException("an allocator's own");
                }),
            that(
                size -> {
                  throw new StackOverflowError();
                }),
            that(size -> null),
            that(size -> MemorySegment.NULL),
            that(size -> MemorySegment.ofArray(new byte[(int) size])));
    for (Allocator allocator : failing) {
      refuses("WRT_ERR_OUT_OF_MEMORY", () -> new Memory("alloc", 10, 100, 0, allocator));
    }
    var later = new ThrowsLater();
    Memory memory = new Memory("alloc", 10, 100, 0, later);
    memory.write(0, bytes("kept"));
    refuses("WRT_ERR_OUT_OF_MEMORY", () -> memory.resize(50));
    equal(read(memory, 0, 4), "kept");
    memory.close();
    equal(later.out.size(), 0);
    refuses("WRT_ERR_INVALID_HANDLE", memory::close);
  }

  private static final class ThrowsLater extends CHeap {
    final Set<Long> out = new HashSet<>();
    private int calls;

    @Override
    public MemorySegment allocate(long size, long alignment) {
      calls++;
      if (calls > 1) throw new IllegalStateException("not again");
      MemorySegment block = super.allocate(size, alignment);
      out.add(block.address());
      return block;
    }

    @Override
    public void deallocate(MemorySegment block, long size, long alignment) {
      out.remove(block.address());
      super.deallocate(block, size, alignment);
      throw new IllegalStateException("after the work");
    }
  }

  private static void aCallbackThatUsesItsMemoryIsAnException() {
    var thrown = new ArrayList<Throwable>();
    var memory = new Memory[1];
    Allocator allocator =
        new CHeap() {
          @Override
          public MemorySegment allocate(long size, long alignment) {
            try {
              if (memory[0] != null) memory[0].close();
            } catch (IllegalStateException refused) {
              thrown.add(refused);
            }
            return super.allocate(size, alignment);
          }
        };
    memory[0] = new Memory("alloc", 10, 100, 0, allocator);
    memory[0].resize(50);
    equal(thrown.size() > 0, true);
    equal(memory[0].length(), 50L);
    memory[0].close();
  }
}
