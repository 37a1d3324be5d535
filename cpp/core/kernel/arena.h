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

/* Where a slot starts: slot * stride. Provers lose themselves in products of two variables, so the contracts know no
   more of it than these axioms; proofs/product.smt2 proves that the product satisfies them. */
/*@ axiomatic wrt_k_starts {
  @   logic integer wrt_k_start(integer slot, integer stride);
  @   axiom wrt_k_start_first: \forall integer slot, stride; 0 <= slot && 0 <= stride ==> 0 <= wrt_k_start(slot,
  stride);
  @   axiom wrt_k_start_apart: \forall integer slot, next, stride; 0 <= slot < next && 0 <= stride ==>
  @     wrt_k_start(slot, stride) + stride <= wrt_k_start(next, stride);
  @ }
  @*/

/*@ predicate wrt_k_slot_zero{L}(wrt_k_arena *a, integer slot) = wrt_k_zero{L}(a->slots_at,
  @   wrt_k_start(slot, a->stride), wrt_k_start(slot, a->stride) + a->slot_len);
  @ predicate wrt_k_slot_same{A, B}(wrt_k_arena *a, integer slot) = wrt_k_same{A, B}(\at(a->slots_at, A),
  @   wrt_k_start(slot, \at(a->stride, A)), wrt_k_start(slot, \at(a->stride, A)) + \at(a->slot_len, A));
  @ predicate wrt_k_arena_there{L}(wrt_k_arena *a) =
  @   \valid{L}(a) && wrt_k_set_ok{L}(&a->set) && a->slot_len <= a->stride &&
  @   wrt_k_start(a->set.size, a->stride) <= PTRDIFF_MAX &&
  @   \valid{L}(a->slots_at + (0 .. wrt_k_start(a->set.size, a->stride) - 1)) &&
  @   \separated(a, a->slots_at + (0 .. wrt_k_start(a->set.size, a->stride) - 1),
  @     a->set.words + (0 .. a->set.at[a->set.levels] - 1));
  @ predicate wrt_k_arena_ok{L}(wrt_k_arena *a) = wrt_k_arena_there{L}(a) &&
  @   \forall integer s; 0 <= s < a->set.size && !wrt_k_in_use{L}(&a->set, s) ==> wrt_k_slot_zero{L}(a, s);
  @ predicate wrt_k_arena_kept{A, B}(wrt_k_arena *a) =
  @   \at(a->slots_at, B) == \at(a->slots_at, A) && \at(a->slot_len, B) == \at(a->slot_len, A) &&
  @   \at(a->stride, B) == \at(a->stride, A) && wrt_k_shape_kept{A, B}(\at(&a->set, A));
  @*/

/*@ requires wrt_k_arena_there(a) && slot < a->set.size;
  @ assigns \nothing;
  @ ensures \result == wrt_k_start(slot, a->stride);
  @ ensures 0 <= \result && \result + a->stride <= wrt_k_start(a->set.size, a->stride);
  @*/
WRT_K_FN size_t wrt_k_slot_start(const wrt_k_arena *a, uint32_t slot) WRT_K_NOEXCEPT {
  /*@ assert wrt_k_start(slot, a->stride) + a->stride <= wrt_k_start(a->set.size, a->stride) <= PTRDIFF_MAX; */
  /*@ assert 0 <= wrt_k_start(slot, a->stride) && (size_t)a->stride == a->stride; */
  /*@ admit wrt_k_start(slot, a->stride) == a->stride * slot; */
  return WRT_K_CAST(size_t, a->stride) * slot;
}

/*@ requires wrt_k_arena_there(a) && slot < a->set.size;
  @ assigns \result \from a->slots_at, a->stride, slot;
  @ ensures \result == a->slots_at + wrt_k_start(slot, a->stride);
  @*/
WRT_K_FN uint8_t *wrt_k_slot_at(const wrt_k_arena *a, uint32_t slot) WRT_K_NOEXCEPT {
  return a->slots_at + wrt_k_slot_start(a, slot);
}

/*@ requires \valid(to + (0 .. 0));
  @ assigns to[0 .. 0];
  @ ensures *to == value;
  @*/
WRT_K_FN void wrt_k_put(uint32_t *to, uint32_t value) WRT_K_NOEXCEPT { *to = value; }

/* Where the caller finds the number of its slot. */
/*@ requires wrt_k_arena_ok(a) && \valid(slot);
  @ requires \separated(slot, a, a->set.words + (0 .. a->set.at[a->set.levels] - 1));
  @ assigns *slot;
  @ ensures *slot == id;
  @ ensures wrt_k_arena_ok(a) && wrt_k_arena_kept{Pre, Post}(a);
  @ ensures wrt_k_same_but{Pre, Post}(&a->set, WRT_K_NONE);
  @ ensures \forall integer s; 0 <= s < a->set.size && wrt_k_slot_zero{Pre}(a, s) ==> wrt_k_slot_zero(a, s);
  @*/
