/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void assert_refused(wrt_status expected, wrt_mem *mem, uint64_t new_len) {
  snapshot before = take_snapshot(mem);
  assert_status(expected, wrt_mem_resize(mem, new_len));
  assert_unchanged(&before);
}

static void growth_keeps_the_bytes_and_adds_zeros(void **state) {
  tier *t = *state;
  static const uint64_t lens[] = {0, 1, 2, 15, 16, 17, 63, 64, 65, 4095, 4096, 4097, 20000, ROOM - 1, ROOM};
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 0, ROOM);
    for (size_t i = 1; i < sizeof lens / sizeof lens[0]; ++i) {
      assert_ok(wrt_mem_resize(mem, lens[i]));
      assert_int_equal(len_of(mem), lens[i]);
      assert_pattern(mem, 2, 0, lens[i - 1]);
      assert_zeros(mem, lens[i - 1], lens[i] - lens[i - 1]);
      put_pattern(mem, 2, 0, lens[i]);
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void shrinking_keeps_the_rest_and_forgets_what_is_cut_off(void **state) {
  tier *t = *state;
  static const uint64_t lens[] = {ROOM - 1, 20000, 4097, 4096, 4095, 65, 64, 63, 17, 16, 1, 0};
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, ROOM, ROOM);
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; ++i) {
      put_pattern(mem, 3, 0, ROOM);
      assert_ok(wrt_mem_resize(mem, lens[i]));
      assert_int_equal(len_of(mem), lens[i]);
      assert_pattern(mem, 3, 0, lens[i]);
      assert_ok(wrt_mem_resize(mem, ROOM));
      assert_pattern(mem, 3, 0, lens[i]);
      assert_zeros(mem, lens[i], ROOM - lens[i]);
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void the_same_length_is_ok_and_nothing_else(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 3, 100, ROOM);
  put_pattern(mem, 1, 0, 100);
  void *data = borrow(mem, 0, 10, WRT_BORROW_WRITE); /* a change of length would be BUSY */
  heap_refuse_all(&t->heap);
  snapshot before = take_snapshot(mem);
  assert_ok(wrt_mem_resize(mem, 100));
  assert_unchanged(&before);
  heap_refuse_none(&t->heap);
  assert_ok(wrt_mem_release(mem, data, 10));
  assert_int_equal(stats_of(mem).resizes, 0);
  assert_int_equal(stats_of(mem).resize_failures, 0);
}

static void the_view_is_the_same_descriptor_and_current(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 0, ROOM);
  const wrt_view *view = view_of(mem);
  for (uint64_t len = 0; len <= ROOM; len += 8192) {
    assert_ok(wrt_mem_resize(mem, len));
    assert_ptr_equal(view_of(mem), view);
    assert_int_equal(view->len, len);
    assert_int_equal((uintptr_t)view->base % 16, 0);
    if (len > 0) assert_ok(wrt_mem_fill(mem, len - 1, 0x42, 1));
    if (len > 0) assert_int_equal(view->base[len - 1], 0x42);
  }
}

static void peak_and_resizes_are_counted(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  assert_ok(wrt_mem_resize(mem, 5000));
  assert_ok(wrt_mem_resize(mem, 10));
  assert_ok(wrt_mem_resize(mem, 10));
  assert_int_equal(info_of(mem).peak_len, 5000);
  assert_int_equal(stats_of(mem).resizes, 2);
  assert_status(WRT_ERR_LIMIT, wrt_mem_resize(mem, ROOM + 1));
  assert_int_equal(stats_of(mem).resize_failures, 1);
  assert_ok(wrt_mem_resize(mem, 4999));
  assert_int_equal(info_of(mem).peak_len, 5000);
  assert_ok(wrt_mem_resize(mem, 5001));
  assert_int_equal(info_of(mem).peak_len, 5001);
}

static void len_committed_capacity_and_max_stay_in_order(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 10, ROOM);
  static const uint64_t lens[] = {0, 5000, 1, ROOM, 40000, 0};
  for (size_t i = 0; i < sizeof lens / sizeof lens[0]; ++i) {
    assert_ok(wrt_mem_resize(mem, lens[i]));
    const wrt_mem_info info = info_of(mem);
    assert_true(info.len <= info.capacity);
    assert_true(info.len <= info.committed);
    assert_true(info.capacity <= info.max_len);
    if (t->number != WRT_TIER_STD) assert_true(info.committed <= info.capacity);
  }
}

