// SPDX-License-Identifier: Apache-2.0 OR MIT
// Calls at any level, with bits flipped between them in bytes, check values and second copies, and stray words written
// to control blocks. A model says what each call must answer but for that: in its place only CORRUPT may come, and only
// where something was spoilt. What a memory at FULL or REDUNDANT gives out is right or is refused, and what is not the
// memory's own stays as it is.
#include <sys/mman.h>

#include <memory>

#include "../property/model.hpp"
#include "../property/random.hpp"
#include "capi/table.hpp"
#include "require.hpp"
#include "target.hpp"

extern "C" {
#include "../capi/checked_heap.h"
}

namespace {

using wrt::kBlockLen;

constexpr uint64_t kRoom = 1024;
constexpr size_t kMemories = 4;
constexpr size_t kPoolSlots = 6;
constexpr size_t kMostLent = 6;
constexpr uint64_t kBudget = 3 * kRoom;
constexpr int kMostSteps = 400;
constexpr uint8_t kUntouched = 0xC3;

struct Lent {
  uint8_t *data;
  uint64_t offset;
  uint64_t n;
  uint32_t access;
};

struct Mapping {
  void *at;
  size_t len;
};

struct One {
  wrt_mem *handle = nullptr;
  model::Memory model;
  uint8_t *raw = nullptr;  // where its bytes are
  std::vector<Lent> lent;
  bool flipped = false;  // some block may be bad
  bool loose = false;    // and may be read nevertheless, so that the model does not know the bytes
  bool stray = false;    // its control block was written to
  bool seen = false;     // in a place that FULL checks at every call
  std::vector<Mapping> mappings;

  struct Words {
    uintptr_t *at;
    size_t count;
  };

  bool reliable() const { return !stray; }
  bool always_corrupt() const { return seen && model.verify >= WRT_VERIFY_FULL; }
};

wrt::LinearMemory &insides(const One &one) {
  return wrt::capi::entry_for(reinterpret_cast<uintptr_t>(one.handle)).body.memory;
}
wrt::Journal &journal(const One &one) {
  const auto &entry = wrt::capi::entry_for(reinterpret_cast<uintptr_t>(one.handle));
  return wrt::capi::journal_at(wrt::capi::index_of(entry));
}

class Corruption {
 public:
  Corruption(const uint8_t *input, size_t n) : random_(input, n) {
    tier_ = 1 + static_cast<int32_t>(random_.below(3));
    heap_open(&heap_);
    allocator_ = random_.one_in(2) ? heap_allocator(&heap_) : heap_allocator_without_reallocate(&heap_);
    require_status(WRT_OK, wrt_budget_create(kBudget, nullptr, &budget_), "budget_create");
    if (tier_ != WRT_TIER_STATIC) return;
    size_t needed = 0;
    require_status(WRT_OK, wrt_pool_storage_len(kRoom, kPoolSlots, &needed), "pool_storage_len");
    storage_.resize(needed);
    require_status(WRT_OK, wrt_pool_create(storage_.data(), needed, kRoom, &pool_), "pool_create");
  }
  Corruption(const Corruption &) = delete;
  Corruption &operator=(const Corruption &) = delete;

  void run() {
    for (int i = 0; i < kMostSteps && !random_.at_end(); i++) step();
    for (auto &one : ones_) {
      if (one) close(one);
    }
    wrt_budget_info info{};
    info.struct_size = sizeof info;
    require_status(WRT_OK, wrt_budget_get_info(budget_, &info), "budget_get_info");
    require(info.used == 0, "the budget has its charges back, whatever was bad");
    require_status(WRT_OK, wrt_budget_destroy(budget_), "budget_destroy");
    if (pool_ != nullptr) require_status(WRT_OK, wrt_pool_destroy(pool_), "pool_destroy: what is bad does not hold it");
    heap_check(&heap_);
    require(heap_.fault == nullptr, heap_.fault);
    require(quarantined_ || heap_.live_blocks == 0, "every block was given back");
    heap_close(&heap_);
  }

