// SPDX-License-Identifier: Apache-2.0 OR MIT
// LinearMemory on each tier: its invariant after every step, and what the C ABI does not show.
#include "cpp/tiers/memory.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "cpp/tiers/memory_fast.hpp"

extern "C" {
#include "../capi/checked_heap.h"
}

namespace {

using wrt::LinearMemory;

constexpr uint64_t kKey = (uint64_t{1} << 63) | 0x1234567;
constexpr uint64_t kMax = 20000;

struct Case {
  const char *name;
  int32_t tier;
  uint32_t flags;
  int32_t verify;
  uint64_t page_len;
};

void PrintTo(const Case &given, std::ostream *out) { *out << given.name; }

class Memory : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    heap_open(&heap_);
    budget_.open(3 * kMax / 4, nullptr);
    storage_.assign(WRT_POOL_STORAGE_LEN(kMax, 2), 0xEE);
    pool_.open(storage_.data(), storage_.size(), kMax, 2, false);
  }
  void TearDown() override {
    heap_check(&heap_);
    EXPECT_EQ(heap_.fault, nullptr) << heap_.fault;
    EXPECT_EQ(heap_.live_blocks, 0U);
    EXPECT_EQ(budget_.used.load(), 0U);
    EXPECT_EQ(pool_.used(), 0U);
    EXPECT_TRUE(pool_.holds());
    heap_close(&heap_);
  }

  wrt::Spec spec() {
    const Case &given = GetParam();
    wrt::Spec spec{};
    spec.tier = given.tier;
    spec.flags = given.flags;
    spec.verify = given.verify;
    spec.page_len = given.page_len;
    const uint64_t max_len = kMax / given.page_len * given.page_len;
    spec.request = {given.page_len * 2, max_len, max_len, 0, (given.flags & WRT_MEM_STABLE) != 0};
    if ((given.flags & WRT_MEM_TRACK) != 0) spec.request.side_len = wrt::region_map_len(max_len);
    spec.reset_len = spec.request.initial_len;
    spec.allocator = heap_allocator(&heap_);
    spec.budget = &budget_;
    spec.name = "subject";
    if (given.tier == WRT_TIER_STATIC) {
      spec.pool = &pool_;
      EXPECT_EQ(pool_.claim(spec.slot), WRT_OK);
    }
    EXPECT_EQ(budget_.charge(static_cast<uintptr_t>(spec.request.initial_len)), WRT_OK);
    return spec;
  }

  checked_heap heap_{};
  wrt::BudgetCell budget_{};
  std::vector<uint8_t> storage_;
  wrt::SlotPool pool_{};
  LinearMemory memory_{};
  wrt::Journal journal_{};
};

