// SPDX-License-Identifier: Apache-2.0 OR MIT
package wrtmem;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The C library's heap, as an allocator. */
public class CHeap implements Allocator {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle ALIGNED_ALLOC =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("aligned_alloc"), FunctionDescriptor.of(ADDRESS, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle FREE =
      LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("free"), FunctionDescriptor.ofVoid(ADDRESS));

  @Override
  public MemorySegment allocate(long size, long alignment) {
    try {
      return (MemorySegment) ALIGNED_ALLOC.invokeExact(alignment, (size + alignment - 1) / alignment * alignment);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  @Override
  public void deallocate(MemorySegment block, long size, long alignment) {
    try {
      FREE.invokeExact(block);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }
}
