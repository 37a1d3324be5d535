// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/slot_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "cpp/core/tracker.hpp"
#include "cpp/tiers/builtin_pool.hpp"

namespace {

using wrt::PoolLayout;
using wrt::SlotPool;

// Around every power of two up to `most`.
std::vector<uint64_t> sizes_up_to(uint64_t most, uint64_t dense) {
  std::vector<uint64_t> sizes;
  for (uint64_t n = 1; n <= dense; n++) sizes.push_back(n);
  for (uint64_t power = 64; power <= most; power *= 2) {
    for (uint64_t n : {power - 1, power, power + 1, power + power / 2 + 7}) {
      if (n > dense && n <= most) sizes.push_back(n);
    }
  }
  return sizes;
}

TEST(PoolLayout, PartsNeverOverlapAndEndInsideTheTotal) {
  for (uint64_t slot_len : sizes_up_to(uint64_t{1} << 31, 300)) {
    for (uint64_t slots : sizes_up_to(uint64_t{1} << 20, 70)) {
      PoolLayout layout{};
      if (!PoolLayout::make(slot_len, slots, layout)) continue;
      const uint64_t words = uint64_t{wrt_k_set_words(static_cast<uint32_t>(slots))} * sizeof(wrt_k_word);
      ASSERT_LE(words, layout.handles_at);
      ASSERT_LE(layout.handles_at + slots * sizeof(uint32_t), layout.slots_at);
      ASSERT_LE(slot_len, layout.stride);
      ASSERT_LE(layout.slots_at + slots * layout.stride, layout.sides_at);
      ASSERT_LE(wrt::region_map_len(slot_len), layout.side_stride);
      ASSERT_LE(layout.sides_at + slots * layout.side_stride + (PoolLayout::kLine - 1), layout.total);
      ASSERT_EQ(layout.handles_at % 8, 0U);
      ASSERT_EQ(layout.slots_at % PoolLayout::kLine, 0U);
      ASSERT_EQ(layout.stride % PoolLayout::kLine, 0U);
      ASSERT_EQ(layout.sides_at % PoolLayout::kLine, 0U);
      ASSERT_EQ(layout.side_stride % PoolLayout::kLine, 0U);
    }
  }
}

TEST(PoolLayout, TheMacroIsAnUpperBoundOfTheExactLength) {
  for (uint64_t slot_len : sizes_up_to(uint64_t{1} << 31, 3000)) {
    for (uint64_t slots : sizes_up_to(uint64_t{1} << 20, 70)) {
      PoolLayout layout{};
      if (slot_len * slots > PTRDIFF_MAX / 4 || !PoolLayout::make(slot_len, slots, layout)) continue;
      ASSERT_LE(layout.total, WRT_POOL_STORAGE_LEN(slot_len, slots)) << slot_len << " x " << slots;
    }
  }
}

TEST(PoolLayout, ExactlySoManySlotsFit) {
  for (uint64_t slot_len : sizes_up_to(1 << 20, 130)) {
    for (uint64_t slots : {1U, 2U, 3U, 63U, 64U, 65U, 100U, 4097U}) {
      if (slot_len * slots > PTRDIFF_MAX / 4) continue;
      PoolLayout layout{};
      ASSERT_TRUE(PoolLayout::make(slot_len, slots, layout));
      ASSERT_EQ(PoolLayout::slots_in(layout.total, slot_len, 1U << 30), slots);
      ASSERT_EQ(PoolLayout::slots_in(layout.total - 1, slot_len, 1U << 30), slots - 1);
      ASSERT_EQ(PoolLayout::slots_in(layout.total, slot_len, 2), std::min<uint64_t>(slots, 2));
    }
  }
}

TEST(PoolLayout, WhatCannotBeAddressedIsRefused) {
  PoolLayout layout{};
  EXPECT_FALSE(PoolLayout::make(UINT64_MAX, 1, layout));
  EXPECT_FALSE(PoolLayout::make(uint64_t{1} << 63, 1, layout));
  EXPECT_FALSE(PoolLayout::make(1, uint64_t{1} << 40, layout));
  EXPECT_FALSE(PoolLayout::make(wrt::kAddressableMax / 2, 2, layout));
  EXPECT_FALSE(PoolLayout::make(wrt::kAddressableMax / 0x7fffffff, 0x7fffffff, layout));
  EXPECT_EQ(layout.total, 0U) << "a refused layout is not written";
  EXPECT_EQ(PoolLayout::slots_in(0, 1, 10), 0U);
  EXPECT_EQ(PoolLayout::slots_in(UINT64_MAX, UINT64_MAX, 10), 0U);
}

// From one byte too many on, however the sum comes about.
TEST(PoolLayout, TheLongestSlotIsFoundAndNoneBeyondIt) {
  for (const uint64_t slots : {1U, 2U, 1000U}) {
    uint64_t fits = 1;
    uint64_t beyond = wrt::kAddressableMax;
    while (fits + 1 < beyond) {
      const uint64_t middle = fits + (beyond - fits) / 2;
      PoolLayout layout{};
      (PoolLayout::make(middle, slots, layout) ? fits : beyond) = middle;
    }
    PoolLayout layout{};
    ASSERT_TRUE(PoolLayout::make(fits, slots, layout));
    EXPECT_LE(layout.total, wrt::kAddressableMax);
    EXPECT_GE(layout.total, wrt::kAddressableMax - 300 * slots) << "nearly all of it";
  }
}

TEST(PoolLayout, WithoutASlotNeedsNextToNothing) {
  PoolLayout layout{};
  ASSERT_TRUE(PoolLayout::make(1000, 0, layout));
  EXPECT_LE(layout.total, 2 * PoolLayout::kLine);
}

TEST(SlotPool, TheInvariantNoticesTheSetAndTheCountsThatDisagree) {
  std::vector<uint8_t> storage(WRT_POOL_STORAGE_LEN(64, 70));
  SlotPool pool{};
  pool.open(storage.data(), storage.size(), 64, 70, true);
  uint32_t slot = 0;
  for (int i = 0; i < 3; i++) ASSERT_EQ(pool.claim(slot), WRT_OK);
  ASSERT_TRUE(pool.holds());
  pool.arena.set.words[pool.arena.set.at[1]] ^= 1;  // a summary
  EXPECT_FALSE(pool.holds());
  pool.arena.set.words[pool.arena.set.at[1]] ^= 1;
  pool.arena.set.words[0] ^= 8;  // a slot that nobody claimed
  EXPECT_FALSE(pool.holds());
  pool.arena.set.words[0] ^= 8;
  pool.quarantine(4);
  EXPECT_FALSE(pool.holds()) << "more in quarantine than in use";
  pool.quarantined.store(0);
  pool.peak.store(71);
  EXPECT_FALSE(pool.holds()) << "a peak above all there is";
  pool.peak.store(3);
  EXPECT_TRUE(pool.holds());
}

class SlotPoolShiftedBy : public testing::TestWithParam<size_t> {};

TEST_P(SlotPoolShiftedBy, UsesItsStorageAloneAtAnyAlignment) {
  for (const auto &[slot_len, slots] : {std::pair<size_t, uint32_t>{1, 1}, {100, 7}, {64, 65}, {70000, 3}}) {
    PoolLayout layout{};
    ASSERT_TRUE(PoolLayout::make(slot_len, slots, layout));
    const size_t shift = GetParam();
    std::vector<uint8_t> around(shift + layout.total + 64, 0xEE);
    uint8_t *storage = around.data() + shift;
    SlotPool pool{};
    pool.open(storage, layout.total, slot_len, slots, false);
    ASSERT_TRUE(pool.holds());
    std::vector<bool> seen(slots);
    for (uint32_t i = 0; i < slots; i++) {
      uint32_t slot = 0;
      ASSERT_EQ(pool.claim(slot), WRT_OK);
      ASSERT_LT(slot, slots);
      ASSERT_FALSE(seen[slot]);
      seen[slot] = true;
      ASSERT_EQ(reinterpret_cast<uintptr_t>(pool.slot_at(slot)) % PoolLayout::kLine, 0U);
      ASSERT_GE(pool.slot_at(slot), storage);
      ASSERT_LE(pool.regions_at(slot) + wrt::region_map_len(slot_len), storage + layout.total);
      for (size_t at = 0; at < slot_len; at++) ASSERT_EQ(pool.slot_at(slot)[at], 0);
      wrt_k_set_bytes(pool.slot_at(slot), static_cast<uint8_t>(slot + 1), slot_len);
      wrt_k_set_bytes(pool.regions_at(slot), 0xAB, static_cast<size_t>(wrt::region_map_len(slot_len)));
      pool.handles[slot] = slot * 3 + 1;
      ASSERT_TRUE(pool.holds());
    }
    for (uint32_t slot = 0; slot < slots; slot++) {
      ASSERT_EQ(pool.handles[slot], slot * 3 + 1);
      for (size_t at = 0; at < slot_len; at++) ASSERT_EQ(pool.slot_at(slot)[at], static_cast<uint8_t>(slot + 1));
    }
    uint32_t none = 12345;
    EXPECT_EQ(pool.claim(none), WRT_ERR_POOL_EXHAUSTED);
    EXPECT_EQ(none, 12345U);
    EXPECT_EQ(pool.refused.load(), 1U);
    EXPECT_EQ(pool.peak.load(), slots);
    for (size_t i = 0; i < shift; i++) ASSERT_EQ(around[i], 0xEE) << "a byte before the storage was written";
    for (size_t i = shift + layout.total; i < around.size(); i++) ASSERT_EQ(around[i], 0xEE);
  }
}

INSTANTIATE_TEST_SUITE_P(Bytes, SlotPoolShiftedBy, testing::Values(0U, 1U, 2U, 7U, 8U, 31U, 32U, 33U, 63U));

TEST(SlotPool, AQuarantinedSlotIsNeitherUsedNorGivenAgain) {
  alignas(64) static uint8_t storage[WRT_POOL_STORAGE_LEN(64, 3)];
  SlotPool pool{};
  pool.open(storage, sizeof storage, 64, 3, false);
  uint32_t bad = 0;
  ASSERT_EQ(pool.claim(bad), WRT_OK);
  pool.quarantine();
  EXPECT_EQ(pool.used(), 0U);
  uint32_t slots[2] = {};
  EXPECT_EQ(pool.claim(slots[0]), WRT_OK);
  EXPECT_EQ(pool.claim(slots[1]), WRT_OK);
  EXPECT_NE(slots[0], bad);
  EXPECT_NE(slots[1], bad);
  uint32_t none = 0;
  EXPECT_EQ(pool.claim(none), WRT_ERR_POOL_EXHAUSTED);
  EXPECT_TRUE(pool.holds());
  pool.release(slots[0]);
  pool.release(slots[1]);
  EXPECT_EQ(pool.used(), 0U);
  EXPECT_TRUE(pool.holds());
}

TEST(SlotPool, TheInvariantNoticesAClaimThatIsNotCounted) {
  alignas(64) static uint8_t storage[WRT_POOL_STORAGE_LEN(64, 3)];
  SlotPool pool{};
  pool.open(storage, sizeof storage, 64, 3, false);
  uint32_t slot = 0;
  ASSERT_EQ(pool.claim(slot), WRT_OK);
  pool.claims.drop();
  EXPECT_FALSE(pool.holds());
}

TEST(SlotPool, GivesBackASlotThatIsAllZero) {
  alignas(64) static uint8_t storage[WRT_POOL_STORAGE_LEN(200, 1)];
  SlotPool pool{};
  pool.open(storage, sizeof storage, 200, 1, false);
  for (bool exposed : {false, true}) {
    uint32_t slot = 0;
    ASSERT_EQ(pool.claim(slot), WRT_OK);
    wrt::SlotSource::Backing backing = wrt::SlotSource::bind(pool, slot);
    wrt::Extent extent{};
    ASSERT_EQ(wrt::SlotSource::obtain({100, 150, 0, 1, true}, extent, backing), WRT_OK);
    EXPECT_EQ(extent.capacity, 150U);
    EXPECT_EQ(wrt::SlotSource::extend(151, 150, extent, backing), WRT_ERR_LIMIT);
    wrt_k_set_bytes(extent.bytes.base, 0xEE, exposed ? 200 : 100);
    *wrt::SlotSource::side(backing).at = 1;
    wrt::SlotSource::give_back(extent, backing, exposed);
    for (size_t i = 0; i < 200; i++) ASSERT_EQ(pool.slot_at(slot)[i], 0) << i;
    EXPECT_EQ(*pool.regions_at(slot), 0);
    EXPECT_TRUE(pool.holds());
  }
}

// As long as fewer claims are out than there are slots, a claim succeeds, whoever else is inside.
TEST(SlotPool, NoClaimFailsWhileASlotIsFreeUnderThreads) {
  constexpr uint32_t kThreads = 8;
  constexpr uint32_t kEach = 9;
  std::vector<uint8_t> storage(WRT_POOL_STORAGE_LEN(16, kThreads * kEach));
  SlotPool pool{};
  pool.open(storage.data(), storage.size(), 16, kThreads * kEach, false);
  std::vector<std::atomic<int>> owner(kThreads * kEach);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (uint32_t me = 0; me < kThreads; me++) {
    threads.emplace_back([&, me] {
      std::mt19937 random(me);
      std::vector<uint32_t> mine;
      for (int step = 0; step < 10000; step++) {
        if (mine.size() < kEach && random() % 2 == 0) {
          uint32_t slot = 0;
          if (pool.claim(slot) != WRT_OK || owner[slot].exchange(1) != 0) wrong++;
          mine.push_back(slot);
        } else if (!mine.empty()) {
          owner[mine.back()].store(0);
          pool.release(mine.back());
          mine.pop_back();
        }
      }
      for (uint32_t slot : mine) {
        owner[slot].store(0);
        pool.release(slot);
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(pool.used(), 0U);
  EXPECT_EQ(pool.refused.load(), 0U);
  EXPECT_LE(pool.peak.load(), kThreads * kEach);
  for (uint32_t i = 0; i < kThreads * kEach; i++) {
    uint32_t slot = 0;
    ASSERT_EQ(pool.claim(slot), WRT_OK);
    ASSERT_EQ(owner[slot].exchange(1), 0) << "given twice";
  }
  EXPECT_TRUE(pool.holds());
}

TEST(BuiltinPool, HasTheSlotsOfTheBuildAndIsAllZero) {
  if (wrt::kBuiltinSlots == 0) GTEST_SKIP() << "this build has none";
  SlotPool pool{};
  wrt::open_builtin_pool(pool);
  EXPECT_EQ(pool.slots, wrt::kBuiltinSlots);
  EXPECT_EQ(pool.slot_len(), wrt::kBuiltinSlotLen);
  for (uint32_t slot = 0; slot < pool.slots; slot++) {
    for (size_t i = 0; i < pool.slot_len(); i++) ASSERT_EQ(pool.slot_at(slot)[i], 0);
  }
}

}  // namespace
