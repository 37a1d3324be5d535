// SPDX-License-Identifier: Apache-2.0 OR MIT
// The provider to take when nothing speaks for another: the first of the tiers that the build offers.
#ifndef WRT_TIERS_DEFAULT_PROVIDER_HPP
#define WRT_TIERS_DEFAULT_PROVIDER_HPP

#ifdef WRT_HOST_NONE
#include "cpp/tiers/builtin_pool.hpp"
#include "cpp/tiers/static_provider.hpp"
#else
#include "cpp/tiers/std_provider.hpp"
#endif

namespace wrt {

#ifdef WRT_HOST_NONE
using DefaultProvider = StaticProvider<kBuiltinSlotLen>;
#else
using DefaultProvider = StdProvider;
#endif

}  // namespace wrt

#endif  // WRT_TIERS_DEFAULT_PROVIDER_HPP
