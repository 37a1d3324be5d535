// SPDX-License-Identifier: Apache-2.0 OR MIT
// Blocks under one check value: what is found with certainty, proved over every block of the configured length.
//
// An error in a block and its check value is a set of flipped bits. CRC-32C is linear, so it goes unnoticed exactly
// when the syndromes of its bits cancel out: when their exclusive or is 0. Here the syndromes of all bits are taken
// from the library, and what must not cancel out is tried in full.
#include "cpp/core/blocks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <random>
#include <vector>

#include "cpp/core/crc32c.hpp"
#include "cpp/core/extent.hpp"

using wrt::CheckedBytes;
using wrt::kBlockLen;

namespace {

/// Where longer blocks would take too long, every few bytes; odd, so that no alignment is left out.
constexpr uint64_t kStep = kBlockLen == 64 ? 1 : kBlockLen / 32 - 1;

constexpr size_t kDataBits = static_cast<size_t>(kBlockLen) * 8;

/// One block with its check value.
struct Block {
  std::vector<uint8_t> bytes = std::vector<uint8_t>(static_cast<size_t>(kBlockLen));
  uint32_t check = 0;

  explicit Block(uint32_t seed) {
    std::mt19937 random(seed);
    for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random());
    checked().seal(0, 1);
  }
  CheckedBytes checked() { return {bytes.data(), kBlockLen, &check}; }
  void flip(size_t bit) { bytes[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8)); }
};

/// The syndromes of the data bits in the order in which a CRC takes them, low bit of each byte first, and then those
/// of the check value's own bits.
std::vector<uint32_t> syndromes() {
  std::vector<uint32_t> all;
  Block block(1);
  for (size_t bit = 0; bit < kDataBits; bit++) {
    block.flip(bit);
    all.push_back(block.checked().check_value(0) ^ block.check);
    block.flip(bit);
  }
  for (int bit = 0; bit < 32; bit++) all.push_back(1U << bit);
  return all;
}

TEST(Blocks, ASyndromeDoesNotDependOnTheContents) {
  const std::vector<uint32_t> expected = syndromes();
  for (uint32_t seed = 2; seed < 10; seed++) {
    Block block(seed);
    for (size_t bit = 0; bit < kDataBits; bit++) {
      block.flip(bit);
      ASSERT_EQ(block.checked().check_value(0) ^ block.check, expected[bit]);
      block.flip(bit);
    }
  }
}

TEST(Blocks, EveryFlippedBitIsFound) {
  Block block(1);
  ASSERT_TRUE(block.checked().good(0));
  for (size_t bit = 0; bit < kDataBits; bit++) {
    block.flip(bit);
    ASSERT_FALSE(block.checked().good(0));
    ASSERT_EQ(block.checked().first_bad(0, 1), 0U);
    block.flip(bit);
  }
  for (int bit = 0; bit < 32; bit++) {
    block.check ^= 1U << bit;
    ASSERT_FALSE(block.checked().good(0));
    block.check ^= 1U << bit;
  }
  EXPECT_TRUE(block.checked().good(0));
}

TEST(Blocks, EveryTwoFlippedBitsAreFound) {
  Block block(1);
  constexpr size_t kStride = kDataBits / 512;  // all of them at 64 bytes; the next test has them all at any length
  for (size_t a = 0; a < kDataBits; a += kStride * kStride) {
    block.flip(a);
    for (size_t b = a + 1; b < kDataBits; b++) {
      block.flip(b);
      ASSERT_FALSE(block.checked().good(0)) << a << ", " << b;
      block.flip(b);
    }
    block.flip(a);
  }
}

// The polynomial has the factor x + 1, so that every syndrome has an odd number of ones: an odd number of them never
// cancels out.
TEST(Blocks, EveryOddNumberOfFlippedBitsIsFound) {
  for (const uint32_t syndrome : syndromes()) ASSERT_EQ(std::popcount(syndrome) % 2, 1);
}

// One is not 0; two are not the same; and no two pairs are, for if four cancelled out, two pairs of them would be.
TEST(Blocks, EveryTwoAndEveryFourFlippedBitsAreFoundInDataAndCheckValue) {
  const std::vector<uint32_t> one = syndromes();
  std::vector<uint32_t> pairs;
  pairs.reserve(one.size() * (one.size() - 1) / 2);
  for (size_t a = 0; a < one.size(); a++) {
    for (size_t b = a + 1; b < one.size(); b++) pairs.push_back(one[a] ^ one[b]);
  }
  std::sort(pairs.begin(), pairs.end());
  EXPECT_NE(pairs.front(), 0U);
  EXPECT_EQ(std::adjacent_find(pairs.begin(), pairs.end()), pairs.end());
  EXPECT_EQ(pairs.size(), (kDataBits + 32) * (kDataBits + 31) / 2);
}

