/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* C: each tier, and bad use; what ran is written to the file that is named. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wrtmem/wrtmem.h>

#define WANT(condition)                                               \
  do {                                                                \
    if (!(condition)) {                                               \
      fprintf(stderr, "line %d: not so: %s\n", __LINE__, #condition); \
      exit(1);                                                        \
    }                                                                 \
  } while (0)

static FILE *g_out;
static const char *g_between = "[\n";

static void note(int32_t tier, const char *what) {
  fprintf(g_out, "%s  {\"tier\": \"%s\", \"what\": \"%s\", \"result\": \"passed\"}", g_between, wrt_tier_name(tier),
          what);
  g_between = ",\n";
}

/* The tier of that name: what a program does that is told one at run time. */
static int32_t tier_of(const char *name) {
  for (int32_t tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; tier++) {
    if (strcmp(wrt_tier_name(tier), name) == 0) return tier;
  }
  return -1;
}

static wrt_mem *made(int32_t tier) {
  wrt_mem *mem = NULL;
  WANT(wrt_mem_create(tier, 100, 4096, &mem) == WRT_OK);
  return mem;
}

static void makes_writes_reads_and_grows(int32_t tier) {
  wrt_mem *mem = made(tier);
  char text[5];
  uint64_t before = 0;
  WANT(wrt_mem_write(mem, 95, "hello", 5) == WRT_OK);
  WANT(wrt_mem_read(mem, 95, text, 5) == WRT_OK);
  WANT(memcmp(text, "hello", 5) == 0);
  WANT(wrt_mem_grow(mem, 28, &before) == WRT_OK);
  WANT(before == 100);
  WANT(wrt_mem_fill(mem, 100, 7, 28) == WRT_OK);
  WANT(wrt_mem_read(mem, 127, text, 1) == WRT_OK);
  WANT(text[0] == 7);
  WANT(wrt_mem_grow(mem, UINT64_C(1) << 40, &before) == WRT_ERR_LIMIT);
  WANT(wrt_mem_destroy(mem) == WRT_OK);
  note(tier, "make, write, read, grow");
}

static void a_closed_memory_is_an_invalid_handle(int32_t tier) {
  wrt_mem *mem = made(tier);
  char byte = 1;
  uint64_t number = 0;
  WANT(wrt_mem_destroy(mem) == WRT_OK);
  WANT(wrt_mem_read(mem, 0, &byte, 1) == WRT_ERR_INVALID_HANDLE);
  WANT(wrt_mem_write(mem, 0, &byte, 1) == WRT_ERR_INVALID_HANDLE);
  WANT(wrt_mem_fill(mem, 0, 1, 1) == WRT_ERR_INVALID_HANDLE);
  WANT(wrt_mem_len(mem, &number) == WRT_ERR_INVALID_HANDLE);
  WANT(wrt_mem_grow(mem, 0, &number) == WRT_ERR_INVALID_HANDLE);
  wrt_mem *other = made(tier);
  WANT(wrt_mem_resize(mem, 1) == WRT_ERR_INVALID_HANDLE);
  WANT(wrt_mem_destroy(other) == WRT_OK);
  note(tier, "use after close");
  WANT(wrt_mem_destroy(mem) == WRT_ERR_INVALID_HANDLE);
  note(tier, "close twice");
}

static void what_is_too_large_is_out_of_bounds(int32_t tier) {
  static const uint64_t large[] = {100, UINT64_C(1) << 32, UINT64_C(1) << 63, UINT64_MAX - 3, UINT64_MAX};
  wrt_mem *mem = made(tier);
  char bytes[4] = {0};
  for (size_t i = 0; i < sizeof large / sizeof large[0]; i++) {
    WANT(wrt_mem_read(mem, large[i], bytes, 4) == WRT_ERR_OUT_OF_BOUNDS);
    WANT(wrt_mem_write(mem, large[i], bytes, 4) == WRT_ERR_OUT_OF_BOUNDS);
    WANT(wrt_mem_fill(mem, large[i], 1, 4) == WRT_ERR_OUT_OF_BOUNDS);
    WANT(wrt_mem_fill(mem, 1, 1, large[i]) == WRT_ERR_OUT_OF_BOUNDS);
    WANT(wrt_mem_check(mem, large[i], UINT64_MAX) == WRT_ERR_OUT_OF_BOUNDS);
  }
  WANT(wrt_mem_resize(mem, UINT64_MAX) == WRT_ERR_LIMIT);
  WANT(wrt_mem_destroy(mem) == WRT_OK);
  note(tier, "out of bounds, huge offsets");
}

static void a_handle_of_another_kind_is_invalid(int32_t tier) {
  wrt_mem *mem = made(tier);
  wrt_budget *budget = NULL;
  WANT(wrt_budget_create(10, NULL, &budget) == WRT_OK);
  WANT(wrt_mem_resize((wrt_mem *)(void *)budget, 1) == WRT_ERR_INVALID_HANDLE);
  WANT(wrt_budget_destroy((wrt_budget *)(void *)mem) == WRT_ERR_INVALID_HANDLE);
  WANT(wrt_mem_resize((wrt_mem *)(void *)&mem, 1) == WRT_ERR_INVALID_HANDLE);
  WANT(wrt_mem_resize(NULL, 1) == WRT_ERR_INVALID_HANDLE);
  WANT(wrt_mem_read(mem, 0, NULL, 1) == WRT_ERR_INVALID_ARGUMENT);
  WANT(wrt_budget_destroy(budget) == WRT_OK);
  WANT(wrt_mem_destroy(mem) == WRT_OK);
  WANT(wrt_mem_create(99, 1, 1, &mem) == WRT_ERR_INVALID_ARGUMENT);
  note(tier, "wrong types and kinds");
}

static void *allocate(void *context, size_t size, size_t alignment) {
  (void)alignment;
  int *calls = context;
  return ++*calls > 1 ? NULL : malloc(size);
}

static void deallocate(void *context, void *block, size_t size, size_t alignment) {
  (void)context;
  (void)size;
  (void)alignment;
  free(block);
}

static void an_allocator_that_refuses_is_out_of_memory(void) {
  int calls = 0;
  const wrt_allocator allocator = {sizeof allocator, 0, &calls, allocate, NULL, deallocate};
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.initial_len = 10;
  config.max_len = 100;
  config.allocator = &allocator;
  wrt_mem *mem = NULL;
  WANT(wrt_mem_create_config(&config, &mem) == WRT_OK);
  WANT(wrt_mem_resize(mem, 50) == WRT_ERR_OUT_OF_MEMORY);
  WANT(wrt_mem_check(mem, 0, 10) == WRT_OK);
  WANT(wrt_mem_destroy(mem) == WRT_OK);
  note(WRT_TIER_ALLOC, "a callback that fails");
}

int main(int argc, char **argv) {
  static const char *const tiers[] = {"std", "alloc", "static"};
  if (argc != 2) return 2;
  g_out = fopen(argv[1], "w");
  WANT(g_out != NULL);
  for (size_t i = 0; i < 3; i++) {
    const int32_t tier = tier_of(tiers[i]);
    makes_writes_reads_and_grows(tier);
    a_closed_memory_is_an_invalid_handle(tier);
    what_is_too_large_is_out_of_bounds(tier);
    a_handle_of_another_kind_is_invalid(tier);
  }
  an_allocator_that_refuses_is_out_of_memory();
  fprintf(g_out, "\n]\n");
  return fclose(g_out) == 0 ? 0 : 1;
}
