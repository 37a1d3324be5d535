/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The kernel: range check, length, access and the set of free ids, in the common subset of C99 and C++17.
 *
 * All three tiers run this code, and it is all that the STATIC tier needs. It is one file so that the provers, which
 * read C, read what ships, and so that C++ can run it inside static_assert. It needs no heap and no operating system.
 *
 * Trusted here, not proved: memmove and memset of the compiler (the byte loops beside them say what they must do), and
 * the atomic operations (in C and in constant evaluation they are plain ones).
 */
#ifndef WRT_CORE_KERNEL_H
#define WRT_CORE_KERNEL_H

#include "wrtmem/wrtmem.h"

#ifdef __cplusplus
#include "cpp/core/atomic.hpp"
#include "cpp/core/bits.hpp"
#define WRT_K_FN constexpr inline
#define WRT_K_NOEXCEPT noexcept
#define WRT_K_CAST(type, value) static_cast<type>(value)
#define WRT_K_AT_RUN_TIME (!__builtin_is_constant_evaluated())
#else
#include <stdbool.h>
#define WRT_K_FN static inline
#define WRT_K_NOEXCEPT
#define WRT_K_CAST(type, value) ((type)(value))
#define WRT_K_AT_RUN_TIME 0
#endif

/* ---- ranges and bytes ------------------------------------------------------------------------------------------ */

/* True iff offset + n <= len as integers, without wrapping. */
WRT_K_FN bool wrt_k_in_range(uint64_t len, uint64_t offset, uint64_t n) WRT_K_NOEXCEPT {
  return offset <= len && n <= len - offset;
}

WRT_K_FN void wrt_k_set_bytes(uint8_t *p, uint8_t value, size_t n) WRT_K_NOEXCEPT {
#ifdef __cplusplus
  if (WRT_K_AT_RUN_TIME) {
    if (n != 0) __builtin_memset(p, value, n);
    return;
  }
#endif
  for (size_t i = 0; i < n; i++) p[i] = value;
}

/* Whether `to` lies in [from + 1, from + n): then a copy has to run backwards. In constant evaluation pointers into
   different arrays can be compared for equality alone. */
WRT_K_FN bool wrt_k_lies_inside(const uint8_t *to, const uint8_t *from, size_t n) WRT_K_NOEXCEPT {
  for (size_t i = 1; i < n; i++) {
    if (to == from + i) return true;
  }
  return false;
}

/* As memmove: the ranges may overlap. */
WRT_K_FN void wrt_k_move_bytes(uint8_t *to, const uint8_t *from, size_t n) WRT_K_NOEXCEPT {
#ifdef __cplusplus
  if (WRT_K_AT_RUN_TIME) {
    if (n != 0) __builtin_memmove(to, from, n);
    return;
  }
#endif
  if (wrt_k_lies_inside(to, from, n)) {
    for (size_t i = n; i > 0; i--) to[i - 1] = from[i - 1];
  } else {
    for (size_t i = 0; i < n; i++) to[i] = from[i];
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

/* The invariant, for tests and proofs: O(cap - len). */
WRT_K_FN bool wrt_k_mem_holds(const wrt_k_mem *m) WRT_K_NOEXCEPT {
  if (m->len > m->cap) return false;
  for (uint64_t i = m->len; i < m->cap; i++) {
    if (m->base[i] != 0) return false;
  }
  return true;
}

/* Growth within cap: a length update. LIMIT beyond it; nothing else can fail. */
WRT_K_FN wrt_status wrt_k_grow(wrt_k_mem *m, uint64_t new_len) WRT_K_NOEXCEPT {
  if (new_len > m->cap) return WRT_ERR_LIMIT;
  m->len = new_len;
  return WRT_OK;
}

/* Shrinking: what is cut off is scrubbed at once. Requires new_len <= len. */
WRT_K_FN void wrt_k_shrink(wrt_k_mem *m, uint64_t new_len) WRT_K_NOEXCEPT {
  wrt_k_set_bytes(m->base + new_len, 0, WRT_K_CAST(size_t, m->len - new_len));
  m->len = new_len;
}

WRT_K_FN wrt_status wrt_k_resize(wrt_k_mem *m, uint64_t new_len) WRT_K_NOEXCEPT {
  if (new_len >= m->len) return wrt_k_grow(m, new_len);
  wrt_k_shrink(m, new_len);
  return WRT_OK;
}

/* Up to `budget` bytes of [*dirty - budget, *dirty) are scrubbed, so that a long scrub can be done in bounded steps. */
WRT_K_FN void wrt_k_scrub_step(uint8_t *base, uint64_t *dirty, uint64_t budget) WRT_K_NOEXCEPT {
  uint64_t from = *dirty > budget ? *dirty - budget : 0;
  wrt_k_set_bytes(base + from, 0, WRT_K_CAST(size_t, *dirty - from));
  *dirty = from;
}

WRT_K_FN wrt_status wrt_k_read(const wrt_k_mem *m, uint64_t offset, uint8_t *dst, size_t n) WRT_K_NOEXCEPT {
  if (!wrt_k_in_range(m->len, offset, n)) return WRT_ERR_OUT_OF_BOUNDS;
  if (n == 0) return WRT_OK;
  wrt_k_move_bytes(dst, m->base + offset, n);
  return WRT_OK;
}

WRT_K_FN wrt_status wrt_k_write(wrt_k_mem *m, uint64_t offset, const uint8_t *src, size_t n) WRT_K_NOEXCEPT {
  if (!wrt_k_in_range(m->len, offset, n)) return WRT_ERR_OUT_OF_BOUNDS;
  if (n == 0) return WRT_OK;
  wrt_k_move_bytes(m->base + offset, src, n);
  return WRT_OK;
}

WRT_K_FN wrt_status wrt_k_fill(wrt_k_mem *m, uint64_t offset, uint8_t value, uint64_t n) WRT_K_NOEXCEPT {
  if (!wrt_k_in_range(m->len, offset, n)) return WRT_ERR_OUT_OF_BOUNDS;
  if (n == 0) return WRT_OK;
  wrt_k_set_bytes(m->base + offset, value, WRT_K_CAST(size_t, n));
  return WRT_OK;
}

/* memory.copy within one memory: both ranges are checked before a byte moves, and they may overlap. */
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
    for (uint64_t i = 0; i < n; i++) m->base[to + i] = m->base[from + i];
  } else {
    for (uint64_t i = n; i > 0; i--) m->base[to + i - 1] = m->base[from + i - 1];
  }
  return WRT_OK;
}

