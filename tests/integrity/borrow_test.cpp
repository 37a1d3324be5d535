// SPDX-License-Identifier: Apache-2.0 OR MIT
// The blocks of a write-borrow are open: not checked until release, which seals them from what is there.
#include "world.hpp"

using namespace integrity;

namespace {

constexpr uint64_t kLen = 4 * kBlockLen + 10;

struct Lending : OnTierAtLevel {};
INSTANTIATE_TEST_SUITE_P(Integrity, Lending,
                         testing::Combine(testing::ValuesIn(kTiers), testing::ValuesIn(kCheckedLevels)),
                         tier_and_level_of);

uint8_t *lend(wrt_mem *mem, uint64_t offset, uint64_t n, uint32_t access = WRT_BORROW_WRITE) {
  void *data = nullptr;
  EXPECT_EQ(wrt_mem_borrow(mem, offset, n, access, &data), WRT_OK);
  return static_cast<uint8_t *>(data);
}

TEST_P(Lending, OpenBlocksAreSkippedCountedAndSealedOnRelease) {
  World world(tier());
  wrt_mem *mem = world.make(level(), kLen);
  std::vector<uint8_t> model = fill_randomly(mem);
  ASSERT_EQ(wrt_mem_clear_stats(mem), WRT_OK);
  uint8_t *data = lend(mem, kBlockLen + 5, kBlockLen);  // two blocks
  for (uint64_t i = 0; i < kBlockLen; i++) data[i] = model[kBlockLen + 5 + i] = static_cast<uint8_t>(3 * i);
  const uint64_t before = stats_of(mem).verified_blocks;
  EXPECT_EQ(stats_of(mem).skipped_blocks, 0U);
  EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
  EXPECT_EQ(stats_of(mem).skipped_blocks, 2U);
  EXPECT_EQ(stats_of(mem).verified_blocks - before, 3U);
  ASSERT_EQ(wrt_mem_release(mem, data, kBlockLen), WRT_OK);
  EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
  EXPECT_EQ(stats_of(mem).skipped_blocks, 2U);
  EXPECT_EQ(stats_of(mem).corrupt_blocks, 0U);
  EXPECT_EQ(bytes_of(mem), model);
  expect_sound(mem);
}

TEST_P(Lending, BlocksOutsideTheBorrowAreStillChecked) {
  if (level() == WRT_VERIFY_REDUNDANT) return;  // they are mended there: Redundant, RepairsWhileABorrowIsOut
  World world(tier());
  wrt_mem *mem = world.make(level(), kLen);
  fill_randomly(mem);
  uint8_t *data = lend(mem, kBlockLen, kBlockLen);
  for (const uint64_t at : {kBlockLen - 1, 2 * kBlockLen, kLen - 1}) {
    data[at - kBlockLen] ^= 1;
    uint64_t first_bad = 1;
    EXPECT_EQ(wrt_mem_verify(mem, &first_bad), WRT_ERR_CORRUPT);
    EXPECT_EQ(first_bad, at / kBlockLen * kBlockLen);
    data[at - kBlockLen] ^= 1;
  }
  ASSERT_EQ(wrt_mem_release(mem, data, kBlockLen), WRT_OK);
  EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
}

TEST_P(Lending, AReadBorrowOpensNothing) {
  World world(tier());
  wrt_mem *mem = world.make(level(), kLen);
  fill_randomly(mem);
  uint8_t *data = lend(mem, 0, kLen, WRT_BORROW_READ);
  data[3] ^= 1;
  const wrt_status found = wrt_mem_verify(mem, nullptr);
  EXPECT_EQ(found, level() == WRT_VERIFY_REDUNDANT ? WRT_OK : WRT_ERR_CORRUPT);
  EXPECT_EQ(stats_of(mem).skipped_blocks, 0U);
  ASSERT_EQ(wrt_mem_release(mem, data, kLen), WRT_OK);
  EXPECT_EQ(wrt_mem_verify(mem, nullptr), found) << "release of a read-borrow seals nothing";
}

TEST_P(Lending, ABlockWithTwoWriteBorrowsStaysOpenUntilBothAreBack) {
  for (const bool first_goes_first : {true, false}) {
    World world(tier());
    wrt_mem *mem = world.make(level(), kLen);
    std::vector<uint8_t> model = fill_randomly(mem);
    uint8_t *a = lend(mem, kBlockLen, 10);
    uint8_t *b = lend(mem, kBlockLen + 10, kBlockLen);  // into the next block too
    a[0] = model[kBlockLen] = static_cast<uint8_t>(a[0] + 1);
    b[0] = model[kBlockLen + 10] = static_cast<uint8_t>(b[0] + 1);
    ASSERT_EQ(first_goes_first ? wrt_mem_release(mem, a, 10) : wrt_mem_release(mem, b, kBlockLen), WRT_OK);
    ASSERT_EQ(wrt_mem_clear_stats(mem), WRT_OK);
    EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
    EXPECT_EQ(stats_of(mem).skipped_blocks, first_goes_first ? 2U : 1U);
    uint8_t *left = first_goes_first ? b : a;
    left[1] ^= 0xff;
    model[static_cast<size_t>(left - raw(mem)) + 1] ^= 0xff;
    EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
    ASSERT_EQ(first_goes_first ? wrt_mem_release(mem, b, kBlockLen) : wrt_mem_release(mem, a, 10), WRT_OK);
    EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
    EXPECT_EQ(stats_of(mem).corrupt_blocks, 0U);
    EXPECT_EQ(bytes_of(mem), model);
    expect_sound(mem);
  }
}

TEST_P(Lending, OtherAccessesToOpenBlocksGoOn) {
  World world(tier());
  wrt_mem *mem = world.make(level(), kLen);
  std::vector<uint8_t> model = fill_randomly(mem);
  uint8_t *data = lend(mem, kBlockLen, 16);
  std::memset(data, 0x5a, 16);
  std::memset(model.data() + kBlockLen, 0x5a, 16);
  const auto write = [&](uint64_t at, uint64_t n, uint8_t value) {
    const std::vector<uint8_t> bytes(static_cast<size_t>(n), value);
    ASSERT_EQ(wrt_mem_write(mem, at, bytes.data(), bytes.size()), WRT_OK);
    std::memset(model.data() + at, value, bytes.size());
  };
  write(kBlockLen + 8, 16, 1);     // over its end
  write(kBlockLen + 20, 4, 2);     // beside it
  write(kBlockLen, kBlockLen, 3);  // the whole block
  write(0, 3 * kBlockLen, 4);      // much more
  std::memset(data, 0xa5, 16);
  std::memset(model.data() + kBlockLen, 0xa5, 16);
  EXPECT_EQ(bytes_of(mem), model);
  ASSERT_EQ(wrt_mem_release(mem, data, 16), WRT_OK);
  EXPECT_EQ(bytes_of(mem), model);
  expect_sound(mem);
}

TEST_P(Lending, AWriteBorrowRefusesCloneResetAndChangesOfLevelOrLength) {
  World world(tier());
  wrt_mem *mem = world.make(level(), kLen);
  uint8_t *data = lend(mem, 0, 1);
  wrt_mem *out = nullptr;
  EXPECT_EQ(wrt_mem_clone(mem, &out), WRT_ERR_BUSY);
  EXPECT_EQ(wrt_mem_reset(mem), WRT_ERR_BUSY);
  EXPECT_EQ(wrt_mem_resize(mem, kLen + 1), WRT_ERR_BUSY);
  EXPECT_EQ(wrt_mem_destroy(mem), WRT_ERR_BUSY);
  for (const int32_t other : kLevels) EXPECT_EQ(wrt_mem_set_verify(mem, other), WRT_ERR_BUSY);
  ASSERT_EQ(wrt_mem_release(mem, data, 1), WRT_OK);
}

TEST_P(Lending, AStableMemoryGrowsWhileItsLastBlockIsOpen) {
  World world(tier());
  wrt_mem_config config = world.config(level(), kLen);
  config.flags = WRT_MEM_STABLE;
  wrt_mem *mem = world.make(config);
  std::vector<uint8_t> model = fill_randomly(mem);
  uint8_t *data = lend(mem, kLen - 4, 4);
  data[0] = model[kLen - 4] = 0xee;
  ASSERT_EQ(wrt_mem_resize(mem, kLen + 3 * kBlockLen), WRT_OK);
  model.resize(kLen + 3 * kBlockLen, 0);
  data[1] = model[kLen - 3] = 0xdd;
  EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
  ASSERT_EQ(wrt_mem_release(mem, data, 4), WRT_OK);
  EXPECT_EQ(bytes_of(mem), model);
  expect_sound(mem);
}

TEST_P(Lending, AZeroLengthWriteBorrowOpensNothing) {
  World world(tier());
  wrt_mem *mem = world.make(level(), kLen);
  uint8_t *data = lend(mem, kBlockLen + 1, 0);
  EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
  EXPECT_EQ(stats_of(mem).skipped_blocks, 0U);
  ASSERT_EQ(wrt_mem_release(mem, data, 0), WRT_OK);
}

TEST_P(Lending, AReleaseThatIsRefusedSealsNothing) {
  World world(tier());
  wrt_mem *mem = world.make(level(), kLen);
  fill_randomly(mem);
  uint8_t *data = lend(mem, 0, 8);
  data[0] ^= 1;
  EXPECT_EQ(wrt_mem_release(mem, data, 9), WRT_ERR_INVALID_ARGUMENT);
  EXPECT_EQ(wrt_mem_release(mem, data + 1, 7), WRT_ERR_INVALID_ARGUMENT);
  data[0] ^= 1;
  ASSERT_EQ(wrt_mem_release(mem, data, 8), WRT_OK);
  expect_sound(mem);
}

TEST_P(Lending, ManyBorrowsInRandomOrder) {
  World world(tier());
  wrt_mem_config config = world.config(level(), kRoom);
  config.sample_interval = 2;
  wrt_mem *mem = world.make(config);
  std::vector<uint8_t> model = fill_randomly(mem);
  struct Out {
    uint8_t *data;
    uint64_t offset;
    uint64_t n;
  };
  std::vector<Out> out;
  std::mt19937 random(11);
  for (int step = 0; step < 3000; step++) {
    if (!out.empty() && (out.size() == 60 || random() % 2 == 0)) {
      const size_t which = random() % out.size();
      ASSERT_EQ(wrt_mem_release(mem, out[which].data, out[which].n), WRT_OK);
      out.erase(out.begin() + static_cast<ptrdiff_t>(which));
    } else {
      const uint64_t n = random() % 40;
      const uint64_t offset = random() % (kRoom - n);
      void *data = nullptr;
      const wrt_status status = wrt_mem_borrow(mem, offset, n, WRT_BORROW_WRITE, &data);
      if (status == WRT_ERR_BUSY) continue;
      ASSERT_EQ(status, WRT_OK);
      out.push_back({static_cast<uint8_t *>(data), offset, n});
    }
    for (const Out &one : out) {
      for (uint64_t i = 0; i < one.n; i++) one.data[i] = model[one.offset + i] = static_cast<uint8_t>(random());
    }
    ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
  }
  for (const Out &one : out) ASSERT_EQ(wrt_mem_release(mem, one.data, one.n), WRT_OK);
  EXPECT_EQ(bytes_of(mem), model);
  expect_sound(mem);
}

}  // namespace
