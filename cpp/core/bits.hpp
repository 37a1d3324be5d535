// SPDX-License-Identifier: Apache-2.0 OR MIT
// Arithmetic that small processors have no instruction for, without the compiler's own functions for it: an archive for
// bare metal asks for none.
#ifndef WRT_CORE_BITS_HPP
#define WRT_CORE_BITS_HPP

#include <stddef.h>
#include <stdint.h>

namespace wrt {

#if (defined(__arm__) && !defined(__ARM_FEATURE_CLZ)) || (defined(__riscv) && !defined(__riscv_zbb))
inline constexpr bool kCountsZeros = false;
#else
inline constexpr bool kCountsZeros = true;
#endif

/// Of value != 0.
template <class Word>
constexpr uint32_t trailing_zeros(Word value) noexcept {
  if constexpr (kCountsZeros && sizeof(Word) <= sizeof(uint32_t)) {
    return static_cast<uint32_t>(__builtin_ctz(value));
  } else if constexpr (kCountsZeros && sizeof(Word) <= sizeof(uintptr_t)) {
    return static_cast<uint32_t>(__builtin_ctzll(value));
  } else if constexpr (sizeof(Word) > sizeof(uint32_t)) {
    const auto low = static_cast<uint32_t>(value);
    return low != 0 ? trailing_zeros(low) : 32 + trailing_zeros(static_cast<uint32_t>(value >> 32));
  } else {
    uint32_t count = 0;
    for (uint32_t half = sizeof(Word) * 4; half != 0; half /= 2) {
      if ((value & ((Word{1} << half) - 1)) != 0) continue;
      count += half;
      value = static_cast<Word>(value >> half);
    }
    return count;
  }
}

/// n < 64.
constexpr uint64_t shift_left(uint64_t value, uint32_t n) noexcept {
  if constexpr (sizeof(uintptr_t) == sizeof(uint64_t)) return value << n;
  const auto low = static_cast<uint32_t>(value);
  const auto high = static_cast<uint32_t>(value >> 32);
  if (n >= 32) return uint64_t{low << (n - 32)} << 32;
  if (n == 0) return value;
  return uint64_t{high << n | low >> (32 - n)} << 32 | low << n;
}

constexpr uint64_t shift_right(uint64_t value, uint32_t n) noexcept {
  if constexpr (sizeof(uintptr_t) == sizeof(uint64_t)) return value >> n;
  const auto low = static_cast<uint32_t>(value);
  const auto high = static_cast<uint32_t>(value >> 32);
  if (n >= 32) return high >> (n - 32);
  if (n == 0) return value;
  return uint64_t{high >> n} << 32 | (high << (32 - n) | low >> n);
}

/// Whether a * b <= most; then it is in `product`.
constexpr bool multiply(size_t a, size_t b, size_t most, size_t &product) noexcept {
  constexpr uint32_t kHalf = sizeof(size_t) * 4;
  constexpr size_t kLow = (size_t{1} << kHalf) - 1;
  const size_t a_high = a >> kHalf;
  const size_t b_high = b >> kHalf;
  if (a_high != 0 && b_high != 0) return false;
  const size_t middle = a_high * (b & kLow) + (a & kLow) * b_high;  // one of the two is 0
  const size_t low = (a & kLow) * (b & kLow);
  if (middle > kLow || low > SIZE_MAX - (middle << kHalf)) return false;
  product = low + (middle << kHalf);
  return product <= most;
}

inline bool equal_bytes(const uint8_t *a, const uint8_t *b, size_t n) noexcept {
#ifndef WRT_HOST_NONE
  return n == 0 || __builtin_memcmp(a, b, n) == 0;
#else
  typedef uintptr_t Word __attribute__((may_alias));
  size_t i = 0;
  if ((reinterpret_cast<uintptr_t>(a) | reinterpret_cast<uintptr_t>(b)) % sizeof(Word) == 0) {
    for (; n - i >= sizeof(Word); i += sizeof(Word)) {
      if (*reinterpret_cast<const Word *>(a + i) != *reinterpret_cast<const Word *>(b + i)) return false;
    }
  }
  for (; i < n; i++) {
    if (a[i] != b[i]) return false;
  }
  return true;
#endif
}

}  // namespace wrt

#endif  // WRT_CORE_BITS_HPP
