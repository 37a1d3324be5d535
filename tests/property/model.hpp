// SPDX-License-Identifier: Apache-2.0 OR MIT
// What the C ABI promises, as a program: a memory is an array of bytes with a length, a maximum, borrows and counters;
// budgets and pools are a few numbers. None of the library's code is used. Each call answers with the code that the
// library must give, in the documented order of checks, and changes the model only when that is WRT_OK.
#ifndef WRTMEM_TESTS_PROPERTY_MODEL_HPP
#define WRTMEM_TESTS_PROPERTY_MODEL_HPP

#include <wrtmem/wrtmem.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#ifndef WRT_MAX_BORROWS
#define WRT_MAX_BORROWS 64
#endif

namespace model {

constexpr uint64_t kRegion = 65536;
constexpr uint64_t kTrackedMax = uint64_t{1} << 40;
constexpr uint64_t kStdDefaultMax = uint64_t{4} << 30;
constexpr size_t kMostBorrows = WRT_MAX_BORROWS;

constexpr uint32_t kKnownFlags = 127;
#ifdef __unix__
constexpr uint32_t kThreads = __atomic_always_lock_free(8, nullptr) ? WRT_MEM_SHARED : 0;
#else
constexpr uint32_t kThreads = 0;
#endif
constexpr uint32_t kOfferedFlags =
    WRT_MEM_STABLE | WRT_MEM_COMMIT | WRT_MEM_TRACK | WRT_MEM_HUGE | WRT_MEM_EXACT_MAX | kThreads;
constexpr uint32_t kHoldsMax = WRT_MEM_GUARD | WRT_MEM_SHARED | WRT_MEM_STABLE;

/// 2^64 bytes that are zero until they are written.
class Bytes {
 public:
  void get(uint64_t at, uint8_t *to, uint64_t n) const {
    for_pieces(at, n, [&](uint64_t chunk, uint64_t from, uint64_t len, uint64_t done) {
      const auto found = chunks_.find(chunk);
      if (found == chunks_.end()) {
        std::memset(to + done, 0, len);
      } else {
        std::memcpy(to + done, found->second.data() + from, len);
      }
    });
  }

  void put(uint64_t at, const uint8_t *bytes, uint64_t n) {
    for_pieces(at, n, [&](uint64_t chunk, uint64_t from, uint64_t len, uint64_t done) {
      std::memcpy(chunks_[chunk].data() + from, bytes + done, len);
    });
  }

  void fill(uint64_t at, uint8_t value, uint64_t n) {
    if (value == 0) return clear(at, n);
    for_pieces(at, n, [&](uint64_t chunk, uint64_t from, uint64_t len, uint64_t) {
      std::memset(chunks_[chunk].data() + from, value, len);
    });
  }

  /// Only chunks that exist are looked at, so that n may be any number.
  void clear(uint64_t at, uint64_t n) {
    if (n == 0) return;
    const uint64_t last = at + n - 1;
    auto chunk = chunks_.lower_bound(at / kChunk);
    while (chunk != chunks_.end() && chunk->first <= last / kChunk) {
      const uint64_t from = chunk->first == at / kChunk ? at % kChunk : 0;
      const uint64_t to = chunk->first == last / kChunk ? last % kChunk : kChunk - 1;
      std::memset(chunk->second.data() + from, 0, to - from + 1);
      chunk = from == 0 && to == kChunk - 1 ? chunks_.erase(chunk) : std::next(chunk);
    }
  }

  bool operator==(const Bytes &other) const { return covers(other) && other.covers(*this); }

  /// Of [0, len): how many bytes chunks that are not all zero have.
  uint64_t stored(uint64_t len) const {
    uint64_t sum = 0;
    for (const auto &[chunk, contents] : chunks_) {
      if (contents != kZeros) sum += std::min(kChunk, len - chunk * kChunk);
    }
    return sum;
  }

