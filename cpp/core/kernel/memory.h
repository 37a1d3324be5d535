/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Ranges, bytes, and one linear memory in place. Part of the kernel: see cpp/core/kernel.h. */
#ifndef WRT_CORE_KERNEL_MEMORY_H
#define WRT_CORE_KERNEL_MEMORY_H

#include "cpp/core/kernel/language.h"

/* ---- ranges and bytes ------------------------------------------------------------------------------------------ */

/*@ predicate wrt_k_zero{L}(uint8_t *p, integer from, integer to) =
  @   \forall integer i; from <= i < to ==> \at(p[i], L) == 0;
  @ predicate wrt_k_same{A, B}(uint8_t *p, integer from, integer to) =
  @   \forall integer i; from <= i < to ==> \at(p[i], A) == \at(p[i], B);
  @*/

/* True iff offset + n <= len as integers, without wrapping. */
/*@ assigns \nothing;
  @ ensures \result <==> (integer)offset + (integer)n <= (integer)len;
  @*/
WRT_K_FN bool wrt_k_in_range(uint64_t len, uint64_t offset, uint64_t n) WRT_K_NOEXCEPT {
  return offset <= len && n <= len - offset;
}

/* The bytes [from, to) become `value`. */
/*@ requires from <= to && to - from <= SIZE_MAX && \valid(base + (from .. to - 1));
  @ assigns base[from .. to - 1];
  @ ensures \forall integer i; from <= i < to ==> base[i] == value;
  @*/
WRT_K_FN void wrt_k_set_range(uint8_t *base, uint64_t from, uint64_t to, uint8_t value) WRT_K_NOEXCEPT {
#ifdef __cplusplus
  if (WRT_K_AT_RUN_TIME) {
    if (from != to) __builtin_memset(base + from, value, WRT_K_CAST(size_t, to - from));
    return;
  }
#endif
  /*@ loop invariant from <= i <= to;
    @ loop invariant \forall integer k; from <= k < i ==> base[k] == value;
    @ loop assigns i, base[from .. to - 1];
    @ loop variant to - i;
    @*/
  for (uint64_t i = from; i < to; i++) base[i] = value;
}

/*@ requires \valid(p + (0 .. n - 1));
  @ assigns p[0 .. n - 1];
  @ ensures \forall integer i; 0 <= i < n ==> p[i] == value;
  @*/
WRT_K_FN void wrt_k_set_bytes(uint8_t *p, uint8_t value, size_t n) WRT_K_NOEXCEPT { wrt_k_set_range(p, 0, n, value); }

/* Whether `to` lies in [from + 1, from + n): then a copy has to run backwards. In constant evaluation pointers into
   different arrays can be compared for equality alone. */
/*@ requires \valid_read(from + (0 .. n - 1)) && \valid_read(to + (0 .. n - 1));
  @ assigns \nothing;
  @ ensures \result <==> \base_addr(to) == \base_addr(from) && 1 <= to - from < n;
  @*/
WRT_K_FN bool wrt_k_lies_inside(const uint8_t *to, const uint8_t *from, size_t n) WRT_K_NOEXCEPT {
  /*@ loop invariant 1 <= i && (i <= n || i == 1);
    @ loop invariant !(\base_addr(to) == \base_addr(from) && 1 <= to - from < i);
    @ loop assigns i;
    @ loop variant n - i;
    @*/
  for (size_t i = 1; i < n; i++) {
    if (to == from + i) return true;
  }
  return false;
}

/* As memmove: the ranges may overlap. */
/*@ requires \valid_read(from + (0 .. n - 1)) && \valid(to + (0 .. n - 1));
  @ assigns to[0 .. n - 1];
  @ ensures \forall integer i; 0 <= i < n ==> to[i] == \old(from[i]);
  @*/
