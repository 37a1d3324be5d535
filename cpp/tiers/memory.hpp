// SPDX-License-Identifier: Apache-2.0 OR MIT
// A linear memory behind a handle: its control block, and everything that can be done with it, on whichever tier.
#ifndef WRT_TIERS_MEMORY_HPP
#define WRT_TIERS_MEMORY_HPP

#include "cpp/core/budget.hpp"
#include "cpp/core/ledger.hpp"
#include "cpp/core/mirrored.hpp"
#include "cpp/core/offer.hpp"
#include "cpp/core/tracker.hpp"
#include "cpp/tiers/shield.hpp"
#include "cpp/tiers/turn.hpp"

#ifndef WRT_MAX_BORROWS
#ifdef WRT_HOST_NONE
#define WRT_MAX_BORROWS 4
#else
#define WRT_MAX_BORROWS 64
#endif
#endif

namespace wrt {

inline constexpr uint32_t kMaxBorrows = WRT_MAX_BORROWS;
inline constexpr size_t kNameLen = 32;
inline constexpr uint32_t kBaseFixed = WRT_MEM_STABLE | WRT_MEM_GUARD | WRT_MEM_SHARED;
inline constexpr uint32_t kSourceFlags =
    WRT_MEM_GUARD | WRT_MEM_SHARED | WRT_MEM_COMMIT | WRT_MEM_HUGE;  // what a source has to know
inline constexpr uint32_t kSampleInterval = 16;                      // SAMPLING: every Nth access, unless configured

class LinearMemory;

/// What a memory needs only when it is named, tracked or borrowed from: kept away from the control block, so that an
/// ordinary memory never touches it.
struct Journal {
  BorrowLedger<kMaxBorrows> borrows;  // empty between two memories
  char name[kNameLen];
#ifdef WRT_STATIC_ONLY  // no memory has them, so that none is ever looked at
  static inline Tracker tracker{};
  static inline Mirrored<Shield> shield{};
  static inline ShieldStats shield_stats{};
#else
  Tracker tracker;
  Mirrored<Shield> shield;
  ShieldStats shield_stats;
#endif
  LinearMemory *image;       // a third copy, for the vote; NULL between two memories
  SleepLock lock;            // of a SHARED memory, or of an image whose blocks are checked
  Atomic<uint32_t> waiting;  // threads that sleep on one
};

/// Everything that creation needs to know, all of it checked.
struct Spec {
  int32_t tier;
  uint32_t flags;
  int32_t verify;
  uint32_t sample_interval;
  uint64_t page_len;
  uint64_t reset_len;       // what wrt_mem_reset goes back to
  Request request;          // initial_len is the first length
  wrt_allocator allocator;  // ALLOC
  SlotPool *pool;           // STATIC
  uint32_t slot;            // STATIC: claimed from `pool`
  BudgetCell *budget;       // charged with request.initial_len already; or NULL
  const char *name;         // or NULL
  LinearMemory *image;      // what the memory starts as and resets to; or NULL
  bool frozen;              // it is an image itself

  BudgetCell *payer() const noexcept { return kHasBudgets ? budget : nullptr; }
};

/// What changes while a memory lives.
struct State {
  Extent extent;
  uint64_t peak_len;
  uint32_t viewed;   // 1: its descriptor was handed out
  uint32_t exposed;  // 1: a raw pointer was handed out, so that any byte of its source may have been written
};

/// What stays as it was created (but `verify`). Packed, since the mirror doubles it.
struct Plan {
  uint64_t initial_len;
  uint64_t max_len;
  uint64_t reserve_len;
  uint64_t guard_len;  // of an image, which has no guard: how much of it is stored
  Journal *journal;
  BudgetCell *budget;
  LinearMemory *image;  // what it resets to; or NULL
  uint32_t flags;
  uint32_t sample_interval;
  uint8_t tier;
  uint8_t verify;
  uint8_t shift;     // of page_len
  uint8_t named;     // 1: the journal's name is this memory's
  uint8_t shielded;  // 1: the journal's shield statistics are
  uint8_t frozen;    // 1: an image's bytes, which stay as they are
  uint8_t unused[2];

