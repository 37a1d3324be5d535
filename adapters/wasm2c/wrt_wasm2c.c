/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "wrt_wasm2c.h"

#include <stdbool.h>
#include <string.h>

#include "registry.h"

/* Three generations of signatures, told apart by what their wasm-rt.h defines:
 *   up to wabt 1.0.32    32-bit page counts and a 32-bit size
 *   1.0.33 to 1.0.36     64-bit counts, is64                    (WASM_RT_USE_MMAP)
 *   from 1.0.37          also the page length; from 1.0.38 also data_end  (WASM_DEFAULT_PAGE_SIZE) */
#ifdef WASM_RT_USE_MMAP
typedef uint64_t page_count;
#else
typedef uint32_t page_count;
#endif

/* Where wasm2c believes that memories never move, generated code keeps their base across growth. */
#if WASM_RT_USE_MMAP || WASM_RT_ALLOW_SEGUE
#define BASE_FLAGS ((uint32_t)WRT_MEM_STABLE)
#else
#define BASE_FLAGS 0u
#endif

#ifdef WASM_RT_GROW_FAILED_HANDLER
extern void WASM_RT_GROW_FAILED_HANDLER(void);
#endif

#define WASM_PAGE_LEN 65536u

/* What a guest asks for, in the same words for all generations. */
struct request {
  uint64_t initial_pages, max_pages, most_pages; /* most: what wasm2c can count and address */
  uint32_t page_len;
  bool is64;
};

static _Thread_local wrt_mem_config chosen = WRT_MEM_CONFIG_INIT;
static _Thread_local wrt_status last_status = WRT_OK;

/* ---- what the host says and asks */

wrt_status wrt_wasm2c_configure(const wrt_mem_config *config) {
  static const wrt_mem_config defaults = WRT_MEM_CONFIG_INIT;
  if (config == NULL) config = &defaults;
  if (config->struct_size != sizeof *config) return WRT_ERR_INVALID_ARGUMENT;
  if (config->initial_len != 0 || config->page_len != 0) return WRT_ERR_INVALID_ARGUMENT;
  chosen = *config;
  return WRT_OK;
}

wrt_status wrt_wasm2c_status(void) { return last_status; }

wrt_status wrt_wasm2c_mem(const wasm_rt_memory_t *memory, wrt_mem **out) {
  if (memory == NULL || out == NULL) return WRT_ERR_INVALID_ARGUMENT;
  struct wrt_wasm2c_entry entry;
  const wrt_status status = wrt_wasm2c_registry_find(memory, &entry);
  if (status == WRT_OK) *out = entry.mem;
  return status;
}

/* ---- the members that generated code reads */

static void set_end(wasm_rt_memory_t *memory, uint8_t *end) {
#ifdef WASM_DEFAULT_PAGE_SIZE
  /* No macro tells 1.0.38's data_end from 1.0.37: it is there if something stands between data and page_size. */
  const size_t after_data = offsetof(wasm_rt_memory_t, data) + sizeof end;
  if (offsetof(wasm_rt_memory_t, page_size) >= after_data + sizeof end)
    memcpy((char *)memory + after_data, &end, sizeof end);
#else
  (void)memory;
  (void)end;
#endif
}

static void set_bytes(wasm_rt_memory_t *memory, uint8_t *base, size_t len, uint64_t page_len) {
  memory->data = base;
  memory->size = (page_count)len;
  memory->pages = (page_count)(len / page_len);
  set_end(memory, len == 0 ? base : base + len);
}

static void clear(wasm_rt_memory_t *memory) {
  memory->max_pages = 0;
  set_bytes(memory, NULL, 0, 1);
}

static void describe(wasm_rt_memory_t *memory, const struct request *request) {
#ifdef WASM_RT_USE_MMAP
  memory->is64 = request->is64;
#endif
#ifdef WASM_DEFAULT_PAGE_SIZE
  memory->page_size = request->page_len;
#endif
  (void)memory;
  (void)request;
}

wrt_status wrt_wasm2c_refresh(wasm_rt_memory_t *memory) {
  if (memory == NULL) return WRT_ERR_INVALID_ARGUMENT;
  struct wrt_wasm2c_entry entry;
  const wrt_status status = wrt_wasm2c_registry_find(memory, &entry);
  if (status == WRT_OK) set_bytes(memory, entry.view->base, entry.view->len, entry.page_len);
  return status;
}

/* ---- create */

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

static bool host_states_a_max(void) { return chosen.max_len != 0 || (chosen.flags & WRT_MEM_EXACT_MAX) != 0; }

