// SPDX-License-Identifier: Apache-2.0 OR MIT
// wrt_mem_set_verify moves a live memory between any two levels, and either completes or changes nothing.
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cpp/host/host.hpp"
#include "world.hpp"

using namespace integrity;

#ifdef STRICT
static constexpr bool kStrict = true;
#else
static constexpr bool kStrict = false;
#endif

// What the library asks of the system goes through here: the nth request from now can be refused, alone or
// with all that follow. What is given back has to be there.
static int requests_until_refusal = 0;  // 0: none is refused
static bool refusal_lasts = false;
static bool was_refused_by_system = false;

static bool refuse_now() {
  if (requests_until_refusal == 0) return false;
  if (requests_until_refusal > 1) {
    requests_until_refusal--;
    return false;
  }
  if (!refusal_lasts) requests_until_refusal = 0;
  was_refused_by_system = true;
  return true;
}

static void refuse_request(int nth, bool lasting) {
  requests_until_refusal = nth;
  refusal_lasts = lasting;
  if (nth != 0) was_refused_by_system = false;
}

extern "C" {
void *__real_mmap(void *, size_t, int, int, int, off_t);
int __real_mprotect(void *, size_t, int);
int __real_munmap(void *, size_t);
ssize_t __real_read(int, void *, size_t);
int __real_open(const char *, int, ...);

void *__wrap_mmap(void *at, size_t len, int protection, int flags, int file, off_t offset) {
  return refuse_now() ? MAP_FAILED : __real_mmap(at, len, protection, flags, file, offset);
}
int __wrap_mprotect(void *at, size_t len, int protection) {
  return refuse_now() ? -1 : __real_mprotect(at, len, protection);
}
int __wrap_munmap(void *at, size_t len) {
  EXPECT_EQ(msync(at, len, MS_ASYNC), 0) << "what is unmapped is not mapped";
  return __real_munmap(at, len);
}
// With STRICT the kernel is one that counts what is mapped: /proc/sys/vm/overcommit_memory says 2.
static int strict_file = -1;
int __wrap_open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const int mode = (flags & O_CREAT) != 0 ? va_arg(rest, int) : 0;
  va_end(rest);
  const int file = __real_open(path, flags, mode);
  if (kStrict && std::strstr(path, "overcommit_memory") != nullptr) strict_file = file;
  return file;
}
ssize_t __wrap_read(int file, void *to, size_t n) {
  if (file < 0 || file != strict_file) return __real_read(file, to, n);
  strict_file = -1;
  *static_cast<char *>(to) = '2';
  return 1;
}
}

