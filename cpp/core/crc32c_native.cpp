// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/crc32c_native.hpp"

#include "cpp/core/small_copy.hpp"

#if defined(__x86_64__) && !defined(WRT_HOST_NONE)
#include <cpuid.h>
#include <immintrin.h>
#define WRT_CRC_TARGET __attribute__((target("sse4.2,pclmul")))
#elif defined(__aarch64__) && defined(__linux__) && !defined(WRT_HOST_NONE)
#include <arm_acle.h>
#include <arm_neon.h>
#include <sys/auxv.h>
#define WRT_CRC_TARGET __attribute__((target("+crc+crypto")))
#endif

namespace wrt {

#ifndef WRT_CRC_TARGET

const Crc32c *native_crc32c() noexcept { return nullptr; }

#else

namespace {

// ---- the instructions

#ifdef __x86_64__

WRT_CRC_TARGET inline uint32_t step8(uint32_t crc, uint64_t word) noexcept {
  return static_cast<uint32_t>(_mm_crc32_u64(crc, word));
}
WRT_CRC_TARGET inline uint32_t step4(uint32_t crc, uint32_t word) noexcept { return _mm_crc32_u32(crc, word); }
WRT_CRC_TARGET inline uint32_t step1(uint32_t crc, uint8_t byte) noexcept { return _mm_crc32_u8(crc, byte); }
WRT_CRC_TARGET inline uint64_t carryless(uint32_t a, uint32_t b) noexcept {
  const __m128i product =
      _mm_clmulepi64_si128(_mm_cvtsi32_si128(static_cast<int>(a)), _mm_cvtsi32_si128(static_cast<int>(b)), 0);
  return static_cast<uint64_t>(_mm_cvtsi128_si64(product));
}
bool processor_has_them() noexcept {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0) return false;
  return (c & bit_SSE4_2) != 0 && (c & bit_PCLMUL) != 0;
}
constexpr const char *kName = "crc32+pclmulqdq";

#else

WRT_CRC_TARGET inline uint32_t step8(uint32_t crc, uint64_t word) noexcept { return __crc32cd(crc, word); }
WRT_CRC_TARGET inline uint32_t step4(uint32_t crc, uint32_t word) noexcept { return __crc32cw(crc, word); }
WRT_CRC_TARGET inline uint32_t step1(uint32_t crc, uint8_t byte) noexcept { return __crc32cb(crc, byte); }
WRT_CRC_TARGET inline uint64_t carryless(uint32_t a, uint32_t b) noexcept {
  return static_cast<uint64_t>(vmull_p64(a, b));
}
bool processor_has_them() noexcept {
  const unsigned long has = getauxval(AT_HWCAP);
  return (has & HWCAP_CRC32) != 0 && (has & HWCAP_PMULL) != 0;
}
constexpr const char *kName = "crc32c+pmull";

#endif

// ---- the same on both

template <class Word>
Word load(const uint8_t *p) noexcept {
  Word word = 0;
  __builtin_memcpy(&word, p, sizeof(word));
  return word;
}

WRT_CRC_TARGET uint32_t native_of(uint32_t crc, const uint8_t *p, size_t n) {
  for (; n >= 8; n -= 8, p += 8) crc = step8(crc, load<uint64_t>(p));
  if ((n & 4) != 0) {
    crc = step4(crc, load<uint32_t>(p));
    p += 4;
  }
  for (size_t i = 0; i < (n & 3); i++) crc = step1(crc, p[i]);
  return crc;
}

WRT_CRC_TARGET uint32_t native_shift(uint32_t crc, size_t n) {
  return step8(0, carryless(crc, crc::kShiftConstants.at[n]));
}

WRT_CRC_TARGET uint32_t native_of_change(const uint8_t *a, const uint8_t *b, size_t n, size_t zeros) {
  uint32_t crc = 0;
  for (; n >= 8; n -= 8, a += 8, b += 8) crc = step8(crc, load<uint64_t>(a) ^ load<uint64_t>(b));
  if ((n & 4) != 0) {
    crc = step4(crc, load<uint32_t>(a) ^ load<uint32_t>(b));
    a += 4;
    b += 4;
  }
  for (size_t i = 0; i < (n & 3); i++) crc = step1(crc, static_cast<uint8_t>(a[i] ^ b[i]));
  return native_shift(crc, zeros);
}

// The instruction takes three cycles and starts every cycle: four blocks side by side hide that.
WRT_CRC_TARGET bool four_good(const uint8_t *p, const uint32_t *checks, size_t block_len) noexcept {
  uint32_t a = 0;
  uint32_t b = 0;
  uint32_t c = 0;
  uint32_t d = 0;
  for (size_t i = 0; i < block_len; i += 8) {
    a = step8(a, load<uint64_t>(p + i));
    b = step8(b, load<uint64_t>(p + block_len + i));
    c = step8(c, load<uint64_t>(p + 2 * block_len + i));
    d = step8(d, load<uint64_t>(p + 3 * block_len + i));
  }
  return ((a ^ checks[0]) | (b ^ checks[1]) | (c ^ checks[2]) | (d ^ checks[3])) == 0;
}

WRT_CRC_TARGET size_t native_good_blocks(const uint8_t *p, const uint32_t *checks, size_t count, size_t block_len) {
  size_t i = 0;
  while (i + 4 <= count && four_good(p + i * block_len, checks + i, block_len)) i += 4;
  while (i < count && native_of(0, p + i * block_len, block_len) == checks[i]) i++;
  return i;
}

// Most writes are of one word.
WRT_CRC_TARGET wrt_status native_put(uint32_t *check, uint8_t *to, const uint8_t *from, size_t n, size_t zeros) {
  if (n == sizeof(uint64_t)) {
    const auto word = load<uint64_t>(from);
    const uint32_t change = step8(0, word ^ load<uint64_t>(to));
    __builtin_memcpy(to, &word, sizeof(word));
    *check ^= native_shift(change, zeros);
    return WRT_OK;
  }
  *check ^= native_of_change(to, from, n, zeros);
  copy_small(to, from, n);
  return WRT_OK;
}

constexpr Crc32c kNative{kName, native_of, native_of_change, native_shift, native_good_blocks, native_put};

}  // namespace

const Crc32c *native_crc32c() noexcept { return processor_has_them() ? &kNative : nullptr; }

#endif

}  // namespace wrt
