// SPDX-License-Identifier: Apache-2.0 OR MIT
// wrtmem.hpp over the shared object: what an owner owns, when it is given back, and that results say what C said.
#include <gtest/gtest.h>
#include <wrtmem/wrtmem.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace wrt {

// How GoogleTest names a tier; found beside the type.
inline void PrintTo(Tier tier, std::ostream *out) { *out << tier_name(tier); }

}  // namespace wrt

namespace {

constexpr uint64_t kPage = 65536;

wrt::Memory make(uint64_t initial_len, uint64_t max_len, wrt::Tier tier = wrt::Tier::kStd) {
  auto made = wrt::Memory::create(tier, initial_len, max_len);
  EXPECT_EQ(made.status(), WRT_OK);
  return std::move(made).value();
}

uint64_t len_of(const wrt::Memory &memory) {
  const auto len = memory.len();
  EXPECT_EQ(len.status(), WRT_OK);
  return len.value();
}

// Counts what is out, so that a leak shows.
struct Heap {
  void *allocate(size_t size, size_t alignment) noexcept {
    ++calls;
    if (refuses) return nullptr;
    void *block = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    if (block == nullptr) return nullptr;
    std::memset(block, 0xee, size);
    out += size;
    return block;
  }
  void deallocate(void *block, size_t size, size_t) noexcept {
    out -= size;
    std::free(block);
  }
  size_t out = 0;
  int calls = 0;
  bool refuses = false;
};

struct ResizingHeap : Heap {
  void *reallocate(void *block, size_t old_size, size_t new_size, size_t alignment) noexcept {
    ++moves;
    void *other = allocate(new_size, alignment);
    if (other == nullptr) return nullptr;
    std::memcpy(other, block, old_size < new_size ? old_size : new_size);
    deallocate(block, old_size, alignment);
    return other;
  }
  int moves = 0;
};

// ---- status and result

TEST(Status, NamesTheNumberThatItHolds) {
  const wrt::Status busy = WRT_ERR_BUSY;
  EXPECT_FALSE(busy.ok());
  EXPECT_EQ(busy.code(), WRT_ERR_BUSY);
  EXPECT_STREQ(busy.name(), "WRT_ERR_BUSY");
  EXPECT_STREQ(busy.message(), wrt_status_message(WRT_ERR_BUSY));
  EXPECT_TRUE(wrt::Status().ok());
  EXPECT_NE(busy, wrt::Status());
}

TEST(Result, OfAFailedCallHoldsAnEmptyValue) {
  auto made = wrt::Memory::create(wrt::Tier::kAlloc, 0, 0);
  EXPECT_FALSE(made.ok());
  EXPECT_EQ(made.status(), WRT_ERR_INVALID_ARGUMENT);
  EXPECT_FALSE(made.value());
  EXPECT_EQ(wrt::Memory().len().value_or(77), 77U);
  EXPECT_EQ(wrt::Memory().len().status(), WRT_ERR_INVALID_HANDLE);
}

// ---- owners

TEST(Handle, OfADestroyedMemoryIsEmptyAndDestroyingItAgainIsOk) {
  wrt::Memory memory = make(1, 10);
  wrt_mem *const raw = memory.get();
  EXPECT_EQ(memory.destroy(), WRT_OK);
  EXPECT_FALSE(memory);
  EXPECT_EQ(wrt_mem_check(raw, 0, 0), WRT_ERR_INVALID_HANDLE);
  EXPECT_EQ(memory.destroy(), WRT_OK);
}

TEST(Handle, DestroysWhatItOwnsAtTheEndOfItsScope) {
  wrt_mem *raw = nullptr;
  {
    const wrt::Memory memory = make(1, 10);
    raw = memory.get();
    EXPECT_EQ(wrt_mem_check(raw, 0, 1), WRT_OK);
  }
  EXPECT_EQ(wrt_mem_check(raw, 0, 1), WRT_ERR_INVALID_HANDLE);
}

TEST(Handle, MovesItsOwnershipAndDestroysWhatItHeld) {
  wrt::Memory first = make(1, 10);
  wrt::Memory second = make(2, 10);
  wrt_mem *const raw_first = first.get();
  wrt_mem *const raw_second = second.get();
  second = std::move(first);
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): emptiness is what is promised
  EXPECT_EQ(second.get(), raw_first);
  EXPECT_EQ(wrt_mem_check(raw_second, 0, 0), WRT_ERR_INVALID_HANDLE);
  const wrt::Memory third(std::move(second));
  EXPECT_EQ(len_of(third), 1U);
}

