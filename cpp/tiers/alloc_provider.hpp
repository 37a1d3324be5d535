// SPDX-License-Identifier: Apache-2.0 OR MIT
// A linear memory from the caller's allocator, as a C++ value.
#ifndef WRT_TIERS_ALLOC_PROVIDER_HPP
#define WRT_TIERS_ALLOC_PROVIDER_HPP

#include "cpp/host/host.hpp"
#include "cpp/tiers/alloc_source.hpp"
#include "cpp/tiers/provider.hpp"

namespace wrt {

class AllocProvider : public SourceProvider<AllocSource> {
 public:
  /// The allocator is copied; its context must outlive the provider. LIMIT; OUT_OF_MEMORY.
  static Outcome<AllocProvider> create(const wrt_allocator &allocator, uint64_t initial_len,
                                       uint64_t max_len) noexcept {
    Outcome<AllocProvider> made;
    made.status = max_len > kAddressableMax ? WRT_ERR_LIMIT
                                            : made.value.obtain(initial_len, max_len, AllocSource::bind(allocator));
    return made;
  }

  /// From the C library's malloc family; UNSUPPORTED where the build has none.
  static Outcome<AllocProvider> create(uint64_t initial_len, uint64_t max_len) noexcept {
    const wrt_allocator *allocator = host::c_allocator();
    if (allocator != nullptr) return create(*allocator, initial_len, max_len);
    Outcome<AllocProvider> made;
    made.status = WRT_ERR_UNSUPPORTED;
    return made;
  }

  Outcome<AllocProvider> clone() const noexcept {
    Outcome<AllocProvider> made;
    made.status = made.value.obtain_copy_of(*this, AllocSource::fresh_like(backing()));
    return made;
  }
};
static_assert(MemoryProvider<AllocProvider>);

}  // namespace wrt

#endif  // WRT_TIERS_ALLOC_PROVIDER_HPP
