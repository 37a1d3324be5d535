// SPDX-License-Identifier: Apache-2.0 OR MIT
// Images, and the memories that start as one: only what is not zero is copied, where it is copied at all.
#include "cpp/core/shared_bytes.hpp"
#include "cpp/tiers/with_source.hpp"
#include "cpp/tiers/zero.hpp"

namespace wrt {

Spec LinearMemory::spec_of_image() const noexcept {
  Spec spec = spec_of_clone();
  const uint64_t length = spec.request.initial_len;
  spec.flags = WRT_MEM_EXACT_MAX;
  spec.reset_len = length;
  spec.request = {length, spec.request.max_len, length, 0, false};
  spec.budget = nullptr;
  spec.name = nullptr;
  spec.image = nullptr;
  spec.frozen = true;
  return spec;
}

wrt_status LinearMemory::check_blocks() const noexcept {
  const Turn turn(checking());
  uint64_t first_bad = 0;
  return verify(first_bad);
}

// Where the host keeps an image in a file it knows where there are holes, and to look into one would fill it.
uint64_t LinearMemory::skip_hole(uint64_t from) const noexcept {
  const bool in_file = kHasStd && plan().tier == WRT_TIER_STD && plan().frozen != 0;
  return in_file ? round_down(StdSource::next_data(backing_.now.std, from), kGrain) : from;
}

LinearMemory::Run LinearMemory::next_run(uint64_t from) const noexcept {
  const uint64_t length = len();
  const auto zero_at = [&](uint64_t grain) {
    return all_zero(at(grain), static_cast<size_t>(least(kGrain, length - grain)));
  };
  if (from < length) from = skip_hole(from);
  while (from < length && zero_at(from)) from = skip_hole(from + kGrain);
  if (from >= length) return {length, length};
  uint64_t end = from + kGrain;
  while (end < length && !zero_at(end)) end += kGrain;
  return {from, least(end, length)};
}

wrt_status LinearMemory::freeze() noexcept {
  uint64_t stored = 0;
  uint64_t used = 0;
  for (Run run = next_run(0); run.begin != run.end; run = next_run(run.end)) {
    stored += run.end - run.begin;
    used = run.end;
  }
  plan_.now.guard_len = stored;
  plan_.seal();
  if (!kHasStd || plan().tier != WRT_TIER_STD) return WRT_OK;
  const wrt_status status = StdSource::freeze(used, extent(), backing_.now.std);
  backing_.seal();
  return status;
}

void LinearMemory::take_runs_of(const LinearMemory &other) noexcept {
  const uint64_t n = extent().bytes.len;  // a SHARED one may have grown since, and this one is not published yet
  if (!other.plan().shared()) {
    for (Run run = other.next_run(0); run.begin != run.end; run = other.next_run(run.end)) {
      wrt_k_move_bytes(at(run.begin), other.at(run.begin), static_cast<size_t>(run.end - run.begin));
    }
    return;
  }
  uint8_t piece[256];
  for (uint64_t done = 0; done < n; done += sizeof(piece)) {
    const auto part = static_cast<size_t>(least(n - done, sizeof(piece)));
    get_shared(piece, other.at(done), part);
    if (!all_zero(piece, part)) wrt_k_move_bytes(at(done), piece, part);
  }
}

void LinearMemory::become(const LinearMemory &other, bool fresh) noexcept {
  bool mapped = false;
  if (kHasStd && plan().tier == WRT_TIER_STD && other.plan().tier == WRT_TIER_STD && other.plan().frozen != 0) {
    mapped = StdSource::map_image(other.backing_.now.std, fresh, extent(), backing_.now.std);
    backing_.seal();
  }
  if (!mapped) {
    if (!fresh && len() != 0) {
      with_source(plan().tier, backing_.now,
                  [&](auto source, auto &own) { source.wipe(0, len(), state_.now.extent, own); });
    }
    take_runs_of(other);
  }
  if (plan().checked()) take_checks_of(other);
}

}  // namespace wrt