TEST(Handle, SurvivesBeingMovedToItself) {
  wrt::Memory memory = make(3, 10);
  wrt::Memory &alias = memory;
  memory = std::move(alias);
  EXPECT_EQ(len_of(memory), 3U);
}

TEST(Handle, DetachedIsTheCallersToDestroy) {
  wrt_mem *raw = nullptr;
  {
    wrt::Memory memory = make(1, 10);
    raw = memory.detach();
    EXPECT_FALSE(memory);
  }
  EXPECT_EQ(wrt_mem_check(raw, 0, 1), WRT_OK);
  const wrt::Memory again(raw);
  EXPECT_EQ(len_of(again), 1U);
}

TEST(Handle, StaysOwnedWhileItIsBusy) {
  wrt::Memory memory = make(16, 16);
  auto lent = memory.borrow_read(0, 8);
  ASSERT_TRUE(lent.ok());
  EXPECT_EQ(memory.destroy(), WRT_ERR_BUSY);
  EXPECT_TRUE(memory);
  EXPECT_EQ(lent.value().release(), WRT_OK);
  EXPECT_EQ(memory.destroy(), WRT_OK);
}

// ---- memory

class OnEachTier : public testing::TestWithParam<wrt::Tier> {};

INSTANTIATE_TEST_SUITE_P(Tiers, OnEachTier, testing::Values(wrt::Tier::kStd, wrt::Tier::kAlloc, wrt::Tier::kStatic),
                         [](const auto &tier) { return std::string(wrt::tier_name(tier.param)); });

TEST_P(OnEachTier, ReadsBackWhatWasWritten) {
  wrt::Memory memory = make(1000, 2000, GetParam());
  std::array<uint8_t, 100> in{};
  std::iota(in.begin(), in.end(), uint8_t{1});
  std::array<uint8_t, 100> out{};
  EXPECT_EQ(memory.write(900, in.data(), in.size()), WRT_OK);
  EXPECT_EQ(memory.read(900, out.data(), out.size()), WRT_OK);
  EXPECT_EQ(in, out);
  EXPECT_EQ(memory.write(901, in.data(), in.size()), WRT_ERR_OUT_OF_BOUNDS);
  EXPECT_EQ(memory.check(1000, 0), WRT_OK);
  EXPECT_EQ(memory.check(1000, 1), WRT_ERR_OUT_OF_BOUNDS);
  EXPECT_EQ(memory.info().value().tier, static_cast<int32_t>(GetParam()));
}

TEST_P(OnEachTier, GrowsInPagesAndResetsToWhatItWas) {
  auto made = wrt::Memory::create(wrt::MemoryConfig().tier(GetParam()).page_len(256).initial_len(512).max_len(1024));
  ASSERT_TRUE(made.ok());
  wrt::Memory memory = std::move(made).value();
  EXPECT_EQ(memory.grow(1).value(), 2U);
  EXPECT_EQ(memory.fill(0, 9, 768), WRT_OK);
  EXPECT_EQ(memory.grow(2).status(), WRT_ERR_LIMIT);
  EXPECT_EQ(memory.resize(100), WRT_ERR_MISALIGNED);
  EXPECT_EQ(memory.resize(1024), WRT_OK);
  EXPECT_EQ(len_of(memory), 1024U);
  EXPECT_EQ(memory.reset(), WRT_OK);
  EXPECT_EQ(len_of(memory), 512U);
  uint8_t byte = 1;
  EXPECT_EQ(memory.read(511, &byte, 1), WRT_OK);
  EXPECT_EQ(byte, 0);
}

