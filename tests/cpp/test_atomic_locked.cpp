// SPDX-License-Identifier: Apache-2.0 OR MIT
// Every atomic operation by the program's lock, as targets without compare-and-swap have it.
#include <gtest/gtest.h>

#include "cpp/core/atomic.hpp"
#include "cpp/core/cell.hpp"
#include "wrtmem/lock.h"

namespace {

int g_entered = 0;
int g_left = 0;

}  // namespace

uintptr_t wrt_lock_enter() {
  EXPECT_EQ(g_entered, g_left) << "never nested";
  g_entered++;
  return 0x5a;
}

void wrt_lock_leave(uintptr_t before) {
  EXPECT_EQ(before, 0x5aU) << "gets back what entering gave";
  g_left++;
}

namespace {

// Whether the lock was taken since, once, and given back.
bool took_the_lock_once() {
  const bool once = g_entered == 1 && g_left == 1;
  g_entered = g_left = 0;
  return once;
}

template <class T>
class LockedAtomic : public testing::Test {};
using Types = testing::Types<uint32_t, uintptr_t>;
TYPED_TEST_SUITE(LockedAtomic, Types);

TYPED_TEST(LockedAtomic, EachChangeIsOneStepUnderTheLock) {
  g_entered = g_left = 0;
  wrt::Atomic<TypeParam> number{5};
  EXPECT_EQ(number.add(3), 5U);
  EXPECT_TRUE(took_the_lock_once());
  EXPECT_EQ(number.sub(1), 8U);
  EXPECT_TRUE(took_the_lock_once());
  EXPECT_EQ(number.exchange(20), 7U);
  EXPECT_TRUE(took_the_lock_once());
  number.store(30);
  EXPECT_TRUE(took_the_lock_once());
  EXPECT_EQ(wrt::fetch_or(&number.value, TypeParam{1}), 30U);
  EXPECT_TRUE(took_the_lock_once());
  EXPECT_EQ(wrt::fetch_and(&number.value, TypeParam{7}), 31U);
  EXPECT_TRUE(took_the_lock_once());
  EXPECT_EQ(number.load(), 7U);
}

TYPED_TEST(LockedAtomic, CompareAndSwapStoresIffWhatIsExpectedIsThere) {
  g_entered = g_left = 0;
  wrt::Atomic<TypeParam> number{5};
  TypeParam expected = 4;
  EXPECT_FALSE(number.cas(expected, 9));
  EXPECT_TRUE(took_the_lock_once());
  EXPECT_EQ(expected, 5U) << "what was there";
  EXPECT_TRUE(number.cas(expected, 9));
  EXPECT_TRUE(took_the_lock_once());
  EXPECT_EQ(expected, 5U);
  EXPECT_EQ(number.load(), 9U);
  number.raise(8);
  EXPECT_EQ(number.load(), 9U);
  number.raise(10);
  EXPECT_EQ(number.load(), 10U);
  EXPECT_EQ(g_entered, g_left);
}

TEST(LockedCell, EachAccessIsOneStepUnderTheLock) {
  g_entered = g_left = 0;
  alignas(8) uint8_t bytes[8] = {};
  wrt::Cell<uint64_t> cell(bytes);
  cell.store(40);
  EXPECT_TRUE(took_the_lock_once());
  EXPECT_EQ(cell.load(), 40U);
  EXPECT_TRUE(took_the_lock_once());
  bool stored = true;
  EXPECT_EQ(cell.cmpxchg(41, 7, stored), 40U);
  EXPECT_FALSE(stored);
  EXPECT_TRUE(took_the_lock_once());
  EXPECT_EQ(cell.cmpxchg(40, 7, stored), 40U);
  EXPECT_TRUE(stored);
  EXPECT_TRUE(took_the_lock_once());
  EXPECT_EQ(cell.rmw(WRT_ATOMIC_ADD, 2), 7U);
  EXPECT_EQ(cell.load(), 9U);
}

#if defined(__SIZEOF_INT128__) && !defined(__s390x__)  // which has an instruction for 16 bytes
TEST(Atomic, WhatTheCompilerWouldCallAFunctionForIsMovedAsItIs) {
  __extension__ typedef unsigned __int128 Wide;
  Wide place = 0;
  for (int order : {__ATOMIC_RELAXED, __ATOMIC_ACQUIRE}) {
    wrt::store_one(&place, Wide{7} + static_cast<unsigned>(order),
                   order == __ATOMIC_RELAXED ? order : __ATOMIC_RELEASE);
    EXPECT_TRUE(place == Wide{7} + static_cast<unsigned>(order));
    EXPECT_TRUE(wrt::load_one(&place, order) == place);
  }
}
#endif

}  // namespace
