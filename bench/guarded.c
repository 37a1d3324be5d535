/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#define _DEFAULT_SOURCE
#include "guarded.h"

#include <stdlib.h>
#include <sys/mman.h>

#define RESERVED 0x200000000U

static void must(int done) {
  if (!done) abort();
}

struct guarded guarded_new(uint64_t len) {
  struct guarded memory = {NULL, len};
  void *at = mmap(NULL, RESERVED, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  must(at != MAP_FAILED);
  must(mprotect(at, len, PROT_READ | PROT_WRITE) == 0);
  memory.bytes = at;
  return memory;
}

void guarded_grow(struct guarded *memory, uint64_t delta) {
  must(mprotect(memory->bytes + memory->len, delta, PROT_READ | PROT_WRITE) == 0);
  memory->len += delta;
}

void guarded_free(struct guarded *memory) { must(munmap(memory->bytes, RESERVED) == 0); }

#ifdef WRT_BENCH_WASM2C

#include <wasm-rt.h>

static wasm_rt_memory_t the_memory;

int wasm2c_there(void) { return 1; }

uint8_t *wasm2c_new(uint32_t pages, uint32_t max_pages) {
  wasm_rt_allocate_memory(&the_memory, pages, max_pages);
  return the_memory.data;
}

void wasm2c_grow(uint32_t pages) { must(wasm_rt_grow_memory(&the_memory, pages) != UINT32_MAX); }

void wasm2c_free(void) { wasm_rt_free_memory(&the_memory); }

#else

int wasm2c_there(void) { return 0; }
uint8_t *wasm2c_new(uint32_t pages, uint32_t max_pages) {
  (void)pages;
  (void)max_pages;
  return NULL;
}
void wasm2c_grow(uint32_t pages) { (void)pages; }
void wasm2c_free(void) {}

#endif
