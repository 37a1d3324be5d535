// SPDX-License-Identifier: Apache-2.0 OR MIT
// Every word of LENGTH operations over two slots of four bytes, inside static_assert: whatever is undefined on the way
// does not compile. After each letter the status, both lengths, all bytes and the set are compared with an oracle.
// PART chooses the alphabet: 0 lives and lengths, 1 accesses as well, 2 the set of ids alone, over words of two bits.

#ifndef PART
#define PART 0
#endif
#ifndef LENGTH
#define LENGTH 3
#endif
#if PART == 2
#define WRT_K_WORD_SHIFT 1U
#include "proofs/models/small_word.hpp"
#endif

#include "cpp/core/kernel.h"

namespace {

constexpr uint64_t kHuge = UINT64_MAX;

#if PART != 2

constexpr uint32_t kSlots = 2;
constexpr uint64_t kCap = 4;

enum class Op { kCreate, kDestroy, kResize, kScrub, kWrite, kRead, kFill, kCopy, kDiscard };

/// For copies `from` is where from; everything else does without.
struct Letter {
  Op op;
  uint32_t slot;
  uint64_t offset;
  uint64_t n;
  uint64_t from;
};

constexpr Letter kAlphabet[] = {
    {Op::kCreate, 0, 0, 0, 0},    {Op::kCreate, 0, 0, 3, 0},     {Op::kCreate, 0, 0, kCap, 0},
    {Op::kCreate, 0, 0, 5, 0},    {Op::kDestroy, 0, 0, 0, 0},    {Op::kDestroy, 1, 0, 0, 0},
    {Op::kDestroy, 2, 0, 0, 0},   {Op::kResize, 0, 0, 0, 0},     {Op::kResize, 0, 0, 1, 0},
    {Op::kResize, 0, 0, kCap, 0}, {Op::kResize, 0, 0, 5, 0},     {Op::kResize, 0, 0, kHuge, 0},
    {Op::kResize, 1, 0, 2, 0},    {Op::kWrite, 0, 0, 2, 0},      {Op::kWrite, 0, 2, 2, 0},
    {Op::kWrite, 1, 1, 1, 0},
#if PART == 1
    {Op::kScrub, 0, 0, 2, 0},     {Op::kWrite, 0, kHuge, 2, 0},  {Op::kWrite, 0, kCap, 0, 0},
    {Op::kRead, 0, 1, 2, 0},      {Op::kRead, 0, 4, 1, 0},       {Op::kFill, 0, 0, kCap, 0},
    {Op::kFill, 0, 1, 2, 0},      {Op::kFill, 0, 1, kHuge, 0},   {Op::kCopy, 0, 1, 2, 0},
    {Op::kCopy, 0, 0, 2, 1},      {Op::kCopy, 0, 0, kHuge, 2},   {Op::kCopy, 0, 2, 1, kCap},
    {Op::kDiscard, 0, 1, 2, 0},   {Op::kDiscard, 0, 0, kCap, 0}, {Op::kDiscard, 1, 0, 2, 0},
#endif
};
constexpr uint32_t kLetters = sizeof kAlphabet / sizeof kAlphabet[0];

/// The STATIC tier in small: the kernel's arena, and the memory of each slot.
struct Subject {
  uint8_t bytes[kSlots * kCap];
  wrt_k_mem mem[kSlots];
  wrt_k_word word;
  wrt_k_set set;

  constexpr wrt_k_arena arena() noexcept {
    set.words = &word;
    wrt_k_arena arena{};
    arena.set = set;
    arena.slots_at = bytes;
    arena.slot_len = kCap;
    arena.stride = kCap;
    return arena;
  }
  /// The same bytes in this object: a copy's pointers are still the original's.
  constexpr wrt_k_mem &at(uint32_t slot) noexcept {
    mem[slot].base = bytes + slot * kCap;
    return mem[slot];
  }
};

/// What should be: nothing of the kernel is used.
struct Oracle {
  bool used[kSlots];
  uint64_t len[kSlots];
  uint8_t bytes[kSlots][kCap];

