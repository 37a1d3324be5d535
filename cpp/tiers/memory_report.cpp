// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/with_source.hpp"

namespace wrt {

[[gnu::cold]] void LinearMemory::info(wrt_mem_info &out) const noexcept {
  const Turn turn(lock());
  out = wrt_mem_info{};
  out.tier = plan().tier;
  out.flags = plan().flags;
  out.verify = plan().verify;
  out.len = len();
  out.max_len = plan().max_len;
  out.page_len = plan().page_len();
  out.capacity = extent().capacity;
  out.committed = with_source(plan().tier, backing_.now,
                              [&](auto source, const auto &own) { return source.committed(extent(), own); });
  out.peak_len = state_.now.peak_len;
  out.borrows = borrow_count();
  out.base_stable = extent().capacity == plan().max_len ? 1 : 0;
  if (plan().named != 0) __builtin_memcpy(out.name, journal().name, kNameLen);
}

void LinearMemory::stats(wrt_mem_stats &out) const noexcept {
  const Turn turn(lock());
  out = wrt_mem_stats{};
  out.resizes = counts_.now.resizes;
  out.resize_failures = counts_.now.resize_failures;
  if (plan().shielded != 0) {
    const ShieldStats &shielded = journal().shield_stats;
    out.verified_blocks = shielded.verified;
    out.corrupt_blocks = shielded.corrupt;
    out.repaired_blocks = shielded.repaired;
    out.skipped_blocks = shielded.skipped;
  }
  if (!plan().tracked()) return;
  const Tracker &tracker = journal().tracker;
  out.reads = tracker.reads;
  out.writes = tracker.writes;
  out.bytes_read = tracker.bytes_read;
  out.bytes_written = tracker.bytes_written;
  out.denied = tracker.denied;
  out.max_access = tracker.max_access;
  out.regions = tracker.regions;
}

[[gnu::cold]] void LinearMemory::history(wrt_mem_history &out) const noexcept {
  const Turn turn(lock());
  out = wrt_mem_history{};
  if (plan().tracked()) journal().tracker.history(out);
}

void LinearMemory::clear_stats() noexcept {
  const Turn turn(lock());
  counts_.set({});
  if (plan().shielded != 0) {
    const uint64_t accesses = journal().shield_stats.accesses;  // which access is the Nth is not a statistic
    journal().shield_stats = ShieldStats{};
    journal().shield_stats.accesses = accesses;
  }
  if (!plan().tracked()) return;
  const Side map = side();
  journal().tracker.clear(map.at, map.len);
}

}  // namespace wrt