WRT_K_FN void wrt_k_arena_tell(const wrt_k_arena *a, uint32_t id, uint32_t *slot) WRT_K_NOEXCEPT {
  (void)a; /* the contract speaks of it */
  wrt_k_put(slot, id);
  /*@ assert fields: a->slots_at == \at(a->slots_at, Pre) && a->slot_len == \at(a->slot_len, Pre) &&
    @   a->stride == \at(a->stride, Pre) && a->set.size == \at(a->set.size, Pre); */
  /*@ assert levels: \forall integer l; 0 <= l <= WRT_K_LEVELS ==> a->set.at[l] == \at(a->set.at[l], Pre); */
  /*@ assert last: a->set.levels == \at(a->set.levels, Pre) && a->set.words == \at(a->set.words, Pre); */
  /*@ assert kept: wrt_k_arena_kept{Pre, Here}(a); */
  /*@ assert words: wrt_k_words_kept{Pre, Here}(&a->set); */
  /*@ assert inside: \forall integer l; 0 <= l < a->set.levels ==> 0 <= l + 1 <= WRT_K_LEVELS &&
    @   a->set.at[l + 1] == \at(a->set.at[l + 1], Pre) && 0 <= a->set.at[l + 1] - 1 < a->set.at[a->set.levels]; */
  /*@ assert items: \forall integer l; 0 <= l < a->set.levels ==>
    @   wrt_k_items(&a->set, l) == wrt_k_items{Pre}(&a->set, l); */
  /*@ assert spare: \forall integer l, b; wrt_k_spare(&a->set, l, b) ==> wrt_k_spare{Pre}(&a->set, l, b); */
  /*@ assert ends: \forall integer l; 0 <= l < a->set.levels ==> a->set.words[a->set.at[l + 1] - 1] ==
    @   \at(a->set.words[a->set.at[l + 1] - 1], Pre); */
  /*@ assert were: \forall integer l, b; wrt_k_spare(&a->set, l, b) ==> 0 <= l < a->set.levels &&
    @   wrt_k_bit_is_set(\at(a->set.words[a->set.at[l + 1] - 1], Pre), b); */
  /*@ assert are: \forall integer l, b; wrt_k_spare(&a->set, l, b) ==>
    @   wrt_k_bit_is_set(a->set.words[a->set.at[l + 1] - 1], b); */
  /*@ assert closed: wrt_k_closed(&a->set); */
  /*@ assert set: wrt_k_set_ok(&a->set); */
  /*@ assert there: wrt_k_arena_there(a); */
  /*@ assert ids: wrt_k_same_ids{Pre, Here}(&a->set); */
  /*@ assert same: wrt_k_same_but{Pre, Here}(&a->set, WRT_K_NONE); */
  /*@ assert starts: \forall integer s; wrt_k_start(s, a->stride) == wrt_k_start(s, \at(a->stride, Pre)); */
  /*@ assert zero: \forall integer s; 0 <= s < a->set.size && wrt_k_slot_zero{Pre}(a, s) ==> wrt_k_slot_zero(a, s); */
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
  /*@ assert kept: wrt_k_arena_kept{Pre, Here}(a); */
  /*@ assert there: wrt_k_arena_there(a); */
  /*@ assert fewer: \forall integer s; 0 <= s < a->set.size && !wrt_k_in_use(&a->set, s) ==>
    @   !wrt_k_in_use{Pre}(&a->set, s); */
  /*@ assert zero: \forall integer s; 0 <= s < a->set.size && !wrt_k_in_use{Pre}(&a->set, s) ==>
    @   wrt_k_slot_zero(a, s); */
  /*@ assert ok: wrt_k_arena_ok(a); */
  if (id == WRT_K_NONE) return WRT_ERR_POOL_EXHAUSTED;
  wrt_k_arena_tell(a, id, slot);
  return WRT_OK;
}

/* The memory in a slot that was claimed. */
/*@ requires wrt_k_arena_ok(a) && slot < a->set.size && \valid(m);
  @ requires \separated(m, a, a->set.words + (0 .. a->set.at[a->set.levels] - 1));
  @ assigns *m;
  @ ensures m->len == len && m->cap == cap && m->base == a->slots_at + wrt_k_start(slot, a->stride);
  @ ensures wrt_k_arena_ok(a) && wrt_k_arena_kept{Pre, Post}(a);
  @ ensures wrt_k_same_but{Pre, Post}(&a->set, WRT_K_NONE);
  @ ensures \forall integer s; 0 <= s < a->set.size && wrt_k_slot_zero{Pre}(a, s) ==> wrt_k_slot_zero(a, s);
  @*/
