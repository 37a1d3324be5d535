// SPDX-License-Identifier: Apache-2.0 OR MIT
// Writes keep the check values from the change alone: what was bad elsewhere in a block stays visible.
#include "world.hpp"

using namespace integrity;

namespace {

constexpr uint64_t kLen = 3 * kBlockLen + 20;

struct Writing : OnTierAtLevel {
  // SAMPLING checks some accesses, and refuses them; what is asked here is what a write does that was not refused.
  wrt_mem *make(World &world, uint64_t len) const {
    wrt_mem_config config = world.config(level(), len);
    config.sample_interval = kNeverSampled;
    return world.make(config);
  }
};
INSTANTIATE_TEST_SUITE_P(Integrity, Writing,
                         testing::Combine(testing::ValuesIn(kTiers),
                                          testing::Values(WRT_VERIFY_STANDARD, WRT_VERIFY_SAMPLING)),
                         tier_and_level_of);

void expect_bad_at(wrt_mem *mem, uint64_t block_start) {
  uint64_t first_bad = 1;
  ASSERT_EQ(wrt_mem_verify(mem, &first_bad), WRT_ERR_CORRUPT);
  ASSERT_EQ(first_bad, block_start);
}

/// Every offset and length inside the block from `start`, `block_len` long, but the whole of it.
template <class Call>
void for_each_part(uint64_t start, uint64_t block_len, Call call) {
  for (uint64_t from = 0; from < block_len; from += kStep) {
    for (uint64_t n = 1; n <= block_len - from; n += kStep) {
      if (n != block_len) call(start + from, n);
    }
  }
}

TEST_P(Writing, AWriteNearACorruptionNeverBlessesIt) {
  World world(tier());
  wrt_mem *mem = make(world, kLen);
  const std::vector<uint8_t> contents = fill_randomly(mem);
  const std::vector<uint8_t> fresh = random_bytes(kLen, 2);
  uint8_t *bytes = raw(mem);
  for (const uint64_t start : {uint64_t{0}, kBlockLen, 3 * kBlockLen}) {
    const uint64_t block_len = wrt::least(kBlockLen, kLen - start);
    for (const uint64_t at : {uint64_t{0}, block_len / 2, block_len - 1}) {
      for_each_part(start, block_len, [&](uint64_t from, uint64_t n) {
        bytes[start + at] ^= 0x20;
        ASSERT_EQ(wrt_mem_write(mem, from, fresh.data() + from, static_cast<size_t>(n)), WRT_OK);
        ASSERT_NO_FATAL_FAILURE(expect_bad_at(mem, start)) << from << ", " << n;
        ASSERT_EQ(wrt_mem_write(mem, start, contents.data() + start, static_cast<size_t>(block_len)), WRT_OK);
      });
    }
  }
  EXPECT_EQ(bytes_of(mem), contents);
  expect_sound(mem);
}

TEST_P(Writing, AFillNearACorruptionNeverBlessesIt) {
  World world(tier());
  wrt_mem *mem = make(world, kLen);
  fill_randomly(mem);
  for_each_part(kBlockLen, kBlockLen, [&](uint64_t from, uint64_t n) {
    raw(mem)[kBlockLen + 11] ^= 0x20;
    ASSERT_EQ(wrt_mem_fill(mem, from, 0x3c, n), WRT_OK);
    ASSERT_NO_FATAL_FAILURE(expect_bad_at(mem, kBlockLen)) << from << ", " << n;
    ASSERT_EQ(wrt_mem_fill(mem, kBlockLen, 0x3c, kBlockLen), WRT_OK);
  });
  expect_sound(mem);
}

TEST_P(Writing, ACopyNearACorruptionNeverBlessesIt) {
  World world(tier());
  wrt_mem *mem = make(world, kLen);
  wrt_mem *source = world.make(WRT_VERIFY_OFF, kLen);
  fill_randomly(mem);
  fill_randomly(source, 2);
  for_each_part(kBlockLen, kBlockLen, [&](uint64_t from, uint64_t n) {
    raw(mem)[kBlockLen + 11] ^= 0x20;
    ASSERT_EQ(wrt_mem_copy(mem, from, source, 0, n), WRT_OK);
    ASSERT_NO_FATAL_FAILURE(expect_bad_at(mem, kBlockLen)) << from << ", " << n;
    ASSERT_EQ(wrt_mem_copy(mem, kBlockLen, source, 0, kBlockLen), WRT_OK);
  });
  expect_sound(mem);
}

TEST_P(Writing, ADiscardNearACorruptionNeverBlessesIt) {
  World world(tier());
  wrt_mem *mem = make(world, kLen);
  fill_randomly(mem);
  for_each_part(kBlockLen, kBlockLen, [&](uint64_t from, uint64_t n) {
    raw(mem)[kBlockLen + 11] ^= 0x20;
    ASSERT_EQ(wrt_mem_discard(mem, from, n), WRT_OK);
    ASSERT_NO_FATAL_FAILURE(expect_bad_at(mem, kBlockLen)) << from << ", " << n;
    ASSERT_EQ(wrt_mem_discard(mem, kBlockLen, kBlockLen), WRT_OK);
    ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
  });
  expect_sound(mem);
}

TEST_P(Writing, AtomicsNearACorruptionNeverBlessIt) {
  World world(tier());
  wrt_mem *mem = make(world, kLen);
  const std::vector<uint8_t> contents = fill_randomly(mem);
  for (uint32_t width = 1; width <= 8; width *= 2) {
    for (uint64_t from = 0; from < kBlockLen; from += width) {
      uint64_t old = 0;
      raw(mem)[11] ^= 0x20;
      ASSERT_EQ(wrt_mem_atomic_store(mem, from, width, 0x0123456789abcdef), WRT_OK);
      ASSERT_NO_FATAL_FAILURE(expect_bad_at(mem, 0));
      ASSERT_EQ(wrt_mem_atomic_rmw(mem, from, width, WRT_ATOMIC_XOR, 0x1111111111111111, &old), WRT_OK);
      ASSERT_NO_FATAL_FAILURE(expect_bad_at(mem, 0));
      ASSERT_EQ(wrt_mem_atomic_load(mem, from, width, &old), WRT_OK);
      ASSERT_EQ(wrt_mem_atomic_cmpxchg(mem, from, width, old, ~old, &old), WRT_OK);
      ASSERT_NO_FATAL_FAILURE(expect_bad_at(mem, 0));
      ASSERT_EQ(wrt_mem_write(mem, 0, contents.data(), kBlockLen), WRT_OK);
    }
  }
  expect_sound(mem);
}

TEST_P(Writing, ACutNearACorruptionNeverBlessesIt) {
  World world(tier());
  wrt_mem *mem = make(world, kLen);
  for (uint64_t to = kBlockLen + 12; to < 2 * kBlockLen; to += kStep) {
    fill_randomly(mem);
    raw(mem)[kBlockLen + 11] ^= 0x20;
    ASSERT_EQ(wrt_mem_resize(mem, to), WRT_OK);
    ASSERT_NO_FATAL_FAILURE(expect_bad_at(mem, kBlockLen)) << to;
    ASSERT_EQ(wrt_mem_resize(mem, kLen), WRT_OK);
    ASSERT_NO_FATAL_FAILURE(expect_bad_at(mem, kBlockLen)) << to;
    raw(mem)[kBlockLen + 11] ^= 0x20;
    ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
  }
  expect_sound(mem);
}

TEST_P(Writing, AWriteThatCoversABlockWholeSealsItAfresh) {
  World world(tier());
  wrt_mem *mem = make(world, kLen);
  wrt_mem *source = world.make(WRT_VERIFY_OFF, kLen);
  fill_randomly(mem);
  const std::vector<uint8_t> fresh = random_bytes(kLen, 3);
  const auto spoil = [&](uint64_t start) {
    raw(mem)[start + 1] ^= 0x77;
    checks_of(mem)[start / kBlockLen] ^= 0x1234567;
    ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_ERR_CORRUPT);
  };
  for (const uint64_t start : {uint64_t{0}, kBlockLen, 2 * kBlockLen, 3 * kBlockLen}) {
    const uint64_t n = wrt::least(kBlockLen, kLen - start);
    ASSERT_NO_FATAL_FAILURE(spoil(start));
    ASSERT_EQ(wrt_mem_write(mem, start, fresh.data(), static_cast<size_t>(n)), WRT_OK);
    ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK) << start;
    ASSERT_NO_FATAL_FAILURE(spoil(start));
    ASSERT_EQ(wrt_mem_fill(mem, start, 0xa5, n), WRT_OK);
    ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK) << start;
    ASSERT_NO_FATAL_FAILURE(spoil(start));
    ASSERT_EQ(wrt_mem_copy(mem, start, source, 0, n), WRT_OK);
    ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK) << start;
  }
  expect_sound(mem);
}

