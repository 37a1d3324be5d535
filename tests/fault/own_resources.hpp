// SPDX-License-Identifier: Apache-2.0 OR MIT
// What the library itself can run out of: slots, handles, budgets. The linker puts functions of the test in the place
// of its own, which count what is asked for and, when a request is to be refused, take all that there is before they
// let the library answer.
#ifndef WRTMEM_TESTS_FAULT_OWN_RESOURCES_HPP
#define WRTMEM_TESTS_FAULT_OWN_RESOURCES_HPP

#include <stdint.h>

/// Requests of one kind, numbered from 1.
struct Requests {
  uint64_t made = 0;
  uint64_t refused = 0;
  uint64_t refuse_from = 0;  // the requests numbered refuse_from .. refuse_to are refused; 0: none
  uint64_t refuse_to = 0;

  /// Counts one more.
  bool refuses_next();
};

extern Requests slot_requests;    // a slot of a pool
extern Requests handle_requests;  // a number of handles, for later
extern Requests entry_requests;   // one of these: the system refuses the table's next pages
extern Requests budget_requests;  // a budget: does it fit, or its charge; each budget above it too

/// How many handles are free.
uint32_t free_handles();

#endif  // WRTMEM_TESTS_FAULT_OWN_RESOURCES_HPP
