// SPDX-License-Identifier: Apache-2.0 OR MIT
// Every state of small sets of ids and of an 8-slot pool, and from each of them every operation: the result, the
// invariant, and that nothing else has changed. No depth bound: what holds for one step from every state holds for all.
// WORD_BITS 0 takes the words that ship; 2 and 4 give sets of up to four levels.

#ifndef WORD_BITS
#define WORD_BITS 0
#endif
#if WORD_BITS == 2
#define WRT_K_WORD_SHIFT 1U
#include "proofs/models/small_word.hpp"
#elif WORD_BITS == 4
#define WRT_K_WORD_SHIFT 2U
#include "proofs/models/small_word.hpp"
#endif

#include <string.h>

#include "cpp/tiers/slot_pool.hpp"
#include "proofs/models/check.hpp"

#if WORD_BITS != 0
#include "cpp/tiers/slot_pool.cpp"
#endif

namespace {

constexpr uint32_t kMostIds = 16;
constexpr uint32_t kMostWords = 16;

struct Set {
  wrt_k_word words[kMostWords] = {};
  wrt_k_set set{};

  explicit Set(uint32_t size) {
    CHECK(wrt_k_set_words(size) <= kMostWords);
    wrt_k_set_init(&set, words, size);
  }
  Set(const Set &other) : set(other.set) {
    memcpy(static_cast<void *>(words), static_cast<const void *>(other.words), sizeof words);
    set.words = words;
  }
  Set &operator=(const Set &) = delete;

  /// How many items a level has.
  uint32_t items(uint32_t level) const {
    uint32_t n = set.size;
    for (uint32_t i = 0; i < level; i++) n = wrt_k_words_above(n);
    return n;
  }
  bool bit(uint32_t level, uint32_t item) const {
    return (words[set.at[level] + (item >> WRT_K_WORD_SHIFT)] & wrt_k_bit(item)) != 0;
  }
  void put(uint32_t level, uint32_t item, bool on) {
    wrt_k_word &word = words[set.at[level] + (item >> WRT_K_WORD_SHIFT)];
    word = on ? word | wrt_k_bit(item) : word & ~wrt_k_bit(item);
  }
  bool full(uint32_t level, uint32_t word) const { return words[set.at[level] + word] == WRT_K_FULL; }

