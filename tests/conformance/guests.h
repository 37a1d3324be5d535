/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_TESTS_CONFORMANCE_GUESTS_H
#define WRTMEM_TESTS_CONFORMANCE_GUESTS_H

/* Compiled modules on the tier whose turn it is. */

#include "conformance.h"
#include "wasm-rt-impl.h"
#include "wrt_wasm2c.h"

/* Gives WASM_RT_TRAP_NONE, or the trap that stopped the guest in the statement. */
extern int trap;
#define TRAP_OF(statement) (catch_faults(), (trap = wasm_rt_impl_try()) == 0 ? ((statement), 0) : trap)
#define assert_traps(statement) assert_int_equal(TRAP_OF(statement), WASM_RT_TRAP_OOB)
#define assert_runs(statement) assert_int_equal(TRAP_OF(statement), WASM_RT_TRAP_NONE)

/* In guard mode wabt's handler makes traps of faults; cmocka puts its own in front of it for each test. */
void catch_faults(void);

/* The host's own bound, in pages; 0: the guest's maximum, as far as the tier goes. */
void host_max(uint64_t pages);

wrt_mem *mem_of(const wasm_rt_memory_t *memory);

/* Modules that import a memory or a global take it from here. */
struct Z_env_instance_t {
  wasm_rt_memory_t memory;
  uint32_t where;
};
extern struct Z_env_instance_t env;

/* A memory of the host's for guests to live in. */
wrt_mem *begin_env(uint32_t pages, uint32_t max_pages);
void end_env(void);

int begin_guests(void **state);
int end_guests(void **state);

#endif /* WRTMEM_TESTS_CONFORMANCE_GUESTS_H */