 private:
  void step() {
    std::unique_ptr<One> &place = ones_[random_.below(kMemories)];
    for (auto &one : ones_) {
      if (one) refresh_open(*one);
    }
    if (!place) return create(place);
    One &one = *place;
    switch (random_.below(26)) {
      case 0:
      case 1:
        return read(one);
      case 2:
      case 3:
        return write(one);
      case 4:
        return fill(one);
      case 5:
        return copy(one);
      case 6:
        return equal(one);
      case 7:
        return resize(one);
      case 8:
        return grow(one);
      case 9:
        return discard(one);
      case 10:
        return reset(one);
      case 11:
        return clone(one);
      case 12:
        return borrow(one);
      case 13:
        return release(one);
      case 14:
        return write_through_borrow(one);
      case 15:
      case 16:
        return atomic(one);
      case 17:
        return verify(one);
      case 18:
        return set_verify(one);
      case 19:
      case 20:
      case 21:
        return flip(one);
      case 22:
        return few_flips_are_found(one);
      case 23:
        return stray_word(one);
      case 24:
        return look(one);
      default:
        return random_.one_in(2) ? destroy(place) : look(one);
    }
  }

  // ---- a call

  // What belongs to the other memories, as it is.
  std::vector<uint8_t> others(std::initializer_list<const One *> involved) {
    std::vector<uint8_t> bytes;
    for (const auto &one : ones_) {
      if (!one || std::find(involved.begin(), involved.end(), one.get()) != involved.end()) continue;
      bytes.insert(bytes.end(), one->raw, one->raw + one->model.len);
      if (!one->reliable() || !one->model.checked()) continue;
      for (const Mapping &part : shield_parts(*one)) {
        const auto *at = static_cast<const uint8_t *>(part.at);
        bytes.insert(bytes.end(), at, at + part.len);
      }
    }
    return bytes;
  }

  // In the model and in the library. Where something was spoilt the answer may be CORRUPT; then nothing was done.
  template <class InModel, class Call>
  wrt_status call(const char *name, One &one, One &second, InModel in_model, Call library) {
    const model::Memory memory = one.model;
    const model::Pool pool = pool_model_;
    const model::Budget budget = budget_model_;
    const std::vector<uint8_t> before = others({&one, &second});
    const wrt_status want = in_model();
    const wrt_status got = library();
    require(others({&one, &second}) == before, "a call wrote to another memory");
    if (one.always_corrupt() || second.always_corrupt()) require_status(WRT_ERR_CORRUPT, got, name);
    if (got == want) return got;
    const bool spoilt = (one.flipped && one.model.checked()) || (second.flipped && second.model.checked());
    const bool allowed = one.stray || second.stray || (spoilt && want == WRT_OK);
    if (!allowed) require_status(want, got, name);
    require_status(WRT_ERR_CORRUPT, got, name);
    one.model = memory;
    pool_model_ = pool;
    budget_model_ = budget;
    return got;
  }
  template <class InModel, class Call>
  wrt_status call(const char *name, One &one, InModel in_model, Call library) {
    return call(name, one, one, in_model, library);
  }

  // ---- bytes

  std::vector<uint8_t> expected(const One &one, uint64_t offset, uint64_t n) {
    std::vector<uint8_t> bytes(static_cast<size_t>(n));
    one.model.bytes.get(offset, bytes.data(), n);
    return bytes;
  }
  void find_raw(One &one) {
    void *data = nullptr;
    require_status(WRT_OK, wrt_mem_borrow(one.handle, 0, 0, WRT_BORROW_READ, &data), "borrow of nothing");
    require_status(WRT_OK, wrt_mem_release(one.handle, data, 0), "release of nothing");
    one.raw = static_cast<uint8_t *>(data);
  }
  void take_raw(One &one, uint64_t offset, uint64_t n) { one.model.bytes.put(offset, one.raw + offset, n); }

  static uint64_t block_end(const One &one, uint64_t end) {
    return std::min((end + kBlockLen - 1) / kBlockLen * kBlockLen, one.model.len);
  }
  // What a write-borrow holds open is whatever is there.
  void refresh_open(One &one) {
    for (const Lent &lent : one.lent) {
      if ((lent.access & WRT_BORROW_WRITE) == 0 || lent.n == 0) continue;
      const uint64_t from = lent.offset / kBlockLen * kBlockLen;
      take_raw(one, from, block_end(one, lent.offset + lent.n) - from);
    }
  }
  // Every block was found good.
  void all_good(One &one) {
    if (!one.model.checked()) return;
    if (one.loose) take_raw(one, 0, one.model.len);
    const bool same = expected(one, 0, one.model.len) == std::vector<uint8_t>(one.raw, one.raw + one.model.len);
    require(same, "a wrong byte in a block that was found good");
    one.flipped = one.loose = false;
  }

