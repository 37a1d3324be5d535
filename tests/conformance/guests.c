/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "guests.h"

#include <signal.h>

int trap;
struct Z_env_instance_t env;

wasm_rt_memory_t *Z_envZ_memory(struct Z_env_instance_t *instance);
uint32_t *Z_envZ_where(struct Z_env_instance_t *instance);

wasm_rt_memory_t *Z_envZ_memory(struct Z_env_instance_t *instance) { return &instance->memory; }

uint32_t *Z_envZ_where(struct Z_env_instance_t *instance) { return &instance->where; }

#if WRT_WASM2C_GUARD

static struct sigaction of_wabt;

void catch_faults(void) {
  sigaction(SIGSEGV, &of_wabt, NULL);
  sigaction(SIGBUS, &of_wabt, NULL);
}

static void remember_handler(void) { sigaction(SIGSEGV, NULL, &of_wabt); }

#else

void catch_faults(void) {}

static void remember_handler(void) {}

#endif

void host_max(uint64_t pages) {
  wrt_mem_config config = tier_config();
  config.max_len = pages * PAGE;
  assert_int_equal(wrt_wasm2c_configure(&config), WRT_OK);
}

wrt_mem *mem_of(const wasm_rt_memory_t *memory) {
  wrt_mem *mem = NULL;
  assert_int_equal(wrt_wasm2c_mem(memory, &mem), WRT_OK);
  return mem;
}

wrt_mem *begin_env(uint32_t pages, uint32_t max_pages) {
  host_max(0);
  assert_runs(wasm_rt_allocate_memory(&env.memory, pages, max_pages));
  return mem_of(&env.memory);
}

void end_env(void) {
  wasm_rt_free_memory(&env.memory);
  assert_int_equal(wrt_wasm2c_status(), WRT_OK);
}

int begin_guests(void **state) {
  wasm_rt_init();
  remember_handler();
  return begin_conformance(state);
}

int end_guests(void **state) {
  wasm_rt_free();
  return end_conformance(state);
}
