// SPDX-License-Identifier: Apache-2.0 OR MIT
// Where each level finds a stray write to a memory's bytes.
#include "world.hpp"

using namespace integrity;

namespace {

constexpr uint64_t kLen = 3 * kBlockLen + 9;

struct Finding : OnTierAtLevel {};
INSTANTIATE_TEST_SUITE_P(Integrity, Finding,
                         testing::Combine(testing::ValuesIn(kTiers),
                                          testing::Values(WRT_VERIFY_STANDARD, WRT_VERIFY_SAMPLING, WRT_VERIFY_FULL)),
                         tier_and_level_of);

TEST_P(Finding, VerifyGivesTheBlockOfEveryFlippedBit) {
  World world(tier());
  wrt_mem_config config = world.config(level(), kLen);
  config.sample_interval = kNeverSampled;
  wrt_mem *mem = world.make(config);
  fill_randomly(mem);
  uint8_t *bytes = raw(mem);
  for (uint64_t bit = 0; bit < kLen * 8; bit += kStep) {
    const auto mask = static_cast<uint8_t>(1U << (bit % 8));
    bytes[bit / 8] ^= mask;
    uint64_t first_bad = 1;
    ASSERT_EQ(wrt_mem_verify(mem, &first_bad), WRT_ERR_CORRUPT);
    ASSERT_EQ(first_bad, bit / 8 / kBlockLen * kBlockLen);
    bytes[bit / 8] ^= mask;
    ASSERT_EQ(wrt_mem_verify(mem, &first_bad), WRT_OK);
  }
}

TEST_P(Finding, VerifyGivesTheFirstOfManyBadBlocksAndCountsThemAll) {
  World world(tier());
  wrt_mem *mem = world.make(level(), kLen);
  fill_randomly(mem);
  ASSERT_EQ(wrt_mem_clear_stats(mem), WRT_OK);
  uint8_t *bytes = raw(mem);
  bytes[kBlockLen] ^= 1;
  bytes[kLen - 1] ^= 1;
  uint64_t first_bad = 1;
  EXPECT_EQ(wrt_mem_verify(mem, &first_bad), WRT_ERR_CORRUPT);
  EXPECT_EQ(first_bad, kBlockLen);
  EXPECT_EQ(stats_of(mem).verified_blocks, 4U);
  EXPECT_EQ(stats_of(mem).corrupt_blocks, 2U);
  EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_ERR_CORRUPT);
  EXPECT_EQ(stats_of(mem).verified_blocks, 8U);
  EXPECT_EQ(stats_of(mem).corrupt_blocks, 4U);
}

TEST_P(Finding, BytesThatWereNeverTouchedAreCovered) {
  World world(tier());
  wrt_mem *mem = world.make(level(), kLen);
  raw(mem)[2 * kBlockLen + 5] ^= 4;
  uint64_t first_bad = 1;
  EXPECT_EQ(wrt_mem_verify(mem, &first_bad), WRT_ERR_CORRUPT);
  EXPECT_EQ(first_bad, 2 * kBlockLen);
}

TEST_P(Finding, AStrayWriteToACheckValueIsFoundAsItsBlock) {
  World world(tier());
  wrt_mem *mem = world.make(level(), kLen);
  fill_randomly(mem);
  for (uint64_t block = 0; block < wrt::block_count(kLen); block++) {
    for (int bit = 0; bit < 32; bit++) {
      checks_of(mem)[block] ^= 1U << bit;
      uint64_t first_bad = 1;
      ASSERT_EQ(wrt_mem_verify(mem, &first_bad), WRT_ERR_CORRUPT);
      ASSERT_EQ(first_bad, block * kBlockLen);
      checks_of(mem)[block] ^= 1U << bit;
    }
  }
}

