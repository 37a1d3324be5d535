// SPDX-License-Identifier: Apache-2.0 OR MIT
// The set of ids and the pool over it, as they ship, under every execution that a bound on switches allows: over words
// of two bits, so that there are summaries. A variable for each id stands for the slot's bytes: relacy calls it a race
// when two threads touch it without an order between them.
#include "proofs/models/relacy/seam.hpp"

#define WRT_K_WORD_SHIFT 1U
#include "proofs/models/small_word.hpp"

#include "cpp/tiers/slot_pool.cpp"

namespace {

void start() { seam::start_setting_up<SmallWord, uint32_t, uintptr_t>(); }

/// `kIds` ids, of which those of `kUsed` are in use from the start.
template <uint32_t kIds, uint32_t kUsed, unsigned kThreads>
struct SetSuite : rl::test_suite<SetSuite<kIds, kUsed, kThreads>, kThreads> {
  wrt_k_word words[16];
  wrt_k_set set;
  rl::var<int> bytes[kIds];

  ~SetSuite() { start(); }

  void before() {
    start();
    for (wrt_k_word &word : words) word = SmallWord(0);
    wrt_k_set_init(&set, words, kIds);
    for (uint32_t id = 0; id < kIds; id++) bytes[id](RL_INFO) = 0;
    for (uint32_t id = 0; id < kIds; id++) RL_ASSERT(wrt_k_set_claim(&set) == id);
    for (uint32_t id = 0; id < kIds; id++) {
      if ((kUsed >> id & 1) == 0) RL_ASSERT(wrt_k_set_release(&set, id) == WRT_OK);
    }
    seam::touch(words, wrt_k_set_words(kIds));
    seam::start_threads();
  }

  void thread(unsigned me) {
    const uint32_t id = wrt_k_set_claim(&set);
    if (id == WRT_K_NONE) return;
    bytes[id](RL_INFO) = static_cast<int>(me);
    RL_ASSERT(bytes[id](RL_INFO) == static_cast<int>(me));
    if (me == 0) return; /* one keeps it */
    RL_ASSERT(wrt_k_set_release(&set, id) == WRT_OK);
  }

  void after() {
    for (uint32_t i = 0; i < wrt_k_set_words(kIds); i++) words[i] = wrt_k_load(&words[i]);
    RL_ASSERT(wrt_k_set_holds(&set));
  }
};

/// The count promises a slot before the set is searched, so that no claim fails while there are slots for all.
template <uint32_t kSlots, unsigned kThreads>
struct PoolSuite : rl::test_suite<PoolSuite<kSlots, kThreads>, kThreads> {
  alignas(64) uint8_t storage[WRT_POOL_STORAGE_LEN(1, kSlots)];
  wrt::SlotPool pool;
  rl::var<int> bytes[kSlots];

  ~PoolSuite() { start(); }

  void before() {
    start();
    pool = {};
    pool.open(storage, sizeof storage, 1, kSlots, false);
    for (uint32_t slot = 0; slot < kSlots; slot++) bytes[slot](RL_INFO) = 0;
    seam::touch(pool.arena.set.words, wrt_k_set_words(kSlots));
    seam::start_threads();
  }

  void thread(unsigned me) {
    uint32_t slot = 0;
    const wrt_status status = pool.claim(slot);
    RL_ASSERT(status == WRT_OK || (kSlots < kThreads && status == WRT_ERR_POOL_EXHAUSTED));
    if (status != WRT_OK) return;
    bytes[slot](RL_INFO) = static_cast<int>(me);
    RL_ASSERT(bytes[slot](RL_INFO) == static_cast<int>(me));
    pool.release(slot);
  }

  void after() {
    RL_ASSERT(pool.used() == 0 && pool.peak.load() <= kSlots);
    for (uint32_t i = 0; i < wrt_k_set_words(kSlots); i++)
      pool.arena.set.words[i] = wrt_k_load(&pool.arena.set.words[i]);
    RL_ASSERT(pool.holds());
  }
};

}  // namespace

int main() {
  bool held = true;
  held = held && seam::explore<SetSuite<2, 0, 3>>("set, 1 level, 3 threads", 2);
  held = held && seam::explore<SetSuite<4, 0xe, 2>>("set, 2 levels, 2 threads", 4);
  held = held && seam::explore<SetSuite<4, 0xc, 3>>("set, 2 levels, 3 threads", 2);
  held = held && seam::explore<SetSuite<5, 0x1e, 2>>("set, 3 levels, 2 threads", 4);
  held = held && seam::explore<PoolSuite<2, 2>>("pool, 2 slots, 2 threads", 3);
  held = held && seam::explore<PoolSuite<2, 3>>("pool, 2 slots, 3 threads", 2);
  held = held && seam::explore<PoolSuite<3, 3>>("pool, 3 slots, 3 threads", 2);
  return held ? 0 : 1;
}
