// SPDX-License-Identifier: Apache-2.0 OR MIT
// The power-on self-test passes on a sound build and fails on every damaged way to compute check values.
#include "cpp/tiers/selftest.hpp"

#include <gtest/gtest.h>

#include "world.hpp"

using wrt::Crc32c;

namespace {

TEST(Selftest, PassesAgainAndAgain) {
  for (int i = 0; i < 20; i++) ASSERT_TRUE(wrt::selftest());
}

TEST(Selftest, LeavesAMemoryOfTheHostsAlone) {
  for (const int32_t tier : integrity::kTiers) {
    integrity::World world(tier);
    wrt_mem *mem = world.make(WRT_VERIFY_FULL, 500);
    const std::vector<uint8_t> contents = integrity::fill_randomly(mem);
    const uint64_t calls = world.heap.calls;
    ASSERT_EQ(wrt_selftest(), WRT_OK);
    EXPECT_EQ(world.heap.calls, calls);
    EXPECT_EQ(integrity::bytes_of(mem), contents);
    integrity::expect_sound(mem);
  }
}

TEST(Selftest, AcceptsEveryWayOfThisProcessor) {
  for (size_t i = 0; const Crc32c *way = wrt::crc32c_variant(i); i++) EXPECT_TRUE(wrt::crc_answers(*way)) << way->name;
}

// ---- a way by tables, one entry of which is wrong

uint32_t tables[8][256];
size_t bad_table;
size_t bad_entry;

uint32_t entry(size_t table, uint32_t byte) {
  return tables[table][byte] ^ (table == bad_table && byte == bad_entry ? 0x00010000U : 0);
}

void make_tables() {
  for (uint32_t byte = 0; byte < 256; byte++) {
    tables[0][byte] = wrt::crc::of_byte(0, static_cast<uint8_t>(byte));
    for (size_t k = 1; k < 8; k++) tables[k][byte] = wrt::crc::of_byte(tables[k - 1][byte], 0);
  }
}

uint32_t damaged_of(uint32_t crc, const uint8_t *bytes, size_t n) {
  for (; n >= 8; n -= 8, bytes += 8) {
    uint32_t next = 0;
    for (uint32_t i = 0; i < 8; i++) {
      const uint32_t byte = i < 4 ? bytes[i] ^ ((crc >> (8 * i)) & 0xff) : bytes[i];
      next ^= entry(7 - i, byte);
    }
    crc = next;
  }
  for (size_t i = 0; i < n; i++) crc = entry(0, (crc ^ bytes[i]) & 0xff) ^ (crc >> 8);
  return crc;
}

TEST(Selftest, FailsWhenAnEntryOfATableIsDamaged) {
  make_tables();
  Crc32c damaged = wrt::kCrc32cPortable;
  damaged.of = damaged_of;
  bad_table = 99;
  ASSERT_TRUE(wrt::crc_answers(damaged)) << "sound tables pass";
  for (bad_table = 0; bad_table < 8; bad_table++) {
    for (bad_entry = 0; bad_entry < 256; bad_entry += 3) {
      ASSERT_FALSE(wrt::crc_answers(damaged)) << bad_table << ", " << bad_entry;
    }
  }
}

TEST(Selftest, FailsWhenAnyPartOfAWayIsWrong) {
  const Crc32c sound = wrt::kCrc32cPortable;
  Crc32c damaged = sound;
  damaged.of = [](uint32_t crc, const uint8_t *bytes, size_t n) {
    return wrt::kCrc32cPortable.of(crc, bytes, n) ^ (n == 47 ? 1U : 0U);
  };
  EXPECT_FALSE(wrt::crc_answers(damaged));
  damaged = sound;
  damaged.shift = [](uint32_t crc, size_t n) { return wrt::kCrc32cPortable.shift(crc, n == 17 ? 16 : n); };
  EXPECT_FALSE(wrt::crc_answers(damaged));
  damaged = sound;
  damaged.of_change = [](const uint8_t *before, const uint8_t *after, size_t n, size_t zeros) {
    return wrt::kCrc32cPortable.of_change(before, after, n, zeros == 8 ? 7 : zeros);
  };
  EXPECT_FALSE(wrt::crc_answers(damaged));
  damaged = sound;
  damaged.put = [](uint32_t *check, uint8_t *to, const uint8_t *from, size_t n, size_t zeros) {
    const wrt_status status = wrt::kCrc32cPortable.put(check, to, from, n, zeros);
    if (n == 8 && zeros == 3) *check ^= 1;
    return status;
  };
  EXPECT_FALSE(wrt::crc_answers(damaged));
  damaged.put = [](uint32_t *check, uint8_t *to, const uint8_t *from, size_t n, size_t zeros) {
    const wrt_status status = wrt::kCrc32cPortable.put(check, to, from, n, zeros);
    if (n == 5) to[4] ^= 1;
    return status;
  };
  EXPECT_FALSE(wrt::crc_answers(damaged));
  damaged = sound;
  damaged.good_blocks = [](const uint8_t *, const uint32_t *, size_t count, size_t) { return count; };
  EXPECT_FALSE(wrt::crc_answers(damaged));
}

}  // namespace
