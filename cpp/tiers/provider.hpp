// SPDX-License-Identifier: Apache-2.0 OR MIT
// Linear memories as C++ values, for hosts that build from source: what every provider does, and the one class behind
// those whose bytes come from a source.
#ifndef WRT_TIERS_PROVIDER_HPP
#define WRT_TIERS_PROVIDER_HPP

#include "cpp/core/bytes.hpp"
#include "cpp/core/extent.hpp"

namespace wrt {

template <class A, class B>
inline constexpr bool kSame = false;
template <class A>
inline constexpr bool kSame<A, A> = true;
template <class A, class B>
concept Same = kSame<A, B>;

/// A linear memory: `len` bytes that read as zero until they are written, and that can grow and shrink in place.
template <class P>
concept MemoryProvider = requires(P provider, const P &reader, uint64_t n, ByteView data) {
  /// Bytes.
  { reader.len() }
  noexcept->Same<uint64_t>;
  { reader.max_len() }
  noexcept->Same<uint64_t>;
  /// [offset, offset + length) in place, good until the next change of length; or OUT_OF_BOUNDS.
  { reader.read_bytes(n, n) }
  noexcept->Same<Outcome<ByteView>>;
  /// OK or OUT_OF_BOUNDS; the bytes may be the memory's own.
  { provider.write_bytes(n, data) }
  noexcept->Same<wrt_status>;
  /// New bytes are zero. OK, LIMIT or, on a tier that has to ask for room, OUT_OF_MEMORY.
  { provider.resize(n) }
  noexcept->Same<wrt_status>;
  /// A memory of the same kind with the same bytes and maximum.
  { reader.clone() }
  noexcept->Same<Outcome<P>>;
  /// Length and bytes.
  { reader == reader }
  noexcept->Same<bool>;
};

/// What is the same for every provider. The bytes are [base, base + len).
constexpr Outcome<ByteView> read_range(const uint8_t *base, uint64_t len, uint64_t offset, uint64_t length) noexcept {
  if (!wrt_k_in_range(len, offset, length)) return {WRT_ERR_OUT_OF_BOUNDS, {}};
  return {WRT_OK, {base + offset, static_cast<size_t>(length)}};
}

constexpr bool same_bytes(const uint8_t *a, const uint8_t *b, uint64_t n) noexcept {
  if (!__builtin_is_constant_evaluated()) return equal_bytes(a, b, static_cast<size_t>(n));
  for (uint64_t i = 0; i < n; i++) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

/// A provider over a Source. It owns its bytes: it can be moved, and copied by clone() alone.
template <class Source>
class SourceProvider {
 public:
  using Backing = typename Source::Backing;

  /// No memory: length and maximum 0.
  SourceProvider() noexcept = default;
  SourceProvider(const SourceProvider &) = delete;
  SourceProvider &operator=(const SourceProvider &) = delete;
  SourceProvider(SourceProvider &&other) noexcept { swap(other); }
  SourceProvider &operator=(SourceProvider &&other) noexcept {
    swap(other);
    return *this;
  }
  ~SourceProvider() noexcept {
    if (extent_.bytes.base != nullptr) Source::give_back(extent_, backing_, true);
  }

  uint64_t len() const noexcept { return extent_.bytes.len; }
  uint64_t max_len() const noexcept { return max_len_; }
  /// Bytes that can be reached without moving.
  uint64_t capacity() const noexcept { return extent_.capacity; }

  Outcome<ByteView> read_bytes(uint64_t offset, uint64_t length) const noexcept {
    return read_range(extent_.bytes.base, len(), offset, length);
  }

  wrt_status write_bytes(uint64_t offset, ByteView data) noexcept {
    return wrt_k_write(&extent_.bytes, offset, data.data(), data.size());
  }

  wrt_status resize(uint64_t new_len) noexcept {
    if (new_len > max_len_) return WRT_ERR_LIMIT;
    if (new_len < len()) {
      Source::cut(new_len, extent_, backing_);
      return WRT_OK;
    }
    if (new_len > extent_.bytes.cap) {
      if (wrt_status status = Source::extend(new_len, max_len_, extent_, backing_)) return status;
    }
    return wrt_k_grow(&extent_.bytes, new_len);
  }

  bool operator==(const SourceProvider &other) const noexcept {
    return len() == other.len() && same_bytes(extent_.bytes.base, other.extent_.bytes.base, len());
  }

  bool holds() const noexcept {
    return extent_.bytes.base == nullptr ? max_len_ == 0 && len() == 0 : extent_.holds(max_len_);
  }

 protected:
  /// `backing` is what the source wants to start from. LIMIT, OUT_OF_MEMORY or OK.
  wrt_status obtain(uint64_t initial_len, uint64_t max_len, Backing backing) noexcept {
    if (initial_len > max_len) return WRT_ERR_LIMIT;
    Extent extent{};
    if (wrt_status status = Source::obtain({initial_len, max_len, max_len, 0, false}, extent, backing)) return status;
    extent_ = extent;
    backing_ = backing;
    max_len_ = max_len;
    return WRT_OK;
  }

  wrt_status obtain_copy_of(const SourceProvider &other, Backing backing) noexcept {
    if (other.extent_.bytes.base == nullptr) return WRT_OK;
    if (wrt_status status = obtain(other.len(), other.max_len_, backing)) return status;
    wrt_k_move_bytes(extent_.bytes.base, other.extent_.bytes.base, static_cast<size_t>(len()));
    return WRT_OK;
  }

  const Backing &backing() const noexcept { return backing_; }

 private:
  Extent extent_{};
  Backing backing_{};
  uint64_t max_len_ = 0;

  void swap(SourceProvider &other) noexcept {
    const Extent extent = extent_;
    const Backing backing = backing_;
    const uint64_t max_len = max_len_;
    extent_ = other.extent_;
    backing_ = other.backing_;
    max_len_ = other.max_len_;
    other.extent_ = extent;
    other.backing_ = backing;
    other.max_len_ = max_len;
  }
};

}  // namespace wrt

#endif  // WRT_TIERS_PROVIDER_HPP
