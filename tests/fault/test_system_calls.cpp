// SPDX-License-Identifier: Apache-2.0 OR MIT
// System calls that are refused one by one, and how many are made.
#include <sys/resource.h>

#include "capi/table.hpp"
#include "scenario.hpp"
#include "system_calls.hpp"

namespace {

#ifdef WRT_FAULT_STRICT
constexpr bool kStrict = true;
#else
constexpr bool kStrict = false;
#endif
#ifdef WRT_FAULT_POSIX
constexpr bool kPosix = true;
#else
constexpr bool kPosix = false;
#endif

constexpr uint64_t kUnit = Scenario::kUnit;

class CallRefusals : public Refusals {
 public:
  void start(uint64_t from, uint64_t to) override {
    system_calls.calls = system_calls.refused = 0;
    system_calls.refuse_from = from;
    system_calls.refuse_to = to;
  }
  void stop() override { system_calls.refuse_from = 0; }
  uint64_t refused() const override { return system_calls.refused; }
};

// How many handles are free, by asking for them.
uint32_t free_handles() {
  uint32_t fitting = 0;
  for (uint32_t step = uint32_t{1} << 30; step != 0; step /= 2) {
    if (!wrt::capi::take_handles(fitting + step)) continue;
    wrt::capi::untake_handles(fitting + step);
    fitting += step;
  }
  return fitting;
}

struct Case {
  const char *name;
  uint64_t page_len;
  uint32_t flags;
  uint64_t reserve_len;
  size_t address_space;
  size_t refuse_above;
};

void PrintTo(const Case &given, std::ostream *out) { *out << given.name; }

class SystemCallThatFails : public testing::TestWithParam<std::tuple<Case, bool>> {};

TEST_P(SystemCallThatFails, IsAnsweredByOutOfMemoryAndChangesNothingAndLeaksNothing) {
  const auto &[given, for_good] = GetParam();
  Kind kind;
  kind.name = given.name;
  kind.page_len = given.page_len;
  kind.flags = given.flags;
  kind.reserve_len = given.reserve_len;
  system_calls.address_space = given.address_space;
  system_calls.refuse_above = given.refuse_above;
  CallRefusals refusals;
  const size_t mapped = mapped_bytes();
  const size_t files = open_files();
  const uint32_t handles = free_handles();
  const uint64_t runs = for_every_call(refusals, for_good, [&] {
    Scenario(kind, refusals).run();
    EXPECT_EQ(mapped_bytes(), mapped) << "something stayed mapped";
    EXPECT_EQ(open_files(), files) << "a file stayed open";
    EXPECT_FALSE(mapped_wrongly()) << "a call reached outside what was mapped";
    EXPECT_EQ(free_handles(), handles) << "a handle was lost";
  });
  EXPECT_GT(runs, 20U);
  system_calls.address_space = SIZE_MAX;
  system_calls.refuse_above = 0;
}

INSTANTIATE_TEST_SUITE_P(
    EveryKind, SystemCallThatFails,
    testing::Combine(
        testing::Values(
            Case{"whole reservation", 65536, 0, 0, SIZE_MAX, 0}, Case{"page_len 1", 1, 0, 0, SIZE_MAX, 0},
            Case{"stable and tracked", 65536, WRT_MEM_STABLE | WRT_MEM_TRACK, 0, SIZE_MAX, 0},
            Case{"small reservation", 65536, 0, Scenario::kInitial, SIZE_MAX, 0},
            Case{"small reservation, tracked, page_len 1", 1, WRT_MEM_TRACK, Scenario::kInitial + 4096, SIZE_MAX, 0},
            Case{"bounded address space", 65536, 0, 0, 8 * 4 * kUnit, 0}, Case{"tight address space", 1, 0, 0, 4096, 0},
            Case{"guarded", 65536, WRT_MEM_GUARD, 0, SIZE_MAX, 0}, Case{"resident", 1, WRT_MEM_COMMIT, 0, SIZE_MAX, 0},
            Case{"resident, small reservation, huge", 65536, WRT_MEM_COMMIT | WRT_MEM_HUGE, Scenario::kInitial,
                 SIZE_MAX, 0},
            Case{"resident and guarded", 65536, WRT_MEM_COMMIT | WRT_MEM_GUARD, 0, SIZE_MAX, 0}),
        testing::Bool()),
    [](const auto &param) { return "Case" + std::to_string(param.index); });

TEST(SystemCalls, NothingIsRefusedThatCanBeHadWithLess) {
  // What is longer than half of the maximum is refused for good: the memory holds less, and can still become as long as
  // there is room for.
  system_calls.refuse_above = Scenario::kMax / 2;
  const size_t mapped = mapped_bytes();
  wrt_mem *mem = nullptr;
  ASSERT_EQ(wrt_mem_create(WRT_TIER_STD, kUnit, Scenario::kMax, &mem), WRT_OK);
  wrt_mem_info info{};
  info.struct_size = sizeof info;
  ASSERT_EQ(wrt_mem_get_info(mem, &info), WRT_OK);
  EXPECT_GE(info.capacity, kUnit);
  EXPECT_LE(info.capacity, Scenario::kMax / 2);
  EXPECT_EQ(info.base_stable, 0);
  ASSERT_EQ(wrt_mem_fill(mem, 0, 7, kUnit), WRT_OK);
  EXPECT_EQ(wrt_mem_resize(mem, Scenario::kMax / 2), WRT_OK);
  EXPECT_EQ(wrt_mem_resize(mem, Scenario::kMax / 2 + 1), WRT_ERR_OUT_OF_MEMORY);
  system_calls.refuse_above = 0;
  EXPECT_EQ(wrt_mem_resize(mem, Scenario::kMax), WRT_OK);
  uint8_t byte = 0;
  EXPECT_EQ(wrt_mem_read(mem, kUnit - 1, &byte, 1), WRT_OK);
  EXPECT_EQ(byte, 7);
  EXPECT_EQ(wrt_mem_read(mem, Scenario::kMax - 1, &byte, 1), WRT_OK);
  EXPECT_EQ(byte, 0);
  ASSERT_EQ(wrt_mem_destroy(mem), WRT_OK);
  EXPECT_EQ(mapped_bytes(), mapped);
}

TEST(SystemCalls, AStableMemoryThatCannotHoldItsMaximumIsOutOfMemory) {
  system_calls.refuse_above = Scenario::kMax / 2;
  const size_t mapped = mapped_bytes();
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STD;
  config.max_len = Scenario::kMax;
  config.flags = WRT_MEM_STABLE;
  wrt_mem *mem = nullptr;
  EXPECT_EQ(wrt_mem_create_config(&config, &mem), WRT_ERR_OUT_OF_MEMORY);
  EXPECT_EQ(mapped_bytes(), mapped);
  system_calls.refuse_above = 0;
  EXPECT_EQ(wrt_mem_create_config(&config, &mem), WRT_OK);
  EXPECT_EQ(wrt_mem_destroy(mem), WRT_OK);
}

TEST(SystemCalls, AMemoryUnderABoundTakesOnlyAShareOfTheAddressSpace) {
  system_calls.address_space = size_t{64} << 20;
  wrt_mem *mem = nullptr;
  ASSERT_EQ(wrt_mem_create(WRT_TIER_STD, kUnit, uint64_t{1} << 30, &mem), WRT_OK);
  wrt_mem_info info{};
  info.struct_size = sizeof info;
  ASSERT_EQ(wrt_mem_get_info(mem, &info), WRT_OK);
  EXPECT_LT(info.capacity, uint64_t{64} << 20);
  EXPECT_EQ(wrt_mem_resize(mem, uint64_t{16} << 20), WRT_OK) << "growth past the share moves the mapping";
  EXPECT_EQ(wrt_mem_destroy(mem), WRT_OK);
  system_calls.address_space = SIZE_MAX;
}

// Growth that the memory was moved for may be taken back and made again, as often as one likes.
TEST(SystemCalls, GrowthByMovingWorksAgainAfterShrinking) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STD;
  config.initial_len = config.reserve_len = kUnit;
  config.max_len = 1024 * kUnit;
  wrt_mem *mem = nullptr;
  ASSERT_EQ(wrt_mem_create_config(&config, &mem), WRT_OK);
  for (uint64_t len = 16 * kUnit; len <= config.max_len; len *= 2) {
    ASSERT_EQ(wrt_mem_resize(mem, len), WRT_OK) << len;
    ASSERT_EQ(wrt_mem_fill(mem, 0, 0xEE, len), WRT_OK);
    ASSERT_EQ(wrt_mem_resize(mem, kUnit), WRT_OK);
    ASSERT_EQ(wrt_mem_resize(mem, len), WRT_OK) << len;
    uint8_t byte = 1;
    ASSERT_EQ(wrt_mem_read(mem, len - 1, &byte, 1), WRT_OK);
    EXPECT_EQ(byte, 0);
    ASSERT_EQ(wrt_mem_read(mem, kUnit - 1, &byte, 1), WRT_OK);
    EXPECT_EQ(byte, 0xEE);
  }
  EXPECT_EQ(wrt_mem_destroy(mem), WRT_OK);
}

