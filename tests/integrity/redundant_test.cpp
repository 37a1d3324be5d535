// SPDX-License-Identifier: Apache-2.0 OR MIT
// REDUNDANT: a second copy, far from the first, and repair in both directions.
#include "world.hpp"

using namespace integrity;

namespace {

constexpr uint64_t kLen = 3 * kBlockLen + 9;

struct Redundant : OnTier {};
INSTANTIATE_TEST_SUITE_P(Integrity, Redundant, testing::ValuesIn(kTiers), tier_of);

TEST_P(Redundant, EveryBadBitOfTheFirstCopyIsMendedFromTheSecond) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_REDUNDANT, kLen);
  const std::vector<uint8_t> model = fill_randomly(mem);
  uint8_t *bytes = raw(mem);
  for (uint64_t bit = 0; bit < kLen * 8; bit += kStep) {
    bytes[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
    ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
    ASSERT_EQ(bytes[bit / 8], model[bit / 8]);
    ASSERT_EQ(stats_of(mem).repaired_blocks, bit / kStep + 1);
  }
  EXPECT_EQ(stats_of(mem).corrupt_blocks, 0U);
  expect_sound(mem);
}

TEST_P(Redundant, EveryBadBitOfTheSecondCopyIsMendedFromTheFirst) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_REDUNDANT, kLen);
  const std::vector<uint8_t> model = fill_randomly(mem);
  uint8_t *bytes = second_raw(mem);
  for (uint64_t bit = 0; bit < kLen * 8; bit += kStep) {
    bytes[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
    ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
    ASSERT_EQ(bytes[bit / 8], model[bit / 8]);
    ASSERT_EQ(stats_of(mem).repaired_blocks, bit / kStep + 1);
  }
  EXPECT_EQ(stats_of(mem).corrupt_blocks, 0U);
  EXPECT_EQ(bytes_of(mem), model);
  expect_sound(mem);
}

TEST_P(Redundant, BadCheckValuesOfEitherCopyAreMended) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_REDUNDANT, kLen);
  const std::vector<uint8_t> model = fill_randomly(mem);
  for (uint32_t *checks : {checks_of(mem), second_checks_of(mem)}) {
    for (uint64_t block = 0; block < wrt::block_count(kLen); block++) {
      checks[block] ^= 0x80000001;
      ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
      ASSERT_NO_FATAL_FAILURE(expect_sound(mem));
    }
  }
  EXPECT_EQ(stats_of(mem).repaired_blocks, 2 * wrt::block_count(kLen));
  EXPECT_EQ(bytes_of(mem), model);
}

TEST_P(Redundant, OnlyABlockThatIsBadInBothCopiesIsCorrupt) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_REDUNDANT, kLen);
  const std::vector<uint8_t> model = fill_randomly(mem);
  for (uint64_t block = 0; block < wrt::block_count(kLen); block++) {
    const uint64_t at = block * kBlockLen;
    ASSERT_EQ(wrt_mem_clear_stats(mem), WRT_OK);
    raw(mem)[at] ^= 1;
    second_raw(mem)[at + 2] ^= 1;
    uint64_t first_bad = 1;
    EXPECT_EQ(wrt_mem_verify(mem, &first_bad), WRT_ERR_CORRUPT);
    EXPECT_EQ(first_bad, at);
    uint8_t out = 0x11;
    EXPECT_EQ(wrt_mem_read(mem, at, &out, 1), WRT_ERR_CORRUPT);
    EXPECT_EQ(out, 0x11);
    EXPECT_EQ(stats_of(mem).corrupt_blocks, 2U);
    EXPECT_EQ(stats_of(mem).repaired_blocks, 0U);
    raw(mem)[at] ^= 1;  // now the second alone is bad
    EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
    EXPECT_EQ(stats_of(mem).repaired_blocks, 1U);
    ASSERT_EQ(bytes_of(mem), model);
    ASSERT_NO_FATAL_FAILURE(expect_sound(mem));
  }
}

TEST_P(Redundant, OfTwoCopiesThatAreEachGoodButDifferTheSecondBecomesTheFirst) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_REDUNDANT, kLen);
  const std::vector<uint8_t> model = fill_randomly(mem);
  uint8_t *second = second_raw(mem);
  second[5] ^= 1;
  second_checks_of(mem)[0] = wrt::crc::slow(0, second, kBlockLen);
  EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
  EXPECT_EQ(stats_of(mem).repaired_blocks, 1U);
  EXPECT_EQ(bytes_of(mem), model);
  expect_sound(mem);
}

TEST_P(Redundant, DifferentBlocksMayBeBadInEachCopy) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_REDUNDANT, kLen);
  const std::vector<uint8_t> model = fill_randomly(mem);
  for (uint64_t at = 0; at < kLen; at++) {
    uint8_t *copy = at / kBlockLen % 2 == 0 ? raw(mem) : second_raw(mem);
    copy[at] ^= 0xff;
  }
  EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
  EXPECT_EQ(stats_of(mem).repaired_blocks, wrt::block_count(kLen));
  EXPECT_EQ(bytes_of(mem), model);
  expect_sound(mem);
}

