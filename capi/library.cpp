// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capi/config.hpp"
#include "capi/structs.hpp"
#include "cpp/core/status.hpp"
#include "cpp/tiers/selftest.hpp"

using namespace wrt;
using namespace wrt::capi;

uint32_t wrt_version(void) {
  return (uint32_t{WRT_VERSION_MAJOR} << 16) | (uint32_t{WRT_VERSION_MINOR} << 8) | uint32_t{WRT_VERSION_PATCH};
}

const char *wrt_version_string(void) { return WRT_VERSION_STRING; }

const char *wrt_status_name(wrt_status status) { return status_name(status); }

const char *wrt_status_message(wrt_status status) { return status_message(status); }

const char *wrt_tier_name(int32_t tier) {
  switch (tier) {
    case WRT_TIER_DEFAULT:
      return "default";
    case WRT_TIER_STD:
      return "std";
    case WRT_TIER_ALLOC:
      return "alloc";
    case WRT_TIER_STATIC:
      return "static";
    default:
      return "unknown";
  }
}

[[gnu::cold]] wrt_status wrt_tier_get_info(int32_t tier, wrt_tier_info *out) {
  if (tier < WRT_TIER_DEFAULT || tier > WRT_TIER_STATIC || !writable_struct(out)) return WRT_ERR_INVALID_ARGUMENT;
  const int32_t actual = tier == WRT_TIER_DEFAULT ? default_tier() : tier;
  wrt_tier_info full{};
  if (tier_available(actual)) {
    full.available = 1;
    full.max_len = tier_max_len(actual);
    full.flags = offered_flags(actual);
    full.features = (kHasLevels ? uint32_t{WRT_FEATURE_INTEGRITY} : 0) |
                    (tier_built_in(actual) ? uint32_t{WRT_FEATURE_BUILTIN} : 0) |
                    (kHasImages ? uint32_t{WRT_FEATURE_IMAGES} : 0) | (kOffersShared ? uint32_t{WRT_FEATURE_WAIT} : 0);
  }
  write_struct(out, full);
  return WRT_OK;
}

wrt_status wrt_fault_find(const void *address, wrt_mem **out_mem, uint64_t *out_offset) {
  if (address == nullptr || out_mem == nullptr || out_offset == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  const uint32_t used = entries_used();
  for (uint32_t index = 0; index < used; index++) {
    const Entry &entry = entry_at(index);
    const uintptr_t token = entry.token.load();
    if ((token & Token::kTagMask) != Token::tag(Kind::kMemory)) continue;
    uint64_t offset = 0;
    if (!entry.body.memory.contains(reinterpret_cast<uintptr_t>(address), offset)) continue;
    if (entry.token.load() != token) continue;  // destroyed while we looked
    *out_mem = reinterpret_cast<wrt_mem *>(token);
    *out_offset = offset;
    return WRT_OK;
  }
  return WRT_ERR_OUT_OF_BOUNDS;
}

wrt_status wrt_selftest(void) { return selftest() ? WRT_OK : WRT_ERR_CORRUPT; }

// Nothing is recycled in this release: what a memory held went back when it was destroyed.
wrt_status wrt_trim(void) { return WRT_OK; }