TEST_P(OnEachTier, ClonesCopiesDiscardsAndCompares) {
  wrt::Memory memory = make(300, 300, GetParam());
  EXPECT_EQ(memory.fill(0, 5, 300), WRT_OK);
  auto cloned = memory.clone();
  ASSERT_TRUE(cloned.ok());
  wrt::Memory copy = std::move(cloned).value();
  EXPECT_NE(copy.get(), memory.get());
  EXPECT_TRUE(copy.equal(memory).value());
  EXPECT_EQ(copy.discard(0, 10), WRT_OK);
  EXPECT_FALSE(copy.equal(memory).value());
  EXPECT_EQ(copy.copy_from(0, memory, 100, 10), WRT_OK);
  EXPECT_TRUE(copy.equal(memory).value());
  EXPECT_EQ(copy.copy_from(295, copy, 0, 10), WRT_ERR_OUT_OF_BOUNDS);
  EXPECT_EQ(copy.equal(wrt::Memory()).status(), WRT_ERR_INVALID_HANDLE);
}

TEST_P(OnEachTier, ViewFollowsTheLength) {
  wrt::Memory memory = make(4, 2000, GetParam());
  auto got = memory.view();
  ASSERT_TRUE(got.ok());
  const wrt::View view = got.value();
  EXPECT_EQ(view.store<uint32_t>(0, 0x80c0a0f1U), WRT_OK);
  EXPECT_EQ(view.store<uint8_t>(4, 1), WRT_ERR_OUT_OF_BOUNDS);
  EXPECT_EQ(memory.resize(2000), WRT_OK);
  EXPECT_EQ(view.store<int64_t>(1992, -2), WRT_OK);
  EXPECT_EQ(view.load<int64_t>(1992).value(), -2);
  EXPECT_EQ(view.load<int16_t>(2).value(), static_cast<int16_t>(0x80c0));
  EXPECT_EQ(view.load<uint8_t>(0).value(), 0xf1);
  EXPECT_EQ(view.load<uint16_t>(1999).status(), WRT_ERR_OUT_OF_BOUNDS);
  EXPECT_EQ(view.check(0, 2000), WRT_OK);
  EXPECT_EQ(view.check(1, 2000), WRT_ERR_OUT_OF_BOUNDS);
  EXPECT_EQ(view.get()->len, 2000U);
}

TEST_P(OnEachTier, AtomicsHaveTheWidthOfTheirType) {
  wrt::Memory memory = make(64, 64, GetParam());
  EXPECT_EQ(memory.fill(0, 0xff, 64), WRT_OK);
  EXPECT_EQ(memory.atomic_store<uint16_t>(2, 7), WRT_OK);
  EXPECT_EQ(memory.atomic_load<uint64_t>(0).value(), 0xffffffff0007ffffU);
  EXPECT_EQ(memory.atomic_load<int8_t>(0).value(), -1);
  EXPECT_EQ(memory.atomic_rmw<uint16_t>(2, wrt::AtomicOp::kAdd, 0xffff).value(), 7);
  EXPECT_EQ(memory.atomic_load<uint16_t>(2).value(), 6);
  EXPECT_EQ(memory.atomic_cmpxchg<int32_t>(4, -1, 5).value(), -1);
  EXPECT_EQ(memory.atomic_cmpxchg<int32_t>(4, -1, 6).value(), 5);
  EXPECT_EQ(memory.atomic_load<int32_t>(4).value(), 5);
  EXPECT_EQ(memory.atomic_load<uint32_t>(2).status(), WRT_ERR_MISALIGNED);
  EXPECT_EQ(memory.notify(0, 9).value(), 0U);
  EXPECT_EQ(memory.wait<int32_t>(0, 0, 0).status(), WRT_ERR_UNSUPPORTED);
}

TEST(Memory, CountsWhatHappenedWhenTracked) {
  auto made = wrt::Memory::create(wrt::MemoryConfig().initial_len(100).max_len(100).track().name("counted"));
  ASSERT_TRUE(made.ok());
  wrt::Memory memory = std::move(made).value();
  EXPECT_EQ(memory.fill(0, 1, 60), WRT_OK);
  EXPECT_EQ(memory.check(0, 101), WRT_ERR_OUT_OF_BOUNDS);
  const wrt_mem_stats stats = memory.stats().value();
  EXPECT_EQ(stats.writes, 1U);
  EXPECT_EQ(stats.bytes_written, 60U);
  EXPECT_EQ(stats.denied, 1U);
  EXPECT_EQ(memory.clear_stats(), WRT_OK);
  EXPECT_EQ(memory.stats().value().writes, 0U);
  EXPECT_STREQ(memory.info().value().name, "counted");
}