 private:
  static constexpr uint64_t kChunk = 4096;
  using Chunk = std::array<uint8_t, kChunk>;
  static constexpr Chunk kZeros{};
  std::map<uint64_t, Chunk> chunks_;

  template <class Piece>
  static void for_pieces(uint64_t at, uint64_t n, Piece piece) {
    for (uint64_t done = 0; done < n;) {
      const uint64_t from = (at + done) % kChunk;
      const uint64_t len = std::min(kChunk - from, n - done);
      piece((at + done) / kChunk, from, len, done);
      done += len;
    }
  }

  bool covers(const Bytes &other) const {
    return std::all_of(other.chunks_.begin(), other.chunks_.end(), [&](const auto &theirs) {
      const auto ours = chunks_.find(theirs.first);
      return (ours == chunks_.end() ? kZeros : ours->second) == theirs.second;
    });
  }
};

struct Budget {
  uint64_t limit;
  Budget *parent;
  uint64_t used = 0;
  uint64_t peak = 0;
  uint64_t refused = 0;
  int users = 0;  // memories and budgets under it

  wrt_status would_fit(uint64_t n) {
    for (Budget *budget = this; budget != nullptr; budget = budget->parent) {
      if (n <= budget->limit - budget->used) continue;
      budget->refused++;
      return WRT_ERR_BUDGET;
    }
    return WRT_OK;
  }
  void charge(uint64_t n) {
    for (Budget *budget = this; budget != nullptr; budget = budget->parent) {
      budget->used += n;
      budget->peak = std::max(budget->peak, budget->used);
    }
  }
  void refund(uint64_t n) {
    for (Budget *budget = this; budget != nullptr; budget = budget->parent) budget->used -= n;
  }
};

struct Pool {
  uint64_t slot_len;
  uint64_t slots;
  uint64_t used = 0;
  uint64_t peak = 0;
  uint64_t refused = 0;

  wrt_status claim() {
    if (used == slots) {
      refused++;
      return WRT_ERR_POOL_EXHAUSTED;
    }
    peak = std::max(peak, ++used);
    return WRT_OK;
  }
  /// `n` slots or none. One that was claimed in vain still counts for the peak.
  wrt_status claim(uint64_t n) {
    for (uint64_t claimed = 0; claimed < n; claimed++) {
      if (wrt_status status = claim()) {
        used -= claimed;
        return status;
      }
    }
    return WRT_OK;
  }
};

struct Borrow {
  uint64_t offset;
  uint64_t n;
  uint32_t access;
};

/// Frozen contents. Its slots are free again once neither a handle nor a memory refers to it.
struct Image {
  Bytes bytes;
  uint64_t len = 0;
  uint64_t max_len = 0;
  uint64_t page_len = 1;
  Pool *pool = nullptr;
  uint64_t slots = 0;
  int owners = 0;

  Image() = default;
  Image(const Image &) = delete;
  Image &operator=(const Image &) = delete;
  ~Image() {
    if (pool != nullptr) pool->used -= slots;
  }

  /// Pages of 4,096 bytes that are not all zero; the last one may be shorter.
  uint64_t stored() const { return bytes.stored(len); }
};

/// One of an image's owners.
class ImageRef {
 public:
  ImageRef() = default;
  ImageRef(const ImageRef &other) { set(other.image_); }
  ImageRef &operator=(const ImageRef &other) {
    if (image_ != other.image_) set(other.image_);
    return *this;
  }
  ~ImageRef() { set(nullptr); }

  static ImageRef make() {
    ImageRef made;
    made.set(new Image);
    return made;
  }
  void reset() { set(nullptr); }
  Image *operator->() const { return image_; }
  Image &operator*() const { return *image_; }
  bool operator==(decltype(nullptr)) const { return image_ == nullptr; }

 private:
  Image *image_ = nullptr;

