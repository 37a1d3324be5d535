/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_ADAPTERS_REGISTRY_H
#define WRTMEM_ADAPTERS_REGISTRY_H

/* Which memory belongs to which wasm_rt_memory_t: that struct has no room for a handle. */

#include <wrtmem/wrtmem.h>

/* How many memories can exist at once. */
#ifndef WRT_WASM2C_MEMORIES
#define WRT_WASM2C_MEMORIES 4096
#endif

struct wrt_wasm2c_entry {
  const void *owner; /* the wasm_rt_memory_t; NULL: a free place */
  wrt_mem *mem;
  const wrt_view *view;
  uint64_t page_len;
};

/* Safe from any thread. add: BUSY when the owner has an entry, POOL_EXHAUSTED when all places are taken;
 * find and remove: INVALID_HANDLE when it has none. */
wrt_status wrt_wasm2c_registry_add(const struct wrt_wasm2c_entry *entry);
wrt_status wrt_wasm2c_registry_find(const void *owner, struct wrt_wasm2c_entry *out);
wrt_status wrt_wasm2c_registry_remove(const void *owner);

#endif /* WRTMEM_ADAPTERS_REGISTRY_H */