  Random::Range range(const One &one) { return random_.range(one.model.len, kRoom); }
  // As long as a buffer of the host's can be: where size_t has 32 bits the high ones of the length cannot be asked for.
  Random::Range host_range(const One &one) {
    Random::Range r = range(one);
    r.n = static_cast<size_t>(r.n);
    return r;
  }
  std::vector<uint8_t> contents(uint64_t n) {
    std::vector<uint8_t> bytes(static_cast<size_t>(n));
    for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random_.noise());
    return bytes;
  }

  // ---- life

  int32_t level() { return static_cast<int32_t>(1 + random_.below(WRT_VERIFY_REDUNDANT)); }

  void create(std::unique_ptr<One> &place) {
    model::Order order;
    order.tier = tier_;
    order.initial_len = random_.up_to(kRoom);
    order.max_len = kRoom;
    order.verify = level();
    order.flags = random_.of<uint32_t>({0, 0, WRT_MEM_STABLE});
    if (tier_ != WRT_TIER_STD && random_.one_in(3)) order.flags |= WRT_MEM_TRACK;
    order.budget_given = random_.one_in(2);
    order.budget = order.budget_given ? &budget_model_ : nullptr;
    order.allocator_given = tier_ == WRT_TIER_ALLOC;
    order.pool_given = pool_ != nullptr;
    order.pool = pool_ != nullptr ? &pool_model_ : nullptr;
    order.tier_max = kRoom;

    wrt_mem_config config = WRT_MEM_CONFIG_INIT;
    config.tier = tier_;
    config.initial_len = order.initial_len;
    config.max_len = order.max_len;
    config.verify = order.verify;
    config.flags = order.flags;
    config.sample_interval = 1 + static_cast<uint32_t>(random_.below(4));
    config.budget = order.budget_given ? budget_ : nullptr;
    config.allocator = order.allocator_given ? &allocator_ : nullptr;
    config.pool = pool_;
    auto one = std::make_unique<One>();
    const wrt_status want = model::Memory::create(order, one->model);
    require_status(want, wrt_mem_create_config(&config, &one->handle), "create_config");
    if (want != WRT_OK) return;
    find_raw(*one);
    place = std::move(one);
  }

  void clone(One &one) {
    auto &place = ones_[random_.below(kMemories)];
    if (place) return;
    auto made = std::make_unique<One>();
    const wrt_status got = call(
        "clone", one, [&] { return one.model.clone(made->model); },
        [&] { return wrt_mem_clone(one.handle, &made->handle); });
    if (got != WRT_OK) return;
    find_raw(*made);
    if (one.loose) take_raw(*made, 0, made->model.len);
    if (one.reliable()) all_good(one);
    place = std::move(made);
  }

  void reset(One &one) {
    const wrt_status got = call(
        "reset", one, [&] { return one.model.reset(); }, [&] { return wrt_mem_reset(one.handle); });
    if (got != WRT_OK) return;
    find_raw(one);
    one.flipped = one.loose = false;
  }

  void destroy(std::unique_ptr<One> &place) {
    One &one = *place;
    const model::Memory memory = one.model;
    const std::vector<uint8_t> before = others({&one});
    const wrt_status want = one.model.destroy();
    const wrt_status got = wrt_mem_destroy(one.handle);
    require(others({&one}) == before, "a call wrote to another memory");
    if (!one.stray) require_status(want, got, "destroy");
    if (got == WRT_ERR_CORRUPT) {
      bury(one, memory);
    } else {
      require_status(want, got, "destroy");
    }
    if (got == WRT_ERR_BUSY) return;
    require_status(WRT_ERR_INVALID_HANDLE, wrt_mem_destroy(one.handle), "destroy (again)");
    place.reset();
  }
  // Its bytes are set aside, for this program to give back.
  void bury(One &one, const model::Memory &memory) {
    if (one.model.borrows.size() != 0) {  // the model said BUSY
      one.model = memory;
      one.model.borrows.clear();
      (void)one.model.destroy();
    }
    if (pool_ != nullptr) pool_model_.slots -= memory.verify == WRT_VERIFY_REDUNDANT ? 2 : 1;
    for (const Mapping &mapping : one.mappings) munmap(mapping.at, mapping.len);
    quarantined_ = true;
  }

