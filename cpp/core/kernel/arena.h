/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Slots over one storage, and the memories in them. Part of the kernel: see cpp/core/kernel.h. */
#ifndef WRT_CORE_KERNEL_ARENA_H
#define WRT_CORE_KERNEL_ARENA_H

#include "cpp/core/kernel/id_set.h"
#include "cpp/core/kernel/memory.h"

/* ---- the arena -------------------------------------------------------------------------------------------------- */

/*
 * Slots of one length, claimed and released from any thread without a lock. A slot that is not in use is all zero, so
 * that creating a memory in it costs O(1).
 */
typedef struct wrt_k_arena {
  wrt_k_set set; /* the slots in use */
  uint8_t *slots_at;
  uint64_t slot_len;
  uint64_t stride;
} wrt_k_arena;

/*@ predicate wrt_k_slot_zero{L}(wrt_k_arena *a, integer slot) = \forall integer k; 0 <= k < a->slot_len ==>
  @   \at(a->slots_at[slot * a->stride + k], L) == 0;
  @ predicate wrt_k_slot_same{A, B}(wrt_k_arena *a, integer slot) =
  @   \forall integer k; 0 <= k < \at(a->slot_len, A) ==>
  @     \at(a->slots_at[slot * a->stride + k], B) == \at(a->slots_at[slot * a->stride + k], A);
  @ predicate wrt_k_arena_there{L}(wrt_k_arena *a) =
  @   \valid{L}(a) && wrt_k_set_ok{L}(&a->set) && a->slot_len <= a->stride && a->set.size * a->stride <= PTRDIFF_MAX &&
  @   \valid{L}(a->slots_at + (0 .. a->set.size * a->stride - 1)) &&
  @   \separated(a, a->slots_at + (0 .. a->set.size * a->stride - 1), a->set.words + (0 .. a->set.at[a->set.levels] -
  1));
  @ predicate wrt_k_arena_ok{L}(wrt_k_arena *a) = wrt_k_arena_there{L}(a) &&
  @   \forall integer s; 0 <= s < a->set.size && !wrt_k_in_use{L}(&a->set, s) ==> wrt_k_slot_zero{L}(a, s);
  @
  @ lemma wrt_k_slots_apart: \forall integer s, t, k, j, stride; 0 <= s < t && 0 <= k < stride && 0 <= j ==>
  @   s * stride + k < t * stride + j;
  @ lemma wrt_k_slot_inside: \forall integer s, n, stride; 0 <= s < n && 0 <= stride ==>
  @   0 <= s * stride && s * stride + stride <= n * stride;
  @*/

/*@ requires wrt_k_arena_there(a) && slot < a->set.size;
  @ assigns \nothing;
  @ ensures \result == a->slots_at + slot * a->stride;
  @*/
WRT_K_FN uint8_t *wrt_k_slot_at(const wrt_k_arena *a, uint32_t slot) WRT_K_NOEXCEPT {
  /*@ assert 0 <= slot * a->stride <= a->set.size * a->stride; */
  return a->slots_at + WRT_K_CAST(size_t, a->stride) * slot;
}

/* A free slot, or POOL_EXHAUSTED when all are in use. */
/*@ requires wrt_k_arena_ok(a) && \valid(slot);
  @ requires \separated(slot, a, a->set.words + (0 .. a->set.at[a->set.levels] - 1));
  @ assigns a->set.words[0 .. a->set.at[a->set.levels] - 1], *slot;
  @ ensures wrt_k_arena_ok(a);
  @ behavior some:
  @   assumes \exists integer s; 0 <= s < a->set.size && !wrt_k_in_use(&a->set, s);
  @   ensures \result == WRT_OK && *slot < a->set.size;
  @   ensures !wrt_k_in_use{Pre}(&a->set, *slot) && wrt_k_in_use{Post}(&a->set, *slot);
  @   ensures wrt_k_same_but{Pre, Post}(&a->set, *slot) && wrt_k_slot_zero(a, *slot);
  @ behavior none:
  @   assumes \forall integer s; 0 <= s < a->set.size ==> wrt_k_in_use(&a->set, s);
  @   ensures \result == WRT_ERR_POOL_EXHAUSTED && *slot == \old(*slot);
  @   ensures wrt_k_same_but{Pre, Post}(&a->set, WRT_K_NONE);
  @ complete behaviors;
  @ disjoint behaviors;
  @*/
WRT_K_FN wrt_status wrt_k_arena_claim(wrt_k_arena *a, uint32_t *slot) WRT_K_NOEXCEPT {
  uint32_t id = wrt_k_set_claim(&a->set);
  if (id == WRT_K_NONE) return WRT_ERR_POOL_EXHAUSTED;
  *slot = id;
  return WRT_OK;
}

/* A memory of `len` bytes in a slot of its own. LIMIT when the slot cannot hold `cap` or `cap` not `len`, then
   POOL_EXHAUSTED when no slot is free. */
