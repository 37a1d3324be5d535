/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

enum { READ = WRT_BORROW_READ, WRITE = WRT_BORROW_WRITE, BOTH = WRT_BORROW_READ | WRT_BORROW_WRITE };

static void refuse(wrt_status expected, wrt_mem *mem, uint64_t offset, uint64_t n, uint32_t access, int line) {
  void *data = POISON_POINTER;
  check_status(expected, wrt_mem_borrow(mem, offset, n, access, &data), "wrt_mem_borrow", __FILE__, line);
  assert_ptr_equal(data, POISON_POINTER);
}
#define assert_refused(expected, mem, offset, n, access) refuse((expected), (mem), (offset), (n), (access), __LINE__)

static void give_back(wrt_mem *mem, const void *data, uint64_t n) { assert_ok(wrt_mem_release(mem, data, n)); }

static void it_points_to_exactly_the_bytes_of_the_range(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 5000, ROOM);
    put_pattern(mem, 1, 0, 5000);
    const ranges inside = ranges_inside(5000);
    for (size_t k = 0; k < inside.count; ++k) {
      const range at = inside.at[k];
      uint8_t *data = borrow(mem, at.offset, at.n, BOTH);
      for (uint64_t i = 0; i < at.n; ++i) assert_int_equal(data[i], pattern_byte(1, at.offset + i));
      if (at.n > 0) data[at.n - 1] = 0;
      give_back(mem, data, at.n);
      if (at.n > 0) assert_int_equal(byte_at(mem, at.offset + at.n - 1), 0);
      put_pattern(mem, 1, 0, 5000);
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void info_counts_the_borrows(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  assert_int_equal(info_of(mem).borrows, 0);
  void *a = borrow(mem, 0, 10, READ);
  void *b = borrow(mem, 10, 10, WRITE);
  void *c = borrow(mem, 100, 0, READ);
  assert_int_equal(info_of(mem).borrows, 3);
  give_back(mem, b, 10);
  give_back(mem, a, 10);
  give_back(mem, c, 0);
  assert_int_equal(info_of(mem).borrows, 0);
}

static void no_bytes_give_a_pointer_too(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  wrt_mem *empty = make(t, 0, ROOM);
  for (uint32_t access = READ; access <= BOTH; ++access) {
    give_back(mem, borrow(mem, 0, 0, access), 0);
    give_back(mem, borrow(mem, 100, 0, access), 0);
    give_back(empty, borrow(empty, 0, 0, access), 0);
    assert_refused(WRT_ERR_OUT_OF_BOUNDS, mem, 101, 0, access);
    assert_refused(WRT_ERR_OUT_OF_BOUNDS, empty, 1, 0, access);
  }
}

static void reads_may_overlap_reads(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  void *a = borrow(mem, 0, 50, READ);
  void *b = borrow(mem, 25, 50, READ);
  void *c = borrow(mem, 0, 50, READ);
  assert_ptr_equal(a, c);
  give_back(mem, a, 50);
  give_back(mem, c, 50);
  give_back(mem, b, 50);
}

static void a_write_that_overlaps_another_borrow_is_busy(void **state) {
  tier *t = *state;
  static const uint32_t pairs[][2] = {{READ, WRITE}, {WRITE, READ}, {WRITE, WRITE},
                                      {READ, BOTH},  {BOTH, READ},  {BOTH, BOTH}};
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 100, ROOM);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; ++i) {
      void *held = borrow(mem, 40, 20, pairs[i][0]);
      const uint32_t access = pairs[i][1];
      assert_refused(WRT_ERR_BUSY, mem, 40, 20, access);
      assert_refused(WRT_ERR_BUSY, mem, 0, 100, access);
      assert_refused(WRT_ERR_BUSY, mem, 50, 1, access);
      assert_refused(WRT_ERR_BUSY, mem, 0, 41, access);
      assert_refused(WRT_ERR_BUSY, mem, 59, 41, access);
      assert_int_equal(info_of(mem).borrows, 1);
      void *before = borrow(mem, 0, 40, access); /* neighbours do not overlap */
      void *after = borrow(mem, 60, 40, access);
      give_back(mem, before, 40);
      give_back(mem, after, 40);
      give_back(mem, held, 20);
      give_back(mem, borrow(mem, 40, 20, access), 20);
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void empty_ranges_overlap_nothing(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  void *held = borrow(mem, 0, 100, WRITE);
  void *empty = borrow(mem, 50, 0, WRITE);
  assert_int_equal(info_of(mem).borrows, 2);
  give_back(mem, held, 100);
  held = borrow(mem, 0, 100, WRITE);
  give_back(mem, empty, 0);
  give_back(mem, held, 100);
}

static void at_least_64_at_once_then_it_is_exhausted_and_recovers(void **state) {
  tier *t = *state;
  enum { MOST = 100000, LEAST = 64 };
  static void *held[MOST];
  wrt_mem *mem = make(t, 100, ROOM);
  size_t count = 0;
  wrt_status status = WRT_OK;
  while (count < MOST) {
    void *data = POISON_POINTER;
    status = wrt_mem_borrow(mem, count % 100, 1, READ, &data);
    if (status != WRT_OK) {
      assert_ptr_equal(data, POISON_POINTER);
      break;
    }
    held[count++] = data;
  }
  assert_status(WRT_ERR_POOL_EXHAUSTED, status);
  assert_true(count >= LEAST);
  assert_int_equal(info_of(mem).borrows, count);
  assert_refused(WRT_ERR_BUSY, mem, 0, 1, WRITE); /* before the resource */
  give_back(mem, held[count / 2], 1);
  held[count / 2] = borrow(mem, (count / 2) % 100, 1, READ);
  assert_refused(WRT_ERR_POOL_EXHAUSTED, mem, 0, 1, READ);
  while (count > 0) {
    give_back(mem, held[count - 1], 1);
    count--;
  }
  assert_ok(wrt_mem_resize(mem, 50));
}

static void access_that_is_neither_read_nor_write_is_an_invalid_argument(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  assert_refused(WRT_ERR_INVALID_ARGUMENT, mem, 0, 10, 0);
  for (unsigned bit = 2; bit < 32; ++bit) {
    assert_refused(WRT_ERR_INVALID_ARGUMENT, mem, 0, 10, UINT32_C(1) << bit);
    assert_refused(WRT_ERR_INVALID_ARGUMENT, mem, 0, 10, (UINT32_C(1) << bit) | READ);
  }
  assert_refused(WRT_ERR_INVALID_ARGUMENT, mem, 0, 10, UINT32_MAX);
  assert_refused(WRT_ERR_INVALID_ARGUMENT, mem, 101, 10, 0); /* before the bounds */
}

static void a_null_out_is_an_invalid_argument(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_borrow(mem, 0, 10, READ, NULL));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_borrow(mem, 101, 10, READ, NULL)); /* before the bounds */
  assert_int_equal(info_of(mem).borrows, 0);
}

