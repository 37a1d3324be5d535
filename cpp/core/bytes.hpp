// SPDX-License-Identifier: Apache-2.0 OR MIT
// What the C++ providers take and give: bytes that somebody else owns, and a value with its status.
#ifndef WRT_CORE_BYTES_HPP
#define WRT_CORE_BYTES_HPP

#include <stddef.h>
#include <stdint.h>

#include "wrtmem/wrtmem.h"

namespace wrt {

/// A read-only range of bytes. Anything with data() and size() over bytes converts to it (std::span, std::vector, …).
struct ByteView {
  const uint8_t *bytes = nullptr;
  size_t n = 0;

  constexpr ByteView() noexcept = default;
  constexpr ByteView(const uint8_t *data, size_t size) noexcept : bytes(data), n(size) {}
  template <size_t N>
  constexpr ByteView(const uint8_t (&array)[N]) noexcept : bytes(array), n(N) {}
  template <class Range>
  requires requires(const Range &range, const uint8_t *p, size_t size) {
    p = range.data();
    size = range.size();
  }
  constexpr ByteView(const Range &range) noexcept : bytes(range.data()), n(range.size()) {}

  constexpr const uint8_t *data() const noexcept { return bytes; }
  constexpr size_t size() const noexcept { return n; }
  constexpr bool empty() const noexcept { return n == 0; }
  constexpr const uint8_t *begin() const noexcept { return bytes; }
  constexpr const uint8_t *end() const noexcept { return bytes + n; }
  constexpr const uint8_t &operator[](size_t i) const noexcept { return bytes[i]; }
};

/// A value, and whether there is one.
template <class T>
struct Outcome {
  wrt_status status = WRT_OK;
  T value{};

  constexpr bool ok() const noexcept { return status == WRT_OK; }
  constexpr explicit operator bool() const noexcept { return ok(); }
};

}  // namespace wrt

#endif  // WRT_CORE_BYTES_HPP
