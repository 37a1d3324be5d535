// SPDX-License-Identifier: Apache-2.0 OR MIT
// From a caller's wrt_mem_config to a Spec of which nothing is left to check.
#ifndef WRT_CAPI_CONFIG_HPP
#define WRT_CAPI_CONFIG_HPP

#include "capi/table.hpp"

namespace wrt::capi {

/// The flags that this build offers on the tier.
constexpr uint32_t offered_flags(int32_t tier) noexcept {
  constexpr uint32_t kEverywhere =
      WRT_MEM_STABLE | WRT_MEM_COMMIT | WRT_MEM_HUGE | WRT_MEM_EXACT_MAX | (kHasTracking ? WRT_MEM_TRACK : 0);
  return (tier == WRT_TIER_STD ? kEverywhere | WRT_MEM_GUARD : kEverywhere) | (kOffersShared ? WRT_MEM_SHARED : 0);
}
inline constexpr int32_t kHighestLevel = kHasLevels ? WRT_VERIFY_REDUNDANT : WRT_VERIFY_BASIC;

/// STD, ALLOC or STATIC: which tier DEFAULT is, when neither a pool nor an allocator says so.
int32_t default_tier() noexcept;
/// Whether memories of the tier can be had without a pool or an allocator of the caller's.
bool tier_built_in(int32_t tier) noexcept;
bool tier_available(int32_t tier) noexcept;
/// The longest max_len of any memory of the tier.
uint64_t tier_max_len(int32_t tier) noexcept;

/// A checked request. It pins its pool and its budget until it is dropped, or kept by a memory.
class Order {
 public:
  Order() noexcept = default;
  Order(const Order &) = delete;
  Order &operator=(const Order &) = delete;
  ~Order() noexcept;

  Spec spec{};

  /// All checks of creation but budget and resources, in the documented order. `config` may be malformed, not NULL.
  wrt_status read(const wrt_mem_config &config) noexcept;
  /// What a clone of `source` asks for.
  void clone(const LinearMemory &source) noexcept;
  /// What an image of `source` asks for.
  [[gnu::cold]] void freeze(const LinearMemory &source) noexcept;
  /// Of an order that was read: becomes one for an image that is loaded. OK or LIMIT.
  [[gnu::cold]] wrt_status load(uint64_t len, uint64_t max_len, uint64_t page_len) noexcept;
  /// A memory was made and refers to pool and budget now.
  void keep() noexcept { pinned_ = false; }

 private:
  bool pinned_ = true;
  wrt_mem_config config_{};

  wrt_status check_arguments() const noexcept;
  wrt_status find_handles() noexcept;
  wrt_status check_offered() const noexcept;
  wrt_status check_alignment() const noexcept;
  wrt_status check_limits() const noexcept;

  bool has(uint32_t flags) const noexcept { return (config_.flags & flags) != 0; }
  uint64_t tier_limit() const noexcept;
  uint64_t resolved_max() const noexcept;
  [[gnu::cold]] wrt_status follow_image() noexcept;
  bool allocator_is_sound() const noexcept;
  bool contradicts_itself() const noexcept;
};

}  // namespace wrt::capi

#endif  // WRT_CAPI_CONFIG_HPP
