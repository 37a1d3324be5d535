/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Every number, size, offset and signature of the C ABI, as assertions: what differs does not compile. */
#include <stddef.h>
#include <stdint.h>
#include <wrtmem/inline.h>
#include <wrtmem/wrtmem.h>

#if defined(__cplusplus)
#define PIN(condition, text) static_assert(condition, text)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define PIN(condition, text) _Static_assert(condition, text)
#else
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define PIN(condition, text) extern int JOIN(pin_, __LINE__)[(condition) ? 1 : -1]
#endif

#define IS(number, value) PIN((number) == (value), #number " is " #value)
#define BY_POINTER(on_64_bits, on_32_bits) (sizeof(void *) == 8 ? (on_64_bits) : (on_32_bits))
#define SIZE(type, on_64_bits, on_32_bits) PIN(sizeof(type) == BY_POINTER(on_64_bits, on_32_bits), "sizeof " #type)
#define AT(type, member, on_64_bits, on_32_bits) \
  PIN(offsetof(type, member) == BY_POINTER(on_64_bits, on_32_bits), #type "." #member)

PIN(sizeof(void *) == 8 || sizeof(void *) == 4, "pinned for 64 and 32 bits");

/* ---- the version ---- */

IS(WRT_VERSION_MAJOR, 0);
IS(WRT_VERSION_MINOR, 1);
IS(WRT_VERSION_PATCH, 0);
PIN(sizeof WRT_VERSION_STRING == sizeof "0.1.0", "the version as text");

/* ---- numbers ---- */

IS(WRT_OK, 0);
IS(WRT_ERR_INVALID_ARGUMENT, 1);
IS(WRT_ERR_INVALID_HANDLE, 2);
IS(WRT_ERR_OUT_OF_BOUNDS, 3);
IS(WRT_ERR_MISALIGNED, 4);
IS(WRT_ERR_LIMIT, 5);
IS(WRT_ERR_BUDGET, 6);
IS(WRT_ERR_BUSY, 7);
IS(WRT_ERR_OUT_OF_MEMORY, 8);
IS(WRT_ERR_POOL_EXHAUSTED, 9);
IS(WRT_ERR_UNSUPPORTED, 10);
IS(WRT_ERR_CORRUPT, 11);
IS(WRT_ERR_FORMAT, 13);
IS(WRT_ERR_IO, 14);

IS(WRT_TIER_DEFAULT, 0);
IS(WRT_TIER_STD, 1);
IS(WRT_TIER_ALLOC, 2);
IS(WRT_TIER_STATIC, 3);

IS(WRT_VERIFY_DEFAULT, 0);
IS(WRT_VERIFY_OFF, 1);
IS(WRT_VERIFY_BASIC, 2);
IS(WRT_VERIFY_STANDARD, 3);
IS(WRT_VERIFY_SAMPLING, 4);
IS(WRT_VERIFY_FULL, 5);
IS(WRT_VERIFY_REDUNDANT, 6);

IS(WRT_MEM_GUARD, 1);
IS(WRT_MEM_SHARED, 2);
IS(WRT_MEM_STABLE, 4);
IS(WRT_MEM_COMMIT, 8);
IS(WRT_MEM_TRACK, 16);
IS(WRT_MEM_HUGE, 32);
IS(WRT_MEM_EXACT_MAX, 64);

IS(WRT_BORROW_READ, 1);
IS(WRT_BORROW_WRITE, 2);

IS(WRT_ATOMIC_ADD, 0);
IS(WRT_ATOMIC_SUB, 1);
IS(WRT_ATOMIC_AND, 2);
IS(WRT_ATOMIC_OR, 3);
IS(WRT_ATOMIC_XOR, 4);
IS(WRT_ATOMIC_XCHG, 5);

IS(WRT_FEATURE_BUILTIN, 1);
IS(WRT_FEATURE_INTEGRITY, 2);
IS(WRT_FEATURE_IMAGES, 4);
IS(WRT_FEATURE_WAIT, 8);

/* ---- layouts ---- */

SIZE(wrt_status, 4, 4);
extern wrt_status a_status;
extern int32_t a_status; /* the same type, or this does not compile */

SIZE(wrt_view, 16, 8);
AT(wrt_view, base, 0, 0);
AT(wrt_view, len, 8, 4);

SIZE(wrt_allocator, 40, 24);
AT(wrt_allocator, struct_size, 0, 0);
AT(wrt_allocator, flags, 4, 4);
AT(wrt_allocator, context, 8, 8);
AT(wrt_allocator, allocate, 16, 12);
AT(wrt_allocator, reallocate, 24, 16);
AT(wrt_allocator, deallocate, 32, 20);

SIZE(wrt_mem_config, 112, 88);
AT(wrt_mem_config, struct_size, 0, 0);
AT(wrt_mem_config, tier, 4, 4);
AT(wrt_mem_config, initial_len, 8, 8);
AT(wrt_mem_config, max_len, 16, 16);
AT(wrt_mem_config, page_len, 24, 24);
AT(wrt_mem_config, flags, 32, 32);
AT(wrt_mem_config, verify, 36, 36);
AT(wrt_mem_config, sample_interval, 40, 40);
AT(wrt_mem_config, reserved0, 44, 44);
AT(wrt_mem_config, allocator, 48, 48);
AT(wrt_mem_config, pool, 56, 52);
AT(wrt_mem_config, budget, 64, 56);
AT(wrt_mem_config, image, 72, 60);
AT(wrt_mem_config, name, 80, 64);
AT(wrt_mem_config, reserved1, 88, 68);
AT(wrt_mem_config, reserve_len, 96, 72);
AT(wrt_mem_config, guard_len, 104, 80);

SIZE(wrt_mem_info, 104, 104);
AT(wrt_mem_info, struct_size, 0, 0);
AT(wrt_mem_info, tier, 4, 4);
AT(wrt_mem_info, flags, 8, 8);
AT(wrt_mem_info, verify, 12, 12);
AT(wrt_mem_info, len, 16, 16);
AT(wrt_mem_info, max_len, 24, 24);
AT(wrt_mem_info, page_len, 32, 32);
AT(wrt_mem_info, capacity, 40, 40);
AT(wrt_mem_info, committed, 48, 48);
AT(wrt_mem_info, peak_len, 56, 56);
AT(wrt_mem_info, borrows, 64, 64);
AT(wrt_mem_info, base_stable, 68, 68);
AT(wrt_mem_info, name, 72, 72);

SIZE(wrt_mem_stats, 112, 112);
AT(wrt_mem_stats, struct_size, 0, 0);
AT(wrt_mem_stats, reserved0, 4, 4);
AT(wrt_mem_stats, reads, 8, 8);
AT(wrt_mem_stats, writes, 16, 16);
AT(wrt_mem_stats, bytes_read, 24, 24);
AT(wrt_mem_stats, bytes_written, 32, 32);
AT(wrt_mem_stats, denied, 40, 40);
AT(wrt_mem_stats, max_access, 48, 48);
AT(wrt_mem_stats, regions, 56, 56);
AT(wrt_mem_stats, resizes, 64, 64);
AT(wrt_mem_stats, resize_failures, 72, 72);
AT(wrt_mem_stats, verified_blocks, 80, 80);
AT(wrt_mem_stats, corrupt_blocks, 88, 88);
AT(wrt_mem_stats, repaired_blocks, 96, 96);
AT(wrt_mem_stats, skipped_blocks, 104, 104);

SIZE(wrt_mem_change, 24, 24);
AT(wrt_mem_change, from, 0, 0);
AT(wrt_mem_change, to, 8, 8);
AT(wrt_mem_change, status, 16, 16);
AT(wrt_mem_change, reserved0, 20, 20);

SIZE(wrt_mem_history, 408, 408);
AT(wrt_mem_history, struct_size, 0, 0);
AT(wrt_mem_history, count, 4, 4);
AT(wrt_mem_history, changes, 8, 8);
AT(wrt_mem_history, denied_offset, 392, 392);
AT(wrt_mem_history, denied_len, 400, 400);

SIZE(wrt_pool_info, 48, 48);
AT(wrt_pool_info, struct_size, 0, 0);
AT(wrt_pool_info, reserved0, 4, 4);
AT(wrt_pool_info, slot_len, 8, 8);
AT(wrt_pool_info, slots, 16, 16);
AT(wrt_pool_info, used, 24, 24);
AT(wrt_pool_info, peak, 32, 32);
AT(wrt_pool_info, refused, 40, 40);

SIZE(wrt_budget_info, 40, 40);
AT(wrt_budget_info, struct_size, 0, 0);
AT(wrt_budget_info, reserved0, 4, 4);
AT(wrt_budget_info, limit, 8, 8);
AT(wrt_budget_info, used, 16, 16);
AT(wrt_budget_info, peak, 24, 24);
AT(wrt_budget_info, refused, 32, 32);

SIZE(wrt_image_info, 40, 40);
AT(wrt_image_info, struct_size, 0, 0);
AT(wrt_image_info, reserved0, 4, 4);
AT(wrt_image_info, len, 8, 8);
AT(wrt_image_info, max_len, 16, 16);
AT(wrt_image_info, page_len, 24, 24);
AT(wrt_image_info, stored, 32, 32);

SIZE(wrt_tier_info, 24, 24);
AT(wrt_tier_info, struct_size, 0, 0);
AT(wrt_tier_info, available, 4, 4);
AT(wrt_tier_info, max_len, 8, 8);
AT(wrt_tier_info, flags, 16, 16);
AT(wrt_tier_info, features, 20, 20);

/* ---- signatures: each function has exactly the type that it is declared with here a second time ---- */

#ifdef __cplusplus
extern "C" {
#endif

wrt_status wrt_mem_create(int32_t, uint64_t, uint64_t, wrt_mem **);
wrt_status wrt_mem_create_config(const wrt_mem_config *, wrt_mem **);
wrt_status wrt_mem_clone(const wrt_mem *, wrt_mem **);
wrt_status wrt_mem_reset(wrt_mem *);
wrt_status wrt_mem_destroy(wrt_mem *);
wrt_status wrt_mem_len(const wrt_mem *, uint64_t *);
wrt_status wrt_mem_check(const wrt_mem *, uint64_t, uint64_t);
wrt_status wrt_mem_read(const wrt_mem *, uint64_t, void *, size_t);
wrt_status wrt_mem_write(wrt_mem *, uint64_t, const void *, size_t);
wrt_status wrt_mem_fill(wrt_mem *, uint64_t, uint8_t, uint64_t);
wrt_status wrt_mem_copy(wrt_mem *, uint64_t, const wrt_mem *, uint64_t, uint64_t);
wrt_status wrt_mem_equal(const wrt_mem *, const wrt_mem *, int32_t *);
wrt_status wrt_mem_resize(wrt_mem *, uint64_t);
wrt_status wrt_mem_grow(wrt_mem *, uint64_t, uint64_t *);
wrt_status wrt_mem_discard(wrt_mem *, uint64_t, uint64_t);
wrt_status wrt_mem_view(wrt_mem *, const wrt_view **);
wrt_status wrt_mem_borrow(wrt_mem *, uint64_t, uint64_t, uint32_t, void **);
wrt_status wrt_mem_release(wrt_mem *, const void *, uint64_t);
wrt_status wrt_mem_verify(wrt_mem *, uint64_t *);
wrt_status wrt_mem_set_verify(wrt_mem *, int32_t);
wrt_status wrt_mem_get_info(const wrt_mem *, wrt_mem_info *);
wrt_status wrt_mem_get_stats(const wrt_mem *, wrt_mem_stats *);
wrt_status wrt_mem_get_history(const wrt_mem *, wrt_mem_history *);
wrt_status wrt_mem_clear_stats(wrt_mem *);
wrt_status wrt_pool_storage_len(size_t, size_t, size_t *);
wrt_status wrt_pool_create(void *, size_t, size_t, wrt_pool **);
wrt_status wrt_pool_get_info(const wrt_pool *, wrt_pool_info *);
wrt_status wrt_pool_destroy(wrt_pool *);
wrt_status wrt_budget_create(uint64_t, wrt_budget *, wrt_budget **);
wrt_status wrt_budget_get_info(const wrt_budget *, wrt_budget_info *);
wrt_status wrt_budget_destroy(wrt_budget *);
wrt_status wrt_image_create(const wrt_mem *, wrt_image **);
wrt_status wrt_image_get_info(const wrt_image *, wrt_image_info *);
wrt_status wrt_image_save(const wrt_image *, size_t (*)(void *, const void *, size_t), void *);
wrt_status wrt_image_load(const wrt_mem_config *, size_t (*)(void *, void *, size_t), void *, wrt_image **);
wrt_status wrt_image_destroy(wrt_image *);
wrt_status wrt_mem_atomic_load(const wrt_mem *, uint64_t, uint32_t, uint64_t *);
wrt_status wrt_mem_atomic_store(wrt_mem *, uint64_t, uint32_t, uint64_t);
wrt_status wrt_mem_atomic_rmw(wrt_mem *, uint64_t, uint32_t, int32_t, uint64_t, uint64_t *);
wrt_status wrt_mem_atomic_cmpxchg(wrt_mem *, uint64_t, uint32_t, uint64_t, uint64_t, uint64_t *);
wrt_status wrt_mem_wait(wrt_mem *, uint64_t, uint32_t, uint64_t, int64_t, int32_t *);
wrt_status wrt_mem_notify(wrt_mem *, uint64_t, uint32_t, uint32_t *);
wrt_status wrt_fault_find(const void *, wrt_mem **, uint64_t *);
uint32_t wrt_version(void);
const char *wrt_version_string(void);
const char *wrt_status_name(wrt_status);
const char *wrt_status_message(wrt_status);
const char *wrt_tier_name(int32_t);
wrt_status wrt_tier_get_info(int32_t, wrt_tier_info *);
wrt_status wrt_selftest(void);
wrt_status wrt_trim(void);

#ifdef __cplusplus
}
#endif

/* An inline function cannot be declared again, but its address goes into a pointer of its type alone. */
typedef struct inline_functions {
  wrt_status (*check)(const wrt_view *, uint64_t, uint64_t);
  wrt_status (*load_u8)(const wrt_view *, uint64_t, uint8_t *);
  wrt_status (*load_u16)(const wrt_view *, uint64_t, uint16_t *);
  wrt_status (*load_u32)(const wrt_view *, uint64_t, uint32_t *);
  wrt_status (*load_u64)(const wrt_view *, uint64_t, uint64_t *);
  wrt_status (*store_u8)(const wrt_view *, uint64_t, uint8_t);
  wrt_status (*store_u16)(const wrt_view *, uint64_t, uint16_t);
  wrt_status (*store_u32)(const wrt_view *, uint64_t, uint32_t);
  wrt_status (*store_u64)(const wrt_view *, uint64_t, uint64_t);
} inline_functions;

extern const inline_functions pinned_inline_functions;
const inline_functions pinned_inline_functions = {
    wrt_view_check,    wrt_view_load_u8,   wrt_view_load_u16,  wrt_view_load_u32,  wrt_view_load_u64,
    wrt_view_store_u8, wrt_view_store_u16, wrt_view_store_u32, wrt_view_store_u64,
};
