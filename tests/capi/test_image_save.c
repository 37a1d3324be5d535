/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static size_t count_calls(void *context, const void *data, size_t n) {
  (void)data;
  ++*(int *)context;
  return n;
}

static void no_value_is_an_image_yet_and_the_writer_is_never_called(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_IMAGE);
  int calls = 0;
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_save(bad.values[i], count_calls, &calls));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_save(bad.values[i], NULL, NULL)); /* before the arguments */
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_save(NULL, count_calls, &calls));
  assert_int_equal(calls, 0);
}

int main(void) {
  static const struct CMUnitTest tests[] = {cmocka_unit_test(no_value_is_an_image_yet_and_the_writer_is_never_called)};
  return RUN_ON_EACH_TIER("wrt_image_save", tests);
}
