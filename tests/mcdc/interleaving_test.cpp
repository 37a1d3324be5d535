// SPDX-License-Identifier: Apache-2.0 OR MIT
// What the core promises when another thread comes in between.
#include <gtest/gtest.h>

#include <vector>

#include "cpp/core/atomic.hpp"
#include "cpp/core/budget.hpp"
#include "cpp/core/cell.hpp"
#include "cpp/core/kernel.h"
#include "cpp/core/pin.hpp"
#include "tests/mcdc/other_thread.hpp"

namespace {

using wrt::BudgetCell;

TEST(Interleaving, AGreatestValueThatAnotherThreadRaisesInBetweenIsStillRaised) {
  wrt::Atomic<uint64_t> greatest{10};
  {
    const OtherThread other("Atomic::raise", "cas(seen, candidate)", [&] { greatest.store(15); });
    greatest.raise(20);
  }
  EXPECT_EQ(greatest.load(), 20U);
}

TEST(Interleaving, AGreatestValueThatAnotherThreadRaisesFurtherStays) {
  wrt::Atomic<uint64_t> greatest{10};
  {
    const OtherThread other("Atomic::raise", "cas(seen, candidate)", [&] { greatest.store(25); });
    greatest.raise(20);
  }
  EXPECT_EQ(greatest.load(), 25U);
}

TEST(Interleaving, AChargeBesideAnotherOneLosesNeither) {
  BudgetCell budget{};
  budget.open(100, nullptr);
  {
    const OtherThread other("charge_one", "cell.used.cas(used, used + n)",
                            [&] { EXPECT_EQ(budget.charge(5), WRT_OK); });
    EXPECT_EQ(budget.charge(20), WRT_OK);
  }
  EXPECT_EQ(budget.used.load(), 25U);
}

TEST(Interleaving, AChargeThatAnotherOneLeavesNoRoomForIsRefused) {
  BudgetCell budget{};
  budget.open(100, nullptr);
  {
    const OtherThread other("charge_one", "cell.used.cas(used, used + n)",
                            [&] { EXPECT_EQ(budget.charge(90), WRT_OK); });
    EXPECT_EQ(budget.charge(20), WRT_ERR_BUDGET);
  }
  EXPECT_EQ(budget.used.load(), 90U);
  EXPECT_EQ(budget.refused.load(), 1U);
}

TEST(Interleaving, WhenTheParentFillsInBetweenTheChildGetsItsChargeBack) {
  BudgetCell parent{};
  BudgetCell child{};
  parent.open(100, nullptr);
  child.open(100, &parent);
  {
    const OtherThread other("BudgetCell::charge", "charge_one(*cell, n)",
                            [&] { EXPECT_EQ(parent.charge(90), WRT_OK); });
    EXPECT_EQ(child.charge(20), WRT_ERR_BUDGET);
  }
  EXPECT_EQ(child.used.load(), 0U);
  EXPECT_EQ(parent.used.load(), 90U);
  EXPECT_EQ(parent.refused.load(), 1U) << "the one that refused says so";
  EXPECT_EQ(child.refused.load(), 0U);
}

TEST(Interleaving, NoUpdateOfACellIsLost) {
  alignas(8) uint8_t bytes[8] = {};
  wrt::Cell<uint64_t> cell(bytes);
  {
    const OtherThread other("Cell::rmw", "cas(old, swap(static_cast<Word>(combine(op, swap(old), operand))))",
                            [&] { cell.store(100); });
    EXPECT_EQ(cell.rmw(WRT_ATOMIC_ADD, 7), 100U);
  }
  EXPECT_EQ(cell.load(), 107U);
}

TEST(Interleaving, OfTwoThatWantTheLastPlaceOneGetsIt) {
  wrt::BoundedCount count{};
  {
    const OtherThread other("BoundedCount::take", "taken.cas(seen, seen + 1)", [&] { EXPECT_TRUE(count.take(1)); });
    EXPECT_FALSE(count.take(1));
  }
  EXPECT_EQ(count.count(), 1U);
}

TEST(Interleaving, APinBesideAnotherOneIsCounted) {
  wrt::PinCount pins{};
  pins.open(7);
  {
    const OtherThread other("PinCount::take", "state.cas(seen, seen + 1)", [&] { EXPECT_TRUE(pins.take(7)); });
    EXPECT_TRUE(pins.take(7));
  }
  EXPECT_EQ(pins.count(), 2U);
}

TEST(Interleaving, WhoTakesAPinWhileItIsClosedIsRefused) {
  wrt::PinCount pins{};
  pins.open(7);
  {
    const OtherThread other("PinCount::take", "state.cas(seen, seen + 1)",
                            [&] { EXPECT_EQ(pins.close(7), wrt::PinCount::Closing::kClosed); });
    EXPECT_FALSE(pins.take(7));
  }
  EXPECT_EQ(pins.count(), 0U);
}

// ---- the set of ids

// Two words of ids with one summary above.
struct IdSet {
  static constexpr uint32_t kSize = 2 * WRT_K_WORD_BITS;
  std::vector<wrt_k_word> words = std::vector<wrt_k_word>(wrt_k_set_words(kSize));
  wrt_k_set set{};