  uint64_t page_len() const noexcept { return shift_left(1, shift); }
  BudgetCell *payer() const noexcept { return kHasBudgets ? budget : nullptr; }
  LinearMemory *source() const noexcept { return kHasImages ? image : nullptr; }
  bool tracked() const noexcept { return kHasTracking && (flags & WRT_MEM_TRACK) != 0; }
  /// For levels from STANDARD on.
  bool at_least(int32_t level) const noexcept { return kHasLevels && !shared() && verify >= level; }
  bool checked() const noexcept { return at_least(WRT_VERIFY_STANDARD); }
  /// The base never moves.
  bool fixed() const noexcept { return (flags & kBaseFixed) != 0; }
  /// Many threads at once: the level is then below STANDARD, and only the lock's owner may look at it.
  bool shared() const noexcept { return kOffersShared && (flags & WRT_MEM_SHARED) != 0; }
};

/// What is counted whatever the flags say.
struct Counts {
  uint64_t resizes;
  uint64_t resize_failures;
};

/// A SHARED memory is used by many threads at once. Accesses take no lock: they read what never changes, and the length
/// of the view, which is published last. Everything else takes the journal's lock.
///
/// The control block. It lives in the handle table, in memory that is never unmapped, and is trivial: all zero means
/// "no memory here". Calls on one memory are the caller's to order; a stale handle may be checked at any time.
///
/// The first members are what an access reads. `seal` is key ^ base ^ limit, where `key` stands for the live handle:
/// one compare checks the handle and the two fields that the access uses. `limit` is len - 63, or 0 where a read has
/// more to do than to move bytes, so that an offset below it has at least 64 bytes in bounds. `checks` is not NULL
/// where a write has.
class LinearMemory {
 public:
  static constexpr uint64_t kFastBytes = 64;
  static constexpr size_t kAccessLine = 3 * sizeof(uint64_t) + sizeof(wrt_view);  // the members up to `reach_`

  // ---- life

  /// Obtains the bytes. OK or OUT_OF_MEMORY; then nothing was changed, and budget and slot are still the caller's.
  wrt_status open(const Spec &spec, Journal &journal) noexcept;
  /// The handle is live from here on. `key` is never 0.
  void publish(uint64_t key) noexcept;
  /// No handle leads here any more.
  void unpublish() noexcept;
  /// Gives everything back; requires that the control block holds. On STATIC the slot, and so this block too, may be in
  /// use again before this returns.
  void close() noexcept;
  /// The control block is bad: the charge goes back as two of its three copies say, and the budget that they name is
  /// returned; the bytes are left alone.
  [[gnu::cold]] BudgetCell *abandon() noexcept;
  /// Of a bad control block, as two of three copies say: the pool that it is from, or NULL, given what its handle's
  /// entry says; and how many slots it holds.
  [[gnu::cold]] SlotPool *pool_by_vote(SlotPool *owner) const noexcept;
  [[gnu::cold]] uint32_t slots_by_vote(const Journal &own) const noexcept;
  [[gnu::cold]] LinearMemory *image_by_vote(const Journal &own) const noexcept;

  /// What a clone of this memory asks for; its pool slot and its budget charge are for the caller to get.
  [[gnu::cold]] Spec spec_of_clone() const noexcept;
  /// `other` is fresh from spec_of_clone(): takes over the bytes and their check values. CORRUPT: nothing was taken
  /// over.
  [[gnu::cold]] wrt_status copy_into(LinearMemory &other) const noexcept;

  /// Back to its image, or to zeros: what BUDGET, BUSY, a resource's code or CORRUPT refuses changes nothing.
  [[gnu::cold]] wrt_status reset() noexcept;

  // ---- images: memories whose bytes stay as they are, and that no handle of a memory leads to

