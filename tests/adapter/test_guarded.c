/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The adapter in wabt's guard mode, once for each generation of wabt's signatures: what generated code does not check
 * stays inside or faults, and nothing else is called guarded. */

#include "wrt_wasm2c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "guard.h"

#define PAGE 65536u
#define SLOT_PAGES 16u
#define GIB (UINT64_C(1) << 30)
/* Past the last byte that any index, any offset and 16 bytes reach. */
#define REACH (8 * GIB + 14)

static uint8_t storage[WRT_POOL_STORAGE_LEN(SLOT_PAGES * PAGE, 1)];
static wrt_pool *pool;
static wasm_rt_memory_t memory;
static jmp_buf landing;

void wasm_rt_trap(wasm_rt_trap_t trap) { longjmp(landing, (int)trap); }

static void use_tier(int32_t tier, uint64_t max_pages) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = tier;
  config.max_len = max_pages * PAGE;
  config.pool = tier == WRT_TIER_STATIC ? pool : NULL;
  assert_int_equal(wrt_wasm2c_configure(&config), WRT_OK);
}

static int allocate(uint64_t initial, uint64_t max, bool is64, uint32_t page_len) {
  const int trap = setjmp(landing);
  if (trap != 0) return trap;
  (void)is64;
  (void)page_len;
#if FAKE_WABT >= 37
  wasm_rt_allocate_memory(&memory, initial, max, is64, page_len);
#elif FAKE_WABT >= 33
  wasm_rt_allocate_memory(&memory, initial, max, is64);
#else
  wasm_rt_allocate_memory(&memory, (uint32_t)initial, (uint32_t)max);
#endif
  return 0;
}

static void finish(void) {
  wasm_rt_free_memory(&memory);
  assert_int_equal(wrt_wasm2c_status(), WRT_OK);
}

static uint32_t flags_of(const wrt_mem *mem) {
  wrt_mem_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  assert_int_equal(wrt_mem_get_info(mem, &info), WRT_OK);
  return info.flags;
}

static wrt_mem *mem_of_memory(void) {
  wrt_mem *mem = NULL;
  assert_int_equal(wrt_wasm2c_mem(&memory, &mem), WRT_OK);
  return mem;
}

/* ---- what an access without a check meets */

static void touch(void *argument) {
  volatile uint8_t *byte = argument;
  *byte = *byte;
}

static void assert_edge(wrt_mem *mem, uint8_t *base, uint64_t len) {
  const uint64_t inside[] = {0, len / 2, len - 1};
  const uint64_t beyond[] = {len, len + 1, len + PAGE, 2 * GIB, 4 * GIB - 1, 4 * GIB, 6 * GIB, REACH - 1};
  struct guard_fault fault;
  assert_int_equal(guard_install(), 0); /* in front of cmocka's handler, which is another for each test */
  for (size_t i = 0; i < sizeof inside / sizeof *inside; ++i) {
    assert_int_equal(guard_run(touch, base + inside[i], &fault), WRT_OK);
  }
  for (size_t i = 0; i < sizeof beyond / sizeof *beyond; ++i) {
    assert_int_equal(guard_run(touch, base + beyond[i], &fault), WRT_ERR_OUT_OF_BOUNDS);
    assert_true(fault.mem == mem && fault.offset == beyond[i]);
  }
  guard_uninstall();
}

static void every_address_that_a_32_bit_guest_can_form_is_inside_or_faults(void **state) {
  (void)state;
  static const int32_t tiers[] = {WRT_TIER_DEFAULT, WRT_TIER_STD};
  for (size_t i = 0; i < 2; ++i) {
    use_tier(tiers[i], 0);
    assert_int_equal(allocate(1, 65535, false, PAGE), 0);
    assert_true((flags_of(mem_of_memory()) & WRT_MEM_GUARD) != 0);
    assert_edge(mem_of_memory(), memory.data, PAGE);
    assert_true(wasm_rt_grow_memory(&memory, 9) == 1);
    assert_edge(mem_of_memory(), memory.data, 10 * PAGE);
    finish();
  }
}

static void a_smaller_bound_of_the_host_leaves_the_guard_as_wide(void **state) {
  (void)state;
  use_tier(WRT_TIER_STD, 3);
  assert_int_equal(allocate(1, 65535, false, PAGE), 0);
  assert_true(memory.max_pages == 3);
  assert_edge(mem_of_memory(), memory.data, PAGE);
  finish();
}

