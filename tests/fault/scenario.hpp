// SPDX-License-Identifier: Apache-2.0 OR MIT
// One run through the whole API with a model beside it, while something below is being refused. A call that is refused
// must say so by OUT_OF_MEMORY and leave everything as it was; made again with nothing refused, it must succeed.
#ifndef WRTMEM_TESTS_FAULT_SCENARIO_HPP
#define WRTMEM_TESTS_FAULT_SCENARIO_HPP

#include <errno.h>
#include <gtest/gtest.h>

#include <functional>

#include "../property/model.hpp"

/// What is refused: the k-th call, or all from the k-th on until it is stopped.
class Refusals {
 public:
  Refusals() = default;
  Refusals(const Refusals &) = delete;
  Refusals &operator=(const Refusals &) = delete;
  virtual ~Refusals() = default;
  virtual void start(uint64_t from, uint64_t to) = 0;  // counts from 1 again
  virtual void stop() = 0;
  virtual uint64_t refused() const = 0;
};

/// What the scenario's memory is.
struct Kind {
  const char *name = "";
  int32_t tier = WRT_TIER_STD;
  uint64_t page_len = 1;
  uint32_t flags = 0;
  uint64_t reserve_len = 0;
  const wrt_allocator *allocator = nullptr;
  wrt_pool *pool = nullptr;
  uint64_t slot_len = 0;
  bool selftest = true;
};

class Scenario {
 public:
  static constexpr uint64_t kUnit = 65536;
  static constexpr uint64_t kInitial = 3 * kUnit;
  static constexpr uint64_t kMax = 40 * kUnit;

  Scenario(const Kind &kind, Refusals &refusals) : kind_(kind), refusals_(refusals) {}

  void run() {
    make_budget();
    create();
    look();
    fill_with_numbers(first_);
    grow(first_, kUnit);
    fill_with_numbers(first_);
    resize(first_, kInitial + 7 * kUnit);
    shrink_and_grow();
    use();
    clone();
    move_on();
    reset_both_ways();
    discard();
    other_kinds();
    give_back();
  }

 private:
  struct One {
    wrt_mem *handle = nullptr;
    model::Memory model;
    const wrt_view *view = nullptr;
  };

  // All that a refused call may not change.
  struct State {
    std::vector<uint8_t> bytes;
    std::vector<uint64_t> numbers;
    bool operator==(const State &) const = default;
  };

  void add(State &state, One &one) {
    if (one.handle == nullptr) return;
    const size_t from = state.bytes.size();
    state.bytes.resize(from + static_cast<size_t>(one.view->len));
    if (one.view->len != 0) std::memcpy(state.bytes.data() + from, one.view->base, one.view->len);
    wrt_mem_info info{};
    info.struct_size = sizeof info;
    EXPECT_EQ(wrt_mem_get_info(one.handle, &info), WRT_OK);
    wrt_mem_stats stats{};
    stats.struct_size = sizeof stats;
    EXPECT_EQ(wrt_mem_get_stats(one.handle, &stats), WRT_OK);
    for (uint64_t number : {info.len, info.capacity, info.committed, info.peak_len, uint64_t{info.borrows}, stats.reads,
                            stats.writes, stats.denied, stats.resizes, uint64_t{one.view->len},
                            uint64_t{reinterpret_cast<uintptr_t>(one.view->base)}}) {
      state.numbers.push_back(number);
    }
    EXPECT_EQ(wrt_mem_verify(one.handle, nullptr), WRT_OK);
  }

  State state() {
    State now;
    add(now, first_);
    add(now, second_);
    if (budget_ == nullptr) return now;
    wrt_budget_info info{};
    info.struct_size = sizeof info;
    EXPECT_EQ(wrt_budget_get_info(budget_, &info), WRT_OK);
    now.numbers.insert(now.numbers.end(), {info.used, info.peak, info.refused});
    return now;
  }

  // `want` is what the call gives when nothing is refused. `may_be_refused`: it may ask for something.
  void expect(const char *what, bool may_be_refused, wrt_status want, const std::function<wrt_status()> &call) {
    SCOPED_TRACE(std::string(kind_.name) + ", " + what);
    const State before = state();
    const uint64_t refused_before = refusals_.refused();
    errno = kErrno;
    const wrt_status got = call();
    EXPECT_EQ(errno, kErrno) << "errno was touched";
    if (got == want) return;
    ASSERT_EQ(got, WRT_ERR_OUT_OF_MEMORY) << wrt_status_name(got);
    ASSERT_TRUE(may_be_refused) << "this call never fails for memory";
    ASSERT_GT(refusals_.refused(), refused_before) << "nothing was refused";
    EXPECT_TRUE(state() == before) << "a refused call changed something";
    refusals_.stop();
    EXPECT_EQ(call(), want) << "the same call with nothing refused";
  }

