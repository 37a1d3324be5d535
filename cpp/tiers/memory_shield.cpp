// SPDX-License-Identifier: Apache-2.0 OR MIT
// The levels from STANDARD on: check values kept current by every write, checked where the level asks for it, and
// second copies to mend from.
#include "cpp/core/crc32c.hpp"
#include "cpp/core/shared_bytes.hpp"
#include "cpp/tiers/with_source.hpp"

namespace wrt {

namespace {

CheckedBytes checked_bytes(const wrt_k_mem &bytes, const Part &checks) noexcept {
  return {bytes.base, bytes.len, reinterpret_cast<uint32_t *>(checks.extent.bytes.base)};
}

Backing fresh_like(int32_t tier, const Backing &backing) noexcept {
  Backing fresh;
  __builtin_memset(&fresh, 0, sizeof(fresh));
  if (tier == WRT_TIER_ALLOC) fresh.alloc = AllocSource::fresh_like(backing.alloc);
  return fresh;
}

// A source that refused has taken its part back already.
wrt_status obtain_part(int32_t tier, const Request &request, Part &part) noexcept {
  const wrt_status status =
      with_source(tier, part.backing, [&](auto source, auto &own) { return source.obtain(request, part.extent, own); });
  if (status != WRT_OK) part = Part{};
  return status;
}

wrt_status extend_part(int32_t tier, uint64_t new_len, uint64_t max_len, Part &part) noexcept {
  if (new_len <= part.extent.bytes.cap) return WRT_OK;
  return with_source(tier, part.backing,
                     [&](auto source, auto &own) { return source.extend(new_len, max_len, part.extent, own); });
}

void cut_part(int32_t tier, uint64_t new_len, Part &part) noexcept {
  with_source(tier, part.backing, [&](auto source, auto &own) { source.cut(new_len, part.extent, own); });
}

void wipe_part(int32_t tier, uint64_t offset, uint64_t n, Part &part) noexcept {
  with_source(tier, part.backing, [&](auto source, auto &own) { source.wipe(offset, n, part.extent, own); });
}

void give_back_part(int32_t tier, Part &part) noexcept {
  with_source(tier, part.backing, [&](auto source, auto &own) { source.give_back(part.extent, own, true); });
  part = Part{};
}

// A slot's check values stand beside it, in the pool's storage, and are zero when it is free.
wrt_status obtain_checks(int32_t tier, const Request &request, const Backing &of, Part &part) noexcept {
  const Request own{checks_len(request.initial_len),
                    checks_len(request.max_len),
                    checks_len(request.reserve_len),
                    0,
                    request.stable,
                    request.flags,
                    0};
  part = Part{};
  if (tier != WRT_TIER_STATIC) {
    part.backing = fresh_like(tier, of);
    return obtain_part(tier, own, part);
  }
  part.backing.slot = of.slot;
  part.extent = {{own.initial_len, own.max_len, of.slot.pool->checks_at(static_cast<uint32_t>(of.slot.slot))},
                 own.max_len};
  return WRT_OK;
}

void give_back_checks(int32_t tier, Part &part) noexcept {
  if (tier == WRT_TIER_STATIC) {
    wrt_k_shrink(&part.extent.bytes, 0);
    part = Part{};
  } else {
    give_back_part(tier, part);
  }
}

wrt_status obtain_copy(int32_t tier, const Request &request, const Backing &of, Part &part) noexcept {
  part = Part{};
  part.backing = fresh_like(tier, of);
  if (tier == WRT_TIER_STATIC) {
    uint32_t slot = 0;
    if (wrt_status status = of.slot.pool->claim(slot)) return status;
    part.backing.slot = SlotSource::bind(*of.slot.pool, slot);
  }
  return obtain_part(tier, request, part);
}

}  // namespace

CheckedBytes LinearMemory::first_copy() const noexcept { return checked_bytes(extent().bytes, shield().checks); }

CheckedBytes LinearMemory::second_copy() const noexcept {
  return checked_bytes(shield().copy.extent.bytes, shield().copy_checks);
}

bool LinearMemory::open_to_writer(uint64_t block) const noexcept {
  return journal().borrows.written(block * kBlockLen, kBlockLen);
}

// ---- checking

// One block in all its copies. A copy that is bad is mended from one that is good.
wrt_status LinearMemory::judge(uint64_t block) const noexcept {
  CheckedBytes first = first_copy();
  if (first.checks == nullptr) return WRT_ERR_CORRUPT;  // never, while the control block holds
  const bool first_good = first.good(block);
  if (!shield().copy.held()) return first_good ? WRT_OK : WRT_ERR_CORRUPT;
  CheckedBytes second = second_copy();
  const uint64_t start = block * kBlockLen;
  const auto n = static_cast<size_t>(first.end_of(block) - start);
  const bool second_good = second.good(block) && (!first_good || first.checks[block] == second.checks[block]);
  if (!first_good && !second_good) return WRT_ERR_CORRUPT;
  if (first_good && second_good) return WRT_OK;
  const CheckedBytes &from = first_good ? first : second;
  const CheckedBytes &to = first_good ? second : first;
  wrt_k_move_bytes(to.base + start, from.base + start, n);
  to.checks[block] = from.checks[block];
  journal().shield_stats.repaired++;
  return WRT_OK;
}

wrt_status LinearMemory::sweep(uint64_t first, uint64_t last, bool all, uint64_t &first_bad) const noexcept {
  ShieldStats &stats = journal().shield_stats;
  const bool alone = !shield().copy.held() && journal().borrows.writers == 0;
  bool corrupt = false;
  for (uint64_t block = first; block < last; block++) {
    if (alone) {  // whole runs at once
      const uint64_t bad = first_copy().first_bad(block, last);
      stats.verified += bad - block;
      if (bad == last) break;
      block = bad;
    } else if (open_to_writer(block)) {
      stats.skipped++;
      continue;
    }
    stats.verified++;
    if (judge(block) == WRT_OK) continue;
    stats.corrupt++;
    if (!corrupt) first_bad = block * kBlockLen;
    corrupt = true;
    if (!all) break;
  }
  return corrupt ? WRT_ERR_CORRUPT : WRT_OK;
}

wrt_status LinearMemory::guard(uint64_t offset, uint64_t n, uint32_t kind) const noexcept {
  if (!plan().at_least(WRT_VERIFY_SAMPLING)) return WRT_OK;
  if (plan().verify == WRT_VERIFY_SAMPLING) {
    const uint64_t interval = plan().sample_interval != 0 ? plan().sample_interval : kSampleInterval;
    if (++journal().shield_stats.accesses < interval) return WRT_OK;
    journal().shield_stats.accesses = 0;
  }
  if (n == 0) return WRT_OK;
  const uint64_t first = offset / kBlockLen;
  const uint64_t last = block_count(offset + n);
  uint64_t bad = 0;
  if (kind != WRT_BORROW_WRITE) return sweep(first, last, false, bad);
  // What a write covers whole it seals afresh, whatever was there.
  const bool head = offset % kBlockLen != 0;
  const bool tail = offset + n != first_copy().end_of(last - 1);
  if (last - first == 1) return head || tail ? sweep(first, last, false, bad) : wrt_status{WRT_OK};
  if (head) {
    if (wrt_status status = sweep(first, first + 1, false, bad)) return status;
  }
  return tail ? sweep(last - 1, last, false, bad) : wrt_status{WRT_OK};
}

wrt_status LinearMemory::verify(uint64_t &first_bad) const noexcept {
  return plan().checked() ? sweep(0, block_count(len()), true, first_bad) : wrt_status{WRT_OK};
}

// ---- writing

// The check values come first, while `src` is still what it was: it may be bytes of this memory.
void LinearMemory::put(uint64_t offset, const uint8_t *src, uint64_t n) noexcept {
  if (plan().shared()) {
    put_shared(at(offset), src, static_cast<size_t>(n));
    return;
  }
  const bool twice = plan().checked() && shield().copy.held();
  if (plan().checked()) first_copy().expect_write(offset, src, n);
  if (twice) second_copy().expect_write(offset, src, n);
  wrt_k_move_bytes(at(offset), src, static_cast<size_t>(n));
  if (twice) wrt_k_move_bytes(second_copy().base + offset, at(offset), static_cast<size_t>(n));
}

void LinearMemory::put_fill(uint64_t offset, uint8_t value, uint64_t n) noexcept {
  if (plan().shared()) {
    fill_shared(at(offset), value, static_cast<size_t>(n));
    return;
  }
  if (plan().checked()) first_copy().expect_fill(offset, value, n);
  wrt_k_set_bytes(at(offset), value, static_cast<size_t>(n));
  if (!plan().checked() || !shield().copy.held()) return;
  second_copy().expect_fill(offset, value, n);
  wrt_k_set_bytes(second_copy().base + offset, value, static_cast<size_t>(n));
}

// After a write-borrow: blocks that another one still holds open stay open.
void LinearMemory::reseal(uint64_t offset, uint64_t n) noexcept {
  if (!plan().checked()) return;
  CheckedBytes first = first_copy();
  CheckedBytes second = second_copy();
  for (uint64_t block = offset / kBlockLen; block < block_count(offset + n); block++) {
    if (open_to_writer(block)) continue;
    first.seal(block, block + 1);
    if (!shield().copy.held()) continue;
    const uint64_t start = block * kBlockLen;
    wrt_k_move_bytes(second.base + start, first.base + start, static_cast<size_t>(first.end_of(block) - start));
    second.checks[block] = first.checks[block];
  }
}

// ---- length

wrt_status LinearMemory::make_shield_room(uint64_t new_len) noexcept {
  const int32_t tier = plan().tier;
  const uint64_t max_len = plan().max_len;
  Shield &own = journal().shield.now;
  wrt_status status = extend_part(tier, checks_len(new_len), checks_len(max_len), own.checks);
  if (status == WRT_OK && own.copy.held()) status = extend_part(tier, new_len, max_len, own.copy);
  if (status == WRT_OK && own.copy.held()) {
    status = extend_part(tier, checks_len(new_len), checks_len(max_len), own.copy_checks);
  }
  journal().shield.seal();
  return status;
}

// The new bytes are zero, and so are their check values.
void LinearMemory::lengthen_shield(uint64_t new_len) noexcept {
  Shield &own = journal().shield.now;
  own.checks.extent.bytes.len = checks_len(new_len);
  if (own.copy.held()) {
    own.copy.extent.bytes.len = new_len;
    own.copy_checks.extent.bytes.len = checks_len(new_len);
  }
  journal().shield.seal();
}

// What is cut off becomes zero: in the block where the cut is, as by a write of zeros.
void LinearMemory::shorten_shield(uint64_t new_len) noexcept {
  const int32_t tier = plan().tier;
  const uint64_t in_block = least(round_up(new_len, kBlockLen), len()) - new_len;
  Shield &own = journal().shield.now;
  first_copy().expect_fill(new_len, 0, in_block);
  cut_part(tier, checks_len(new_len), own.checks);
  if (own.copy.held()) {
    second_copy().expect_fill(new_len, 0, in_block);
    cut_part(tier, checks_len(new_len), own.copy_checks);
    cut_part(tier, new_len, own.copy);
  }
  journal().shield.seal();
}

void LinearMemory::wipe_shield(uint64_t offset, uint64_t n) noexcept {
  const int32_t tier = plan().tier;
  const uint64_t end = offset + n;
  const uint64_t first = block_count(offset);
  const uint64_t last = end == len() ? block_count(end) : end / kBlockLen;
  Shield &own = journal().shield.now;
  const auto wipe_checks = [&](CheckedBytes copy, Part &checks) {
    if (first >= last) {
      copy.expect_fill(offset, 0, n);
      return;
    }
    copy.expect_fill(offset, 0, first * kBlockLen - offset);
    wipe_part(tier, first * sizeof(uint32_t), (last - first) * sizeof(uint32_t), checks);
    if (last * kBlockLen < end) copy.expect_fill(last * kBlockLen, 0, end - last * kBlockLen);
  };
  wipe_checks(first_copy(), own.checks);
  if (!own.copy.held()) return;
  wipe_checks(second_copy(), own.copy_checks);
  wipe_part(tier, offset, n, own.copy);
}

// ---- changing level

[[gnu::cold]] wrt_status LinearMemory::extend_shield(int32_t level, Shield &shield) const noexcept {
  const int32_t tier = plan().tier;
  const Request request{
      len(), plan().max_len, plan().reserve_len, 0, plan().fixed(), plan().flags & (WRT_MEM_COMMIT | WRT_MEM_HUGE), 0};
  const Shield before = shield;
  wrt_status status = WRT_OK;
  if (!shield.checks.held()) status = obtain_checks(tier, request, backing_.now, shield.checks);
  if (level == WRT_VERIFY_REDUNDANT && !shield.copy.held()) {
    if (status == WRT_OK) status = obtain_copy(tier, request, backing_.now, shield.copy);
    if (status == WRT_OK) status = obtain_checks(tier, request, shield.copy.backing, shield.copy_checks);
  }
  if (status != WRT_OK) reduce_shield(before, shield);
  return status;
}

[[gnu::cold]] void LinearMemory::reduce_shield(const Shield &kept, Shield &shield) const noexcept {
  const int32_t tier = plan().tier;
  if (shield.copy_checks.held() && !kept.copy_checks.held()) give_back_checks(tier, shield.copy_checks);
  if (shield.copy.held() && !kept.copy.held()) give_back_part(tier, shield.copy);
  if (shield.checks.held() && !kept.checks.held()) give_back_checks(tier, shield.checks);
  if (!kept.copy.held()) shield.copy = Part{};
  if (!kept.copy_checks.held()) shield.copy_checks = Part{};
  if (!kept.checks.held()) shield.checks = Part{};
}

void LinearMemory::take_checks_of(const LinearMemory &other) noexcept {
  if (other.plan().checked()) {
    const auto n = static_cast<size_t>(checks_len(len()));
    const auto *from = reinterpret_cast<const uint8_t *>(other.first_copy().checks);
    wrt_k_move_bytes(reinterpret_cast<uint8_t *>(first_copy().checks), from, n);
  } else {
    first_copy().seal(0, block_count(len()));
  }
  mirror_bytes();
}

// The second copy becomes what the first is.
void LinearMemory::mirror_bytes() noexcept {
  if (!shield().copy.held()) return;
  CheckedBytes first = first_copy();
  CheckedBytes second = second_copy();
  wrt_k_move_bytes(second.base, first.base, static_cast<size_t>(first.len));
  __builtin_memcpy(second.checks, first.checks, static_cast<size_t>(checks_len(first.len)));
}

// From here on nothing can fail: `shield` has all that `level` needs, and perhaps more.
[[gnu::cold]] void LinearMemory::adopt_shield(int32_t level, Shield shield) noexcept {
  const uint64_t sealed_with = key();
  Journal &own = journal();
  const bool was_checked = plan().checked();
  const bool had_copy = was_checked && own.shield.now.copy.held();
  Shield wanted = shield;
  if (level < WRT_VERIFY_REDUNDANT) wanted.copy = wanted.copy_checks = Part{};
  if (level < WRT_VERIFY_STANDARD) wanted.checks = Part{};
  reduce_shield(wanted, shield);
  if (kHasLevels) own.shield.set(shield);
  if (shield.checks.held() && !was_checked) first_copy().seal(0, block_count(len()));
  if (shield.copy.held() && !had_copy) mirror_bytes();
  plan_.now.verify = static_cast<uint8_t>(level);
  if (level >= WRT_VERIFY_STANDARD) plan_.now.shielded = 1;
  plan_.seal();
  seal_state(sealed_with);
}

// What accesses look at stays untouched.
[[gnu::cold]] void LinearMemory::set_level_of_shared(int32_t level) noexcept {
  const Turn turn(lock());
  plan_.now.verify = static_cast<uint8_t>(level);
  plan_.seal(&Plan::verify);
}

[[gnu::cold]] wrt_status LinearMemory::set_verify(int32_t level) noexcept {
  if (plan().shared()) {
    if (level >= WRT_VERIFY_STANDARD) return WRT_ERR_UNSUPPORTED;
    set_level_of_shared(level);
    return WRT_OK;
  }
  const int32_t before = plan().verify;
  if (level >= WRT_VERIFY_STANDARD && state_.now.viewed != 0) return WRT_ERR_UNSUPPORTED;
  if (borrow_count() != 0) return WRT_ERR_BUSY;
  Journal &own = journal();
  const bool was_checked = plan().checked();
  Shield shield = was_checked ? own.shield.now : Shield{};
  if (level >= WRT_VERIFY_STANDARD) {
    if (wrt_status status = extend_shield(level, shield)) return status;
    if (plan().shielded == 0) own.shield_stats = ShieldStats{};
  }

  // Upwards what was kept is checked. Downwards what can still be mended is.
  uint64_t first_bad = 0;
  const wrt_status intact = was_checked && level != before ? verify(first_bad) : wrt_status{WRT_OK};
  if (intact != WRT_OK && level > before) {
    reduce_shield(own.shield.now, shield);
    return intact;
  }
  adopt_shield(level, shield);
  return WRT_OK;
}

}  // namespace wrt