  void close(std::unique_ptr<One> &place) {
    while (place->reliable() && !place->lent.empty()) release_one(*place, place->lent.size() - 1);
    destroy(place);
    if (!place) return;
    for (const Lent &lent : place->lent) {  // a stray word that nothing depends on
      require_status(WRT_OK, wrt_mem_release(place->handle, lent.data, lent.n), "release");
      (void)place->model.release(lent.offset, lent.n);
    }
    place->lent.clear();
    destroy(place);
    require(!place, "with nothing borrowed a memory can be destroyed");
  }

  // ---- access

  void read(One &one) {
    const Random::Range r = host_range(one);
    const auto n = static_cast<size_t>(r.n);
    std::vector<uint8_t> out(static_cast<size_t>(std::min(r.n, kRoom)), kUntouched);
    const std::vector<uint8_t> untouched = out;
    const wrt_status got = call(
        "read", one, [&] { return one.model.read(r.offset, r.n); },
        [&] { return wrt_mem_read(one.handle, r.offset, out.data(), n); });
    if (got != WRT_OK) return require(out == untouched, "a failed read wrote to the buffer");
    require(one.loose || out == expected(one, r.offset, r.n), "a wrong byte was given out");
  }

  void write(One &one) {
    const Random::Range r = host_range(one);
    const std::vector<uint8_t> bytes = contents(std::min(r.n, kRoom));
    (void)call(
        "write", one, [&] { return one.model.write(r.offset, bytes.data(), r.n); },
        [&] { return wrt_mem_write(one.handle, r.offset, bytes.data(), static_cast<size_t>(r.n)); });
  }

  void fill(One &one) {
    const Random::Range r = range(one);
    const auto value = static_cast<uint8_t>(random_.below(3));
    (void)call(
        "fill", one, [&] { return one.model.fill(r.offset, value, r.n); },
        [&] { return wrt_mem_fill(one.handle, r.offset, value, r.n); });
  }

  void discard(One &one) {
    const Random::Range r = range(one);
    (void)call(
        "discard", one, [&] { return one.model.discard(r.offset, r.n); },
        [&] { return wrt_mem_discard(one.handle, r.offset, r.n); });
  }

  void copy(One &one) {
    One *source = ones_[random_.below(kMemories)].get();
    if (source == nullptr) source = &one;
    const Random::Range to = range(one);
    const Random::Range from = range(*source);
    const uint64_t n = random_.of<uint64_t>({to.n, from.n, std::min(to.n, from.n)});
    const wrt_status got = call(
        "copy", one, *source, [&] { return one.model.copy(to.offset, source->model, from.offset, n); },
        [&] { return wrt_mem_copy(one.handle, to.offset, source->handle, from.offset, n); });
    if (got == WRT_OK && source->loose) take_raw(one, to.offset, n);
  }

  void equal(One &one) {
    One *other = ones_[random_.below(kMemories)].get();
    if (other == nullptr) other = &one;
    int32_t same = 77;
    bool want_same = false;
    const wrt_status got = call(
        "equal", one, *other,
        [&] {
          want_same = one.model.equal(other->model);
          return WRT_OK;
        },
        [&] { return wrt_mem_equal(one.handle, other->handle, &same); });
    if (got != WRT_OK) return require(same == 77, "a failed call wrote its out-pointer");
    require(one.loose || other->loose || same == (want_same ? 1 : 0), "equal says otherwise than the model");
  }

  void atomic(One &one) {
    const uint32_t width = random_.of<uint32_t>({1, 2, 4, 8});
    uint64_t offset = range(one).offset;
    if (!random_.one_in(8)) offset -= offset % width;
    const uint64_t operand = random_.noise();
    const auto op = static_cast<int32_t>(random_.below(6));
    uint64_t out = 77;
    uint64_t want = 77;
    wrt_status got = WRT_OK;
    switch (random_.below(4)) {
      case 0:
        got = call(
            "atomic_load", one, [&] { return one.model.atomic_load(offset, width, want); },
            [&] { return wrt_mem_atomic_load(one.handle, offset, width, &out); });
        break;
      case 1:
        got = call(
            "atomic_store", one, [&] { return one.model.atomic_store(offset, width, operand); },
            [&] { return wrt_mem_atomic_store(one.handle, offset, width, operand); });
        break;
      case 2:
        got = call(
            "atomic_rmw", one, [&] { return one.model.atomic_rmw(offset, width, op, operand, want); },
            [&] { return wrt_mem_atomic_rmw(one.handle, offset, width, op, operand, &out); });
        break;
      default:
        got = call(
            "atomic_cmpxchg", one, [&] { return one.model.atomic_cmpxchg(offset, width, 0, operand, want); },
            [&] { return wrt_mem_atomic_cmpxchg(one.handle, offset, width, 0, operand, &out); });
        break;
    }
    if (got != WRT_OK) return require(out == 77, "a failed call wrote its out-pointer");
    require(one.loose || out == want, "a wrong value was given out");
  }

