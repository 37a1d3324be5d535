// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/mirrored.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace {

struct Value {
  uint64_t a;
  uint64_t b;
  uint32_t c;
  uint32_t d;
};
using Pair = wrt::Mirrored<Value>;

TEST(Mirrored, EveryFlippedBitOfTheValueAndOfTheCopyIsNoticed) {
  Pair pair;
  pair.set({1, UINT64_MAX, 0x12345678, 0});
  ASSERT_TRUE(pair.holds());
  uint8_t raw[sizeof pair];
  for (size_t bit = 0; bit < 8 * sizeof pair; bit++) {
    std::memcpy(raw, &pair, sizeof pair);
    raw[bit / 8] = static_cast<uint8_t>(raw[bit / 8] ^ (1U << (bit % 8)));
    Pair hurt;
    std::memcpy(&hurt, raw, sizeof hurt);
    EXPECT_FALSE(hurt.holds()) << bit;
  }
}

TEST(Mirrored, TheSameStrayPatternOverBothIsNoticed) {
  for (int pattern : {0x00, 0xff, 0xa5, 0x5a}) {
    Pair pair;
    std::memset(static_cast<void *>(&pair), pattern, sizeof pair);
    EXPECT_FALSE(pair.holds()) << pattern;
  }
}

TEST(Mirrored, TheCopyRestoresTheValue) {
  Pair pair;
  pair.set({5, 6, 7, 8});
  pair.now.b = 99;
  EXPECT_FALSE(pair.holds());
  const Value restored = pair.restored();
  EXPECT_EQ(restored.a, 5U);
  EXPECT_EQ(restored.b, 6U);
  EXPECT_EQ(restored.c, 7U);
  EXPECT_EQ(restored.d, 8U);
  pair.seal();
  EXPECT_TRUE(pair.holds());
  EXPECT_EQ(pair.restored().b, 99U);
}

TEST(Mirrored, OneMemberIsComparedAndSealedAlone) {
  Pair pair;
  pair.set({1, 2, 3, 4});
  EXPECT_TRUE(pair.agrees(&Value::b) && pair.agrees(&Value::c) && pair.agrees(&Value::d));
  for (size_t bit = 0; bit < 32; bit++) {
    pair.now.c = 3 ^ (uint32_t{1} << bit);
    EXPECT_FALSE(pair.agrees(&Value::c)) << bit;
    EXPECT_TRUE(pair.agrees(&Value::b) && pair.agrees(&Value::d)) << bit;
  }
  pair.seal(&Value::c);
  EXPECT_TRUE(pair.agrees(&Value::c));
  EXPECT_TRUE(pair.holds());
  pair.now.b = 9;
  pair.now.d = 9;
  pair.seal(&Value::d);
  EXPECT_FALSE(pair.holds()) << "the other one is not sealed";
  pair.seal(&Value::b);
  EXPECT_TRUE(pair.holds());
}

}  // namespace
