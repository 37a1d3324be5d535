// SPDX-License-Identifier: Apache-2.0 OR MIT
// The STD tier's source of bytes: address space from the operating system, held once.
#ifndef WRT_TIERS_STD_SOURCE_HPP
#define WRT_TIERS_STD_SOURCE_HPP

#include "cpp/core/extent.hpp"

namespace wrt {

/// The reservation is readable and writable from the start, so that growth inside it is a length update and pages come
/// when they are touched. Where the kernel counts what is mapped, it is held inaccessible and committed in steps.
/// Where the whole cannot be held, less is, and growth past it moves the mapping, not the bytes.
/// With GUARD nothing past the length is ever accessible; with COMMIT what is inside it is there, and stays.
struct StdSource {
  /// Only [0, bytes.cap) is committed: in steps ahead of the length, or as far as the length reaches.
  static constexpr uintptr_t kCounted = 1;
  static constexpr uintptr_t kGuarded = WRT_MEM_GUARD << 1;
  static constexpr uintptr_t kShared = WRT_MEM_SHARED << 1;
  static constexpr uintptr_t kResident = WRT_MEM_COMMIT << 1;
  static constexpr uintptr_t kHuge = WRT_MEM_HUGE << 1;
  static constexpr uintptr_t kInSteps = kCounted | kGuarded | kResident;

  struct Backing {
    uint8_t *map;
    size_t map_len;
    uintptr_t mode;
    Side side;
    size_t imaged;   // as far as an image's file may be mapped: pages that are dropped there are not zero
    uintptr_t file;  // an image's own: its number + 1; or 0
  };

  static bool available() noexcept;
  static uint64_t max_len() noexcept;

  /// OK or OUT_OF_MEMORY.
  [[gnu::cold]] static wrt_status obtain(const Request &request, Extent &extent, Backing &backing) noexcept;
  /// More room for new_len, which is above bytes.cap and at most max_len; the length stays. OK or OUT_OF_MEMORY.
  [[gnu::cold]] static wrt_status extend(uint64_t new_len, uint64_t max_len, Extent &extent, Backing &backing) noexcept;
  /// Shrinks to new_len <= bytes.len. Never fails.
  [[gnu::cold]] static void cut(uint64_t new_len, Extent &extent, Backing &backing) noexcept;
  /// [offset, offset + n), inside the length, reads as zero; whole OS pages go back.
  [[gnu::cold]] static void wipe(uint64_t offset, uint64_t n, Extent &extent, Backing &backing) noexcept;
  [[gnu::cold]] static void give_back(Extent &extent, Backing &backing, bool exposed) noexcept;

  // ---- images

  /// For an image, right after obtain(): its bytes are those of a file, where the host has files.
  [[gnu::cold]] static void back_with_file(const Extent &extent, Backing &backing) noexcept;
  /// The image is complete: nothing but [0, used) is not zero, and nothing can change any more. OK or OUT_OF_MEMORY:
  /// then it is good for give_back() alone.
  [[gnu::cold]] static wrt_status freeze(uint64_t used, const Extent &extent, Backing &backing) noexcept;
  /// Becomes what the image is, which is as long, without copying. `fresh`: it was never written. False: that cannot be
  /// had, and nothing changed.
  [[gnu::cold]] static bool map_image(const Backing &image, bool fresh, const Extent &extent,
                                      Backing &backing) noexcept;
  /// Of an image's file: the first byte from `from` on that may be other than zero.
  [[gnu::cold]] static uint64_t next_data(const Backing &backing, uint64_t from) noexcept;

  static uint64_t committed(const Extent &extent, const Backing &backing) noexcept;
  static Side side(const Backing &backing) noexcept { return backing.side; }
};

}  // namespace wrt

#endif  // WRT_TIERS_STD_SOURCE_HPP
