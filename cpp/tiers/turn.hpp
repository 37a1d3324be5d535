// SPDX-License-Identifier: Apache-2.0 OR MIT
// One thread at a time: a lock of one word that sleeps in the host.
#ifndef WRT_TIERS_TURN_HPP
#define WRT_TIERS_TURN_HPP

#include "cpp/core/atomic.hpp"
#include "cpp/core/offer.hpp"
#include "cpp/host/host.hpp"

namespace wrt {

/// All zero: free. The states are those of U. Drepper, "Futexes Are Tricky", mutex 2.
struct SleepLock {
  static constexpr uint32_t kFree = 0;
  static constexpr uint32_t kTaken = 1;
  static constexpr uint32_t kAwaited = 2;

  Atomic<uint32_t> state;

  [[gnu::noinline]] void take() noexcept {
    uint32_t seen = kFree;
    if (state.cas(seen, kTaken)) return;
    while (state.exchange(kAwaited) != kFree) host::park(state.value, kAwaited, host::kForever);
  }
  [[gnu::noinline]] void give() noexcept {
    if (state.exchange(kFree) == kAwaited) host::unpark(state.value);
  }
};

/// Holds a lock, or nothing; where no memory is SHARED, nothing at all.
class Turn {
 public:
  explicit Turn(SleepLock *lock) noexcept : lock_(kOffersShared ? lock : nullptr) {
    if (lock_ != nullptr) lock_->take();
  }
  Turn(const Turn &) = delete;
  Turn &operator=(const Turn &) = delete;
  ~Turn() noexcept {
    if (kOffersShared && lock_ != nullptr) lock_->give();
  }

 private:
  SleepLock *lock_;
};

}  // namespace wrt

#endif  // WRT_TIERS_TURN_HPP
