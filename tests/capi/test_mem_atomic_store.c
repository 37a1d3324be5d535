/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "atomic_cases.h"

static wrt_status call(wrt_mem *mem, uint64_t offset, uint32_t width, int *wrote) {
  *wrote = 0;
  return wrt_mem_atomic_store(mem, offset, width, UINT64_C(0x1122334455667788));
}

static void it_writes_exactly_the_width_little_endian(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 64, ROOM);
  const uint64_t value = UINT64_C(0xF1E2D3C4B5A69788);
  for (size_t i = 0; i < WIDTHS; ++i) {
    for (uint64_t offset = 0; offset < 32; offset += widths[i]) {
      put_pattern(mem, 1, 0, 64);
      assert_ok(wrt_mem_atomic_store(mem, offset, widths[i], value));
      assert_pattern(mem, 1, 0, offset);
      assert_little_endian(mem, offset, widths[i], value);
      assert_pattern(mem, 1, offset + widths[i], 64 - offset - widths[i]);
    }
  }
}

static void a_tracked_memory_counts_a_write(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 3, 64, ROOM);
  assert_ok(wrt_mem_atomic_store(mem, 8, 4, 1));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_atomic_store(mem, 64, 4, 1));
  const wrt_mem_stats stats = stats_of(mem);
  assert_int_equal(stats.writes, 1);
  assert_int_equal(stats.bytes_written, 4);
  assert_int_equal(stats.reads, 0);
  assert_int_equal(stats.denied, 1);
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
      cmocka_unit_test(it_writes_exactly_the_width_little_endian),
      cmocka_unit_test(a_tracked_memory_counts_a_write),
      cmocka_unit_test(other_widths_are_invalid_arguments),
      cmocka_unit_test(offsets_off_the_alignment_are_misaligned),
      cmocka_unit_test(ranges_outside_are_refused),
      cmocka_unit_test(the_whole_length_can_be_reached),
      cmocka_unit_test(bad_handles_are_refused),
      cmocka_unit_test(borrows_do_not_hinder),
  };
  return RUN_ON_EACH_TIER("wrt_mem_atomic_store", tests);
}
