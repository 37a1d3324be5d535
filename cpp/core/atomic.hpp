// SPDX-License-Identifier: Apache-2.0 OR MIT
// Atomic integers and pointers over the compiler's builtins: the few operations that the library needs, with no header
// of the C++ library, since some bare-metal toolchains have none.
#ifndef WRT_CORE_ATOMIC_HPP
#define WRT_CORE_ATOMIC_HPP

namespace wrt {

/// Trivial and zero-initialised, so that it can live in memory that nothing constructed.
template <class T>
struct Atomic {
  T value;

  T load() const noexcept { return __atomic_load_n(&value, __ATOMIC_ACQUIRE); }
  void store(T desired) noexcept { __atomic_store_n(&value, desired, __ATOMIC_RELEASE); }
  T exchange(T desired) noexcept { return __atomic_exchange_n(&value, desired, __ATOMIC_ACQ_REL); }
  T add(T amount) noexcept { return __atomic_fetch_add(&value, amount, __ATOMIC_ACQ_REL); }
  T sub(T amount) noexcept { return __atomic_fetch_sub(&value, amount, __ATOMIC_ACQ_REL); }

  /// On failure `expected` becomes what was there.
  bool cas(T &expected, T desired) noexcept {
    return __atomic_compare_exchange_n(&value, &expected, desired, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
  }

  /// The greatest value ever raised to.
  void raise(T candidate) noexcept {
    T seen = load();
    while (seen < candidate && !cas(seen, candidate)) {
    }
  }
};

/// Plain memory that another thread may look at while it is written (a stale handle's check, a fault handler).
template <class T>
T load_racy(const T &place) noexcept {
  return __atomic_load_n(&place, __ATOMIC_RELAXED);
}
template <class T>
void store_racy(T &place, T value) noexcept {
  __atomic_store_n(&place, value, __ATOMIC_RELAXED);
}

}  // namespace wrt

#endif  // WRT_CORE_ATOMIC_HPP
