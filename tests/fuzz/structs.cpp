// SPDX-License-Identifier: Apache-2.0 OR MIT
// Structs of any bytes and any size: configs to create_config and image_load, out-structs to every call that fills one
// in. Each struct stands in a block of exactly the size that it claims.
#include <memory>

#include "../property/model.hpp"
#include "../property/random.hpp"
#include "require.hpp"
#include "target.hpp"

extern "C" {
#include "../capi/checked_heap.h"
}

namespace {

constexpr uint32_t kMostStructSize = 65536;
constexpr uint64_t kMuch = uint64_t{1} << 20;
constexpr size_t kSlotLen = 4096;
constexpr size_t kSlots = 2;
constexpr uint64_t kBudget = 100000;
constexpr uint8_t kUntouched = 0xC3;

template <class T>
T *any_pointer(uint64_t value) {
  return reinterpret_cast<T *>(static_cast<uintptr_t>(value));
}

/// A struct of a claimed size in a block of that size. One of no possible size has no more than that member.
template <class Struct>
class Claimed {
 public:
  Claimed(Random &random, uint8_t fill) : size_(draw_size(random)) {
    block_ = std::make_unique<uint64_t[]>((held() + 7) / 8);
    std::memset(at(0), fill, held());
    put(0, size_);
  }

  uint32_t size() const { return size_; }
  uint32_t held() const { return size_ < 4 || size_ > kMostStructSize ? 4 : size_; }
  uint8_t *at(size_t offset) { return reinterpret_cast<uint8_t *>(block_.get()) + offset; }
  Struct *get() { return reinterpret_cast<Struct *>(block_.get()); }

  /// A member that ends past the claimed size is not there.
  template <class T>
  void put(size_t offset, const T &value) {
    if (offset + sizeof(T) <= held()) std::memcpy(at(offset), &value, sizeof(T));
  }
  void put_bytes(Random &random, size_t n) {
    for (size_t i = 4; i < 4 + n && i < held(); i++) *at(i) = static_cast<uint8_t>(random.below(256));
  }
  std::vector<uint8_t> copy() { return {at(0), at(0) + held()}; }

  bool sound_as_input() {
    if (size_ < sizeof(Struct) || size_ > kMostStructSize) return false;
    return std::all_of(at(sizeof(Struct)), at(0) + size_, [](uint8_t byte) { return byte == 0; });
  }

 private:
  static uint32_t draw_size(Random &random) {
    const uint64_t full = sizeof(Struct);
    switch (random.below(8)) {
      case 0:
        return static_cast<uint32_t>(random.up_to(full));
      case 1:
        return static_cast<uint32_t>(full + random.below(64));
      case 2:
        return static_cast<uint32_t>(random.below(uint64_t{1} << 32));
      case 3:
        return random.of<uint32_t>({0, 3, 4, 5, 4096, kMostStructSize, kMostStructSize + 1, UINT32_MAX});
      default:
        return static_cast<uint32_t>(full);
    }
  }

  uint32_t size_;
  std::unique_ptr<uint64_t[]> block_;
};

class Structs {
 public:
  Structs(const uint8_t *input, size_t n) : random_(input, n) {
    heap_open(&heap_);
    heap_.refuse_above = kMuch;
    size_t needed = 0;
    require(wrt_pool_storage_len(kSlotLen, kSlots, &needed) == WRT_OK, "pool_storage_len");
    storage_.resize(needed);
    require(wrt_pool_create(storage_.data(), needed, kSlotLen, &pool_) == WRT_OK, "pool_create");
    require(wrt_budget_create(kBudget, nullptr, &budget_) == WRT_OK, "budget_create");
    require(wrt_mem_create(WRT_TIER_STD, 100, 4096, &mem_) == WRT_OK, "create");
  }
  Structs(const Structs &) = delete;
  Structs &operator=(const Structs &) = delete;
  ~Structs() {
    require(wrt_mem_destroy(mem_) == WRT_OK, "destroy");
    require(wrt_pool_destroy(pool_) == WRT_OK, "the pool is free again");
    require(wrt_budget_destroy(budget_) == WRT_OK, "the budget is free again");
    heap_check(&heap_);
    require(heap_.fault == nullptr, heap_.fault);
    require(heap_.live_blocks == 0, "every block was given back");
    heap_close(&heap_);
  }

  void run() {
    while (!random_.at_end()) {
      if (random_.one_in(3)) {
        fill_in();
      } else {
        read_config();
      }
    }
  }

 private:
  // ---- configs

