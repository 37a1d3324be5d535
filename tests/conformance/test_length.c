/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Limits, allocation, memory.size and memory.grow of compiled modules. */

#include "empty.h"
#include "fixed.h"
#include "guests.h"
#include "length.h"
#include "none.h"
#include "unbounded.h"

static Z_length_instance_t guest; /* 2 to 5 pages */
static Z_empty_instance_t empty;
static Z_fixed_instance_t fixed;
static Z_none_instance_t none;
static Z_unbounded_instance_t unbounded;
static wrt_mem *mem;

static int begin(void **state) {
  (void)state;
  memset(&guest, 0, sizeof guest);
  Z_length_init_module();
  host_max(0);
  assert_runs(Z_length_instantiate(&guest));
  mem = mem_of(Z_lengthZ_memory(&guest));
  return 0;
}

static int end(void **state) {
  (void)state;
  Z_length_free(&guest);
  return wrt_wasm2c_status() == WRT_OK ? 0 : -1;
}

/* ---- what a memory is at first */

static void a_page_is_65536_bytes(void **state) {
  (void)state;
  assert_true(len_of(mem) == (uint64_t)Z_lengthZ_size(&guest) * 65536);
  assert_runs((void)Z_lengthZ_load(&guest, 2 * 65536 - 1));
  assert_traps((void)Z_lengthZ_load(&guest, 2 * 65536));
}

static void the_minimum_is_there_from_the_start(void **state) {
  (void)state;
  assert_int_equal(Z_lengthZ_size(&guest), 2);
}

static void a_new_memory_is_all_zero(void **state) {
  (void)state;
  assert_all(mem, 0, 2 * PAGE, 0);
  Z_lengthZ_store(&guest, 5, 5);
  Z_length_free(&guest);
  begin(state); /* perhaps in the same place */
  assert_all(mem, 0, 2 * PAGE, 0);
}

static void a_memory_may_have_no_pages(void **state) {
  (void)state;
  memset(&empty, 0, sizeof empty);
  Z_empty_init_module();
  assert_runs(Z_empty_instantiate(&empty));
  assert_int_equal(Z_emptyZ_size(&empty), 0);
  assert_traps((void)Z_emptyZ_load(&empty, 0));
  assert_runs(Z_emptyZ_fill(&empty, 0, 1, 0));
  assert_runs(Z_emptyZ_copy(&empty, 0, 0, 0));
  assert_runs(Z_emptyZ_init(&empty, 0, 0, 0));
  assert_traps(Z_emptyZ_fill(&empty, 0, 1, 1));
  assert_traps(Z_emptyZ_fill(&empty, 1, 1, 0));
  assert_traps(Z_emptyZ_init(&empty, 0, 0, 1));
  assert_int_equal(Z_emptyZ_grow(&empty, 1), 0);
  assert_int_equal(Z_emptyZ_load(&empty, PAGE - 1), 0);
  assert_traps((void)Z_emptyZ_load(&empty, PAGE));
  Z_empty_free(&empty);
}

static void a_maximum_of_no_pages_is_a_maximum(void **state) {
  (void)state;
  memset(&none, 0, sizeof none);
  Z_none_init_module();
  assert_runs(Z_none_instantiate(&none));
  assert_int_equal(Z_noneZ_size(&none), 0);
  assert_true(Z_noneZ_grow(&none, 1) == MINUS_ONE);
  assert_int_equal(Z_noneZ_grow(&none, 0), 0);
  assert_traps((void)Z_noneZ_load(&none, 0));
  Z_none_free(&none);
}

/* ---- growth */

static void grow_returns_the_old_size_in_pages(void **state) {
  (void)state;
  assert_int_equal(Z_lengthZ_grow(&guest, 1), 2);
  assert_int_equal(Z_lengthZ_grow(&guest, 2), 3);
  assert_int_equal(Z_lengthZ_size(&guest), 5);
}

static void grow_by_nothing_succeeds_and_changes_nothing(void **state) {
  (void)state;
  remember(mem);
  assert_int_equal(Z_lengthZ_grow(&guest, 0), 2);
  assert_unchanged(mem);
  assert_int_equal(Z_lengthZ_grow(&guest, 3), 2);
  assert_int_equal(Z_lengthZ_grow(&guest, 0), 5); /* at the maximum too */
}

static void new_pages_are_zero_and_old_bytes_stay(void **state) {
  (void)state;
  for (uint32_t i = 0; i < 2 * PAGE; i += 251) Z_lengthZ_store(&guest, i, i | 1);
  for (uint32_t pages = 2; pages < 5; ++pages) {
    assert_int_equal(Z_lengthZ_grow(&guest, 1), pages);
    assert_all(mem, (uint64_t)pages * PAGE, PAGE, 0);
    for (uint32_t i = 0; i < 2 * PAGE; i += 251) assert_int_equal(byte_at(mem, i), (i | 1) & 0xFF);
  }
}

