// SPDX-License-Identifier: Apache-2.0 OR MIT
// The control block's own integrity.
#include "cpp/tiers/with_source.hpp"

namespace wrt {

uint64_t LinearMemory::reach() const noexcept {
  return plan().tier == WRT_TIER_STD ? uint64_t{backing_.now.std.map_len} : extent().capacity;
}

void LinearMemory::seal_state(uint64_t key) noexcept {
  state_.seal();
  const wrt_k_mem &bytes = extent().bytes;
  const bool plain = !plan().tracked() && plan().verify < WRT_VERIFY_STANDARD;
  const uint64_t limit = plain && bytes.len >= kFastBytes ? bytes.len - (kFastBytes - 1) : 0;
  charged_len_ = bytes.len;
  store_racy(reach_, reach());
  store_racy(view_.base, bytes.base);
  store_racy(view_.len, static_cast<size_t>(bytes.len));
  store_racy(limit_, limit);
  __atomic_store_n(&seal_, key ^ reinterpret_cast<uintptr_t>(bytes.base) ^ limit, __ATOMIC_RELEASE);
}

wrt_status LinearMemory::check_access(uint64_t key) const noexcept {
  const wrt_k_mem &bytes = extent().bytes;
  if (!sealed_by(key) || view_.base != bytes.base || view_.len != bytes.len) return WRT_ERR_CORRUPT;
  // Counting follows pointers of the plan and the backing.
  if (plan().tracked() && !(plan_.holds() && backing_.holds())) return WRT_ERR_CORRUPT;
  return WRT_OK;
}

wrt_status LinearMemory::check_whole(uint64_t key) const noexcept {
  return plan().verify == WRT_VERIFY_OFF ? check_access(key) : check_copies(key);
}

wrt_status LinearMemory::check_copies(uint64_t key) const noexcept {
  if (check_access(key) != WRT_OK) return WRT_ERR_CORRUPT;
  const bool agreed = state_.holds() && plan_.holds() && backing_.holds() && resizes_.holds() && reach_ == reach() &&
                      charged_to_ == plan().budget && charged_len_ == extent().bytes.len;
  return agreed ? WRT_OK : WRT_ERR_CORRUPT;
}

bool LinearMemory::holds() const noexcept {
  const State &state = state_.now;
  return check_whole(key()) == WRT_OK && state.extent.holds(plan().max_len) && state.peak_len >= len() &&
         state.peak_len <= plan().max_len && len() % plan().page_len == 0 && journal().borrows.holds();
}

// Only the access line is looked at, which is a memory's or nobody's even while the rest becomes something else.
bool LinearMemory::contains(uintptr_t address, uint64_t &offset) const noexcept {
  static_assert(__builtin_offsetof(LinearMemory, state_) == kAccessLine);
  const uint64_t distance = uint64_t{address} - base_bits();
  if (address < base_bits() || distance >= load_racy(reach_)) return false;
  offset = distance;
  return true;
}

}  // namespace wrt
