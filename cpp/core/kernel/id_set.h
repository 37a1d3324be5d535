/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A set of ids. Part of the kernel: see cpp/core/kernel.h. */
#ifndef WRT_CORE_KERNEL_ID_SET_H
#define WRT_CORE_KERNEL_ID_SET_H

#include "cpp/core/kernel/language.h"

/*
 * Which of the ids 0 .. size-1 are in use: a bitmap with summaries above it, so that claiming and releasing look at one
 * word a level, whatever happened before. Bit 1 means "in use" at level 0 and "nothing free below" above.
 *
 * Lock-free where the target has compare-and-swap. A summary may lag behind while another thread is between two steps,
 * and is right again when nobody is; level 0 alone says what is free. No tags and no links, so nothing can wrap (no
 * ABA).
 */
#ifdef WRT_K_WORD_SHIFT
/* A test gave a wrt_k_word of so few bits that sets of several levels can be enumerated. */
#elif UINTPTR_MAX > 0xffffffffu
typedef uint64_t wrt_k_word;
#define WRT_K_WORD_SHIFT 6u
#else
typedef uint32_t wrt_k_word;
#define WRT_K_WORD_SHIFT 5u
#endif
#define WRT_K_WORD_BITS (1u << WRT_K_WORD_SHIFT)
#ifdef __cplusplus
#define WRT_K_FULL (~WRT_K_CAST(wrt_k_word, 0))
#else /* in a contract the complement is of an unbounded integer */
#define WRT_K_FULL UINTPTR_MAX
#endif
#define WRT_K_LEVELS 6u
#define WRT_K_MOST_IDS 0x40000000u /* six levels of 32 bits */
#define WRT_K_NONE 0xffffffffu

typedef struct wrt_k_set {
  wrt_k_word *words;
  uint32_t size;
  uint32_t levels;
  uint32_t at[WRT_K_LEVELS + 1]; /* index of the first word of each level; at[levels]: how many there are */
} wrt_k_set;

/* What provers of integers do not know of bits; proofs/word.smt2 proves it with bit vectors. */
/*@ predicate wrt_k_bit_is_set(integer word, integer i) = (word & (1 << i)) != 0;
  @ axiomatic wrt_k_full_words {
  @   axiom wrt_k_full_if: \forall wrt_k_word word;
  @     (\forall integer i; 0 <= i < WRT_K_WORD_BITS ==> wrt_k_bit_is_set(word, i)) ==> word == WRT_K_FULL;
  @   axiom wrt_k_full_then: \forall integer i; 0 <= i < WRT_K_WORD_BITS ==> wrt_k_bit_is_set(WRT_K_FULL, i);
  @ }
  @*/

/*
 * What the contracts speak of. A level has items, one bit each: level 0 the ids, a level above the words of the one
 * below. The bits behind the last item are spare and always 1.
 */
