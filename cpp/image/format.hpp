// SPDX-License-Identifier: Apache-2.0 OR MIT
// The saved form of an image, as docs/image-format.md describes it. Every number is little-endian.
#ifndef WRT_IMAGE_FORMAT_HPP
#define WRT_IMAGE_FORMAT_HPP

#include <stddef.h>
#include <stdint.h>

#include "cpp/core/crc32c.hpp"

namespace wrt::image {

inline constexpr uint8_t kMagic[8] = {0x89, 'W', 'R', 'T', 'M', 'I', 'M', 'G'};
inline constexpr uint32_t kVersion = 1;
inline constexpr uint64_t kGrain = 4096;  // runs begin at multiples of it
inline constexpr size_t kHeaderLen = 44;
inline constexpr size_t kRunHeaderLen = 16;
inline constexpr size_t kCheckLen = 4;

/// What an image is, as its header says.
struct Header {
  uint64_t len;
  uint64_t max_len;
  uint64_t page_len;
};

// Words of 64 bits go in halves: a shift of one by a variable is a library's function on Cortex-M0.
inline void put_word(uint8_t *to, uint32_t value) noexcept {
  for (uint32_t i = 0; i < 4; i++) to[i] = static_cast<uint8_t>(value >> (8 * i));
}

inline void put_word(uint8_t *to, uint64_t value) noexcept {
  put_word(to, static_cast<uint32_t>(value));
  put_word(to + 4, static_cast<uint32_t>(value >> 32));
}

template <class Word>
Word get_word(const uint8_t *from) noexcept {
  if constexpr (sizeof(Word) == 8) {
    return get_word<uint32_t>(from) | Word{get_word<uint32_t>(from + 4)} << 32;
  } else {
    Word value = 0;
    for (uint32_t i = 0; i < sizeof(Word); i++) value |= Word{from[i]} << (8 * i);
    return value;
  }
}

/// CRC-32C as iSCSI has it (RFC 3720, B.4): that of "123456789" is e3069283.
class Check {
 public:
  void add(const uint8_t *bytes, size_t n) noexcept { state_ = crc32c().of(state_, bytes, n); }
  uint32_t value() const noexcept { return ~state_; }

  static uint32_t of(const uint8_t *bytes, size_t n) noexcept {
    Check check;
    check.add(bytes, n);
    return check.value();
  }

 private:
  uint32_t state_ = 0xffffffffU;
};

}  // namespace wrt::image

#endif  // WRT_IMAGE_FORMAT_HPP
