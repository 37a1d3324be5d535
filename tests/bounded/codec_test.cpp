// SPDX-License-Identifier: Apache-2.0 OR MIT
// How items become bytes: the same on every machine, and back; and the containers in constant expressions.
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "things.hpp"

namespace {

using things::Colour;
using things::Point;

enum Loose { kOnlyOne };
struct Unknown {};
static_assert(wrt::Encodable<int8_t> && wrt::Encodable<unsigned long long> && wrt::Encodable<char>);
static_assert(wrt::Encodable<bool> && wrt::Encodable<float> && wrt::Encodable<Colour> && wrt::Encodable<Point>);
static_assert(wrt::Encodable<std::array<std::array<Point, 2>, 3>>);
static_assert(!wrt::Encodable<Loose>, "not each of its numbers is one of it");
static_assert(!wrt::Encodable<Unknown> && !wrt::Encodable<int *> && !wrt::Encodable<std::array<int, 0>>);
static_assert(!wrt::Encodable<long double> && !wrt::Encodable<const int>);

template <class T>
std::vector<int> bytes_of(const T &item) {
  uint8_t raw[wrt::Codec<T>::kLen];
  wrt::Codec<T>::encode(item, raw);
  return {raw, raw + sizeof raw};
}

template <class T>
bool comes_back(const T &item) {
  uint8_t raw[wrt::Codec<T>::kLen];
  wrt::Codec<T>::encode(item, raw);
  T back{};
  return wrt::Codec<T>::decode(raw, back) && back == item;
}

TEST(Codec, WritesIntegersLittleEndianInTwosComplement) {
  EXPECT_EQ(bytes_of(uint32_t{0x01020304}), (std::vector{4, 3, 2, 1}));
  EXPECT_EQ(bytes_of(int16_t{-2}), (std::vector{0xfe, 0xff}));
  EXPECT_EQ(bytes_of(uint64_t{0x8000000000000001}), (std::vector{1, 0, 0, 0, 0, 0, 0, 0x80}));
  EXPECT_EQ(bytes_of('a'), (std::vector{0x61}));
  EXPECT_EQ(bytes_of(Colour::kGreen), (std::vector{0x34, 0x12}));
}

TEST(Codec, WritesTheBitsOfFloatingPointLittleEndian) {
  EXPECT_EQ(bytes_of(1.0F), (std::vector{0, 0, 0x80, 0x3f}));
  EXPECT_EQ(bytes_of(-2.0), (std::vector{0, 0, 0, 0, 0, 0, 0, 0xc0}));
}

TEST(Codec, WritesFieldsAndElementsOneBehindTheOtherWithoutPadding) {
  const Point point{-1, Colour::kGreen, true, {1, -2}};
  EXPECT_EQ(bytes_of(point), (std::vector{0xff, 0xff, 0xff, 0xff, 0x34, 0x12, 1, 0, 0, 0, 0,   0,
                                          0,    0xf0, 0x3f, 0,    0,    0,    0, 0, 0, 0, 0xc0}));
  EXPECT_EQ(bytes_of(std::array<uint16_t, 2>{1, 0x203}), (std::vector{1, 0, 3, 2}));
}

TEST(Codec, GivesBackWhatItWasGiven) {
  things::Random random(1);
  for (int i = 0; i < 1000; i++) {
    ASSERT_TRUE(comes_back(things::some<int8_t>(random)));
    ASSERT_TRUE(comes_back(things::some<uint16_t>(random)));
    ASSERT_TRUE(comes_back(things::some<int32_t>(random)));
    ASSERT_TRUE(comes_back(things::some<int64_t>(random)));
    ASSERT_TRUE(comes_back(things::some<bool>(random)));
    ASSERT_TRUE(comes_back(things::some<double>(random)));
    ASSERT_TRUE(comes_back(things::some<Point>(random)));
    ASSERT_TRUE(comes_back(things::some<std::array<Point, 2>>(random)));
  }
  for (const double special : {0.0, -0.0, std::numeric_limits<double>::infinity(), 5e-324}) {
    ASSERT_TRUE(comes_back(special));
  }
}

TEST(Codec, KeepsTheBitsOfNotANumberAndTheSignOfZero) {
  const uint64_t bits = 0x7ff8000000abcdef;
  double nan = 0;
  std::memcpy(&nan, &bits, sizeof nan);
  uint8_t raw[8];
  wrt::Codec<double>::encode(nan, raw);
  double back = 0;
  ASSERT_TRUE(wrt::Codec<double>::decode(raw, back));
  EXPECT_EQ(std::memcmp(&back, &bits, sizeof bits), 0);
  wrt::Codec<double>::encode(-0.0, raw);
  ASSERT_TRUE(wrt::Codec<double>::decode(raw, back));
  EXPECT_TRUE(std::signbit(back));
}

TEST(Codec, TakesNoOtherByteThan0And1ForABool) {
  for (int byte = 0; byte < 256; byte++) {
    const auto raw = static_cast<uint8_t>(byte);
    bool value = false;
    ASSERT_EQ(wrt::Codec<bool>::decode(&raw, value), byte < 2);
    if (byte < 2) {
      ASSERT_EQ(value, byte == 1);
    }
  }
}

TEST(Codec, TakesAStructOrArrayOnlyIfAllOfItIsGood) {
  uint8_t raw[wrt::Codec<Point>::kLen] = {};
  Point point;
  EXPECT_TRUE(wrt::Codec<Point>::decode(raw, point));
  raw[6] = 7;  // the bool
  EXPECT_FALSE(wrt::Codec<Point>::decode(raw, point));
  const uint8_t bools[3] = {1, 0, 3};
  std::array<bool, 3> three{};
  EXPECT_FALSE((wrt::Codec<std::array<bool, 3>>::decode(bools, three)));
}

// ---- constant expressions, in which undefined behaviour does not compile

using Constant = wrt::StaticProvider<512>;

constexpr bool row_at_compile_time() {
  Constant provider = Constant::create(0).value;
  auto made = wrt::BoundedVector<Point, 3, Constant>::create(provider, 7);
  if (!made.ok() || provider.len() != 7 + made.value().kLen) return false;
  auto &vector = made.value();
  for (int32_t x : {1, 3}) {
    if (!vector.push_back({x, Colour::kRed, true, {}}).ok()) return false;
  }
  if (!vector.insert(1, {2, Colour::kGreen, false, {0.5, 1}}).ok()) return false;
  if (vector.push_back({}) != WRT_ERR_LIMIT || vector.get(3).status() != WRT_ERR_OUT_OF_BOUNDS) return false;
  int32_t next = 1;
  bool in_order = true;
  if (!vector.for_each([&](const Point &point) { in_order = in_order && point.x == next++; }).ok()) return false;
  return in_order && next == 4 && vector.erase(0).ok() && vector.get(0).value().weights[0] == 0.5;
}
static_assert(row_at_compile_time());

constexpr bool ring_at_compile_time() {
  Constant provider = Constant::create(0).value;
  auto deque = wrt::BoundedDeque<int64_t, 3, Constant>::create(provider).value();
  for (int64_t round = 0; round < 7; round++) {
    if (!deque.push_back(round).ok() || !deque.push_front(-round).ok()) return false;
    if (deque.get(0).value() != -round || deque.back().value() != round) return false;
    if (deque.pop_front().value() != -round || deque.pop_front().value() != round) return false;
    if (deque.pop_front().status() != WRT_ERR_OUT_OF_BOUNDS) return false;
  }
  return deque.verify().ok();
}
static_assert(ring_at_compile_time());

constexpr bool map_at_compile_time() {
  Constant provider = Constant::create(0).value;
  auto map = wrt::BoundedMap<uint8_t, int16_t, 5, Constant>::create(provider).value();
  for (const uint8_t key : std::array<uint8_t, 5>{7, 3, 9, 1, 5}) {
    if (!map.put(key, static_cast<int16_t>(-key)).ok()) return false;
  }
  if (map.put(4, 0) != WRT_ERR_LIMIT || map.find(9).value() != -9 || map.contains(4).value()) return false;
  return map.erase(5).value() && map.lower_bound(4).value() == 2 && map.entry(2).value().key == 7 && map.verify().ok();
}
static_assert(map_at_compile_time());

constexpr bool bits_at_compile_time() {
  Constant provider = Constant::create(0).value;
  auto bits = wrt::BoundedBitSet<13, Constant>::create(provider).value();
  if (!bits.set(12).ok() || !bits.flip_all().ok() || bits.count().value() != 12) return false;
  return bits.set(13) == WRT_ERR_OUT_OF_BOUNDS && bits.set(12).ok() && bits.all().value() && bits.verify().ok();
}
static_assert(bits_at_compile_time());

}  // namespace