  // What the memory is must be what the model is.
  void same(One &one) {
    ASSERT_EQ(one.view->len, one.model.len);
    std::vector<uint8_t> wanted(one.model.len);
    one.model.bytes.get(0, wanted.data(), wanted.size());
    EXPECT_TRUE(wanted.empty() || std::memcmp(wanted.data(), one.view->base, wanted.size()) == 0) << "other bytes";
    wrt_mem_stats stats{};
    stats.struct_size = sizeof stats;
    ASSERT_EQ(wrt_mem_get_stats(one.handle, &stats), WRT_OK);
    EXPECT_EQ(stats.resizes, one.model.stats.resizes);
    if (!one.model.tracked()) return;
    EXPECT_EQ(stats.reads, one.model.stats.reads);
    EXPECT_EQ(stats.writes, one.model.stats.writes);
    EXPECT_EQ(stats.regions, one.model.regions.size());
  }
  void same_budget() {
    wrt_budget_info info{};
    info.struct_size = sizeof info;
    ASSERT_EQ(wrt_budget_get_info(budget_, &info), WRT_OK);
    EXPECT_EQ(info.used, budget_model_.used);
    EXPECT_EQ(info.peak, budget_model_.peak);
  }

  // ---- the steps

  void make_budget() {
    budget_model_.limit = 4 * kMax;
    expect("budget_create", true, WRT_OK,
           [&] { return into(budget_, [&](wrt_budget **out) { return wrt_budget_create(4 * kMax, nullptr, out); }); });
  }

  // A failed call leaves its out-pointer alone.
  template <class Handle, class Call>
  static wrt_status into(Handle *&handle, Call call) {
    auto *const untouched = reinterpret_cast<Handle *>(uintptr_t{0x5e5e5e5e});
    Handle *out = untouched;
    const wrt_status status = call(&out);
    EXPECT_EQ(status == WRT_OK, out != untouched) << "an out-pointer and the code disagree";
    if (status == WRT_OK) handle = out;
    return status;
  }

  void create() {
    model::Order order;
    order.tier = kind_.tier;
    order.initial_len = kInitial;
    order.max_len = kMax;
    order.page_len = kind_.page_len;
    order.flags = kind_.flags;
    order.reserve_len = kind_.reserve_len;
    order.budget_given = true;
    order.budget = &budget_model_;
    order.tier_max = uint64_t{1} << 47;
    order.allocator_given = kind_.allocator != nullptr;
    order.pool_given = kind_.pool != nullptr;
    model::Pool pool{kind_.slot_len, 4};
    if (kind_.pool != nullptr) order.pool = &pool;

    wrt_mem_config config = WRT_MEM_CONFIG_INIT;
    config.tier = kind_.tier;
    config.initial_len = kInitial;
    config.max_len = kMax;
    config.page_len = kind_.page_len;
    config.flags = kind_.flags;
    config.reserve_len = kind_.reserve_len;
    config.allocator = kind_.allocator;
    config.pool = kind_.pool;
    config.budget = budget_;
    const wrt_status want = model::Memory::create(order, first_.model);
    first_.model.pool = nullptr;
    ASSERT_EQ(want, WRT_OK);
    expect("create", true, want,
           [&] { return into(made_, [&](wrt_mem **out) { return wrt_mem_create_config(&config, out); }); });
    ASSERT_NE(made_, nullptr);
    adopt(first_);
  }

  void adopt(One &one) {
    one.handle = made_;
    made_ = nullptr;
    ASSERT_EQ(wrt_mem_view(one.handle, &one.view), WRT_OK);
    same(one);
    same_budget();
  }

  void look() {
    uint64_t len = 0;
    expect("len", false, WRT_OK, [&] { return wrt_mem_len(first_.handle, &len); });
    EXPECT_EQ(len, kInitial);
    wrt_mem *found = nullptr;
    uint64_t offset = 0;
    expect("fault_find", false, WRT_OK, [&] { return wrt_fault_find(first_.view->base + 5, &found, &offset); });
    EXPECT_EQ(found, first_.handle);
    EXPECT_EQ(offset, 5U);
    if (kind_.selftest) expect("selftest", false, WRT_OK, [] { return wrt_selftest(); });
    expect("trim", false, WRT_OK, [] { return wrt_trim(); });
  }

