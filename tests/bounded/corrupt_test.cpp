// SPDX-License-Identifier: Apache-2.0 OR MIT
// Heads and items that something else has overwritten, memories that fail inside a call, and the levels of a memory
// over a container's bytes.
#include <cstring>
#include <functional>
#include <string>

#include "things.hpp"

namespace {

using things::Random;
using things::Watched;

constexpr uint64_t kOffset = 40;
constexpr uint64_t kBehind = 64;

using Vector = wrt::BoundedVector<bool, 9, Watched>;
using Stack = wrt::BoundedStack<int32_t, 9, Watched>;
using Queue = wrt::BoundedQueue<int16_t, 9, Watched>;
using Deque = wrt::BoundedDeque<things::Point, 9, Watched>;
using Map = wrt::BoundedMap<uint8_t, bool, 9, Watched>;
using String = wrt::BoundedString<90, Watched>;
using Bits = wrt::BoundedBitSet<90, Watched>;

/// Calls with a name, so that a failure says which.
template <class C>
struct Call {
  const char *name;
  std::function<wrt::Status(C &)> run;
};

// What only reads stands first.
template <class C>
std::vector<Call<C>> calls_that_all_have() {
  return {{"size", [](C &c) { return c.size().status(); }},
          {"verify", [](C &c) { return c.verify(); }},
          {"for_each", [](C &c) { return c.for_each([](const auto &...) {}); }}};
}
template <class C>
std::vector<Call<C>> with(std::vector<Call<C>> more) {
  auto calls = calls_that_all_have<C>();
  calls.insert(calls.end(), more.begin(), more.end());
  return calls;
}
template <class C>
std::vector<Call<C>> with_clear(std::vector<Call<C>> more) {
  more.push_back({"empty", [](C &c) { return c.empty().status(); }});
  more.push_back({"full", [](C &c) { return c.full().status(); }});
  more.push_back({"clear", [](C &c) { return c.clear(); }});
  return with<C>(more);
}

template <class C>
std::vector<Call<C>> calls();
template <>
std::vector<Call<Vector>> calls() {
  using C = Vector;
  return with_clear<C>({{"get", [](C &c) { return c.get(1).status(); }},
                        {"set", [](C &c) { return c.set(1, true); }},
                        {"push_back", [](C &c) { return c.push_back(true); }},
                        {"pop_back", [](C &c) { return c.pop_back().status(); }},
                        {"insert", [](C &c) { return c.insert(1, true); }},
                        {"erase", [](C &c) { return c.erase(1); }},
                        {"resize", [](C &c) { return c.resize(8); }}});
}
template <>
std::vector<Call<Stack>> calls() {
  using C = Stack;
  return with_clear<C>({{"push", [](C &c) { return c.push(1); }},
                        {"pop", [](C &c) { return c.pop().status(); }},
                        {"top", [](C &c) { return c.top().status(); }}});
}
template <>
std::vector<Call<Queue>> calls() {
  using C = Queue;
  return with_clear<C>({{"push", [](C &c) { return c.push(1); }},
                        {"pop", [](C &c) { return c.pop().status(); }},
                        {"front", [](C &c) { return c.front().status(); }},
                        {"back", [](C &c) { return c.back().status(); }}});
}
template <>
std::vector<Call<Deque>> calls() {
  using C = Deque;
  return with_clear<C>({{"push_back", [](C &c) { return c.push_back({}); }},
                        {"push_front", [](C &c) { return c.push_front({}); }},
                        {"pop_back", [](C &c) { return c.pop_back().status(); }},
                        {"pop_front", [](C &c) { return c.pop_front().status(); }},
                        {"front", [](C &c) { return c.front().status(); }},
                        {"back", [](C &c) { return c.back().status(); }},
                        {"get", [](C &c) { return c.get(1).status(); }},
                        {"set", [](C &c) { return c.set(1, {}); }}});
}
template <>
std::vector<Call<Map>> calls() {
  using C = Map;
  return with_clear<C>({{"find", [](C &c) { return c.find(2).status(); }},
                        {"contains", [](C &c) { return c.contains(2).status(); }},
                        {"put", [](C &c) { return c.put(2, true); }},
                        {"put anew", [](C &c) { return c.put(3, true); }},
                        {"insert", [](C &c) { return c.insert(1, true).status(); }},
                        {"erase", [](C &c) { return c.erase(2).status(); }},
                        {"lower_bound", [](C &c) { return c.lower_bound(5).status(); }},
                        {"entry", [](C &c) { return c.entry(1).status(); }}});
}
template <>
std::vector<Call<String>> calls() {
  using C = String;
  return with_clear<C>({{"get", [](C &c) { return c.get(1).status(); }},
                        {"set", [](C &c) { return c.set(1, 'x'); }},
                        {"push_back", [](C &c) { return c.push_back('x'); }},
                        {"pop_back", [](C &c) { return c.pop_back().status(); }},
                        {"assign", [](C &c) { return c.assign("text"); }},
                        {"append", [](C &c) { return c.append("text"); }},
                        {"insert", [](C &c) { return c.insert(1, "text"); }},
                        {"erase", [](C &c) { return c.erase(1, 2); }},
                        {"read",
                         [](C &c) {
                           char buffer[90];
                           return c.read(buffer, sizeof buffer).status();
                         }},
                        {"compare", [](C &c) { return c.compare("text").status(); }},
                        {"equals", [](C &c) { return c.equals("texts").status(); }},
                        {"find", [](C &c) { return c.find("xt").status(); }}});
}
template <>
std::vector<Call<Bits>> calls() {
  using C = Bits;
  return with<C>({{"test", [](C &c) { return c.test(1).status(); }},
                  {"set", [](C &c) { return c.set(1); }},
                  {"reset", [](C &c) { return c.reset(1); }},
                  {"flip", [](C &c) { return c.flip(1); }},
                  {"set_all", [](C &c) { return c.set_all(); }},
                  {"reset_all", [](C &c) { return c.reset_all(); }},
                  {"flip_all", [](C &c) { return c.flip_all(); }},
                  {"xor_with", [](C &c) { return c.xor_with(c); }},
                  {"count", [](C &c) { return c.count().status(); }},
                  {"any", [](C &c) { return c.any().status(); }},
                  {"none", [](C &c) { return c.none().status(); }},
                  {"all", [](C &c) { return c.all().status(); }}});
}

void fill(Vector &c) {
  for (int i = 0; i < 5; i++) ASSERT_EQ(c.push_back(i % 2 == 0), WRT_OK);
}
void fill(Stack &c) {
  for (int i = 0; i < 5; i++) ASSERT_EQ(c.push(i), WRT_OK);
}
void fill(Queue &c) {
  for (int16_t i = 0; i < 9; i++) ASSERT_EQ(c.push(i), WRT_OK);
  for (int i = 0; i < 7; i++) ASSERT_EQ(c.pop().status(), WRT_OK);
  for (int16_t i = 0; i < 3; i++) ASSERT_EQ(c.push(i), WRT_OK);
}
void fill(Deque &c) {
  for (int i = 0; i < 5; i++) ASSERT_EQ(c.push_front({i, things::Colour::kRed, true, {}}), WRT_OK);
}
void fill(Map &c) {
  for (uint8_t i = 0; i < 5; i++) ASSERT_EQ(c.put(static_cast<uint8_t>(2 * i), true), WRT_OK);
}
void fill(String &c) { ASSERT_EQ(c.assign("a text"), WRT_OK); }
void fill(Bits &c) { ASSERT_EQ(c.set(89), WRT_OK); }

/// A container in the middle of a watched memory.
template <class C>
struct Place {
  Place() : memory(kOffset + C::kLen + kBehind), container(C::create(memory, kOffset).value()) { fill(container); }

