// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/alloc_source.hpp"

#include <gtest/gtest.h>

extern "C" {
#include "../capi/checked_heap.h"
}

namespace {

using wrt::AllocSource;
using wrt::Extent;

constexpr uint64_t kUnit = 4096;

class AllocSourceOver : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override { heap_open(&heap_); }
  void TearDown() override {
    heap_check(&heap_);
    EXPECT_EQ(heap_.fault, nullptr) << heap_.fault;
    EXPECT_EQ(heap_.live_blocks, 0U) << "a block was not given back";
    heap_close(&heap_);
  }

  AllocSource::Backing bound() {
    return AllocSource::bind(GetParam() ? heap_allocator(&heap_) : heap_allocator_without_reallocate(&heap_));
  }
  wrt_status become(uint64_t len, uint64_t max_len, Extent &extent, AllocSource::Backing &backing) {
    if (len < extent.bytes.len) {
      AllocSource::cut(len, extent, backing);
      return WRT_OK;
    }
    if (len > extent.bytes.cap) {
      if (wrt_status status = AllocSource::extend(len, max_len, extent, backing)) return status;
    }
    return wrt_k_grow(&extent.bytes, len);
  }

  checked_heap heap_{};
};

TEST_P(AllocSourceOver, ManyGrowthsByAPageCostLinearlyInAll) {
  constexpr uint64_t kPages = 2000;
  Extent extent{};
  AllocSource::Backing backing = bound();
  ASSERT_EQ(AllocSource::obtain({0, kPages * kUnit, 0, 0, false}, extent, backing), WRT_OK);
  EXPECT_EQ(heap_.calls, 0U) << "nothing is asked for before it is needed";
  EXPECT_NE(extent.bytes.base, nullptr);
  for (uint64_t pages = 1; pages <= kPages; pages++) {
    ASSERT_EQ(become(pages * kUnit, kPages * kUnit, extent, backing), WRT_OK);
    ASSERT_TRUE(extent.holds(kPages * kUnit));
    ASSERT_EQ(extent.bytes.base[pages * kUnit - 1], 0);
    extent.bytes.base[(pages - 1) * kUnit] = static_cast<uint8_t>(pages);
  }
  EXPECT_LE(heap_.calls, 40U);
  EXPECT_LE(heap_.bytes_moved, 4 * kPages * kUnit);
  EXPECT_LE(heap_.largest_size, kPages * kUnit) << "never more than the maximum";
  EXPECT_TRUE(wrt_k_mem_holds(&extent.bytes));
  for (uint64_t page = 0; page < kPages; page++)
    ASSERT_EQ(extent.bytes.base[page * kUnit], static_cast<uint8_t>(page + 1));
  AllocSource::give_back(extent, backing, false);
}

TEST_P(AllocSourceOver, BlocksWithOldContentsReadAsZero) {
  Extent extent{};
  AllocSource::Backing backing = bound();
  ASSERT_EQ(AllocSource::obtain({100, 100000, 0, 77, false}, extent, backing), WRT_OK);
  for (size_t i = 0; i < 77; i++) ASSERT_EQ(AllocSource::side(backing).at[i], 0);
  for (uint64_t len : {uint64_t{100}, uint64_t{5000}, uint64_t{10}, uint64_t{7000}, uint64_t{0}, uint64_t{100000}}) {
    ASSERT_EQ(become(len, 100000, extent, backing), WRT_OK);
    ASSERT_TRUE(wrt_k_mem_holds(&extent.bytes)) << "the room ahead is zero";
    EXPECT_EQ(reinterpret_cast<uintptr_t>(extent.bytes.base) % wrt::kBaseAlignment, 0U);
    wrt_k_set_bytes(extent.bytes.base, 0xEE, static_cast<size_t>(len));
  }
  AllocSource::wipe(10, 20, extent, backing);
  for (uint64_t i = 0; i < 100; i++) EXPECT_EQ(extent.bytes.base[i], i >= 10 && i < 30 ? 0 : 0xEE);
  AllocSource::give_back(extent, backing, true);
}

TEST_P(AllocSourceOver, WhereTheGenerousRequestIsRefusedTheExactOneIsTried) {
  Extent extent{};
  AllocSource::Backing backing = bound();
  ASSERT_EQ(AllocSource::obtain({kUnit, 100 * kUnit, 0, 0, false}, extent, backing), WRT_OK);
  extent.bytes.base[5] = 55;
  heap_.refuse_above = kUnit + 10;
  EXPECT_EQ(become(kUnit + 10, 100 * kUnit, extent, backing), WRT_OK);
  EXPECT_EQ(extent.capacity, kUnit + 10);
  const Extent before = extent;
  EXPECT_EQ(become(kUnit + 11, 100 * kUnit, extent, backing), WRT_ERR_OUT_OF_MEMORY);
  EXPECT_EQ(extent.bytes.base, before.bytes.base);
  EXPECT_EQ(extent.bytes.cap, before.bytes.cap);
  EXPECT_EQ(extent.bytes.base[5], 55);
  AllocSource::give_back(extent, backing, false);
}

TEST_P(AllocSourceOver, StableTakesItsMaximumAtOnce) {
  Extent extent{};
  AllocSource::Backing backing = bound();
  ASSERT_EQ(AllocSource::obtain({10, 100 * kUnit, 0, 0, true}, extent, backing), WRT_OK);
  EXPECT_EQ(extent.capacity, 100 * kUnit);
  EXPECT_EQ(AllocSource::committed(extent, backing), 100 * kUnit);
  EXPECT_EQ(heap_.calls, 1U);
  ASSERT_EQ(become(100 * kUnit, 100 * kUnit, extent, backing), WRT_OK);
  EXPECT_EQ(heap_.calls, 1U);
  AllocSource::give_back(extent, backing, false);
}

TEST_P(AllocSourceOver, ARefusedCreationGivesBackWhatItGotBefore) {
  Extent extent{};
  for (uint64_t nth : {1U, 2U}) {
    AllocSource::Backing backing = bound();
    heap_refuse_next(&heap_, nth);
    EXPECT_EQ(AllocSource::obtain({kUnit, kUnit, 0, 64, false}, extent, backing), WRT_ERR_OUT_OF_MEMORY);
    EXPECT_EQ(heap_.live_blocks, 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutReallocate, AllocSourceOver, testing::Bool());

}  // namespace
