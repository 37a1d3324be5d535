/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The same loop with and without checks, compiled by each compiler that there is: see inlined.c. */
#ifndef WRT_BENCH_INLINED_H
#define WRT_BENCH_INLINED_H

#include <stdint.h>
#include <wrtmem/wrtmem.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The sum of n loads of 4 bytes each, from places that a linear congruential generator gives. The view is 65536 bytes
   long, and every place is inside. */
#define WRT_BENCH_SUMS(compiler)                                    \
  uint32_t compiler##_sum_raw(const wrt_view *view, uint32_t n);    \
  uint32_t compiler##_sum_reread(const wrt_view *view, uint32_t n); \
  uint32_t compiler##_sum_wasm2c(const wrt_view *view, uint32_t n)

WRT_BENCH_SUMS(gcc);
WRT_BENCH_SUMS(clang);

#ifdef __cplusplus
}
#endif

#endif /* WRT_BENCH_INLINED_H */
