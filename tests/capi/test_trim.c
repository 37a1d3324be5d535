/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void with_nothing_to_give_back_it_is_ok(void **state) {
  (void)state;
  for (int i = 0; i < 10; ++i) assert_ok(wrt_trim());
}

static void live_memories_stay_as_they_are(void **state) {
  tier *t = *state;
  wrt_mem *kept = make(t, ROOM, ROOM);
  put_pattern(kept, 1, 0, ROOM);
  const wrt_view *view = view_of(kept);
  const uint8_t *base = view->base;
  void *data = borrow(kept, 0, 10, WRT_BORROW_READ);
  for (int i = 0; i < 5; ++i) {
    wrt_mem *gone = make(t, ROOM, ROOM);
    put_pattern(gone, 2, 0, ROOM);
    assert_ok(wrt_mem_destroy(gone));
  }
  assert_ok(wrt_trim());
  assert_pattern(kept, 1, 0, ROOM);
  assert_ptr_equal(view_of(kept), view);
  assert_ptr_equal(view->base, base);
  assert_ok(wrt_mem_release(kept, data, 10));
}

static void afterwards_memories_are_made_as_before(void **state) {
  tier *t = *state;
  for (int round = 0; round < 20; ++round) {
    wrt_mem *mem[3];
    for (int i = 0; i < 3; ++i) {
      mem[i] = make(t, 0, ROOM);
      assert_ok(wrt_mem_resize(mem[i], ROOM));
      assert_zeros(mem[i], 0, ROOM);
      put_pattern(mem[i], (uint8_t)i, 0, ROOM);
    }
    for (int i = 0; i < 3; ++i) assert_ok(wrt_mem_destroy(mem[i]));
    assert_ok(wrt_trim());
  }
}

static void destroyed_handles_stay_dead(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_trim());
  uint64_t len = POISON;
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_len(mem, &len));
  make(t, 100, ROOM);
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_len(mem, &len));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(with_nothing_to_give_back_it_is_ok),
      cmocka_unit_test(live_memories_stay_as_they_are),
      cmocka_unit_test(afterwards_memories_are_made_as_before),
      cmocka_unit_test(destroyed_handles_stay_dead),
  };
  return RUN_ON_EACH_TIER("wrt_trim", tests);
}
