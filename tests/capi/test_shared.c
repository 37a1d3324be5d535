/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What WRT_MEM_SHARED promises: many threads on one memory at once. */
#include "support.h"

#ifdef __unix__

#include <pthread.h>
#include <sched.h>
#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>
#endif
#include <time.h>
#include <wrtmem/inline.h>

enum { THREADS = 8, LEN = 4096, FULL = ROOM, GROWTH = 256 };

#ifdef UNDER_LAUNCHER
static uint64_t rounds(uint64_t n) { return n / 16 + 1; }
#else
static uint64_t rounds(uint64_t n) { return under_sanitizer() ? n / 16 + 1 : n; }
#endif

static wrt_mem *make_shared(tier *t, uint32_t flags, uint64_t initial_len, uint64_t max_len) {
  wrt_mem_config config = config_on(t, initial_len, max_len);
  config.flags = WRT_MEM_SHARED | flags;
  wrt_mem *mem = NULL;
  assert_ok(wrt_mem_create_config(&config, &mem));
  return adopt(t, mem);
}

/* ---- what each thread does ---- */

typedef struct worker {
  pthread_t thread;
  wrt_mem *mem;
  uint32_t number;
  uint64_t failures; /* in threads nothing is asserted */
  uint64_t seen[4];
} worker;

#define EXPECT(w, condition) ((w)->failures += (condition) ? 0 : 1)

static void run_workers(wrt_mem *mem, worker *workers, uint32_t count, void *(*work)(void *)) {
  for (uint32_t i = 0; i < count; ++i) {
    memset(&workers[i], 0, sizeof workers[i]);
    workers[i].mem = mem;
    workers[i].number = i;
  }
  for (uint32_t i = 0; i < count; ++i) {
    assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
  }
  for (uint32_t i = 0; i < count; ++i) {
    assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    assert_int_equal(workers[i].failures, 0);
  }
}

static uint64_t load(wrt_mem *mem, uint64_t offset, uint32_t width) {
  uint64_t value = POISON;
  assert_ok(wrt_mem_atomic_load(mem, offset, width, &value));
  return value;
}

/* ---- one thread ---- */

static void a_shared_memory_answers_as_any_other_does(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shared(t, WRT_MEM_TRACK, LEN, FULL);
  wrt_mem *other = make(t, LEN, FULL);
  uint64_t at = 1;
  for (int i = 0; i < 2000; ++i) {
    at = at * UINT64_C(6364136223846793005) + 1442695040888963407u;
    const uint64_t n = (at >> 33) % 100, to = (at >> 40) % (LEN + 20), from = (at >> 20) % (LEN + 20);
    uint8_t bytes[100];
    memset(bytes, i, sizeof bytes);
    for (size_t k = 0; k < sizeof bytes; ++k) bytes[k] = pattern_byte((uint8_t)i, k);
    switch (i % 4) {
      case 0:
        assert_status(wrt_mem_write(other, to, bytes, n), wrt_mem_write(mem, to, bytes, n));
        break;
      case 1:
        assert_status(wrt_mem_fill(other, to, (uint8_t)i, n), wrt_mem_fill(mem, to, (uint8_t)i, n));
        break;
      case 2:
        assert_status(wrt_mem_copy(other, to, other, from, n), wrt_mem_copy(mem, to, mem, from, n));
        break;
      default:
        assert_status(wrt_mem_discard(other, to, i % 64 == 3 ? n : 0), wrt_mem_discard(mem, to, i % 64 == 3 ? n : 0));
        break;
    }
    int32_t same = 0;
    assert_ok(wrt_mem_equal(mem, other, &same));
    assert_int_equal(same, 1);
    uint8_t left[100], right[100];
    const wrt_status status = wrt_mem_read(mem, from, left, n);
    assert_status(status, wrt_mem_read(other, from, right, n));
    if (status == WRT_OK) assert_memory_equal(left, right, n);
  }
  assert_int_equal(stats_of(mem).reads > 2000, 1);
  wrt_mem *twin = NULL;
  assert_ok(wrt_mem_clone(mem, &twin));
  adopt(t, twin);
  int32_t same = 0;
  assert_ok(wrt_mem_equal(mem, twin, &same));
  assert_int_equal(same, 1);
  assert_int_equal(info_of(twin).flags, WRT_MEM_SHARED | WRT_MEM_TRACK);
}

