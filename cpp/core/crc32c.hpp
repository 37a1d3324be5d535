// SPDX-License-Identifier: Apache-2.0 OR MIT
// CRC-32C (Castagnoli, polynomial 0x1EDC6F41) with initial value 0 and no final inversion: linear, and 0 for zeros.
#ifndef WRT_CORE_CRC32C_HPP
#define WRT_CORE_CRC32C_HPP

#include <stddef.h>
#include <stdint.h>

#include "cpp/core/blocks.hpp"
#include "wrtmem/wrtmem.h"

namespace wrt {

/// One way to compute it. All ways give the same values. None looks beyond the bytes that it is told of.
struct Crc32c {
  const char *name;
  /// Of `n` bytes that follow what `crc` stands for.
  uint32_t (*of)(uint32_t crc, const uint8_t *bytes, size_t n);
  /// Of the exclusive or of two ranges, with `zeros` zero bytes behind, at most kMostShift.
  uint32_t (*of_change)(const uint8_t *before, const uint8_t *after, size_t n, size_t zeros);
  /// As `n` zero bytes more would make it, n <= kMostShift.
  uint32_t (*shift)(uint32_t crc, size_t n);
  /// How many of `count` whole blocks of `block_len` bytes, from the first on, have the check value that stands for
  /// them.
  size_t (*good_blocks)(const uint8_t *bytes, const uint32_t *checks, size_t count, size_t block_len);
  /// Writes `n` <= 64 bytes inside a block, with `zeros` bytes of it behind them, and brings its check value up to
  /// date. OK, so that it can be the last thing that a call does.
  wrt_status (*put)(uint32_t *check, uint8_t *to, const uint8_t *from, size_t n, size_t zeros);

  static constexpr size_t kMostShift = kBlockLen;  // a byte of a block is never farther from its end
};

/// With tables: everywhere, and in constant expressions.
extern const Crc32c kCrc32cPortable;

/// The ways that this processor has, the fastest first; ends with the portable one. `i` from 0; NULL past the end.
const Crc32c *crc32c_variant(size_t i) noexcept;

/// The fastest, chosen when the library is loaded.
extern const Crc32c *g_crc32c __attribute__((visibility("hidden")));
inline const Crc32c &crc32c() noexcept { return *g_crc32c; }

namespace crc {

inline constexpr uint32_t kPolynomial = 0x82f63b78;  // bit-reflected

/// Times x, and divided by it, modulo the polynomial, in reflected order (x^0 is the top bit).
/// Without a condition: gcc 12 at -O1 drops the upper half of the constant from one on 32-bit Arm.
constexpr uint32_t times_x(uint32_t v) noexcept { return (v >> 1) ^ (kPolynomial & (0U - (v & 1))); }
constexpr uint32_t over_x(uint32_t v) noexcept {
  return (v & 0x80000000U) != 0 ? ((v ^ kPolynomial) << 1) | 1 : v << 1;
}

constexpr uint32_t of_byte(uint32_t crc, uint8_t byte) noexcept {
  crc ^= byte;
  for (int bit = 0; bit < 8; bit++) crc = times_x(crc);
  return crc;
}

/// Bit by bit: the definition, against which everything else is tested.
constexpr uint32_t slow(uint32_t crc, const uint8_t *bytes, size_t n) noexcept {
  for (size_t i = 0; i < n; i++) crc = of_byte(crc, bytes[i]);
  return crc;
}

}  // namespace crc

}  // namespace wrt

#endif  // WRT_CORE_CRC32C_HPP
