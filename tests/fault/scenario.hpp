// SPDX-License-Identifier: Apache-2.0 OR MIT
// One run through the whole API with a model beside it, while something below is being refused. A call that is refused
// must say so by the code of what it lacked and leave everything as it was; made again with nothing refused, it must
// succeed.
#ifndef WRTMEM_TESTS_FAULT_SCENARIO_HPP
#define WRTMEM_TESTS_FAULT_SCENARIO_HPP

#include <errno.h>
#include <gtest/gtest.h>

#include <functional>

#include "../property/model.hpp"

/// What a call may ask for, and so be refused.
enum Asks : uint32_t { kNothing = 0, kMemory = 1, kSlot = 2, kHandle = 4, kBudget = 8 };

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

  virtual uint32_t kind() const { return kMemory; }
  virtual wrt_status code() const { return WRT_ERR_OUT_OF_MEMORY; }
  /// By how much one refusal raises what its pool or its budget says was refused.
  virtual uint64_t noted() const { return 0; }
  /// What else a refused call may not change, as the test can see it.
  virtual std::vector<uint64_t> resources() const { return {}; }

  /// The step that met the first refusal of the run before. This run's lies no earlier, and what comes before it was
  /// looked at by then.
  uint64_t earliest = 0;
  uint64_t reached = 0;
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

/// All that a refused call may not change; but its refusal is counted, and what one copy of a memory got before the
/// next was refused stays with it as room to grow.
struct State {
  std::vector<uint8_t> bytes;
  std::vector<uint64_t> numbers;
  std::vector<uint64_t> room;
  uint64_t refused = 0;

  void clear() {
    bytes.clear();
    numbers.clear();
    room.clear();
    refused = 0;
  }
  bool follows(const State &before, uint64_t noted) const {
    return bytes == before.bytes && numbers == before.numbers && refused == before.refused + noted &&
           std::equal(room.begin(), room.end(), before.room.begin(), before.room.end(), std::greater_equal<>());
  }
};

class Scenario {
 public:
  static constexpr uint64_t kUnit = 65536;
  static constexpr uint64_t kInitial = 3 * kUnit;
  static constexpr uint64_t kMax = 40 * kUnit;

  Scenario(const Kind &kind, Refusals &refusals) : kind_(kind), refusals_(refusals) {}

  void run() {
    make_budget();
    create(first_, kInitial, kMax, kind_.flags, WRT_VERIFY_DEFAULT);
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
    keep_copies();
    start_from_images();
    other_kinds();
    give_back();
  }

 private:
  struct One {
    wrt_mem *handle = nullptr;
    model::Memory model;
    const wrt_view *view = nullptr;
  };

  // A memory with check values is not tracked here, so that reading it counts nothing.
  static void copy_bytes(const One &one, uint8_t *to, size_t n) {
    if (one.view == nullptr) {
      EXPECT_EQ(wrt_mem_read(one.handle, 0, to, n), WRT_OK);
    } else if (n != 0) {
      std::memcpy(to, one.view->base, n);
    }
  }

  static void add(State &state, const One &one) {
    if (one.handle == nullptr) return;
    wrt_mem_info info{};
    info.struct_size = sizeof info;
    EXPECT_EQ(wrt_mem_get_info(one.handle, &info), WRT_OK);
    wrt_mem_stats stats{};
    stats.struct_size = sizeof stats;
    EXPECT_EQ(wrt_mem_get_stats(one.handle, &stats), WRT_OK);
    for (uint64_t number : {info.len, info.peak_len, uint64_t{info.borrows}, static_cast<uint64_t>(info.verify),
                            stats.reads, stats.writes, stats.denied, stats.resizes}) {
      state.numbers.push_back(number);
    }
    std::vector<uint64_t> &room = one.view == nullptr ? state.room : state.numbers;
    room.insert(room.end(), {info.capacity, info.committed});
    if (one.view != nullptr) {
      state.numbers.push_back(one.view->len);
      state.numbers.push_back(reinterpret_cast<uintptr_t>(one.view->base));
    }
    const size_t from = state.bytes.size();
    state.bytes.resize(from + static_cast<size_t>(info.len));
    copy_bytes(one, state.bytes.data() + from, static_cast<size_t>(info.len));
    EXPECT_EQ(wrt_mem_verify(one.handle, nullptr), WRT_OK);
  }
  static void add(State &state, const wrt_budget *budget) {
    if (budget == nullptr) return;
    wrt_budget_info info{};
    info.struct_size = sizeof info;
    EXPECT_EQ(wrt_budget_get_info(budget, &info), WRT_OK);
    state.numbers.insert(state.numbers.end(), {info.used, info.peak});
    state.refused += info.refused;
  }
  static void add(State &state, const wrt_pool *pool) {
    if (pool == nullptr) return;
    wrt_pool_info info{};
    info.struct_size = sizeof info;
    EXPECT_EQ(wrt_pool_get_info(pool, &info), WRT_OK);
    state.numbers.push_back(info.used);
    state.refused += info.refused;
  }