/*@ requires wrt_k_arena_ok(a) && \valid(slot) && \valid(m);
  @ requires \separated(slot, m, a, a->set.words + (0 .. a->set.at[a->set.levels] - 1));
  @ assigns a->set.words[0 .. a->set.at[a->set.levels] - 1], *slot, *m;
  @ ensures wrt_k_arena_ok(a);
  @ behavior limit:
  @   assumes !(len <= cap <= a->slot_len);
  @   ensures \result == WRT_ERR_LIMIT;
  @   ensures *slot == \old(*slot) && *m == \old(*m) && wrt_k_same_but{Pre, Post}(&a->set, WRT_K_NONE);
  @ behavior none:
  @   assumes len <= cap <= a->slot_len;
  @   assumes \forall integer s; 0 <= s < a->set.size ==> wrt_k_in_use(&a->set, s);
  @   ensures \result == WRT_ERR_POOL_EXHAUSTED;
  @   ensures *slot == \old(*slot) && *m == \old(*m) && wrt_k_same_but{Pre, Post}(&a->set, WRT_K_NONE);
  @ behavior some:
  @   assumes len <= cap <= a->slot_len;
  @   assumes \exists integer s; 0 <= s < a->set.size && !wrt_k_in_use(&a->set, s);
  @   ensures \result == WRT_OK && *slot < a->set.size;
  @   ensures !wrt_k_in_use{Pre}(&a->set, *slot) && wrt_k_in_use{Post}(&a->set, *slot);
  @   ensures wrt_k_same_but{Pre, Post}(&a->set, *slot) && wrt_k_slot_zero(a, *slot);
  @   ensures m->len == len && m->cap == cap && m->base == a->slots_at + *slot * a->stride;
  @ complete behaviors;
  @ disjoint behaviors;
  @*/
WRT_K_FN wrt_status wrt_k_arena_create(wrt_k_arena *a, uint64_t len, uint64_t cap, uint32_t *slot,
                                       wrt_k_mem *m) WRT_K_NOEXCEPT {
  if (cap > a->slot_len || len > cap) return WRT_ERR_LIMIT;
  wrt_status status = wrt_k_arena_claim(a, slot);
  if (status != WRT_OK) return status;
  m->len = len;
  m->cap = cap;
  m->base = wrt_k_slot_at(a, *slot);
  return WRT_OK;
}

/* Scrubs the first `dirty` bytes of a slot, the only ones that may not be zero, and gives it back. INVALID_HANDLE, and
   nothing changed, when it is not in use: a second destroy too. */
/*@ requires wrt_k_arena_ok(a) && (slot < a->set.size && wrt_k_in_use(&a->set, slot) ==> dirty <= a->slot_len &&
  @   wrt_k_zero(a->slots_at, slot * a->stride + dirty, slot * a->stride + a->slot_len));
  @ assigns a->set.words[0 .. a->set.at[a->set.levels] - 1],
  @   a->slots_at[slot * a->stride .. slot * a->stride + dirty - 1];
  @ ensures wrt_k_arena_ok(a);
  @ ensures \forall integer s; 0 <= s < a->set.size && s != slot ==> wrt_k_slot_same{Pre, Post}(a, s);
  @ behavior in_use:
  @   assumes slot < a->set.size && wrt_k_in_use(&a->set, slot);
  @   ensures \result == WRT_OK && wrt_k_slot_zero(a, slot);
  @   ensures !wrt_k_in_use(&a->set, slot) && wrt_k_same_but{Pre, Post}(&a->set, slot);
  @ behavior not_in_use:
  @   assumes slot >= a->set.size || !wrt_k_in_use(&a->set, slot);
  @   ensures \result == WRT_ERR_INVALID_HANDLE && wrt_k_same_but{Pre, Post}(&a->set, WRT_K_NONE);
  @   ensures slot < a->set.size ==> wrt_k_slot_same{Pre, Post}(a, slot);
  @ complete behaviors;
  @ disjoint behaviors;
  @*/
WRT_K_FN wrt_status wrt_k_arena_destroy(wrt_k_arena *a, uint32_t slot, uint64_t dirty) WRT_K_NOEXCEPT {
  if (!wrt_k_set_has(&a->set, slot)) return WRT_ERR_INVALID_HANDLE;
  /*@ assert 0 <= slot * a->stride && slot * a->stride + a->stride <= a->set.size * a->stride; */
  size_t start = WRT_K_CAST(size_t, a->stride) * slot;
  wrt_k_set_range(a->slots_at, start, start + dirty, 0);
  /*@ assert \forall integer s; 0 <= s < a->set.size && s != slot ==> wrt_k_slot_same{Pre, Here}(a, s); */
  /*@ assert wrt_k_slot_zero(a, slot); */
  return wrt_k_set_release(&a->set, slot);
}

#endif /* WRT_CORE_KERNEL_ARENA_H */
