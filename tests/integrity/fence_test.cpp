// SPDX-License-Identifier: Apache-2.0 OR MIT
// No call ever reaches outside the memory's own bytes, whichever bit of its control block is flipped: pages that cannot
// be accessed stand before and behind them, so that one that did would end the program.
#include "fence.hpp"

#include <signal.h>

#include <cstdio>
#include <functional>
#include <optional>

using namespace integrity;

namespace {

/// The library's own. It maps its table before the program's objects are made.
std::set<void *> &fenced_mappings() {
  static auto *mappings = new std::set<void *>;
  return *mappings;
}

}  // namespace

extern "C" {
void *__wrap_mmap(void *at, size_t len, int protection, int flags, int file, off_t offset) {
  if (at != nullptr || file != -1) return __real_mmap(at, len, protection, flags, file, offset);
  void *inside = fenced_pages(len, protection);
  if (inside != MAP_FAILED) fenced_mappings().insert(inside);
  return inside;
}
int __wrap_munmap(void *at, size_t len) {
  return fenced_mappings().erase(at) == 1 ? release_fenced_pages(at, len) : __real_munmap(at, len);
}
}

namespace {

constexpr uint8_t kByte = 0x5C;

// ---- what is under way when it faults

const char *g_call = "";
const char *g_target = "";
size_t g_bit = 0;

void say_where(int signal, siginfo_t *info, void *) {
  std::fprintf(stderr, "outside the memory, at %p: %s with bit %zu of the %s flipped\n", info->si_addr, g_call, g_bit,
               g_target);
  ::signal(signal, SIG_DFL);  // it comes again, and ends the program
}

// ---- calls that leave every byte as it is

struct Call {
  const char *name;
  bool asks_for_all;  // checks the whole control block from BASIC on
  std::function<wrt_status(wrt_mem *)> make;
  wrt_status when_sound = WRT_OK;
};

struct Range {
  uint64_t offset;
  uint64_t n;
};

/// Inside, across the end, right behind it, and far away.
std::vector<Range> ranges() {
  const uint64_t end = os_page();
  return {{0, 8},   {0, end}, {1, end - 1}, {end - 8, 8},          {end - 4, 8},
          {end, 1}, {end, 8}, {end, end},   {uint64_t{1} << 20, 8}};
}

void add_calls(std::vector<Call> &calls, Range r) {
  static std::vector<uint8_t> buffer;
  buffer.assign(2 * os_page(), kByte);
  static uint64_t word;
  const auto n = static_cast<size_t>(r.n);
  calls.push_back({"read", false, [=](wrt_mem *m) {
                     const wrt_status status = wrt_mem_read(m, r.offset, buffer.data(), n);
                     EXPECT_TRUE(buffer[0] == kByte && buffer[n - 1] == kByte);
                     return status;
                   }});
  calls.push_back({"write", false, [=](wrt_mem *m) { return wrt_mem_write(m, r.offset, buffer.data(), n); }});
  if (r.n > 8 && r.n < os_page()) return;
  calls.push_back({"fill", false, [=](wrt_mem *m) { return wrt_mem_fill(m, r.offset, kByte, r.n); }});
  calls.push_back({"copy to", false, [=](wrt_mem *m) { return wrt_mem_copy(m, r.offset, m, 0, r.n); }});
  calls.push_back({"copy from", false, [=](wrt_mem *m) { return wrt_mem_copy(m, 0, m, r.offset, r.n); }});
  if (r.n != 8 || r.offset % 8 != 0) return;
  calls.push_back({"load", false, [=](wrt_mem *m) { return wrt_mem_atomic_load(m, r.offset, 8, &word); }});
  calls.push_back(
      {"store", false, [=](wrt_mem *m) { return wrt_mem_atomic_store(m, r.offset, 8, UINT64_C(0x5C5C5C5C5C5C5C5C)); }});
  calls.push_back(
      {"rmw", false, [=](wrt_mem *m) { return wrt_mem_atomic_rmw(m, r.offset, 8, WRT_ATOMIC_OR, 0, &word); }});
}

std::vector<Call> all_calls() {
  std::vector<Call> calls;
  for (const Range &r : ranges()) add_calls(calls, r);
  calls.push_back({"equal", false, [](wrt_mem *m) {
                     int32_t same = 0;
                     return wrt_mem_equal(m, m, &same);
                   }});
  calls.push_back({"verify", true, [](wrt_mem *m) { return wrt_mem_verify(m, nullptr); }});
  calls.push_back({"resize", true, [](wrt_mem *m) { return wrt_mem_resize(m, os_page()); }});
  calls.push_back({"borrow and release", true, [](wrt_mem *m) {
                     void *data = nullptr;
                     if (const wrt_status status = wrt_mem_borrow(m, 0, os_page(), WRT_BORROW_WRITE, &data))
                       return status;
                     return wrt_mem_release(m, data, os_page());
                   }});
  calls.push_back({"borrow behind the end", true, [](wrt_mem *m) {
                     void *data = nullptr;
                     return wrt_mem_borrow(m, os_page(), 1, WRT_BORROW_READ, &data);
                   }});
  calls.push_back({"get_info", true, [](wrt_mem *m) {
                     wrt_mem_info info;
                     info.struct_size = sizeof(info);
                     return wrt_mem_get_info(m, &info);
                   }});
  return calls;
}

// ---- a memory of one OS page between fences

class Fenced {
 public:
  Fenced(int32_t tier, int32_t level, uint32_t flags, bool at_end) {
    heap_.at_end = at_end;
    const wrt_allocator allocator = allocator_over(heap_);
    wrt_mem_config config = WRT_MEM_CONFIG_INIT;
    config.tier = tier;
    config.initial_len = config.max_len = os_page();
    config.verify = level;
    config.flags = flags;
    config.sample_interval = 1;
    if (tier == WRT_TIER_ALLOC) config.allocator = &allocator;
    if (tier == WRT_TIER_STATIC) {
      pool_.emplace();
      config.pool = pool_->pool;
      stand_in_every_second_slot();
    }
    EXPECT_EQ(wrt_mem_create_config(&config, &mem), WRT_OK);
    EXPECT_EQ(wrt_mem_fill(mem, 0, kByte, os_page()), WRT_OK);
    if (pool_) put_fences_up();
  }
  Fenced(const Fenced &) = delete;
  Fenced &operator=(const Fenced &) = delete;
  ~Fenced() {
    expect_sound(mem);
    EXPECT_EQ(bytes_of(mem), std::vector<uint8_t>(os_page(), kByte));
    EXPECT_EQ(wrt_mem_destroy(mem), WRT_OK);
    if (pool_) take_fences_down();
    for (wrt_mem *other : others_) {
      if (other == nullptr) continue;
      EXPECT_EQ(bytes_of(other), std::vector<uint8_t>(os_page(), kByte + 1));
      EXPECT_EQ(wrt_mem_destroy(other), WRT_OK);
    }
    EXPECT_TRUE(heap_.live.empty());
  }