  void set(Image *image) {
    if (image != nullptr) image->owners++;
    if (image_ != nullptr && --image_->owners == 0) delete image_;
    image_ = image;
  }
};

/// What a memory is created from.
struct Order {
  bool malformed = false;  // a bad struct_size, a reserved member that is set, an allocator without its functions
  int32_t tier = WRT_TIER_DEFAULT;
  uint64_t initial_len = 0;
  uint64_t max_len = 0;
  uint64_t page_len = 0;
  uint32_t flags = 0;
  int32_t verify = WRT_VERIFY_DEFAULT;
  uint64_t reserve_len = 0;
  uint64_t guard_len = 0;
  bool allocator_given = false;
  bool has_malloc = true;  // the tier does without one
  bool pool_given = false;
  bool budget_given = false;
  bool image_given = false;
  ImageRef image;            // the live image
  Pool *pool = nullptr;      // the live pool; on STATIC without a pool given, the one that is built in
  Budget *budget = nullptr;  // the live budget
  uint64_t tier_max = 0;     // what the tier can address
  uint64_t os_page_len = 4096;
  std::string name;

  bool has(uint32_t flag) const { return (flags & flag) != 0; }
  bool max_stated() const { return max_len != 0 || has(WRT_MEM_EXACT_MAX); }
  uint64_t page() const {
    if (page_len != 0) return page_len;
    return image != nullptr ? image->page_len : 1;
  }
  uint64_t length() const { return image != nullptr ? image->len : initial_len; }
  uint64_t limit() const { return tier == WRT_TIER_STATIC && pool != nullptr ? pool->slot_len : tier_max; }
  uint64_t resolved_max() const {
    if (max_stated()) return max_len;
    if (image != nullptr) return image->max_len;
    const uint64_t most = tier == WRT_TIER_STD ? std::min(kStdDefaultMax, limit()) : limit();
    return most / page() * page();
  }

  bool contradictory() const {
    if (pool_given && tier != WRT_TIER_STATIC) return true;
    if (allocator_given && tier != WRT_TIER_ALLOC) return true;
    if ((tier == WRT_TIER_ALLOC || has(WRT_MEM_SHARED)) && !max_stated() && !image_given) return true;
    if ((reserve_len != 0 || guard_len != 0) && tier != WRT_TIER_STD) return true;
    if (guard_len != 0 && !has(WRT_MEM_GUARD)) return true;
    if (reserve_len == 0) return false;
    const bool unknown = image_given && image == nullptr && max_len == 0;
    return reserve_len < length() || (has(kHoldsMax) && !unknown && reserve_len < resolved_max());
  }
  bool fits_image() const { return image == nullptr || initial_len == 0 || initial_len == image->len; }

