// SPDX-License-Identifier: Apache-2.0 OR MIT
// The kernel: ranges, length and bytes. Small state machines run whole at compile time, where undefined behaviour is an
// error; the same is then run for real.
#include <gtest/gtest.h>

#include <vector>

#include "cpp/core/kernel.h"

namespace {

// ---- ranges

// offset + n <= len as integers, told by halves, so that nothing can wrap.
constexpr bool inside_by_halves(uint64_t len, uint64_t offset, uint64_t n) {
  const uint64_t low = (offset & 1) + (n & 1);
  const uint64_t half = (offset >> 1) + (n >> 1) + (low >> 1);
  return half < (len >> 1) || (half == (len >> 1) && (low & 1) <= (len & 1));
}

constexpr uint64_t kEdges[] = {0,
                               1,
                               2,
                               63,
                               64,
                               65535,
                               65536,
                               0x7fffffff,
                               0x80000000,
                               0xfffffffe,
                               0xffffffff,
                               0x100000000,
                               0x100000001,
                               0x7ffffffffffffffe,
                               0x7fffffffffffffff,
                               0x8000000000000000,
                               0x8000000000000001,
                               0xfffffffffffffffe,
                               0xffffffffffffffff};

constexpr bool ranges_are_exact() {
  for (uint64_t len : kEdges) {
    for (uint64_t offset : kEdges) {
      for (uint64_t n : kEdges) {
        if (wrt_k_in_range(len, offset, n) != inside_by_halves(len, offset, n)) return false;
      }
    }
  }
  return true;
}
static_assert(ranges_are_exact());

TEST(Kernel, ARangeIsInsideIffItsEndIsAtMostTheLengthEvenWhereSumsWouldWrap) {
  for (uint64_t a : kEdges) {
    for (uint64_t b : kEdges) {
      for (uint64_t c : kEdges) {
        for (uint64_t distance = 0; distance < 5; distance++) {
          const uint64_t offset = b + distance - 2;
          const uint64_t n = c - distance;
          EXPECT_EQ(wrt_k_in_range(a, offset, n), inside_by_halves(a, offset, n)) << a << ' ' << offset << ' ' << n;
        }
      }
    }
  }
}

// ---- length

// Every word of three resizes over `Cap` bytes, dirtied in between.
template <unsigned Cap>
constexpr bool every_resize_word_holds() {
  for (uint64_t a = 0; a <= Cap + 1; a++) {
    for (uint64_t b = 0; b <= Cap + 1; b++) {
      for (uint64_t c = 0; c <= Cap + 1; c++) {
        uint8_t bytes[Cap] = {};
        wrt_k_mem m{0, Cap, bytes};
        uint64_t len = 0;
        const uint64_t word[3] = {a, b, c};
        for (uint64_t next : word) {
          const wrt_status status = wrt_k_resize(&m, next);
          if (status != (next <= Cap ? WRT_OK : WRT_ERR_LIMIT)) return false;
          const uint64_t kept = next <= Cap ? (next < len ? next : len) : len;
          if (next <= Cap) len = next;
          if (m.len != len || !wrt_k_mem_holds(&m)) return false;
          for (uint64_t i = 0; i < len; i++) {
            if (bytes[i] != (i < kept ? 0xA5 : 0)) return false;
            bytes[i] = 0xA5;
          }
        }
      }
    }
  }
  return true;
}
static_assert(every_resize_word_holds<4>());

TEST(Kernel, EveryWordOfResizesKeepsTheInvariantAndNewBytesAreZero) { EXPECT_TRUE(every_resize_word_holds<9>()); }

TEST(Kernel, GrowthBeyondTheCapacityIsLimitAndChangesNothing) {
  uint8_t bytes[8] = {};
  wrt_k_mem m{3, 8, bytes};
  for (uint64_t len : {uint64_t{9}, uint64_t{1} << 32, UINT64_MAX}) {
    EXPECT_EQ(wrt_k_grow(&m, len), WRT_ERR_LIMIT);
    EXPECT_EQ(wrt_k_resize(&m, len), WRT_ERR_LIMIT);
    EXPECT_EQ(m.len, 3U);
  }
  EXPECT_EQ(wrt_k_grow(&m, 8), WRT_OK);
  EXPECT_EQ(m.len, 8U);
}

TEST(Kernel, ShrinkingScrubsExactlyWhatIsCutOff) {
  std::vector<uint8_t> bytes(64, 0xEE);
  wrt_k_mem m{60, 60, bytes.data() + 2};
  wrt_k_shrink(&m, 7);
  EXPECT_EQ(m.len, 7U);
  EXPECT_TRUE(wrt_k_mem_holds(&m));
  for (size_t i = 0; i < bytes.size(); i++) EXPECT_EQ(bytes[i], i >= 9 && i < 62 ? 0 : 0xEE) << i;
  wrt_k_shrink(&m, 7);
  EXPECT_EQ(bytes[8], 0xEE) << "to the same length nothing is scrubbed";
}

TEST(Kernel, TheInvariantNoticesALengthAboveTheCapacityAndAByteThatIsNotZero) {
  uint8_t bytes[8] = {};
  wrt_k_mem m{4, 8, bytes};
  EXPECT_TRUE(wrt_k_mem_holds(&m));
  for (size_t i = 0; i < 8; i++) {
    bytes[i] = 1;
    EXPECT_EQ(wrt_k_mem_holds(&m), i < 4) << i;
    bytes[i] = 0;
  }
  m.len = 9;
  EXPECT_FALSE(wrt_k_mem_holds(&m));
}

constexpr bool scrub_steps_scrub_from_the_end() {
  for (uint64_t dirty = 0; dirty <= 7; dirty++) {
    for (uint64_t budget = 0; budget <= 8; budget++) {
      uint8_t bytes[8] = {1, 1, 1, 1, 1, 1, 1, 1};
      uint64_t left = dirty;
      wrt_k_scrub_step(bytes, &left, budget);
      if (left != (dirty > budget ? dirty - budget : 0)) return false;
      for (uint64_t i = 0; i < 8; i++) {
        if (bytes[i] != (i >= left && i < dirty ? 0 : 1)) return false;
      }
    }
  }
  return true;
}
static_assert(scrub_steps_scrub_from_the_end());

TEST(Kernel, AScrubInStepsTouchesAtMostTheBudgetAndEndsClean) {
  EXPECT_TRUE(scrub_steps_scrub_from_the_end());
  std::vector<uint8_t> bytes(1000, 0xEE);
  uint64_t dirty = 1000;
  int steps = 0;
  for (; dirty != 0; steps++) wrt_k_scrub_step(bytes.data(), &dirty, 300);
  EXPECT_EQ(steps, 4);
  for (uint8_t byte : bytes) EXPECT_EQ(byte, 0);
  uint64_t huge = 10;
  wrt_k_scrub_step(bytes.data(), &huge, UINT64_MAX);
  EXPECT_EQ(huge, 0U);
}

// ---- bytes

// Every copy within a memory of every length up to `Cap`, out of bounds ones too.
template <unsigned Cap>
constexpr bool every_copy_is_a_memmove() {
  for (uint64_t len = 0; len <= Cap; len++) {
    for (uint64_t to = 0; to <= Cap + 1; to++) {
      for (uint64_t from = 0; from <= Cap + 1; from++) {
        for (uint64_t n = 0; n <= Cap + 1; n++) {
          uint8_t bytes[Cap] = {};
          uint8_t before[Cap] = {};
          for (uint64_t i = 0; i < len; i++) before[i] = bytes[i] = static_cast<uint8_t>(i + 1);
          wrt_k_mem m{len, Cap, bytes};
          const bool valid = to + n <= len && from + n <= len;
          if (wrt_k_copy(&m, to, from, n) != (valid ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS)) return false;
          for (uint64_t i = 0; i < Cap; i++) {
            const bool moved = valid && i >= to && i < to + n;
            if (bytes[i] != (moved ? before[from + (i - to)] : before[i])) return false;
          }
        }
      }
    }
  }
  return true;
}
static_assert(every_copy_is_a_memmove<4>());

TEST(Kernel, EveryCopyOverlappingEitherWayIsAMemmoveAndAnInvalidOneMovesNothing) {
  EXPECT_TRUE(every_copy_is_a_memmove<9>());
}

// Moving within one array, at compile time as at run time.
constexpr bool moves_overlap_either_way() {
  for (unsigned to = 0; to < 6; to++) {
    for (unsigned from = 0; from < 6; from++) {
      for (unsigned n = 0; n <= 6 - (to > from ? to : from); n++) {
        uint8_t bytes[6] = {1, 2, 3, 4, 5, 6};
        wrt_k_move_bytes(bytes + to, bytes + from, n);
        for (unsigned i = 0; i < 6; i++) {
          const bool moved = i >= to && i < to + n;
          if (bytes[i] != (moved ? from + (i - to) + 1 : i + 1)) return false;
        }
      }
    }
  }
  return true;
}

TEST(Kernel, MovedBytesMayOverlapEitherWayAtRunTimeAndInConstantEvaluation) {
  EXPECT_TRUE(moves_overlap_either_way());
  constexpr bool kInConstantEvaluation = moves_overlap_either_way();
  EXPECT_TRUE(kInConstantEvaluation);
}

constexpr bool access_is_checked_and_exact() {
  uint8_t bytes[6] = {};
  wrt_k_mem m{4, 6, bytes};
  const uint8_t source[3] = {7, 8, 9};
  uint8_t seen[3] = {};
  if (wrt_k_write(&m, 1, source, 3) != WRT_OK || wrt_k_read(&m, 1, seen, 3) != WRT_OK) return false;
  if (seen[0] != 7 || seen[1] != 8 || seen[2] != 9 || bytes[0] != 0 || bytes[4] != 0) return false;
  if (wrt_k_write(&m, 2, source, 3) != WRT_ERR_OUT_OF_BOUNDS || bytes[4] != 0 || bytes[2] != 8) return false;
  if (wrt_k_read(&m, 5, seen, 0) != WRT_ERR_OUT_OF_BOUNDS || wrt_k_read(&m, 4, nullptr, 0) != WRT_OK) return false;
  if (wrt_k_write(&m, 4, nullptr, 0) != WRT_OK || wrt_k_write(&m, 5, nullptr, 0) != WRT_ERR_OUT_OF_BOUNDS) return false;
  if (wrt_k_fill(&m, 1, 5, 2) != WRT_OK || bytes[1] != 5 || bytes[2] != 5 || bytes[3] != 9) return false;
  if (wrt_k_fill(&m, 4, 5, 0) != WRT_OK || wrt_k_fill(&m, 3, 5, 2) != WRT_ERR_OUT_OF_BOUNDS) return false;
  return bytes[3] == 9 && wrt_k_mem_holds(&m);
}
static_assert(access_is_checked_and_exact());

TEST(Kernel, ReadsWritesAndFillsTouchExactlyTheirRange) {
  EXPECT_TRUE(access_is_checked_and_exact());
  std::vector<uint8_t> bytes(100, 0);
  wrt_k_mem m{90, 90, bytes.data() + 5};
  for (uint64_t offset : kEdges) {
    for (uint64_t n : kEdges) {
      uint8_t byte = 0x11;
      const bool inside = inside_by_halves(90, offset, n);
      if (inside && n > 1) continue;
      const wrt_status wanted = inside ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS;
      EXPECT_EQ(wrt_k_fill(&m, offset, 0, n), wanted);
      if (n > SIZE_MAX) continue;  // no buffer of the host is so long
      EXPECT_EQ(wrt_k_read(&m, offset, &byte, static_cast<size_t>(n)), wanted);
      EXPECT_EQ(wrt_k_write(&m, offset, &byte, static_cast<size_t>(n)), wanted);
    }
  }
  EXPECT_EQ(wrt_k_fill(&m, 0, 0xEE, 90), WRT_OK);
  for (size_t i = 0; i < 100; i++) EXPECT_EQ(bytes[i], i >= 5 && i < 95 ? 0xEE : 0);
}

}  // namespace
