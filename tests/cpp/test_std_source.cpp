// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/std_source.hpp"

#include <gtest/gtest.h>

#ifdef HOST_IS_LINUX
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

#include "cpp/host/host.hpp"

namespace {

using wrt::Extent;
using wrt::Request;
using wrt::StdSource;

constexpr uint64_t kUnit = 65536;

struct Held {
  uint64_t max_len;
  Extent extent{};
  StdSource::Backing backing{};

  explicit Held(const Request &request) : max_len(request.max_len) {
    EXPECT_EQ(StdSource::obtain(request, extent, backing), WRT_OK);
  }
  Held(const Held &) = delete;
  Held &operator=(const Held &) = delete;
  ~Held() { StdSource::give_back(extent, backing, false); }

  bool holds() const {
    const uint64_t committed = StdSource::committed(extent, backing);
    return extent.holds(max_len) && wrt_k_mem_holds(&extent.bytes) && extent.bytes.len <= committed &&
           committed <= extent.capacity;
  }
  wrt_status become(uint64_t len) {
    if (len < extent.bytes.len) {
      StdSource::cut(len, extent, backing);
      return WRT_OK;
    }
    if (len > extent.bytes.cap) {
      if (wrt_status status = StdSource::extend(len, max_len, extent, backing)) return status;
    }
    return wrt_k_grow(&extent.bytes, len);
  }
};

TEST(StdSource, HoldsItsMaximumFromTheStartAndNeverMovesWithin) {
  Held held({kUnit, 64 * kUnit, 64 * kUnit, 0, false});
  const uint8_t *base = held.extent.bytes.base;
  EXPECT_EQ(reinterpret_cast<uintptr_t>(base) % wrt::host::page_len(), 0U);
  for (uint64_t len : {2 * kUnit, 64 * kUnit, uint64_t{1}, uint64_t{0}, 3 * kUnit + 5}) {
    ASSERT_EQ(held.become(len), WRT_OK);
    ASSERT_TRUE(held.holds());
    EXPECT_EQ(held.extent.bytes.base, base);
    wrt_k_set_bytes(held.extent.bytes.base, 0xEE, static_cast<size_t>(len));
  }
}

TEST(StdSource, GrowsPastItsReservationAndKeepsEveryByte) {
  Held held({5, 100 * kUnit, kUnit, 0, false});
  EXPECT_LT(held.extent.capacity, 100 * kUnit);
  uint64_t len = 5;
  for (uint64_t i = 0; i < 5; i++) held.extent.bytes.base[i] = static_cast<uint8_t>(i + 1);
  while (len < 100 * kUnit) {
    len = wrt::least(len * 3 + 7, 100 * kUnit);
    ASSERT_EQ(held.become(len), WRT_OK);
    ASSERT_TRUE(held.holds());
    for (uint64_t i = 0; i < 5; i++) ASSERT_EQ(held.extent.bytes.base[i], i + 1);
    for (uint64_t i = 5; i < len; i += 997) ASSERT_EQ(held.extent.bytes.base[i], 0);
  }
}

TEST(StdSource, WhatIsWipedReadsAsZeroAndNothingElseDoes) {
  const uint64_t page = wrt::host::page_len();
  const uint64_t len = 5 * page + 100;
  for (uint64_t offset : {uint64_t{0}, uint64_t{1}, page - 1, page, page + 1, 3 * page, len - 1, len}) {
    for (uint64_t n : {uint64_t{0}, uint64_t{1}, page - 1, page, page + 1, 2 * page + 50, len}) {
      if (offset + n > len) continue;
      Held held({len, 8 * page, 8 * page, 0, false});
      wrt_k_set_bytes(held.extent.bytes.base, 0xEE, static_cast<size_t>(len));
      StdSource::wipe(offset, n, held.extent, held.backing);
      for (uint64_t i = 0; i < len; i++) {
        ASSERT_EQ(held.extent.bytes.base[i], i >= offset && i < offset + n ? 0 : 0xEE)
            << offset << ' ' << n << ' ' << i;
      }
      ASSERT_TRUE(held.holds());
    }
  }
}

TEST(StdSource, GivesZeroedBytesOfItsOwnBesideTheMemory) {
  Held held({kUnit, 4 * kUnit, 4 * kUnit, 5000, false});
  const wrt::Side side = StdSource::side(held.backing);
  ASSERT_NE(side.at, nullptr);
  EXPECT_EQ(side.len, 5000U);
  for (size_t i = 0; i < side.len; i++) ASSERT_EQ(side.at[i], 0);
  wrt_k_set_bytes(side.at, 0xEE, side.len);
  EXPECT_TRUE(held.holds());
  EXPECT_EQ(StdSource::side(Held({0, 0, 0, 0, false}).backing).at, nullptr);
}

TEST(StdSource, AMemoryThatCanNeverHaveAByteStillHasABase) {
  Held held({0, 0, 0, 0, false});
  EXPECT_NE(held.extent.bytes.base, nullptr);
  EXPECT_EQ(held.extent.capacity, 0U);
  EXPECT_TRUE(held.holds());
}

// ---- images

#ifdef HOST_IS_LINUX
/// As a memory's image is made: bytes of one value in the first three units, of five.
struct Frozen : Held {
  Frozen() : Held({5 * kUnit, 5 * kUnit, 5 * kUnit, 0, false}) {
    StdSource::back_with_file(extent, backing);
    wrt_k_set_bytes(extent.bytes.base, 7, 3 * kUnit);
    EXPECT_EQ(StdSource::freeze(3 * kUnit, extent, backing), WRT_OK);
  }
};

uint64_t bytes_that_are(const Held &held, uint8_t value) {
  uint64_t count = 0;
  for (uint64_t i = 0; i < held.extent.bytes.len; i++) count += held.extent.bytes.base[i] == value ? 1 : 0;
  return count;
}

TEST(StdSource, AnImagesFileCannotBeChangedByAnybody) {
  const Frozen image;
  if (image.backing.file == 0) GTEST_SKIP() << "this kernel has no such files";
  const int file = static_cast<int>(image.backing.file - 1);
  EXPECT_EQ(pwrite(file, "x", 1, 0), -1);
  EXPECT_EQ(ftruncate(file, 0), -1);
  EXPECT_EQ(ftruncate(file, 10 * kUnit), -1);
  EXPECT_EQ(mmap(nullptr, kUnit, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), MAP_FAILED);
  const int all = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  EXPECT_EQ(fcntl(file, F_GET_SEALS) & all, all);
  EXPECT_NE(fcntl(file, F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_EQ(image.backing.imaged, 3 * kUnit) << "zeros at the end are not in the file";
  EXPECT_EQ(bytes_that_are(image, 7), 3 * kUnit);
}

TEST(StdSource, WhatIsWrittenToAMemoryFromAnImageStaysThere) {
  const Frozen image;
  if (image.backing.file == 0) GTEST_SKIP() << "this kernel has no such files";
  Held one({5 * kUnit, 9 * kUnit, 9 * kUnit, 0, false});
  Held other({5 * kUnit, 9 * kUnit, 9 * kUnit, 0, false});
  ASSERT_TRUE(StdSource::map_image(image.backing, true, one.extent, one.backing));
  ASSERT_TRUE(StdSource::map_image(image.backing, true, other.extent, other.backing));
  wrt_k_set_bytes(one.extent.bytes.base, 9, 5 * kUnit);
  EXPECT_EQ(bytes_that_are(image, 7), 3 * kUnit);
  EXPECT_EQ(bytes_that_are(other, 7), 3 * kUnit);
  ASSERT_TRUE(StdSource::map_image(image.backing, false, one.extent, one.backing));
  EXPECT_EQ(bytes_that_are(one, 7), 3 * kUnit);
  EXPECT_EQ(bytes_that_are(one, 0), 2 * kUnit);
}

TEST(StdSource, PagesThatAreDroppedAreNotTheImagesAgain) {
  const Frozen image;
  if (image.backing.file == 0) GTEST_SKIP() << "this kernel has no such files";
  Held held({5 * kUnit, 9 * kUnit, 9 * kUnit, 0, false});
  ASSERT_TRUE(StdSource::map_image(image.backing, true, held.extent, held.backing));
  StdSource::wipe(kUnit, kUnit, held.extent, held.backing);
  EXPECT_EQ(bytes_that_are(held, 7), 2 * kUnit);
  ASSERT_EQ(held.become(kUnit + 5), WRT_OK);
  ASSERT_EQ(held.become(5 * kUnit), WRT_OK);
  EXPECT_EQ(bytes_that_are(held, 7), kUnit);
  EXPECT_TRUE(held.holds());
}

// mremap would make the file's mapping longer than the file.
TEST(StdSource, GrowthPastTheReservationOfAMemoryFromAnImageCopiesIt) {
  const Frozen image;
  if (image.backing.file == 0) GTEST_SKIP() << "this kernel has no such files";
  Held held({5 * kUnit, 100 * kUnit, 5 * kUnit, 0, false});
  ASSERT_TRUE(StdSource::map_image(image.backing, true, held.extent, held.backing));
  ASSERT_EQ(held.become(50 * kUnit), WRT_OK);
  EXPECT_EQ(held.backing.imaged, 0U);
  EXPECT_EQ(bytes_that_are(held, 7), 3 * kUnit);
  EXPECT_EQ(bytes_that_are(held, 0), 47 * kUnit);
  EXPECT_TRUE(held.holds());
}
#endif

#if UINTPTR_MAX > 0xffffffffu  // the request must fit a size
TEST(StdSource, WhatNoHostCanMapIsOutOfMemory) {
  Extent extent{};
  StdSource::Backing backing{};
  const uint64_t much = StdSource::max_len();
  EXPECT_EQ(StdSource::obtain({much, much, much, 0, false}, extent, backing), WRT_ERR_OUT_OF_MEMORY);
  EXPECT_EQ(StdSource::obtain({0, much, much, 0, true}, extent, backing), WRT_ERR_OUT_OF_MEMORY);
}
#endif

}  // namespace
