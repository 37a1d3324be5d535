// SPDX-License-Identifier: Apache-2.0 OR MIT
// The common case of a small access: one compare for the handle and the control block, one for the bounds.
#ifndef WRT_TIERS_MEMORY_FAST_HPP
#define WRT_TIERS_MEMORY_FAST_HPP

#include "cpp/core/small_copy.hpp"
#include "cpp/tiers/memory.hpp"

namespace wrt {

// A stale handle may come here while its control block is made into another memory: the seal is stored last and read
// first, so that it never goes with a base or a limit older than itself.
inline bool LinearMemory::fast_at(uint64_t key, uint64_t offset, uint8_t *&at) const noexcept {
  const uint64_t seal = load_published(seal_);
  const uint64_t limit = load_racy(limit_);
  uint8_t *base = load_racy(view_.base);
  if ((seal ^ reinterpret_cast<uintptr_t>(base) ^ limit) != key || offset >= limit) return false;
  at = base + offset;
  return true;
}

inline bool LinearMemory::fast_read(uint64_t key, uint64_t offset, void *dst, size_t n) const noexcept {
  uint8_t *from = nullptr;
  if (!fast_at(key, offset, from) || n > kFastBytes || dst == nullptr) return false;
  copy_small(static_cast<uint8_t *>(dst), from, n);
  return true;
}

inline bool LinearMemory::fast_write(uint64_t key, uint64_t offset, const void *src, size_t n) noexcept {
  uint8_t *to = nullptr;
  if (!fast_at(key, offset, to) || n > kFastBytes || src == nullptr) return false;
  if (kHasLevels && checks_ != nullptr) return false;
  copy_small(to, static_cast<const uint8_t *>(src), n);
  return true;
}

// The change alone says what becomes of the check value. The longest may cover a block. On a SHARED memory a growth by
// another thread may be writing what is looked at here.
inline bool LinearMemory::fast_place(uint64_t key, uint64_t offset, const void *src, size_t n, Place &out) noexcept {
  const uint64_t end_in_block = offset % kBlockLen + n;
  uint32_t *const checks = load_racy(checks_);
  if (!kHasLevels || checks == nullptr) return false;
  if (load_racy(checks_seal_) != (key ^ reinterpret_cast<uintptr_t>(checks))) return false;
  if (!fast_at(key, offset, out.to) || n >= kFastBytes || src == nullptr || end_in_block > kBlockLen) return false;
  out.check = &checks[offset / kBlockLen];
  out.behind = static_cast<size_t>(kBlockLen - end_in_block);
  return true;
}

}  // namespace wrt

#endif  // WRT_TIERS_MEMORY_FAST_HPP