TEST_P(Finding, ACloneOfABadMemoryIsRefusedAndNothingIsTaken) {
  World world(tier());
  wrt_budget *budget = nullptr;
  ASSERT_EQ(wrt_budget_create(100000, nullptr, &budget), WRT_OK);
  wrt_mem_config config = world.config(level(), kLen);
  config.budget = budget;
  wrt_mem *mem = world.make(config);
  fill_randomly(mem);
  const size_t blocks = world.heap.live.size();
  const uint64_t used = world.pool() != nullptr ? world.slots_used() : 0;
  raw(mem)[kLen - 1] ^= 8;
  auto *out = reinterpret_cast<wrt_mem *>(0x5eed);
  EXPECT_EQ(wrt_mem_clone(mem, &out), WRT_ERR_CORRUPT);
  EXPECT_EQ(out, reinterpret_cast<wrt_mem *>(0x5eed));
  EXPECT_EQ(world.heap.live.size(), blocks);
  if (world.pool() != nullptr) {
    EXPECT_EQ(world.slots_used(), used);
  }
  wrt_budget_info info;
  info.struct_size = sizeof(info);
  ASSERT_EQ(wrt_budget_get_info(budget, &info), WRT_OK);
  EXPECT_EQ(info.used, kLen);

  raw(mem)[kLen - 1] ^= 8;
  ASSERT_EQ(wrt_mem_clone(mem, &out), WRT_OK);
  EXPECT_EQ(bytes_of(out), bytes_of(mem));
  expect_sound(out);
  ASSERT_EQ(wrt_mem_destroy(out), WRT_OK);
  ASSERT_EQ(wrt_mem_destroy(mem), WRT_OK);
  EXPECT_EQ(wrt_budget_destroy(budget), WRT_OK);
}

TEST_P(Finding, ResetDoesNotCheckWhatItDiscards) {
  World world(tier());
  for (const uint64_t len : {kLen, kLen - 20, kLen + 20, kBlockLen / 2, kRoom}) {
    wrt_mem_config config = world.config(level(), kLen);
    config.sample_interval = kNeverSampled;
    wrt_mem *mem = world.make(config);
    ASSERT_EQ(wrt_mem_resize(mem, len), WRT_OK);
    fill_randomly(mem);
    for (uint64_t at = 0; at < len; at += 7) raw(mem)[at] ^= 0x55;
    ASSERT_EQ(wrt_mem_reset(mem), WRT_OK);
    EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK) << "from " << len;
    EXPECT_EQ(bytes_of(mem), std::vector<uint8_t>(kLen, 0));
    expect_sound(mem);
    ASSERT_EQ(wrt_mem_destroy(mem), WRT_OK);
  }
}

// ---- FULL

/// One call, given the memory, a second one and where to go; a buffer for what it would give.
struct Access {
  const char *name;
  wrt_status (*call)(wrt_mem *mem, wrt_mem *other, uint64_t offset, void *out);
};

const Access kAccesses[] = {
    {"read", [](wrt_mem *mem, wrt_mem *, uint64_t at, void *out) { return wrt_mem_read(mem, at, out, 8); }},
    {"write", [](wrt_mem *mem, wrt_mem *, uint64_t at, void *) { return wrt_mem_write(mem, at, "12345678", 8); }},
    {"fill", [](wrt_mem *mem, wrt_mem *, uint64_t at, void *) { return wrt_mem_fill(mem, at, 9, 8); }},
    {"copy from it",
     [](wrt_mem *mem, wrt_mem *other, uint64_t at, void *) { return wrt_mem_copy(other, 0, mem, at, 8); }},
    {"copy to it",
     [](wrt_mem *mem, wrt_mem *other, uint64_t at, void *) { return wrt_mem_copy(mem, at, other, 0, 8); }},
    {"borrow to read",
     [](wrt_mem *mem, wrt_mem *, uint64_t at, void *out) {
       return wrt_mem_borrow(mem, at, 8, WRT_BORROW_READ, static_cast<void **>(out));
     }},
    {"borrow to write",
     [](wrt_mem *mem, wrt_mem *, uint64_t at, void *out) {
       return wrt_mem_borrow(mem, at, 8, WRT_BORROW_WRITE, static_cast<void **>(out));
     }},
    {"atomic load", [](wrt_mem *mem, wrt_mem *, uint64_t at,
                       void *out) { return wrt_mem_atomic_load(mem, at, 8, static_cast<uint64_t *>(out)); }},
    {"atomic store", [](wrt_mem *mem, wrt_mem *, uint64_t at, void *) { return wrt_mem_atomic_store(mem, at, 8, 7); }},
    {"atomic rmw",
     [](wrt_mem *mem, wrt_mem *, uint64_t at, void *out) {
       return wrt_mem_atomic_rmw(mem, at, 8, WRT_ATOMIC_ADD, 7, static_cast<uint64_t *>(out));
     }},
    {"atomic cmpxchg",
     [](wrt_mem *mem, wrt_mem *, uint64_t at, void *out) {
       return wrt_mem_atomic_cmpxchg(mem, at, 8, 0, 7, static_cast<uint64_t *>(out));
     }},
    {"discard", [](wrt_mem *mem, wrt_mem *, uint64_t at, void *) { return wrt_mem_discard(mem, at, 8); }},
};