  /// What an image of this memory asks for; as with a clone.
  [[gnu::cold]] Spec spec_of_image() const noexcept;
  /// Of an image that nobody has yet: bytes within its length.
  void fill_in(uint64_t offset, const uint8_t *bytes, size_t n) noexcept { put(offset, bytes, n); }
  /// The bytes of an image are complete. OK or OUT_OF_MEMORY: then it is good for close() alone.
  [[gnu::cold]] wrt_status freeze() noexcept;
  /// Of an image: the bytes of all grains that are not all zero; the last grain may be short.
  uint64_t stored_len() const noexcept { return plan().guard_len; }
  /// The next grains that are not all zero, from the start of a grain on. begin == end: there are none.
  struct Run {
    uint64_t begin;
    uint64_t end;
  };
  static constexpr uint64_t kGrain = 4096;
  [[gnu::cold]] Run next_run(uint64_t from) const noexcept;
  const uint8_t *bytes() const noexcept { return extent().bytes.base; }
  /// Of an image: CORRUPT when a block is bad in all its copies.
  [[gnu::cold]] wrt_status check_blocks() const noexcept;
  /// Of an image: its control block holds.
  bool intact() const noexcept { return check_whole(key()) == WRT_OK; }

  // ---- the control block

  bool sealed_by(uint64_t key) const noexcept { return (load_racy(seal_) ^ base_bits() ^ load_racy(limit_)) == key; }
  /// CORRUPT when the fields that every access uses disagree with their copies.
  wrt_status check_access(uint64_t key) const noexcept;
  /// CORRUPT when any field does; at OFF only what check_access sees. O(1).
  wrt_status check_whole(uint64_t key) const noexcept;
  /// The same at every level: the copies are kept at OFF too.
  wrt_status check_copies(uint64_t key) const noexcept;
  /// The invariant: O(borrows).
  [[gnu::cold]] bool holds() const noexcept;

  // ---- access

  /// True, and done, when the common case of a small read or write is all there is to it.
  bool fast_read(uint64_t key, uint64_t offset, void *dst, size_t n) const noexcept;
  bool fast_write(uint64_t key, uint64_t offset, const void *src, size_t n) noexcept;
  /// A small write inside one block at STANDARD: where its bytes and its check value are, to be put there.
  struct Place {
    uint8_t *to;
    uint32_t *check;
    size_t behind;  // bytes of the block behind those written
  };
  /// A small read inside one whole block at FULL, with all that is to be checked before it; `owner` is what the
  /// handle's entry says of the pool.
  bool fast_read_checked(uint64_t key, const SlotPool *owner, uint64_t offset, void *dst, size_t n) const noexcept;
  bool fast_place(uint64_t key, uint64_t offset, const void *src, size_t n, Place &out) noexcept;

  wrt_status check(uint64_t offset, uint64_t n) const noexcept;
  wrt_status read(uint64_t offset, void *dst, size_t n) const noexcept;
  wrt_status write(uint64_t offset, const void *src, size_t n) noexcept;
  wrt_status fill(uint64_t offset, uint8_t value, uint64_t n) noexcept;
  wrt_status copy(uint64_t offset, const LinearMemory &src, uint64_t src_offset, uint64_t n) noexcept;
  wrt_status equal(const LinearMemory &other, bool &same) const noexcept;

  // Sequentially consistent, little-endian; width 1, 2, 4 or 8, values cut to it. OK, MISALIGNED or OUT_OF_BOUNDS.
  wrt_status atomic_load(uint64_t offset, uint32_t width, uint64_t &value) const noexcept;
  wrt_status atomic_store(uint64_t offset, uint32_t width, uint64_t value) noexcept;
  wrt_status atomic_rmw(uint64_t offset, uint32_t width, int32_t op, uint64_t operand, uint64_t &old) noexcept;
  wrt_status atomic_cmpxchg(uint64_t offset, uint32_t width, uint64_t expected, uint64_t replacement,
                            uint64_t &old) noexcept;
  /// What an atomic access at `offset` would answer.
  wrt_status check_atomic(uint64_t offset, uint32_t width) const noexcept;

  /// On a SHARED memory: 0 woken, 1 not equal, 2 timed out.
  [[gnu::cold]] wrt_status wait(uint64_t offset, uint32_t width, uint64_t expected, int64_t timeout_ns,
                                int32_t &result) noexcept;
  [[gnu::cold]] wrt_status notify(uint64_t offset, uint32_t count, uint32_t &woken) noexcept;
  bool waited_on() const noexcept { return plan().shared() && journal().waiting.load() != 0; }

