// SPDX-License-Identifier: Apache-2.0 OR MIT
// Pools of fixed slots over the caller's storage: what the STATIC tier takes its memories from.
#ifndef WRT_TIERS_SLOT_POOL_HPP
#define WRT_TIERS_SLOT_POOL_HPP

#include "cpp/core/atomic.hpp"
#include "cpp/core/extent.hpp"
#include "cpp/core/pin.hpp"

namespace wrt {

/// Where things stand in a pool's storage, from its first 64-byte boundary on. All in bytes.
struct PoolLayout {
  static constexpr uint64_t kLine = 64;

  uint64_t handles_at;  // behind the words of the set: one uint32_t a slot
  uint64_t slots_at;
  uint64_t stride;  // from slot to slot
  uint64_t sides_at;
  uint64_t side_stride;  // block checksums, a map of what was touched, the tracker's regions
  uint64_t total;        // what is needed at any alignment of the storage

  /// False when the sizes overflow what this target can address.
  [[gnu::cold]] static bool make(uint64_t slot_len, uint64_t slots, PoolLayout &out) noexcept;
  /// The most slots that fit, at most `most_slots`; 0: not one.
  [[gnu::cold]] static uint32_t slots_in(uint64_t storage_len, uint64_t slot_len, uint32_t most_slots) noexcept;
};

/// Claiming and releasing are O(1) and lock-free, from any thread. A slot between two memories is all zero.
struct SlotPool {
  wrt_k_arena arena;
  uint32_t slots;
  Atomic<uint32_t> quarantined;  // slots that will never be used again, since their control block was bad
  uint32_t *handles;             // for the owner's use: one number a slot
  uint8_t *sides_at;
  uint64_t side_stride;
  BoundedCount claims;  // claimed slots, quarantined ones included
  Atomic<uint32_t> peak;
  Atomic<uintptr_t> refused;

  /// Requires that slots_in(storage_len, new_slot_len, …) gave new_slots >= 1. `zeroed`: the storage is zero already.
  [[gnu::cold]] void open(uint8_t *storage, size_t storage_len, size_t new_slot_len, uint32_t new_slots,
                          bool zeroed) noexcept;

  /// OK or POOL_EXHAUSTED.
  wrt_status claim(uint32_t &slot) noexcept;
  /// The slot is zero again.
  void release(uint32_t slot) noexcept;
  /// `count` claimed slots stay out of use for good.
  void quarantine(uint32_t count = 1) noexcept { quarantined.add(count); }

  uint32_t used() const noexcept { return claims.count() - quarantined.load(); }
  uint64_t slot_len() const noexcept { return arena.slot_len; }
  uint8_t *slot_at(uint32_t slot) const noexcept { return wrt_k_slot_at(&arena, slot); }
  uint8_t *regions_at(uint32_t slot) const noexcept { return sides_at + static_cast<size_t>(side_stride) * slot; }
  /// Check values of the slot's blocks, all zero between two memories.
  uint8_t *checks_at(uint32_t slot) const noexcept;

  /// At rest: the set is consistent and counts the claims.
  [[gnu::cold]] bool holds() const noexcept;
};

/// One slot as a source of bytes.
struct SlotSource {
  struct Backing {
    SlotPool *pool;
    uintptr_t slot;
    Side side;
  };

  /// The backing of a slot that was claimed.
  static Backing bind(SlotPool &pool, uint32_t slot) noexcept { return {&pool, slot, {}}; }

  /// Always OK: max_len is at most the slot.
  static wrt_status obtain(const Request &request, Extent &extent, Backing &backing) noexcept;
  /// A slot is all there is: LIMIT.
  static wrt_status extend(uint64_t, uint64_t, Extent &, Backing &) noexcept { return WRT_ERR_LIMIT; }
  static void cut(uint64_t new_len, Extent &extent, Backing &) noexcept { wrt_k_shrink(&extent.bytes, new_len); }
  static void wipe(uint64_t offset, uint64_t n, Extent &extent, Backing &backing) noexcept;
  /// `exposed`: the host held a raw pointer, so that the whole slot is scrubbed.
  static void give_back(Extent &extent, Backing &backing, bool exposed) noexcept;

  static uint64_t committed(const Extent &extent, const Backing &) noexcept { return extent.capacity; }
  static Side side(const Backing &backing) noexcept { return backing.side; }
};

}  // namespace wrt

#endif  // WRT_TIERS_SLOT_POOL_HPP
