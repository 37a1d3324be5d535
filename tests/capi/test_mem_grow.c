/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

enum { PAGE = 4096, MAX_PAGES = ROOM / PAGE };

static wrt_mem *make_pages(tier *t, uint64_t pages, uint64_t max_pages) {
  wrt_mem_config config = config_on(t, pages * PAGE, max_pages * PAGE);
  config.page_len = PAGE;
  return make_from(t, &config);
}

static void assert_refused(wrt_status expected, wrt_mem *mem, uint64_t delta) {
  snapshot before = take_snapshot(mem);
  uint64_t old_pages = POISON;
  assert_status(expected, wrt_mem_grow(mem, delta, &old_pages));
  assert_int_equal(old_pages, POISON);
  assert_unchanged(&before);
}

static void it_gives_the_old_length_in_pages_and_adds_zeros(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_pages(t, 0, MAX_PAGES);
  static const uint64_t deltas[] = {0, 1, 0, 2, 3, 5, 0, 5};
  uint64_t pages = 0;
  for (size_t i = 0; i < sizeof deltas / sizeof deltas[0]; ++i) {
    uint64_t old_pages = POISON;
    assert_ok(wrt_mem_grow(mem, deltas[i], &old_pages));
    assert_int_equal(old_pages, pages);
    assert_pattern(mem, 1, 0, pages * PAGE);
    assert_zeros(mem, pages * PAGE, deltas[i] * PAGE);
    pages += deltas[i];
    assert_int_equal(len_of(mem), pages * PAGE);
    put_pattern(mem, 1, 0, pages * PAGE);
  }
  assert_int_equal(pages, MAX_PAGES);
}

static void without_pages_it_counts_in_bytes(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 10, 100);
  uint64_t old_pages = POISON;
  assert_ok(wrt_mem_grow(mem, 90, &old_pages));
  assert_int_equal(old_pages, 10);
  assert_int_equal(len_of(mem), 100);
  assert_refused(WRT_ERR_LIMIT, mem, 1);
}

static void after_a_shrink_the_bytes_are_zero_again(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_pages(t, 4, MAX_PAGES);
  put_pattern(mem, 1, 0, 4 * PAGE);
  assert_ok(wrt_mem_resize(mem, PAGE));
  uint64_t old_pages = POISON;
  assert_ok(wrt_mem_grow(mem, 3, &old_pages));
  assert_int_equal(old_pages, 1);
  assert_pattern(mem, 1, 0, PAGE);
  assert_zeros(mem, PAGE, 3 * PAGE);
}

static void a_delta_of_zero_always_succeeds(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_pages(t, MAX_PAGES, MAX_PAGES);
  void *data = borrow(mem, 0, 1, WRT_BORROW_WRITE);
  heap_refuse_all(&t->heap);
  snapshot before = take_snapshot(mem);
  uint64_t old_pages = POISON;
  assert_ok(wrt_mem_grow(mem, 0, &old_pages));
  assert_int_equal(old_pages, MAX_PAGES);
  assert_unchanged(&before);
  heap_refuse_none(&t->heap);
  assert_ok(wrt_mem_release(mem, data, 1));
  assert_int_equal(stats_of(mem).resizes, 0);
}

static void more_than_the_max_is_beyond_the_limit(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_pages(t, 2, 5);
  static const uint64_t deltas[] = {4,
                                    5,
                                    MAX_PAGES,
                                    UINT64_C(1) << 32,
                                    UINT64_MAX / PAGE,
                                    UINT64_MAX / PAGE + 1,
                                    UINT64_C(1) << 63,
                                    UINT64_MAX - 1,
                                    UINT64_MAX};
  for (size_t i = 0; i < sizeof deltas / sizeof deltas[0]; ++i) assert_refused(WRT_ERR_LIMIT, mem, deltas[i]);
  uint64_t old_pages = POISON;
  assert_ok(wrt_mem_grow(mem, 3, &old_pages));
  assert_refused(WRT_ERR_LIMIT, mem, 1);
  assert_int_equal(stats_of(mem).resizes, 1);
  assert_int_equal(stats_of(mem).resize_failures, sizeof deltas / sizeof deltas[0] + 1);
}