TEST_P(Writing, ShortLastBlocksOfEveryLengthAreSealedAfreshToo) {
  World world(tier());
  const std::vector<uint8_t> fresh = random_bytes(kBlockLen, 3);
  for (uint64_t n = 1; n <= kBlockLen; n++) {
    wrt_mem *mem = make(world, kBlockLen + n);
    fill_randomly(mem);
    checks_of(mem)[1] ^= 1;
    ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_ERR_CORRUPT);
    ASSERT_EQ(wrt_mem_write(mem, kBlockLen, fresh.data(), static_cast<size_t>(n)), WRT_OK);
    ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK) << n;
    ASSERT_EQ(wrt_mem_destroy(mem), WRT_OK);
  }
}

// ---- check values stay right, whatever is done

struct Keeping : OnTierAtLevel {};
INSTANTIATE_TEST_SUITE_P(Integrity, Keeping,
                         testing::Combine(testing::ValuesIn(kTiers), testing::ValuesIn(kCheckedLevels)),
                         tier_and_level_of);

TEST_P(Keeping, AWriteOfEveryLengthAtEveryOffsetInABlock) {
  World world(tier());
  wrt_mem *mem = world.make(level(), 4 * kBlockLen + 3);
  const std::vector<uint8_t> fresh = random_bytes(4 * kBlockLen, 2);
  for (uint64_t from = 0; from < kBlockLen; from += kStep) {
    for (uint64_t n = 0; n <= 2 * kBlockLen + 1; n += kStep) {
      ASSERT_EQ(wrt_mem_write(mem, from, fresh.data() + from / 2, static_cast<size_t>(n)), WRT_OK);
      ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK) << from << ", " << n;
    }
  }
  expect_sound(mem);
}

