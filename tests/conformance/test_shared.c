/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Shared memories through the C ABI, as the threads text has them: wait, notify, growth and order between threads. */

#include <pthread.h>
#include <stdlib.h>

#include "conformance.h"

#define MS INT64_C(1000000)

static wrt_mem *mem;

static int begin(void **state) {
  (void)state;
  wrt_mem_config config = tier_config();
  config.page_len = PAGE;
  config.initial_len = PAGE;
  config.flags = WRT_MEM_SHARED;
  return wrt_mem_create_config(&config, &mem) == WRT_OK ? 0 : -1;
}

static int end(void **state) {
  (void)state;
  return wrt_mem_destroy(mem) == WRT_OK ? 0 : -1;
}

static uint64_t load(uint64_t offset, uint32_t width) {
  uint64_t value = 0;
  if (wrt_mem_atomic_load(mem, offset, width, &value) != WRT_OK) return UINT64_MAX;
  return value;
}

static void store(uint64_t offset, uint32_t width, uint64_t value) {
  if (wrt_mem_atomic_store(mem, offset, width, value) != WRT_OK) abort();
}

static void wait_gives_1_when_the_value_is_not_the_expected_one(void **state) {
  (void)state;
  store(8, 8, 0x100000005u);
  int32_t result = 7;
  assert_int_equal(wrt_mem_wait(mem, 8, 4, 6, -1, &result), WRT_OK);
  assert_int_equal(result, 1);
  result = 7;
  assert_int_equal(wrt_mem_wait(mem, 8, 8, 5, -1, &result), WRT_OK); /* all eight bytes count */
  assert_int_equal(result, 1);
}

static void wait_gives_2_when_its_time_is_over(void **state) {
  (void)state;
  static const int64_t times[] = {0, 1, 2 * MS};
  for (size_t i = 0; i < sizeof times / sizeof *times; ++i) {
    int32_t result = 7;
    assert_int_equal(wrt_mem_wait(mem, 8, 4, 0, times[i], &result), WRT_OK);
    assert_int_equal(result, 2);
    result = 7;
    assert_int_equal(wrt_mem_wait(mem, PAGE - 8, 8, 0, times[i], &result), WRT_OK);
    assert_int_equal(result, 2);
  }
}

