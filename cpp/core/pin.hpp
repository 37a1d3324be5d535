// SPDX-License-Identifier: Apache-2.0 OR MIT
// Counts of users: one with a bound, and one that can be closed once nobody is left.
#ifndef WRT_CORE_PIN_HPP
#define WRT_CORE_PIN_HPP

#include <stdint.h>

#include "cpp/core/atomic.hpp"

namespace wrt {

struct BoundedCount {
  Atomic<uint32_t> taken;

  void reset() noexcept { taken.store(0); }
  uint32_t count() const noexcept { return taken.load(); }

  /// False when `most` are taken.
  bool take(uint32_t most) noexcept {
    uint32_t seen = taken.load();
    do {
      if (seen >= most) return false;
    } while (!taken.cas(seen, seen + 1));
    return true;
  }

  void drop() noexcept { taken.sub(1); }
};

/// Taking a pin and closing exclude each other without a lock: whoever comes second is told. The word names the
/// generation of the object too, so that a call that comes too late cannot reach the next object in its place.
struct PinCount {
  enum class Closing { kClosed, kPinned, kGone };

  static constexpr uint32_t kCountBits = sizeof(uintptr_t) == 8 ? 31 : 17;
  static constexpr uintptr_t kCount = (uintptr_t{1} << kCountBits) - 1;
  static constexpr uintptr_t kClosed = kCount + 1;

  Atomic<uintptr_t> state;  // [generation][closed][pins]

  static constexpr uintptr_t unpinned(uint32_t generation) noexcept {
    return uintptr_t{generation} << (kCountBits + 1);
  }

  void open(uint32_t generation) noexcept { state.store(unpinned(generation)); }
  uintptr_t count() const noexcept { return state.load() & kCount; }

  /// False when closed, or when it is another generation by now.
  bool take(uint32_t generation) noexcept {
    uintptr_t seen = state.load();
    do {
      if ((seen & ~kCount) != unpinned(generation) || (seen & kCount) == kCount) return false;
    } while (!state.cas(seen, seen + 1));
    return true;
  }

  /// One more, for who knows that there is one already.
  void add() noexcept { state.add(1); }
  void drop() noexcept { state.sub(1); }

  /// Closed when no pin was left. Gone when another thread closed it before.
  Closing close(uint32_t generation) noexcept {
    uintptr_t seen = unpinned(generation);
    if (state.cas(seen, seen | kClosed)) return Closing::kClosed;
    return (seen & ~kCount) == unpinned(generation) ? Closing::kPinned : Closing::kGone;
  }
};

}  // namespace wrt

#endif  // WRT_CORE_PIN_HPP
