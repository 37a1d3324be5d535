// SPDX-License-Identifier: Apache-2.0 OR MIT
// The small read at FULL, with the instructions of the processor that the library runs on: one look at the control
// block and its copies, one CRC, one move. Whatever is unusual or not plainly good is left to the ordinary way, which
// asks the same questions one by one and knows the answers.
#ifndef WRT_TIERS_MEMORY_FULL_HPP
#define WRT_TIERS_MEMORY_FULL_HPP

#include "cpp/tiers/memory_fast.hpp"

#if defined(__x86_64__) && !defined(WRT_HOST_NONE)
#include <immintrin.h>
#define WRT_FULL_TARGET __attribute__((target("avx2,sse4.2")))
#elif defined(__aarch64__) && defined(__linux__) && !defined(WRT_HOST_NONE)
#include <arm_acle.h>
#define WRT_FULL_TARGET __attribute__((target("+crc")))
#endif

#ifdef WRT_FULL_TARGET

namespace wrt {

/// Whether this processor has the instructions; false until the library is loaded.
extern bool g_reads_full __attribute__((visibility("hidden")));

namespace full {

#ifdef __x86_64__
typedef uint64_t Wide __attribute__((vector_size(32), aligned(16)));  // the stack stays as it is
WRT_FULL_TARGET inline uint64_t step(uint64_t crc, uint64_t word) noexcept { return _mm_crc32_u64(crc, word); }
WRT_FULL_TARGET inline bool zero(const Wide &wide) noexcept {
  const auto bits = reinterpret_cast<__m256i>(wide);
  return _mm256_testz_si256(bits, bits) != 0;
}
#else
typedef uint64_t Wide __attribute__((vector_size(16)));
WRT_FULL_TARGET inline uint64_t step(uint64_t crc, uint64_t word) noexcept {
  return __crc32cd(static_cast<uint32_t>(crc), word);
}
WRT_FULL_TARGET inline bool zero(const Wide &wide) noexcept { return (wide[0] | wide[1]) == 0; }
#endif

WRT_FULL_TARGET inline uint64_t load(const void *from, size_t at) noexcept {
  uint64_t word = 0;
  __builtin_memcpy(&word, static_cast<const uint8_t *>(from) + at, sizeof(word));
  return word;
}

/// Gathers where a value and its copy differ, in wide pieces and in words.
struct Differences {
  Wide wide = {};
  uint64_t words = 0;

  template <class T>
  WRT_FULL_TARGET void add(const Mirrored<T> &mirrored) noexcept {
    const void *const now = &mirrored.now;
    const void *const inverse = mirrored.inverse;
    constexpr size_t kWideLen = sizeof(T) - sizeof(T) % sizeof(Wide);
#pragma GCC unroll 16
    for (size_t at = 0; at < kWideLen; at += sizeof(Wide)) add_wide(now, inverse, at);
    if constexpr (kWideLen != 0 && kWideLen != sizeof(T)) {
      add_wide(now, inverse, sizeof(T) - sizeof(Wide));  // over some of the piece before
    } else {
#pragma GCC unroll 4
      for (size_t at = kWideLen; at < sizeof(T); at += sizeof(uint64_t)) add_word(now, inverse, at);
    }
  }
  WRT_FULL_TARGET void add(uint64_t a, uint64_t b) noexcept { words |= a ^ b; }
  WRT_FULL_TARGET void add(const void *a, const void *b) noexcept {
    add(reinterpret_cast<uintptr_t>(a), reinterpret_cast<uintptr_t>(b));
  }
  WRT_FULL_TARGET bool none() const noexcept { return zero(wide) && words == 0; }

 private:
  WRT_FULL_TARGET void add_wide(const void *now, const void *inverse, size_t at) noexcept {
    Wide a;
    Wide b;
    __builtin_memcpy(&a, static_cast<const uint8_t *>(now) + at, sizeof(a));
    __builtin_memcpy(&b, static_cast<const uint8_t *>(inverse) + at, sizeof(b));
    wide |= ~(a ^ b);
  }
  WRT_FULL_TARGET void add_word(const void *now, const void *inverse, size_t at) noexcept {
    words |= ~(load(now, at) ^ load(inverse, at));
  }
};

}  // namespace full

WRT_FULL_TARGET inline bool LinearMemory::fast_read_checked(uint64_t key, const SlotPool *owner, uint64_t offset,
                                                            void *dst, size_t n) const noexcept {
  if (plan().verify != WRT_VERIFY_FULL) return false;
  const uint64_t inverse_journal = full::load(plan_.inverse, __builtin_offsetof(Plan, journal));
  if (reinterpret_cast<uintptr_t>(plan().journal) != ~inverse_journal) return false;  // it is followed
  const Journal &own = journal();
  const wrt_k_mem &bytes = extent().bytes;
  const uint64_t block = offset / kBlockLen;
  const uint64_t start = offset % kBlockLen;
  if (n - 1 >= kFastBytes || dst == nullptr || start + n > kBlockLen || block >= bytes.len / kBlockLen) return false;

  full::Differences differences;
  differences.add(plan_);
  differences.add(state_);
  differences.add(backing_);
  differences.add(counts_);
  differences.add(own.shield);
  if (!differences.none()) return false;

  differences = {};
  const bool on_std = kHasStd && plan().tier == WRT_TIER_STD;
  const bool from_pool = plan().tier == WRT_TIER_STATIC;
  const uint64_t checks_bits = reinterpret_cast<uintptr_t>(checks_);
  differences.add(seal_ ^ base_bits() ^ limit_, key);
  differences.add(checks_seal_ ^ checks_bits, key);
  differences.add(view_.base, bytes.base);
  differences.add(view_.len, bytes.len);
  differences.add(charged_len_, bytes.len);
  differences.add(charged_to_, plan().budget);
  differences.add(reach_, on_std ? backing_.now.std.map_len : extent().capacity);
  differences.add(owner, from_pool ? backing_.now.slot.pool : nullptr);
  differences.add(checks_, own.shield.now.checks.extent.bytes.base);
  differences.add(own.borrows.out(), 0);
  differences.add(plan().flags & WRT_MEM_TRACK, 0);
  if (!differences.none()) return false;

  const uint8_t *from = bytes.base + block * kBlockLen;
  uint64_t crc = 0;
#pragma GCC unroll 8
  for (size_t at = 0; at < kBlockLen; at += sizeof(uint64_t)) crc = full::step(crc, full::load(from, at));
  if (crc != checks_[block]) return false;
  journal().shield_stats.verified++;
  copy_small(static_cast<uint8_t *>(dst), from + start, n);
  return true;
}

}  // namespace wrt

#endif

#endif  // WRT_TIERS_MEMORY_FULL_HPP
