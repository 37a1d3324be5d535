/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * @file wrt_wasmtime.h
 * @brief Memories of libwrtmem for wasmtime's C API.
 *
 * Compile wrt_wasmtime.c with your program; it needs the headers of both libraries and nothing else.
 */
#ifndef WRT_WASMTIME_H
#define WRT_WASMTIME_H

#include <wasmtime.h>
#include <wrtmem/wrtmem.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What the base of each memory, and each length, is a multiple of. */
#define WRT_WASMTIME_PAGE 65536

/** Where memories come from. Zero members mean the default. */
typedef struct wrt_wasmtime {
  int32_t tier;       /**< A WRT_TIER_ number; DEFAULT means STD. Guards are there on STD alone. */
  int32_t no_guards;  /**< Not 0: without guards on STD too; compiled code checks each access. */
  uint64_t max_len;   /**< Greatest length of memories that state none, or a greater one; 0 means 4 GiB. STATIC: at most
                         the slot. */
  wrt_pool *pool;     /**< STATIC only, and needed there: from wrt_wasmtime_pool(). */
  wrt_budget *budget; /**< Charged with the length of each memory; NULL: none. */
} wrt_wasmtime;

/**
 * Makes the engines of this configuration take their memories from there, and sets what that needs: copy-on-write
 * initialisation off, which wasmtime has for memories of its own alone, and, where there are no guards, no reservation
 * and no guard. The allocation strategy has to stay on demand.
 *
 * `from`, the pool and the budget must outlive the engines and the memories; they may be used by many threads at once.
 */
void wrt_wasmtime_install(wasm_config_t *config, const wrt_wasmtime *from);

/**
 * Makes a pool whose slots begin at pages, of `slot_len` bytes, a multiple of the page. The storage is as long as
 * wrt_pool_storage_len() says and #WRT_WASMTIME_PAGE bytes longer; as with wrt_pool_create(), it is the caller's.
 */
WRT_MUST_USE wrt_status wrt_wasmtime_pool(void *storage, size_t storage_len, size_t slot_len, wrt_pool **out);

#ifdef __cplusplus
}
#endif

#endif /* WRT_WASMTIME_H */
