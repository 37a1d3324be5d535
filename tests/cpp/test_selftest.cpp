// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/selftest.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace {

TEST(Selftest, PassesAgainAndAgainAndFromManyThreadsAtOnce) {
  for (int i = 0; i < 3; i++) EXPECT_TRUE(wrt::selftest());
  std::vector<int> passed(8);
  std::vector<std::thread> threads;
  for (int &one : passed) threads.emplace_back([&one] { one = wrt::selftest() ? 1 : 0; });
  for (std::thread &thread : threads) thread.join();
  for (int one : passed) EXPECT_EQ(one, 1);
}

}  // namespace