TEST_P(Keeping, MemoriesOfOddLengths) {
  World world(tier());
  for (const uint64_t len : {uint64_t{0}, uint64_t{1}, uint64_t{2}, uint64_t{63}, uint64_t{64}, uint64_t{65},
                             kBlockLen - 1, kBlockLen, kBlockLen + 1}) {
    wrt_mem *mem = world.make(level(), len);
    std::vector<uint8_t> contents = fill_randomly(mem);
    ASSERT_NO_FATAL_FAILURE(expect_sound(mem));
    for (const uint64_t to : {len + 1, len + 63, len + 2 * kBlockLen}) {
      ASSERT_EQ(wrt_mem_resize(mem, to), WRT_OK);
      contents.resize(static_cast<size_t>(to), 0);
      ASSERT_EQ(bytes_of(mem), contents);
      ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
      ASSERT_NO_FATAL_FAILURE(expect_sound(mem));
      ASSERT_EQ(wrt_mem_fill(mem, to - 1, 0x42, 1), WRT_OK);
      contents.back() = 0x42;
      ASSERT_NO_FATAL_FAILURE(expect_sound(mem));
    }
    ASSERT_EQ(wrt_mem_resize(mem, len), WRT_OK);
    ASSERT_NO_FATAL_FAILURE(expect_sound(mem));
    ASSERT_EQ(wrt_mem_destroy(mem), WRT_OK);
  }
}

