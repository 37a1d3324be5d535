// SPDX-License-Identifier: Apache-2.0 OR MIT
// Words of few bits for the kernel's set of ids, so that sets of several levels have few enough states to enumerate.
// To be included before cpp/core/kernel.h, whose functions then run over them as they are.
#ifndef WRT_PROOFS_MODELS_SMALL_WORD_HPP
#define WRT_PROOFS_MODELS_SMALL_WORD_HPP

#ifndef WRT_K_WORD_SHIFT
#define WRT_K_WORD_SHIFT 1U
#endif

/// An unsigned integer of 1 << WRT_K_WORD_SHIFT bits.
class SmallWord {
 public:
  SmallWord() = default;
  constexpr explicit SmallWord(unsigned value) noexcept
      : value_(static_cast<unsigned char>(value & ((1U << kBits) - 1))) {}
  constexpr operator unsigned() const noexcept { return value_; }

  friend constexpr SmallWord operator~(SmallWord a) noexcept { return SmallWord(~unsigned{a.value_}); }
  friend constexpr SmallWord operator|(SmallWord a, SmallWord b) noexcept { return SmallWord(a.value_ | b.value_); }
  friend constexpr SmallWord operator&(SmallWord a, SmallWord b) noexcept { return SmallWord(a.value_ & b.value_); }
  friend constexpr SmallWord operator<<(SmallWord a, unsigned n) noexcept { return SmallWord(unsigned{a.value_} << n); }
  friend constexpr SmallWord operator>>(SmallWord a, unsigned n) noexcept { return SmallWord(a.value_ >> n); }
  friend constexpr bool operator==(SmallWord a, SmallWord b) noexcept { return a.value_ == b.value_; }
  friend constexpr bool operator!=(SmallWord a, SmallWord b) noexcept { return a.value_ != b.value_; }
  friend constexpr bool operator==(SmallWord a, int b) noexcept { return a.value_ == b; }
  friend constexpr bool operator!=(SmallWord a, int b) noexcept { return a.value_ != b; }

 private:
  static constexpr unsigned kBits = 1U << WRT_K_WORD_SHIFT;
  static_assert(kBits <= 8);
  unsigned char value_;
};

using wrt_k_word = SmallWord;

// One thread: the atomic operations on such a word are plain ones. Relacy's, where its seam came first.
#ifndef __atomic_load_n
inline SmallWord small_load(const SmallWord *place) noexcept { return *place; }
inline SmallWord small_fetch_or(SmallWord *place, SmallWord bits) noexcept {
  const SmallWord old = *place;
  *place = old | bits;
  return old;
}
inline SmallWord small_fetch_and(SmallWord *place, SmallWord bits) noexcept {
  const SmallWord old = *place;
  *place = old & bits;
  return old;
}
template <class T>
T small_load(const T *place) noexcept {
  return *place;
}

#define __atomic_fetch_or(place, bits, order) small_fetch_or(place, bits)
#define __atomic_fetch_and(place, bits, order) small_fetch_and(place, bits)
#define __atomic_load_n(place, order) small_load(place)
#endif

#endif  // WRT_PROOFS_MODELS_SMALL_WORD_HPP