  constexpr bool inside(uint32_t slot, uint64_t offset, uint64_t n) const noexcept {
    return offset <= kCap && n <= kCap && offset + n <= len[slot];
  }
};

constexpr wrt_status create(Subject &s, Oracle &o, const Letter &letter, wrt_status &want) {
  const bool room = !o.used[0] || !o.used[1];
  const uint32_t free_slot = o.used[0] ? 1 : 0;
  want = letter.n > kCap ? WRT_ERR_LIMIT : (room ? WRT_OK : WRT_ERR_POOL_EXHAUSTED);
  if (want == WRT_OK) {
    o.used[free_slot] = true;
    o.len[free_slot] = letter.n;
  }
  wrt_k_arena arena = s.arena();
  wrt_k_mem made{};
  uint32_t slot = 77;
  const wrt_status status = wrt_k_arena_create(&arena, letter.n, kCap, &slot, &made);
  if (status != WRT_OK) return slot == 77 && made.base == nullptr ? status : WRT_ERR_CORRUPT;
  if (slot >= kSlots || made.base != s.bytes + slot * kCap || made.cap != kCap) return WRT_ERR_CORRUPT;
  s.mem[slot] = made;
  return status;
}

constexpr wrt_status destroy(Subject &s, Oracle &o, const Letter &letter, wrt_status &want) {
  const uint32_t slot = letter.slot;
  want = slot < kSlots && o.used[slot] ? WRT_OK : WRT_ERR_INVALID_HANDLE;
  if (want == WRT_OK) {
    o.used[slot] = false;
    o.len[slot] = 0;
    for (uint8_t &byte : o.bytes[slot]) byte = 0;
  }
  wrt_k_arena arena = s.arena();
  const uint64_t dirty = slot < kSlots ? s.mem[slot].len : 0;
  const wrt_status status = wrt_k_arena_destroy(&arena, slot, dirty);
  if (status == WRT_OK) s.mem[slot].len = 0;
  return status;
}

constexpr wrt_status resize(wrt_k_mem &m, Oracle &o, const Letter &letter, wrt_status &want) {
  want = letter.n <= kCap ? WRT_OK : WRT_ERR_LIMIT;
  if (want == WRT_OK) {
    o.len[letter.slot] = letter.n;
    for (uint64_t i = letter.n; i < kCap; i++) o.bytes[letter.slot][i] = 0;
  }
  return wrt_k_resize(&m, letter.n);
}

constexpr wrt_status scrub(wrt_k_mem &m, Oracle &o, const Letter &letter, wrt_status &want) {
  uint64_t dirty = m.len;
  wrt_k_scrub_step(m.base, &dirty, letter.n);
  for (uint64_t i = dirty; i < m.len; i++) o.bytes[letter.slot][i] = 0;
  want = WRT_OK;
  return dirty == (m.len > letter.n ? m.len - letter.n : 0) ? WRT_OK : WRT_ERR_CORRUPT;
}

constexpr wrt_status write(wrt_k_mem &m, Oracle &o, const Letter &letter, uint8_t salt, wrt_status &want) {
  const uint8_t source[2] = {static_cast<uint8_t>(salt + 1), static_cast<uint8_t>(salt + 2)};
  want = o.inside(letter.slot, letter.offset, letter.n) ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS;
  for (uint64_t i = 0; want == WRT_OK && i < letter.n; i++) o.bytes[letter.slot][letter.offset + i] = source[i];
  return wrt_k_write(&m, letter.offset, source, static_cast<size_t>(letter.n));
}

constexpr wrt_status read(wrt_k_mem &m, const Oracle &o, const Letter &letter, wrt_status &want) {
  uint8_t back[2] = {99, 99};
  want = o.inside(letter.slot, letter.offset, letter.n) ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS;
  const wrt_status status = wrt_k_read(&m, letter.offset, back, static_cast<size_t>(letter.n));
  for (uint64_t i = 0; i < 2; i++) {
    const bool filled = want == WRT_OK && i < letter.n;
    if (back[i] != (filled ? o.bytes[letter.slot][letter.offset + i] : 99)) return WRT_ERR_CORRUPT;
  }
  return status;
}

constexpr wrt_status fill(wrt_k_mem &m, Oracle &o, const Letter &letter, uint8_t value, wrt_status &want) {
  want = o.inside(letter.slot, letter.offset, letter.n) ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS;
  for (uint64_t i = 0; want == WRT_OK && i < letter.n; i++) o.bytes[letter.slot][letter.offset + i] = value;
  return wrt_k_fill(&m, letter.offset, value, letter.n);
}

constexpr wrt_status discard(wrt_k_mem &m, Oracle &o, const Letter &letter, wrt_status &want) {
  want = o.inside(letter.slot, letter.offset, letter.n) ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS;
  for (uint64_t i = 0; want == WRT_OK && i < letter.n; i++) o.bytes[letter.slot][letter.offset + i] = 0;
  return wrt_k_discard(&m, letter.offset, letter.n);
}

constexpr wrt_status copy(wrt_k_mem &m, Oracle &o, const Letter &letter, wrt_status &want) {
  const bool ok = o.inside(letter.slot, letter.offset, letter.n) && o.inside(letter.slot, letter.from, letter.n);
  want = ok ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS;
  const Oracle old = o;
  for (uint64_t i = 0; ok && i < letter.n; i++) {
    o.bytes[letter.slot][letter.offset + i] = old.bytes[letter.slot][letter.from + i];
  }
  return wrt_k_copy(&m, letter.offset, letter.from, letter.n);
}

constexpr wrt_status access(wrt_k_mem &m, Oracle &o, const Letter &letter, uint8_t salt, wrt_status &want) {
  switch (letter.op) {
    case Op::kResize:
      return resize(m, o, letter, want);
    case Op::kScrub:
      return scrub(m, o, letter, want);
    case Op::kWrite:
      return write(m, o, letter, salt, want);
    case Op::kRead:
      return read(m, o, letter, want);
    case Op::kFill:
      return fill(m, o, letter, static_cast<uint8_t>(salt + 3), want);
    case Op::kCopy:
      return copy(m, o, letter, want);
    default:
      return discard(m, o, letter, want);
  }
}

constexpr bool same(Subject &s, const Oracle &o) {
  const wrt_k_arena arena = s.arena();
  if (!wrt_k_set_holds(&arena.set)) return false;
  for (uint32_t slot = 0; slot < kSlots; slot++) {
    if (wrt_k_set_has(&arena.set, slot) != o.used[slot] || s.mem[slot].len != o.len[slot]) return false;
    for (uint64_t i = 0; i < kCap; i++) {
      if (s.bytes[slot * kCap + i] != o.bytes[slot][i] || (i >= o.len[slot] && o.bytes[slot][i] != 0)) return false;
    }
  }
  return true;
}

/// False when the letter is not for a live memory: the C ABI asks the handle first.
constexpr bool step(Subject &s, Oracle &o, const Letter &letter, uint8_t salt) {
  wrt_status want = WRT_OK;
  wrt_status got = WRT_OK;
  if (letter.op == Op::kCreate) {
    got = create(s, o, letter, want);
  } else if (letter.op == Op::kDestroy) {
    got = destroy(s, o, letter, want);
  } else {
    if (!o.used[letter.slot]) return false;
    got = access(s.at(letter.slot), o, letter, salt, want);
  }
  if (got != want || !same(s, o)) throw "the kernel differs from the oracle";
  return true;
}

/// How many words of `left` letters there are from here; those with a letter for no memory end there, and count as one.
constexpr uint64_t words_from(const Subject &s, const Oracle &o, uint32_t left) {
  if (left == 0) return 1;
  uint64_t count = 0;
  for (const Letter &letter : kAlphabet) {
    Subject next = s;
    Oracle expected = o;
    const bool meant = step(next, expected, letter, static_cast<uint8_t>(left * 16));
    count += meant ? words_from(next, expected, left - 1) : 1;
  }
  return count;
}

constexpr uint64_t all_words() {
  Subject s{};
  wrt_k_set_init(&s.set, &s.word, kSlots);
  Oracle o{};
#if PART == 1  // two memories are there from the start, so that every letter is for one
  if (!step(s, o, {Op::kCreate, 0, 0, 3, 0}, 0) || !step(s, o, {Op::kCreate, 0, 0, 1, 0}, 0)) return 0;
#endif
  return words_from(s, o, LENGTH);
}

#else

// Three levels: 5 ids, words of two bits.
constexpr uint32_t kIds = 5;
constexpr uint32_t kWords = 6;
constexpr uint32_t kLetters = kIds + 2;

struct Subject {
  wrt_k_word words[kWords];
};

constexpr bool same(wrt_k_set &set, uint32_t used) {
  if (!wrt_k_set_holds(&set)) return false;
  for (uint32_t id = 0; id <= kIds; id++) {
    if (wrt_k_set_has(&set, id) != (id < kIds && (used >> id & 1) != 0)) return false;
  }
  return true;
}

/// Letter 0 claims, letter n releases id n - 1; the last of these is none.
constexpr uint32_t step(wrt_k_set &set, uint32_t used, uint32_t letter) {
  if (letter == 0) {
    const uint32_t id = wrt_k_set_claim(&set);
    const bool full = used == (1U << kIds) - 1;
    if (full != (id == WRT_K_NONE)) throw "a claim succeeds exactly when an id is free";
    if (full) return used;
    if (id >= kIds || (used >> id & 1) != 0) throw "the id was in use";
    return used | 1U << id;
  }
  const uint32_t id = letter - 1;
  const bool was = id < kIds && (used >> id & 1) != 0;
  if (wrt_k_set_release(&set, id) != (was ? WRT_OK : WRT_ERR_INVALID_HANDLE)) throw "a release is answered wrongly";
  return was ? used & ~(1U << id) : used;
}

constexpr uint64_t words_from(const wrt_k_set &shape, const Subject &s, uint32_t used, uint32_t left) {
  if (left == 0) return 1;
  uint64_t count = 0;
  for (uint32_t letter = 0; letter < kLetters; letter++) {
    Subject next = s;
    wrt_k_set set = shape;
    set.words = next.words;
    const uint32_t now = step(set, used, letter);
    if (!same(set, now)) throw "the set differs from the oracle";
    count += words_from(shape, next, now, left - 1);
  }
  return count;
}

constexpr uint64_t all_words() {
  Subject s{};
  wrt_k_set shape{};
  wrt_k_set_init(&shape, s.words, kIds);
  if (shape.levels != 3 || wrt_k_set_words(kIds) != kWords) throw "not the shape that was meant";
  return words_from(shape, s, 0, LENGTH);
}

#endif

static_assert(!wrt_k_in_range(4, kHuge, 2));

#ifndef AT_RUN_TIME
constexpr uint64_t kAll = all_words();
static_assert(kAll > kLetters);
#endif

}  // namespace

// AT_RUN_TIME: the same words with what the kernel does outside constant evaluation (memmove, memset, atomics).
#ifdef TELL
#include <stdio.h>
int main() {
  uint64_t words = 0;
#ifdef AT_RUN_TIME
  words = all_words();
#else
  words = kAll;
#endif
  printf("%u letters, %llu words\n", kLetters, static_cast<unsigned long long>(words));
}
#endif
