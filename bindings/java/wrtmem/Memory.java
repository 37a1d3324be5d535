// SPDX-License-Identifier: Apache-2.0 OR MIT
package wrtmem;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A linear memory: bytes that are checked at every access, from the operating system, an allocator or fixed slots.
 *
 * <p>A refusal of the library is a {@link WrtException}; nothing that is done wrong with a memory, closing it twice
 * included, is more than that. Offsets and lengths are of 64 bits without a sign, so that a negative one is very large.
 * Any thread may use a memory; calls wait for one another.
 */
public final class Memory implements AutoCloseable {
  private static final int INVALID_ARGUMENT = 1;

  private final ReentrantLock lock = new ReentrantLock();
  private final Arena stubs; // of the allocator, if any
  private final long handle;

  /** A call of the C ABI with this memory's handle. */
  private interface Call {
    int with(long handle) throws Throwable;
  }

  /** A memory of that length on "std", "alloc" or "static", that can grow to {@code maxLen} by bytes. */
  public Memory(String tier, long initialLen, long maxLen) {
    this(tier, initialLen, maxLen, 0, null);
  }

  /** As well with a page length, 0 for 1, and an allocator, null for the C library's. */
  public Memory(String tier, long initialLen, long maxLen, long pageLen, Allocator allocator) {
    int number = tierNumber(tier);
    stubs = allocator == null ? null : Arena.ofShared();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment config = arena.allocate(Native.CONFIG);
      config.set(JAVA_INT, 0, (int) Native.CONFIG.byteSize());
      config.set(JAVA_INT, offset("tier"), number);
      config.set(JAVA_LONG, offset("initial_len"), initialLen);
      config.set(JAVA_LONG, offset("max_len"), maxLen);
      config.set(JAVA_LONG, offset("page_len"), pageLen);
      if (allocator != null) config.set(ADDRESS, offset("allocator"), Native.over(allocator, stubs));
      MemorySegment out = arena.allocate(JAVA_LONG);
      Native.check((int) Native.CREATE.invokeExact(config, out));
      handle = out.get(JAVA_LONG, 0);
    } catch (Throwable refused) {
      if (stubs != null) stubs.close();
      throw unchecked(refused);
    }
  }

  private static long offset(String member) {
    return Native.CONFIG.byteOffset(MemoryLayout.PathElement.groupElement(member));
  }

  private static int tierNumber(String name) {
    for (int tier = 1; tier <= 3; tier++) {
      if (Native.tierName(tier).equals(name)) return tier;
    }
    throw Native.failure(INVALID_ARGUMENT);
  }

  private static RuntimeException unchecked(Throwable thrown) {
    if (thrown instanceof RuntimeException exception) return exception;
    if (thrown instanceof Error error) throw error;
    throw new AssertionError(thrown);
  }

  private void call(Call call) {
    if (lock.isHeldByCurrentThread()) throw new IllegalStateException("a callback of this memory uses it");
    lock.lock();
    try {
      Native.check(call.with(handle));
    } catch (Throwable refused) {
      throw unchecked(refused);
    } finally {
      lock.unlock();
    }
  }

  /** Ends the memory. Each call after that, a second close too, is {@code WRT_ERR_INVALID_HANDLE}. */
  @Override
  public void close() {
    call(mem -> (int) Native.DESTROY.invokeExact(mem));
    if (stubs != null) stubs.close();
  }

  /** The length in bytes. */
  public long length() {
    long[] out = new long[1];
    call(mem -> (int) Native.LEN.invokeExact(mem, MemorySegment.ofArray(out)));
    return out[0];
  }

  /** Refuses when {@code n} bytes at {@code offset} are not inside. */
  public void check(long offset, long n) {
    call(mem -> (int) Native.CHECK.invokeExact(mem, offset, n));
  }

  /** Copies bytes at {@code offset} to all of {@code to}. */
  public void read(long offset, byte[] to) {
    MemorySegment bytes = MemorySegment.ofArray(to);
    call(mem -> (int) Native.READ.invokeExact(mem, offset, bytes, (long) to.length));
  }

  /** Copies all of {@code from} to {@code offset}. */
  public void write(long offset, byte[] from) {
    MemorySegment bytes = MemorySegment.ofArray(from);
    call(mem -> (int) Native.WRITE.invokeExact(mem, offset, bytes, (long) from.length));
  }

  /** Sets {@code n} bytes at {@code offset} to {@code value}. */
  public void fill(long offset, byte value, long n) {
    call(mem -> (int) Native.FILL.invokeExact(mem, offset, value, n));
  }

  /** Sets the length in bytes. */
  public void resize(long length) {
    call(mem -> (int) Native.RESIZE.invokeExact(mem, length));
  }

  /** Adds pages, and gives how many there were. */
  public long grow(long pages) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      call(mem -> (int) Native.GROW.invokeExact(mem, pages, out));
      return out.get(JAVA_LONG, 0);
    }
  }

  /** The library's version, and the cheapest call that there is. */
  public static int version() {
    try {
      return (int) Native.VERSION.invokeExact();
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }
}
