// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/budget.hpp"

#include "cpp/core/extent.hpp"

namespace wrt {

namespace {

// What is used stays a machine word, whatever the limit says.
bool fits(uint64_t limit, uintptr_t used, uintptr_t n) noexcept {
  return used <= limit && n <= least(limit, UINTPTR_MAX) - used;
}

bool charge_one(BudgetCell &cell, uintptr_t n) noexcept {
  uintptr_t used = cell.used.load();
  do {
    if (!fits(cell.limit, used, n)) return false;
  } while (!cell.used.cas(used, used + n));
  return true;
}

void refund_until(BudgetCell *cell, const BudgetCell *end, uintptr_t n) noexcept {
  for (; cell != end; cell = cell->parent) cell->used.sub(n);
}

}  // namespace

void BudgetCell::open(uint64_t new_limit, BudgetCell *new_parent) noexcept {
  parent = new_parent;
  limit = new_limit;
  used.store(0);
  peak.store(0);
  refused.store(0);
}

wrt_status BudgetCell::would_fit(uintptr_t n) noexcept {
  for (BudgetCell *cell = this; cell != nullptr; cell = cell->parent) {
    if (fits(cell->limit, cell->used.load(), n)) continue;
    cell->refused.add(1);
    return WRT_ERR_BUDGET;
  }
  return WRT_OK;
}

// Looking first keeps a charge that a parent would refuse from standing in a sibling's way for a moment.
wrt_status BudgetCell::charge(uintptr_t n) noexcept {
  if (wrt_status status = would_fit(n)) return status;
  for (BudgetCell *cell = this; cell != nullptr; cell = cell->parent) {
    if (charge_one(*cell, n)) continue;
    // GCOVR_EXCL_START: only when another thread takes what fitted a moment ago, as tests/mcdc has it do on purpose
    cell->refused.add(1);
    refund_until(this, cell, n);
    return WRT_ERR_BUDGET;
    // GCOVR_EXCL_STOP
  }
  return WRT_OK;
}

void BudgetCell::refund(uintptr_t n) noexcept { refund_until(this, nullptr, n); }

void BudgetCell::settle() noexcept {
  for (BudgetCell *cell = this; cell != nullptr; cell = cell->parent) cell->peak.raise(cell->used.load());
}

bool BudgetCell::holds() const noexcept {
  const uintptr_t now = used.load();
  return now <= limit && peak.load() <= limit && (parent == nullptr || now <= parent->used.load());
}

}  // namespace wrt