  void look_at(State &now) const {
    now.clear();
    for (const One *one : {&first_, &second_, &third_, &fourth_}) add(now, *one);
    for (const wrt_budget *budget : {parent_, budget_}) add(now, budget);
    for (const wrt_pool *pool : {kind_.pool, pool_}) add(now, pool);
    const std::vector<uint64_t> others = refusals_.resources();
    now.numbers.insert(now.numbers.end(), others.begin(), others.end());
  }

  // `want` is what the call gives when nothing is refused. `asks`: what it may ask for.
  void expect(const char *what, uint32_t asks, wrt_status want, const std::function<wrt_status()> &call) {
    SCOPED_TRACE(std::string(kind_.name) + ", " + what);
    step_++;
    const bool looks = !stopped_ && news();
    if (looks) look_at(before_);
    const uint64_t refused_before = refusals_.refused();
    errno = kErrno;
    const wrt_status got = call();
    EXPECT_EQ(errno, kErrno) << "errno was touched";
    if (refused_before == 0 && refusals_.refused() != 0) refusals_.reached = step_;
    if (got == want) return;
    ASSERT_TRUE(looks) << "a refusal where none was left";
    ASSERT_EQ(got, refusals_.code()) << wrt_status_name(got);
    ASSERT_NE(asks & refusals_.kind(), 0U) << "this call never asks for that";
    ASSERT_GT(refusals_.refused(), refused_before) << "nothing was refused";
    look_at(after_);
    EXPECT_TRUE(after_.follows(before_, refusals_.noted())) << "a refused call changed something";
    refusals_.stop();
    stopped_ = true;
    EXPECT_EQ(call(), want) << "the same call with nothing refused";
  }

  // What this run has not in common with the one before.
  bool news() const { return step_ >= refusals_.earliest; }

  // What a new memory asks for: a slot has its handle already.
  uint32_t asks_of_new() const {
    return kBudget | (kind_.tier == WRT_TIER_STATIC ? uint32_t{kSlot} : uint32_t{kMemory | kHandle});
  }
  static constexpr uint32_t kAsksOfGrowth = kMemory | kBudget;
  // A second copy.
  uint32_t asks_of_copy() const { return kind_.tier == WRT_TIER_STATIC ? kSlot : kMemory; }

  // What the memory is must be what the model is.
  void same(One &one) {
    uint64_t len = 0;
    ASSERT_EQ(wrt_mem_len(one.handle, &len), WRT_OK);
    ASSERT_EQ(len, one.model.len);
    ASSERT_TRUE(one.view == nullptr || one.view->len == len);
    if (!news()) return;
    wanted_.resize(one.model.len);
    seen_.resize(one.model.len);
    one.model.bytes.get(0, wanted_.data(), wanted_.size());
    copy_bytes(one, seen_.data(), seen_.size());
    EXPECT_TRUE(wanted_ == seen_) << "other bytes";
    wrt_mem_stats stats{};
    stats.struct_size = sizeof stats;
    ASSERT_EQ(wrt_mem_get_stats(one.handle, &stats), WRT_OK);
    EXPECT_EQ(stats.resizes, one.model.stats.resizes);
    if (!one.model.tracked()) return;
    EXPECT_EQ(stats.reads, one.model.stats.reads);
    EXPECT_EQ(stats.writes, one.model.stats.writes);
    EXPECT_EQ(stats.regions, one.model.regions.size());
  }
  static void same(const wrt_budget *budget, const model::Budget &model) {
    wrt_budget_info info{};
    info.struct_size = sizeof info;
    ASSERT_EQ(wrt_budget_get_info(budget, &info), WRT_OK);
    EXPECT_EQ(info.used, model.used);
    EXPECT_EQ(info.peak, model.peak);
  }
  void same_budget() {
    same(budget_, budget_model_);
    same(parent_, parent_model_);
  }