/*@ logic integer wrt_k_words_for(integer items) = (items + WRT_K_WORD_BITS - 1) / WRT_K_WORD_BITS;
  @ logic integer wrt_k_w1(integer n) = wrt_k_words_for(n);
  @ logic integer wrt_k_w2(integer n) = wrt_k_words_for(wrt_k_w1(n));
  @ logic integer wrt_k_w3(integer n) = wrt_k_words_for(wrt_k_w2(n));
  @ logic integer wrt_k_w4(integer n) = wrt_k_words_for(wrt_k_w3(n));
  @ logic integer wrt_k_w5(integer n) = wrt_k_words_for(wrt_k_w4(n));
  @ logic integer wrt_k_w6(integer n) = wrt_k_words_for(wrt_k_w5(n));
  @ predicate wrt_k_climbed(integer n, integer total, integer items) =
  @   (total == 0 && items == n) || (total == wrt_k_w1(n) && items == wrt_k_w1(n)) ||
  @   (total == wrt_k_w1(n) + wrt_k_w2(n) && items == wrt_k_w2(n)) ||
  @   (total == wrt_k_w1(n) + wrt_k_w2(n) + wrt_k_w3(n) && items == wrt_k_w3(n)) ||
  @   (total == wrt_k_w1(n) + wrt_k_w2(n) + wrt_k_w3(n) + wrt_k_w4(n) && items == wrt_k_w4(n)) ||
  @   (total == wrt_k_w1(n) + wrt_k_w2(n) + wrt_k_w3(n) + wrt_k_w4(n) + wrt_k_w5(n) && items == wrt_k_w5(n)) ||
  @   (total == wrt_k_w1(n) + wrt_k_w2(n) + wrt_k_w3(n) + wrt_k_w4(n) + wrt_k_w5(n) + wrt_k_w6(n) &&
  @    items == wrt_k_w6(n));
  @
  @ logic integer wrt_k_items{L}(wrt_k_set *s, integer level) =
  @   level == 0 ? s->size : s->at[level] - s->at[level - 1];
  @ predicate wrt_k_item{L}(wrt_k_set *s, integer level, integer item) =
  @   0 <= level < s->levels && 0 <= item < wrt_k_items{L}(s, level);
  @ predicate wrt_k_spare{L}(wrt_k_set *s, integer level, integer bit) =
  @   0 <= level < s->levels && 0 <= bit < WRT_K_WORD_BITS &&
  @   wrt_k_items{L}(s, level) <= (s->at[level + 1] - s->at[level] - 1) * WRT_K_WORD_BITS + bit;
  @
  @ predicate wrt_k_shaped{L}(wrt_k_set *s) =
  @   1 <= s->size <= WRT_K_MOST_IDS && 1 <= s->levels <= WRT_K_LEVELS &&
  @   s->at[0] == 0 && s->at[s->levels] == s->at[s->levels - 1] + 1 && s->at[s->levels] <= WRT_K_MOST_IDS &&
  @   (\forall integer l, k; 0 <= l < k <= s->levels ==> s->at[l] < s->at[k]) &&
  @   (\forall integer l; 0 <= l < s->levels ==> wrt_k_items{L}(s, l) <=
  @     (s->at[l + 1] - s->at[l]) * WRT_K_WORD_BITS < wrt_k_items{L}(s, l) + WRT_K_WORD_BITS);
  @ predicate wrt_k_closed{L}(wrt_k_set *s) = \forall integer l, b; wrt_k_spare{L}(s, l, b) ==>
  @   wrt_k_bit_is_set(\at(s->words[s->at[l + 1] - 1], L), b);
  @ predicate wrt_k_set_ok{L}(wrt_k_set *s) =
  @   \valid{L}(s) && wrt_k_shaped{L}(s) && \valid{L}(s->words + (0 .. s->at[s->levels] - 1)) &&
  @   \separated(s, s->words + (0 .. s->at[s->levels] - 1)) && wrt_k_closed{L}(s);
  @
  @ predicate wrt_k_in_use{L}(wrt_k_set *s, integer id) =
  @   wrt_k_bit_is_set(\at(s->words[id / WRT_K_WORD_BITS], L), id % WRT_K_WORD_BITS);
  @ predicate wrt_k_same_but{A, B}(wrt_k_set *s, integer but) = \forall integer id;
  @   0 <= id < \at(s->size, A) && id != but ==> (wrt_k_in_use{B}(s, id) <==> wrt_k_in_use{A}(s, id));
  @ predicate wrt_k_same_ids{A, B}(wrt_k_set *s) =
  @   \forall integer i; 0 <= i < \at(s->at[1], A) ==> \at(s->words[i], B) == \at(s->words[i], A);
  @ predicate wrt_k_all_full{L}(wrt_k_set *s) =
  @   \forall integer i; 0 <= i < s->at[1] ==> s->words[i] == WRT_K_FULL;
  @
  @ lemma wrt_k_apart{L}: \forall wrt_k_set *s, integer l, level, item; wrt_k_shaped{L}(s) ==>
  @   wrt_k_item{L}(s, level, item) ==> 0 <= l < s->levels ==> l != level ==>
  @     s->at[l + 1] - 1 != s->at[level] + item / WRT_K_WORD_BITS;
  @ lemma wrt_k_not_spare{L}: \forall wrt_k_set *s, integer level, item; wrt_k_shaped{L}(s) ==>
  @   wrt_k_item{L}(s, level, item) ==> s->at[level + 1] - 1 == s->at[level] + item / WRT_K_WORD_BITS ==>
  @     !wrt_k_spare{L}(s, level, item % WRT_K_WORD_BITS);
  @ lemma wrt_k_id_word{L}: \forall wrt_k_set *s, integer id; wrt_k_shaped{L}(s) ==> 0 <= id < s->size ==>
  @   0 <= id / WRT_K_WORD_BITS < s->at[1] && 0 <= id % WRT_K_WORD_BITS < WRT_K_WORD_BITS;
  @*/

