// SPDX-License-Identifier: Apache-2.0 OR MIT
// An allocator that refuses its k-th call, for every k.
#include "scenario.hpp"

extern "C" {
#include "../capi/checked_heap.h"
}

namespace {

class HeapRefusals : public Refusals {
 public:
  explicit HeapRefusals(checked_heap &heap) : heap_(heap) {}
  void start(uint64_t from, uint64_t to) override {
    heap_.calls = 0;
    heap_.refuse_from = from_ = from;
    heap_.refuse_to = to;
    stopped_at_ = UINT64_MAX;
  }
  void stop() override {
    if (stopped_at_ == UINT64_MAX) stopped_at_ = heap_.calls;
    heap_.refuse_from = 0;
  }
  uint64_t refused() const override {
    const uint64_t last = std::min({heap_.calls, heap_.refuse_to, stopped_at_});
    return last < from_ ? 0 : last - from_ + 1;
  }

 private:
  checked_heap &heap_;
  uint64_t from_ = 0;
  uint64_t stopped_at_ = UINT64_MAX;
};

struct Case {
  const char *name;
  bool reallocates;
  bool for_good;
  uint64_t page_len;
  uint32_t flags;
  uint64_t least_calls;  // a run that refuses less has lost its teeth
};

void PrintTo(const Case &given, std::ostream *out) { *out << given.name; }

class AllocatorThatRefuses : public testing::TestWithParam<Case> {};

TEST_P(AllocatorThatRefuses, IsAnsweredByOutOfMemoryAndChangesNothing) {
  const Case &given = GetParam();
  checked_heap heap;
  heap_open(&heap);
  const wrt_allocator allocator = given.reallocates ? heap_allocator(&heap) : heap_allocator_without_reallocate(&heap);
  Kind kind;
  kind.name = given.name;
  kind.tier = WRT_TIER_ALLOC;
  kind.page_len = given.page_len;
  kind.flags = given.flags;
  kind.allocator = &allocator;
  HeapRefusals refusals(heap);
  const uint64_t runs = for_every_call(refusals, given.for_good, [&] {
    Scenario(kind, refusals).run();
    heap_check(&heap);
    EXPECT_EQ(heap.live_blocks, 0U) << "a block was not given back";
    EXPECT_EQ(heap.fault, nullptr) << heap.fault;
  });
  EXPECT_GT(runs, given.least_calls);
  heap_close(&heap);
}

INSTANTIATE_TEST_SUITE_P(
    EveryKind, AllocatorThatRefuses,
    testing::Values(Case{"once", true, false, 1, 0, 4}, Case{"for good", true, true, 1, 0, 4},
                    Case{"once, without reallocate", false, false, 65536, 0, 4},
                    Case{"for good, without reallocate", false, true, 65536, 0, 4},
                    Case{"once, tracked", true, false, 65536, WRT_MEM_TRACK, 6},
                    Case{"for good, tracked, without reallocate", false, true, 1, WRT_MEM_TRACK, 6},
                    Case{"for good, stable and tracked", true, true, 65536, WRT_MEM_STABLE | WRT_MEM_TRACK, 3}),
    [](const testing::TestParamInfo<Case> &param) { return "Case" + std::to_string(param.index); });

// A block that is not aligned as asked is no use: it goes back, and the call is refused.
TEST(AllocatorThatMisaligns, IsAnsweredByOutOfMemoryAndGetsItsBlockBack) {
  static size_t out;
  alignas(16) static uint8_t block[64];
  wrt_allocator allocator{};
  allocator.struct_size = sizeof allocator;
  allocator.allocate = [](void *, size_t, size_t) -> void * {
    out++;
    return block + 8;
  };
  allocator.deallocate = [](void *, void *given, size_t size, size_t alignment) {
    EXPECT_EQ(given, block + 8);
    EXPECT_EQ(size, 32U);
    EXPECT_EQ(alignment, 16U);
    out--;
  };
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_ALLOC;
  config.initial_len = config.max_len = 32;
  config.allocator = &allocator;
  wrt_mem *mem = nullptr;
  EXPECT_EQ(wrt_mem_create_config(&config, &mem), WRT_ERR_OUT_OF_MEMORY);
  EXPECT_EQ(mem, nullptr);
  EXPECT_EQ(out, 0U);
}

}  // namespace