  /// Everything but budget and resource.
  wrt_status check() const {
    if (malformed || tier < WRT_TIER_STD || tier > WRT_TIER_STATIC) return WRT_ERR_INVALID_ARGUMENT;
    if ((flags & ~kKnownFlags) != 0) return WRT_ERR_INVALID_ARGUMENT;
    if (verify < WRT_VERIFY_DEFAULT || verify > WRT_VERIFY_REDUNDANT) return WRT_ERR_INVALID_ARGUMENT;
    if ((page() & (page() - 1)) != 0) return WRT_ERR_INVALID_ARGUMENT;
    Order without = *this;  // what can be told before the image is looked at
    without.image.reset();
    if (without.contradictory()) return WRT_ERR_INVALID_ARGUMENT;
    if (pool_given && pool == nullptr) return WRT_ERR_INVALID_HANDLE;
    if (budget_given && budget == nullptr) return WRT_ERR_INVALID_HANDLE;
    if (image_given && image == nullptr) return WRT_ERR_INVALID_HANDLE;
    if (!fits_image() || contradictory()) return WRT_ERR_INVALID_ARGUMENT;
    if (has(~(tier == WRT_TIER_STD ? kOfferedFlags | WRT_MEM_GUARD : kOfferedFlags))) return WRT_ERR_UNSUPPORTED;
    if (tier == WRT_TIER_ALLOC && !allocator_given && !has_malloc) return WRT_ERR_UNSUPPORTED;
    if (has(WRT_MEM_SHARED) && verify >= WRT_VERIFY_STANDARD) return WRT_ERR_UNSUPPORTED;
    if (length() % page() != 0 || max_len % page() != 0) return WRT_ERR_MISALIGNED;
    if (has(WRT_MEM_GUARD) && page() % os_page_len != 0) return WRT_ERR_MISALIGNED;
    if (resolved_max() > limit() || length() > resolved_max() || reserve_len > limit()) return WRT_ERR_LIMIT;
    if (guard_len > limit() - std::max(reserve_len, resolved_max())) return WRT_ERR_LIMIT;
    if (has(WRT_MEM_TRACK) && resolved_max() > kTrackedMax) return WRT_ERR_LIMIT;
    return WRT_OK;
  }
};

class Memory {
 public:
  /// Creation: the last checks, and then the memory.
  static wrt_status create(const Order &order, Memory &out) {
    if (wrt_status status = order.check()) return status;
    Memory made;
    made.tier = order.tier;
    made.flags = order.flags;
    made.verify = order.verify == WRT_VERIFY_DEFAULT ? int32_t{WRT_VERIFY_BASIC} : order.verify;
    made.page_len = order.page();
    made.initial_len = order.length();
    made.image = order.image;
    if (made.image != nullptr) made.bytes = made.image->bytes;
    made.max_len = order.resolved_max();
    made.name = order.name.substr(0, 31);
    made.budget = order.budget;
    made.pool = order.tier == WRT_TIER_STATIC ? order.pool : nullptr;
    made.len = made.peak_len = order.length();
    made.was_checked = made.checked();
    return made.settle_in(out);
  }

  wrt_status clone(Memory &out) const {
    if (budget != nullptr) {
      if (wrt_status status = budget->would_fit(len)) return status;
    }
    if (writers() != 0) return WRT_ERR_BUSY;
    Memory made = *this;
    made.borrows.clear();
    made.clear_stats();
    made.peak_len = len;
    made.viewed = false;
    made.was_checked = made.checked();
    return made.settle_in(out);
  }

  wrt_status destroy() {
    if (!borrows.empty()) return WRT_ERR_BUSY;
    if (budget != nullptr) {
      budget->refund(len);
      budget->users--;
    }
    if (pool != nullptr) pool->used -= slots(verify);
    image.reset();
    return WRT_OK;
  }

  wrt_status freeze(ImageRef &out) const {
    if (writers() != 0) return WRT_ERR_BUSY;
    auto made = ImageRef::make();
    if (pool != nullptr) {
      if (wrt_status status = pool->claim(slots(verify))) return status;
      made->pool = pool;
      made->slots = slots(verify);
    }
    made->bytes = bytes;
    made->len = len;
    made->max_len = max_len;
    made->page_len = page_len;
    out = made;
    return WRT_OK;
  }

  wrt_status reset() {
    if (shared()) return WRT_ERR_UNSUPPORTED;
    if (budget != nullptr && initial_len > len) {
      if (wrt_status status = budget->would_fit(initial_len - len)) return status;
    }
    if (!borrows.empty()) return WRT_ERR_BUSY;
    set_len(initial_len);
    bytes.clear(0, len);
    if (image != nullptr) bytes = image->bytes;
    return WRT_OK;
  }

  // ---- access

