/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The C ABI with handles as numbers: they are no addresses, and Go's collector takes every pointer for one. */
#ifndef WRTMEM_GO_NATIVE_H
#define WRTMEM_GO_NATIVE_H

#include <stdlib.h>
#include <wrtmem/wrtmem.h>

#define MEM(handle) ((wrt_mem *)(handle))

void *wrtGoAllocate(void *context, size_t size, size_t alignment);
void wrtGoDeallocate(void *context, void *block, size_t size, size_t alignment);

static inline wrt_status native_create(int32_t tier, uint64_t initial_len, uint64_t max_len, uint64_t page_len,
                                       uintptr_t allocator, uintptr_t *out) {
  const wrt_allocator go = {sizeof go, 0, (void *)allocator, wrtGoAllocate, NULL, wrtGoDeallocate};
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = tier;
  config.initial_len = initial_len;
  config.max_len = max_len;
  config.page_len = page_len;
  config.allocator = allocator == 0 ? NULL : &go;
  wrt_mem *mem = NULL;
  const wrt_status status = wrt_mem_create_config(&config, &mem);
  if (status == WRT_OK) *out = (uintptr_t)mem;
  return status;
}

static inline wrt_status native_destroy(uintptr_t mem) {
  return mem == 0 ? WRT_ERR_INVALID_HANDLE : wrt_mem_destroy(MEM(mem));
}
static inline wrt_status native_len(uintptr_t mem, uint64_t *out) { return wrt_mem_len(MEM(mem), out); }
static inline wrt_status native_check(uintptr_t mem, uint64_t at, uint64_t n) { return wrt_mem_check(MEM(mem), at, n); }
static inline wrt_status native_read(uintptr_t mem, uint64_t at, void *to, size_t n) {
  return wrt_mem_read(MEM(mem), at, to, n);
}
static inline wrt_status native_write(uintptr_t mem, uint64_t at, const void *from, size_t n) {
  return wrt_mem_write(MEM(mem), at, from, n);
}
static inline wrt_status native_fill(uintptr_t mem, uint64_t at, uint8_t value, uint64_t n) {
  return wrt_mem_fill(MEM(mem), at, value, n);
}
static inline wrt_status native_resize(uintptr_t mem, uint64_t len) { return wrt_mem_resize(MEM(mem), len); }
static inline wrt_status native_grow(uintptr_t mem, uint64_t pages, uint64_t *out) {
  return wrt_mem_grow(MEM(mem), pages, out);
}
static inline int32_t native_tier(uintptr_t mem) {
  wrt_mem_info info = {.struct_size = sizeof info};
  return wrt_mem_get_info(MEM(mem), &info) == WRT_OK ? info.tier : WRT_TIER_DEFAULT;
}
static inline wrt_status native_budget(uint64_t limit, uintptr_t *out) {
  wrt_budget *budget = NULL;
  const wrt_status status = wrt_budget_create(limit, NULL, &budget);
  if (status == WRT_OK) *out = (uintptr_t)budget;
  return status;
}
static inline wrt_status native_budget_destroy(uintptr_t budget) { return wrt_budget_destroy((wrt_budget *)budget); }

#endif
