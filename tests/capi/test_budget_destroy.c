/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void null_is_ok(void **state) {
  (void)state;
  assert_ok(wrt_budget_destroy(NULL));
}

static void it_is_busy_while_a_memory_uses_it(void **state) {
  tier *t = *state;
  wrt_budget *budget = make_budget(1000, NULL);
  wrt_mem_config config = config_on(t, 0, ROOM);
  config.budget = budget;
  wrt_mem *mem = make_from(t, &config); /* of length 0, it charges nothing but may grow */
  assert_status(WRT_ERR_BUSY, wrt_budget_destroy(budget));
  assert_ok(wrt_mem_resize(mem, 1000));
  assert_status(WRT_ERR_BUSY, wrt_budget_destroy(budget));
  assert_int_equal(budget_info_of(budget).used, 1000);
  wrt_mem *copy = NULL;
  assert_ok(wrt_mem_resize(mem, 10));
  assert_ok(wrt_mem_clone(mem, &copy));
  assert_ok(wrt_mem_destroy(mem));
  assert_status(WRT_ERR_BUSY, wrt_budget_destroy(budget));
  assert_ok(wrt_mem_destroy(copy));
  assert_ok(wrt_budget_destroy(budget));
}

static void it_is_busy_while_a_child_lives(void **state) {
  (void)state;
  wrt_budget *parent = make_budget(1000, NULL);
  wrt_budget *first = make_budget(10, parent);
  wrt_budget *second = make_budget(10, parent);
  assert_status(WRT_ERR_BUSY, wrt_budget_destroy(parent));
  assert_ok(wrt_budget_destroy(first));
  assert_status(WRT_ERR_BUSY, wrt_budget_destroy(parent));
  assert_ok(wrt_budget_destroy(second));
  assert_ok(wrt_budget_destroy(parent));
}

static void a_memory_whose_creation_failed_does_not_hold_it(void **state) {
  tier *t = *state;
  wrt_budget *budget = make_budget(10, NULL);
  wrt_mem_config config = config_on(t, 11, ROOM);
  config.budget = budget;
  wrt_mem *mem = POISON_POINTER;
  assert_status(WRT_ERR_BUDGET, wrt_mem_create_config(&config, &mem));
  config.initial_len = ROOM + 1;
  assert_status(WRT_ERR_LIMIT, wrt_mem_create_config(&config, &mem));
  if (t->source == HEAP) {
    config.initial_len = 5;
    heap_refuse_all(&t->heap);
    assert_status(WRT_ERR_OUT_OF_MEMORY, wrt_mem_create_config(&config, &mem));
    heap_refuse_none(&t->heap);
  }
  assert_ok(wrt_budget_destroy(budget));
}

static void the_handle_is_dead_afterwards(void **state) {
  (void)state;
  wrt_budget *budget = make_budget(10, NULL);
  assert_ok(wrt_budget_destroy(budget));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_budget_destroy(budget));
  wrt_budget *next = make_budget(10, NULL);
  assert_ptr_not_equal(next, budget);
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_budget_destroy(budget));
  assert_ok(wrt_budget_destroy(next));
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_BUDGET);
  for (size_t i = 0; i < bad.count; ++i) assert_status(WRT_ERR_INVALID_HANDLE, wrt_budget_destroy(bad.values[i]));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(null_is_ok),
      cmocka_unit_test(it_is_busy_while_a_memory_uses_it),
      cmocka_unit_test(it_is_busy_while_a_child_lives),
      cmocka_unit_test(a_memory_whose_creation_failed_does_not_hold_it),
      cmocka_unit_test(the_handle_is_dead_afterwards),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_budget_destroy", tests);
}