/*@ requires \valid_read(p);
  @ assigns \nothing;
  @ ensures \result == *p;
  @*/
WRT_K_FN wrt_k_word wrt_k_load(const wrt_k_word *p) WRT_K_NOEXCEPT {
#ifdef __cplusplus
  if (WRT_K_AT_RUN_TIME) return wrt::load_one(p, __ATOMIC_SEQ_CST);
#endif
  return *p;
}

/* Sets the bits and returns the word before. */
/*@ requires \valid(p);
  @ assigns *p;
  @ ensures \result == \old(*p);
  @ ensures \forall integer i; 0 <= i < WRT_K_WORD_BITS ==>
  @   (wrt_k_bit_is_set(*p, i) <==> wrt_k_bit_is_set(\old(*p), i) || wrt_k_bit_is_set(bits, i));
  @*/
WRT_K_FN wrt_k_word wrt_k_fetch_or(wrt_k_word *p, wrt_k_word bits) WRT_K_NOEXCEPT {
#ifdef __cplusplus
  if (WRT_K_AT_RUN_TIME) return wrt::fetch_or(p, bits);
#endif
  wrt_k_word old = *p;
  *p = old | bits;
  return old;
}

/* Clears the bits and returns the word before. */
/*@ requires \valid(p);
  @ assigns *p;
  @ ensures \result == \old(*p);
  @ ensures \forall integer i; 0 <= i < WRT_K_WORD_BITS ==>
  @   (wrt_k_bit_is_set(*p, i) <==> wrt_k_bit_is_set(\old(*p), i) && !wrt_k_bit_is_set(bits, i));
  @*/
WRT_K_FN wrt_k_word wrt_k_fetch_clear(wrt_k_word *p, wrt_k_word bits) WRT_K_NOEXCEPT {
#ifdef __cplusplus
  if (WRT_K_AT_RUN_TIME) return wrt::fetch_and(p, WRT_K_CAST(wrt_k_word, ~bits));
#endif
  wrt_k_word old = *p;
  *p = old & ~bits;
  return old;
}

/*@ assigns \nothing;
  @ ensures \result == (1 << (i % WRT_K_WORD_BITS));
  @ ensures \forall integer k; 0 <= k < WRT_K_WORD_BITS ==>
  @   (wrt_k_bit_is_set(\result, k) <==> k == i % WRT_K_WORD_BITS);
  @*/
WRT_K_FN wrt_k_word wrt_k_bit(uint32_t i) WRT_K_NOEXCEPT {
  /*@ assert (wrt_k_word)(1 << (i % WRT_K_WORD_BITS)) == (1 << (i % WRT_K_WORD_BITS)); */
  return WRT_K_CAST(wrt_k_word, 1) << (i % WRT_K_WORD_BITS);
}

/* Whether bit `i` of the word is set. */
/*@ assigns \nothing;
  @ ensures \result <==> wrt_k_bit_is_set(word, i % WRT_K_WORD_BITS);
  @*/
WRT_K_FN bool wrt_k_word_has(wrt_k_word word, uint32_t i) WRT_K_NOEXCEPT { return (word & wrt_k_bit(i)) != 0; }

/* The number of the lowest zero bit. Requires word != WRT_K_FULL. */
/*@ requires word != WRT_K_FULL;
  @ assigns \nothing;
  @ ensures 0 <= \result < WRT_K_WORD_BITS;
  @ ensures !wrt_k_bit_is_set(word, \result);
  @ ensures \forall integer i; 0 <= i < \result ==> wrt_k_bit_is_set(word, i);
  @*/
