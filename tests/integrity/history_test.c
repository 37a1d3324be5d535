/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Tracking: exact counters, the last changes of length, the last denied access; and nothing where it is off. */
#include "support.h"

static wrt_mem *tracked(tier *t, uint64_t len, uint64_t max_len) {
  wrt_mem_config config = config_on(t, len, max_len);
  config.flags = WRT_MEM_TRACK;
  return make_from(t, &config);
}

static wrt_mem_history history_of(const wrt_mem *mem) {
  wrt_mem_history history;
  memset(&history, 0xA5, sizeof history);
  history.struct_size = sizeof history;
  assert_ok(wrt_mem_get_history(mem, &history));
  assert_int_equal(history.struct_size, sizeof history);
  return history;
}

static void assert_change(const wrt_mem_change *change, uint64_t from, uint64_t to, wrt_status status) {
  assert_true(change->from == from);
  assert_true(change->to == to);
  assert_int_equal(change->status, status);
  assert_int_equal(change->reserved0, 0);
}

static void a_new_memory_has_no_history(void **state) {
  tier *t = *state;
  const wrt_mem_history history = history_of(tracked(t, 100, ROOM));
  assert_int_equal(history.count, 0);
  assert_int_equal(history.denied_len, 0);
  assert_int_equal(history.denied_offset, 0);
  assert_all_bytes(history.changes, 0, sizeof history.changes);
}

static void changes_are_kept_with_what_came_of_them_the_oldest_first(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 100, 5000);
  config.page_len = 4;
  config.max_len = 5000;
  config.flags = WRT_MEM_TRACK;
  config.budget = make_budget(1000, NULL);
  wrt_mem *mem = make_from(t, &config);
  uint64_t old_pages = 0;
  assert_ok(wrt_mem_resize(mem, 200));
  assert_status(WRT_ERR_MISALIGNED, wrt_mem_resize(mem, 201));
  assert_status(WRT_ERR_LIMIT, wrt_mem_resize(mem, 5004));
  assert_status(WRT_ERR_BUDGET, wrt_mem_resize(mem, 2000));
  void *data = borrow(mem, 0, 0, WRT_BORROW_READ);
  assert_status(WRT_ERR_BUSY, wrt_mem_resize(mem, 40));
  assert_ok(wrt_mem_release(mem, data, 0));
  assert_ok(wrt_mem_grow(mem, 10, &old_pages));
  assert_status(WRT_ERR_LIMIT, wrt_mem_grow(mem, 100000, &old_pages));
  assert_status(WRT_ERR_LIMIT, wrt_mem_grow(mem, UINT64_MAX, &old_pages));
  assert_ok(wrt_mem_resize(mem, 0));

  const wrt_mem_history history = history_of(mem);
  assert_int_equal(history.count, 9);
  assert_change(&history.changes[0], 100, 200, WRT_OK);
  assert_change(&history.changes[1], 200, 201, WRT_ERR_MISALIGNED);
  assert_change(&history.changes[2], 200, 5004, WRT_ERR_LIMIT);
  assert_change(&history.changes[3], 200, 2000, WRT_ERR_BUDGET);
  assert_change(&history.changes[4], 200, 40, WRT_ERR_BUSY);
  assert_change(&history.changes[5], 200, 240, WRT_OK);
  assert_change(&history.changes[6], 240, 400240, WRT_ERR_LIMIT);
  assert_change(&history.changes[7], 240, UINT64_MAX, WRT_ERR_LIMIT);
  assert_change(&history.changes[8], 240, 0, WRT_OK);
  const wrt_mem_stats stats = stats_of(mem);
  assert_int_equal(stats.resizes, 3);
  assert_int_equal(stats.resize_failures, 6);
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_budget_destroy(config.budget));
}

static void of_many_changes_the_last_sixteen_are_kept(void **state) {
  tier *t = *state;
  wrt_mem *mem = tracked(t, 0, ROOM);
  for (uint64_t i = 1; i <= 100; ++i) {
    assert_ok(wrt_mem_resize(mem, i));
    const wrt_mem_history history = history_of(mem);
    const uint64_t kept = i < WRT_MEM_CHANGES ? i : WRT_MEM_CHANGES;
    assert_int_equal(history.count, kept);
    for (uint64_t k = 0; k < kept; ++k) assert_change(&history.changes[k], i - kept + k, i - kept + k + 1, WRT_OK);
    for (uint64_t k = kept; k < WRT_MEM_CHANGES; ++k) assert_change(&history.changes[k], 0, 0, WRT_OK);
  }
}

