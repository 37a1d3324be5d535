/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static uint8_t model[ROOM];

static void put_model(wrt_mem *mem, size_t len) {
  for (size_t i = 0; i < len; ++i) model[i] = pattern_byte(6, i);
  assert_ok(wrt_mem_write(mem, 0, model, len));
}

static void assert_model(const wrt_mem *mem, size_t len) {
  static uint8_t bytes[ROOM];
  assert_ok(wrt_mem_read(mem, 0, bytes, len));
  if (len > 0) assert_memory_equal(bytes, model, len);
}

static void within_one_memory_it_is_memmove(void **state) {
  tier *t = *state;
  static const struct {
    size_t to, from, n;
  } moves[] = {{0, 0, 4096},    {0, 1, 4095},  {1, 0, 4095},  {0, 2048, 2048}, {2048, 0, 2048}, {100, 101, 64},
               {101, 100, 64},  {64, 0, 4032}, {0, 64, 4032}, {7, 3, 1},       {4096, 0, 0},    {0, 4096, 0},
               {4096, 4096, 0}, {10, 10, 500}, {4095, 0, 1},  {0, 4095, 1}};
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 4096, ROOM);
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; ++i) {
      put_model(mem, 4096);
      assert_ok(wrt_mem_copy(mem, moves[i].to, mem, moves[i].from, moves[i].n));
      memmove(model + moves[i].to, model + moves[i].from, moves[i].n);
      assert_model(mem, 4096);
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void between_two_memories_exactly_the_range_changes(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *src = make_shape(t, shape, 5000, ROOM);
    wrt_mem *dst = make_shape(t, SHAPES - 1 - shape, 3000, ROOM);
    put_model(src, 5000);
    put_pattern(dst, 2, 0, 3000);
    assert_ok(wrt_mem_copy(dst, 1000, src, 4000, 1000));
    assert_pattern(dst, 2, 0, 1000);
    assert_pattern(dst, 2, 2000, 1000);
    for (uint64_t i = 0; i < 1000; i += 37) assert_int_equal(byte_at(dst, 1000 + i), model[4000 + i]);
    assert_model(src, 5000);
    assert_ok(wrt_mem_copy(dst, 0, src, 2000, 3000));
    for (uint64_t i = 0; i < 3000; i += 37) assert_int_equal(byte_at(dst, i), model[2000 + i]);
    assert_ok(wrt_mem_destroy(src));
    assert_ok(wrt_mem_destroy(dst));
  }
}

static void memories_of_different_tiers_copy_to_each_other(void **state) {
  tier *t = *state;
  wrt_mem *mine = make(t, 1000, ROOM);
  put_pattern(mine, 1, 0, 1000);
  for (int i = 0; i < SOURCES; ++i) {
    if (!is_available((tier_source)i)) continue;
    tier *u = open_tier((tier_source)i);
    wrt_mem *other = make(u, 1000, ROOM);
    assert_ok(wrt_mem_copy(other, 0, mine, 0, 1000));
    assert_pattern(other, 1, 0, 1000);
    assert_ok(wrt_mem_fill(other, 0, 0, 1000));
    assert_ok(wrt_mem_copy(mine, 0, other, 0, 1000));
    assert_zeros(mine, 0, 1000);
    put_pattern(mine, 1, 0, 1000);
    close_tier(u);
  }
}

static void both_ranges_are_checked_before_the_first_byte_moves(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *src = make_shape(t, shape, 500, ROOM);
    wrt_mem *dst = make_shape(t, shape, 500, ROOM);
    put_pattern(src, 1, 0, 500);
    put_pattern(dst, 2, 0, 500);
    snapshot src_before = take_snapshot(src);
    snapshot dst_before = take_snapshot(dst);
    const ranges outside = ranges_outside(500);
    for (size_t k = 0; k < outside.count; ++k) {
      const range at = outside.at[k];
      assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_copy(dst, at.offset, src, 0, at.n));
      assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_copy(dst, 0, src, at.offset, at.n));
      assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_copy(dst, at.offset, src, at.offset, at.n));
      assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_copy(dst, at.offset, dst, 0, at.n));
      assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_copy(dst, 0, dst, at.offset, at.n));
    }
    assert_unchanged(&src_before);
    assert_unchanged(&dst_before);
    assert_ok(wrt_mem_destroy(src));
    assert_ok(wrt_mem_destroy(dst));
  }
}

