// SPDX-License-Identifier: Apache-2.0 OR MIT
// Whether there is anything but zeros.
#ifndef WRT_TIERS_ZERO_HPP
#define WRT_TIERS_ZERO_HPP

#include "cpp/core/bits.hpp"

namespace wrt {

/// n >= 1. Bytes that are the same as their neighbours are all the same as the first one.
inline bool all_zero(const uint8_t *bytes, size_t n) noexcept {
  return bytes[0] == 0 && equal_bytes(bytes, bytes + 1, n - 1);
}

}  // namespace wrt

#endif  // WRT_TIERS_ZERO_HPP
