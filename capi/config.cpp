// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capi/config.hpp"

#include "capi/create.hpp"
#include "capi/structs.hpp"
#include "cpp/host/host.hpp"
#include "cpp/tiers/builtin_pool.hpp"

namespace wrt::capi {

namespace {

constexpr uint32_t kKnownFlags =
    WRT_MEM_GUARD | WRT_MEM_SHARED | WRT_MEM_STABLE | WRT_MEM_COMMIT | WRT_MEM_TRACK | WRT_MEM_HUGE | WRT_MEM_EXACT_MAX;
constexpr uint64_t kStdDefaultMax = uint64_t{4} << 30;

bool power_of_two(uint64_t n) noexcept { return n != 0 && (n & (n - 1)) == 0; }

int32_t resolve_tier(const wrt_mem_config &config) noexcept {
  if (config.tier != WRT_TIER_DEFAULT) return config.tier;
  if (config.pool != nullptr) return WRT_TIER_STATIC;
  if (config.allocator != nullptr) return WRT_TIER_ALLOC;
  return default_tier();
}

}  // namespace

bool tier_built_in(int32_t tier) noexcept {
  switch (tier) {
    case WRT_TIER_STD:
      return StdSource::available();
    case WRT_TIER_ALLOC:
      return host::c_allocator() != nullptr;
    default:
      return kBuiltinSlots != 0;
  }
}

int32_t default_tier() noexcept {
  if (tier_built_in(WRT_TIER_STD)) return WRT_TIER_STD;
  return tier_built_in(WRT_TIER_ALLOC) ? WRT_TIER_ALLOC : WRT_TIER_STATIC;
}

bool tier_available(int32_t tier) noexcept {
  if (tier == WRT_TIER_STD) return StdSource::available();
  return kHasAlloc || tier != WRT_TIER_ALLOC;
}

uint64_t tier_max_len(int32_t tier) noexcept {
  switch (tier) {
    case WRT_TIER_STD:
      return StdSource::max_len();
    case WRT_TIER_ALLOC:
      return kAddressableMax;
    default:
      return kAddressableMax / 2;
  }
}

Order::~Order() noexcept {
  if (!pinned_) return;
  unpin(spec.pool);
  unpin(spec.payer());
  if (kHasImages && spec.image != nullptr) drop_image(spec.image);
}

bool Order::allocator_is_sound() const noexcept {
  if (config_.allocator == nullptr) return true;
  wrt_allocator allocator{};
  return read_struct(config_.allocator, allocator) && allocator.flags == 0 && allocator.allocate != nullptr &&
         allocator.deallocate != nullptr;
}

// The longest length of the tier, or of the slot once the pool is known.
uint64_t Order::tier_limit() const noexcept {
  return spec.pool != nullptr ? spec.pool->slot_len() : tier_max_len(spec.tier);
}

uint64_t Order::resolved_max() const noexcept {
  if (config_.max_len != 0 || has(WRT_MEM_EXACT_MAX)) return config_.max_len;
  if (kHasImages && spec.image != nullptr) return spec.image->plan().max_len;
  const uint64_t most = kHasStd && spec.tier == WRT_TIER_STD ? least(kStdDefaultMax, tier_limit()) : tier_limit();
  return round_down(most, spec.page_len);
}

bool Order::contradicts_itself() const noexcept {
  const wrt_mem_config &c = config_;
  if (c.pool != nullptr && spec.tier != WRT_TIER_STATIC) return true;
  if (c.allocator != nullptr && spec.tier != WRT_TIER_ALLOC) return true;
  const bool needs_max = spec.tier == WRT_TIER_ALLOC || has(WRT_MEM_SHARED);
  if (needs_max && c.max_len == 0 && !has(WRT_MEM_EXACT_MAX) && c.image == nullptr) return true;
  if ((c.reserve_len != 0 || c.guard_len != 0) && spec.tier != WRT_TIER_STD) return true;
  if (!kHasStd) return false;
  if (c.guard_len != 0 && !has(WRT_MEM_GUARD)) return true;
  if (c.reserve_len == 0) return false;
  const bool unknown = c.image != nullptr && spec.image == nullptr && c.max_len == 0;  // what the maximum is
  return c.reserve_len < c.initial_len || (has(kBaseFixed) && !unknown && c.reserve_len < resolved_max());
}

wrt_status Order::check_arguments() const noexcept {
  const wrt_mem_config &c = config_;
  const bool known = c.tier >= WRT_TIER_DEFAULT && c.tier <= WRT_TIER_STATIC && (c.flags & ~kKnownFlags) == 0 &&
                     c.verify >= WRT_VERIFY_DEFAULT && c.verify <= WRT_VERIFY_REDUNDANT;
  if (!known || c.reserved0 != 0 || c.reserved1 != nullptr) return WRT_ERR_INVALID_ARGUMENT;
  if (!power_of_two(spec.page_len) || !allocator_is_sound()) return WRT_ERR_INVALID_ARGUMENT;
  return contradicts_itself() ? WRT_ERR_INVALID_ARGUMENT : WRT_OK;
}

wrt_status Order::find_handles() noexcept {
  if (config_.pool != nullptr) {
    Entry *entry = pin(config_.pool, Kind::kPool);
    if (entry == nullptr) return WRT_ERR_INVALID_HANDLE;
    spec.pool = &entry->pool();
  }
  if (config_.budget != nullptr) {
    if (!kHasBudgets) return WRT_ERR_INVALID_HANDLE;  // no handle of one is live
    Entry *entry = pin(config_.budget, Kind::kBudget);
    if (entry == nullptr) return WRT_ERR_INVALID_HANDLE;
    spec.budget = &entry->budget();
  }
  if (config_.image == nullptr) return WRT_OK;
  if (!kHasImages) return WRT_ERR_INVALID_HANDLE;
  Entry *entry = pin(config_.image, Kind::kImage);
  if (entry == nullptr) return WRT_ERR_INVALID_HANDLE;
  spec.image = &entry->body.memory;
  return image_holds(*entry) ? follow_image() : wrt_status{WRT_ERR_CORRUPT};
}

// What is zero in the config is the image's.
wrt_status Order::follow_image() noexcept {
  const uint64_t len = spec.image->len();
  if (config_.initial_len != 0 && config_.initial_len != len) return WRT_ERR_INVALID_ARGUMENT;
  config_.initial_len = spec.reset_len = len;
  if (config_.page_len == 0) spec.page_len = spec.image->plan().page_len();
  return contradicts_itself() ? WRT_ERR_INVALID_ARGUMENT : WRT_OK;
}

wrt_status Order::check_offered() const noexcept {
  const bool unseen = kOffersShared && has(WRT_MEM_SHARED) && spec.verify >= WRT_VERIFY_STANDARD;
  if (has(~offered_flags(spec.tier)) || spec.verify > kHighestLevel || unseen) return WRT_ERR_UNSUPPORTED;
  const bool brought = config_.pool != nullptr || config_.allocator != nullptr;
  const bool offered = brought ? tier_available(spec.tier) : tier_built_in(spec.tier);
  return offered ? WRT_OK : WRT_ERR_UNSUPPORTED;
}

wrt_status Order::check_alignment() const noexcept {
  const uint64_t odd = (config_.initial_len | config_.max_len) & (spec.page_len - 1);
  if (kHasStd && has(WRT_MEM_GUARD) && (spec.page_len & (host::page_len() - 1)) != 0) return WRT_ERR_MISALIGNED;
  return odd != 0 ? WRT_ERR_MISALIGNED : WRT_OK;
}

wrt_status Order::check_limits() const noexcept {
  const uint64_t max_len = resolved_max();
  if (max_len > tier_limit() || config_.initial_len > max_len) return WRT_ERR_LIMIT;
  const uint64_t reserved = most(config_.reserve_len, max_len);
  if (kHasStd && (reserved > tier_limit() || config_.guard_len > tier_limit() - reserved)) return WRT_ERR_LIMIT;
  return has(WRT_MEM_TRACK) && max_len > kTrackedMax ? WRT_ERR_LIMIT : WRT_OK;
}

wrt_status Order::read(const wrt_mem_config &config) noexcept {
  if (!read_struct(&config, config_)) return WRT_ERR_INVALID_ARGUMENT;
  spec.tier = resolve_tier(config_);
  spec.flags = config_.flags;
  spec.verify = config_.verify == WRT_VERIFY_DEFAULT ? int32_t{WRT_VERIFY_BASIC} : config_.verify;
  spec.sample_interval = config_.sample_interval;
  spec.page_len = config_.page_len == 0 ? 1 : config_.page_len;
  spec.reset_len = config_.initial_len;
  spec.name = config_.name;

  if (wrt_status status = check_arguments()) return status;
  if (wrt_status status = find_handles()) return status;
  if (wrt_status status = check_offered()) return status;
  if (spec.tier == WRT_TIER_STATIC && spec.pool == nullptr) {
    Entry *entry = builtin_pool();
    if (entry == nullptr || !entry->pins.take(0)) return WRT_ERR_OUT_OF_MEMORY;
    spec.pool = &entry->pool();
  }
  if (wrt_status status = check_alignment()) return status;
  if (wrt_status status = check_limits()) return status;

  const uint64_t max_len = resolved_max();
  spec.request = {config_.initial_len,
                  max_len,
                  kHasStd && config_.reserve_len != 0 ? config_.reserve_len : max_len,
                  has(WRT_MEM_TRACK) ? most(region_map_len(max_len), 1) : 0,
                  has(kBaseFixed),
                  spec.flags & kSourceFlags,
                  kHasStd ? config_.guard_len : 0};
  if (spec.tier == WRT_TIER_ALLOC)
    spec.allocator = config_.allocator != nullptr ? *config_.allocator : *host::c_allocator();
  return WRT_OK;
}

void Order::clone(const LinearMemory &source) noexcept {
  spec = source.spec_of_clone();
  if (spec.pool != nullptr) entry_of(spec.pool).pins.add();
  if (spec.payer() != nullptr) entry_of(spec.budget).pins.add();
  if (kHasImages && spec.image != nullptr) entry_of(spec.image).pins.add();
}

void Order::freeze(const LinearMemory &source) noexcept {
  spec = source.spec_of_image();
  if (spec.pool != nullptr) entry_of(spec.pool).pins.add();
}

wrt_status Order::load(uint64_t len, uint64_t max_len, uint64_t page_len) noexcept {
  const uint64_t most = resolved_max();
  if (len > most) return WRT_ERR_LIMIT;
  unpin(spec.payer());
  if (spec.image != nullptr) drop_image(spec.image);
  spec.budget = nullptr;
  spec.image = nullptr;
  spec.name = nullptr;
  spec.flags = WRT_MEM_EXACT_MAX;
  spec.frozen = true;
  spec.page_len = page_len;
  spec.reset_len = len;
  spec.request = {len, round_down(least(max_len, most), page_len), len, 0, false};
  return WRT_OK;
}

}  // namespace wrt::capi