namespace {

constexpr uint64_t kLen = 3 * kBlockLen + 9;

struct Between : testing::TestWithParam<std::tuple<int32_t, int32_t, int32_t>> {
  int32_t tier() const { return std::get<0>(GetParam()); }
  int32_t from() const { return std::get<1>(GetParam()); }
  int32_t to() const { return std::get<2>(GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Integrity, Between,
                         testing::Combine(testing::ValuesIn(kTiers), testing::ValuesIn(kLevels),
                                          testing::ValuesIn(kLevels)),
                         [](const auto &named) {
                           return std::string(wrt_tier_name(std::get<0>(named.param))) + "_" +
                                  level_name(std::get<1>(named.param)) + "_to_" + level_name(std::get<2>(named.param));
                         });

/// What a refused call must leave as it was.
struct Picture {
  wrt_mem_info info;
  std::vector<uint8_t> bytes;
  size_t blocks;
  uint64_t slots;

  Picture(const World &world, wrt_mem *mem)
      : info(info_of(mem)),
        bytes(raw(mem), raw(mem) + info.len),
        blocks(world.heap.live.size()),
        slots(world.pool() != nullptr ? world.slots_used() : 0) {}
  bool operator==(const Picture &other) const {
    return std::memcmp(&info, &other.info, sizeof(info)) == 0 && bytes == other.bytes && blocks == other.blocks &&
           slots == other.slots;
  }
};

TEST_P(Between, TheBytesStayAndTheNewLevelIsInForce) {
  for (const uint64_t len : {uint64_t{0}, uint64_t{1}, kBlockLen, kLen, kRoom}) {
    World world(tier());
    wrt_mem *mem = world.make(from(), len);
    const std::vector<uint8_t> contents = fill_randomly(mem);
    ASSERT_EQ(wrt_mem_set_verify(mem, to()), WRT_OK);
    EXPECT_EQ(info_of(mem).verify, to());
    EXPECT_EQ(bytes_of(mem), contents);
    EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
    expect_sound(mem);
    if (world.pool() != nullptr) {
      EXPECT_EQ(world.slots_used(), to() == WRT_VERIFY_REDUNDANT ? 2U : 1U);
    }
    ASSERT_EQ(wrt_mem_resize(mem, len / 2), WRT_OK);
    ASSERT_EQ(wrt_mem_resize(mem, kRoom), WRT_OK);
    fill_randomly(mem, 2);
    expect_sound(mem);
    ASSERT_EQ(wrt_mem_set_verify(mem, from()), WRT_OK);
    expect_sound(mem);
    EXPECT_EQ(bytes_of(mem), random_bytes(kRoom, 2));
  }
}

TEST_P(Between, UpwardsWhatWasKeptIsCheckedDownwardsNeverFailsForIntegrity) {
  if (from() < WRT_VERIFY_STANDARD) return;  // nothing was kept
  World world(tier());
  wrt_mem *mem = world.make(from(), kLen);
  fill_randomly(mem);
  raw(mem)[kBlockLen] ^= 1;
  if (from() == WRT_VERIFY_REDUNDANT) second_raw(mem)[kBlockLen] ^= 2;
  const std::vector<uint8_t> bytes(raw(mem), raw(mem) + kLen);
  const size_t blocks = world.heap.live.size();
  const wrt_status status = wrt_mem_set_verify(mem, to());
  EXPECT_EQ(status, to() > from() ? WRT_ERR_CORRUPT : WRT_OK);
  EXPECT_EQ(info_of(mem).verify, status == WRT_OK ? to() : from());
  EXPECT_EQ(std::vector<uint8_t>(raw(mem), raw(mem) + kLen), bytes);
  if (status != WRT_OK) {
    EXPECT_EQ(world.heap.live.size(), blocks);
  }
  uint64_t first_bad = 1;
  const bool kept = info_of(mem).verify >= WRT_VERIFY_STANDARD;
  EXPECT_EQ(wrt_mem_verify(mem, &first_bad), kept ? WRT_ERR_CORRUPT : WRT_OK) << "a change of level blesses nothing";
  EXPECT_EQ(first_bad, kept ? kBlockLen : 1);
}

TEST_P(Between, WhatTheSecondCopyCanMendIsMendedOnTheWayDown) {
  if (from() != WRT_VERIFY_REDUNDANT || to() == WRT_VERIFY_REDUNDANT) return;
  World world(tier());
  wrt_mem *mem = world.make(from(), kLen);
  const std::vector<uint8_t> contents = fill_randomly(mem);
  raw(mem)[kBlockLen] ^= 1;
  ASSERT_EQ(wrt_mem_set_verify(mem, to()), WRT_OK);
  EXPECT_EQ(bytes_of(mem), contents);
  EXPECT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
}

TEST_P(Between, WhenTheAllocatorRefusesAtAnyStepNothingChanges) {
  if (tier() != WRT_TIER_ALLOC) return;
  for (uint64_t nth = 1;; nth++) {
    ASSERT_LT(nth, 10U);
    World world(tier());
    wrt_mem *mem = world.make(from(), kLen);
    fill_randomly(mem);
    const Picture before(world, mem);
    world.heap.refuse_nth(nth);
    const wrt_status status = wrt_mem_set_verify(mem, to());
    const bool refused = world.heap.calls >= world.heap.refused_call;
    world.heap.refuse_nth(0);
    if (!refused) {
      ASSERT_EQ(status, WRT_OK);
      break;
    }
    ASSERT_EQ(status, WRT_ERR_OUT_OF_MEMORY) << nth;
    ASSERT_TRUE(Picture(world, mem) == before) << nth;
    ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
    expect_sound(mem);
    ASSERT_EQ(wrt_mem_set_verify(mem, to()), WRT_OK);
    expect_sound(mem);
  }
}

TEST_P(Between, WhenTheSystemRefusesAtAnyStepNothingChanges) {
  if (tier() != WRT_TIER_STD) return;
  for (int step = 2;; step++) {
    const int nth = step / 2;
    ASSERT_LT(nth, 20);
    World world(tier());
    wrt_mem *mem = world.make(from(), kLen);
    fill_randomly(mem);
    const Picture before(world, mem);
    refuse_request(nth, step % 2 == 1);
    const wrt_status status = wrt_mem_set_verify(mem, to());
    refuse_request(0, false);
    if (!was_refused_by_system) {
      ASSERT_EQ(status, WRT_OK);
      break;
    }
    if (status == WRT_OK) continue;  // less was asked for then, and granted
    ASSERT_EQ(status, WRT_ERR_OUT_OF_MEMORY) << nth;
    ASSERT_TRUE(Picture(world, mem) == before) << nth;
    expect_sound(mem);
    ASSERT_EQ(wrt_mem_set_verify(mem, to()), WRT_OK);
    expect_sound(mem);
  }
}

TEST_P(Between, WhenThePoolHasNoSecondSlotNothingChanges) {
  if (tier() != WRT_TIER_STATIC || from() == WRT_VERIFY_REDUNDANT) return;
  World world(tier(), 1);
  wrt_mem *mem = world.make(from(), kLen);
  fill_randomly(mem);
  const Picture before(world, mem);
  const wrt_status status = wrt_mem_set_verify(mem, to());
  if (to() != WRT_VERIFY_REDUNDANT) {
    EXPECT_EQ(status, WRT_OK);
    return;
  }
  EXPECT_EQ(status, WRT_ERR_POOL_EXHAUSTED);
  EXPECT_TRUE(Picture(world, mem) == before);
  expect_sound(mem);
}

TEST(Kernel, CountsWhatIsMappedWhereThisProgramSaysSo) {
  if (kStrict) {
    EXPECT_TRUE(wrt::host::counts_commits());
  }
}

// ---- creation and growth

struct Refused : OnTierAtLevel {};
INSTANTIATE_TEST_SUITE_P(Integrity, Refused,
                         testing::Combine(testing::Values(WRT_TIER_STD, WRT_TIER_ALLOC), testing::ValuesIn(kLevels)),
                         tier_and_level_of);

/// Steps 2, 4, 6 … refuse the first, second, third … request alone; 3, 5, 7 … with all that follow, on STD.
void refuse(World &world, int step) {
  const int nth = step / 2;
  refuse_request(world.tier() == WRT_TIER_STD ? nth : 0, step % 2 == 1);
  world.heap.refuse_nth(world.tier() == WRT_TIER_ALLOC ? static_cast<uint64_t>(nth) : 0);
}
bool was_refused(World &world) {
  const bool heap_refused = world.heap.refused_call != 0 && world.heap.calls >= world.heap.refused_call;
  return world.tier() == WRT_TIER_STD ? was_refused_by_system : heap_refused;
}

TEST_P(Refused, CreationAtAnyStepTakesNothing) {
  for (int step = 2;; step++) {
    ASSERT_LT(step, 40);
    World world(tier());
    const wrt_mem_config config = world.config(level(), kLen);
    auto *out = reinterpret_cast<wrt_mem *>(0x5eed);
    refuse(world, step);
    const wrt_status status = wrt_mem_create_config(&config, &out);
    const bool refused = was_refused(world);
    refuse(world, 0);
    if (status == WRT_OK) {
      expect_sound(world.adopt(out));
      if (!refused) break;
      continue;
    }
    ASSERT_EQ(status, WRT_ERR_OUT_OF_MEMORY);
    ASSERT_EQ(out, reinterpret_cast<wrt_mem *>(0x5eed));
    ASSERT_EQ(world.heap.live.size(), 0U);
  }
}

TEST_P(Refused, CloneAtAnyStepTakesNothing) {
  for (int step = 2;; step++) {
    ASSERT_LT(step, 40);
    World world(tier());
    wrt_mem *mem = world.make(level(), kLen);
    const std::vector<uint8_t> contents = fill_randomly(mem);
    const Picture before(world, mem);
    auto *out = reinterpret_cast<wrt_mem *>(0x5eed);
    refuse(world, step);
    const wrt_status status = wrt_mem_clone(mem, &out);
    const bool refused = was_refused(world);
    refuse(world, 0);
    if (status == WRT_OK) {
      EXPECT_EQ(bytes_of(world.adopt(out)), contents);
      expect_sound(out);
      if (!refused) break;
      continue;
    }
    ASSERT_EQ(status, WRT_ERR_OUT_OF_MEMORY);
    ASSERT_EQ(out, reinterpret_cast<wrt_mem *>(0x5eed));
    ASSERT_TRUE(Picture(world, mem) == before);
  }
}

TEST_P(Refused, GrowthAtAnyStepChangesNeitherBytesNorLength) {
  for (int step = 2;; step++) {
    ASSERT_LT(step, 40);
    World world(tier());
    wrt_mem *mem = world.make(level(), kLen);
    const std::vector<uint8_t> contents = fill_randomly(mem);
    refuse(world, step);
    const wrt_status status = wrt_mem_resize(mem, kRoom);
    const bool refused = was_refused(world);
    refuse(world, 0);
    if (status == WRT_OK) {
      expect_sound(mem);
      if (!refused) break;
      continue;
    }
    ASSERT_EQ(status, WRT_ERR_OUT_OF_MEMORY);
    ASSERT_EQ(bytes_of(mem), contents);
    ASSERT_EQ(wrt_mem_verify(mem, nullptr), WRT_OK);
    expect_sound(mem);
    ASSERT_EQ(wrt_mem_resize(mem, kRoom), WRT_OK);
    expect_sound(mem);
  }
}

// ---- views

struct Viewed : OnTier {};
INSTANTIATE_TEST_SUITE_P(Integrity, Viewed, testing::ValuesIn(kTiers), tier_of);

TEST_P(Viewed, AViewIsUnsupportedWhereEveryWriteMustBeSeen) {
  World world(tier());
  for (const int32_t level : kCheckedLevels) {
    wrt_mem *mem = world.make(level, kLen);
    auto *view = reinterpret_cast<const wrt_view *>(0x5eed);
    EXPECT_EQ(wrt_mem_view(mem, &view), WRT_ERR_UNSUPPORTED);
    EXPECT_EQ(view, reinterpret_cast<const wrt_view *>(0x5eed));
    ASSERT_EQ(wrt_mem_set_verify(mem, WRT_VERIFY_BASIC), WRT_OK);
    EXPECT_EQ(wrt_mem_view(mem, &view), WRT_OK);
    ASSERT_EQ(wrt_mem_destroy(mem), WRT_OK);
  }
}

TEST_P(Viewed, OnceAViewWasGivenTheLevelStaysBelowStandard) {
  World world(tier());
  for (const int32_t before : {WRT_VERIFY_OFF, WRT_VERIFY_BASIC}) {
    wrt_mem *mem = world.make(before, kLen);
    const wrt_view *view = nullptr;
    ASSERT_EQ(wrt_mem_view(mem, &view), WRT_OK);
    for (const int32_t level : kCheckedLevels) {
      EXPECT_EQ(wrt_mem_set_verify(mem, level), WRT_ERR_UNSUPPORTED);
      EXPECT_EQ(info_of(mem).verify, before);
    }
    EXPECT_EQ(wrt_mem_set_verify(mem, WRT_VERIFY_OFF), WRT_OK);
    EXPECT_EQ(wrt_mem_set_verify(mem, WRT_VERIFY_BASIC), WRT_OK);
    ASSERT_EQ(wrt_mem_destroy(mem), WRT_OK);
  }
}

// ---- the control block

struct Damaged : OnTier {};
INSTANTIATE_TEST_SUITE_P(Integrity, Damaged, testing::ValuesIn(kTiers), tier_of);

/// The last word of the control block that holds the length: no access at OFF looks at it.
uint8_t *last_copy_of_len(wrt_mem *mem, uint64_t len) {
  auto *block = reinterpret_cast<uint8_t *>(&memory_of(mem));
  for (size_t i = sizeof(wrt::LinearMemory); i >= sizeof(len); i -= sizeof(len)) {
    if (std::memcmp(block + i - sizeof(len), &len, sizeof(len)) == 0) return block + i - sizeof(len);
  }
  ADD_FAILURE() << "no word holds the length";
  return block;
}

TEST_P(Damaged, RaisingTheLevelDoesNotBlessAControlBlockThatWasDamagedAtOff) {
  World world(tier());
  for (int32_t level = WRT_VERIFY_BASIC; level <= WRT_VERIFY_REDUNDANT; level++) {
    wrt_mem *mem = world.make(WRT_VERIFY_OFF, kLen);
    uint8_t *word = last_copy_of_len(mem, kLen);
    *word ^= 1;
    EXPECT_EQ(wrt_mem_set_verify(mem, level), WRT_ERR_CORRUPT) << level_name(level);
    EXPECT_EQ(info_of(mem).verify, WRT_VERIFY_OFF);
    *word ^= 1;
    EXPECT_EQ(wrt_mem_set_verify(mem, level), WRT_OK) << level_name(level);
    ASSERT_EQ(wrt_mem_destroy(mem), WRT_OK);
  }
}

}  // namespace