struct AtFull : OnTier {};
INSTANTIATE_TEST_SUITE_P(Integrity, AtFull, testing::ValuesIn(kTiers), tier_of);

TEST_P(AtFull, EveryAccessToABadBlockIsRefusedAndNothingIsWritten) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_FULL, kLen);
  wrt_mem *other = world.make(WRT_VERIFY_FULL, kLen);
  fill_randomly(mem);
  fill_randomly(other, 2);
  for (const Access &access : kAccesses) {
    for (const uint64_t distance : {uint64_t{0}, uint64_t{7}, uint64_t{8}, kBlockLen - 1}) {
      const uint64_t bad = kBlockLen + distance;
      raw(mem)[bad] ^= 0x10;
      const std::vector<uint8_t> before(raw(mem), raw(mem) + kLen);
      const std::vector<uint8_t> other_before = bytes_of(other);
      uint64_t out[2] = {0x5eed5eed5eed5eed, 0x5eed5eed5eed5eed};
      EXPECT_EQ(access.call(mem, other, kBlockLen, out), WRT_ERR_CORRUPT) << access.name;
      EXPECT_EQ(out[0], 0x5eed5eed5eed5eed) << access.name;
      EXPECT_EQ(out[1], 0x5eed5eed5eed5eed) << access.name;
      EXPECT_EQ(std::vector<uint8_t>(raw(mem), raw(mem) + kLen), before) << access.name;
      EXPECT_EQ(bytes_of(other), other_before) << access.name;
      EXPECT_EQ(info_of(mem).borrows, 0U) << access.name;
      raw(mem)[bad] ^= 0x10;
      ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK) << access.name;
    }
  }
}

TEST_P(AtFull, AccessesToOtherBlocksGoOn) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_FULL, kLen);
  wrt_mem *other = world.make(WRT_VERIFY_FULL, kLen);
  fill_randomly(mem);
  raw(mem)[kBlockLen + 3] ^= 1;
  for (const Access &access : kAccesses) {
    for (const uint64_t at : {uint64_t{0}, kBlockLen - 8, 2 * kBlockLen}) {
      uint64_t out[2] = {};
      ASSERT_EQ(access.call(mem, other, at, out), WRT_OK) << access.name;
      if (std::strncmp(access.name, "borrow", 6) != 0) continue;
      void *data = nullptr;
      std::memcpy(&data, out, sizeof(data));
      ASSERT_EQ(wrt_mem_release(mem, data, 8), WRT_OK);
    }
  }
  EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_ERR_CORRUPT);
}

TEST_P(AtFull, ASmallReadFindsEveryFlippedBitOfItsBlockAndNoneOfTheNext) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_FULL, 3 * kBlockLen);
  const std::vector<uint8_t> contents = fill_randomly(mem);
  const auto flip = [&](uint64_t bit) {
    uint8_t *block = raw(mem) + kBlockLen;
    auto *check = reinterpret_cast<uint8_t *>(checks_of(mem) + 1);
    (bit < kBlockLen * 8 ? block[bit / 8] : check[bit / 8 - kBlockLen]) ^= static_cast<uint8_t>(1U << bit % 8);
  };
  for (uint64_t bit = 0; bit < (kBlockLen + 4) * 8; bit++) {
    for (const size_t n : {size_t{1}, size_t{2}, size_t{4}, size_t{8}, size_t{16}, size_t{33}, size_t{64}}) {
      std::vector<uint8_t> out(n, 0xaa);
      const uint64_t start = bit % (kBlockLen - n + 1);
      flip(bit);
      const wrt_status hit = wrt_mem_read(mem, kBlockLen + start, out.data(), n);
      const bool untouched = out == std::vector<uint8_t>(n, 0xaa);
      const wrt_status before = wrt_mem_read(mem, start, out.data(), n);
      const bool right = std::memcmp(out.data(), contents.data() + start, n) == 0;
      const wrt_status behind = wrt_mem_read(mem, 2 * kBlockLen + start, out.data(), n);
      flip(bit);
      ASSERT_EQ(hit, WRT_ERR_CORRUPT) << "bit " << bit << ", " << n;
      ASSERT_TRUE(untouched && right);
      ASSERT_EQ(before, WRT_OK);
      ASSERT_EQ(behind, WRT_OK);
      ASSERT_EQ(wrt_mem_read(mem, kBlockLen + start, out.data(), n), WRT_OK);
      ASSERT_EQ(std::memcmp(out.data(), contents.data() + kBlockLen + start, n), 0);
    }
  }
}