static void what_changes_no_length_leaves_no_trace(void **state) {
  tier *t = *state;
  wrt_mem *mem = tracked(t, 100, ROOM);
  uint64_t old_pages = 0;
  assert_ok(wrt_mem_resize(mem, 100));
  assert_ok(wrt_mem_grow(mem, 0, &old_pages));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_grow(mem, 1, NULL));
  assert_ok(wrt_mem_discard(mem, 0, 100));
  assert_ok(wrt_mem_reset(mem));
  assert_int_equal(history_of(mem).count, 0);
  assert_int_equal(stats_of(mem).resizes, 0);
}

static void the_last_denied_access_is_kept_whatever_it_was(void **state) {
  tier *t = *state;
  wrt_mem *mem = tracked(t, 100, ROOM);
  wrt_mem *other = tracked(t, 100, ROOM);
  uint8_t bytes[8] = {0};
  void *data = NULL;
  uint64_t word = 0;
  uint64_t expected = 0;
#define DENIED(call, offset, n)                               \
  do {                                                        \
    assert_status(WRT_ERR_OUT_OF_BOUNDS, call);               \
    const wrt_mem_history history = history_of(mem);          \
    assert_true(history.denied_offset == (uint64_t)(offset)); \
    assert_true(history.denied_len == (uint64_t)(n));         \
    assert_int_equal(stats_of(mem).denied, ++expected);       \
  } while (0)
  DENIED(wrt_mem_read(mem, 95, bytes, 6), 95, 6);
  DENIED(wrt_mem_write(mem, 101, bytes, 1), 101, 1);
  DENIED(wrt_mem_fill(mem, UINT64_MAX, 0, UINT64_MAX), UINT64_MAX, UINT64_MAX);
  DENIED(wrt_mem_check(mem, 0, 101), 0, 101);
  DENIED(wrt_mem_discard(mem, 50, 51), 50, 51);
  DENIED(wrt_mem_borrow(mem, 99, 2, WRT_BORROW_READ, &data), 99, 2);
  DENIED(wrt_mem_copy(mem, 98, other, 0, 3), 98, 3);
  DENIED(wrt_mem_copy(other, 0, mem, 97, 4), 97, 4);
  DENIED(wrt_mem_atomic_load(mem, 96, 8, &word), 96, 8);
#undef DENIED
  assert_ok(wrt_mem_read(mem, 0, bytes, 8)); /* what is allowed changes nothing of it */
  assert_true(history_of(mem).denied_offset == 96);
  assert_int_equal(stats_of(other).denied, 0);
}

static void clear_stats_forgets_all_of_it(void **state) {
  tier *t = *state;
  wrt_mem *mem = tracked(t, 100, ROOM);
  assert_ok(wrt_mem_resize(mem, 50));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_check(mem, 51, 0));
  assert_ok(wrt_mem_clear_stats(mem));
  const wrt_mem_history history = history_of(mem);
  assert_int_equal(history.count, 0);
  assert_int_equal(history.denied_offset, 0);
  assert_int_equal(history.denied_len, 0);
  assert_ok(wrt_mem_resize(mem, 60));
  const wrt_mem_history again = history_of(mem);
  assert_int_equal(again.count, 1);
  assert_change(&again.changes[0], 50, 60, WRT_OK);
}

static void a_clone_begins_its_own_history(void **state) {
  tier *t = *state;
  wrt_mem *mem = tracked(t, 100, ROOM);
  assert_ok(wrt_mem_resize(mem, 50));
  wrt_mem *clone = NULL;
  assert_ok(wrt_mem_clone(mem, &clone));
  adopt(t, clone);
  assert_int_equal(history_of(clone).count, 0);
  assert_ok(wrt_mem_resize(clone, 70));
  assert_int_equal(history_of(clone).count, 1);
  assert_int_equal(history_of(mem).count, 1);
}