  // ---- the steps

  // One budget in another.
  void make_budget() {
    expect("budget_create", kMemory | kHandle, WRT_OK, [&] {
      return into(parent_, [&](wrt_budget **out) { return wrt_budget_create(parent_model_.limit, nullptr, out); });
    });
    expect("budget_create, in another", kMemory | kHandle, WRT_OK, [&] {
      return into(budget_, [&](wrt_budget **out) { return wrt_budget_create(budget_model_.limit, parent_, out); });
    });
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

  // The kind's memory, with lengths and a level.
  void create(One &one, uint64_t initial_len, uint64_t max_len, uint32_t flags, int32_t verify) {
    model::Order order;
    order.tier = kind_.tier;
    order.initial_len = initial_len;
    order.max_len = max_len;
    order.page_len = kind_.page_len;
    order.flags = flags;
    order.verify = verify;
    order.reserve_len = kind_.reserve_len;
    order.budget_given = true;
    order.budget = &budget_model_;
    order.tier_max = uint64_t{1} << 47;
    order.allocator_given = kind_.allocator != nullptr;
    order.pool_given = kind_.pool != nullptr;
    model::Pool pool{kind_.slot_len, 2};
    if (kind_.pool != nullptr) order.pool = &pool;

    wrt_mem_config config = WRT_MEM_CONFIG_INIT;
    config.tier = kind_.tier;
    config.initial_len = initial_len;
    config.max_len = max_len;
    config.page_len = kind_.page_len;
    config.flags = flags;
    config.verify = verify;
    config.reserve_len = kind_.reserve_len;
    config.allocator = kind_.allocator;
    config.pool = kind_.pool;
    config.budget = budget_;
    config.image = image_;
    order.image_given = image_ != nullptr;
    order.image = frozen_;
    const wrt_status want = model::Memory::create(order, one.model);
    one.model.pool = nullptr;
    ASSERT_EQ(want, WRT_OK);
    expect("create", asks_of_new(), want,
           [&] { return into(made_, [&](wrt_mem **out) { return wrt_mem_create_config(&config, out); }); });
    ASSERT_NE(made_, nullptr);
    adopt(one);
  }

  void adopt(One &one) {
    one.handle = made_;
    made_ = nullptr;
    one.view = nullptr;
    const wrt_status viewed = wrt_mem_view(one.handle, &one.view);
    ASSERT_EQ(viewed, one.model.checked() ? WRT_ERR_UNSUPPORTED : WRT_OK);
    same(one);
    same_budget();
  }

  void look() {
    uint64_t len = 0;
    expect("len", kNothing, WRT_OK, [&] { return wrt_mem_len(first_.handle, &len); });
    EXPECT_EQ(len, kInitial);
    wrt_mem *found = nullptr;
    uint64_t offset = 0;
    expect("fault_find", kNothing, WRT_OK, [&] { return wrt_fault_find(first_.view->base + 5, &found, &offset); });
    EXPECT_EQ(found, first_.handle);
    EXPECT_EQ(offset, 5U);
    if (kind_.selftest) expect("selftest", kNothing, WRT_OK, [] { return wrt_selftest(); });
    expect("trim", kNothing, WRT_OK, [] { return wrt_trim(); });
  }

  // Other ones each time: they begin one number later.
  void fill_with_numbers(One &one) {
    static const std::vector<uint8_t> numbers = [] {
      std::vector<uint8_t> all(kMax + 256);
      for (size_t i = 0; i < all.size(); i++) all[i] = static_cast<uint8_t>(i * 31 / 7 + 1);
      return all;
    }();
    const uint8_t *bytes = numbers.data() + seed_++ % 256;
    const size_t n = one.model.len;
    const wrt_status want = one.model.write(0, bytes, n);
    expect("write", kNothing, want, [&] { return wrt_mem_write(one.handle, 0, bytes, n); });
    same(one);
  }

  void grow(One &one, uint64_t by) {
    uint64_t wanted = 0;
    uint64_t old_pages = 77;
    const wrt_status want = one.model.grow(by / kind_.page_len, wanted);
    expect("grow", kAsksOfGrowth, want, [&] {
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
    expect(growing ? "resize, growing" : "resize, shrinking", growing ? kAsksOfGrowth : kNothing, want,
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
    expect("read", kNothing, want_read, [&] { return wrt_mem_read(first_.handle, 50, seen, sizeof seen); });
    const wrt_status want_fill = first_.model.fill(kUnit - 3, 0xEE, 7);
    expect("fill", kNothing, want_fill, [&] { return wrt_mem_fill(first_.handle, kUnit - 3, 0xEE, 7); });
    const wrt_status want_copy = first_.model.copy(10, first_.model, 30, 2 * kUnit);
    expect("copy", kNothing, want_copy, [&] { return wrt_mem_copy(first_.handle, 10, first_.handle, 30, 2 * kUnit); });
    const wrt_status want_store = first_.model.atomic_store(64, 8, 0x1122334455667788);
    expect("atomic_store", kNothing, want_store,
           [&] { return wrt_mem_atomic_store(first_.handle, 64, 8, 0x1122334455667788); });
    const wrt_status want_check = first_.model.check(UINT64_MAX, 2);
    expect("check", kNothing, want_check, [&] { return wrt_mem_check(first_.handle, UINT64_MAX, 2); });
    same(first_);

    void *data = nullptr;
    const wrt_status want_borrow = first_.model.borrow(0, 64, WRT_BORROW_READ);
    expect("borrow", kNothing, want_borrow,
           [&] { return wrt_mem_borrow(first_.handle, 0, 64, WRT_BORROW_READ, &data); });
    if ((kind_.flags & WRT_MEM_STABLE) != 0) resize(first_, first_.model.len + kUnit);
    EXPECT_EQ(wrt_mem_resize(first_.handle, 0), WRT_ERR_BUSY);
    EXPECT_EQ(first_.model.resize(0), WRT_ERR_BUSY);
    EXPECT_EQ(first_.model.release(0, 64), WRT_OK);
    expect("release", kNothing, WRT_OK, [&] { return wrt_mem_release(first_.handle, data, 64); });
    expect("set_verify", kNothing, first_.model.set_verify(WRT_VERIFY_OFF),
           [&] { return wrt_mem_set_verify(first_.handle, WRT_VERIFY_OFF); });
    expect("set_verify", kNothing, first_.model.set_verify(WRT_VERIFY_BASIC),
           [&] { return wrt_mem_set_verify(first_.handle, WRT_VERIFY_BASIC); });
  }

  void clone(const One &source, One &copy) {
    const wrt_status want = source.model.clone(copy.model);
    expect("clone", asks_of_new(), want,
           [&] { return into(made_, [&](wrt_mem **out) { return wrt_mem_clone(source.handle, out); }); });
    ASSERT_NE(made_, nullptr);
    adopt(copy);
  }

  void clone() {
    clone(first_, second_);
    int32_t equal = 0;
    EXPECT_TRUE(first_.model.equal(second_.model));
    expect("equal", kNothing, WRT_OK, [&] { return wrt_mem_equal(first_.handle, second_.handle, &equal); });
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
    expect("reset, growing", kAsksOfGrowth, first_.model.reset(), [&] { return wrt_mem_reset(first_.handle); });
    same(first_);
    fill_with_numbers(first_);
    resize(first_, kInitial + 5 * kUnit);
    fill_with_numbers(first_);
    expect("reset, shrinking", kNothing, first_.model.reset(), [&] { return wrt_mem_reset(first_.handle); });
    same(first_);
    same_budget();
  }

  void discard() {
    fill_with_numbers(first_);
    for (uint64_t from : {uint64_t{0}, uint64_t{100}, kUnit, kInitial - 10}) {
      const uint64_t n = std::min(kInitial - from, kUnit + 5);
      const wrt_status want = first_.model.discard(from, n);
      expect("discard", kNothing, want, [&] { return wrt_mem_discard(first_.handle, from, n); });
      same(first_);
    }
    expect("clear_stats", kNothing, WRT_OK, [&] { return wrt_mem_clear_stats(first_.handle); });
    first_.model.clear_stats();
    same(first_);
  }

  void set_level(One &one, int32_t level, uint32_t asks) {
    expect("set_verify", asks, one.model.set_verify(level), [&] { return wrt_mem_set_verify(one.handle, level); });
    same(one);
  }

  // A memory that is kept twice, with check values for both, and what becomes of it.
  void keep_copies() {
    create(third_, kUnit, 3 * kUnit, kind_.flags & ~uint32_t{WRT_MEM_TRACK}, WRT_VERIFY_REDUNDANT);
    fill_with_numbers(third_);
    grow(third_, kUnit);
    fill_with_numbers(third_);
    clone(third_, fourth_);
    resize(fourth_, 3 * kUnit);
    destroy(fourth_);
    set_level(third_, WRT_VERIFY_STANDARD, kNothing);
    set_level(third_, WRT_VERIFY_REDUNDANT, asks_of_copy());
    set_level(third_, WRT_VERIFY_OFF, kNothing);
    set_level(third_, WRT_VERIFY_FULL, kMemory);
    set_level(third_, WRT_VERIFY_BASIC, kNothing);
    set_level(third_, WRT_VERIFY_REDUNDANT, kMemory | asks_of_copy());
    resize(third_, 3 * kUnit);
    resize(third_, 0);
    expect("reset, growing", kAsksOfGrowth, third_.model.reset(), [&] { return wrt_mem_reset(third_.handle); });
    same(third_);
    destroy(third_);
  }

  // ---- images

  struct Stream {
    std::vector<uint8_t> bytes;
    size_t at = 0;
  };
  static size_t put(void *context, const void *data, size_t n) {
    auto &stream = *static_cast<Stream *>(context);
    const auto *from = static_cast<const uint8_t *>(data);
    stream.bytes.insert(stream.bytes.end(), from, from + n);
    return n;
  }
  static size_t get(void *context, void *data, size_t n) {
    auto &stream = *static_cast<Stream *>(context);
    const size_t given = std::min(n, stream.bytes.size() - stream.at);
    if (given != 0) std::memcpy(data, stream.bytes.data() + stream.at, given);
    stream.at += given;
    return given;
  }

  uint32_t asks_of_image() const { return asks_of_new() & ~uint32_t{kBudget}; }

  // A memory from image_, and what it does before it goes back.
  void start_and_reset(uint64_t max_len, int32_t level) {
    const uint32_t flags = level < WRT_VERIFY_STANDARD ? kind_.flags : kind_.flags & ~uint32_t{WRT_MEM_TRACK};
    create(third_, 0, max_len, flags, level);
    fill_with_numbers(third_);
    grow(third_, kUnit);
    resize(third_, kUnit);
    resize(third_, 3 * kUnit);
    fill_with_numbers(third_);
    expect("reset to the image, shrinking", kNothing, third_.model.reset(),
           [&] { return wrt_mem_reset(third_.handle); });
    same(third_);
    const wrt_status want = third_.model.discard(100, kUnit + 200);
    expect("discard", kNothing, want, [&] { return wrt_mem_discard(third_.handle, 100, kUnit + 200); });
    same(third_);
    clone(third_, fourth_);
    resize(third_, 0);
    expect("reset to the image, growing", kAsksOfGrowth, third_.model.reset(),
           [&] { return wrt_mem_reset(third_.handle); });
    same(third_);
    destroy(third_);
    expect("reset of a clone", kNothing, fourth_.model.reset(), [&] { return wrt_mem_reset(fourth_.handle); });
    same(fourth_);
    destroy(fourth_);
  }

  void start_from_images() {
    resize(second_, kUnit);
    resize(first_, 2 * kUnit);
    fill_with_numbers(first_);
    const wrt_status cleared = first_.model.discard(0, kUnit);
    expect("discard", kNothing, cleared, [&] { return wrt_mem_discard(first_.handle, 0, kUnit); });
    model::ImageRef frozen;
    const wrt_status want = first_.model.freeze(frozen);
    frozen_ = frozen;
    wrt_image *image = nullptr;
    expect("image_create", asks_of_image(), want,
           [&] { return into(image, [&](wrt_image **out) { return wrt_image_create(first_.handle, out); }); });
    image_ = image;
    ASSERT_NE(image_, nullptr);
    start_and_reset(kMax, WRT_VERIFY_DEFAULT);

    Stream stream;
    expect("image_save", kNothing, WRT_OK, [&] { return wrt_image_save(image_, put, &stream); });
    drop_image();
    wrt_mem_config where = WRT_MEM_CONFIG_INIT;
    where.tier = kind_.tier;
    where.max_len = kMax;
    where.verify = WRT_VERIFY_REDUNDANT;
    where.allocator = kind_.allocator;
    where.pool = kind_.pool;
    expect("image_load", asks_of_image() | asks_of_copy() | kMemory, WRT_OK, [&] {
      stream.at = 0;
      return into(image, [&](wrt_image **out) { return wrt_image_load(&where, get, &stream, out); });
    });
    image_ = image;
    ASSERT_NE(image_, nullptr);
    start_and_reset(4 * kUnit, WRT_VERIFY_FULL);
    drop_image();
    frozen_.reset();
    expect("reset", kAsksOfGrowth, first_.model.reset(), [&] { return wrt_mem_reset(first_.handle); });
    same(first_);
  }

  void drop_image() {
    wrt_image *const image = image_;
    image_ = nullptr;
    expect("image_destroy", kNothing, WRT_OK, [&] { return wrt_image_destroy(image); });
  }

  // A pool and a memory in it, between the others.
  void other_kinds() {
    std::vector<uint8_t> storage(WRT_POOL_STORAGE_LEN(512, 3), 0xEE);
    expect("pool_create", kMemory | kHandle, WRT_OK, [&] {
      return into(pool_, [&](wrt_pool **out) { return wrt_pool_create(storage.data(), storage.size(), 512, out); });
    });
    ASSERT_NE(pool_, nullptr);
    wrt_mem_config config = WRT_MEM_CONFIG_INIT;
    config.tier = WRT_TIER_STATIC;
    config.initial_len = 100;
    config.pool = pool_;
    config.budget = budget_;
    wrt_mem *guest = nullptr;
    expect("create in a pool", kSlot | kBudget, WRT_OK,
           [&] { return into(guest, [&](wrt_mem **out) { return wrt_mem_create_config(&config, out); }); });
    budget_model_.charge(100);
    same_budget();
    expect("pool_destroy, in use", kNothing, WRT_ERR_BUSY, [&] { return wrt_pool_destroy(pool_); });
    expect("destroy", kNothing, WRT_OK, [&] { return wrt_mem_destroy(guest); });
    budget_model_.refund(100);
    same_budget();
    wrt_pool *const pool = pool_;
    pool_ = nullptr;
    expect("pool_destroy", kNothing, WRT_OK, [&] { return wrt_pool_destroy(pool); });
  }

  void destroy(One &one) {
    wrt_mem *const handle = one.handle;
    one.handle = nullptr;
    expect("destroy", kNothing, one.model.destroy(), [&] { return wrt_mem_destroy(handle); });
    same_budget();
  }

  void destroy(wrt_budget *&budget) {
    wrt_budget *const handle = budget;
    budget = nullptr;
    expect("budget_destroy", kNothing, WRT_OK, [&] { return wrt_budget_destroy(handle); });
  }

  void give_back() {
    destroy(second_);
    destroy(first_);
    EXPECT_EQ(parent_model_.used, 0U);
    EXPECT_EQ(wrt_budget_destroy(parent_), WRT_ERR_BUSY);
    destroy(budget_);
    destroy(parent_);
  }

  static constexpr int kErrno = 4321;

  Kind kind_;
  Refusals &refusals_;
  wrt_budget *parent_ = nullptr;
  wrt_budget *budget_ = nullptr;
  model::Budget parent_model_{4 * kMax, nullptr};
  model::Budget budget_model_{3 * kMax, &parent_model_};
  wrt_pool *pool_ = nullptr;
  wrt_mem *made_ = nullptr;
  wrt_image *image_ = nullptr;  // what create() starts from
  model::ImageRef frozen_;
  One first_;
  One second_;
  One third_;
  One fourth_;
  unsigned seed_ = 0;
  uint64_t step_ = 0;
  bool stopped_ = false;  // nothing is refused any more

  // Used again and again, since they are long.
  static inline State before_;
  static inline State after_;
  static inline std::vector<uint8_t> wanted_;
  static inline std::vector<uint8_t> seen_;
};

/// Refuses the first call, then the second, and so on, until a run makes fewer calls. Gives the number of runs.
template <class Run>
uint64_t for_every_call(Refusals &refusals, bool for_good, Run run) {
  refusals.earliest = 0;
  for (uint64_t k = 1;; k++) {
    SCOPED_TRACE("refused: call " + std::to_string(k) + (for_good ? " and all after it" : ""));
    refusals.start(k, for_good ? UINT64_MAX : k);
    run();
    const bool reached = refusals.refused() != 0;
    refusals.stop();
    refusals.earliest = refusals.reached;
    if (!reached || testing::Test::HasFailure()) return k;
  }
}

#endif  // WRTMEM_TESTS_FAULT_SCENARIO_HPP
