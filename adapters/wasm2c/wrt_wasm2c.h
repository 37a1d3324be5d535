/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_ADAPTERS_WRT_WASM2C_H
#define WRTMEM_ADAPTERS_WRT_WASM2C_H

/* Linear memory from libwrtmem for programs that wasm2c compiled.
 *
 * The three functions that generated code calls for its memory (wasm_rt_allocate_memory,
 * wasm_rt_grow_memory, wasm_rt_free_memory) are defined in wrt_wasm2c.c. What a host needs besides is here:
 *
 *   1. say what the next memories are made of:  wrt_wasm2c_configure(&config)
 *   2. enter wasm_rt_impl_try(), then instantiate, since a memory that cannot be had is a trap
 *   3. get the handle of a memory:              wrt_wasm2c_mem(Z_guestZ_memory(&guest), &mem)
 *      and read, write and ask it with the functions of wrtmem.h
 *   4. ask why a memory or a growth was refused: wrt_wasm2c_status()
 *
 * Threads: the configuration and the status belong to the calling thread. One memory is used by one thread at a time,
 * as everywhere in wasm2c; different memories may be used at the same time. */

#include <wrtmem/wrtmem.h>

#include <stdbool.h>
#include <stdint.h>

#include "wasm-rt.h"

/* 1: wabt's guard mode, where generated code does not check 32-bit memories with pages of 64 KiB at all, and counts on
 * a fault behind them. The adapter then gives them 4 GiB of their own and a guard of as much: WRT_MEM_GUARD, which the
 * tier STD has. Give every file of the program the same setting. */
#if defined(WASM_RT_USE_MMAP) ? WASM_RT_MEMCHECK_GUARD_PAGES : WASM_RT_MEMCHECK_SIGNAL_HANDLER
#define WRT_WASM2C_GUARD 1
#else
#define WRT_WASM2C_GUARD 0
#endif
#if WRT_WASM2C_GUARD && UINTPTR_MAX <= 0xffffffff
#error "no room for guarded memories on this host: compile every file for explicit checks"
#endif

/* Shared memories are there from 1.0.35 on, where the compiler has C11. */
#if defined(WASM_RT_USE_MMAP) && defined(WASM_RT_C11_AVAILABLE)
#define WRT_WASM2C_SHARED 1
#endif

/* On big-endian hosts wasm2c keeps a memory back to front, which nobody but its own code could read. */
#if WABT_BIG_ENDIAN || (defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#error "wasm2c memories of big-endian hosts are not supported"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Says what the memories are made of that this thread creates from now on.
 * Taken from config: tier, allocator, pool, budget, name, flags, verify, max_len and whatever else it may hold, save
 * initial_len and page_len: the guest says those, and they must be 0 here. NULL means the defaults again.
 * In guard mode reserve_len and guard_len are at least what generated code needs, whatever they are here.
 *   max_len    the host's bound, rounded down to whole pages; the guest's own maximum holds if it is smaller.
 *              0: the guest's maximum, or where the tier cannot promise so much, what it can (the slot of a pool).
 * Fails iff: INVALID_ARGUMENT: another struct_size than sizeof(wrt_mem_config); initial_len or page_len is not 0.
 * What is wrong in the other members is found when a memory is created.
 * Owns: the struct is copied; what it points to must live as long as wrt_mem_create_config asks, the name and the
 * allocator struct until the last instantiation. */
WRT_MUST_USE wrt_status wrt_wasm2c_configure(const wrt_mem_config *config);

/* What became of this thread's last wasm_rt_allocate_memory, wasm_rt_grow_memory or wasm_rt_free_memory.
 * After a trap during instantiation: WRT_OK means that it was not the memory (a data segment, say).
 *   LIMIT           the guest wants more than max_len, its own maximum or the runtime's 65,535 pages
 *   BUDGET, OUT_OF_MEMORY, POOL_EXHAUSTED, UNSUPPORTED, ...  as wrtmem.h says of create and grow
 *   POOL_EXHAUSTED  also: WRT_WASM2C_MEMORIES memories exist already
 *   BUSY            allocate: this wasm_rt_memory_t has a memory already; free: something of it is still borrowed
 *   INVALID_HANDLE  grow or free: this wasm_rt_memory_t has no memory */
wrt_status wrt_wasm2c_status(void);

/* Makes a memory of the host's own, for guests to import: what wasm_rt_allocate_memory does, but what goes wrong is the
 * status and never a trap, so that no wasm_rt_impl_try is needed. End it with wasm_rt_free_memory.
 * is64 and page_len are what the guests' memory type says: false and 65536, unless it says otherwise.
 * Fails iff: INVALID_ARGUMENT: a NULL. UNSUPPORTED: this version of wabt has no 64-bit memories, or no other page
 * length. Else as wrt_wasm2c_status says of allocate; the memory is then empty, unless it is BUSY. */
WRT_MUST_USE wrt_status wrt_wasm2c_create(wasm_rt_memory_t *memory, uint64_t initial_pages, uint64_t max_pages,
                                          bool is64, uint32_t page_len);

/* Gives the handle behind a wasm2c memory. It belongs to the adapter and ends with wasm_rt_free_memory.
 * Fails iff: INVALID_ARGUMENT: a NULL. INVALID_HANDLE: not created by this adapter, or freed. */
WRT_MUST_USE wrt_status wrt_wasm2c_mem(const wasm_rt_memory_t *memory, wrt_mem **out);

/* Brings data, size and pages up to date after the host itself resized, grew or reset the handle.
 * (Growth by the guest needs no such call.)
 * Fails iff: INVALID_ARGUMENT: a NULL. INVALID_HANDLE: not created by this adapter, or freed. */
WRT_MUST_USE wrt_status wrt_wasm2c_refresh(wasm_rt_memory_t *memory);

#ifdef WRT_WASM2C_SHARED
/* As wrt_wasm2c_mem, of a shared memory. Its base stays and it only grows, so that it needs no refresh: let the guest
 * grow it, or call wasm_rt_grow_memory_shared. */
WRT_MUST_USE wrt_status wrt_wasm2c_shared_mem(const wasm_rt_shared_memory_t *memory, wrt_mem **out);
#endif

#ifdef __cplusplus
}
#endif

#endif /* WRTMEM_ADAPTERS_WRT_WASM2C_H */
