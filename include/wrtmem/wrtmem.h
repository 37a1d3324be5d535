/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_WRTMEM_H
#define WRTMEM_WRTMEM_H

#include <stddef.h>
#include <stdint.h>

#define WRT_VERSION_MAJOR 0
#define WRT_VERSION_MINOR 1
#define WRT_VERSION_PATCH 0
#define WRT_VERSION_STRING "0.1.0"

#ifndef WRT_API
#if defined(__GNUC__) && !defined(_WIN32)
#define WRT_API __attribute__((visibility("default")))
#else
#define WRT_API
#endif
#endif

#if defined(__GNUC__)
#define WRT_MUST_USE __attribute__((warn_unused_result))
#else
#define WRT_MUST_USE
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef int32_t wrt_status;

enum {
  WRT_OK = 0,
  WRT_ERR_INVALID_ARGUMENT = 1,
  WRT_ERR_INVALID_HANDLE = 2,
  WRT_ERR_OUT_OF_BOUNDS = 3,
  WRT_ERR_MISALIGNED = 4,
  WRT_ERR_LIMIT = 5,
  WRT_ERR_BUDGET = 6,
  WRT_ERR_BUSY = 7,
  WRT_ERR_OUT_OF_MEMORY = 8,
  WRT_ERR_POOL_EXHAUSTED = 9,
  WRT_ERR_UNSUPPORTED = 10,
  WRT_ERR_CORRUPT = 11,
  WRT_ERR_FORMAT = 13,
  WRT_ERR_IO = 14
};

enum { WRT_TIER_DEFAULT = 0, WRT_TIER_STD = 1, WRT_TIER_ALLOC = 2, WRT_TIER_STATIC = 3 };

enum {
  WRT_VERIFY_DEFAULT = 0,
  WRT_VERIFY_OFF = 1,
  WRT_VERIFY_BASIC = 2,
  WRT_VERIFY_STANDARD = 3,
  WRT_VERIFY_SAMPLING = 4,
  WRT_VERIFY_FULL = 5,
  WRT_VERIFY_REDUNDANT = 6
};

enum {
  WRT_MEM_GUARD = 1,
  WRT_MEM_SHARED = 2,
  WRT_MEM_STABLE = 4,
  WRT_MEM_COMMIT = 8,
  WRT_MEM_TRACK = 16,
  WRT_MEM_HUGE = 32,
  WRT_MEM_EXACT_MAX = 64
};

enum { WRT_BORROW_READ = 1, WRT_BORROW_WRITE = 2 };

enum {
  WRT_ATOMIC_ADD = 0,
  WRT_ATOMIC_SUB = 1,
  WRT_ATOMIC_AND = 2,
  WRT_ATOMIC_OR = 3,
  WRT_ATOMIC_XOR = 4,
  WRT_ATOMIC_XCHG = 5
};

enum {
  WRT_FEATURE_BUILTIN = 1,   /* a memory needs no allocator and no pool of the caller's */
  WRT_FEATURE_INTEGRITY = 2, /* levels STANDARD and above */
  WRT_FEATURE_IMAGES = 4,
  WRT_FEATURE_WAIT = 8 /* wrt_mem_wait on SHARED memories */
};

typedef struct wrt_mem wrt_mem;
typedef struct wrt_pool wrt_pool;
typedef struct wrt_budget wrt_budget;
typedef struct wrt_image wrt_image;

typedef size_t (*wrt_write_fn)(void *context, const void *data, size_t n);
typedef size_t (*wrt_read_fn)(void *context, void *data, size_t n);

typedef struct wrt_view {
  uint8_t *base;
  size_t len;
} wrt_view;

typedef struct wrt_allocator {
  uint32_t struct_size;
  uint32_t flags;
  void *context;
  void *(*allocate)(void *context, size_t size, size_t alignment);
  void *(*reallocate)(void *context, void *block, size_t old_size, size_t new_size, size_t alignment);
  void (*deallocate)(void *context, void *block, size_t size, size_t alignment);
} wrt_allocator;

typedef struct wrt_mem_config {
  uint32_t struct_size;
  int32_t tier;
  uint64_t initial_len;
  uint64_t max_len;
  uint64_t page_len;
  uint32_t flags;
  int32_t verify;
  uint32_t sample_interval;
  uint32_t reserved0;
  const wrt_allocator *allocator;
  wrt_pool *pool;
  wrt_budget *budget;
  const wrt_image *image;
  const char *name;
  const void *reserved1;
  uint64_t reserve_len;
  uint64_t guard_len;
} wrt_mem_config;

