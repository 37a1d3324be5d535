// SPDX-License-Identifier: Apache-2.0 OR MIT
// Slots, handles and budgets that run out one by one, on every tier.
#include "capi/table.hpp"
#include "own_resources.hpp"
#include "scenario.hpp"
#include "system_calls.hpp"

extern "C" {
#include "../capi/checked_heap.h"
}

namespace {

struct Resource {
  const char *name;
  Requests &requests;
  uint32_t kind;
  wrt_status code;
  uint64_t noted;
};

const Resource kSlots{"slots", slot_requests, kSlot, WRT_ERR_POOL_EXHAUSTED, 1};
const Resource kHandles{"handles", handle_requests, kHandle, WRT_ERR_POOL_EXHAUSTED, 0};
const Resource kEntries{"entries", entry_requests, kHandle, WRT_ERR_OUT_OF_MEMORY, 0};
const Resource kBudgets{"budgets", budget_requests, kBudget, WRT_ERR_BUDGET, 1};

class ResourceRefusals : public Refusals {
 public:
  explicit ResourceRefusals(const Resource &resource) : resource_(resource) {}
  void start(uint64_t from, uint64_t to) override { resource_.requests = {0, 0, from, to}; }
  void stop() override { resource_.requests.refuse_from = 0; }
  uint64_t refused() const override { return resource_.requests.refused; }
  uint32_t kind() const override { return resource_.kind; }
  wrt_status code() const override { return resource_.code; }
  uint64_t noted() const override { return resource_.noted; }
  std::vector<uint64_t> resources() const override { return {free_handles()}; }

 private:
  const Resource &resource_;
};

struct Case {
  const char *name;
  int32_t tier;
  uint64_t page_len;
  uint32_t flags;
  uint64_t reserve_len;
  const Resource &resource;
  uint64_t least_requests;  // a run that makes fewer has lost its teeth
};

void PrintTo(const Case &given, std::ostream *out) { *out << given.name << ", " << given.resource.name; }

// What each of the tiers takes from, and whether it got all of it back.
class Sources {
 public:
  explicit Sources(Kind &kind) {
    heap_open(&heap_);
    allocator_ = heap_allocator(&heap_);
    if (kind.tier == WRT_TIER_ALLOC) kind.allocator = &allocator_;
    if (kind.tier != WRT_TIER_STATIC) return;
    storage_.resize(WRT_POOL_STORAGE_LEN(Scenario::kMax, kSlotCount));
    EXPECT_EQ(wrt_pool_create(storage_.data(), storage_.size(), Scenario::kMax, &pool_), WRT_OK);
    kind.pool = pool_;
    kind.slot_len = Scenario::kMax;
  }
  ~Sources() {
    EXPECT_EQ(wrt_pool_destroy(pool_), WRT_OK);
    heap_close(&heap_);
  }
  Sources(const Sources &) = delete;
  Sources &operator=(const Sources &) = delete;

  void all_back() {
    heap_check(&heap_);
    EXPECT_EQ(heap_.live_blocks, 0U) << "a block was not given back";
    EXPECT_EQ(heap_.fault, nullptr) << heap_.fault;
    if (pool_ == nullptr) return;
    wrt::SlotPool &pool = wrt::capi::find(pool_, wrt::capi::Kind::kPool)->pool();
    EXPECT_EQ(pool.used(), 0U) << "a slot was not given back";
    EXPECT_TRUE(pool.holds());
  }

 private:
  static constexpr size_t kSlotCount = 6;  // two memories, and one twice with its clone

  checked_heap heap_{};
  wrt_allocator allocator_{};
  std::vector<uint8_t> storage_;
  wrt_pool *pool_ = nullptr;
};

class ResourceThatRunsOut : public testing::TestWithParam<std::tuple<Case, bool>> {};

TEST_P(ResourceThatRunsOut, IsAnsweredByItsCodeAndChangesNothingAndLeaksNothing) {
  const auto &[given, for_good] = GetParam();
  Kind kind;
  kind.name = given.name;
  kind.tier = given.tier;
  kind.page_len = given.page_len;
  kind.flags = given.flags;
  kind.reserve_len = given.reserve_len;
  kind.selftest = false;  // that one has a pool and budgets of its own, which never run out
  Sources sources(kind);
  ResourceRefusals refusals(given.resource);
  const uint32_t handles = free_handles();
  EXPECT_EQ(wrt_trim(), WRT_OK);
  const size_t mapped = mapped_bytes();
  const uint64_t runs = for_every_call(refusals, for_good, [&] {
    Scenario(kind, refusals).run();
    sources.all_back();
    EXPECT_EQ(wrt_trim(), WRT_OK);
    EXPECT_EQ(mapped_bytes(), mapped) << "something stayed mapped";
    EXPECT_EQ(free_handles(), handles) << "a handle was lost";
  });
  RecordProperty("requests", std::to_string(runs - 1));
  EXPECT_GE(runs - 1, given.least_requests);
}

constexpr uint32_t kTracked = WRT_MEM_TRACK;
constexpr uint32_t kStableTracked = WRT_MEM_STABLE | WRT_MEM_TRACK;

INSTANTIATE_TEST_SUITE_P(
    EveryKind, ResourceThatRunsOut,
    testing::Combine(testing::Values(Case{"std", WRT_TIER_STD, 65536, 0, 0, kSlots, 1},
                                     Case{"std", WRT_TIER_STD, 1, 0, Scenario::kInitial, kHandles, 5},
                                     Case{"std", WRT_TIER_STD, 65536, kTracked, 0, kEntries, 9},
                                     Case{"std", WRT_TIER_STD, 65536, kTracked, Scenario::kInitial, kBudgets, 100},
                                     Case{"alloc", WRT_TIER_ALLOC, 65536, 0, 0, kSlots, 1},
                                     Case{"alloc", WRT_TIER_ALLOC, 65536, kTracked, 0, kHandles, 5},
                                     Case{"alloc", WRT_TIER_ALLOC, 1, kStableTracked, 0, kEntries, 9},
                                     Case{"alloc", WRT_TIER_ALLOC, 65536, 0, 0, kBudgets, 100},
                                     Case{"static", WRT_TIER_STATIC, 65536, kTracked, 0, kSlots, 9},
                                     Case{"static", WRT_TIER_STATIC, 1, 0, 0, kHandles, 3},
                                     Case{"static", WRT_TIER_STATIC, 65536, 0, 0, kEntries, 9},
                                     Case{"static", WRT_TIER_STATIC, 1, kTracked, 0, kBudgets, 100}),
                     testing::Bool()),
    [](const auto &param) { return "Case" + std::to_string(param.index); });

}  // namespace
