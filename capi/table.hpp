// SPDX-License-Identifier: Apache-2.0 OR MIT
// The handle table: opaque tokens to control blocks, in memory of the library's own that is never unmapped.
#ifndef WRT_CAPI_TABLE_HPP
#define WRT_CAPI_TABLE_HPP

#include "cpp/core/pin.hpp"
#include "cpp/tiers/memory.hpp"

namespace wrt::capi {

enum class Kind : uintptr_t { kMemory = 0, kPool = 1, kBudget = 2, kImage = 3 };

inline constexpr bool kWide = sizeof(uintptr_t) == 8;

/// One place in the table. A number that is no live handle is recognised by looking at `token` alone.
struct alignas(kWide ? 512 : 64) Entry {
  // Whatever is here, the first bytes are only ever those of a memory: a fault handler may look at them at any time.
  template <class Cell>
  struct Behind {
    uint8_t access_line[LinearMemory::kAccessLine];
    Cell cell;
  };
  union Body {
    LinearMemory memory;
    Behind<SlotPool> pool;
    Behind<BudgetCell> budget;
  };

  Atomic<uintptr_t> token;  // the live handle, or 0
  SlotPool *owner;          // the pool that keeps this entry for one of its slots, or NULL
  uint32_t generation;      // changes whenever a handle is issued
  PinCount pins;            // pools, budgets and images: who refers to them
  Body body;

  SlotPool &pool() noexcept { return body.pool.cell; }
  BudgetCell &budget() noexcept { return body.budget.cell; }
};
static_assert(!kWide || sizeof(Entry) == 512);

/// How a handle is made: [1 on 64-bit hosts: no user pointer has that bit][generation][index][zeros][kind][1].
/// It is never 0, never all ones, and odd, as no pointer to an object of the library's types is.
struct Token {
  static constexpr uint32_t kIndexShift = kWide ? 9 : 3;
  static constexpr uint32_t kIndexBits = kWide ? 20 : 15;
  static constexpr uint32_t kGenerationShift = kIndexShift + kIndexBits;
  static constexpr uint32_t kGenerationBits = kWide ? 32 : 32 - kGenerationShift;
  static constexpr uintptr_t kTop = kWide ? uintptr_t{1} << (sizeof(uintptr_t) * 8 - 1) : 0;
  static constexpr uintptr_t kTagMask = 7;

  static constexpr uintptr_t tag(Kind kind) noexcept { return (static_cast<uintptr_t>(kind) << 1) | 1; }
  static constexpr uintptr_t make(Kind kind, uint32_t index, uint32_t generation) noexcept {
    return kTop | (uintptr_t{generation} << kGenerationShift) | (uintptr_t{index} << kIndexShift) | tag(kind);
  }
  static constexpr uint32_t generation(uintptr_t token) noexcept {
    return static_cast<uint32_t>((token & ~kTop) >> kGenerationShift);
  }
  /// One of at least 65,535 (255 on 32-bit targets) values in turn; never all ones.
  static constexpr uint32_t next(uint32_t generation) noexcept {
    constexpr uint32_t kAllOnes = static_cast<uint32_t>((uint64_t{1} << kGenerationBits) - 1);
    return generation + 1 >= kAllOnes ? 0 : generation + 1;
  }
  /// The handle as the control block's seal takes it: above every address and every length.
  static constexpr uint64_t key(uintptr_t token) noexcept { return kWide ? token : uint64_t{token} << 32; }
};

/// Builds the table and the built-in pool. Hosts do so when the library is loaded, and otherwise the first call that
/// needs a new handle does. False: the operating system refused; a later call tries again.
bool prepare_library() noexcept;

/// `count` of the handles that are free, to be claimed one by one; false, and nothing taken, when there are not so
/// many.
bool take_handles(uint32_t count) noexcept;
void untake_handles(uint32_t count) noexcept;
/// One of the handles taken. OK, or OUT_OF_MEMORY when the operating system refuses the table's next pages.
wrt_status claim_entry(uint32_t &index) noexcept;
/// Back to the free ones: no longer taken.
void release_entry(uint32_t index) noexcept;

uint32_t handle_count() noexcept;
Entry &entry_at(uint32_t index) noexcept;
Journal &journal_at(uint32_t index) noexcept;
uint32_t index_of(const Entry &entry) noexcept;

/// How many entries were ever in use: what a search over all memories has to look at.
uint32_t entries_used() noexcept;

#ifdef WRT_HOST_NONE

inline Entry &entry_for(uintptr_t token) noexcept {
  const uintptr_t index = (token >> Token::kIndexShift) & ((uintptr_t{1} << Token::kIndexBits) - 1);
  return entry_at(index < handle_count() ? static_cast<uint32_t>(index) : 0);
}

#else

/// The table is one reservation, so that finding an entry is an addition. Until it exists, every handle leads to one
/// entry that is never live. `g_mask` is published last: index bits in a token's place.
extern Entry *g_entries __attribute__((visibility("hidden")));  // said here, so that no call goes by way of the GOT
extern Atomic<uintptr_t> g_mask __attribute__((visibility("hidden")));

/// The entry that a handle would have, live or not. Any value may be asked for.
inline Entry &entry_for(uintptr_t token) noexcept {
  const uintptr_t offset = token & g_mask.load();
  Entry *entries = load_racy(g_entries);
  if constexpr (sizeof(Entry) == size_t{1} << Token::kIndexShift) {
    return *reinterpret_cast<Entry *>(reinterpret_cast<uint8_t *>(entries) + offset);
  } else {
    return entries[offset >> Token::kIndexShift];
  }
}

#endif

/// The live entry of that kind, or NULL.
inline Entry *find(const void *handle, Kind kind) noexcept {
  const auto token = reinterpret_cast<uintptr_t>(handle);
  Entry &entry = entry_for(token);
  const bool live = (token & Token::kTagMask) == Token::tag(kind) && entry.token.load() == token;
  return live ? &entry : nullptr;
}

/// Issues the entry's next handle.
uintptr_t next_token(Entry &entry, Kind kind) noexcept;

/// Ends the handle; false when another thread was faster.
inline bool retire(Entry &entry, uintptr_t token) noexcept { return entry.token.cas(token, 0); }

/// As find, and the object cannot be destroyed until unpin.
Entry *pin(const void *handle, Kind kind) noexcept;

/// Ends the handle of a pool or a budget: OK, BUSY while something refers to it, INVALID_HANDLE when another thread was
/// faster.
wrt_status close_object(Entry &entry, uintptr_t token) noexcept;

/// The entry that a pool, a budget or an image lives in.
Entry &entry_of(SlotPool *pool) noexcept;
Entry &entry_of(BudgetCell *budget) noexcept;
Entry &entry_of(LinearMemory *image) noexcept;
template <class Cell>
void unpin(Cell *cell) noexcept {
  if (cell != nullptr) entry_of(cell).pins.drop();
}

/// The entry of the built-in pool; it has no handle. NULL when the build has none or the table could not be built.
Entry *builtin_pool() noexcept;

}  // namespace wrt::capi

#endif  // WRT_CAPI_TABLE_HPP