static void copies_between_shared_and_checked_memories_move_every_byte(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shared(t, 0, LEN, FULL);
  wrt_mem_config config = config_on(t, LEN, FULL);
  config.verify = WRT_VERIFY_FULL;
  wrt_mem *checked = make_from(t, &config);
  put_pattern(mem, 5, 0, LEN);
  assert_ok(wrt_mem_copy(checked, 3, mem, 1, LEN - 3));
  assert_pattern(mem, 5, 0, LEN);
  for (uint64_t i = 0; i < LEN - 3; ++i) assert_int_equal(byte_at(checked, 3 + i), pattern_byte(5, 1 + i));
  assert_ok(wrt_mem_verify(checked, NULL));
  assert_ok(wrt_mem_fill(mem, 0, 0, LEN));
  assert_ok(wrt_mem_copy(mem, 1, checked, 3, LEN - 3));
  assert_pattern(mem, 5, 1, LEN - 3);
}

static void what_needs_the_memory_alone_is_unsupported(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shared(t, 0, 1024, FULL);
  void *data = POISON_POINTER;
  snapshot before = take_snapshot(mem);
  assert_status(WRT_ERR_UNSUPPORTED, wrt_mem_resize(mem, 1023));
  assert_status(WRT_ERR_UNSUPPORTED, wrt_mem_reset(mem));
  assert_status(WRT_ERR_UNSUPPORTED, wrt_mem_borrow(mem, 0, 1, WRT_BORROW_READ, &data));
  assert_status(WRT_ERR_UNSUPPORTED, wrt_mem_borrow(mem, FULL, 1, WRT_BORROW_READ, &data)); /* before the bounds */
  assert_ptr_equal(data, POISON_POINTER);
  for (int32_t level = WRT_VERIFY_STANDARD; level <= WRT_VERIFY_REDUNDANT; ++level) {
    assert_status(WRT_ERR_UNSUPPORTED, wrt_mem_set_verify(mem, level));
    wrt_mem_config config = config_on(t, 0, FULL);
    config.flags = WRT_MEM_SHARED;
    config.verify = level;
    wrt_mem *none = NULL;
    assert_status(WRT_ERR_UNSUPPORTED, wrt_mem_create_config(&config, &none));
  }
  assert_unchanged(&before);
  for (int32_t level = WRT_VERIFY_OFF; level <= WRT_VERIFY_BASIC; ++level) {
    assert_ok(wrt_mem_set_verify(mem, level));
    assert_int_equal(info_of(mem).verify, level);
    assert_ok(wrt_mem_resize(mem, 1024));
    assert_ok(wrt_mem_verify(mem, NULL));
  }
}

static void a_shared_base_is_fixed_from_the_start(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shared(t, 0, 16, FULL);
  const wrt_view *view = view_of(mem);
  const uint8_t *base = view->base;
  assert_int_equal(info_of(mem).base_stable, 1);
  for (uint64_t len = 16; len <= FULL; len *= 2) {
    assert_ok(wrt_mem_resize(mem, len));
    assert_ptr_equal(view->base, base);
    assert_int_equal(view->len, len);
  }
}

