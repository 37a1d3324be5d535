/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "conformance.h"

#include <stdio.h>

#define SLOTS 4

int32_t tier;

static uint8_t storage[WRT_POOL_STORAGE_LEN(SLOT_PAGES * PAGE, SLOTS)];
static wrt_pool *pool;
static wrt_budget *budget;

static uint8_t kept[SLOT_PAGES * PAGE], seen[SLOT_PAGES * PAGE];
static uint64_t kept_len;

int choose_tier(int argc, char **argv) {
  for (tier = WRT_TIER_STD; argc == 2 && tier <= WRT_TIER_STATIC; ++tier) {
    if (strcmp(argv[1], wrt_tier_name(tier)) == 0) return 0;
  }
  fprintf(stderr, "usage: %s std|alloc|static\n", argv[0]);
  return 2;
}

int begin_conformance(void **state) {
  (void)state;
  if (wrt_budget_create(UINT64_MAX, NULL, &budget) != WRT_OK) return -1;
  if (tier != WRT_TIER_STATIC) return 0;
  return wrt_pool_create(storage, sizeof storage, SLOT_PAGES * PAGE, &pool) == WRT_OK ? 0 : -1;
}

int end_conformance(void **state) {
  (void)state;
  if (tier == WRT_TIER_STATIC && wrt_pool_destroy(pool) != WRT_OK) return -1;
  return wrt_budget_destroy(budget) == WRT_OK ? 0 : -1;
}

wrt_mem_config tier_config(void) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = tier;
  config.max_len = SLOT_PAGES * PAGE;
  config.pool = pool;
  config.budget = budget;
  return config;
}

wrt_status try_create_pages(uint64_t page_len, uint64_t initial_pages, uint64_t max_pages, wrt_mem **out) {
  wrt_mem_config config = tier_config();
  config.page_len = page_len;
  config.initial_len = initial_pages * page_len;
  config.max_len = max_pages * page_len;
  config.flags = WRT_MEM_EXACT_MAX;
  return wrt_mem_create_config(&config, out);
}

wrt_mem *create_pages(uint64_t page_len, uint64_t initial_pages, uint64_t max_pages) {
  wrt_mem *mem = NULL;
  assert_int_equal(try_create_pages(page_len, initial_pages, max_pages, &mem), WRT_OK);
  return mem;
}

uint64_t len_of(const wrt_mem *mem) {
  uint64_t len = 0;
  assert_int_equal(wrt_mem_len(mem, &len), WRT_OK);
  return len;
}

void remember(const wrt_mem *mem) {
  kept_len = len_of(mem);
  assert_true(kept_len <= sizeof kept);
  assert_int_equal(wrt_mem_read(mem, 0, kept, (size_t)kept_len), WRT_OK);
}

void assert_unchanged(const wrt_mem *mem) {
  assert_true(len_of(mem) == kept_len);
  assert_int_equal(wrt_mem_read(mem, 0, seen, (size_t)kept_len), WRT_OK);
  assert_memory_equal(seen, kept, (size_t)kept_len);
}

uint8_t byte_at(const wrt_mem *mem, uint64_t offset) {
  uint8_t byte = 0;
  assert_int_equal(wrt_mem_read(mem, offset, &byte, 1), WRT_OK);
  return byte;
}

void assert_bytes(const wrt_mem *mem, uint64_t offset, const char *text) {
  const size_t n = strlen(text);
  assert_true(n <= sizeof seen);
  assert_int_equal(wrt_mem_read(mem, offset, seen, n), WRT_OK);
  assert_memory_equal(seen, text, n);
}

void assert_all(const wrt_mem *mem, uint64_t offset, uint64_t n, uint8_t value) {
  assert_true(n <= sizeof seen);
  assert_int_equal(wrt_mem_read(mem, offset, seen, (size_t)n), WRT_OK);
  for (uint64_t i = 0; i < n; ++i) assert_int_equal(seen[i], value);
}