/* ---- a set of ids ---------------------------------------------------------------------------------------------- */

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
#define WRT_K_FULL (~WRT_K_CAST(wrt_k_word, 0))
#define WRT_K_LEVELS 6u
#define WRT_K_NONE 0xffffffffu

typedef struct wrt_k_set {
  wrt_k_word *words;
  uint32_t size;
  uint32_t levels;
  uint32_t at[WRT_K_LEVELS]; /* index of the first word of each level */
} wrt_k_set;

WRT_K_FN wrt_k_word wrt_k_load(const wrt_k_word *p) WRT_K_NOEXCEPT {
#ifdef __cplusplus
  if (WRT_K_AT_RUN_TIME) return wrt::load_one(p, __ATOMIC_SEQ_CST);
#endif
  return *p;
}

/* Sets the bits and returns the word before. */
WRT_K_FN wrt_k_word wrt_k_fetch_or(wrt_k_word *p, wrt_k_word bits) WRT_K_NOEXCEPT {
#ifdef __cplusplus
  if (WRT_K_AT_RUN_TIME) return wrt::fetch_or(p, bits);
#endif
  wrt_k_word old = *p;
  *p = old | bits;
  return old;
}

/* Clears the bits and returns the word before. */
WRT_K_FN wrt_k_word wrt_k_fetch_clear(wrt_k_word *p, wrt_k_word bits) WRT_K_NOEXCEPT {
#ifdef __cplusplus
  if (WRT_K_AT_RUN_TIME) return wrt::fetch_and(p, WRT_K_CAST(wrt_k_word, ~bits));
#endif
  wrt_k_word old = *p;
  *p = old & ~bits;
  return old;
}

/* The number of the lowest zero bit. Requires word != WRT_K_FULL. */
WRT_K_FN uint32_t wrt_k_lowest_zero(wrt_k_word word) WRT_K_NOEXCEPT {
#ifdef __cplusplus
  return wrt::trailing_zeros(WRT_K_CAST(wrt_k_word, ~word));
#else
  uint32_t i = 0;
  while ((word >> i) & 1u) i++;
  return i;
#endif
}

WRT_K_FN wrt_k_word wrt_k_bit(uint32_t i) WRT_K_NOEXCEPT {
  return WRT_K_CAST(wrt_k_word, 1) << (i & (WRT_K_WORD_BITS - 1));
}

WRT_K_FN uint32_t wrt_k_words_above(uint32_t items) WRT_K_NOEXCEPT {
  return (items >> WRT_K_WORD_SHIFT) + ((items & (WRT_K_WORD_BITS - 1)) != 0);
}

/* How many words the set of `size` ids takes. */
WRT_K_FN uint32_t wrt_k_set_words(uint32_t size) WRT_K_NOEXCEPT {
  uint32_t total = 0;
  uint32_t items = size;
  do {
    items = wrt_k_words_above(items);
    total += items;
  } while (items > 1);
  return total;
}

/* The shape of a set of size >= 1 over words that are all zero: every id is free, the ends of the levels are closed. */
WRT_K_FN void wrt_k_set_init(wrt_k_set *set, wrt_k_word *zeroed_words, uint32_t size) WRT_K_NOEXCEPT {
  uint32_t at = 0;
  uint32_t items = size;
  set->words = zeroed_words;
  set->size = size;
  set->levels = 0;
  do {
    uint32_t words = wrt_k_words_above(items);
    uint32_t spare = words * WRT_K_WORD_BITS - items;
    if (spare != 0) zeroed_words[at + words - 1] = WRT_K_FULL << (WRT_K_WORD_BITS - spare);
    set->at[set->levels] = at;
    set->levels++;
    at += words;
    items = words;
  } while (items > 1);
}

