/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "out_struct.h"

static wrt_status get(void *context, void *out) { return wrt_image_get_info(context, out); }

static void no_value_is_an_image_yet(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_IMAGE);
  for (size_t i = 0; i < bad.count; ++i) {
    const out_struct s = {sizeof(wrt_image_info), {sizeof(wrt_image_info)}, 1, get, bad.values[i]};
    check_failure_writes_nothing(&s, WRT_ERR_INVALID_HANDLE);
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_get_info(bad.values[i], NULL)); /* before the arguments */
  }
  const out_struct null = {sizeof(wrt_image_info), {sizeof(wrt_image_info)}, 1, get, NULL};
  check_failure_writes_nothing(&null, WRT_ERR_INVALID_HANDLE);
}

int main(void) {
  static const struct CMUnitTest tests[] = {cmocka_unit_test(no_value_is_an_image_yet)};
  return RUN_ON_EACH_TIER("wrt_image_get_info", tests);
}
