// SPDX-License-Identifier: Apache-2.0 OR MIT
// The handle table, pins and budgets, as they ship: threads call the C ABI's own budget functions with handles that
// others destroy meanwhile. A variable for each entry of the table stands for what its plain members hold: whoever
// opens an object writes it, whoever has one pinned reads it, and relacy calls it a race when no order is between them.
#include "proofs/models/relacy/seam.hpp"

#define WRT_HOST_NONE
#define WRT_MAX_HANDLES 2
#define WRT_BUILTIN_SLOTS 0

#include "capi/budget.cpp"
#include "capi/table.cpp"
#include "cpp/core/budget.cpp"

namespace {

rl::var<int> *g_plain;  // one for each entry, while a suite runs

constexpr uint64_t kLimit = 10;

/// wrt_budget_create, and the entry's plain members were written on the way.
wrt_status create(wrt_budget *parent, wrt_budget **out) {
  const wrt_status status = wrt_budget_create(kLimit, parent, out);
  if (status == WRT_OK) {
    const uint32_t index = index_of(entry_for(reinterpret_cast<uintptr_t>(*out)));
    g_plain[index](RL_INFO) = 1;
  }
  return status;
}

/// The table as it is when the library was loaded.
void start() {
  seam::start_setting_up<uint32_t, uintptr_t, int>();
  for (Entry &entry : g_entries) entry = {};
  for (wrt_k_word &word : g_words) word = 0;
  g_set = {};
  g_taken = {};
  g_used = {};
  g_stage = {};
  g_count = 0;
  RL_ASSERT(prepare_library());
  for (Entry &entry : g_entries) {
    seam::touch(&entry.token.value, 1);
    seam::touch(&entry.pins.state.value, 1);
    seam::touch(&entry.budget().used.value, 1);
    seam::touch(&entry.budget().peak.value, 1);
    seam::touch(&entry.budget().refused.value, 1);
  }
  seam::touch(g_words, wrt_k_set_words(g_count));
  seam::touch(&g_taken.value, 1);
  seam::touch(&g_used.value, 1);
}

template <class Self, unsigned kThreads>
struct TableSuite : rl::test_suite<Self, kThreads> {
  rl::var<int> plain[WRT_MAX_HANDLES];
  wrt_budget *first;

  ~TableSuite() { seam::start_setting_up<uint32_t, uintptr_t, int>(); }

  void before() {
    g_plain = plain;
    start();
    for (rl::var<int> &entry : plain) entry(RL_INFO) = 0;
    RL_ASSERT(create(nullptr, &first) == WRT_OK);
    seam::start_threads();
  }
  /// Nothing is left over: as many handles can be had as at the start.
  void all_can_be_had(uint32_t live) {
    RL_ASSERT(g_taken.load() == live);
    for (uint32_t i = live; i < WRT_MAX_HANDLES; i++) {
      wrt_budget *budget = nullptr;
      RL_ASSERT(wrt_budget_create(1, nullptr, &budget) == WRT_OK);
    }
    wrt_budget *none = nullptr;
    RL_ASSERT(wrt_budget_create(1, nullptr, &none) == WRT_ERR_POOL_EXHAUSTED && none == nullptr);
  }
};

/// Of all who destroy one budget exactly one is told OK, and the entry's next owner is not reached by the others.
template <unsigned kThreads>
struct DestroySuite : TableSuite<DestroySuite<kThreads>, kThreads> {
  rl::atomic<int> won;
  rl::atomic<int> live;

  void before() {
    TableSuite<DestroySuite, kThreads>::before();
    won.store(0, rl::mo_relaxed, RL_INFO);
    live.store(0, rl::mo_relaxed, RL_INFO);
  }
  void thread(unsigned me) {
    const wrt_status status = wrt_budget_destroy(this->first);
    RL_ASSERT(status == WRT_OK || status == WRT_ERR_INVALID_HANDLE);
    if (status == WRT_OK) won(RL_INFO).fetch_add(1, rl::mo_relaxed);
    if (me != 0) return;
    wrt_budget *next = nullptr;
    if (create(nullptr, &next) != WRT_OK) return; /* the other thread holds on to the entry, or has not yet begun */
    RL_ASSERT(next != this->first);
    live(RL_INFO).fetch_add(1, rl::mo_relaxed);
    wrt_budget *twin = nullptr;
    RL_ASSERT(wrt_budget_create(1, next, &twin) != WRT_ERR_INVALID_HANDLE);
    if (twin != nullptr) RL_ASSERT(wrt_budget_destroy(twin) == WRT_OK);
  }
  void after() {
    RL_ASSERT(won.load(rl::mo_relaxed, RL_INFO) == 1);
    RL_ASSERT(wrt_budget_destroy(this->first) == WRT_ERR_INVALID_HANDLE);
    this->all_can_be_had(static_cast<uint32_t>(live.load(rl::mo_relaxed, RL_INFO)));
  }
};

/// One thread pins a budget while another destroys it and opens another in its place.
struct PinSuite : TableSuite<PinSuite, 2> {
  bool destroyed;
  bool second;

