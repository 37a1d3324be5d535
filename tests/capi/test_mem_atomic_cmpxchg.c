/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "atomic_cases.h"

static wrt_status call(wrt_mem *mem, uint64_t offset, uint32_t width, int *wrote) {
  uint64_t old = POISON;
  const wrt_status status = wrt_mem_atomic_cmpxchg(mem, offset, width, 0, 1, &old);
  *wrote = old != POISON;
  return status;
}

static void it_stores_exactly_when_the_old_value_is_the_expected(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 32, ROOM);
  const uint64_t value = UINT64_C(0xF1E2D3C4B5A69788);
  const uint64_t replacement = UINT64_C(0x0102030405060708);
  for (size_t i = 0; i < WIDTHS; ++i) {
    const uint32_t width = widths[i];
    put_pattern(mem, 1, 0, 32);
    put_little_endian(mem, 8, width, value);
    for (uint32_t bit = 0; bit < 8 * width; ++bit) {
      uint64_t old = POISON;
      assert_ok(wrt_mem_atomic_cmpxchg(mem, 8, width, value ^ (UINT64_C(1) << bit), replacement, &old));
      assert_int_equal(old, cut(value, width));
      assert_little_endian(mem, 8, width, value);
    }
    uint64_t old = POISON;
    assert_ok(wrt_mem_atomic_cmpxchg(mem, 8, width, cut(value, width), replacement, &old));
    assert_int_equal(old, cut(value, width));
    assert_little_endian(mem, 8, width, replacement);
    assert_pattern(mem, 1, 0, 8);
    assert_pattern(mem, 1, 8 + width, 24 - width);
  }
}

static void the_expected_value_is_cut_to_the_width(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 32, ROOM);
  for (size_t i = 0; i < WIDTHS - 1; ++i) {
    const uint32_t width = widths[i];
    put_little_endian(mem, 8, width, 0x42);
    uint64_t old = POISON;
    assert_ok(wrt_mem_atomic_cmpxchg(mem, 8, width, UINT64_C(0xABCDEF0100000042), 0x17, &old));
    assert_int_equal(old, 0x42);
    assert_little_endian(mem, 8, width, 0x17);
  }
}

static void a_tracked_memory_counts_a_read_and_a_write_when_it_stored(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 3, 64, ROOM);
  uint64_t old = POISON;
  assert_ok(wrt_mem_atomic_cmpxchg(mem, 8, 4, 1, 2, &old)); /* not equal */
  assert_int_equal(stats_of(mem).reads, 1);
  assert_int_equal(stats_of(mem).writes, 0);
  assert_ok(wrt_mem_atomic_cmpxchg(mem, 8, 4, 0, 2, &old));
  assert_int_equal(stats_of(mem).reads, 2);
  assert_int_equal(stats_of(mem).bytes_read, 8);
  assert_int_equal(stats_of(mem).writes, 1);
  assert_int_equal(stats_of(mem).bytes_written, 4);
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_atomic_cmpxchg(mem, 64, 4, 0, 2, &old));
  assert_int_equal(stats_of(mem).denied, 1);
}

static void a_null_out_is_an_invalid_argument(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 32, ROOM);
  snapshot before = take_snapshot(mem);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_atomic_cmpxchg(mem, 0, 8, 0, 1, NULL));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_atomic_cmpxchg(mem, 1, 8, 0, 1, NULL));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_atomic_cmpxchg(mem, 32, 8, 0, 1, NULL));
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
      cmocka_unit_test(it_stores_exactly_when_the_old_value_is_the_expected),
      cmocka_unit_test(the_expected_value_is_cut_to_the_width),
      cmocka_unit_test(a_tracked_memory_counts_a_read_and_a_write_when_it_stored),
      cmocka_unit_test(a_null_out_is_an_invalid_argument),
      cmocka_unit_test(other_widths_are_invalid_arguments),
      cmocka_unit_test(offsets_off_the_alignment_are_misaligned),
      cmocka_unit_test(ranges_outside_are_refused),
      cmocka_unit_test(the_whole_length_can_be_reached),
      cmocka_unit_test(bad_handles_are_refused),
      cmocka_unit_test(borrows_do_not_hinder),
  };
  return RUN_ON_EACH_TIER("wrt_mem_atomic_cmpxchg", tests);
}