TEST(Memory, ChangesItsLevel) {
  wrt::Memory memory = make(10, 10);
  EXPECT_EQ(memory.info().value().verify, WRT_VERIFY_BASIC);
  EXPECT_EQ(memory.set_verify(wrt::Verify::kOff), WRT_OK);
  EXPECT_EQ(memory.info().value().verify, WRT_VERIFY_OFF);
  EXPECT_EQ(memory.set_verify(wrt::Verify::kFull), WRT_OK);
  EXPECT_EQ(memory.info().value().verify, WRT_VERIFY_FULL);
  EXPECT_EQ(memory.verify(), WRT_OK);
  uint64_t first_bad = 7;
  EXPECT_EQ(memory.verify(&first_bad), WRT_OK);
  EXPECT_EQ(first_bad, 7U);
}

TEST(Memory, RemembersTheChangesOfItsLength) {
  wrt::MemoryConfig config;
  config.initial_len(1).max_len(9).track();
  wrt::Memory memory = wrt::Memory::create(config).value();
  EXPECT_EQ(memory.resize(4), WRT_OK);
  EXPECT_EQ(memory.resize(10), WRT_ERR_LIMIT);
  EXPECT_EQ(memory.check(3, 2), WRT_ERR_OUT_OF_BOUNDS);
  const wrt_mem_history history = memory.history().value();
  ASSERT_EQ(history.count, 2U);
  EXPECT_EQ(history.changes[0].to, 4U);
  EXPECT_EQ(history.changes[1].status, WRT_ERR_LIMIT);
  EXPECT_EQ(history.denied_offset, 3U);
  EXPECT_EQ(history.denied_len, 2U);
}

TEST(Memory, IsFoundByAnAddressInsideIt) {
  wrt::Memory memory = make(kPage, kPage);
  const uint8_t *const base = memory.view().value().get()->base;
  const auto found = wrt::find_fault(base + 123);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().mem, memory.get());
  EXPECT_EQ(found.value().offset, 123U);
  EXPECT_EQ(wrt::find_fault(&memory).status(), WRT_ERR_OUT_OF_BOUNDS);
}

// ---- config

TEST(MemoryConfig, TakesWebAssemblysPagesWithTheMaximumAsWritten) {
  auto made = wrt::Memory::create(wrt::MemoryConfig().wasm_pages(1, 3));
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made.value().info().value().page_len, kPage);
  EXPECT_EQ(made.value().grow(2).value(), 1U);
  EXPECT_EQ(made.value().grow(1).status(), WRT_ERR_LIMIT);
  auto none = wrt::Memory::create(wrt::MemoryConfig().wasm_pages(0, 0));
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(none.value().grow(1).status(), WRT_ERR_LIMIT);
}

TEST(MemoryConfig, OfMorePagesThanSixtyFourBitsHoldIsBeyondTheLimit) {
  EXPECT_EQ(wrt::Memory::create(wrt::MemoryConfig().wasm_pages(uint64_t{1} << 48, uint64_t{1} << 48)).status(),
            WRT_ERR_LIMIT);
  EXPECT_EQ(wrt::Memory::create(wrt::MemoryConfig().wasm_pages(UINT64_MAX, UINT64_MAX)).status(), WRT_ERR_LIMIT);
}

TEST(MemoryConfig, PassesEverySettingOn) {
  Heap heap;
  const wrt_allocator allocator = wrt::allocator_over(heap);
  const wrt::MemoryConfig config = wrt::MemoryConfig()
                                       .tier(wrt::Tier::kStatic)
                                       .initial_len(1)
                                       .max_len(2)
                                       .page_len(4)
                                       .add_flags(WRT_MEM_GUARD)
                                       .stable()
                                       .track()
                                       .verify(wrt::Verify::kFull)
                                       .sample_interval(5)
                                       .allocator(allocator)
                                       .name("n")
                                       .reserve_len(6)
                                       .guard_len(7);
  const wrt_mem_config c = config.get();
  EXPECT_EQ(c.struct_size, sizeof(wrt_mem_config));
  EXPECT_EQ(c.tier, WRT_TIER_STATIC);
  EXPECT_EQ(c.initial_len, 1U);
  EXPECT_EQ(c.max_len, 2U);
  EXPECT_EQ(c.page_len, 4U);
  EXPECT_EQ(c.flags, static_cast<uint32_t>(WRT_MEM_GUARD | WRT_MEM_STABLE | WRT_MEM_TRACK));
  EXPECT_EQ(c.verify, WRT_VERIFY_FULL);
  EXPECT_EQ(c.sample_interval, 5U);
  EXPECT_EQ(c.reserved0, 0U);
  EXPECT_EQ(c.allocator->context, &heap);
  EXPECT_EQ(c.pool, nullptr);
  EXPECT_EQ(c.budget, nullptr);
  EXPECT_EQ(c.image, nullptr);
  EXPECT_STREQ(c.name, "n");
  EXPECT_EQ(c.reserved1, nullptr);
  EXPECT_EQ(c.reserve_len, 6U);
  EXPECT_EQ(c.guard_len, 7U);
}

