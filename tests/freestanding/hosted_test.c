/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The freestanding archive in a program that has an operating system, so that threads and sanitizers can look at it:
 * what the tiers answer, and that the program's lock is what makes atomic operations atomic. Built with
 * WRTMEM_LOCK_ALL.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wrtmem/lock.h"
#include "wrtmem/wrtmem.h"

#define CHECK(what)                                              \
  do {                                                           \
    if (!(what)) {                                               \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what); \
      exit(1);                                                   \
    }                                                            \
  } while (0)

/* ---- the lock that this program brings */

static pthread_mutex_t g_mutex = PTHREAD_MUTEX_INITIALIZER;
static uintptr_t g_entered; /* guarded by the mutex */

uintptr_t wrt_lock_enter(void) {
  CHECK(pthread_mutex_lock(&g_mutex) == 0);
  return ++g_entered;
}

void wrt_lock_leave(uintptr_t before) {
  CHECK(before == g_entered); /* never nested */
  CHECK(pthread_mutex_unlock(&g_mutex) == 0);
}

static uintptr_t entered(void) {
  CHECK(pthread_mutex_lock(&g_mutex) == 0);
  const uintptr_t times = g_entered;
  CHECK(pthread_mutex_unlock(&g_mutex) == 0);
  return times;
}

/* ---- the tiers */

static void *give(void *context, size_t size, size_t alignment) {
  ++*(int *)context;
  return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void take_back(void *context, void *block, size_t size, size_t alignment) {
  (void)size;
  (void)alignment;
  --*(int *)context;
  free(block);
}

static void tiers_without_an_operating_system_are_unsupported(void) {
  wrt_mem *mem = NULL;
  CHECK(wrt_mem_create(WRT_TIER_STD, 64, 128, &mem) == WRT_ERR_UNSUPPORTED);
  CHECK(wrt_mem_create(WRT_TIER_ALLOC, 64, 128, &mem) == WRT_ERR_UNSUPPORTED);
  CHECK(mem == NULL);
  CHECK(wrt_mem_create(WRT_TIER_DEFAULT, 64, 128, &mem) == WRT_OK);
  wrt_mem_info info = {.struct_size = sizeof(info)};
  CHECK(wrt_mem_get_info(mem, &info) == WRT_OK && info.tier == WRT_TIER_STATIC);
  CHECK(wrt_mem_destroy(mem) == WRT_OK);
}

static void alloc_works_with_the_callers_allocator(void) {
  int out = 0;
  const wrt_allocator allocator = {sizeof(allocator), 0, &out, give, NULL, take_back};
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_ALLOC;
  config.initial_len = 100;
  config.max_len = 1000;
  config.allocator = &allocator;
  wrt_mem *mem = NULL;
  CHECK(wrt_mem_create_config(&config, &mem) == WRT_OK);
  CHECK(wrt_mem_resize(mem, 1000) == WRT_OK);
  CHECK(wrt_mem_fill(mem, 900, 7, 100) == WRT_OK);
  uint8_t byte = 0;
  CHECK(wrt_mem_read(mem, 999, &byte, 1) == WRT_OK && byte == 7);
  CHECK(wrt_mem_destroy(mem) == WRT_OK && out == 0);
}

/* ---- the lock is what holds */

enum { kThreads = 4, kRounds = 2000 };

static wrt_mem *g_shared;

static void *add_many(void *unused) {
  (void)unused;
  for (int i = 0; i < kRounds; i++) {
    uint64_t old = 0;
    CHECK(wrt_mem_atomic_rmw(g_shared, 8, 8, WRT_ATOMIC_ADD, 0x100000001U, &old) == WRT_OK);
    CHECK(wrt_mem_atomic_rmw(g_shared, 2, 2, WRT_ATOMIC_ADD, 1, &old) == WRT_OK);
  }
  return NULL;
}

/* Pool, handle table and budget are everybody's. */
static void *create_and_destroy(void *budget) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STATIC;
  config.initial_len = 64;
  config.budget = (wrt_budget *)budget;
  for (int i = 0; i < kRounds / 4; i++) {
    wrt_mem *mem = NULL;
    const wrt_status status = wrt_mem_create_config(&config, &mem);
    if (status == WRT_ERR_POOL_EXHAUSTED || status == WRT_ERR_BUDGET) continue;
    CHECK(status == WRT_OK);
    uint32_t word = 0;
    CHECK(wrt_mem_read(mem, 0, &word, 4) == WRT_OK && word == 0);
    word = (uint32_t)i + 1;
    CHECK(wrt_mem_write(mem, 0, &word, 4) == WRT_OK);
    CHECK(wrt_mem_destroy(mem) == WRT_OK);
  }
  return NULL;
}

static void in_threads(void *(*work)(void *), void *argument) {
  pthread_t threads[kThreads];
  for (int i = 0; i < kThreads; i++) CHECK(pthread_create(&threads[i], NULL, work, argument) == 0);
  for (int i = 0; i < kThreads; i++) CHECK(pthread_join(threads[i], NULL) == 0);
}

static void atomic_operations_go_by_the_lock(void) {
  CHECK(wrt_mem_create(WRT_TIER_STATIC, 64, 64, &g_shared) == WRT_OK);
  const uintptr_t before = entered();
  in_threads(add_many, NULL);
  CHECK(entered() - before >= 2 * kThreads * kRounds);
  uint64_t sum = 0;
  CHECK(wrt_mem_atomic_load(g_shared, 8, 8, &sum) == WRT_OK && sum == 0x100000001U * (uint64_t)(kThreads * kRounds));
  CHECK(wrt_mem_atomic_load(g_shared, 2, 2, &sum) == WRT_OK && sum == kThreads * kRounds);
  CHECK(wrt_mem_destroy(g_shared) == WRT_OK);
}

static void creation_and_budgets_go_by_the_lock(void) {
  wrt_budget *budget = NULL;
  CHECK(wrt_budget_create(192, NULL, &budget) == WRT_OK);
  in_threads(create_and_destroy, budget);
  wrt_budget_info info = {.struct_size = sizeof(info)};
  CHECK(wrt_budget_get_info(budget, &info) == WRT_OK && info.used == 0 && info.peak <= 192);
  CHECK(wrt_budget_destroy(budget) == WRT_OK);
}

int main(void) {
  CHECK(wrt_selftest() == WRT_OK);
  tiers_without_an_operating_system_are_unsupported();
  alloc_works_with_the_callers_allocator();
  atomic_operations_go_by_the_lock();
  creation_and_budgets_go_by_the_lock();
  return 0;
}