static void a_stray_write_to_its_length_is_corrupt(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shared(t, 0, 1000, FULL);
  wrt_view *view = (wrt_view *)(uintptr_t)view_of(mem);
  uint8_t byte = 0;
  view->len += 8;
  assert_status(WRT_ERR_CORRUPT, wrt_mem_read(mem, 0, &byte, 1));
  assert_status(WRT_ERR_CORRUPT, wrt_mem_resize(mem, 2000));
  view->len -= 8;
  view->base += 1;
  assert_status(WRT_ERR_CORRUPT, wrt_mem_write(mem, 0, &byte, 1));
  assert_status(WRT_ERR_CORRUPT, wrt_mem_verify(mem, NULL));
  view->base -= 1;
  assert_ok(wrt_mem_read(mem, 0, &byte, 1));
}

/* ---- growth while others read and write ---- */

static void *use_while_it_grows(void *argument) {
  worker *w = argument;
  const wrt_view *view = NULL;
  EXPECT(w, wrt_mem_view(w->mem, &view) == WRT_OK);
  uint64_t last = 0;
  do {
    uint64_t len = 0;
    EXPECT(w, wrt_mem_len(w->mem, &len) == WRT_OK);
    EXPECT(w, len >= last);
    last = len;
    /* the bytes are there as soon as the length is, and zero until somebody writes; each thread has its own */
    const uint64_t own = len - 8 * (w->number + 1);
    uint64_t value = 1;
    EXPECT(w, wrt_mem_atomic_load(w->mem, own, 8, &value) == WRT_OK);
    EXPECT(w, value == 0 || value == own);
    uint8_t bytes[8]; /* little-endian, as atomic accesses are */
    for (size_t i = 0; i < sizeof bytes; ++i) bytes[i] = (uint8_t)(own >> (8 * i));
    EXPECT(w, wrt_mem_write(w->mem, own, bytes, sizeof bytes) == WRT_OK);
    uint8_t byte = 0;
    EXPECT(w, wrt_view_load_u8(view, len - 1, &byte) == WRT_OK);
    EXPECT(w, wrt_mem_read(w->mem, FULL, &byte, 1) == WRT_ERR_OUT_OF_BOUNDS);
    EXPECT(w, wrt_mem_check(w->mem, 0, len) == WRT_OK);
    w->seen[0]++;
    sched_yield();
  } while (last < FULL);
  return NULL;
}

static void *grow_in_steps(void *argument) {
  worker *w = argument;
  uint64_t old = 0;
  wrt_status status = WRT_OK;
  while ((status = wrt_mem_grow(w->mem, GROWTH, &old)) == WRT_OK) {
    w->seen[0]++;
    sched_yield();
  }
  EXPECT(w, status == WRT_ERR_LIMIT);
  return NULL;
}

static void *grow_or_use(void *argument) {
  worker *w = argument;
  return w->number < 2 ? grow_in_steps(argument) : use_while_it_grows(argument);
}

static void a_memory_grows_while_others_read_and_write(void **state) {
  tier *t = *state;
  static const uint32_t flags[] = {0, WRT_MEM_TRACK, WRT_MEM_COMMIT};
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; ++i) {
    wrt_mem *mem = make_shared(t, flags[i], GROWTH, FULL);
    worker workers[THREADS];
    run_workers(mem, workers, THREADS, grow_or_use);
    assert_int_equal(workers[0].seen[0] + workers[1].seen[0], (FULL - GROWTH) / GROWTH);
    assert_int_equal(info_of(mem).len, FULL);
    assert_int_equal(stats_of(mem).resizes, (FULL - GROWTH) / GROWTH);
    assert_int_equal(stats_of(mem).resize_failures, 2);
    assert_ok(wrt_mem_verify(mem, NULL));
    assert_ok(wrt_mem_destroy(mem));
  }
}

/* ---- atomics ---- */

static const uint32_t widths[4] = {1, 2, 4, 8};