// COMMIT: what the machine or the control group does not have is refused, not promised.
TEST(SystemCalls, AResidentMemoryIsRefusedWhatIsNotLeft) {
  if (kPosix) return;  // there nobody says what is left
  struct Left {
    const char *meminfo;
    const char *group_max;
    wrt_status want;
  };
  const Left cases[] = {
      {"MemTotal:  100 kB\nMemFree:  1 kB\nMemAvailable:    8192 kB\n", "max\n", WRT_OK},
      {"MemTotal:  100 kB\nMemFree:  1 kB\nMemAvailable:    1023 kB\n", "max\n", WRT_ERR_OUT_OF_MEMORY},
      {"MemAvailable: 1048576 kB\n", "1000000\n", WRT_ERR_OUT_OF_MEMORY},
      {"no such line\n", "max\n", WRT_OK},
  };
  const size_t mapped = mapped_bytes();
  for (const Left &given : cases) {
    SCOPED_TRACE(given.meminfo);
    wrt_mem_config config = WRT_MEM_CONFIG_INIT;
    config.tier = WRT_TIER_STD;
    config.max_len = uint64_t{1} << 20;
    config.flags = WRT_MEM_COMMIT;
    wrt_mem *mem = nullptr;
    ASSERT_EQ(wrt_mem_create_config(&config, &mem), WRT_OK);
    wrt_mem *other = nullptr;
    system_calls.meminfo = given.meminfo;
    system_calls.group_max = given.group_max;
    EXPECT_EQ(wrt_mem_resize(mem, config.max_len), given.want);
    config.initial_len = config.max_len;
    EXPECT_EQ(wrt_mem_create_config(&config, &other), given.want);
    system_calls.meminfo = system_calls.group_max = nullptr;
    EXPECT_EQ(wrt_mem_resize(mem, config.max_len), WRT_OK);
    EXPECT_EQ(wrt_mem_destroy(mem), WRT_OK);
    EXPECT_EQ(wrt_mem_destroy(other), WRT_OK);
  }
  EXPECT_EQ(mapped_bytes(), mapped);
}