WRT_K_FN uint32_t wrt_k_lowest_zero(wrt_k_word word) WRT_K_NOEXCEPT {
#ifdef __cplusplus
  return wrt::trailing_zeros(WRT_K_CAST(wrt_k_word, ~word));
#else
  uint32_t i = 0;
  /*@ loop invariant 0 <= i < WRT_K_WORD_BITS;
    @ loop invariant \forall integer k; 0 <= k < i ==> wrt_k_bit_is_set(word, k);
    @ loop assigns i;
    @ loop variant WRT_K_WORD_BITS - i;
    @*/
  while (i < WRT_K_WORD_BITS - 1 && wrt_k_word_has(word, i)) i++;
  /*@ assert (\forall integer k; 0 <= k < WRT_K_WORD_BITS ==> wrt_k_bit_is_set(word, k)) ==> word == WRT_K_FULL; */
  return i;
#endif
}

/*@ requires items <= WRT_K_MOST_IDS;
  @ assigns \nothing;
  @ ensures \result == wrt_k_words_for(items);
  @ ensures \result <= items && 2 * \result <= items + 1;
  @*/
WRT_K_FN uint32_t wrt_k_words_above(uint32_t items) WRT_K_NOEXCEPT {
  return items / WRT_K_WORD_BITS + (items % WRT_K_WORD_BITS != 0);
}

/* How many words the set of `size` ids takes. */
/*@ requires size <= WRT_K_MOST_IDS;
  @ assigns \nothing;
  @ ensures wrt_k_climbed(size, \result, 0) || wrt_k_climbed(size, \result, 1);
  @ ensures \result <= size + 1;
  @*/
WRT_K_FN uint32_t wrt_k_set_words(uint32_t size) WRT_K_NOEXCEPT {
  uint32_t total = 0;
  uint32_t items = size;
  /*@ loop invariant items <= WRT_K_MOST_IDS && total + items <= size;
    @ loop invariant total == 0 || items > 1;
    @ loop invariant wrt_k_climbed(size, total, items);
    @ loop assigns total, items;
    @ loop variant items;
    @*/
  do {
    items = wrt_k_words_above(items);
    total += items;
  } while (items > 1);
  return total;
}

/* The shape of a set of size >= 1 over words that are all zero: every id is free, the ends of the levels are closed. */
/*@ requires \valid(set) && 1 <= size <= WRT_K_MOST_IDS;
  @ requires \valid(zeroed_words + (0 .. size)) && \separated(set, zeroed_words + (0 .. size));
  @ requires \forall integer i; 0 <= i <= size ==> zeroed_words[i] == 0;
  @ assigns *set, zeroed_words[0 .. size];
  @ ensures set->words == zeroed_words && set->size == size;
  @ ensures wrt_k_shaped(set);
  @*/
WRT_K_FN void wrt_k_set_init(wrt_k_set *set, wrt_k_word *zeroed_words, uint32_t size) WRT_K_NOEXCEPT {
  uint32_t at = 0;
  uint32_t items = size;
  set->words = zeroed_words;
  set->size = size;
  set->levels = 0;
  do {
    uint32_t words = wrt_k_words_above(items);
    uint32_t spare = words * WRT_K_WORD_BITS - items;
    if (spare != 0) zeroed_words[at + words - 1] = WRT_K_CAST(wrt_k_word, ~(WRT_K_FULL >> spare));
    set->at[set->levels] = at;
    set->levels++;
    at += words;
    items = words;
  } while (items > 1);
  set->at[set->levels] = at;
}

/* Which word holds the bit of an item. */
/*@ requires \valid_read(set) && wrt_k_shaped(set) && wrt_k_item(set, level, item);
  @ assigns \nothing;
  @ ensures \result == set->at[level] + item / WRT_K_WORD_BITS;
  @ ensures set->at[level] <= \result < set->at[level + 1] <= set->at[set->levels];
  @ ensures level > 0 ==> set->at[1] <= \result;
  @ ensures \forall integer l; 0 <= l < set->levels && l != level ==> set->at[l + 1] - 1 != \result;
  @ ensures set->at[level + 1] - 1 == \result ==> !wrt_k_spare(set, level, item % WRT_K_WORD_BITS);
  @*/
WRT_K_FN uint32_t wrt_k_set_word(const wrt_k_set *set, uint32_t level, uint32_t item) WRT_K_NOEXCEPT {
  return set->at[level] + item / WRT_K_WORD_BITS;
}

