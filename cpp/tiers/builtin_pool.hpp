// SPDX-License-Identifier: Apache-2.0 OR MIT
// The pool that is built in, for hosts that bring none.
#ifndef WRT_TIERS_BUILTIN_POOL_HPP
#define WRT_TIERS_BUILTIN_POOL_HPP

#include "cpp/tiers/slot_pool.hpp"

#ifndef WRT_BUILTIN_SLOTS
#ifdef WRT_HOST_NONE
#define WRT_BUILTIN_SLOTS 4
#else
#define WRT_BUILTIN_SLOTS 16
#endif
#endif
#ifndef WRT_BUILTIN_SLOT_LEN
#ifdef WRT_HOST_NONE
#define WRT_BUILTIN_SLOT_LEN 4096
#else
#define WRT_BUILTIN_SLOT_LEN 65536
#endif
#endif

namespace wrt {

inline constexpr uint32_t kBuiltinSlots = WRT_BUILTIN_SLOTS;  // 0: the build has no such pool
inline constexpr size_t kBuiltinSlotLen = WRT_BUILTIN_SLOT_LEN;

/// Opens `pool` over the built-in storage. Once a process.
void open_builtin_pool(SlotPool &pool) noexcept;

}  // namespace wrt

#endif  // WRT_TIERS_BUILTIN_POOL_HPP