TEST(SystemCalls, GrowthWithinTheReservationMakesNone) {
  constexpr uint64_t kUnits = sizeof(void *) == 8 ? 4096 : 512;  // within the share of a small address space
  wrt_mem *mem = nullptr;
  ASSERT_EQ(wrt_mem_create(WRT_TIER_STD, 0, kUnits * kUnit, &mem), WRT_OK);
  system_calls = SystemCalls{};
  for (uint64_t i = 1; i <= kUnits; i++) ASSERT_EQ(wrt_mem_resize(mem, i * kUnit), WRT_OK);
  if (kStrict) {
    EXPECT_LE(system_calls.calls, 64U) << "commits run ahead, so that there are few of them";
    EXPECT_EQ(system_calls.calls, system_calls.mprotects);
  } else {
    EXPECT_EQ(system_calls.calls, 0U);
  }
  system_calls = SystemCalls{};
  uint8_t byte = 9;
  EXPECT_EQ(wrt_mem_write(mem, kUnits * kUnit - 1, &byte, 1), WRT_OK);
  EXPECT_EQ(wrt_mem_read(mem, 0, &byte, 1), WRT_OK);
  EXPECT_EQ(system_calls.calls, 0U);
  EXPECT_EQ(wrt_mem_destroy(mem), WRT_OK);
}

