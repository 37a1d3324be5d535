// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capi/table.hpp"

#include "cpp/host/host.hpp"
#include "cpp/tiers/builtin_pool.hpp"

#ifndef WRT_MAX_HANDLES
#ifdef WRT_HOST_NONE
#define WRT_MAX_HANDLES 16
#else
#define WRT_MAX_HANDLES (1U << wrt::capi::Token::kIndexBits)
#endif
#endif

namespace wrt::capi {

#ifndef WRT_HOST_NONE
static Entry g_never;
Entry *g_entries = &g_never;
Atomic<uintptr_t> g_mask;
#endif

namespace {

constexpr uint32_t kMaxHandles = WRT_MAX_HANDLES;
static_assert(kMaxHandles > kBuiltinSlots && kMaxHandles <= 1U << Token::kIndexBits);

constexpr size_t kCell = __builtin_offsetof(Entry, body) + LinearMemory::kAccessLine;
static_assert(__builtin_offsetof(Entry::Behind<SlotPool>, cell) == LinearMemory::kAccessLine);
static_assert(__builtin_offsetof(Entry::Behind<BudgetCell>, cell) == LinearMemory::kAccessLine);

wrt_k_word g_words[wrt_k_set_words(kMaxHandles)];
wrt_k_set g_set;
Atomic<uint32_t> g_taken;
Atomic<uint32_t> g_used;
uint32_t g_count;  // how many handles there are
Entry g_builtin;

#ifdef WRT_HOST_NONE

Entry g_entries[kMaxHandles];
Journal g_journals[kMaxHandles];

Entry *entries() noexcept { return g_entries; }
Journal *journals() noexcept { return g_journals; }

[[gnu::cold]] bool build_table() noexcept {
  g_count = kMaxHandles;
  return true;
}

bool back_with_pages(uint32_t) noexcept { return true; }

#else

constexpr uint32_t kLeastHandles = 64;
constexpr size_t kTableShare = 16;        // at most this share of what is left of a bounded address space
constexpr uint32_t kBackedAtOnce = 1024;  // entries that are committed together, where the host counts

Journal *g_journals;
Atomic<uint32_t> g_backed;

Entry *entries() noexcept { return load_racy(g_entries); }
Journal *journals() noexcept { return g_journals; }

size_t pages_for(size_t bytes) noexcept { return static_cast<size_t>(round_up(bytes, host::page_len())); }

[[gnu::cold]] uint32_t affordable_handles() noexcept {
  const size_t most_bytes = host::address_space_left() / kTableShare;
  uint32_t count = kMaxHandles;
  while (count / 2 >= kLeastHandles && (sizeof(Entry) + sizeof(Journal)) * size_t{count} > most_bytes) count /= 2;
  return count;
}

[[gnu::cold]] bool reserve_table(uint32_t count, host::Hold hold) noexcept {
  const size_t entries_len = pages_for(sizeof(Entry) * size_t{count});
  void *at = host::reserve(entries_len, hold);
  if (at == nullptr) return false;
  void *journals_at = host::reserve(pages_for(sizeof(Journal) * size_t{count}), hold);
  if (journals_at == nullptr) {
    host::release(at, entries_len);
    return false;
  }
  g_count = count;
  g_journals = static_cast<Journal *>(journals_at);
  store_racy(g_entries, static_cast<Entry *>(at));
  return true;
}

constexpr uint32_t power_of_two_below(uint32_t n) noexcept {
  uint32_t power = 1;
  while (power <= n / 2) power *= 2;
  return power;
}

// Where the host counts what is writable, the table is readable from the start and becomes writable in steps: so even
// then any index may be looked at.
[[gnu::cold]] bool build_table() noexcept {
  const bool counted = host::counts_commits();
  const host::Hold hold = counted ? host::Hold::kReadable : host::Hold::kWritable;
  uint32_t count = power_of_two_below(affordable_handles());
  while (!reserve_table(count, hold)) {
    if (count / 2 < kLeastHandles) return false;
    count /= 2;
  }
  g_backed.store(counted ? 0 : count);
  g_mask.store(uintptr_t{count - 1} << Token::kIndexShift);
  return true;
}

template <class Item>
bool back_range(Item *items, uint32_t from, uint32_t to) noexcept {
  const size_t begin = static_cast<size_t>(round_down(sizeof(Item) * size_t{from}, host::page_len()));
  const size_t end = pages_for(sizeof(Item) * size_t{to});
  return host::commit(reinterpret_cast<uint8_t *>(items) + begin, end - begin);
}

// Two threads may do the same step: it is the same twice.
bool back_with_pages(uint32_t index) noexcept {
  const uint32_t backed = g_backed.load();
  if (index < backed) return true;
  const auto target = static_cast<uint32_t>(least(round_up(uint64_t{index} + 1, kBackedAtOnce), g_count));
  if (!back_range(entries(), backed, target) || !back_range(journals(), backed, target)) return false;
  g_backed.raise(target);
  return true;
}

#endif

enum Stage : int { kUnbuilt = 0, kBuilding = 1, kBuilt = 2 };
Atomic<int> g_stage;

void drop_entries(SlotPool &pool, uint32_t count) noexcept {
  for (uint32_t i = 0; i < count; i++) release_entry(pool.handles[i]);
}

// The built-in pool keeps its handles from the start, as wrt_pool_create does for a caller's.
[[gnu::cold]] bool build_pool() noexcept {
  if (kBuiltinSlots == 0) return true;
  SlotPool &pool = g_builtin.pool();
  open_builtin_pool(pool);
  if (!take_handles(kBuiltinSlots)) return false;
  for (uint32_t slot = 0; slot < kBuiltinSlots; slot++) {
    uint32_t index = 0;
    if (claim_entry(index) != WRT_OK) {
      drop_entries(pool, slot);
      untake_handles(kBuiltinSlots - slot);
      return false;
    }
    pool.handles[slot] = index;
    entry_at(index).owner = &pool;
  }
  return true;
}

[[gnu::cold]] bool build_all() noexcept {
  if (g_count == 0) {
    if (!build_table()) return false;
    wrt_k_set_init(&g_set, g_words, g_count);
  }
  return build_pool();
}

}  // namespace

[[gnu::cold]] bool prepare_library() noexcept {
  for (;;) {
    int stage = g_stage.load();
    if (stage == kBuilt) return true;
    if (stage == kUnbuilt && g_stage.cas(stage, kBuilding)) break;
  }
  const bool built = build_all();
  g_stage.store(built ? kBuilt : kUnbuilt);
  return built;
}

#ifndef WRT_HOST_NONE
// Done at load, so that later a STATIC memory needs no system call.
__attribute__((constructor)) static void prepare_at_load() { (void)prepare_library(); }
#endif

bool take_handles(uint32_t count) noexcept {
  uint32_t taken = g_taken.load();
  do {
    if (count > g_count - taken) return false;
  } while (!g_taken.cas(taken, taken + count));
  return true;
}

void untake_handles(uint32_t count) noexcept { g_taken.sub(count); }

wrt_status claim_entry(uint32_t &index) noexcept {
  uint32_t claimed = WRT_K_NONE;
  while (claimed == WRT_K_NONE) claimed = wrt_k_set_claim(&g_set);
  if (!back_with_pages(claimed)) {
    (void)wrt_k_set_release(&g_set, claimed);
    return WRT_ERR_OUT_OF_MEMORY;
  }
  g_used.raise(claimed + 1);
  index = claimed;
  return WRT_OK;
}

void release_entry(uint32_t index) noexcept {
  (void)wrt_k_set_release(&g_set, index);
  untake_handles(1);
}

uint32_t handle_count() noexcept { return g_count; }
Entry &entry_at(uint32_t index) noexcept { return entries()[index]; }
Journal &journal_at(uint32_t index) noexcept { return journals()[index]; }
uint32_t index_of(const Entry &entry) noexcept { return static_cast<uint32_t>(&entry - entries()); }
uint32_t entries_used() noexcept { return g_used.load(); }

uintptr_t next_token(Entry &entry, Kind kind) noexcept {
  entry.generation = Token::next(entry.generation);
  return Token::make(kind, index_of(entry), entry.generation);
}

// The generation in the pins says whether the object is still the one that the handle names.
Entry *pin(const void *handle, Kind kind) noexcept {
  Entry *entry = find(handle, kind);
  const uint32_t generation = Token::generation(reinterpret_cast<uintptr_t>(handle));
  return entry != nullptr && entry->pins.take(generation) ? entry : nullptr;
}

[[gnu::cold]] wrt_status close_object(Entry &entry, uintptr_t token) noexcept {
  switch (entry.pins.close(Token::generation(token))) {
    case PinCount::Closing::kPinned:
      return WRT_ERR_BUSY;
    case PinCount::Closing::kGone:
      return WRT_ERR_INVALID_HANDLE;
    case PinCount::Closing::kClosed:
      break;
  }
  entry.token.store(0);
  return WRT_OK;
}

Entry &entry_of(SlotPool *pool) noexcept {
  return *reinterpret_cast<Entry *>(reinterpret_cast<uint8_t *>(pool) - kCell);
}
Entry &entry_of(BudgetCell *budget) noexcept {
  return *reinterpret_cast<Entry *>(reinterpret_cast<uint8_t *>(budget) - kCell);
}

Entry &entry_of(LinearMemory *image) noexcept {
  return *reinterpret_cast<Entry *>(reinterpret_cast<uint8_t *>(image) - __builtin_offsetof(Entry, body));
}

Entry *builtin_pool() noexcept { return kBuiltinSlots != 0 && prepare_library() ? &g_builtin : nullptr; }

}  // namespace wrt::capi
