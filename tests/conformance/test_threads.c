/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Atomics through the C ABI, as the threads text defines them for memories that are not shared: wabt 1.0.32 compiles
 * no atomic instruction. */

#include "conformance.h"

static const uint32_t widths[] = {1, 2, 4, 8};
#define EACH_WIDTH(i) for (int i = 0; i < 4; ++i)

static wrt_mem *mem;

static int begin(void **state) {
  (void)state;
  mem = create_pages(PAGE, 1, 2);
  return 0;
}

static int end(void **state) {
  (void)state;
  return wrt_mem_destroy(mem) == WRT_OK ? 0 : -1;
}

static uint64_t cut(uint64_t value, uint32_t width) {
  return width == 8 ? value : value & ((UINT64_C(1) << (8 * width)) - 1);
}

static uint64_t load(uint64_t offset, uint32_t width) {
  uint64_t value = 0;
  assert_int_equal(wrt_mem_atomic_load(mem, offset, width, &value), WRT_OK);
  return value;
}

static void an_atomic_load_is_little_endian_and_extends_with_zeros(void **state) {
  (void)state;
  assert_int_equal(wrt_mem_write(mem, 16, "\xF1\xF2\xF3\xF4\xF5\xF6\xF7\xF8", 8), WRT_OK);
  assert_true(load(16, 1) == 0xF1 && load(17, 1) == 0xF2);
  assert_true(load(16, 2) == 0xF2F1 && load(18, 2) == 0xF4F3);
  assert_true(load(16, 4) == 0xF4F3F2F1u && load(20, 4) == 0xF8F7F6F5u);
  assert_true(load(16, 8) == 0xF8F7F6F5F4F3F2F1u);
}

static void an_atomic_store_writes_the_lowest_bytes_and_no_other(void **state) {
  (void)state;
  EACH_WIDTH(i) {
    assert_int_equal(wrt_mem_fill(mem, 0, 0xEE, 32), WRT_OK);
    assert_int_equal(wrt_mem_atomic_store(mem, 8, widths[i], 0xF8F7F6F5F4F3F2F1u), WRT_OK);
    assert_true(load(8, widths[i]) == cut(0xF8F7F6F5F4F3F2F1u, widths[i]));
    assert_all(mem, 0, 8, 0xEE);
    assert_all(mem, 8 + widths[i], 32 - 8 - widths[i], 0xEE);
  }
}

/* What the operation gives and what it leaves, on values whose sums and differences do not fit the width. */
static void assert_rmw(int32_t op, uint64_t old, uint64_t operand, uint64_t result) {
  EACH_WIDTH(i) {
    const uint32_t width = widths[i];
    assert_int_equal(wrt_mem_fill(mem, 0, 0xEE, 32), WRT_OK);
    assert_int_equal(wrt_mem_atomic_store(mem, 8, width, old), WRT_OK);
    uint64_t got = 0;
    assert_int_equal(wrt_mem_atomic_rmw(mem, 8, width, op, operand, &got), WRT_OK);
    assert_true(got == cut(old, width));
    assert_true(load(8, width) == cut(result, width));
    assert_all(mem, 0, 8, 0xEE);
    assert_all(mem, 8 + width, 32 - 8 - width, 0xEE);
  }
}

#define A 0xF0E1D2C3B4A59687u
#define B 0x8F7E6D5C4B3A29E8u

static void rmw_add_wraps_at_its_width_and_gives_the_old_value(void **state) {
  (void)state;
  assert_rmw(WRT_ATOMIC_ADD, A, B, A + B);
  assert_rmw(WRT_ATOMIC_ADD, UINT64_MAX, 1, 0);
}

static void rmw_sub_wraps_at_its_width_and_gives_the_old_value(void **state) {
  (void)state;
  assert_rmw(WRT_ATOMIC_SUB, B, A, B - A);
  assert_rmw(WRT_ATOMIC_SUB, 0, 1, UINT64_MAX);
}

static void rmw_and_gives_the_old_value(void **state) {
  (void)state;
  assert_rmw(WRT_ATOMIC_AND, A, B, A & B);
}

static void rmw_or_gives_the_old_value(void **state) {
  (void)state;
  assert_rmw(WRT_ATOMIC_OR, A, B, A | B);
}

static void rmw_xor_gives_the_old_value(void **state) {
  (void)state;
  assert_rmw(WRT_ATOMIC_XOR, A, B, A ^ B);
}

