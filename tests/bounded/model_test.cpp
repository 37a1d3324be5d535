// SPDX-License-Identifier: Apache-2.0 OR MIT
// Each container against its counterpart of the standard library, in random sequences, on every provider.
#include <bitset>
#include <deque>
#include <map>
#include <optional>
#include <queue>
#include <stack>
#include <string>

#include "things.hpp"

namespace {

using things::Colour;
using things::Point;
using things::Random;
using things::some;

using Static = things::OnStatic::P;

constexpr int kRounds = 3;
constexpr int kSteps = 250;
constexpr uint8_t kUntouched = 0xa5;

/// A provider with one container in the middle of it; nothing around the container may change.
template <class P, class Container>
class Place {
 public:
  Place(P provider, Random &random) : provider_(std::move(provider)), offset_(random() % 100) {
    const std::vector<uint8_t> filled(len(), kUntouched);
    EXPECT_EQ(wrt::Status(provider_.resize(len())), WRT_OK);
    EXPECT_EQ(wrt::bounded::write(provider_, 0, filled.data(), filled.size()), WRT_OK);
    auto made = Container::create(provider_, offset_);
    EXPECT_EQ(made.status(), WRT_OK);
    container = made.value();
  }
  /// Every so often the container is found again by its bytes alone.
  void maybe_open_again(Random &random) {
    if (random() % 8 != 0) return;
    auto opened = Container::open(provider_, offset_);
    ASSERT_EQ(opened.status(), WRT_OK);
    container = opened.value();
    ASSERT_EQ(container.verify(), WRT_OK);
  }
  void check_around() {
    std::vector<uint8_t> all(len());
    ASSERT_EQ(wrt::bounded::read(provider_, 0, all.data(), all.size()), WRT_OK);
    for (uint64_t i = 0; i < all.size(); i++) {
      if (i < offset_ || i >= offset_ + Container::kLen) {
        ASSERT_EQ(all[i], kUntouched) << i;
      }
    }
  }

  Container container;

 private:
  uint64_t len() const { return offset_ + Container::kLen + 50; }