TEST(SystemCalls, ShrinkingGivesPagesBack) {
  wrt_mem *mem = nullptr;
  ASSERT_EQ(wrt_mem_create(WRT_TIER_STD, 64 * kUnit, 64 * kUnit, &mem), WRT_OK);
  ASSERT_EQ(wrt_mem_fill(mem, 0, 1, 64 * kUnit), WRT_OK);
  system_calls = SystemCalls{};
  ASSERT_EQ(wrt_mem_resize(mem, kUnit), WRT_OK);
  EXPECT_EQ(system_calls.calls, 1U);
  EXPECT_EQ(system_calls.mmaps, kStrict || kPosix ? 1U : 0U);
  EXPECT_EQ(system_calls.madvises, kStrict || kPosix ? 0U : 1U);
  wrt_mem_info info{};
  info.struct_size = sizeof info;
  ASSERT_EQ(wrt_mem_get_info(mem, &info), WRT_OK);
  EXPECT_EQ(info.committed, kUnit);
  EXPECT_EQ(wrt_mem_destroy(mem), WRT_OK);
}

// Copy-on-write: what it takes does not depend on the length, nor on what is in it.
TEST(SystemCalls, AMemoryFromAnImageTakesTheSameCallsHoweverLongItIs) {
  if (kStrict || kPosix) return;  // there what is not zero is copied
  uint64_t calls[2][3] = {};
  const uint64_t lens[] = {kUnit, 256 * kUnit};
  const size_t files = open_files();
  for (int i = 0; i < 2; i++) {
    wrt_mem *mem = nullptr;
    wrt_image *image = nullptr;
    ASSERT_EQ(wrt_mem_create(WRT_TIER_STD, lens[i], 512 * kUnit, &mem), WRT_OK);
    ASSERT_EQ(wrt_mem_fill(mem, 0, 7, lens[i]), WRT_OK);
    ASSERT_EQ(wrt_image_create(mem, &image), WRT_OK);
    EXPECT_EQ(open_files(), files + 1);
    ASSERT_EQ(wrt_mem_destroy(mem), WRT_OK);
    wrt_mem_config config = WRT_MEM_CONFIG_INIT;
    config.tier = WRT_TIER_STD;
    config.image = image;
    system_calls = SystemCalls{};
    ASSERT_EQ(wrt_mem_create_config(&config, &mem), WRT_OK);
    calls[i][0] = system_calls.calls;
    uint8_t byte = 0;
    ASSERT_EQ(wrt_mem_read(mem, lens[i] - 1, &byte, 1), WRT_OK);
    EXPECT_EQ(byte, 7);
    ASSERT_EQ(wrt_mem_write(mem, 0, "x", 1), WRT_OK);
    system_calls = SystemCalls{};
    ASSERT_EQ(wrt_mem_reset(mem), WRT_OK);
    calls[i][1] = system_calls.calls;
    ASSERT_EQ(wrt_mem_read(mem, 0, &byte, 1), WRT_OK);
    EXPECT_EQ(byte, 7);
    ASSERT_EQ(wrt_image_destroy(image), WRT_OK);
    EXPECT_EQ(open_files(), files + 1) << "the memory needs it to go back";
    system_calls = SystemCalls{};
    ASSERT_EQ(wrt_mem_destroy(mem), WRT_OK);
    calls[i][2] = system_calls.calls;
    EXPECT_EQ(open_files(), files);
  }
  for (int which = 0; which < 3; which++) {
    EXPECT_EQ(calls[0][which], calls[1][which]);
    EXPECT_LE(calls[0][which], 3U);
  }
}

// A file longer than the process may write would be answered by a signal: the image is kept without one.
TEST(SystemCalls, AnImageUnderALimitOnFilesIsKeptWithoutOne) {
  if (kStrict || kPosix) return;
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit limit = before;
  limit.rlim_cur = kUnit;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  const size_t files = open_files();
  wrt_mem *mem = nullptr;
  wrt_mem *other = nullptr;
  wrt_image *image = nullptr;
  ASSERT_EQ(wrt_mem_create(WRT_TIER_STD, 2 * kUnit, 2 * kUnit, &mem), WRT_OK);
  ASSERT_EQ(wrt_mem_fill(mem, kUnit, 7, kUnit), WRT_OK);
  ASSERT_EQ(wrt_image_create(mem, &image), WRT_OK);
  EXPECT_EQ(open_files(), files);
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STD;
  config.image = image;
  ASSERT_EQ(wrt_mem_create_config(&config, &other), WRT_OK);
  int32_t equal = 0;
  EXPECT_EQ(wrt_mem_equal(mem, other, &equal), WRT_OK);
  EXPECT_EQ(equal, 1);
  EXPECT_EQ(wrt_mem_destroy(mem), WRT_OK);
  EXPECT_EQ(wrt_mem_destroy(other), WRT_OK);
  EXPECT_EQ(wrt_image_destroy(image), WRT_OK);
  EXPECT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
}

