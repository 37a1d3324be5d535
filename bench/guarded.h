/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Guarded memories: by wasm2c's own runtime, as Debian packages it, and by the system calls that it makes. */
#ifndef WRT_BENCH_GUARDED_H
#define WRT_BENCH_GUARDED_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct guarded {
  uint8_t *bytes;
  uint64_t len;
};

/* mmap of 8 GiB without access, and mprotect of what is in use. */
struct guarded guarded_new(uint64_t len);
void guarded_grow(struct guarded *memory, uint64_t delta);
void guarded_free(struct guarded *memory);

/* wasm_rt_allocate_memory and its sisters; in pages of 65536 bytes. One memory at a time. */
int wasm2c_there(void);
uint8_t *wasm2c_new(uint32_t pages, uint32_t max_pages);
void wasm2c_grow(uint32_t pages);
void wasm2c_free(void);

#ifdef __cplusplus
}
#endif

#endif /* WRT_BENCH_GUARDED_H */
