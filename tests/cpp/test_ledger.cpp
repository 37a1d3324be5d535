// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/ledger.hpp"

#include <gtest/gtest.h>

namespace {

using Ledger = wrt::BorrowLedger<4>;

constexpr uint32_t kRead = WRT_BORROW_READ;
constexpr uint32_t kWrite = WRT_BORROW_WRITE;

// Every pair of borrows within 5 bytes: BUSY iff they share a byte and one of them writes.
constexpr bool every_pair_is_answered_rightly() {
  for (uint32_t first = 1; first <= 3; first++) {
    for (uint32_t second = 1; second <= 3; second++) {
      for (uint64_t a = 0; a < 5; a++) {
        for (uint64_t n = 0; n <= 5 - a; n++) {
          for (uint64_t b = 0; b < 5; b++) {
            for (uint64_t m = 0; m <= 5 - b; m++) {
              Ledger ledger{};
              if (ledger.add(a, n, first) != WRT_OK) return false;
              bool shared = false;
              for (uint64_t i = a; i < a + n; i++) shared = shared || (i >= b && i < b + m);
              const bool busy = shared && ((first | second) & kWrite) != 0;
              if (ledger.add(b, m, second) != (busy ? WRT_ERR_BUSY : WRT_OK)) return false;
              if (!ledger.holds() || ledger.count != (busy ? 1U : 2U)) return false;
            }
          }
        }
      }
    }
  }
  return true;
}

TEST(Ledger, AWriteExcludesEveryOtherBorrowOfItsBytesAndReadsShare) { EXPECT_TRUE(every_pair_is_answered_rightly()); }

constexpr bool takes_four_and_no_more() {
  Ledger ledger{};
  for (uint64_t i = 0; i < 4; i++) {
    if (ledger.add(i * 10, 10, i == 1 ? kWrite : kRead) != WRT_OK) return false;
  }
  if (ledger.add(100, 1, kRead) != WRT_ERR_POOL_EXHAUSTED || ledger.add(12, 1, kRead) != WRT_ERR_BUSY) return false;
  if (ledger.count != 4 || ledger.writers != 1 || !ledger.holds()) return false;
  if (ledger.remove(10, 9) || ledger.remove(11, 10) || !ledger.remove(10, 10) || ledger.remove(10, 10)) return false;
  if (ledger.writers != 0 || ledger.count != 3 || ledger.add(12, 1, kRead) != WRT_OK) return false;
  return ledger.remove(0, 10) && ledger.remove(30, 10) && ledger.remove(20, 10) && ledger.remove(12, 1) &&
         ledger.count == 0 && ledger.holds();
}
static_assert(takes_four_and_no_more());

TEST(Ledger, OverlapIsTriedBeforeRoom) { EXPECT_TRUE(takes_four_and_no_more()); }

TEST(Ledger, OfSeveralBorrowsOfOneRangeEachIsReleasedOnce) {
  Ledger ledger{};
  for (int i = 0; i < 3; i++) EXPECT_EQ(ledger.add(5, 5, kRead), WRT_OK);
  for (int i = 0; i < 3; i++) EXPECT_TRUE(ledger.remove(5, 5));
  EXPECT_FALSE(ledger.remove(5, 5));
}

TEST(Ledger, BorrowsAtTheEndOfTheAddressSpaceDoNotWrap) {
  Ledger ledger{};
  EXPECT_EQ(ledger.add(UINT64_MAX - 9, 9, kWrite), WRT_OK);
  EXPECT_EQ(ledger.add(0, 5, kWrite), WRT_OK);
  EXPECT_EQ(ledger.add(UINT64_MAX - 1, 1, kRead), WRT_ERR_BUSY);
  EXPECT_TRUE(ledger.holds());
}

TEST(Ledger, TheInvariantNoticesWrongCountsAccessAndOverlap) {
  Ledger sound{};
  ASSERT_EQ(sound.add(0, 4, kWrite), WRT_OK);
  ASSERT_EQ(sound.add(4, 4, kRead), WRT_OK);
  ASSERT_TRUE(sound.holds());
  Ledger ledger = sound;
  ledger.writers = 0;
  EXPECT_FALSE(ledger.holds());
  ledger = sound;
  ledger.count = 5;
  EXPECT_FALSE(ledger.holds());
  ledger = sound;
  ledger.count = ledger.count_copy = 5;
  EXPECT_FALSE(ledger.holds()) << "copies that agree on more than there is room for";
  ledger = sound;
  ledger.entries[1].offset = 3;
  EXPECT_FALSE(ledger.holds()) << "a seal that is not the entry's";
  ledger = sound;
  ledger.writers = ledger.writers_copy = 2;
  EXPECT_FALSE(ledger.holds());
}

TEST(Ledger, TheInvariantNoticesAccessAndOverlapUnderAGoodSeal) {
  Ledger sound{};
  ASSERT_EQ(sound.add(0, 4, kWrite), WRT_OK);
  ASSERT_EQ(sound.add(4, 4, kRead), WRT_OK);
  for (uint32_t access : {0U, 4U}) {
    Ledger ledger = sound;
    ledger.entries[1] = wrt::Borrow::make(4, 4, access);
    EXPECT_TRUE(ledger.sound());
    EXPECT_FALSE(ledger.holds()) << access;
  }
  Ledger ledger = sound;
  ledger.entries[1] = wrt::Borrow::make(3, 4, kRead);
  EXPECT_TRUE(ledger.sound());
  EXPECT_FALSE(ledger.holds());
}

TEST(Ledger, ARangeIsWrittenIffAWriteBorrowSharesAByteOfIt) {
  Ledger ledger{};
  EXPECT_FALSE(ledger.written(0, 100));
  ASSERT_EQ(ledger.add(0, 4, kRead), WRT_OK);
  EXPECT_FALSE(ledger.written(0, 100)) << "reads alone";
  ASSERT_EQ(ledger.add(10, 4, kWrite), WRT_OK);
  EXPECT_FALSE(ledger.written(0, 10));
  EXPECT_TRUE(ledger.written(0, 11));
  EXPECT_TRUE(ledger.written(13, 1));
  EXPECT_FALSE(ledger.written(14, 10));
  EXPECT_FALSE(ledger.written(11, 0)) << "no byte is shared";
  ASSERT_TRUE(ledger.remove(10, 4));
  EXPECT_FALSE(ledger.written(0, 100));
}

}  // namespace
