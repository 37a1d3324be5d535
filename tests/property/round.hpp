// SPDX-License-Identifier: Apache-2.0 OR MIT
// Call sequences through all tiers and a model at once: the same code and the same bytes at every step. What is called
// is drawn from a Random: from a seed, or from the bytes that a fuzzer chooses.
#ifndef WRTMEM_TESTS_PROPERTY_ROUND_HPP
#define WRTMEM_TESTS_PROPERTY_ROUND_HPP

#include <cstdio>
#include <cstdlib>
#ifdef __unix__
#include <unistd.h>
#endif

#include "random.hpp"
#include "world.hpp"

namespace {  // each program includes this once

constexpr uint64_t kMuch = uint64_t{1} << 20;  // no ordinary memory becomes longer than this
constexpr size_t kBufferLen = kMuch + 64;
constexpr uint8_t kUntouched = 0xC3;

template <class T>
T *bad_pointer(uint64_t value) {
  return reinterpret_cast<T *>(static_cast<uintptr_t>(value));
}

struct Call {
  const char *name;
  int32_t tier;
  size_t slot;
  uint64_t a;
  uint64_t b;
  uint64_t c;
  wrt_status want;
  wrt_status got;
};

void print(const Call &call) {
  std::fprintf(stderr, "  %-6s %-22s slot %zu, 0x%llx, 0x%llx, 0x%llx: want %s, got %s\n", wrt_tier_name(call.tier),
               call.name, call.slot, static_cast<unsigned long long>(call.a), static_cast<unsigned long long>(call.b),
               static_cast<unsigned long long>(call.c), wrt_status_name(call.want), wrt_status_name(call.got));
}

/// How a round is played.
struct Rules {
  explicit Rules(const Random &drawn) : random(drawn) {}

  Random random;
  bool wide = false;         // one tier, memories that cross 2^32
  bool small = false;        // short memories, so that many rounds are played
  bool trace = false;        // every call is printed
  std::string to_see_again;  // what a failure says of that
};

/// One round: fresh lanes, random calls, everything given back.
class Round {
 public:
  explicit Round(const Rules &rules)
      : random_(rules.random),
        wide_(rules.wide),
        small_(rules.small),
        trace_(rules.trace),
        to_see_again_(rules.to_see_again) {
    for (int32_t tier : {WRT_TIER_STD, WRT_TIER_ALLOC, WRT_TIER_STATIC}) {
      if ((wide_ && tier != WRT_TIER_STD) || !is_there(tier)) continue;
      lanes_.push_back(std::make_unique<Lane>());
      open_lane(*lanes_.back(), tier);
    }
  }

  uint64_t run(uint64_t calls) {
    if (wide_) create_wide();
    while (calls_ < calls && !random_.at_end()) {
      slot_ = random_.below(kSlots);
      bad_step_ = random_.one_in(40);
      step();
      compare_all(slot_);
    }
    close_all();
    return calls_;
  }

 private:
  // ---- answers

  [[noreturn]] void fail(const char *what) {
    std::fprintf(stderr, "FAILED: %s\nThe last calls of the round, the last one last:\n", what);
    const size_t shown = std::min<size_t>(history_.size(), 25);
    for (size_t i = history_.size() - shown; i < history_.size(); i++) print(history_[i]);
    if (!to_see_again_.empty()) std::fprintf(stderr, "To see it again: %s\n", to_see_again_.c_str());
    std::exit(1);
  }
  void require(bool so, const char *what) {
    if (!so) fail(what);
  }
  void answer(const Lane &lane, const char *name, wrt_status want, wrt_status got, uint64_t a = 0, uint64_t b = 0,
              uint64_t c = 0) {
    calls_++;
    const Call call{name, lane.tier, slot_, a, b, c, want, got};
    history_.push_back(call);
    if (trace_) print(call);
    require(want == got, "another code than the model's");
    codes_.push_back(got);
  }

  // The same step on every lane; then the codes must agree wherever the lanes are in the same state.
  template <class Step>
  void each_lane(bool comparable, Step step_on) {
    std::vector<wrt_status> all;
    for (auto &lane : lanes_) {
      codes_.clear();
      step_on(*lane);
      // A pool may be full where another tier has room.
      const bool full = lane->tier == WRT_TIER_STATIC && !codes_.empty() && codes_.front() == WRT_ERR_POOL_EXHAUSTED;
      if (!codes_.empty() && !full) all.push_back(codes_.front());
    }
    if (!comparable) return;
    for (wrt_status code : all) require(code == all.front(), "the tiers answer differently");
  }

  LiveMemory *live(Lane &lane, size_t slot) { return bad_step_ ? nullptr : lane.memories[slot].get(); }

  // A handle for a step: the live one, or something that is none.
  wrt_mem *handle(Lane &lane, size_t slot) {
    if (LiveMemory *memory = live(lane, slot)) return memory->handle;
    switch (random_.below(6)) {
      case 0:
        return nullptr;
      case 1:
        return bad_pointer<wrt_mem>(UINT64_MAX);
      case 2:
        return bad_pointer<wrt_mem>(random_.word());
      case 3:
        return lane.stale.empty() ? bad_pointer<wrt_mem>(1) : lane.stale[random_.below(lane.stale.size())];
      case 4:
        return near_live(lane);
      default:
        return lane.budgets[0] ? reinterpret_cast<wrt_mem *>(lane.budgets[0]->handle) : bad_pointer<wrt_mem>(64);
    }
  }
  // A neighbour of a live handle, a bit away from it, unless that is live too.
  wrt_mem *near_live(Lane &lane) {
    const auto &memory = lane.memories[random_.below(kSlots)];
    if (!memory) return nullptr;
    const uint64_t token = reinterpret_cast<uintptr_t>(memory->handle) ^ (uint64_t{1} << random_.below(64));
    wrt_mem *neighbour = bad_pointer<wrt_mem>(token);
    for (auto &other : lanes_) {
      for (auto &theirs : other->memories) {
        if (theirs && theirs->handle == neighbour) return nullptr;
      }
    }
    return neighbour;
  }

  uint64_t longest(size_t slot) {
    uint64_t len = 0;
    for (auto &lane : lanes_) {
      if (lane->memories[slot]) len = std::max(len, lane->memories[slot]->model.len);
    }
    return len;
  }
  uint64_t greatest_max(size_t slot) {
    uint64_t max_len = 0;
    for (auto &lane : lanes_) {
      if (lane->memories[slot]) max_len = std::max(max_len, lane->memories[slot]->model.max_len);
    }
    return max_len;
  }
  Random::Range range(size_t slot) {
    const uint64_t len = longest(slot);
    Random::Range drawn = random_.range(len, greatest_max(slot));
    if (drawn.offset <= len && drawn.n <= len && drawn.n > kMuch) drawn.n %= kMuch;
    drawn.n = static_cast<size_t>(drawn.n);
    return drawn;
  }
  bool comparable(size_t slot) {
    if (bad_step_ || lopsided_[slot]) return false;
    const auto &memory = lanes_.front()->memories[slot];
    return !(lopsided_budgets_ && memory && memory->model.budget != nullptr);
  }

  // ---- bytes

  std::vector<uint8_t> &random_bytes(size_t n) {
    source_.resize(n);
    for (size_t i = 0; i < n; i += 8) {
      const uint64_t word = random_.noise();
      std::memcpy(source_.data() + i, &word, std::min<size_t>(8, n - i));
    }
    return source_;
  }

  void same_bytes(LiveMemory &memory, const uint8_t *seen, uint64_t offset, size_t n) {
    expected_.resize(n);
    memory.model.bytes.get(offset, expected_.data(), n);
    require(n == 0 || std::memcmp(seen, expected_.data(), n) == 0, "other bytes than the model's");
  }

  // Tracked memories are looked at through their views where they have one, so that what is counted stays what the
  // steps did.
  void compare(Lane &lane, LiveMemory &memory, uint64_t offset, size_t n) {
    model::Memory &model = memory.model;
    if (model.tracked() && memory.view != nullptr) {
      same_bytes(memory, memory.view->base + offset, offset, n);
      return;
    }
    buffer_.resize(n);
    answer(lane, "read (to compare)", model.read(offset, n), wrt_mem_read(memory.handle, offset, buffer_.data(), n),
           offset, n);
    same_bytes(memory, buffer_.data(), offset, n);
  }

