// SPDX-License-Identifier: Apache-2.0 OR MIT
// The handle table: tokens, generations, kinds.
#include "capi/table.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <thread>
#include <vector>

#include "capi/find.hpp"

namespace {

using wrt::capi::Entry;
using wrt::capi::Kind;
using wrt::capi::Token;

constexpr Kind kKinds[] = {Kind::kMemory, Kind::kPool, Kind::kBudget, Kind::kImage};
constexpr uint32_t kMaxIndex = (1U << Token::kIndexBits) - 1;

TEST(Token, IsNeverZeroNorAllOnesAndOdd) {
  std::set<uintptr_t> seen;
  const auto last = static_cast<uint32_t>((uint64_t{1} << Token::kGenerationBits) - 2);
  for (Kind kind : kKinds) {
    for (uint32_t index : {0U, 1U, 63U, kMaxIndex - 1, kMaxIndex}) {
      for (uint32_t generation : {0U, 1U, 2U, 255U, last - 1, last}) {
        const uintptr_t token = Token::make(kind, index, generation);
        EXPECT_NE(token, 0U);
        EXPECT_NE(token, UINTPTR_MAX);
        EXPECT_EQ(token % 2, 1U);
        EXPECT_EQ(token & Token::kTagMask, Token::tag(kind));
        EXPECT_NE(Token::key(token), 0U);
        seen.insert(token);
      }
    }
  }
  EXPECT_GE(seen.size(), 4U * 5 * 5) << "two handles look alike";
}

TEST(Token, GenerationsGoRoundWithoutTheOneThatIsAllOnes) {
  const uint64_t all_ones = (uint64_t{1} << Token::kGenerationBits) - 1;
  EXPECT_GE(all_ones, Token::kGenerationBits > 16 ? 65535U : 255U);
  EXPECT_EQ(Token::next(static_cast<uint32_t>(all_ones) - 1), 0U);
  EXPECT_EQ(Token::next(0), 1U);
  EXPECT_EQ(Token::next(static_cast<uint32_t>(all_ones)), 0U);
}

TEST(Table, AHandleOfOneKindIsNotAHandleOfAnother) {
  wrt_budget *budget = nullptr;
  ASSERT_EQ(wrt_budget_create(1, nullptr, &budget), WRT_OK);
  EXPECT_NE(wrt::capi::find(budget, Kind::kBudget), nullptr);
  for (Kind kind : {Kind::kMemory, Kind::kPool, Kind::kImage}) {
    EXPECT_EQ(wrt::capi::find(budget, kind), nullptr);
    EXPECT_EQ(wrt::capi::pin(budget, kind), nullptr);
    const uintptr_t token = reinterpret_cast<uintptr_t>(budget) ^ Token::tag(Kind::kBudget) ^ Token::tag(kind);
    EXPECT_EQ(wrt::capi::find(reinterpret_cast<void *>(token), kind), nullptr);
  }
  EXPECT_EQ(wrt_mem_destroy(reinterpret_cast<wrt_mem *>(budget)), WRT_ERR_INVALID_HANDLE);
  EXPECT_EQ(wrt_pool_destroy(reinterpret_cast<wrt_pool *>(budget)), WRT_ERR_INVALID_HANDLE);
  EXPECT_EQ(wrt_image_destroy(reinterpret_cast<wrt_image *>(budget)), WRT_ERR_INVALID_HANDLE);
  EXPECT_EQ(wrt_budget_destroy(budget), WRT_OK);
  EXPECT_EQ(wrt::capi::find(budget, Kind::kBudget), nullptr);
}

TEST(Table, EveryBitOfAHandleCounts) {
  wrt_mem *mem = nullptr;
  ASSERT_EQ(wrt_mem_create(WRT_TIER_STATIC, 1, 1, &mem), WRT_OK);
  for (uint32_t bit = 0; bit < 8 * sizeof(uintptr_t); bit++) {
    const uintptr_t other = reinterpret_cast<uintptr_t>(mem) ^ (uintptr_t{1} << bit);
    EXPECT_EQ(wrt::capi::find(reinterpret_cast<void *>(other), Kind::kMemory), nullptr) << bit;
  }
  EXPECT_EQ(wrt_mem_destroy(mem), WRT_OK);
}

TEST(Table, AnyNumberMayBeLookedUp) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 200000; i++) {
    const auto token = static_cast<uintptr_t>(i % 2 == 0 ? random() : random() >> (random() % 64));
    for (Kind kind : kKinds) ASSERT_EQ(wrt::capi::find(reinterpret_cast<void *>(token), kind), nullptr);
  }
}