TEST_P(Memory, HoldsAfterEveryStep) {
  ASSERT_EQ(memory_.open(spec(), journal_), WRT_OK);
  memory_.publish(kKey);
  ASSERT_TRUE(memory_.holds());
  const uint64_t page = GetParam().page_len;
  std::mt19937_64 random(3);
  std::vector<std::pair<void *, uint64_t>> lent;
  std::vector<uint8_t> model(memory_.len());
  for (int step = 0; step < 6000; step++) {
    const bool at_end = random() % 4 == 0;
    const uint64_t offset = at_end ? memory_.len() - random() % 70 : random() % (kMax + 5);
    const uint64_t n = at_end ? (memory_.len() - offset + random() % 3) % 100 : random() % 100;
    const bool inside = offset <= model.size() && n <= model.size() - offset;
    uint8_t bytes[100];
    for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random());
    switch (random() % 9) {
      case 0:
      case 1: {
        const uint64_t len = random() % 4 == 0 ? random() % (kMax + 5) : random() % (kMax + page) / page * page;
        const uint64_t before = memory_.len();
        const wrt_status status = memory_.resize(len);
        if (status != WRT_OK) {
          ASSERT_EQ(memory_.len(), before);
        }
        if (status == WRT_OK) {
          ASSERT_EQ(memory_.len(), len);
        }
        model.resize(memory_.len());
        break;
      }
      case 2: {
        uint64_t old_pages = 0;
        const uint64_t before = memory_.len();
        if (memory_.grow(random() % 4, old_pages) == WRT_OK) {
          ASSERT_EQ(old_pages, before / page);
        }
        model.resize(memory_.len());
        break;
      }
      case 3:
        ASSERT_EQ(memory_.write(offset, bytes, n), inside ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS);
        if (inside) std::copy(bytes, bytes + n, model.begin() + static_cast<std::ptrdiff_t>(offset));
        break;
      case 4:
        ASSERT_EQ(memory_.discard(offset, n), inside ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS);
        if (inside) std::fill_n(model.begin() + static_cast<std::ptrdiff_t>(offset), n, 0);
        break;
      case 5: {
        void *data = nullptr;
        if (memory_.borrow(offset, n, static_cast<uint32_t>(1 + random() % 3), data) == WRT_OK)
          lent.emplace_back(data, n);
        break;
      }
      case 6:
        if (lent.empty()) break;
        ASSERT_EQ(memory_.release(lent.back().first, lent.back().second), WRT_OK);
        lent.pop_back();
        break;
      case 7:
        if (random() % 8 == 0 && memory_.reset() == WRT_OK) model.assign(memory_.len(), 0);
        break;
      default: {
        // The quick way does what the slow one does, or leaves it to that.
        const bool quick = memory_.fast_write(kKey, offset, bytes, n);
        ASSERT_TRUE(!quick || (inside && n <= LinearMemory::kFastBytes));
        if (quick) std::copy(bytes, bytes + n, model.begin() + static_cast<std::ptrdiff_t>(offset));
        uint8_t seen[100];
        if (memory_.fast_read(kKey, offset, seen, n)) {
          ASSERT_TRUE(inside);
          ASSERT_TRUE(std::equal(seen, seen + n, model.begin() + static_cast<std::ptrdiff_t>(offset)));
        }
        ASSERT_FALSE(memory_.fast_read(kKey + 2, offset, seen, n)) << "with another handle's key";
        break;
      }
    }
    ASSERT_TRUE(memory_.holds()) << step;
    ASSERT_EQ(memory_.check_whole(kKey), WRT_OK);
    ASSERT_EQ(memory_.check_whole(kKey ^ 2), WRT_ERR_CORRUPT);
    ASSERT_EQ(memory_.len(), model.size());
    ASSERT_EQ(budget_.used.load(), model.size());
    for (int probe = 0; probe < 4 && !model.empty(); probe++) {
      const uint64_t at = random() % model.size();
      uint8_t byte = 0;
      ASSERT_EQ(memory_.read(at, &byte, 1), WRT_OK);
      ASSERT_EQ(byte, model[at]) << at;
    }
  }
  for (const auto &[data, n] : lent) EXPECT_EQ(memory_.release(data, n), WRT_OK);
  memory_.unpublish();
  uint8_t byte = 0;
  EXPECT_FALSE(memory_.fast_read(kKey, 0, &byte, 1)) << "a dead handle has no quick way";
  memory_.close();
}

TEST_P(Memory, IsFoundByEveryAddressItHoldsAndByNoOther) {
  ASSERT_EQ(memory_.open(spec(), journal_), WRT_OK);
  memory_.publish(kKey);
  wrt_mem_info info{};
  memory_.info(info);
  const auto base = reinterpret_cast<uintptr_t>(memory_.view()->base);
  uint64_t offset = 77;
  EXPECT_FALSE(memory_.contains(base - 1, offset));
  EXPECT_EQ(offset, 77U);
  for (uint64_t at : {uint64_t{0}, info.len - 1, info.len, info.capacity - 1}) {
    if (at >= info.capacity) continue;
    ASSERT_TRUE(memory_.contains(base + at, offset)) << at;
    EXPECT_EQ(offset, at);
  }
  EXPECT_FALSE(memory_.contains(base ^ (UINTPTR_MAX / 4 + 1), offset)) << "an address far away";
  EXPECT_FALSE(memory_.contains(0, offset));
  memory_.unpublish();
  EXPECT_FALSE(memory_.contains(base, offset));
  memory_.close();
}

