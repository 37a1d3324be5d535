/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Any function may be called at the same time on different memories; create and destroy are thread-safe. */
#include "support.h"

#ifdef __linux__

#include <pthread.h>
#include <sched.h>

enum { THREADS = 8, ROUNDS = 300, LEN = 4096, MAX_LEN = 16384, SHARED_SLOTS = 5 };

/* What the threads share. */
typedef struct world {
  checked_heap heap;
  wrt_allocator allocator;
  wrt_pool *pool;
  wrt_budget *parent;
  wrt_budget *children[2];
} world;

/* What one thread did. */
typedef struct worker {
  world *shared;
  uint8_t number;
  int failed_line; /* cmocka's assertions are for its own thread only */
  uint64_t created;
  uint64_t exhausted;
  uint64_t over_budget;
} worker;

#define CHECK(condition)                                                \
  do {                                                                  \
    if (!(condition) && w->failed_line == 0) w->failed_line = __LINE__; \
  } while (0)

static int holds_only(const uint8_t *bytes, uint8_t value, size_t n) {
  for (size_t i = 0; i < n; ++i) {
    if (bytes[i] != value) return 0;
  }
  return 1;
}

static void use_memory(worker *w, wrt_mem *mem) {
  uint8_t bytes[MAX_LEN];
  const uint8_t mine = (uint8_t)(w->number + 1);
  CHECK(wrt_mem_read(mem, 0, bytes, LEN) == WRT_OK);
  CHECK(holds_only(bytes, 0, LEN));
  CHECK(wrt_mem_fill(mem, 0, mine, LEN) == WRT_OK);
  const wrt_status status = wrt_mem_resize(mem, MAX_LEN);
  CHECK(status == WRT_OK || status == WRT_ERR_BUDGET);
  if (status == WRT_ERR_BUDGET) w->over_budget++;
  if (status == WRT_OK) {
    CHECK(wrt_mem_read(mem, LEN, bytes, MAX_LEN - LEN) == WRT_OK);
    CHECK(holds_only(bytes, 0, MAX_LEN - LEN));
  }
  CHECK(wrt_mem_read(mem, 0, bytes, LEN) == WRT_OK);
  CHECK(holds_only(bytes, mine, LEN));
}

static void use_tier(worker *w, tier_source source, int round) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.initial_len = LEN;
  config.max_len = MAX_LEN;
  config.budget = w->shared->children[round % 2];
  config.flags = round % 3 == 0 ? WRT_MEM_TRACK : 0;
  config.tier = source == SYSTEM ? WRT_TIER_STD : source == HEAP ? WRT_TIER_ALLOC : WRT_TIER_STATIC;
  if (source == HEAP) config.allocator = &w->shared->allocator;
  if (source == POOL) config.pool = w->shared->pool;
  wrt_mem *mem = NULL;
  const wrt_status status = wrt_mem_create_config(&config, &mem);
  if (status == WRT_ERR_BUDGET) w->over_budget++;
  if (source == POOL && status == WRT_ERR_POOL_EXHAUSTED) w->exhausted++;
  CHECK(status == WRT_OK || status == WRT_ERR_BUDGET || (source == POOL && status == WRT_ERR_POOL_EXHAUSTED));
  if (status != WRT_OK) return;
  w->created++;
  use_memory(w, mem);
  uint64_t len = 0;
  CHECK(wrt_mem_destroy(mem) == WRT_OK);
  CHECK(wrt_mem_len(mem, &len) == WRT_ERR_INVALID_HANDLE);
}

static void use_own_pool_and_budget(worker *w) {
  uint8_t storage[WRT_POOL_STORAGE_LEN(64, 1)];
  wrt_pool *pool = NULL;
  wrt_budget *budget = NULL;
  CHECK(wrt_pool_create(storage, sizeof storage, 64, &pool) == WRT_OK);
  CHECK(wrt_budget_create(10, w->shared->parent, &budget) == WRT_OK);
  CHECK(wrt_budget_destroy(budget) == WRT_OK);
  CHECK(wrt_pool_destroy(pool) == WRT_OK);
}

