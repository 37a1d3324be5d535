// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/with_source.hpp"

namespace wrt {

namespace {

Backing bind(const Spec &spec) noexcept {
  Backing backing;
  __builtin_memset(&backing, 0, sizeof(backing));  // the mirror looks at every word
  if (spec.tier == WRT_TIER_ALLOC) backing.alloc = AllocSource::bind(spec.allocator);
  if (spec.tier == WRT_TIER_STATIC) backing.slot = SlotSource::bind(*spec.pool, spec.slot);
  return backing;
}

void copy_name(char (&to)[kNameLen], const char *from) noexcept {
  size_t i = 0;
  for (; i + 1 < kNameLen && from[i] != '\0'; i++) to[i] = from[i];
  for (; i < kNameLen; i++) to[i] = '\0';
}

// What at least two of three copies say.
template <class T>
T vote(T a, T b, T c, T none) noexcept {
  if (a == b || a == c) return a;
  return b == c ? b : none;
}

}  // namespace

wrt_status LinearMemory::open(const Spec &spec, Journal &journal) noexcept {
  Backing backing = bind(spec);
  State state{};
  const wrt_status status = with_source(
      spec.tier, backing, [&](auto source, auto &own) { return source.obtain(spec.request, state.extent, own); });
  if (status != WRT_OK) return status;

  state.peak_len = spec.request.initial_len;
  state_.now = state;
  backing_.set(backing);
  plan_.set({spec.reset_len, spec.request.max_len, spec.page_len, spec.request.reserve_len, &journal, spec.budget,
             spec.tier, spec.flags, spec.verify, spec.sample_interval, spec.name != nullptr ? 1U : 0U, 0});
  charged_to_ = spec.budget;
  resizes_.set({0, 0});
  if (spec.name != nullptr) copy_name(journal.name, spec.name);
  if (plan().tracked()) journal.tracker = Tracker{};
  if (spec.budget != nullptr) spec.budget->settle();
  return WRT_OK;
}

void LinearMemory::publish(uint64_t key) noexcept { seal_state(key); }

void LinearMemory::unpublish() noexcept {
  store_racy(seal_, uint64_t{0});
  store_racy(limit_, uint64_t{0});
  store_racy(reach_, uint64_t{0});
}

void LinearMemory::close() noexcept {
  if (plan().budget != nullptr) plan().budget->refund(static_cast<uintptr_t>(len()));
  const State state = state_.now;
  Extent extent = state.extent;
  Backing backing = backing_.now;
  with_source(plan().tier, backing, [&](auto source, auto &own) { source.give_back(extent, own, state.exposed != 0); });
}

BudgetCell *LinearMemory::abandon() noexcept {
  BudgetCell *budget = vote<BudgetCell *>(plan().budget, plan_.restored().budget, charged_to_, nullptr);
  const uint64_t charged = vote(len(), state_.restored().extent.bytes.len, charged_len_, uint64_t{0});
  if (budget != nullptr) budget->refund(static_cast<uintptr_t>(charged));
  return budget;
}

Spec LinearMemory::spec_of_clone() const noexcept {
  const Plan &from = plan();
  Spec spec{};
  spec.tier = from.tier;
  spec.flags = from.flags;
  spec.verify = from.verify;
  spec.sample_interval = from.sample_interval;
  spec.page_len = from.page_len;
  spec.reset_len = from.initial_len;
  spec.request = {len(), from.max_len, from.reserve_len, side().len, (from.flags & WRT_MEM_STABLE) != 0};
  spec.pool = pool();
  spec.budget = from.budget;
  if (from.named != 0) spec.name = journal().name;
  if (from.tier == WRT_TIER_ALLOC) {
    const AllocSource::Backing &own = backing_.now.alloc;
    spec.allocator = {sizeof(wrt_allocator), 0, own.context, own.allocate, own.reallocate, own.deallocate};
  }
  return spec;
}

void LinearMemory::copy_into(LinearMemory &other) const noexcept {
  wrt_k_move_bytes(other.at(0), at(0), static_cast<size_t>(len()));
}

wrt_status LinearMemory::reset() noexcept {
  const uint64_t old_len = len();
  const uint64_t new_len = plan().initial_len;
  BudgetCell *budget = plan().budget;
  if (new_len > old_len && budget != nullptr) {
    if (wrt_status status = budget->would_fit(static_cast<uintptr_t>(new_len - old_len))) return status;
  }
  if (borrow_count() != 0) return WRT_ERR_BUSY;
  if (new_len > old_len) {
    if (wrt_status status = lengthen(new_len)) return status;
  } else if (new_len < old_len) {
    shorten(new_len);
  }
  wipe(0, least(old_len, new_len));
  return WRT_OK;
}

}  // namespace wrt