static void *count_up(void *argument) {
  worker *w = argument;
  uint64_t old = 0;
  for (uint64_t i = 0; i < rounds(4000); ++i) {
    for (uint32_t k = 0; k < 4; ++k) {
      EXPECT(w, wrt_mem_atomic_rmw(w->mem, 8 * k, widths[k], WRT_ATOMIC_ADD, 1, &old) == WRT_OK);
    }
    do { /* one more, by compare-and-exchange */
      EXPECT(w, wrt_mem_atomic_load(w->mem, 32, 8, &w->seen[0]) == WRT_OK);
      EXPECT(w, wrt_mem_atomic_cmpxchg(w->mem, 32, 8, w->seen[0], w->seen[0] + 1, &old) == WRT_OK);
    } while (old != w->seen[0]);
    EXPECT(w, wrt_mem_atomic_rmw(w->mem, 40, 8, WRT_ATOMIC_XOR, UINT64_C(1) << w->number, &old) == WRT_OK);
    EXPECT(w, wrt_mem_atomic_rmw(w->mem, 48, 8, WRT_ATOMIC_SUB, 3, &old) == WRT_OK);
  }
  return NULL;
}

static void counts_of_eight_threads_are_exact(void **state) {
  tier *t = *state;
  for (int tracked = 0; tracked < 2; ++tracked) {
    wrt_mem *mem = make_shared(t, tracked ? WRT_MEM_TRACK : 0, LEN, FULL);
    worker workers[THREADS];
    run_workers(mem, workers, THREADS, count_up);
    const uint64_t total = THREADS * rounds(4000);
    for (uint32_t k = 0; k < 4; ++k) {
      const uint64_t mask = widths[k] == 8 ? UINT64_MAX : (UINT64_C(1) << (8 * widths[k])) - 1;
      assert_int_equal(load(mem, 8 * k, widths[k]), total & mask);
    }
    assert_int_equal(load(mem, 32, 8), total);
    assert_int_equal(load(mem, 40, 8), rounds(4000) % 2 == 0 ? 0 : 255);
    assert_int_equal(load(mem, 48, 8), UINT64_C(0) - 3 * total);
    if (tracked) assert_true(stats_of(mem).writes >= 7 * total);
    assert_ok(wrt_mem_destroy(mem));
  }
}

/* Store buffering: with sequential consistency at least one of the two sees the other's store. */
static void meet(wrt_mem *mem, uint64_t round, uint64_t parties) {
  uint64_t arrived = 0;
  (void)!wrt_mem_atomic_rmw(mem, 1024, 8, WRT_ATOMIC_ADD, 1, &arrived);
  while (arrived < round * parties) {
    (void)!wrt_mem_atomic_load(mem, 1024, 8, &arrived);
    sched_yield();
  }
}

static void *store_then_look(void *argument) {
  worker *w = argument;
  const uint64_t own = 64 * w->number, others = 64 - own, said = 2048 + 8 * w->number;
  for (uint64_t i = 1; i <= rounds(3000); ++i) {
    uint64_t other = 0, heard = 0;
    meet(w->mem, 2 * i - 1, 2);
    EXPECT(w, wrt_mem_atomic_store(w->mem, own, 4, i) == WRT_OK);
    EXPECT(w, wrt_mem_atomic_load(w->mem, others, 4, &other) == WRT_OK);
    EXPECT(w, wrt_mem_atomic_store(w->mem, said, 8, other) == WRT_OK);
    meet(w->mem, 2 * i, 2);
    EXPECT(w, wrt_mem_atomic_load(w->mem, 2048 + 8 * (1 - w->number), 8, &heard) == WRT_OK);
    EXPECT(w, other == i || heard == i);
  }
  return NULL;
}

