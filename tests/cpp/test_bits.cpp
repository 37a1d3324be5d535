// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/bits.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

template <class Word>
void expect_each_count_of_zeros() {
  for (uint32_t i = 0; i < 8 * sizeof(Word); i++) {
    const auto bit = static_cast<Word>(Word{1} << i);
    EXPECT_EQ(wrt::trailing_zeros(bit), i);
    EXPECT_EQ(wrt::trailing_zeros(static_cast<Word>(~Word{0} << i)), i);
    EXPECT_EQ(wrt::trailing_zeros(static_cast<Word>(~(bit - Word{1}))), i);
  }
}

TEST(Bits, TheZerosBelowTheLowestBitAreCountedInEveryWidth) {
  expect_each_count_of_zeros<uint8_t>();
  expect_each_count_of_zeros<uint16_t>();
  expect_each_count_of_zeros<uint32_t>();
  expect_each_count_of_zeros<uint64_t>();
}

TEST(Bits, AShiftByEveryDistanceIsThatOfTheLanguage) {
  for (uint64_t value : {uint64_t{0}, uint64_t{1}, uint64_t{0x123456789abcdef0}, UINT64_MAX}) {
    for (uint32_t n = 0; n < 64; n++) {
      EXPECT_EQ(wrt::shift_left(value, n), value << n) << n;
      EXPECT_EQ(wrt::shift_right(value, n), value >> n) << n;
    }
  }
}

TEST(Bits, AProductIsGivenIffItIsAtMostTheMost) {
  const size_t half = size_t{1} << (4 * sizeof(size_t));
  const size_t numbers[] = {
      0, 1, 3, half - 1, half, half + 1, half + 2, 3 * half, SIZE_MAX / 3, SIZE_MAX / 2, SIZE_MAX - 1, SIZE_MAX};
  for (size_t a : numbers) {
    for (size_t b : numbers) {
      for (size_t most : numbers) {
        const bool fits = a == 0 || b <= most / a;
        size_t product = 77;
        ASSERT_EQ(wrt::multiply(a, b, most, product), fits) << a << " * " << b << " <= " << most;
        if (fits) {
          ASSERT_EQ(product, a * b);
        }
      }
    }
  }
}

TEST(Bits, BytesAreEqualIffNoneDiffersAtAnyLengthAndAlignment) {
  EXPECT_TRUE(wrt::equal_bytes(nullptr, nullptr, 0));
  alignas(16) uint8_t a[64] = {};
  alignas(16) uint8_t b[64] = {};
  for (size_t at = 0; at < 9; at++) {
    for (size_t n = 0; n <= 40; n++) {
      EXPECT_TRUE(wrt::equal_bytes(a + at, b, n));
      for (size_t i = 0; i < n; i++) {
        b[i] = 1;
        EXPECT_FALSE(wrt::equal_bytes(a + at, b, n)) << i;
        b[i] = 0;
      }
      b[n] = 1;
      EXPECT_TRUE(wrt::equal_bytes(a + at, b, n)) << "the byte behind is not looked at";
      b[n] = 0;
    }
  }
}

}  // namespace