static void *work(void *context) {
  worker *w = context;
  for (int round = 0; round < ROUNDS && w->failed_line == 0; ++round) {
    wrt_mem *found = NULL;
    uint64_t offset = 0;
    use_tier(w, SYSTEM, round);
    use_tier(w, HEAP, round);
    use_tier(w, POOL, round);
    use_own_pool_and_budget(w);
    CHECK(wrt_fault_find(&found, &found, &offset) == WRT_ERR_OUT_OF_BOUNDS);
    if (round % 64 == w->number) CHECK(wrt_trim() == WRT_OK);
    if (round % 128 == w->number) CHECK(wrt_selftest() == WRT_OK);
  }
  return NULL;
}

static void run_threads(worker *workers, void *(*body)(void *)) {
  pthread_t threads[THREADS];
  for (uint8_t i = 0; i < THREADS; ++i) assert_int_equal(pthread_create(&threads[i], NULL, body, &workers[i]), 0);
  for (uint8_t i = 0; i < THREADS; ++i) assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static void eight_threads_share_a_pool_and_budgets_and_every_count_is_exact(void **state) {
  (void)state;
  static uint8_t storage[WRT_POOL_STORAGE_LEN(MAX_LEN, SHARED_SLOTS)];
  static world shared;
  heap_open(&shared.heap);
  shared.allocator = heap_allocator(&shared.heap);
  assert_ok(wrt_pool_create(storage, sizeof storage, MAX_LEN, &shared.pool));
  shared.parent = make_budget(6 * MAX_LEN, NULL);
  shared.children[0] = make_budget(4 * MAX_LEN, shared.parent);
  shared.children[1] = make_budget(4 * MAX_LEN, shared.parent);

  worker workers[THREADS];
  for (uint8_t i = 0; i < THREADS; ++i) workers[i] = (worker){&shared, i, 0, 0, 0, 0};
  run_threads(workers, work);

  uint64_t created = 0;
  uint64_t exhausted = 0;
  uint64_t over_budget = 0;
  for (uint8_t i = 0; i < THREADS; ++i) {
    assert_int_equal(workers[i].failed_line, 0);
    created += workers[i].created;
    exhausted += workers[i].exhausted;
    over_budget += workers[i].over_budget;
  }
  assert_true(created > 0);
  assert_int_equal(pool_info_of(shared.pool).used, 0);
  assert_int_equal(pool_info_of(shared.pool).refused, exhausted);
  uint64_t refused = budget_info_of(shared.parent).refused;
  for (int i = 0; i < 2; ++i) {
    const wrt_budget_info info = budget_info_of(shared.children[i]);
    assert_int_equal(info.used, 0);
    assert_true(info.peak <= info.limit);
    refused += info.refused;
    assert_ok(wrt_budget_destroy(shared.children[i]));
  }
  assert_int_equal(refused, over_budget);
  assert_int_equal(budget_info_of(shared.parent).used, 0);
  assert_true(budget_info_of(shared.parent).peak <= 6 * MAX_LEN);
  assert_ok(wrt_budget_destroy(shared.parent));
  assert_ok(wrt_pool_destroy(shared.pool));
  heap_check(&shared.heap);
  assert_null(shared.heap.fault);
  assert_int_equal(shared.heap.live_blocks, 0);
  assert_int_equal(shared.heap.allocations, shared.heap.deallocations);
  heap_close(&shared.heap);
}

/* ---- races for one handle ---- */

enum { HANDLES = 256 };

typedef wrt_status (*destroyer)(void *handle);

static wrt_status destroy_memory(void *handle) { return wrt_mem_destroy(handle); }
static wrt_status destroy_budget(void *handle) { return wrt_budget_destroy(handle); }
static wrt_status destroy_pool(void *handle) { return wrt_pool_destroy(handle); }

typedef struct race {
  void *handles[HANDLES];
  size_t count;
  destroyer destroy;
  pthread_barrier_t start;
} race;

typedef struct racer {
  race *in;
  uint8_t won[HANDLES];
  int other_status; /* a status that is neither OK nor INVALID_HANDLE */
} racer;

static void *run_race(void *context) {
  racer *r = context;
  pthread_barrier_wait(&r->in->start);
  for (size_t i = 0; i < r->in->count; ++i) {
    const wrt_status status = r->in->destroy(r->in->handles[i]);
    r->won[i] = status == WRT_OK;
    if (status != WRT_OK && status != WRT_ERR_INVALID_HANDLE) r->other_status = status;
  }
  return NULL;
}

static void assert_one_winner_each(race *in) {
  static racer racers[THREADS];
  pthread_t threads[THREADS];
  assert_true(in->count > 0);
  assert_int_equal(pthread_barrier_init(&in->start, NULL, THREADS), 0);
  memset(racers, 0, sizeof racers);
  for (int i = 0; i < THREADS; ++i) {
    racers[i].in = in;
    assert_int_equal(pthread_create(&threads[i], NULL, run_race, &racers[i]), 0);
  }
  for (int i = 0; i < THREADS; ++i) assert_int_equal(pthread_join(threads[i], NULL), 0);
  for (int i = 0; i < THREADS; ++i) assert_int_equal(racers[i].other_status, 0);
  for (size_t k = 0; k < in->count; ++k) {
    int winners = 0;
    for (int i = 0; i < THREADS; ++i) winners += racers[i].won[k];
    assert_int_equal(winners, 1);
  }
  pthread_barrier_destroy(&in->start);
}

static void of_eight_destroys_of_one_memory_exactly_one_is_ok(void **state) {
  (void)state;
  static uint8_t storage[WRT_POOL_STORAGE_LEN(64, HANDLES)];
  static race in;
  wrt_pool *pool = NULL;
  in.destroy = destroy_memory;
  for (int round = 0; round < 30; ++round) {
    tier *t = open_tier((tier_source)(round % 3 == 0 ? SYSTEM : round % 3 == 1 ? HEAP : POOL));
    wrt_mem_config config = config_on(t, 64, 64);
    if (t->source == POOL) assert_ok(wrt_pool_create(storage, sizeof storage, 64, &pool));
    if (t->source == POOL) config.pool = pool;
    wrt_budget *budget = make_budget(64 * HANDLES, NULL);
    config.budget = budget;
    for (in.count = 0; in.count < HANDLES; ++in.count) {
      wrt_mem *mem = NULL;
      assert_ok(wrt_mem_create_config(&config, &mem));
      in.handles[in.count] = mem;
    }
    assert_int_equal(budget_info_of(budget).used, 64 * HANDLES);
    assert_one_winner_each(&in);
    assert_int_equal(budget_info_of(budget).used, 0);
    assert_ok(wrt_budget_destroy(budget));
    if (t->source == POOL) assert_ok(wrt_pool_destroy(pool));
    close_tier(t);
  }
}

static void of_eight_destroys_of_one_budget_or_pool_exactly_one_is_ok(void **state) {
  (void)state;
  static uint8_t storage[HANDLES][WRT_POOL_STORAGE_LEN(16, 1)];
  static race in;
  for (int round = 0; round < 10; ++round) {
    in.destroy = destroy_budget;
    for (in.count = 0; in.count < HANDLES; ++in.count) in.handles[in.count] = make_budget(1, NULL);
    assert_one_winner_each(&in);
    in.destroy = destroy_pool;
    for (in.count = 0; in.count < HANDLES; ++in.count) {
      wrt_pool *pool = NULL;
      assert_ok(wrt_pool_create(storage[in.count], sizeof storage[in.count], 16, &pool));
      in.handles[in.count] = pool;
    }
    assert_one_winner_each(&in);
  }
}

/* ---- late destroys ---- */

enum { RACERS = 3, LATE_ROUNDS = 20000 };

/* Handles are shown to the racers when their owner is about to destroy them, never before. */
typedef struct shown {
  uintptr_t handle; /* accessed atomically */
  int over;         /* so is this */
  int wins;         /* and this: destroys by racers that have returned WRT_OK */
  destroyer destroy;
} shown;

static void *destroy_what_is_shown(void *context) {
  shown *what = context;
  while (!__atomic_load_n(&what->over, __ATOMIC_ACQUIRE)) {
    void *handle = (void *)__atomic_load_n(&what->handle, __ATOMIC_ACQUIRE);
    const wrt_status status = what->destroy(handle);
    if (status == WRT_OK && handle != NULL) __atomic_fetch_add(&what->wins, 1, __ATOMIC_ACQ_REL);
    if (status != WRT_OK && status != WRT_ERR_INVALID_HANDLE) return (void *)(intptr_t)status;
  }
  return NULL;
}

/* Returns when it is gone, by whomever. */
static int show_and_destroy(shown *what, void *handle) {
  const int wins = __atomic_load_n(&what->wins, __ATOMIC_ACQUIRE);
  __atomic_store_n(&what->handle, (uintptr_t)handle, __ATOMIC_RELEASE);
  const wrt_status status = what->destroy(handle);
  if (status != WRT_ERR_INVALID_HANDLE) return status == WRT_OK;
  while (__atomic_load_n(&what->wins, __ATOMIC_ACQUIRE) == wins) sched_yield();
  return 1;
}

/* Each makes something, uses it while nobody else knows it, and destroys it in a race. Gives 0 or the line. */
typedef int (*owner)(shown *what);

#define NEED(condition)                \
  do {                                 \
    if (!(condition)) return __LINE__; \
  } while (0)

static int own_a_budget(shown *what) {
  wrt_budget *budget = NULL;
  wrt_budget *child = NULL;
  NEED(wrt_budget_create(10, NULL, &budget) == WRT_OK);
  NEED(wrt_budget_create(1, budget, &child) == WRT_OK);
  NEED(wrt_budget_destroy(budget) == WRT_ERR_BUSY);
  NEED(wrt_budget_destroy(child) == WRT_OK);
  NEED(show_and_destroy(what, budget));
  return 0;
}

static int own_a_pool(shown *what) {
  static uint8_t storage[WRT_POOL_STORAGE_LEN(16, 1)];
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  wrt_mem *mem = NULL;
  NEED(wrt_pool_create(storage, sizeof storage, 16, &config.pool) == WRT_OK);
  NEED(wrt_mem_create_config(&config, &mem) == WRT_OK);
  NEED(wrt_mem_resize(mem, 16) == WRT_OK);
  NEED(wrt_pool_destroy(config.pool) == WRT_ERR_BUSY);
  NEED(wrt_mem_destroy(mem) == WRT_OK);
  NEED(show_and_destroy(what, config.pool));
  return 0;
}

static int own_a_memory(shown *what) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  wrt_mem *mem = NULL;
  uint64_t value = 1;
  config.tier = WRT_TIER_STATIC;
  config.initial_len = 16;
  NEED(wrt_mem_create_config(&config, &mem) == WRT_OK);
  NEED(wrt_mem_atomic_load(mem, 8, 8, &value) == WRT_OK && value == 0);
  NEED(wrt_mem_atomic_store(mem, 8, 8, 7) == WRT_OK);
  NEED(wrt_mem_resize(mem, 32) == WRT_OK);
  NEED(wrt_mem_atomic_load(mem, 8, 8, &value) == WRT_OK && value == 7);
  NEED(wrt_mem_verify(mem, NULL) == WRT_OK);
  NEED(show_and_destroy(what, mem));
  return 0;
}

