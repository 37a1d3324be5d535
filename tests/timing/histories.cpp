// SPDX-License-Identifier: Apache-2.0 OR MIT
// 10,000 random histories of the STATIC tier, and the instructions of each operation, call by call: on a board by its
// tick counter; elsewhere callgrind looks on, which tells who called whom how often and at what cost.
#include "tests/timing/counter.hpp"

#include "cpp/tiers/slot_pool.hpp"
#include "wrtmem/wrtmem.h"

extern "C" {
bool unit_range_check(const wrt_k_mem *m, uint64_t offset, uint64_t n);
wrt_status unit_grow(wrt_k_mem *m, uint64_t new_len);
}

namespace {

using timing::count;
using timing::random_below;

constexpr uint32_t kHistories = 10000;
constexpr uint32_t kSlots = 16;
constexpr uint32_t kSlotLen = 1024;
constexpr uint32_t kFast = 63;  // the last bytes of a memory are not for the fast path

alignas(64) uint8_t g_raw[WRT_POOL_STORAGE_LEN(64, kSlots)];
uint8_t g_storage[WRT_POOL_STORAGE_LEN(kSlotLen, kSlots)];

// The member functions by the compiler's names for them.
#ifdef __arm__
#define WRT_TIMING_CLAIM "_ZN3wrt8SlotPool5claimERm"
#define WRT_TIMING_RELEASE "_ZN3wrt8SlotPool7releaseEm"
#else
#define WRT_TIMING_CLAIM "_ZN3wrt8SlotPool5claimERj"
#define WRT_TIMING_RELEASE "_ZN3wrt8SlotPool7releaseEj"
#endif
extern "C" wrt_status claim_of(wrt::SlotPool *, uint32_t *) __asm__(WRT_TIMING_CLAIM);
extern "C" void release_of(wrt::SlotPool *, uint32_t) __asm__(WRT_TIMING_RELEASE);

wrt::SlotPool g_slots;
uint32_t g_taken[kSlots];
uint32_t g_count;

// A pool by itself: the next claim, or the release of any slot that is in use.
void step_of_the_pool() {
  if (g_count < kSlots && (g_count == 0 || random_below(2) == 0)) {
    if (count<timing::kClaim>(claim_of, &g_slots, &g_taken[g_count]) != WRT_OK) timing::fail("claim");
    g_count++;
    return;
  }
  const uint32_t which = random_below(g_count);
  count<timing::kRelease>(release_of, &g_slots, g_taken[which]);
  g_taken[which] = g_taken[--g_count];
}

void step_of_the_kernel() {
  static uint8_t bytes[8];
  wrt_k_mem m = {random_below(kSlotLen), kSlotLen, bytes};
  const uint64_t offset = random_below(static_cast<uint32_t>(m.len) + 1);
  const uint64_t n = random_below(static_cast<uint32_t>(m.len - offset) + 1);
  if (!count<timing::kRangeCheck>(unit_range_check, static_cast<const wrt_k_mem *>(&m), offset, n))
    timing::fail("range");
  const uint64_t longer = m.len + random_below(static_cast<uint32_t>(m.cap - m.len) + 1);
  if (count<timing::kGrowth>(unit_grow, &m, longer) != WRT_OK) timing::fail("growth");
}

wrt_pool *g_pool;
wrt_mem *g_mems[kSlots];
uint32_t g_live;

void create_one() {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.pool = g_pool;
  config.initial_len = 64 + random_below(kSlotLen - 127);
  const wrt_mem_config *given = &config;
  if (count<timing::kCreate>(wrt_mem_create_config, given, &g_mems[g_live]) != WRT_OK) timing::fail("create");
  g_live++;
}

void destroy_one() {
  const uint32_t which = random_below(g_live);
  wrt_mem *mem = g_mems[which];
  if (wrt_mem_resize(mem, 0) != WRT_OK) timing::fail("resize");
  if (count<timing::kDestroy>(wrt_mem_destroy, mem) != WRT_OK) timing::fail("destroy");
  g_mems[which] = g_mems[--g_live];
}

// One memory of those that live: it is asked, read, written and made longer.
void use_one() {
  static uint8_t word[8];
  wrt_mem *mem = g_mems[random_below(g_live)];
  const wrt_mem *reader = mem;
  uint64_t len = 0;
  if (count<timing::kLen>(wrt_mem_len, reader, &len) != WRT_OK) timing::fail("len");
  const uint64_t offset = random_below(static_cast<uint32_t>(len) - kFast);
  const uint64_t n = random_below(static_cast<uint32_t>(len - offset) + 1);
  if (count<timing::kCheck>(wrt_mem_check, reader, offset, n) != WRT_OK) timing::fail("check");
  if (count<timing::kWrite>(wrt_mem_write, mem, offset, static_cast<const void *>(word), size_t{8}) != WRT_OK) {
    timing::fail("write");
  }
  if (count<timing::kRead>(wrt_mem_read, reader, offset, static_cast<void *>(word), size_t{8}) != WRT_OK) {
    timing::fail("read");
  }
  uint64_t before = 0;
  if (len == kSlotLen) return;
  const uint64_t delta = 1 + random_below(static_cast<uint32_t>(kSlotLen - len));
  if (count<timing::kGrow>(wrt_mem_grow, mem, delta, &before) != WRT_OK || before != len) timing::fail("grow");
}

void step_of_the_library() {
  if (g_live == 0 || (g_live < kSlots && random_below(3) == 0)) {
    create_one();
  } else if (random_below(2) == 0) {
    destroy_one();
  }
  if (g_live != 0) use_one();
}

}  // namespace

int main() {
  timing::start();
  g_slots.open(g_raw, sizeof(g_raw), 64, kSlots, true);
  size_t needed = 0;
  if (wrt_pool_storage_len(kSlotLen, kSlots, &needed) != WRT_OK) timing::fail("length");
  if (wrt_pool_create(g_storage, needed, kSlotLen, &g_pool) != WRT_OK) timing::fail("pool");
  for (uint32_t i = 0; i < kHistories; i++) {
    timing::g_group = i * timing::kGroups / kHistories;
    step_of_the_pool();
    step_of_the_kernel();
    step_of_the_library();
  }
  return timing::report();
}