static void wait_traps_off_its_width_then_beyond_the_end(void **state) {
  (void)state;
  int32_t result = 7;
  assert_int_equal(wrt_mem_wait(mem, 2, 4, 0, 0, &result), WRT_ERR_MISALIGNED);
  assert_int_equal(wrt_mem_wait(mem, 4, 8, 0, 0, &result), WRT_ERR_MISALIGNED);
  assert_int_equal(wrt_mem_wait(mem, PAGE + 2, 4, 0, 0, &result), WRT_ERR_MISALIGNED);
  assert_int_equal(wrt_mem_wait(mem, PAGE, 4, 0, 0, &result), WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(wrt_mem_wait(mem, PAGE, 8, 0, 0, &result), WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(result, 7);
}

/* ---- waiting threads */

enum { WAITERS = 4, AT = 64, WOKEN_AT = 128 };

/* For ever, whatever else is stored; counts itself when it is woken. */
static void *wait_for_ever(void *place) {
  int32_t result = 7;
  uint64_t old = 0;
  const wrt_status status = wrt_mem_wait(mem, *(const uint64_t *)place, 4, 0, -1, &result);
  if (status != WRT_OK || result != 0) return place;
  if (load(WOKEN_AT, 4) == 0) return place; /* before anybody notified */
  return wrt_mem_atomic_rmw(mem, WOKEN_AT + 8, 4, WRT_ATOMIC_ADD, 1, &old) == WRT_OK ? NULL : place;
}

static uint32_t notify(uint64_t offset, uint32_t count) {
  uint32_t woken = 77;
  assert_int_equal(wrt_mem_notify(mem, offset, count, &woken), WRT_OK);
  return woken;
}

/* Notifies until as many were woken. */
static void wake(uint64_t offset, uint32_t at_once, uint32_t all) {
  for (uint32_t woken = 0; woken < all;) {
    const uint32_t now = notify(offset, at_once);
    assert_true(now <= at_once && woken + now <= all);
    woken += now;
  }
}

static void begin_waiting(pthread_t threads[WAITERS], uint64_t *place) {
  for (int i = 0; i < WAITERS; ++i) assert_int_equal(pthread_create(&threads[i], NULL, wait_for_ever, place), 0);
}

static void end_waiting(pthread_t threads[WAITERS]) {
  for (int i = 0; i < WAITERS; ++i) {
    void *wrong = NULL;
    assert_int_equal(pthread_join(threads[i], &wrong), 0);
    assert_null(wrong);
  }
  assert_true(load(WOKEN_AT + 8, 4) == WAITERS);
}

static void a_waiting_thread_is_woken_by_notify_and_by_nothing_else(void **state) {
  (void)state;
  pthread_t threads[WAITERS];
  uint64_t place = AT;
  begin_waiting(threads, &place);
  for (uint32_t i = 1; i < 1000; ++i) store(AT + 4, 4, i); /* beside it */
  assert_int_equal(notify(AT + 4, UINT32_MAX), 0);
  int32_t result = 7;
  assert_int_equal(wrt_mem_wait(mem, AT + 8, 4, 0, 20 * MS, &result), WRT_OK); /* time for a wake without a reason */
  store(WOKEN_AT, 4, 1);
  wake(AT, UINT32_MAX, WAITERS);
  end_waiting(threads);
}

static void notify_wakes_no_more_than_its_count_and_gives_how_many(void **state) {
  (void)state;
  pthread_t threads[WAITERS];
  uint64_t place = AT;
  begin_waiting(threads, &place);
  assert_int_equal(notify(AT, 0), 0);
  store(WOKEN_AT, 4, 1);
  wake(AT, 1, WAITERS);
  end_waiting(threads);
  assert_int_equal(notify(AT, UINT32_MAX), 0); /* nobody is left */
}

/* ---- growth, order, bytes */

static void *follow_growth(void *unused) {
  (void)unused;
  uint64_t len = 0, before = PAGE, value = 0;
  while (before < SLOT_PAGES * PAGE) {
    if (wrt_mem_len(mem, &len) != WRT_OK || len < before) return &mem;
    if (wrt_mem_atomic_load(mem, len - 8, 8, &value) != WRT_OK || value != 0) return &mem;
    before = len;
  }
  return NULL;
}

static void growth_of_a_shared_memory_is_seen_by_all_threads_and_its_base_stays(void **state) {
  (void)state;
  const wrt_view *view = NULL;
  assert_int_equal(wrt_mem_view(mem, &view), WRT_OK);
  const uint8_t *base = view->base;
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) assert_int_equal(pthread_create(&threads[i], NULL, follow_growth, NULL), 0);
  for (uint64_t pages = 1; pages < SLOT_PAGES; ++pages) {
    uint64_t old_pages = 0;
    assert_int_equal(wrt_mem_grow(mem, 1, &old_pages), WRT_OK);
    assert_true(old_pages == pages && view->base == base);
  }
  for (int i = 0; i < 2; ++i) {
    void *wrong = NULL;
    assert_int_equal(pthread_join(threads[i], &wrong), 0);
    assert_null(wrong);
  }
}

/* Each stores to its own word, then loads the other's: in one order of all four, not both can load the old value. */
enum { ROUNDS = 3000 };
static pthread_barrier_t start_line, finish_line;
static uint64_t loaded[2];

static void *store_then_load(void *argument) {
  const uint64_t mine = *(const uint64_t *)argument;
  for (uint64_t round = 1; round <= ROUNDS; ++round) {
    pthread_barrier_wait(&start_line);
    store(256 + 64 * mine, 4, round);
    loaded[mine] = load(256 + 64 * (1 - mine), 4);
    pthread_barrier_wait(&finish_line);
    if (loaded[0] < round && loaded[1] < round) return argument;
    pthread_barrier_wait(&start_line); /* both have looked */
  }
  return NULL;
}

static void atomic_accesses_have_one_order_that_all_threads_see(void **state) {
  (void)state;
  assert_int_equal(pthread_barrier_init(&start_line, NULL, 2), 0);
  assert_int_equal(pthread_barrier_init(&finish_line, NULL, 2), 0);
  uint64_t numbers[2] = {0, 1};
  pthread_t other;
  assert_int_equal(pthread_create(&other, NULL, store_then_load, &numbers[1]), 0);
  const void *mine = store_then_load(&numbers[0]);
  void *theirs = NULL;
  assert_int_equal(pthread_join(other, &theirs), 0);
  assert_true(mine == NULL && theirs == NULL);
  pthread_barrier_destroy(&start_line);
  pthread_barrier_destroy(&finish_line);
}

static void *read_while_written(void *unused) {
  (void)unused;
  uint8_t bytes[4096];
  while (load(WOKEN_AT, 4) == 0) {
    if (wrt_mem_read(mem, 8192, bytes, sizeof bytes) != WRT_OK) return &mem;
    for (size_t i = 0; i < sizeof bytes; ++i) {
      if (bytes[i] != 0 && bytes[i] != 0xA5) return &mem;
    }
  }
  return NULL;
}

static void bytes_are_copied_in_while_other_threads_read_them(void **state) {
  (void)state;
  static uint8_t segment[4096];
  memset(segment, 0xA5, sizeof segment);
  pthread_t reader;
  void *wrong = NULL;
  assert_int_equal(pthread_create(&reader, NULL, read_while_written, NULL), 0);
  for (int i = 0; i < 200; ++i) {
    assert_int_equal(wrt_mem_write(mem, 8192, segment, sizeof segment), WRT_OK);
    assert_int_equal(wrt_mem_fill(mem, 8192, 0, sizeof segment), WRT_OK);
  }
  store(WOKEN_AT, 4, 1);
  assert_int_equal(pthread_join(reader, &wrong), 0);
  assert_null(wrong);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      TEST(wait_gives_1_when_the_value_is_not_the_expected_one),
      TEST(wait_gives_2_when_its_time_is_over),
      TEST(wait_traps_off_its_width_then_beyond_the_end),
      TEST(a_waiting_thread_is_woken_by_notify_and_by_nothing_else),
      TEST(notify_wakes_no_more_than_its_count_and_gives_how_many),
      TEST(growth_of_a_shared_memory_is_seen_by_all_threads_and_its_base_stays),
      TEST(atomic_accesses_have_one_order_that_all_threads_see),
      TEST(bytes_are_copied_in_while_other_threads_read_them),
  };
  if (choose_tier(argc, argv) != 0) return 2;
  return cmocka_run_group_tests(tests, begin_conformance, end_conformance);
}
