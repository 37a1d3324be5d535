// SPDX-License-Identifier: Apache-2.0 OR MIT
// Atomic access to 1, 2, 4 or 8 aligned bytes of linear memory: sequentially consistent, little-endian on every host.
#ifndef WRT_CORE_CELL_HPP
#define WRT_CORE_CELL_HPP

#include <stdint.h>

#include "cpp/core/atomic.hpp"
#include "wrtmem/wrtmem.h"

namespace wrt {

/// What wrt_mem_atomic_rmw stores; the operation is one of WRT_ATOMIC_*.
constexpr uint64_t combine(int32_t op, uint64_t old, uint64_t operand) noexcept {
  switch (op) {
    case WRT_ATOMIC_ADD:
      return old + operand;
    case WRT_ATOMIC_SUB:
      return old - operand;
    case WRT_ATOMIC_AND:
      return old & operand;
    case WRT_ATOMIC_OR:
      return old | operand;
    case WRT_ATOMIC_XOR:
      return old ^ operand;
    default:
      return operand;
  }
}

/// `Word` is an unsigned integer of the access's width; the place is aligned to it. Where the target has no atomic
/// operation of that width the access is under the port's lock, and where there is no such lock it is plain, which
/// serves memories that no two threads share.
template <class Word>
struct Cell {
  typedef Word Aligned __attribute__((aligned(sizeof(Word)), may_alias));
  Aligned *place;

  explicit Cell(uint8_t *at) noexcept : place(reinterpret_cast<Aligned *>(at)) {}

  uint64_t load() const noexcept { return swap(load_raw()); }

  void store(uint64_t value) noexcept {
    const Word raw = swap(static_cast<Word>(value));
    if constexpr (kNative) {
      __atomic_store_n(place, raw, __ATOMIC_SEQ_CST);
    } else {
      const Exclusion exclusion;
      *place = raw;
    }
  }

  uint64_t rmw(int32_t op, uint64_t operand) noexcept {
    Word old = load_raw();
    while (!cas(old, swap(static_cast<Word>(combine(op, swap(old), operand))))) {
    }
    return swap(old);
  }

  /// What was there; stored is whether the replacement went in.
  uint64_t cmpxchg(uint64_t expected, uint64_t replacement, bool &stored) noexcept {
    Word old = swap(static_cast<Word>(expected));
    stored = cas(old, swap(static_cast<Word>(replacement)));
    return swap(old);
  }

 private:
  using Exclusion = Lock<kLocked<sizeof(Word)>>;
  static constexpr bool kNative = !kLocked<sizeof(Word)> && __atomic_always_lock_free(sizeof(Word), nullptr);

  Word load_raw() const noexcept {
    if constexpr (kNative) return __atomic_load_n(place, __ATOMIC_SEQ_CST);
    const Exclusion exclusion;
    return *place;
  }

  bool cas(Word &expected, Word desired) noexcept {
    if constexpr (kNative) {
      Aligned seen = as_compared(expected);
      const bool stored = __atomic_compare_exchange_n(place, &seen, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
      expected = seen;
      return stored;
    }
    const Exclusion exclusion;
    const Word seen = *place;
    const bool same = seen == expected;
    if (same) *place = desired;
    expected = seen;
    return same;
  }

  /// To and from little-endian.
  static Word swap(Word value) noexcept {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    if constexpr (sizeof(Word) == 8) return __builtin_bswap64(value);
    if constexpr (sizeof(Word) == 4) return __builtin_bswap32(value);
    if constexpr (sizeof(Word) == 2) return __builtin_bswap16(value);
#endif
    return value;
  }
};

/// Calls `call` with the Cell of that width at that place; width is 1, 2, 4 or 8.
template <class Call>
auto with_cell(uint8_t *at, uint32_t width, Call call) noexcept {
  switch (width) {
    case 1:
      return call(Cell<uint8_t>(at));
    case 2:
      return call(Cell<uint16_t>(at));
    case 4:
      return call(Cell<uint32_t>(at));
    default:
      return call(Cell<uint64_t>(at));
  }
}

}  // namespace wrt

#endif  // WRT_CORE_CELL_HPP