  void watch() {
    memory.lowest = UINT64_MAX;
    memory.highest = 0;
  }
  void check_inside() const {
    ASSERT_TRUE(memory.lowest >= kOffset);
    ASSERT_TRUE(memory.highest <= kOffset + C::kLen);
  }

  Watched memory;
  C container;
};

template <class C>
class Corrupt : public testing::Test {};
struct Names {
  template <class C>
  static std::string GetName(int i) {
    static const char *const names[] = {"Vector", "Stack", "Queue", "Deque", "Map", "String", "Bits"};
    return names[i];
  }
};
using All = testing::Types<Vector, Stack, Queue, Deque, Map, String, Bits>;
TYPED_TEST_SUITE(Corrupt, All, Names);

// The first 16 bytes are fixed by the type; what the others may be, depends on it.
TYPED_TEST(Corrupt, AHeadOfAnotherShapeIsCorruptToEveryCall) {
  for (uint64_t bit = 0; bit < 128; bit++) {
    for (const auto &call : calls<TypeParam>()) {
      Place<TypeParam> place;
      place.memory.bytes[kOffset + bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
      const auto before = place.memory.bytes;
      place.watch();
      ASSERT_EQ(call.run(place.container), WRT_ERR_CORRUPT) << call.name << ", bit " << bit;
      ASSERT_EQ(TypeParam::open(place.memory, kOffset).status(), WRT_ERR_CORRUPT) << bit;
      ASSERT_NO_FATAL_FAILURE(place.check_inside());
      ASSERT_TRUE(place.memory.bytes == before) << call.name;
    }
  }
}

TYPED_TEST(Corrupt, ASizeAboveTheCapacityIsCorruptToEveryCall) {
  Random random(5);
  const uint64_t capacity = TypeParam::capacity();
  for (uint64_t size : {capacity + 1, capacity + 2, uint64_t{1} << 32, uint64_t{1} << 63, UINT64_MAX, random()}) {
    for (const auto &call : calls<TypeParam>()) {
      Place<TypeParam> place;
      wrt::Codec<uint64_t>::encode(size, place.memory.bytes.data() + kOffset + 16);
      const auto before = place.memory.bytes;
      ASSERT_EQ(call.run(place.container), WRT_ERR_CORRUPT) << call.name << ", size " << size;
      ASSERT_TRUE(place.memory.bytes == before) << call.name;
    }
  }
}

TYPED_TEST(Corrupt, ALastWordThatCannotBeIsCorruptToEveryCall) {
  constexpr bool kIsRing = std::is_same_v<TypeParam, Queue> || std::is_same_v<TypeParam, Deque>;
  for (uint64_t word : {uint64_t{9}, uint64_t{10}, uint64_t{1} << 40, UINT64_MAX, UINT64_MAX - 8, uint64_t{2}}) {
    if (kIsRing && word < 9) continue;
    for (const auto &call : calls<TypeParam>()) {
      Place<TypeParam> place;
      wrt::Codec<uint64_t>::encode(word, place.memory.bytes.data() + kOffset + 24);
      ASSERT_EQ(call.run(place.container), WRT_ERR_CORRUPT) << call.name << ", word " << word;
    }
  }
}

TYPED_TEST(Corrupt, WhateverTheBytesAreNoAccessIsOutside) {
  Random random(6);
  const auto all = calls<TypeParam>();
  int good = 0;
  for (int round = 0; round < 3000; round++) {
    Place<TypeParam> place;
    uint8_t *bytes = place.memory.bytes.data() + kOffset;
    const uint64_t from = random() % 2 == 0 ? 16 : 24;
    for (uint64_t i = from; i < TypeParam::kLen; i++) {
      if (random() % 4 == 0) bytes[i] = static_cast<uint8_t>(random() % 3 == 0 ? random() : random() % 12);
    }
    if (random() % 2 == 0) std::memset(bytes + 17, 0, 7);
    if (random() % 2 == 0) std::memset(bytes + 25, 0, 7);
    place.watch();
    for (int step = 0; step < 20; step++) {
      const auto &call = all[random() % all.size()];
      const wrt::Status status = call.run(place.container);
      ASSERT_TRUE(status.ok() || status == WRT_ERR_CORRUPT || status == WRT_ERR_LIMIT ||
                  status == WRT_ERR_OUT_OF_BOUNDS)
          << call.name << ": " << status.name();
      good += status.ok();
    }
    ASSERT_NO_FATAL_FAILURE(place.check_inside());
    for (uint64_t i = 0; i < kOffset; i++) ASSERT_EQ(place.memory.bytes[i], 0xa5);
    for (uint64_t i = kOffset + TypeParam::kLen; i < place.memory.bytes.size(); i++) {
      ASSERT_EQ(place.memory.bytes[i], 0xa5);
    }
  }
  EXPECT_GT(good, 1000) << "most bytes are good enough for some calls";
}

// Each access of each call is refused in turn. A call may have moved items by then, but never the head.
TYPED_TEST(Corrupt, AMemoryThatFailsInsideACallIsTheAnswerAndTheHeadStays) {
  for (const auto &call : calls<TypeParam>()) {
    Place<TypeParam> whole;
    whole.memory.accesses = 0;
    const wrt::Status wanted = call.run(whole.container);
    const uint64_t accesses = whole.memory.accesses;
    ASSERT_TRUE(wanted.ok()) << call.name << ": " << wanted.name();
    ASSERT_GT(accesses, 0U) << call.name;
    for (uint64_t refused = 0; refused < accesses; refused++) {
      Place<TypeParam> place;
      const auto before = place.memory.bytes;
      place.memory.accesses = 0;
      place.memory.refused_access = refused;
      place.memory.refusal = WRT_ERR_BUSY;
      ASSERT_EQ(call.run(place.container), WRT_ERR_BUSY) << call.name << ", access " << refused;
      ASSERT_EQ(std::memcmp(place.memory.bytes.data(), before.data(), kOffset + 32), 0) << call.name;
      if (refused == 0) {
        ASSERT_TRUE(place.memory.bytes == before) << call.name;
      }
      ASSERT_TRUE(call.run(place.container).ok()) << call.name << " again";
    }
  }
}

TYPED_TEST(Corrupt, AHandleOfNothingSaysSo) {
  TypeParam nothing;
  for (const auto &call : calls<TypeParam>()) EXPECT_EQ(call.run(nothing), WRT_ERR_INVALID_HANDLE) << call.name;
  Watched memory(0);
  memory.accesses = 0;
  memory.refused_access = 0;
  auto refused = TypeParam::create(memory);
  EXPECT_EQ(refused.status(), WRT_ERR_CORRUPT);
  EXPECT_EQ(refused.value().size().status(), WRT_ERR_INVALID_HANDLE) << "what failed gives a handle of nothing";
}

// ---- items

TEST(CorruptItem, OfAVectorIsFoundWhereItIsReadAndByVerify) {
  Place<Vector> place;
  place.memory.bytes[kOffset + 32 + 2] = 2;  // no bool
  EXPECT_EQ(place.container.get(1).status(), WRT_OK);
  EXPECT_EQ(place.container.get(2).status(), WRT_ERR_CORRUPT);
  EXPECT_EQ(place.container.verify(), WRT_ERR_CORRUPT);
  EXPECT_EQ(place.container.set(2, true), WRT_OK);
  EXPECT_EQ(place.container.verify(), WRT_OK);
  place.memory.bytes[kOffset + 32 + 4] = 0xff;
  EXPECT_EQ(place.container.pop_back().status(), WRT_ERR_CORRUPT);
  EXPECT_EQ(place.container.size().value(), 5U) << "nothing was taken";
}

TEST(CorruptItem, KeysOutOfOrderAreFoundByVerify) {
  Place<Map> place;
  EXPECT_EQ(place.container.verify(), WRT_OK);
  std::swap(place.memory.bytes[kOffset + 32 + 2], place.memory.bytes[kOffset + 32 + 4]);
  EXPECT_EQ(place.container.verify(), WRT_ERR_CORRUPT);
  place.memory.bytes[kOffset + 32 + 2] = place.memory.bytes[kOffset + 32 + 4];
  EXPECT_EQ(place.container.verify(), WRT_ERR_CORRUPT) << "a key twice";
}

TEST(CorruptItem, BitsBehindTheLastAreFoundByVerifyAndCountForNothing) {
  Place<Bits> place;
  EXPECT_EQ(place.container.verify(), WRT_OK);
  for (int bit = 90 % 8; bit < 8; bit++) {
    place.memory.bytes[kOffset + 32 + 11] = static_cast<uint8_t>(1 << bit | 2);
    EXPECT_EQ(place.container.verify(), WRT_ERR_CORRUPT);
    EXPECT_EQ(place.container.count().value(), 1U);
    EXPECT_EQ(place.container.for_each([](uint64_t one) { EXPECT_EQ(one, 89U); }), WRT_OK);
  }
  EXPECT_EQ(place.container.flip_all(), WRT_OK);
  EXPECT_EQ(place.container.verify(), WRT_OK);
  EXPECT_EQ(place.container.count().value(), 89U);
}

// ---- a memory's levels

using Guarded = wrt::BoundedMap<uint32_t, uint32_t, 20, wrt::Memory>;

struct Tiered {
  wrt::Memory memory;
  uint8_t *stray;  // left behind by a borrow that ended
};

Tiered make(wrt::Tier tier, wrt::Verify level) {
  auto made =
      wrt::Memory::create(wrt::MemoryConfig().tier(tier).max_len(4096).initial_len(1024).verify(level).stable());
  EXPECT_EQ(made.status(), WRT_OK);
  Tiered tiered{std::move(made).value(), nullptr};
  auto lent = tiered.memory.borrow_read(0, 1024);
  EXPECT_EQ(lent.status(), WRT_OK);
  tiered.stray = const_cast<uint8_t *>(lent.value().data());
  return tiered;
}

TEST(Levels, FullFindsAStrayWriteIntoAnyByteOfAContainer) {
  for (const wrt::Tier tier : {wrt::Tier::kStd, wrt::Tier::kAlloc, wrt::Tier::kStatic}) {
    Tiered tiered = make(tier, wrt::Verify::kFull);
    auto map = Guarded::create(tiered.memory, 64).value();
    for (uint32_t i = 0; i < 20; i++) ASSERT_EQ(map.put(i, i), WRT_OK);
    for (uint64_t at = 64; at < 64 + Guarded::kLen; at++) {
      tiered.stray[at] ^= 0x10;
      ASSERT_EQ(map.verify(), WRT_ERR_CORRUPT) << at;
      tiered.stray[at] ^= 0x10;
      ASSERT_EQ(map.verify(), WRT_OK);
    }
  }
}

TEST(Levels, RedundantMendsAStrayWriteIntoAnyByteOfAContainer) {
  for (const wrt::Tier tier : {wrt::Tier::kStd, wrt::Tier::kAlloc, wrt::Tier::kStatic}) {
    Tiered tiered = make(tier, wrt::Verify::kRedundant);
    auto map = Guarded::create(tiered.memory, 64).value();
    for (uint32_t i = 0; i < 20; i++) ASSERT_EQ(map.put(i, i * i), WRT_OK);
    for (uint64_t at = 64; at < 64 + Guarded::kLen; at++) {
      const uint8_t was = tiered.stray[at];
      tiered.stray[at] = static_cast<uint8_t>(~was);
      ASSERT_EQ(map.verify(), WRT_OK) << at;
      ASSERT_EQ(tiered.stray[at], was) << at;
    }
    for (uint32_t i = 0; i < 20; i++) ASSERT_EQ(map.find(i).value(), i * i);
  }
}

TEST(Levels, AMemoryThatIsDestroyedIsAnInvalidHandle) {
  wrt::Memory memory = make(wrt::Tier::kStd, wrt::Verify::kBasic).memory;
  auto map = Guarded::create(memory).value();
  ASSERT_EQ(memory.destroy(), WRT_OK);
  EXPECT_EQ(map.put(1, 1), WRT_ERR_INVALID_HANDLE);
  EXPECT_EQ(map.size().status(), WRT_ERR_INVALID_HANDLE);
  EXPECT_EQ(Guarded::create(memory).status(), WRT_ERR_INVALID_HANDLE);
  EXPECT_EQ(Guarded::open(memory).status(), WRT_ERR_INVALID_HANDLE);
}

TEST(Levels, AMemoryOfPagesWantsWholeOnes) {
  auto memory = wrt::Memory::create(wrt::MemoryConfig().wasm_pages(0, 2));
  ASSERT_EQ(memory.status(), WRT_OK);
  EXPECT_EQ(Guarded::create(memory.value()).status(), WRT_ERR_MISALIGNED);
  ASSERT_EQ(memory.value().grow(1).status(), WRT_OK);
  EXPECT_EQ(Guarded::create(memory.value()).status(), WRT_OK);
}

}  // namespace
