// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/small_copy.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace {

constexpr size_t kMost = 64;
constexpr size_t kRoom = 3 * kMost;

std::vector<uint8_t> numbers() {
  std::vector<uint8_t> bytes(kRoom);
  for (size_t i = 0; i < kRoom; i++) bytes[i] = static_cast<uint8_t>(i + 1);
  return bytes;
}

TEST(SmallCopy, CopiesExactlyNBytesForEveryN) {
  for (size_t n = 0; n <= kMost; n++) {
    std::vector<uint8_t> from = numbers();
    from.resize(n);
    from.shrink_to_fit();
    std::vector<uint8_t> to(n + 2, 0xEE);
    wrt::copy_small(to.data() + 1, from.data(), n);
    EXPECT_EQ(to.front(), 0xEE);
    EXPECT_EQ(to.back(), 0xEE);
    EXPECT_TRUE(n == 0 || std::memcmp(to.data() + 1, from.data(), n) == 0) << n;
  }
}

TEST(SmallCopy, OverlappingEitherWayAtEveryDistanceItIsAMemmove) {
  for (size_t n = 0; n <= kMost; n++) {
    for (size_t to = 0; to <= 2 * kMost; to++) {
      std::vector<uint8_t> seen = numbers();
      std::vector<uint8_t> wanted = numbers();
      wrt::copy_small(seen.data() + to, seen.data() + kMost, n);
      std::memmove(wanted.data() + to, wanted.data() + kMost, n);
      ASSERT_EQ(seen, wanted) << n << " to " << to;
    }
  }
}

}  // namespace
