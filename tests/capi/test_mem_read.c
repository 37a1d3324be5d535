/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static const uint64_t lens[] = {0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 4096, ROOM};
enum { LENS = sizeof lens / sizeof lens[0] };

/* Reads into the middle of a poisoned buffer and shows that exactly the n bytes were written. */
static void read_and_compare(const wrt_mem *mem, uint64_t offset, size_t n) {
  static uint8_t buffer[ROOM + 32];
  memset(buffer, 0xC3, sizeof buffer);
  assert_ok(wrt_mem_read(mem, offset, buffer + 16, n));
  assert_all_bytes(buffer, 0xC3, 16);
  assert_all_bytes(buffer + 16 + n, 0xC3, 16);
  for (size_t i = 0; i < n; ++i) assert_int_equal(buffer[16 + i], pattern_byte(5, offset + i));
}

static void it_gives_exactly_the_bytes_of_the_range(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 0, ROOM);
    for (size_t i = 0; i < LENS; ++i) {
      assert_ok(wrt_mem_resize(mem, lens[i]));
      put_pattern(mem, 5, 0, lens[i]);
      const ranges inside = ranges_inside(lens[i]);
      for (size_t k = 0; k < inside.count; ++k) {
        read_and_compare(mem, inside.at[k].offset, (size_t)inside.at[k].n);
      }
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void every_short_length_works_at_every_alignment(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 200, ROOM);
    put_pattern(mem, 5, 0, 200);
    for (uint64_t offset = 0; offset < 17; ++offset) {
      for (size_t n = 0; n <= 130; ++n) read_and_compare(mem, offset, n);
    }
    for (size_t n = 0; n <= 130; ++n) read_and_compare(mem, 200 - n, n); /* up to the last byte */
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_range_outside_is_refused_and_nothing_is_written(void **state) {
  tier *t = *state;
  static uint8_t buffer[ROOM + 8];
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 0, ROOM);
    for (size_t i = 0; i < LENS; ++i) {
      assert_ok(wrt_mem_resize(mem, lens[i]));
      put_pattern(mem, 5, 0, lens[i]);
      memset(buffer, 0xC3, sizeof buffer);
      const ranges outside = ranges_outside_of_host_size(lens[i]);
      for (size_t k = 0; k < outside.count; ++k) {
        const range at = outside.at[k];
        assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_read(mem, at.offset, buffer, (size_t)at.n));
      }
      assert_all_bytes(buffer, 0xC3, sizeof buffer);
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void no_bytes_need_no_buffer_but_an_offset_inside(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 100, ROOM);
    assert_ok(wrt_mem_read(mem, 0, NULL, 0));
    assert_ok(wrt_mem_read(mem, 100, NULL, 0));
    assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_read(mem, 101, NULL, 0));
    assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_read(mem, UINT64_MAX, NULL, 0));
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_null_buffer_is_an_invalid_argument_before_the_bounds(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 100, ROOM);
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_read(mem, 0, NULL, 1));
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_read(mem, 0, NULL, 8));
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_read(mem, 0, NULL, SIZE_MAX));
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_read(mem, UINT64_MAX, NULL, 1));
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_borrow_does_not_hinder(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  put_pattern(mem, 5, 0, 100);
  uint8_t *data = borrow(mem, 0, 100, WRT_BORROW_WRITE);
  read_and_compare(mem, 0, 100);
  data[3] = 200;
  assert_int_equal(byte_at(mem, 3), 200);
  assert_ok(wrt_mem_release(mem, data, 100));
}

static void a_tracked_memory_counts_it(void **state) {
  tier *t = *state;
  uint8_t buffer[128];
  wrt_mem *mem = make_shape(t, 3, 100, ROOM);
  assert_ok(wrt_mem_read(mem, 0, buffer, 8));
  assert_ok(wrt_mem_read(mem, 10, buffer, 50));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_read(mem, 99, buffer, 2));
  const wrt_mem_stats stats = stats_of(mem);
  assert_int_equal(stats.reads, 2);
  assert_int_equal(stats.bytes_read, 58);
  assert_int_equal(stats.writes, 0);
  assert_int_equal(stats.bytes_written, 0);
  assert_int_equal(stats.max_access, 50);
  assert_int_equal(stats.denied, 1);
  assert_int_equal(stats.regions, 1);
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  uint8_t buffer[16];
  memset(buffer, 0xC3, sizeof buffer);
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_read(bad.values[i], 0, buffer, 8));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_read(bad.values[i], 0, NULL, 8)); /* before the arguments */
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_read(bad.values[i], UINT64_MAX, buffer, 8));
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_read(NULL, 0, buffer, 8));
  assert_all_bytes(buffer, 0xC3, sizeof buffer);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_gives_exactly_the_bytes_of_the_range),
      cmocka_unit_test(every_short_length_works_at_every_alignment),
      cmocka_unit_test(a_range_outside_is_refused_and_nothing_is_written),
      cmocka_unit_test(no_bytes_need_no_buffer_but_an_offset_inside),
      cmocka_unit_test(a_null_buffer_is_an_invalid_argument_before_the_bounds),
      cmocka_unit_test(a_borrow_does_not_hinder),
      cmocka_unit_test(a_tracked_memory_counts_it),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_mem_read", tests);
}