  wrt_status check(uint64_t offset, uint64_t n) {
    if (inside(offset, n)) return WRT_OK;
    stats.denied++;
    denied = {offset, n, 0};
    return WRT_ERR_OUT_OF_BOUNDS;
  }
  wrt_status read(uint64_t offset, uint64_t n) {
    if (wrt_status status = check(offset, n)) return status;
    count_read(offset, n);
    return WRT_OK;
  }
  wrt_status write(uint64_t offset, const uint8_t *src, uint64_t n) {
    if (wrt_status status = check(offset, n)) return status;
    count_write(offset, n);
    bytes.put(offset, src, n);
    return WRT_OK;
  }
  wrt_status fill(uint64_t offset, uint8_t value, uint64_t n) {
    if (wrt_status status = check(offset, n)) return status;
    count_write(offset, n);
    bytes.fill(offset, value, n);
    return WRT_OK;
  }
  wrt_status copy(uint64_t offset, Memory &src, uint64_t src_offset, uint64_t n) {
    const wrt_status to = check(offset, n);
    const wrt_status from = src.check(src_offset, n);
    if (to != WRT_OK || from != WRT_OK) return WRT_ERR_OUT_OF_BOUNDS;
    src.count_read(src_offset, n);
    count_write(offset, n);
    std::vector<uint8_t> moved(n);
    src.bytes.get(src_offset, moved.data(), n);
    bytes.put(offset, moved.data(), n);
    return WRT_OK;
  }
  bool equal(Memory &other) {
    if (len != other.len) return false;
    count_read(0, len);
    other.count_read(0, len);
    return bytes == other.bytes;
  }
  wrt_status discard(uint64_t offset, uint64_t n) {
    if (wrt_status status = check(offset, n)) return status;
    bytes.clear(offset, n);
    return WRT_OK;
  }

  // ---- atomics; `width` is 1, 2, 4 or 8

  wrt_status check_atomic(uint64_t offset, uint32_t width) {
    return offset % width != 0 ? wrt_status{WRT_ERR_MISALIGNED} : check(offset, width);
  }
  wrt_status atomic_load(uint64_t offset, uint32_t width, uint64_t &value) {
    if (wrt_status status = check_atomic(offset, width)) return status;
    count_read(offset, width);
    value = number_at(offset, width);
    return WRT_OK;
  }
  wrt_status atomic_store(uint64_t offset, uint32_t width, uint64_t value) {
    if (wrt_status status = check_atomic(offset, width)) return status;
    count_write(offset, width);
    put_number(offset, width, value);
    return WRT_OK;
  }
  wrt_status atomic_rmw(uint64_t offset, uint32_t width, int32_t op, uint64_t operand, uint64_t &old) {
    if (wrt_status status = check_atomic(offset, width)) return status;
    count_read(offset, width);
    count_write(offset, width);
    old = number_at(offset, width);
    const uint64_t results[] = {old + operand, old - operand, old & operand, old | operand, old ^ operand, operand};
    put_number(offset, width, results[op]);
    return WRT_OK;
  }
  wrt_status atomic_cmpxchg(uint64_t offset, uint32_t width, uint64_t expected, uint64_t replacement, uint64_t &old) {
    if (wrt_status status = check_atomic(offset, width)) return status;
    count_read(offset, width);
    old = number_at(offset, width);
    if (old != cut(expected, width)) return WRT_OK;
    count_write(offset, width);
    put_number(offset, width, replacement);
    return WRT_OK;
  }

  /// With a timeout of 0.
  wrt_status wait(uint64_t offset, uint32_t width, uint64_t expected, int32_t &result) {
    if (!shared()) return WRT_ERR_UNSUPPORTED;
    uint64_t value = 0;
    if (wrt_status status = atomic_load(offset, width, value)) return status;
    result = value == cut(expected, width) ? 2 : 1;
    return WRT_OK;
  }

  // ---- length

  wrt_status resize(uint64_t new_len) {
    if (new_len == len) return WRT_OK;
    const uint64_t old_len = len;
    const wrt_status status = may_become(new_len);
    if (status == WRT_OK) set_len(new_len);
    return count_change(old_len, new_len, status);
  }
  wrt_status grow(uint64_t delta_pages, uint64_t &old_pages) {
    const uint64_t old_len = len;
    const bool overflows = delta_pages > (UINT64_MAX - len) / page_len;
    if (overflows || len + delta_pages * page_len > max_len) {
      return count_change(len, overflows ? UINT64_MAX : len + delta_pages * page_len, WRT_ERR_LIMIT);
    }
    if (wrt_status status = resize(len + delta_pages * page_len)) return status;
    old_pages = old_len / page_len;
    return WRT_OK;
  }

