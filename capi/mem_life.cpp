// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capi/create.hpp"
#include "capi/find.hpp"

using namespace wrt;
using namespace wrt::capi;

wrt_status wrt_mem_create_config(const wrt_mem_config *config, wrt_mem **out) {
  if (config == nullptr || out == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  Order order;
  if (wrt_status status = order.read(*config)) return status;
  return create_memory(order, kHasImages ? order.spec.image : nullptr, out);
}

wrt_status wrt_mem_create(int32_t tier, uint64_t initial_len, uint64_t max_len, wrt_mem **out) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = tier;
  config.initial_len = initial_len;
  config.max_len = max_len;
  return wrt_mem_create_config(&config, out);
}

[[gnu::cold]] wrt_status wrt_mem_clone(const wrt_mem *mem, wrt_mem **out) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_whole(mem, memory)) return status;
  if (out == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  Order order;
  order.clone(*memory);
  if (BudgetCell *budget = order.spec.payer()) {
    if (wrt_status status = budget->would_fit(static_cast<uintptr_t>(order.spec.request.initial_len))) return status;
  }
  if (memory->written_to_by_borrow()) return WRT_ERR_BUSY;
  return create_memory(order, memory, out);
}

[[gnu::cold]] wrt_status wrt_mem_reset(wrt_mem *mem) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_whole(mem, memory)) return status;
  return memory->reset();
}

// The handle ends first, so that of two threads that destroy one memory only one looks at it; it comes back when the
// memory is busy.
wrt_status wrt_mem_destroy(wrt_mem *mem) {
  if (mem == nullptr) return WRT_OK;
  const auto token = reinterpret_cast<uintptr_t>(mem);
  Entry *entry = find(mem, Kind::kMemory);
  if (entry == nullptr || !retire(*entry, token)) return WRT_ERR_INVALID_HANDLE;
  const bool bad = entry->body.memory.check_whole(key_of(mem)) != WRT_OK || !owner_holds(*entry);
  if (!bad && (entry->body.memory.borrow_count() != 0 || entry->body.memory.waited_on())) {
    entry->token.store(token);
    return WRT_ERR_BUSY;
  }
  return destroy_memory(*entry, bad);
}
