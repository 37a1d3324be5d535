/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static int calls;

static size_t count_calls(void *context, void *data, size_t n) {
  (void)context;
  (void)data;
  (void)n;
  ++calls;
  return 0;
}

static void assert_refused(wrt_status expected, const wrt_mem_config *where, wrt_read_fn read) {
  wrt_image *image = POISON_POINTER;
  calls = 0;
  assert_status(expected, wrt_image_load(where, read, NULL, &image));
  assert_ptr_equal(image, POISON_POINTER);
  assert_int_equal(calls, 0);
}

static void this_release_does_not_support_it_and_reads_nothing(void **state) {
  tier *t = *state;
  const wrt_mem_config where = config_on(t, 0, ROOM);
  assert_refused(WRT_ERR_UNSUPPORTED, &where, count_calls);
  assert_refused(WRT_ERR_UNSUPPORTED, NULL, count_calls);
  assert_int_equal(t->heap.calls, 0);
}

static void null_pointers_are_invalid_arguments_before_unsupported(void **state) {
  tier *t = *state;
  const wrt_mem_config where = config_on(t, 0, ROOM);
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &where, NULL);
  assert_refused(WRT_ERR_INVALID_ARGUMENT, NULL, NULL);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_image_load(&where, count_calls, NULL, NULL));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_image_load(NULL, count_calls, NULL, NULL));
}

static void a_malformed_where_is_an_invalid_argument(void **state) {
  tier *t = *state;
  for (uint32_t size = 0; size < sizeof(wrt_mem_config); ++size) {
    wrt_mem_config where = config_on(t, 0, ROOM);
    where.struct_size = size;
    assert_refused(WRT_ERR_INVALID_ARGUMENT, &where, count_calls);
  }
  wrt_mem_config where = config_on(t, 0, ROOM);
  where.tier = 4;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &where, count_calls);
  where = config_on(t, 0, ROOM);
  where.reserved0 = 1;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &where, count_calls);
}

static void a_bad_pool_inside_where_is_refused_before_unsupported(void **state) {
  tier *t = *state;
  if (t->number != WRT_TIER_STATIC) skip();
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_POOL);
  for (size_t i = 0; i < bad.count; ++i) {
    wrt_mem_config where = config_on(t, 0, ROOM);
    where.pool = bad.values[i];
    assert_refused(WRT_ERR_INVALID_HANDLE, &where, count_calls);
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(this_release_does_not_support_it_and_reads_nothing),
      cmocka_unit_test(null_pointers_are_invalid_arguments_before_unsupported),
      cmocka_unit_test(a_malformed_where_is_an_invalid_argument),
      cmocka_unit_test(a_bad_pool_inside_where_is_refused_before_unsupported),
  };
  return RUN_ON_EACH_TIER("wrt_image_load", tests);
}