TEST(MemoryConfig, WithAnOwnerThatOwnsNothingIsAnInvalidHandle) {
  const wrt::Pool no_pool;
  const wrt::Budget no_budget;
  const wrt::Image no_image;
  EXPECT_EQ(wrt::Memory::create(wrt::MemoryConfig().pool(no_pool)).status(), WRT_ERR_INVALID_HANDLE);
  EXPECT_EQ(wrt::Memory::create(wrt::MemoryConfig().budget(no_budget)).status(), WRT_ERR_INVALID_HANDLE);
  EXPECT_EQ(wrt::Memory::create(wrt::MemoryConfig().image(no_image)).status(), WRT_ERR_INVALID_HANDLE);
  EXPECT_EQ(wrt::Budget::create(1, no_budget).status(), WRT_ERR_INVALID_HANDLE);
}

// ---- borrows

TEST(Borrow, GivesItsBytesBackAtTheEndOfItsScope) {
  wrt::Memory memory = make(100, 200);
  {
    auto lent = memory.borrow_write(10, 20);
    ASSERT_TRUE(lent.ok());
    const wrt::WriteBorrow &bytes = lent.value();
    EXPECT_EQ(bytes.size(), 20U);
    for (uint8_t &byte : bytes) byte = 3;
    bytes[19] = 4;
    EXPECT_EQ(memory.resize(200), WRT_ERR_BUSY);
    EXPECT_EQ(memory.borrow_read(29, 2).status(), WRT_ERR_BUSY);
  }
  EXPECT_EQ(memory.resize(200), WRT_OK);
  auto lent = memory.borrow_read(28, 3);
  ASSERT_TRUE(lent.ok());
  EXPECT_EQ(lent.value()[0], 3);
  EXPECT_EQ(lent.value()[1], 4);
  EXPECT_EQ(lent.value()[2], 0);
}

TEST(Borrow, MovesAndIsGivenBackOnce) {
  wrt::Memory memory = make(100, 200);
  auto first = memory.borrow_read(0, 10);
  auto second = memory.borrow_read(0, 10);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(memory.info().value().borrows, 2U);
  wrt::ReadBorrow held = std::move(first).value();
  EXPECT_FALSE(first.value());  // NOLINT(bugprone-use-after-move): emptiness is what is promised
  EXPECT_EQ(first.value().release(), WRT_OK);
  EXPECT_EQ(memory.info().value().borrows, 2U);
  held = std::move(second).value();
  EXPECT_EQ(memory.info().value().borrows, 1U);
  EXPECT_EQ(held.release(), WRT_OK);
  EXPECT_EQ(held.release(), WRT_OK);
  EXPECT_FALSE(held);
  EXPECT_EQ(held.data(), nullptr);
  EXPECT_EQ(memory.info().value().borrows, 0U);
}

TEST(Borrow, OfNoBytesHoldsTheMemoryToo) {
  wrt::Memory memory = make(100, 200);
  auto lent = memory.borrow_read_write(100, 0);
  ASSERT_TRUE(lent.ok());
  EXPECT_TRUE(lent.value());
  EXPECT_EQ(lent.value().size(), 0U);
  EXPECT_EQ(memory.resize(200), WRT_ERR_BUSY);
}

