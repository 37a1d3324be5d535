/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Two guests whose memories come from the heap of a real-time operating system, through the ALLOC tier, under one
 * budget. The heap is smaller than it might be, and the budget smaller still: one guest that wants all is stopped by
 * the budget, both together by the heap, and in the end all is given back. */

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <wrtmem/wrtmem.h>

#include "heap.h"

enum { PAGE = 1024, MOST = 24 * PAGE, BUDGET = 30 * PAGE };

/* ---- the heap as the library asks for it */

/* The heap knows nothing of alignment: a larger block, and before the place in it that is aligned, where the block is.
 */
static void *allocate(void *context, size_t size, size_t alignment) {
  (void)context;
  if (size > SIZE_MAX - alignment - sizeof(void *)) return NULL;
  uint8_t *block = rtos_malloc(size + alignment + sizeof(void *));
  if (block == NULL) return NULL;
  const uintptr_t from = (uintptr_t)block + sizeof(void *);
  void **place = (void **)((from + alignment - 1) & ~(uintptr_t)(alignment - 1));
  place[-1] = block;
  return place;
}

static void deallocate(void *context, void *block, size_t size, size_t alignment) {
  (void)context;
  (void)size;
  (void)alignment;
  rtos_free(((void **)block)[-1]);
}

/* Without reallocate: the library takes a new block, copies, and gives the old one back. */
static const wrt_allocator heap = {sizeof(wrt_allocator), 0, NULL, allocate, NULL, deallocate};

/* ---- the guests */

static wrt_status start(const char *name, wrt_budget *budget, wrt_mem **out) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_ALLOC;
  config.allocator = &heap;
  config.budget = budget;
  config.name = name;
  config.page_len = PAGE;
  config.initial_len = PAGE;
  config.max_len = MOST;
  return wrt_mem_create_config(&config, out);
}

/* A guest's work: a byte of its own at the start of each page that it gets, until it gets no more. */
static wrt_status fill_all(wrt_mem *mem, uint8_t own) {
  uint64_t page = 0;
  wrt_status status = WRT_OK;
  while (status == WRT_OK) {
    status = wrt_mem_write(mem, page * PAGE, &own, 1);
    if (status == WRT_OK) status = wrt_mem_grow(mem, 1, &page);
  }
  return status;
}

/* Whether the guest sees its own bytes and zeros, and nothing of the other's. */
static int is_untouched(wrt_mem *mem, uint8_t own) {
  uint64_t len = 0;
  if (wrt_mem_len(mem, &len) != WRT_OK) return 0;
  for (uint64_t i = 0; i < len; ++i) {
    uint8_t byte = 0;
    if (wrt_mem_read(mem, i, &byte, 1) != WRT_OK) return 0;
    if (byte != (i % PAGE == 0 ? own : 0)) return 0;
  }
  return 1;
}

static void show(const char *what, wrt_status status, wrt_mem *mem, uint8_t own) {
  uint64_t len = 0;
  (void)!wrt_mem_len(mem, &len);
  printf("%s: %s at %" PRIu64 " pages, its bytes %s\n", what, wrt_status_name(status), len / PAGE,
         is_untouched(mem, own) ? "its own" : "WRONG");
}

static int run(wrt_budget *budget, wrt_mem **first, wrt_mem **second) {
  if (start("first", budget, first) != WRT_OK || start("second", budget, second) != WRT_OK) return 1;
  show("first ", fill_all(*first, 0xA1), *first, 0xA1);
  show("second", fill_all(*second, 0xB2), *second, 0xB2);

  wrt_status status = wrt_mem_resize(*first, PAGE); /* the first gives back what it can */
  if (status != WRT_OK) return 1;
  show("first ", status, *first, 0xA1);
  show("second", fill_all(*second, 0xB2), *second, 0xB2);
  return 0;
}

int main(void) {
  rtos_free(rtos_malloc(1));
  const size_t before = rtos_free_bytes();
  wrt_budget *budget = NULL;
  wrt_mem *first = NULL;
  wrt_mem *second = NULL;
  wrt_status status = wrt_budget_create(BUDGET, NULL, &budget);
  int result = status == WRT_OK ? run(budget, &first, &second) : 1;

  wrt_budget_info charged = {.struct_size = sizeof charged};
  if (wrt_budget_get_info(budget, &charged) != WRT_OK) result = 1;
  printf("budget: %" PRIu64 " of %" PRIu64 " pages, at most %" PRIu64 ", refused %" PRIu64 "\n", charged.used / PAGE,
         charged.limit / PAGE, charged.peak / PAGE, charged.refused);

  if (wrt_mem_destroy(first) != WRT_OK || wrt_mem_destroy(second) != WRT_OK) result = 1;
  if (wrt_budget_destroy(budget) != WRT_OK) result = 1;
  if (rtos_free_bytes() != before) result = 1;
  printf("heap: %s\n", rtos_free_bytes() == before ? "all is given back" : "something is left over");
  printf("%s\n", result == 0 ? "done" : "failed");
  return result;
}
