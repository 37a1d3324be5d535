// SPDX-License-Identifier: Apache-2.0 OR MIT
// Size-versioned structs: what a host of another release passes is read and written by its own size.
#ifndef WRT_CAPI_STRUCTS_HPP
#define WRT_CAPI_STRUCTS_HPP

#include <stddef.h>
#include <stdint.h>

#include "wrtmem/wrtmem.h"

namespace wrt::capi {

/// No struct will ever be longer: a larger struct_size was never set. Bounds what a wild one can make us touch.
inline constexpr uint32_t kMostStructSize = 65536;

inline bool all_zero(const uint8_t *at, size_t n) noexcept {
  for (size_t i = 0; i < n; i++) {
    if (at[i] != 0) return false;
  }
  return true;
}

/// False for a struct that is malformed: shorter than the first release's, or with a tail that is unknown and not zero.
/// All of the structs are those of the first release.
template <class Struct>
bool read_struct(const Struct *from, Struct &to) noexcept {
  const uint32_t size = from->struct_size;
  if (size < sizeof(Struct) || size > kMostStructSize) return false;
  if (!all_zero(reinterpret_cast<const uint8_t *>(from) + sizeof(Struct), size - sizeof(Struct))) return false;
  to = *from;
  return true;
}

/// Whether there is a struct to fill in.
template <class Struct>
bool writable_struct(const Struct *to) noexcept {
  return to != nullptr && to->struct_size >= sizeof(uint32_t) && to->struct_size <= kMostStructSize;
}

/// Fills in as much as the caller knows of; a tail that the library does not know becomes zero.
template <class Struct>
void write_struct(Struct *to, Struct full) noexcept {
  const size_t size = to->struct_size;
  const size_t filled = size < sizeof(Struct) ? size : sizeof(Struct);
  full.struct_size = static_cast<uint32_t>(filled);
  __builtin_memcpy(to, &full, filled);
  if (size > filled) __builtin_memset(reinterpret_cast<uint8_t *>(to) + filled, 0, size - filled);
}

}  // namespace wrt::capi

#endif  // WRT_CAPI_STRUCTS_HPP