/* Two write, two read both in opposite orders: they agree on which write came first. */
static void *independent_reads(void *argument) {
  worker *w = argument;
  for (uint64_t i = 1; i <= rounds(2000); ++i) {
    meet(w->mem, 3 * i - 2, 4);
    if (w->number < 2) {
      EXPECT(w, wrt_mem_atomic_store(w->mem, 64 * w->number, 4, i) == WRT_OK);
    } else {
      uint64_t first = 0, second = 0;
      EXPECT(w, wrt_mem_atomic_load(w->mem, 64 * (w->number - 2), 4, &first) == WRT_OK);
      EXPECT(w, wrt_mem_atomic_load(w->mem, 64 * (3 - w->number), 4, &second) == WRT_OK);
      const uint64_t first_only = first == i && second != i;
      EXPECT(w, wrt_mem_atomic_store(w->mem, 2048 + 8 * w->number, 8, first_only) == WRT_OK);
    }
    meet(w->mem, 3 * i - 1, 4);
    uint64_t one = 1, other = 1;
    EXPECT(w, wrt_mem_atomic_load(w->mem, 2048 + 16, 8, &one) == WRT_OK);
    EXPECT(w, wrt_mem_atomic_load(w->mem, 2048 + 24, 8, &other) == WRT_OK);
    EXPECT(w, one == 0 || other == 0);
    meet(w->mem, 3 * i, 4);
  }
  return NULL;
}

static void atomic_accesses_are_sequentially_consistent(void **state) {
  tier *t = *state;
  worker workers[4];
  run_workers(make_shared(t, 0, LEN, FULL), workers, 2, store_then_look);
  run_workers(make_shared(t, 0, LEN, FULL), workers, 4, independent_reads);
}

static void *write_both_halves(void *argument) {
  worker *w = argument;
  const uint32_t width = widths[w->number % 4];
  for (uint64_t i = 0; i < rounds(20000); ++i) {
    uint8_t bytes[8];
    memset(bytes, (int)(i & 255), sizeof bytes);
    const uint64_t offset = 8 * (w->number % 4);
    if (w->number < 4) {
      EXPECT(w, wrt_mem_write(w->mem, offset, bytes, width) == WRT_OK);
      continue;
    }
    EXPECT(w, wrt_mem_read(w->mem, offset, bytes, width) == WRT_OK);
    if (width > sizeof(void *)) continue; /* wider than a machine word: may be torn */
    for (uint32_t k = 1; k < width; ++k) EXPECT(w, bytes[k] == bytes[0]);
  }
  return NULL;
}

static void aligned_accesses_are_not_torn(void **state) {
  tier *t = *state;
  worker workers[8];
  run_workers(make_shared(t, 0, LEN, FULL), workers, 8, write_both_halves);
}

/* ---- everything else at the same time ---- */

static void *ask_everything(void *argument) {
  worker *w = argument;
  for (uint64_t i = 0; i < rounds(300); ++i) {
    wrt_mem_info info = {.struct_size = sizeof info};
    wrt_mem_stats stats = {.struct_size = sizeof stats};
    wrt_mem_history history = {.struct_size = sizeof history};
    const wrt_view *view = NULL;
    wrt_mem *twin = NULL;
    int32_t same = 0;
    uint64_t old = 0;
    EXPECT(w, wrt_mem_get_info(w->mem, &info) == WRT_OK);
    EXPECT(w, wrt_mem_get_stats(w->mem, &stats) == WRT_OK);
    EXPECT(w, wrt_mem_get_history(w->mem, &history) == WRT_OK);
    EXPECT(w, wrt_mem_view(w->mem, &view) == WRT_OK);
    EXPECT(w, wrt_mem_verify(w->mem, NULL) == WRT_OK);
    EXPECT(w, wrt_mem_set_verify(w->mem, i % 2 ? WRT_VERIFY_OFF : WRT_VERIFY_BASIC) == WRT_OK);
    EXPECT(w, wrt_mem_equal(w->mem, w->mem, &same) == WRT_OK);
    EXPECT(w, wrt_mem_copy(w->mem, 100, w->mem, 103, 500) == WRT_OK);
    EXPECT(w, wrt_mem_fill(w->mem, 700, 3, 77) == WRT_OK);
    EXPECT(w, wrt_mem_discard(w->mem, 900, 100) == WRT_OK);
    EXPECT(w, wrt_mem_grow(w->mem, 1, &old) == WRT_OK);
    EXPECT(w, wrt_mem_clear_stats(w->mem) == WRT_OK);
    if (w->number != 0) continue;
    EXPECT(w, wrt_mem_clone(w->mem, &twin) == WRT_OK);
    EXPECT(w, wrt_mem_destroy(twin) == WRT_OK);
  }
  return NULL;
}