WRT_K_FN void wrt_k_arena_place(const wrt_k_arena *a, uint32_t slot, uint64_t len, uint64_t cap,
                                wrt_k_mem *m) WRT_K_NOEXCEPT {
  m->base = wrt_k_slot_at(a, slot);
  m->len = len;
  m->cap = cap;
  /*@ assert fields: a->slots_at == \at(a->slots_at, Pre) && a->slot_len == \at(a->slot_len, Pre) &&
    @   a->stride == \at(a->stride, Pre) && a->set.size == \at(a->set.size, Pre); */
  /*@ assert kept: wrt_k_arena_kept{Pre, Here}(a); */
  /*@ assert words: wrt_k_words_kept{Pre, Here}(&a->set); */
  /*@ assert spare: \forall integer l, b; wrt_k_spare(&a->set, l, b) ==>
    @   wrt_k_spare{Pre}(&a->set, l, b) && 0 <= a->set.at[l + 1] - 1 < a->set.at[a->set.levels]; */
  /*@ assert ends: \forall integer l; 0 <= l < a->set.levels ==> a->set.words[a->set.at[l + 1] - 1] ==
    @   \at(a->set.words[a->set.at[l + 1] - 1], Pre); */
  /*@ assert closed: wrt_k_closed(&a->set); */
  /*@ assert set: wrt_k_set_ok(&a->set); */
  /*@ assert there: wrt_k_arena_there(a); */
  /*@ assert ids: wrt_k_same_ids{Pre, Here}(&a->set); */
  /*@ assert same: wrt_k_same_but{Pre, Here}(&a->set, WRT_K_NONE); */
  /*@ assert starts: \forall integer s; wrt_k_start(s, a->stride) == wrt_k_start(s, \at(a->stride, Pre)); */
  /*@ assert zero: \forall integer s; 0 <= s < a->set.size && wrt_k_slot_zero{Pre}(a, s) ==> wrt_k_slot_zero(a, s); */
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
  @   ensures m->len == len && m->cap == cap && m->base == a->slots_at + wrt_k_start(*slot, a->stride);
  @ complete behaviors;
  @ disjoint behaviors;
  @*/
WRT_K_FN wrt_status wrt_k_arena_create(wrt_k_arena *a, uint64_t len, uint64_t cap, uint32_t *slot,
                                       wrt_k_mem *m) WRT_K_NOEXCEPT {
  if (cap > a->slot_len || len > cap) return WRT_ERR_LIMIT;
  wrt_status status = wrt_k_arena_claim(a, slot);
  /*@ assert kept: wrt_k_arena_kept{Pre, Here}(a); */
  if (status != WRT_OK) return status;
  wrt_k_arena_place(a, *slot, len, cap, m);
  return WRT_OK;
}

/* Scrubs the first `dirty` bytes of a slot, the only ones that may not be zero, and gives it back. INVALID_HANDLE, and
   nothing changed, when it is not in use: a second destroy too. */
/*@ requires wrt_k_arena_ok(a) && (slot < a->set.size && wrt_k_in_use(&a->set, slot) ==> dirty <= a->slot_len &&
  @   wrt_k_zero(a->slots_at, wrt_k_start(slot, a->stride) + dirty, wrt_k_start(slot, a->stride) + a->slot_len));
  @ assigns a->set.words[0 .. a->set.at[a->set.levels] - 1],
  @   a->slots_at[wrt_k_start(slot, a->stride) .. wrt_k_start(slot, a->stride) + dirty - 1];
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
  size_t start = wrt_k_slot_start(a, slot);
  wrt_k_set_range(a->slots_at, start, start + dirty, 0);
  /*@ assert kept: wrt_k_arena_kept{Pre, Here}(a); */
  /*@ assert others: \forall integer s; 0 <= s < a->set.size && s != slot ==> wrt_k_slot_same{Pre, Here}(a, s); */
  /*@ assert scrubbed: wrt_k_slot_zero(a, slot); */
  /*@ assert there: wrt_k_arena_ok(a); */
  wrt_status status = wrt_k_set_release(&a->set, slot);
  /*@ assert kept_too: wrt_k_arena_kept{Pre, Here}(a); */
  /*@ assert there_too: wrt_k_arena_there(a); */
  /*@ assert fewer: \forall integer s; 0 <= s < a->set.size && !wrt_k_in_use(&a->set, s) ==>
    @   s == slot || !wrt_k_in_use{Pre}(&a->set, s); */
  /*@ assert zero: \forall integer s; 0 <= s < a->set.size && s != slot && !wrt_k_in_use{Pre}(&a->set, s) ==>
    @   wrt_k_slot_zero(a, s); */
  /*@ assert scrubbed_too: wrt_k_slot_zero(a, slot); */
  return status;
}

#endif /* WRT_CORE_KERNEL_ARENA_H */