  void use(uint32_t mask) {
    for (uint32_t id = 0; id < set.size; id++) put(0, id, (mask >> id & 1) != 0);
  }
  /// What the summaries say at rest.
  void summarise() {
    for (uint32_t level = 0; level + 1 < set.levels; level++) {
      for (uint32_t word = 0; word < items(level + 1); word++) put(level + 1, word, full(level, word));
    }
  }
  uint32_t mask() const {
    uint32_t used = 0;
    for (uint32_t id = 0; id < set.size; id++) used |= wrt_k_set_has(&set, id) ? 1U << id : 0;
    return used;
  }
  uint32_t summary_bits() const {
    uint32_t n = 0;
    for (uint32_t level = 1; level < set.levels; level++) n += items(level);
    return n;
  }
  /// The summaries say what the bits of `lag` say, true or not.
  void lie(uint32_t lag) {
    for (uint32_t level = 1; level < set.levels; level++) {
      for (uint32_t item = 0; item < items(level); item++) {
        put(level, item, (lag & 1) != 0);
        lag >>= 1;
      }
    }
  }
  /// The bits past the end of each level stay closed, whatever happens.
  bool ends_are_closed() const {
    for (uint32_t level = 0; level < set.levels; level++) {
      const uint32_t n = items(level);
      const uint32_t words_here = wrt_k_words_above(n);
      for (uint32_t item = n; item < words_here * WRT_K_WORD_BITS; item++) {
        if (!bit(level, item)) return false;
      }
    }
    return true;
  }
};

uint32_t lowest_free(uint32_t mask, uint32_t size) {
  for (uint32_t id = 0; id < size; id++) {
    if ((mask >> id & 1) == 0) return id;
  }
  return WRT_K_NONE;
}

void release_every_id(const Set &before, uint32_t mask, bool at_rest, Tally &tally) {
  for (uint32_t id = 0; id <= before.set.size; id++) {
    Set after(before);
    const bool was = id < before.set.size && (mask >> id & 1) != 0;
    CHECK(wrt_k_set_has(&after.set, id) == was);
    CHECK(wrt_k_set_release(&after.set, id) == (was ? WRT_OK : WRT_ERR_INVALID_HANDLE));
    CHECK(after.mask() == (was ? mask & ~(1U << id) : mask));
    CHECK(after.ends_are_closed());
    if (at_rest) CHECK(wrt_k_set_holds(&after.set));
    if (!was) CHECK(memcmp(after.words, before.words, sizeof after.words) == 0);
    tally.steps++;
  }
}

void claim_one(const Set &before, uint32_t mask, bool at_rest, Tally &tally) {
  Set after(before);
  const uint32_t size = before.set.size;
  const uint32_t id = wrt_k_set_claim(&after.set);
  tally.steps++;
  CHECK((id == WRT_K_NONE) == (lowest_free(mask, size) == WRT_K_NONE));
  CHECK(after.ends_are_closed());
  if (at_rest) CHECK(wrt_k_set_holds(&after.set) && id == lowest_free(mask, size));
  if (id == WRT_K_NONE) {
    CHECK(after.mask() == mask);
    return;
  }
  CHECK(id < size && (mask >> id & 1) == 0);
  CHECK(after.mask() == (mask | 1U << id));
}

void every_state_at_rest(uint32_t size, Tally &tally) {
  const Set fresh(size);
  CHECK(wrt_k_set_holds(&fresh.set) && fresh.mask() == 0);
  for (uint32_t mask = 0; mask < 1U << size; mask++) {
    Set state(fresh);
    state.use(mask);
    state.summarise();
    CHECK(wrt_k_set_holds(&state.set));
    tally.states++;
    claim_one(state, mask, true, tally);
    release_every_id(state, mask, true, tally);
  }
}

// A summary that lags may say anything; level 0 alone decides.
void every_lie(uint32_t size, Tally &tally) {
  const Set fresh(size);
  for (uint32_t mask = 0; mask < 1U << size; mask++) {
    for (uint32_t lag = 0; lag < 1U << fresh.summary_bits(); lag++) {
      Set state(fresh);
      state.use(mask);
      state.lie(lag);
      tally.states++;
      claim_one(state, mask, false, tally);
      release_every_id(state, mask, false, tally);
    }
  }
}

// ---- the pool

constexpr uint32_t kSlots = 8;
constexpr size_t kSlotLen = 40;

alignas(64) uint8_t g_storage[WRT_POOL_STORAGE_LEN(kSlotLen, kSlots)];
alignas(64) uint8_t g_before[sizeof g_storage];

uint32_t ones(uint32_t mask) { return static_cast<uint32_t>(__builtin_popcount(mask)); }

uint32_t mask_of(const wrt::SlotPool &pool) {
  uint32_t used = 0;
  for (uint32_t slot = 0; slot < kSlots; slot++) used |= wrt_k_set_has(&pool.arena.set, slot) ? 1U << slot : 0;
  return used;
}

// Slots in use hold something, free ones are zero; the handles are numbered.
void open_state(wrt::SlotPool &pool, uint32_t mask, uint32_t quarantined, uint32_t peak) {
  pool.open(g_storage, sizeof g_storage, kSlotLen, kSlots, false);
  for (uint32_t slot = 0; slot < kSlots; slot++) pool.handles[slot] = slot + 100;
  uint32_t given = WRT_K_NONE;
  for (uint32_t slot = 0; slot < kSlots; slot++) CHECK(pool.claim(given) == WRT_OK && given == slot);
  for (uint32_t slot = 0; slot < kSlots; slot++) {
    if ((mask >> slot & 1) == 0) {
      pool.release(slot);
    } else {
      memset(pool.slot_at(slot), static_cast<int>(slot) + 1, kSlotLen);
      memset(pool.regions_at(slot), static_cast<int>(slot) + 21, 8);
    }
  }
  pool.quarantine(quarantined);
  pool.peak.store(peak);
  CHECK(pool.holds() && mask_of(pool) == mask);
}

/// Nothing outside the words of the set has changed, but `slot`'s bytes and side.
bool rest_is_untouched(const wrt::SlotPool &pool, uint32_t slot) {
  const uint8_t *handles = reinterpret_cast<const uint8_t *>(pool.handles);
  for (size_t i = 0; i < sizeof g_storage; i++) {
    const uint8_t *at = g_storage + i;
    if (at < handles && at >= g_storage) continue; /* the words, checked by the mask and by the invariant */
    if (slot < kSlots && at >= pool.slot_at(slot) && at < pool.slot_at(slot) + pool.arena.stride) continue;
    if (slot < kSlots && at >= pool.regions_at(slot) && at < pool.regions_at(slot) + pool.side_stride) continue;
    if (*at != g_before[i]) return false;
  }
  return true;
}

bool all_zero(const uint8_t *at, size_t n) {
  for (size_t i = 0; i < n; i++) {
    if (at[i] != 0) return false;
  }
  return true;
}

void claim_slot(uint32_t mask, uint32_t quarantined, uint32_t peak) {
  wrt::SlotPool pool{};
  open_state(pool, mask, quarantined, peak);
  memcpy(g_before, g_storage, sizeof g_storage);
  uint32_t slot = 77;
  const bool room = ones(mask) < kSlots;
  CHECK(pool.claim(slot) == (room ? WRT_OK : WRT_ERR_POOL_EXHAUSTED));
  CHECK(pool.holds() && rest_is_untouched(pool, WRT_K_NONE));
  if (!room) {
    CHECK(slot == 77 && mask_of(pool) == mask && pool.refused.load() == 1 && pool.peak.load() == peak);
    return;
  }
  CHECK(slot < kSlots && (mask >> slot & 1) == 0 && mask_of(pool) == (mask | 1U << slot));
  CHECK(pool.used() == ones(mask) + 1 - quarantined && pool.refused.load() == 0);
  CHECK(pool.peak.load() == (peak > pool.used() ? peak : pool.used()));
  CHECK(all_zero(pool.slot_at(slot), kSlotLen) && all_zero(pool.regions_at(slot), 8));
}

// `exposed`: the host may have written up to the slot's end, past the memory's length.
void give_back_slot(uint32_t mask, uint32_t quarantined, uint32_t peak, uint32_t slot, bool exposed) {
  wrt::SlotPool pool{};
  open_state(pool, mask, quarantined, peak);
  wrt::SlotSource::Backing backing = wrt::SlotSource::bind(pool, slot);
  wrt::Extent extent{};
  CHECK(wrt::SlotSource::obtain({8, kSlotLen, 0, 8, true}, extent, backing) == WRT_OK);
  CHECK(extent.bytes.base == pool.slot_at(slot) && extent.bytes.len == 8 && extent.bytes.cap == kSlotLen);
  if (!exposed) memset(pool.slot_at(slot) + 8, 0, kSlotLen - 8);
  memcpy(g_before, g_storage, sizeof g_storage);
  wrt::SlotSource::give_back(extent, backing, exposed);
  CHECK(mask_of(pool) == (mask & ~(1U << slot)) && rest_is_untouched(pool, slot));
  CHECK(all_zero(pool.slot_at(slot), kSlotLen) && all_zero(pool.regions_at(slot), 8));
  CHECK(pool.used() == ones(mask) - 1 - quarantined && pool.peak.load() == peak && pool.refused.load() == 0);
  CHECK(pool.holds());
}

void quarantine_one(uint32_t mask, uint32_t quarantined, uint32_t peak) {
  wrt::SlotPool pool{};
  open_state(pool, mask, quarantined, peak);
  memcpy(g_before, g_storage, sizeof g_storage);
  pool.quarantine();
  CHECK(pool.holds() && mask_of(pool) == mask && pool.used() == ones(mask) - quarantined - 1);
  CHECK(rest_is_untouched(pool, WRT_K_NONE));
}

void every_pool(Tally &tally) {
  for (uint32_t mask = 0; mask < 1U << kSlots; mask++) {
    for (uint32_t quarantined = 0; quarantined <= ones(mask); quarantined++) {
      for (uint32_t peak = ones(mask) - quarantined; peak <= kSlots; peak++) {
        tally.states++;
        claim_slot(mask, quarantined, peak);
        tally.steps++;
        if (quarantined == ones(mask)) continue; /* whoever gives back has a slot that is not quarantined */
        quarantine_one(mask, quarantined, peak);
        tally.steps++;
        for (uint32_t slot = 0; slot < kSlots; slot++) {
          if ((mask >> slot & 1) == 0) continue;
          give_back_slot(mask, quarantined, peak, slot, false);
          give_back_slot(mask, quarantined, peak, slot, true);
          tally.steps += 2;
        }
      }
    }
  }
}

}  // namespace

int main() {
  Tally rest;
  Tally lies;
  Tally pool;
  uint32_t levels = 0;
  for (uint32_t size = 1; size <= (WORD_BITS == 0 ? 12 : kMostIds); size++) {
    every_state_at_rest(size, rest);
    levels = Set(size).set.levels;
  }
  for (uint32_t size = 1; size <= (WORD_BITS == 4 ? 14 : 8); size++) every_lie(size, lies);
  every_pool(pool);
  printf("levels: %u\n", levels);
  tell("sets at rest", rest);
  tell("sets whose summaries lie", lies);
  tell("pools of 8 slots", pool);
}