// The same without the argument: all 26,683,744 sets of three at 64 bytes, none of which is 0, a single syndrome, or
// the sum of a pair. So no 3, 4 or 5 cancel out.
TEST(Blocks, NoThreeFlippedBitsLookLikeFewer) {
  if (kBlockLen != 64) return;
  const std::vector<uint32_t> one = syndromes();
  constexpr uint32_t kBits = 27;
  std::vector<uint64_t> maybe((size_t{1} << kBits) / 64);
  std::vector<uint32_t> fewer = {0};
  for (size_t a = 0; a < one.size(); a++) {
    fewer.push_back(one[a]);
    for (size_t b = a + 1; b < one.size(); b++) fewer.push_back(one[a] ^ one[b]);
  }
  std::sort(fewer.begin(), fewer.end());
  for (const uint32_t sum : fewer) maybe[(sum >> (32 - kBits)) / 64] |= uint64_t{1} << ((sum >> (32 - kBits)) % 64);
  size_t tried = 0;
  for (size_t a = 0; a < one.size(); a++) {
    for (size_t b = a + 1; b < one.size(); b++) {
      for (size_t c = b + 1; c < one.size(); c++) {
        const uint32_t sum = one[a] ^ one[b] ^ one[c];
        tried++;
        const uint32_t at = sum >> (32 - kBits);
        if ((maybe[at / 64] >> (at % 64) & 1) == 0) continue;
        ASSERT_FALSE(std::binary_search(fewer.begin(), fewer.end(), sum)) << a << ", " << b << ", " << c;
      }
    }
  }
  EXPECT_EQ(tried, 26683744U);
}

// The 32 syndromes of any 32 bits in a row are independent, so that no pattern in them cancels out: that is every burst
// of up to 32 bits, at every place.
TEST(Blocks, EveryBurstOfUpTo32BitsIsFound) {
  const std::vector<uint32_t> one = syndromes();
  const auto rank = [&](size_t first) {
    uint32_t by_top_bit[32] = {};
    int independent = 0;
    for (size_t i = first; i < first + 32; i++) {
      uint32_t rest = one[i];
      while (rest != 0) {
        uint32_t &held = by_top_bit[std::bit_width(rest) - 1];
        if (held == 0) {
          held = rest;
          independent++;
          break;
        }
        rest ^= held;
      }
    }
    return independent;
  };
  for (size_t first = 0; first + 32 <= kDataBits; first++) ASSERT_EQ(rank(first), 32) << first;
  EXPECT_EQ(rank(kDataBits), 32) << "the check value";
}

// The same once more, one by one: every pattern in every 16 bits in a row.
TEST(Blocks, EveryBurstOfUpTo16BitsIsFound) {
  const std::vector<uint32_t> one = syndromes();
  for (size_t first = 0; first + 16 <= kDataBits; first++) {
    uint32_t sum = 0;
    for (uint32_t pattern = 1; pattern < 0x10000; pattern++) {  // in the order of a Gray code
      sum ^= one[first + static_cast<size_t>(std::countr_zero(pattern))];
      if (sum == 0) FAIL() << first << ", " << pattern;
    }
  }
}

TEST(Blocks, RandomBurstsOfUpTo32BitsAreFoundInABlock) {
  Block block(5);
  std::mt19937 random(6);
  for (int i = 0; i < 100000; i++) {
    const size_t first = random() % (kDataBits - 31);
    const uint32_t pattern = static_cast<uint32_t>(random()) | 1;
    const auto apply = [&] {
      for (size_t bit = 0; bit < 32; bit++) {
        if ((pattern >> bit & 1) != 0) block.flip(first + bit);
      }
    };
    apply();
    ASSERT_FALSE(block.checked().good(0)) << first << ", " << pattern;
    apply();
  }
}

TEST(Blocks, RandomErrorsOfUpToFiveBitsAreFoundInABlock) {
  Block block(7);
  std::mt19937 random(8);
  for (int i = 0; i < 100000; i++) {
    std::vector<size_t> bits;
    const size_t count = 1 + random() % 5;
    while (bits.size() < count) {
      const size_t bit = random() % kDataBits;
      if (std::find(bits.begin(), bits.end(), bit) == bits.end()) bits.push_back(bit);
    }
    for (const size_t bit : bits) block.flip(bit);
    ASSERT_FALSE(block.checked().good(0));
    for (const size_t bit : bits) block.flip(bit);
  }
}

// ---- many blocks

/// A range of bytes with its check values; the last block may be short.
struct Range {
  std::vector<uint8_t> bytes;
  std::vector<uint32_t> checks;

  explicit Range(uint64_t len) : bytes(static_cast<size_t>(len)), checks(static_cast<size_t>(wrt::block_count(len))) {}
  CheckedBytes checked() { return {bytes.data(), bytes.size(), checks.data()}; }
  void randomize(uint32_t seed) {
    std::mt19937 random(seed);
    for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random());
    checked().seal(0, checks.size());
  }
  uint64_t first_bad() { return checked().first_bad(0, checks.size()); }
};