static void every_function_may_be_called_by_many_threads(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shared(t, WRT_MEM_TRACK, LEN, FULL);
  worker workers[4];
  run_workers(mem, workers, 4, ask_everything);
  assert_int_equal(len_of(mem), LEN + 4 * rounds(300));
}

/* ---- wait and notify ---- */

static int32_t wait_here(wrt_mem *mem, uint64_t offset, uint32_t width, uint64_t expected, int64_t timeout) {
  int32_t result = 77;
  assert_ok(wrt_mem_wait(mem, offset, width, expected, timeout, &result));
  return result;
}

static uint32_t notify(wrt_mem *mem, uint64_t offset, uint32_t count) {
  uint32_t woken = POISON32;
  assert_ok(wrt_mem_notify(mem, offset, count, &woken));
  return woken;
}

static void waiting_answers_at_once_when_the_value_differs_or_the_time_is_up(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shared(t, 0, LEN, FULL);
  assert_ok(wrt_mem_atomic_store(mem, 8, 8, UINT64_C(0x1122334455667788)));
  assert_int_equal(wait_here(mem, 8, 4, 1, -1), 1);
  assert_int_equal(wait_here(mem, 8, 8, 0x55667788, -1), 1);
  assert_int_equal(wait_here(mem, 8, 4, 0x55667788, 0), 2);
  assert_int_equal(wait_here(mem, 8, 4, UINT64_C(0xFFFFFFFF55667788), 1000), 2); /* cut to the width */
  assert_int_equal(wait_here(mem, 8, 8, UINT64_C(0x1122334455667788), 2000000), 2);
  assert_int_equal(notify(mem, 8, UINT32_MAX), 0);
}

static void waiting_checks_width_then_alignment_then_bounds(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shared(t, 0, LEN, FULL);
  int32_t result = 77;
  uint32_t woken = 77;
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_wait(mem, LEN + 1, 2, 0, 0, &result));
  assert_status(WRT_ERR_MISALIGNED, wrt_mem_wait(mem, LEN + 1, 4, 0, 0, &result));
  assert_status(WRT_ERR_MISALIGNED, wrt_mem_wait(mem, 4, 8, 0, 0, &result));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_wait(mem, LEN, 4, 0, 0, &result));
  assert_status(WRT_ERR_MISALIGNED, wrt_mem_notify(mem, LEN + 2, 1, &woken));
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_notify(mem, LEN, 1, &woken));
  assert_int_equal(result, 77);
  assert_int_equal(woken, 77);
}

static void *sleep_at_0(void *argument) {
  worker *w = argument;
  int32_t result = 77;
  uint64_t old = 0;
  EXPECT(w, wrt_mem_atomic_rmw(w->mem, 64, 4, WRT_ATOMIC_ADD, 1, &old) == WRT_OK);
  EXPECT(w, wrt_mem_wait(w->mem, 0, 4, 0, -1, &result) == WRT_OK);
  EXPECT(w, result == 0);
  EXPECT(w, wrt_mem_atomic_rmw(w->mem, 72, 4, WRT_ATOMIC_ADD, 1, &old) == WRT_OK);
  return NULL;
}

static void until(wrt_mem *mem, uint64_t offset, uint64_t value) {
  while (load(mem, offset, 4) < value) sched_yield();
}

