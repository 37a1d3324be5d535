/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void it_follows_every_change_of_length(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 100, ROOM);
    uint64_t len = POISON;
    assert_ok(wrt_mem_len(mem, &len));
    assert_int_equal(len, 100);
    static const uint64_t lens[] = {0, 1, ROOM, ROOM - 1, 63, 64};
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; ++i) {
      assert_ok(wrt_mem_resize(mem, lens[i]));
      assert_ok(wrt_mem_len(mem, &len));
      assert_int_equal(len, lens[i]);
    }
    uint64_t old_pages = POISON;
    assert_ok(wrt_mem_grow(mem, 36, &old_pages));
    assert_ok(wrt_mem_len(mem, &len));
    assert_int_equal(len, 100);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_borrow_does_not_hinder(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  void *data = borrow(mem, 0, 100, WRT_BORROW_WRITE);
  assert_int_equal(len_of(mem), 100);
  assert_ok(wrt_mem_release(mem, data, 100));
}

static void a_null_out_is_an_invalid_argument(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 100, ROOM);
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_len(mem, NULL));
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  uint64_t len = POISON;
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_len(bad.values[i], &len));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_len(bad.values[i], NULL)); /* before the arguments */
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_len(NULL, &len));
  assert_int_equal(len, POISON);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_follows_every_change_of_length),
      cmocka_unit_test(a_borrow_does_not_hinder),
      cmocka_unit_test(a_null_out_is_an_invalid_argument),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_mem_len", tests);
}
