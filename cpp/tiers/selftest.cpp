// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/selftest.hpp"

#include "cpp/tiers/memory_fast.hpp"

namespace wrt {

namespace {

constexpr uint64_t kKey = uint64_t{1} << 63;
constexpr uint64_t kLen = 256;
constexpr uint64_t kMaxLen = 512;

// An allocator with one block, for the ALLOC tier.
struct OneBlock {
  alignas(kBaseAlignment) uint8_t bytes[kMaxLen];
  bool out;

  static void *allocate(void *context, size_t size, size_t) {
    auto *self = static_cast<OneBlock *>(context);
    if (self->out || size > sizeof(self->bytes)) return nullptr;
    self->out = true;
    return self->bytes;
  }
  static void *reallocate(void *, void *block, size_t, size_t new_size, size_t) {
    return new_size <= kMaxLen ? block : nullptr;
  }
  static void deallocate(void *context, void *, size_t, size_t) { static_cast<OneBlock *>(context)->out = false; }
};

struct Subject {
  LinearMemory memory;
  Journal journal;
};

bool bounds_are_exact() noexcept {
  const uint64_t edges[] = {0, 1, kLen - 1, kLen, kLen + 1, UINT64_MAX / 2, UINT64_MAX - 1, UINT64_MAX};
  for (uint64_t offset : edges) {
    for (uint64_t n : edges) {
      const bool inside = offset + n >= offset && offset + n <= kLen;
      if (wrt_k_in_range(kLen, offset, n) != inside) return false;
    }
  }
  return true;
}

bool reads_as(const LinearMemory &memory, uint64_t offset, uint8_t value, uint64_t n) noexcept {
  for (uint64_t i = 0; i < n; i++) {
    uint8_t byte = 0;
    if (memory.read(offset + i, &byte, 1) != WRT_OK || byte != value) return false;
  }
  return true;
}

bool moves_bytes(LinearMemory &memory) noexcept {
  const uint8_t pattern[4] = {0x5a, 0xa5, 0x00, 0xff};
  uint8_t seen[4] = {};
  if (!memory.fast_write(kKey, 8, pattern, 4) || !memory.fast_read(kKey, 8, seen, 4)) return false;
  if (__builtin_memcmp(pattern, seen, 4) != 0) return false;
  if (memory.copy(9, memory, 8, 4) != WRT_OK || memory.read(9, seen, 4) != WRT_OK) return false;
  if (__builtin_memcmp(pattern, seen, 4) != 0) return false;
  return memory.write(kLen - 3, pattern, 4) == WRT_ERR_OUT_OF_BOUNDS && reads_as(memory, kLen - 3, 0, 3);
}

bool changes_length(LinearMemory &memory) noexcept {
  if (memory.fill(0, 0x77, kLen) != WRT_OK || memory.resize(kMaxLen) != WRT_OK) return false;
  if (!reads_as(memory, 0, 0x77, kLen) || !reads_as(memory, kLen, 0, kMaxLen - kLen)) return false;
  if (memory.resize(kMaxLen + 1) != WRT_ERR_LIMIT || memory.resize(1) != WRT_OK) return false;
  if (memory.resize(kLen) != WRT_OK || !reads_as(memory, 1, 0, kLen - 1)) return false;
  return memory.discard(0, 1) == WRT_OK && reads_as(memory, 0, 0, 1);
}

bool lends(LinearMemory &memory) noexcept {
  void *data = nullptr;
  if (memory.borrow(0, 8, WRT_BORROW_WRITE, data) != WRT_OK || data == nullptr) return false;
  void *again = nullptr;
  const bool exclusive = memory.borrow(7, 1, WRT_BORROW_READ, again) == WRT_ERR_BUSY;
  const bool pinned = memory.resize(0) == WRT_ERR_BUSY;
  return memory.release(data, 8) == WRT_OK && exclusive && pinned;
}

bool notices_stray_write(LinearMemory &memory) noexcept {
  auto *raw = reinterpret_cast<uint8_t *>(&memory);
  raw[sizeof(uint64_t)] ^= 1;
  const bool noticed = memory.check_whole(kKey) == WRT_ERR_CORRUPT;
  raw[sizeof(uint64_t)] ^= 1;
  return noticed && memory.check_whole(kKey) == WRT_OK;
}

bool answers(const Spec &spec) noexcept {
  Subject subject;
  __builtin_memset(static_cast<void *>(&subject), 0, sizeof(subject));
  LinearMemory &memory = subject.memory;
  if (memory.open(spec, subject.journal) != WRT_OK) return spec.tier == WRT_TIER_STD;
  memory.publish(kKey);
  const bool right = memory.holds() && reads_as(memory, 0, 0, kLen) && moves_bytes(memory) && changes_length(memory) &&
                     lends(memory) && notices_stray_write(memory) && memory.holds();
  memory.unpublish();
  memory.close();
  return right;
}

Spec spec_for(int32_t tier) noexcept {
  Spec spec{};
  spec.tier = tier;
  spec.verify = WRT_VERIFY_BASIC;
  spec.page_len = 1;
  spec.request = {kLen, kMaxLen, kMaxLen, 0, false};
  return spec;
}

bool alloc_answers() noexcept {
  OneBlock block{};
  __builtin_memset(block.bytes, 0xee, sizeof(block.bytes));
  Spec spec = spec_for(WRT_TIER_ALLOC);
  spec.allocator = {sizeof(wrt_allocator), 0, &block, OneBlock::allocate, OneBlock::reallocate, OneBlock::deallocate};
  return answers(spec) && !block.out;
}

bool static_answers() noexcept {
  uint8_t storage[WRT_POOL_STORAGE_LEN(kMaxLen, 2)];
  if (PoolLayout::slots_in(sizeof(storage), kMaxLen, 2) != 2) return false;
  SlotPool pool;
  pool.open(storage, sizeof(storage), kMaxLen, 2, false);
  Spec spec = spec_for(WRT_TIER_STATIC);
  spec.pool = &pool;
  uint32_t other = 0;
  if (pool.claim(spec.slot) != WRT_OK || pool.claim(other) != WRT_OK || other == spec.slot) return false;
  uint32_t none = 0;
  if (pool.claim(none) != WRT_ERR_POOL_EXHAUSTED) return false;
  pool.release(other);
  return answers(spec) && pool.used() == 0 && pool.holds();
}

bool budgets_answer() noexcept {
  BudgetCell parent;
  BudgetCell child;
  parent.open(10, nullptr);
  child.open(20, &parent);
  if (child.charge(10) != WRT_OK || child.charge(1) != WRT_ERR_BUDGET) return false;
  child.refund(10);
  return parent.used.load() == 0 && child.used.load() == 0 && parent.holds() && child.holds();
}

}  // namespace

bool selftest() noexcept {
  const bool std_answers = !StdSource::available() || answers(spec_for(WRT_TIER_STD));
  return bounds_are_exact() && std_answers && alloc_answers() && static_answers() && budgets_answer();
}

}  // namespace wrt