  wrt_mem *mem = nullptr;

 private:
  /// Two slots are left, each between two that are taken.
  void stand_in_every_second_slot() {
    for (wrt_mem *&other : others_) {
      wrt_mem_config config = WRT_MEM_CONFIG_INIT;
      config.tier = WRT_TIER_STATIC;
      config.initial_len = os_page();
      config.pool = pool_->pool;
      config.verify = WRT_VERIFY_STANDARD;
      EXPECT_EQ(wrt_mem_create_config(&config, &other), WRT_OK);
      EXPECT_EQ(wrt_mem_fill(other, 0, kByte + 1, os_page()), WRT_OK);
    }
    for (size_t i = 1; i < FencedPool::kCount; i += 2) {
      EXPECT_EQ(raw(others_[i]), pool_->slot(i));
      EXPECT_EQ(wrt_mem_destroy(others_[i]), WRT_OK);
      others_[i] = nullptr;
    }
  }
  void put_fences_up() {
    EXPECT_EQ(raw(mem), pool_->slot(1));
    for (size_t i = 0; i < FencedPool::kCount; i += 2) {
      sides_.push_back(pool_->side(i));
      pool_->fence_off(i);
    }
  }
  void take_fences_down() {
    for (size_t i = 0; i < FencedPool::kCount; i += 2) {
      pool_->open_up(i);
      EXPECT_EQ(pool_->side(i), sides_[i / 2]) << "check values of another memory";
    }
  }