  // ---- length

  void resize(One &one) {
    const uint64_t new_len = random_.one_in(8) ? random_.near_edge(one.model.len, kRoom) : random_.up_to(kRoom);
    const wrt_status got = call(
        "resize", one, [&] { return one.model.resize(new_len); }, [&] { return wrt_mem_resize(one.handle, new_len); });
    if (got == WRT_OK) find_raw(one);
  }
  void grow(One &one) {
    const uint64_t delta = random_.below(256);
    uint64_t old_len = 0;
    uint64_t out = 0;
    const wrt_status got = call(
        "grow", one, [&] { return one.model.grow(delta, old_len); },
        [&] { return wrt_mem_grow(one.handle, delta, &out); });
    if (got != WRT_OK) return;
    require(out == old_len, "another old length than the model's");
    find_raw(one);
  }

  // ---- borrows

  void borrow(One &one) {
    if (one.lent.size() == kMostLent) return;
    const Random::Range r = range(one);
    uint32_t access = 1 + static_cast<uint32_t>(random_.below(3));
    if (r.n == 0) access = WRT_BORROW_READ;  // a release cannot say which of several it means
    void *data = nullptr;
    const wrt_status got = call(
        "borrow", one, [&] { return one.model.borrow(r.offset, r.n, access); },
        [&] { return wrt_mem_borrow(one.handle, r.offset, r.n, access, &data); });
    if (got != WRT_OK) return require(data == nullptr, "a failed call wrote its out-pointer");
    auto *lent = static_cast<uint8_t *>(data);
    require(lent == one.raw + r.offset, "a borrow of somewhere else");
    const std::vector<uint8_t> seen(lent, lent + r.n);
    require(one.loose || seen == expected(one, r.offset, r.n), "a wrong byte was lent");
    one.lent.push_back({lent, r.offset, r.n, access});
  }

  void write_through_borrow(One &one) {
    if (one.lent.empty()) return;
    const Lent &lent = one.lent[random_.below(one.lent.size())];
    if ((lent.access & WRT_BORROW_WRITE) == 0 || lent.n == 0) return;
    const std::vector<uint8_t> bytes = contents(1 + random_.below(lent.n));
    std::memcpy(lent.data, bytes.data(), bytes.size());
  }

  void release(One &one) {
    if (!one.lent.empty()) release_one(one, static_cast<size_t>(random_.below(one.lent.size())));
  }
  void release_one(One &one, size_t index) {
    const Lent lent = one.lent[index];
    refresh_open(one);
    const wrt_status got = call(
        "release", one, [&] { return one.model.release(lent.offset, lent.n); },
        [&] { return wrt_mem_release(one.handle, lent.data, lent.n); });
    if (got == WRT_OK) one.lent.erase(one.lent.begin() + static_cast<std::ptrdiff_t>(index));
  }

  // ---- integrity

  bool open(const One &one, uint64_t block) {
    const uint64_t start = block * kBlockLen;
    return std::any_of(one.lent.begin(), one.lent.end(), [&](const Lent &lent) {
      const bool writes = (lent.access & WRT_BORROW_WRITE) != 0 && lent.n != 0;
      return writes && lent.offset < start + kBlockLen && start < lent.offset + lent.n;
    });
  }

  void verify(One &one) {
    uint64_t bad = 77;
    const wrt_status got = call(
        "verify", one, [] { return WRT_OK; }, [&] { return wrt_mem_verify(one.handle, &bad); });
    if (got == WRT_OK) {
      require(bad == 77, "verify wrote where nothing is bad");
      if (one.reliable() && one.model.writers() == 0) all_good(one);
    } else if (one.reliable()) {
      require(bad % kBlockLen == 0 && bad < one.model.len, "a bad block that is none");
      require(!open(one, bad / kBlockLen), "a block that is open was checked");
    }
  }