TEST(Borrow, IsForWhatItsNameSays) {
  auto made = wrt::Memory::create(wrt::MemoryConfig().initial_len(100).track());
  ASSERT_TRUE(made.ok());
  wrt::Memory memory = std::move(made).value();
  EXPECT_TRUE(memory.borrow_read(0, 10).ok());
  EXPECT_EQ(memory.stats().value().reads, 1U);
  EXPECT_EQ(memory.stats().value().writes, 0U);
  EXPECT_TRUE(memory.borrow_write(0, 10).ok());
  EXPECT_EQ(memory.stats().value().reads, 1U);
  EXPECT_EQ(memory.stats().value().writes, 1U);
  EXPECT_TRUE(memory.borrow_read_write(0, 10).ok());
  EXPECT_EQ(memory.stats().value().reads, 2U);
  EXPECT_EQ(memory.stats().value().writes, 2U);
}

TEST(Borrow, ThatFailedHoldsNothing) {
  wrt::Memory memory = make(100, 200);
  auto lent = memory.borrow_write(99, 2);
  EXPECT_EQ(lent.status(), WRT_ERR_OUT_OF_BOUNDS);
  EXPECT_FALSE(lent.value());
  EXPECT_EQ(memory.info().value().borrows, 0U);
}

// ---- pools, budgets, images, allocators

TEST(Pool, ServesItsSlotsAndCannotGoWhileOneIsInUse) {
  alignas(64) static std::array<unsigned char, WRT_POOL_STORAGE_LEN(4096, 2)> storage;
  EXPECT_LE(wrt::Pool::storage_len(4096, 2).value(), storage.size());
  auto made = wrt::Pool::create(storage.data(), wrt::Pool::storage_len(4096, 2).value(), 4096);
  ASSERT_TRUE(made.ok());
  wrt::Pool pool = std::move(made).value();
  const auto config = wrt::MemoryConfig().pool(pool).initial_len(4096);
  auto first = wrt::Memory::create(config);
  auto second = wrt::Memory::create(config);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(wrt::Memory::create(config).status(), WRT_ERR_POOL_EXHAUSTED);
  EXPECT_EQ(pool.info().value().used, 2U);
  EXPECT_EQ(pool.info().value().refused, 1U);
  EXPECT_EQ(pool.destroy(), WRT_ERR_BUSY);
  EXPECT_EQ(first.value().destroy(), WRT_OK);
  EXPECT_EQ(second.value().destroy(), WRT_OK);
  EXPECT_EQ(pool.destroy(), WRT_OK);
}

TEST(Budget, BoundsTheMemoriesUnderItAndUnderItsChildren) {
  auto whole = wrt::Budget::create(100);
  ASSERT_TRUE(whole.ok());
  auto part = wrt::Budget::create(80, whole.value());
  ASSERT_TRUE(part.ok());
  auto first = wrt::Memory::create(wrt::MemoryConfig().budget(part.value()).initial_len(70).max_len(100));
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first.value().resize(81), WRT_ERR_BUDGET);
  auto second = wrt::Memory::create(wrt::MemoryConfig().budget(whole.value()).initial_len(30).max_len(100));
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(first.value().resize(71), WRT_ERR_BUDGET);
  EXPECT_EQ(whole.value().info().value().used, 100U);
  EXPECT_EQ(part.value().info().value().used, 70U);
  EXPECT_EQ(part.value().destroy(), WRT_ERR_BUSY);
  EXPECT_EQ(first.value().destroy(), WRT_OK);
  EXPECT_EQ(part.value().destroy(), WRT_OK);
}

struct SavedImage {
  std::vector<unsigned char> bytes;
  size_t at = 0;

  static size_t write(void *context, const void *data, size_t n) {
    auto &saved = *static_cast<SavedImage *>(context);
    const auto *from = static_cast<const unsigned char *>(data);
    saved.bytes.insert(saved.bytes.end(), from, from + n);
    return n;
  }
  static size_t read(void *context, void *data, size_t n) {
    auto &saved = *static_cast<SavedImage *>(context);
    const size_t given = std::min(n, saved.bytes.size() - saved.at);
    if (given != 0) std::memcpy(data, saved.bytes.data() + saved.at, given);
    saved.at += given;
    return given;
  }
};

