// SPDX-License-Identifier: Apache-2.0 OR MIT
package wrtmem;

import java.lang.foreign.MemorySegment;

/**
 * Gives blocks for the ALLOC tier: native ones, since the library keeps them. One that throws or gives
 * {@link MemorySegment#NULL} refuses. It may use any memory but the one that calls it.
 */
public interface Allocator {
  MemorySegment allocate(long size, long alignment);

  void deallocate(MemorySegment block, long size, long alignment);
}
