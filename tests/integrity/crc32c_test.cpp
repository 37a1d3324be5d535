// SPDX-License-Identifier: Apache-2.0 OR MIT
// CRC-32C: published vectors, and every way to compute it against its definition bit by bit.
#include "cpp/core/crc32c.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

using wrt::Crc32c;
namespace crc = wrt::crc;

namespace {

// ---- the definition

constexpr uint32_t of(std::initializer_list<uint8_t> bytes) { return crc::slow(0, bytes.begin(), bytes.size()); }

static_assert(of({}) == 0 && of({0}) == 0 && of({0, 0, 0, 0, 0, 0, 0, 0}) == 0, "zeros have the check value 0");
static_assert(of({0x80}) == crc::kPolynomial, "the last bit sent is x^0, and stands for x^32");
static_assert((of({0x12, 0x34}) ^ of({0xff, 0x01})) == of({0x12 ^ 0xff, 0x34 ^ 0x01}), "it is linear");
static_assert((of({1, 0, 0}) ^ of({0, 2, 0}) ^ of({0, 0, 4})) == of({1, 2, 4}), "it is linear");
static_assert(of({0, 0, 7, 9}) == of({7, 9}), "leading zeros do not count");
static_assert(crc::slow(of({7, 9}), nullptr, 0) == of({7, 9}));
static_assert(crc::over_x(crc::times_x(0x12345678)) == 0x12345678 && crc::times_x(crc::over_x(1)) == 1);

constexpr bool linear_in_every_bit() {
  uint8_t bytes[4] = {0x5a, 0xc3, 0x00, 0xff};
  const uint32_t before = crc::slow(0, bytes, 4);
  for (int bit = 0; bit < 32; bit++) {
    uint8_t alone[4] = {};
    alone[bit / 8] = static_cast<uint8_t>(1 << (bit % 8));
    bytes[bit / 8] ^= alone[bit / 8];
    if ((crc::slow(0, bytes, 4) ^ before) != crc::slow(0, alone, 4)) return false;
    bytes[bit / 8] ^= alone[bit / 8];
  }
  return true;
}
static_assert(linear_in_every_bit());

// ---- the variants

struct Variant : testing::TestWithParam<size_t> {
  const Crc32c &way() const { return *wrt::crc32c_variant(GetParam()); }
};

size_t variant_count() {
  size_t count = 0;
  while (wrt::crc32c_variant(count) != nullptr) count++;
  return count;
}

INSTANTIATE_TEST_SUITE_P(Crc32c, Variant, testing::Range(size_t{0}, variant_count()), [](const auto &named) {
  return named.param + 1 == variant_count() ? std::string("tables") : std::string("native");
});

TEST(Crc32c, TheFastestIsChosenAndThePortableOneIsAlwaysThere) {
  ASSERT_GE(variant_count(), 1U);
  EXPECT_EQ(&wrt::crc32c(), wrt::crc32c_variant(0));
  EXPECT_EQ(wrt::crc32c_variant(variant_count() - 1), &wrt::kCrc32cPortable);
#ifdef __x86_64__
  if (__builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul")) {
    EXPECT_EQ(variant_count(), 2U);
    EXPECT_STREQ(wrt::crc32c().name, "crc32+pclmulqdq");
  }
#endif
}

/// What the published vectors give: initial value all ones, and inverted in the end.
uint32_t standard(const Crc32c &way, const std::vector<uint8_t> &bytes) {
  return ~way.of(0xffffffff, bytes.data(), bytes.size());
}

// RFC 3720, appendix B.4, and the check value of the catalogues of CRCs.
TEST_P(Variant, GivesThePublishedValues) {
  std::vector<uint8_t> ascending(32);
  for (size_t i = 0; i < 32; i++) ascending[i] = static_cast<uint8_t>(i);
  const std::vector<uint8_t> descending(ascending.rbegin(), ascending.rend());
  const std::vector<uint8_t> scsi_read_10 = {0x01, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                             0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00,
                                             0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x18, 0x28, 0x00, 0x00, 0x00,
                                             0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00};
  const char digits[] = "123456789";
  EXPECT_EQ(standard(way(), std::vector<uint8_t>(32, 0x00)), 0x8a9136aaU);
  EXPECT_EQ(standard(way(), std::vector<uint8_t>(32, 0xff)), 0x62a8ab43U);
  EXPECT_EQ(standard(way(), ascending), 0x46dd794eU);
  EXPECT_EQ(standard(way(), descending), 0x113fdb5cU);
  EXPECT_EQ(standard(way(), scsi_read_10), 0xd9963a56U);
  EXPECT_EQ(standard(way(), std::vector<uint8_t>(digits, digits + 9)), 0xe3069283U);
}

constexpr size_t kLongest = 600;
constexpr size_t kAlignments = 16;

/// `n` random bytes at an address that is `alignment` past a multiple of 16, with nothing behind them.
struct Bytes {
  std::unique_ptr<uint8_t[]> block;
  uint8_t *at;

