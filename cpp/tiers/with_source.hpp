// SPDX-License-Identifier: Apache-2.0 OR MIT
// The one place where a memory's tier is looked at: the call goes to the source that its bytes come from.
#ifndef WRT_TIERS_WITH_SOURCE_HPP
#define WRT_TIERS_WITH_SOURCE_HPP

#include "cpp/tiers/memory.hpp"

namespace wrt {

/// Calls `call(Source, Source::Backing &)` for the tier's source. The tier is one that the build offers.
template <class BackingUnion, class Call>
auto with_source(int32_t tier, BackingUnion &backing, Call call) noexcept {
  if (kHasStd && tier == WRT_TIER_STD) return call(StdSource{}, backing.std);
  if (kHasAlloc && tier == WRT_TIER_ALLOC) return call(AllocSource{}, backing.alloc);
  return call(SlotSource{}, backing.slot);
}

}  // namespace wrt

#endif  // WRT_TIERS_WITH_SOURCE_HPP
