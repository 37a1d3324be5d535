// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/blocks.hpp"

#include "cpp/core/crc32c.hpp"
#include "cpp/core/extent.hpp"

namespace wrt {

uint64_t CheckedBytes::end_of(uint64_t block) const noexcept { return least((block + 1) * kBlockLen, len); }

uint32_t CheckedBytes::check_value(uint64_t block) const noexcept {
  const uint64_t start = block * kBlockLen;
  const auto n = static_cast<size_t>(end_of(block) - start);
  const Crc32c &crc = crc32c();
  const uint32_t value = crc.of(0, base + start, n);
  return n == kBlockLen ? value : crc.shift(value, kBlockLen - n);
}

uint64_t CheckedBytes::first_bad(uint64_t first, uint64_t last) const noexcept {
  const uint64_t whole = least(last, len / kBlockLen);
  if (first < whole) {
    const auto count = static_cast<size_t>(whole - first);
    first += crc32c().good_blocks(base + first * kBlockLen, checks + first, count, kBlockLen);
    if (first < whole) return first;
  }
  while (first < last && good(first)) first++;
  return first;
}

void CheckedBytes::expect_piece(uint64_t offset, const uint8_t *piece, uint64_t n) noexcept {
  const uint64_t block = offset / kBlockLen;
  const uint64_t start = block * kBlockLen;
  const auto to_end = static_cast<size_t>(start + kBlockLen - (offset + n));
  const Crc32c &crc = crc32c();
  const bool whole = offset == start && offset + n == end_of(block);
  if (whole) {
    checks[block] = crc.shift(crc.of(0, piece, static_cast<size_t>(n)), to_end);
  } else {
    checks[block] ^= crc.of_change(base + offset, piece, static_cast<size_t>(n), to_end);
  }
}

void CheckedBytes::expect_write(uint64_t offset, const uint8_t *src, uint64_t n) noexcept {
  while (n != 0) {
    const uint64_t part = least(n, kBlockLen - offset % kBlockLen);
    expect_piece(offset, src, part);
    offset += part;
    src += part;
    n -= part;
  }
}

void CheckedBytes::expect_fill(uint64_t offset, uint8_t value, uint64_t n) noexcept {
  uint8_t piece[kBlockLen];
  __builtin_memset(piece, value, sizeof(piece));
  while (n != 0) {
    const uint64_t part = least(n, kBlockLen - offset % kBlockLen);
    expect_piece(offset, piece, part);
    offset += part;
    n -= part;
  }
}

void CheckedBytes::seal(uint64_t first, uint64_t last) noexcept {
  for (uint64_t block = first; block < last; block++) checks[block] = check_value(block);
}

}  // namespace wrt
