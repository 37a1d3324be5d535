/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static wrt_mem *clone_of(tier *t, const wrt_mem *mem) {
  wrt_mem *copy = NULL;
  assert_ok(wrt_mem_clone(mem, &copy));
  assert_non_null(copy);
  assert_ptr_not_equal(copy, mem);
  return adopt(t, copy);
}

static void assert_refused(wrt_status expected, const wrt_mem *mem) {
  snapshot before = take_snapshot(mem);
  wrt_mem *copy = POISON_POINTER;
  assert_status(expected, wrt_mem_clone(mem, &copy));
  assert_ptr_equal(copy, POISON_POINTER);
  assert_unchanged(&before);
}

static void the_clone_has_the_same_bytes_and_the_same_configuration(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 4096, ROOM);
  config.page_len = 1024;
  config.flags = WRT_MEM_TRACK | WRT_MEM_STABLE;
  config.verify = WRT_VERIFY_OFF;
  config.name = "the source";
  wrt_mem *mem = make_from(t, &config);
  assert_ok(wrt_mem_resize(mem, 8192));
  put_pattern(mem, 7, 0, 8192);
  wrt_mem *copy = clone_of(t, mem);
  const wrt_mem_info info = info_of(copy);
  assert_int_equal(info.tier, t->number);
  assert_int_equal(info.len, 8192);
  assert_int_equal(info.max_len, ROOM);
  assert_int_equal(info.page_len, 1024);
  assert_int_equal(info.flags, WRT_MEM_TRACK | WRT_MEM_STABLE);
  assert_int_equal(info.verify, WRT_VERIFY_OFF);
  assert_int_equal(info.base_stable, 1);
  assert_string_equal(info.name, "the source");
  assert_pattern(copy, 7, 0, 8192);
}

static void the_clone_is_deep_both_ways(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 4096, ROOM);
  put_pattern(mem, 1, 0, 4096);
  wrt_mem *copy = clone_of(t, mem);
  put_pattern(mem, 2, 0, 4096);
  assert_pattern(copy, 1, 0, 4096);
  put_pattern(copy, 3, 0, 4096);
  assert_pattern(mem, 2, 0, 4096);
  assert_ok(wrt_mem_resize(mem, 0));
  assert_int_equal(len_of(copy), 4096);
  assert_ok(wrt_mem_destroy(mem));
  assert_pattern(copy, 3, 0, 4096);
}

static void lengths_from_nothing_to_the_max_are_cloned(void **state) {
  tier *t = *state;
  static const uint64_t lens[] = {0, 1, 15, 16, 63, 64, 65, 4095, 4096, 4097, ROOM - 1, ROOM};
  for (size_t i = 0; i < sizeof lens / sizeof lens[0]; ++i) {
    wrt_mem *mem = make(t, lens[i], ROOM);
    put_pattern(mem, 9, 0, lens[i]);
    wrt_mem *copy = clone_of(t, mem);
    assert_int_equal(len_of(copy), lens[i]);
    assert_pattern(copy, 9, 0, lens[i]);
    assert_ok(wrt_mem_resize(copy, ROOM));
    assert_zeros(copy, lens[i], ROOM - lens[i]);
    assert_ok(wrt_mem_destroy(copy));
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void the_clone_begins_with_fresh_statistics(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 3, 4096, ROOM);
  put_pattern(mem, 1, 0, 4096);
  assert_ok(wrt_mem_resize(mem, 8192));
  assert_status(WRT_ERR_LIMIT, wrt_mem_resize(mem, ROOM + 1));
  wrt_mem *copy = clone_of(t, mem);
  const wrt_mem_stats stats = stats_of(copy);
  wrt_mem_stats zero;
  memset(&zero, 0, sizeof zero);
  zero.struct_size = sizeof zero;
  assert_memory_equal(&stats, &zero, sizeof stats);
  assert_int_equal(info_of(copy).peak_len, 8192);
}

static void the_clone_resets_to_what_its_source_resets_to(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 1000, ROOM);
  assert_ok(wrt_mem_resize(mem, 5000));
  put_pattern(mem, 4, 0, 5000);
  wrt_mem *copy = clone_of(t, mem);
  wrt_mem *copy_of_copy = clone_of(t, copy);
  assert_ok(wrt_mem_reset(copy_of_copy));
  assert_int_equal(len_of(copy_of_copy), 1000);
  assert_zeros(copy_of_copy, 0, 1000);
  assert_ok(wrt_mem_reset(copy));
  assert_int_equal(len_of(copy), 1000);
  assert_pattern(mem, 4, 0, 5000);
}

static void read_borrows_do_not_hinder_and_do_not_pass_to_the_clone(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  void *data = borrow(mem, 0, 100, WRT_BORROW_READ);
  wrt_mem *copy = clone_of(t, mem);
  assert_int_equal(info_of(copy).borrows, 0);
  assert_ok(wrt_mem_resize(copy, 200));
  assert_ok(wrt_mem_release(mem, data, 100));
}

