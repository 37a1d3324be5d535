// SPDX-License-Identifier: Apache-2.0 OR MIT
// What the build offers. What it does not is UNSUPPORTED, and its code is not there.
#ifndef WRT_CORE_OFFER_HPP
#define WRT_CORE_OFFER_HPP

namespace wrt {

#ifdef WRT_HOST_NONE
inline constexpr bool kHasStd = false;
#else
inline constexpr bool kHasStd = true;
#endif

// Memories that many threads use need compare-and-swap of 64 bits, and a host where threads can sleep.
inline constexpr bool kOffersShared = kHasStd && __atomic_always_lock_free(8, nullptr);

#ifdef WRT_STATIC_ONLY
inline constexpr bool kHasAlloc = false;
inline constexpr bool kHasLevels = false;    // those from STANDARD on
inline constexpr bool kHasTracking = false;  // WRT_MEM_TRACK
inline constexpr bool kHasBudgets = false;
inline constexpr bool kHasImages = false;
#else
inline constexpr bool kHasAlloc = true;
inline constexpr bool kHasLevels = true;
inline constexpr bool kHasTracking = true;
inline constexpr bool kHasBudgets = true;
inline constexpr bool kHasImages = true;
#endif

}  // namespace wrt

#endif  // WRT_CORE_OFFER_HPP
