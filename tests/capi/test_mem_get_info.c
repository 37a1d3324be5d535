/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "out_struct.h"

static wrt_status get(void *context, void *out) { return wrt_mem_get_info(context, out); }

#define END(member) (offsetof(wrt_mem_info, member) + sizeof(((wrt_mem_info *)0)->member))
static out_struct of(wrt_mem *mem) {
  const out_struct s = {sizeof(wrt_mem_info),
                        {END(struct_size), END(tier), END(flags), END(verify), END(len), END(max_len), END(page_len),
                         END(capacity), END(committed), END(peak_len), END(borrows), END(base_stable), END(name)},
                        13,
                        get,
                        mem};
  return s;
}

static void it_says_what_the_memory_is(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 1024, 8192);
  config.page_len = 512;
  config.flags = WRT_MEM_TRACK;
  config.verify = WRT_VERIFY_OFF;
  config.name = "guest 7";
  wrt_mem *mem = make_from(t, &config);
  wrt_mem_info info = info_of(mem);
  assert_int_equal(info.struct_size, sizeof info);
  assert_int_equal(info.tier, t->number);
  assert_int_equal(info.flags, WRT_MEM_TRACK);
  assert_int_equal(info.verify, WRT_VERIFY_OFF);
  assert_int_equal(info.len, 1024);
  assert_int_equal(info.max_len, 8192);
  assert_int_equal(info.page_len, 512);
  assert_int_equal(info.peak_len, 1024);
  assert_int_equal(info.borrows, 0);
  assert_string_equal(info.name, "guest 7");
  assert_all_bytes(info.name + 7, 0, sizeof info.name - 7);

  assert_ok(wrt_mem_resize(mem, 4096));
  assert_ok(wrt_mem_resize(mem, 512));
  assert_ok(wrt_mem_set_verify(mem, WRT_VERIFY_BASIC));
  info = info_of(mem);
  assert_int_equal(info.len, 512);
  assert_int_equal(info.peak_len, 4096);
  assert_int_equal(info.verify, WRT_VERIFY_BASIC);
}

static void lengths_are_in_order(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    static const uint64_t lens[] = {0, 1, 5000, ROOM, 3};
    wrt_mem *mem = make_shape(t, shape, 10, ROOM);
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; ++i) {
      assert_ok(wrt_mem_resize(mem, lens[i]));
      const wrt_mem_info info = info_of(mem);
      assert_true(info.len <= info.committed);
      assert_true(info.len <= info.capacity);
      assert_true(info.capacity <= info.max_len);
      assert_true(info.len <= info.peak_len);
      if (t->number != WRT_TIER_STD) assert_true(info.committed <= info.capacity);
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void within_the_capacity_the_base_does_not_move(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 10, ROOM);
  const wrt_mem_info info = info_of(mem);
  const uint8_t *base = view_of(mem)->base;
  assert_ok(wrt_mem_resize(mem, info.capacity));
  assert_ptr_equal(view_of(mem)->base, base);
}

static void a_stable_base_is_called_stable_and_stays(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 0, ROOM);
    const wrt_mem_info info = info_of(mem);
    assert_true(info.base_stable == 0 || info.base_stable == 1);
    if (info.flags & WRT_MEM_STABLE) assert_int_equal(info.base_stable, 1);
    const uint8_t *base = view_of(mem)->base;
    assert_ok(wrt_mem_resize(mem, ROOM));
    if (info.base_stable) assert_ptr_equal(view_of(mem)->base, base);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_slot_is_a_stable_base(void **state) {
  tier *t = *state;
  if (t->number != WRT_TIER_STATIC) skip();
  assert_int_equal(info_of(make(t, 0, ROOM)).base_stable, 1);
}

static void smaller_structs_get_what_fits(void **state) {
  tier *t = *state;
  const out_struct s = of(make_shape(t, 3, 100, ROOM));
  check_smaller_structs(&s);
}

static void larger_structs_get_a_zero_tail(void **state) {
  tier *t = *state;
  const out_struct s = of(make_shape(t, 3, 100, ROOM));
  check_larger_structs(&s);
}

static void null_and_impossible_structs_are_invalid_arguments(void **state) {
  tier *t = *state;
  const out_struct s = of(make(t, 100, ROOM));
  check_impossible_structs(&s);
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  for (size_t i = 0; i < bad.count; ++i) {
    const out_struct s = of(bad.values[i]);
    check_failure_writes_nothing(&s, WRT_ERR_INVALID_HANDLE);
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_get_info(bad.values[i], NULL)); /* before the arguments */
  }
  const out_struct null = of(NULL);
  check_failure_writes_nothing(&null, WRT_ERR_INVALID_HANDLE);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_says_what_the_memory_is),
      cmocka_unit_test(lengths_are_in_order),
      cmocka_unit_test(within_the_capacity_the_base_does_not_move),
      cmocka_unit_test(a_stable_base_is_called_stable_and_stays),
      cmocka_unit_test(a_slot_is_a_stable_base),
      cmocka_unit_test(smaller_structs_get_what_fits),
      cmocka_unit_test(larger_structs_get_a_zero_tail),
      cmocka_unit_test(null_and_impossible_structs_are_invalid_arguments),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_mem_get_info", tests);
}
