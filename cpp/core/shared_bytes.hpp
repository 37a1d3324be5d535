// SPDX-License-Identifier: Apache-2.0 OR MIT
// Moves of bytes that other threads read and write at the same time: each byte is one that was there, and an aligned 2,
// 4 or 8 that is moved whole is not torn where the machine has words so wide (threads proposal, "Memory model").
#ifndef WRT_CORE_SHARED_BYTES_HPP
#define WRT_CORE_SHARED_BYTES_HPP

#include <stddef.h>
#include <stdint.h>

namespace wrt {

/// The longest power of two that `place` is aligned to and that fits into n, up to a machine word. n >= 1.
inline size_t piece_at(uintptr_t place, size_t n) noexcept {
  size_t piece = sizeof(uintptr_t);
  while (piece > n || (place & (piece - 1)) != 0) piece /= 2;
  return piece;
}

template <class Word>
void get_word(uint8_t *to, const uint8_t *from) noexcept {
  typedef Word Aligned __attribute__((may_alias));
  const Word word = __atomic_load_n(reinterpret_cast<const Aligned *>(from), __ATOMIC_RELAXED);
  __builtin_memcpy(to, &word, sizeof(word));
}

template <class Word>
void put_word(uint8_t *to, const uint8_t *from) noexcept {
  typedef Word Aligned __attribute__((may_alias));
  Word word;
  __builtin_memcpy(&word, from, sizeof(word));
  __atomic_store_n(reinterpret_cast<Aligned *>(to), word, __ATOMIC_RELAXED);
}

inline void get_piece(uint8_t *to, const uint8_t *from, size_t piece) noexcept {
  switch (piece) {
    case 1:
      return get_word<uint8_t>(to, from);
    case 2:
      return get_word<uint16_t>(to, from);
    case 4:
      return get_word<uint32_t>(to, from);
    default:
      return get_word<uintptr_t>(to, from);
  }
}

inline void put_piece(uint8_t *to, const uint8_t *from, size_t piece) noexcept {
  switch (piece) {
    case 1:
      return put_word<uint8_t>(to, from);
    case 2:
      return put_word<uint16_t>(to, from);
    case 4:
      return put_word<uint32_t>(to, from);
    default:
      return put_word<uintptr_t>(to, from);
  }
}

/// From shared bytes to one's own.
[[gnu::noinline]] inline void get_shared(uint8_t *to, const uint8_t *from, size_t n) noexcept {
  while (n != 0) {
    const size_t piece = piece_at(reinterpret_cast<uintptr_t>(from), n);
    get_piece(to, from, piece);
    to += piece;
    from += piece;
    n -= piece;
  }
}

/// From one's own bytes to shared ones.
[[gnu::noinline]] inline void put_shared(uint8_t *to, const uint8_t *from, size_t n) noexcept {
  while (n != 0) {
    const size_t piece = piece_at(reinterpret_cast<uintptr_t>(to), n);
    put_piece(to, from, piece);
    to += piece;
    from += piece;
    n -= piece;
  }
}

[[gnu::noinline]] inline void fill_shared(uint8_t *to, uint8_t value, size_t n) noexcept {
  uint8_t word[sizeof(uintptr_t)];
  __builtin_memset(word, value, sizeof(word));
  while (n != 0) {
    const size_t piece = piece_at(reinterpret_cast<uintptr_t>(to), n);
    put_piece(to, word, piece);
    to += piece;
    n -= piece;
  }
}

/// Both are shared, and may overlap.
[[gnu::noinline]] inline void move_shared(uint8_t *to, const uint8_t *from, size_t n) noexcept {
  const auto target = reinterpret_cast<uintptr_t>(to);
  const auto source = reinterpret_cast<uintptr_t>(from);
  const bool forwards = target <= source;
  size_t done = 0;
  while (done < n) {
    const size_t rest = n - done;
    // Forwards a piece begins where the last one ended; backwards it ends where the last one began.
    const size_t at = forwards ? done : rest;
    const size_t piece = piece_at((source + at) | (target + at), rest);
    const size_t begin = forwards ? done : rest - piece;
    uint8_t word[sizeof(uintptr_t)];
    get_piece(word, from + begin, piece);
    put_piece(to + begin, word, piece);
    done += piece;
  }
}

/// Whether both are the same, byte by byte, each as it was at some time during the call.
[[gnu::noinline]] inline bool equal_shared(const uint8_t *a, const uint8_t *b, uint64_t n) noexcept {
  constexpr uint64_t kChunk = 256;
  uint8_t left[kChunk];
  uint8_t right[kChunk];
  for (uint64_t done = 0; done < n; done += kChunk) {
    const auto len = static_cast<size_t>(n - done < kChunk ? n - done : kChunk);
    get_shared(left, a + done, len);
    get_shared(right, b + done, len);
    if (__builtin_memcmp(left, right, len) != 0) return false;
  }
  return true;
}

}  // namespace wrt

#endif  // WRT_CORE_SHARED_BYTES_HPP