static void a_range_outside_is_refused_and_nothing_changes(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 100, ROOM);
    put_pattern(mem, 1, 0, 100);
    snapshot before = take_snapshot(mem);
    const ranges outside = ranges_outside(100);
    for (size_t k = 0; k < outside.count; ++k) {
      assert_refused(WRT_ERR_OUT_OF_BOUNDS, mem, outside.at[k].offset, outside.at[k].n, READ);
      assert_refused(WRT_ERR_OUT_OF_BOUNDS, mem, outside.at[k].offset, outside.at[k].n, BOTH);
    }
    assert_unchanged(&before);
    void *data = borrow(mem, 0, 100, WRITE);
    assert_refused(WRT_ERR_OUT_OF_BOUNDS, mem, 50, 51, WRITE); /* before BUSY */
    give_back(mem, data, 100);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_tracked_memory_counts_it(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 3, 100, ROOM);
  void *a = borrow(mem, 0, 10, READ);
  void *b = borrow(mem, 10, 20, WRITE);
  void *c = borrow(mem, 30, 40, BOTH);
  assert_refused(WRT_ERR_OUT_OF_BOUNDS, mem, 0, 101, READ);
  const wrt_mem_stats stats = stats_of(mem);
  assert_int_equal(stats.reads, 2);
  assert_int_equal(stats.bytes_read, 50);
  assert_int_equal(stats.writes, 2);
  assert_int_equal(stats.bytes_written, 60);
  assert_int_equal(stats.max_access, 40);
  assert_int_equal(stats.denied, 1);
  give_back(mem, a, 10);
  give_back(mem, b, 20);
  give_back(mem, c, 40);
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  for (size_t i = 0; i < bad.count; ++i) {
    assert_refused(WRT_ERR_INVALID_HANDLE, bad.values[i], 0, 10, READ);
    assert_refused(WRT_ERR_INVALID_HANDLE, bad.values[i], UINT64_MAX, 10, 0); /* before the arguments */
  }
  assert_refused(WRT_ERR_INVALID_HANDLE, NULL, 0, 0, READ);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_points_to_exactly_the_bytes_of_the_range),
      cmocka_unit_test(info_counts_the_borrows),
      cmocka_unit_test(no_bytes_give_a_pointer_too),
      cmocka_unit_test(reads_may_overlap_reads),
      cmocka_unit_test(a_write_that_overlaps_another_borrow_is_busy),
      cmocka_unit_test(empty_ranges_overlap_nothing),
      cmocka_unit_test(at_least_64_at_once_then_it_is_exhausted_and_recovers),
      cmocka_unit_test(access_that_is_neither_read_nor_write_is_an_invalid_argument),
      cmocka_unit_test(a_null_out_is_an_invalid_argument),
      cmocka_unit_test(a_range_outside_is_refused_and_nothing_changes),
      cmocka_unit_test(a_tracked_memory_counts_it),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_mem_borrow", tests);
}