static void the_budget_may_refuse(void **state) {
  tier *t = *state;
  wrt_budget *budget = make_budget(3 * PAGE, NULL);
  wrt_mem_config config = config_on(t, PAGE, ROOM);
  config.page_len = PAGE;
  config.budget = budget;
  wrt_mem *mem = make_from(t, &config);
  assert_refused(WRT_ERR_BUDGET, mem, 3);
  uint64_t old_pages = POISON;
  assert_ok(wrt_mem_grow(mem, 2, &old_pages));
  assert_int_equal(budget_info_of(budget).used, 3 * PAGE);
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_budget_destroy(budget));
}

static void a_borrow_makes_it_busy_save_on_a_stable_memory(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 100, ROOM);
    const int stable = (info_of(mem).flags & WRT_MEM_STABLE) != 0;
    void *data = borrow(mem, 0, 0, WRT_BORROW_READ);
    uint64_t old_pages = POISON;
    if (stable) {
      assert_ok(wrt_mem_grow(mem, 1, &old_pages));
    } else {
      assert_refused(WRT_ERR_BUSY, mem, 1);
    }
    assert_refused(WRT_ERR_LIMIT, mem, ROOM); /* before BUSY */
    assert_ok(wrt_mem_release(mem, data, 0));
    assert_ok(wrt_mem_grow(mem, 1, &old_pages));
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void an_allocator_that_refuses_changes_nothing(void **state) {
  tier *t = *state;
  if (t->source != HEAP && t->source != HEAP_WITHOUT_REALLOCATE) skip();
  wrt_mem *mem = make_pages(t, 1, MAX_PAGES);
  put_pattern(mem, 1, 0, PAGE);
  heap_refuse_all(&t->heap);
  assert_refused(WRT_ERR_OUT_OF_MEMORY, mem, MAX_PAGES - 1);
  heap_refuse_none(&t->heap);
  uint64_t old_pages = POISON;
  assert_ok(wrt_mem_grow(mem, MAX_PAGES - 1, &old_pages));
  assert_pattern(mem, 1, 0, PAGE);
}

static void a_null_out_is_an_invalid_argument_and_does_not_grow(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_pages(t, 1, MAX_PAGES);
  snapshot before = take_snapshot(mem);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_grow(mem, 1, NULL));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_grow(mem, 0, NULL));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_grow(mem, UINT64_MAX, NULL)); /* before LIMIT */
  assert_unchanged(&before);
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  uint64_t old_pages = POISON;
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_grow(bad.values[i], 0, &old_pages));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_grow(bad.values[i], UINT64_MAX, NULL)); /* before the arguments */
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_grow(NULL, 0, &old_pages));
  assert_int_equal(old_pages, POISON);
}

static void of_two_errors_the_first_in_the_order_is_returned(void **state) {
  tier *t = *state;
  wrt_budget *budget = make_budget(2 * PAGE, NULL);
  wrt_mem_config config = config_on(t, PAGE, ROOM);
  config.page_len = PAGE;
  config.budget = budget;
  wrt_mem *mem = make_from(t, &config);
  void *data = borrow(mem, 0, 1, WRT_BORROW_READ);
  heap_refuse_all(&t->heap);
  assert_refused(WRT_ERR_LIMIT, mem, MAX_PAGES);
  assert_refused(WRT_ERR_BUDGET, mem, 2);
  assert_refused(WRT_ERR_BUSY, mem, 1);
  heap_refuse_none(&t->heap);
  assert_int_equal(budget_info_of(budget).used, PAGE);
  assert_ok(wrt_mem_release(mem, data, 1));
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_budget_destroy(budget));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_gives_the_old_length_in_pages_and_adds_zeros),
      cmocka_unit_test(without_pages_it_counts_in_bytes),
      cmocka_unit_test(after_a_shrink_the_bytes_are_zero_again),
      cmocka_unit_test(a_delta_of_zero_always_succeeds),
      cmocka_unit_test(more_than_the_max_is_beyond_the_limit),
      cmocka_unit_test(the_budget_may_refuse),
      cmocka_unit_test(a_borrow_makes_it_busy_save_on_a_stable_memory),
      cmocka_unit_test(an_allocator_that_refuses_changes_nothing),
      cmocka_unit_test(a_null_out_is_an_invalid_argument_and_does_not_grow),
      cmocka_unit_test(a_bad_handle_is_refused),
      cmocka_unit_test(of_two_errors_the_first_in_the_order_is_returned),
  };
  return RUN_ON_EACH_TIER("wrt_mem_grow", tests);
}
