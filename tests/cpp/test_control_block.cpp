// SPDX-License-Identifier: Apache-2.0 OR MIT
// The control block at BASIC: each of its bits is flipped in turn, and every call must notice before it does harm.
#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "capi/table.hpp"

extern "C" {
#include "../capi/checked_heap.h"
}

namespace {

using wrt::LinearMemory;

constexpr uint64_t kLen = 200;
constexpr uint64_t kMax = 300;
constexpr size_t kSlotLen = 320;
constexpr size_t kWord = sizeof(uintptr_t);

struct Case {
  const char *name;
  int32_t tier;
  uint32_t flags;
};

void PrintTo(const Case &given, std::ostream *out) { *out << given.name; }

bool noticed(wrt_status status) { return status == WRT_ERR_CORRUPT || status == WRT_ERR_INVALID_HANDLE; }

class ControlBlock : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override { heap_open(&heap_); }
  void TearDown() override { heap_close(&heap_); }

  // A memory with one neighbour on each side where the tier has sides, a budget, and a pattern in all of them.
  void make() {
    ASSERT_EQ(wrt_budget_create(10 * kMax, nullptr, &budget_), WRT_OK);
    storage_.assign(WRT_POOL_STORAGE_LEN(kSlotLen, 4), 0);
    ASSERT_EQ(wrt_pool_create(storage_.data(), storage_.size(), kSlotLen, &pool_), WRT_OK);
    const wrt_allocator allocator = heap_allocator(&heap_);
    wrt_mem_config config = WRT_MEM_CONFIG_INIT;
    config.tier = GetParam().tier;
    config.initial_len = kLen;
    config.max_len = kMax;
    config.flags = GetParam().flags;
    config.budget = budget_;
    config.name = "victim";
    if (config.tier == WRT_TIER_ALLOC) config.allocator = &allocator;
    if (config.tier == WRT_TIER_STATIC) config.pool = pool_;
    for (wrt_mem *&one : mems_) {
      ASSERT_EQ(wrt_mem_create_config(&config, &one), WRT_OK);
      ASSERT_EQ(wrt_mem_fill(one, 0, 0x5C, kLen), WRT_OK);
    }
  }
  wrt_mem *victim() const { return mems_[1]; }
  uint8_t *control_block() {
    LinearMemory &memory = wrt::capi::entry_for(reinterpret_cast<uintptr_t>(victim())).body.memory;
    return reinterpret_cast<uint8_t *>(&memory);
  }
  void flip(size_t bit) {
    control_block()[bit / 8] = static_cast<uint8_t>(control_block()[bit / 8] ^ (1U << (bit % 8)));
  }

  uint64_t budget_used() {
    wrt_budget_info info{};
    info.struct_size = sizeof info;
    EXPECT_EQ(wrt_budget_get_info(budget_, &info), WRT_OK);
    return info.used;
  }
  uint64_t pool_used() {
    wrt_pool_info info{};
    info.struct_size = sizeof info;
    EXPECT_EQ(wrt_pool_get_info(pool_, &info), WRT_OK);
    return info.used;
  }

  void neighbours_are_untouched() {
    for (wrt_mem *one : {mems_[0], mems_[2]}) {
      uint8_t seen[kLen];
      ASSERT_EQ(wrt_mem_read(one, 0, seen, kLen), WRT_OK);
      for (uint8_t byte : seen) ASSERT_EQ(byte, 0x5C);
      ASSERT_EQ(wrt_mem_verify(one, nullptr), WRT_OK);
    }
  }
  void give_back_the_rest() {
    for (wrt_mem *one : {mems_[0], mems_[2]}) ASSERT_EQ(wrt_mem_destroy(one), WRT_OK);
    ASSERT_EQ(budget_used(), 0U);
    ASSERT_EQ(wrt_budget_destroy(budget_), WRT_OK);
    ASSERT_EQ(wrt_pool_destroy(pool_), WRT_OK);
    heap_check(&heap_);
    ASSERT_EQ(heap_.fault, nullptr) << heap_.fault;
  }

  checked_heap heap_{};
  std::vector<uint8_t> storage_;
  wrt_budget *budget_ = nullptr;
  wrt_pool *pool_ = nullptr;
  wrt_mem *mems_[3] = {};
};

// The bytes of the control block in which a flipped bit was not noticed by `call`.
std::string places(const std::set<size_t> &bytes) {
  std::string text;
  for (size_t byte : bytes) text.append(" ").append(std::to_string(byte));
  return text;
}