#define WRT_MEM_CONFIG_INIT \
  { sizeof(wrt_mem_config), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

typedef struct wrt_mem_info {
  uint32_t struct_size;
  int32_t tier;
  uint32_t flags;
  int32_t verify;
  uint64_t len;
  uint64_t max_len;
  uint64_t page_len;
  uint64_t capacity;
  uint64_t committed;
  uint64_t peak_len;
  uint32_t borrows;
  int32_t base_stable;
  char name[32];
} wrt_mem_info;

typedef struct wrt_mem_stats {
  uint32_t struct_size;
  uint32_t reserved0;
  uint64_t reads;
  uint64_t writes;
  uint64_t bytes_read;
  uint64_t bytes_written;
  uint64_t denied;
  uint64_t max_access;
  uint64_t regions;
  uint64_t resizes;
  uint64_t resize_failures;
  uint64_t verified_blocks;
  uint64_t corrupt_blocks;
  uint64_t repaired_blocks;
} wrt_mem_stats;

typedef struct wrt_pool_info {
  uint32_t struct_size;
  uint32_t reserved0;
  uint64_t slot_len;
  uint64_t slots;
  uint64_t used;
  uint64_t peak;
  uint64_t refused;
} wrt_pool_info;

typedef struct wrt_budget_info {
  uint32_t struct_size;
  uint32_t reserved0;
  uint64_t limit;
  uint64_t used;
  uint64_t peak;
  uint64_t refused;
} wrt_budget_info;

typedef struct wrt_image_info {
  uint32_t struct_size;
  uint32_t reserved0;
  uint64_t len;
  uint64_t max_len;
  uint64_t page_len;
  uint64_t stored;
} wrt_image_info;

typedef struct wrt_tier_info {
  uint32_t struct_size;
  int32_t available;
  uint64_t max_len;
  uint32_t flags;
  uint32_t features;
} wrt_tier_info;

/* An upper bound of what wrt_pool_storage_len says, for static arrays. */
#define WRT_POOL_STORAGE_LEN(slot_len, slots) \
  ((size_t)(slots) * ((size_t)(slot_len) + (size_t)(slot_len) / 16 + (size_t)(slot_len) / 128 + 320) + 1024)

/* life */
WRT_API WRT_MUST_USE wrt_status wrt_mem_create(int32_t tier, uint64_t initial_len, uint64_t max_len, wrt_mem **out);
WRT_API WRT_MUST_USE wrt_status wrt_mem_create_config(const wrt_mem_config *config, wrt_mem **out);
WRT_API WRT_MUST_USE wrt_status wrt_mem_clone(const wrt_mem *mem, wrt_mem **out);
WRT_API WRT_MUST_USE wrt_status wrt_mem_reset(wrt_mem *mem);
WRT_API WRT_MUST_USE wrt_status wrt_mem_destroy(wrt_mem *mem);

/* access */
WRT_API WRT_MUST_USE wrt_status wrt_mem_len(const wrt_mem *mem, uint64_t *out_len);
WRT_API WRT_MUST_USE wrt_status wrt_mem_check(const wrt_mem *mem, uint64_t offset, uint64_t n);
WRT_API WRT_MUST_USE wrt_status wrt_mem_read(const wrt_mem *mem, uint64_t offset, void *dst, size_t n);
WRT_API WRT_MUST_USE wrt_status wrt_mem_write(wrt_mem *mem, uint64_t offset, const void *src, size_t n);
WRT_API WRT_MUST_USE wrt_status wrt_mem_fill(wrt_mem *mem, uint64_t offset, uint8_t value, uint64_t n);
WRT_API WRT_MUST_USE wrt_status wrt_mem_copy(wrt_mem *dst, uint64_t dst_offset, const wrt_mem *src, uint64_t src_offset,
                                             uint64_t n);
WRT_API WRT_MUST_USE wrt_status wrt_mem_equal(const wrt_mem *a, const wrt_mem *b, int32_t *out_equal);

/* length */
WRT_API WRT_MUST_USE wrt_status wrt_mem_resize(wrt_mem *mem, uint64_t new_len);
WRT_API WRT_MUST_USE wrt_status wrt_mem_grow(wrt_mem *mem, uint64_t delta_pages, uint64_t *out_old_pages);
WRT_API WRT_MUST_USE wrt_status wrt_mem_discard(wrt_mem *mem, uint64_t offset, uint64_t n);

/* no copy */
WRT_API WRT_MUST_USE wrt_status wrt_mem_view(wrt_mem *mem, const wrt_view **out_view);
WRT_API WRT_MUST_USE wrt_status wrt_mem_borrow(wrt_mem *mem, uint64_t offset, uint64_t n, uint32_t access,
                                               void **out_data);
WRT_API WRT_MUST_USE wrt_status wrt_mem_release(wrt_mem *mem, const void *data, uint64_t n);

/* integrity and what happened */
WRT_API WRT_MUST_USE wrt_status wrt_mem_verify(wrt_mem *mem, uint64_t *out_first_bad);
WRT_API WRT_MUST_USE wrt_status wrt_mem_set_verify(wrt_mem *mem, int32_t level);
WRT_API WRT_MUST_USE wrt_status wrt_mem_get_info(const wrt_mem *mem, wrt_mem_info *out);
WRT_API WRT_MUST_USE wrt_status wrt_mem_get_stats(const wrt_mem *mem, wrt_mem_stats *out);
WRT_API WRT_MUST_USE wrt_status wrt_mem_clear_stats(wrt_mem *mem);

/* pools for the STATIC tier */
WRT_API WRT_MUST_USE wrt_status wrt_pool_storage_len(size_t slot_len, size_t slots, size_t *out_len);
WRT_API WRT_MUST_USE wrt_status wrt_pool_create(void *storage, size_t storage_len, size_t slot_len, wrt_pool **out);
WRT_API WRT_MUST_USE wrt_status wrt_pool_get_info(const wrt_pool *pool, wrt_pool_info *out);
WRT_API WRT_MUST_USE wrt_status wrt_pool_destroy(wrt_pool *pool);

/* budgets */
WRT_API WRT_MUST_USE wrt_status wrt_budget_create(uint64_t limit, wrt_budget *parent, wrt_budget **out);
WRT_API WRT_MUST_USE wrt_status wrt_budget_get_info(const wrt_budget *budget, wrt_budget_info *out);
WRT_API WRT_MUST_USE wrt_status wrt_budget_destroy(wrt_budget *budget);

/* images */
WRT_API WRT_MUST_USE wrt_status wrt_image_create(const wrt_mem *mem, wrt_image **out);
WRT_API WRT_MUST_USE wrt_status wrt_image_get_info(const wrt_image *image, wrt_image_info *out);
WRT_API WRT_MUST_USE wrt_status wrt_image_save(const wrt_image *image, wrt_write_fn write, void *context);
WRT_API WRT_MUST_USE wrt_status wrt_image_load(const wrt_mem_config *where, wrt_read_fn read, void *context,
                                               wrt_image **out);
WRT_API WRT_MUST_USE wrt_status wrt_image_destroy(wrt_image *image);

/* threads */
WRT_API WRT_MUST_USE wrt_status wrt_mem_atomic_load(const wrt_mem *mem, uint64_t offset, uint32_t width,
                                                    uint64_t *out_value);
WRT_API WRT_MUST_USE wrt_status wrt_mem_atomic_store(wrt_mem *mem, uint64_t offset, uint32_t width, uint64_t value);
WRT_API WRT_MUST_USE wrt_status wrt_mem_atomic_rmw(wrt_mem *mem, uint64_t offset, uint32_t width, int32_t op,
                                                   uint64_t operand, uint64_t *out_old);
WRT_API WRT_MUST_USE wrt_status wrt_mem_atomic_cmpxchg(wrt_mem *mem, uint64_t offset, uint32_t width, uint64_t expected,
                                                       uint64_t replacement, uint64_t *out_old);
WRT_API WRT_MUST_USE wrt_status wrt_mem_wait(wrt_mem *mem, uint64_t offset, uint32_t width, uint64_t expected,
                                             int64_t timeout_ns, int32_t *out_result);
WRT_API WRT_MUST_USE wrt_status wrt_mem_notify(wrt_mem *mem, uint64_t offset, uint32_t count, uint32_t *out_woken);

/* guards */
WRT_API WRT_MUST_USE wrt_status wrt_fault_find(const void *address, wrt_mem **out_mem, uint64_t *out_offset);

/* the library */
WRT_API uint32_t wrt_version(void);
WRT_API const char *wrt_version_string(void);
WRT_API const char *wrt_status_name(wrt_status status);
WRT_API const char *wrt_status_message(wrt_status status);
WRT_API const char *wrt_tier_name(int32_t tier);
WRT_API WRT_MUST_USE wrt_status wrt_tier_get_info(int32_t tier, wrt_tier_info *out);
WRT_API WRT_MUST_USE wrt_status wrt_selftest(void);
WRT_API WRT_MUST_USE wrt_status wrt_trim(void);

#ifdef __cplusplus
}
#endif

#endif /* WRTMEM_WRTMEM_H */