  // ---- borrows

  wrt_status borrow(uint64_t offset, uint64_t n, uint32_t access) {
    if (shared()) return WRT_ERR_UNSUPPORTED;
    if (wrt_status status = check(offset, n)) return status;
    for (const Borrow &other : borrows) {
      const bool apart = n == 0 || other.n == 0 || offset + n <= other.offset || other.offset + other.n <= offset;
      if (!apart && ((access | other.access) & WRT_BORROW_WRITE) != 0) return WRT_ERR_BUSY;
    }
    if (borrows.size() == kMostBorrows) return WRT_ERR_POOL_EXHAUSTED;
    borrows.push_back({offset, n, access});
    if ((access & WRT_BORROW_READ) != 0) count_read(offset, n);
    if ((access & WRT_BORROW_WRITE) != 0) count_write(offset, n);
    return WRT_OK;
  }
  /// Of several borrows of that range, one.
  wrt_status release(uint64_t offset, uint64_t n) {
    const auto found = std::find_if(borrows.begin(), borrows.end(),
                                    [&](const Borrow &borrow) { return borrow.offset == offset && borrow.n == n; });
    if (found == borrows.end()) return WRT_ERR_INVALID_ARGUMENT;
    borrows.erase(found);
    return WRT_OK;
  }
  long writers() const {
    return std::count_if(borrows.begin(), borrows.end(),
                         [](const Borrow &borrow) { return (borrow.access & WRT_BORROW_WRITE) != 0; });
  }

  /// From STANDARD on every write must be seen.
  wrt_status view() {
    if (checked()) return WRT_ERR_UNSUPPORTED;
    viewed = true;
    return WRT_OK;
  }

  // ---- reports

  wrt_status set_verify(int32_t level) {
    if (level < WRT_VERIFY_DEFAULT || level > WRT_VERIFY_REDUNDANT) return WRT_ERR_INVALID_ARGUMENT;
    if (level >= WRT_VERIFY_STANDARD && (viewed || shared())) return WRT_ERR_UNSUPPORTED;
    if (!borrows.empty()) return WRT_ERR_BUSY;
    if (pool != nullptr && slots(level) > slots(verify)) {
      if (wrt_status status = pool->claim()) return status;
    }
    if (pool != nullptr && slots(level) < slots(verify)) pool->used--;
    verify = level == WRT_VERIFY_DEFAULT ? int32_t{WRT_VERIFY_BASIC} : level;
    was_checked = was_checked || checked();
    return WRT_OK;
  }
  /// How often blocks were checked is not said here: below STANDARD never, and none is ever bad.
  wrt_mem_stats get_stats() const {
    wrt_mem_stats shown{};
    if ((flags & WRT_MEM_TRACK) != 0) shown = stats;
    shown.struct_size = sizeof shown;
    shown.regions = (flags & WRT_MEM_TRACK) != 0 ? regions.size() : 0;
    shown.resizes = stats.resizes;
    shown.resize_failures = stats.resize_failures;
    return shown;
  }
  wrt_mem_history get_history() const {
    wrt_mem_history shown{};
    shown.struct_size = sizeof shown;
    if (!tracked()) return shown;
    shown.count = static_cast<uint32_t>(changes.size());
    std::copy(changes.begin(), changes.end(), shown.changes);
    shown.denied_offset = denied.offset;
    shown.denied_len = denied.n;
    return shown;
  }
  void clear_stats() {
    stats = wrt_mem_stats{};
    regions.clear();
    changes.clear();
    denied = {};
  }

  bool checked() const { return verify >= WRT_VERIFY_STANDARD; }
  bool shared() const { return (flags & WRT_MEM_SHARED) != 0; }
  bool tracked() const { return (flags & WRT_MEM_TRACK) != 0; }

