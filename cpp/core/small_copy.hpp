// SPDX-License-Identifier: Apache-2.0 OR MIT
// Copies of at most 64 bytes without a call: two overlapping moves for each size class, everything loaded before
// anything is stored, so that the ranges may overlap.
#ifndef WRT_CORE_SMALL_COPY_HPP
#define WRT_CORE_SMALL_COPY_HPP

#include <stddef.h>
#include <stdint.h>

namespace wrt {

template <size_t N>
struct Chunk {
  unsigned char bytes[N];
};

/// n in [N, 2N].
template <size_t N>
inline void copy_ends(uint8_t *dst, const uint8_t *src, size_t n) noexcept {
  Chunk<N> head;
  Chunk<N> tail;
  __builtin_memcpy(&head, src, N);
  __builtin_memcpy(&tail, src + n - N, N);
  __builtin_memcpy(dst, &head, N);
  __builtin_memcpy(dst + n - N, &tail, N);
}

/// n in [32, 64]: as two ends of 32, in the pieces that a register holds.
inline void copy_halves(uint8_t *dst, const uint8_t *src, size_t n) noexcept {
  Chunk<16> piece[4];
  const size_t at[4] = {0, 16, n - 32, n - 16};
  for (size_t i = 0; i < 4; i++) __builtin_memcpy(&piece[i], src + at[i], 16);
  for (size_t i = 0; i < 4; i++) __builtin_memcpy(dst + at[i], &piece[i], 16);
}

/// n <= 64.
#ifdef WRT_STATIC_ONLY
inline void copy_small(uint8_t *dst, const uint8_t *src, size_t n) noexcept { __builtin_memmove(dst, src, n); }
#else
inline void copy_small(uint8_t *dst, const uint8_t *src, size_t n) noexcept {
  if (n > 32) return copy_halves(dst, src, n);
  if (n > 16) return copy_ends<16>(dst, src, n);
  if (n > 8) return copy_ends<8>(dst, src, n);
  if (n >= 4) return copy_ends<4>(dst, src, n);
  if (n >= 2) return copy_ends<2>(dst, src, n);
  if (n == 1) *dst = *src;
}
#endif

}  // namespace wrt

#endif  // WRT_CORE_SMALL_COPY_HPP
