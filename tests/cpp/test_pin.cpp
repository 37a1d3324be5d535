// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/pin.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace {

using wrt::BoundedCount;
using wrt::PinCount;
using Closing = wrt::PinCount::Closing;

TEST(BoundedCount, TakesAtMostSoMany) {
  BoundedCount count{};
  EXPECT_TRUE(count.take(2));
  EXPECT_TRUE(count.take(2));
  EXPECT_FALSE(count.take(2));
  EXPECT_EQ(count.count(), 2U);
  count.drop();
  EXPECT_TRUE(count.take(2));
  count.reset();
  EXPECT_EQ(count.count(), 0U);
}

TEST(Pin, IsClosedOnlyWhenNobodyIsLeftAndThenTakesNone) {
  PinCount pins{};
  pins.open(7);
  ASSERT_TRUE(pins.take(7));
  pins.add();
  EXPECT_EQ(pins.close(7), Closing::kPinned);
  pins.drop();
  pins.drop();
  EXPECT_EQ(pins.close(7), Closing::kClosed);
  EXPECT_EQ(pins.close(7), Closing::kGone) << "closed already";
  EXPECT_FALSE(pins.take(7));
  EXPECT_EQ(pins.count(), 0U);
}

TEST(Pin, NeitherTakesNorClosesForAnotherGeneration) {
  PinCount pins{};
  pins.open(7);
  ASSERT_EQ(pins.close(7), Closing::kClosed);
  pins.open(8);
  EXPECT_FALSE(pins.take(7));
  EXPECT_EQ(pins.close(7), Closing::kGone) << "a call that comes too late";
  EXPECT_TRUE(pins.take(8));
  EXPECT_EQ(pins.close(7), Closing::kGone);
  EXPECT_EQ(pins.close(8), Closing::kPinned);
}

TEST(Pin, NoneIsTakenBeyondWhatCanBeCounted) {
  PinCount pins{};
  pins.open(7);
  pins.state.store(pins.state.load() | PinCount::kCount);
  EXPECT_FALSE(pins.take(7));
  EXPECT_EQ(pins.count(), PinCount::kCount);
  pins.drop();
  EXPECT_TRUE(pins.take(7));
}

TEST(Pin, TakingAndClosingExcludeEachOtherUnderThreads) {
  for (int round = 0; round < 200; round++) {
    PinCount pins{};
    pins.open(static_cast<uint32_t>(round));
    std::atomic<int> inside{0};
    std::atomic<int> wrong{0};
    std::atomic<bool> closed{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; i++) {
      threads.emplace_back([&, round] {
        for (int step = 0; step < 50; step++) {
          if (!pins.take(static_cast<uint32_t>(round))) continue;
          inside++;
          if (closed) wrong++;
          inside--;
          pins.drop();
        }
      });
    }
    threads.emplace_back([&, round] {
      for (int step = 0; step < 50 && !closed; step++) {
        if (pins.close(static_cast<uint32_t>(round)) != Closing::kClosed) continue;
        closed = true;
        if (inside != 0) wrong++;
      }
    });
    for (std::thread &thread : threads) thread.join();
    ASSERT_EQ(wrong, 0);
  }
}

}  // namespace
