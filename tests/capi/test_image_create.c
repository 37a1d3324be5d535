/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void this_release_does_not_support_it_and_changes_nothing(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 1000, ROOM);
    put_pattern(mem, 1, 0, 1000);
    snapshot before = take_snapshot(mem);
    wrt_image *image = POISON_POINTER;
    assert_status(WRT_ERR_UNSUPPORTED, wrt_image_create(mem, &image));
    assert_ptr_equal(image, POISON_POINTER);
    assert_unchanged(&before);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void unsupported_comes_before_busy(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  void *data = borrow(mem, 0, 10, WRT_BORROW_WRITE);
  wrt_image *image = POISON_POINTER;
  assert_status(WRT_ERR_UNSUPPORTED, wrt_image_create(mem, &image));
  assert_ptr_equal(image, POISON_POINTER);
  assert_ok(wrt_mem_release(mem, data, 10));
}

static void a_null_out_is_an_invalid_argument_before_unsupported(void **state) {
  tier *t = *state;
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_image_create(make(t, 100, ROOM), NULL));
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  wrt_image *image = POISON_POINTER;
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_create(bad.values[i], &image));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_create(bad.values[i], NULL)); /* before the arguments */
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_create(NULL, &image));
  assert_ptr_equal(image, POISON_POINTER);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(this_release_does_not_support_it_and_changes_nothing),
      cmocka_unit_test(unsupported_comes_before_busy),
      cmocka_unit_test(a_null_out_is_an_invalid_argument_before_unsupported),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_image_create", tests);
}