static void rmw_xchg_gives_the_old_value(void **state) {
  (void)state;
  assert_rmw(WRT_ATOMIC_XCHG, A, B, B);
}

static uint64_t cmpxchg(uint64_t offset, uint32_t width, uint64_t expected, uint64_t replacement) {
  uint64_t old = 0;
  assert_int_equal(wrt_mem_atomic_cmpxchg(mem, offset, width, expected, replacement, &old), WRT_OK);
  return old;
}

static void cmpxchg_stores_when_equal_and_gives_the_loaded_value(void **state) {
  (void)state;
  EACH_WIDTH(i) {
    assert_int_equal(wrt_mem_fill(mem, 0, 0xEE, 32), WRT_OK);
    assert_int_equal(wrt_mem_atomic_store(mem, 8, widths[i], A), WRT_OK);
    assert_true(cmpxchg(8, widths[i], cut(A, widths[i]), B) == cut(A, widths[i]));
    assert_true(load(8, widths[i]) == cut(B, widths[i]));
    assert_all(mem, 0, 8, 0xEE);
    assert_all(mem, 8 + widths[i], 32 - 8 - widths[i], 0xEE);
  }
}

static void cmpxchg_stores_nothing_when_unequal_and_gives_the_loaded_value(void **state) {
  (void)state;
  assert_int_equal(wrt_mem_atomic_store(mem, 8, 8, A), WRT_OK);
  remember(mem);
  EACH_WIDTH(i) assert_true(cmpxchg(8, widths[i], A ^ 1, B) == cut(A, widths[i]));
  assert_unchanged(mem);
}

static void cmpxchg_wraps_its_expected_value_to_the_width(void **state) {
  (void)state;
  assert_int_equal(wrt_mem_atomic_store(mem, 8, 8, 0), WRT_OK);
  assert_true(cmpxchg(8, 1, 0x100, 0xAB) == 0 && load(8, 1) == 0xAB);
  assert_true(cmpxchg(10, 2, 0x10000, 0xABCD) == 0 && load(10, 2) == 0xABCD);
  assert_true(cmpxchg(12, 4, 0x100000000u, 0xABCDEF01u) == 0 && load(12, 4) == 0xABCDEF01u);
}

/* Each atomic access in turn: the same code for all, and nothing happens. */
static void assert_all_refuse(uint64_t offset, uint32_t width, wrt_status status) {
  uint64_t value = 0x5A5A;
  remember(mem);
  assert_int_equal(wrt_mem_atomic_load(mem, offset, width, &value), status);
  assert_int_equal(wrt_mem_atomic_store(mem, offset, width, 1), status);
  for (int32_t op = WRT_ATOMIC_ADD; op <= WRT_ATOMIC_XCHG; ++op)
    assert_int_equal(wrt_mem_atomic_rmw(mem, offset, width, op, 1, &value), status);
  assert_int_equal(wrt_mem_atomic_cmpxchg(mem, offset, width, 0, 1, &value), status);
  assert_true(value == 0x5A5A);
  assert_unchanged(mem);
}

static void an_atomic_access_off_its_alignment_traps_and_does_nothing(void **state) {
  (void)state;
  EACH_WIDTH(i) {
    for (uint32_t off = 1; off < widths[i]; ++off) assert_all_refuse(32 + off, widths[i], WRT_ERR_MISALIGNED);
  }
}

static void an_atomic_access_beyond_the_end_traps_and_does_nothing(void **state) {
  (void)state;
  EACH_WIDTH(i) {
    assert_all_refuse(PAGE, widths[i], WRT_ERR_OUT_OF_BOUNDS);
    assert_all_refuse(UINT64_C(1) << 32, widths[i], WRT_ERR_OUT_OF_BOUNDS);
    assert_all_refuse(UINT64_MAX - widths[i] + 1, widths[i], WRT_ERR_OUT_OF_BOUNDS);
    assert_true(load(PAGE - widths[i], widths[i]) == 0); /* the last place of this width */
  }
}

static void alignment_comes_before_bounds(void **state) {
  (void)state;
  EACH_WIDTH(i) {
    if (widths[i] == 1) continue;
    assert_all_refuse(PAGE - 1, widths[i], WRT_ERR_MISALIGNED);
    assert_all_refuse(PAGE + 1, widths[i], WRT_ERR_MISALIGNED);
    assert_all_refuse(UINT64_MAX, widths[i], WRT_ERR_MISALIGNED);
  }
}

