/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Nanoseconds a call, the tenth of a hundred rounds that interleave: a bare call, then the library's. */
#define _POSIX_C_SOURCE 200809L
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <wrtmem/wrtmem.h>

enum { CALLS = 100000, ROUNDS = 100, SIDES = 4 };

static wrt_mem *g_mem;
static uint32_t g_sink;

static void bare(uint64_t i) {
  (void)i;
  g_sink += wrt_version();
}
static void check(uint64_t i) { g_sink += (uint32_t)wrt_mem_check(g_mem, i % 65000, 8); }
static void read_8(uint64_t i) {
  uint64_t value = 0;
  g_sink += (uint32_t)wrt_mem_read(g_mem, i % 65000, &value, 8);
}
static void write_8(uint64_t i) { g_sink += (uint32_t)wrt_mem_write(g_mem, i % 65000, &i, 8); }

static double now(void) {
  struct timespec time;
  (void)clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a;
  const double y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(void) {
  static void (*const sides[SIDES])(uint64_t) = {bare, check, read_8, write_8};
  static const char *const names[SIDES] = {"bare", "check", "read", "write"};
  static double times[SIDES][ROUNDS];
  if (wrt_mem_create(WRT_TIER_STD, 65536, 65536, &g_mem) != WRT_OK) return 1;
  for (int round = 0; round < ROUNDS; round++) {
    for (int side = 0; side < SIDES; side++) {
      const double start = now();
      for (uint64_t i = 0; i < CALLS; i++) sides[side](i);
      times[side][round] = (now() - start) / CALLS;
    }
  }
  for (int side = 0; side < SIDES; side++) {
    qsort(times[side], ROUNDS, sizeof times[side][0], compare);
    printf("C %s %.1f\n", names[side], times[side][ROUNDS / 10]);
  }
  return wrt_mem_destroy(g_mem) == WRT_OK ? 0 : 1;
}
