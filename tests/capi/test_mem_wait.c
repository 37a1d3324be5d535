/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void refuse(wrt_status expected, wrt_mem *mem, uint64_t offset, uint32_t width, int64_t timeout, int line) {
  int32_t result = 77;
  check_status(expected, wrt_mem_wait(mem, offset, width, 0, timeout, &result), "wrt_mem_wait", __FILE__, line);
  assert_int_equal(result, 77);
}
#define assert_refused(expected, mem, offset, width, timeout) \
  refuse((expected), (mem), (offset), (width), (timeout), __LINE__)

static void on_a_memory_that_is_not_shared_it_is_unsupported_and_returns_at_once(void **state) {
  tier *t = *state;
  static const int64_t timeouts[] = {-1, 0, 1, INT64_MAX, INT64_MIN};
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 64, ROOM);
    snapshot before = take_snapshot(mem);
    for (size_t i = 0; i < sizeof timeouts / sizeof timeouts[0]; ++i) {
      assert_refused(WRT_ERR_UNSUPPORTED, mem, 0, 4, timeouts[i]);
      assert_refused(WRT_ERR_UNSUPPORTED, mem, 8, 8, timeouts[i]);
    }
    assert_unchanged(&before);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void unsupported_comes_before_alignment_and_bounds(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 64, ROOM);
  assert_refused(WRT_ERR_UNSUPPORTED, mem, 1, 4, 0);
  assert_refused(WRT_ERR_UNSUPPORTED, mem, 64, 4, 0);
  assert_refused(WRT_ERR_UNSUPPORTED, mem, UINT64_MAX, 8, 0);
}

static void other_widths_than_4_and_8_are_invalid_arguments(void **state) {
  tier *t = *state;
  static const uint32_t others[] = {0, 1, 2, 3, 5, 6, 7, 9, 16, 32, UINT32_MAX};
  wrt_mem *mem = make(t, 64, ROOM);
  for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i) {
    assert_refused(WRT_ERR_INVALID_ARGUMENT, mem, 0, others[i], 0);
  }
}

static void a_null_out_is_an_invalid_argument(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 64, ROOM);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_wait(mem, 0, 4, 0, 0, NULL));
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  for (size_t i = 0; i < bad.count; ++i) {
    assert_refused(WRT_ERR_INVALID_HANDLE, bad.values[i], 0, 4, 0);
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_wait(bad.values[i], 0, 3, 0, 0, NULL)); /* before the arguments */
  }
  assert_refused(WRT_ERR_INVALID_HANDLE, NULL, 0, 4, 0);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(on_a_memory_that_is_not_shared_it_is_unsupported_and_returns_at_once),
      cmocka_unit_test(unsupported_comes_before_alignment_and_bounds),
      cmocka_unit_test(other_widths_than_4_and_8_are_invalid_arguments),
      cmocka_unit_test(a_null_out_is_an_invalid_argument),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_mem_wait", tests);
}
