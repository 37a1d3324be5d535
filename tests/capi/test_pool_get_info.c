/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "out_struct.h"

static wrt_status get(void *context, void *out) { return wrt_pool_get_info(context, out); }

#define END(member) (offsetof(wrt_pool_info, member) + sizeof(((wrt_pool_info *)0)->member))
static out_struct of(wrt_pool *pool) {
  const out_struct s = {
      sizeof(wrt_pool_info),
      {END(struct_size), END(reserved0), END(slot_len), END(slots), END(used), END(peak), END(refused)},
      7,
      get,
      pool};
  return s;
}

static void it_counts_slots_used_peak_and_refused(void **state) {
  tier *t = *state;
  wrt_pool_info info = pool_info_of(t->pool);
  assert_int_equal(info.struct_size, sizeof info);
  assert_int_equal(info.reserved0, 0);
  assert_int_equal(info.slot_len, ROOM);
  assert_true(info.slots >= POOL_SLOTS);
  assert_int_equal(info.used, 0);
  assert_int_equal(info.peak, 0);
  assert_int_equal(info.refused, 0);

  const uint64_t slots = info.slots;
  wrt_mem *last = NULL;
  for (uint64_t used = 1; used <= slots; ++used) {
    last = make(t, 0, 16);
    assert_int_equal(pool_info_of(t->pool).used, used);
    assert_int_equal(pool_info_of(t->pool).peak, used);
  }
  const wrt_mem_config config = config_on(t, 0, 16);
  wrt_mem *none = POISON_POINTER;
  for (uint64_t refused = 1; refused <= 3; ++refused) {
    assert_status(WRT_ERR_POOL_EXHAUSTED, wrt_mem_create_config(&config, &none));
    assert_int_equal(pool_info_of(t->pool).refused, refused);
  }
  assert_ok(wrt_mem_destroy(last));
  info = pool_info_of(t->pool);
  assert_int_equal(info.used, slots - 1);
  assert_int_equal(info.peak, slots);
  assert_int_equal(info.refused, 3);
}

static void a_clone_takes_a_slot_too(void **state) {
  tier *t = *state;
  wrt_mem *copy = NULL;
  assert_ok(wrt_mem_clone(make(t, 10, 16), &copy));
  adopt(t, copy);
  assert_int_equal(pool_info_of(t->pool).used, 2);
}

static void smaller_structs_get_what_fits(void **state) {
  tier *t = *state;
  make(t, 0, 16);
  const out_struct s = of(t->pool);
  check_smaller_structs(&s);
}

static void larger_structs_get_a_zero_tail(void **state) {
  tier *t = *state;
  make(t, 0, 16);
  const out_struct s = of(t->pool);
  check_larger_structs(&s);
}

static void null_and_impossible_structs_are_invalid_arguments(void **state) {
  tier *t = *state;
  const out_struct s = of(t->pool);
  check_impossible_structs(&s);
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_POOL);
  for (size_t i = 0; i < bad.count; ++i) {
    const out_struct s = of(bad.values[i]);
    check_failure_writes_nothing(&s, WRT_ERR_INVALID_HANDLE);
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_pool_get_info(bad.values[i], NULL)); /* before the arguments */
  }
  const out_struct null = of(NULL);
  check_failure_writes_nothing(&null, WRT_ERR_INVALID_HANDLE);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_counts_slots_used_peak_and_refused),
      cmocka_unit_test(a_clone_takes_a_slot_too),
      cmocka_unit_test(smaller_structs_get_what_fits),
      cmocka_unit_test(larger_structs_get_a_zero_tail),
      cmocka_unit_test(null_and_impossible_structs_are_invalid_arguments),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_POOL("wrt_pool_get_info", tests);
}
