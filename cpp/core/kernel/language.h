/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What C99 and C++17 spell differently. Part of the kernel: see cpp/core/kernel.h. */
#ifndef WRT_CORE_KERNEL_LANGUAGE_H
#define WRT_CORE_KERNEL_LANGUAGE_H

#include "wrtmem/wrtmem.h"

#ifdef __cplusplus
#include "cpp/core/atomic.hpp"
#include "cpp/core/bits.hpp"
#define WRT_K_FN constexpr inline
#define WRT_K_SHARED __attribute__((noinline)) constexpr inline /* one copy in a program, for its size */
#define WRT_K_NOEXCEPT noexcept
#define WRT_K_CAST(type, value) static_cast<type>(value)
#define WRT_K_AT_RUN_TIME (!__builtin_is_constant_evaluated())
#else
#include <stdbool.h>
#define WRT_K_FN static inline
#define WRT_K_SHARED static inline
#define WRT_K_NOEXCEPT
#define WRT_K_CAST(type, value) ((type)(value))
#define WRT_K_AT_RUN_TIME 0
#endif

#endif /* WRT_CORE_KERNEL_LANGUAGE_H */