  int32_t tier = 0;
  uint32_t flags = 0;
  int32_t verify = 0;
  uint64_t page_len = 1;
  uint64_t initial_len = 0;
  uint64_t max_len = 0;
  std::string name;
  Budget *budget = nullptr;
  Pool *pool = nullptr;
  ImageRef image;  // what it resets to

  Bytes bytes;  // zero from len on
  uint64_t len = 0;
  uint64_t peak_len = 0;
  std::vector<Borrow> borrows;
  wrt_mem_stats stats{};
  std::set<uint64_t> regions;
  std::deque<wrt_mem_change> changes;  // the last WRT_MEM_CHANGES
  Borrow denied{};
  bool viewed = false;
  bool was_checked = false;  // at STANDARD or above, at some time

  static uint64_t slots(int32_t level) { return level == WRT_VERIFY_REDUNDANT ? 2 : 1; }

 private:
  wrt_status count_change(uint64_t from, uint64_t to, wrt_status status) {
    (status == WRT_OK ? stats.resizes : stats.resize_failures)++;
    if (changes.size() == WRT_MEM_CHANGES) changes.pop_front();
    changes.push_back({from, to, status, 0});
    return status;
  }

  bool inside(uint64_t offset, uint64_t n) const {
    const bool wraps = offset + n < offset;
    return !wraps && offset + n <= len;
  }

  static uint64_t cut(uint64_t value, uint32_t width) {
    return width == 8 ? value : value & ((uint64_t{1} << (8 * width)) - 1);
  }
  uint64_t number_at(uint64_t offset, uint32_t width) const {
    uint8_t raw[8];
    bytes.get(offset, raw, width);
    uint64_t value = 0;
    for (uint32_t i = width; i > 0; i--) value = value << 8 | raw[i - 1];
    return value;
  }
  void put_number(uint64_t offset, uint32_t width, uint64_t value) {
    uint8_t raw[8];
    for (uint32_t i = 0; i < width; i++) raw[i] = static_cast<uint8_t>(value >> (8 * i));
    bytes.put(offset, raw, width);
  }

  wrt_status may_become(uint64_t new_len) {
    if (new_len < len && shared()) return WRT_ERR_UNSUPPORTED;
    if (new_len % page_len != 0) return WRT_ERR_MISALIGNED;
    if (new_len > max_len) return WRT_ERR_LIMIT;
    if (new_len > len && budget != nullptr) {
      if (wrt_status status = budget->would_fit(new_len - len)) return status;
    }
    const bool stays = new_len > len && (flags & kHoldsMax) != 0;
    return borrows.empty() || stays ? WRT_OK : WRT_ERR_BUSY;
  }
  void set_len(uint64_t new_len) {
    if (new_len < len) bytes.clear(new_len, len - new_len);
    if (budget != nullptr && new_len > len) budget->charge(new_len - len);
    if (budget != nullptr && new_len < len) budget->refund(len - new_len);
    len = new_len;
    peak_len = std::max(peak_len, len);
  }

  /// Budget, then resource.
  wrt_status settle_in(Memory &out) {
    if (budget != nullptr) {
      if (wrt_status status = budget->would_fit(len)) return status;
    }
    if (pool != nullptr) {
      if (wrt_status status = pool->claim(slots(verify))) return status;
    }
    if (budget != nullptr) {
      budget->charge(len);
      budget->users++;
    }
    out = std::move(*this);
    return WRT_OK;
  }

  void touch(uint64_t offset, uint64_t n) {
    stats.max_access = std::max(stats.max_access, n);
    if (n == 0 || !tracked()) return;
    for (uint64_t region = offset / kRegion; region <= (offset + n - 1) / kRegion; region++) regions.insert(region);
  }
  void count_read(uint64_t offset, uint64_t n) {
    stats.reads++;
    stats.bytes_read += n;
    touch(offset, n);
  }
  void count_write(uint64_t offset, uint64_t n) {
    stats.writes++;
    stats.bytes_written += n;
    touch(offset, n);
  }
};

}  // namespace model

#endif  // WRTMEM_TESTS_PROPERTY_MODEL_HPP