WRT_K_FN void wrt_k_move_bytes(uint8_t *to, const uint8_t *from, size_t n) WRT_K_NOEXCEPT {
#ifdef __cplusplus
  if (WRT_K_AT_RUN_TIME) {
    if (n != 0) __builtin_memmove(to, from, n);
    return;
  }
#endif
  if (wrt_k_lies_inside(to, from, n)) {
    /*@ loop invariant 0 <= i <= n;
      @ loop invariant \forall integer k; i <= k < n ==> to[k] == \at(from[k], Pre);
      @ loop invariant \forall integer k; 0 <= k < i ==> from[k] == \at(from[k], Pre);
      @ loop assigns i, to[0 .. n - 1];
      @ loop variant i;
      @*/
    for (size_t i = n; i > 0; i--) to[i - 1] = from[i - 1];
  } else {
    /*@ loop invariant 0 <= i <= n;
      @ loop invariant \forall integer k; 0 <= k < i ==> to[k] == \at(from[k], Pre);
      @ loop invariant \forall integer k; i <= k < n ==> from[k] == \at(from[k], Pre);
      @ loop assigns i, to[0 .. n - 1];
      @ loop variant n - i;
      @*/
    for (size_t i = 0; i < n; i++) {
      /*@ assert \forall integer k; i < k < n ==> to + i != from + k; */
      to[i] = from[i];
    }
  }
}

/* ---- one linear memory ----------------------------------------------------------------------------------------- */

/*
 * A linear memory in place: `len` bytes that the guest sees, and `cap` bytes that can be reached by a length update.
 * Always: len <= cap, and every byte in [len, cap) is zero. Growth is O(1) for that reason, and shrinking pays.
 */
typedef struct wrt_k_mem {
  uint64_t len;
  uint64_t cap;
  uint8_t *base;
} wrt_k_mem;

/*@ predicate wrt_k_bytes_there{L}(uint8_t *p, integer n) =
  @   n <= PTRDIFF_MAX && \valid{L}(p + (0 .. n - 1));
  @ predicate wrt_k_mem_there{L}(wrt_k_mem *m) =
  @   \valid{L}(m) && wrt_k_bytes_there{L}(m->base, m->cap) && \separated(m, m->base + (0 .. m->cap - 1));
  @ predicate wrt_k_mem_ok{L}(wrt_k_mem *m) =
  @   wrt_k_mem_there{L}(m) && m->len <= m->cap && wrt_k_zero{L}(m->base, m->len, m->cap);
  @*/

/* The invariant, for tests and proofs: O(cap - len). */
/*@ requires wrt_k_mem_there(m);
  @ assigns \nothing;
  @ ensures \result <==> wrt_k_mem_ok(m);
  @*/
WRT_K_FN bool wrt_k_mem_holds(const wrt_k_mem *m) WRT_K_NOEXCEPT {
  if (m->len > m->cap) return false;
  /*@ loop invariant m->len <= i <= m->cap;
    @ loop invariant wrt_k_zero(m->base, m->len, i);
    @ loop assigns i;
    @ loop variant m->cap - i;
    @*/
  for (uint64_t i = m->len; i < m->cap; i++) {
    if (m->base[i] != 0) return false;
  }
  return true;
}

/* A memory over `room` bytes that are all zero. LIMIT when they cannot hold `cap`, or `cap` not `len`. */
/*@ requires \valid(m) && wrt_k_bytes_there(zeroed, room) && \separated(m, zeroed + (0 .. room - 1));
  @ requires wrt_k_zero(zeroed, 0, room);
  @ assigns *m;
  @ behavior fits:
  @   assumes len <= cap <= room;
  @   ensures \result == WRT_OK && m->len == len && m->cap == cap && m->base == zeroed;
  @   ensures wrt_k_mem_ok(m) && wrt_k_zero(zeroed, 0, room);
  @ behavior limit:
  @   assumes !(len <= cap <= room);
  @   assigns \nothing;
  @   ensures \result == WRT_ERR_LIMIT;
  @ complete behaviors;
  @ disjoint behaviors;
  @*/
