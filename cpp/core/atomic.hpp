// SPDX-License-Identifier: Apache-2.0 OR MIT
// Atomic integers and pointers over the compiler's builtins: the few operations that the library needs, with no header
// of the C++ library, since some bare-metal toolchains have none. What a bare-metal target cannot do by instructions
// is done under the port's lock.
#ifndef WRT_CORE_ATOMIC_HPP
#define WRT_CORE_ATOMIC_HPP

#include <stddef.h>
#include <stdint.h>

#include "wrtmem/lock.h"

namespace wrt {

#if defined(WRT_LOCK_ALL)
inline constexpr bool kHasLock = true;
inline constexpr bool kLockAll = true;
#elif defined(WRT_HOST_NONE)
inline constexpr bool kHasLock = true;
inline constexpr bool kLockAll = false;
#else
inline constexpr bool kHasLock = false;
inline constexpr bool kLockAll = false;
#endif

/// Whether operations of that many bytes go by the lock.
template <size_t N>
inline constexpr bool kLocked = kHasLock && (kLockAll || !__atomic_always_lock_free(N, nullptr));

template <bool kTaken>
struct Lock {
  uintptr_t before = wrt_lock_enter();

  Lock() noexcept = default;
  Lock(const Lock &) = delete;
  Lock &operator=(const Lock &) = delete;
  ~Lock() { wrt_lock_leave(before); }
};
template <>
struct Lock<false> {
  ~Lock() {}
};

// One aligned machine word or less is moved by one instruction everywhere, also where the compiler would call a
// function for it.
template <class T>
T load_one(const T *at, int order) noexcept {
  // NOLINTNEXTLINE(bugprone-sizeof-expression): T may be a pointer
  if constexpr (__atomic_always_lock_free(sizeof(T), nullptr)) {
    return __atomic_load_n(at, order);
  } else {
    const T seen = *const_cast<const volatile T *>(at);
    if (order != __ATOMIC_RELAXED) __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return seen;
  }
}
template <class T>
void store_one(T *at, T value, int order) noexcept {
  // NOLINTNEXTLINE(bugprone-sizeof-expression): T may be a pointer
  if constexpr (__atomic_always_lock_free(sizeof(T), nullptr)) {
    __atomic_store_n(at, value, order);
  } else {
    if (order != __ATOMIC_RELAXED) __atomic_thread_fence(__ATOMIC_SEQ_CST);
    *const_cast<volatile T *>(at) = value;
  }
}

/// Stores change(what is there) and returns what was there.
template <class T, class Change>
T change_locked(T *at, Change change) noexcept {
  const Lock<true> lock;
  const T old = load_one(at, __ATOMIC_RELAXED);
  store_one(at, static_cast<T>(change(old)), __ATOMIC_RELAXED);
  return old;
}

template <class T>
T fetch_or(T *at, T bits) noexcept {
  if constexpr (kLocked<sizeof(T)>) {
    return change_locked(at, [bits](T old) { return old | bits; });
  } else {
    return __atomic_fetch_or(at, bits, __ATOMIC_SEQ_CST);
  }
}
template <class T>
T fetch_and(T *at, T bits) noexcept {
  if constexpr (kLocked<sizeof(T)>) {
    return change_locked(at, [bits](T old) { return old & bits; });
  } else {
    return __atomic_fetch_and(at, bits, __ATOMIC_SEQ_CST);
  }
}

/// `expected` as compare-and-swap has to get it. On riscv64 gcc 12.2 compares whole registers, the word from memory
/// with its sign extended, and does not see to it that the other is (gcc's bug 114130): a word with bit 31 set may
/// never match.
template <class T>
T as_compared(T expected) noexcept {
#if defined(__riscv) && __riscv_xlen == 64
  if constexpr (sizeof(T) == 4) __asm__("sext.w %0, %0" : "+r"(expected));
#endif
  return expected;
}

/// Trivial and zero-initialised, so that it can live in memory that nothing constructed. At most a machine word.
template <class T>
struct Atomic {
  T value;
  static_assert(sizeof(T) <= sizeof(uintptr_t));
  static constexpr bool kByLock = kLocked<sizeof(T)>;

  T load() const noexcept { return load_one(&value, __ATOMIC_ACQUIRE); }

