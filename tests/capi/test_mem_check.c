/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static const uint64_t lens[] = {0, 1, 2, 15, 16, 63, 64, 65, 127, 4096, ROOM};
enum { LENS = sizeof lens / sizeof lens[0] };

static void a_range_is_inside_exactly_when_it_ends_within_the_length(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 0, ROOM);
    for (size_t i = 0; i < LENS; ++i) {
      assert_ok(wrt_mem_resize(mem, lens[i]));
      const ranges inside = ranges_inside(lens[i]);
      for (size_t k = 0; k < inside.count; ++k) assert_ok(wrt_mem_check(mem, inside.at[k].offset, inside.at[k].n));
      const ranges outside = ranges_outside(lens[i]);
      for (size_t k = 0; k < outside.count; ++k) {
        assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_check(mem, outside.at[k].offset, outside.at[k].n));
      }
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void capacity_and_max_do_not_count(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, ROOM, ROOM);
  assert_ok(wrt_mem_resize(mem, 100));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_check(mem, 100, 1));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_check(mem, 0, 101));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_check(mem, 101, 0));
  assert_ok(wrt_mem_check(mem, 100, 0));
}

static void it_changes_nothing(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 3, 100, ROOM);
  put_pattern(mem, 1, 0, 100);
  void *data = borrow(mem, 0, 50, WRT_BORROW_WRITE);
  snapshot before = take_snapshot(mem);
  assert_ok(wrt_mem_check(mem, 0, 100));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_check(mem, 0, 101));
  assert_unchanged(&before);
  assert_ok(wrt_mem_release(mem, data, 50));
}

static void only_a_refused_check_counts(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 3, 100, ROOM);
  assert_ok(wrt_mem_check(mem, 0, 100));
  wrt_mem_stats stats = stats_of(mem);
  assert_int_equal(stats.reads + stats.writes + stats.bytes_read + stats.bytes_written, 0);
  assert_int_equal(stats.denied, 0);
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_check(mem, 0, 101));
  stats = stats_of(mem);
  assert_int_equal(stats.reads + stats.writes + stats.bytes_read + stats.bytes_written, 0);
  assert_int_equal(stats.denied, 1);
}

static void a_bad_handle_is_refused_before_the_bounds(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_check(bad.values[i], 0, 0));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_check(bad.values[i], UINT64_MAX, UINT64_MAX));
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_check(NULL, 0, 0));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_range_is_inside_exactly_when_it_ends_within_the_length),
      cmocka_unit_test(capacity_and_max_do_not_count),
      cmocka_unit_test(it_changes_nothing),
      cmocka_unit_test(only_a_refused_check_counts),
      cmocka_unit_test(a_bad_handle_is_refused_before_the_bounds),
  };
  return RUN_ON_EACH_TIER("wrt_mem_check", tests);
}