WRT_K_FN wrt_status wrt_k_open(wrt_k_mem *m, uint8_t *zeroed, uint64_t room, uint64_t len,
                               uint64_t cap) WRT_K_NOEXCEPT {
  if (cap > room || len > cap) return WRT_ERR_LIMIT;
  m->len = len;
  m->cap = cap;
  m->base = zeroed;
  return WRT_OK;
}

/* Growth within cap: a length update. LIMIT beyond it; nothing else can fail. */
/*@ requires wrt_k_mem_ok(m) && new_len >= m->len;
  @ assigns m->len;
  @ ensures wrt_k_mem_ok(m);
  @ behavior grows:
  @   assumes new_len <= m->cap;
  @   ensures \result == WRT_OK && m->len == new_len;
  @   ensures wrt_k_zero(m->base, \old(m->len), new_len);
  @ behavior limit:
  @   assumes new_len > m->cap;
  @   assigns \nothing;
  @   ensures \result == WRT_ERR_LIMIT;
  @   ensures m->len == \old(m->len);
  @ complete behaviors;
  @ disjoint behaviors;
  @*/
WRT_K_FN wrt_status wrt_k_grow(wrt_k_mem *m, uint64_t new_len) WRT_K_NOEXCEPT {
  if (new_len > m->cap) return WRT_ERR_LIMIT;
  m->len = new_len;
  return WRT_OK;
}

/* Shrinking: what is cut off is scrubbed at once. Requires new_len <= len. */
/*@ requires wrt_k_mem_ok(m) && new_len <= m->len;
  @ assigns m->len, m->base[new_len .. m->len - 1];
  @ ensures wrt_k_mem_ok(m) && m->len == new_len;
  @ ensures wrt_k_same{Pre, Post}(m->base, 0, new_len);
  @*/
WRT_K_FN void wrt_k_shrink(wrt_k_mem *m, uint64_t new_len) WRT_K_NOEXCEPT {
  wrt_k_set_range(m->base, new_len, m->len, 0);
  m->len = new_len;
}

/*@ requires wrt_k_mem_ok(m);
  @ assigns m->len, m->base[new_len .. m->len - 1];
  @ ensures wrt_k_mem_ok(m);
  @ behavior grows:
  @   assumes m->len <= new_len <= m->cap;
  @   assigns m->len;
  @   ensures \result == WRT_OK && m->len == new_len;
  @   ensures wrt_k_same{Pre, Post}(m->base, 0, m->cap) && wrt_k_zero(m->base, \old(m->len), new_len);
  @ behavior shrinks:
  @   assumes new_len < m->len;
  @   ensures \result == WRT_OK && m->len == new_len;
  @   ensures wrt_k_same{Pre, Post}(m->base, 0, new_len);
  @ behavior limit:
  @   assumes new_len > m->cap;
  @   ensures \result == WRT_ERR_LIMIT && m->len == \old(m->len);
  @   ensures wrt_k_same{Pre, Post}(m->base, 0, m->cap);
  @ complete behaviors;
  @ disjoint behaviors;
  @*/
WRT_K_FN wrt_status wrt_k_resize(wrt_k_mem *m, uint64_t new_len) WRT_K_NOEXCEPT {
  if (new_len >= m->len) return wrt_k_grow(m, new_len);
  wrt_k_shrink(m, new_len);
  return WRT_OK;
}

/* Up to `budget` bytes of [*dirty - budget, *dirty) are scrubbed, so that a long scrub can be done in bounded steps. */
/*@ requires \valid(dirty) && wrt_k_bytes_there(base, *dirty) && \separated(dirty, base + (0 .. *dirty - 1));
  @ assigns *dirty, base[\max(0, *dirty - budget) .. *dirty - 1];
  @ ensures *dirty == \max(0, \old(*dirty) - budget);
  @ ensures wrt_k_zero(base, *dirty, \old(*dirty));
  @*/
