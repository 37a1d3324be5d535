// SPDX-License-Identifier: Apache-2.0 OR MIT
// CRC-32C by the instructions of the processor that the library runs on.
#ifndef WRT_CORE_CRC32C_NATIVE_HPP
#define WRT_CORE_CRC32C_NATIVE_HPP

#include "cpp/core/crc32c.hpp"

namespace wrt {

/// NULL when this build or this processor has none.
const Crc32c *native_crc32c() noexcept;

namespace crc {

/// What a CRC is multiplied with, without carries, so that the `crc32` instruction over the product gives the CRC after
/// n zero bytes: x^(8n - 33) modulo the polynomial. (The product of two reflected 32-bit values stands one place low,
/// and the instruction multiplies by x^32.)
struct ShiftConstants {
  uint32_t at[Crc32c::kMostShift + 1];
};

constexpr ShiftConstants make_shift_constants() noexcept {
  ShiftConstants constants{};
  uint32_t power = 0x80000000U;  // x^0
  for (int i = 0; i < 33; i++) power = over_x(power);
  for (size_t n = 0; n <= Crc32c::kMostShift; n++) {
    constants.at[n] = power;
    for (int i = 0; i < 8; i++) power = times_x(power);
  }
  return constants;
}

inline constexpr ShiftConstants kShiftConstants = make_shift_constants();

}  // namespace crc

}  // namespace wrt

#endif  // WRT_CORE_CRC32C_NATIVE_HPP