/* Sets or clears the bit; true when the word became full by it, or stopped being so. */
/*@ requires \valid(word);
  @ assigns *word;
  @ ensures \forall integer i; 0 <= i < WRT_K_WORD_BITS && !wrt_k_bit_is_set(bit, i) ==>
  @   (wrt_k_bit_is_set(*word, i) <==> wrt_k_bit_is_set(\old(*word), i));
  @ ensures \forall integer i; 0 <= i < WRT_K_WORD_BITS && wrt_k_bit_is_set(bit, i) ==>
  @   (wrt_k_bit_is_set(*word, i) <==> full);
  @*/
WRT_K_FN bool wrt_k_set_mark(wrt_k_word *word, wrt_k_word bit, bool full) WRT_K_NOEXCEPT {
  if (!full) return wrt_k_fetch_clear(word, bit) == WRT_K_FULL;
  wrt_k_word old = wrt_k_fetch_or(word, bit);
  return old != WRT_K_FULL && (old | bit) == WRT_K_FULL;
}

/* The word `item` of `level` became full, or stopped being so: say so one level up, and on up while words do the same.
   Whoever is the last to write a summary bit looks below afterwards, so that at rest every bit is right. */
/*@ requires wrt_k_set_ok(set) && level < set->levels && item < set->at[level + 1] - set->at[level];
  @ assigns set->words[set->at[1] .. set->at[set->levels] - 1];
  @ ensures wrt_k_set_ok(set) && wrt_k_same_ids{Pre, Post}(set);
  @*/
WRT_K_SHARED void wrt_k_set_settle(wrt_k_set *set, uint32_t level, uint32_t item) WRT_K_NOEXCEPT {
  /*@ loop invariant 0 <= level < set->levels && item < set->at[level + 1] - set->at[level];
    @ loop invariant wrt_k_set_ok(set) && wrt_k_same_ids{Pre, Here}(set);
    @ loop assigns level, item, set->words[set->at[1] .. set->at[set->levels] - 1];
    @ loop variant set->levels - level;
    @*/
  for (; level + 1 < set->levels; level++) {
    /*@ assert set->at[level] + item < set->at[level + 1] <= set->at[set->levels]; */
    const wrt_k_word *below = &set->words[set->at[level] + item];
    uint32_t at = wrt_k_set_word(set, level + 1, item);
    wrt_k_word *above = &set->words[at];
    bool moved = false;
    bool full = false;
    /*@ loop invariant wrt_k_set_ok(set) && wrt_k_same_ids{Pre, Here}(set);
      @ loop assigns moved, full, set->words[at];
      @*/
    do {
      full = wrt_k_load(below) == WRT_K_FULL;
      if (wrt_k_set_mark(above, wrt_k_bit(item), full)) moved = true;
      /*@ assert wrt_k_closed(set); */
    } while ((wrt_k_load(below) == WRT_K_FULL) != full);
    if (!moved) return;
    item /= WRT_K_WORD_BITS;
  }
}

/* Level 0 read word by word: exact, and needed only while summaries lag. */
/*@ requires wrt_k_set_ok(set);
  @ assigns \nothing;
  @ ensures \result < set->size || \result == WRT_K_NONE;
  @ ensures \result == WRT_K_NONE ==> wrt_k_all_full(set);
  @*/
WRT_K_FN uint32_t wrt_k_set_scan(const wrt_k_set *set) WRT_K_NOEXCEPT {
  uint32_t words = wrt_k_words_above(set->size);
  /*@ assert words == set->at[1]; */
  /*@ loop invariant 0 <= i <= words;
    @ loop invariant \forall integer k; 0 <= k < i ==> set->words[k] == WRT_K_FULL;
    @ loop assigns i;
    @ loop variant words - i;
    @*/
  for (uint32_t i = 0; i < words; i++) {
    wrt_k_word word = wrt_k_load(&set->words[i]);
    if (word != WRT_K_FULL) return i * WRT_K_WORD_BITS + wrt_k_lowest_zero(word);
  }
  return WRT_K_NONE;
}

