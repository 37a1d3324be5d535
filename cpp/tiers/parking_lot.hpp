// SPDX-License-Identifier: Apache-2.0 OR MIT
// Where the threads sleep that wait on a place of a shared memory (memory.atomic.wait and notify).
#ifndef WRT_TIERS_PARKING_LOT_HPP
#define WRT_TIERS_PARKING_LOT_HPP

#include <stdint.h>

namespace wrt {

/// What wrt_mem_wait tells.
enum class Waited : int32_t { kWoken = 0, kNotEqual = 1, kTimedOut = 2 };

/// Sleeps while `place` holds `expected`, until notified or for timeout_ns; negative: for ever. `place` is aligned to
/// its width of 4 or 8 bytes. Comparing and falling asleep are one step to every notifier.
Waited wait_at(uint8_t *place, uint32_t width, uint64_t expected, int64_t timeout_ns) noexcept;

/// Wakes up to `count` of those that wait at `place`, the longest waiting first. How many they were.
uint32_t notify_at(const uint8_t *place, uint32_t count) noexcept;

}  // namespace wrt

#endif  // WRT_TIERS_PARKING_LOT_HPP