  void compare_all(size_t slot) {
    for (auto &lane : lanes_) {
      LiveMemory *memory = lane->memories[slot].get();
      if (memory == nullptr) continue;
      model::Memory &model = memory->model;
      if (memory->view != nullptr) {
        require(memory->view->len == model.len && memory->view->base != nullptr, "the view is not current");
        const bool moved = memory->fixed_base != nullptr && memory->view->base != memory->fixed_base;
        require(!moved, "a base that cannot move has moved");
      }
      if (model.len <= 65536 || (model.len <= kMuch && random_.one_in(16))) {
        compare(*lane, *memory, 0, static_cast<size_t>(model.len));
      } else {
        const Random::Range part = random_.inside(model.len);
        compare(*lane, *memory, part.offset, static_cast<size_t>(part.n));
      }
    }
  }

  // ---- life

  wrt_tier_info tier_info(int32_t tier) {
    wrt_tier_info info{};
    info.struct_size = sizeof info;
    require(wrt_tier_get_info(tier, &info) == WRT_OK, "no such tier");
    return info;
  }
  // A build for no operating system has no STD; the two others are always there.
  bool is_there(int32_t tier) {
    const bool there = tier_info(tier).available != 0;
    require(there || tier == WRT_TIER_STD, "the tier is not there");
    return there;
  }

  void open_lane(Lane &lane, int32_t tier) {
    lane.tier = tier;
    const wrt_tier_info info = tier_info(tier);
    lane.tier_max = info.max_len;
    lane.has_malloc = tier != WRT_TIER_ALLOC || (info.features & WRT_FEATURE_BUILTIN) != 0;
    heap_open(&lane.heap);
    if (tier == WRT_TIER_STATIC) open_pool(lane);
  }

  void open_pool(Lane &lane) {
    const size_t slot_len = small_ ? kPoolSlotLen / 4 : kPoolSlotLen;
    const size_t slots = 1 + random_.below(kPoolSlots);
    const size_t shift = random_.below(128);
    size_t needed = 0;
    require(wrt_pool_storage_len(slot_len, slots, &needed) == WRT_OK, "no pool can be that large");
    lane.storage.assign(needed + 128, 0xEE);
    answer(lane, "pool_create", WRT_OK, wrt_pool_create(lane.storage.data() + shift, needed, slot_len, &lane.pool),
           slots);
    lane.pool_model = {slot_len, slots};
  }

  struct Wish {
    model::Order order;
    int malformed = 0;  // how
    bool by_default = false;
    bool builtin = false;
    bool short_form = false;
    size_t budget = kBudgets;  // which; kBudgets: none
    bool bad_pool = false;
    bool foreign_pool = false;       // given where there is no use for it
    bool foreign_allocator = false;  // the same
    bool c_allocator = false;
    bool has_name = false;
    bool out_is_null = false;
    bool long_struct = false;
    size_t image = kImages;  // which; kImages: none
  };

  Wish ordinary_wish() {
    Wish wish;
    model::Order &order = wish.order;
    order.page_len = random_.of<uint64_t>({0, 1, 1, 16, 4096, 65536, 65536, 65536});
    const uint64_t longest = small_ ? 20000 : 200000;
    const uint64_t pages =
        order.page_len == 65536 ? random_.up_to(small_ ? 1 : 4) : random_.below(longest) / order.page();
    order.max_len = pages * order.page();
    order.initial_len = random_.up_to(pages) * order.page();
    if (random_.one_in(3)) order.initial_len = 0;
    if (random_.one_in(12)) order.max_len = order.initial_len = 0;
    order.flags = static_cast<uint32_t>(random_.below(256)) & model::kOfferedFlags & ~uint32_t{WRT_MEM_SHARED};
    if (random_.one_in(8)) order.flags |= WRT_MEM_SHARED & model::kOfferedFlags;
    if (wide_) order.flags &= ~uint32_t{WRT_MEM_COMMIT | WRT_MEM_HUGE};
    if (random_.one_in(24)) order.flags |= WRT_MEM_GUARD;  // on STD alone, so that the lanes part
    order.verify = any_level();
    order.name = random_.of<const char *>({"", "guest", "a name that is quite a bit longer than 31 bytes"});
    wish.has_name = random_.one_in(2);
    wish.by_default = random_.one_in(4);
    wish.builtin = random_.one_in(4);
    wish.c_allocator = random_.one_in(4);
    wish.long_struct = random_.one_in(8);
    if (random_.one_in(2)) wish.budget = random_.below(kBudgets);
    wish.short_form = random_.one_in(10);
    if (wish.short_form) wish.budget = kBudgets;
    if (!wish.short_form && random_.one_in(3)) wish_for_image(wish);
    return wish;
  }

  // Mostly as the image is, and mostly one that is there.
  void wish_for_image(Wish &wish) {
    wish.image = random_.below(kImages);
    const auto &there = lanes_.front()->images[wish.image];
    if (!there && !random_.one_in(8)) wish.image = kImages;
    if (wish.image == kImages) return;
    model::Order &order = wish.order;
    order.image_given = true;
    order.initial_len = there && random_.one_in(3) ? there->model->len : 0;
    if (random_.one_in(2)) order.page_len = 0;
    if (random_.one_in(2)) order.max_len = 0;
  }

  // Half of them below STANDARD. Check values of all of a wide memory would take it all.
  int32_t any_level() {
    if (wide_) return static_cast<int32_t>(random_.below(3));
    return static_cast<int32_t>(random_.one_in(2) ? random_.below(3) : random_.below(WRT_VERIFY_REDUNDANT + 1));
  }

  void make_odd(Wish &wish) {
    model::Order &order = wish.order;
    switch (random_.below(16)) {
      case 0:
        order.initial_len = random_.near_edge(order.max_len, order.initial_len);
        break;
      case 1:
      case 2:
        order.max_len = random_.near_edge(order.max_len, order.initial_len);
        break;
      case 3:
        order.page_len = random_.of<uint64_t>({3, 65537, UINT64_MAX, uint64_t{1} << 63, 24});
        break;
      case 4:
        order.flags = static_cast<uint32_t>(random_.word()) & random_.of<uint32_t>({0xff, 0x7f, 0xffffffff});
        break;
      case 5:
        order.verify = random_.of<int32_t>({-1, 7, INT32_MAX, INT32_MIN});
        break;
      case 6:
        order.tier = random_.of<int32_t>({-1, 4, INT32_MAX, INT32_MIN});
        break;
      case 7:
      case 8:
        order.reserve_len = random_.near_edge(order.max_len, order.initial_len);
        break;
      case 9:
        order.guard_len = random_.word();
        if (random_.one_in(2)) order.flags |= WRT_MEM_GUARD;
        break;
      case 10:
        wish.foreign_pool = true;
        break;
      case 11:
        wish.foreign_allocator = true;
        break;
      case 12:
        wish.bad_pool = true;
        break;
      case 13:
        order.image_given = true;
        break;
      case 14:
        wish.out_is_null = true;
        break;
      default:
        wish.malformed = 1 + static_cast<int>(random_.below(7));
        break;
    }
  }

  // What would be valid but take all memory, or all addresses, of the machine is not asked for.
  static void spare_the_machine(model::Order &order) {
    if (order.image_given && order.max_len == 0) order.flags &= ~model::kHoldsMax;
    const bool within = order.initial_len <= order.resolved_max();
    if (order.initial_len > kMuch && (within || !order.max_stated())) order.initial_len = 0;
    const bool default_is_all = sizeof(void *) < 8 && !order.max_stated();
    if (order.max_len > kMuch || default_is_all) order.flags &= ~model::kHoldsMax;
    if (order.max_len > kMuch) order.flags &= ~uint32_t{WRT_MEM_COMMIT};
  }

  void create(size_t slot) {
    Wish wish = ordinary_wish();
    if (random_.one_in(5)) make_odd(wish);
    spare_the_machine(wish.order);
    bool fresh = true;
    for (auto &lane : lanes_) fresh = fresh && !lane->memories[slot];
    for (auto &lane : lanes_) {
      if (!lane->memories[slot]) create_on(*lane, slot, wish);
    }
    lopsided_[slot] = lopsided_[slot] && !fresh;
    for (auto &lane : lanes_) {
      const auto &first = lanes_.front()->memories[slot];
      const auto &own = lane->memories[slot];
      if ((own != nullptr) != (first != nullptr)) lopsided_[slot] = true;
      if (own && first && own->model.max_len != first->model.max_len) lopsided_[slot] = true;
    }
    if (wish.image != kImages && lopsided_images_[wish.image]) lopsided_[slot] = true;
    if (wish.budget == kBudgets) return;
    if (lopsided_budgets_) lopsided_[slot] = true;
    if (lopsided_[slot]) lopsided_budgets_ = true;
  }

