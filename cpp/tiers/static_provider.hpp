// SPDX-License-Identifier: Apache-2.0 OR MIT
// A linear memory whose bytes are inside the object: no heap, no operating system, usable in constant expressions.
#ifndef WRT_TIERS_STATIC_PROVIDER_HPP
#define WRT_TIERS_STATIC_PROVIDER_HPP

#include "cpp/tiers/provider.hpp"

namespace wrt {

/// Up to N bytes. Growth is O(1); shrinking scrubs what is cut off.
template <size_t N>
class StaticProvider {
 public:
  constexpr StaticProvider() noexcept = default;

  /// LIMIT when initial_len is above max_len, or max_len above N.
  static constexpr Outcome<StaticProvider> create(uint64_t initial_len, uint64_t max_len = N) noexcept {
    Outcome<StaticProvider> made;
    wrt_k_mem m = made.value.mem();
    made.status = wrt_k_open(&m, made.value.bytes_, N, initial_len, max_len);
    made.value.len_ = m.len;
    made.value.max_len_ = m.cap;
    return made;
  }

  constexpr uint64_t len() const noexcept { return len_; }
  constexpr uint64_t max_len() const noexcept { return max_len_; }

  constexpr Outcome<ByteView> read_bytes(uint64_t offset, uint64_t length) const noexcept {
    return read_range(bytes_, len_, offset, length);
  }

  constexpr wrt_status write_bytes(uint64_t offset, ByteView data) noexcept {
    wrt_k_mem m = mem();
    return wrt_k_write(&m, offset, data.data(), data.size());
  }

  constexpr wrt_status resize(uint64_t new_len) noexcept {
    wrt_k_mem m = mem();
    const wrt_status status = wrt_k_resize(&m, new_len);
    len_ = m.len;
    return status;
  }

  constexpr Outcome<StaticProvider> clone() const noexcept { return {WRT_OK, *this}; }

  constexpr bool operator==(const StaticProvider &other) const noexcept {
    return len_ == other.len_ && same_bytes(bytes_, other.bytes_, len_);
  }

  /// Bytes at and past the length are zero.
  constexpr bool holds() const noexcept {
    if (len_ > max_len_ || max_len_ > N) return false;
    for (uint64_t i = len_; i < N; i++) {
      if (bytes_[i] != 0) return false;
    }
    return true;
  }

 private:
  static_assert(N > 0);

  alignas(kBaseAlignment) uint8_t bytes_[N] = {};
  uint64_t len_ = 0;
  uint64_t max_len_ = N;

  constexpr wrt_k_mem mem() noexcept { return {len_, max_len_, bytes_}; }
};
static_assert(MemoryProvider<StaticProvider<64>>);

}  // namespace wrt

#endif  // WRT_TIERS_STATIC_PROVIDER_HPP
