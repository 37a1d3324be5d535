/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_TESTS_CAPI_SUPPORT_H
#define WRTMEM_TESTS_CAPI_SUPPORT_H

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the headers that it needs */
#include <cmocka.h>
#include <wrtmem/wrtmem.h>

#include "checked_heap.h"

enum {
  ROOM = 65536,   /* bytes that one memory may have on every tier */
  MAX_LIVE = 7,   /* memories that a test may hold at once on every tier */
  POOL_SLOTS = 8, /* slots of the tests' own pool: MAX_LIVE and a spare one */
  MAX_MADE = 256
};

/* The longest block that a test asks of malloc; boards have less to give. */
#ifndef TEST_LONGEST_BLOCK
#define TEST_LONGEST_BLOCK SIZE_MAX
#endif

/* What out-parameters hold before a call that must not write them. */
#define POISON UINT64_C(0x5EED5EED5EED5EED)
#define POISON32 UINT32_C(0x5EED5EED)
extern char poison_object[1];
#define POISON_POINTER ((void *)poison_object)

/* ---- statuses ---- */

#define assert_status(expected, call) check_status((expected), (call), #call, __FILE__, __LINE__)
#define assert_ok(call) assert_status(WRT_OK, call)
void check_status(wrt_status expected, wrt_status got, const char *call, const char *file, int line);

/* ---- one tier, ready to make memories ---- */

typedef enum tier_source { SYSTEM, HEAP, HEAP_WITHOUT_REALLOCATE, MALLOC, POOL, BUILTIN_POOL, SOURCES } tier_source;

typedef struct tier {
  tier_source source;
  int32_t number; /* WRT_TIER_* */
  checked_heap heap;
  wrt_allocator allocator;
  uint8_t *storage_block;
  size_t storage_block_len;
  uint8_t *storage; /* inside storage_block, at an odd address */
  size_t storage_len;
  wrt_pool *pool; /* POOL only */
  wrt_mem *made[MAX_MADE];
  size_t made_count;
  uint8_t bystander_storage[2048];
  wrt_pool *bystander_pool;     /* a live pool that no memory uses */
  wrt_budget *bystander_budget; /* a live budget that no memory uses */
  wrt_image *bystander_image;   /* a live image that no memory uses, once bad handles were collected; else NULL */
} tier;

const char *source_name(tier_source source);
int is_available(tier_source source);

/* Opens the tier of the source; close_tier destroys what was made and checks that everything was given back. */
tier *open_tier(tier_source source);
void close_tier(tier *t);

/* Runs the tests once for each tier that the build has; every test finds its tier in *state. */
int run_on_each_tier(const char *name, const struct CMUnitTest *tests, size_t count);
#define RUN_ON_EACH_TIER(name, tests) run_on_each_tier(name, tests, sizeof(tests) / sizeof((tests)[0]))
/* The same for one of them. */
int run_on(tier_source source, const char *name, const struct CMUnitTest *tests, size_t count);
#define RUN_ON_POOL(name, tests) run_on(POOL, name, tests, sizeof(tests) / sizeof((tests)[0]))
#define RUN_ONCE(name, tests) cmocka_run_group_tests_name(name, tests, NULL, NULL)

/* ---- memories ---- */

wrt_mem_config config_on(tier *t, uint64_t initial_len, uint64_t max_len);
wrt_mem *make(tier *t, uint64_t initial_len, uint64_t max_len);
wrt_mem *make_from(tier *t, const wrt_mem_config *config);
wrt_mem *adopt(tier *t, wrt_mem *mem); /* close_tier will destroy it */
wrt_budget *make_budget(uint64_t limit, wrt_budget *parent);

/* ---- images ---- */

int has_images(const tier *t);
wrt_image *freeze(const wrt_mem *mem);
wrt_image_info image_info_of(const wrt_image *image);

uint64_t len_of(const wrt_mem *mem);
wrt_mem_info info_of(const wrt_mem *mem);
wrt_mem_stats stats_of(const wrt_mem *mem);
wrt_pool_info pool_info_of(const wrt_pool *pool);
wrt_budget_info budget_info_of(const wrt_budget *budget);
const wrt_view *view_of(wrt_mem *mem);
void *borrow(wrt_mem *mem, uint64_t offset, uint64_t n, uint32_t access);
uint8_t byte_at(const wrt_mem *mem, uint64_t offset);

/* A pattern without period in sight, different for each seed, never zero. */
uint8_t pattern_byte(uint8_t seed, uint64_t offset);
void put_pattern(wrt_mem *mem, uint8_t seed, uint64_t offset, uint64_t n);
void assert_pattern(const wrt_mem *mem, uint8_t seed, uint64_t offset, uint64_t n);
void assert_zeros(const wrt_mem *mem, uint64_t offset, uint64_t n);
void assert_all_bytes(const void *data, uint8_t value, size_t n);

/* ---- the shapes that access must behave the same on ---- */

enum { SHAPES = 6 };
wrt_mem *make_shape(tier *t, int shape, uint64_t initial_len, uint64_t max_len); /* levels and flags; 0 .. SHAPES - 1 */

/* ---- ranges ---- */

typedef struct range {
  uint64_t offset;
  uint64_t n;
} range;

typedef struct ranges {
  range at[32];
  size_t count;
} ranges;

ranges ranges_inside(uint64_t len);
ranges ranges_outside(uint64_t len);
ranges ranges_outside_of_host_size(uint64_t len); /* those whose n is a size_t */

/* ---- what a failed call must not change ---- */

typedef struct snapshot {
  const wrt_mem *mem;
  wrt_mem_info info;
  uint8_t *bytes;
} snapshot;

snapshot take_snapshot(const wrt_mem *mem);
void assert_unchanged(snapshot *before); /* and frees it */

/* ---- values that are no live handle of a kind ---- */

typedef enum handle_kind { KIND_MEM, KIND_POOL, KIND_BUDGET, KIND_IMAGE } handle_kind;

typedef struct bad_handles {
  void *values[160];
  size_t count;
} bad_handles;

/* All of them but NULL: all ones, small and large numbers, random ones, pointers to the stack, the heap, a string,
 * the bytes and the view of a live memory, live handles of the other kinds, destroyed handles. */
void collect_bad_handles(bad_handles *bad, tier *t, handle_kind kind);

/* ---- the rest ---- */

uint64_t next_random(uint64_t *state);
void *handle_of_bits(uint64_t bits);
int is_power_of_two(uint64_t value);
int under_sanitizer(void);
int under_thread_sanitizer(void); /* which runs a thread of its own in every process */
uint64_t os_page(void);

#endif