  void set_verify(One &one) {
    const int32_t before = one.model.verify;
    const int32_t wanted = level();
    if (one.stray && wanted == WRT_VERIFY_OFF) return;
    const wrt_status got = call(
        "set_verify", one, [&] { return one.model.set_verify(wanted); },
        [&] { return wrt_mem_set_verify(one.handle, wanted); });
    if (got != WRT_OK) return;
    if (one.stray) one.mappings.clear();
    if (before < WRT_VERIFY_STANDARD || wanted < WRT_VERIFY_STANDARD) {  // what is there is what is kept
      take_raw(one, 0, one.model.len);
      one.flipped = one.loose = false;
    } else if (wanted > before) {
      all_good(one);
    } else if (one.flipped && wanted < WRT_VERIFY_FULL) {
      one.loose = true;
    }
  }

  // The check values, and at REDUNDANT the second copy and its own.
  std::vector<Mapping> shield_parts(const One &one) {
    const wrt::Shield &shield = journal(one).shield.now;
    const auto checks_len = static_cast<size_t>(wrt::checks_len(one.model.len));
    std::vector<Mapping> parts{{shield.checks.extent.bytes.base, checks_len}};
    if (one.model.verify == WRT_VERIFY_REDUNDANT) {
      parts.push_back({shield.copy.extent.bytes.base, static_cast<size_t>(one.model.len)});
      parts.push_back({shield.copy_checks.extent.bytes.base, checks_len});
    }
    return parts;
  }