  // ---- length

  uint64_t len() const noexcept { return plan().shared() ? live_len() : extent().bytes.len; }
  wrt_status resize(uint64_t new_len) noexcept;
  wrt_status grow(uint64_t delta_pages, uint64_t &old_pages) noexcept;
  wrt_status discard(uint64_t offset, uint64_t n) noexcept;

  // ---- no copy

  const wrt_view *view() noexcept;
  wrt_status borrow(uint64_t offset, uint64_t n, uint32_t kind, void *&data) noexcept;
  wrt_status release(const void *data, uint64_t n) noexcept;

  // ---- reports

  const Plan &plan() const noexcept { return plan_.now; }
  uint32_t borrow_count() const noexcept { return journal().borrows.count; }
  bool written_to_by_borrow() const noexcept { return journal().borrows.writers != 0; }
  /// Every block of [0, len). CORRUPT: `first_bad` is the offset of the first that is bad in all its copies.
  [[gnu::cold]] wrt_status verify(uint64_t &first_bad) const noexcept;
  /// Completes or changes nothing: UNSUPPORTED after a view, BUSY, OUT_OF_MEMORY, POOL_EXHAUSTED, CORRUPT.
  [[gnu::cold]] wrt_status set_verify(int32_t level) noexcept;
  [[gnu::cold]] void info(wrt_mem_info &out) const noexcept;
  [[gnu::cold]] void stats(wrt_mem_stats &out) const noexcept;
  [[gnu::cold]] void history(wrt_mem_history &out) const noexcept;
  [[gnu::cold]] void clear_stats() noexcept;
  SlotPool *pool() const noexcept { return plan().tier == WRT_TIER_STATIC ? backing_.now.slot.pool : nullptr; }

  /// Whether `address` lies in what this memory holds; async-signal-safe.
  bool contains(uintptr_t address, uint64_t &offset) const noexcept;

 private:
  uint64_t seal_;
  wrt_view view_;
  uint64_t limit_;
  uint64_t reach_;  // bytes from the base that belong to this memory, past its length too
  uint32_t *checks_;
  uint64_t checks_seal_;  // key ^ checks
  Mirrored<State> state_;
  Mirrored<Plan> plan_;
  Mirrored<Backing> backing_;
  BudgetCell *charged_to_;  // third copies of the charge, for the vote
  uint64_t charged_len_;
  Mirrored<Counts> counts_;

  const Extent &extent() const noexcept { return state_.now.extent; }
  Journal &journal() const noexcept { return *plan().journal; }
  uint64_t base_bits() const noexcept { return reinterpret_cast<uintptr_t>(load_racy(view_.base)); }
  uint64_t key() const noexcept { return seal_ ^ base_bits() ^ limit_; }

  /// After every change of `state_.now`.
  void seal_state(uint64_t key) noexcept;
  bool access_line_holds(uint64_t key) const noexcept;
  /// What an access to a SHARED memory follows.
  bool shared_line_holds(uint64_t key) const noexcept;
  /// To be held while anything but bytes is looked at or changed: nothing but on a SHARED memory.
  SleepLock *lock() const noexcept { return plan().shared() ? &journal().lock : nullptr; }
  /// The length as other threads see it. Acquire: whoever sees it sees the bytes that came with it.
  uint64_t live_len() const noexcept { return __atomic_load_n(&view_.len, __ATOMIC_ACQUIRE); }
  /// Whether every field has the value that its copies have, whatever the level.
  bool copies_agree() const noexcept;
  uint64_t reach() const noexcept;

  /// True when the handle is live and 64 bytes at `offset` are in bounds, with nothing more to do than to move them.
  bool fast_at(uint64_t key, uint64_t offset, uint8_t *&at) const noexcept;

  /// The bounds check of every access, with what the tracker wants to know: `kind` is WRT_BORROW_READ, _WRITE or both.
  wrt_status access(uint64_t offset, uint64_t n, uint32_t kind) const noexcept;
  void count_access(uint64_t offset, uint64_t n, uint32_t kind) const noexcept;
  void count_denied(uint64_t offset, uint64_t n) const noexcept;
  wrt_status count_change(uint64_t from, uint64_t to, wrt_status status) noexcept;
  uint8_t *at(uint64_t offset) const noexcept { return extent().bytes.base + offset; }
  Side side() const noexcept;

