// SPDX-License-Identifier: Apache-2.0 OR MIT
// The control block's own integrity.
#include "cpp/tiers/with_source.hpp"

namespace wrt {

uint64_t LinearMemory::reach() const noexcept {
  return kHasStd && plan().tier == WRT_TIER_STD ? uint64_t{backing_.now.std.map_len} : extent().capacity;
}

void LinearMemory::seal_state(uint64_t key) noexcept {
  state_.seal();
  const wrt_k_mem &bytes = extent().bytes;
  const bool plain = !plan().tracked() && !plan().shared() && (!kHasImages || plan().frozen == 0) &&
                     plan().verify <= WRT_VERIFY_STANDARD;
  const uint64_t limit = plain && bytes.len >= kFastBytes ? bytes.len - (kFastBytes - 1) : 0;
  store_racy(charged_len_, bytes.len);
  store_racy(reach_, reach());
  if (view_.base != bytes.base) store_racy(view_.base, bytes.base);  // once for all, where many threads read it
  __atomic_store_n(&view_.len, static_cast<size_t>(bytes.len), __ATOMIC_RELEASE);
  store_racy(limit_, limit);
  if (kHasLevels) {
    uint32_t *const checks = plan().checked() ? first_copy().checks : nullptr;
    store_racy(checks_, checks);
    store_racy(checks_seal_, key ^ reinterpret_cast<uintptr_t>(checks));
  }
  store_published(seal_, key ^ reinterpret_cast<uintptr_t>(bytes.base) ^ limit);
}

bool LinearMemory::access_line_holds(uint64_t key) const noexcept {
  return sealed_by(key) && view_.base == extent().bytes.base && view_.len == extent().bytes.len;
}

// A growth publishes the copy of the length first: between the two they differ, but not while the lock is held.
bool LinearMemory::shared_line_holds(uint64_t key) const noexcept {
  if (!plan_.agrees(&Plan::flags) || !plan_.agrees(&Plan::journal) || !sealed_by(key)) return false;
  if (load_racy(view_.base) != extent().bytes.base) return false;
  const uint64_t seen = live_len();
  if (load_racy(charged_len_) == seen) return true;
  const Turn turn(lock());
  return charged_len_ == view_.len;
}

// What counting and checking follow has to hold too, and what says whether they do.
wrt_status LinearMemory::check_access(uint64_t key) const noexcept {
  if (plan().shared()) return shared_line_holds(key) ? WRT_OK : WRT_ERR_CORRUPT;
  if (!access_line_holds(key) || !plan_.holds()) return WRT_ERR_CORRUPT;
  if (plan().at_least(WRT_VERIFY_FULL)) return check_whole(key);
  if (!plan().tracked() && !plan().checked()) return WRT_OK;
  return backing_.holds() && shield_holds() ? WRT_OK : WRT_ERR_CORRUPT;
}

wrt_status LinearMemory::check_whole(uint64_t key) const noexcept {
  if (plan().shared() && !shared_line_holds(key)) return WRT_ERR_CORRUPT;
  const Turn turn(lock());
  if (!access_line_holds(key)) return WRT_ERR_CORRUPT;
  if (plan().verify == WRT_VERIFY_OFF && plan_.holds()) return WRT_OK;
  return copies_agree() ? WRT_OK : WRT_ERR_CORRUPT;
}

wrt_status LinearMemory::check_copies(uint64_t key) const noexcept {
  if (plan().shared() && !shared_line_holds(key)) return WRT_ERR_CORRUPT;
  const Turn turn(lock());
  return access_line_holds(key) && copies_agree() ? WRT_OK : WRT_ERR_CORRUPT;
}

bool LinearMemory::copies_agree() const noexcept {
  return plan_.holds() && state_.holds() && backing_.holds() && counts_.holds() && shield_holds() &&
         journal().borrows.sound() && charged_to_ == plan().budget && charged_len_ == len() && reach_ == reach();
}

bool LinearMemory::shield_holds() const noexcept {
  if (!kHasLevels) return true;
  if (checks_seal_ != (key() ^ reinterpret_cast<uintptr_t>(checks_))) return false;
  if (!plan().checked()) return checks_ == nullptr;
  return journal().shield.holds() && checks_ == first_copy().checks;
}

bool LinearMemory::holds() const noexcept {
  const State &state = state_.now;
  return check_whole(key()) == WRT_OK && state.extent.holds(plan().max_len) && state.peak_len >= len() &&
         state.peak_len <= plan().max_len && (len() & (plan().page_len() - 1)) == 0 && journal().borrows.holds();
}

// Only the access line is looked at, which is a memory's or nobody's even while the rest becomes something else.
bool LinearMemory::contains(uintptr_t address, uint64_t &offset) const noexcept {
  static_assert(__builtin_offsetof(LinearMemory, checks_) == kAccessLine);
  const uint64_t distance = uint64_t{address} - base_bits();
  if (address < base_bits() || distance >= load_racy(reach_)) return false;
  offset = distance;
  return true;
}

}  // namespace wrt