static void notify_wakes_as_many_as_it_says_and_no_other_place(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shared(t, 0, LEN, FULL);
  worker workers[4];
  memset(workers, 0, sizeof workers);
  for (uint32_t i = 0; i < 4; ++i) {
    workers[i].mem = mem;
    assert_int_equal(pthread_create(&workers[i].thread, NULL, sleep_at_0, &workers[i]), 0);
  }
  until(mem, 64, 4);
  /* They announced themselves, but may not sleep yet: ask until they do. */
  uint32_t woken = 0;
  while (woken == 0) woken = notify(mem, 0, 1);
  assert_int_equal(woken, 1);
  assert_int_equal(notify(mem, 4, 10), 0);
  assert_int_equal(notify(mem, 0, 0), 0);
  until(mem, 72, 1);
  while (woken < 3) woken += notify(mem, 0, 3 - woken);
  until(mem, 72, 3);
  assert_status(WRT_ERR_BUSY, wrt_mem_destroy(mem));
  assert_int_equal(load(mem, 72, 4), 3);
  while (woken < 4) woken += notify(mem, 0, UINT32_MAX);
  for (uint32_t i = 0; i < 4; ++i) {
    assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    assert_int_equal(workers[i].failures, 0);
  }
  assert_ok(wrt_mem_destroy(mem));
}

/* A launcher may put threads to sleep of its own accord. */
#if defined(__linux__) && !defined(UNDER_LAUNCHER)
#define WATCHES_THREADS 1

/* Whether the kernel says that the thread sleeps: it stands behind the name, which ends with the last bracket. */
static int sleeps(uint64_t thread) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/self/task/%u/stat", (unsigned)thread);
  FILE *file = fopen(path, "r");
  if (file == NULL) return 0;
  const size_t n = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[n] = '\0';
  const char *name_ends = strrchr(text, ')');
  return name_ends != NULL && name_ends[1] == ' ' && name_ends[2] == 'S';
}

static void *sleep_and_note_the_turn(void *argument) {
  worker *w = argument;
  int32_t result = 77;
  EXPECT(w, wrt_mem_atomic_store(w->mem, 64, 8, (uint64_t)syscall(SYS_gettid)) == WRT_OK);
  EXPECT(w, wrt_mem_wait(w->mem, 0, 4, 0, -1, &result) == WRT_OK);
  EXPECT(w, result == 0);
  EXPECT(w, wrt_mem_atomic_rmw(w->mem, 72, 4, WRT_ATOMIC_ADD, 1, &w->seen[0]) == WRT_OK);
  return NULL;
}

static void those_that_wait_longest_are_woken_first(void **state) {
  tier *t = *state;
  if (under_sanitizer()) return; /* their own locks put threads to sleep too */
  wrt_mem *mem = make_shared(t, 0, LEN, FULL);
  worker workers[4];
  memset(workers, 0, sizeof workers);
  for (uint32_t i = 0; i < 4; ++i) {
    assert_ok(wrt_mem_atomic_store(mem, 64, 8, 0));
    workers[i].mem = mem;
    assert_int_equal(pthread_create(&workers[i].thread, NULL, sleep_and_note_the_turn, &workers[i]), 0);
    while (load(mem, 64, 8) == 0 || !sleeps(load(mem, 64, 8))) sched_yield();
  }
  for (uint32_t i = 0; i < 4; ++i) {
    assert_int_equal(notify(mem, 0, 1), 1);
    assert_int_equal(pthread_join(workers[i].thread, NULL), 0); /* this one, and no other */
    assert_int_equal(workers[i].failures, 0);
    assert_int_equal(workers[i].seen[0], i);
  }
}

#endif

/* A lock as a guest's library makes it: 0 free, 1 taken, 2 taken and waited for. */
static void guest_lock(worker *w) {
  uint64_t old = 0;
  EXPECT(w, wrt_mem_atomic_cmpxchg(w->mem, 0, 4, 0, 1, &old) == WRT_OK);
  while (old != 0) {
    int32_t result = 0;
    EXPECT(w, wrt_mem_atomic_rmw(w->mem, 0, 4, WRT_ATOMIC_XCHG, 2, &old) == WRT_OK);
    if (old == 0) return;
    EXPECT(w, wrt_mem_wait(w->mem, 0, 4, 2, w->number % 2 ? -1 : 1000000, &result) == WRT_OK);
  }
}

