// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/std_source.hpp"

#include <gtest/gtest.h>

#include "cpp/host/host.hpp"

namespace {

using wrt::Extent;
using wrt::Request;
using wrt::StdSource;

constexpr uint64_t kUnit = 65536;

struct Held {
  uint64_t max_len;
  Extent extent{};
  StdSource::Backing backing{};

  explicit Held(const Request &request) : max_len(request.max_len) {
    EXPECT_EQ(StdSource::obtain(request, extent, backing), WRT_OK);
  }
  Held(const Held &) = delete;
  Held &operator=(const Held &) = delete;
  ~Held() { StdSource::give_back(extent, backing, false); }

  bool holds() const {
    const uint64_t committed = StdSource::committed(extent, backing);
    return extent.holds(max_len) && wrt_k_mem_holds(&extent.bytes) && extent.bytes.len <= committed &&
           committed <= extent.capacity;
  }
  wrt_status become(uint64_t len) {
    if (len < extent.bytes.len) {
      StdSource::cut(len, extent, backing);
      return WRT_OK;
    }
    if (len > extent.bytes.cap) {
      if (wrt_status status = StdSource::extend(len, max_len, extent, backing)) return status;
    }
    return wrt_k_grow(&extent.bytes, len);
  }
};

TEST(StdSource, HoldsItsMaximumFromTheStartAndNeverMovesWithin) {
  Held held({kUnit, 64 * kUnit, 64 * kUnit, 0, false});
  const uint8_t *base = held.extent.bytes.base;
  EXPECT_EQ(reinterpret_cast<uintptr_t>(base) % wrt::host::page_len(), 0U);
  for (uint64_t len : {2 * kUnit, 64 * kUnit, uint64_t{1}, uint64_t{0}, 3 * kUnit + 5}) {
    ASSERT_EQ(held.become(len), WRT_OK);
    ASSERT_TRUE(held.holds());
    EXPECT_EQ(held.extent.bytes.base, base);
    wrt_k_set_bytes(held.extent.bytes.base, 0xEE, static_cast<size_t>(len));
  }
}

TEST(StdSource, GrowsPastItsReservationAndKeepsEveryByte) {
  Held held({5, 100 * kUnit, kUnit, 0, false});
  EXPECT_LT(held.extent.capacity, 100 * kUnit);
  uint64_t len = 5;
  for (uint64_t i = 0; i < 5; i++) held.extent.bytes.base[i] = static_cast<uint8_t>(i + 1);
  while (len < 100 * kUnit) {
    len = wrt::least(len * 3 + 7, 100 * kUnit);
    ASSERT_EQ(held.become(len), WRT_OK);
    ASSERT_TRUE(held.holds());
    for (uint64_t i = 0; i < 5; i++) ASSERT_EQ(held.extent.bytes.base[i], i + 1);
    for (uint64_t i = 5; i < len; i += 997) ASSERT_EQ(held.extent.bytes.base[i], 0);
  }
}

TEST(StdSource, WhatIsWipedReadsAsZeroAndNothingElseDoes) {
  const uint64_t page = wrt::host::page_len();
  const uint64_t len = 5 * page + 100;
  for (uint64_t offset : {uint64_t{0}, uint64_t{1}, page - 1, page, page + 1, 3 * page, len - 1, len}) {
    for (uint64_t n : {uint64_t{0}, uint64_t{1}, page - 1, page, page + 1, 2 * page + 50, len}) {
      if (offset + n > len) continue;
      Held held({len, 8 * page, 8 * page, 0, false});
      wrt_k_set_bytes(held.extent.bytes.base, 0xEE, static_cast<size_t>(len));
      StdSource::wipe(offset, n, held.extent, held.backing);
      for (uint64_t i = 0; i < len; i++) {
        ASSERT_EQ(held.extent.bytes.base[i], i >= offset && i < offset + n ? 0 : 0xEE)
            << offset << ' ' << n << ' ' << i;
      }
      ASSERT_TRUE(held.holds());
    }
  }
}

TEST(StdSource, GivesZeroedBytesOfItsOwnBesideTheMemory) {
  Held held({kUnit, 4 * kUnit, 4 * kUnit, 5000, false});
  const wrt::Side side = StdSource::side(held.backing);
  ASSERT_NE(side.at, nullptr);
  EXPECT_EQ(side.len, 5000U);
  for (size_t i = 0; i < side.len; i++) ASSERT_EQ(side.at[i], 0);
  wrt_k_set_bytes(side.at, 0xEE, side.len);
  EXPECT_TRUE(held.holds());
  EXPECT_EQ(StdSource::side(Held({0, 0, 0, 0, false}).backing).at, nullptr);
}

TEST(StdSource, AMemoryThatCanNeverHaveAByteStillHasABase) {
  Held held({0, 0, 0, 0, false});
  EXPECT_NE(held.extent.bytes.base, nullptr);
  EXPECT_EQ(held.extent.capacity, 0U);
  EXPECT_TRUE(held.holds());
}

#if UINTPTR_MAX > 0xffffffffu  // the request must fit a size
TEST(StdSource, WhatNoHostCanMapIsOutOfMemory) {
  Extent extent{};
  StdSource::Backing backing{};
  const uint64_t much = StdSource::max_len();
  EXPECT_EQ(StdSource::obtain({much, much, much, 0, false}, extent, backing), WRT_ERR_OUT_OF_MEMORY);
  EXPECT_EQ(StdSource::obtain({0, much, much, 0, true}, extent, backing), WRT_ERR_OUT_OF_MEMORY);
}
#endif

}  // namespace