TEST_P(Memory, AMemoryThatCannotBeHadChangesNothing) {
  const wrt::Spec wanted = spec();
  if (GetParam().tier == WRT_TIER_ALLOC) {
    heap_refuse_all(&heap_);
    EXPECT_EQ(memory_.open(wanted, journal_), WRT_ERR_OUT_OF_MEMORY);
    EXPECT_EQ(heap_.live_blocks, 0U);
    EXPECT_EQ(budget_.peak.load(), 0U);
    EXPECT_STREQ(journal_.name, "");
  }
  budget_.refund(static_cast<uintptr_t>(wanted.request.initial_len));
  if (wanted.pool != nullptr) wanted.pool->release(wanted.slot);
}

// ---- what is wrong with every copy agreeing, which no stray write makes

/// The members that a LinearMemory begins with.
struct FirstMembers {
  uint64_t seal;
  wrt_view view;
  uint64_t limit;
  uint64_t reach;
  uint32_t *checks;
  uint64_t checks_seal;
  wrt::State state;
};
FirstMembers &inside(LinearMemory &memory) { return *reinterpret_cast<FirstMembers *>(&memory); }

TEST_P(Memory, TheInvariantNoticesLengthsThatContradictEachOther) {
  ASSERT_EQ(memory_.open(spec(), journal_), WRT_OK);
  memory_.publish(kKey);
  wrt::State &state = inside(memory_).state;
  ASSERT_EQ(state.extent.bytes.len, memory_.len());
  const wrt::State sound = state;
  std::vector<wrt::State> wrong(4, sound);
  wrong[0].extent.capacity = kMax + 1;
  wrong[1].peak_len = sound.peak_len - 1;
  wrong[2].peak_len = kMax + 1;
  wrong[3].extent.bytes.cap = sound.extent.bytes.len - 1;
  if (GetParam().page_len > 1 && sound.extent.bytes.cap > sound.extent.bytes.len) {
    wrong.push_back(sound);
    wrong[4].extent.bytes.len++;
    wrong[4].peak_len = kMax / GetParam().page_len * GetParam().page_len;
  }
  for (size_t i = 0; i < wrong.size(); i++) {
    state = wrong[i];
    memory_.publish(kKey);
    EXPECT_EQ(memory_.check_whole(kKey), WRT_OK) << i;
    EXPECT_FALSE(memory_.holds()) << i;
    state = sound;
    memory_.publish(kKey);
    ASSERT_TRUE(memory_.holds());
  }
  memory_.unpublish();
  memory_.close();
}

TEST_P(Memory, TheInvariantNoticesABorrowThatNobodyCanHaveMadeAndACopyThatDisagrees) {
  ASSERT_EQ(memory_.open(spec(), journal_), WRT_OK);
  memory_.publish(kKey);
  void *data = nullptr;
  ASSERT_EQ(memory_.borrow(0, 1, WRT_BORROW_READ, data), WRT_OK);
  journal_.borrows.entries[0] = wrt::Borrow::make(0, 1, 0);
  EXPECT_EQ(memory_.check_whole(kKey), WRT_OK);
  EXPECT_FALSE(memory_.holds());
  journal_.borrows.entries[0] = wrt::Borrow::make(0, 1, WRT_BORROW_READ);
  ASSERT_EQ(memory_.release(data, 1), WRT_OK);
  ASSERT_TRUE(memory_.holds());
  inside(memory_).view.len ^= 1;
  EXPECT_FALSE(memory_.holds());
  EXPECT_EQ(memory_.check_copies(kKey), WRT_ERR_CORRUPT);
  inside(memory_).view.len ^= 1;
  EXPECT_EQ(memory_.check_copies(kKey), WRT_OK);
  memory_.unpublish();
  memory_.close();
}

