// SPDX-License-Identifier: Apache-2.0 OR MIT
// Where a memory's bytes are, and what its tier is asked for.
#ifndef WRT_CORE_EXTENT_HPP
#define WRT_CORE_EXTENT_HPP

#include <stddef.h>
#include <stdint.h>

#include "cpp/core/kernel.h"

namespace wrt {

/// The alignment of every base, whatever the tier.
inline constexpr size_t kBaseAlignment = 16;

/// The longest length that an index of this target can reach.
inline constexpr uint64_t kAddressableMax = PTRDIFF_MAX;

/// `bytes.cap` is reached by a length update alone, `capacity` without moving the base.
/// Always: bytes.len <= bytes.cap <= capacity <= max_len; [bytes.len, bytes.cap) is zero; bytes.base is never NULL.
struct Extent {
  wrt_k_mem bytes;
  uint64_t capacity;

  constexpr bool holds(uint64_t max_len) const noexcept {
    return bytes.base != nullptr && bytes.len <= bytes.cap && bytes.cap <= capacity && capacity <= max_len;
  }
};

/// What a source is asked to obtain. Lengths in bytes.
struct Request {
  uint64_t initial_len;
  uint64_t max_len;
  uint64_t reserve_len;    // STD: address space to hold
  uint64_t side_len;       // bytes of the source's own for the tracker, zeroed; 0: none
  bool stable;             // the base never moves
  uint32_t flags = 0;      // of WRT_MEM_GUARD, COMMIT and HUGE
  uint64_t guard_len = 0;  // STD with GUARD: inaccessible bytes behind what is reserved
};

/// Bytes that a source gives beside the memory's own.
struct Side {
  uint8_t *at;
  size_t len;
};

constexpr uint64_t round_up(uint64_t value, uint64_t power_of_two) noexcept {
  return (value + power_of_two - 1) & ~(power_of_two - 1);
}
constexpr uint64_t round_down(uint64_t value, uint64_t power_of_two) noexcept { return value & ~(power_of_two - 1); }
constexpr uint64_t least(uint64_t a, uint64_t b) noexcept { return a < b ? a : b; }
constexpr uint64_t most(uint64_t a, uint64_t b) noexcept { return a > b ? a : b; }

}  // namespace wrt

#endif  // WRT_CORE_EXTENT_HPP
