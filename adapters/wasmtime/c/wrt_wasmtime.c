/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#define _POSIX_C_SOURCE 200809L
#include "wrt_wasmtime.h"

#include <stdlib.h>

#define PAGE WRT_WASMTIME_PAGE

/* A memory of ours in wasmtime's hands. */
typedef struct linear {
  wrt_mem *mem;
  const wrt_view *view;
  size_t len;
  size_t capacity;
  int32_t tier;
} linear;

/* ---- blocks that begin at a page */

static void *allocate(void *context, size_t size, size_t alignment) {
  (void)context;
  void *block = NULL;
  return posix_memalign(&block, alignment > PAGE ? alignment : PAGE, size) == 0 ? block : NULL;
}

static void deallocate(void *context, void *block, size_t size, size_t alignment) {
  (void)context;
  (void)size;
  (void)alignment;
  free(block);
}

static const wrt_allocator paged_heap = {sizeof paged_heap, 0, NULL, allocate, NULL, deallocate};

/* ---- what wasmtime calls */

static wasmtime_error_t *error_of(wrt_status status) { return wasmtime_error_new(wrt_status_name(status)); }

/* Up to whole pages, as far as there are any. */
static size_t to_page(size_t len) {
  return len > SIZE_MAX - PAGE ? SIZE_MAX / PAGE * PAGE : (len + PAGE - 1) / PAGE * PAGE;
}

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

static wrt_status look(linear *memory) {
  wrt_mem_info info = {.struct_size = sizeof info};
  const wrt_status status = wrt_mem_get_info(memory->mem, &info);
  if (status != WRT_OK) return status;
  memory->capacity = (size_t)info.capacity;
  memory->tier = info.tier;
  return WRT_OK;
}

static uint8_t *get_memory(void *env, size_t *byte_size, size_t *byte_capacity) {
  const linear *memory = env;
  *byte_size = memory->len;
  *byte_capacity = memory->capacity;
  /* A memory of the heap that never had a byte has no block. Nothing relies on guards there, so that any page does. */
  const bool no_block = memory->capacity == 0 && memory->tier == WRT_TIER_ALLOC;
  return no_block ? (uint8_t *)(uintptr_t)PAGE : memory->view->base;
}

static wasmtime_error_t *grow_memory(void *env, size_t new_size) {
  linear *memory = env;
  wrt_status status = wrt_mem_resize(memory->mem, to_page(new_size));
  if (status == WRT_OK) status = look(memory);
  if (status != WRT_OK) return error_of(status);
  memory->len = new_size;
  return NULL;
}

static void finish(void *env) {
  linear *memory = env;
  const wrt_status status = wrt_mem_destroy(memory->mem);
  (void)status; /* a corrupt one is dead too */
  free(memory);
}

static uint64_t slot_len_of(const wrt_wasmtime *from) {
  wrt_pool_info info = {.struct_size = sizeof info};
  if (from->pool == NULL || wrt_pool_get_info(from->pool, &info) != WRT_OK) return UINT64_MAX;
  return info.slot_len;
}

static int32_t tier_of(const wrt_wasmtime *from) { return from->tier == WRT_TIER_DEFAULT ? WRT_TIER_STD : from->tier; }

static wrt_status make(const wrt_wasmtime *from, uint32_t flags, size_t min, size_t max, size_t reserved, size_t guard,
                       linear *out) {
  const int32_t tier = tier_of(from);
  if (tier == WRT_TIER_STATIC && from->pool == NULL) return WRT_ERR_INVALID_ARGUMENT;
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  const uint64_t most = from->max_len == 0 ? UINT64_C(1) << 32 : from->max_len;
  config.tier = tier;
  config.page_len = PAGE;
  config.initial_len = to_page(min);
  config.max_len = least(least(to_page(max), most), slot_len_of(from)) / PAGE * PAGE;
  config.flags = flags | WRT_MEM_EXACT_MAX;
  config.allocator = tier == WRT_TIER_ALLOC ? &paged_heap : NULL;
  config.pool = from->pool;
  config.budget = from->budget;
  config.name = "wasmtime";
  if (reserved != 0 || guard != 0) {
    config.flags |= WRT_MEM_GUARD;
    config.reserve_len = reserved > config.max_len ? reserved : config.max_len;
    config.guard_len = guard;
  }
  wrt_status status = wrt_mem_create_config(&config, &out->mem);
  if (status != WRT_OK) return status;
  status = wrt_mem_view(out->mem, &out->view);
  if (status == WRT_OK) status = look(out);
  if (status != WRT_OK && wrt_mem_destroy(out->mem) != WRT_OK) return WRT_ERR_CORRUPT;
  out->len = min;
  return status;
}

static wasmtime_error_t *new_memory(void *env, const wasm_memorytype_t *type, size_t minimum, size_t maximum,
                                    size_t reserved, size_t guard, wasmtime_linear_memory_t *out) {
  const uint32_t flags = wasmtime_memorytype_isshared(type) ? WRT_MEM_STABLE : 0;
  linear *memory = calloc(1, sizeof *memory);
  if (memory == NULL) return error_of(WRT_ERR_OUT_OF_MEMORY);
  const wrt_status status = make(env, flags, minimum, maximum, reserved, guard, memory);
  if (status != WRT_OK) {
    free(memory);
    return error_of(status);
  }
  out->env = memory;
  out->get_memory = get_memory;
  out->grow_memory = grow_memory;
  out->finalizer = finish;
  return NULL;
}

/* ---- what the program calls */

void wrt_wasmtime_install(wasm_config_t *config, const wrt_wasmtime *from) {
  wasmtime_memory_creator_t creator = {(void *)(uintptr_t)from, new_memory, NULL};
  wasmtime_config_memory_init_cow_set(config, false);
  if (tier_of(from) != WRT_TIER_STD || from->no_guards != 0) {
    wasmtime_config_memory_reservation_set(config, 0);
    wasmtime_config_memory_guard_size_set(config, 0);
  }
  wasmtime_config_host_memory_creator_set(config, &creator);
}

/* How far the first slot of a pool at this place is from the next page. */
static wrt_status slots_miss(void *storage, size_t storage_len, size_t slot_len, size_t *out) {
  wrt_pool *pool = NULL;
  wrt_status status = wrt_pool_create(storage, storage_len, slot_len, &pool);
  if (status != WRT_OK) return status;
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.pool = pool;
  wrt_mem *mem = NULL;
  status = wrt_mem_create_config(&config, &mem);
  const wrt_view *view = NULL;
  if (status == WRT_OK) status = wrt_mem_view(mem, &view);
  if (status == WRT_OK) *out = (PAGE - (uintptr_t)view->base % PAGE) % PAGE;
  if (mem != NULL && wrt_mem_destroy(mem) != WRT_OK) return WRT_ERR_CORRUPT;
  const wrt_status closed = wrt_pool_destroy(pool);
  return status != WRT_OK ? status : closed;
}

wrt_status wrt_wasmtime_pool(void *storage, size_t storage_len, size_t slot_len, wrt_pool **out) {
  if (storage == NULL || out == NULL || storage_len < PAGE || slot_len % PAGE != 0) return WRT_ERR_INVALID_ARGUMENT;
  const size_t len = storage_len - PAGE;
  size_t miss = 0;
  const wrt_status status = slots_miss(storage, len, slot_len, &miss);
  if (status != WRT_OK) return status;
  /* Slots lie a multiple of the page apart, so that all begin at one when the first does. */
  return wrt_pool_create((uint8_t *)storage + miss, len, slot_len, out);
}
