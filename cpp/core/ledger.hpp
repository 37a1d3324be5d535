// SPDX-License-Identifier: Apache-2.0 OR MIT
// The borrow ledger: which ranges of a memory the host holds pointers into.
#ifndef WRT_CORE_LEDGER_HPP
#define WRT_CORE_LEDGER_HPP

#include <stdint.h>

#include "wrtmem/wrtmem.h"

namespace wrt {

struct Borrow {
  uint64_t offset;
  uint64_t n;
  uint64_t access;  // WRT_BORROW_READ, WRT_BORROW_WRITE or both
  uint64_t seal;    // of the rest: a stray word in any one of the four is certain to show

  static constexpr Borrow make(uint64_t offset, uint64_t n, uint32_t access) noexcept {
    Borrow borrow{offset, n, access, 0};
    borrow.seal = borrow.folded();
    return borrow;
  }

  constexpr bool sound() const noexcept { return seal == folded(); }
  constexpr bool writes() const noexcept { return (access & WRT_BORROW_WRITE) != 0; }
  constexpr bool overlaps(uint64_t other_offset, uint64_t other_n) const noexcept {
    return n != 0 && other_n != 0 && offset < other_offset + other_n && other_offset < offset + n;
  }

 private:
  constexpr uint64_t folded() const noexcept { return ~(offset ^ (n << 32 | n >> 32) ^ access); }
};

/// At most N borrows at once, kept dense: O(borrows) to add and to remove, nothing allocated. Ranges are inside the
/// memory, so their ends do not overflow.
template <uint32_t N>
struct BorrowLedger {
  uint32_t count;
  uint32_t writers;
  uint32_t count_copy;
  uint32_t writers_copy;
  Borrow entries[N];

  /// Whether every copy agrees, so that the entries can be followed: O(borrows).
  constexpr bool sound() const noexcept {
    if (count != count_copy || writers != writers_copy || count > N) return false;
    for (uint32_t i = 0; i < count; i++) {
      if (!entries[i].sound()) return false;
    }
    return true;
  }

  /// 0 when it is sound and nothing is out; O(1).
  constexpr uint32_t out() const noexcept { return count | writers | count_copy | writers_copy; }

  /// BUSY when a write would overlap; POOL_EXHAUSTED when N are out already.
  constexpr wrt_status may_add(uint64_t offset, uint64_t n, uint32_t access) const noexcept {
    const Borrow wanted = Borrow::make(offset, n, access);
    for (uint32_t i = 0; i < live(); i++) {
      const bool conflicting = wanted.writes() || entries[i].writes();
      if (conflicting && entries[i].overlaps(offset, n)) return WRT_ERR_BUSY;
    }
    return count >= N ? WRT_ERR_POOL_EXHAUSTED : WRT_OK;
  }

  constexpr wrt_status add(uint64_t offset, uint64_t n, uint32_t access) noexcept {
    if (wrt_status status = may_add(offset, n, access)) return status;
    entries[count] = Borrow::make(offset, n, access);
    if (entries[count].writes()) writers++;
    count++;
    copy_counts();
    return WRT_OK;
  }

  /// Whether a write-borrow reaches into the range.
  constexpr bool written(uint64_t offset, uint64_t n) const noexcept {
    for (uint32_t i = 0; i < live() && writers != 0; i++) {
      if (entries[i].writes() && entries[i].overlaps(offset, n)) return true;
    }
    return false;
  }

  /// Ends one borrow of exactly that range; false when there is none.
  constexpr bool remove(uint64_t offset, uint64_t n) noexcept {
    for (uint32_t i = 0; i < live(); i++) {
      if (entries[i].offset != offset || entries[i].n != n) continue;
      if (entries[i].writes()) writers--;
      count--;
      entries[i] = entries[count];
      copy_counts();
      return true;
    }
    return false;
  }

  constexpr bool holds() const noexcept {
    if (!sound()) return false;
    uint32_t writing = 0;
    for (uint32_t i = 0; i < count; i++) {
      const uint64_t access = entries[i].access;
      if (access == 0 || access > (WRT_BORROW_READ | WRT_BORROW_WRITE)) return false;
      if (!entries[i].writes()) continue;
      writing++;
      for (uint32_t j = 0; j < count; j++) {
        if (j != i && entries[j].overlaps(entries[i].offset, entries[i].n)) return false;
      }
    }
    return writing == writers;
  }

 private:
  constexpr uint32_t live() const noexcept { return count < N ? count : N; }
  constexpr void copy_counts() noexcept {
    count_copy = count;
    writers_copy = writers;
  }
};

}  // namespace wrt

#endif  // WRT_CORE_LEDGER_HPP
