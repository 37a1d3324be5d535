// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/with_source.hpp"

namespace wrt {

// Room for the bytes and for what stands beside them; no length changes yet.
wrt_status LinearMemory::make_room(uint64_t new_len) noexcept {
  Extent &extent = state_.now.extent;
  if (new_len > extent.bytes.cap) {
    const wrt_status status = with_source(plan().tier, backing_.now, [&](auto source, auto &own) {
      return source.extend(new_len, plan().max_len, extent, own);
    });
    if (status != WRT_OK) return status;
    backing_.seal();
  }
  return plan().checked() ? make_shield_room(new_len) : wrt_status{WRT_OK};
}

wrt_status LinearMemory::lengthen(uint64_t new_len, const LinearMemory *image) noexcept {
  const auto delta = static_cast<uintptr_t>(new_len - len());
  BudgetCell *budget = plan().payer();
  if (budget != nullptr) {
    if (wrt_status status = budget->charge(delta)) return status;
  }
  const uint64_t sealed_with = key();
  State &state = state_.now;
  wrt_status status = make_room(new_len);
  uint64_t first_bad = 0;
  if (kHasImages && status == WRT_OK && image != nullptr) status = image->verify(first_bad);
  if (status != WRT_OK) {
    seal_state(sealed_with);
    if (budget != nullptr) budget->refund(delta);
    return status;
  }
  (void)wrt_k_grow(&state.extent.bytes, new_len);  // within what make_room() made
  if (plan().checked()) lengthen_shield(new_len);
  state.peak_len = most(state.peak_len, new_len);
  seal_state(sealed_with);
  if (budget != nullptr) budget->settle();
  return WRT_OK;
}

void LinearMemory::shorten(uint64_t new_len) noexcept {
  const auto delta = static_cast<uintptr_t>(len() - new_len);
  const uint64_t sealed_with = key();
  if (plan().checked()) shorten_shield(new_len);
  with_source(plan().tier, backing_.now, [&](auto source, auto &own) { source.cut(new_len, state_.now.extent, own); });
  if (kHasStd) backing_.seal();
  seal_state(sealed_with);
  if (BudgetCell *budget = plan().payer()) budget->refund(delta);
}

wrt_status LinearMemory::change_len(uint64_t new_len) noexcept {
  const bool growing = new_len > len();
  if (!growing && plan().shared()) return WRT_ERR_UNSUPPORTED;
  if ((new_len & (plan().page_len() - 1)) != 0) return WRT_ERR_MISALIGNED;
  if (new_len > plan().max_len) return WRT_ERR_LIMIT;
  if (growing && plan().payer() != nullptr) {
    if (wrt_status status = plan().payer()->would_fit(static_cast<uintptr_t>(new_len - len()))) return status;
  }
  const bool pinned = borrow_count() != 0 && !(growing && plan().fixed());
  if (pinned) return WRT_ERR_BUSY;
  if (growing) return lengthen(new_len, nullptr);
  shorten(new_len);
  return WRT_OK;
}

wrt_status LinearMemory::count_change(uint64_t from, uint64_t to, wrt_status status) noexcept {
  (status == WRT_OK ? counts_.now.resizes : counts_.now.resize_failures)++;
  counts_.seal();
  if (plan().tracked()) journal().tracker.change(from, to, status);
  return status;
}

wrt_status LinearMemory::resize(uint64_t new_len) noexcept {
  const Turn turn(lock());
  return resize_alone(new_len);
}

wrt_status LinearMemory::resize_alone(uint64_t new_len) noexcept {
  const uint64_t old_len = len();
  if (new_len == old_len) return WRT_OK;
  return count_change(old_len, new_len, change_len(new_len));
}

wrt_status LinearMemory::grow(uint64_t delta_pages, uint64_t &old_pages) noexcept {
  const Turn turn(lock());
  const uint32_t shift = plan().shift;
  const uint64_t old_len = len();
  if (delta_pages > shift_right(plan().max_len - old_len, shift)) {
    const bool overflows = delta_pages > shift_right(UINT64_MAX - old_len, shift);
    return count_change(old_len, overflows ? UINT64_MAX : old_len + shift_left(delta_pages, shift), WRT_ERR_LIMIT);
  }
  const wrt_status status = resize_alone(old_len + shift_left(delta_pages, shift));
  if (status == WRT_OK) old_pages = shift_right(old_len, shift);
  return status;
}

void LinearMemory::wipe(uint64_t offset, uint64_t n) noexcept {
  if (n == 0) return;
  if (plan().checked()) wipe_shield(offset, n);
  if (plan().shared() && plan().tier != WRT_TIER_STD) return put_fill(offset, 0, n);
  with_source(plan().tier, backing_.now,
              [&](auto source, auto &own) { source.wipe(offset, n, state_.now.extent, own); });
}

wrt_status LinearMemory::discard(uint64_t offset, uint64_t n) noexcept {
  if (wrt_status status = check(offset, n)) return status;
  if (wrt_status status = guard(offset, n, WRT_BORROW_WRITE)) return status;
  const Turn turn(lock());
  wipe(offset, n);
  return WRT_OK;
}

}  // namespace wrt
