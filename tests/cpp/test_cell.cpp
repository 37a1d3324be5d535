// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/cell.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>
#include <vector>

namespace {

constexpr uint32_t kWidths[] = {1, 2, 4, 8};
constexpr uint64_t kNumbers[] = {0, 1, 0x7f, 0x80, 0xff, 0x1234, 0x89abcdef, 0x123456789abcdef0, UINT64_MAX};

uint64_t cut(uint64_t value, uint32_t width) { return width == 8 ? value : value & ((uint64_t{1} << (8 * width)) - 1); }

uint64_t in_memory(const uint8_t *at, uint32_t width) {
  uint64_t value = 0;
  for (uint32_t i = width; i > 0; i--) value = value << 8 | at[i - 1];
  return value;
}

struct Place {
  alignas(8) uint8_t bytes[24];

  Place() { std::memset(bytes, 0xC3, sizeof bytes); }
  uint8_t *at() { return bytes + 8; }
  bool untouched_but(uint32_t width) const {
    for (size_t i = 0; i < sizeof bytes; i++) {
      if ((i < 8 || i >= 8 + width) && bytes[i] != 0xC3) return false;
    }
    return true;
  }
};

TEST(Cell, StoresAndLoadsItsWidthInLittleEndianAndNothingElse) {
  for (uint32_t width : kWidths) {
    for (uint64_t number : kNumbers) {
      Place place;
      wrt::with_cell(place.at(), width, [&](auto cell) { cell.store(number); });
      EXPECT_EQ(in_memory(place.at(), width), cut(number, width));
      EXPECT_TRUE(place.untouched_but(width)) << width;
      const uint64_t loaded = wrt::with_cell(place.at(), width, [](auto cell) { return cell.load(); });
      EXPECT_EQ(loaded, cut(number, width));
    }
  }
}

uint64_t combined(int32_t op, uint64_t old, uint64_t operand) {
  switch (op) {
    case WRT_ATOMIC_ADD:
      return old + operand;
    case WRT_ATOMIC_SUB:
      return old - operand;
    case WRT_ATOMIC_AND:
      return old & operand;
    case WRT_ATOMIC_OR:
      return old | operand;
    case WRT_ATOMIC_XOR:
      return old ^ operand;
    default:
      return operand;
  }
}

TEST(Cell, EveryOperationGivesTheOldValueAndLeavesTheNewOneCutToTheWidth) {
  for (uint32_t width : kWidths) {
    for (int32_t op = WRT_ATOMIC_ADD; op <= WRT_ATOMIC_XCHG; op++) {
      for (uint64_t before : kNumbers) {
        for (uint64_t operand : kNumbers) {
          Place place;
          wrt::with_cell(place.at(), width, [&](auto cell) { cell.store(before); });
          const uint64_t old = wrt::with_cell(place.at(), width, [&](auto cell) { return cell.rmw(op, operand); });
          EXPECT_EQ(old, cut(before, width));
          EXPECT_EQ(in_memory(place.at(), width), cut(combined(op, before, operand), width));
          EXPECT_TRUE(place.untouched_but(width));
        }
      }
    }
  }
}

TEST(Cell, CompareAndExchangeCutsWhatIsExpectedAndSaysWhetherItStored) {
  for (uint32_t width : kWidths) {
    for (uint64_t before : kNumbers) {
      for (uint64_t expected : kNumbers) {
        Place place;
        bool stored = false;
        wrt::with_cell(place.at(), width, [&](auto cell) { cell.store(before); });
        const uint64_t old =
            wrt::with_cell(place.at(), width, [&](auto cell) { return cell.cmpxchg(expected, ~before, stored); });
        const bool equal = cut(before, width) == cut(expected, width);
        EXPECT_EQ(stored, equal);
        EXPECT_EQ(old, cut(before, width));
        EXPECT_EQ(in_memory(place.at(), width), cut(equal ? ~before : before, width));
        EXPECT_TRUE(place.untouched_but(width));
      }
    }
  }
}

TEST(Cell, NoUpdateIsLostUnderThreads) {
  for (uint32_t width : kWidths) {
    alignas(8) uint8_t bytes[8] = {};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; i++) {
      threads.emplace_back([&] {
        for (int step = 0; step < 5000; step++) {
          wrt::with_cell(bytes, width, [](auto cell) { return cell.rmw(WRT_ATOMIC_ADD, 3); });
        }
      });
    }
    for (std::thread &thread : threads) thread.join();
    EXPECT_EQ(in_memory(bytes, width), cut(8 * 5000 * 3, width));
  }
}

}  // namespace
