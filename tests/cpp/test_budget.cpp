// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/budget.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>
#include <vector>

namespace {

using wrt::BudgetCell;

struct Three {
  BudgetCell root{};
  BudgetCell middle{};
  BudgetCell leaf{};

  Three(uint64_t root_limit, uint64_t middle_limit, uint64_t leaf_limit) {
    root.open(root_limit, nullptr);
    middle.open(middle_limit, &root);
    leaf.open(leaf_limit, &middle);
  }
  bool holds() const { return root.holds() && middle.holds() && leaf.holds(); }
  bool all_used(uintptr_t n) const { return root.used.load() == n && middle.used.load() == n && leaf.used.load() == n; }
};

TEST(Budget, GrantsExactlyItsLimit) {
  BudgetCell budget{};
  budget.open(100, nullptr);
  EXPECT_EQ(budget.charge(60), WRT_OK);
  EXPECT_EQ(budget.charge(41), WRT_ERR_BUDGET);
  EXPECT_EQ(budget.charge(40), WRT_OK);
  EXPECT_EQ(budget.charge(1), WRT_ERR_BUDGET);
  EXPECT_EQ(budget.charge(0), WRT_OK);
  EXPECT_EQ(budget.refused.load(), 2U);
  budget.refund(100);
  EXPECT_EQ(budget.used.load(), 0U);
  EXPECT_TRUE(budget.holds());
}

TEST(Budget, IsChargedAllTheWayUpOrNotAtAllAndTheOneThatRefusedSaysSo) {
  Three three(100, 50, 80);
  EXPECT_EQ(three.leaf.charge(50), WRT_OK);
  EXPECT_TRUE(three.all_used(50));
  EXPECT_EQ(three.leaf.charge(1), WRT_ERR_BUDGET);
  EXPECT_TRUE(three.all_used(50));
  EXPECT_EQ(three.middle.refused.load(), 1U);
  EXPECT_EQ(three.leaf.refused.load() + three.root.refused.load(), 0U);
  EXPECT_EQ(three.root.charge(50), WRT_OK);
  three.leaf.refund(50);
  EXPECT_EQ(three.root.used.load(), 50U);
  EXPECT_EQ(three.leaf.charge(51), WRT_ERR_BUDGET);
  EXPECT_EQ(three.leaf.used.load() + three.middle.used.load(), 0U);
  EXPECT_TRUE(three.holds());
}

TEST(Budget, TheRootRefusesForAllBelow) {
  Three three(10, 50, 80);
  EXPECT_EQ(three.leaf.charge(11), WRT_ERR_BUDGET);
  EXPECT_EQ(three.root.refused.load(), 1U);
  EXPECT_TRUE(three.all_used(0));
  EXPECT_EQ(three.leaf.would_fit(11), WRT_ERR_BUDGET);
  EXPECT_EQ(three.root.refused.load(), 2U);
  EXPECT_EQ(three.leaf.would_fit(10), WRT_OK);
  EXPECT_TRUE(three.all_used(0)) << "asking charges nothing";
}

TEST(Budget, ThePeakIsWhatStayedNotWhatWasTried) {
  Three three(100, 100, 100);
  ASSERT_EQ(three.leaf.charge(70), WRT_OK);
  three.leaf.refund(70);
  EXPECT_EQ(three.root.peak.load(), 0U);
  ASSERT_EQ(three.leaf.charge(40), WRT_OK);
  three.leaf.settle();
  three.leaf.refund(30);
  EXPECT_EQ(three.leaf.peak.load(), 40U);
  EXPECT_EQ(three.middle.peak.load(), 40U);
  EXPECT_EQ(three.root.peak.load(), 40U);
  three.leaf.settle();
  EXPECT_EQ(three.root.peak.load(), 40U) << "a peak never falls";
}

TEST(Budget, NumbersNearTheEndOfTheWordDoNotWrap) {
  BudgetCell budget{};
  budget.open(UINT64_MAX, nullptr);
  EXPECT_EQ(budget.charge(UINTPTR_MAX - 5), WRT_OK);
  EXPECT_EQ(budget.charge(6), WRT_ERR_BUDGET);
  EXPECT_EQ(budget.charge(UINTPTR_MAX), WRT_ERR_BUDGET);
  EXPECT_EQ(budget.charge(5), WRT_OK);
  EXPECT_EQ(budget.used.load(), UINTPTR_MAX);
  EXPECT_EQ(budget.would_fit(1), WRT_ERR_BUDGET) << "asking first says what charging would";
  EXPECT_EQ(budget.charge(1), WRT_ERR_BUDGET);
  budget.open(0, nullptr);
  EXPECT_EQ(budget.charge(0), WRT_OK);
  EXPECT_EQ(budget.charge(1), WRT_ERR_BUDGET);
}

TEST(Budget, TheInvariantNoticesMoreThanTheLimitAndMoreThanTheParent) {
  Three three(100, 100, 100);
  ASSERT_EQ(three.leaf.charge(10), WRT_OK);
  ASSERT_TRUE(three.holds());
  three.leaf.used.store(11);
  EXPECT_FALSE(three.leaf.holds());
  three.leaf.used.store(10);
  three.root.used.store(101);
  EXPECT_FALSE(three.root.holds());
  three.root.used.store(10);
  EXPECT_TRUE(three.root.holds());
  three.root.peak.store(101);
  EXPECT_FALSE(three.root.holds());
}

TEST(Budget, OneThatIsAboveItsLimitGrantsNothing) {
  BudgetCell budget{};
  budget.open(100, nullptr);
  budget.used.store(101);
  EXPECT_EQ(budget.would_fit(0), WRT_ERR_BUDGET);
  EXPECT_EQ(budget.charge(0), WRT_ERR_BUDGET);
  EXPECT_EQ(budget.used.load(), 101U);
}

// Eight threads under one root: never above a limit, and in the end the sums are exact.
TEST(Budget, SumsAreExactUnderThreads) {
  constexpr int kThreads = 8;
  BudgetCell root{};
  BudgetCell teams[2]{};
  root.open(1000, nullptr);
  for (BudgetCell &team : teams) team.open(600, &root);
  std::atomic<int> above{0};
  std::atomic<uint64_t> refused{0};
  std::vector<uintptr_t> held(kThreads);
  const auto work = [&](size_t me) {
    std::mt19937 random(static_cast<unsigned>(me));
    BudgetCell &own = teams[me % 2];
    for (int step = 0; step < 20000; step++) {
      if (random() % 2 == 0) {
        const uintptr_t n = random() % 200;
        if (own.charge(n) == WRT_OK) {
          held[me] += n;
          own.settle();
        } else {
          refused++;
        }
      } else {
        const uintptr_t n = held[me] == 0 ? 0 : random() % (held[me] + 1);
        own.refund(n);
        held[me] -= n;
      }
      if (root.used.load() > 1000 || own.used.load() > 600) above++;
    }
  };
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kThreads; i++) threads.emplace_back(work, i);
  for (std::thread &thread : threads) thread.join();
  uintptr_t sums[2] = {};
  for (size_t i = 0; i < kThreads; i++) sums[i % 2] += held[i];
  EXPECT_EQ(above, 0);
  EXPECT_EQ(teams[0].used.load(), sums[0]);
  EXPECT_EQ(teams[1].used.load(), sums[1]);
  EXPECT_EQ(root.used.load(), sums[0] + sums[1]);
  EXPECT_EQ(root.refused.load() + teams[0].refused.load() + teams[1].refused.load(), refused);
  EXPECT_TRUE(root.holds() && teams[0].holds() && teams[1].holds());
  for (size_t i = 0; i < kThreads; i++) teams[i % 2].refund(held[i]);
  EXPECT_EQ(root.used.load(), 0U);
}

}  // namespace