  P provider_;
  uint64_t offset_;
};

template <class Container>
auto items_of(const Container &container) {
  std::vector<std::remove_cvref_t<decltype(container.front().value())>> items;
  EXPECT_EQ(container.for_each([&](const auto &item) { items.push_back(item); }), WRT_OK);
  return items;
}

template <class Container, class Model>
void same_size(const Container &container, const Model &model) {
  ASSERT_EQ(container.size().value(), model.size());
  ASSERT_EQ(container.empty().value(), model.empty());
  ASSERT_EQ(container.full().value(), model.size() == container.capacity());
}

template <class On>
class Bounded : public testing::Test {};
struct Names {
  template <class On>
  static std::string GetName(int i) {
    static const char *const names[] = {"Std",          "Alloc",   "Static",        "StdMemory",  "AllocMemory",
                                        "StaticMemory", "StdFull", "AllocSampling", "StaticFull", "StdRedundant"};
    return names[i];
  }
};
TYPED_TEST_SUITE(Bounded, things::Everywhere, Names);

// ---- std::vector

template <class P, class T, uint64_t kCapacity>
void vector_as_std(P (*make)()) {
  Random random(kCapacity);
  for (int round = 0; round < kRounds; round++) {
    Place<P, wrt::BoundedVector<T, kCapacity, P>> place(make(), random);
    std::vector<T> model;
    for (int step = 0; step < kSteps; step++) {
      auto &vector = place.container;
      const T item = some<T>(random);
      const uint64_t at = random() % 16 == 0 ? random() : random() % (kCapacity + 2);
      const auto here = model.begin() + static_cast<std::ptrdiff_t>(std::min<uint64_t>(at, model.size()));
      const bool full = model.size() == kCapacity;
      switch (random() % 9) {
        case 0:
        case 1:
          ASSERT_EQ(vector.push_back(item), full ? WRT_ERR_LIMIT : WRT_OK);
          if (!full) model.push_back(item);
          break;
        case 2: {
          const auto taken = vector.pop_back();
          ASSERT_EQ(taken.status(), model.empty() ? WRT_ERR_OUT_OF_BOUNDS : WRT_OK);
          if (model.empty()) break;
          ASSERT_EQ(taken.value(), model.back());
          model.pop_back();
          break;
        }
        case 3:
        case 4:
          ASSERT_EQ(vector.insert(at, item), at > model.size() ? WRT_ERR_OUT_OF_BOUNDS : full ? WRT_ERR_LIMIT : WRT_OK);
          if (at <= model.size() && !full) model.insert(here, item);
          break;
        case 5:
          ASSERT_EQ(vector.erase(at), at < model.size() ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS);
          if (at < model.size()) model.erase(here);
          break;
        case 6:
          ASSERT_EQ(vector.set(at, item), at < model.size() ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS);
          if (at < model.size()) *here = item;
          break;
        case 7:
          ASSERT_EQ(vector.resize(at, item), at <= kCapacity ? WRT_OK : WRT_ERR_LIMIT);
          if (at <= kCapacity) model.resize(at, item);
          break;
        default:
          if (random() % 8 != 0) break;
          ASSERT_EQ(vector.clear(), WRT_OK);
          model.clear();
      }
      ASSERT_NO_FATAL_FAILURE(place.maybe_open_again(random));
      ASSERT_NO_FATAL_FAILURE(same_size(place.container, model));
      for (uint64_t i = 0; i < model.size(); i++) ASSERT_EQ(place.container.get(i).value(), model[i]);
      ASSERT_EQ(place.container.get(model.size()).status(), WRT_ERR_OUT_OF_BOUNDS);
    }
    std::vector<T> visited;
    ASSERT_EQ(place.container.for_each([&](const T &item) { visited.push_back(item); }), WRT_OK);
    ASSERT_EQ(visited, model);
    ASSERT_NO_FATAL_FAILURE(place.check_around());
  }
}

TYPED_TEST(Bounded, VectorIsAsStdVector) {
  vector_as_std<typename TypeParam::P, Point, 9>(TypeParam::make);
  vector_as_std<typename TypeParam::P, bool, 1>(TypeParam::make);
}

// ---- std::stack

template <class P, class T, uint64_t kCapacity>
void stack_as_std(P (*make)()) {
  Random random(kCapacity);
  for (int round = 0; round < kRounds; round++) {
    Place<P, wrt::BoundedStack<T, kCapacity, P>> place(make(), random);
    std::stack<T> model;
    for (int step = 0; step < kSteps; step++) {
      auto &stack = place.container;
      const bool filling = step / 40 % 2 == 0;
      if (random() % 10 == 0) {
        ASSERT_EQ(stack.top().status(), model.empty() ? WRT_ERR_OUT_OF_BOUNDS : WRT_OK);
      } else if ((random() % 4 != 0) == filling) {
        const T item = some<T>(random);
        const bool full = model.size() == kCapacity;
        ASSERT_EQ(stack.push(item), full ? WRT_ERR_LIMIT : WRT_OK);
        if (!full) model.push(item);
      } else {
        const auto taken = stack.pop();
        ASSERT_EQ(taken.status(), model.empty() ? WRT_ERR_OUT_OF_BOUNDS : WRT_OK);
        if (!model.empty()) {
          ASSERT_EQ(taken.value(), model.top());
          model.pop();
        }
      }
      ASSERT_NO_FATAL_FAILURE(place.maybe_open_again(random));
      ASSERT_NO_FATAL_FAILURE(same_size(place.container, model));
      if (!model.empty()) {
        ASSERT_EQ(place.container.top().value(), model.top());
      }
    }
    ASSERT_NO_FATAL_FAILURE(place.check_around());
  }
}

TYPED_TEST(Bounded, StackIsAsStdStack) {
  stack_as_std<typename TypeParam::P, Point, 12>(TypeParam::make);
  stack_as_std<typename TypeParam::P, int8_t, 1>(TypeParam::make);
}

// ---- std::queue

template <class P, class T, uint64_t kCapacity>
void queue_as_std(P (*make)()) {
  Random random(kCapacity);
  for (int round = 0; round < kRounds; round++) {
    Place<P, wrt::BoundedQueue<T, kCapacity, P>> place(make(), random);
    std::queue<T> model;
    for (int step = 0; step < kSteps; step++) {
      auto &queue = place.container;
      const bool filling = step / 40 % 2 == 0;
      if ((random() % 4 != 0) == filling) {
        const T item = some<T>(random);
        const bool full = model.size() == kCapacity;
        ASSERT_EQ(queue.push(item), full ? WRT_ERR_LIMIT : WRT_OK);
        if (!full) model.push(item);
      } else {
        const auto taken = queue.pop();
        ASSERT_EQ(taken.status(), model.empty() ? WRT_ERR_OUT_OF_BOUNDS : WRT_OK);
        if (!model.empty()) {
          ASSERT_EQ(taken.value(), model.front());
          model.pop();
        }
      }
      ASSERT_NO_FATAL_FAILURE(place.maybe_open_again(random));
      ASSERT_NO_FATAL_FAILURE(same_size(place.container, model));
      const auto front = place.container.front();
      const auto back = place.container.back();
      ASSERT_EQ(front.status(), model.empty() ? WRT_ERR_OUT_OF_BOUNDS : WRT_OK);
      ASSERT_EQ(back.status(), front.status());
      if (model.empty()) continue;
      ASSERT_EQ(front.value(), model.front());
      ASSERT_EQ(back.value(), model.back());
    }
    const auto visited = items_of(place.container);
    ASSERT_EQ(visited.size(), model.size());
    for (const T &item : visited) {
      ASSERT_EQ(item, model.front());
      model.pop();
    }
    ASSERT_NO_FATAL_FAILURE(place.check_around());
  }
}

TYPED_TEST(Bounded, QueueIsAsStdQueue) {
  queue_as_std<typename TypeParam::P, Point, 9>(TypeParam::make);
  queue_as_std<typename TypeParam::P, uint32_t, 1>(TypeParam::make);
}

// ---- std::deque

template <class P, class T, uint64_t kCapacity>
void deque_as_std(P (*make)()) {
  Random random(kCapacity);
  for (int round = 0; round < kRounds; round++) {
    Place<P, wrt::BoundedDeque<T, kCapacity, P>> place(make(), random);
    std::deque<T> model;
    for (int step = 0; step < kSteps; step++) {
      auto &deque = place.container;
      const T item = some<T>(random);
      const bool full = model.size() == kCapacity;
      const uint64_t at = random() % 16 == 0 ? random() : random() % (kCapacity + 2);
      switch (random() % 7) {
        case 0:
        case 1:
          ASSERT_EQ(deque.push_back(item), full ? WRT_ERR_LIMIT : WRT_OK);
          if (!full) model.push_back(item);
          break;
        case 2:
        case 3:
          ASSERT_EQ(deque.push_front(item), full ? WRT_ERR_LIMIT : WRT_OK);
          if (!full) model.push_front(item);
          break;
        case 4: {
          const auto taken = deque.pop_back();
          ASSERT_EQ(taken.status(), model.empty() ? WRT_ERR_OUT_OF_BOUNDS : WRT_OK);
          if (model.empty()) break;
          ASSERT_EQ(taken.value(), model.back());
          model.pop_back();
          break;
        }
        case 5: {
          const auto taken = deque.pop_front();
          ASSERT_EQ(taken.status(), model.empty() ? WRT_ERR_OUT_OF_BOUNDS : WRT_OK);
          if (model.empty()) break;
          ASSERT_EQ(taken.value(), model.front());
          model.pop_front();
          break;
        }
        default:
          ASSERT_EQ(deque.set(at, item), at < model.size() ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS);
          if (at < model.size()) model[at] = item;
      }
      if (random() % 100 == 0) {
        ASSERT_EQ(place.container.clear(), WRT_OK);
        model.clear();
      }
      ASSERT_NO_FATAL_FAILURE(place.maybe_open_again(random));
      ASSERT_NO_FATAL_FAILURE(same_size(place.container, model));
      for (uint64_t i = 0; i < model.size(); i++) ASSERT_EQ(place.container.get(i).value(), model[i]);
      ASSERT_EQ(place.container.get(model.size()).status(), WRT_ERR_OUT_OF_BOUNDS);
    }
    ASSERT_EQ(items_of(place.container), std::vector<T>(model.begin(), model.end()));
    ASSERT_NO_FATAL_FAILURE(place.check_around());
  }
}

TYPED_TEST(Bounded, DequeIsAsStdDeque) {
  deque_as_std<typename TypeParam::P, Point, 11>(TypeParam::make);
  deque_as_std<typename TypeParam::P, int16_t, 1>(TypeParam::make);
}

// ---- std::map

template <class P, class Key, class Value, uint64_t kCapacity>
void map_as_std(P (*make)()) {
  Random random(kCapacity);
  for (int round = 0; round < kRounds; round++) {
    Place<P, wrt::BoundedMap<Key, Value, kCapacity, P>> place(make(), random);
    std::map<Key, Value> model;
    std::vector<Key> keys(kCapacity * 3 / 2 + 1);
    for (Key &key : keys) key = some<Key>(random);
    for (int step = 0; step < kSteps; step++) {
      auto &map = place.container;
      const Key key = keys[random() % keys.size()];
      const Value value = some<Value>(random);
      const bool there = model.count(key) != 0;
      const bool refused = !there && model.size() == kCapacity;
      switch (random() % 5) {
        case 0:
        case 1:
          ASSERT_EQ(map.put(key, value), refused ? WRT_ERR_LIMIT : WRT_OK);
          if (!refused) model[key] = value;
          break;
        case 2: {
          const auto inserted = map.insert(key, value);
          ASSERT_EQ(inserted.status(), refused ? WRT_ERR_LIMIT : WRT_OK);
          ASSERT_EQ(inserted.value(), !there && !refused);
          if (!refused) model.insert({key, value});
          break;
        }
        case 3: {
          const auto erased = map.erase(key);
          ASSERT_EQ(erased.status(), WRT_OK);
          ASSERT_EQ(erased.value(), there);
          model.erase(key);
          break;
        }
        default: {
          const auto found = map.find(key);
          ASSERT_EQ(found.status(), there ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS);
          if (there) {
            ASSERT_EQ(found.value(), model[key]);
          }
          ASSERT_EQ(map.contains(key).value(), there);
          const auto below = std::distance(model.begin(), model.lower_bound(key));
          ASSERT_EQ(map.lower_bound(key).value(), static_cast<uint64_t>(below));
        }
      }
      ASSERT_NO_FATAL_FAILURE(place.maybe_open_again(random));
      ASSERT_NO_FATAL_FAILURE(same_size(place.container, model));
      std::map<Key, Value> visited;
      std::optional<Key> before;
      ASSERT_EQ(place.container.for_each([&](const Key &k, const Value &v) {
        EXPECT_TRUE(!before || *before < k);
        before = k;
        visited[k] = v;
      }),
                WRT_OK);
      ASSERT_EQ(visited, model);
      uint64_t index = 0;
      for (const auto &[k, v] : model) {
        const auto entry = place.container.entry(index++);
        ASSERT_TRUE(entry.ok() && entry.value().key == k && entry.value().value == v);
      }
      ASSERT_EQ(place.container.entry(index).status(), WRT_ERR_OUT_OF_BOUNDS);
    }
    ASSERT_NO_FATAL_FAILURE(place.check_around());
  }
}

TYPED_TEST(Bounded, MapIsAsStdMap) {
  map_as_std<typename TypeParam::P, int32_t, Point, 24>(TypeParam::make);
  map_as_std<typename TypeParam::P, std::array<uint8_t, 3>, Colour, 1>(TypeParam::make);
}

// ---- std::string

std::string some_text(Random &random, uint64_t most) {
  std::string text(random() % (most + 1), ' ');
  for (char &c : text) c = random() % 8 == 0 ? static_cast<char>(random()) : "ab"[random() % 2];
  return text;
}

int sign(int n) { return (n > 0) - (n < 0); }

template <class P, uint64_t kCapacity>
void string_as_std(P (*make)()) {
  Random random(kCapacity);
  for (int round = 0; round < kRounds; round++) {
    Place<P, wrt::BoundedString<kCapacity, P>> place(make(), random);
    std::string model;
    for (int step = 0; step < kSteps; step++) {
      auto &string = place.container;
      const std::string text = some_text(random, random() % 8 == 0 ? kCapacity + 2 : kCapacity / 4);
      const uint64_t at = random() % 16 == 0 ? random() : random() % (kCapacity + 2);
      const uint64_t n = random() % 3 == 0 ? wrt::BoundedString<kCapacity, P>::kNowhere : random() % 5;
      const bool fits = text.size() <= kCapacity - model.size();
      switch (random() % 9) {
        case 0:
          ASSERT_EQ(string.assign(text), text.size() <= kCapacity ? WRT_OK : WRT_ERR_LIMIT);
          if (text.size() <= kCapacity) model = text;
          break;
        case 1:
        case 2:
          ASSERT_EQ(string.append(text), fits ? WRT_OK : WRT_ERR_LIMIT);
          if (fits) model += text;
          break;
        case 3:
          ASSERT_EQ(string.insert(at, text), at > model.size() ? WRT_ERR_OUT_OF_BOUNDS : fits ? WRT_OK : WRT_ERR_LIMIT);
          if (at <= model.size() && fits) model.insert(at, text);
          break;
        case 4:
          ASSERT_EQ(string.erase(at, n), at <= model.size() ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS);
          if (at <= model.size()) model.erase(at, n);
          break;
        case 5:
          ASSERT_EQ(string.push_back('z'), model.size() < kCapacity ? WRT_OK : WRT_ERR_LIMIT);
          if (model.size() < kCapacity) model.push_back('z');
          break;
        case 6: {
          const auto taken = string.pop_back();
          ASSERT_EQ(taken.status(), model.empty() ? WRT_ERR_OUT_OF_BOUNDS : WRT_OK);
          if (model.empty()) break;
          ASSERT_EQ(taken.value(), model.back());
          model.pop_back();
          break;
        }
        case 7:
          ASSERT_EQ(string.set(at, 'y'), at < model.size() ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS);
          if (at < model.size()) model[at] = 'y';
          break;
        default: {
          const std::string part = model.substr(std::min<uint64_t>(at, model.size()), random() % 4);
          for (const std::string &sought : {part, text}) {
            const uint64_t from = std::min<uint64_t>(at, SIZE_MAX);
            const auto found = string.find(sought, from);
            ASSERT_EQ(found.status(), WRT_OK);
            ASSERT_EQ(found.value(), static_cast<uint64_t>(
                                         static_cast<std::ptrdiff_t>(model.find(sought, static_cast<size_t>(from)))));
          }
        }
      }
      ASSERT_NO_FATAL_FAILURE(place.maybe_open_again(random));
      ASSERT_NO_FATAL_FAILURE(same_size(place.container, model));
      std::vector<char> buffer(model.size());
      const auto got = place.container.read(buffer.data(), buffer.size());
      ASSERT_EQ(got.status(), WRT_OK);
      ASSERT_EQ(got.value(), model);
      if (!model.empty()) {
        ASSERT_EQ(place.container.read(buffer.data(), buffer.size() - 1).status(), WRT_ERR_LIMIT);
        ASSERT_EQ(place.container.get(model.size() - 1).value(), model.back());
      }
      ASSERT_EQ(place.container.get(model.size()).status(), WRT_ERR_OUT_OF_BOUNDS);
      for (const std::string &other : {model, text, model + "a", model.substr(0, model.size() / 2)}) {
        ASSERT_EQ(place.container.equals(other).value(), model == other);
        ASSERT_EQ(sign(place.container.compare(other).value()), sign(model.compare(other)));
      }
    }
    ASSERT_NO_FATAL_FAILURE(place.check_around());
  }
}

TYPED_TEST(Bounded, StringIsAsStdString) { string_as_std<typename TypeParam::P, 200>(TypeParam::make); }

// ---- std::bitset

template <class P, uint64_t kBits>
void bits_as_std(P (*make)()) {
  Random random(kBits);
  for (int round = 0; round < kRounds; round++) {
    Place<P, wrt::BoundedBitSet<kBits, P>> place(make(), random);
    Place<Static, wrt::BoundedBitSet<kBits, Static>> other_place(things::OnStatic::make(), random);
    std::bitset<kBits> model;
    ASSERT_TRUE(place.container.none().value());
    for (int step = 0; step < kSteps; step++) {
      auto &bits = place.container;
      const uint64_t at = random() % 16 == 0 ? random() : random() % (kBits + 2);
      const wrt::Status status = at < kBits ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS;
      const uint64_t what = random() % 12;
      std::bitset<kBits> other;
      for (uint64_t i = 0; i < kBits && what >= 3 && what <= 5; i++) {
        other[i] = random() % 2 != 0;
        ASSERT_EQ(other_place.container.set(i, other[i]), WRT_OK);
      }
      switch (what) {
        case 0:
          ASSERT_EQ(bits.set_all(), WRT_OK);
          model.set();
          break;
        case 1:
          ASSERT_EQ(bits.reset_all(), WRT_OK);
          model.reset();
          break;
        case 2:
          ASSERT_EQ(bits.flip_all(), WRT_OK);
          model.flip();
          break;
        case 3:
          ASSERT_EQ(bits.and_with(other_place.container), WRT_OK);
          model &= other;
          break;
        case 4:
          ASSERT_EQ(bits.or_with(other_place.container), WRT_OK);
          model |= other;
          break;
        case 5:
          ASSERT_EQ(bits.xor_with(other_place.container), WRT_OK);
          model ^= other;
          break;
        case 6:
        case 7:
          ASSERT_EQ(bits.flip(at), status);
          if (at < kBits) model.flip(at);
          break;
        case 8:
          ASSERT_EQ(bits.reset(at), status);
          if (at < kBits) model.reset(at);
          break;
        default:
          ASSERT_EQ(bits.set(at), status);
          if (at < kBits) model.set(at);
      }
      ASSERT_NO_FATAL_FAILURE(place.maybe_open_again(random));
      const auto &now = place.container;
      ASSERT_EQ(now.verify(), WRT_OK);
      ASSERT_EQ(now.size().value(), kBits);
      ASSERT_EQ(now.count().value(), model.count());
      ASSERT_EQ(now.any().value(), model.any());
      ASSERT_EQ(now.none().value(), model.none());
      ASSERT_EQ(now.all().value(), model.all());
      std::bitset<kBits> visited;
      ASSERT_EQ(now.for_each([&](uint64_t one) { visited.set(one); }), WRT_OK);
      ASSERT_EQ(visited, model);
      for (uint64_t i = 0; i < kBits; i += 1 + random() % (kBits / 64 + 1)) {
        ASSERT_EQ(now.test(i).value(), model.test(i));
      }
      ASSERT_EQ(now.test(kBits).status(), WRT_ERR_OUT_OF_BOUNDS);
    }
    ASSERT_NO_FATAL_FAILURE(place.check_around());
  }
}

TYPED_TEST(Bounded, BitSetIsAsStdBitset) {
  bits_as_std<typename TypeParam::P, 77>(TypeParam::make);
  bits_as_std<typename TypeParam::P, 64>(TypeParam::make);
}

TEST(BitSet, SpansSeveralChunks) { bits_as_std<Static, 1301>(things::OnStatic::make); }

// ---- what all have in common

TYPED_TEST(Bounded, ForEachStopsWhereItIsTold) {
  Random random(3);
  using P = typename TypeParam::P;
  Place<P, wrt::BoundedDeque<int, 5, P>> place(TypeParam::make(), random);
  for (int i = 0; i < 5; i++) ASSERT_EQ(place.container.push_front(i), WRT_OK);
  int visited = 0;
  ASSERT_EQ(place.container.for_each([&](int item) {
    visited++;
    return item != 3;
  }),
            WRT_OK);
  EXPECT_EQ(visited, 2);
  Place<P, wrt::BoundedBitSet<90, P>> bits(TypeParam::make(), random);
  ASSERT_EQ(bits.container.set_all(), WRT_OK);
  visited = 0;
  ASSERT_EQ(bits.container.for_each([&](uint64_t) { return ++visited < 70; }), WRT_OK);
  EXPECT_EQ(visited, 70);
}

TYPED_TEST(Bounded, CreateGrowsAProviderThatIsTooShort) {
  auto provider = TypeParam::make();
  using Vector = wrt::BoundedVector<uint16_t, 10, typename TypeParam::P>;
  static_assert(Vector::kLen == 32 + 20);
  ASSERT_EQ(Vector::create(provider, 100).status(), WRT_OK);
  EXPECT_EQ(wrt::bounded::len_of(provider).value(), 152U);
  ASSERT_EQ(Vector::create(provider, 10).status(), WRT_OK);
  EXPECT_EQ(wrt::bounded::len_of(provider).value(), 152U);
  volatile uint64_t behind = things::kRoom;  // gcc would take a constant for an overrun that cannot be
  EXPECT_EQ(Vector::create(provider, behind).status(), WRT_ERR_LIMIT);
  for (uint64_t less = 0; less < 60; less++) {
    EXPECT_EQ(Vector::create(provider, UINT64_MAX - less).status(), WRT_ERR_LIMIT);
  }
  EXPECT_EQ(wrt::bounded::len_of(provider).value(), 152U);
}

TYPED_TEST(Bounded, OpenFindsWhatIsThereAndNothingElse) {
  using P = typename TypeParam::P;
  auto provider = TypeParam::make();
  auto made = wrt::BoundedVector<uint16_t, 10, P>::create(provider, 8);
  ASSERT_EQ(made.status(), WRT_OK);
  ASSERT_EQ(made.value().push_back(77), WRT_OK);

  const auto again = wrt::BoundedVector<uint16_t, 10, P>::open(provider, 8);
  ASSERT_EQ(again.status(), WRT_OK);
  EXPECT_EQ(again.value().get(0).value(), 77);
  ASSERT_EQ(made.value().push_back(78), WRT_OK);
  EXPECT_EQ(again.value().get(1).value(), 78) << "two handles, one container";

  EXPECT_EQ((wrt::BoundedVector<uint32_t, 10, P>::open(provider, 8).status()), WRT_ERR_OUT_OF_BOUNDS);
  EXPECT_EQ((wrt::BoundedVector<uint16_t, 11, P>::open(provider, 8).status()), WRT_ERR_OUT_OF_BOUNDS);
  ASSERT_EQ(wrt::Status(provider.resize(1000)), WRT_OK);
  EXPECT_EQ((wrt::BoundedVector<uint32_t, 10, P>::open(provider, 8).status()), WRT_ERR_CORRUPT) << "another item";
  EXPECT_EQ((wrt::BoundedVector<uint16_t, 11, P>::open(provider, 8).status()), WRT_ERR_CORRUPT) << "another capacity";
  EXPECT_EQ((wrt::BoundedStack<uint16_t, 10, P>::open(provider, 8).status()), WRT_ERR_CORRUPT) << "another kind";
  EXPECT_EQ((wrt::BoundedVector<uint16_t, 10, P>::open(provider, 9).status()), WRT_ERR_CORRUPT) << "another place";
  for (uint64_t offset : {uint64_t{949}, uint64_t{1000}, uint64_t{1001}, UINT64_MAX - 51, UINT64_MAX}) {
    EXPECT_EQ((wrt::BoundedVector<uint16_t, 10, P>::open(provider, offset).status()), WRT_ERR_OUT_OF_BOUNDS);
  }
}

TYPED_TEST(Bounded, OfAProviderThatBecameTooShortSaysOutOfBounds) {
  using P = typename TypeParam::P;
  auto provider = TypeParam::make();
  auto vector = wrt::BoundedVector<uint64_t, 4, P>::create(provider).value();
  for (uint64_t i = 0; i < 3; i++) ASSERT_EQ(vector.push_back(i), WRT_OK);
  ASSERT_EQ(wrt::Status(provider.resize(32 + 2 * 8)), WRT_OK);
  EXPECT_EQ(vector.get(1).value(), 1U);
  EXPECT_EQ(vector.get(2).status(), WRT_ERR_OUT_OF_BOUNDS);
  EXPECT_EQ(vector.push_back(9), WRT_ERR_OUT_OF_BOUNDS);
  EXPECT_EQ(vector.verify(), WRT_ERR_OUT_OF_BOUNDS);
  EXPECT_EQ(vector.size().value(), 3U);
  ASSERT_EQ(wrt::Status(provider.resize(31)), WRT_OK);
  EXPECT_EQ(vector.size().status(), WRT_ERR_OUT_OF_BOUNDS);
}

TYPED_TEST(Bounded, ACloneOfTheBytesHoldsTheSameItems) {
  using P = typename TypeParam::P;
  auto provider = TypeParam::make();
  auto map = wrt::BoundedMap<int, int, 9, P>::create(provider).value();
  for (int i = 0; i < 9; i++) ASSERT_EQ(map.put(i * 7 % 9, i), WRT_OK);
  auto cloned = provider.clone();
  ASSERT_TRUE(cloned.ok());
  P twin = [&] {
    if constexpr (std::is_same_v<P, wrt::Memory>) {
      return std::move(cloned).value();
    } else {
      return std::move(cloned.value);
    }
  }();
  auto same = wrt::BoundedMap<int, int, 9, P>::open(twin);
  ASSERT_EQ(same.status(), WRT_OK);
  for (int i = 0; i < 9; i++) ASSERT_EQ(same.value().find(i * 7 % 9).value(), i);
  ASSERT_EQ(same.value().put(0, -1), WRT_OK);
  EXPECT_EQ(map.find(0).value(), 0) << "the clone has items of its own";
}

TEST(Layout, IsTheSameOnEveryMachine) {
  auto provider = things::OnStatic::make();
  using P = things::OnStatic::P;
  auto deque = wrt::BoundedDeque<uint16_t, 3, P>::create(provider).value();
  ASSERT_EQ(deque.push_front(0x0102), WRT_OK);
  ASSERT_EQ(deque.push_back(0x0304), WRT_OK);
  auto map = wrt::BoundedMap<uint8_t, uint16_t, 2, P>::create(provider, 38).value();
  ASSERT_EQ(map.put(9, 0x0506), WRT_OK);
  ASSERT_EQ(map.put(8, 0x0708), WRT_OK);
  const uint8_t wanted[] = {'W', 'B', 'D', '1', 2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0,
                            0,   0,   0,   0,   0, 2, 0, 0, 0, 0, 0, 0, 0, 4, 3, 0, 0, 2, 1,
                            'W', 'B', 'M', '1', 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0,
                            0,   0,   0,   0,   0, 1, 0, 0, 0, 0, 0, 0, 0, 8, 8, 7, 9, 6, 5};
  const auto all = provider.read_bytes(0, provider.len());
  ASSERT_EQ(all.value.size(), sizeof wanted);
  for (size_t i = 0; i < sizeof wanted; i++) EXPECT_EQ(all.value[i], wanted[i]) << i;

  auto bits = wrt::BoundedBitSet<11, P>::create(provider).value();
  ASSERT_EQ(bits.set(1), WRT_OK);
  ASSERT_EQ(bits.set(10), WRT_OK);
  const uint8_t wanted_bits[] = {'W', 'B', 'B', '1', 0, 0, 0, 0, 11, 0, 0, 0, 0, 0, 0, 0, 11,
                                 0,   0,   0,   0,   0, 0, 0, 0, 0,  0, 0, 0, 0, 0, 0, 2, 4};
  for (size_t i = 0; i < sizeof wanted_bits; i++) EXPECT_EQ(provider.read_bytes(i, 1).value[0], wanted_bits[i]) << i;
}

}  // namespace