static void assert_nobody_is_harmed(owner own, destroyer destroy) {
  shown what = {0, 0, 0, destroy};
  pthread_t threads[RACERS];
  for (int i = 0; i < RACERS; ++i) {
    assert_int_equal(pthread_create(&threads[i], NULL, destroy_what_is_shown, &what), 0);
  }
  int line = 0;
  for (int round = 0; round < LATE_ROUNDS && line == 0; ++round) line = own(&what);
  __atomic_store_n(&what.over, 1, __ATOMIC_RELEASE);
  void *status[RACERS];
  for (int i = 0; i < RACERS; ++i) assert_int_equal(pthread_join(threads[i], &status[i]), 0);
  for (int i = 0; i < RACERS; ++i) assert_int_equal((intptr_t)status[i], WRT_OK);
  if (line != 0) print_error("test_threads.c:%d does not hold\n", line);
  assert_int_equal(line, 0);
}

static void a_late_destroy_of_a_budget_does_not_harm_the_next_in_its_slot(void **state) {
  (void)state;
  assert_nobody_is_harmed(own_a_budget, destroy_budget);
}

static void a_late_destroy_of_a_pool_does_not_harm_the_next_in_its_slot(void **state) {
  (void)state;
  assert_nobody_is_harmed(own_a_pool, destroy_pool);
}