  struct Config {
    Claimed<wrt_mem_config> block;
    std::unique_ptr<Claimed<wrt_allocator>> allocator;
    model::Order order;
    bool same_after(const std::vector<uint8_t> &before) { return block.copy() == before; }
  };

  void read_config() {
    Config config{Claimed<wrt_mem_config>(random_, 0), nullptr, {}};
    draw_config(config);
    describe(config);
    if (random_.one_in(6)) return load_image(config);
    if (taken_at_once(config.order) > kMuch) return;  // would only take time, and the machine's memory
    create(config);
  }

  // How much the machine has to have for it: the C library's blocks are zeroed, a committed memory is populated.
  static uint64_t taken_at_once(const model::Order &order) {
    if (order.tier == WRT_TIER_STD) return order.has(WRT_MEM_COMMIT) ? order.initial_len : 0;
    if (order.tier != WRT_TIER_ALLOC || order.allocator_given) return 0;
    return order.has(WRT_MEM_STABLE) || order.has(WRT_MEM_TRACK) ? order.max_len : order.initial_len;
  }

  uint64_t length() {
    if (random_.one_in(4)) return random_.word();
    return random_.one_in(2) ? random_.below(256) * 64 : random_.near_edge(kSlotLen, kBudget);
  }

  void draw_config(Config &config) {
    Claimed<wrt_mem_config> &block = config.block;
    using C = wrt_mem_config;
    if (random_.one_in(8)) {
      block.put_bytes(random_, sizeof(C) + 16);
    } else {
      block.put(offsetof(C, tier), static_cast<int32_t>(random_.below(5)) - (random_.one_in(16) ? 1 : 0));
      block.put(offsetof(C, initial_len), length());
      block.put(offsetof(C, max_len), length());
      block.put(offsetof(C, page_len), random_.one_in(2) ? uint64_t{1} << random_.below(64) : random_.below(8));
      block.put(offsetof(C, flags), static_cast<uint32_t>(random_.below(random_.one_in(4) ? 65536 : 256)) &
                                        random_.of<uint32_t>({0, 84, 84, 84, 0xffff}));
      block.put(offsetof(C, verify), static_cast<int32_t>(random_.below(9)) - 1);
      block.put(offsetof(C, sample_interval), static_cast<uint32_t>(random_.below(256)));
      if (random_.one_in(16)) block.put(offsetof(C, reserved0), 1U << random_.below(32));
      if (random_.one_in(16)) block.put(offsetof(C, reserved1), any_pointer<const void>(random_.word()));
      if (random_.one_in(4)) block.put(offsetof(C, reserve_len), length());
      if (random_.one_in(8)) block.put(offsetof(C, guard_len), length());
      if (random_.one_in(8)) {
        for (size_t i = sizeof(C); i < block.held(); i += 1 + static_cast<size_t>(random_.below(4096)))
          *block.at(i) = 1;
      }
    }
    block.put(offsetof(C, allocator), draw_allocator(config));
    block.put(offsetof(C, pool), handle(pool_));
    block.put(offsetof(C, budget), handle(budget_));
    block.put(offsetof(C, image), random_.one_in(8) ? handle(static_cast<const wrt_image *>(nullptr)) : nullptr);
    block.put(offsetof(C, name), draw_name());
  }

  // Mostly none; the live one, one of another kind, or any number.
  template <class Handle>
  Handle *handle(Handle *live) {
    switch (random_.below(8)) {
      case 0:
      case 1:
        return live;
      case 2:
        return any_pointer<Handle>(random_.word());
      case 3:
        return any_pointer<Handle>(reinterpret_cast<uintptr_t>(mem_));
      default:
        return nullptr;
    }
  }

  const char *draw_name() {
    if (random_.one_in(2)) return nullptr;
    name_.clear();
    for (uint64_t n = random_.below(40); n > 0; n--) name_ += static_cast<char>('a' + random_.below(26));
    return name_.c_str();
  }

  const wrt_allocator *draw_allocator(Config &config) {
    if (!random_.one_in(3)) return nullptr;
    config.allocator = std::make_unique<Claimed<wrt_allocator>>(random_, uint8_t{0});
    Claimed<wrt_allocator> &block = *config.allocator;
    wrt_allocator given = random_.one_in(2) ? heap_allocator(&heap_) : heap_allocator_without_reallocate(&heap_);
    if (random_.one_in(8)) given.flags = 1U << random_.below(32);
    if (random_.one_in(8)) given.allocate = nullptr;
    if (random_.one_in(8)) given.deallocate = nullptr;
    for (size_t i = 4; i < sizeof given; i++) block.put(i, reinterpret_cast<const uint8_t *>(&given)[i]);
    if (random_.one_in(8) && block.held() > sizeof given) *block.at(block.held() - 1) = 1;
    return block.get();
  }

