/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "out_struct.h"

static wrt_status get(void *context, void *out) { return wrt_image_get_info(context, out); }

static out_struct struct_of(void *image) {
  const out_struct s = {sizeof(wrt_image_info), {4, 8, 16, 24, 32, 40}, 6, get, image};
  return s;
}

static void it_says_what_the_image_is(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 8192, 16384);
  config.page_len = 4096;
  wrt_mem *mem = make_from(t, &config);
  assert_ok(wrt_mem_write(mem, 5000, "x", 1));
  wrt_image *image = freeze(mem);
  wrt_image_info info;
  memset(&info, 0xEE, sizeof info);
  info.struct_size = sizeof info;
  assert_ok(wrt_image_get_info(image, &info));
  assert_int_equal(info.struct_size, sizeof info);
  assert_int_equal(info.reserved0, 0);
  assert_int_equal(info.len, 8192);
  assert_int_equal(info.max_len, 16384);
  assert_int_equal(info.page_len, 4096);
  assert_int_equal(info.stored, 4096);
  assert_ok(wrt_image_destroy(image));
}

static void the_struct_may_be_of_any_release(void **state) {
  tier *t = *state;
  wrt_image *image = freeze(make(t, 1000, ROOM));
  const out_struct s = struct_of(image);
  check_smaller_structs(&s);
  check_larger_structs(&s);
  check_impossible_structs(&s);
  assert_ok(wrt_image_destroy(image));
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_IMAGE);
  for (size_t i = 0; i < bad.count; ++i) {
    const out_struct s = struct_of(bad.values[i]);
    check_failure_writes_nothing(&s, WRT_ERR_INVALID_HANDLE);
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_get_info(bad.values[i], NULL)); /* before the arguments */
  }
  const out_struct null = struct_of(NULL);
  check_failure_writes_nothing(&null, WRT_ERR_INVALID_HANDLE);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_says_what_the_image_is),
      cmocka_unit_test(the_struct_may_be_of_any_release),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_image_get_info", tests);
}
