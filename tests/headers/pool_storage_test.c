/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* WRT_POOL_STORAGE_LEN is never below what wrt_pool_storage_len says, and a static array of it holds its slots. */
#include <stdio.h>
#include <stdlib.h>
#include <wrtmem/wrtmem.h>

static void fail(int line, const char *promise, size_t slot_len, size_t slots) {
  fprintf(stderr, "pool_storage_test.c:%d: not so: %s (slot_len %zu, slots %zu)\n", line, promise, slot_len, slots);
  exit(1);
}
#define MUST(promise, condition, slot_len, slots) \
  if (!(condition)) fail(__LINE__, promise, slot_len, slots)

static uint64_t random_state = 0x2545f4914f6cdd1dU;
static uint64_t random_u64(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state;
}

static void bounds_one(size_t slot_len, size_t slots) {
  size_t len = 0;
  MUST("this much storage can be asked for", wrt_pool_storage_len(slot_len, slots, &len) == WRT_OK, slot_len, slots);
  MUST("the macro is an upper bound", len <= WRT_POOL_STORAGE_LEN(slot_len, slots), slot_len, slots);
  MUST("the slots themselves fit", len / slots >= slot_len, slot_len, slots);
}

static void the_macro_is_an_upper_bound(void) {
  const size_t most = sizeof(size_t) == 8 ? (size_t)1 << 20 : (size_t)1 << 14;
  size_t slot_len;
  size_t slots;
  int i;
  for (slot_len = 1; slot_len <= 600; slot_len++)
    for (slots = 1; slots <= 70; slots++) bounds_one(slot_len, slots);
  for (slots = 1; slots <= 5000; slots++) bounds_one(1, slots);
  for (slot_len = 1; slot_len <= 70000; slot_len++) bounds_one(slot_len, 1);
  for (i = 0; i < 200000; i++) bounds_one((size_t)random_u64() % most + 1, (size_t)random_u64() % most + 1);
  bounds_one(65536, 16);
  bounds_one((size_t)1 << 28, 1);
}

/* A pool of so many slots that the array was made for, at every alignment of its first byte up to a cache line. */
#define HOLDS(slot_len, slots)                                                                               \
  do {                                                                                                       \
    static unsigned char storage[WRT_POOL_STORAGE_LEN(slot_len, slots) + 64];                                \
    size_t shift;                                                                                            \
    for (shift = 0; shift < 64; shift++)                                                                     \
      try_pool(storage + shift, WRT_POOL_STORAGE_LEN(slot_len, slots), (size_t)(slot_len), (size_t)(slots)); \
  } while (0)

static void try_pool(void *storage, size_t storage_len, size_t slot_len, size_t slots) {
  wrt_pool_info info = {sizeof info, 0, 0, 0, 0, 0, 0};
  wrt_pool *pool = NULL;
  MUST("a pool is made of it", wrt_pool_create(storage, storage_len, slot_len, &pool) == WRT_OK, slot_len, slots);
  MUST("the pool says what it is", wrt_pool_get_info(pool, &info) == WRT_OK, slot_len, slots);
  MUST("the array holds the slots that it was made for", info.slots >= slots, slot_len, slots);
  MUST("its slots have the length that was asked for", info.slot_len >= slot_len, slot_len, slots);
  MUST("the pool goes", wrt_pool_destroy(pool) == WRT_OK, slot_len, slots);
}

int main(void) {
  the_macro_is_an_upper_bound();
  HOLDS(1, 1);
  HOLDS(1, 1000);
  HOLDS(63, 3);
  HOLDS(64, 64);
  HOLDS(65, 65);
  HOLDS(4096, 2);
  HOLDS(65536, 1);
  HOLDS(65536, 4);
  return 0;
}