static void without_track_there_is_nothing_but_the_counts_of_changes(void **state) {
  tier *t = *state;
  for (int32_t level = WRT_VERIFY_OFF; level <= WRT_VERIFY_REDUNDANT; ++level) {
    wrt_mem_config config = config_on(t, 100, ROOM);
    config.verify = level;
    wrt_mem *mem = make_from(t, &config);
    uint8_t bytes[8] = {0};
    assert_ok(wrt_mem_write(mem, 0, bytes, 8));
    assert_ok(wrt_mem_read(mem, 0, bytes, 8));
    assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_read(mem, 99, bytes, 8));
    assert_ok(wrt_mem_resize(mem, 200));
    assert_status(WRT_ERR_LIMIT, wrt_mem_resize(mem, ROOM + 1));
    const wrt_mem_history history = history_of(mem);
    assert_all_bytes((const uint8_t *)&history + sizeof history.struct_size, 0,
                     sizeof history - sizeof history.struct_size);
    const wrt_mem_stats stats = stats_of(mem);
    assert_int_equal(stats.reads | stats.writes | stats.bytes_read | stats.bytes_written, 0);
    assert_int_equal(stats.denied | stats.max_access | stats.regions, 0);
    assert_int_equal(stats.resizes, 1);
    assert_int_equal(stats.resize_failures, 1);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void at_every_level_the_counters_are_the_same(void **state) {
  tier *t = *state;
  for (int32_t level = WRT_VERIFY_OFF; level <= WRT_VERIFY_REDUNDANT; ++level) {
    wrt_mem_config config = config_on(t, 1000, ROOM);
    config.verify = level;
    config.sample_interval = 2;
    config.flags = WRT_MEM_TRACK;
    wrt_mem *mem = make_from(t, &config);
    uint8_t bytes[300] = {0};
    uint64_t old = 0;
    int32_t same = 0;
    assert_ok(wrt_mem_write(mem, 0, bytes, 300));
    assert_ok(wrt_mem_read(mem, 7, bytes, 8));
    assert_ok(wrt_mem_fill(mem, 0, 1, 64));
    assert_ok(wrt_mem_copy(mem, 500, mem, 0, 100));
    assert_ok(wrt_mem_equal(mem, mem, &same));
    assert_ok(wrt_mem_atomic_load(mem, 0, 8, &old));
    assert_ok(wrt_mem_atomic_store(mem, 0, 4, 1));
    assert_ok(wrt_mem_atomic_rmw(mem, 0, 2, WRT_ATOMIC_ADD, 1, &old));
    assert_ok(wrt_mem_atomic_cmpxchg(mem, 0, 1, 99, 1, &old));
    assert_ok(wrt_mem_atomic_cmpxchg(mem, 0, 1, old, 1, &old));
    void *data = borrow(mem, 10, 20, WRT_BORROW_READ | WRT_BORROW_WRITE);
    assert_ok(wrt_mem_release(mem, data, 20));
    const wrt_mem_stats stats = stats_of(mem);
    assert_int_equal(stats.reads, 1 + 1 + 2 + 1 + 1 + 2 + 1);
    assert_int_equal(stats.writes, 1 + 1 + 1 + 1 + 1 + 1 + 1);
    assert_int_equal(stats.bytes_read, 8 + 100 + 2000 + 8 + 2 + 2 + 20);
    assert_int_equal(stats.bytes_written, 300 + 64 + 100 + 4 + 2 + 1 + 20);
    assert_int_equal(stats.max_access, 1000);
    assert_int_equal(stats.regions, 1);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_shorter_struct_gets_what_fits(void **state) {
  tier *t = *state;
  wrt_mem *mem = tracked(t, 100, ROOM);
  assert_ok(wrt_mem_resize(mem, 50));
  wrt_mem_history history;
  memset(&history, 0xA5, sizeof history);
  history.struct_size = 8;
  assert_ok(wrt_mem_get_history(mem, &history));
  assert_int_equal(history.struct_size, 8);
  assert_int_equal(history.count, 1);
  assert_all_bytes(history.changes, 0xA5, sizeof history.changes);
}

static void bad_arguments_are_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  wrt_mem_history history;
  history.struct_size = sizeof history;
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_get_history(bad.values[i], &history));
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_get_history(NULL, &history));
  wrt_mem *mem = make(t, 1, 1);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_get_history(mem, NULL));
  history.struct_size = 3;
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_get_history(mem, &history));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_memory_has_no_history),
      cmocka_unit_test(changes_are_kept_with_what_came_of_them_the_oldest_first),
      cmocka_unit_test(of_many_changes_the_last_sixteen_are_kept),
      cmocka_unit_test(what_changes_no_length_leaves_no_trace),
      cmocka_unit_test(the_last_denied_access_is_kept_whatever_it_was),
      cmocka_unit_test(clear_stats_forgets_all_of_it),
      cmocka_unit_test(a_clone_begins_its_own_history),
      cmocka_unit_test(without_track_there_is_nothing_but_the_counts_of_changes),
      cmocka_unit_test(at_every_level_the_counters_are_the_same),
      cmocka_unit_test(a_shorter_struct_gets_what_fits),
      cmocka_unit_test(bad_arguments_are_refused),
  };
  return RUN_ON_EACH_TIER("history", tests);
}
