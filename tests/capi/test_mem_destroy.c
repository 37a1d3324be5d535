/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void null_is_ok(void **state) {
  (void)state;
  assert_ok(wrt_mem_destroy(NULL));
}

static void the_handle_is_dead_for_every_call_afterwards(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  assert_ok(wrt_mem_destroy(mem));
  uint64_t len = POISON;
  uint8_t byte = 1;
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_destroy(mem));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_len(mem, &len));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_read(mem, 0, &byte, 1));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_write(mem, 0, &byte, 1));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_resize(mem, 200));
  assert_int_equal(len, POISON);
  assert_int_equal(byte, 1);
}

static void another_memory_in_its_place_is_not_reached_by_the_old_handle(void **state) {
  tier *t = *state;
  wrt_mem *old = make(t, 100, ROOM);
  assert_ok(wrt_mem_destroy(old));
  wrt_mem *mem = make(t, 100, ROOM);
  assert_ptr_not_equal(mem, old);
  put_pattern(mem, 1, 0, 100);
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_fill(old, 0, 0, 100));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_destroy(old));
  assert_pattern(mem, 1, 0, 100);
}

static void everything_goes_back_to_the_allocator(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 3, 100, ROOM);
  assert_ok(wrt_mem_resize(mem, ROOM));
  assert_ok(wrt_mem_resize(mem, 5));
  assert_ok(wrt_mem_destroy(mem));
  assert_int_equal(t->heap.live_blocks, 0);
  assert_int_equal(t->heap.allocations, t->heap.deallocations);
}

static void the_slot_goes_back_to_the_pool(void **state) {
  tier *t = *state;
  if (t->source != POOL) skip();
  wrt_mem *mem = make(t, 100, ROOM);
  assert_int_equal(pool_info_of(t->pool).used, 1);
  assert_ok(wrt_mem_destroy(mem));
  assert_int_equal(pool_info_of(t->pool).used, 0);
  const wrt_mem_config config = config_on(t, 100, ROOM);
  for (int i = 0; i < 100 * POOL_SLOTS; ++i) {
    assert_ok(wrt_mem_create_config(&config, &mem));
    assert_ok(wrt_mem_destroy(mem));
  }
  assert_int_equal(pool_info_of(t->pool).peak, 1);
  assert_int_equal(pool_info_of(t->pool).refused, 0);
}

static void the_charge_goes_back_to_every_budget_above(void **state) {
  tier *t = *state;
  wrt_budget *parent = make_budget(10000, NULL);
  wrt_budget *child = make_budget(5000, parent);
  wrt_mem_config config = config_on(t, 100, ROOM);
  config.budget = child;
  wrt_mem *mem = make_from(t, &config);
  assert_ok(wrt_mem_resize(mem, 5000));
  assert_int_equal(budget_info_of(parent).used, 5000);
  assert_ok(wrt_mem_destroy(mem));
  assert_int_equal(budget_info_of(child).used, 0);
  assert_int_equal(budget_info_of(parent).used, 0);
  assert_ok(wrt_budget_destroy(child));
  assert_ok(wrt_budget_destroy(parent));
}

static void any_borrow_makes_it_busy(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 1000, ROOM);
    put_pattern(mem, 1, 0, 1000);
    for (uint32_t access = WRT_BORROW_READ; access <= 3; ++access) {
      for (uint64_t n = 0; n <= 10; n += 10) {
        void *data = borrow(mem, 5, n, access);
        snapshot before = take_snapshot(mem);
        assert_status(WRT_ERR_BUSY, wrt_mem_destroy(mem));
        assert_unchanged(&before);
        assert_ok(wrt_mem_release(mem, data, n));
      }
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  for (size_t i = 0; i < bad.count; ++i) assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_destroy(bad.values[i]));
}

static void handles_of_other_kinds_survive_the_attempt(void **state) {
  tier *t = *state;
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_destroy((wrt_mem *)(void *)t->bystander_pool));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_destroy((wrt_mem *)(void *)t->bystander_budget));
  assert_int_equal(pool_info_of(t->bystander_pool).used, 0);
  assert_int_equal(budget_info_of(t->bystander_budget).used, 0);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(null_is_ok),
      cmocka_unit_test(the_handle_is_dead_for_every_call_afterwards),
      cmocka_unit_test(another_memory_in_its_place_is_not_reached_by_the_old_handle),
      cmocka_unit_test(everything_goes_back_to_the_allocator),
      cmocka_unit_test(the_slot_goes_back_to_the_pool),
      cmocka_unit_test(the_charge_goes_back_to_every_budget_above),
      cmocka_unit_test(any_borrow_makes_it_busy),
      cmocka_unit_test(a_bad_handle_is_refused),
      cmocka_unit_test(handles_of_other_kinds_survive_the_attempt),
  };
  return RUN_ON_EACH_TIER("wrt_mem_destroy", tests);
}