static void guest_unlock(worker *w) {
  uint64_t old = 0;
  uint32_t woken = 0;
  EXPECT(w, wrt_mem_atomic_rmw(w->mem, 0, 4, WRT_ATOMIC_XCHG, 0, &old) == WRT_OK);
  if (old == 2) EXPECT(w, wrt_mem_notify(w->mem, 0, 1, &woken) == WRT_OK);
}

static void *count_under_lock(void *argument) {
  worker *w = argument;
  for (uint64_t i = 0; i < rounds(500); ++i) {
    uint64_t value = 0;
    guest_lock(w);
    EXPECT(w, wrt_mem_read(w->mem, 128, &value, 8) == WRT_OK);
    value++;
    EXPECT(w, wrt_mem_write(w->mem, 128, &value, 8) == WRT_OK);
    guest_unlock(w);
  }
  return NULL;
}

static void a_guests_lock_over_wait_and_notify_loses_no_wake_up(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shared(t, 0, LEN, FULL);
  worker workers[THREADS];
  run_workers(mem, workers, THREADS, count_under_lock);
  uint64_t value = 0;
  assert_ok(wrt_mem_read(mem, 128, &value, 8));
  assert_int_equal(value, THREADS * rounds(500));
}

/* ---- where there are none ---- */

/* Without compare-and-swap of 64 bits in the processor. */
static int offered(void) {
  wrt_tier_info info = {.struct_size = sizeof info};
  return wrt_tier_get_info(WRT_TIER_ALLOC, &info) == WRT_OK && (info.flags & WRT_MEM_SHARED) != 0;
}

static void a_target_without_64_bit_atomics_says_that_it_has_none(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 0, FULL);
  config.flags = WRT_MEM_SHARED;
  wrt_mem *mem = POISON_POINTER;
  assert_true(!__atomic_always_lock_free(8, NULL));
  assert_status(WRT_ERR_UNSUPPORTED, wrt_mem_create_config(&config, &mem));
  assert_ptr_equal(mem, POISON_POINTER);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_shared_memory_answers_as_any_other_does),
      cmocka_unit_test(copies_between_shared_and_checked_memories_move_every_byte),
      cmocka_unit_test(what_needs_the_memory_alone_is_unsupported),
      cmocka_unit_test(a_shared_base_is_fixed_from_the_start),
      cmocka_unit_test(a_stray_write_to_its_length_is_corrupt),
      cmocka_unit_test(a_memory_grows_while_others_read_and_write),
      cmocka_unit_test(counts_of_eight_threads_are_exact),
      cmocka_unit_test(atomic_accesses_are_sequentially_consistent),
      cmocka_unit_test(aligned_accesses_are_not_torn),
      cmocka_unit_test(every_function_may_be_called_by_many_threads),
      cmocka_unit_test(waiting_answers_at_once_when_the_value_differs_or_the_time_is_up),
      cmocka_unit_test(waiting_checks_width_then_alignment_then_bounds),
      cmocka_unit_test(notify_wakes_as_many_as_it_says_and_no_other_place),
#ifdef WATCHES_THREADS
      cmocka_unit_test(those_that_wait_longest_are_woken_first),
#endif
      cmocka_unit_test(a_guests_lock_over_wait_and_notify_loses_no_wake_up),
  };
  static const struct CMUnitTest none[] = {cmocka_unit_test(a_target_without_64_bit_atomics_says_that_it_has_none)};
  return offered() ? RUN_ON_EACH_TIER("shared memories", tests) : RUN_ON_EACH_TIER("shared memories", none);
}

#else

int main(void) { return 0; }

#endif
