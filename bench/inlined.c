/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Row 8. WRT_BENCH_COMPILER is gcc or clang: whose names these are. */
#include "inlined.h"

#include <stdlib.h>
#include <string.h>
#include <wrtmem/inline.h>

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define SUM(name) PASTE(WRT_BENCH_COMPILER, _sum_##name)

static uint32_t next_place(uint32_t *x) {
  *x = *x * 1664525U + 1013904223U;
  return *x >> 17;
}

uint32_t SUM(raw)(const wrt_view *view, uint32_t n) {
  const uint8_t *base = view->base;
  uint32_t x = 0, sum = 0;
  do {
    uint32_t loaded;
    memcpy(&loaded, base + next_place(&x), sizeof loaded);
    sum += loaded;
  } while (--n != 0);
  return sum;
}

/* The length is read anew at each access. */
uint32_t SUM(reread)(const wrt_view *view, uint32_t n) {
  uint32_t x = 0, sum = 0;
  do {
    uint32_t loaded;
    if (wrt_view_load_u32(view, next_place(&x), &loaded) != WRT_OK) abort();
    sum += loaded;
  } while (--n != 0);
  return sum;
}

#ifdef WRT_BENCH_WASM2C

/* sum.wat, as Debian's wasm2c translates it, with explicit bounds checks: once for each compiler. */
#define Z_sumZ_sum SUM(module_sum)
#define Z_sumZ_memory SUM(module_memory)
#define Z_sum_init_module SUM(module_init)
#define Z_sum_instantiate SUM(module_instantiate)
#define Z_sum_free SUM(module_free)
#include "sum.c"

/* With explicit checks the runtime counts its stack's depth too. */
__attribute__((weak)) uint32_t wasm_rt_call_stack_depth;

uint32_t SUM(wasm2c)(const wrt_view *view, uint32_t n) {
  Z_sum_instance_t instance;
  memset(&instance, 0, sizeof instance);
  instance.w2c_memory.data = view->base;
  instance.w2c_memory.size = (uint32_t)view->len;
  instance.w2c_memory.pages = 1;
  return Z_sumZ_sum(&instance, n);
}

#else

uint32_t SUM(wasm2c)(const wrt_view *view, uint32_t n) { return SUM(raw)(view, n); }

#endif
