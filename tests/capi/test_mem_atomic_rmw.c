/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "atomic_cases.h"

static wrt_status call(wrt_mem *mem, uint64_t offset, uint32_t width, int *wrote) {
  uint64_t old = POISON;
  const wrt_status status = wrt_mem_atomic_rmw(mem, offset, width, WRT_ATOMIC_ADD, 1, &old);
  *wrote = old != POISON;
  return status;
}

static uint64_t expected_result(int32_t op, uint64_t old, uint64_t operand) {
  switch (op) {
    case WRT_ATOMIC_ADD:
      return old + operand;
    case WRT_ATOMIC_SUB:
      return old - operand;
    case WRT_ATOMIC_AND:
      return old & operand;
    case WRT_ATOMIC_OR:
      return old | operand;
    case WRT_ATOMIC_XOR:
      return old ^ operand;
    default:
      return operand;
  }
}

static void every_operation_gives_the_old_value_and_stores_the_new(void **state) {
  tier *t = *state;
  static const uint64_t values[] = {0,
                                    1,
                                    0x7F,
                                    0x80,
                                    0xFF,
                                    0xFFFF,
                                    0x80000000,
                                    UINT64_C(0xFFFFFFFF),
                                    UINT64_C(0x8000000000000000),
                                    UINT64_C(0xF1E2D3C4B5A69788),
                                    UINT64_MAX};
  enum { VALUES = sizeof values / sizeof values[0] };
  wrt_mem *mem = make(t, 32, ROOM);
  for (int32_t op = WRT_ATOMIC_ADD; op <= WRT_ATOMIC_XCHG; ++op) {
    for (size_t i = 0; i < WIDTHS; ++i) {
      for (size_t k = 0; k < VALUES * VALUES; ++k) {
        const uint32_t width = widths[i];
        const uint64_t before = values[k / VALUES];
        const uint64_t operand = values[k % VALUES];
        put_pattern(mem, 1, 0, 32);
        put_little_endian(mem, 8, width, before);
        uint64_t old = POISON;
        assert_ok(wrt_mem_atomic_rmw(mem, 8, width, op, operand, &old));
        assert_int_equal(old, cut(before, width));
        assert_little_endian(mem, 8, width, expected_result(op, before, operand));
        assert_pattern(mem, 1, 0, 8);
        assert_pattern(mem, 1, 8 + width, 24 - width);
      }
    }
  }
}

static void an_unknown_operation_is_an_invalid_argument(void **state) {
  tier *t = *state;
  static const int32_t unknown[] = {-1, 6, 7, 256, INT32_MAX, INT32_MIN};
  wrt_mem *mem = make(t, 32, ROOM);
  snapshot before = take_snapshot(mem);
  uint64_t old = POISON;
  for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; ++i) {
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_atomic_rmw(mem, 0, 8, unknown[i], 1, &old));
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_atomic_rmw(mem, 1, 8, unknown[i], 1, &old));  /* before alignment */
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_atomic_rmw(mem, 32, 8, unknown[i], 1, &old)); /* before bounds */
  }
  assert_int_equal(old, POISON);
  assert_unchanged(&before);
}

static void a_tracked_memory_counts_a_read_and_a_write(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 3, 64, ROOM);
  uint64_t old = POISON;
  assert_ok(wrt_mem_atomic_rmw(mem, 8, 4, WRT_ATOMIC_OR, 1, &old));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_atomic_rmw(mem, 64, 4, WRT_ATOMIC_OR, 1, &old));
  const wrt_mem_stats stats = stats_of(mem);
  assert_int_equal(stats.reads, 1);
  assert_int_equal(stats.bytes_read, 4);
  assert_int_equal(stats.writes, 1);
  assert_int_equal(stats.bytes_written, 4);
  assert_int_equal(stats.denied, 1);
}

static void a_null_out_is_an_invalid_argument(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 32, ROOM);
  snapshot before = take_snapshot(mem);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_atomic_rmw(mem, 0, 8, WRT_ATOMIC_ADD, 1, NULL));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_atomic_rmw(mem, 1, 8, WRT_ATOMIC_ADD, 1, NULL));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_atomic_rmw(mem, 32, 8, WRT_ATOMIC_ADD, 1, NULL));
  assert_unchanged(&before);
}

static void other_widths_are_invalid_arguments(void **state) { check_other_widths_are_invalid_arguments(*state, call); }
static void offsets_off_the_alignment_are_misaligned(void **state) {
  check_offsets_off_the_alignment_are_misaligned(*state, call);
}
static void ranges_outside_are_refused(void **state) { check_ranges_outside_are_refused(*state, call); }
static void the_whole_length_can_be_reached(void **state) { check_the_whole_length_can_be_reached(*state, call); }
static void bad_handles_are_refused(void **state) { check_bad_handles_are_refused(*state, call); }
static void borrows_do_not_hinder(void **state) { check_borrows_do_not_hinder(*state, call); }

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_operation_gives_the_old_value_and_stores_the_new),
      cmocka_unit_test(an_unknown_operation_is_an_invalid_argument),
      cmocka_unit_test(a_tracked_memory_counts_a_read_and_a_write),
      cmocka_unit_test(a_null_out_is_an_invalid_argument),
      cmocka_unit_test(other_widths_are_invalid_arguments),
      cmocka_unit_test(offsets_off_the_alignment_are_misaligned),
      cmocka_unit_test(ranges_outside_are_refused),
      cmocka_unit_test(the_whole_length_can_be_reached),
      cmocka_unit_test(bad_handles_are_refused),
      cmocka_unit_test(borrows_do_not_hinder),
  };
  return RUN_ON_EACH_TIER("wrt_mem_atomic_rmw", tests);
}