/* The lowest free id that the summaries lead to, or NONE. */
/*@ requires wrt_k_set_ok(set);
  @ assigns set->words[set->at[1] .. set->at[set->levels] - 1];
  @ ensures wrt_k_set_ok(set) && wrt_k_same_ids{Pre, Post}(set);
  @ ensures \result < set->size || \result == WRT_K_NONE;
  @ ensures \result == WRT_K_NONE ==> wrt_k_all_full(set);
  @*/
WRT_K_FN uint32_t wrt_k_set_find(wrt_k_set *set) WRT_K_NOEXCEPT {
  uint32_t level = set->levels;
  uint32_t item = 0;
  /*@ loop invariant 0 <= level <= set->levels;
    @ loop invariant level == set->levels ==> item == 0;
    @ loop invariant level < set->levels ==> wrt_k_item(set, level, item);
    @ loop invariant wrt_k_set_ok(set) && wrt_k_same_ids{Pre, Here}(set);
    @ loop assigns level, item, set->words[set->at[1] .. set->at[set->levels] - 1];
    @*/
  while (level > 0) {
    /*@ assert item < set->at[level] - set->at[level - 1]; */
    /*@ assert set->at[level] <= set->at[set->levels]; */
    wrt_k_word word = wrt_k_load(&set->words[set->at[level - 1] + item]);
    if (word != WRT_K_FULL) {
      uint32_t lowest = wrt_k_lowest_zero(word);
      /*@ assert set->at[level - 1] + item == set->at[level] - 1 ==> !wrt_k_spare(set, level - 1, lowest); */
      item = item * WRT_K_WORD_BITS + lowest;
      level--;
    } else if (level == set->levels) {
      return wrt_k_set_scan(set);
    } else { /* a summary lagged: mend it and start again */
      wrt_k_set_settle(set, level - 1, item);
      level = set->levels;
      item = 0;
    }
  }
  return item;
}

/* Takes a free id, or returns NONE when all are in use. */
/*@ requires wrt_k_set_ok(set);
  @ assigns set->words[0 .. set->at[set->levels] - 1];
  @ ensures wrt_k_set_ok(set);
  @ ensures \result < set->size || \result == WRT_K_NONE;
  @ ensures \result == WRT_K_NONE <==> (\forall integer id; 0 <= id < set->size ==> wrt_k_in_use{Pre}(set, id));
  @ ensures \result != WRT_K_NONE ==> !wrt_k_in_use{Pre}(set, \result) && wrt_k_in_use{Post}(set, \result);
  @ ensures wrt_k_same_but{Pre, Post}(set, \result);
  @*/
WRT_K_SHARED uint32_t wrt_k_set_claim(wrt_k_set *set) WRT_K_NOEXCEPT {
  /*@ loop invariant wrt_k_set_ok(set) && wrt_k_same_but{Pre, Here}(set, WRT_K_NONE);
    @ loop assigns set->words[0 .. set->at[set->levels] - 1];
    @*/
  for (;;) { /* GCOVR_EXCL_LINE: an endless loop has no code of its own */
    uint32_t id = wrt_k_set_find(set);
    /*@ assert \forall integer i; 0 <= i < set->size ==> 0 <= i / WRT_K_WORD_BITS < set->at[1]; */
    /*@ assert wrt_k_same_but{Pre, Here}(set, WRT_K_NONE); */
    /*@ assert id == WRT_K_NONE ==> \forall integer i; 0 <= i < set->size ==> wrt_k_in_use(set, i); */
    if (id == WRT_K_NONE) return WRT_K_NONE;
    /*@ assert id / WRT_K_WORD_BITS < set->at[1] <= set->at[set->levels]; */
    /*@ assert \forall integer l, b; wrt_k_spare(set, l, b) ==>
      @   set->at[l + 1] - 1 != id / WRT_K_WORD_BITS || b != id % WRT_K_WORD_BITS; */
    wrt_k_word bit = wrt_k_bit(id);
    wrt_k_word old = wrt_k_fetch_or(&set->words[id / WRT_K_WORD_BITS], bit);
    /*@ assert wrt_k_set_ok(set); */
    /*@ assert wrt_k_same_but{Pre, Here}(set, id) && wrt_k_in_use(set, id); */
    /*@ assert (old & bit) != 0 <==> wrt_k_in_use{Pre}(set, id); */
    if ((old & bit) != 0) continue; /* another thread was faster */
    if ((old | bit) == WRT_K_FULL) wrt_k_set_settle(set, 0, id / WRT_K_WORD_BITS);
    /*@ assert wrt_k_same_but{Pre, Here}(set, id) && wrt_k_in_use(set, id); */
    return id;
  } /* GCOVR_EXCL_LINE: nor has its end */
}