  void create_on(Lane &lane, size_t slot, const Wish &wish) {
    model::Order order = wish.order;
    if (order.tier == WRT_TIER_DEFAULT) order.tier = lane.tier;
    order.tier_max = lane.tier_max;
    order.has_malloc = lane.has_malloc;
#ifdef __unix__
    order.os_page_len = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
#endif
    order.malformed = wish.malformed != 0;
    if (!wish.has_name) order.name.clear();

    struct {
      wrt_mem_config config;
      uint8_t tail[64];
    } given = {WRT_MEM_CONFIG_INIT, {0}};
    wrt_mem_config &config = given.config;
    config.tier = order.tier;
    config.initial_len = order.initial_len;
    config.max_len = order.max_len;
    config.page_len = order.page_len;
    config.flags = order.flags;
    config.verify = order.verify;
    config.reserve_len = order.reserve_len;
    config.guard_len = order.guard_len;
    if (wish.has_name) config.name = wish.order.name.c_str();
    if (wish.long_struct) config.struct_size = sizeof given;

    wrt_allocator allocator =
        random_.one_in(2) ? heap_allocator(&lane.heap) : heap_allocator_without_reallocate(&lane.heap);
    if ((lane.tier == WRT_TIER_ALLOC && !wish.c_allocator) || wish.foreign_allocator) {
      config.allocator = &allocator;
      order.allocator_given = true;
    }
    if (lane.tier == WRT_TIER_STATIC) {
      order.pool = wish.builtin ? &lane.builtin : &lane.pool_model;
      order.pool_given = !wish.builtin;
      if (!wish.builtin) config.pool = lane.pool;
    }
    if (wish.foreign_pool || wish.bad_pool) {
      order.pool_given = true;
      order.pool = nullptr;
      config.pool = bad_pointer<wrt_pool>(random_.word() | 1);
    }
    if (wish.budget != kBudgets) {
      order.budget_given = true;
      order.budget = lane.budget_model(wish.budget);
      config.budget = order.budget != nullptr ? lane.budgets[wish.budget]->handle : stale_budget(lane);
    }
    if (order.image_given) {
      LiveImage *image = wish.image != kImages ? lane.images[wish.image].get() : nullptr;
      if (image != nullptr) order.image = image->model;
      config.image = image != nullptr ? image->handle : stale_image(lane);
    }
    const bool implied = lane.tier == WRT_TIER_STD || (lane.tier == WRT_TIER_ALLOC && order.allocator_given) ||
                         (lane.tier == WRT_TIER_STATIC && order.pool_given);
    const bool foreign = wish.foreign_pool || wish.foreign_allocator || wish.bad_pool;
    if (wish.by_default && implied && !foreign && order.tier == lane.tier) config.tier = WRT_TIER_DEFAULT;
    spoil(config, given.tail, allocator, wish.malformed, lane);

    auto memory = std::make_unique<LiveMemory>();
    wrt_mem *const untouched = bad_pointer<wrt_mem>(0x5e5e5e5e);
    wrt_mem *out = untouched;
    wrt_status want = WRT_ERR_INVALID_ARGUMENT;
    wrt_status got = WRT_OK;
    if (wish.short_form) {
      model::Order plain;
      plain.tier = order.tier;
      plain.initial_len = order.initial_len;
      plain.max_len = order.max_len;
      plain.tier_max = order.tier_max;
      plain.has_malloc = order.has_malloc;
      if (lane.tier == WRT_TIER_STATIC) plain.pool = &lane.builtin;
      if (!wish.out_is_null) want = model::Memory::create(plain, memory->model);
      got = wrt_mem_create(order.tier, order.initial_len, order.max_len, wish.out_is_null ? nullptr : &out);
    } else {
      if (!wish.out_is_null) want = model::Memory::create(order, memory->model);
      got = wrt_mem_create_config(&config, wish.out_is_null ? nullptr : &out);
    }
    answer(lane, "create", want, got, order.initial_len, order.max_len, order.page_len);
    if (got != WRT_OK) {
      require(out == untouched, "a failed creation wrote its out-pointer");
      return;
    }
    require(out != nullptr && out != bad_pointer<wrt_mem>(UINT64_MAX), "a handle that is 0 or all ones");
    memory->handle = out;
    lane.memories[slot] = std::move(memory);
  }

  void spoil(wrt_mem_config &config, uint8_t *tail, wrt_allocator &allocator, int how, Lane &lane) {
    switch (how) {
      case 0:
        break;
      case 1:
        config.struct_size = static_cast<uint32_t>(random_.below(sizeof(wrt_mem_config)));
        break;
      case 2:
        config.struct_size = sizeof config + 8 + static_cast<uint32_t>(random_.below(48));
        tail[random_.below(8)] = 1;
        break;
      case 3:
        config.reserved0 = 1;
        break;
      case 4:
        config.reserved1 = tail;
        break;
      default:
        if (lane.tier != WRT_TIER_ALLOC) {
          config.struct_size = 65537;
          break;
        }
        config.allocator = &allocator;
        if (how == 5) allocator.allocate = nullptr;
        if (how == 6) allocator.deallocate = nullptr;
        if (how == 7) allocator.flags = 1;
        break;
    }
  }

  wrt_image *stale_image(Lane &lane) {
    if (lane.stale_images.empty()) return bad_pointer<wrt_image>(random_.word() | 1);
    return lane.stale_images[random_.below(lane.stale_images.size())];
  }

  // ---- images

  void drop_image(Lane &lane, size_t index) {
    wrt_image *const handle = lane.images[index]->handle;
    answer(lane, "image_destroy", WRT_OK, wrt_image_destroy(handle), index);
    answer(lane, "image_destroy (again)", WRT_ERR_INVALID_HANDLE, wrt_image_destroy(handle));
    if (lane.stale_images.size() == 16) lane.stale_images.erase(lane.stale_images.begin());
    lane.stale_images.push_back(handle);
    lane.images[index].reset();
  }

