// SPDX-License-Identifier: Apache-2.0 OR MIT
// The C++ providers: one test, three tiers.
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <random>
#include <utility>
#include <vector>

#include "cpp/tiers/alloc_provider.hpp"
#include "cpp/tiers/default_provider.hpp"
#include "cpp/tiers/static_provider.hpp"
#include "cpp/tiers/std_provider.hpp"

extern "C" {
#include "../capi/checked_heap.h"
}

namespace {

constexpr size_t kMax = 40000;

using wrt::AllocProvider;
using wrt::Outcome;
using wrt::StdProvider;
using Static = wrt::StaticProvider<kMax>;

static_assert(wrt::MemoryProvider<StdProvider>);
static_assert(wrt::MemoryProvider<AllocProvider>);
static_assert(wrt::MemoryProvider<Static>);
static_assert(wrt::MemoryProvider<wrt::DefaultProvider>);
static_assert(!wrt::MemoryProvider<int>);
static_assert(!wrt::MemoryProvider<std::vector<uint8_t>>);

// ---- the STATIC provider in constant expressions

constexpr bool lives_at_compile_time() {
  auto made = wrt::StaticProvider<16>::create(4, 12);
  if (!made || made.value.len() != 4 || made.value.max_len() != 12 || !made.value.holds()) return false;
  wrt::StaticProvider<16> &memory = made.value;
  const uint8_t bytes[3] = {1, 2, 3};
  if (memory.write_bytes(1, bytes) != WRT_OK || memory.write_bytes(2, bytes) != WRT_ERR_OUT_OF_BOUNDS) return false;
  const auto read = memory.read_bytes(0, 4);
  if (!read || read.value.size() != 4 || read.value[0] != 0 || read.value[1] != 1 || read.value[3] != 3) return false;
  if (memory.read_bytes(0, 5).status != WRT_ERR_OUT_OF_BOUNDS || memory.read_bytes(5, 0)) return false;
  if (memory.read_bytes(UINT64_MAX, 2) || memory.read_bytes(2, UINT64_MAX)) return false;
  const auto twin = memory.clone();
  if (!twin || !(twin.value == memory)) return false;
  if (memory.resize(13) != WRT_ERR_LIMIT || memory.resize(2) != WRT_OK || memory.resize(12) != WRT_OK) return false;
  for (uint64_t i = 2; i < 12; i++) {
    if (memory.read_bytes(i, 1).value[0] != 0) return false;
  }
  return !(twin.value == memory) && memory.holds() && twin.value.holds() && twin.value.len() == 4;
}
static_assert(lives_at_compile_time());
static_assert(wrt::StaticProvider<16>::create(0, 17).status == WRT_ERR_LIMIT);
static_assert(wrt::StaticProvider<16>::create(9, 8).status == WRT_ERR_LIMIT);

// Every word of three resizes with a write between them, as the kernel's own test does.
constexpr bool every_word_of_resizes() {
  for (uint64_t a = 0; a <= 4; a++) {
    for (uint64_t b = 0; b <= 4; b++) {
      for (uint64_t c = 0; c <= 4; c++) {
        wrt::StaticProvider<3> memory = wrt::StaticProvider<3>::create(0).value;
        const uint64_t word[3] = {a, b, c};
        for (uint64_t next : word) {
          if ((memory.resize(next) == WRT_OK) != (next <= 3) || !memory.holds()) return false;
          const uint8_t one[1] = {0xA5};
          for (uint64_t i = 0; i < memory.len(); i++) {
            if (memory.write_bytes(i, one) != WRT_OK) return false;
          }
        }
      }
    }
  }
  return true;
}
static_assert(every_word_of_resizes());

// The bytes that are written may be the memory's own, overlapping either way.
constexpr bool writes_its_own_bytes() {
  for (uint64_t to = 0; to <= 4; to++) {
    for (uint64_t from = 0; from <= 4; from++) {
      wrt::StaticProvider<8> memory = wrt::StaticProvider<8>::create(8).value;
      const uint8_t numbers[8] = {1, 2, 3, 4, 5, 6, 7, 8};
      if (memory.write_bytes(0, numbers) != WRT_OK) return false;
      if (memory.write_bytes(to, memory.read_bytes(from, 4).value) != WRT_OK) return false;
      for (uint64_t i = 0; i < 8; i++) {
        const bool moved = i >= to && i < to + 4;
        if (memory.read_bytes(i, 1).value[0] != (moved ? from + (i - to) + 1 : i + 1)) return false;
      }
    }
  }
  return true;
}

TEST(StaticProvider, WritesItsOwnBytesOverlappingEitherWay) {
  EXPECT_TRUE(writes_its_own_bytes());
  constexpr bool kInConstantEvaluation = writes_its_own_bytes();
  EXPECT_TRUE(kInConstantEvaluation);
}

TEST(StaticProvider, TheInvariantNoticesAByteBehindTheLengthAndALengthAboveTheMaximum) {
  using Small = wrt::StaticProvider<64>;
  constexpr size_t kLenAt = 64;  // behind the bytes, and the maximum behind it
  auto made = Small::create(10, 20);
  ASSERT_TRUE(made);
  auto *inside = reinterpret_cast<uint8_t *>(&made.value);
  for (size_t at = 0; at < 64; at++) {
    inside[at] = 1;
    EXPECT_EQ(made.value.holds(), at < 10) << at;
    inside[at] = 0;
  }
  const auto flip = [inside](size_t at, uint64_t bits) {
    uint64_t word = 0;
    std::memcpy(&word, inside + at, sizeof(word));
    word ^= bits;
    std::memcpy(inside + at, &word, sizeof(word));
  };
  flip(kLenAt, 16);
  EXPECT_EQ(made.value.len(), 26U);
  EXPECT_FALSE(made.value.holds());
  flip(kLenAt, 16);
  flip(kLenAt + 8, 64);
  EXPECT_EQ(made.value.max_len(), 84U);
  EXPECT_FALSE(made.value.holds());
}

// ---- one behaviour

template <class P>
class Provider : public testing::Test {
 protected:
  static auto create(uint64_t initial_len, uint64_t max_len) { return P::create(initial_len, max_len); }
};

struct ProviderNames {
  template <class P>
  static std::string GetName(int) {
    if (std::is_same_v<P, StdProvider>) return "Std";
    return std::is_same_v<P, AllocProvider> ? "Alloc" : "Static";
  }
};
using Tiers = testing::Types<StdProvider, AllocProvider, Static>;
TYPED_TEST_SUITE(Provider, Tiers, ProviderNames);

TYPED_TEST(Provider, AnswersAndHoldsWhatAModelDoes) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 20; round++) {
    const uint64_t max_len = random() % kMax;
    const uint64_t initial_len = random() % (max_len + 1);
    auto made = TestFixture::create(initial_len, max_len);
    ASSERT_TRUE(made.ok());
    TypeParam &memory = made.value;
    std::vector<uint8_t> model(initial_len);
    for (int step = 0; step < 200; step++) {
      const uint64_t at = random() % 8 == 0 ? UINT64_MAX - random() % 5 : random() % (max_len + 10);
      const uint64_t n = random() % 300;
      const bool inside = at <= model.size() && n <= model.size() - at;
      switch (random() % 4) {
        case 0: {
          std::vector<uint8_t> bytes(n);
          for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random());
          ASSERT_EQ(memory.write_bytes(at, bytes), inside ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS);
          if (inside) std::copy(bytes.begin(), bytes.end(), model.begin() + static_cast<std::ptrdiff_t>(at));
          break;
        }
        case 1:
          ASSERT_EQ(memory.read_bytes(at, n).status, inside ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS);
          break;
        case 2: {
          const bool may = at <= max_len;
          ASSERT_EQ(memory.resize(at), may ? WRT_OK : WRT_ERR_LIMIT);
          if (may) model.resize(at);
          break;
        }
        default: {
          auto twin = memory.clone();
          ASSERT_TRUE(twin.ok());
          ASSERT_TRUE(twin.value == memory && memory == twin.value);
          ASSERT_EQ(twin.value.max_len(), memory.max_len());
          if (model.empty()) break;
          const uint8_t other[1] = {static_cast<uint8_t>(model[0] + 1)};
          ASSERT_EQ(twin.value.write_bytes(0, other), WRT_OK);
          ASSERT_FALSE(twin.value == memory) << "a clone has bytes of its own";
          break;
        }
      }
      ASSERT_TRUE(memory.holds());
      ASSERT_EQ(memory.len(), model.size());
      const auto all = memory.read_bytes(0, model.size());
      ASSERT_TRUE(all.ok());
      ASSERT_TRUE(std::equal(model.begin(), model.end(), all.value.begin(), all.value.end()));
    }
  }
}

