/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void null_is_ok(void **state) {
  (void)state;
  assert_ok(wrt_image_destroy(NULL));
}

static void the_handle_is_dead_afterwards(void **state) {
  tier *t = *state;
  wrt_image *image = freeze(make(t, 100, ROOM));
  assert_ok(wrt_image_destroy(image));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_destroy(image));
  wrt_image_info info = {.struct_size = sizeof info};
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_get_info(image, &info));
  wrt_mem_config config = config_on(t, 0, 0);
  config.image = image;
  wrt_mem *mem = POISON_POINTER;
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_create_config(&config, &mem));
  assert_ptr_equal(mem, POISON_POINTER);
}

static void memories_keep_what_they_need_and_the_last_one_gives_it_back(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 10000, ROOM);
  put_pattern(mem, 1, 0, 10000);
  wrt_image *image = freeze(mem);
  assert_ok(wrt_mem_destroy(mem));
  const uint64_t slots = t->pool != NULL ? pool_info_of(t->pool).used : 0;
  wrt_mem_config config = config_on(t, 0, 0);
  config.image = image;
  wrt_mem *first = make_from(t, &config);
  wrt_mem *second = make_from(t, &config);
  assert_ok(wrt_image_destroy(image));
  if (t->pool != NULL) assert_int_equal(pool_info_of(t->pool).used, slots + 2);
  wrt_mem *clone = NULL;
  assert_ok(wrt_mem_clone(first, &clone));
  adopt(t, clone);
  wrt_mem *const all[] = {first, second, clone};
  for (size_t i = 0; i < 3; ++i) {
    put_pattern(all[i], 2, 0, 10000);
    assert_ok(wrt_mem_reset(all[i]));
    assert_pattern(all[i], 1, 0, 10000);
    assert_ok(wrt_mem_destroy(all[i]));
  }
  if (t->pool != NULL) assert_int_equal(pool_info_of(t->pool).used, 0);
  assert_int_equal(t->heap.live_blocks, 0);
}

static void a_bad_handle_is_refused(void **state) {
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
      cmocka_unit_test(the_handle_is_dead_afterwards),
      cmocka_unit_test(memories_keep_what_they_need_and_the_last_one_gives_it_back),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_image_destroy", tests);
}