TEST(Blocks, ZerosOfAnyLengthHaveTheCheckValueZero) {
  for (uint64_t len = 0; len <= 2 * kBlockLen; len++) {
    Range range(len);
    ASSERT_EQ(range.first_bad(), range.checks.size()) << len;
    range.checked().seal(0, range.checks.size());
    for (const uint32_t check : range.checks) ASSERT_EQ(check, 0U);
  }
}

TEST(Blocks, AShortBlocksCheckValueIsThatOfAWholeOneWithZerosBehind) {
  Range whole(kBlockLen);
  for (uint64_t len = 1; len <= kBlockLen; len++) {
    Range part(len);
    part.randomize(static_cast<uint32_t>(len));
    std::fill(whole.bytes.begin(), whole.bytes.end(), uint8_t{0});
    std::copy(part.bytes.begin(), part.bytes.end(), whole.bytes.begin());
    ASSERT_EQ(part.checks[0], whole.checked().check_value(0)) << len;
    ASSERT_EQ(part.checks[0], wrt::crc::slow(0, whole.bytes.data(), whole.bytes.size())) << len;
  }
}

TEST(Blocks, TheFirstBadBlockIsFoundInAnyRangeOfBlocks) {
  Range range(11 * kBlockLen + 3);
  range.randomize(1);
  const uint64_t blocks = range.checks.size();
  for (uint64_t bad = 0; bad < blocks; bad++) {
    range.checks[static_cast<size_t>(bad)] ^= 1;
    for (uint64_t first = 0; first <= blocks; first++) {
      for (uint64_t last = first; last <= blocks; last++) {
        const uint64_t expected = bad >= first && bad < last ? bad : last;
        ASSERT_EQ(range.checked().first_bad(first, last), expected) << first << ", " << last;
      }
    }
    range.checks[static_cast<size_t>(bad)] ^= 1;
  }
}

TEST(Blocks, AnUpdateFromTheChangeIsWhatRecomputingGives) {
  const uint64_t kLen = 2 * kBlockLen + 5;
  Range range(kLen);
  range.randomize(1);
  Range source(kLen);
  std::mt19937 random(2);
  const auto recomputed = [&] {
    for (size_t block = 0; block < range.checks.size(); block++) {
      if (range.checks[block] != range.checked().check_value(block)) return false;
    }
    return true;
  };
  for (uint64_t from = 0; from <= kLen; from += kStep) {
    for (uint64_t n = 0; n <= kLen - from; n += kStep) {
      source.bytes[random() % source.bytes.size()] = static_cast<uint8_t>(random());
      range.checked().expect_write(from, source.bytes.data(), n);
      std::memcpy(range.bytes.data() + from, source.bytes.data(), static_cast<size_t>(n));
      ASSERT_TRUE(recomputed()) << from << ", " << n;
      range.checked().expect_fill(from / 2, static_cast<uint8_t>(n), n);
      std::memset(range.bytes.data() + from / 2, static_cast<uint8_t>(n), static_cast<size_t>(n));
      ASSERT_TRUE(recomputed()) << from << ", " << n;
    }
  }
}

TEST(Blocks, AnUpdateFromTheChangeKeepsACorruptionVisible) {
  Range range(kBlockLen);
  range.randomize(1);
  const std::vector<uint8_t> zeros(static_cast<size_t>(kBlockLen));
  for (uint64_t at = 0; at < kBlockLen; at += 3 * kStep) {
    for (uint64_t from = 0; from < kBlockLen; from += kStep) {
      for (uint64_t n = 1; n <= kBlockLen - from; n += 5 * kStep) {
        if (n == kBlockLen) continue;
        range.randomize(static_cast<uint32_t>(from));
        range.bytes[static_cast<size_t>(at)] ^= 0x08;
        range.checked().expect_write(from, zeros.data(), n);
        std::memset(range.bytes.data() + from, 0, static_cast<size_t>(n));
        ASSERT_FALSE(range.checked().good(0)) << at << ", " << from << ", " << n;
      }
    }
  }
}

TEST(Blocks, AWriteOverAWholeBlockSealsItAfresh) {
  for (const uint64_t len : {kBlockLen, kBlockLen - 9}) {
    Range range(len);
    Range source(len);
    source.randomize(4);
    range.checks[0] = 0x12345678;
    range.checked().expect_write(0, source.bytes.data(), len);
    EXPECT_EQ(range.checks[0], source.checks[0]);
    range.checks[0] = 0x12345678;
    range.checked().expect_fill(0, 0, len);
    EXPECT_EQ(range.checks[0], 0U);
  }
}

}  // namespace
