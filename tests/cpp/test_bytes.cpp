// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/bytes.hpp"

#include <gtest/gtest.h>

#include <array>
#include <span>
#include <vector>

#include "cpp/core/extent.hpp"

namespace {

constexpr bool views_an_array() {
  constexpr uint8_t kBytes[3] = {1, 2, 3};
  const wrt::ByteView view = kBytes;
  unsigned sum = 0;
  for (uint8_t byte : view) sum += byte;
  return view.size() == 3 && view.data() == kBytes && view[2] == 3 && !view.empty() && sum == 6;
}
static_assert(wrt::ByteView().empty() && wrt::ByteView().data() == nullptr);

TEST(ByteView, IsMadeOfAnythingWithDataAndSizeOverBytes) {
  EXPECT_TRUE(views_an_array());
  const std::vector<uint8_t> vector = {9, 8, 7};
  const std::array<uint8_t, 2> array = {6, 5};
  const std::span<const uint8_t> span(vector);
  EXPECT_EQ(wrt::ByteView(vector).size(), 3U);
  EXPECT_EQ(wrt::ByteView(vector).data(), vector.data());
  EXPECT_EQ(wrt::ByteView(array)[1], 5);
  EXPECT_EQ(wrt::ByteView(span).end(), vector.data() + 3);
  EXPECT_TRUE(wrt::ByteView(std::vector<uint8_t>()).empty());
  EXPECT_FALSE((std::is_convertible_v<std::vector<uint32_t>, wrt::ByteView>)) << "not of other elements";
}

TEST(Outcome, IsTrueIffItsStatusIsOk) {
  wrt::Outcome<int> outcome;
  EXPECT_TRUE(outcome.ok() && outcome);
  outcome.status = WRT_ERR_LIMIT;
  EXPECT_FALSE(outcome.ok() || outcome);
}

TEST(Extent, RoundsToPowersOfTwo) {
  EXPECT_EQ(wrt::round_up(0, 4096), 0U);
  EXPECT_EQ(wrt::round_up(1, 4096), 4096U);
  EXPECT_EQ(wrt::round_up(4096, 4096), 4096U);
  EXPECT_EQ(wrt::round_down(4097, 4096), 4096U);
  EXPECT_EQ(wrt::round_down(4095, 4096), 0U);
  EXPECT_EQ(wrt::least(3, 4), 3U);
  EXPECT_EQ(wrt::most(3, 4), 4U);
  EXPECT_EQ(wrt::most(4, 3), 4U);
}

TEST(Extent, HoldsInOrderOnly) {
  uint8_t byte = 0;
  const wrt::Extent sound{{1, 2, &byte}, 3};
  EXPECT_TRUE(sound.holds(4));
  EXPECT_FALSE(sound.holds(2));
  EXPECT_FALSE((wrt::Extent{{1, 2, nullptr}, 3}.holds(4)));
  EXPECT_FALSE((wrt::Extent{{3, 2, &byte}, 3}.holds(4)));
  EXPECT_FALSE((wrt::Extent{{1, 4, &byte}, 3}.holds(4)));
}

}  // namespace