static void growth_ends_at_the_maximum(void **state) {
  (void)state;
  assert_true(Z_lengthZ_grow(&guest, 4) == MINUS_ONE);
  assert_int_equal(Z_lengthZ_grow(&guest, 3), 2);
  assert_true(Z_lengthZ_grow(&guest, 1) == MINUS_ONE);
}

static void growth_that_fails_is_minus_one_and_changes_nothing(void **state) {
  (void)state;
  Z_lengthZ_store(&guest, 7, 77);
  remember(mem);
  assert_true(Z_lengthZ_grow(&guest, 4) == MINUS_ONE);
  assert_int_equal(Z_lengthZ_size(&guest), 2);
  assert_unchanged(mem);
  assert_traps((void)Z_lengthZ_load(&guest, 2 * PAGE));
}

static void the_delta_is_unsigned_so_that_no_memory_shrinks(void **state) {
  (void)state;
  remember(mem);
  assert_true(Z_lengthZ_grow(&guest, MINUS_ONE) == MINUS_ONE);
  assert_true(Z_lengthZ_grow(&guest, 0x80000000u) == MINUS_ONE);
  assert_unchanged(mem);
}

/* 2 + delta pages wrap to 0, 1 or 2 in 32 bits, and in bytes already with 65,536 pages. */
static void the_sum_of_size_and_delta_does_not_wrap(void **state) {
  (void)state;
  static const uint32_t deltas[] = {MINUS_ONE - 1, MINUS_ONE - 2, 65534, 65535, 65536, 65537, 131072};
  remember(mem);
  for (size_t i = 0; i < sizeof deltas / sizeof *deltas; ++i)
    assert_true(Z_lengthZ_grow(&guest, deltas[i]) == MINUS_ONE);
  assert_unchanged(mem);
}

static void where_minimum_is_maximum_growth_always_fails(void **state) {
  (void)state;
  memset(&fixed, 0, sizeof fixed);
  Z_fixed_init_module();
  assert_runs(Z_fixed_instantiate(&fixed));
  assert_true(Z_fixedZ_grow(&fixed, 1) == MINUS_ONE);
  assert_int_equal(Z_fixedZ_grow(&fixed, 0), 1);
  assert_int_equal(Z_fixedZ_size(&fixed), 1);
  Z_fixed_free(&fixed);
}

static void without_a_maximum_growth_ends_where_the_host_says(void **state) {
  (void)state;
  memset(&unbounded, 0, sizeof unbounded);
  Z_unbounded_init_module();
  host_max(4);
  assert_runs(Z_unbounded_instantiate(&unbounded));
  assert_int_equal(Z_unboundedZ_grow(&unbounded, 3), 1);
  assert_true(Z_unboundedZ_grow(&unbounded, 1) == MINUS_ONE);
  Z_unbounded_free(&unbounded);
}

static void the_host_may_refuse_growth_below_the_maximum(void **state) {
  (void)state;
  Z_length_free(&guest);
  wrt_budget *small = NULL;
  assert_int_equal(wrt_budget_create(3 * PAGE, NULL, &small), WRT_OK);
  wrt_mem_config config = tier_config();
  config.budget = small;
  assert_int_equal(wrt_wasm2c_configure(&config), WRT_OK);
  assert_runs(Z_length_instantiate(&guest));
  assert_true(Z_lengthZ_grow(&guest, 2) == MINUS_ONE);
  assert_int_equal(Z_lengthZ_size(&guest), 2);
  assert_int_equal(Z_lengthZ_grow(&guest, 1), 2);
  Z_length_free(&guest);
  assert_int_equal(wrt_budget_destroy(small), WRT_OK);
  begin(state);
}

static void a_module_whose_minimum_cannot_be_had_is_not_instantiated(void **state) {
  (void)state;
  Z_length_free(&guest);
  host_max(1);
  assert_int_equal(TRAP_OF(Z_length_instantiate(&guest)), WASM_RT_TRAP_EXHAUSTION);
  assert_int_equal(wrt_wasm2c_status(), WRT_ERR_LIMIT);
  begin(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      TEST(a_page_is_65536_bytes),
      TEST(the_minimum_is_there_from_the_start),
      TEST(a_new_memory_is_all_zero),
      TEST(a_memory_may_have_no_pages),
      TEST(a_maximum_of_no_pages_is_a_maximum),
      TEST(grow_returns_the_old_size_in_pages),
      TEST(grow_by_nothing_succeeds_and_changes_nothing),
      TEST(new_pages_are_zero_and_old_bytes_stay),
      TEST(growth_ends_at_the_maximum),
      TEST(growth_that_fails_is_minus_one_and_changes_nothing),
      TEST(the_delta_is_unsigned_so_that_no_memory_shrinks),
      TEST(the_sum_of_size_and_delta_does_not_wrap),
      TEST(where_minimum_is_maximum_growth_always_fails),
      TEST(without_a_maximum_growth_ends_where_the_host_says),
      TEST(the_host_may_refuse_growth_below_the_maximum),
      TEST(a_module_whose_minimum_cannot_be_had_is_not_instantiated),
  };
  if (choose_tier(argc, argv) != 0) return 2;
  return cmocka_run_group_tests(tests, begin_guests, end_guests);
}