  void fill_with_numbers(One &one) {
    std::vector<uint8_t> bytes(one.model.len);
    for (size_t i = 0; i < bytes.size(); i++) bytes[i] = static_cast<uint8_t>(i * 31 / 7 + 1 + seed_);
    seed_++;
    const wrt_status want = one.model.write(0, bytes.data(), bytes.size());
    expect("write", false, want, [&] { return wrt_mem_write(one.handle, 0, bytes.data(), bytes.size()); });
    same(one);
  }

  void grow(One &one, uint64_t by) {
    uint64_t wanted = 0;
    uint64_t old_pages = 77;
    const wrt_status want = one.model.grow(by / kind_.page_len, wanted);
    expect("grow", true, want, [&] {
      old_pages = 77;
      const wrt_status status = wrt_mem_grow(one.handle, by / kind_.page_len, &old_pages);
      EXPECT_TRUE(status == WRT_OK || old_pages == 77) << "a failed call wrote its out-pointer";
      return status;
    });
    EXPECT_EQ(old_pages, wanted);
    same(one);
    same_budget();
  }

  void resize(One &one, uint64_t len) {
    const bool growing = len > one.model.len;
    const wrt_status want = one.model.resize(len);
    expect(growing ? "resize, growing" : "resize, shrinking", growing, want,
           [&] { return wrt_mem_resize(one.handle, len); });
    same(one);
    same_budget();
  }

  // What was cut off reads as zero afterwards, however it went.
  void shrink_and_grow() {
    const uint64_t odd = kind_.page_len == 1 ? 77 : 0;
    resize(first_, kUnit + odd);
    resize(first_, kInitial + 2 * kUnit);
    fill_with_numbers(first_);
    resize(first_, 0);
    resize(first_, 2 * kUnit);
    resize(first_, kInitial + 9 * kUnit);
    fill_with_numbers(first_);
    resize(first_, kInitial);
    resize(first_, kInitial + 9 * kUnit);
    resize(first_, kMax / 2);
    resize(first_, kMax);
    resize(first_, kInitial + kUnit);
  }

  void use() {
    uint8_t seen[100];
    const wrt_status want_read = first_.model.read(50, sizeof seen);
    expect("read", false, want_read, [&] { return wrt_mem_read(first_.handle, 50, seen, sizeof seen); });
    const wrt_status want_fill = first_.model.fill(kUnit - 3, 0xEE, 7);
    expect("fill", false, want_fill, [&] { return wrt_mem_fill(first_.handle, kUnit - 3, 0xEE, 7); });
    const wrt_status want_copy = first_.model.copy(10, first_.model, 30, 2 * kUnit);
    expect("copy", false, want_copy, [&] { return wrt_mem_copy(first_.handle, 10, first_.handle, 30, 2 * kUnit); });
    const wrt_status want_store = first_.model.atomic_store(64, 8, 0x1122334455667788);
    expect("atomic_store", false, want_store,
           [&] { return wrt_mem_atomic_store(first_.handle, 64, 8, 0x1122334455667788); });
    const wrt_status want_check = first_.model.check(UINT64_MAX, 2);
    expect("check", false, want_check, [&] { return wrt_mem_check(first_.handle, UINT64_MAX, 2); });
    same(first_);

    void *data = nullptr;
    const wrt_status want_borrow = first_.model.borrow(0, 64, WRT_BORROW_READ);
    expect("borrow", false, want_borrow, [&] { return wrt_mem_borrow(first_.handle, 0, 64, WRT_BORROW_READ, &data); });
    if ((kind_.flags & WRT_MEM_STABLE) != 0) resize(first_, first_.model.len + kUnit);
    EXPECT_EQ(wrt_mem_resize(first_.handle, 0), WRT_ERR_BUSY);
    EXPECT_EQ(first_.model.resize(0), WRT_ERR_BUSY);
    EXPECT_EQ(first_.model.release(0, 64), WRT_OK);
    expect("release", false, WRT_OK, [&] { return wrt_mem_release(first_.handle, data, 64); });
    expect("set_verify", false, first_.model.set_verify(WRT_VERIFY_OFF),
           [&] { return wrt_mem_set_verify(first_.handle, WRT_VERIFY_OFF); });
    expect("set_verify", false, first_.model.set_verify(WRT_VERIFY_BASIC),
           [&] { return wrt_mem_set_verify(first_.handle, WRT_VERIFY_BASIC); });
  }