/* Sets or clears the bit; true when the word became full by it, or stopped being so. */
WRT_K_FN bool wrt_k_set_mark(wrt_k_word *word, wrt_k_word bit, bool full) WRT_K_NOEXCEPT {
  if (!full) return wrt_k_fetch_clear(word, bit) == WRT_K_FULL;
  wrt_k_word old = wrt_k_fetch_or(word, bit);
  return old != WRT_K_FULL && (old | bit) == WRT_K_FULL;
}

/* The word `item` of `level` became full, or stopped being so: say so one level up, and on up while words do the same.
   Whoever is the last to write a summary bit looks below afterwards, so that at rest every bit is right. */
WRT_K_FN void wrt_k_set_settle(wrt_k_set *set, uint32_t level, uint32_t item) WRT_K_NOEXCEPT {
  for (; level + 1 < set->levels; level++) {
    const wrt_k_word *below = &set->words[set->at[level] + item];
    wrt_k_word *above = &set->words[set->at[level + 1] + (item >> WRT_K_WORD_SHIFT)];
    bool moved = false;
    bool full = false;
    do {
      full = wrt_k_load(below) == WRT_K_FULL;
      if (wrt_k_set_mark(above, wrt_k_bit(item), full)) moved = true;
    } while ((wrt_k_load(below) == WRT_K_FULL) != full);
    if (!moved) return;
    item >>= WRT_K_WORD_SHIFT;
  }
}

/* Level 0 read word by word: exact, and needed only while summaries lag. */
WRT_K_FN uint32_t wrt_k_set_scan(const wrt_k_set *set) WRT_K_NOEXCEPT {
  uint32_t words = wrt_k_words_above(set->size);
  for (uint32_t i = 0; i < words; i++) {
    wrt_k_word word = wrt_k_load(&set->words[i]);
    if (word != WRT_K_FULL) return (i << WRT_K_WORD_SHIFT) + wrt_k_lowest_zero(word);
  }
  return WRT_K_NONE;
}

/* The lowest free id that the summaries lead to, or NONE. */
WRT_K_FN uint32_t wrt_k_set_find(wrt_k_set *set) WRT_K_NOEXCEPT {
  uint32_t level = set->levels;
  uint32_t item = 0;
  while (level > 0) {
    wrt_k_word word = wrt_k_load(&set->words[set->at[level - 1] + item]);
    if (word != WRT_K_FULL) {
      item = (item << WRT_K_WORD_SHIFT) + wrt_k_lowest_zero(word);
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
WRT_K_FN uint32_t wrt_k_set_claim(wrt_k_set *set) WRT_K_NOEXCEPT {
  for (;;) {
    uint32_t id = wrt_k_set_find(set);
    if (id == WRT_K_NONE) return WRT_K_NONE;
    wrt_k_word bit = wrt_k_bit(id);
    wrt_k_word old = wrt_k_fetch_or(&set->words[id >> WRT_K_WORD_SHIFT], bit);
    if ((old & bit) != 0) continue; /* another thread was faster */
    if ((old | bit) == WRT_K_FULL) wrt_k_set_settle(set, 0, id >> WRT_K_WORD_SHIFT);
    return id;
  }
}

/* Gives back an id: INVALID_HANDLE, and nothing changed, when it is not one or not in use. */
WRT_K_FN wrt_status wrt_k_set_release(wrt_k_set *set, uint32_t id) WRT_K_NOEXCEPT {
  if (id >= set->size) return WRT_ERR_INVALID_HANDLE;
  wrt_k_word bit = wrt_k_bit(id);
  wrt_k_word old = wrt_k_fetch_clear(&set->words[id >> WRT_K_WORD_SHIFT], bit);
  if ((old & bit) == 0) return WRT_ERR_INVALID_HANDLE;
  if (old == WRT_K_FULL) wrt_k_set_settle(set, 0, id >> WRT_K_WORD_SHIFT);
  return WRT_OK;
}

WRT_K_FN bool wrt_k_set_has(const wrt_k_set *set, uint32_t id) WRT_K_NOEXCEPT {
  return id < set->size && (wrt_k_load(&set->words[id >> WRT_K_WORD_SHIFT]) & wrt_k_bit(id)) != 0;
}

/* The invariant of a set at rest: a summary bit is 1 exactly when the word below it is full. O(words). */
WRT_K_FN bool wrt_k_set_holds(const wrt_k_set *set) WRT_K_NOEXCEPT {
  uint32_t items = set->size;
  for (uint32_t level = 0; level < set->levels; level++) {
    uint32_t words = wrt_k_words_above(items);
    for (uint32_t i = 0; i < words && level + 1 < set->levels; i++) {
      bool full = set->words[set->at[level] + i] == WRT_K_FULL;
      wrt_k_word above = set->words[set->at[level + 1] + (i >> WRT_K_WORD_SHIFT)];
      if (full != ((above & wrt_k_bit(i)) != 0)) return false;
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

#endif /* WRT_CORE_KERNEL_H */
