// SPDX-License-Identifier: Apache-2.0 OR MIT
// What the tests of integrity stand on: one tier with memories on it, and a way to their insides.
#ifndef WRT_TESTS_INTEGRITY_WORLD_HPP
#define WRT_TESTS_INTEGRITY_WORLD_HPP

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "capi/table.hpp"
#include "cpp/core/crc32c.hpp"

namespace integrity {

using wrt::kBlockLen;

/// Where longer blocks would take too long, every few bytes; odd, so that no alignment is left out.
inline constexpr uint64_t kStep = kBlockLen == 64 ? 1 : kBlockLen / 32 - 1;

inline constexpr uint64_t kRoom = 8192;  // bytes that a memory may have
inline constexpr size_t kSlots = 8;
inline constexpr int32_t kTiers[] = {WRT_TIER_STD, WRT_TIER_ALLOC, WRT_TIER_STATIC};
inline constexpr int32_t kLevels[] = {WRT_VERIFY_OFF,      WRT_VERIFY_BASIC, WRT_VERIFY_STANDARD,
                                      WRT_VERIFY_SAMPLING, WRT_VERIFY_FULL,  WRT_VERIFY_REDUNDANT};
inline constexpr int32_t kCheckedLevels[] = {WRT_VERIFY_STANDARD, WRT_VERIFY_SAMPLING, WRT_VERIFY_FULL,
                                             WRT_VERIFY_REDUNDANT};
inline constexpr uint32_t kNeverSampled = 0xffffffff;

inline const char *level_name(int32_t level) {
  static const char *const names[] = {"", "OFF", "BASIC", "STANDARD", "SAMPLING", "FULL", "REDUNDANT"};
  return names[level];
}

/// The allocator over a heap that has `allocate` and `deallocate`.
template <class Heap>
wrt_allocator allocator_over(Heap &heap) {
  wrt_allocator given{};
  given.struct_size = sizeof(given);
  given.context = &heap;
  given.allocate = Heap::allocate;
  given.deallocate = Heap::deallocate;
  return given;
}

/// An allocator that counts, fills what it gives out, and refuses when told.
struct Heap {
  std::map<void *, size_t> live;
  uint64_t calls = 0;
  uint64_t refused_call = 0;  // the number of the call that is refused; 0: none

  bool refuses() { return ++calls == refused_call; }
  void refuse_nth(uint64_t nth) { refused_call = nth == 0 ? 0 : calls + nth; }

  static void *allocate(void *context, size_t size, size_t alignment) {
    auto *heap = static_cast<Heap *>(context);
    if (heap->refuses()) return nullptr;
    void *block = nullptr;
    if (posix_memalign(&block, alignment < 16 ? 16 : alignment, size) != 0) return nullptr;
    std::memset(block, 0xe7, size);
    heap->live[block] = size;
    return block;
  }
  static void deallocate(void *context, void *block, size_t size, size_t) {
    auto *heap = static_cast<Heap *>(context);
    if (heap->live[block] != size) std::abort();
    heap->live.erase(block);
    std::free(block);
  }
};

/// One tier. Everything that was taken from it has to be back when it ends.
class World {
 public:
  explicit World(int32_t tier, size_t slots = kSlots) : tier_(tier) {
    if (tier != WRT_TIER_STATIC) return;
    size_t needed = 0;
    EXPECT_EQ(wrt_pool_storage_len(kRoom, slots, &needed), WRT_OK);
    storage_.assign(needed, 0x9b);
    EXPECT_EQ(wrt_pool_create(storage_.data(), needed, kRoom, &pool_), WRT_OK);
  }
  World(const World &) = delete;
  World &operator=(const World &) = delete;
  ~World() {
    for (wrt_mem *mem : made_) {
      const wrt_status status = wrt_mem_destroy(mem);
      EXPECT_TRUE(status == WRT_OK || status == WRT_ERR_INVALID_HANDLE) << wrt_status_name(status);
    }
    if (pool_ != nullptr) {
      EXPECT_EQ(wrt_pool_destroy(pool_), WRT_OK);
    }
    EXPECT_EQ(heap.live.size(), leaked_blocks);
    for (const auto &block : heap.live) std::free(block.first);
  }

  Heap heap;
  size_t leaked_blocks = 0;  // what a quarantined memory keeps

  int32_t tier() const { return tier_; }
  wrt_pool *pool() const { return pool_; }
  uint64_t slots_used() const {
    wrt_pool_info info;
    info.struct_size = sizeof(info);
    EXPECT_EQ(wrt_pool_get_info(pool_, &info), WRT_OK);
    return info.used;
  }

  wrt_mem_config config(int32_t level, uint64_t len, uint64_t max_len = kRoom) {
    wrt_mem_config wanted = WRT_MEM_CONFIG_INIT;
    wanted.tier = tier_;
    wanted.initial_len = len;
    wanted.max_len = max_len;
    wanted.verify = level;
    wanted.pool = pool_;
    allocator_ = allocator_over(heap);
    if (tier_ == WRT_TIER_ALLOC) wanted.allocator = &allocator_;
    return wanted;
  }
  wrt_mem *make(const wrt_mem_config &wanted) {
    wrt_mem *mem = nullptr;
    EXPECT_EQ(wrt_mem_create_config(&wanted, &mem), WRT_OK);
    return adopt(mem);
  }
  wrt_mem *make(int32_t level, uint64_t len, uint64_t max_len = kRoom) { return make(config(level, len, max_len)); }
  wrt_mem *adopt(wrt_mem *mem) {
    made_.push_back(mem);
    return mem;
  }

