// SPDX-License-Identifier: Apache-2.0 OR MIT
// A value with a redundant copy of itself, so that a stray write to it is noticed before it is used.
#ifndef WRT_CORE_MIRRORED_HPP
#define WRT_CORE_MIRRORED_HPP

#include <stddef.h>
#include <stdint.h>

namespace wrt {

/// `now` is what is used; after every change, `seal()` renews the copy. The copy is the complement, so that the same
/// stray pattern over both is noticed too, and it is made of words, so that comparing costs O(sizeof(T)).
template <class T>
struct Mirrored {
  static constexpr size_t kWords = sizeof(T) / sizeof(uintptr_t);
  static_assert(sizeof(T) % sizeof(uintptr_t) == 0);

  T now;
  uintptr_t inverse[kWords];

  void seal() noexcept {
    for (size_t i = 0; i < kWords; i++) inverse[i] = ~word(i);
  }

  void set(const T &value) noexcept {
    now = value;
    seal();
  }

  /// The same for one member alone: the rest is not written to.
  template <class Member>
  void seal(Member T::*member) noexcept {
    const auto *from = reinterpret_cast<const unsigned char *>(&(now.*member));
    unsigned char *to =
        reinterpret_cast<unsigned char *>(inverse) + (from - reinterpret_cast<const unsigned char *>(&now));
    // NOLINTNEXTLINE(bugprone-sizeof-expression): a member may be a pointer
    for (size_t i = 0; i < sizeof(Member); i++) to[i] = static_cast<unsigned char>(~from[i]);
  }

  /// Whether one member is what its copy says.
  template <class Member>
  bool agrees(Member T::*member) const noexcept {
    const auto *here = reinterpret_cast<const unsigned char *>(&(now.*member));
    const auto *copy =
        reinterpret_cast<const unsigned char *>(inverse) + (here - reinterpret_cast<const unsigned char *>(&now));
    unsigned difference = 0;
    // NOLINTNEXTLINE(bugprone-sizeof-expression): a member may be a pointer
    for (size_t i = 0; i < sizeof(Member); i++) difference |= here[i] ^ (~unsigned{copy[i]} & 0xffU);
    return difference == 0;
  }

  /// The value that the copy stands for, for a vote between copies.
  T restored() const noexcept {
    uintptr_t words[kWords];
    for (size_t i = 0; i < kWords; i++) words[i] = ~inverse[i];
    T value;
    __builtin_memcpy(&value, words, sizeof(T));
    return value;
  }

  bool holds() const noexcept {
    uintptr_t difference = 0;
    for (size_t i = 0; i < kWords; i++) difference |= word(i) ^ ~inverse[i];
    return difference == 0;
  }

 private:
  uintptr_t word(size_t i) const noexcept {
    uintptr_t w = 0;
    __builtin_memcpy(&w, reinterpret_cast<const unsigned char *>(&now) + i * sizeof(w), sizeof(w));
    return w;
  }
};

}  // namespace wrt

#endif  // WRT_CORE_MIRRORED_HPP
