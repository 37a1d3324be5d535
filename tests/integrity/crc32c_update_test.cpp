// SPDX-License-Identifier: Apache-2.0 OR MIT
// A block's check value that is updated from the change is the one that recomputing would give: every small block and
// every change of it at compile time, by the definition; random blocks, by every way to compute it, at run time.
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

#include "cpp/core/crc32c.hpp"

using wrt::Crc32c;
namespace crc = wrt::crc;

namespace {

// ---- by the definition

/// The check value of old ^ new, with as many zeros behind as the block has.
constexpr uint32_t of_change(uint8_t before, uint8_t after, size_t zeros) {
  uint32_t value = crc::of_byte(0, static_cast<uint8_t>(before ^ after));
  for (size_t i = 0; i < zeros; i++) value = crc::of_byte(value, 0);
  return value;
}

// A block of three bytes: the one that is written takes all 256 values before and each power of two's change and the
// complement after it; the others take values that cover every bit.
constexpr bool updated_is_recomputed(size_t at, uint8_t other, uint32_t from, uint32_t to) {
  for (uint32_t before = from; before < to; before++) {
    uint8_t block[3] = {other, static_cast<uint8_t>(~other), 0x81};
    block[at] = static_cast<uint8_t>(before);
    const uint32_t old = crc::slow(0, block, 3);
    for (uint32_t change : {0x01U, 0x02U, 0x04U, 0x08U, 0x10U, 0x20U, 0x40U, 0x80U, 0xffU}) {
      block[at] = static_cast<uint8_t>(before ^ change);
      const uint32_t updated = old ^ of_change(static_cast<uint8_t>(before), block[at], 2 - at);
      if (updated != crc::slow(0, block, 3)) return false;
    }
  }
  return true;
}

// Compilers bound the steps of one evaluation: one for each quarter.
template <size_t At, uint8_t Other, uint32_t Quarter>
constexpr bool kQuarter = updated_is_recomputed(At, Other, Quarter * 64, Quarter * 64 + 64);
template <size_t At, uint8_t Other>
constexpr bool kUpdated =
    kQuarter<At, Other, 0> &&kQuarter<At, Other, 1> &&kQuarter<At, Other, 2> &&kQuarter<At, Other, 3>;
static_assert(kUpdated<0, 0x00> && kUpdated<0, 0xff> && kUpdated<0, 0x5a>);
static_assert(kUpdated<1, 0x00> && kUpdated<1, 0xff> && kUpdated<1, 0x5a>);
static_assert(kUpdated<2, 0x00> && kUpdated<2, 0xff> && kUpdated<2, 0x5a>);

// All 65,536 pairs of a byte before and after, in a block of one byte: the whole of it, with nothing left out.
constexpr bool every_pair_of_bytes(uint32_t from, uint32_t to) {
  for (uint32_t before = from; before < to; before++) {
    for (uint32_t after = 0; after < 256; after++) {
      const auto a = static_cast<uint8_t>(before);
      const auto b = static_cast<uint8_t>(after);
      if ((crc::of_byte(0, a) ^ of_change(a, b, 0)) != crc::of_byte(0, b)) return false;
    }
  }
  return true;
}
static_assert(every_pair_of_bytes(0, 32));
static_assert(every_pair_of_bytes(32, 64));
static_assert(every_pair_of_bytes(64, 96));
static_assert(every_pair_of_bytes(96, 128));
static_assert(every_pair_of_bytes(128, 160));
static_assert(every_pair_of_bytes(160, 192));
static_assert(every_pair_of_bytes(192, 224));
static_assert(every_pair_of_bytes(224, 256));

TEST(Crc32cUpdate, OfEverySmallBlockIsWhatRecomputingGives) {
  EXPECT_TRUE(every_pair_of_bytes(0, 256));
  for (size_t at = 0; at < 3; at++) EXPECT_TRUE(updated_is_recomputed(at, 0x5a, 0, 256));
}

// ---- by every way to compute it

class Way : public testing::TestWithParam<size_t> {
 protected:
  const Crc32c &way() const { return *wrt::crc32c_variant(GetParam()); }
};

size_t ways() {
  size_t count = 0;
  while (wrt::crc32c_variant(count) != nullptr) count++;
  return count;
}
INSTANTIATE_TEST_SUITE_P(Crc32cUpdate, Way, testing::Range(size_t{0}, ways()));

// A history of writes to one block: the value is only ever updated, and compared with the definition after each.
TEST_P(Way, UpdatedOverAHistoryOfRandomWritesIsWhatRecomputingGives) {
  std::mt19937 random(20);
  for (const size_t block : {size_t{64}, size_t{128}, size_t{256}, size_t{512}}) {
    if (block > wrt::Crc32c::kMostShift) continue;  // of a build with longer blocks
    std::vector<uint8_t> bytes(block);
    uint32_t value = 0;  // of zeros
    for (int step = 0; step < 3000; step++) {
      const size_t from = random() % (block + 1);
      const size_t n = random() % (block - from + 1);
      std::vector<uint8_t> piece(n);
      for (uint8_t &byte : piece) byte = static_cast<uint8_t>(random());
      value ^= way().of_change(bytes.data() + from, piece.data(), n, block - from - n);
      if (n != 0) std::memcpy(bytes.data() + from, piece.data(), n);
      ASSERT_EQ(value, crc::slow(0, bytes.data(), block)) << block << ": " << from << ", " << n;
    }
  }
}

// What an update must not do: bless a corruption that happened elsewhere in the block.
TEST_P(Way, AnUpdateKeepsACorruptionElsewhereInTheBlockVisible) {
  std::mt19937 random(21);
  uint8_t bytes[64];
  for (size_t flipped = 0; flipped < 64 * 8; flipped++) {
    for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random());
    uint32_t value = crc::slow(0, bytes, 64);
    bytes[flipped / 8] ^= static_cast<uint8_t>(1 << flipped % 8);
    const uint8_t piece[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    const size_t from = random() % 57;
    value ^= way().of_change(bytes + from, piece, 8, 56 - from);
    std::memcpy(bytes + from, piece, 8);
    EXPECT_NE(value, crc::slow(0, bytes, 64)) << flipped;
  }
}

}  // namespace