// The slot is the same each time, the handle never.
TEST(Table, AStaleHandleIsRecognisedForAtLeastTheNext65535ReusesOfItsSlot) {
  constexpr uint32_t kReuses = Token::kGenerationBits > 16 ? 65535 : 255;
  wrt_budget *first = nullptr;
  ASSERT_EQ(wrt_budget_create(1, nullptr, &first), WRT_OK);
  const Entry *entry = &wrt::capi::entry_for(reinterpret_cast<uintptr_t>(first));
  ASSERT_EQ(wrt_budget_destroy(first), WRT_OK);
  std::set<wrt_budget *> seen = {first};
  for (uint32_t i = 0; i < kReuses; i++) {
    wrt_budget *next = nullptr;
    ASSERT_EQ(wrt_budget_create(1, nullptr, &next), WRT_OK);
    ASSERT_EQ(&wrt::capi::entry_for(reinterpret_cast<uintptr_t>(next)), entry) << "the lowest free slot is taken";
    ASSERT_TRUE(seen.insert(next).second) << "a handle came again after " << i;
    ASSERT_EQ(wrt::capi::find(first, Kind::kBudget), nullptr);
    ASSERT_EQ(wrt_budget_destroy(next), WRT_OK);
    ASSERT_EQ(wrt_budget_destroy(next), WRT_ERR_INVALID_HANDLE);
  }
}

// What else was at the same place in the table must not be mistaken for a live memory, whatever numbers it held.
TEST(Table, AStaleMemoryHandleIsRecognisedWhateverTookItsPlace) {
  wrt_mem *stale = nullptr;
  ASSERT_EQ(wrt_mem_create(WRT_TIER_STD, 100, 4096, &stale), WRT_OK);
  const uint64_t token = Token::key(reinterpret_cast<uintptr_t>(stale));
  ASSERT_EQ(wrt_mem_destroy(stale), WRT_OK);
  for (uint64_t charged : {uint64_t{0}, uint64_t{64}, uint64_t{100}}) {
    wrt_budget *budget = nullptr;
    ASSERT_EQ(wrt_budget_create(token ^ charged, nullptr, &budget), WRT_OK);
    ASSERT_EQ(&wrt::capi::entry_for(reinterpret_cast<uintptr_t>(budget)),
              &wrt::capi::entry_for(reinterpret_cast<uintptr_t>(stale)));
    wrt_mem_config config = WRT_MEM_CONFIG_INIT;
    config.tier = WRT_TIER_STATIC;
    config.initial_len = config.max_len = charged;
    config.flags = WRT_MEM_EXACT_MAX;
    config.budget = budget;
    wrt_mem *mem = nullptr;
    ASSERT_EQ(wrt_mem_create_config(&config, &mem), WRT_OK);
    // No field of the record that is there now reads as a memory that this handle fits.
    ASSERT_FALSE(wrt::capi::memory_for(stale).sealed_by(token)) << "charged " << charged;
    uint8_t byte = 0;
    EXPECT_EQ(wrt_mem_read(stale, 0, &byte, 1), WRT_ERR_INVALID_HANDLE);
    EXPECT_EQ(wrt_mem_destroy(mem), WRT_OK);
    EXPECT_EQ(wrt_budget_destroy(budget), WRT_OK);
  }
}

TEST(Table, HandlesAreTakenAsAWholeOrNotAtAll) {
  ASSERT_TRUE(wrt::capi::take_handles(1));
  wrt::capi::untake_handles(1);
  EXPECT_FALSE(wrt::capi::take_handles(UINT32_MAX));
  EXPECT_FALSE(wrt::capi::take_handles((1U << Token::kIndexBits) + 1));
  ASSERT_TRUE(wrt::capi::take_handles(1)) << "a refusal takes nothing";
  wrt::capi::untake_handles(1);
}

TEST(Table, PinnedObjectsCannotBeDestroyed) {
  wrt_budget *budget = nullptr;
  ASSERT_EQ(wrt_budget_create(1, nullptr, &budget), WRT_OK);
  Entry *entry = wrt::capi::pin(budget, Kind::kBudget);
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(&wrt::capi::entry_of(&entry->budget()), entry);
  EXPECT_EQ(wrt_budget_destroy(budget), WRT_ERR_BUSY);
  wrt::capi::unpin(&entry->budget());
  EXPECT_EQ(wrt_budget_destroy(budget), WRT_OK);
  EXPECT_EQ(wrt::capi::pin(budget, Kind::kBudget), nullptr);
}

// Eight threads make and destroy; no two ever get the same handle, and no stale one is taken for a live one.
TEST(Table, HandlesAreUniqueUnderThreads) {
  constexpr size_t kThreads = 8;
  std::vector<std::vector<wrt_budget *>> all(kThreads);
  std::vector<int> wrong(kThreads);
  std::vector<std::thread> threads;
  for (size_t me = 0; me < kThreads; me++) {
    threads.emplace_back([&, me] {
      for (int i = 0; i < 2000; i++) {
        wrt_budget *budget = nullptr;
        if (wrt_budget_create(1, nullptr, &budget) != WRT_OK) wrong[me]++;
        all[me].push_back(budget);
        if (i % 2 == 0 && wrt_budget_destroy(budget) != WRT_OK) wrong[me]++;
        if (i % 2 == 0 && wrt_budget_destroy(budget) != WRT_ERR_INVALID_HANDLE) wrong[me]++;
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
  std::set<wrt_budget *> seen;
  for (size_t me = 0; me < kThreads; me++) {
    EXPECT_EQ(wrong[me], 0);
    for (size_t i = 0; i < all[me].size(); i++) {
      EXPECT_TRUE(seen.insert(all[me][i]).second);
      EXPECT_EQ(wrt_budget_destroy(all[me][i]), i % 2 == 0 ? WRT_ERR_INVALID_HANDLE : WRT_OK);
    }
  }
}

}  // namespace