static void the_shorter_memory_bounds_the_copy(void **state) {
  tier *t = *state;
  wrt_mem *shorter = make(t, 100, ROOM);
  wrt_mem *longer = make(t, 200, ROOM);
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_copy(shorter, 0, longer, 0, 101));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_copy(longer, 0, shorter, 0, 101));
  assert_ok(wrt_mem_copy(shorter, 0, longer, 100, 100));
  assert_ok(wrt_mem_copy(longer, 100, shorter, 0, 100));
  assert_ok(wrt_mem_copy(longer, 200, shorter, 100, 0));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_copy(longer, 201, shorter, 100, 0));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_copy(longer, 200, shorter, 101, 0));
}

static void borrows_do_not_hinder(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  put_pattern(mem, 1, 0, 100);
  void *data = borrow(mem, 0, 100, WRT_BORROW_WRITE);
  assert_ok(wrt_mem_copy(mem, 50, mem, 0, 50));
  assert_int_equal(byte_at(mem, 50), pattern_byte(1, 0));
  assert_ok(wrt_mem_release(mem, data, 100));
}

static void tracked_memories_count_a_read_there_and_a_write_here(void **state) {
  tier *t = *state;
  wrt_mem *src = make_shape(t, 3, 100, ROOM);
  wrt_mem *dst = make_shape(t, 3, 100, ROOM);
  assert_ok(wrt_mem_copy(dst, 0, src, 50, 40));
  wrt_mem_stats stats = stats_of(src);
  assert_int_equal(stats.reads, 1);
  assert_int_equal(stats.bytes_read, 40);
  assert_int_equal(stats.writes, 0);
  assert_int_equal(stats.max_access, 40);
  stats = stats_of(dst);
  assert_int_equal(stats.reads, 0);
  assert_int_equal(stats.writes, 1);
  assert_int_equal(stats.bytes_written, 40);

  assert_ok(wrt_mem_clear_stats(src));
  assert_ok(wrt_mem_copy(src, 0, src, 50, 30));
  stats = stats_of(src);
  assert_int_equal(stats.reads, 1);
  assert_int_equal(stats.writes, 1);
  assert_int_equal(stats.bytes_read, 30);
  assert_int_equal(stats.bytes_written, 30);

  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_copy(dst, 0, src, 90, 11));
  assert_int_equal(stats_of(src).denied, 1);
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_copy(dst, 90, src, 0, 11));
  assert_int_equal(stats_of(dst).denied, 1);
  assert_int_equal(stats_of(src).reads, 1);
  assert_int_equal(stats_of(dst).writes, 1);
}

static void a_bad_handle_on_either_side_is_refused_before_the_bounds(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  wrt_mem *mem = make(t, 100, ROOM);
  put_pattern(mem, 1, 0, 100);
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_copy(bad.values[i], 0, mem, 0, 10));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_copy(mem, 0, bad.values[i], 0, 10));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_copy(bad.values[i], 0, bad.values[i], 0, 10));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_copy(bad.values[i], 0, mem, 101, 10));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_copy(mem, 101, bad.values[i], 0, 10));
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_copy(NULL, 0, mem, 0, 0));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_copy(mem, 0, NULL, 0, 0));
  assert_pattern(mem, 1, 0, 100);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(within_one_memory_it_is_memmove),
      cmocka_unit_test(between_two_memories_exactly_the_range_changes),
      cmocka_unit_test(memories_of_different_tiers_copy_to_each_other),
      cmocka_unit_test(both_ranges_are_checked_before_the_first_byte_moves),
      cmocka_unit_test(the_shorter_memory_bounds_the_copy),
      cmocka_unit_test(borrows_do_not_hinder),
      cmocka_unit_test(tracked_memories_count_a_read_there_and_a_write_here),
      cmocka_unit_test(a_bad_handle_on_either_side_is_refused_before_the_bounds),
  };
  return RUN_ON_EACH_TIER("wrt_mem_copy", tests);
}