static void a_length_that_is_no_multiple_of_the_page_is_misaligned(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 256, 4096);
  config.page_len = 256;
  wrt_mem *mem = make_from(t, &config);
  put_pattern(mem, 1, 0, 256);
  static const uint64_t lens[] = {1, 128, 255, 257, 511, 4095};
  for (size_t i = 0; i < sizeof lens / sizeof lens[0]; ++i) assert_refused(WRT_ERR_MISALIGNED, mem, lens[i]);
  assert_refused(WRT_ERR_MISALIGNED, mem, 4097); /* before LIMIT */
  assert_refused(WRT_ERR_MISALIGNED, mem, UINT64_MAX);
  assert_ok(wrt_mem_resize(mem, 4096));
  assert_ok(wrt_mem_resize(mem, 0));
}

static void a_length_above_the_max_is_beyond_the_limit(void **state) {
  tier *t = *state;
  static const uint64_t lens[] = {1001, 1002, ROOM, ROOM + 1, UINT64_C(1) << 32, UINT64_C(1) << 63, UINT64_MAX};
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 10, 1000);
    put_pattern(mem, 1, 0, 10);
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; ++i) assert_refused(WRT_ERR_LIMIT, mem, lens[i]);
    assert_ok(wrt_mem_resize(mem, 1000));
    assert_refused(WRT_ERR_LIMIT, mem, 1001);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void the_budget_is_charged_and_given_back_exactly(void **state) {
  tier *t = *state;
  wrt_budget *budget = make_budget(1000, NULL);
  wrt_mem_config config = config_on(t, 100, ROOM);
  config.budget = budget;
  wrt_mem *mem = make_from(t, &config);
  assert_ok(wrt_mem_resize(mem, 1000));
  assert_int_equal(budget_info_of(budget).used, 1000);
  assert_refused(WRT_ERR_BUDGET, mem, 1001);
  assert_refused(WRT_ERR_BUDGET, mem, ROOM);
  assert_int_equal(budget_info_of(budget).used, 1000);
  assert_int_equal(budget_info_of(budget).refused, 2);
  assert_ok(wrt_mem_resize(mem, 7));
  assert_int_equal(budget_info_of(budget).used, 7);
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_budget_destroy(budget));
}

static void any_borrow_makes_a_change_of_length_busy(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 1000, ROOM);
  put_pattern(mem, 1, 0, 1000);
  for (uint32_t access = WRT_BORROW_READ; access <= 3; ++access) {
    for (uint64_t n = 0; n <= 10; n += 10) {
      void *data = borrow(mem, 5, n, access);
      assert_refused(WRT_ERR_BUSY, mem, 999);
      assert_refused(WRT_ERR_BUSY, mem, 0);
      assert_refused(WRT_ERR_BUSY, mem, 1001);
      assert_refused(WRT_ERR_BUSY, mem, ROOM);
      assert_refused(WRT_ERR_LIMIT, mem, ROOM + 1); /* before BUSY */
      assert_ok(wrt_mem_release(mem, data, n));
    }
  }
  assert_ok(wrt_mem_resize(mem, ROOM));
}

static void a_stable_memory_grows_while_borrowed_but_does_not_shrink(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 2, 1000, ROOM);
  uint8_t *data = borrow(mem, 0, 1000, WRT_BORROW_WRITE);
  memset(data, 5, 1000);
  const uint8_t *base = view_of(mem)->base;
  assert_ok(wrt_mem_resize(mem, ROOM));
  assert_ptr_equal(view_of(mem)->base, base);
  assert_ptr_equal(base, data);
  assert_zeros(mem, 1000, ROOM - 1000);
  data[999] = 6;
  assert_int_equal(byte_at(mem, 999), 6);
  assert_refused(WRT_ERR_BUSY, mem, ROOM - 1);
  assert_refused(WRT_ERR_BUSY, mem, 1000);
  assert_ok(wrt_mem_release(mem, data, 1000));
  assert_ok(wrt_mem_resize(mem, 1));
}

static void an_allocator_that_refuses_growth_changes_nothing(void **state) {
  tier *t = *state;
  if (t->source != HEAP && t->source != HEAP_WITHOUT_REALLOCATE) skip();
  wrt_budget *budget = make_budget(ROOM, NULL);
  wrt_mem_config config = config_on(t, 100, ROOM);
  config.budget = budget;
  wrt_mem *mem = make_from(t, &config);
  put_pattern(mem, 1, 0, 100);
  heap_refuse_all(&t->heap);
  assert_refused(WRT_ERR_OUT_OF_MEMORY, mem, ROOM);
  assert_int_equal(budget_info_of(budget).used, 100);
  heap_refuse_none(&t->heap);
  assert_ok(wrt_mem_resize(mem, ROOM));
  assert_pattern(mem, 1, 0, 100);
  assert_zeros(mem, 100, ROOM - 100);
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_budget_destroy(budget));
}