TEST_P(AtFull, AReadOverManyBlocksFindsABadOneAnywhereInThem) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_FULL, kLen);
  fill_randomly(mem);
  for (uint64_t bad = 0; bad < kLen; bad++) {
    raw(mem)[bad] ^= 0x80;
    std::vector<uint8_t> out(kLen, 0x11);
    ASSERT_EQ(wrt_mem_read(mem, 0, out.data(), kLen), WRT_ERR_CORRUPT);
    ASSERT_EQ(out, std::vector<uint8_t>(kLen, 0x11));
    raw(mem)[bad] ^= 0x80;
  }
}

TEST_P(AtFull, EqualIsRefusedWhenEitherSideIsBad) {
  World world(tier());
  wrt_mem *a = world.make(WRT_VERIFY_FULL, kLen);
  wrt_mem *b = world.make(WRT_VERIFY_FULL, kLen);
  int32_t same = 77;
  for (wrt_mem *bad : {a, b}) {
    raw(bad)[kLen - 2] ^= 1;
    EXPECT_EQ(wrt_mem_equal(a, b, &same), WRT_ERR_CORRUPT);
    EXPECT_EQ(same, 77);
    raw(bad)[kLen - 2] ^= 1;
  }
  EXPECT_EQ(wrt_mem_equal(a, b, &same), WRT_OK);
  EXPECT_EQ(same, 1);
}

TEST_P(AtFull, BoundsAreCheckedBeforeBlocks) {
  World world(tier());
  wrt_mem *mem = world.make(WRT_VERIFY_FULL, kLen);
  raw(mem)[kLen - 1] ^= 1;
  uint8_t out[2] = {};
  EXPECT_EQ(wrt_mem_read(mem, kLen - 1, out, 2), WRT_ERR_OUT_OF_BOUNDS);
  EXPECT_EQ(wrt_mem_read(mem, kLen - 1, out, 1), WRT_ERR_CORRUPT);
  EXPECT_EQ(wrt_mem_read(mem, kLen - 1, out, 0), WRT_OK);
}

// ---- SAMPLING

struct AtSampling : OnTier {};
INSTANTIATE_TEST_SUITE_P(Integrity, AtSampling, testing::ValuesIn(kTiers), tier_of);

TEST_P(AtSampling, EveryNthReadFindsABadBlockAndNoOtherDoes) {
  World world(tier());
  for (const uint32_t interval : {1U, 2U, 5U, 16U, 0U}) {
    wrt_mem_config config = world.config(WRT_VERIFY_SAMPLING, kLen);
    config.sample_interval = interval;
    wrt_mem *mem = world.make(config);
    raw(mem)[3] ^= 1;  // through a borrow: one access
    const uint32_t every = interval == 0 ? 16 : interval;
    int found = 0;
    for (uint32_t access = 2; access <= 5 * every; access++) {
      uint8_t out = 0x11;
      const bool sampled = access % every == 0;
      ASSERT_EQ(wrt_mem_read(mem, 3, &out, 1), sampled ? WRT_ERR_CORRUPT : WRT_OK) << interval << ", " << access;
      if (sampled) {
        ASSERT_EQ(out, 0x11);
      }
      found += sampled ? 1 : 0;
    }
    EXPECT_EQ(stats_of(mem).corrupt_blocks, static_cast<uint64_t>(found));
    ASSERT_EQ(wrt_mem_destroy(mem), WRT_OK);
  }
}

