/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static int32_t equal(const wrt_mem *a, const wrt_mem *b) {
  int32_t one_way = -1;
  int32_t other_way = -1;
  assert_ok(wrt_mem_equal(a, b, &one_way));
  assert_ok(wrt_mem_equal(b, a, &other_way));
  assert_int_equal(one_way, other_way);
  assert_true(one_way == 0 || one_way == 1);
  return one_way;
}

static void one_different_byte_anywhere_makes_them_unequal(void **state) {
  tier *t = *state;
  static const uint64_t lens[] = {1, 2, 8, 63, 64, 65, 4096, 4097, ROOM};
  for (size_t i = 0; i < sizeof lens / sizeof lens[0]; ++i) {
    const uint64_t len = lens[i];
    wrt_mem *a = make(t, len, ROOM);
    wrt_mem *b = make(t, len, ROOM);
    assert_int_equal(equal(a, b), 1);
    put_pattern(a, 1, 0, len);
    put_pattern(b, 1, 0, len);
    assert_int_equal(equal(a, b), 1);
    const uint64_t step = len <= 128 ? 1 : len / 61;
    for (uint64_t at = 0; at < len; at += step) {
      assert_ok(wrt_mem_fill(b, at, 0, 1)); /* a pattern byte is never zero */
      assert_int_equal(equal(a, b), 0);
      put_pattern(b, 1, at, 1);
      assert_int_equal(equal(a, b), 1);
    }
    assert_ok(wrt_mem_fill(b, len - 1, 0, 1));
    assert_int_equal(equal(a, b), 0);
    assert_ok(wrt_mem_destroy(a));
    assert_ok(wrt_mem_destroy(b));
  }
}

static void different_lengths_are_unequal_though_the_bytes_agree(void **state) {
  tier *t = *state;
  wrt_mem *a = make(t, 100, ROOM);
  wrt_mem *b = make(t, 101, ROOM);
  assert_int_equal(equal(a, b), 0);
  assert_ok(wrt_mem_resize(b, 100));
  assert_int_equal(equal(a, b), 1);
  assert_ok(wrt_mem_resize(b, 0));
  assert_int_equal(equal(a, b), 0);
  assert_ok(wrt_mem_resize(a, 0));
  assert_int_equal(equal(a, b), 1);
}

static void only_length_and_bytes_count(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem_config config = config_on(t, 128, ROOM);
    config.page_len = 64;
    config.name = "a";
    wrt_mem *a = make_from(t, &config);
    wrt_mem *b = make_shape(t, shape, 128, 200);
    assert_int_equal(equal(a, b), 1);
    assert_ok(wrt_mem_destroy(a));
    assert_ok(wrt_mem_destroy(b));
  }
}

static void a_memory_equals_itself(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 1000, ROOM);
  put_pattern(mem, 1, 0, 1000);
  assert_int_equal(equal(mem, mem), 1);
}

static void memories_on_different_tiers_can_be_equal(void **state) {
  tier *t = *state;
  wrt_mem *mine = make(t, 1000, ROOM);
  put_pattern(mine, 1, 0, 1000);
  for (int i = 0; i < SOURCES; ++i) {
    if (!is_available((tier_source)i)) continue;
    tier *u = open_tier((tier_source)i);
    wrt_mem *other = make(u, 1000, ROOM);
    assert_int_equal(equal(mine, other), 0);
    put_pattern(other, 1, 0, 1000);
    assert_int_equal(equal(mine, other), 1);
    close_tier(u);
  }
}

static void it_changes_nothing_and_borrows_do_not_hinder(void **state) {
  tier *t = *state;
  wrt_mem *a = make(t, 100, ROOM);
  wrt_mem *b = make(t, 100, ROOM);
  put_pattern(a, 1, 0, 100);
  put_pattern(b, 2, 0, 100);
  void *data = borrow(a, 0, 100, WRT_BORROW_WRITE);
  snapshot a_before = take_snapshot(a);
  snapshot b_before = take_snapshot(b);
  assert_int_equal(equal(a, b), 0);
  assert_unchanged(&a_before);
  assert_unchanged(&b_before);
  assert_ok(wrt_mem_release(a, data, 100));
}

static void tracked_memories_count_a_read_each_when_the_lengths_agree(void **state) {
  tier *t = *state;
  wrt_mem *a = make_shape(t, 3, 100, ROOM);
  wrt_mem *b = make_shape(t, 3, 100, ROOM);
  int32_t is_equal = -1;
  assert_ok(wrt_mem_equal(a, b, &is_equal));
  assert_int_equal(stats_of(a).reads, 1);
  assert_int_equal(stats_of(a).bytes_read, 100);
  assert_int_equal(stats_of(b).reads, 1);
  assert_int_equal(stats_of(b).bytes_read, 100);
  assert_ok(wrt_mem_resize(a, 99));
  assert_ok(wrt_mem_equal(a, b, &is_equal));
  assert_int_equal(stats_of(a).reads, 1);
  assert_int_equal(stats_of(b).reads, 1);
}

static void a_null_out_is_an_invalid_argument(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 10, ROOM);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_equal(mem, mem, NULL));
}

static void a_bad_handle_on_either_side_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  wrt_mem *mem = make(t, 64, ROOM);
  int32_t is_equal = 77;
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_equal(bad.values[i], mem, &is_equal));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_equal(mem, bad.values[i], &is_equal));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_equal(bad.values[i], bad.values[i], &is_equal));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_equal(bad.values[i], mem, NULL)); /* before the arguments */
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_equal(NULL, mem, &is_equal));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_equal(mem, NULL, &is_equal));
  assert_int_equal(is_equal, 77);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_different_byte_anywhere_makes_them_unequal),
      cmocka_unit_test(different_lengths_are_unequal_though_the_bytes_agree),
      cmocka_unit_test(only_length_and_bytes_count),
      cmocka_unit_test(a_memory_equals_itself),
      cmocka_unit_test(memories_on_different_tiers_can_be_equal),
      cmocka_unit_test(it_changes_nothing_and_borrows_do_not_hinder),
      cmocka_unit_test(tracked_memories_count_a_read_each_when_the_lengths_agree),
      cmocka_unit_test(a_null_out_is_an_invalid_argument),
      cmocka_unit_test(a_bad_handle_on_either_side_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_mem_equal", tests);
}