WRT_K_FN void wrt_k_scrub_step(uint8_t *base, uint64_t *dirty, uint64_t budget) WRT_K_NOEXCEPT {
  uint64_t from = *dirty > budget ? *dirty - budget : 0;
  wrt_k_set_range(base, from, *dirty, 0);
  *dirty = from;
}

/*@ requires wrt_k_mem_ok(m);
  @ requires offset + n <= m->len ==> \valid(dst + (0 .. n - 1)) && \separated(m, dst + (0 .. n - 1));
  @ assigns dst[0 .. n - 1];
  @ behavior inside:
  @   assumes offset + n <= m->len;
  @   ensures \result == WRT_OK;
  @   ensures \forall integer i; 0 <= i < n ==> dst[i] == \old(m->base[offset + i]);
  @ behavior outside:
  @   assumes offset + n > m->len;
  @   assigns \nothing;
  @   ensures \result == WRT_ERR_OUT_OF_BOUNDS && wrt_k_same{Pre, Post}(dst, 0, n);
  @ complete behaviors;
  @ disjoint behaviors;
  @*/
WRT_K_FN wrt_status wrt_k_read(const wrt_k_mem *m, uint64_t offset, uint8_t *dst, size_t n) WRT_K_NOEXCEPT {
  if (!wrt_k_in_range(m->len, offset, n)) return WRT_ERR_OUT_OF_BOUNDS;
  if (n == 0) return WRT_OK;
  wrt_k_move_bytes(dst, m->base + offset, n);
  return WRT_OK;
}

/*@ requires wrt_k_mem_ok(m);
  @ requires offset + n <= m->len ==> \valid_read(src + (0 .. n - 1));
  @ assigns m->base[offset .. offset + n - 1];
  @ ensures wrt_k_mem_ok(m);
  @ behavior inside:
  @   assumes offset + n <= m->len;
  @   ensures \result == WRT_OK;
  @   ensures \forall integer i; 0 <= i < n ==> m->base[offset + i] == \old(src[i]);
  @ behavior outside:
  @   assumes offset + n > m->len;
  @   assigns \nothing;
  @   ensures \result == WRT_ERR_OUT_OF_BOUNDS && wrt_k_same{Pre, Post}(m->base, 0, m->cap);
  @ complete behaviors;
  @ disjoint behaviors;
  @*/
WRT_K_FN wrt_status wrt_k_write(wrt_k_mem *m, uint64_t offset, const uint8_t *src, size_t n) WRT_K_NOEXCEPT {
  if (!wrt_k_in_range(m->len, offset, n)) return WRT_ERR_OUT_OF_BOUNDS;
  if (n == 0) return WRT_OK;
  wrt_k_move_bytes(m->base + offset, src, n);
  return WRT_OK;
}

/*@ requires wrt_k_mem_ok(m);
  @ assigns m->base[offset .. offset + n - 1];
  @ ensures wrt_k_mem_ok(m);
  @ behavior inside:
  @   assumes offset + n <= m->len;
  @   ensures \result == WRT_OK;
  @   ensures \forall integer i; offset <= i < offset + n ==> m->base[i] == value;
  @ behavior outside:
  @   assumes offset + n > m->len;
  @   assigns \nothing;
  @   ensures \result == WRT_ERR_OUT_OF_BOUNDS && wrt_k_same{Pre, Post}(m->base, 0, m->cap);
  @ complete behaviors;
  @ disjoint behaviors;
  @*/
WRT_K_FN wrt_status wrt_k_fill(wrt_k_mem *m, uint64_t offset, uint8_t value, uint64_t n) WRT_K_NOEXCEPT {
  if (!wrt_k_in_range(m->len, offset, n)) return WRT_ERR_OUT_OF_BOUNDS;
  if (n == 0) return WRT_OK;
  wrt_k_set_range(m->base, offset, offset + n, value);
  return WRT_OK;
}