TEST_P(AtSampling, EveryKindOfAccessIsFoundWithinNAccesses) {
  constexpr uint32_t kEvery = 4;
  for (const Access &access : kAccesses) {
    World world(tier());
    wrt_mem_config config = world.config(WRT_VERIFY_SAMPLING, kLen);
    config.sample_interval = kEvery;
    wrt_mem *mem = world.make(config);
    wrt_mem *other = world.make(WRT_VERIFY_OFF, kLen);
    raw(mem)[kBlockLen + 20] ^= 1;
    bool found = false;
    for (uint32_t i = 0; i < kEvery && !found; i++) {
      uint64_t out[2] = {};
      const wrt_status status = access.call(mem, other, kBlockLen, out);
      found = status == WRT_ERR_CORRUPT;
      if (found) break;
      ASSERT_EQ(status, WRT_OK);
      if (std::strncmp(access.name, "borrow", 6) != 0) continue;
      void *data = nullptr;
      std::memcpy(&data, out, sizeof(data));
      raw(mem)[kBlockLen + 20] ^= 1;
      ASSERT_EQ(wrt_mem_release(mem, data, 8), WRT_OK);
      raw(mem)[kBlockLen + 20] ^= 1;
    }
    EXPECT_TRUE(found) << access.name;
  }
}

TEST_P(AtSampling, EqualCountsAsAnAccess) {
  World world(tier());
  wrt_mem_config config = world.config(WRT_VERIFY_SAMPLING, kLen);
  config.sample_interval = 3;
  wrt_mem *mem = world.make(config);
  wrt_mem *other = world.make(WRT_VERIFY_OFF, kLen);
  raw(mem)[0] ^= 1;  // the first access
  int32_t same = 0;
  EXPECT_EQ(wrt_mem_equal(mem, other, &same), WRT_OK);
  EXPECT_EQ(wrt_mem_equal(mem, other, &same), WRT_ERR_CORRUPT);
}

TEST_P(AtSampling, TheCounterIsTheMemorysOwn) {
  World world(tier());
  wrt_mem_config config = world.config(WRT_VERIFY_SAMPLING, kLen);
  config.sample_interval = 4;
  wrt_mem *mem = world.make(config);
  wrt_mem *busy = world.make(config);
  raw(mem)[0] ^= 1;  // the first access
  uint8_t out = 0;
  for (int access = 2; access <= 12; access++) {
    for (int i = 0; i < 7; i++) ASSERT_EQ(wrt_mem_read(busy, 0, &out, 1), WRT_OK);
    ASSERT_EQ(wrt_mem_read(mem, 0, &out, 1), access % 4 == 0 ? WRT_ERR_CORRUPT : WRT_OK);
  }
}

TEST_P(AtSampling, ClearingTheStatisticsDoesNotPutASampleOff) {
  World world(tier());
  wrt_mem_config config = world.config(WRT_VERIFY_SAMPLING, kLen);
  config.sample_interval = 4;
  wrt_mem *mem = world.make(config);
  raw(mem)[0] ^= 1;  // the first access
  uint8_t out = 0;
  ASSERT_EQ(wrt_mem_read(mem, 0, &out, 1), WRT_OK);
  ASSERT_EQ(wrt_mem_clear_stats(mem), WRT_OK);
  ASSERT_EQ(wrt_mem_read(mem, 0, &out, 1), WRT_OK);
  ASSERT_EQ(wrt_mem_clear_stats(mem), WRT_OK);
  EXPECT_EQ(wrt_mem_read(mem, 0, &out, 1), WRT_ERR_CORRUPT);
}

// ---- lower levels

struct BelowStandard : OnTierAtLevel {};
INSTANTIATE_TEST_SUITE_P(Integrity, BelowStandard,
                         testing::Combine(testing::ValuesIn(kTiers), testing::Values(WRT_VERIFY_OFF, WRT_VERIFY_BASIC)),
                         tier_and_level_of);

TEST_P(BelowStandard, NoBlockIsVerifiedAndNothingIsKept) {
  World world(tier());
  wrt_mem *mem = world.make(level(), kLen);
  raw(mem)[0] ^= 1;
  EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
  EXPECT_EQ(stats_of(mem).verified_blocks, 0U);
  EXPECT_EQ(world.heap.live.size(), tier() == WRT_TIER_ALLOC ? 1U : 0U);
}

}  // namespace