TEST(Image, StartsMemoriesThatResetToItAndOutliveIt) {
  wrt::Memory memory = make(5000, 10000);
  ASSERT_EQ(memory.fill(4096, 7, 100), WRT_OK);
  auto frozen = memory.freeze();
  ASSERT_TRUE(frozen.ok());
  EXPECT_EQ(frozen.value().info().value().len, 5000U);
  EXPECT_EQ(frozen.value().info().value().stored, 904U);
  auto made = wrt::Memory::create(wrt::MemoryConfig().image(frozen.value()));
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(frozen.value().destroy(), WRT_OK);
  wrt::Memory other = std::move(made).value();
  EXPECT_EQ(other.equal(memory).value(), true);
  EXPECT_EQ(other.fill(0, 1, 5000), WRT_OK);
  EXPECT_EQ(other.reset(), WRT_OK);
  EXPECT_EQ(other.equal(memory).value(), true);
}

TEST(Image, IsSavedAndLoaded) {
  wrt::Memory memory = make(5000, 10000);
  ASSERT_EQ(memory.fill(4096, 7, 100), WRT_OK);
  SavedImage saved;
  ASSERT_EQ(memory.freeze().value().save(SavedImage::write, &saved), WRT_OK);
  auto loaded = wrt::Image::load(nullptr, SavedImage::read, &saved);
  ASSERT_TRUE(loaded.ok());
  auto other = wrt::Memory::create(wrt::MemoryConfig().image(loaded.value()));
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(other.value().equal(memory).value(), true);
  EXPECT_EQ(wrt::Image::load(nullptr, SavedImage::read, &saved).status(), WRT_ERR_FORMAT);  // nothing is left
}

TEST(Image, ThatOwnsNothingIsNone) {
  const auto write = [](void *, const void *, size_t n) -> size_t { return n; };
  EXPECT_EQ(wrt::Image().save(write, nullptr), WRT_ERR_INVALID_HANDLE);
  EXPECT_EQ(wrt::Image().info().status(), WRT_ERR_INVALID_HANDLE);
  EXPECT_EQ(wrt::Image().destroy(), WRT_OK);
}

template <class A>
class AllocatorOver : public testing::Test {};
using Heaps = testing::Types<Heap, ResizingHeap>;
TYPED_TEST_SUITE(AllocatorOver, Heaps);

TYPED_TEST(AllocatorOver, GivesEveryByteBackAndRefusesByNull) {
  TypeParam heap;
  {
    auto made =
        wrt::Memory::create(wrt::MemoryConfig().allocator(wrt::allocator_over(heap)).initial_len(100).max_len(1 << 20));
    ASSERT_TRUE(made.ok());
    wrt::Memory memory = std::move(made).value();
    EXPECT_EQ(memory.info().value().tier, WRT_TIER_ALLOC);
    EXPECT_GT(heap.out, 0U);
    uint8_t byte = 1;
    EXPECT_EQ(memory.read(99, &byte, 1), WRT_OK);
    EXPECT_EQ(byte, 0);
    EXPECT_EQ(memory.resize(500000), WRT_OK);
    EXPECT_EQ(memory.read(499999, &byte, 1), WRT_OK);
    EXPECT_EQ(byte, 0);
    heap.refuses = true;
    EXPECT_EQ(memory.resize(1 << 20), WRT_ERR_OUT_OF_MEMORY);
    EXPECT_EQ(len_of(memory), 500000U);
  }
  EXPECT_EQ(heap.out, 0U);
  EXPECT_GT(heap.calls, 0);
}

TEST(Allocator, UsesReallocateWhereTheObjectHasIt) {
  Heap heap;
  ResizingHeap resizing;
  EXPECT_EQ(wrt::allocator_over(heap).reallocate, nullptr);
  EXPECT_NE(wrt::allocator_over(resizing).reallocate, nullptr);
  auto made = wrt::Memory::create(
      wrt::MemoryConfig().allocator(wrt::allocator_over(resizing)).initial_len(100).max_len(1 << 20));
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made.value().resize(1 << 20), WRT_OK);
  EXPECT_GT(resizing.moves, 0);
}

// ---- the library

TEST(Library, SaysWhatItIs) {
  EXPECT_STREQ(wrt::tier_name(wrt::Tier::kAlloc), "alloc");
  const auto info = wrt::tier_info(wrt::Tier::kStd);
  ASSERT_TRUE(info.ok());
  EXPECT_EQ(info.value().available, 1);
  EXPECT_EQ(wrt::selftest(), WRT_OK);
  EXPECT_EQ(wrt::trim(), WRT_OK);
}

}  // namespace
