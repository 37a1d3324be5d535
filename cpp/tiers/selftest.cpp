// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/selftest.hpp"

#include "cpp/core/crc32c.hpp"
#include "cpp/tiers/memory_fast.hpp"

namespace wrt {

namespace {

constexpr uint64_t kKey = uint64_t{1} << 63;
constexpr uint64_t kLen = 256;
constexpr uint64_t kMaxLen = 512;
constexpr size_t kCrcLen = 48;

// An allocator with a few blocks, for the ALLOC tier: the bytes, a second copy, and the check values of both.
struct FewBlocks {
  static constexpr size_t kBlocks = 4;

  alignas(kBaseAlignment) uint8_t bytes[kBlocks][kMaxLen];
  bool out[kBlocks];

  bool all_back() const noexcept {
    size_t kept = 0;
    for (bool one : out) kept += one ? 1 : 0;
    return kept == 0;
  }

  static void *allocate(void *context, size_t size, size_t) {
    auto *self = static_cast<FewBlocks *>(context);
    if (size > kMaxLen) return nullptr;
    for (size_t i = 0; i < kBlocks; i++) {
      if (self->out[i]) continue;
      self->out[i] = true;
      return self->bytes[i];
    }
    return nullptr;
  }
  static void *reallocate(void *, void *block, size_t, size_t new_size, size_t) {
    return new_size <= kMaxLen ? block : nullptr;
  }
  static void deallocate(void *context, void *block, size_t, size_t) {
    auto *self = static_cast<FewBlocks *>(context);
    for (size_t i = 0; i < kBlocks; i++) {
      if (self->bytes[i] == block) self->out[i] = false;
    }
  }
};

struct Subject {
  LinearMemory memory;
  Journal journal;
};

[[gnu::cold]] bool bounds_are_exact() noexcept {
  const uint64_t edges[] = {0, 1, kLen - 1, kLen, kLen + 1, UINT64_MAX / 2, UINT64_MAX - 1, UINT64_MAX};
  for (uint64_t offset : edges) {
    for (uint64_t n : edges) {
      const bool inside = offset + n >= offset && offset + n <= kLen;
      if (wrt_k_in_range(kLen, offset, n) != inside) return false;
    }
  }
  return true;
}

[[gnu::cold]] bool reads_as(const LinearMemory &memory, uint64_t offset, uint8_t value, uint64_t n) noexcept {
  for (uint64_t i = 0; i < n; i++) {
    uint8_t byte = 0;
    if (memory.read(offset + i, &byte, 1) != WRT_OK || byte != value) return false;
  }
  return true;
}

[[gnu::cold]] bool moves_bytes(LinearMemory &memory) noexcept {
  const uint8_t pattern[4] = {0x5a, 0xa5, 0x00, 0xff};
  uint8_t seen[4] = {};
  if (!memory.fast_write(kKey, 8, pattern, 4) || !memory.fast_read(kKey, 8, seen, 4)) return false;
  if (!equal_bytes(pattern, seen, 4)) return false;
  if (memory.copy(9, memory, 8, 4) != WRT_OK || memory.read(9, seen, 4) != WRT_OK) return false;
  if (!equal_bytes(pattern, seen, 4)) return false;
  return memory.write(kLen - 3, pattern, 4) == WRT_ERR_OUT_OF_BOUNDS && reads_as(memory, kLen - 3, 0, 3);
}

[[gnu::cold]] bool changes_length(LinearMemory &memory) noexcept {
  if (memory.fill(0, 0x77, kLen) != WRT_OK || memory.resize(kMaxLen) != WRT_OK) return false;
  if (!reads_as(memory, 0, 0x77, kLen) || !reads_as(memory, kLen, 0, kMaxLen - kLen)) return false;
  if (memory.resize(kMaxLen + 1) != WRT_ERR_LIMIT || memory.resize(1) != WRT_OK) return false;
  if (memory.resize(kLen) != WRT_OK || !reads_as(memory, 1, 0, kLen - 1)) return false;
  return memory.discard(0, 1) == WRT_OK && reads_as(memory, 0, 0, 1);
}

// ---- check values

bool puts(const Crc32c &way, const uint8_t *before, const uint8_t *after, size_t n, size_t zeros,
          uint32_t change) noexcept {
  uint8_t bytes[kCrcLen];
  __builtin_memcpy(bytes, before, n);
  uint32_t check = 0;
  return way.put(&check, bytes, after, n, zeros) == WRT_OK && check == change && equal_bytes(bytes, after, n);
}

// Of pieces of one range: over the wide steps and the ends of each way, and at odd addresses.
[[gnu::cold]] bool computes_crc(const Crc32c &way) noexcept {
  uint8_t before[kCrcLen];
  uint8_t after[kCrcLen];
  uint8_t change[kCrcLen];
  for (size_t i = 0; i < kCrcLen; i++) {
    before[i] = static_cast<uint8_t>(i * 37 + 11);
    after[i] = static_cast<uint8_t>(i * 101 + 3);
    change[i] = before[i] ^ after[i];
  }
  const uint8_t zeros[kCrcLen] = {};
  for (size_t from = 0; from < 9; from++) {
    for (size_t n = 0; n <= kCrcLen - from; n++) {
      const uint32_t value = crc::slow(0, before + from, n);
      if (way.of(0, before + from, n) != value) return false;
      if (way.shift(value, n) != crc::slow(value, zeros, n)) return false;
      const uint32_t changed = crc::slow(crc::slow(0, change + from, n), zeros, from);
      if (way.of_change(before + from, after + from, n, from) != changed) return false;
      if (!puts(way, before + from, after + from, n, from, changed)) return false;
    }
  }
  const uint32_t checks[] = {crc::slow(0, before, kCrcLen / 2), ~crc::slow(0, before + kCrcLen / 2, kCrcLen / 2)};
  return way.good_blocks(before, checks, 2, kCrcLen / 2) == 1;
}

// Every entry of every table is part of one value at least.
[[gnu::cold]] bool every_byte_counts(const Crc32c &way) noexcept {
  uint8_t word[8] = {};
  for (size_t place = 0; place < 8; place++) {
    for (uint32_t byte = 1; byte < 256; byte++) {
      word[place] = static_cast<uint8_t>(byte);
      if (way.of(0, word, 8) != crc::slow(0, word, 8)) return false;
    }
    word[place] = 0;
  }
  return true;
}

[[gnu::cold]] bool check_values_answer() noexcept {
  for (size_t i = 0; const Crc32c *way = crc32c_variant(i); i++) {
    if (!crc_answers(*way)) return false;
  }
  return true;
}

// A stray write is found where the level looks, and mended where there is a second copy.
[[gnu::cold]] bool notices_stray_byte(LinearMemory &memory) noexcept {
  uint64_t first_bad = 0;
  void *data = nullptr;
  if (memory.fill(0, 0x3c, kLen) != WRT_OK || memory.verify(first_bad) != WRT_OK) return false;
  if (memory.borrow(0, 0, WRT_BORROW_READ, data) != WRT_OK || memory.release(data, 0) != WRT_OK) return false;
  const uint64_t at = kLen / 2 + 5;
  uint8_t &byte = static_cast<uint8_t *>(data)[at];
  byte ^= 0x10;
  const wrt_status found = memory.verify(first_bad);
  if (memory.plan().verify == WRT_VERIFY_REDUNDANT) return found == WRT_OK && byte == 0x3c;
  if (found != WRT_ERR_CORRUPT || first_bad != round_down(at, kBlockLen)) return false;
  uint8_t seen = 0x77;
  const bool refused = memory.read(at, &seen, 1) == WRT_ERR_CORRUPT && seen == 0x77;
  byte ^= 0x10;
  return refused == (memory.plan().verify >= WRT_VERIFY_SAMPLING) && memory.verify(first_bad) == WRT_OK;
}

[[gnu::cold]] bool checks_blocks(LinearMemory &memory) noexcept {
  for (int32_t level = WRT_VERIFY_STANDARD; level <= WRT_VERIFY_REDUNDANT; level++) {
    const wrt_status moved = memory.set_verify(level);
    if (moved == WRT_ERR_OUT_OF_MEMORY && memory.plan().tier == WRT_TIER_STD) break;  // refused just now
    if (moved != WRT_OK || !notices_stray_byte(memory)) return false;
    if (memory.copy(3, memory, 0, kLen - 3) != WRT_OK || !changes_length(memory) || !memory.holds()) return false;
    uint64_t first_bad = 0;
    if (memory.verify(first_bad) != WRT_OK) return false;
  }
  return memory.set_verify(WRT_VERIFY_BASIC) == WRT_OK;
}

// ---- the rest

[[gnu::cold]] bool lends(LinearMemory &memory) noexcept {
  void *data = nullptr;
  if (memory.borrow(0, 8, WRT_BORROW_WRITE, data) != WRT_OK || data == nullptr) return false;
  void *again = nullptr;
  const bool exclusive = memory.borrow(7, 1, WRT_BORROW_READ, again) == WRT_ERR_BUSY;
  const bool pinned = memory.resize(0) == WRT_ERR_BUSY;
  return memory.release(data, 8) == WRT_OK && exclusive && pinned;
}

[[gnu::cold]] bool notices_stray_write(LinearMemory &memory) noexcept {
  auto *raw = reinterpret_cast<uint8_t *>(&memory);
  raw[sizeof(uint64_t)] ^= 1;
  const bool noticed = memory.check_whole(kKey) == WRT_ERR_CORRUPT;
  raw[sizeof(uint64_t)] ^= 1;
  return noticed && memory.check_whole(kKey) == WRT_OK;
}

[[gnu::cold]] bool answers(const Spec &spec) noexcept {
  Subject subject;
  __builtin_memset(static_cast<void *>(&subject), 0, sizeof(subject));
  LinearMemory &memory = subject.memory;
  if (memory.open(spec, subject.journal) != WRT_OK) return spec.tier == WRT_TIER_STD;
  memory.publish(kKey);
  const bool right = memory.holds() && reads_as(memory, 0, 0, kLen) && moves_bytes(memory) && changes_length(memory) &&
                     lends(memory) && notices_stray_write(memory) && (!kHasLevels || checks_blocks(memory)) &&
                     memory.holds();
  memory.unpublish();
  memory.close();
  return right;
}

[[gnu::cold]] Spec spec_for(int32_t tier) noexcept {
  Spec spec{};
  spec.tier = tier;
  spec.verify = WRT_VERIFY_BASIC;
  spec.sample_interval = 1;
  spec.page_len = 1;
  spec.request = {kLen, kMaxLen, kMaxLen, 0, false};
  return spec;
}

[[gnu::cold]] bool alloc_answers() noexcept {
  FewBlocks blocks{};
  __builtin_memset(blocks.bytes, 0xee, sizeof(blocks.bytes));
  Spec spec = spec_for(WRT_TIER_ALLOC);
  spec.allocator = {sizeof(wrt_allocator), 0, &blocks, FewBlocks::allocate, FewBlocks::reallocate,
                    FewBlocks::deallocate};
  return answers(spec) && blocks.all_back();
}

[[gnu::cold]] bool static_answers() noexcept {
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

[[gnu::cold]] bool budgets_answer() noexcept {
  BudgetCell parent;
  BudgetCell child;
  parent.open(10, nullptr);
  child.open(20, &parent);
  if (child.charge(10) != WRT_OK || child.charge(1) != WRT_ERR_BUDGET) return false;
  child.refund(10);
  return parent.used.load() == 0 && child.used.load() == 0 && parent.holds() && child.holds();
}

}  // namespace

[[gnu::cold]] bool crc_answers(const Crc32c &way) noexcept { return computes_crc(way) && every_byte_counts(way); }

[[gnu::cold]] bool selftest() noexcept {
  const bool std_answers = !StdSource::available() || answers(spec_for(WRT_TIER_STD));
  return bounds_are_exact() && (!kHasLevels || check_values_answer()) && std_answers &&
         (!kHasAlloc || alloc_answers()) && static_answers() && (!kHasBudgets || budgets_answer());
}

}  // namespace wrt