// The whole run on the STATIC tier: once the pool is there, nothing is asked of the system.
TEST(SystemCalls, AreNotMadeOnTheStaticTierOnceThePoolExists) {
  constexpr size_t kSlotLen = Scenario::kMax;
  std::vector<uint8_t> storage(WRT_POOL_STORAGE_LEN(kSlotLen, 6));
  Kind kind;
  kind.name = "static";
  kind.tier = WRT_TIER_STATIC;
  kind.page_len = 65536;
  kind.flags = WRT_MEM_TRACK;
  kind.slot_len = kSlotLen;
  ASSERT_EQ(wrt_pool_create(storage.data(), storage.size(), kSlotLen, &kind.pool), WRT_OK);
  system_calls = SystemCalls{};
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STATIC;
  config.pool = kind.pool;
  config.flags = WRT_MEM_TRACK | WRT_MEM_STABLE;
  for (int i = 0; i < 5; i++) {
    wrt_mem *mem = nullptr;
    wrt_mem *other = nullptr;
    const wrt_view *view = nullptr;
    EXPECT_EQ(wrt_mem_create_config(&config, &mem), WRT_OK);
    EXPECT_EQ(wrt_mem_resize(mem, kSlotLen), WRT_OK);
    EXPECT_EQ(wrt_mem_fill(mem, 0, 1, kSlotLen), WRT_OK);
    EXPECT_EQ(wrt_mem_view(mem, &view), WRT_OK);
    EXPECT_EQ(wrt_mem_clone(mem, &other), WRT_OK);
    EXPECT_EQ(wrt_mem_discard(mem, 5, kSlotLen - 5), WRT_OK);
    EXPECT_EQ(wrt_mem_reset(mem), WRT_OK);
    EXPECT_EQ(wrt_mem_destroy(other), WRT_OK);
    EXPECT_EQ(wrt_mem_destroy(mem), WRT_OK);
  }
  EXPECT_EQ(system_calls.calls, 0U);
  CallRefusals refusals;
  kind.selftest = false;  // that one tries the other tiers too
  EXPECT_EQ(for_every_call(refusals, true, [&] { Scenario(kind, refusals).run(); }), 1U);
  EXPECT_EQ(system_calls.calls, 0U);
  EXPECT_EQ(wrt_pool_destroy(kind.pool), WRT_OK);
}

// Where commits are counted the handle table is backed step by step, and a step may be refused.
TEST(SystemCalls, ATableThatCannotGrowIsOutOfMemoryAndLosesNoHandle) {
  const uint32_t handles = free_handles();
  for (uint32_t round = 0; round < 4; round++) {
    const size_t slots = 3000 + 1500 * size_t{round};
    std::vector<uint8_t> storage(WRT_POOL_STORAGE_LEN(8, slots));
    CallRefusals refusals;
    refusals.start(1 + round % 2, UINT64_MAX);
    wrt_pool *pool = nullptr;
    const wrt_status status = wrt_pool_create(storage.data(), storage.size(), 8, &pool);
    EXPECT_EQ(status, kStrict ? WRT_ERR_OUT_OF_MEMORY : WRT_OK);
    refusals.stop();
    EXPECT_EQ(wrt_pool_destroy(pool), WRT_OK);  // NULL when there is none
    EXPECT_EQ(free_handles(), handles);
    ASSERT_EQ(wrt_pool_create(storage.data(), storage.size(), 8, &pool), WRT_OK);
    EXPECT_EQ(wrt_pool_destroy(pool), WRT_OK);
    EXPECT_EQ(free_handles(), handles);
  }
}

}  // namespace
