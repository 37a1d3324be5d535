// SPDX-License-Identifier: Apache-2.0 OR MIT
// A bounded count of users that can be closed once nobody is left.
#ifndef WRT_CORE_PIN_HPP
#define WRT_CORE_PIN_HPP

#include <stdint.h>

#include "cpp/core/atomic.hpp"

namespace wrt {

/// Taking a pin and closing exclude each other without a lock: whoever comes second is told.
struct PinCount {
  static constexpr uint32_t kClosed = 0x80000000U;

  Atomic<uint32_t> state;  // the number of pins, and kClosed

  void reset() noexcept { state.store(0); }
  uint32_t count() const noexcept { return state.load() & ~kClosed; }

  /// False when closed, or when `most` are taken.
  bool take(uint32_t most) noexcept {
    uint32_t seen = state.load();
    do {
      if ((seen & kClosed) != 0 || seen >= most) return false;
    } while (!state.cas(seen, seen + 1));
    return true;
  }

  void drop() noexcept { state.sub(1); }

  /// True, and closed, when no pin is left.
  bool close() noexcept {
    uint32_t none = 0;
    return state.cas(none, kClosed);
  }
  void reopen() noexcept { __atomic_fetch_and(&state.value, ~kClosed, __ATOMIC_ACQ_REL); }
};

}  // namespace wrt

#endif  // WRT_CORE_PIN_HPP
