/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_TESTS_CAPI_EXERCISE_H
#define WRTMEM_TESTS_CAPI_EXERCISE_H

#include <wrtmem/wrtmem.h>

/* Called around every call into the library. */
typedef struct surroundings {
  void (*before)(void);
  void (*after)(void);
} surroundings;

/* Makes two memories from the config (of at least 4,096 bytes, max_len at least 8,192) and calls every function that
 * works on memories, on success and on failure. Makes no call but into the library. Returns 0, or the line of
 * exercise.c where a call gave another status than expected. */
int exercise_memories(const wrt_mem_config *config, const surroundings *around);

/* The same for what asks no memory: names, versions, tiers. */
int exercise_library(const surroundings *around);

/* Creates and destroys a pool in the storage, budgets, and asks for images. */
int exercise_pools_and_budgets(void *storage, size_t storage_len, size_t slot_len, const surroundings *around);

#endif
