/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A real guest in wabt's guard mode: its code checks nothing, the host's own handler (examples/guard) catches what goes
 * astray, and the library says whose it was. */

#include "wrt_wasm2c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "astray.h"
#include "guard.h"
#include "wasm-rt-impl.h"

#define PAGE 65536u

static Z_astray_instance_t guests[2]; /* neighbours */
static wrt_mem *mems[2];

struct call {
  Z_astray_instance_t *guest;
  uint32_t index;
  uint64_t result;
};

static void load8(void *argument) {
  struct call *call = argument;
  call->result = Z_astrayZ_load8(call->guest, call->index);
}

static void load64(void *argument) {
  struct call *call = argument;
  call->result = Z_astrayZ_load64(call->guest, call->index);
}

static void store64(void *argument) {
  struct call *call = argument;
  Z_astrayZ_store64(call->guest, call->index, UINT64_MAX);
}

static void far_load64(void *argument) {
  struct call *call = argument;
  call->result = Z_astrayZ_far_load64(call->guest, call->index);
}

static void far_store8(void *argument) {
  struct call *call = argument;
  Z_astrayZ_far_store8(call->guest, call->index, 1);
}

static void near_load32(void *argument) {
  struct call *call = argument;
  call->result = Z_astrayZ_near_load32(call->guest, call->index);
}

static void sum(void *argument) {
  struct call *call = argument;
  call->result = Z_astrayZ_sum(call->guest, call->index, UINT32_MAX);
}

static void assert_astray(void (*code)(void *), uint32_t index, uint64_t offset) {
  for (int i = 0; i < 2; ++i) {
    struct call call = {&guests[i], index, 0};
    struct guard_fault fault = {NULL, 0};
    assert_int_equal(guard_run(code, &call, &fault), WRT_ERR_OUT_OF_BOUNDS);
    assert_ptr_equal(fault.mem, mems[i]);
    /* An access across the edge faults at the edge, or where it begins. */
    assert_true(fault.offset == offset || (fault.offset >= offset && fault.offset < offset + 8));
  }
}

static uint64_t result_of(void (*code)(void *), uint32_t index) {
  struct call call = {&guests[0], index, 0};
  struct guard_fault fault;
  assert_int_equal(guard_run(code, &call, &fault), WRT_OK);
  return call.result;
}

static void assert_edge_at(uint32_t len) {
  assert_astray(load8, len, len);
  assert_astray(load64, len, len);
  assert_astray(load64, len - 7, len - 7);
  assert_astray(store64, len - 1, len - 1);
  assert_astray(load8, 0x80000000u, 0x80000000u);
  assert_astray(load64, UINT32_MAX, UINT32_MAX);
  assert_astray(near_load32, UINT32_MAX, UINT64_C(0xffffffff) + 65532);
  assert_astray(far_load64, 0, UINT32_MAX);
  assert_astray(far_load64, UINT32_MAX, UINT64_C(0xffffffff) * 2);
  assert_astray(far_store8, UINT32_MAX, UINT64_C(0xffffffff) * 2);
  assert_astray(sum, len - 100, len);
}

static void a_guest_that_checks_nothing_reaches_its_own_memory_and_no_other_byte(void **state) {
  (void)state;
  assert_int_equal(guard_install(), 0); /* in front of cmocka's handler, which is another for each test */
  assert_true(result_of(load8, PAGE - 4) == 'l');
  assert_true(result_of(near_load32, 0) == 0x7473616c); /* "last" */
  assert_edge_at(PAGE);
  for (int i = 0; i < 2; ++i) assert_true(Z_astrayZ_grow(&guests[i], 9) == 1);
  assert_true(result_of(load8, 10 * PAGE - 1) == 0);
  assert_edge_at(10 * PAGE);
  guard_uninstall();
}

#ifdef __x86_64__ /* other processors may have stored a part */

static void what_a_stray_store_across_the_edge_touches_is_as_before(void **state) {
  (void)state;
  assert_int_equal(guard_install(), 0);
  uint64_t len = 0;
  assert_int_equal(wrt_mem_len(mems[0], &len), WRT_OK);
  for (uint32_t i = 1; i < 8; ++i) {
    struct call call = {&guests[0], (uint32_t)len - i, 0};
    struct guard_fault fault;
    assert_int_equal(guard_run(store64, &call, &fault), WRT_ERR_OUT_OF_BOUNDS);
  }
  uint64_t tail = 1;
  assert_int_equal(wrt_mem_read(mems[0], len - 8, &tail, 8), WRT_OK);
  assert_true(tail == 0);
  guard_uninstall();
}

#endif

static int begin(void **state) {
  (void)state;
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STD;
  if (wrt_wasm2c_configure(&config) != WRT_OK) return -1;
  wasm_rt_init();
  Z_astray_init_module();
  for (int i = 0; i < 2; ++i) {
    if (wasm_rt_impl_try() != 0) return -1;
    Z_astray_instantiate(&guests[i]);
    if (wrt_wasm2c_mem(Z_astrayZ_memory(&guests[i]), &mems[i]) != WRT_OK) return -1;
  }
  return 0;
}

static int end(void **state) {
  (void)state;
  for (int i = 0; i < 2; ++i) Z_astray_free(&guests[i]);
  wasm_rt_free();
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_guest_that_checks_nothing_reaches_its_own_memory_and_no_other_byte),
#ifdef __x86_64__
      cmocka_unit_test(what_a_stray_store_across_the_edge_touches_is_as_before),
#endif
  };
  return cmocka_run_group_tests(tests, begin, end);
}