  bool sound(Claimed<wrt_allocator> &block) {
    if (!block.sound_as_input()) return false;
    const wrt_allocator &given = *block.get();
    return given.flags == 0 && given.allocate != nullptr && given.deallocate != nullptr;
  }

  // What the config asks for, in the model's words.
  void describe(Config &config) {
    model::Order &order = config.order;
    order.malformed = !config.block.sound_as_input();
    if (order.malformed) return;
    const wrt_mem_config &given = *config.block.get();
    order.malformed = given.reserved0 != 0 || given.reserved1 != nullptr || given.tier < WRT_TIER_DEFAULT ||
                      (config.allocator && !sound(*config.allocator));
    order.tier = given.tier;
    if (given.tier == WRT_TIER_DEFAULT) {
      order.tier = given.pool != nullptr ? WRT_TIER_STATIC : given.allocator != nullptr ? WRT_TIER_ALLOC : WRT_TIER_STD;
    }
    order.initial_len = given.initial_len;
    order.max_len = given.max_len;
    order.page_len = given.page_len;
    order.flags = given.flags;
    order.verify = given.verify;
    order.reserve_len = given.reserve_len;
    order.guard_len = given.guard_len;
    order.allocator_given = given.allocator != nullptr;
    order.pool_given = given.pool != nullptr;
    order.budget_given = given.budget != nullptr;
    order.image_given = given.image != nullptr;
    if (order.pool_given && given.pool == pool_) order.pool = &pool_model_;
    if (!order.pool_given && order.tier == WRT_TIER_STATIC) order.pool = &builtin_model_;
    if (given.budget == budget_) order.budget = &budget_model_;
    if (given.name != nullptr) order.name = given.name;
    wrt_tier_info info{};
    info.struct_size = sizeof info;
    if (wrt_tier_get_info(order.tier, &info) == WRT_OK) order.tier_max = info.max_len;
  }

  void create(Config &config) {
    pool_model_ = {kSlotLen, kSlots};
    builtin_model_ = {65536, 16};
    budget_model_ = {kBudget, nullptr};
    model::Memory wanted;
    const wrt_status want = model::Memory::create(config.order, wanted);
    const std::vector<uint8_t> before = config.block.copy();
    wrt_mem *const untouched = any_pointer<wrt_mem>(77);
    wrt_mem *out = untouched;
    const wrt_status got = wrt_mem_create_config(config.block.get(), &out);
    require(config.same_after(before), "a config was written to");
    const bool refused = want == WRT_OK && got == WRT_ERR_OUT_OF_MEMORY;  // a length that no machine has
    if (!refused) require_status(want, got, "create_config");
    require((got == WRT_OK) == (out != untouched), "the out-pointer and the code disagree");
    if (got == WRT_OK) use(config, wanted, out);
  }

  // Nothing of the config is referenced after the call.
  void use(Config &config, const model::Memory &wanted, wrt_mem *mem) {
    std::memset(config.block.at(0), kUntouched, config.block.held());
    if (config.allocator) std::memset(config.allocator->at(0), kUntouched, config.allocator->held());
    name_.assign(name_.size(), '!');

    wrt_mem_info info{};
    info.struct_size = sizeof info;
    require_status(WRT_OK, wrt_mem_get_info(mem, &info), "get_info");
    require(info.tier == wanted.tier && info.flags == wanted.flags && info.verify == wanted.verify, "another memory");
    require(info.len == wanted.len && info.max_len == wanted.max_len && info.page_len == wanted.page_len, "lengths");
    require(wanted.name == info.name, "another name");
    const uint64_t len = info.len;
    if (len != 0) {
      uint8_t last = kUntouched;
      require_status(WRT_OK, wrt_mem_read(mem, len - 1, &last, 1), "read");
      require(last == 0, "a new byte is not zero");
      require_status(WRT_OK, wrt_mem_write(mem, len - 1, &kUntouched, 1), "write");
      require_status(WRT_OK, wrt_mem_read(mem, len - 1, &last, 1), "read");
      require(last == kUntouched, "another byte than was written");
    }
    if (len <= kMuch) require_status(WRT_OK, wrt_mem_verify(mem, nullptr), "verify");
    require_status(WRT_OK, wrt_mem_destroy(mem), "destroy");
  }