TYPED_TEST(Provider, AnInitialLengthAboveTheMaximumIsLimit) {
  EXPECT_EQ(TestFixture::create(11, 10).status, WRT_ERR_LIMIT);
  EXPECT_EQ(TestFixture::create(0, UINT64_MAX).status, WRT_ERR_LIMIT);
  EXPECT_EQ(TestFixture::create(0, 0).status, WRT_OK);
}

TYPED_TEST(Provider, EqualityIsOfLengthAndBytes) {
  auto a = TestFixture::create(10, 100);
  auto b = TestFixture::create(10, 200);
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_TRUE(a.value == b.value);
  ASSERT_EQ(b.value.resize(11), WRT_OK);
  EXPECT_FALSE(a.value == b.value);
  ASSERT_EQ(b.value.resize(10), WRT_OK);
  const uint8_t byte[1] = {1};
  ASSERT_EQ(b.value.write_bytes(9, byte), WRT_OK);
  EXPECT_FALSE(a.value == b.value);
}

TYPED_TEST(Provider, CanBeMovedWithItsBytes) {
  auto made = TestFixture::create(5, 50);
  ASSERT_TRUE(made.ok());
  const uint8_t bytes[5] = {1, 2, 3, 4, 5};
  ASSERT_EQ(made.value.write_bytes(0, bytes), WRT_OK);
  TypeParam moved(std::move(made.value));
  EXPECT_EQ(moved.len(), 5U);
  EXPECT_EQ(moved.read_bytes(4, 1).value[0], 5);
  TypeParam other = TestFixture::create(1, 1).value;
  other = std::move(moved);
  EXPECT_EQ(other.len(), 5U);
  EXPECT_EQ(other.max_len(), 50U);
  EXPECT_TRUE(other.holds());
}