 private:
  int32_t tier_;
  wrt_pool *pool_ = nullptr;
  std::vector<uint8_t> storage_;
  wrt_allocator allocator_{};
  std::vector<wrt_mem *> made_;
};

// ---- the insides

inline wrt::capi::Entry &entry_of(const wrt_mem *mem) { return wrt::capi::entry_for(reinterpret_cast<uintptr_t>(mem)); }
inline wrt::LinearMemory &memory_of(const wrt_mem *mem) { return entry_of(mem).body.memory; }
inline wrt::Journal &journal_of(const wrt_mem *mem) {
  return wrt::capi::journal_at(wrt::capi::index_of(entry_of(mem)));
}

/// Where the memory's bytes are, by way of a borrow that ended: what a host with a stray pointer has.
inline uint8_t *raw(wrt_mem *mem) {
  void *data = nullptr;
  EXPECT_EQ(wrt_mem_borrow(mem, 0, 0, WRT_BORROW_READ, &data), WRT_OK);
  EXPECT_EQ(wrt_mem_release(mem, data, 0), WRT_OK);
  return static_cast<uint8_t *>(data);
}
inline uint32_t *checks_of(const wrt_mem *mem) {
  return reinterpret_cast<uint32_t *>(journal_of(mem).shield.now.checks.extent.bytes.base);
}
inline uint8_t *second_raw(const wrt_mem *mem) { return journal_of(mem).shield.now.copy.extent.bytes.base; }
inline uint32_t *second_checks_of(const wrt_mem *mem) {
  return reinterpret_cast<uint32_t *>(journal_of(mem).shield.now.copy_checks.extent.bytes.base);
}

// ---- what a memory says of itself

inline uint64_t len_of(const wrt_mem *mem) {
  uint64_t len = 0;
  EXPECT_EQ(wrt_mem_len(mem, &len), WRT_OK);
  return len;
}
inline wrt_mem_info info_of(const wrt_mem *mem) {
  wrt_mem_info info;
  info.struct_size = sizeof(info);
  EXPECT_EQ(wrt_mem_get_info(mem, &info), WRT_OK);
  return info;
}
inline wrt_mem_stats stats_of(const wrt_mem *mem) {
  wrt_mem_stats stats;
  stats.struct_size = sizeof(stats);
  EXPECT_EQ(wrt_mem_get_stats(mem, &stats), WRT_OK);
  return stats;
}
inline std::vector<uint8_t> bytes_of(const wrt_mem *mem) {
  std::vector<uint8_t> bytes(static_cast<size_t>(len_of(mem)));
  EXPECT_EQ(wrt_mem_read(mem, 0, bytes.data(), bytes.size()), WRT_OK);
  return bytes;
}

inline std::vector<uint8_t> random_bytes(size_t n, uint32_t seed = 1) {
  std::mt19937 random(seed);
  std::vector<uint8_t> bytes(n);
  for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}
inline std::vector<uint8_t> fill_randomly(wrt_mem *mem, uint32_t seed = 1) {
  std::vector<uint8_t> bytes = random_bytes(static_cast<size_t>(len_of(mem)), seed);
  EXPECT_EQ(wrt_mem_write(mem, 0, bytes.data(), bytes.size()), WRT_OK);
  return bytes;
}

/// Every check value of one copy against the definition, bit by bit, of the block with zeros behind its end.
inline void expect_check_values(const uint8_t *bytes, uint64_t len, const uint32_t *checks) {
  for (uint64_t block = 0; block < wrt::block_count(len); block++) {
    uint8_t whole[kBlockLen] = {};
    const uint64_t start = block * kBlockLen;
    std::memcpy(whole, bytes + start, static_cast<size_t>(wrt::least(kBlockLen, len - start)));
    ASSERT_EQ(checks[block], wrt::crc::slow(0, whole, kBlockLen)) << "block " << block;
  }
}

/// At rest: every check value is right in every copy, the copies are the same, and the invariant holds.
inline void expect_sound(wrt_mem *mem) {
  ASSERT_TRUE(memory_of(mem).holds());
  const wrt_mem_info info = info_of(mem);
  if (info.verify < WRT_VERIFY_STANDARD) return;
  const uint8_t *bytes = raw(mem);
  expect_check_values(bytes, info.len, checks_of(mem));
  if (info.verify < WRT_VERIFY_REDUNDANT) return;
  if (info.len == 0) return;
  ASSERT_NE(second_raw(mem), bytes);
  expect_check_values(second_raw(mem), info.len, second_checks_of(mem));
  ASSERT_EQ(std::memcmp(bytes, second_raw(mem), static_cast<size_t>(info.len)), 0);
}

// ---- parameters

struct OnTier : testing::TestWithParam<int32_t> {
  int32_t tier() const { return GetParam(); }
};
struct OnTierAtLevel : testing::TestWithParam<std::tuple<int32_t, int32_t>> {
  int32_t tier() const { return std::get<0>(GetParam()); }
  int32_t level() const { return std::get<1>(GetParam()); }
};
inline std::string tier_of(const testing::TestParamInfo<int32_t> &info) { return wrt_tier_name(info.param); }
inline std::string tier_and_level_of(const testing::TestParamInfo<std::tuple<int32_t, int32_t>> &info) {
  return std::string(wrt_tier_name(std::get<0>(info.param))) + "_" + level_name(std::get<1>(info.param));
}

}  // namespace integrity

#endif  // WRT_TESTS_INTEGRITY_WORLD_HPP