  void freeze(size_t slot) {
    if (wide_) return;
    const size_t index = random_.below(kImages);
    const bool null = random_.one_in(16);
    size_t fresh = 0;
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      wrt_image *const untouched = bad_pointer<wrt_image>(77);
      wrt_image *out = untouched;
      auto made = std::make_unique<LiveImage>();
      wrt_status want = WRT_ERR_INVALID_HANDLE;
      if (memory != nullptr) want = null ? wrt_status{WRT_ERR_INVALID_ARGUMENT} : memory->model.freeze(made->model);
      const wrt_status got = wrt_image_create(handle(lane, slot), null ? nullptr : &out);
      answer(lane, "image_create", want, got, index);
      require((got == WRT_OK) == (out != untouched), "the out-pointer and the code disagree");
      if (got != WRT_OK) return;
      fresh++;
      made->handle = out;
      if (lane.images[index]) drop_image(lane, index);
      lane.images[index] = std::move(made);
    });
    if (fresh != 0) lopsided_images_[index] = lopsided_[slot] || fresh != lanes_.size();
  }

  void look_at_image(Lane &lane, LiveImage &image) {
    wrt_image_info out{};
    out.struct_size = sizeof out;
    answer(lane, "image_get_info", WRT_OK, wrt_image_get_info(image.handle, &out));
    const bool right = out.len == image.model->len && out.max_len == image.model->max_len &&
                       out.page_len == image.model->page_len && out.stored == image.model->stored();
    require(right, "an image's numbers are not the model's");
    other_sizes(lane, out, [&](wrt_image_info *other) { return wrt_image_get_info(image.handle, other); });
  }

  struct Stream {
    std::vector<uint8_t> bytes;
    size_t at = 0;
    size_t most = 0;  // of one call
  };
  static size_t put(void *context, const void *data, size_t n) {
    auto &stream = *static_cast<Stream *>(context);
    const auto *from = static_cast<const uint8_t *>(data);
    const size_t len = stream.bytes.size();
    stream.bytes.resize(len + n);
    std::memcpy(stream.bytes.data() + len, from, n);
    return n;
  }
  static size_t get(void *context, void *data, size_t n) {
    auto &stream = *static_cast<Stream *>(context);
    const size_t given = std::min(std::min(n, stream.most), stream.bytes.size() - stream.at);
    if (given != 0) std::memcpy(data, stream.bytes.data() + stream.at, given);
    stream.at += given;
    return given;
  }

  // Saved, and loaded again: on its own tier, with another level and another maximum perhaps, or cut short or flipped.
  void save_and_load() {
    if (wide_) return;
    const size_t index = random_.below(kImages);
    const int how = static_cast<int>(random_.below(4));
    const int32_t level = any_level();
    const uint64_t most = random_.one_in(2) ? kMuch : random_.below(300000);
    const uint64_t place = random_.noise();
    const uint64_t pieces = random_.one_in(2) ? 1 + random_.below(100) : 1000000;
    std::vector<uint8_t> first;
    for (auto &lane : lanes_) {
      LiveImage *image = lane->images[index].get();
      if (image == nullptr) {
        answer(*lane, "image_save", WRT_ERR_INVALID_HANDLE, wrt_image_save(stale_image(*lane), put, nullptr));
        continue;
      }
      look_at_image(*lane, *image);
      Stream stream;
      answer(*lane, "image_save", WRT_OK, wrt_image_save(image->handle, put, &stream));
      if (first.empty()) first = stream.bytes;
      require(lopsided_images_[index] || stream.bytes == first, "the tiers save differently");
      stream.most = static_cast<size_t>(pieces);
      load_again(*lane, index, stream, how, level, most, place);
    }
    for (auto &lane : lanes_) {
      const auto &own = lane->images[index];
      const auto &theirs = lanes_.front()->images[index];
      if ((own != nullptr) != (theirs != nullptr)) lopsided_images_[index] = true;
      // Where the pool was full the old one stays, which had another maximum.
      if (own && theirs && own->model->max_len != theirs->model->max_len) lopsided_images_[index] = true;
    }
  }

  void load_again(Lane &lane, size_t index, Stream &stream, int how, int32_t level, uint64_t most, uint64_t place) {
    const size_t whole = stream.bytes.size();
    if (how == 2) stream.bytes.resize(static_cast<size_t>(place % whole));
    if (how == 3) stream.bytes[static_cast<size_t>(place % whole)] ^= static_cast<uint8_t>(1 + (place >> 40) % 255);
    if (how < 2) stream.bytes.resize(whole + 100);
    wrt_mem_config where = WRT_MEM_CONFIG_INIT;
    where.tier = lane.tier;
    where.max_len = most;
    where.flags = WRT_MEM_EXACT_MAX;
    where.verify = level;
    wrt_allocator allocator = heap_allocator(&lane.heap);
    if (lane.tier == WRT_TIER_ALLOC) where.allocator = &allocator;
    if (lane.tier == WRT_TIER_STATIC) where.pool = lane.pool;
    const model::Image &was = *lane.images[index]->model;
    const bool too_long = lane.tier == WRT_TIER_STATIC && most > lane.pool_model.slot_len;
    wrt_status want = too_long ? WRT_ERR_LIMIT : WRT_OK;
    const bool header_bad = (how == 2 && stream.bytes.size() < 48) || (how == 3 && place % whole < 48);
    if (want == WRT_OK && header_bad) want = WRT_ERR_FORMAT;
    if (want == WRT_OK && was.len > most) want = WRT_ERR_LIMIT;
    auto made = model::ImageRef::make();
    if (want == WRT_OK && lane.tier == WRT_TIER_STATIC) {
      want = lane.pool_model.claim(model::Memory::slots(level));
      if (want == WRT_OK) {
        made->pool = &lane.pool_model;
        made->slots = model::Memory::slots(level);
      }
    }
    if (want == WRT_OK && how >= 2) want = WRT_ERR_FORMAT;
    wrt_image *const untouched = bad_pointer<wrt_image>(77);
    wrt_image *out = untouched;
    const wrt_status got = wrt_image_load(&where, get, &stream, &out);
    answer(lane, "image_load", want, got, most, static_cast<uint64_t>(how));
    require((got == WRT_OK) == (out != untouched), "the out-pointer and the code disagree");
    if (got != WRT_OK) return;
    require(stream.at == whole, "more or less was read than the image");
    made->bytes = was.bytes;
    made->len = was.len;
    made->page_len = was.page_len;
    made->max_len = std::min(was.max_len, most) / was.page_len * was.page_len;
    drop_image(lane, index);
    lane.images[index] = std::make_unique<LiveImage>();
    lane.images[index]->handle = out;
    lane.images[index]->model = made;
    look_at_image(lane, *lane.images[index]);
  }

  wrt_budget *stale_budget(Lane &lane) {
    if (lane.stale_budgets.empty()) return bad_pointer<wrt_budget>(random_.word() | 1);
    return lane.stale_budgets[random_.below(lane.stale_budgets.size())];
  }

  // A memory that crosses 2^32.
  void create_wide() {
    for (slot_ = 0; slot_ < kSlots; slot_++) {
      Lane &lane = *lanes_.front();
      auto memory = std::make_unique<LiveMemory>();
      model::Order order;
      order.tier = WRT_TIER_STD;
      order.max_len = (uint64_t{1} << 32) + 16 * 65536;
      order.initial_len = (uint64_t{1} << 32) + 65536 * random_.below(3);
      order.page_len = slot_ % 2 == 0 ? 65536 : 1;
      order.flags = slot_ % 3 == 0 ? WRT_MEM_TRACK : 0;
      order.tier_max = lane.tier_max;
      wrt_mem_config config = WRT_MEM_CONFIG_INIT;
      config.tier = order.tier;
      config.max_len = order.max_len;
      config.initial_len = order.initial_len;
      config.page_len = order.page_len;
      config.flags = order.flags;
      if (slot_ == 1) config.reserve_len = order.initial_len;  // then growth moves it
      order.reserve_len = config.reserve_len;
      answer(lane, "create", model::Memory::create(order, memory->model),
             wrt_mem_create_config(&config, &memory->handle), order.initial_len, order.max_len);
      lane.memories[slot_] = std::move(memory);
    }
  }

  void clone(size_t slot) {
    const size_t into = random_.below(kSlots);
    const bool null = random_.one_in(32);
    each_lane(false, [&](Lane &lane) {
      if (lane.memories[into] || wide_) return;
      LiveMemory *memory = live(lane, slot);
      auto made = std::make_unique<LiveMemory>();
      wrt_mem *const untouched = bad_pointer<wrt_mem>(0x5e5e5e5e);
      wrt_mem *out = untouched;
      wrt_status want = WRT_ERR_INVALID_HANDLE;
      if (memory != nullptr) want = null ? wrt_status{WRT_ERR_INVALID_ARGUMENT} : memory->model.clone(made->model);
      const wrt_status got = wrt_mem_clone(handle(lane, slot), null ? nullptr : &out);
      answer(lane, "clone", want, got, into);
      require((got == WRT_OK) == (out != untouched), "the out-pointer and the code disagree");
      if (got != WRT_OK) return;
      made->handle = out;
      lane.memories[into] = std::move(made);
    });
    bool all_there = !lopsided_[slot];
    for (auto &lane : lanes_) all_there = all_there && lane->memories[into] && lane->memories[slot];
    lopsided_[into] = !all_there || (lanes_.front()->memories[into] && lopsided_[into]);
    for (auto &lane : lanes_) {
      if (!all_there && lane->memories[into] && lane->memories[into]->model.budget != nullptr) lopsided_budgets_ = true;
    }
    compare_all(into);
  }

  void destroy(size_t slot) {
    if (wide_) return;
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      wrt_mem *const given = handle(lane, slot);
      wrt_status want = given == nullptr ? WRT_OK : WRT_ERR_INVALID_HANDLE;
      if (memory != nullptr) want = memory->model.destroy();
      answer(lane, "destroy", want, wrt_mem_destroy(given));
      if (memory == nullptr || want != WRT_OK) return;
      if (lane.stale.size() == 32) lane.stale.erase(lane.stale.begin());
      lane.stale.push_back(memory->handle);
      answer(lane, "destroy (again)", WRT_ERR_INVALID_HANDLE, wrt_mem_destroy(memory->handle));
      lane.memories[slot].reset();
    });
  }

  void reset(size_t slot) {
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      const wrt_status want = memory != nullptr ? memory->model.reset() : wrt_status{WRT_ERR_INVALID_HANDLE};
      answer(lane, "reset", want, wrt_mem_reset(handle(lane, slot)));
    });
  }

  // ---- access

  void length(size_t slot) {
    const bool null = random_.one_in(16);
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      uint64_t out = 77;
      wrt_status want = WRT_ERR_INVALID_HANDLE;
      if (memory != nullptr) want = null ? WRT_ERR_INVALID_ARGUMENT : WRT_OK;
      answer(lane, "len", want, wrt_mem_len(handle(lane, slot), null ? nullptr : &out));
      require(out == (want == WRT_OK ? memory->model.len : 77), "another length than the model's");
    });
  }

  void check(size_t slot) {
    const Random::Range r = range(slot);
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      const wrt_status want = memory ? memory->model.check(r.offset, r.n) : wrt_status{WRT_ERR_INVALID_HANDLE};
      answer(lane, "check", want, wrt_mem_check(handle(lane, slot), r.offset, r.n), r.offset, r.n);
    });
  }

  void read(size_t slot) {
    const Random::Range r = range(slot);
    const bool null = random_.one_in(32);
    const auto n = static_cast<size_t>(r.n);
    const size_t room = std::min(n, kBufferLen) + 64;
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      wrt_status want = WRT_ERR_INVALID_HANDLE;
      if (memory != nullptr)
        want = null && n != 0 ? wrt_status{WRT_ERR_INVALID_ARGUMENT} : memory->model.read(r.offset, n);
      std::vector<uint8_t> seen(room, kUntouched);
      std::vector<uint8_t> wanted(room, kUntouched);
      if (want == WRT_OK && !null) memory->model.bytes.get(r.offset, wanted.data(), n);
      answer(lane, "read", want, wrt_mem_read(handle(lane, slot), r.offset, null ? nullptr : seen.data(), n), r.offset,
             n);
      require(seen == wanted, "a read gave other bytes, or wrote past what it was asked for");
    });
  }

  void write(size_t slot) {
    const Random::Range r = range(slot);
    const bool null = random_.one_in(32);
    const auto n = static_cast<size_t>(r.n);
    const std::vector<uint8_t> &source = random_bytes(std::min(n, kBufferLen) + 1);
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      wrt_status want = WRT_ERR_INVALID_HANDLE;
      if (memory != nullptr && null && n != 0) want = WRT_ERR_INVALID_ARGUMENT;
      if (memory != nullptr && !(null && n != 0)) want = memory->model.write(r.offset, source.data(), n);
      answer(lane, "write", want, wrt_mem_write(handle(lane, slot), r.offset, null ? nullptr : source.data(), n),
             r.offset, n);
      around(lane, memory, r.offset, r.n, want);
    });
  }

  void fill(size_t slot) {
    const Random::Range r = range(slot);
    const auto value = static_cast<uint8_t>(random_.one_in(3) ? 0 : random_.word());
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      const wrt_status want = memory ? memory->model.fill(r.offset, value, r.n) : wrt_status{WRT_ERR_INVALID_HANDLE};
      answer(lane, "fill", want, wrt_mem_fill(handle(lane, slot), r.offset, value, r.n), r.offset, r.n, value);
      around(lane, memory, r.offset, r.n, want);
    });
  }

  void discard(size_t slot) {
    const Random::Range r = range(slot);
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      const wrt_status want = memory ? memory->model.discard(r.offset, r.n) : wrt_status{WRT_ERR_INVALID_HANDLE};
      answer(lane, "discard", want, wrt_mem_discard(handle(lane, slot), r.offset, r.n), r.offset, r.n);
      around(lane, memory, r.offset, r.n, want);
    });
  }

  // Of a long memory not all is compared at every step, but always what the step changed and what is next to it.
  void around(Lane &lane, LiveMemory *memory, uint64_t offset, uint64_t n, wrt_status status) {
    if (memory == nullptr || status != WRT_OK || memory->model.len <= 65536) return;
    const uint64_t from = offset > 64 ? offset - 64 : 0;
    const uint64_t to = std::min(memory->model.len, offset + n + 64);
    compare(lane, *memory, from, static_cast<size_t>(to - from));
  }

  // Between memories, and between tiers: on every lane from the lane that is `turn` further on.
  void copy(size_t slot) {
    const size_t from_slot = random_.one_in(2) ? slot : random_.below(kSlots);
    const size_t turn = random_.below(lanes_.size());
    const Random::Range to = range(slot);
    const Random::Range from = range(from_slot);
    const uint64_t n = random_.of<uint64_t>({to.n, from.n, std::min(to.n, from.n)});
    for (size_t i = 0; i < lanes_.size(); i++) {
      Lane &lane = *lanes_[i];
      Lane &source_lane = *lanes_[(i + turn) % lanes_.size()];
      LiveMemory *memory = live(lane, slot);
      LiveMemory *source = bad_step_ && random_.one_in(2) ? nullptr : source_lane.memories[from_slot].get();
      wrt_status want = WRT_ERR_INVALID_HANDLE;
      if (memory && source) want = copy_in_model(memory->model, to.offset, source->model, from.offset, n);
      wrt_mem *source_handle = source != nullptr ? source->handle : nullptr;
      answer(lane, "copy", want, wrt_mem_copy(handle(lane, slot), to.offset, source_handle, from.offset, n), to.offset,
             from.offset, n);
      around(lane, memory, to.offset, n, want);
    }
    if (lopsided_[from_slot]) lopsided_[slot] = true;
  }

  // A valid copy of a whole wide memory would move gigabytes: it is not drawn.
  wrt_status copy_in_model(model::Memory &to, uint64_t to_offset, model::Memory &from, uint64_t from_offset,
                           uint64_t n) {
    return to.copy(to_offset, from, from_offset, n);
  }

  void equal(size_t slot) {
    if (wide_) return;
    const size_t other_slot = random_.below(kSlots);
    const size_t turn = random_.below(lanes_.size());
    const bool null = random_.one_in(32);
    for (size_t i = 0; i < lanes_.size(); i++) {
      Lane &lane = *lanes_[i];
      const size_t theirs = random_.one_in(2) ? slot : other_slot;
      LiveMemory *memory = live(lane, slot);
      LiveMemory *other = lanes_[(i + turn) % lanes_.size()]->memories[theirs].get();
      int32_t out = 77;
      int32_t wanted = 77;
      wrt_status want = WRT_ERR_INVALID_HANDLE;
      if (memory != nullptr && other != nullptr) want = null ? WRT_ERR_INVALID_ARGUMENT : WRT_OK;
      if (want == WRT_OK) wanted = memory->model.equal(other->model) ? 1 : 0;
      answer(lane, "equal", want,
             wrt_mem_equal(handle(lane, slot), other ? other->handle : nullptr, null ? nullptr : &out), theirs);
      require(out == wanted, "equal says otherwise than the model");
    }
  }

  // ---- atomics

  void atomic(size_t slot) {
    const bool odd = random_.one_in(16);
    const uint32_t width = odd ? random_.of<uint32_t>({0, 3, 5, 16, UINT32_MAX}) : random_.of<uint32_t>({1, 2, 4, 8});
    Random::Range r = range(slot);
    if (!odd && !random_.one_in(4)) r.offset -= r.offset % width;
    const auto kind = random_.below(5);
    const bool bad_op = random_.one_in(16);
    const int32_t op =
        bad_op ? random_.of<int32_t>({-1, 6, INT32_MAX, INT32_MIN}) : static_cast<int32_t>(random_.below(6));
    const uint64_t operand = random_.word();
    const bool hit = random_.one_in(2);
    const bool null = random_.one_in(32);
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      uint64_t wanted = 77;
      uint64_t out = 77;
      uint64_t *place = null ? nullptr : &out;
      uint32_t woken = 77;
      wrt_status want = memory != nullptr ? WRT_ERR_INVALID_ARGUMENT : WRT_ERR_INVALID_HANDLE;
      const bool sound = memory != nullptr && !odd;
      wrt_mem *mem = handle(lane, slot);
      switch (kind) {
        case 0:
          if (sound && !null) want = memory->model.atomic_load(r.offset, width, wanted);
          answer(lane, "atomic_load", want, wrt_mem_atomic_load(mem, r.offset, width, place), r.offset, width);
          break;
        case 1:
          if (sound) want = memory->model.atomic_store(r.offset, width, operand);
          answer(lane, "atomic_store", want, wrt_mem_atomic_store(mem, r.offset, width, operand), r.offset, width);
          break;
        case 2:
          if (sound && !null && !bad_op) want = memory->model.atomic_rmw(r.offset, width, op, operand, wanted);
          answer(lane, "atomic_rmw", want, wrt_mem_atomic_rmw(mem, r.offset, width, op, operand, place), r.offset,
                 width, static_cast<uint64_t>(op));
          break;
        case 3: {
          uint64_t expected = operand;
          if (hit && memory != nullptr && r.offset < memory->model.len && !odd) {
            uint8_t now[8];  // what is there, with other bits above the width
            memory->model.bytes.get(r.offset, now, width);
            for (uint32_t i = 0; i < width; i++) {
              expected = (expected & ~(uint64_t{0xff} << (8 * i))) | uint64_t{now[i]} << (8 * i);
            }
          }
          if (sound && !null) want = memory->model.atomic_cmpxchg(r.offset, width, expected, ~operand, wanted);
          answer(lane, "atomic_cmpxchg", want, wrt_mem_atomic_cmpxchg(mem, r.offset, width, expected, ~operand, place),
                 r.offset, width);
          break;
        }
        default:
          if (memory != nullptr && !null) want = memory->model.check_atomic(r.offset, 4);
          answer(lane, "notify", want, wrt_mem_notify(mem, r.offset, 1, null ? nullptr : &woken), r.offset);
          require(woken == (want == WRT_OK ? 0U : 77U), "notify on a memory that is not SHARED yields 0");
          break;
      }
      require(out == wanted, "another value than the model's");
      around(lane, memory, r.offset, width, want);
    });
  }

  void wait(size_t slot) {
    const uint32_t width = random_.of<uint32_t>({1, 2, 3, 4, 8, 4, 8, 0});
    const uint64_t offset = random_.of<uint64_t>({0, 8, 1, 65536, UINT64_MAX - 7});
    const bool null = random_.one_in(4);
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      int32_t result = 77;
      const bool sound = (width == 4 || width == 8) && !null;
      const wrt_status dead = WRT_ERR_INVALID_HANDLE;
      int32_t wanted = 77;
      wrt_status want = memory == nullptr ? dead : wrt_status{WRT_ERR_INVALID_ARGUMENT};
      if (memory != nullptr && sound) want = memory->model.wait(offset, width, 0, wanted);
      answer(lane, "wait", want, wrt_mem_wait(handle(lane, slot), offset, width, 0, 0, null ? nullptr : &result),
             width);
      require(result == wanted, "a failed call wrote its out-pointer");
    });
  }

  // ---- length

  uint64_t affordable(size_t slot, uint64_t new_len) {
    const uint64_t most = wide_ ? greatest_max(slot) : kMuch;
    return new_len > most && new_len <= greatest_max(slot) ? new_len % most : new_len;
  }

  uint64_t page_of(size_t slot) {
    for (auto &lane : lanes_) {
      if (lane->memories[slot]) return lane->memories[slot]->model.page_len;
    }
    return 1;
  }

  void resize(size_t slot) {
    const uint64_t page = page_of(slot);
    const uint64_t max_len = greatest_max(slot);
    uint64_t new_len = random_.one_in(4) ? random_.near_edge(longest(slot), max_len) : random_.up_to(max_len);
    if (random_.one_in(8)) new_len = longest(slot);
    if (wide_ && !random_.one_in(8)) new_len = (uint64_t{1} << 32) - 8 * 65536 + random_.below(24 * 65536);
    if (!random_.one_in(10)) new_len = new_len / page * page;
    new_len = affordable(slot, new_len);
    if (!random_.one_in(10)) new_len = new_len / page * page;
    new_len = affordable(slot, new_len);  // rounding may have brought it from beyond the maximum to the maximum
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      const wrt_status want = memory ? memory->model.resize(new_len) : wrt_status{WRT_ERR_INVALID_HANDLE};
      answer(lane, "resize", want, wrt_mem_resize(handle(lane, slot), new_len), new_len);
    });
  }

  void grow(size_t slot) {
    const uint64_t page = page_of(slot);
    uint64_t delta =
        random_.of<uint64_t>({0, 1, 1, 2, random_.below(100), random_.near_edge(1, greatest_max(slot) / page)});
    const uint64_t room = greatest_max(slot) - longest(slot);
    if (!wide_ && delta <= room / page && delta * page > kMuch) delta %= 5;
    const bool null = random_.one_in(32);
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      uint64_t out = 77;
      uint64_t wanted = 77;
      wrt_status want = WRT_ERR_INVALID_HANDLE;
      if (memory != nullptr) want = null ? wrt_status{WRT_ERR_INVALID_ARGUMENT} : memory->model.grow(delta, wanted);
      answer(lane, "grow", want, wrt_mem_grow(handle(lane, slot), delta, null ? nullptr : &out), delta);
      require(out == wanted, "another old length than the model's, or an out-pointer written on failure");
    });
  }

  // ---- no copy

  void see(Lane &lane, LiveMemory &memory) {
    const wrt_view *out = nullptr;
    const wrt_status want = memory.model.view();
    answer(lane, "view", want, wrt_mem_view(memory.handle, &out));
    require((want == WRT_OK) == (out != nullptr), "the out-pointer and the code disagree");
    if (want != WRT_OK) return;
    require(memory.view == nullptr || memory.view == out, "the view is another one than before");
    memory.view = out;
    require(out->len == memory.model.len && out->base != nullptr, "the view is not current");
    require(reinterpret_cast<uintptr_t>(out->base) % (lane.tier == WRT_TIER_STD ? 4096 : 16) == 0,
            "the base is not aligned");
  }

  void view(size_t slot) {
    const bool null = random_.one_in(16);
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      if (memory != nullptr && !null) return see(lane, *memory);
      const wrt_view *out = bad_pointer<const wrt_view>(77);
      const wrt_status want = memory != nullptr ? WRT_ERR_INVALID_ARGUMENT : WRT_ERR_INVALID_HANDLE;
      answer(lane, "view", want, wrt_mem_view(handle(lane, slot), null ? nullptr : &out));
      require(out == bad_pointer<const wrt_view>(77), "a failed call wrote its out-pointer");
    });
  }

  void fault(size_t slot) {
    const uint64_t offset = random_.up_to(longest(slot) + 1);
    for (auto &lane : lanes_) {
      LiveMemory *memory = lane->memories[slot].get();
      wrt_mem *found = nullptr;
      uint64_t at = 77;
      if (memory == nullptr || memory->view == nullptr || offset >= memory->model.len) {
        uint8_t here = 0;
        answer(*lane, "fault_find", WRT_ERR_OUT_OF_BOUNDS, wrt_fault_find(&here, &found, &at));
        require(found == nullptr && at == 77, "a failed call wrote its out-pointer");
        continue;
      }
      answer(*lane, "fault_find", WRT_OK, wrt_fault_find(memory->view->base + offset, &found, &at), offset);
      require(found == memory->handle && at == offset, "an address was found in another memory, or elsewhere in it");
    }
  }

  // Zero-length borrows of one place are all of one kind here, since a release cannot say which it means.
  void borrow(size_t slot) {
    const bool many = random_.one_in(50);
    const auto times = many ? model::kMostBorrows + 6 : 1;
    for (size_t i = 0; i < times; i++) borrow_once(slot, many);
  }

  void borrow_once(size_t slot, bool reading) {
    Random::Range r = range(slot);
    if (reading) r = random_.inside(longest(slot));
    uint32_t access = random_.of<uint32_t>({1, 1, 2, 3, 3});
    if (reading) access = WRT_BORROW_READ;
    if (r.n == 0) access = 1 + static_cast<uint32_t>(r.offset % 3);
    if (random_.one_in(24)) access = random_.of<uint32_t>({0, 4, 7, UINT32_MAX});
    const bool null = random_.one_in(32);
    const std::vector<uint8_t> &bytes = random_bytes(r.n <= kBufferLen ? static_cast<size_t>(r.n) : 0);
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      const bool sound = access >= 1 && access <= 3 && !null;
      wrt_status want = memory != nullptr ? WRT_ERR_INVALID_ARGUMENT : WRT_ERR_INVALID_HANDLE;
      if (memory != nullptr && sound) want = memory->model.borrow(r.offset, r.n, access);
      void *out = bad_pointer<void>(77);
      answer(lane, "borrow", want, wrt_mem_borrow(handle(lane, slot), r.offset, r.n, access, null ? nullptr : &out),
             r.offset, r.n, access);
      require((want == WRT_OK) == (out != bad_pointer<void>(77)) && out != nullptr,
              "the out-pointer and the code disagree");
      if (want != WRT_OK) return;
      auto *data = static_cast<uint8_t *>(out);
      memory->lent.push_back({data, r.offset, r.n, access});
      same_bytes(*memory, data, r.offset, static_cast<size_t>(r.n));
      if ((access & WRT_BORROW_WRITE) == 0 || r.n == 0) return;
      std::memcpy(data, bytes.data(), bytes.size());
      memory->model.bytes.put(r.offset, bytes.data(), r.n);
    });
  }

  void release(size_t slot) {
    const uint64_t which = random_.word();
    const bool wrong = random_.one_in(8);
    const auto how = random_.below(3);
    const bool all = random_.one_in(3);
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      if (memory == nullptr) {
        answer(lane, "release", WRT_ERR_INVALID_HANDLE, wrt_mem_release(handle(lane, slot), nullptr, 0));
        return;
      }
      if (memory->lent.empty()) {
        answer(lane, "release", WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(memory->handle, nullptr, which % 3));
        return;
      }
      const Lent &lent = memory->lent[which % memory->lent.size()];
      if (!wrong) {
        release_one(lane, *memory, static_cast<size_t>(which % memory->lent.size()));
        while (all && !memory->lent.empty()) release_one(lane, *memory, memory->lent.size() - 1);
      } else if (how == 0) {
        answer(lane, "release (NULL)", WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(memory->handle, nullptr, lent.n));
      } else {
        release_other(lane, *memory, how == 1 ? 1 : 0, how == 1 ? lent.n : lent.n + 1, lent);
      }
    });
  }
  void release_one(Lane &lane, LiveMemory &memory, size_t index) {
    const Lent lent = memory.lent[index];
    answer(lane, "release", memory.model.release(lent.offset, lent.n),
           wrt_mem_release(memory.handle, lent.data, lent.n), lent.offset, lent.n);
    memory.lent.erase(memory.lent.begin() + static_cast<std::ptrdiff_t>(index));
  }
  // Next to a borrow: another one, or none.
  void release_other(Lane &lane, LiveMemory &memory, uint64_t shift, uint64_t n, const Lent &lent) {
    for (size_t i = 0; i < memory.lent.size(); i++) {
      if (memory.lent[i].offset == lent.offset + shift && memory.lent[i].n == n) return release_one(lane, memory, i);
    }
    answer(lane, "release (no such)", WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(memory.handle, lent.data + shift, n),
           shift, n);
  }

  // ---- reports

  void verify(size_t slot) {
    each_lane(comparable(slot), [&](Lane &lane) {
      uint64_t bad = 77;
      const wrt_status want = live(lane, slot) ? WRT_OK : WRT_ERR_INVALID_HANDLE;
      answer(lane, "verify", want, wrt_mem_verify(handle(lane, slot), random_.one_in(2) ? &bad : nullptr));
      require(bad == 77, "verify wrote where nothing is bad");
    });
  }

  void set_verify(size_t slot) {
    const int32_t level = random_.one_in(16) ? random_.of<int32_t>({-1, 7, INT32_MIN, INT32_MAX}) : any_level();
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      const wrt_status want = memory ? memory->model.set_verify(level) : wrt_status{WRT_ERR_INVALID_HANDLE};
      answer(lane, "set_verify", want, wrt_mem_set_verify(handle(lane, slot), level), static_cast<uint64_t>(level));
    });
    for (auto &lane : lanes_) {
      const auto &first = lanes_.front()->memories[slot];
      const auto &own = lane->memories[slot];
      if (first && own && first->model.verify != own->model.verify) lopsided_[slot] = true;
    }
  }

  // What a caller of another size gets, from what one of this size gets.
  template <class Struct, class Get>
  void other_sizes(Lane &lane, const Struct &full, Get get) {
    const uint32_t size = random_.one_in(4) ? random_.of<uint32_t>({0, 1, 3, 65537, UINT32_MAX})
                                            : 4 + static_cast<uint32_t>(random_.below(sizeof(Struct) + 60));
    alignas(Struct) uint8_t seen[sizeof(Struct) + 128];
    std::memset(seen, kUntouched, sizeof seen);
    std::memcpy(seen, &size, sizeof size);
    uint8_t wanted[sizeof seen];
    std::memcpy(wanted, seen, sizeof seen);
    const bool sound = size >= 4 && size <= 65536;
    if (sound) {
      const uint32_t filled = std::min<uint32_t>(size, sizeof(Struct));
      std::memset(wanted, 0, size);
      std::memcpy(wanted, &full, filled);
      std::memcpy(wanted, &filled, sizeof filled);
    }
    answer(lane, "get (other size)", sound ? WRT_OK : WRT_ERR_INVALID_ARGUMENT, get(reinterpret_cast<Struct *>(seen)),
           size);
    require(std::memcmp(seen, wanted, sizeof seen) == 0, "an out-struct of another size was filled in wrongly");
  }

  void info(size_t slot) {
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      wrt_mem_info out{};
      out.struct_size = sizeof out;
      if (memory == nullptr) {
        answer(lane, "get_info", WRT_ERR_INVALID_HANDLE, wrt_mem_get_info(handle(lane, slot), &out));
        require(out.len == 0 && out.tier == 0, "a failed call wrote its out-struct");
        return;
      }
      const model::Memory &model = memory->model;
      answer(lane, "get_info", WRT_OK, wrt_mem_get_info(memory->handle, &out));
      require(out.struct_size == sizeof out && out.tier == lane.tier && out.flags == model.flags,
              "tier or flags are wrong");
      require(out.verify == model.verify && out.page_len == model.page_len, "level or page length is wrong");
      require(out.len == model.len && out.max_len == model.max_len, "length or maximum is wrong");
      require(out.peak_len == model.peak_len && out.borrows == model.borrows.size(), "peak or borrows are wrong");
      require(std::strcmp(out.name, model.name.c_str()) == 0, "the name is wrong");
      require(out.len <= out.committed && out.committed <= out.capacity && out.capacity <= out.max_len,
              "length, committed, capacity and maximum are out of order");
      require(out.base_stable == 1 || (model.flags & WRT_MEM_STABLE) == 0, "a STABLE memory whose base is not");
      if (out.base_stable == 1 && memory->view != nullptr) memory->fixed_base = memory->view->base;
      other_sizes(lane, out, [&](wrt_mem_info *other) { return wrt_mem_get_info(memory->handle, other); });
      answer(lane, "get_info (NULL)", WRT_ERR_INVALID_ARGUMENT, wrt_mem_get_info(memory->handle, nullptr));
    });
  }

  // How many blocks are checked is the library's affair, from STANDARD on.
  void same_counters(const model::Memory &model, const wrt_mem_stats &seen) {
    wrt_mem_stats wanted = model.get_stats();
    if (model.was_checked) {
      wanted.verified_blocks = seen.verified_blocks;
      wanted.skipped_blocks = seen.skipped_blocks;
    }
    require(std::memcmp(&seen, &wanted, sizeof seen) == 0, "other counters than the model's");
  }
  void same_history(Lane &lane, LiveMemory &memory) {
    wrt_mem_history out{};
    out.struct_size = sizeof out;
    answer(lane, "get_history", WRT_OK, wrt_mem_get_history(memory.handle, &out));
    const wrt_mem_history wanted = memory.model.get_history();
    require(std::memcmp(&out, &wanted, sizeof out) == 0, "another history than the model's");
    other_sizes(lane, out, [&](wrt_mem_history *other) { return wrt_mem_get_history(memory.handle, other); });
  }

  void stats(size_t slot) {
    const bool clear = random_.one_in(3);
    each_lane(comparable(slot), [&](Lane &lane) {
      LiveMemory *memory = live(lane, slot);
      wrt_mem_stats out{};
      out.struct_size = sizeof out;
      const wrt_status want = memory ? WRT_OK : WRT_ERR_INVALID_HANDLE;
      answer(lane, "get_stats", want, wrt_mem_get_stats(handle(lane, slot), &out));
      if (memory != nullptr) {
        same_counters(memory->model, out);
        same_history(lane, *memory);
        other_sizes(lane, out, [&](wrt_mem_stats *other) { return wrt_mem_get_stats(memory->handle, other); });
      }
      if (!clear) return;
      answer(lane, "clear_stats", want, wrt_mem_clear_stats(handle(lane, slot)));
      if (memory != nullptr) memory->model.clear_stats();
    });
  }

  // ---- budgets and pools

  void budget_create() {
    const size_t index = random_.below(kBudgets);
    const size_t above = random_.below(kBudgets + 2);
    const uint64_t limit = random_.of<uint64_t>({0, 100, 65536, 3 * 65536, 500000, 2 * kMuch, UINT64_MAX});
    const bool null = random_.one_in(16);
    each_lane(!lopsided_budgets_, [&](Lane &lane) {
      if (lane.budgets[index] || above == index) return;
      const bool has_parent = above < kBudgets;
      LiveBudget *parent = has_parent ? lane.budgets[above].get() : nullptr;
      wrt_budget *parent_handle = parent ? parent->handle : has_parent ? stale_budget(lane) : nullptr;
      wrt_status want = null ? WRT_ERR_INVALID_ARGUMENT : WRT_OK;
      if (!null && has_parent && parent == nullptr) want = WRT_ERR_INVALID_HANDLE;
      wrt_budget *out = bad_pointer<wrt_budget>(77);
      answer(lane, "budget_create", want, wrt_budget_create(limit, parent_handle, null ? nullptr : &out), limit, above);
      require((want == WRT_OK) == (out != bad_pointer<wrt_budget>(77)), "the out-pointer and the code disagree");
      if (want != WRT_OK) return;
      lane.budgets[index] = std::make_unique<LiveBudget>();
      lane.budgets[index]->handle = out;
      lane.budgets[index]->model.limit = limit;
      lane.budgets[index]->model.parent = parent ? &parent->model : nullptr;
      if (parent != nullptr) parent->model.users++;
    });
  }

  void budget_destroy() {
    const size_t index = random_.below(kBudgets);
    each_lane(!lopsided_budgets_, [&](Lane &lane) { destroy_budget(lane, index); });
  }
  void destroy_budget(Lane &lane, size_t index) {
    if (!lane.budgets[index]) {
      answer(lane, "budget_destroy", WRT_ERR_INVALID_HANDLE, wrt_budget_destroy(stale_budget(lane)));
      return;
    }
    LiveBudget &budget = *lane.budgets[index];
    const wrt_status want = budget.model.users != 0 ? WRT_ERR_BUSY : WRT_OK;
    answer(lane, "budget_destroy", want, wrt_budget_destroy(budget.handle), index);
    if (want != WRT_OK) return;
    if (budget.model.parent != nullptr) budget.model.parent->users--;
    if (lane.stale_budgets.size() == 16) lane.stale_budgets.erase(lane.stale_budgets.begin());
    lane.stale_budgets.push_back(budget.handle);
    lane.budgets[index].reset();
  }

  void look_at_budgets(Lane &lane) {
    for (auto &budget : lane.budgets) {
      if (!budget) continue;
      wrt_budget_info out{};
      out.struct_size = sizeof out;
      answer(lane, "budget_get_info", WRT_OK, wrt_budget_get_info(budget->handle, &out));
      const model::Budget &model = budget->model;
      const bool right =
          out.limit == model.limit && out.used == model.used && out.peak == model.peak && out.refused == model.refused;
      require(right, "a budget's numbers are not the model's");
      other_sizes(lane, out, [&](wrt_budget_info *other) { return wrt_budget_get_info(budget->handle, other); });
    }
  }

  void pools_and_budgets() {
    for (auto &lane : lanes_) {
      look_at_budgets(*lane);
      heap_check(&lane->heap);
      require(lane->heap.fault == nullptr, lane->heap.fault);
      if (lane->tier != WRT_TIER_STATIC) continue;
      wrt_pool_info out{};
      out.struct_size = sizeof out;
      answer(*lane, "pool_get_info", WRT_OK, wrt_pool_get_info(lane->pool, &out));
      const model::Pool &model = lane->pool_model;
      const bool right = out.slots == model.slots && out.slot_len == model.slot_len && out.used == model.used &&
                         out.peak == model.peak && out.refused == model.refused;
      require(right, "a pool's numbers are not the model's");
      other_sizes(*lane, out, [&](wrt_pool_info *other) { return wrt_pool_get_info(lane->pool, other); });
      if (random_.one_in(4)) renew_pool(*lane);
    }
  }
  void renew_pool(Lane &lane) {
    const wrt_status want = lane.pool_model.used != 0 ? WRT_ERR_BUSY : WRT_OK;
    wrt_pool *const old = lane.pool;
    answer(lane, "pool_destroy", want, wrt_pool_destroy(old));
    if (want != WRT_OK) return;
    answer(lane, "pool_destroy (again)", WRT_ERR_INVALID_HANDLE, wrt_pool_destroy(old));
    open_pool(lane);
  }

  void library() {
    answer(*lanes_.front(), "selftest", WRT_OK, wrt_selftest());
    answer(*lanes_.front(), "trim", WRT_OK, wrt_trim());
  }

  // ---- the round

  void step() {
    const uint64_t dice = random_.below(100);
    bool anything = false;
    for (auto &lane : lanes_) anything = anything || lane->memories[slot_];
    if (!anything && !bad_step_) return dice < 20 ? budget_create() : create(slot_);
    if (dice < 11) return read(slot_);
    if (dice < 24) return write(slot_);
    if (dice < 30) return fill(slot_);
    if (dice < 38) return copy(slot_);
    if (dice < 41) return equal(slot_);
    if (dice < 50) return resize(slot_);
    if (dice < 56) return grow(slot_);
    if (dice < 60) return discard(slot_);
    if (dice < 63) return reset(slot_);
    if (dice < 65) return freeze(slot_);
    if (dice < 67) return clone(slot_);
    if (dice < 71) return borrow(slot_);
    if (dice < 76) return release(slot_);
    if (dice < 78) return view(slot_);
    if (dice < 84) return atomic(slot_);
    if (dice < 85) return check(slot_);
    if (dice < 86) return info(slot_);
    if (dice < 88) return stats(slot_);
    if (dice < 89) return set_verify(slot_);
    if (dice < 90) return budget_create();
    if (dice < 91) return budget_destroy();
    if (dice < 92) return pools_and_budgets();
    if (dice < 96) return destroy(slot_);
    switch (random_.below(7)) {
      case 0:
        return length(slot_);
      case 1:
        return verify(slot_);
      case 2:
        return wait(slot_);
      case 3:
        return fault(slot_);
      case 4:
        return create(slot_);
      case 5:
        return save_and_load();
      default:
        return random_.one_in(8) ? library() : fault(slot_);
    }
  }

  // At the end everything goes back, and nothing is left behind.
  void close_all() {
    pools_and_budgets();
    for (auto &lane : lanes_) {
      for (slot_ = 0; slot_ < kSlots; slot_++) {
        if (lane->memories[slot_]) close_memory(*lane, *lane->memories[slot_]);
        lane->memories[slot_].reset();
      }
      for (size_t i = 0; i < kImages; i++) {
        if (lane->images[i]) drop_image(*lane, i);
      }
      for (auto &budget : lane->budgets) require(!budget || budget->model.used == 0, "the model lost count");
      look_at_budgets(*lane);
      for (size_t turn = 0; turn < kBudgets; turn++) {
        for (size_t i = 0; i < kBudgets; i++) {
          if (lane->budgets[i] && lane->budgets[i]->model.users == 0) destroy_budget(*lane, i);
        }
      }
      if (lane->pool != nullptr) answer(*lane, "pool_destroy", WRT_OK, wrt_pool_destroy(lane->pool));
      require(lane->heap.live_blocks == 0, "blocks of the allocator were not given back");
      require(lane->heap.fault == nullptr, lane->heap.fault);
      heap_close(&lane->heap);
    }
  }
  void close_memory(Lane &lane, LiveMemory &memory) {
    wrt_mem_stats out{};
    out.struct_size = sizeof out;
    answer(lane, "get_stats", WRT_OK, wrt_mem_get_stats(memory.handle, &out));
    same_counters(memory.model, out);
    while (!memory.lent.empty()) {
      answer(lane, "destroy (borrowed)", WRT_ERR_BUSY, wrt_mem_destroy(memory.handle));
      release_one(lane, memory, memory.lent.size() - 1);
    }
    answer(lane, "destroy", memory.model.destroy(), wrt_mem_destroy(memory.handle));
  }

  Random random_;
  bool wide_;
  bool small_;
  bool trace_;
  std::string to_see_again_;
  uint64_t calls_ = 0;
  size_t slot_ = 0;
  bool bad_step_ = false;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::array<bool, kSlots> lopsided_{};  // not the same on all lanes
  bool lopsided_budgets_ = false;
  std::array<bool, kImages> lopsided_images_{};
  std::vector<Call> history_;
  std::vector<wrt_status> codes_;
  std::vector<uint8_t> buffer_;
  std::vector<uint8_t> expected_;
  std::vector<uint8_t> source_;
};

}  // namespace

#endif  // WRTMEM_TESTS_PROPERTY_ROUND_HPP