TEST_P(ControlBlock, EveryFlippedBitIsNoticedByTheCallsThatChangeOrCheckTheMemory) {
  make();
  std::set<size_t> missed;
  for (size_t bit = 0; bit < 8 * sizeof(LinearMemory); bit++) {
    flip(bit);
    uint64_t old_pages = 77;
    uint64_t bad = 77;
    wrt_mem *const untouched = reinterpret_cast<wrt_mem *>(uintptr_t{77});
    wrt_mem *twin = untouched;
    const bool verify = noticed(wrt_mem_verify(victim(), &bad));
    if (!verify) {
      missed.insert(bit / 8);
      flip(bit);
      continue;
    }
    EXPECT_TRUE(noticed(wrt_mem_resize(victim(), kLen + 1))) << bit;
    EXPECT_TRUE(noticed(wrt_mem_resize(victim(), 1))) << bit;
    EXPECT_TRUE(noticed(wrt_mem_grow(victim(), 1, &old_pages))) << bit;
    EXPECT_TRUE(noticed(wrt_mem_reset(victim()))) << bit;
    EXPECT_TRUE(noticed(wrt_mem_clone(victim(), &twin))) << bit;
    EXPECT_EQ(old_pages, 77U);
    EXPECT_EQ(bad, 77U);
    EXPECT_EQ(twin, untouched);
    flip(bit);
    ASSERT_EQ(wrt_mem_verify(victim(), nullptr), WRT_OK) << "a refused call changed the control block";
  }
  EXPECT_TRUE(missed.empty()) << "not noticed in the bytes" << places(missed);
  uint64_t len = 0;
  EXPECT_EQ(wrt_mem_len(victim(), &len), WRT_OK);
  EXPECT_EQ(len, kLen);
  neighbours_are_untouched();
  ASSERT_EQ(wrt_mem_destroy(victim()), WRT_OK);
  give_back_the_rest();
}

TEST_P(ControlBlock, AnAccessWhoseBaseOrLimitWasHitIsCorruptAndNoAccessReachesElsewhere) {
  make();
  const wrt_view *view = nullptr;
  ASSERT_EQ(wrt_mem_view(victim(), &view), WRT_OK);
  // Where the base and the limit are that a small access uses, and the base and the length that a long one does.
  std::set<size_t> vital;
  std::set<size_t> vital_when_long;
  const auto base = reinterpret_cast<uintptr_t>(view->base);
  for (size_t at = 0; at + kWord <= sizeof(LinearMemory); at += kWord) {
    uintptr_t word = 0;
    std::memcpy(&word, control_block() + at, kWord);
    const auto *place = control_block() + at;
    const bool is_view = place == reinterpret_cast<const uint8_t *>(&view->base);
    if (is_view || word == kLen - (LinearMemory::kFastBytes - 1)) vital.insert(at);
    if ((word == base && vital_when_long.size() < 3) || place == reinterpret_cast<const uint8_t *>(&view->len))
      vital_when_long.insert(at);
  }
  ASSERT_GE(vital.size(), GetParam().flags == 0 ? 2U : 1U);
  ASSERT_GE(vital_when_long.size(), 3U);
  for (size_t bit = 0; bit < 8 * sizeof(LinearMemory); bit++) {
    const bool must = vital.count(bit / 8 / kWord * kWord) != 0;
    const bool must_when_long = must || vital_when_long.count(bit / 8 / kWord * kWord) != 0;
    flip(bit);
    for (uint64_t offset : {uint64_t{0}, uint64_t{60}, kLen - 8, kLen - 1, kLen, kMax, uint64_t{1} << 20}) {
      uint8_t seen[8] = {1, 2, 3, 4, 5, 6, 7, 8};
      const uint8_t pattern[8] = {0x5C, 0x5C, 0x5C, 0x5C, 0x5C, 0x5C, 0x5C, 0x5C};
      const bool inside = offset + 8 <= kLen;
      const wrt_status read = wrt_mem_read(victim(), offset, seen, 8);
      const wrt_status write = wrt_mem_write(victim(), offset, pattern, 8);
      const wrt_status fill = wrt_mem_fill(victim(), offset, 0x5C, 8);
      const wrt_status copy = wrt_mem_copy(victim(), offset, mems_[0], 0, 8);
      for (wrt_status status : {read, write, fill, copy}) {
        const wrt_status sound = inside ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS;
        ASSERT_TRUE(noticed(status) || (!must && status == sound)) << bit << ' ' << offset << ' ' << status;
      }
      if (read == WRT_OK) {
        ASSERT_EQ(std::memcmp(seen, pattern, 8), 0) << bit;
      }
      if (read != WRT_OK) {
        ASSERT_EQ(seen[7], 8) << "a refused read wrote";
      }
    }
    // The long way, and what needs more of the control block.
    uint8_t all[kLen];
    const wrt_status whole = wrt_mem_read(victim(), 0, all, kLen);
    ASSERT_TRUE(noticed(whole) || (!must_when_long && whole == WRT_OK)) << bit;
    int32_t equal = 0;
    const wrt_status compared = wrt_mem_equal(victim(), mems_[0], &equal);
    ASSERT_TRUE(noticed(compared) || (!must_when_long && compared == WRT_OK)) << bit;
    uint64_t word = 0;
    const wrt_status loaded = wrt_mem_atomic_load(victim(), 8, 8, &word);
    ASSERT_TRUE(noticed(loaded) || (!must_when_long && loaded == WRT_OK)) << bit;
    flip(bit);
    ASSERT_EQ(wrt_mem_verify(victim(), nullptr), WRT_OK) << bit;
  }
  neighbours_are_untouched();
  ASSERT_EQ(wrt_mem_destroy(victim()), WRT_OK);
  give_back_the_rest();
}

