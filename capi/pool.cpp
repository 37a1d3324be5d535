// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capi/structs.hpp"
#include "capi/table.hpp"

using namespace wrt;
using namespace wrt::capi;

namespace {

constexpr uint32_t kMostSlots = WRT_K_MOST_IDS;

void release_slots(SlotPool &pool, uint32_t count) noexcept {
  for (uint32_t slot = 0; slot < count; slot++) {
    entry_at(pool.handles[slot]).owner = nullptr;
    release_entry(pool.handles[slot]);
  }
}

// Each slot keeps one handle, so that no memory of the pool will ever lack one.
[[gnu::cold]] wrt_status claim_slots(SlotPool &pool) noexcept {
  for (uint32_t slot = 0; slot < pool.slots; slot++) {
    uint32_t index = 0;
    if (wrt_status status = claim_entry(index)) {
      release_slots(pool, slot);
      untake_handles(pool.slots - slot);
      return status;
    }
    pool.handles[slot] = index;
    entry_at(index).owner = &pool;
  }
  return WRT_OK;
}

}  // namespace

[[gnu::cold]] wrt_status wrt_pool_storage_len(size_t slot_len, size_t slots, size_t *out_len) {
  if (slot_len == 0 || slots == 0 || out_len == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  PoolLayout layout{};
  if (!PoolLayout::make(slot_len, slots, layout)) return WRT_ERR_LIMIT;
  *out_len = static_cast<size_t>(layout.total);
  return WRT_OK;
}

[[gnu::cold]] wrt_status wrt_pool_create(void *storage, size_t storage_len, size_t slot_len, wrt_pool **out) {
  if (storage == nullptr || slot_len == 0 || out == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  const uint32_t slots = PoolLayout::slots_in(storage_len, slot_len, kMostSlots);
  if (slots == 0) return WRT_ERR_INVALID_ARGUMENT;
  if (!prepare_library()) return WRT_ERR_OUT_OF_MEMORY;
  if (!take_handles(slots + 1)) return WRT_ERR_POOL_EXHAUSTED;

  uint32_t index = 0;
  if (wrt_status status = claim_entry(index)) {
    untake_handles(slots + 1);
    return status;
  }
  Entry &entry = entry_at(index);
  SlotPool &pool = entry.pool();
  pool.open(static_cast<uint8_t *>(storage), storage_len, slot_len, slots, false);
  if (wrt_status status = claim_slots(pool)) {
    release_entry(index);
    return status;
  }
  const uintptr_t token = next_token(entry, Kind::kPool);
  entry.pins.open(Token::generation(token));
  entry.token.store(token);
  *out = reinterpret_cast<wrt_pool *>(token);
  return WRT_OK;
}

[[gnu::cold]] wrt_status wrt_pool_get_info(const wrt_pool *pool, wrt_pool_info *out) {
  Entry *entry = find(pool, Kind::kPool);
  if (entry == nullptr) return WRT_ERR_INVALID_HANDLE;
  if (!writable_struct(out)) return WRT_ERR_INVALID_ARGUMENT;
  const SlotPool &own = entry->pool();
  wrt_pool_info full{};
  full.slot_len = own.slot_len();
  full.slots = own.slots;
  full.used = own.used();
  full.peak = own.peak.load();
  full.refused = own.refused.load();
  write_struct(out, full);
  return WRT_OK;
}

[[gnu::cold]] wrt_status wrt_pool_destroy(wrt_pool *pool) {
  if (pool == nullptr) return WRT_OK;
  Entry *entry = find(pool, Kind::kPool);
  if (entry == nullptr) return WRT_ERR_INVALID_HANDLE;
  if (wrt_status status = close_object(*entry, reinterpret_cast<uintptr_t>(pool))) return status;
  release_slots(entry->pool(), entry->pool().slots);
  release_entry(index_of(*entry));
  return WRT_OK;
}