  IdSet() { wrt_k_set_init(&set, words.data(), kSize); }
  void claim_all_but(uint32_t free) {
    for (uint32_t id = 0; id < kSize - free; id++) EXPECT_EQ(wrt_k_set_claim(&set), id);
  }
};

TEST(Interleaving, TheIdThatTwoThreadsFindIsGivenToOne) {
  IdSet ids;
  uint32_t others = WRT_K_NONE;
  {
    const OtherThread other("wrt_k_set_claim", "id == WRT_K_NONE", [&] { others = wrt_k_set_claim(&ids.set); });
    EXPECT_EQ(wrt_k_set_claim(&ids.set), 1U);
  }
  EXPECT_EQ(others, 0U);
  EXPECT_TRUE(wrt_k_set_holds(&ids.set));
}

TEST(Interleaving, WhileASummaryLagsBehindAFullWordTheNextWordsIdIsFound) {
  IdSet ids;
  ids.claim_all_but(WRT_K_WORD_BITS + 1);
  uint32_t others = WRT_K_NONE;
  {
    const OtherThread other("wrt_k_set_settle", "level + 1 < set->levels", [&] { others = wrt_k_set_claim(&ids.set); });
    EXPECT_EQ(wrt_k_set_claim(&ids.set), WRT_K_WORD_BITS - 1);
  }
  EXPECT_EQ(others, WRT_K_WORD_BITS);
  EXPECT_TRUE(wrt_k_set_holds(&ids.set));
}

TEST(Interleaving, WhileASummaryLagsBehindAReleaseTheOnlyFreeIdIsFound) {
  IdSet ids;
  ids.claim_all_but(0);
  uint32_t others = WRT_K_NONE;
  {
    const OtherThread other("wrt_k_set_release", "old == WRT_K_FULL", [&] { others = wrt_k_set_claim(&ids.set); });
    EXPECT_EQ(wrt_k_set_release(&ids.set, 77), WRT_OK);
  }
  EXPECT_EQ(others, 77U);
  EXPECT_EQ(wrt_k_set_claim(&ids.set), WRT_K_NONE);
}

TEST(Interleaving, AnIdReleasedBeforeItsWordIsClosedIsNotHidden) {
  IdSet ids;
  ids.claim_all_but(WRT_K_WORD_BITS + 1);
  {
    const OtherThread other("wrt_k_set_settle", "level + 1 < set->levels",
                            [&] { EXPECT_EQ(wrt_k_set_release(&ids.set, 3), WRT_OK); });
    EXPECT_EQ(wrt_k_set_claim(&ids.set), WRT_K_WORD_BITS - 1);
  }
  EXPECT_TRUE(wrt_k_set_holds(&ids.set));
  EXPECT_EQ(wrt_k_set_claim(&ids.set), 3U);
}

TEST(Interleaving, AnIdReleasedWhileItsWordIsBeingClosedIsNotHidden) {
  IdSet ids;
  ids.claim_all_but(WRT_K_WORD_BITS + 1);
  {
    const OtherThread other("wrt_k_set_mark", "full", [&] { EXPECT_EQ(wrt_k_set_release(&ids.set, 3), WRT_OK); });
    EXPECT_EQ(wrt_k_set_claim(&ids.set), WRT_K_WORD_BITS - 1);
  }
  EXPECT_TRUE(wrt_k_set_holds(&ids.set));
  EXPECT_EQ(wrt_k_set_claim(&ids.set), 3U);
}

TEST(Interleaving, AWordThatFillsWhileItIsBeingOpenedIsClosedAgain) {
  IdSet ids;
  ids.claim_all_but(WRT_K_WORD_BITS);
  {
    const OtherThread other("wrt_k_set_mark", "full", [&] {
      // Its summary says still that the word is full: a thread that came by before takes the id.
      wrt_k_fetch_or(&ids.words[0], wrt_k_bit(3));
      wrt_k_set_settle(&ids.set, 0, 0);
    });
    EXPECT_EQ(wrt_k_set_release(&ids.set, 3), WRT_OK);
  }
  EXPECT_TRUE(wrt_k_set_holds(&ids.set));
  EXPECT_EQ(wrt_k_set_claim(&ids.set), WRT_K_WORD_BITS);
}

}  // namespace