  // Check values and second copies: memory_shield.cpp.
  const Shield &shield() const noexcept { return journal().shield.now; }
  bool shield_holds() const noexcept;
  CheckedBytes first_copy() const noexcept;
  CheckedBytes second_copy() const noexcept;
  /// Checks the blocks of an access where the level asks for it: a write's only where it covers them in part.
  wrt_status guard(uint64_t offset, uint64_t n, uint32_t kind) const noexcept;
  /// Checks the blocks [first, last), mends what can be mended, and counts. CORRUPT at the first bad one unless `all`.
  wrt_status sweep(uint64_t first, uint64_t last, bool all, uint64_t &first_bad) const noexcept;
  [[gnu::cold]] wrt_status judge(uint64_t block) const noexcept;
  bool open_to_writer(uint64_t block) const noexcept;
  /// The bytes of a write, in every copy, with their check values.
  void put(uint64_t offset, const uint8_t *src, uint64_t n) noexcept;
  [[gnu::cold]] void put_from_shared(uint64_t offset, const uint8_t *src, uint64_t n) noexcept;
  void put_fill(uint64_t offset, uint8_t value, uint64_t n) noexcept;
  [[gnu::noinline]] wrt_status begin_atomic(uint64_t offset, uint32_t width, uint32_t kind) const noexcept;
  void put_word(uint64_t offset, uint32_t width, uint64_t value) noexcept;
  wrt_status open_shield() noexcept;
  /// The bytes are the other's already: then so are their check values, or they are made where it has none, and the
  /// second copy follows.
  [[gnu::cold]] void take_checks_of(const LinearMemory &other) noexcept;
  [[gnu::cold]] void mirror_bytes() noexcept;
  [[gnu::cold]] void adopt_shield(int32_t level, Shield shield) noexcept;
  [[gnu::cold]] void set_level_of_shared(int32_t level) noexcept;
  /// Obtains what `level` needs and `shield` lacks; nothing is sealed or copied yet. On failure `shield` is as it was.
  [[gnu::cold]] wrt_status extend_shield(int32_t level, Shield &shield) const noexcept;
  /// Gives back what `kept` does not have.
  [[gnu::cold]] void reduce_shield(const Shield &kept, Shield &shield) const noexcept;
  [[gnu::cold]] wrt_status make_shield_room(uint64_t new_len) noexcept;
  [[gnu::cold]] void lengthen_shield(uint64_t new_len) noexcept;
  [[gnu::cold]] void shorten_shield(uint64_t new_len) noexcept;
  [[gnu::cold]] void wipe_shield(uint64_t offset, uint64_t n) noexcept;
  void reseal(uint64_t offset, uint64_t n) noexcept;

  wrt_status resize_alone(uint64_t new_len) noexcept;
  wrt_status change_len(uint64_t new_len) noexcept;
  wrt_status make_room(uint64_t new_len) noexcept;
  /// With an image, only if that one is good.
  wrt_status lengthen(uint64_t new_len, const LinearMemory *image) noexcept;
  void shorten(uint64_t new_len) noexcept;
  void wipe(uint64_t offset, uint64_t n) noexcept;

  // Images: memory_image.cpp.
  /// Many threads may use one image: checking counts, and mends.
  SleepLock *checking() const noexcept {
    return kHasImages && plan().frozen != 0 && plan().checked() ? &journal().lock : nullptr;
  }
  [[gnu::cold]] uint64_t skip_hole(uint64_t from) const noexcept;
  /// The bytes of `other` that are not zero, into this one, which is zero.
  [[gnu::cold]] void take_runs_of(const LinearMemory &other) noexcept;
  /// Becomes what `other` is, up to this one's length; `fresh`: it is all zero now.
  [[gnu::cold]] void become(const LinearMemory &other, bool fresh) noexcept;
};

}  // namespace wrt

#endif  // WRT_TIERS_MEMORY_HPP
