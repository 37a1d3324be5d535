// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capi/structs.hpp"
#include "capi/table.hpp"

using namespace wrt;
using namespace wrt::capi;

namespace {

// A parent is pinned by the caller.
[[gnu::cold]] wrt_status open_budget(uint64_t limit, BudgetCell *parent, wrt_budget **out) noexcept {
  if (!prepare_library()) return WRT_ERR_OUT_OF_MEMORY;
  if (!take_handles(1)) return WRT_ERR_POOL_EXHAUSTED;
  uint32_t index = 0;
  if (wrt_status status = claim_entry(index)) {
    untake_handles(1);
    return status;
  }
  Entry &entry = entry_at(index);
  entry.budget().open(limit, parent);
  const uintptr_t token = next_token(entry, Kind::kBudget);
  entry.pins.open(Token::generation(token));
  entry.token.store(token);
  *out = reinterpret_cast<wrt_budget *>(token);
  return WRT_OK;
}

}  // namespace

[[gnu::cold]] wrt_status wrt_budget_create(uint64_t limit, wrt_budget *parent, wrt_budget **out) {
  if (out == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  BudgetCell *above = nullptr;
  if (parent != nullptr) {
    Entry *entry = pin(parent, Kind::kBudget);
    if (entry == nullptr) return WRT_ERR_INVALID_HANDLE;
    above = &entry->budget();
  }
  if (!kHasBudgets) return WRT_ERR_UNSUPPORTED;
  const wrt_status status = open_budget(limit, above, out);
  if (status != WRT_OK) unpin(above);
  return status;
}

[[gnu::cold]] wrt_status wrt_budget_get_info(const wrt_budget *budget, wrt_budget_info *out) {
  Entry *entry = find(budget, Kind::kBudget);
  if (entry == nullptr) return WRT_ERR_INVALID_HANDLE;
  if (!writable_struct(out)) return WRT_ERR_INVALID_ARGUMENT;
  const BudgetCell &own = entry->budget();
  wrt_budget_info full{};
  full.limit = own.limit;
  full.used = own.used.load();
  full.peak = own.peak.load();
  full.refused = own.refused.load();
  write_struct(out, full);
  return WRT_OK;
}

[[gnu::cold]] wrt_status wrt_budget_destroy(wrt_budget *budget) {
  if (budget == nullptr) return WRT_OK;
  Entry *entry = find(budget, Kind::kBudget);
  if (entry == nullptr) return WRT_ERR_INVALID_HANDLE;
  if (wrt_status status = close_object(*entry, reinterpret_cast<uintptr_t>(budget))) return status;
  BudgetCell *parent = entry->budget().parent;
  release_entry(index_of(*entry));
  unpin(parent);
  return WRT_OK;
}
