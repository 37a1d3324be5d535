/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * @file inline.h
 * @brief Checked little-endian loads and stores over a wrt_view, inlined into interpreters and generated code.
 *
 * wrt_mem_view() gives the view. A memory's bytes are little-endian, whatever the host is. Offsets need no
 * alignment. The length is read anew at each access, atomically, so that a growth is seen at once; nothing is
 * called, and accesses are not counted in wrt_mem_get_stats().
 *
 * Where the compiler sees that the offset cannot overflow, because it is a guest's 32-bit address plus a constant,
 * half of the check disappears: pass `(uint64_t)address + constant`.
 *
 * Rules that hold for all of these functions:
 *
 * Fails iff:
 * - #WRT_ERR_OUT_OF_BOUNDS: the range is not inside `[0, len)` of the view; then nothing is loaded, stored or
 *   written to `out`
 *
 * Owns: nothing changes hands. `view` and `out` must not be NULL; they are not checked.
 * Threads: one at a time on a memory, and none may change its length meanwhile. Of a SHARED memory, any: its base
 * is fixed, and its length only grows.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
#ifndef WRTMEM_INLINE_H
#define WRTMEM_INLINE_H

#include "wrtmem.h"

/** @cond what the functions below are made of; not part of the interface */

#if defined(__GNUC__)
#define WRT_COPY_(to, from, n) __builtin_memcpy(to, from, n)
#define WRT_UNLIKELY_(condition) __builtin_expect((condition), 0)
#else
#include <string.h>
#define WRT_COPY_(to, from, n) memcpy(to, from, n)
#define WRT_UNLIKELY_(condition) (condition)
#endif

/* Define it beforehand, as 0 or 1, where the compiler does not say. */
#ifndef WRT_HOST_BIG_ENDIAN
#if defined(__BYTE_ORDER__) && defined(__ORDER_BIG_ENDIAN__)
#define WRT_HOST_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#elif defined(_WIN32)
#define WRT_HOST_BIG_ENDIAN 0
#else
#error "define WRT_HOST_BIG_ENDIAN as 0 or 1 before including wrtmem/inline.h"
#endif
#endif

#ifdef __cplusplus
#define WRT_CAST_(type, value) static_cast<type>(value)
#else
#define WRT_CAST_(type, value) ((type)(value))
#endif

/* The byte swaps are written so that compilers make one instruction of them. */
static inline uint16_t wrt_little_u16_(uint16_t value) {
#if WRT_HOST_BIG_ENDIAN
  return WRT_CAST_(uint16_t, (value << 8) | (value >> 8));
#else
  return value;
#endif
}

static inline uint32_t wrt_little_u32_(uint32_t value) {
#if WRT_HOST_BIG_ENDIAN
  return (value << 24) | ((value & 0xff00U) << 8) | ((value >> 8) & 0xff00U) | (value >> 24);
#else
  return value;
#endif
}

static inline uint64_t wrt_little_u64_(uint64_t value) {
#if WRT_HOST_BIG_ENDIAN
  const uint64_t high = wrt_little_u32_(WRT_CAST_(uint32_t, value));
  const uint64_t low = wrt_little_u32_(WRT_CAST_(uint32_t, value >> 32));
  return (high << 32) | low;
#else
  return value;
#endif
}

/* Acquire: whoever sees a new length sees the bytes that came with it. */
static inline uint64_t wrt_view_len_(const wrt_view *view) {
#if defined(__GNUC__)
  return __atomic_load_n(&view->len, __ATOMIC_ACQUIRE);
#else
  return *WRT_CAST_(const volatile size_t *, &view->len);
#endif
}

/* offset <= len && n <= len - offset, as a sum: with n constant and offset known to be small, one compare is left. */
static inline int wrt_view_inside_(const wrt_view *view, uint64_t offset, uint64_t n) {
  return offset <= UINT64_MAX - n && offset + n <= wrt_view_len_(view);
}

/** @endcond */

/** Says whether the `n` bytes at `offset` are inside; `n == 0` is for `offset <= len`. */
static inline WRT_MUST_USE wrt_status wrt_view_check(const wrt_view *view, uint64_t offset, uint64_t n) {
  return WRT_UNLIKELY_(!wrt_view_inside_(view, offset, n)) ? WRT_ERR_OUT_OF_BOUNDS : WRT_OK;
}