  // The stream is at its end at once.
  static size_t give_nothing(void *context, void *, size_t) {
    ++*static_cast<int *>(context);
    return 0;
  }

  // A `where` is checked as a config is, and before anything is read.
  void load_image(Config &config) {
    pool_model_ = {kSlotLen, kSlots};
    builtin_model_ = {65536, 16};
    const std::vector<uint8_t> before = config.block.copy();
    wrt_image *const untouched = any_pointer<wrt_image>(77);
    wrt_image *out = untouched;
    const bool no_reader = random_.one_in(16);
    wrt_status want = no_reader ? WRT_ERR_INVALID_ARGUMENT : config.order.check();
    const bool sound = want == WRT_OK;
    if (sound) want = WRT_ERR_FORMAT;
    int calls = 0;
    require_status(want, wrt_image_load(config.block.get(), no_reader ? nullptr : give_nothing, &calls, &out),
                   "image_load");
    require(calls == (sound ? 1 : 0), "the stream was read although `where` is refused, or not");
    require(out == untouched, "a failed call wrote its out-pointer");
    require(config.same_after(before), "a config was written to");
  }

  // ---- out-structs

  void fill_in() {
    switch (random_.below(7)) {
      case 0:
        return get<wrt_mem_info>(mem_, wrt_mem_get_info);
      case 1:
        return get<wrt_mem_stats>(mem_, wrt_mem_get_stats);
      case 2:
        return get<wrt_mem_history>(mem_, wrt_mem_get_history);
      case 3:
        return get<wrt_pool_info>(pool_, wrt_pool_get_info);
      case 4:
        return get<wrt_budget_info>(budget_, wrt_budget_get_info);
      case 5:
        return get_image_info();
      default:
        return get_tier_info();
    }
  }

  template <class Struct, class Handle, class Get>
  void get(Handle *live, Get call) {
    Handle *given = random_.one_in(8) ? handle(live) : live;
    const wrt_status want = given == live ? WRT_OK : WRT_ERR_INVALID_HANDLE;
    const bool is_live = given == live || reinterpret_cast<uintptr_t>(given) == reinterpret_cast<uintptr_t>(live);
    fill<Struct>(is_live ? WRT_OK : want, [&](Struct *out) { return call(given, out); });
  }
  void get_image_info() {
    const wrt_image *none = random_.one_in(2) ? handle(static_cast<const wrt_image *>(nullptr)) : nullptr;
    fill<wrt_image_info>(WRT_ERR_INVALID_HANDLE, [&](wrt_image_info *out) { return wrt_image_get_info(none, out); });
  }
  void get_tier_info() {
    const auto tier = static_cast<int32_t>(random_.below(6)) - 1;
    const bool known = tier >= WRT_TIER_DEFAULT && tier <= WRT_TIER_STATIC;
    fill<wrt_tier_info>(known ? WRT_OK : WRT_ERR_INVALID_ARGUMENT,
                        [&](wrt_tier_info *out) { return wrt_tier_get_info(tier, out); });
  }

  /// `want` is what a sound struct gets.
  template <class Struct, class Call>
  void fill(wrt_status want, Call call) {
    Claimed<Struct> block(random_, kUntouched);
    std::vector<uint8_t> wanted = block.copy();
    const bool sound = block.size() >= 4 && block.size() <= kMostStructSize;
    if (want == WRT_OK && !sound) want = WRT_ERR_INVALID_ARGUMENT;
    if (want == WRT_OK) {
      Struct full{};
      full.struct_size = sizeof full;
      require_status(WRT_OK, call(&full), "get");
      const uint32_t filled = std::min<uint32_t>(block.size(), sizeof full);
      full.struct_size = filled;
      std::fill(wanted.begin(), wanted.end(), uint8_t{0});
      std::memcpy(wanted.data(), &full, filled);
    }
    require_status(want, call(block.get()), "get (any size)");
    require(block.copy() == wanted, "an out-struct was filled in wrongly");
  }

  Random random_;
  checked_heap heap_{};
  std::vector<uint8_t> storage_;
  std::string name_;
  wrt_pool *pool_ = nullptr;
  wrt_budget *budget_ = nullptr;
  wrt_mem *mem_ = nullptr;
  model::Pool pool_model_{};
  model::Pool builtin_model_{};
  model::Budget budget_model_{};
};

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t n) {
  Structs(input, n).run();
  return 0;
}
