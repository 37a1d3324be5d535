// SPDX-License-Identifier: Apache-2.0 OR MIT
// The control block protects itself: each of its bits is flipped in turn while the memory lives, and every call is
// made. What the ABI names answers; no call reaches outside the memory's own bytes.
#include <functional>

#include "world.hpp"

using namespace integrity;

namespace {

constexpr uint64_t kLen = 200;
constexpr uint64_t kMax = 1000;

/// A pool and an allocator whose bytes have known neighbours, a budget, and one memory of the tier.
struct Subject {
  World world;
  wrt_budget *budget = nullptr;
  wrt_mem *mem = nullptr;
  wrt_mem *other = nullptr;  // untouched, of the same tier
  std::vector<uint8_t> other_contents;

  Subject(int32_t tier, int32_t level, uint32_t flags = 0) : world(tier) {
    EXPECT_EQ(wrt_budget_create(100000, nullptr, &budget), WRT_OK);
    wrt_mem_config config = world.config(level, kLen, kMax);
    config.budget = budget;
    config.flags = flags;
    mem = world.make(config);
    other = world.make(config);
    fill_randomly(mem);
    other_contents = fill_randomly(other, 2);
  }
  Subject(const Subject &) = delete;
  Subject &operator=(const Subject &) = delete;
  ~Subject() {
    EXPECT_EQ(bytes_of(other), other_contents);
    EXPECT_EQ(wrt_mem_verify(other, nullptr), WRT_OK);
    EXPECT_EQ(wrt_mem_destroy(other), WRT_OK);
    const wrt_status status = wrt_mem_destroy(mem);
    EXPECT_TRUE(status == WRT_OK || status == WRT_ERR_INVALID_HANDLE) << wrt_status_name(status);
    EXPECT_EQ(wrt_budget_destroy(budget), WRT_OK);
  }