TEST_P(ControlBlock, DestroyingABadOneIsCorruptGivesItsChargeBackAndDoesNotHoldThePool) {
  std::set<size_t> missed;
  for (size_t bit = 0; bit < 8 * sizeof(LinearMemory); bit++) {
    make();
    flip(bit);
    const wrt_status status = wrt_mem_destroy(victim());
    if (status == WRT_OK) missed.insert(bit / 8);
    if (status != WRT_OK) {
      ASSERT_EQ(status, WRT_ERR_CORRUPT) << bit;
    }
    ASSERT_EQ(wrt_mem_destroy(victim()), WRT_ERR_INVALID_HANDLE) << "the handle is dead";
    uint64_t len = 0;
    ASSERT_EQ(wrt_mem_len(victim(), &len), WRT_ERR_INVALID_HANDLE);
    ASSERT_EQ(budget_used(), 2 * kLen) << "the charge was not given back exactly: bit " << bit;
    ASSERT_EQ(pool_used(), GetParam().tier == WRT_TIER_STATIC ? 2U : 0U) << bit;
    neighbours_are_untouched();
    give_back_the_rest();
    if (HasFatalFailure()) return;
    heap_close(&heap_);  // the bytes of a bad memory stay set aside for good
    heap_open(&heap_);
  }
  EXPECT_TRUE(missed.empty()) << "not noticed in the bytes" << places(missed);
}

TEST_P(ControlBlock, AtOffItIsNotCheckedButTurningItOnChecksWhatWasKept) {
  make();
  ASSERT_EQ(wrt_mem_set_verify(victim(), WRT_VERIFY_OFF), WRT_OK);
  ASSERT_EQ(wrt_mem_set_verify(victim(), WRT_VERIFY_BASIC), WRT_OK);
  ASSERT_EQ(wrt_mem_set_verify(victim(), WRT_VERIFY_OFF), WRT_OK);
  std::set<size_t> missed;
  for (size_t at = 0; at + kWord <= sizeof(LinearMemory); at += kWord) {
    uintptr_t word = 0;
    std::memcpy(&word, control_block() + at, kWord);
    if (word == 0 || word > 4096) continue;  // a length, a maximum or the like, and no address
    const std::vector<uint8_t> before(control_block(), control_block() + sizeof(LinearMemory));
    flip(8 * at + 3);
    if (wrt_mem_set_verify(victim(), WRT_VERIFY_BASIC) == WRT_OK) missed.insert(at);
    std::memcpy(control_block(), before.data(), before.size());
  }
  EXPECT_TRUE(missed.empty()) << "what was hit while the level was OFF is taken as sound, in the bytes"
                              << places(missed);
  ASSERT_EQ(wrt_mem_destroy(victim()), WRT_OK);
  give_back_the_rest();
}

INSTANTIATE_TEST_SUITE_P(OnEachTier, ControlBlock,
                         testing::Values(Case{"Std", WRT_TIER_STD, 0}, Case{"StdTracked", WRT_TIER_STD, WRT_MEM_TRACK},
                                         Case{"Alloc", WRT_TIER_ALLOC, 0},
                                         Case{"AllocTracked", WRT_TIER_ALLOC, WRT_MEM_TRACK},
                                         Case{"Static", WRT_TIER_STATIC, 0},
                                         Case{"StaticTracked", WRT_TIER_STATIC, WRT_MEM_TRACK}),
                         [](const testing::TestParamInfo<Case> &param) { return param.param.name; });

}  // namespace
