// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/pin.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace {

using wrt::PinCount;

TEST(Pin, TakesAtMostSoMany) {
  PinCount pins{};
  EXPECT_TRUE(pins.take(2));
  EXPECT_TRUE(pins.take(2));
  EXPECT_FALSE(pins.take(2));
  EXPECT_EQ(pins.count(), 2U);
  pins.drop();
  EXPECT_TRUE(pins.take(2));
}

TEST(Pin, IsClosedOnlyWhenNobodyIsLeftAndThenTakesNone) {
  PinCount pins{};
  ASSERT_TRUE(pins.take(5));
  EXPECT_FALSE(pins.close());
  pins.drop();
  EXPECT_TRUE(pins.close());
  EXPECT_FALSE(pins.close()) << "closed already";
  EXPECT_FALSE(pins.take(5));
  EXPECT_EQ(pins.count(), 0U);
  pins.reopen();
  EXPECT_TRUE(pins.take(5));
  pins.reset();
  EXPECT_EQ(pins.count(), 0U);
}

TEST(Pin, TakingAndClosingExcludeEachOtherUnderThreads) {
  for (int round = 0; round < 200; round++) {
    PinCount pins{};
    std::atomic<int> inside{0};
    std::atomic<int> wrong{0};
    std::atomic<bool> closed{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; i++) {
      threads.emplace_back([&] {
        for (int step = 0; step < 50; step++) {
          if (!pins.take(100)) continue;
          inside++;
          if (closed) wrong++;
          inside--;
          pins.drop();
        }
      });
    }
    threads.emplace_back([&] {
      for (int step = 0; step < 50 && !closed; step++) {
        if (!pins.close()) continue;
        closed = true;
        if (inside != 0) wrong++;
      }
    });
    for (std::thread &thread : threads) thread.join();
    ASSERT_EQ(wrong, 0);
  }
}

}  // namespace
