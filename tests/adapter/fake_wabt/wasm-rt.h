/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Stands for the wasm-rt.h of wabt 1.0.FAKE_WABT: its memory functions, the struct they work on, and the macros by
 * which the adapter tells the versions apart. FAKE_WABT is 32, 33, 35, 37 or 38: there, something changed. */
#ifndef FAKE_WABT_WASM_RT_H
#define FAKE_WABT_WASM_RT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#ifdef FAKE_32_BITS
#undef UINTPTR_MAX
#define UINTPTR_MAX 0xffffffffu
#endif

#if FAKE_WABT >= 33
#ifndef WASM_RT_USE_MMAP
#define WASM_RT_USE_MMAP 1
#endif
#if !defined(WASM_RT_MEMCHECK_GUARD_PAGES) && !defined(WASM_RT_MEMCHECK_BOUNDS_CHECK)
#define WASM_RT_MEMCHECK_GUARD_PAGES WASM_RT_USE_MMAP
#endif
typedef uint64_t fake_count;
#else
#ifndef WASM_RT_MEMCHECK_SIGNAL_HANDLER
#define WASM_RT_MEMCHECK_SIGNAL_HANDLER 1
#endif
typedef uint32_t fake_count;
#endif

#if FAKE_WABT >= 37
#define WASM_DEFAULT_PAGE_SIZE 65536
#endif

typedef enum { WASM_RT_TRAP_NONE, WASM_RT_TRAP_OOB, WASM_RT_TRAP_EXHAUSTION } wasm_rt_trap_t;

typedef struct {
  uint8_t *data;
#if FAKE_WABT >= 38
  uint8_t *data_end;
#endif
#if FAKE_WABT >= 37
  uint32_t page_size;
#endif
  fake_count pages, max_pages, size;
#if FAKE_WABT >= 33
  bool is64;
#endif
} wasm_rt_memory_t;

#if FAKE_WABT >= 35
#include <pthread.h>
#define WASM_RT_C11_AVAILABLE
#define WASM_RT_MUTEX pthread_mutex_t

typedef struct {
  _Atomic volatile uint8_t *data;
#if FAKE_WABT >= 38
  _Atomic volatile uint8_t *data_end;
#endif
#if FAKE_WABT >= 37
  uint32_t page_size;
#endif
  uint64_t pages, max_pages, size;
  bool is64;
  WASM_RT_MUTEX mem_lock;
} wasm_rt_shared_memory_t;

#if FAKE_WABT >= 37
void wasm_rt_allocate_memory_shared(wasm_rt_shared_memory_t *, uint64_t initial_pages, uint64_t max_pages, bool is64,
                                    uint32_t page_size);
#else
void wasm_rt_allocate_memory_shared(wasm_rt_shared_memory_t *, uint64_t initial_pages, uint64_t max_pages, bool is64);
#endif
uint64_t wasm_rt_grow_memory_shared(wasm_rt_shared_memory_t *, uint64_t pages);
void wasm_rt_free_memory_shared(wasm_rt_shared_memory_t *);
#endif

__attribute__((noreturn)) void wasm_rt_trap(wasm_rt_trap_t);

#if FAKE_WABT >= 37
void wasm_rt_allocate_memory(wasm_rt_memory_t *, uint64_t initial_pages, uint64_t max_pages, bool is64,
                             uint32_t page_size);
uint64_t wasm_rt_grow_memory(wasm_rt_memory_t *, uint64_t pages);
#elif FAKE_WABT >= 33
void wasm_rt_allocate_memory(wasm_rt_memory_t *, uint64_t initial_pages, uint64_t max_pages, bool is64);
uint64_t wasm_rt_grow_memory(wasm_rt_memory_t *, uint64_t pages);
#else
void wasm_rt_allocate_memory(wasm_rt_memory_t *, uint32_t initial_pages, uint32_t max_pages);
uint32_t wasm_rt_grow_memory(wasm_rt_memory_t *, uint32_t pages);
#endif
void wasm_rt_free_memory(wasm_rt_memory_t *);

#endif /* FAKE_WABT_WASM_RT_H */
