/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static wrt_mem_config config_under(tier *t, uint64_t initial_len, wrt_budget *budget) {
  wrt_mem_config config = config_on(t, initial_len, ROOM);
  config.budget = budget;
  return config;
}

static void one_budget_bounds_many_memories(void **state) {
  tier *t = *state;
  wrt_budget *budget = make_budget(1000, NULL);
  const wrt_mem_config config = config_under(t, 300, budget);
  wrt_mem *mem[3];
  for (int i = 0; i < 3; ++i) mem[i] = make_from(t, &config);
  wrt_mem *none = POISON_POINTER;
  assert_status(WRT_ERR_BUDGET, wrt_mem_create_config(&config, &none));
  assert_ptr_equal(none, POISON_POINTER);
  assert_ok(wrt_mem_resize(mem[0], 400));
  assert_status(WRT_ERR_BUDGET, wrt_mem_resize(mem[1], 301));
  assert_ok(wrt_mem_resize(mem[0], 0));
  assert_ok(wrt_mem_resize(mem[1], 700));
  assert_int_equal(budget_info_of(budget).used, 1000);
  for (int i = 0; i < 3; ++i) assert_ok(wrt_mem_destroy(mem[i]));
  assert_int_equal(budget_info_of(budget).used, 0);
  assert_ok(wrt_budget_destroy(budget));
}

static void a_child_is_bounded_by_its_parents_too(void **state) {
  tier *t = *state;
  wrt_budget *top = make_budget(1000, NULL);
  wrt_budget *middle = make_budget(5000, top);
  wrt_budget *left = make_budget(600, middle);
  wrt_budget *right = make_budget(UINT64_MAX, middle);
  const wrt_mem_config in_left = config_under(t, 500, left);
  const wrt_mem_config in_right = config_under(t, 500, right);
  wrt_mem *a = make_from(t, &in_left);
  wrt_mem *b = make_from(t, &in_right);
  assert_int_equal(budget_info_of(top).used, 1000);
  assert_int_equal(budget_info_of(middle).used, 1000);
  assert_int_equal(budget_info_of(left).used, 500);
  assert_int_equal(budget_info_of(right).used, 500);
  assert_status(WRT_ERR_BUDGET, wrt_mem_resize(b, 501)); /* by the top */
  assert_ok(wrt_mem_resize(b, 100));
  assert_status(WRT_ERR_BUDGET, wrt_mem_resize(a, 601)); /* by left */
  assert_ok(wrt_mem_resize(a, 600));
  assert_int_equal(budget_info_of(top).used, 700);
  assert_int_equal(budget_info_of(middle).used, 700);
  assert_ok(wrt_mem_destroy(a));
  assert_ok(wrt_mem_destroy(b));
  assert_int_equal(budget_info_of(top).used, 0);
  assert_ok(wrt_budget_destroy(left));
  assert_ok(wrt_budget_destroy(right));
  assert_ok(wrt_budget_destroy(middle));
  assert_ok(wrt_budget_destroy(top));
}

static void a_child_alone_charges_nothing(void **state) {
  (void)state;
  wrt_budget *parent = make_budget(10, NULL);
  wrt_budget *child = make_budget(1000, parent);
  assert_int_equal(budget_info_of(parent).used, 0);
  assert_int_equal(budget_info_of(child).limit, 1000);
  assert_ok(wrt_budget_destroy(child));
  assert_ok(wrt_budget_destroy(parent));
}

static void limits_from_nothing_to_everything_are_kept(void **state) {
  tier *t = *state;
  wrt_budget *nothing = make_budget(0, NULL);
  wrt_budget *everything = make_budget(UINT64_MAX, NULL);
  wrt_mem_config config = config_under(t, 0, nothing);
  wrt_mem *empty = make_from(t, &config);
  assert_status(WRT_ERR_BUDGET, wrt_mem_resize(empty, 1));
  config = config_under(t, ROOM, everything);
  wrt_mem *full = make_from(t, &config);
  assert_int_equal(budget_info_of(everything).limit, UINT64_MAX);
  assert_int_equal(budget_info_of(everything).used, ROOM);
  assert_ok(wrt_mem_destroy(empty));
  assert_ok(wrt_mem_destroy(full));
  assert_ok(wrt_budget_destroy(nothing));
  assert_ok(wrt_budget_destroy(everything));
}

static void a_chain_of_twenty_budgets_is_charged_and_given_back_whole(void **state) {
  tier *t = *state;
  enum { DEPTH = 20 };
  wrt_budget *chain[DEPTH];
  chain[0] = make_budget(100, NULL); /* the tightest is the last to be asked */
  for (int i = 1; i < DEPTH; ++i) chain[i] = make_budget(100 + (uint64_t)i, chain[i - 1]);
  wrt_mem_config config = config_under(t, 100, chain[DEPTH - 1]);
  wrt_mem *mem = make_from(t, &config);
  assert_status(WRT_ERR_BUDGET, wrt_mem_resize(mem, 101));
  for (int i = 0; i < DEPTH; ++i) assert_int_equal(budget_info_of(chain[i]).used, 100);
  assert_ok(wrt_mem_resize(mem, 1));
  for (int i = 0; i < DEPTH; ++i) assert_int_equal(budget_info_of(chain[i]).used, 1);
  assert_ok(wrt_mem_destroy(mem));
  for (int i = DEPTH - 1; i >= 0; --i) {
    assert_int_equal(budget_info_of(chain[i]).used, 0);
    assert_ok(wrt_budget_destroy(chain[i]));
  }
}

static void a_null_out_is_an_invalid_argument(void **state) {
  tier *t = *state;
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_budget_create(100, NULL, NULL));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_budget_create(100, t->bystander_budget, NULL));
}

static void a_bad_parent_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_BUDGET);
  wrt_budget *budget = POISON_POINTER;
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_budget_create(100, bad.values[i], &budget));
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_budget_create(100, bad.values[i], NULL)); /* before handles inside */
  }
  assert_ptr_equal(budget, POISON_POINTER);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_budget_bounds_many_memories),
      cmocka_unit_test(a_child_is_bounded_by_its_parents_too),
      cmocka_unit_test(a_child_alone_charges_nothing),
      cmocka_unit_test(limits_from_nothing_to_everything_are_kept),
      cmocka_unit_test(a_chain_of_twenty_budgets_is_charged_and_given_back_whole),
      cmocka_unit_test(a_null_out_is_an_invalid_argument),
      cmocka_unit_test(a_bad_parent_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_budget_create", tests);
}