  uint64_t charged() const {
    wrt_budget_info info;
    info.struct_size = sizeof(info);
    EXPECT_EQ(wrt_budget_get_info(budget, &info), WRT_OK);
    return info.used;
  }
};

struct Call {
  const char *name;
  bool named_by_abi;  // it checks the whole control block from BASIC on
  std::function<wrt_status(wrt_mem *)> make;
};

/// Every call that takes a memory but destroy. Whatever it was given it gives back.
std::vector<Call> all_calls() {
  static uint8_t buffer[kMax];
  static uint64_t word;
  return {
      {"len", false, [](wrt_mem *m) { return wrt_mem_len(m, &word); }},
      {"check", false, [](wrt_mem *m) { return wrt_mem_check(m, 3, 4); }},
      {"small read", false, [](wrt_mem *m) { return wrt_mem_read(m, 3, buffer, 8); }},
      {"long read", false, [](wrt_mem *m) { return wrt_mem_read(m, 0, buffer, kLen); }},
      {"small write", false, [](wrt_mem *m) { return wrt_mem_write(m, 3, "01234567", 8); }},
      {"long write", false, [](wrt_mem *m) { return wrt_mem_write(m, 5, buffer, kLen - 5); }},
      {"fill", false, [](wrt_mem *m) { return wrt_mem_fill(m, 20, 7, 100); }},
      {"copy", false, [](wrt_mem *m) { return wrt_mem_copy(m, 5, m, 0, kLen - 5); }},
      {"equal", false,
       [](wrt_mem *m) {
         int32_t same = 0;
         return wrt_mem_equal(m, m, &same);
       }},
      {"atomic load", false, [](wrt_mem *m) { return wrt_mem_atomic_load(m, 8, 8, &word); }},
      {"atomic store", false, [](wrt_mem *m) { return wrt_mem_atomic_store(m, 8, 4, 9); }},
      {"atomic rmw", false, [](wrt_mem *m) { return wrt_mem_atomic_rmw(m, 8, 2, WRT_ATOMIC_ADD, 1, &word); }},
      {"atomic cmpxchg", false, [](wrt_mem *m) { return wrt_mem_atomic_cmpxchg(m, 8, 1, 0, 1, &word); }},
      {"notify", false,
       [](wrt_mem *m) {
         uint32_t woken = 0;
         return wrt_mem_notify(m, 8, 1, &woken);
       }},
      {"verify", true, [](wrt_mem *m) { return wrt_mem_verify(m, nullptr); }},
      {"resize", true,
       [](wrt_mem *m) {
         if (const wrt_status status = wrt_mem_resize(m, kLen + 300)) return status;
         return wrt_mem_resize(m, kLen);
       }},
      {"grow", true,
       [](wrt_mem *m) {
         if (const wrt_status status = wrt_mem_grow(m, 1, &word)) return status;
         return wrt_mem_resize(m, kLen);
       }},
      {"clone", true,
       [](wrt_mem *m) {
         wrt_mem *clone = nullptr;
         if (const wrt_status status = wrt_mem_clone(m, &clone)) return status;
         return wrt_mem_destroy(clone);
       }},
      {"discard", true, [](wrt_mem *m) { return wrt_mem_discard(m, 10, 100); }},
      {"borrow and release", true,
       [](wrt_mem *m) {
         void *data = nullptr;
         if (const wrt_status status = wrt_mem_borrow(m, 10, 10, WRT_BORROW_WRITE, &data)) return status;
         return wrt_mem_release(m, data, 10);
       }},
      {"get_info", true,
       [](wrt_mem *m) {
         wrt_mem_info info;
         info.struct_size = sizeof(info);
         return wrt_mem_get_info(m, &info);
       }},
      {"get_stats", true,
       [](wrt_mem *m) {
         wrt_mem_stats stats;
         stats.struct_size = sizeof(stats);
         return wrt_mem_get_stats(m, &stats);
       }},
      {"get_history", true,
       [](wrt_mem *m) {
         wrt_mem_history history;
         history.struct_size = sizeof(history);
         return wrt_mem_get_history(m, &history);
       }},
      {"reset", true, [](wrt_mem *m) { return wrt_mem_reset(m); }},
      {"set_verify", true,
       [](wrt_mem *m) {
         const int32_t level = memory_of(m).plan().verify;
         if (const wrt_status status = wrt_mem_set_verify(m, WRT_VERIFY_BASIC)) return status;
         return wrt_mem_set_verify(m, level);
       }},
  };
}

/// A range of bytes of the library's whose every bit is flipped.
struct Target {
  const char *name;
  uint8_t *at;
  size_t len;
};

std::vector<Target> targets(const wrt_mem *mem) {
  wrt::capi::Entry &entry = entry_of(mem);
  wrt::Journal &journal = journal_of(mem);
  return {
      {"control block", reinterpret_cast<uint8_t *>(&entry.body.memory), sizeof(wrt::LinearMemory)},
      {"owner", reinterpret_cast<uint8_t *>(&entry.owner), sizeof(entry.owner)},
      {"shield", reinterpret_cast<uint8_t *>(&journal.shield), sizeof(journal.shield)},
      {"ledger counts", reinterpret_cast<uint8_t *>(&journal.borrows), 16},
  };
}

struct Flipping : OnTierAtLevel {};
INSTANTIATE_TEST_SUITE_P(Integrity, Flipping, testing::Combine(testing::ValuesIn(kTiers), testing::ValuesIn(kLevels)),
                         tier_and_level_of);

/// Below STANDARD nobody uses the shield, and so nobody looks at it.
bool in_use(const Target &target, int32_t level) {
  return level >= WRT_VERIFY_STANDARD || std::strcmp(target.name, "shield") != 0;
}

TEST_P(Flipping, EveryBitIsNoticedByTheCallsThatTheAbiNamesAndAtFullByAll) {
  if (level() == WRT_VERIFY_OFF) return;
  for (const uint32_t flags : {0U, uint32_t{WRT_MEM_TRACK}}) {
    Subject subject(tier(), level(), flags);
    const std::vector<Call> calls = all_calls();
    for (const Target &target : targets(subject.mem)) {
      if (!in_use(target, level())) continue;
      for (size_t bit = 0; bit < target.len * 8; bit++) {
        const auto mask = static_cast<uint8_t>(1U << (bit % 8));
        for (const Call &call : calls) {
          if (!call.named_by_abi && level() < WRT_VERIFY_FULL) continue;
          target.at[bit / 8] ^= mask;
          const wrt_status status = call.make(subject.mem);
          target.at[bit / 8] ^= mask;
          ASSERT_EQ(status, WRT_ERR_CORRUPT)
              << call.name << " with bit " << bit % 8 << " of byte " << bit / 8 << " of the " << target.name;
        }
      }
    }
    ASSERT_EQ(subject.charged(), 2 * kLen);
    expect_sound(subject.mem);
  }
}

// At OFF and BASIC too: base and limit are checked at every access, or were never asked.
TEST_P(Flipping, NoAccessReachesOutsideTheMemory) {
  for (const uint32_t flags : {0U, uint32_t{WRT_MEM_TRACK}}) {
    Subject subject(tier(), level(), flags);
    uint8_t *const bytes = raw(subject.mem);
    const std::vector<Call> calls = all_calls();
    const Target block = targets(subject.mem)[0];
    for (size_t bit = 0; bit < block.len * 8; bit++) {
      const auto mask = static_cast<uint8_t>(1U << (bit % 8));
      for (const Call &call : calls) {
        if (call.named_by_abi) continue;
        block.at[bit / 8] ^= mask;
        const wrt_status status = call.make(subject.mem);
        block.at[bit / 8] ^= mask;
        ASSERT_TRUE(status == WRT_OK || status == WRT_ERR_CORRUPT)
            << call.name << " with bit " << bit << ": " << wrt_status_name(status);
        ASSERT_EQ(len_of(subject.mem), kLen);
        ASSERT_EQ(raw(subject.mem), bytes);
      }
    }
    EXPECT_EQ(subject.charged(), 2 * kLen);
  }
}

TEST_P(Flipping, AHitOnTheHandlesOwnEntryIsABadHandle) {
  Subject subject(tier(), level());
  auto *token = reinterpret_cast<uint8_t *>(&entry_of(subject.mem).token);
  for (size_t bit = 0; bit < sizeof(uintptr_t) * 8; bit++) {
    for (const Call &call : all_calls()) {
      const bool fast = std::strncmp(call.name, "small", 5) == 0;  // one compare, of the control block itself
      if (fast && level() <= WRT_VERIFY_STANDARD) continue;
      token[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
      EXPECT_EQ(call.make(subject.mem), WRT_ERR_INVALID_HANDLE) << call.name;
      token[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
    }
  }
}

TEST_P(Flipping, EveryBitOfABorrowsEntryIsNoticed) {
  if (level() < WRT_VERIFY_BASIC) return;
  Subject subject(tier(), level());
  void *data = nullptr;
  ASSERT_EQ(wrt_mem_borrow(subject.mem, 64, 9, WRT_BORROW_WRITE, &data), WRT_OK);
  auto *entry = reinterpret_cast<uint8_t *>(&journal_of(subject.mem).borrows.entries[0]);
  for (size_t bit = 0; bit < sizeof(wrt::Borrow) * 8; bit++) {
    const auto mask = static_cast<uint8_t>(1U << (bit % 8));
    entry[bit / 8] ^= mask;
    EXPECT_EQ(wrt_mem_verify(subject.mem, nullptr), WRT_ERR_CORRUPT) << bit;
    EXPECT_EQ(wrt_mem_release(subject.mem, data, 9), WRT_ERR_CORRUPT) << bit;
    EXPECT_EQ(wrt_mem_resize(subject.mem, kLen + 1), WRT_ERR_CORRUPT) << bit;
    entry[bit / 8] ^= mask;
  }
  ASSERT_EQ(wrt_mem_release(subject.mem, data, 9), WRT_OK);
}

// ---- destroying what is bad

TEST_P(Flipping, DestroyGivesTheChargeBackAndTheHandleIsDead) {
  if (level() == WRT_VERIFY_OFF) return;
  const size_t blocks_of_one = [&] {
    World world(tier());
    world.make(level(), kLen, kMax);
    return world.heap.live.size();
  }();
  const size_t count = [&] {
    Subject subject(tier(), level());
    return targets(subject.mem).size();
  }();
  for (size_t which = 0; which < count; which++) {
    constexpr size_t kStride = 5;  // every bit of a byte comes in turn
    for (size_t bit = 0;; bit += kStride) {
      Subject subject(tier(), level());
      const Target target = targets(subject.mem)[which];
      if (!in_use(target, level()) || bit >= target.len * 8) break;
      ASSERT_EQ(subject.charged(), 2 * kLen);
      target.at[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
      EXPECT_EQ(wrt_mem_destroy(subject.mem), WRT_ERR_CORRUPT) << target.name << " bit " << bit;
      EXPECT_EQ(wrt_mem_destroy(subject.mem), WRT_ERR_INVALID_HANDLE);
      uint64_t len = 0;
      EXPECT_EQ(wrt_mem_len(subject.mem, &len), WRT_ERR_INVALID_HANDLE);
      ASSERT_EQ(subject.charged(), kLen) << target.name << " bit " << bit;
      if (subject.world.pool() != nullptr) {
        const uint64_t slots_of_one = level() == WRT_VERIFY_REDUNDANT ? 2 : 1;
        ASSERT_EQ(subject.world.slots_used(), slots_of_one) << target.name << " bit " << bit;
      }
      if (tier() == WRT_TIER_ALLOC) {
        EXPECT_EQ(subject.world.heap.live.size(), 2 * blocks_of_one) << "its bytes stay quarantined";
        subject.world.leaked_blocks = blocks_of_one;
      }
    }
  }
}

TEST_P(Flipping, AQuarantinedMemoryIsNeverGivenOutAgain) {
  if (tier() != WRT_TIER_STATIC || level() == WRT_VERIFY_OFF) return;
  World world(tier(), 5);
  const uint64_t slots_of_one = level() == WRT_VERIFY_REDUNDANT ? 2 : 1;
  wrt_mem *mem = world.make(level(), kLen);
  const std::vector<uint8_t> contents = fill_randomly(mem);
  uint8_t *bytes = raw(mem);
  uint8_t *second = level() == WRT_VERIFY_REDUNDANT ? second_raw(mem) : bytes;
  *reinterpret_cast<uint8_t *>(&memory_of(mem)) ^= 1;
  ASSERT_EQ(wrt_mem_destroy(mem), WRT_ERR_CORRUPT);
  std::vector<wrt_mem *> made;
  const wrt_mem_config config = world.config(WRT_VERIFY_BASIC, kLen);
  wrt_mem *next = nullptr;
  while (wrt_mem_create_config(&config, &next) == WRT_OK) {
    made.push_back(world.adopt(next));
    EXPECT_NE(raw(next), bytes);
    EXPECT_NE(raw(next), second);
  }
  EXPECT_EQ(made.size(), 5 - slots_of_one);
  EXPECT_EQ(std::vector<uint8_t>(bytes, bytes + kLen), contents);
}

}  // namespace
