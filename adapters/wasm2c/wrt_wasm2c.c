/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "wrt_wasm2c.h"

#include <stdbool.h>
#include <stddef.h>
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

/* What wasm_rt_allocate_memory is called with, besides the memory. */
#define WASM_PAGE_LEN 65536u
#if defined(WASM_DEFAULT_PAGE_SIZE)
#define ALLOCATE_PARAMETERS uint64_t initial_pages, uint64_t max_pages, bool is64, uint32_t page_size
#define IS64 is64
#define PAGE_LEN page_size
#elif defined(WASM_RT_USE_MMAP)
#define ALLOCATE_PARAMETERS uint64_t initial_pages, uint64_t max_pages, bool is64
#define IS64 is64
#define PAGE_LEN WASM_PAGE_LEN
#else
#define ALLOCATE_PARAMETERS uint32_t initial_pages, uint32_t max_pages
#define IS64 false
#define PAGE_LEN WASM_PAGE_LEN
#endif

/* Where wasm2c believes that memories never move, generated code keeps their base across growth. */
#if WASM_RT_USE_MMAP || WASM_RT_ALLOW_SEGUE
#define BASE_FLAGS ((uint32_t)WRT_MEM_STABLE)
#else
#define BASE_FLAGS 0u
#endif

/* Where generated code does not check: any index of 32 bits, with any offset of an instruction, and the bytes of the
 * widest access, stays inside or faults. */
#define GUARDED_RESERVE (UINT64_C(1) << 32)
#define GUARDED_GUARD ((UINT64_C(1) << 32) + WASM_PAGE_LEN)

#ifdef WASM_RT_GROW_FAILED_HANDLER
extern void WASM_RT_GROW_FAILED_HANDLER(void);
#endif

