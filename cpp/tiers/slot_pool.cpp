// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/slot_pool.hpp"

#include "cpp/core/tracker.hpp"

namespace wrt {

namespace {

constexpr uint64_t kLeastBlockLen = 64;  // room for check values at any configured block length
constexpr uint64_t kCheckLen = 4;        // bytes of a check value
constexpr uint64_t kTouchedShift = 6;    // one bit for each 64 bytes says whether they were ever touched
constexpr uint64_t kMaxSlots = 0x7fffffff;

constexpr uint64_t to_line(uint64_t n) noexcept { return round_up(n, PoolLayout::kLine); }

// Every part of it is there from the first release on, so that no later one needs more storage.
constexpr uint64_t side_len(uint64_t slot_len) noexcept {
  const uint64_t blocks = (slot_len + kLeastBlockLen - 1) / kLeastBlockLen;
  const uint64_t touched = ((slot_len >> kTouchedShift) / 8) + 8;
  return to_line(round_up(region_map_len(slot_len), 8) + blocks * kCheckLen + round_up(touched, 8));
}

}  // namespace

bool PoolLayout::make(uint64_t slot_len, uint64_t slots, PoolLayout &out) noexcept {
  if (slot_len > kAddressableMax || slots > kMaxSlots) return false;
  PoolLayout layout{};
  layout.stride = to_line(slot_len);
  layout.side_stride = side_len(slot_len);
  const uint64_t a_slot = layout.stride + layout.side_stride;
  if (a_slot > kAddressableMax) return false;
  const auto count = static_cast<size_t>(slots);
  size_t all = 0;  // the rest is far below what is left of 64 bits
  if (!multiply(static_cast<size_t>(a_slot), count, kAddressableMax, all)) return false;
  layout.handles_at = round_up(uint64_t{wrt_k_set_words(static_cast<uint32_t>(slots))} * sizeof(wrt_k_word), 8);
  layout.slots_at = to_line(layout.handles_at + slots * sizeof(uint32_t));
  layout.sides_at = layout.slots_at + count * static_cast<size_t>(layout.stride);
  layout.total = layout.sides_at + count * static_cast<size_t>(layout.side_stride) + (kLine - 1);
  if (layout.total > kAddressableMax) return false;
  out = layout;
  return true;
}

uint32_t PoolLayout::slots_in(uint64_t storage_len, uint64_t slot_len, uint32_t most_slots) noexcept {
  uint32_t fitting = 0;
  uint32_t beyond = most_slots + 1;
  while (fitting + 1 < beyond) {
    const uint32_t middle = fitting + (beyond - fitting) / 2;
    PoolLayout layout{};
    const bool fits = make(slot_len, middle, layout) && layout.total <= storage_len;
    (fits ? fitting : beyond) = middle;
  }
  return fitting;
}

void SlotPool::open(uint8_t *storage, size_t storage_len, size_t new_slot_len, uint32_t new_slots,
                    bool zeroed) noexcept {
  PoolLayout layout{};
  (void)PoolLayout::make(new_slot_len, new_slots, layout);
  if (!zeroed) wrt_k_set_bytes(storage, 0, storage_len);
  const size_t skip = (0 - reinterpret_cast<uintptr_t>(storage)) % PoolLayout::kLine;
  uint8_t *first = storage + skip;
  wrt_k_set_init(&arena.set, reinterpret_cast<wrt_k_word *>(first), new_slots);
  slots = new_slots;
  quarantined.store(0);
  handles = reinterpret_cast<uint32_t *>(first + layout.handles_at);
  arena.slots_at = first + layout.slots_at;
  sides_at = first + layout.sides_at;
  arena.slot_len = new_slot_len;
  arena.stride = layout.stride;
  side_stride = layout.side_stride;
  claims.reset();
  peak.store(0);
  refused.store(0);
}

// The count promises a free slot before the set is searched, so that the search always ends at one.
wrt_status SlotPool::claim(uint32_t &slot) noexcept {
  if (!claims.take(slots)) {
    refused.add(1);
    return WRT_ERR_POOL_EXHAUSTED;
  }
  while (wrt_k_arena_claim(&arena, &slot) != WRT_OK) {
  }
  peak.raise(used());
  return WRT_OK;
}

void SlotPool::release(uint32_t slot) noexcept {
  (void)wrt_k_set_release(&arena.set, slot);
  claims.drop();
}

bool SlotPool::holds() const noexcept {
  if (!wrt_k_set_holds(&arena.set)) return false;
  uint32_t in_use = 0;
  for (uint32_t slot = 0; slot < slots; slot++) in_use += wrt_k_set_has(&arena.set, slot) ? 1 : 0;
  return in_use == claims.count() && quarantined.load() <= in_use && peak.load() <= slots;
}

uint8_t *SlotPool::checks_at(uint32_t slot) const noexcept {
  return regions_at(slot) + round_up(region_map_len(slot_len()), 8);
}

wrt_status SlotSource::obtain(const Request &request, Extent &extent, Backing &backing) noexcept {
  const SlotPool &pool = *backing.pool;
  const auto slot = static_cast<uint32_t>(backing.slot);
  extent.capacity = request.max_len;
  if ((request.flags & WRT_MEM_COMMIT) != 0) {
    wrt_k_set_bytes(pool.slot_at(slot), 0, static_cast<size_t>(request.max_len));  // storage may not be there yet
  }
  if (request.side_len != 0) backing.side = {pool.regions_at(slot), static_cast<size_t>(request.side_len)};
  return wrt_k_open(&extent.bytes, pool.slot_at(slot), pool.slot_len(), request.initial_len, request.max_len);
}

void SlotSource::wipe(uint64_t offset, uint64_t n, Extent &extent, Backing &) noexcept {
  (void)wrt_k_discard(&extent.bytes, offset, n);
}

void SlotSource::give_back(Extent &extent, Backing &backing, bool exposed) noexcept {
  SlotPool &pool = *backing.pool;
  wrt_k_set_bytes(backing.side.at, 0, backing.side.len);
  (void)wrt_k_arena_destroy(&pool.arena, static_cast<uint32_t>(backing.slot),
                            exposed ? pool.slot_len() : extent.bytes.len);
  pool.claims.drop();
}

}  // namespace wrt