/* The range reads as zero. */
/*@ requires wrt_k_mem_ok(m);
  @ assigns m->base[offset .. offset + n - 1];
  @ ensures wrt_k_mem_ok(m);
  @ behavior inside:
  @   assumes offset + n <= m->len;
  @   ensures \result == WRT_OK && wrt_k_zero(m->base, offset, offset + n);
  @ behavior outside:
  @   assumes offset + n > m->len;
  @   assigns \nothing;
  @   ensures \result == WRT_ERR_OUT_OF_BOUNDS && wrt_k_same{Pre, Post}(m->base, 0, m->cap);
  @ complete behaviors;
  @ disjoint behaviors;
  @*/
WRT_K_FN wrt_status wrt_k_discard(wrt_k_mem *m, uint64_t offset, uint64_t n) WRT_K_NOEXCEPT {
  if (!wrt_k_in_range(m->len, offset, n)) return WRT_ERR_OUT_OF_BOUNDS;
  if (n == 0) return WRT_OK;
  wrt_k_set_range(m->base, offset, offset + n, 0);
  return WRT_OK;
}

/* memory.copy within one memory: both ranges are checked before a byte moves, and they may overlap. */
/*@ requires wrt_k_mem_ok(m);
  @ assigns m->base[to .. to + n - 1];
  @ ensures wrt_k_mem_ok(m);
  @ behavior inside:
  @   assumes to + n <= m->len && from + n <= m->len;
  @   ensures \result == WRT_OK;
  @   ensures \forall integer i; to <= i < to + n ==> m->base[i] == \old(m->base[i - to + from]);
  @ behavior outside:
  @   assumes to + n > m->len || from + n > m->len;
  @   assigns \nothing;
  @   ensures \result == WRT_ERR_OUT_OF_BOUNDS && wrt_k_same{Pre, Post}(m->base, 0, m->cap);
  @ complete behaviors;
  @ disjoint behaviors;
  @*/
WRT_K_FN wrt_status wrt_k_copy(wrt_k_mem *m, uint64_t to, uint64_t from, uint64_t n) WRT_K_NOEXCEPT {
  if (!wrt_k_in_range(m->len, to, n) || !wrt_k_in_range(m->len, from, n)) return WRT_ERR_OUT_OF_BOUNDS;
  if (n == 0) return WRT_OK;
#ifdef __cplusplus
  if (WRT_K_AT_RUN_TIME) {
    __builtin_memmove(m->base + to, m->base + from, WRT_K_CAST(size_t, n));
    return WRT_OK;
  }
#endif
  if (to <= from) {
    /*@ loop invariant 0 <= i <= n;
      @ loop invariant \forall integer k; to <= k < to + i ==> m->base[k] == \at(m->base[k - to + from], Pre);
      @ loop invariant \forall integer k; to + i <= k < m->cap ==> m->base[k] == \at(m->base[k], Pre);
      @ loop assigns i, m->base[to .. to + n - 1];
      @ loop variant n - i;
      @*/
    for (uint64_t i = 0; i < n; i++) {
      /*@ assert m->base[from + i] == \at(m->base[from + \at(i, Here)], Pre); */
      m->base[to + i] = m->base[from + i];
    }
  } else {
    /*@ loop invariant 0 <= i <= n;
      @ loop invariant \forall integer k; to + i <= k < to + n ==> m->base[k] == \at(m->base[k - to + from], Pre);
      @ loop invariant \forall integer k; 0 <= k < to + i ==> m->base[k] == \at(m->base[k], Pre);
      @ loop assigns i, m->base[to .. to + n - 1];
      @ loop variant i;
      @*/
    for (uint64_t i = n; i > 0; i--) {
      /*@ assert m->base[from + i - 1] == \at(m->base[from + \at(i, Here) - 1], Pre); */
      m->base[to + i - 1] = m->base[from + i - 1];
    }
  }
  return WRT_OK;
}

#endif /* WRT_CORE_KERNEL_MEMORY_H */