TEST_P(Memory, CheckValuesThatAreNotItsOwnAreNoticed) {
  wrt::Spec wanted = spec();
  wanted.verify = WRT_VERIFY_STANDARD;
  ASSERT_EQ(memory_.open(wanted, journal_), WRT_OK);
  memory_.publish(kKey);
  FirstMembers &members = inside(memory_);
  uint32_t others[1] = {};
  uint32_t *const own = members.checks;
  ASSERT_EQ(members.checks_seal, kKey ^ reinterpret_cast<uintptr_t>(own));
  members.checks = others;
  EXPECT_EQ(memory_.check_access(kKey), WRT_ERR_CORRUPT);
  members.checks_seal = kKey ^ reinterpret_cast<uintptr_t>(others);  // and sealed as if they were
  EXPECT_EQ(memory_.check_access(kKey), WRT_ERR_CORRUPT);
  EXPECT_EQ(memory_.check_whole(kKey), WRT_ERR_CORRUPT);
  members.checks = own;
  members.checks_seal = kKey ^ reinterpret_cast<uintptr_t>(own);
  EXPECT_EQ(memory_.check_whole(kKey), WRT_OK);
  memory_.unpublish();
  memory_.close();
}

TEST_P(Memory, ThePoolOfABadOneIsWhatTwoOfThreeCopiesSayAndNoneWhenAllDiffer) {
  if (GetParam().tier != WRT_TIER_STATIC) return;
  ASSERT_EQ(memory_.open(spec(), journal_), WRT_OK);
  memory_.publish(kKey);
  wrt::SlotPool second{};
  wrt::SlotPool third{};
  auto *word = reinterpret_cast<wrt::SlotPool **>(&memory_);
  while (*word != &pool_) word++;
  EXPECT_EQ(memory_.pool_by_vote(&pool_), &pool_);
  EXPECT_EQ(memory_.pool_by_vote(&third), &pool_);
  *word = &second;
  ASSERT_EQ(memory_.pool(), &second) << "the first copy";
  EXPECT_EQ(memory_.pool_by_vote(&pool_), &pool_);
  EXPECT_EQ(memory_.pool_by_vote(&second), &second);
  EXPECT_EQ(memory_.pool_by_vote(&third), nullptr);
  *word = &pool_;
  memory_.unpublish();
  memory_.close();
}

INSTANTIATE_TEST_SUITE_P(OnEachTier, Memory,
                         testing::Values(Case{"Std", WRT_TIER_STD, 0, WRT_VERIFY_BASIC, 1},
                                         Case{"StdTracked", WRT_TIER_STD, WRT_MEM_TRACK, WRT_VERIFY_BASIC, 4096},
                                         Case{"StdStableOff", WRT_TIER_STD, WRT_MEM_STABLE, WRT_VERIFY_OFF, 16},
                                         Case{"Alloc", WRT_TIER_ALLOC, 0, WRT_VERIFY_BASIC, 1},
                                         Case{"AllocTracked", WRT_TIER_ALLOC, WRT_MEM_TRACK, WRT_VERIFY_BASIC, 256},
                                         Case{"AllocStable", WRT_TIER_ALLOC, WRT_MEM_STABLE, WRT_VERIFY_OFF, 64},
                                         Case{"Static", WRT_TIER_STATIC, 0, WRT_VERIFY_BASIC, 1},
                                         Case{"StaticTracked", WRT_TIER_STATIC, WRT_MEM_TRACK | WRT_MEM_STABLE,
                                              WRT_VERIFY_BASIC, 1024}),
                         [](const testing::TestParamInfo<Case> &param) { return param.param.name; });

}  // namespace