static void shrinking_never_fails_for_memory(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, ROOM, ROOM);
  put_pattern(mem, 1, 0, ROOM);
  heap_refuse_all(&t->heap);
  static const uint64_t lens[] = {ROOM - 1, ROOM / 2, 5000, 17, 1, 0};
  for (size_t i = 0; i < sizeof lens / sizeof lens[0]; ++i) {
    assert_ok(wrt_mem_resize(mem, lens[i]));
    assert_pattern(mem, 1, 0, lens[i]);
  }
  heap_refuse_none(&t->heap);
  assert_ok(wrt_mem_resize(mem, ROOM));
  assert_zeros(mem, 0, ROOM);
}

static void if_the_geometric_request_is_refused_the_exact_one_is_tried(void **state) {
  tier *t = *state;
  if (t->source != HEAP && t->source != HEAP_WITHOUT_REALLOCATE) skip();
  wrt_mem *mem = make(t, 10000, ROOM);
  put_pattern(mem, 1, 0, 10000);
  t->heap.refuse_above = 10000 + 16 + 512; /* room for the length and a little more, not for half as much again */
  assert_ok(wrt_mem_resize(mem, 10016));
  heap_refuse_none(&t->heap);
  assert_pattern(mem, 1, 0, 10000);
  assert_zeros(mem, 10000, 16);
}

static void growing_page_by_page_costs_linear_work_in_all(void **state) {
  tier *t = *state;
  if (t->source != HEAP) skip();
  enum { PAGE = 4096, PAGES = 1024 };
  wrt_mem_config config = config_on(t, 0, (uint64_t)PAGE * PAGES);
  config.page_len = PAGE;
  wrt_mem *mem = make_from(t, &config);
  for (uint64_t pages = 1; pages <= PAGES; ++pages) assert_ok(wrt_mem_resize(mem, pages * PAGE));
  assert_true(t->heap.bytes_moved <= UINT64_C(4) * PAGE * PAGES);
  assert_true(t->heap.calls <= 64);
  assert_true(t->heap.largest_size <= (size_t)PAGE * PAGES + PAGE); /* never above the max but for the tier's own */
}

static void a_bad_handle_is_refused_before_everything(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_resize(bad.values[i], 0));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_resize(bad.values[i], UINT64_MAX));
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_resize(NULL, 0));
}

static void of_two_errors_the_first_in_the_order_is_returned(void **state) {
  tier *t = *state;
  wrt_budget *budget = make_budget(512, NULL);
  wrt_mem_config config = config_on(t, 256, 4096);
  config.page_len = 256;
  config.budget = budget;
  wrt_mem *mem = make_from(t, &config);
  void *data = borrow(mem, 0, 1, WRT_BORROW_READ);
  heap_refuse_all(&t->heap);
  assert_refused(WRT_ERR_MISALIGNED, mem, 4096 + 1);
  assert_refused(WRT_ERR_LIMIT, mem, 4096 + 256);
  assert_refused(WRT_ERR_BUDGET, mem, 768);
  assert_refused(WRT_ERR_BUSY, mem, 512);
  heap_refuse_none(&t->heap);
  assert_int_equal(budget_info_of(budget).used, 256);
  assert_ok(wrt_mem_release(mem, data, 1));
  assert_ok(wrt_mem_resize(mem, 512));
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_budget_destroy(budget));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(growth_keeps_the_bytes_and_adds_zeros),
      cmocka_unit_test(shrinking_keeps_the_rest_and_forgets_what_is_cut_off),
      cmocka_unit_test(the_same_length_is_ok_and_nothing_else),
      cmocka_unit_test(the_view_is_the_same_descriptor_and_current),
      cmocka_unit_test(peak_and_resizes_are_counted),
      cmocka_unit_test(len_committed_capacity_and_max_stay_in_order),
      cmocka_unit_test(a_length_that_is_no_multiple_of_the_page_is_misaligned),
      cmocka_unit_test(a_length_above_the_max_is_beyond_the_limit),
      cmocka_unit_test(the_budget_is_charged_and_given_back_exactly),
      cmocka_unit_test(any_borrow_makes_a_change_of_length_busy),
      cmocka_unit_test(a_stable_memory_grows_while_borrowed_but_does_not_shrink),
      cmocka_unit_test(an_allocator_that_refuses_growth_changes_nothing),
      cmocka_unit_test(shrinking_never_fails_for_memory),
      cmocka_unit_test(if_the_geometric_request_is_refused_the_exact_one_is_tried),
      cmocka_unit_test(growing_page_by_page_costs_linear_work_in_all),
      cmocka_unit_test(a_bad_handle_is_refused_before_everything),
      cmocka_unit_test(of_two_errors_the_first_in_the_order_is_returned),
  };
  return RUN_ON_EACH_TIER("wrt_mem_resize", tests);
}
