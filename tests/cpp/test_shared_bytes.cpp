// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/shared_bytes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace {

constexpr size_t kRoom = 64;
constexpr size_t kMost = 24;   // three words and more
constexpr size_t kPlaces = 9;  // every alignment to a word, and one more

struct alignas(16) Room {
  uint8_t at[kRoom];

  explicit Room(unsigned seed) {
    for (size_t i = 0; i < kRoom; i++) at[i] = static_cast<uint8_t>(seed + 7 * i);
  }
};

bool same(const Room &a, const Room &b) { return std::memcmp(a.at, b.at, kRoom) == 0; }

TEST(SharedBytes, APieceIsAlignedAndFitsAndIsAsLongAsCanBe) {
  for (uintptr_t place = 0; place < 40; place++) {
    for (size_t n = 1; n < 40; n++) {
      const size_t piece = wrt::piece_at(place, n);
      ASSERT_TRUE(piece == 1 || piece == 2 || piece == 4 || piece == 8);
      ASSERT_LE(piece, sizeof(uintptr_t));
      ASSERT_LE(piece, n);
      ASSERT_EQ(place % piece, 0U);
      const size_t next = 2 * piece;
      ASSERT_TRUE(next > sizeof(uintptr_t) || next > n || place % next != 0);
    }
  }
}

TEST(SharedBytes, ExactlyTheBytesThatAreAskedForAreMovedAtEveryAlignment) {
  for (size_t to = 0; to < kPlaces; to++) {
    for (size_t from = 0; from < kPlaces; from++) {
      for (size_t n = 0; n <= kMost; n++) {
        const Room source(1);
        Room want(99), got(99), put(99), moved(99);
        std::memcpy(want.at + to, source.at + from, n);
        wrt::get_shared(got.at + to, source.at + from, n);
        wrt::put_shared(put.at + to, source.at + from, n);
        wrt::move_shared(moved.at + to, source.at + from, n);
        ASSERT_TRUE(same(got, want) && same(put, want) && same(moved, want)) << to << " " << from << " " << n;
      }
    }
  }
}

TEST(SharedBytes, MovesThatOverlapAreThoseOfMemmove) {
  for (size_t to = 0; to <= 30; to++) {
    for (size_t from = 0; from <= 30; from++) {
      for (size_t n = 0; n <= kMost; n++) {
        Room want(3), got(3);
        std::memmove(want.at + to, want.at + from, n);
        wrt::move_shared(got.at + to, got.at + from, n);
        ASSERT_TRUE(same(got, want)) << to << " " << from << " " << n;
      }
    }
  }
}

TEST(SharedBytes, ExactlyTheBytesThatAreAskedForAreFilled) {
  for (size_t to = 0; to < kPlaces; to++) {
    for (size_t n = 0; n <= kMost; n++) {
      Room want(5), got(5);
      std::memset(want.at + to, 0xe7, n);
      wrt::fill_shared(got.at + to, 0xe7, n);
      ASSERT_TRUE(same(got, want)) << to << " " << n;
    }
  }
}

TEST(SharedBytes, AreEqualIffEachByteIs) {
  for (size_t n : {0U, 1U, 255U, 256U, 257U, 600U}) {
    const std::vector<uint8_t> one(n + 1, 42);
    std::vector<uint8_t> other = one;
    other[n] = 43;  // past the end
    ASSERT_TRUE(wrt::equal_shared(one.data(), other.data(), n));
    for (size_t i = 0; i < n; i += std::max<size_t>(1, n / 5)) {
      other[i] = 41;
      EXPECT_FALSE(wrt::equal_shared(one.data(), other.data(), n)) << n << " " << i;
      other[i] = 42;
    }
  }
}

}  // namespace
