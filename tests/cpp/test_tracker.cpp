// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/tracker.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

namespace {

constexpr uint64_t kRegion = 65536;

TEST(Tracker, TheMapHasOneBitForEach64KiBOfTheMaximum) {
  EXPECT_EQ(wrt::region_map_len(0), 0U);
  EXPECT_EQ(wrt::region_map_len(1), 1U);
  EXPECT_EQ(wrt::region_map_len(8 * kRegion), 1U);
  EXPECT_EQ(wrt::region_map_len(8 * kRegion + 1), 2U);
  EXPECT_EQ(wrt::region_map_len(wrt::kTrackedMax), uint64_t{1} << 21);
}

constexpr bool counts_exactly() {
  uint8_t map[1] = {};
  wrt::Tracker tracker{};
  tracker.read(map, kRegion - 1, 2);
  tracker.write(map, 0, 5);
  tracker.write(map, 7 * kRegion, 0);
  return tracker.reads == 1 && tracker.bytes_read == 2 && tracker.writes == 2 && tracker.bytes_written == 5 &&
         tracker.max_access == 5 && tracker.regions == 2 && map[0] == 3 && tracker.holds(map, 1);
}
static_assert(counts_exactly());

TEST(Tracker, RegionsAreExactOverRandomAccesses) {
  EXPECT_TRUE(counts_exactly());
  const uint64_t max_len = 100 * kRegion;
  std::vector<uint8_t> map(wrt::region_map_len(max_len) + 1);
  map.back() = 0x77;
  wrt::Tracker tracker{};
  std::set<uint64_t> touched;
  std::mt19937_64 random(1);
  uint64_t bytes = 0;
  uint64_t longest = 0;
  for (int i = 0; i < 3000; i++) {
    const uint64_t offset = random() % max_len;
    const uint64_t n = random() % (std::min(max_len - offset, 3 * kRegion) + 1);
    if (i % 2 == 0) {
      tracker.read(map.data(), offset, n);
    } else {
      tracker.write(map.data(), offset, n);
    }
    for (uint64_t at = offset; at < offset + n; at += kRegion) touched.insert(at / kRegion);
    if (n != 0) touched.insert((offset + n - 1) / kRegion);
    bytes += n;
    longest = std::max(longest, n);
    ASSERT_EQ(tracker.regions, touched.size());
    ASSERT_TRUE(tracker.holds(map.data(), map.size() - 1));
    if (i == 1500) {
      tracker.clear(map.data(), map.size() - 1);
      EXPECT_EQ(tracker.reads + tracker.writes + tracker.regions + tracker.max_access, 0U);
      touched.clear();
      bytes = longest = 0;
    }
  }
  EXPECT_EQ(tracker.bytes_read + tracker.bytes_written, bytes);
  EXPECT_EQ(tracker.max_access, longest);
  EXPECT_EQ(map.back(), 0x77) << "the byte behind the map was touched";
}

TEST(Tracker, TheInvariantNoticesABitTooManyOrTooFew) {
  uint8_t map[2] = {};
  wrt::Tracker tracker{};
  tracker.read(map, 3 * kRegion, kRegion);
  ASSERT_TRUE(tracker.holds(map, 2));
  for (int bit = 0; bit < 16; bit++) {
    map[bit / 8] = static_cast<uint8_t>(map[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(tracker.holds(map, 2)) << bit;
    map[bit / 8] = static_cast<uint8_t>(map[bit / 8] ^ (1 << (bit % 8)));
  }
  tracker.max_access = kRegion + 1;
  EXPECT_FALSE(tracker.holds(map, 2)) << "an access longer than all together";
}

TEST(Tracker, ClearingLeavesNothingOfTouchedAndUntouchedRegions) {
  uint8_t map[3] = {};
  wrt::Tracker tracker{};
  tracker.write(map, 9 * kRegion, 1);
  tracker.clear(map, 3);
  for (uint8_t byte : map) EXPECT_EQ(byte, 0);
  EXPECT_TRUE(tracker.holds(map, 3));
  EXPECT_EQ(tracker.writes, 0U);
}

TEST(Tracker, TheHistoryKeepsTheLastChangesTheOldestFirstAndTheLastRefusedRange) {
  wrt::Tracker tracker{};
  for (uint32_t count = 0; count <= 2 * WRT_MEM_CHANGES; count++) {
    wrt_mem_history history{};
    tracker.history(history);
    const uint32_t kept = count < WRT_MEM_CHANGES ? count : WRT_MEM_CHANGES;
    ASSERT_EQ(history.count, kept);
    for (uint32_t i = 0; i < kept; i++) {
      EXPECT_EQ(history.changes[i].from, count - kept + i);
      EXPECT_EQ(history.changes[i].to, count - kept + i + 1);
      EXPECT_EQ(history.changes[i].status, i % 2 == (count - kept) % 2 ? WRT_OK : WRT_ERR_LIMIT);
    }
    tracker.change(count, count + 1, count % 2 == 0 ? WRT_OK : WRT_ERR_LIMIT);
  }
  tracker.deny(5, 6);
  tracker.deny(7, 8);
  wrt_mem_history history{};
  tracker.history(history);
  EXPECT_EQ(history.denied_offset, 7U);
  EXPECT_EQ(history.denied_len, 8U);
}

TEST(Tracker, TheInvariantNoticesAnAccessLongerThanAllThatWasMoved) {
  uint8_t map[2] = {};
  wrt::Tracker tracker{};
  tracker.write(map, 0, 9);
  ASSERT_TRUE(tracker.holds(map, 2));
  tracker.max_access = 10;
  EXPECT_FALSE(tracker.holds(map, 2));
}

}  // namespace
