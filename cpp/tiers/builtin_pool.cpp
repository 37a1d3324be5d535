// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/builtin_pool.hpp"

namespace wrt {

namespace {

alignas(PoolLayout::kLine) uint8_t g_storage[WRT_POOL_STORAGE_LEN(WRT_BUILTIN_SLOT_LEN, WRT_BUILTIN_SLOTS)];

}  // namespace

void open_builtin_pool(SlotPool &pool) noexcept {
  if (kBuiltinSlots != 0) pool.open(g_storage, sizeof(g_storage), kBuiltinSlotLen, kBuiltinSlots, true);
}

}  // namespace wrt
