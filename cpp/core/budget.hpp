// SPDX-License-Identifier: Apache-2.0 OR MIT
// Budgets: one bound over many memories, and budgets within budgets.
#ifndef WRT_CORE_BUDGET_HPP
#define WRT_CORE_BUDGET_HPP

#include <stdint.h>

#include "cpp/core/atomic.hpp"
#include "wrtmem/wrtmem.h"

namespace wrt {

/// What is charged to a budget is charged to every budget above it too, or to none. Any thread may charge and refund at
/// any time; nothing waits. Lengths fit a machine word, since memories do.
struct BudgetCell {
  BudgetCell *parent;
  uint64_t limit;
  Atomic<uintptr_t> used;
  Atomic<uintptr_t> peak;
  Atomic<uintptr_t> refused;

  void open(uint64_t new_limit, BudgetCell *new_parent) noexcept;

  /// OK or BUDGET, and nothing is changed (but `refused`): would n bytes fit now?
  wrt_status would_fit(uintptr_t n) noexcept;

  /// OK or BUDGET, all the way up or not at all.
  wrt_status charge(uintptr_t n) noexcept;
  void refund(uintptr_t n) noexcept;

  /// What was charged has come to stay: raises the peaks.
  void settle() noexcept;

  bool holds() const noexcept;
};

}  // namespace wrt

#endif  // WRT_CORE_BUDGET_HPP