TEST_P(Redundant, EveryAccessMendsWhatItTouchesBeforeItHappens) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_REDUNDANT, kLen);
  std::vector<uint8_t> model = fill_randomly(mem);
  wrt_mem *other = world.make(WRT_VERIFY_OFF, kLen);
  const auto spoil = [&] { raw(mem)[5] ^= 0x40; };
  uint8_t byte = 0;
  uint64_t word = 0;
  void *data = nullptr;
  int32_t same = 0;
  spoil();
  EXPECT_EQ(wrt_mem_read(mem, 5, &byte, 1), WRT_OK);
  EXPECT_EQ(byte, model[5]);
  spoil();
  EXPECT_EQ(wrt_mem_write(mem, 9, &byte, 1), WRT_OK);
  model[9] = byte;
  EXPECT_EQ(raw(mem)[5], model[5]);
  spoil();
  EXPECT_EQ(wrt_mem_fill(mem, 10, 0, 1), WRT_OK);
  model[10] = 0;
  EXPECT_EQ(raw(mem)[5], model[5]);
  spoil();
  EXPECT_EQ(wrt_mem_copy(other, 0, mem, 0, kLen), WRT_OK);
  EXPECT_EQ(bytes_of(other), model);
  spoil();
  EXPECT_EQ(wrt_mem_equal(mem, other, &same), WRT_OK);
  EXPECT_EQ(same, 1);
  spoil();
  EXPECT_EQ(wrt_mem_atomic_load(mem, 0, 8, &word), WRT_OK);
  EXPECT_EQ(std::memcmp(raw(mem), model.data(), 8), 0);
  spoil();
  EXPECT_EQ(wrt_mem_borrow(mem, 5, 1, WRT_BORROW_READ, &data), WRT_OK);
  EXPECT_EQ(*static_cast<uint8_t *>(data), model[5]);
  ASSERT_EQ(wrt_mem_release(mem, data, 1), WRT_OK);
  spoil();
  wrt_mem *clone = nullptr;
  ASSERT_EQ(wrt_mem_clone(mem, &clone), WRT_OK);
  world.adopt(clone);
  EXPECT_EQ(bytes_of(clone), model);
  expect_sound(clone);
  EXPECT_EQ(stats_of(mem).repaired_blocks, 8U);
  EXPECT_EQ(stats_of(clone).repaired_blocks, 0U) << "a clone starts its statistics afresh";
  EXPECT_EQ(bytes_of(mem), model);
  expect_sound(mem);
}

TEST_P(Redundant, RepairsWhileABorrowIsOut) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_REDUNDANT, kLen);
  const std::vector<uint8_t> model = fill_randomly(mem);
  void *data = nullptr;
  ASSERT_EQ(wrt_mem_borrow(mem, kBlockLen, 4, WRT_BORROW_WRITE, &data), WRT_OK);
  raw(mem)[0] ^= 1;
  second_raw(mem)[2 * kBlockLen] ^= 1;
  EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
  EXPECT_EQ(stats_of(mem).repaired_blocks, 2U);
  EXPECT_EQ(stats_of(mem).skipped_blocks, 1U);
  ASSERT_EQ(wrt_mem_release(mem, data, 4), WRT_OK);
  EXPECT_EQ(bytes_of(mem), model);
  expect_sound(mem);
}

TEST_P(Redundant, AWriteNearABadBlockMendsItFirst) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_REDUNDANT, kLen);
  std::vector<uint8_t> model = fill_randomly(mem);
  for (uint64_t from = 0; from < kBlockLen; from += kStep) {
    for (uint64_t n = 1; n <= kBlockLen - from; n += 3 * kStep) {
      uint8_t *bad = (from + n) % 2 == 0 ? raw(mem) : second_raw(mem);
      bad[11] ^= 0x20;
      const std::vector<uint8_t> fresh = random_bytes(static_cast<size_t>(n), static_cast<uint32_t>(n));
      ASSERT_EQ(wrt_mem_write(mem, from, fresh.data(), fresh.size()), WRT_OK);
      std::copy(fresh.begin(), fresh.end(), model.begin() + static_cast<ptrdiff_t>(from));
      ASSERT_EQ(bytes_of(mem), model) << from << ", " << n;
      ASSERT_NO_FATAL_FAILURE(expect_sound(mem)) << from << ", " << n;
    }
  }
}