TEST_P(Keeping, CutsAndGrowthsOfEveryLength) {
  World world(tier());
  wrt_mem *mem = world.make(level(), 3 * kBlockLen);
  for (uint64_t to = 0; to <= 3 * kBlockLen; to += kStep) {
    ASSERT_EQ(wrt_mem_resize(mem, 3 * kBlockLen), WRT_OK);
    fill_randomly(mem);
    ASSERT_EQ(wrt_mem_resize(mem, to), WRT_OK);
    ASSERT_NO_FATAL_FAILURE(expect_sound(mem));
    ASSERT_EQ(wrt_mem_resize(mem, to + kBlockLen / 2), WRT_OK);
    ASSERT_NO_FATAL_FAILURE(expect_sound(mem));
  }
}

TEST_P(Keeping, CopiesThatOverlapBothWays) {
  World world(tier());
  wrt_mem *mem = world.make(level(), 6 * kBlockLen + 5);
  std::mt19937 random(7);
  std::vector<uint8_t> model = fill_randomly(mem);
  for (int i = 0; i < 400; i++) {
    const size_t n = random() % (3 * kBlockLen);
    const size_t from = random() % (model.size() - n);
    const size_t to = random() % (model.size() - n);
    ASSERT_EQ(wrt_mem_copy(mem, to, mem, from, n), WRT_OK);
    std::memmove(model.data() + to, model.data() + from, n);
    ASSERT_EQ(bytes_of(mem), model);
    ASSERT_NO_FATAL_FAILURE(expect_sound(mem));
  }
}

TEST_P(Keeping, CopiesBetweenMemoriesOfAllLevels) {
  World world(tier());
  wrt_mem *mem = world.make(level(), 4 * kBlockLen);
  std::vector<uint8_t> model = fill_randomly(mem);
  std::mt19937 random(9);
  for (const int32_t other_level : kLevels) {
    wrt_mem *other = world.make(other_level, 4 * kBlockLen);
    std::vector<uint8_t> other_model = fill_randomly(other, 5);
    for (int i = 0; i < 60; i++) {
      const size_t n = random() % (2 * kBlockLen);
      const size_t from = random() % (model.size() - n);
      const size_t to = random() % (model.size() - n);
      ASSERT_EQ(wrt_mem_copy(mem, to, other, from, n), WRT_OK);
      std::memcpy(model.data() + to, other_model.data() + from, n);
      ASSERT_EQ(wrt_mem_copy(other, from, mem, to / 2, n), WRT_OK);
      std::memcpy(other_model.data() + from, model.data() + to / 2, n);
      ASSERT_NO_FATAL_FAILURE(expect_sound(mem));
      ASSERT_NO_FATAL_FAILURE(expect_sound(other));
    }
    ASSERT_EQ(bytes_of(mem), model);
    ASSERT_EQ(bytes_of(other), other_model);
    ASSERT_EQ(wrt_mem_destroy(other), WRT_OK);
  }
}

TEST_P(Keeping, DiscardsOfEveryRange) {
  World world(tier());
  constexpr uint64_t kSmall = 2 * kBlockLen + 7;
  wrt_mem *mem = world.make(level(), kSmall);
  for (uint64_t from = 0; from <= kSmall; from += 2 * kStep) {
    for (uint64_t n = 0; n <= kSmall - from; n += 2 * kStep + 1) {
      std::vector<uint8_t> model = fill_randomly(mem);
      ASSERT_EQ(wrt_mem_discard(mem, from, n), WRT_OK);
      std::memset(model.data() + from, 0, static_cast<size_t>(n));
      ASSERT_EQ(bytes_of(mem), model);
      ASSERT_NO_FATAL_FAILURE(expect_sound(mem)) << from << ", " << n;
    }
  }
}

