/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "atomic_cases.h"

static wrt_status call(wrt_mem *mem, uint64_t offset, uint32_t width, int *wrote) {
  uint64_t value = POISON;
  const wrt_status status = wrt_mem_atomic_load(mem, offset, width, &value);
  *wrote = value != POISON;
  return status;
}

static void it_reads_little_endian_and_zero_extends(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 64, ROOM);
  const uint64_t value = UINT64_C(0xF1E2D3C4B5A69788);
  for (size_t i = 0; i < WIDTHS; ++i) {
    for (uint64_t offset = 0; offset < 32; offset += widths[i]) {
      assert_ok(wrt_mem_fill(mem, 0, 0xFF, 64));
      put_little_endian(mem, offset, widths[i], value);
      uint64_t loaded = POISON;
      assert_ok(wrt_mem_atomic_load(mem, offset, widths[i], &loaded));
      assert_int_equal(loaded, cut(value, widths[i]));
    }
  }
}

static void it_changes_nothing(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 64, ROOM);
  put_pattern(mem, 1, 0, 64);
  snapshot before = take_snapshot(mem);
  uint64_t loaded = POISON;
  assert_ok(wrt_mem_atomic_load(mem, 8, 8, &loaded));
  assert_unchanged(&before);
}

static void a_tracked_memory_counts_a_read(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 3, 64, ROOM);
  uint64_t loaded = POISON;
  assert_ok(wrt_mem_atomic_load(mem, 8, 4, &loaded));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_atomic_load(mem, 64, 4, &loaded));
  const wrt_mem_stats stats = stats_of(mem);
  assert_int_equal(stats.reads, 1);
  assert_int_equal(stats.bytes_read, 4);
  assert_int_equal(stats.writes, 0);
  assert_int_equal(stats.denied, 1);
}

static void a_null_out_is_an_invalid_argument(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 64, ROOM);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_atomic_load(mem, 0, 8, NULL));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_atomic_load(mem, 1, 8, NULL));  /* before the alignment */
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_atomic_load(mem, 64, 8, NULL)); /* before the bounds */
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
      cmocka_unit_test(it_reads_little_endian_and_zero_extends),
      cmocka_unit_test(it_changes_nothing),
      cmocka_unit_test(a_tracked_memory_counts_a_read),
      cmocka_unit_test(a_null_out_is_an_invalid_argument),
      cmocka_unit_test(other_widths_are_invalid_arguments),
      cmocka_unit_test(offsets_off_the_alignment_are_misaligned),
      cmocka_unit_test(ranges_outside_are_refused),
      cmocka_unit_test(the_whole_length_can_be_reached),
      cmocka_unit_test(bad_handles_are_refused),
      cmocka_unit_test(borrows_do_not_hinder),
  };
  return RUN_ON_EACH_TIER("wrt_mem_atomic_load", tests);
}
