// SPDX-License-Identifier: Apache-2.0 OR MIT
// A linear memory from the operating system, as a C++ value.
#ifndef WRT_TIERS_STD_PROVIDER_HPP
#define WRT_TIERS_STD_PROVIDER_HPP

#include "cpp/tiers/provider.hpp"
#include "cpp/tiers/std_source.hpp"

namespace wrt {

class StdProvider : public SourceProvider<StdSource> {
 public:
  /// UNSUPPORTED without an operating system; LIMIT; OUT_OF_MEMORY.
  static Outcome<StdProvider> create(uint64_t initial_len, uint64_t max_len) noexcept {
    Outcome<StdProvider> made;
    if (!StdSource::available()) {
      made.status = WRT_ERR_UNSUPPORTED;
    } else if (max_len > StdSource::max_len()) {
      made.status = WRT_ERR_LIMIT;
    } else {
      made.status = made.value.obtain(initial_len, max_len, {});
    }
    return made;
  }

  Outcome<StdProvider> clone() const noexcept {
    Outcome<StdProvider> made;
    made.status = made.value.obtain_copy_of(*this, {});
    return made;
  }
};
static_assert(MemoryProvider<StdProvider>);

}  // namespace wrt

#endif  // WRT_TIERS_STD_PROVIDER_HPP
