// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/crc32c.hpp"

#include "cpp/core/crc32c_native.hpp"
#include "cpp/core/small_copy.hpp"

namespace wrt {

namespace {

// Slicing: table k advances a byte over k more. Where there is no operating system, flash matters more than speed; an
// x86-64 without an instruction for this is rare.
#ifdef WRT_HOST_NONE
constexpr size_t kSlices = 1;
#elif defined(__x86_64__)
constexpr size_t kSlices = 4;
#else
constexpr size_t kSlices = 8;
#endif

struct Tables {
  uint32_t at[kSlices][256];
};

constexpr Tables make_tables() noexcept {
  Tables tables{};
  for (uint32_t byte = 0; byte < 256; byte++) {
    tables.at[0][byte] = crc::of_byte(0, static_cast<uint8_t>(byte));
    for (size_t k = 1; k < kSlices; k++) {
      const uint32_t below = tables.at[k - 1][byte];
      tables.at[k][byte] = crc::of_byte(below, 0);
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();

uint32_t next_byte(uint32_t crc, uint8_t byte) noexcept { return kTables.at[0][(crc ^ byte) & 0xff] ^ (crc >> 8); }

[[maybe_unused]] uint32_t little(const uint8_t *p) noexcept {
  return uint32_t{p[0]} | (uint32_t{p[1]} << 8) | (uint32_t{p[2]} << 16) | (uint32_t{p[3]} << 24);
}

// Four bytes, the first of them by table `first`.
[[maybe_unused]] uint32_t next_four(uint32_t word, size_t first) noexcept {
  uint32_t crc = 0;
  for (size_t i = 0; i < 4; i++) crc ^= kTables.at[(first - i) % kSlices][(word >> (8 * i)) & 0xff];
  return crc;
}

[[maybe_unused]] uint32_t next_eight(uint32_t low, uint32_t high) noexcept {
  if constexpr (kSlices == 4) {
    return next_four(next_four(low, 3) ^ high, 3);
  } else {
    return next_four(low, 7) ^ next_four(high, 3);
  }
}

uint32_t portable_of(uint32_t crc, const uint8_t *bytes, size_t n) {
  if constexpr (kSlices > 1) {
    for (; n >= 8; n -= 8, bytes += 8) crc = next_eight(crc ^ little(bytes), little(bytes + 4));
  }
  for (size_t i = 0; i < n; i++) crc = next_byte(crc, bytes[i]);
  return crc;
}

uint32_t portable_shift(uint32_t crc, size_t n) {
  if constexpr (kSlices > 1) {
    for (; n >= 8; n -= 8) crc = next_eight(crc, 0);
  }
  for (size_t i = 0; i < n; i++) crc = next_byte(crc, 0);
  return crc;
}

uint32_t portable_of_change(const uint8_t *before, const uint8_t *after, size_t n, size_t zeros) {
  uint32_t crc = 0;
  if constexpr (kSlices > 1) {
    for (; n >= 8; n -= 8, before += 8, after += 8) {
      crc = next_eight(crc ^ little(before) ^ little(after), little(before + 4) ^ little(after + 4));
    }
  }
  for (size_t i = 0; i < n; i++) crc = next_byte(crc, static_cast<uint8_t>(before[i] ^ after[i]));
  return portable_shift(crc, zeros);
}

size_t portable_good_blocks(const uint8_t *bytes, const uint32_t *checks, size_t count, size_t block_len) {
  for (size_t i = 0; i < count; i++) {
    if (portable_of(0, bytes + i * block_len, block_len) != checks[i]) return i;
  }
  return count;
}

wrt_status portable_put(uint32_t *check, uint8_t *to, const uint8_t *from, size_t n, size_t zeros) {
  *check ^= portable_of_change(to, from, n, zeros);
  copy_small(to, from, n);
  return WRT_OK;
}

}  // namespace

const Crc32c kCrc32cPortable{"tables",       portable_of,          portable_of_change,
                             portable_shift, portable_good_blocks, portable_put};

const Crc32c *g_crc32c = &kCrc32cPortable;

const Crc32c *crc32c_variant(size_t i) noexcept {
  const Crc32c *native = native_crc32c();
  if (native == nullptr) return i == 0 ? &kCrc32cPortable : nullptr;
  if (i == 0) return native;
  return i == 1 ? &kCrc32cPortable : nullptr;
}

#ifndef WRT_HOST_NONE
__attribute__((constructor)) static void choose_at_load() { g_crc32c = crc32c_variant(0); }
#endif

}  // namespace wrt