/* Gives back an id: INVALID_HANDLE, and nothing changed, when it is not one or not in use. */
/*@ requires wrt_k_set_ok(set);
  @ assigns set->words[0 .. set->at[set->levels] - 1];
  @ ensures wrt_k_set_ok(set);
  @ behavior in_use:
  @   assumes id < set->size && wrt_k_in_use(set, id);
  @   ensures \result == WRT_OK && !wrt_k_in_use(set, id) && wrt_k_same_but{Pre, Post}(set, id);
  @ behavior not_in_use:
  @   assumes id >= set->size || !wrt_k_in_use(set, id);
  @   ensures \result == WRT_ERR_INVALID_HANDLE && wrt_k_same_but{Pre, Post}(set, WRT_K_NONE);
  @ complete behaviors;
  @ disjoint behaviors;
  @*/
WRT_K_FN wrt_status wrt_k_set_release(wrt_k_set *set, uint32_t id) WRT_K_NOEXCEPT {
  if (id >= set->size) return WRT_ERR_INVALID_HANDLE;
  /*@ assert \forall integer i; 0 <= i < set->size ==> 0 <= i / WRT_K_WORD_BITS < set->at[1]; */
  /*@ assert id / WRT_K_WORD_BITS < set->at[1] <= set->at[set->levels]; */
  /*@ assert \forall integer l, b; wrt_k_spare(set, l, b) ==>
    @   set->at[l + 1] - 1 != id / WRT_K_WORD_BITS || b != id % WRT_K_WORD_BITS; */
  wrt_k_word bit = wrt_k_bit(id);
  wrt_k_word old = wrt_k_fetch_clear(&set->words[id / WRT_K_WORD_BITS], bit);
  /*@ assert wrt_k_set_ok(set); */
  /*@ assert wrt_k_same_but{Pre, Here}(set, id) && !wrt_k_in_use(set, id); */
  /*@ assert (old & bit) != 0 <==> wrt_k_in_use{Pre}(set, id); */
  if ((old & bit) == 0) return WRT_ERR_INVALID_HANDLE;
  if (old == WRT_K_FULL) wrt_k_set_settle(set, 0, id / WRT_K_WORD_BITS);
  /*@ assert wrt_k_same_but{Pre, Here}(set, id) && !wrt_k_in_use(set, id); */
  return WRT_OK;
}

/*@ requires wrt_k_set_ok(set);
  @ assigns \nothing;
  @ ensures \result <==> id < set->size && wrt_k_in_use(set, id);
  @*/
WRT_K_FN bool wrt_k_set_has(const wrt_k_set *set, uint32_t id) WRT_K_NOEXCEPT {
  return id < set->size && wrt_k_word_has(wrt_k_load(&set->words[id / WRT_K_WORD_BITS]), id);
}

/* The invariant of a set at rest: a summary bit is 1 exactly when the word below it is full. O(words). */
WRT_K_FN bool wrt_k_set_holds(const wrt_k_set *set) WRT_K_NOEXCEPT {
  uint32_t items = set->size;
  for (uint32_t level = 0; level < set->levels; level++) {
    uint32_t words = wrt_k_words_above(items);
    for (uint32_t i = 0; i < words && level + 1 < set->levels; i++) {
      bool full = set->words[set->at[level] + i] == WRT_K_FULL;
      wrt_k_word above = set->words[set->at[level + 1] + i / WRT_K_WORD_BITS];
      if (full != wrt_k_word_has(above, i)) return false;
    }
    uint32_t spare = words * WRT_K_WORD_BITS - items;
    if (spare != 0 && (set->words[set->at[level] + words - 1] >> (WRT_K_WORD_BITS - spare)) !=
                          (WRT_K_FULL >> (WRT_K_WORD_BITS - spare))) {
      return false;
    }
    items = words;
  }
  return true;
}

#endif /* WRT_CORE_KERNEL_ID_SET_H */
