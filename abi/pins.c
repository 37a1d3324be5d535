/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Every number, size, offset and member type of the C ABI, on 64 and on 32 bits. What differs does not compile.
   Enumerators that no signature reaches are in no debug information, so that nothing else of the gate sees them. */
#include <stddef.h>
#include <stdint.h>
#include <wrtmem/wrtmem.h>

#define IS(number, value) _Static_assert((number) == (value), #number " is " #value)
#define BY_WORD(on_64_bits, on_32_bits) (sizeof(void *) == 8 ? (on_64_bits) : (on_32_bits))
#define SIZE(type, on_64_bits, on_32_bits) \
  _Static_assert(sizeof(type) == BY_WORD(on_64_bits, on_32_bits), "the size of " #type)
#define AT(type, member, of_type, on_64_bits, on_32_bits)                                                        \
  _Static_assert(offsetof(type, member) == BY_WORD(on_64_bits, on_32_bits), "the offset of " #type "." #member); \
  _Static_assert(_Generic(&((type *)0)->member, of_type * : 1, default : 0), "the type of " #type "." #member)
#define TYPE(type, is) _Static_assert(_Generic((type *)0, is * : 1, default : 0), #type " is " #is)

_Static_assert(sizeof(void *) == 8 || sizeof(void *) == 4, "pinned for 64 and 32 bits");

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

/* ---- types ---- */

typedef size_t write_fn(void *context, const void *data, size_t n);
typedef size_t read_fn(void *context, void *data, size_t n);
typedef void *allocate_fn(void *context, size_t size, size_t alignment);
typedef void *reallocate_fn(void *context, void *block, size_t old_size, size_t new_size, size_t alignment);
typedef void deallocate_fn(void *context, void *block, size_t size, size_t alignment);
typedef char name_text[32];
typedef wrt_mem_change change_list[16];

TYPE(wrt_status, int32_t);
TYPE(wrt_write_fn, write_fn *);
TYPE(wrt_read_fn, read_fn *);

/* ---- layouts: offset on 64 bits, on 32 bits ---- */

SIZE(wrt_view, 16, 8);
AT(wrt_view, base, uint8_t *, 0, 0);
AT(wrt_view, len, size_t, 8, 4);

SIZE(wrt_allocator, 40, 24);
AT(wrt_allocator, struct_size, uint32_t, 0, 0);
AT(wrt_allocator, flags, uint32_t, 4, 4);
AT(wrt_allocator, context, void *, 8, 8);
AT(wrt_allocator, allocate, allocate_fn *, 16, 12);
AT(wrt_allocator, reallocate, reallocate_fn *, 24, 16);
AT(wrt_allocator, deallocate, deallocate_fn *, 32, 20);

SIZE(wrt_mem_config, 112, 88);
AT(wrt_mem_config, struct_size, uint32_t, 0, 0);
AT(wrt_mem_config, tier, int32_t, 4, 4);
AT(wrt_mem_config, initial_len, uint64_t, 8, 8);
AT(wrt_mem_config, max_len, uint64_t, 16, 16);
AT(wrt_mem_config, page_len, uint64_t, 24, 24);
AT(wrt_mem_config, flags, uint32_t, 32, 32);
AT(wrt_mem_config, verify, int32_t, 36, 36);
AT(wrt_mem_config, sample_interval, uint32_t, 40, 40);
AT(wrt_mem_config, reserved0, uint32_t, 44, 44);
AT(wrt_mem_config, allocator, const wrt_allocator *, 48, 48);
AT(wrt_mem_config, pool, wrt_pool *, 56, 52);
AT(wrt_mem_config, budget, wrt_budget *, 64, 56);
AT(wrt_mem_config, image, const wrt_image *, 72, 60);
AT(wrt_mem_config, name, const char *, 80, 64);
AT(wrt_mem_config, reserved1, const void *, 88, 68);
AT(wrt_mem_config, reserve_len, uint64_t, 96, 72);
AT(wrt_mem_config, guard_len, uint64_t, 104, 80);

SIZE(wrt_mem_info, 104, 104);
AT(wrt_mem_info, struct_size, uint32_t, 0, 0);
AT(wrt_mem_info, tier, int32_t, 4, 4);
AT(wrt_mem_info, flags, uint32_t, 8, 8);
AT(wrt_mem_info, verify, int32_t, 12, 12);
AT(wrt_mem_info, len, uint64_t, 16, 16);
AT(wrt_mem_info, max_len, uint64_t, 24, 24);
AT(wrt_mem_info, page_len, uint64_t, 32, 32);
AT(wrt_mem_info, capacity, uint64_t, 40, 40);
AT(wrt_mem_info, committed, uint64_t, 48, 48);
AT(wrt_mem_info, peak_len, uint64_t, 56, 56);
AT(wrt_mem_info, borrows, uint32_t, 64, 64);
AT(wrt_mem_info, base_stable, int32_t, 68, 68);
AT(wrt_mem_info, name, name_text, 72, 72);

SIZE(wrt_mem_stats, 112, 112);
AT(wrt_mem_stats, struct_size, uint32_t, 0, 0);
AT(wrt_mem_stats, reserved0, uint32_t, 4, 4);
AT(wrt_mem_stats, reads, uint64_t, 8, 8);
AT(wrt_mem_stats, writes, uint64_t, 16, 16);
AT(wrt_mem_stats, bytes_read, uint64_t, 24, 24);
AT(wrt_mem_stats, bytes_written, uint64_t, 32, 32);
AT(wrt_mem_stats, denied, uint64_t, 40, 40);
AT(wrt_mem_stats, max_access, uint64_t, 48, 48);
AT(wrt_mem_stats, regions, uint64_t, 56, 56);
AT(wrt_mem_stats, resizes, uint64_t, 64, 64);
AT(wrt_mem_stats, resize_failures, uint64_t, 72, 72);
AT(wrt_mem_stats, verified_blocks, uint64_t, 80, 80);
AT(wrt_mem_stats, corrupt_blocks, uint64_t, 88, 88);
AT(wrt_mem_stats, repaired_blocks, uint64_t, 96, 96);
AT(wrt_mem_stats, skipped_blocks, uint64_t, 104, 104);

SIZE(wrt_mem_change, 24, 24);
AT(wrt_mem_change, from, uint64_t, 0, 0);
AT(wrt_mem_change, to, uint64_t, 8, 8);
AT(wrt_mem_change, status, int32_t, 16, 16);
AT(wrt_mem_change, reserved0, uint32_t, 20, 20);

IS(WRT_MEM_CHANGES, 16);
SIZE(wrt_mem_history, 408, 408);
AT(wrt_mem_history, struct_size, uint32_t, 0, 0);
AT(wrt_mem_history, count, uint32_t, 4, 4);
AT(wrt_mem_history, changes, change_list, 8, 8);
AT(wrt_mem_history, denied_offset, uint64_t, 392, 392);
AT(wrt_mem_history, denied_len, uint64_t, 400, 400);

SIZE(wrt_pool_info, 48, 48);
AT(wrt_pool_info, struct_size, uint32_t, 0, 0);
AT(wrt_pool_info, reserved0, uint32_t, 4, 4);
AT(wrt_pool_info, slot_len, uint64_t, 8, 8);
AT(wrt_pool_info, slots, uint64_t, 16, 16);
AT(wrt_pool_info, used, uint64_t, 24, 24);
AT(wrt_pool_info, peak, uint64_t, 32, 32);
AT(wrt_pool_info, refused, uint64_t, 40, 40);

SIZE(wrt_budget_info, 40, 40);
AT(wrt_budget_info, struct_size, uint32_t, 0, 0);
AT(wrt_budget_info, reserved0, uint32_t, 4, 4);
AT(wrt_budget_info, limit, uint64_t, 8, 8);
AT(wrt_budget_info, used, uint64_t, 16, 16);
AT(wrt_budget_info, peak, uint64_t, 24, 24);
AT(wrt_budget_info, refused, uint64_t, 32, 32);

SIZE(wrt_image_info, 40, 40);
AT(wrt_image_info, struct_size, uint32_t, 0, 0);
AT(wrt_image_info, reserved0, uint32_t, 4, 4);
AT(wrt_image_info, len, uint64_t, 8, 8);
AT(wrt_image_info, max_len, uint64_t, 16, 16);
AT(wrt_image_info, page_len, uint64_t, 24, 24);
AT(wrt_image_info, stored, uint64_t, 32, 32);

SIZE(wrt_tier_info, 24, 24);
AT(wrt_tier_info, struct_size, uint32_t, 0, 0);
AT(wrt_tier_info, available, int32_t, 4, 4);
AT(wrt_tier_info, max_len, uint64_t, 8, 8);
AT(wrt_tier_info, flags, uint32_t, 16, 16);
AT(wrt_tier_info, features, uint32_t, 20, 20);
