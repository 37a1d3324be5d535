// SPDX-License-Identifier: Apache-2.0 OR MIT
// The access tracker of a memory created with WRT_MEM_TRACK: exact counts, and one bit a region of 64 KiB.
#ifndef WRT_CORE_TRACKER_HPP
#define WRT_CORE_TRACKER_HPP

#include <stddef.h>
#include <stdint.h>

#include "wrtmem/wrtmem.h"

namespace wrt {

inline constexpr uint32_t kRegionShift = 16;                // a region is 64 KiB
inline constexpr uint64_t kTrackedMax = uint64_t{1} << 40;  // the longest max_len that can be tracked

/// The bytes of the bitmap for a memory that can become max_len long. max_len <= kTrackedMax.
constexpr uint64_t region_map_len(uint64_t max_len) noexcept {
  const uint64_t regions = (max_len + (uint64_t{1} << kRegionShift) - 1) >> kRegionShift;
  return (regions + 7) / 8;
}

/// The counters. The bitmap belongs to the memory's source and is handed in: zeroed, region_map_len(max_len) bytes.
struct Tracker {
  uint64_t reads;
  uint64_t writes;
  uint64_t bytes_read;
  uint64_t bytes_written;
  uint64_t denied;
  uint64_t max_access;
  uint64_t regions;
  uint64_t denied_offset;  // of the last refused range
  uint64_t denied_len;
  uint64_t changes_seen;
  wrt_mem_change changes[WRT_MEM_CHANGES];  // the last ones, as a ring

  constexpr void deny(uint64_t offset, uint64_t n) noexcept {
    denied++;
    denied_offset = offset;
    denied_len = n;
  }

  constexpr void change(uint64_t from, uint64_t to, wrt_status status) noexcept {
    changes[changes_seen % WRT_MEM_CHANGES] = {from, to, status, 0};
    changes_seen++;
  }

  /// The oldest of those that are kept comes first.
  constexpr void history(wrt_mem_history &out) const noexcept {
    const uint64_t kept = changes_seen < WRT_MEM_CHANGES ? changes_seen : WRT_MEM_CHANGES;
    out.count = static_cast<uint32_t>(kept);
    for (uint64_t i = 0; i < kept; i++) out.changes[i] = changes[(changes_seen - kept + i) % WRT_MEM_CHANGES];
    out.denied_offset = denied_offset;
    out.denied_len = denied_len;
  }

  constexpr void read(uint8_t *map, uint64_t offset, uint64_t n) noexcept {
    reads++;
    bytes_read += n;
    touch(map, offset, n);
  }

  constexpr void write(uint8_t *map, uint64_t offset, uint64_t n) noexcept {
    writes++;
    bytes_written += n;
    touch(map, offset, n);
  }

  constexpr void clear(uint8_t *map, size_t map_len) noexcept {
    for (size_t i = 0; i < map_len; i++) {
      if (map[i] != 0) map[i] = 0;  // leaves pages alone that were never touched
    }
    *this = Tracker{};
  }

  /// `regions` is the number of bits set.
  constexpr bool holds(const uint8_t *map, size_t map_len) const noexcept {
    uint64_t set = 0;
    for (size_t i = 0; i < map_len; i++) set += static_cast<unsigned>(__builtin_popcount(map[i]));
    return set == regions && max_access <= bytes_read + bytes_written;
  }

 private:
  /// O(regions of the range), at most one step for each 64 KiB that the access itself moves.
  constexpr void touch(uint8_t *map, uint64_t offset, uint64_t n) noexcept {
    if (n > max_access) max_access = n;
    if (n == 0) return;
    const uint64_t last = (offset + n - 1) >> kRegionShift;
    for (uint64_t region = offset >> kRegionShift; region <= last; region++) {
      const auto bit = static_cast<uint8_t>(1U << (region & 7));
      if ((map[region >> 3] & bit) != 0) continue;
      map[region >> 3] = static_cast<uint8_t>(map[region >> 3] | bit);
      regions++;
    }
  }
};

}  // namespace wrt

#endif  // WRT_CORE_TRACKER_HPP
