/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void assert_refused(wrt_status expected, wrt_mem *mem) {
  snapshot before = take_snapshot(mem);
  assert_status(expected, wrt_mem_reset(mem));
  assert_unchanged(&before);
}

static void it_goes_back_to_the_initial_length_in_zeros(void **state) {
  tier *t = *state;
  static const uint64_t lens[] = {0, 1, 999, 1000, 1001, 4096, ROOM};
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 1000, ROOM);
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; ++i) {
      assert_ok(wrt_mem_resize(mem, lens[i]));
      put_pattern(mem, 1, 0, lens[i]);
      assert_ok(wrt_mem_reset(mem));
      assert_int_equal(len_of(mem), 1000);
      assert_zeros(mem, 0, 1000);
      assert_ok(wrt_mem_resize(mem, ROOM));
      assert_zeros(mem, 0, ROOM);
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_memory_that_began_empty_is_empty_again(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 0, ROOM);
  assert_ok(wrt_mem_reset(mem));
  assert_ok(wrt_mem_resize(mem, ROOM));
  put_pattern(mem, 1, 0, ROOM);
  assert_ok(wrt_mem_reset(mem));
  assert_int_equal(len_of(mem), 0);
}

static void the_view_stays_the_same_descriptor_and_is_current(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 1000, ROOM);
  const wrt_view *view = view_of(mem);
  assert_ok(wrt_mem_resize(mem, 2000));
  assert_ok(wrt_mem_reset(mem));
  assert_ptr_equal(view_of(mem), view);
  assert_int_equal(view->len, 1000);
  view->base[999] = 77;
  assert_int_equal(byte_at(mem, 999), 77);
}

static void configuration_and_handle_stay(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 512, 4096);
  config.page_len = 512;
  config.name = "stays";
  wrt_mem *mem = make_from(t, &config);
  assert_ok(wrt_mem_set_verify(mem, WRT_VERIFY_OFF));
  assert_ok(wrt_mem_reset(mem));
  const wrt_mem_info info = info_of(mem);
  assert_int_equal(info.max_len, 4096);
  assert_int_equal(info.page_len, 512);
  assert_int_equal(info.verify, WRT_VERIFY_OFF);
  assert_string_equal(info.name, "stays");
}

static void the_budget_follows_and_may_refuse(void **state) {
  tier *t = *state;
  wrt_budget *budget = make_budget(1500, NULL);
  wrt_mem_config config = config_on(t, 1000, ROOM);
  config.budget = budget;
  wrt_mem *mem = make_from(t, &config);
  assert_ok(wrt_mem_resize(mem, 1500));
  assert_ok(wrt_mem_reset(mem));
  assert_int_equal(budget_info_of(budget).used, 1000);

  assert_ok(wrt_mem_resize(mem, 100));
  put_pattern(mem, 1, 0, 100);
  config.initial_len = 501;
  wrt_mem *other = make_from(t, &config);
  assert_refused(WRT_ERR_BUDGET, mem); /* 601 used, 900 more are not left */
  assert_int_equal(budget_info_of(budget).used, 601);
  assert_ok(wrt_mem_resize(other, 500));
  assert_ok(wrt_mem_reset(mem));
  assert_int_equal(budget_info_of(budget).used, 1500);
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_mem_destroy(other));
  assert_ok(wrt_budget_destroy(budget));
}

static void any_borrow_makes_it_busy(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 1000, ROOM);
    put_pattern(mem, 1, 0, 1000);
    for (uint32_t access = WRT_BORROW_READ; access <= 3; ++access) {
      for (uint64_t n = 0; n <= 10; n += 10) {
        void *data = borrow(mem, 5, n, access);
        assert_refused(WRT_ERR_BUSY, mem);
        assert_ok(wrt_mem_release(mem, data, n));
      }
    }
    assert_ok(wrt_mem_reset(mem));
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void an_allocator_that_refuses_changes_nothing(void **state) {
  tier *t = *state;
  if (t->source != HEAP && t->source != HEAP_WITHOUT_REALLOCATE) skip();
  wrt_mem *mem = make(t, ROOM, ROOM);
  assert_ok(wrt_mem_resize(mem, 10));
  put_pattern(mem, 1, 0, 10);
  snapshot before = take_snapshot(mem);
  heap_refuse_all(&t->heap);
  const wrt_status status = wrt_mem_reset(mem);
  heap_refuse_none(&t->heap);
  if (status == WRT_OK) { /* the block had been kept whole */
    assert_int_equal(len_of(mem), ROOM);
    assert_zeros(mem, 0, ROOM);
    free(before.bytes);
    return;
  }
  assert_status(WRT_ERR_OUT_OF_MEMORY, status);
  assert_unchanged(&before);
  assert_ok(wrt_mem_reset(mem));
  assert_zeros(mem, 0, ROOM);
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  for (size_t i = 0; i < bad.count; ++i) assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_reset(bad.values[i]));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_reset(NULL));
}

static void the_budget_is_asked_before_the_borrows(void **state) {
  tier *t = *state;
  wrt_budget *budget = make_budget(1000, NULL);
  wrt_mem_config config = config_on(t, 1000, ROOM);
  config.budget = budget;
  wrt_mem *mem = make_from(t, &config);
  assert_ok(wrt_mem_resize(mem, 100));
  config.initial_len = 800;
  wrt_mem *other = make_from(t, &config);
  void *data = borrow(mem, 0, 0, WRT_BORROW_READ);
  assert_refused(WRT_ERR_BUDGET, mem);
  assert_ok(wrt_mem_destroy(other));
  assert_refused(WRT_ERR_BUSY, mem);
  assert_int_equal(budget_info_of(budget).used, 100);
  assert_ok(wrt_mem_release(mem, data, 0));
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_budget_destroy(budget));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_goes_back_to_the_initial_length_in_zeros),
      cmocka_unit_test(a_memory_that_began_empty_is_empty_again),
      cmocka_unit_test(the_view_stays_the_same_descriptor_and_is_current),
      cmocka_unit_test(configuration_and_handle_stay),
      cmocka_unit_test(the_budget_follows_and_may_refuse),
      cmocka_unit_test(any_borrow_makes_it_busy),
      cmocka_unit_test(an_allocator_that_refuses_changes_nothing),
      cmocka_unit_test(a_bad_handle_is_refused),
      cmocka_unit_test(the_budget_is_asked_before_the_borrows),
  };
  return RUN_ON_EACH_TIER("wrt_mem_reset", tests);
}