static void a_write_borrow_makes_it_busy(void **state) {
  tier *t = *state;
  static const uint32_t access[] = {WRT_BORROW_WRITE, WRT_BORROW_READ | WRT_BORROW_WRITE};
  wrt_mem *mem = make(t, 100, ROOM);
  for (size_t i = 0; i < 2; ++i) {
    void *data = borrow(mem, 10, 20, access[i]);
    assert_refused(WRT_ERR_BUSY, mem);
    assert_ok(wrt_mem_release(mem, data, 20));
  }
  clone_of(t, mem);
}

static void the_clone_is_charged_to_the_same_budget(void **state) {
  tier *t = *state;
  wrt_budget *budget = make_budget(2500, NULL);
  wrt_mem_config config = config_on(t, 1000, ROOM);
  config.budget = budget;
  wrt_mem *mem = make_from(t, &config);
  wrt_mem *copy = clone_of(t, mem);
  assert_int_equal(budget_info_of(budget).used, 2000);
  assert_refused(WRT_ERR_BUDGET, mem);
  assert_int_equal(budget_info_of(budget).used, 2000);
  assert_ok(wrt_mem_destroy(mem));
  assert_int_equal(budget_info_of(budget).used, 1000);
  assert_ok(wrt_mem_destroy(copy));
  assert_ok(wrt_budget_destroy(budget));
}

static void a_full_pool_is_exhausted(void **state) {
  tier *t = *state;
  if (t->source != POOL) skip();
  wrt_mem *mem = NULL;
  for (int i = 0; i < POOL_SLOTS; ++i) mem = make(t, 100, 100);
  assert_refused(WRT_ERR_POOL_EXHAUSTED, mem);
}

static void an_allocator_that_refuses_is_out_of_memory_and_nothing_is_kept(void **state) {
  tier *t = *state;
  if (t->source != HEAP && t->source != HEAP_WITHOUT_REALLOCATE) skip();
  wrt_mem *mem = make_shape(t, 3, 5000, ROOM);
  const size_t live = t->heap.live_blocks;
  for (uint64_t nth = 1;; ++nth) {
    heap_refuse_next(&t->heap, nth);
    wrt_mem *copy = POISON_POINTER;
    const wrt_status status = wrt_mem_clone(mem, &copy);
    if (status == WRT_OK) {
      assert_true(nth > 1);
      adopt(t, copy);
      break;
    }
    assert_status(WRT_ERR_OUT_OF_MEMORY, status);
    assert_ptr_equal(copy, POISON_POINTER);
    assert_int_equal(t->heap.live_blocks, live);
  }
}

static void a_null_out_is_an_invalid_argument(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 10, 10);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_clone(mem, NULL));
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  wrt_mem *copy = POISON_POINTER;
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_clone(bad.values[i], &copy));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_clone(bad.values[i], NULL)); /* before the arguments */
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_clone(NULL, &copy));
  assert_ptr_equal(copy, POISON_POINTER);
}

static void of_two_errors_the_first_in_the_order_is_returned(void **state) {
  tier *t = *state;
  wrt_budget *budget = make_budget(100, NULL);
  wrt_mem_config config = config_on(t, 100, ROOM);
  config.budget = budget;
  wrt_mem *mem = make_from(t, &config);
  void *data = borrow(mem, 0, 1, WRT_BORROW_WRITE);
  heap_refuse_all(&t->heap);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_clone(mem, NULL));
  assert_refused(WRT_ERR_BUDGET, mem);
  assert_ok(wrt_mem_resize(mem, 100));
  assert_ok(wrt_mem_release(mem, data, 1));
  heap_refuse_none(&t->heap);
  assert_ok(wrt_mem_resize(mem, 50));
  data = borrow(mem, 0, 1, WRT_BORROW_WRITE);
  heap_refuse_all(&t->heap);
  assert_refused(WRT_ERR_BUSY, mem); /* before the resource */
  heap_refuse_none(&t->heap);
  assert_int_equal(budget_info_of(budget).used, 50);
  assert_ok(wrt_mem_release(mem, data, 1));
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_budget_destroy(budget));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_clone_has_the_same_bytes_and_the_same_configuration),
      cmocka_unit_test(the_clone_is_deep_both_ways),
      cmocka_unit_test(lengths_from_nothing_to_the_max_are_cloned),
      cmocka_unit_test(the_clone_begins_with_fresh_statistics),
      cmocka_unit_test(the_clone_resets_to_what_its_source_resets_to),
      cmocka_unit_test(read_borrows_do_not_hinder_and_do_not_pass_to_the_clone),
      cmocka_unit_test(a_write_borrow_makes_it_busy),
      cmocka_unit_test(the_clone_is_charged_to_the_same_budget),
      cmocka_unit_test(a_full_pool_is_exhausted),
      cmocka_unit_test(an_allocator_that_refuses_is_out_of_memory_and_nothing_is_kept),
      cmocka_unit_test(a_null_out_is_an_invalid_argument),
      cmocka_unit_test(a_bad_handle_is_refused),
      cmocka_unit_test(of_two_errors_the_first_in_the_order_is_returned),
  };
  return RUN_ON_EACH_TIER("wrt_mem_clone", tests);
}