  Bytes(size_t n, size_t alignment, uint32_t seed = 1) : block(new uint8_t[n + 2 * kAlignments]) {
    // from the end, so that a look past it is a look past the block
    const auto end = reinterpret_cast<uintptr_t>(block.get()) + n + 2 * kAlignments;
    at = block.get() + n + 2 * kAlignments - n - (end - n - alignment) % kAlignments;
    std::mt19937 random(seed);
    for (size_t i = 0; i < n; i++) at[i] = static_cast<uint8_t>(random());
  }
};

TEST_P(Variant, GivesTheDefinitionsValueAtEveryLengthAndAlignment) {
  for (size_t alignment = 0; alignment < kAlignments; alignment++) {
    const Bytes bytes(kLongest, alignment);
    uint32_t expected = 0;
    uint32_t continued = 0x89abcdef;
    for (size_t n = 0; n <= kLongest; n++) {
      ASSERT_EQ(way().of(0, bytes.at, n), expected) << n;
      ASSERT_EQ(way().of(0x89abcdef, bytes.at, n), continued) << n;
      if (n == kLongest) break;
      expected = crc::of_byte(expected, bytes.at[n]);
      continued = crc::of_byte(continued, bytes.at[n]);
    }
  }
}

TEST_P(Variant, ContinuesWhereItStopped) {
  const Bytes bytes(200, 3);
  const uint32_t whole = way().of(0, bytes.at, 200);
  for (size_t n = 0; n <= 200; n++) ASSERT_EQ(way().of(way().of(0, bytes.at, n), bytes.at + n, 200 - n), whole) << n;
}

TEST_P(Variant, LooksAtNothingBeyondTheEnd) {
  for (size_t n = 1; n <= 130; n++) {
    const std::unique_ptr<uint8_t[]> a(new uint8_t[n]());
    const std::unique_ptr<uint8_t[]> b(new uint8_t[n]());
    a[0] = 0x35;
    b[n - 1] ^= 0x53;
    std::vector<uint8_t> change(a.get(), a.get() + n);
    for (size_t i = 0; i < n; i++) change[i] ^= b[i];
    ASSERT_EQ(way().of(0, a.get(), n), crc::slow(0, a.get(), n));
    ASSERT_EQ(way().of_change(a.get(), b.get(), n, 0), crc::slow(0, change.data(), n));
  }
}

TEST_P(Variant, ShiftsByEveryNumberOfZeros) {
  const uint8_t zero = 0;
  for (int bit = 0; bit < 32; bit++) {
    uint32_t expected = 1U << bit;
    for (size_t n = 0; n <= Crc32c::kMostShift; n++) {
      ASSERT_EQ(way().shift(1U << bit, n), expected) << n;
      expected = crc::slow(expected, &zero, 1);
    }
  }
}

TEST_P(Variant, TakesTheChangeOfEveryPieceOfABlock) {
  std::mt19937 random(3);
  for (const size_t block : {size_t{64}, Crc32c::kMostShift}) {
    for (size_t i = 0; i < 6000; i++) {
      const size_t from = random() % (block + 1);
      const size_t n = random() % (block - from + 1);
      const Bytes before(block, random() % kAlignments, static_cast<uint32_t>(random()));
      const Bytes piece(n, random() % kAlignments, static_cast<uint32_t>(random()));
      std::vector<uint8_t> after(before.at, before.at + block);
      std::memcpy(after.data() + from, piece.at, n);
      const uint32_t change = way().of_change(before.at + from, piece.at, n, block - from - n);
      ASSERT_EQ(way().of(0, before.at, block) ^ change, crc::slow(0, after.data(), block)) << from << ", " << n;
    }
  }
}

TEST_P(Variant, EveryPieceOfASmallBlockIsUpdatedAsIfRecomputed) {
  constexpr size_t kBlock = 64;
  const Bytes before(kBlock, 0, 1);
  const Bytes source(kBlock, 0, 2);
  const uint32_t old = crc::slow(0, before.at, kBlock);
  for (size_t from = 0; from <= kBlock; from++) {
    for (size_t n = 0; n <= kBlock - from; n++) {
      uint8_t after[kBlock];
      std::memcpy(after, before.at, kBlock);
      std::memcpy(after + from, source.at, n);
      const uint32_t change = way().of_change(before.at + from, source.at, n, kBlock - from - n);
      ASSERT_EQ(old ^ change, crc::slow(0, after, kBlock)) << from << ", " << n;
    }
  }
}

TEST_P(Variant, PutsEveryPieceOfASmallBlockAndItsCheckValueFollows) {
  constexpr size_t kBlock = 64;
  const Bytes source(kBlock, 3, 2);
  for (size_t from = 0; from <= kBlock; from++) {
    for (size_t n = 0; n <= kBlock - from; n++) {
      const Bytes block(kBlock, 0, 1);
      uint8_t after[kBlock];
      std::memcpy(after, block.at, kBlock);
      std::memcpy(after + from, source.at, n);
      uint32_t check = crc::slow(0, block.at, kBlock);
      ASSERT_EQ(way().put(&check, block.at + from, source.at, n, kBlock - from - n), WRT_OK);
      ASSERT_EQ(std::memcmp(block.at, after, kBlock), 0) << from << ", " << n;
      ASSERT_EQ(check, crc::slow(0, after, kBlock)) << from << ", " << n;
    }
  }
}

// What is written may be bytes of the block itself, as memmove would have it.
TEST_P(Variant, PutsBytesOfTheSameBlock) {
  constexpr size_t kBlock = 64;
  for (size_t from = 0; from < kBlock; from += 3) {
    for (size_t to = 0; to < kBlock; to++) {
      const size_t most = kBlock - std::max(from, to);
      for (size_t n = 0; n <= most; n++) {
        const Bytes block(kBlock, 0, 1);
        uint8_t after[kBlock];
        std::memcpy(after, block.at, kBlock);
        std::memmove(after + to, after + from, n);
        uint32_t check = crc::slow(0, block.at, kBlock);
        ASSERT_EQ(way().put(&check, block.at + to, block.at + from, n, kBlock - to - n), WRT_OK);
        ASSERT_EQ(std::memcmp(block.at, after, kBlock), 0) << from << " to " << to << ", " << n;
        ASSERT_EQ(check, crc::slow(0, after, kBlock)) << from << " to " << to << ", " << n;
      }
    }
  }
}

TEST_P(Variant, CountsGoodBlocksUpToTheFirstBadOne) {
  for (const size_t block : {size_t{64}, size_t{128}, size_t{256}, size_t{512}}) {
    for (size_t count = 0; count <= 13; count++) {
      const Bytes bytes(count * block, 5);
      std::vector<uint32_t> checks(count);
      for (size_t i = 0; i < count; i++) checks[i] = crc::slow(0, bytes.at + i * block, block);
      ASSERT_EQ(way().good_blocks(bytes.at, checks.data(), count, block), count);
      for (size_t bad = 0; bad < count; bad++) {
        checks[bad] ^= 0x10000;
        ASSERT_EQ(way().good_blocks(bytes.at, checks.data(), count, block), bad) << count;
        if (bad + 1 < count) {
          checks[count - 1] ^= 0x10000;
          ASSERT_EQ(way().good_blocks(bytes.at, checks.data(), count, block), bad) << count;
          checks[count - 1] ^= 0x10000;
        }
        checks[bad] ^= 0x10000;
      }
    }
  }
}

}  // namespace
