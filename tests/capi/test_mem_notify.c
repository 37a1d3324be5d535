/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void assert_refused(wrt_status expected, wrt_mem *mem, uint64_t offset) {
  uint32_t woken = POISON32;
  assert_status(expected, wrt_mem_notify(mem, offset, 1, &woken));
  assert_int_equal(woken, POISON32);
}

static void on_a_memory_that_is_not_shared_it_wakes_nobody(void **state) {
  tier *t = *state;
  static const uint32_t counts[] = {0, 1, 2, UINT32_MAX};
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 64, ROOM);
    snapshot before = take_snapshot(mem);
    for (uint64_t offset = 0; offset < 64; offset += 4) {
      for (size_t i = 0; i < 4; ++i) {
        uint32_t woken = POISON32;
        assert_ok(wrt_mem_notify(mem, offset, counts[i], &woken));
        assert_int_equal(woken, 0);
      }
    }
    assert_unchanged(&before);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void an_offset_that_is_no_multiple_of_4_is_misaligned(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 64, ROOM);
  for (uint64_t offset = 0; offset < 80; ++offset) {
    if (offset % 4 != 0) assert_refused(WRT_ERR_MISALIGNED, mem, offset); /* also past the length */
  }
  assert_refused(WRT_ERR_MISALIGNED, mem, UINT64_MAX);
}

static void four_bytes_must_be_inside(void **state) {
  tier *t = *state;
  for (uint64_t len = 0; len <= 9; ++len) {
    wrt_mem *mem = make(t, len, ROOM);
    const uint64_t first = len / 4 * 4;
    assert_refused(WRT_ERR_OUT_OF_BOUNDS, mem, first);
    assert_refused(WRT_ERR_OUT_OF_BOUNDS, mem, first + 4);
    assert_refused(WRT_ERR_OUT_OF_BOUNDS, mem, UINT64_C(1) << 32);
    assert_refused(WRT_ERR_OUT_OF_BOUNDS, mem, UINT64_MAX - 3);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_null_out_is_an_invalid_argument(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 64, ROOM);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_notify(mem, 0, 1, NULL));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_notify(mem, 1, 1, NULL));  /* before the alignment */
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_notify(mem, 64, 1, NULL)); /* before the bounds */
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  for (size_t i = 0; i < bad.count; ++i) {
    assert_refused(WRT_ERR_INVALID_HANDLE, bad.values[i], 0);
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_notify(bad.values[i], 1, 1, NULL)); /* before the arguments */
  }
  assert_refused(WRT_ERR_INVALID_HANDLE, NULL, 0);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(on_a_memory_that_is_not_shared_it_wakes_nobody),
      cmocka_unit_test(an_offset_that_is_no_multiple_of_4_is_misaligned),
      cmocka_unit_test(four_bytes_must_be_inside),
      cmocka_unit_test(a_null_out_is_an_invalid_argument),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_mem_notify", tests);
}