TYPED_TEST(Provider, CrossComparesWithTheOtherTiersByItsBytes) {
  auto mine = TestFixture::create(3, 3);
  auto theirs = Static::create(3, 3);
  ASSERT_TRUE(mine.ok() && theirs.ok());
  const uint8_t bytes[3] = {9, 8, 7};
  ASSERT_EQ(mine.value.write_bytes(0, bytes), WRT_OK);
  ASSERT_EQ(theirs.value.write_bytes(0, mine.value.read_bytes(0, 3).value), WRT_OK);
  EXPECT_EQ(theirs.value.read_bytes(2, 1).value[0], 7);
}

// ---- what only some have

TEST(AllocProvider, GivesEveryBlockBackAndSaysWhenItIsRefused) {
  checked_heap heap;
  heap_open(&heap);
  const wrt_allocator allocator = heap_allocator_without_reallocate(&heap);
  {
    auto made = AllocProvider::create(allocator, 100, 1000);
    ASSERT_TRUE(made.ok());
    auto twin = made.value.clone();
    ASSERT_TRUE(twin.ok());
    EXPECT_EQ(heap.live_blocks, 2U);
    heap_refuse_all(&heap);
    EXPECT_EQ(made.value.resize(500), WRT_ERR_OUT_OF_MEMORY);
    EXPECT_EQ(made.value.len(), 100U);
    EXPECT_EQ(made.value.clone().status, WRT_ERR_OUT_OF_MEMORY);
    EXPECT_EQ(AllocProvider::create(allocator, 1, 1).status, WRT_ERR_OUT_OF_MEMORY);
    heap_refuse_none(&heap);
    EXPECT_EQ(made.value.resize(500), WRT_OK);
    twin.value = std::move(made.value);
    EXPECT_EQ(twin.value.len(), 500U);
  }
  heap_check(&heap);
  EXPECT_EQ(heap.live_blocks, 0U);
  EXPECT_EQ(heap.fault, nullptr) << heap.fault;
  heap_close(&heap);
}

TEST(SourceProvider, WithoutAMemoryHasNoBytes) {
  StdProvider none;
  EXPECT_EQ(none.len(), 0U);
  EXPECT_EQ(none.max_len(), 0U);
  EXPECT_TRUE(none.holds());
  EXPECT_TRUE(none.read_bytes(0, 0).ok());
  EXPECT_EQ(none.read_bytes(0, 1).status, WRT_ERR_OUT_OF_BOUNDS);
  EXPECT_EQ(none.write_bytes(0, wrt::ByteView()), WRT_OK);
  EXPECT_EQ(none.resize(1), WRT_ERR_LIMIT);
  EXPECT_TRUE(none.clone().ok());
  EXPECT_TRUE(none == StdProvider());
}

TEST(DefaultProvider, IsTheOperatingSystemsWhereThereIsOne) {
  EXPECT_TRUE((std::is_same_v<wrt::DefaultProvider, StdProvider>));
}

}  // namespace
