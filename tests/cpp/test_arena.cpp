// SPDX-License-Identifier: Apache-2.0 OR MIT
// The kernel's arena: slots over one storage. Small state machines run whole at compile time, where undefined behaviour
// is an error; the same is then run for real.
#include <gtest/gtest.h>

#include "cpp/core/kernel.h"

namespace {

constexpr uint32_t kSlots = 3;
constexpr uint64_t kSlotLen = 2;
constexpr uint64_t kStride = 3;

struct Arena {
  wrt_k_word words[2] = {};
  uint8_t bytes[kSlots * kStride] = {};
  uint64_t lens[kSlots] = {};
  unsigned used = 0;  // what must be in use, one bit a slot

  constexpr wrt_k_arena open() {
    wrt_k_arena a{};
    wrt_k_set_init(&a.set, words, kSlots);
    a.slots_at = bytes;
    a.slot_len = kSlotLen;
    a.stride = kStride;
    return a;
  }
};

// Each slot is as it must be: a byte of its own below its length, zero behind.
constexpr bool holds(const Arena &arena, const wrt_k_arena &a) {
  if (!wrt_k_set_holds(&a.set)) return false;
  for (uint32_t slot = 0; slot < kSlots; slot++) {
    const bool in_use = (arena.used >> slot & 1) != 0;
    if (wrt_k_set_has(&a.set, slot) != in_use) return false;
    for (uint64_t i = 0; i < kStride; i++) {
      const bool written = in_use && i < arena.lens[slot];
      if (wrt_k_slot_at(&a, slot)[i] != (written ? slot + 1 : 0)) return false;
    }
  }
  return true;
}

constexpr Arena copy_of(const Arena &arena) {
  Arena copy = arena;
  return copy;
}

constexpr wrt_k_arena over(Arena &arena, const wrt_k_arena &like) {
  wrt_k_arena a = like;
  a.set.words = arena.words;
  a.slots_at = arena.bytes;
  return a;
}

// The answer of a create, in the order of the checks, and what it leaves.
constexpr bool creates(Arena &arena, wrt_k_arena &a, uint64_t len, uint64_t cap) {
  const bool limit = cap > kSlotLen || len > cap;
  const bool full = arena.used == (1U << kSlots) - 1;
  const wrt_status expected = limit ? WRT_ERR_LIMIT : full ? WRT_ERR_POOL_EXHAUSTED : WRT_OK;
  uint32_t slot = 77;
  wrt_k_mem m{55, 66, nullptr};
  if (wrt_k_arena_create(&a, len, cap, &slot, &m) != expected) return false;
  if (expected != WRT_OK) return slot == 77 && m.len == 55 && m.cap == 66 && m.base == nullptr;
  if (slot >= kSlots || (arena.used >> slot & 1) != 0 || m.len != len || m.cap != cap) return false;
  if (m.base != arena.bytes + slot * kStride || !wrt_k_mem_holds(&m)) return false;
  for (uint64_t i = 0; i < len; i++) {
    uint8_t seen = 99;
    const uint8_t own = static_cast<uint8_t>(slot + 1);
    if (wrt_k_read(&m, i, &seen, 1) != WRT_OK || seen != 0) return false;
    if (wrt_k_write(&m, i, &own, 1) != WRT_OK) return false;
  }
  arena.used |= 1U << slot;
  arena.lens[slot] = len;
  return true;
}

constexpr bool destroys(Arena &arena, wrt_k_arena &a, uint32_t slot) {
  const bool in_use = slot < kSlots && (arena.used >> slot & 1) != 0;
  const uint64_t dirty = slot < kSlots ? arena.lens[slot] : 0;
  if (wrt_k_arena_destroy(&a, slot, dirty) != (in_use ? WRT_OK : WRT_ERR_INVALID_HANDLE)) return false;
  if (in_use) arena.used &= ~(1U << slot);
  return wrt_k_arena_destroy(&a, slot, dirty) == WRT_ERR_INVALID_HANDLE;
}

// Every word of `Depth` creates and destroys, one slot out of range.
template <unsigned Depth>
constexpr bool every_word(const Arena &arena, const wrt_k_arena &a) {
  if (!holds(arena, a)) return false;
  if constexpr (Depth > 0) {
    for (uint64_t len = 0; len <= kSlotLen + 1; len++) {
      Arena next = copy_of(arena);
      wrt_k_arena b = over(next, a);
      if (!creates(next, b, len, kSlotLen) || !every_word<Depth - 1>(next, b)) return false;
    }
    for (uint32_t slot = 0; slot <= kSlots; slot++) {
      Arena next = copy_of(arena);
      wrt_k_arena b = over(next, a);
      if (!destroys(next, b, slot) || !every_word<Depth - 1>(next, b)) return false;
    }
  }
  return true;
}

template <unsigned Depth>
constexpr bool every_word_of_a_fresh_arena() {
  Arena arena;
  const wrt_k_arena a = arena.open();
  return every_word<Depth>(arena, a);
}
static_assert(every_word_of_a_fresh_arena<3>());

TEST(Arena, EveryWordOfCreatesAndDestroysIsAnsweredRightlyAndLeavesOtherSlotsAlone) {
  EXPECT_TRUE(every_word_of_a_fresh_arena<6>());
}

TEST(Arena, ASlotThatCannotHoldTheMaximumIsLimitEvenWhenNoneIsFree) {
  Arena arena;
  wrt_k_arena a = arena.open();
  for (uint32_t i = 0; i < kSlots; i++) EXPECT_TRUE(creates(arena, a, 1, 2));
  EXPECT_TRUE(creates(arena, a, 0, kSlotLen + 1));
  EXPECT_TRUE(creates(arena, a, 2, 1));
  EXPECT_TRUE(creates(arena, a, 0, 0));
  EXPECT_TRUE(holds(arena, a));
}

TEST(Arena, AMemoryOverZeroedBytesIsOpenedWithinItsRoomAndElseLeftAsItWas) {
  uint8_t bytes[4] = {};
  for (uint64_t len = 0; len <= 6; len++) {
    for (uint64_t cap = 0; cap <= 6; cap++) {
      wrt_k_mem m{9, 9, nullptr};
      const bool fits = len <= cap && cap <= 4;
      EXPECT_EQ(wrt_k_open(&m, bytes, 4, len, cap), fits ? WRT_OK : WRT_ERR_LIMIT);
      EXPECT_EQ(m.len, fits ? len : 9);
      EXPECT_EQ(m.cap, fits ? cap : 9);
      EXPECT_EQ(m.base, fits ? bytes : nullptr);
    }
  }
}

TEST(Arena, ADiscardedRangeReadsAsZeroAndOneOutOfBoundsChangesNothing) {
  uint8_t bytes[4] = {1, 2, 3, 0};
  wrt_k_mem m{3, 4, bytes};
  EXPECT_EQ(wrt_k_discard(&m, 2, 2), WRT_ERR_OUT_OF_BOUNDS);
  EXPECT_EQ(wrt_k_discard(&m, 4, 0), WRT_ERR_OUT_OF_BOUNDS);
  EXPECT_EQ(bytes[2], 3);
  EXPECT_EQ(wrt_k_discard(&m, 3, 0), WRT_OK);
  EXPECT_EQ(wrt_k_discard(&m, 1, 1), WRT_OK);
  EXPECT_EQ(bytes[0], 1);
  EXPECT_EQ(bytes[1], 0);
  EXPECT_EQ(bytes[2], 3);
}

}  // namespace
