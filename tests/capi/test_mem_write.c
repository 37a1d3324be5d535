/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static const uint64_t lens[] = {0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 4096, ROOM};
enum { LENS = sizeof lens / sizeof lens[0] };

static uint8_t source[ROOM + 8];

static void fill_source(void) {
  for (size_t i = 0; i < sizeof source; ++i) source[i] = pattern_byte(5, i);
}

/* Writes into a memory of zeros and shows that exactly the n bytes changed. */
static void write_and_compare(wrt_mem *mem, uint64_t len, uint64_t offset, size_t n) {
  assert_ok(wrt_mem_fill(mem, 0, 0, len));
  assert_ok(wrt_mem_write(mem, offset, source, n));
  assert_zeros(mem, 0, offset);
  for (size_t i = 0; i < n; ++i) {
    if (n > 256 && i == 128) i = n - 128; /* both ends */
    assert_int_equal(byte_at(mem, offset + i), source[i]);
  }
  assert_zeros(mem, offset + n, len - offset - n);
}

static void it_changes_exactly_the_bytes_of_the_range(void **state) {
  tier *t = *state;
  fill_source();
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 0, ROOM);
    for (size_t i = 0; i < LENS; ++i) {
      assert_ok(wrt_mem_resize(mem, lens[i]));
      const ranges inside = ranges_inside(lens[i]);
      for (size_t k = 0; k < inside.count; ++k) {
        write_and_compare(mem, lens[i], inside.at[k].offset, (size_t)inside.at[k].n);
      }
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void every_short_length_works_at_every_alignment(void **state) {
  tier *t = *state;
  fill_source();
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 160, ROOM);
    for (uint64_t offset = 0; offset < 17; offset += 1) {
      for (size_t n = 0; n <= 130; ++n) write_and_compare(mem, 160, offset, n);
    }
    for (size_t n = 0; n <= 130; ++n) write_and_compare(mem, 160, 160 - n, n); /* up to the last byte */
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_range_outside_is_refused_and_nothing_changes(void **state) {
  tier *t = *state;
  fill_source();
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 0, ROOM);
    for (size_t i = 0; i < LENS; ++i) {
      assert_ok(wrt_mem_resize(mem, lens[i]));
      put_pattern(mem, 9, 0, lens[i]);
      snapshot before = take_snapshot(mem);
      const ranges outside = ranges_outside_of_host_size(lens[i]);
      for (size_t k = 0; k < outside.count; ++k) {
        const range at = outside.at[k];
        assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_write(mem, at.offset, source, (size_t)at.n));
      }
      assert_unchanged(&before);
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void nothing_lands_past_the_length(void **state) {
  tier *t = *state;
  fill_source();
  wrt_mem *mem = make(t, ROOM, ROOM);
  assert_ok(wrt_mem_resize(mem, 100));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_write(mem, 99, source, 2));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_write(mem, 100, source, 8));
  assert_ok(wrt_mem_resize(mem, ROOM));
  assert_zeros(mem, 0, ROOM);
}

static void no_bytes_need_no_buffer_but_an_offset_inside(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 100, ROOM);
    assert_ok(wrt_mem_write(mem, 0, NULL, 0));
    assert_ok(wrt_mem_write(mem, 100, NULL, 0));
    assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_write(mem, 101, NULL, 0));
    assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_write(mem, UINT64_MAX, NULL, 0));
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_null_buffer_is_an_invalid_argument_before_the_bounds(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 100, ROOM);
    put_pattern(mem, 1, 0, 100);
    snapshot before = take_snapshot(mem);
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_write(mem, 0, NULL, 1));
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_write(mem, 0, NULL, 8));
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_write(mem, 0, NULL, SIZE_MAX));
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_write(mem, UINT64_MAX, NULL, 1));
    assert_unchanged(&before);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_borrow_does_not_hinder(void **state) {
  tier *t = *state;
  fill_source();
  wrt_mem *mem = make(t, 100, ROOM);
  const uint8_t *data = borrow(mem, 0, 100, WRT_BORROW_READ);
  assert_ok(wrt_mem_write(mem, 10, source, 20));
  assert_memory_equal(data + 10, source, 20);
  assert_ok(wrt_mem_release(mem, data, 100));
}

static void a_tracked_memory_counts_it(void **state) {
  tier *t = *state;
  fill_source();
  wrt_mem *mem = make_shape(t, 3, 100, ROOM);
  assert_ok(wrt_mem_write(mem, 0, source, 8));
  assert_ok(wrt_mem_write(mem, 10, source, 50));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_write(mem, 99, source, 2));
  const wrt_mem_stats stats = stats_of(mem);
  assert_int_equal(stats.writes, 2);
  assert_int_equal(stats.bytes_written, 58);
  assert_int_equal(stats.reads, 0);
  assert_int_equal(stats.bytes_read, 0);
  assert_int_equal(stats.max_access, 50);
  assert_int_equal(stats.denied, 1);
  assert_int_equal(stats.regions, 1);
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  fill_source();
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_write(bad.values[i], 0, source, 8));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_write(bad.values[i], 0, NULL, 8)); /* before the arguments */
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_write(bad.values[i], UINT64_MAX, source, 8));
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_write(NULL, 0, source, 8));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_changes_exactly_the_bytes_of_the_range),
      cmocka_unit_test(every_short_length_works_at_every_alignment),
      cmocka_unit_test(a_range_outside_is_refused_and_nothing_changes),
      cmocka_unit_test(nothing_lands_past_the_length),
      cmocka_unit_test(no_bytes_need_no_buffer_but_an_offset_inside),
      cmocka_unit_test(a_null_buffer_is_an_invalid_argument_before_the_bounds),
      cmocka_unit_test(a_borrow_does_not_hinder),
      cmocka_unit_test(a_tracked_memory_counts_it),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_mem_write", tests);
}