static void atomics_and_plain_accesses_see_the_same_bytes(void **state) {
  (void)state;
  assert_int_equal(wrt_mem_atomic_store(mem, 24, 8, 0x6867666564636261u), WRT_OK);
  assert_bytes(mem, 24, "abcdefgh");
  assert_int_equal(wrt_mem_write(mem, 26, "XY", 2), WRT_OK);
  assert_true(load(24, 8) == 0x6867666559586261u);
}

static void after_growth_atomics_reach_the_new_end(void **state) {
  (void)state;
  uint64_t old_pages = 0;
  assert_all_refuse(2 * PAGE - 8, 8, WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(wrt_mem_grow(mem, 1, &old_pages), WRT_OK);
  assert_int_equal(wrt_mem_atomic_store(mem, 2 * PAGE - 8, 8, A), WRT_OK);
  assert_true(load(2 * PAGE - 8, 8) == A);
}

static void notify_wakes_nobody_on_a_memory_that_is_not_shared(void **state) {
  (void)state;
  static const uint32_t counts[] = {0, 1, UINT32_MAX};
  for (int i = 0; i < 3; ++i) {
    uint32_t woken = 5;
    assert_int_equal(wrt_mem_notify(mem, PAGE - 4, counts[i], &woken), WRT_OK);
    assert_int_equal(woken, 0);
  }
}

static void notify_traps_off_four_bytes_and_beyond_the_end(void **state) {
  (void)state;
  uint32_t woken = 5;
  assert_int_equal(wrt_mem_notify(mem, 2, 1, &woken), WRT_ERR_MISALIGNED);
  assert_int_equal(wrt_mem_notify(mem, PAGE + 2, 1, &woken), WRT_ERR_MISALIGNED);
  assert_int_equal(wrt_mem_notify(mem, PAGE, 1, &woken), WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(woken, 5);
}

/* Whether its value is the expected one or not. */
static void wait_traps_on_a_memory_that_is_not_shared(void **state) {
  (void)state;
  int32_t result = 7;
  assert_int_equal(wrt_mem_wait(mem, 0, 4, 0, 0, &result), WRT_ERR_UNSUPPORTED);
  assert_int_equal(wrt_mem_wait(mem, 0, 4, 1, -1, &result), WRT_ERR_UNSUPPORTED);
  assert_int_equal(wrt_mem_wait(mem, 8, 8, 0, 0, &result), WRT_ERR_UNSUPPORTED);
  assert_int_equal(result, 7);
}

static void a_shared_memory_must_state_its_maximum(void **state) {
  (void)state;
  wrt_mem_config config = tier_config();
  config.flags = WRT_MEM_SHARED;
  config.max_len = 0;
  wrt_mem *shared = NULL;
  assert_int_equal(wrt_mem_create_config(&config, &shared), WRT_ERR_INVALID_ARGUMENT);
  assert_null(shared);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      TEST(an_atomic_load_is_little_endian_and_extends_with_zeros),
      TEST(an_atomic_store_writes_the_lowest_bytes_and_no_other),
      TEST(rmw_add_wraps_at_its_width_and_gives_the_old_value),
      TEST(rmw_sub_wraps_at_its_width_and_gives_the_old_value),
      TEST(rmw_and_gives_the_old_value),
      TEST(rmw_or_gives_the_old_value),
      TEST(rmw_xor_gives_the_old_value),
      TEST(rmw_xchg_gives_the_old_value),
      TEST(cmpxchg_stores_when_equal_and_gives_the_loaded_value),
      TEST(cmpxchg_stores_nothing_when_unequal_and_gives_the_loaded_value),
      TEST(cmpxchg_wraps_its_expected_value_to_the_width),
      TEST(an_atomic_access_off_its_alignment_traps_and_does_nothing),
      TEST(an_atomic_access_beyond_the_end_traps_and_does_nothing),
      TEST(alignment_comes_before_bounds),
      TEST(atomics_and_plain_accesses_see_the_same_bytes),
      TEST(after_growth_atomics_reach_the_new_end),
      TEST(notify_wakes_nobody_on_a_memory_that_is_not_shared),
      TEST(notify_traps_off_four_bytes_and_beyond_the_end),
      TEST(wait_traps_on_a_memory_that_is_not_shared),
      TEST(a_shared_memory_must_state_its_maximum),
  };
  if (choose_tier(argc, argv) != 0) return 2;
  return cmocka_run_group_tests(tests, begin_conformance, end_conformance);
}
