/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void it_passes_again_and_again(void **state) {
  (void)state;
  for (int i = 0; i < 10; ++i) assert_ok(wrt_selftest());
}

static void it_leaves_live_memories_alone(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, ROOM, ROOM);
  put_pattern(mem, 1, 0, ROOM);
  void *data = borrow(mem, 0, 10, WRT_BORROW_WRITE);
  snapshot before = take_snapshot(mem);
  assert_ok(wrt_selftest());
  assert_unchanged(&before);
  assert_ok(wrt_mem_release(mem, data, 10));
  assert_int_equal(pool_info_of(t->bystander_pool).used, 0);
}

static void it_passes_though_the_pool_is_full(void **state) {
  tier *t = *state;
  if (t->number != WRT_TIER_STATIC) skip();
  wrt_mem *mem = NULL;
  const wrt_mem_config config = config_on(t, 0, 16);
  while (t->made_count < MAX_MADE && wrt_mem_create_config(&config, &mem) == WRT_OK) adopt(t, mem);
  assert_ok(wrt_selftest());
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_passes_again_and_again),
      cmocka_unit_test(it_leaves_live_memories_alone),
      cmocka_unit_test(it_passes_though_the_pool_is_full),
  };
  return RUN_ON_EACH_TIER("wrt_selftest", tests);
}