  void clone() {
    const wrt_status want = first_.model.clone(second_.model);
    expect("clone", true, want,
           [&] { return into(made_, [&](wrt_mem **out) { return wrt_mem_clone(first_.handle, out); }); });
    ASSERT_NE(made_, nullptr);
    adopt(second_);
    int32_t equal = 0;
    EXPECT_TRUE(first_.model.equal(second_.model));
    expect("equal", false, WRT_OK, [&] { return wrt_mem_equal(first_.handle, second_.handle, &equal); });
    EXPECT_EQ(equal, 1);
  }

  // Page by page, as a guest's malloc does.
  void move_on() {
    for (int i = 0; i < 6; i++) grow(second_, 2 * kUnit);
    fill_with_numbers(second_);
    resize(second_, kUnit);
    for (int i = 0; i < 6; i++) grow(second_, 3 * kUnit);
    same(first_);
  }

  void reset_both_ways() {
    resize(first_, 0);
    expect("reset, growing", true, first_.model.reset(), [&] { return wrt_mem_reset(first_.handle); });
    same(first_);
    fill_with_numbers(first_);
    resize(first_, kInitial + 5 * kUnit);
    fill_with_numbers(first_);
    expect("reset, shrinking", false, first_.model.reset(), [&] { return wrt_mem_reset(first_.handle); });
    same(first_);
    same_budget();
  }

  void discard() {
    fill_with_numbers(first_);
    for (uint64_t from : {uint64_t{0}, uint64_t{100}, kUnit, kInitial - 10}) {
      const uint64_t n = std::min(kInitial - from, kUnit + 5);
      const wrt_status want = first_.model.discard(from, n);
      expect("discard", false, want, [&] { return wrt_mem_discard(first_.handle, from, n); });
      same(first_);
    }
    expect("clear_stats", false, WRT_OK, [&] { return wrt_mem_clear_stats(first_.handle); });
    first_.model.clear_stats();
    same(first_);
  }

  // A pool and a memory in it, between the others.
  void other_kinds() {
    std::vector<uint8_t> storage(WRT_POOL_STORAGE_LEN(512, 2), 0xEE);
    wrt_pool *pool = nullptr;
    expect("pool_create", true, WRT_OK, [&] {
      return into(pool, [&](wrt_pool **out) { return wrt_pool_create(storage.data(), storage.size(), 512, out); });
    });
    ASSERT_NE(pool, nullptr);
    wrt_mem_config config = WRT_MEM_CONFIG_INIT;
    config.tier = WRT_TIER_STATIC;
    config.initial_len = 100;
    config.pool = pool;
    wrt_mem *guest = nullptr;
    expect("create in a pool", false, WRT_OK,
           [&] { return into(guest, [&](wrt_mem **out) { return wrt_mem_create_config(&config, out); }); });
    expect("pool_destroy, in use", false, WRT_ERR_BUSY, [&] { return wrt_pool_destroy(pool); });
    expect("destroy", false, WRT_OK, [&] { return wrt_mem_destroy(guest); });
    expect("pool_destroy", false, WRT_OK, [&] { return wrt_pool_destroy(pool); });
  }

  void give_back() {
    for (One *one : {&second_, &first_}) {
      wrt_mem *const handle = one->handle;
      one->handle = nullptr;
      expect("destroy", false, one->model.destroy(), [&] { return wrt_mem_destroy(handle); });
      same_budget();
    }
    wrt_budget *const budget = budget_;
    budget_ = nullptr;
    expect("budget_destroy", false, WRT_OK, [&] { return wrt_budget_destroy(budget); });
    EXPECT_EQ(budget_model_.used, 0U);
  }

  static constexpr int kErrno = 4321;

  Kind kind_;
  Refusals &refusals_;
  wrt_budget *budget_ = nullptr;
  model::Budget budget_model_{};
  wrt_mem *made_ = nullptr;
  One first_;
  One second_;
  unsigned seed_ = 0;
};

/// Refuses the first call, then the second, and so on, until a run makes fewer calls. Gives the number of runs.
template <class Run>
uint64_t for_every_call(Refusals &refusals, bool for_good, Run run) {
  for (uint64_t k = 1;; k++) {
    SCOPED_TRACE("refused: call " + std::to_string(k) + (for_good ? " and all after it" : ""));
    refusals.start(k, for_good ? UINT64_MAX : k);
    run();
    const bool reached = refusals.refused() != 0;
    refusals.stop();
    if (!reached || testing::Test::HasFailure()) return k;
  }
}

#endif  // WRTMEM_TESTS_FAULT_SCENARIO_HPP
