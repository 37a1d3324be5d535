// SPDX-License-Identifier: Apache-2.0 OR MIT
// The common case of a small access: one compare for the handle and the control block, one for the bounds.
#ifndef WRT_TIERS_MEMORY_FAST_HPP
#define WRT_TIERS_MEMORY_FAST_HPP

#include "cpp/core/small_copy.hpp"
#include "cpp/tiers/memory.hpp"

namespace wrt {

inline bool LinearMemory::fast_read(uint64_t key, uint64_t offset, void *dst, size_t n) const noexcept {
  if (!sealed_by(key) || offset >= limit_ || n > kFastBytes || dst == nullptr) return false;
  copy_small(static_cast<uint8_t *>(dst), view_.base + offset, n);
  return true;
}

inline bool LinearMemory::fast_write(uint64_t key, uint64_t offset, const void *src, size_t n) noexcept {
  if (!sealed_by(key) || offset >= limit_ || n > kFastBytes || src == nullptr) return false;
  copy_small(view_.base + offset, static_cast<const uint8_t *>(src), n);
  return true;
}

}  // namespace wrt

#endif  // WRT_TIERS_MEMORY_FAST_HPP
