// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "own_resources.hpp"

#include <algorithm>

#include "capi/table.hpp"

// uintptr_t in a mangled name.
#ifdef __LP64__
#define WRT_WORD m
#else
#define WRT_WORD j
#endif
#define WRT_JOIN(a, b) WRT_JOINED(a, b)
#define WRT_JOINED(a, b) a##b

#define REAL_CHARGE WRT_JOIN(__real__ZN3wrt10BudgetCell6chargeE, WRT_WORD)
#define WRAP_CHARGE WRT_JOIN(__wrap__ZN3wrt10BudgetCell6chargeE, WRT_WORD)
#define REAL_WOULD_FIT WRT_JOIN(__real__ZN3wrt10BudgetCell9would_fitE, WRT_WORD)
#define WRAP_WOULD_FIT WRT_JOIN(__wrap__ZN3wrt10BudgetCell9would_fitE, WRT_WORD)

using wrt::BudgetCell;
using wrt::SlotPool;

// The real ones, and those in their place.
extern "C" {
wrt_status __real__ZN3wrt8SlotPool5claimERj(SlotPool *pool, uint32_t *slot);
bool __real__ZN3wrt4capi12take_handlesEj(uint32_t count);
wrt_status __real__ZN3wrt4capi11claim_entryERj(uint32_t *index);
wrt_status REAL_CHARGE(BudgetCell *cell, uintptr_t n);
wrt_status REAL_WOULD_FIT(BudgetCell *cell, uintptr_t n);

wrt_status __wrap__ZN3wrt8SlotPool5claimERj(SlotPool *pool, uint32_t *slot);
bool __wrap__ZN3wrt4capi12take_handlesEj(uint32_t count);
wrt_status __wrap__ZN3wrt4capi11claim_entryERj(uint32_t *index);
wrt_status WRAP_CHARGE(BudgetCell *cell, uintptr_t n);
wrt_status WRAP_WOULD_FIT(BudgetCell *cell, uintptr_t n);
}

Requests slot_requests;
Requests handle_requests;
Requests entry_requests;
Requests budget_requests;

bool Requests::refuses_next() {
  made++;
  const bool refuse = refuse_from != 0 && made >= refuse_from && made <= refuse_to;
  if (refuse) refused++;
  return refuse;
}

uint32_t free_handles() {
  uint32_t fitting = 0;
  for (uint32_t step = uint32_t{1} << 30; step != 0; step /= 2) {
    if (!__real__ZN3wrt4capi12take_handlesEj(fitting + step)) continue;
    wrt::capi::untake_handles(fitting + step);
    fitting += step;
  }
  return fitting;
}

wrt_status __wrap__ZN3wrt8SlotPool5claimERj(SlotPool *pool, uint32_t *slot) {
  if (!slot_requests.refuses_next()) return __real__ZN3wrt8SlotPool5claimERj(pool, slot);
  uint32_t taken = 0;
  while (pool->claims.take(pool->slots)) taken++;
  const wrt_status status = __real__ZN3wrt8SlotPool5claimERj(pool, slot);
  for (; taken != 0; taken--) pool->claims.drop();
  return status;
}

bool __wrap__ZN3wrt4capi12take_handlesEj(uint32_t count) {
  if (!handle_requests.refuses_next()) return __real__ZN3wrt4capi12take_handlesEj(count);
  const uint32_t free = free_handles();
  (void)__real__ZN3wrt4capi12take_handlesEj(free);
  const bool taken = __real__ZN3wrt4capi12take_handlesEj(count);
  wrt::capi::untake_handles(free);
  return taken;
}

// What the library answers then, having put the entry back.
wrt_status __wrap__ZN3wrt4capi11claim_entryERj(uint32_t *index) {
  return entry_requests.refuses_next() ? WRT_ERR_OUT_OF_MEMORY : __real__ZN3wrt4capi11claim_entryERj(index);
}

// One byte short, in each budget on the way up in turn. Nothing at all is never too much.
template <class Ask>
static wrt_status ask(BudgetCell *budget, uintptr_t n, Ask real) {
  for (BudgetCell *cell = n != 0 ? budget : nullptr; cell != nullptr; cell = cell->parent) {
    if (!budget_requests.refuses_next()) continue;
    const uint64_t limit = cell->limit;
    cell->limit = std::min(limit, uint64_t{cell->used.load()} + n - 1);
    const wrt_status status = real(budget, n);
    cell->limit = limit;
    return status;
  }
  return real(budget, n);
}

wrt_status WRAP_CHARGE(BudgetCell *cell, uintptr_t n) { return ask(cell, n, REAL_CHARGE); }
wrt_status WRAP_WOULD_FIT(BudgetCell *cell, uintptr_t n) { return ask(cell, n, REAL_WOULD_FIT); }
