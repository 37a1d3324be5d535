/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void null_is_ok(void **state) {
  (void)state;
  assert_ok(wrt_image_destroy(NULL));
}

static void no_value_is_an_image_yet(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_IMAGE);
  for (size_t i = 0; i < bad.count; ++i) assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_destroy(bad.values[i]));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_destroy((wrt_image *)(void *)mem));
  assert_int_equal(len_of(mem), 100);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(null_is_ok),
      cmocka_unit_test(no_value_is_an_image_yet),
  };
  return RUN_ON_EACH_TIER("wrt_image_destroy", tests);
}
