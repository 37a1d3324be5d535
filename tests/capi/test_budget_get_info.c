/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "out_struct.h"

static wrt_status get(void *context, void *out) { return wrt_budget_get_info(context, out); }

#define END(member) (offsetof(wrt_budget_info, member) + sizeof(((wrt_budget_info *)0)->member))
static out_struct of(wrt_budget *budget) {
  const out_struct s = {sizeof(wrt_budget_info),
                        {END(struct_size), END(reserved0), END(limit), END(used), END(peak), END(refused)},
                        6,
                        get,
                        budget};
  return s;
}

static void it_counts_used_peak_and_refused(void **state) {
  tier *t = *state;
  wrt_budget *budget = make_budget(1000, NULL);
  wrt_budget_info info = budget_info_of(budget);
  assert_int_equal(info.struct_size, sizeof info);
  assert_int_equal(info.reserved0, 0);
  assert_int_equal(info.limit, 1000);
  assert_int_equal(info.used, 0);
  assert_int_equal(info.peak, 0);
  assert_int_equal(info.refused, 0);

  wrt_mem_config config = config_on(t, 100, ROOM);
  config.budget = budget;
  wrt_mem *mem = make_from(t, &config);
  assert_ok(wrt_mem_resize(mem, 900));
  assert_ok(wrt_mem_resize(mem, 200));
  assert_status(WRT_ERR_BUDGET, wrt_mem_resize(mem, 1001));
  info = budget_info_of(budget);
  assert_int_equal(info.used, 200);
  assert_int_equal(info.peak, 900);
  assert_int_equal(info.refused, 1);
  assert_ok(wrt_mem_destroy(mem));
  info = budget_info_of(budget);
  assert_int_equal(info.used, 0);
  assert_int_equal(info.peak, 900);
  assert_ok(wrt_budget_destroy(budget));
}

static void it_counts_the_length_and_not_the_reservation(void **state) {
  tier *t = *state;
  wrt_budget *budget = make_budget(1000, NULL);
  wrt_mem_config config = config_on(t, 1, ROOM); /* the max alone would exceed it */
  config.budget = budget;
  wrt_mem *mem = make_from(t, &config);
  assert_int_equal(budget_info_of(budget).used, 1);
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_budget_destroy(budget));
}

static void smaller_structs_get_what_fits(void **state) {
  tier *t = *state;
  const out_struct s = of(t->bystander_budget);
  check_smaller_structs(&s);
}

static void larger_structs_get_a_zero_tail(void **state) {
  tier *t = *state;
  const out_struct s = of(t->bystander_budget);
  check_larger_structs(&s);
}

static void null_and_impossible_structs_are_invalid_arguments(void **state) {
  tier *t = *state;
  const out_struct s = of(t->bystander_budget);
  check_impossible_structs(&s);
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_BUDGET);
  for (size_t i = 0; i < bad.count; ++i) {
    const out_struct s = of(bad.values[i]);
    check_failure_writes_nothing(&s, WRT_ERR_INVALID_HANDLE);
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_budget_get_info(bad.values[i], NULL)); /* before the arguments */
  }
  const out_struct null = of(NULL);
  check_failure_writes_nothing(&null, WRT_ERR_INVALID_HANDLE);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_counts_used_peak_and_refused),
      cmocka_unit_test(it_counts_the_length_and_not_the_reservation),
      cmocka_unit_test(smaller_structs_get_what_fits),
      cmocka_unit_test(larger_structs_get_a_zero_tail),
      cmocka_unit_test(null_and_impossible_structs_are_invalid_arguments),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_budget_get_info", tests);
}