static void a_wider_reservation_of_the_host_stays_as_it_is(void **state) {
  (void)state;
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STD;
  config.flags = WRT_MEM_GUARD;
  config.reserve_len = 12 * GIB;
  config.guard_len = 5 * GIB;
  assert_int_equal(wrt_wasm2c_configure(&config), WRT_OK);
  assert_int_equal(allocate(1, 2, false, PAGE), 0);
  wrt_mem *mem = NULL;
  uint64_t offset = 0;
  assert_int_equal(wrt_fault_find(memory.data + 17 * GIB - 1, &mem, &offset), WRT_OK);
  assert_true(mem == mem_of_memory() && offset == 17 * GIB - 1);
  finish();
}

static void a_tier_without_guards_says_so_by_a_trap(void **state) {
  (void)state;
  static const int32_t tiers[] = {WRT_TIER_ALLOC, WRT_TIER_STATIC};
  for (size_t i = 0; i < 2; ++i) {
    use_tier(tiers[i], SLOT_PAGES);
    assert_int_equal(allocate(1, 2, false, PAGE), WASM_RT_TRAP_EXHAUSTION);
    assert_int_equal(wrt_wasm2c_status(), WRT_ERR_UNSUPPORTED);
    assert_true(memory.data == NULL && memory.size == 0);
  }
}

#if FAKE_WABT >= 37

/* Generated code checks these in either mode, and any tier will do. */
static void memories_of_other_kinds_are_not_guarded(void **state) {
  (void)state;
  for (int32_t tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    use_tier(tier, SLOT_PAGES);
    assert_int_equal(allocate(1, 2, true, PAGE), 0);
    assert_true((flags_of(mem_of_memory()) & WRT_MEM_GUARD) == 0 && memory.is64);
    finish();
    assert_int_equal(allocate(100, 200, false, 1), 0);
    assert_true((flags_of(mem_of_memory()) & WRT_MEM_GUARD) == 0 && memory.size == 100);
    finish();
  }
}

#elif FAKE_WABT >= 33

static void memories_of_64_bits_are_unsupported_since_nothing_would_check_them(void **state) {
  (void)state;
  use_tier(WRT_TIER_STD, SLOT_PAGES);
  memset(&memory, 0xA5, sizeof memory);
  assert_int_equal(allocate(1, 2, true, PAGE), WASM_RT_TRAP_EXHAUSTION);
  assert_int_equal(wrt_wasm2c_status(), WRT_ERR_UNSUPPORTED);
  assert_true(memory.data == NULL && memory.size == 0 && memory.pages == 0);
}

#endif

#ifdef WRT_WASM2C_SHARED

static wasm_rt_shared_memory_t shared;

static void shared_memories_are_guarded_too(void **state) {
  (void)state;
  use_tier(WRT_TIER_STD, SLOT_PAGES);
#if FAKE_WABT >= 37
  wasm_rt_allocate_memory_shared(&shared, 1, 4, false, PAGE);
#else
  wasm_rt_allocate_memory_shared(&shared, 1, 4, false);
#endif
  assert_int_equal(wrt_wasm2c_status(), WRT_OK);
  wrt_mem *mem = NULL;
  assert_int_equal(wrt_wasm2c_shared_mem(&shared, &mem), WRT_OK);
  assert_true((flags_of(mem) & (WRT_MEM_GUARD | WRT_MEM_SHARED)) == (WRT_MEM_GUARD | WRT_MEM_SHARED));
  assert_edge(mem, (uint8_t *)(uintptr_t)shared.data, PAGE);
  assert_true(wasm_rt_grow_memory_shared(&shared, 2) == 1);
  assert_edge(mem, (uint8_t *)(uintptr_t)shared.data, 3 * PAGE);
  wasm_rt_free_memory_shared(&shared);
  assert_int_equal(wrt_wasm2c_status(), WRT_OK);
}

#endif

static int begin(void **state) {
  (void)state;
  return wrt_pool_create(storage, sizeof storage, SLOT_PAGES * PAGE, &pool);
}

static int end(void **state) {
  (void)state;
  return wrt_pool_destroy(pool);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_address_that_a_32_bit_guest_can_form_is_inside_or_faults),
    cmocka_unit_test(a_smaller_bound_of_the_host_leaves_the_guard_as_wide),
    cmocka_unit_test(a_wider_reservation_of_the_host_stays_as_it_is),
    cmocka_unit_test(a_tier_without_guards_says_so_by_a_trap),
#if FAKE_WABT >= 37
    cmocka_unit_test(memories_of_other_kinds_are_not_guarded),
#elif FAKE_WABT >= 33
    cmocka_unit_test(memories_of_64_bits_are_unsupported_since_nothing_would_check_them),
#endif
#ifdef WRT_WASM2C_SHARED
    cmocka_unit_test(shared_memories_are_guarded_too),
#endif
  };
  return cmocka_run_group_tests(tests, begin, end);
}
