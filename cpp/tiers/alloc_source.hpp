// SPDX-License-Identifier: Apache-2.0 OR MIT
// The ALLOC tier's source of bytes: one block of an allocator that the caller brings.
#ifndef WRT_TIERS_ALLOC_SOURCE_HPP
#define WRT_TIERS_ALLOC_SOURCE_HPP

#include "cpp/core/extent.hpp"

namespace wrt {

/// Capacity grows by half, never above the maximum, so that n growths by a page cost O(n) in all; the room ahead is
/// zeroed when it is obtained. Shrinking keeps the block.
struct AllocSource {
  struct Backing {
    void *context;
    void *(*allocate)(void *context, size_t size, size_t alignment);
    void *(*reallocate)(void *context, void *block, size_t old_size, size_t new_size, size_t alignment);
    void (*deallocate)(void *context, void *block, size_t size, size_t alignment);
    uint8_t *block;  // NULL while nothing was needed
    size_t block_len;
    Side side;
  };

  /// The backing of an allocator that nothing was asked of yet.
  static Backing bind(const wrt_allocator &allocator) noexcept;
  static Backing fresh_like(const Backing &other) noexcept;

  /// `backing` comes from bind. OK or OUT_OF_MEMORY.
  [[gnu::cold]] static wrt_status obtain(const Request &request, Extent &extent, Backing &backing) noexcept;
  /// More room for new_len, which is above bytes.cap and at most max_len; the length stays. OK or OUT_OF_MEMORY.
  [[gnu::cold]] static wrt_status extend(uint64_t new_len, uint64_t max_len, Extent &extent, Backing &backing) noexcept;
  static void cut(uint64_t new_len, Extent &extent, Backing &backing) noexcept;
  static void wipe(uint64_t offset, uint64_t n, Extent &extent, Backing &backing) noexcept;
  static void give_back(Extent &extent, Backing &backing, bool exposed) noexcept;

  static uint64_t committed(const Extent &, const Backing &backing) noexcept { return backing.block_len; }
  static Side side(const Backing &backing) noexcept { return backing.side; }
};

}  // namespace wrt

#endif  // WRT_TIERS_ALLOC_SOURCE_HPP
