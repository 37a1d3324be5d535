/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void the_range_reads_as_zero_and_the_rest_stays(void **state) {
  tier *t = *state;
  static const uint64_t lens[] = {0, 1, 64, 65, 4096, 3 * 4096 + 5, ROOM};
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 0, ROOM);
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; ++i) {
      const uint64_t len = lens[i];
      assert_ok(wrt_mem_resize(mem, len));
      const ranges inside = ranges_inside(len);
      for (size_t k = 0; k < inside.count; ++k) {
        const range at = inside.at[k];
        put_pattern(mem, 1, 0, len);
        assert_ok(wrt_mem_discard(mem, at.offset, at.n));
        assert_int_equal(len_of(mem), len);
        assert_pattern(mem, 1, 0, at.offset);
        assert_zeros(mem, at.offset, at.n);
        assert_pattern(mem, 1, at.offset + at.n, len - at.offset - at.n);
      }
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void whole_pages_and_their_edges_are_exact(void **state) {
  tier *t = *state;
  static const int64_t shifts[] = {-1, 0, 1};
  wrt_mem *mem = make(t, ROOM, ROOM);
  for (size_t i = 0; i < 3; ++i) {
    for (size_t k = 0; k < 3; ++k) {
      const uint64_t from = (uint64_t)(8192 + shifts[i]);
      const uint64_t to = (uint64_t)(32768 + shifts[k]);
      put_pattern(mem, 1, 0, ROOM);
      assert_ok(wrt_mem_discard(mem, from, to - from));
      assert_pattern(mem, 1, 0, from);
      assert_zeros(mem, from, to - from);
      assert_pattern(mem, 1, to, ROOM - to);
      put_pattern(mem, 2, from, to - from);
      assert_pattern(mem, 2, from, to - from);
    }
  }
}

static void a_range_outside_is_refused_and_nothing_changes(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 5000, ROOM);
    put_pattern(mem, 1, 0, 5000);
    snapshot before = take_snapshot(mem);
    const ranges outside = ranges_outside(5000);
    for (size_t k = 0; k < outside.count; ++k) {
      assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_discard(mem, outside.at[k].offset, outside.at[k].n));
    }
    assert_unchanged(&before);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_borrow_does_not_hinder_and_sees_the_zeros(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, ROOM, ROOM);
  put_pattern(mem, 1, 0, ROOM);
  const uint8_t *data = borrow(mem, 0, ROOM, WRT_BORROW_READ);
  assert_ok(wrt_mem_discard(mem, 0, ROOM));
  assert_all_bytes(data, 0, ROOM);
  assert_ok(wrt_mem_release(mem, data, ROOM));
}

static void it_counts_as_no_access_but_denied_when_refused(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 3, 1000, ROOM);
  assert_ok(wrt_mem_discard(mem, 0, 1000));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_discard(mem, 0, 1001));
  const wrt_mem_stats stats = stats_of(mem);
  assert_int_equal(stats.reads + stats.writes + stats.bytes_read + stats.bytes_written, 0);
  assert_int_equal(stats.denied, 1);
}

static void length_and_budget_stay(void **state) {
  tier *t = *state;
  wrt_budget *budget = make_budget(ROOM, NULL);
  wrt_mem_config config = config_on(t, ROOM, ROOM);
  config.budget = budget;
  wrt_mem *mem = make_from(t, &config);
  assert_ok(wrt_mem_discard(mem, 0, ROOM));
  assert_int_equal(len_of(mem), ROOM);
  assert_int_equal(budget_info_of(budget).used, ROOM);
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_budget_destroy(budget));
}

static void a_bad_handle_is_refused_before_the_bounds(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_discard(bad.values[i], 0, 0));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_discard(bad.values[i], UINT64_MAX, 1));
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_discard(NULL, 0, 0));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_range_reads_as_zero_and_the_rest_stays),
      cmocka_unit_test(whole_pages_and_their_edges_are_exact),
      cmocka_unit_test(a_range_outside_is_refused_and_nothing_changes),
      cmocka_unit_test(a_borrow_does_not_hinder_and_sees_the_zeros),
      cmocka_unit_test(it_counts_as_no_access_but_denied_when_refused),
      cmocka_unit_test(length_and_budget_stay),
      cmocka_unit_test(a_bad_handle_is_refused_before_the_bounds),
  };
  return RUN_ON_EACH_TIER("wrt_mem_discard", tests);
}
