/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void use(wrt_mem *mem) {
  put_pattern(mem, 1, 0, 100);
  assert_pattern(mem, 1, 0, 100);
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_check(mem, 101, 0));
  assert_ok(wrt_mem_resize(mem, 200));
  assert_status(WRT_ERR_LIMIT, wrt_mem_resize(mem, ROOM + 1));
  assert_ok(wrt_mem_resize(mem, 100));
}

static void every_counter_is_zero_and_counts_anew(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 100, ROOM);
    use(mem);
    const wrt_mem_stats once = stats_of(mem);
    assert_int_equal(once.resizes, 2);
    assert_ok(wrt_mem_clear_stats(mem));
    wrt_mem_stats zero;
    memset(&zero, 0, sizeof zero);
    zero.struct_size = sizeof zero;
    const wrt_mem_stats cleared = stats_of(mem);
    assert_memory_equal(&cleared, &zero, sizeof zero);
    use(mem);
    const wrt_mem_stats again = stats_of(mem);
    assert_memory_equal(&again, &once, sizeof once);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void bytes_length_and_peak_stay(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 3, 100, ROOM);
  use(mem);
  void *data = borrow(mem, 0, 1, WRT_BORROW_WRITE);
  snapshot before = take_snapshot(mem);
  assert_ok(wrt_mem_clear_stats(mem));
  assert_unchanged(&before);
  assert_int_equal(info_of(mem).peak_len, 200);
  assert_ok(wrt_mem_release(mem, data, 1));
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  for (size_t i = 0; i < bad.count; ++i) assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_clear_stats(bad.values[i]));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_clear_stats(NULL));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_counter_is_zero_and_counts_anew),
      cmocka_unit_test(bytes_length_and_peak_stay),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_mem_clear_stats", tests);
}