static wrt_status make_mem(const struct request *request, wrt_mem **out) {
  if (request->page_len == 0) return WRT_ERR_INVALID_ARGUMENT;
  const uint64_t most_pages = least(request->most_pages, UINT64_MAX / request->page_len);
  if (request->initial_pages > most_pages) return WRT_ERR_LIMIT;

  wrt_mem_config config = chosen;
  config.page_len = request->page_len;
  config.initial_len = request->initial_pages * request->page_len;
  config.flags |= BASE_FLAGS;

  uint64_t max_pages = least(request->max_pages, most_pages);
  if (host_states_a_max()) max_pages = least(max_pages, chosen.max_len / request->page_len);
  config.max_len = max_pages * request->page_len;
  config.flags |= WRT_MEM_EXACT_MAX;

  const wrt_status status = wrt_mem_create_config(&config, out);
  if (status != WRT_ERR_LIMIT || host_states_a_max()) return status;

  /* The guest's maximum is more than the tier can promise: let the tier say its own. ALLOC has none to say. */
  config.max_len = 0;
  config.flags &= ~(uint32_t)WRT_MEM_EXACT_MAX;
  const wrt_status second = wrt_mem_create_config(&config, out);
  return second == WRT_ERR_INVALID_ARGUMENT ? WRT_ERR_LIMIT : second;
}

/* Enters a new memory in the registry and fills in what generated code reads. */
static wrt_status attach(wasm_rt_memory_t *memory, wrt_mem *mem) {
  struct wrt_wasm2c_entry entry = {memory, mem, NULL, 0};
  wrt_mem_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  wrt_status status = wrt_mem_get_info(mem, &info);
  if (status == WRT_OK) status = wrt_mem_view(mem, &entry.view);
  if (status != WRT_OK) return status;

  entry.page_len = info.page_len;
  status = wrt_wasm2c_registry_add(&entry);
  if (status != WRT_OK) return status;

  set_bytes(memory, entry.view->base, entry.view->len, entry.page_len);
  memory->max_pages = (page_count)(info.max_len / info.page_len);
  return WRT_OK;
}

static wrt_status create(wasm_rt_memory_t *memory, const struct request *request) {
  struct wrt_wasm2c_entry known;
  if (wrt_wasm2c_registry_find(memory, &known) == WRT_OK) return WRT_ERR_BUSY;

  describe(memory, request);
  clear(memory);
  wrt_mem *mem = NULL;
  wrt_status status = make_mem(request, &mem);
  if (status != WRT_OK) return status;

  status = attach(memory, mem);
  if (status == WRT_OK) return WRT_OK;
  const wrt_status destroyed = wrt_mem_destroy(mem);
  return destroyed == WRT_OK ? status : destroyed;
}

static void create_or_trap(wasm_rt_memory_t *memory, const struct request *request) {
  last_status = create(memory, request);
  /* wabt's own word for a resource that ran out. */
  if (last_status != WRT_OK) wasm_rt_trap(WASM_RT_TRAP_EXHAUSTION);
}

/* ---- what generated code calls */

#ifndef WASM_RT_USE_MMAP

void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint32_t initial_pages, uint32_t max_pages) {
  /* 65,536 pages would wrap the 32-bit size to 0. */
  const struct request request = {initial_pages, max_pages, 65535, WASM_PAGE_LEN, false};
  create_or_trap(memory, &request);
}

#else

/* A 32-bit guest counts at most 2^32 - 1 pages and addresses at most 4 GiB. */
static uint64_t most_pages(bool is64, uint32_t page_len) {
  if (is64 || page_len == 0) return UINT64_MAX;
  return least(UINT32_MAX, (UINT64_C(1) << 32) / page_len);
}

#ifndef WASM_DEFAULT_PAGE_SIZE

void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint64_t initial_pages, uint64_t max_pages, bool is64) {
  const struct request request = {initial_pages, max_pages, most_pages(is64, WASM_PAGE_LEN), WASM_PAGE_LEN, is64};
  create_or_trap(memory, &request);
}

#else

void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint64_t initial_pages, uint64_t max_pages, bool is64,
                             uint32_t page_size) {
  const struct request request = {initial_pages, max_pages, most_pages(is64, page_size), page_size, is64};
  create_or_trap(memory, &request);
}

#endif
#endif

page_count wasm_rt_grow_memory(wasm_rt_memory_t *memory, page_count delta) {
  struct wrt_wasm2c_entry entry;
  uint64_t old_pages = 0;
  last_status = wrt_wasm2c_registry_find(memory, &entry);
  if (last_status == WRT_OK) last_status = wrt_mem_grow(entry.mem, delta, &old_pages);
  if (last_status == WRT_OK) {
    set_bytes(memory, entry.view->base, entry.view->len, entry.page_len);
    return (page_count)old_pages;
  }
#ifdef WASM_RT_GROW_FAILED_HANDLER
  WASM_RT_GROW_FAILED_HANDLER();
#endif
  return (page_count)-1;
}

/* A memory that is still borrowed from stays as it is: release, then free it again. */
void wasm_rt_free_memory(wasm_rt_memory_t *memory) {
  struct wrt_wasm2c_entry entry;
  last_status = wrt_wasm2c_registry_find(memory, &entry);
  if (last_status != WRT_OK) return;
  last_status = wrt_mem_destroy(entry.mem);
  if (last_status == WRT_ERR_BUSY) return;
  const wrt_status removed = wrt_wasm2c_registry_remove(memory);
  if (last_status == WRT_OK) last_status = removed;
  clear(memory);
}