  void flip(One &one) {
    if (!one.reliable() || one.model.len == 0) return;
    std::vector<Mapping> parts{{one.raw, static_cast<size_t>(one.model.len)}};
    if (one.model.checked()) {
      for (const Mapping &part : shield_parts(one)) parts.push_back(part);
    }
    const Mapping &part = parts[random_.below(parts.size())];
    const uint64_t bit = random_.below(part.len * 8);
    static_cast<uint8_t *>(part.at)[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
    if (!one.model.checked()) return take_raw(one, bit / 8, 1);
    one.flipped = true;
    if (one.model.verify < WRT_VERIFY_FULL) one.loose = true;
  }

  // Up to five flipped bits in a block and its check value are certain to be found.
  void few_flips_are_found(One &one) {
    if (!one.reliable() || one.flipped || !one.model.checked() || one.model.len == 0) return;
    const std::vector<Mapping> parts = shield_parts(one);
    const bool redundant = one.model.verify == WRT_VERIFY_REDUNDANT;
    const uint64_t block = random_.below(wrt::block_count(one.model.len));
    if (open(one, block)) return;
    const bool first = !redundant || random_.one_in(2);
    const bool second = redundant && (!first || random_.one_in(2));
    if (first) flip_some(one, block, one.raw, static_cast<uint8_t *>(parts[0].at));
    if (second) flip_some(one, block, static_cast<uint8_t *>(parts[1].at), static_cast<uint8_t *>(parts[2].at));
    uint64_t bad = 77;
    const wrt_status got = wrt_mem_verify(one.handle, &bad);
    if (first && second) {
      require_status(WRT_ERR_CORRUPT, got, "verify: both copies are bad");
    } else if (redundant) {
      require_status(WRT_OK, got, "verify: one copy is good");
    } else {
      require_status(WRT_ERR_CORRUPT, got, "verify: a few bits are flipped");
    }
    if (got == WRT_OK) {
      if (one.model.writers() == 0) all_good(one);
      return;
    }
    require(bad == block * kBlockLen, "another block than the bad one");
    one.flipped = true;
    if (one.model.verify < WRT_VERIFY_FULL) one.loose = true;
  }
  void flip_some(const One &one, uint64_t block, uint8_t *bytes, uint8_t *checks) {
    const uint64_t start = block * kBlockLen;
    const uint64_t n = block_end(one, start + 1) - start;
    std::set<uint64_t> bits;
    for (uint64_t times = 1 + random_.below(5); times > 0; times--) bits.insert(random_.below((n + 4) * 8));
    for (const uint64_t bit : bits) {
      uint8_t *at = bit / 8 < n ? bytes + start + bit / 8 : checks + 4 * block + (bit / 8 - n);
      *at ^= static_cast<uint8_t>(1U << (bit % 8));
    }
  }

  // One word of the control block, once in a memory's life. At OFF nothing is said of that.
  void stray_word(One &one) {
    if (!one.reliable() || one.model.verify == WRT_VERIFY_OFF) return;
    note_mappings(one);
    One::Words words{};
    const auto part = random_.below(4);
    if (part < 2) words = words_of(insides(one));
    if (part == 2) words = words_of(journal(one).shield);
    if (part == 3) words = words_of(journal(one).borrows);
    if (part == 3)
      words.count = (sizeof journal(one).borrows - sizeof journal(one).borrows.entries) / sizeof(uintptr_t);
    if (part == 3) words.count += sizeof(wrt::Borrow) / sizeof(uintptr_t) * one.lent.size();
    const size_t index = static_cast<size_t>(random_.below(words.count));
    constexpr uint64_t kBits = 8 * sizeof(uintptr_t);
    const auto change =
        static_cast<uintptr_t>(random_.one_in(2) ? uint64_t{1} << random_.below(kBits) : random_.word());
    if (change == 0) return;
    words.at[index] ^= change;
    one.stray = true;
    one.seen = part != 2 || one.model.checked();
  }
  template <class Part>
  static One::Words words_of(Part &part) {
    return {reinterpret_cast<uintptr_t *>(&part), sizeof part / sizeof(uintptr_t)};
  }
  // STD: what a memory that is set aside holds.
  void note_mappings(One &one) {
    if (tier_ != WRT_TIER_STD) return;
    const wrt::Shield &shield = journal(one).shield.now;
    one.mappings = {{one.raw, 4096}};
    if (one.model.checked()) one.mappings.push_back({shield.checks.backing.std.map, shield.checks.backing.std.map_len});
    if (one.model.verify < WRT_VERIFY_REDUNDANT) return;
    for (const wrt::Part *part : {&shield.copy, &shield.copy_checks}) {
      one.mappings.push_back({part->backing.std.map, part->backing.std.map_len});
    }
  }

  // ---- reports

  void look(One &one) {
    uint64_t len = 77;
    const wrt_status got = call(
        "len", one, [] { return WRT_OK; }, [&] { return wrt_mem_len(one.handle, &len); });
    require(len == (got == WRT_OK ? one.model.len : 77), "another length than the model's");
    wrt_mem_info info{};
    info.struct_size = sizeof info;
    (void)call(
        "get_info", one, [] { return WRT_OK; }, [&] { return wrt_mem_get_info(one.handle, &info); });
    wrt_mem_stats stats{};
    stats.struct_size = sizeof stats;
    (void)call(
        "get_stats", one, [] { return WRT_OK; }, [&] { return wrt_mem_get_stats(one.handle, &stats); });
    wrt_mem_history history{};
    history.struct_size = sizeof history;
    (void)call(
        "get_history", one, [] { return WRT_OK; }, [&] { return wrt_mem_get_history(one.handle, &history); });
    if (random_.one_in(4)) {
      (void)call(
          "clear_stats", one, [] { return WRT_OK; }, [&] { return wrt_mem_clear_stats(one.handle); });
    }
    wrt_mem *found = nullptr;
    uint64_t offset = 0;
    const wrt_status finds = wrt_fault_find(one.raw, &found, &offset);
    // A record that is bad may claim any address.
    const bool all_reliable =
        std::all_of(ones_.begin(), ones_.end(), [](const auto &other) { return !other || other->reliable(); });
    if (!all_reliable || one.model.len == 0) return;
    require_status(WRT_OK, finds, "fault_find");
    require(found == one.handle && offset == 0, "an address was found in another memory, or elsewhere in it");
  }

  Random random_;
  int32_t tier_ = 0;
  checked_heap heap_{};
  wrt_allocator allocator_{};
  std::vector<uint8_t> storage_;
  wrt_pool *pool_ = nullptr;
  model::Pool pool_model_{kRoom, kPoolSlots};
  wrt_budget *budget_ = nullptr;
  model::Budget budget_model_{kBudget, nullptr};
  std::array<std::unique_ptr<One>, kMemories> ones_;
  bool quarantined_ = false;
};

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t n) {
  Corruption(input, n).run();
  return 0;
}
