/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "out_struct.h"

enum { TRACKED = 3 }; /* the shape with TRACK at BASIC */

static wrt_status get(void *context, void *out) { return wrt_mem_get_stats(context, out); }

#define END(member) (offsetof(wrt_mem_stats, member) + sizeof(((wrt_mem_stats *)0)->member))
static out_struct of(wrt_mem *mem) {
  const out_struct s = {sizeof(wrt_mem_stats),
                        {END(struct_size), END(reserved0), END(reads), END(writes), END(bytes_read), END(bytes_written),
                         END(denied), END(max_access), END(regions), END(resizes), END(resize_failures),
                         END(verified_blocks), END(corrupt_blocks), END(repaired_blocks)},
                        14,
                        get,
                        mem};
  return s;
}

static void access_a_little(wrt_mem *mem) {
  uint8_t bytes[64] = {0};
  uint64_t value = 0;
  void *data = borrow(mem, 0, 16, WRT_BORROW_READ);
  assert_ok(wrt_mem_release(mem, data, 16));
  assert_ok(wrt_mem_write(mem, 0, bytes, 64));
  assert_ok(wrt_mem_read(mem, 0, bytes, 32));
  assert_ok(wrt_mem_fill(mem, 0, 1, 100));
  assert_ok(wrt_mem_atomic_load(mem, 0, 8, &value));
  assert_ok(wrt_mem_atomic_rmw(mem, 0, 4, WRT_ATOMIC_ADD, 1, &value));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_check(mem, 0, UINT64_MAX));
}

static void a_tracked_memory_counts_every_access(void **state) {
  tier *t = *state;
  for (int shape = TRACKED; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 100, ROOM);
    access_a_little(mem);
    const wrt_mem_stats stats = stats_of(mem);
    assert_int_equal(stats.reads, 4); /* borrow, read, load, rmw */
    assert_int_equal(stats.bytes_read, 16 + 32 + 8 + 4);
    assert_int_equal(stats.writes, 3); /* write, fill, rmw */
    assert_int_equal(stats.bytes_written, 64 + 100 + 4);
    assert_int_equal(stats.max_access, 100);
    assert_int_equal(stats.denied, 1);
    assert_int_equal(stats.regions, 1);
    assert_int_equal(stats.reserved0, 0);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void without_track_accesses_are_not_counted(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < TRACKED; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 100, ROOM);
    access_a_little(mem);
    const wrt_mem_stats stats = stats_of(mem);
    assert_int_equal(stats.reads, 0);
    assert_int_equal(stats.writes, 0);
    assert_int_equal(stats.bytes_read, 0);
    assert_int_equal(stats.bytes_written, 0);
    assert_int_equal(stats.denied, 0);
    assert_int_equal(stats.max_access, 0);
    assert_int_equal(stats.regions, 0);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void resizes_and_their_failures_are_always_counted(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem_config config = config_on(t, 64, 640);
    config.page_len = 64;
    wrt_mem *mem = shape == 0 ? make_from(t, &config) : make_shape(t, shape, 64, 640);
    uint64_t old_pages = POISON;
    assert_ok(wrt_mem_resize(mem, 128));
    assert_ok(wrt_mem_resize(mem, 128)); /* no change */
    assert_ok(wrt_mem_grow(mem, 0, &old_pages));
    assert_ok(wrt_mem_grow(mem, 1, &old_pages));
    assert_ok(wrt_mem_resize(mem, 0));
    assert_int_equal(stats_of(mem).resizes, 3);
    assert_int_equal(stats_of(mem).resize_failures, 0);

    uint64_t failures = 2;
    assert_status(WRT_ERR_LIMIT, wrt_mem_resize(mem, 704));
    assert_status(WRT_ERR_LIMIT, wrt_mem_grow(mem, 641, &old_pages));
    if (shape == 0) assert_status(WRT_ERR_MISALIGNED, wrt_mem_resize(mem, 1));
    if (shape == 0) failures++;
    assert_ok(wrt_mem_resize(mem, 64));
    void *data = borrow(mem, 0, 0, WRT_BORROW_READ);
    assert_status(WRT_ERR_BUSY, wrt_mem_resize(mem, 0));
    assert_ok(wrt_mem_release(mem, data, 0));
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_grow(mem, 1, NULL)); /* not counted */
    assert_int_equal(stats_of(mem).resizes, 4);
    assert_int_equal(stats_of(mem).resize_failures, failures + 1);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void regions_are_distinct_64_KiB_exactly(void **state) {
  tier *t = *state;
  if (t->number == WRT_TIER_STATIC) skip(); /* one slot here is one region */
  enum { REGION = 65536, REGIONS = 40 };
  wrt_mem *mem = make_shape(t, TRACKED, (uint64_t)REGION * REGIONS, (uint64_t)REGION * REGIONS);
  uint8_t byte = 0;
  assert_int_equal(stats_of(mem).regions, 0);
  assert_ok(wrt_mem_read(mem, 0, &byte, 1));
  assert_ok(wrt_mem_read(mem, REGION - 1, &byte, 1));
  assert_int_equal(stats_of(mem).regions, 1);
  uint8_t two[2] = {1, 2};
  assert_ok(wrt_mem_write(mem, REGION - 1, two, 2)); /* the second */
  assert_int_equal(stats_of(mem).regions, 2);
  assert_ok(wrt_mem_fill(mem, 10 * REGION + 5, 1, 3 * REGION)); /* 10, 11, 12, 13 */
  assert_int_equal(stats_of(mem).regions, 6);
  assert_ok(wrt_mem_fill(mem, 12 * REGION, 1, 2 * REGION)); /* known ones */
  assert_int_equal(stats_of(mem).regions, 6);
  assert_ok(wrt_mem_read(mem, 20 * REGION, &byte, 0)); /* no bytes touch no region */
  assert_int_equal(stats_of(mem).regions, 6);
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_read(mem, (uint64_t)REGION * REGIONS, &byte, 1));
  assert_int_equal(stats_of(mem).regions, 6);
  assert_ok(wrt_mem_fill(mem, 0, 2, (uint64_t)REGION * REGIONS));
  assert_int_equal(stats_of(mem).regions, REGIONS);
}

static void smaller_structs_get_what_fits(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, TRACKED, 100, ROOM);
  access_a_little(mem);
  const out_struct s = of(mem);
  check_smaller_structs(&s);
}

static void larger_structs_get_a_zero_tail(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, TRACKED, 100, ROOM);
  access_a_little(mem);
  const out_struct s = of(mem);
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
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_get_stats(bad.values[i], NULL)); /* before the arguments */
  }
  const out_struct null = of(NULL);
  check_failure_writes_nothing(&null, WRT_ERR_INVALID_HANDLE);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_tracked_memory_counts_every_access),
      cmocka_unit_test(without_track_accesses_are_not_counted),
      cmocka_unit_test(resizes_and_their_failures_are_always_counted),
      cmocka_unit_test(regions_are_distinct_64_KiB_exactly),
      cmocka_unit_test(smaller_structs_get_what_fits),
      cmocka_unit_test(larger_structs_get_a_zero_tail),
      cmocka_unit_test(null_and_impossible_structs_are_invalid_arguments),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_mem_get_stats", tests);
}