  FencedHeap heap_;
  std::optional<FencedPool> pool_;
  wrt_mem *others_[FencedPool::kCount] = {};
  std::vector<std::vector<uint8_t>> sides_;
};

struct Target {
  const char *name;
  uint8_t *at;
  size_t len;
};

std::vector<Target> targets(const wrt_mem *mem) {
  wrt::Journal &journal = journal_of(mem);
  return {
      {"control block", reinterpret_cast<uint8_t *>(&memory_of(mem)), sizeof(wrt::LinearMemory)},
      {"shield", reinterpret_cast<uint8_t *>(&journal.shield), sizeof(journal.shield)},
      {"ledger's counts", reinterpret_cast<uint8_t *>(&journal.borrows), 16},
  };
}

void tell_of_faults() {
  struct sigaction action {};
  action.sa_sigaction = say_where;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGSEGV, &action, nullptr);
  sigaction(SIGBUS, &action, nullptr);
}

struct Fences : OnTierAtLevel {};
INSTANTIATE_TEST_SUITE_P(Integrity, Fences, testing::Combine(testing::ValuesIn(kTiers), testing::ValuesIn(kLevels)),
                         tier_and_level_of);

// With the bit flipped a call answers what it answers without, or CORRUPT.
void flip_every_bit(const Fenced &fenced, int32_t level, std::vector<Call> &calls) {
  for (Call &call : calls) call.when_sound = call.make(fenced.mem);
  for (const Target &target : targets(fenced.mem)) {
    g_target = target.name;
    for (g_bit = 0; g_bit < target.len * 8; g_bit++) {
      const auto mask = static_cast<uint8_t>(1U << (g_bit % 8));
      for (const Call &call : calls) {
        if (call.asks_for_all && level == WRT_VERIFY_OFF) continue;
        g_call = call.name;
        target.at[g_bit / 8] ^= mask;
        const wrt_status status = call.make(fenced.mem);
        target.at[g_bit / 8] ^= mask;
        ASSERT_TRUE(status == call.when_sound || status == WRT_ERR_CORRUPT)
            << call.name << " with bit " << g_bit << " of the " << target.name << ": " << wrt_status_name(status);
      }
    }
  }
}

TEST_P(Fences, NoCallReachesOutsideTheMemoryWhicheverBitIsFlipped) {
  tell_of_faults();
  std::vector<Call> calls = all_calls();
  for (const uint32_t flags : {0U, uint32_t{WRT_MEM_TRACK}}) {
    for (const bool at_end : {false, true}) {
      if (at_end && tier() != WRT_TIER_ALLOC) continue;
      Fenced fenced(tier(), level(), flags, at_end);
      ASSERT_NO_FATAL_FAILURE(flip_every_bit(fenced, level(), calls));
    }
  }
}

// The fences themselves: one byte too far, either way, is a fault.
struct FencesOnTier : OnTier {};
INSTANTIATE_TEST_SUITE_P(Integrity, FencesOnTier, testing::ValuesIn(kTiers), tier_of);

TEST_P(FencesOnTier, AreRightBesideTheBytes) {
  Fenced fenced(tier(), WRT_VERIFY_BASIC, 0, true);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  uint8_t *bytes = raw(fenced.mem);
  // A write from an address that cannot be read is refused with EFAULT, without a signal.
  EXPECT_EQ(write(ends[1], bytes, 1), 1);
  EXPECT_EQ(write(ends[1], bytes + os_page() - 1, 1), 1);
  EXPECT_EQ(write(ends[1], bytes - 1, 1), -1);
  EXPECT_EQ(write(ends[1], bytes + os_page(), 1), -1);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
