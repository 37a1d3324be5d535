// SPDX-License-Identifier: Apache-2.0 OR MIT
import java.nio.charset.StandardCharsets;
import wrtmem.Memory;
import wrtmem.WrtException;

/** A memory on the tier that is named: std, alloc or static. */
public final class Example {
  private static String refusal(Runnable call) {
    try {
      call.run();
    } catch (WrtException refused) {
      return refused.getMessage();
    }
    return "none";
  }

  public static void main(String[] arguments) {
    byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
    Memory memory = new Memory(arguments[0], 100, 4096);
    memory.write(95, hello);
    byte[] text = new byte[5];
    memory.read(95, text);
    System.out.println(arguments[0] + ": " + new String(text, StandardCharsets.UTF_8));
    System.out.println("out of bounds: " + refusal(() -> memory.write(96, hello)));
    memory.close();
    System.out.println("stale handle: " + refusal(() -> memory.read(0, text)));
  }
}