static void a_late_destroy_of_a_memory_does_not_harm_the_next_in_its_slot(void **state) {
  (void)state;
  if (!is_available(BUILTIN_POOL)) skip();
  assert_nobody_is_harmed(own_a_memory, destroy_memory);
}

/* ---- no memory belongs to a thread ---- */

static void *fill_and_destroy(void *mem) {
  uint8_t byte = 0;
  wrt_status status = wrt_mem_read(mem, 99, &byte, 1);
  if (status == WRT_OK && byte != 7) status = WRT_ERR_CORRUPT;
  if (status == WRT_OK) status = wrt_mem_resize(mem, 2 * LEN);
  if (status == WRT_OK) status = wrt_mem_destroy(mem);
  return (void *)(intptr_t)status;
}

static void a_memory_may_be_used_and_destroyed_by_another_thread(void **state) {
  (void)state;
  for (int source = 0; source < SOURCES; ++source) {
    if (!is_available((tier_source)source)) continue;
    tier *t = open_tier((tier_source)source);
    wrt_mem *mem = make(t, LEN, ROOM);
    assert_ok(wrt_mem_fill(mem, 0, 7, LEN));
    pthread_t thread;
    void *status = NULL;
    assert_int_equal(pthread_create(&thread, NULL, fill_and_destroy, mem), 0);
    assert_int_equal(pthread_join(thread, &status), 0);
    assert_int_equal((intptr_t)status, WRT_OK);
    uint64_t len = POISON;
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_len(mem, &len));
    close_tier(t);
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(eight_threads_share_a_pool_and_budgets_and_every_count_is_exact),
      cmocka_unit_test(of_eight_destroys_of_one_memory_exactly_one_is_ok),
      cmocka_unit_test(of_eight_destroys_of_one_budget_or_pool_exactly_one_is_ok),
      cmocka_unit_test(a_late_destroy_of_a_budget_does_not_harm_the_next_in_its_slot),
      cmocka_unit_test(a_late_destroy_of_a_pool_does_not_harm_the_next_in_its_slot),
      cmocka_unit_test(a_late_destroy_of_a_memory_does_not_harm_the_next_in_its_slot),
      cmocka_unit_test(a_memory_may_be_used_and_destroyed_by_another_thread),
  };
  return RUN_ONCE("threads", tests);
}

#else

static void it_needs_threads(void **state) {
  (void)state;
  skip();
}

int main(void) {
  static const struct CMUnitTest tests[] = {cmocka_unit_test(it_needs_threads)};
  return RUN_ONCE("threads", tests);
}

#endif