TEST_P(Redundant, AWriteToABlockThatIsBadInBothCopiesIsRefusedUnlessItCoversIt) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_REDUNDANT, kLen);
  fill_randomly(mem);
  raw(mem)[1] ^= 1;
  second_raw(mem)[1] ^= 1;
  const std::vector<uint8_t> fresh = random_bytes(kBlockLen, 5);
  const std::vector<uint8_t> before(raw(mem), raw(mem) + kLen);
  EXPECT_EQ(wrt_mem_write(mem, 20, fresh.data(), 4), WRT_ERR_CORRUPT);
  EXPECT_EQ(std::vector<uint8_t>(raw(mem), raw(mem) + kLen), before);
  EXPECT_EQ(wrt_mem_write(mem, 0, fresh.data(), kBlockLen), WRT_OK);
  EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
  expect_sound(mem);
}

TEST_P(Redundant, TheCopiesLieApart) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_REDUNDANT, kRoom);
  const uint8_t *first = raw(mem);
  const uint8_t *second = second_raw(mem);
  const size_t apart = static_cast<size_t>(first < second ? second - first : first - second);
  EXPECT_GE(apart, kRoom);
}

// ---- pools

TEST(RedundantOnAPool, TakesTwoSlotsAndGivesBothBack) {
  World world(WRT_TIER_STATIC);
  wrt_mem *mem = world.make(WRT_VERIFY_REDUNDANT, kLen);
  EXPECT_EQ(world.slots_used(), 2U);
  wrt_mem *clone = nullptr;
  ASSERT_EQ(wrt_mem_clone(mem, &clone), WRT_OK);
  EXPECT_EQ(world.slots_used(), 4U);
  ASSERT_EQ(wrt_mem_set_verify(clone, WRT_VERIFY_FULL), WRT_OK);
  EXPECT_EQ(world.slots_used(), 3U);
  ASSERT_EQ(wrt_mem_set_verify(clone, WRT_VERIFY_REDUNDANT), WRT_OK);
  EXPECT_EQ(world.slots_used(), 4U);
  ASSERT_EQ(wrt_mem_destroy(clone), WRT_OK);
  EXPECT_EQ(world.slots_used(), 2U);
  ASSERT_EQ(wrt_mem_destroy(mem), WRT_OK);
  EXPECT_EQ(world.slots_used(), 0U);
}

TEST(RedundantOnAPool, OneFreeSlotIsNotEnough) {
  World world(WRT_TIER_STATIC, 4);
  wrt_mem *mem = world.make(WRT_VERIFY_REDUNDANT, kLen);
  wrt_mem *single = world.make(WRT_VERIFY_FULL, kLen);
  const std::vector<uint8_t> contents = fill_randomly(mem);
  EXPECT_EQ(world.slots_used(), 3U);
  auto *out = reinterpret_cast<wrt_mem *>(0x5eed);
  const wrt_mem_config config = world.config(WRT_VERIFY_REDUNDANT, kLen);
  EXPECT_EQ(wrt_mem_create_config(&config, &out), WRT_ERR_POOL_EXHAUSTED);
  EXPECT_EQ(wrt_mem_clone(mem, &out), WRT_ERR_POOL_EXHAUSTED);
  EXPECT_EQ(out, reinterpret_cast<wrt_mem *>(0x5eed));
  EXPECT_EQ(world.slots_used(), 3U);
  wrt_mem *last = world.make(WRT_VERIFY_BASIC, kLen);
  EXPECT_EQ(wrt_mem_set_verify(single, WRT_VERIFY_REDUNDANT), WRT_ERR_POOL_EXHAUSTED);
  EXPECT_EQ(wrt_mem_set_verify(last, WRT_VERIFY_REDUNDANT), WRT_ERR_POOL_EXHAUSTED);
  EXPECT_EQ(info_of(single).verify, WRT_VERIFY_FULL);
  EXPECT_EQ(info_of(last).verify, WRT_VERIFY_BASIC);
  expect_sound(single);
  expect_sound(last);
  EXPECT_EQ(bytes_of(mem), contents);
  ASSERT_EQ(wrt_mem_destroy(last), WRT_OK);
  ASSERT_EQ(wrt_mem_set_verify(single, WRT_VERIFY_REDUNDANT), WRT_OK);
  expect_sound(single);
}

TEST(RedundantOnAPool, ASlotThatHeldASecondCopyComesBackBlank) {
  World world(WRT_TIER_STATIC, 2);
  wrt_mem *mem = world.make(WRT_VERIFY_REDUNDANT, kRoom);
  fill_randomly(mem);
  second_raw(mem)[kRoom - 1] ^= 1;
  ASSERT_EQ(wrt_mem_destroy(mem), WRT_OK);
  for (int i = 0; i < 2; i++) {
    wrt_mem *next = world.make(WRT_VERIFY_FULL, kRoom);
    EXPECT_EQ(bytes_of(next), std::vector<uint8_t>(kRoom, 0));
    EXPECT_EQ(wrt_mem_verify(next, nullptr), WRT_OK);
    expect_sound(next);
  }
}

}  // namespace
