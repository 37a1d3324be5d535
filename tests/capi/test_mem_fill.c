/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static const uint64_t lens[] = {0, 1, 7, 8, 63, 64, 65, 4096, ROOM};
enum { LENS = sizeof lens / sizeof lens[0] };

static void assert_filled(const wrt_mem *mem, uint8_t value, uint64_t offset, uint64_t n) {
  static uint8_t buffer[ROOM];
  assert_ok(wrt_mem_read(mem, offset, buffer, (size_t)n));
  assert_all_bytes(buffer, value, (size_t)n);
}

static void it_sets_exactly_the_bytes_of_the_range(void **state) {
  tier *t = *state;
  static const uint8_t values[] = {0, 1, 0x5A, 0x80, 0xFF};
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 0, ROOM);
    for (size_t i = 0; i < LENS; ++i) {
      const uint8_t value = values[i % sizeof values];
      assert_ok(wrt_mem_resize(mem, lens[i]));
      const ranges inside = ranges_inside(lens[i]);
      for (size_t k = 0; k < inside.count; ++k) {
        const range at = inside.at[k];
        put_pattern(mem, 3, 0, lens[i]);
        assert_ok(wrt_mem_fill(mem, at.offset, value, at.n));
        assert_pattern(mem, 3, 0, at.offset);
        assert_filled(mem, value, at.offset, at.n);
        assert_pattern(mem, 3, at.offset + at.n, lens[i] - at.offset - at.n);
      }
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void every_short_length_works_at_every_alignment(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 160, ROOM);
  for (uint64_t offset = 0; offset < 17; ++offset) {
    for (uint64_t n = 0; n <= 80; ++n) {
      put_pattern(mem, 3, 0, 160);
      assert_ok(wrt_mem_fill(mem, offset, 0xEE, n));
      assert_pattern(mem, 3, 0, offset);
      assert_filled(mem, 0xEE, offset, n);
      assert_pattern(mem, 3, offset + n, 160 - offset - n);
    }
  }
}

static void a_range_outside_is_refused_and_nothing_changes(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 0, ROOM);
    for (size_t i = 0; i < LENS; ++i) {
      assert_ok(wrt_mem_resize(mem, lens[i]));
      put_pattern(mem, 3, 0, lens[i]);
      snapshot before = take_snapshot(mem);
      const ranges outside = ranges_outside(lens[i]);
      for (size_t k = 0; k < outside.count; ++k) {
        assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_fill(mem, outside.at[k].offset, 0xEE, outside.at[k].n));
      }
      assert_unchanged(&before);
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_borrow_does_not_hinder(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  const uint8_t *data = borrow(mem, 0, 100, WRT_BORROW_READ);
  assert_ok(wrt_mem_fill(mem, 0, 9, 100));
  assert_all_bytes(data, 9, 100);
  assert_ok(wrt_mem_release(mem, data, 100));
}

static void a_tracked_memory_counts_one_write(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 3, 1000, ROOM);
  assert_ok(wrt_mem_fill(mem, 100, 1, 900));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_fill(mem, 1000, 1, 1));
  const wrt_mem_stats stats = stats_of(mem);
  assert_int_equal(stats.writes, 1);
  assert_int_equal(stats.bytes_written, 900);
  assert_int_equal(stats.reads, 0);
  assert_int_equal(stats.max_access, 900);
  assert_int_equal(stats.denied, 1);
}

static void a_bad_handle_is_refused_before_the_bounds(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_fill(bad.values[i], 0, 1, 8));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_fill(bad.values[i], UINT64_MAX, 1, 8));
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_fill(NULL, 0, 1, 0));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_sets_exactly_the_bytes_of_the_range),
      cmocka_unit_test(every_short_length_works_at_every_alignment),
      cmocka_unit_test(a_range_outside_is_refused_and_nothing_changes),
      cmocka_unit_test(a_borrow_does_not_hinder),
      cmocka_unit_test(a_tracked_memory_counts_one_write),
      cmocka_unit_test(a_bad_handle_is_refused_before_the_bounds),
  };
  return RUN_ON_EACH_TIER("wrt_mem_fill", tests);
}
