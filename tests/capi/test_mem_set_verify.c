/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void assert_refused(wrt_status expected, wrt_mem *mem, int32_t level) {
  snapshot before = take_snapshot(mem);
  assert_status(expected, wrt_mem_set_verify(mem, level));
  assert_unchanged(&before);
}

static void off_and_basic_are_set_and_default_means_basic(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 1000, ROOM);
  put_pattern(mem, 1, 0, 1000);
  static const int32_t steps[][2] = {{WRT_VERIFY_OFF, WRT_VERIFY_OFF},      {WRT_VERIFY_OFF, WRT_VERIFY_OFF},
                                     {WRT_VERIFY_BASIC, WRT_VERIFY_BASIC},  {WRT_VERIFY_BASIC, WRT_VERIFY_BASIC},
                                     {WRT_VERIFY_OFF, WRT_VERIFY_OFF},      {WRT_VERIFY_DEFAULT, WRT_VERIFY_BASIC},
                                     {WRT_VERIFY_DEFAULT, WRT_VERIFY_BASIC}};
  for (size_t i = 0; i < sizeof steps / sizeof steps[0]; ++i) {
    assert_ok(wrt_mem_set_verify(mem, steps[i][0]));
    assert_int_equal(info_of(mem).verify, steps[i][1]);
    assert_pattern(mem, 1, 0, 1000);
    assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_check(mem, 0, 1001)); /* bounds are never off */
    assert_ok(wrt_mem_verify(mem, NULL));
    assert_ok(wrt_mem_resize(mem, 2000));
    assert_ok(wrt_mem_resize(mem, 1000));
  }
}

static void reset_keeps_the_level(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  assert_ok(wrt_mem_set_verify(mem, WRT_VERIFY_OFF));
  assert_ok(wrt_mem_reset(mem));
  assert_int_equal(info_of(mem).verify, WRT_VERIFY_OFF);
}

static void an_unknown_level_is_an_invalid_argument(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  static const int32_t levels[] = {-1, 7, 8, 256, INT32_MAX, INT32_MIN};
  for (size_t i = 0; i < sizeof levels / sizeof levels[0]; ++i) {
    assert_refused(WRT_ERR_INVALID_ARGUMENT, mem, levels[i]);
  }
}

static void once_a_view_was_given_standard_and_above_are_unsupported(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  view_of(mem);
  for (int32_t level = WRT_VERIFY_STANDARD; level <= WRT_VERIFY_REDUNDANT; ++level) {
    assert_refused(WRT_ERR_UNSUPPORTED, mem, level);
    void *data = borrow(mem, 5, 10, WRT_BORROW_READ);
    assert_refused(WRT_ERR_UNSUPPORTED, mem, level); /* before BUSY */
    assert_ok(wrt_mem_release(mem, data, 10));
  }
}

static void any_borrow_makes_it_busy(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 100, ROOM);
    for (uint32_t access = WRT_BORROW_READ; access <= 3; ++access) {
      for (uint64_t n = 0; n <= 10; n += 10) {
        void *data = borrow(mem, 5, n, access);
        assert_refused(WRT_ERR_BUSY, mem, WRT_VERIFY_OFF);
        assert_refused(WRT_ERR_BUSY, mem, WRT_VERIFY_BASIC);
        assert_refused(WRT_ERR_BUSY, mem, WRT_VERIFY_STANDARD);
        assert_refused(WRT_ERR_BUSY, mem, WRT_VERIFY_REDUNDANT);
        assert_refused(WRT_ERR_INVALID_ARGUMENT, mem, 7); /* before BUSY */
        assert_ok(wrt_mem_release(mem, data, n));
      }
    }
    assert_ok(wrt_mem_set_verify(mem, WRT_VERIFY_OFF));
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_set_verify(bad.values[i], WRT_VERIFY_OFF));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_set_verify(bad.values[i], 7)); /* before the arguments */
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_set_verify(NULL, WRT_VERIFY_OFF));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(off_and_basic_are_set_and_default_means_basic),
      cmocka_unit_test(reset_keeps_the_level),
      cmocka_unit_test(an_unknown_level_is_an_invalid_argument),
      cmocka_unit_test(once_a_view_was_given_standard_and_above_are_unsupported),
      cmocka_unit_test(any_borrow_makes_it_busy),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_mem_set_verify", tests);
}