  void store(T desired) noexcept {
    if constexpr (kByLock) {
      (void)exchange(desired);
    } else {
      __atomic_store_n(&value, desired, __ATOMIC_RELEASE);
    }
  }

  T exchange(T desired) noexcept {
    if constexpr (kByLock) {
      return change_locked(&value, [desired](T) { return desired; });
    } else {
      return __atomic_exchange_n(&value, desired, __ATOMIC_ACQ_REL);
    }
  }

  T add(T amount) noexcept {
    if constexpr (kByLock) {
      return change_locked(&value, [amount](T old) { return old + amount; });
    } else {
      return __atomic_fetch_add(&value, amount, __ATOMIC_ACQ_REL);
    }
  }

  T sub(T amount) noexcept {
    if constexpr (kByLock) {
      return change_locked(&value, [amount](T old) { return old - amount; });
    } else {
      return __atomic_fetch_sub(&value, amount, __ATOMIC_ACQ_REL);
    }
  }

  /// On failure `expected` becomes what was there.
  bool cas(T &expected, T desired) noexcept {
    if constexpr (kByLock) {
      const T wanted = expected;
      expected = change_locked(&value, [wanted, desired](T old) { return old == wanted ? desired : old; });
      return expected == wanted;
    } else {
      expected = as_compared(expected);
      return __atomic_compare_exchange_n(&value, &expected, desired, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    }
  }

  /// The greatest value ever raised to.
  void raise(T candidate) noexcept {
    T seen = load();
    while (seen < candidate && !cas(seen, candidate)) {
    }
  }
};

// ---- plain memory that another thread may look at while it is written (a stale handle's check, a fault handler)

/// A value of two machine words is moved as two: a reader may see half of a change.
template <class T>
inline constexpr bool kTwoWords = sizeof(T) == 2 * sizeof(uintptr_t);

typedef uintptr_t AnyWord __attribute__((may_alias));
inline constexpr size_t kHighWord = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 0 : 1;

template <class T>
T join(uintptr_t high, uintptr_t low) noexcept {
  return static_cast<T>(static_cast<T>(high) << (4 * sizeof(T)) | low);
}

template <class T>
T load_racy(const T &place) noexcept {
  if constexpr (kTwoWords<T>) {
    const auto *words = reinterpret_cast<const AnyWord *>(&place);
    const uintptr_t high = load_one(&words[kHighWord], __ATOMIC_RELAXED);
    return join<T>(high, load_one(&words[1 - kHighWord], __ATOMIC_RELAXED));
  } else {
    return load_one(&place, __ATOMIC_RELAXED);
  }
}
template <class T>
void store_racy(T &place, T value) noexcept {
  if constexpr (kTwoWords<T>) {
    auto *words = reinterpret_cast<AnyWord *>(&place);
    store_one(&words[1 - kHighWord], static_cast<AnyWord>(value), __ATOMIC_RELAXED);
    store_one(&words[kHighWord], static_cast<AnyWord>(value >> (4 * sizeof(T))), __ATOMIC_RELAXED);
  } else {
    store_one(&place, value, __ATOMIC_RELAXED);
  }
}

/// The same, and what was written before is seen by who sees the value's high word.
template <class T>
T load_published(const T &place) noexcept {
  if constexpr (kTwoWords<T>) {
    const auto *words = reinterpret_cast<const AnyWord *>(&place);
    const uintptr_t high = load_one(&words[kHighWord], __ATOMIC_ACQUIRE);
    return join<T>(high, load_one(&words[1 - kHighWord], __ATOMIC_RELAXED));
  } else {
    return load_one(&place, __ATOMIC_ACQUIRE);
  }
}
template <class T>
void store_published(T &place, T value) noexcept {
  if constexpr (kTwoWords<T>) {
    auto *words = reinterpret_cast<AnyWord *>(&place);
    store_one(&words[1 - kHighWord], static_cast<AnyWord>(value), __ATOMIC_RELAXED);
    store_one(&words[kHighWord], static_cast<AnyWord>(value >> (4 * sizeof(T))), __ATOMIC_RELEASE);
  } else {
    store_one(&place, value, __ATOMIC_RELEASE);
  }
}

}  // namespace wrt

#endif  // WRT_CORE_ATOMIC_HPP