TEST_P(Keeping, AtomicsOfEveryWidth) {
  World world(tier());
  wrt_mem *mem = world.make(level(), 2 * kBlockLen);
  fill_randomly(mem);
  uint64_t old = 0;
  for (uint32_t width = 1; width <= 8; width *= 2) {
    for (uint64_t at = 0; at + width <= 2 * kBlockLen; at += width) {
      ASSERT_EQ(wrt_mem_atomic_store(mem, at, width, at * 0x0101010101010101), WRT_OK);
      for (int32_t op = WRT_ATOMIC_ADD; op <= WRT_ATOMIC_XCHG; op++) {
        ASSERT_EQ(wrt_mem_atomic_rmw(mem, at, width, op, 0xfedcba9876543210, &old), WRT_OK);
      }
      ASSERT_EQ(wrt_mem_atomic_load(mem, at, width, &old), WRT_OK);
      ASSERT_EQ(wrt_mem_atomic_cmpxchg(mem, at, width, old + 1, 3, &old), WRT_OK);
      ASSERT_EQ(wrt_mem_atomic_cmpxchg(mem, at, width, old, 3, &old), WRT_OK);
    }
    ASSERT_NO_FATAL_FAILURE(expect_sound(mem));
  }
}

TEST_P(Keeping, ALongHistoryOfEverything) {
  World world(tier());
  wrt_mem_config config = world.config(level(), 1000);
  config.sample_interval = 3;
  wrt_mem *mem = world.make(config);
  std::vector<uint8_t> model(1000, 0);
  std::mt19937 random(static_cast<uint32_t>(level()));
  const auto below = [&](uint64_t n) { return n == 0 ? 0 : random() % n; };
  for (int step = 0; step < 400; step++) {
    const uint64_t from = below(model.size() + 1);
    const uint64_t n = below(model.size() - from + 1);
    const auto bytes = random_bytes(static_cast<size_t>(n), static_cast<uint32_t>(step));
    void *data = nullptr;
    switch (random() % 7) {
      case 0:
        ASSERT_EQ(wrt_mem_write(mem, from, bytes.data(), bytes.size()), WRT_OK);
        std::copy(bytes.begin(), bytes.end(), model.begin() + static_cast<ptrdiff_t>(from));
        break;
      case 1:
        ASSERT_EQ(wrt_mem_fill(mem, from, static_cast<uint8_t>(step), n), WRT_OK);
        std::fill_n(model.begin() + static_cast<ptrdiff_t>(from), n, static_cast<uint8_t>(step));
        break;
      case 2:
        ASSERT_EQ(wrt_mem_copy(mem, 0, mem, from, n), WRT_OK);
        std::memmove(model.data(), model.data() + from, bytes.size());
        break;
      case 3:
        model.resize(below(kRoom + 1), 0);
        ASSERT_EQ(wrt_mem_resize(mem, model.size()), WRT_OK);
        break;
      case 4:
        ASSERT_EQ(wrt_mem_discard(mem, from, n), WRT_OK);
        std::fill_n(model.begin() + static_cast<ptrdiff_t>(from), n, uint8_t{0});
        break;
      case 5:
        ASSERT_EQ(wrt_mem_borrow(mem, from, n, WRT_BORROW_WRITE, &data), WRT_OK);
        if (n != 0) std::memcpy(data, bytes.data(), bytes.size());
        std::copy(bytes.begin(), bytes.end(), model.begin() + static_cast<ptrdiff_t>(from));
        ASSERT_EQ(wrt_mem_release(mem, data, n), WRT_OK);
        break;
      default:
        if (step % 10 != 0) break;
        ASSERT_EQ(wrt_mem_reset(mem), WRT_OK);
        model.assign(1000, 0);
    }
    ASSERT_EQ(bytes_of(mem), model) << step;
    ASSERT_NO_FATAL_FAILURE(expect_sound(mem)) << step;
  }
  ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
  EXPECT_EQ(stats_of(mem).corrupt_blocks, 0U);
  EXPECT_EQ(stats_of(mem).repaired_blocks, 0U);
}

}  // namespace