  void before() {
    TableSuite<PinSuite, 2>::before();
    destroyed = second = false;
  }
  void use() {
    Entry *entry = pin(first, Kind::kBudget);
    if (entry == nullptr) return;
    RL_ASSERT(!destroyed);
    RL_ASSERT(plain[index_of(*entry)](RL_INFO) == 1);
    RL_ASSERT(!destroyed);
    unpin(&entry->budget());
  }
  void replace() {
    const wrt_status status = wrt_budget_destroy(first);
    RL_ASSERT(status == WRT_OK || status == WRT_ERR_BUSY);
    if (status != WRT_OK) return;
    destroyed = true;
    for (int i = 0; i < 2; i++) { /* the second of them is in the first one's place, or the first is */
      wrt_budget *next = nullptr;
      RL_ASSERT(create(nullptr, &next) == WRT_OK && next != first);
    }
    second = true;
  }
  void thread(unsigned me) {
    if (me == 0) use();
    if (me == 1) replace();
  }
  void after() { all_can_be_had(second ? 2 : 1); }
};

/// Children hold their parent: it is BUSY for as long, and the last to go leaves nothing pinned.
struct ChildSuite : TableSuite<ChildSuite, 3> {
  bool parent_destroyed;

  void before() {
    TableSuite<ChildSuite, 3>::before();
    parent_destroyed = false;
  }
  void thread(unsigned me) {
    if (me == 2) {
      const wrt_status status = wrt_budget_destroy(first);
      RL_ASSERT(status == WRT_OK || status == WRT_ERR_BUSY);
      if (status == WRT_OK) parent_destroyed = true;
      return;
    }
    wrt_budget *child = nullptr;
    const wrt_status status = create(first, &child);
    RL_ASSERT(status == WRT_OK || status == WRT_ERR_POOL_EXHAUSTED || status == WRT_ERR_INVALID_HANDLE);
    if (status != WRT_OK) return;
    RL_ASSERT(!parent_destroyed && wrt_budget_destroy(child) == WRT_OK);
  }
  void after() {
    if (!parent_destroyed) RL_ASSERT(wrt_budget_destroy(first) == WRT_OK);
    all_can_be_had(0);
  }
};

/// Charges under a budget and its parent: never above a limit, and exact when all came back.
struct ChargeSuite : rl::test_suite<ChargeSuite, 3> {
  BudgetCell parent;
  BudgetCell cell[2];

  ~ChargeSuite() { seam::start_setting_up<uint32_t, uintptr_t, int>(); }
  void before() {
    seam::start_setting_up<uint32_t, uintptr_t, int>();
    parent.open(5, nullptr);
    cell[0].open(4, &parent);
    cell[1].open(3, &parent);
    seam::start_threads();
  }
  void thread(unsigned me) {
    BudgetCell &mine = cell[me == 2 ? 1 : 0];
    if (mine.charge(2) != WRT_OK) return;
    RL_ASSERT(parent.used.load() <= 5 && mine.used.load() <= mine.limit);
    mine.refund(2);
  }
  void after() { RL_ASSERT(parent.used.load() == 0 && cell[0].used.load() == 0 && cell[1].used.load() == 0); }
};

}  // namespace

int main() {
  bool held = true;
  held = held && seam::explore<DestroySuite<2>>("destroy twice, 2 threads", 3);
  held = held && seam::explore<DestroySuite<3>>("destroy thrice, 3 threads", 2);
  held = held && seam::explore<PinSuite>("pin and replace, 2 threads", 3);
  held = held && seam::explore<ChildSuite>("children and parent, 3 threads", 2);
  held = held && seam::explore<ChargeSuite>("charge and refund, 3 threads", 2);
  return held ? 0 : 1;
}
