/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void null_is_ok(void **state) {
  (void)state;
  assert_ok(wrt_pool_destroy(NULL));
}

static void it_is_busy_while_a_slot_is_in_use(void **state) {
  tier *t = *state;
  wrt_mem *a = make(t, 100, ROOM);
  wrt_mem *b = make(t, 0, 0);
  put_pattern(a, 1, 0, 100);
  assert_status(WRT_ERR_BUSY, wrt_pool_destroy(t->pool));
  assert_pattern(a, 1, 0, 100);
  assert_int_equal(pool_info_of(t->pool).used, 2);
  assert_ok(wrt_mem_destroy(a));
  assert_status(WRT_ERR_BUSY, wrt_pool_destroy(t->pool));
  a = make(t, ROOM, ROOM); /* still works */
  assert_ok(wrt_mem_destroy(a));
  assert_ok(wrt_mem_destroy(b));
  assert_int_equal(pool_info_of(t->pool).used, 0);
}

static void the_handle_is_dead_afterwards(void **state) {
  tier *t = *state;
  static uint8_t storage[WRT_POOL_STORAGE_LEN(64, 1)];
  wrt_pool *pool = NULL;
  assert_ok(wrt_pool_create(storage, sizeof storage, 64, &pool));
  assert_ok(wrt_pool_destroy(pool));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_pool_destroy(pool));
  wrt_pool_info info;
  info.struct_size = sizeof info;
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_pool_get_info(pool, &info));
  wrt_mem_config config = config_on(t, 0, 16);
  config.pool = pool;
  wrt_mem *mem = POISON_POINTER;
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_create_config(&config, &mem));
  assert_ptr_equal(mem, POISON_POINTER);
}

static void the_storage_belongs_to_the_caller_again(void **state) {
  (void)state;
  static uint8_t storage[WRT_POOL_STORAGE_LEN(64, 2)];
  wrt_pool *pool = NULL;
  assert_ok(wrt_pool_create(storage, sizeof storage, 64, &pool));
  assert_ok(wrt_pool_destroy(pool));
  memset(storage, 0x5C, sizeof storage);
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_pool_destroy(pool));
  assert_ok(wrt_trim());
  assert_all_bytes(storage, 0x5C, sizeof storage);
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_POOL);
  for (size_t i = 0; i < bad.count; ++i) assert_status(WRT_ERR_INVALID_HANDLE, wrt_pool_destroy(bad.values[i]));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(null_is_ok),
      cmocka_unit_test(it_is_busy_while_a_slot_is_in_use),
      cmocka_unit_test(the_handle_is_dead_afterwards),
      cmocka_unit_test(the_storage_belongs_to_the_caller_again),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_POOL("wrt_pool_destroy", tests);
}
