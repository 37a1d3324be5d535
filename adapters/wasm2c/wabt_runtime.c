/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* wabt's own runtime (traps, tables, function types, exceptions) without its memory: its three memory functions are
 * compiled under other names, and nobody calls them. Needs -I with the folder of wasm-rt-impl.c, say /usr/src/wasm2c.
 */
#include "wrt_wasm2c.h"

#define wasm_rt_allocate_memory wabt_unused_allocate_memory
#define wasm_rt_grow_memory wabt_unused_grow_memory
#define wasm_rt_free_memory wabt_unused_free_memory

#include "wasm-rt-impl.c"

/* A file of its own from 1.0.33 on. */
#ifdef WASM_RT_USE_MMAP
#include "wasm-rt-exceptions-impl.c"
#endif