/* What a guest asks for, in the same words for all generations. */
struct request {
  uint64_t initial_pages, max_pages, most_pages; /* most: what wasm2c can count and address */
  uint32_t page_len;
  bool is64;
  uint32_t flags; /* what this kind of memory needs */
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

static wrt_status mem_of_owner(const void *owner, wrt_mem **out) {
  if (owner == NULL || out == NULL) return WRT_ERR_INVALID_ARGUMENT;
  struct wrt_wasm2c_entry entry;
  const wrt_status status = wrt_wasm2c_registry_find(owner, &entry);
  if (status == WRT_OK) *out = entry.mem;
  return status;
}

wrt_status wrt_wasm2c_mem(const wasm_rt_memory_t *memory, wrt_mem **out) { return mem_of_owner(memory, out); }

/* ---- the members that generated code reads */

/* Where a memory has them, shared or not. */
struct members {
  const void *owner;
  void *data, *end; /* places of pointers; no end: NULL */
  page_count *pages, *max_pages, *size;
};

#ifdef WASM_DEFAULT_PAGE_SIZE
/* No macro tells 1.0.38's data_end from 1.0.37: it is there if something stands between data and page_size. */
#define END_OF(type, memory)                                                   \
  (offsetof(type, page_size) >= offsetof(type, data) + 2 * sizeof(uint8_t *)   \
       ? (void *)((char *)(memory) + offsetof(type, data) + sizeof(uint8_t *)) \
       : NULL)
#else
#define END_OF(type, memory) NULL
#endif

#define MEMBERS(type, memory) \
  { (memory), &(memory)->data, END_OF(type, memory), &(memory)->pages, &(memory)->max_pages, &(memory)->size }

static struct members members_of(wasm_rt_memory_t *memory) { return (struct members)MEMBERS(wasm_rt_memory_t, memory); }

static void set_pointer(void *place, uint8_t *value) {
  if (place != NULL) memcpy(place, &value, sizeof value);
}

static void set_base(const struct members *members, uint8_t *base, size_t len) {
  set_pointer(members->data, base);
  set_pointer(members->end, len == 0 ? base : base + len);
}

/* Threads of a shared memory read these while it grows. */
static void set_len(const struct members *members, size_t len, uint64_t page_len) {
  __atomic_store_n(members->pages, (page_count)(len / page_len), __ATOMIC_RELEASE);
  __atomic_store_n(members->size, (page_count)len, __ATOMIC_RELEASE);
}

static void set_bytes(const struct members *members, uint8_t *base, size_t len, uint64_t page_len) {
  set_base(members, base, len);
  set_len(members, len, page_len);
}

static void clear(const struct members *members) {
  *members->max_pages = 0;
  set_bytes(members, NULL, 0, 1);
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
  if (status != WRT_OK) return status;
  const struct members members = members_of(memory);
  set_bytes(&members, entry.view->base, entry.view->len, entry.page_len);
  return WRT_OK;
}

/* ---- create */

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

static bool host_states_a_max(void) { return chosen.max_len != 0 || (chosen.flags & WRT_MEM_EXACT_MAX) != 0; }

static uint64_t most(uint64_t a, uint64_t b) { return a > b ? a : b; }

/* Generated code checks memories of other kinds in either mode. */
static bool unchecked(const struct request *request) {
  return WRT_WASM2C_GUARD && !request->is64 && request->page_len == WASM_PAGE_LEN;
}

/* A tier without guards says so: UNSUPPORTED. */
static void demand_guard(wrt_mem_config *config) {
  config->flags |= WRT_MEM_GUARD;
  const bool on_std = config->tier == WRT_TIER_STD || config->tier == WRT_TIER_DEFAULT;
  if (!on_std || config->pool != NULL || config->allocator != NULL) return;
  config->reserve_len = most(config->reserve_len, GUARDED_RESERVE);
  config->guard_len = most(config->guard_len, GUARDED_GUARD);
}

static wrt_status make_mem(const struct request *request, wrt_mem **out) {
  if (request->page_len == 0) return WRT_ERR_INVALID_ARGUMENT;
  const uint64_t most_pages = least(request->most_pages, UINT64_MAX / request->page_len);
  if (request->initial_pages > most_pages) return WRT_ERR_LIMIT;

  wrt_mem_config config = chosen;
  config.page_len = request->page_len;
  config.initial_len = request->initial_pages * request->page_len;
  config.flags |= request->flags;
  if (unchecked(request)) demand_guard(&config);

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
static wrt_status attach(const struct members *members, wrt_mem *mem) {
  struct wrt_wasm2c_entry entry = {members->owner, mem, NULL, 0};
  wrt_mem_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  wrt_status status = wrt_mem_get_info(mem, &info);
  if (status == WRT_OK) status = wrt_mem_view(mem, &entry.view);
  if (status != WRT_OK) return status;

  entry.page_len = info.page_len;
  status = wrt_wasm2c_registry_add(&entry);
  if (status != WRT_OK) return status;

  set_bytes(members, entry.view->base, (size_t)info.len, entry.page_len);
  *members->max_pages = (page_count)(info.max_len / info.page_len);
  return WRT_OK;
}

/* What the members of this wasm_rt_memory_t cannot say, no memory can be; nor, up to 1.0.36, one of 64 bits in guard
 * mode, where generated code would check nothing of it either. */
static bool runtime_knows(bool is64, uint32_t page_len) {
#ifndef WASM_RT_USE_MMAP
  if (is64) return false;
#endif
#ifndef WASM_DEFAULT_PAGE_SIZE
  if (is64 && WRT_WASM2C_GUARD) return false;
#endif
#ifndef WASM_DEFAULT_PAGE_SIZE
  if (page_len != WASM_PAGE_LEN) return false;
#endif
  (void)is64;
  (void)page_len;
  return true;
}

static wrt_status create(const struct members *members, const struct request *request) {
  clear(members);
  if (!runtime_knows(request->is64, request->page_len)) return WRT_ERR_UNSUPPORTED;
  wrt_mem *mem = NULL;
  wrt_status status = make_mem(request, &mem);
  if (status != WRT_OK) return status;

  status = attach(members, mem);
  if (status == WRT_OK) return WRT_OK;
  const wrt_status destroyed = wrt_mem_destroy(mem);
  return destroyed == WRT_OK ? status : destroyed;
}

static bool has_a_memory(const void *owner) {
  struct wrt_wasm2c_entry known;
  return wrt_wasm2c_registry_find(owner, &known) == WRT_OK;
}

/* wabt's own word for a resource that ran out. */
static void trap_unless_ok(wrt_status status) {
  last_status = status;
  if (status != WRT_OK) wasm_rt_trap(WASM_RT_TRAP_EXHAUSTION);
}

/* A 32-bit guest counts at most 2^32 - 1 pages and addresses at most 4 GiB; up to 1.0.32, 65,536 pages would wrap the
 * 32-bit size to 0. */
static uint64_t most_pages(bool is64, uint32_t page_len) {
#ifndef WASM_RT_USE_MMAP
  (void)is64;
  (void)page_len;
  return 65535;
#else
  if (is64 || page_len == 0) return UINT64_MAX;
  return least(UINT32_MAX, (UINT64_C(1) << 32) / page_len);
#endif
}

static struct request request_of(uint64_t initial_pages, uint64_t max_pages, bool is64, uint32_t page_len,
                                 uint32_t flags) {
  return (struct request){initial_pages, max_pages, most_pages(is64, page_len), page_len, is64, flags};
}

static wrt_status create_plain(wasm_rt_memory_t *memory, const struct request *request) {
  if (has_a_memory(memory)) return WRT_ERR_BUSY;
  const struct members members = members_of(memory);
  describe(memory, request);
  return create(&members, request);
}

wrt_status wrt_wasm2c_create(wasm_rt_memory_t *memory, uint64_t initial_pages, uint64_t max_pages, bool is64,
                             uint32_t page_len) {
  if (memory == NULL) return WRT_ERR_INVALID_ARGUMENT;
  const struct request request = request_of(initial_pages, max_pages, is64, page_len, BASE_FLAGS);
  last_status = create_plain(memory, &request);
  return last_status;
}

/* ---- what generated code calls */

void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, ALLOCATE_PARAMETERS) {
  trap_unless_ok(wrt_wasm2c_create(memory, initial_pages, max_pages, IS64, PAGE_LEN));
}

static page_count growth_refused(wrt_status status) {
  last_status = status;
#ifdef WASM_RT_GROW_FAILED_HANDLER
  WASM_RT_GROW_FAILED_HANDLER();
#endif
  return (page_count)-1;
}

page_count wasm_rt_grow_memory(wasm_rt_memory_t *memory, page_count delta) {
  struct wrt_wasm2c_entry entry;
  uint64_t old_pages = 0;
  wrt_status status = wrt_wasm2c_registry_find(memory, &entry);
  if (status == WRT_OK) status = wrt_mem_grow(entry.mem, delta, &old_pages);
  if (status != WRT_OK) return growth_refused(status);
  last_status = WRT_OK;
  const struct members members = members_of(memory);
  set_bytes(&members, entry.view->base, entry.view->len, entry.page_len);
  return (page_count)old_pages;
}

/* A memory that is still borrowed from stays as it is: release, then free it again. */
static wrt_status end(const struct members *members) {
  struct wrt_wasm2c_entry entry;
  const wrt_status found = wrt_wasm2c_registry_find(members->owner, &entry);
  if (found != WRT_OK) return found;
  const wrt_status status = wrt_mem_destroy(entry.mem);
  if (status == WRT_ERR_BUSY) return status;
  const wrt_status removed = wrt_wasm2c_registry_remove(members->owner);
  clear(members);
  return status == WRT_OK ? removed : status;
}

void wasm_rt_free_memory(wasm_rt_memory_t *memory) {
  const struct members members = members_of(memory);
  last_status = end(&members);
}

/* ---- shared memories, from 1.0.35 */

#ifdef WRT_WASM2C_SHARED

static struct members members_of_shared(wasm_rt_shared_memory_t *memory) {
  return (struct members)MEMBERS(wasm_rt_shared_memory_t, memory);
}

wrt_status wrt_wasm2c_shared_mem(const wasm_rt_shared_memory_t *memory, wrt_mem **out) {
  return mem_of_owner(memory, out);
}

static wrt_status create_shared(wasm_rt_shared_memory_t *memory, const struct request *request) {
  if (has_a_memory(memory)) return WRT_ERR_BUSY;
  const struct members members = members_of_shared(memory);
  memory->is64 = request->is64;
#ifdef WASM_DEFAULT_PAGE_SIZE
  memory->page_size = request->page_len;
#endif
  const wrt_status status = create(&members, request);
  if (status == WRT_OK) pthread_mutex_init(&memory->mem_lock, NULL);
  return status;
}

void wasm_rt_allocate_memory_shared(wasm_rt_shared_memory_t *memory, ALLOCATE_PARAMETERS) {
  const struct request request = request_of(initial_pages, max_pages, IS64, PAGE_LEN, WRT_MEM_SHARED);
  trap_unless_ok(create_shared(memory, &request));
}

/* Under the memory's own lock, so that the length that is published never goes back. */
static wrt_status grow_shared(wasm_rt_shared_memory_t *memory, uint64_t delta, uint64_t *old_pages) {
  struct wrt_wasm2c_entry entry;
  wrt_status status = wrt_wasm2c_registry_find(memory, &entry);
  if (status != WRT_OK) return status;
  const struct members members = members_of_shared(memory);
  uint64_t len = 0;
  pthread_mutex_lock(&memory->mem_lock);
  status = wrt_mem_grow(entry.mem, delta, old_pages);
  if (status == WRT_OK) status = wrt_mem_len(entry.mem, &len);
  if (status == WRT_OK) set_len(&members, (size_t)len, entry.page_len);
  pthread_mutex_unlock(&memory->mem_lock);
  return status;
}

uint64_t wasm_rt_grow_memory_shared(wasm_rt_shared_memory_t *memory, uint64_t delta) {
  uint64_t old_pages = 0;
  const wrt_status status = grow_shared(memory, delta, &old_pages);
  if (status != WRT_OK) return growth_refused(status);
  last_status = WRT_OK;
  return old_pages;
}

void wasm_rt_free_memory_shared(wasm_rt_shared_memory_t *memory) {
  const struct members members = members_of_shared(memory);
  last_status = end(&members);
  if (last_status == WRT_OK) pthread_mutex_destroy(&memory->mem_lock);
}

#endif
