// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/shared_bytes.hpp"
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

Plan plan_of(const Spec &spec, Journal &journal) noexcept {
  Plan plan{};
  plan.initial_len = spec.reset_len;
  plan.max_len = spec.request.max_len;
  if (kHasStd) plan.reserve_len = spec.request.reserve_len;
  if (kHasStd) plan.guard_len = spec.request.guard_len;
  plan.journal = &journal;
  plan.budget = spec.budget;
  plan.flags = spec.flags;
  plan.sample_interval = spec.sample_interval;
  plan.tier = static_cast<uint8_t>(spec.tier);
  plan.verify = static_cast<uint8_t>(spec.verify);
  plan.shift = static_cast<uint8_t>(trailing_zeros(spec.page_len));
  plan.named = spec.name != nullptr ? 1 : 0;
  plan.shielded = plan.checked() ? 1 : 0;
  if (kHasImages) {
    plan.image = spec.image;
    plan.frozen = spec.frozen ? 1 : 0;
  }
  return plan;
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
  const bool in_file = kHasStd && spec.tier == WRT_TIER_STD && spec.frozen && spec.verify < WRT_VERIFY_REDUNDANT;
  if (in_file) StdSource::back_with_file(state.extent, backing.std);  // where nothing can be mended
  state_.now = state;
  backing_.set(backing);
  plan_.set(plan_of(spec, journal));
  if (wrt_status refused = open_shield()) return refused;
  charged_to_ = spec.budget;
  counts_.set({});
  if (spec.name != nullptr) copy_name(journal.name, spec.name);
  if (plan().tracked()) journal.tracker = Tracker{};
  if (plan().source() != nullptr) journal.image = spec.image;
  if (BudgetCell *budget = plan().payer()) budget->settle();
  return WRT_OK;
}

// New bytes are zero, and so are their check values: there is nothing to seal.
wrt_status LinearMemory::open_shield() noexcept {
  if (!plan().checked()) return WRT_OK;
  Journal &own = journal();
  own.shield_stats = ShieldStats{};
  Shield shield{};
  const wrt_status status = extend_shield(plan().verify, shield);
  if (status == WRT_OK) {
    own.shield.set(shield);
  } else if (plan().tier != WRT_TIER_STATIC) {  // a slot that was never written needs nothing
    with_source(plan().tier, backing_.now,
                [&](auto source, auto &backing) { source.give_back(state_.now.extent, backing, false); });
  }
  return status;
}

void LinearMemory::publish(uint64_t key) noexcept { seal_state(key); }

void LinearMemory::unpublish() noexcept {
  store_racy(seal_, uint64_t{0});
  store_racy(limit_, uint64_t{0});
  store_racy(reach_, uint64_t{0});
}

void LinearMemory::close() noexcept {
  if (plan().payer() != nullptr) plan().payer()->refund(static_cast<uintptr_t>(len()));
  if (plan().checked()) {
    Shield none{};
    reduce_shield(none, journal().shield.now);
    journal().shield.set(none);
  }
  if (plan().source() != nullptr) journal().image = nullptr;
  const State state = state_.now;
  Extent extent = state.extent;
  Backing backing = backing_.now;
  with_source(plan().tier, backing, [&](auto source, auto &own) { source.give_back(extent, own, state.exposed != 0); });
}

SlotPool *LinearMemory::pool_by_vote(SlotPool *owner) const noexcept {
  const bool from_pool = plan_.restored().tier == WRT_TIER_STATIC;
  return vote<SlotPool *>(owner, pool(), from_pool ? backing_.restored().slot.pool : nullptr, nullptr);
}

uint32_t LinearMemory::slots_by_vote(const Journal &own) const noexcept {
  if (!kHasLevels) return 1;
  const bool now = plan().verify == WRT_VERIFY_REDUNDANT;
  const bool copy = plan_.restored().verify == WRT_VERIFY_REDUNDANT;
  return vote(now, copy, own.shield.now.copy.held(), false) ? 2 : 1;
}

LinearMemory *LinearMemory::image_by_vote(const Journal &own) const noexcept {
  if (!kHasImages) return nullptr;
  return vote<LinearMemory *>(plan().image, plan_.restored().image, own.image, nullptr);
}

BudgetCell *LinearMemory::abandon() noexcept {
  if (!kHasBudgets) return nullptr;
  BudgetCell *budget = vote<BudgetCell *>(plan().budget, plan_.restored().budget, charged_to_, nullptr);
  const uint64_t charged = vote(len(), state_.restored().extent.bytes.len, charged_len_, uint64_t{0});
  if (budget != nullptr) budget->refund(static_cast<uintptr_t>(charged));
  return budget;
}

[[gnu::cold]] Spec LinearMemory::spec_of_clone() const noexcept {
  const Turn turn(lock());
  const Plan &from = plan();
  Spec spec{};
  spec.tier = from.tier;
  spec.flags = from.flags;
  spec.verify = from.verify;
  spec.sample_interval = from.sample_interval;
  spec.page_len = from.page_len();
  spec.reset_len = from.initial_len;
  spec.request = {len(),         from.max_len, from.reserve_len, side().len, from.fixed(), from.flags & kSourceFlags,
                  from.guard_len};
  spec.pool = pool();
  spec.image = from.source();
  spec.budget = from.budget;
  if (from.named != 0) spec.name = journal().name;
  if (from.tier == WRT_TIER_ALLOC) {
    const AllocSource::Backing &own = backing_.now.alloc;
    spec.allocator = {sizeof(wrt_allocator), 0, own.context, own.allocate, own.reallocate, own.deallocate};
  }
  return spec;
}

wrt_status LinearMemory::copy_into(LinearMemory &other) const noexcept {
  const Turn turn(checking());
  uint64_t first_bad = 0;
  if (wrt_status status = verify(first_bad)) return status;
  if (kHasImages) {
    other.become(*this, true);
    return WRT_OK;
  }
  const auto n = static_cast<size_t>(other.extent().bytes.len);
  if (plan().shared()) {
    get_shared(other.at(0), at(0), n);  // this one may have grown since
  } else {
    wrt_k_move_bytes(other.at(0), at(0), n);
  }
  return WRT_OK;
}

wrt_status LinearMemory::reset() noexcept {
  const LinearMemory *image = plan().source();
  if (image != nullptr && !image->intact()) return WRT_ERR_CORRUPT;
  if (plan().shared()) return WRT_ERR_UNSUPPORTED;
  const uint64_t old_len = len();
  const uint64_t new_len = plan().initial_len;
  BudgetCell *budget = plan().payer();
  if (new_len > old_len && budget != nullptr) {
    if (wrt_status status = budget->would_fit(static_cast<uintptr_t>(new_len - old_len))) return status;
  }
  if (borrow_count() != 0) return WRT_ERR_BUSY;
  const Turn turn(image != nullptr ? image->checking() : nullptr);
  if (new_len > old_len) {
    if (wrt_status status = lengthen(new_len, image)) return status;
  } else {
    uint64_t first_bad = 0;
    if (image != nullptr && image->verify(first_bad) != WRT_OK) return WRT_ERR_CORRUPT;
    if (new_len < old_len) shorten(new_len);
  }
  if (image != nullptr) {
    become(*image, false);
    return WRT_OK;
  }
  // To the end of a block: its check value is then made anew, as nothing of what is discarded is checked.
  wipe(0, least(round_up(least(old_len, new_len), kBlockLen), new_len));
  return WRT_OK;
}

}  // namespace wrt