/** Loads the byte at `offset`. */
static inline WRT_MUST_USE wrt_status wrt_view_load_u8(const wrt_view *view, uint64_t offset, uint8_t *out) {
  if (WRT_UNLIKELY_(!wrt_view_inside_(view, offset, 1))) return WRT_ERR_OUT_OF_BOUNDS;
  *out = view->base[WRT_CAST_(size_t, offset)];
  return WRT_OK;
}

/** Loads the 2 bytes at `offset`. */
static inline WRT_MUST_USE wrt_status wrt_view_load_u16(const wrt_view *view, uint64_t offset, uint16_t *out) {
  uint16_t bytes;
  if (WRT_UNLIKELY_(!wrt_view_inside_(view, offset, sizeof bytes))) return WRT_ERR_OUT_OF_BOUNDS;
  WRT_COPY_(&bytes, view->base + WRT_CAST_(size_t, offset), sizeof bytes);
  *out = wrt_little_u16_(bytes);
  return WRT_OK;
}

/** Loads the 4 bytes at `offset`. */
static inline WRT_MUST_USE wrt_status wrt_view_load_u32(const wrt_view *view, uint64_t offset, uint32_t *out) {
  uint32_t bytes;
  if (WRT_UNLIKELY_(!wrt_view_inside_(view, offset, sizeof bytes))) return WRT_ERR_OUT_OF_BOUNDS;
  WRT_COPY_(&bytes, view->base + WRT_CAST_(size_t, offset), sizeof bytes);
  *out = wrt_little_u32_(bytes);
  return WRT_OK;
}

/** Loads the 8 bytes at `offset`. */
static inline WRT_MUST_USE wrt_status wrt_view_load_u64(const wrt_view *view, uint64_t offset, uint64_t *out) {
  uint64_t bytes;
  if (WRT_UNLIKELY_(!wrt_view_inside_(view, offset, sizeof bytes))) return WRT_ERR_OUT_OF_BOUNDS;
  WRT_COPY_(&bytes, view->base + WRT_CAST_(size_t, offset), sizeof bytes);
  *out = wrt_little_u64_(bytes);
  return WRT_OK;
}

/** Stores `value` to the byte at `offset`. */
static inline WRT_MUST_USE wrt_status wrt_view_store_u8(const wrt_view *view, uint64_t offset, uint8_t value) {
  if (WRT_UNLIKELY_(!wrt_view_inside_(view, offset, 1))) return WRT_ERR_OUT_OF_BOUNDS;
  view->base[WRT_CAST_(size_t, offset)] = value;
  return WRT_OK;
}

/** Stores `value` to the 2 bytes at `offset`. */
static inline WRT_MUST_USE wrt_status wrt_view_store_u16(const wrt_view *view, uint64_t offset, uint16_t value) {
  const uint16_t bytes = wrt_little_u16_(value);
  if (WRT_UNLIKELY_(!wrt_view_inside_(view, offset, sizeof bytes))) return WRT_ERR_OUT_OF_BOUNDS;
  WRT_COPY_(view->base + WRT_CAST_(size_t, offset), &bytes, sizeof bytes);
  return WRT_OK;
}

/** Stores `value` to the 4 bytes at `offset`. */
static inline WRT_MUST_USE wrt_status wrt_view_store_u32(const wrt_view *view, uint64_t offset, uint32_t value) {
  const uint32_t bytes = wrt_little_u32_(value);
  if (WRT_UNLIKELY_(!wrt_view_inside_(view, offset, sizeof bytes))) return WRT_ERR_OUT_OF_BOUNDS;
  WRT_COPY_(view->base + WRT_CAST_(size_t, offset), &bytes, sizeof bytes);
  return WRT_OK;
}

/** Stores `value` to the 8 bytes at `offset`. */
static inline WRT_MUST_USE wrt_status wrt_view_store_u64(const wrt_view *view, uint64_t offset, uint64_t value) {
  const uint64_t bytes = wrt_little_u64_(value);
  if (WRT_UNLIKELY_(!wrt_view_inside_(view, offset, sizeof bytes))) return WRT_ERR_OUT_OF_BOUNDS;
  WRT_COPY_(view->base + WRT_CAST_(size_t, offset), &bytes, sizeof bytes);
  return WRT_OK;
}

#undef WRT_COPY_
#undef WRT_UNLIKELY_
#undef WRT_CAST_

#endif /* WRTMEM_INLINE_H */
