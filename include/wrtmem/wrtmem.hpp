/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * @file wrtmem.hpp
 * @brief Owners and results for C++17 over the C ABI of wrtmem.h; header-only, no exceptions, no RTTI.
 *
 * - A call returns a wrt::Status, or a wrt::Result with a status and a value. Both warn when dropped.
 * - wrt::Memory, wrt::Pool, wrt::Budget and wrt::Image own a handle: movable, not copyable, destroyed at the end
 *   of their scope.
 * - A wrt::Borrow gives its bytes back at the end of its scope.
 *
 * What a call does, when it fails, its threads and its cost stand at the C function of the same name in wrtmem.h.
 * What outlives what stands there too; declared in the order pool, budget, memory, borrow, the destructors keep it:
 * an owner that is still in use when its destructor runs cannot be destroyed, and its handle is lost.
 */
#ifndef WRTMEM_WRTMEM_HPP
#define WRTMEM_WRTMEM_HPP

#include <stddef.h>
#include <stdint.h>

#include <type_traits>
#include <utility>

#include "inline.h"
#include "wrtmem.h"

namespace wrt {
/** Keeps the symbols of this header apart from the library's own. */
inline namespace abi0 {

/** How a call ended. */
class [[nodiscard]] Status {
 public:
  /** Done. */
  constexpr Status() noexcept = default;
  /** A status of the C ABI: #WRT_OK or a WRT_ERR_ number. */
  constexpr Status(wrt_status code) noexcept : code_(code) {}

  /** True for #WRT_OK. */
  [[nodiscard]] constexpr bool ok() const noexcept { return code_ == WRT_OK; }
  /** The number. */
  [[nodiscard]] constexpr wrt_status code() const noexcept { return code_; }
  /** The identifier, such as "WRT_ERR_BUSY". */
  [[nodiscard]] const char *name() const noexcept { return wrt_status_name(code_); }
  /** A sentence that says what it means. */
  [[nodiscard]] const char *message() const noexcept { return wrt_status_message(code_); }

  /** The same number? */
  friend constexpr bool operator==(Status a, Status b) noexcept { return a.code_ == b.code_; }
  /** Another number? */
  friend constexpr bool operator!=(Status a, Status b) noexcept { return a.code_ != b.code_; }

 private:
  wrt_status code_ = WRT_OK;
};

/** How a call ended, and what it gave. Of a call that failed, the value is an empty `T`. */
template <class T>
class [[nodiscard]] Result {
 public:
  /** A status and the value that came with it. */
  constexpr Result(Status status, T value) noexcept : status_(status), value_(std::move(value)) {}

  /** True for #WRT_OK. */
  [[nodiscard]] constexpr bool ok() const noexcept { return status_.ok(); }
  /** How the call ended. */
  constexpr Status status() const noexcept { return status_; }
  /** What it gave. */
  [[nodiscard]] constexpr T &value() &noexcept { return value_; }
  /** What it gave. */
  [[nodiscard]] constexpr const T &value() const &noexcept { return value_; }
  /** What it gave, to move from. */
  [[nodiscard]] constexpr T &&value() &&noexcept { return std::move(value_); }
  /** What it gave, or `other` when it failed. */
  [[nodiscard]] constexpr T value_or(T other) &&noexcept { return ok() ? std::move(value_) : std::move(other); }

 private:
  Status status_;
  T value_;
};

/** Where a memory's bytes come from. */
enum class Tier : int32_t {
  kDefault = WRT_TIER_DEFAULT, /**< See #WRT_TIER_DEFAULT. */
  kStd = WRT_TIER_STD,         /**< The operating system. */
  kAlloc = WRT_TIER_ALLOC,     /**< An allocator. */
  kStatic = WRT_TIER_STATIC    /**< A slot of a pool. */
};

/** How much a memory checks of itself. */
enum class Verify : int32_t {
  kDefault = WRT_VERIFY_DEFAULT,    /**< BASIC. */
  kOff = WRT_VERIFY_OFF,            /**< Bounds alone. */
  kBasic = WRT_VERIFY_BASIC,        /**< Also the control block. */
  kStandard = WRT_VERIFY_STANDARD,  /**< A CRC-32C for each block, kept current by every write. */
  kSampling = WRT_VERIFY_SAMPLING,  /**< Also checks the blocks of every Nth access. */
  kFull = WRT_VERIFY_FULL,          /**< Also checks the blocks of every access. */
  kRedundant = WRT_VERIFY_REDUNDANT /**< Also keeps a second copy, and mends from it. */
};

/** What an atomic read-modify-write does. */
enum class AtomicOp : int32_t {
  kAdd = WRT_ATOMIC_ADD,  /**< old + operand. */
  kSub = WRT_ATOMIC_SUB,  /**< old - operand. */
  kAnd = WRT_ATOMIC_AND,  /**< old & operand. */
  kOr = WRT_ATOMIC_OR,    /**< old | operand. */
  kXor = WRT_ATOMIC_XOR,  /**< old ^ operand. */
  kXchg = WRT_ATOMIC_XCHG /**< operand. */
};

/** Owns one handle of the C ABI; the base of Memory, Pool, Budget and Image. */
template <class Token, wrt_status (*Destroy)(Token *)>
class Handle {
 public:
  /** Owns nothing. */
  Handle() noexcept = default;
  /** Takes over a handle of the C ABI. */
  explicit Handle(Token *token) noexcept : token_(token) {}
  Handle(const Handle &) = delete;
  Handle &operator=(const Handle &) = delete;
  /** Takes over what `other` owns. */
  Handle(Handle &&other) noexcept : token_(other.detach()) {}
  /** Destroys what it owns and takes over what `other` owns. */
  Handle &operator=(Handle &&other) noexcept {
    if (this == &other) return *this;
    static_cast<void>(destroy());
    token_ = other.detach();
    return *this;
  }
  /** Destroys what it owns. */
  ~Handle() noexcept { static_cast<void>(destroy()); }

  /** Whether it owns anything. */
  [[nodiscard]] explicit operator bool() const noexcept { return token_ != nullptr; }
  /** The handle, for calls of the C ABI; stays owned. */
  [[nodiscard]] Token *get() const noexcept { return token_; }
  /** The handle, or one that was never issued if it owns nothing, where the C ABI takes NULL for "none". */
  [[nodiscard]] Token *get_or_invalid() const noexcept {
    return token_ != nullptr ? token_ : reinterpret_cast<Token *>(UINTPTR_MAX);
  }
  /** The handle, which the caller has to destroy from now on. */
  [[nodiscard]] Token *detach() noexcept { return std::exchange(token_, nullptr); }
  /** Destroys what it owns, now, and says how that ended; on #WRT_ERR_BUSY it owns it still. */
  Status destroy() noexcept {
    const Status status = Destroy(token_);
    if (status != WRT_ERR_BUSY) token_ = nullptr;
    return status;
  }

 private:
  Token *token_ = nullptr;
};

/** Storage cut into slots, for memories of the STATIC tier. Must outlive them. */
class Pool : public Handle<wrt_pool, wrt_pool_destroy> {
 public:
  using Handle::Handle;

  /** The bytes of storage that `slots` slots of `slot_len` bytes take. */
  static Result<size_t> storage_len(size_t slot_len, size_t slots) noexcept {
    size_t len = 0;
    const Status status = wrt_pool_storage_len(slot_len, slots, &len);
    return {status, len};
  }
  /** A pool in the caller's storage, which it alone uses until it is destroyed. */
  static Result<Pool> create(void *storage, size_t storage_len, size_t slot_len) noexcept {
    wrt_pool *pool = nullptr;
    const Status status = wrt_pool_create(storage, storage_len, slot_len, &pool);
    return {status, Pool(pool)};
  }
  /** What it is at the moment. */
  Result<wrt_pool_info> info() const noexcept {
    wrt_pool_info info{};
    info.struct_size = sizeof info;
    const Status status = wrt_pool_get_info(get(), &info);
    return {status, info};
  }
};

/** One bound over the lengths of many memories. Must outlive them, and the budgets under it. */
class Budget : public Handle<wrt_budget, wrt_budget_destroy> {
 public:
  using Handle::Handle;

  /** A budget of `limit` bytes. */
  static Result<Budget> create(uint64_t limit) noexcept { return create_under(limit, nullptr); }
  /** A budget of `limit` bytes within `parent`. */
  static Result<Budget> create(uint64_t limit, const Budget &parent) noexcept {
    return create_under(limit, parent.get_or_invalid());
  }
  /** What it is at the moment. */
  Result<wrt_budget_info> info() const noexcept {
    wrt_budget_info info{};
    info.struct_size = sizeof info;
    const Status status = wrt_budget_get_info(get(), &info);
    return {status, info};
  }

 private:
  static Result<Budget> create_under(uint64_t limit, wrt_budget *parent) noexcept {
    wrt_budget *budget = nullptr;
    const Status status = wrt_budget_create(limit, parent, &budget);
    return {status, Budget(budget)};
  }
};

/** Frozen contents, that memories start as and reset to. */
class Image : public Handle<wrt_image, wrt_image_destroy> {
 public:
  using Handle::Handle;

  /** Loads an image from what `read` gives; `where` may be null. */
  static Result<Image> load(const wrt_mem_config *where, wrt_read_fn read, void *context) noexcept {
    wrt_image *image = nullptr;
    const Status status = wrt_image_load(where, read, context, &image);
    return {status, Image(image)};
  }
  /** Saves it through `write`. */
  Status save(wrt_write_fn write, void *context) const noexcept { return wrt_image_save(get(), write, context); }
  /** What it is. */
  Result<wrt_image_info> info() const noexcept {
    wrt_image_info info{};
    info.struct_size = sizeof info;
    const Status status = wrt_image_get_info(get(), &info);
    return {status, info};
  }
};

/**
 * How a memory is made. Each setter returns the config, so that they can be chained.
 *
 * A pool, budget or image that owns nothing is not "none": create() answers #WRT_ERR_INVALID_HANDLE.
 */
class MemoryConfig {
 public:
  /** Where its bytes come from. */
  MemoryConfig &tier(Tier tier) noexcept { return set(config_.tier, static_cast<int32_t>(tier)); }
  /** Length at creation, in bytes. */
  MemoryConfig &initial_len(uint64_t len) noexcept { return set(config_.initial_len, len); }
  /** Greatest length, in bytes; 0 means the tier's default. */
  MemoryConfig &max_len(uint64_t len) noexcept { return set(config_.max_len, len); }
  /** What every length is a multiple of, in bytes. */
  MemoryConfig &page_len(uint64_t len) noexcept { return set(config_.page_len, len); }
  /** Both lengths in WebAssembly's pages of 64 KiB, and the maximum as written, 0 too. */
  MemoryConfig &wasm_pages(uint64_t initial, uint64_t max) noexcept {
    return page_len(kWasmPage).initial_len(wasm_len(initial)).max_len(wasm_len(max)).add_flags(WRT_MEM_EXACT_MAX);
  }
  /** More WRT_MEM_ bits. */
  MemoryConfig &add_flags(uint32_t flags) noexcept { return set(config_.flags, config_.flags | flags); }
  /** The base never moves. */
  MemoryConfig &stable() noexcept { return add_flags(WRT_MEM_STABLE); }
  /** Accesses are counted. */
  MemoryConfig &track() noexcept { return add_flags(WRT_MEM_TRACK); }
  /** How much it checks of itself. */
  MemoryConfig &verify(Verify level) noexcept { return set(config_.verify, static_cast<int32_t>(level)); }
  /** SAMPLING: every so many accesses. */
  MemoryConfig &sample_interval(uint32_t accesses) noexcept { return set(config_.sample_interval, accesses); }
  /** ALLOC: the caller's allocator, which is copied; its context must outlive the memory. */
  MemoryConfig &allocator(const wrt_allocator &allocator) noexcept {
    allocator_ = allocator;
    has_allocator_ = true;
    return *this;
  }
  /** STATIC: the pool. */
  MemoryConfig &pool(const Pool &pool) noexcept { return set(config_.pool, pool.get_or_invalid()); }
  /** The budget that its length is charged to. */
  MemoryConfig &budget(const Budget &budget) noexcept { return set(config_.budget, budget.get_or_invalid()); }
  /** First contents and length. */
  MemoryConfig &image(const Image &image) noexcept { return set(config_.image, image.get_or_invalid()); }
  /** A name for reports; it must live until create() returns. */
  MemoryConfig &name(const char *name) noexcept { return set(config_.name, name); }
  /** STD: address space to hold, in bytes. */
  MemoryConfig &reserve_len(uint64_t len) noexcept { return set(config_.reserve_len, len); }
  /** STD with GUARD: bytes behind the reservation that fault. */
  MemoryConfig &guard_len(uint64_t len) noexcept { return set(config_.guard_len, len); }

  /** The struct of the C ABI; valid while this config is. */
  [[nodiscard]] wrt_mem_config get() const noexcept {
    wrt_mem_config config = config_;
    if (has_allocator_) config.allocator = &allocator_;
    return config;
  }

 private:
  static constexpr uint64_t kWasmPage = 65536;
  static constexpr uint64_t kMostPages = UINT64_MAX / kWasmPage;

  // More pages than 64 bits of bytes hold are beyond every limit anyhow.
  static constexpr uint64_t wasm_len(uint64_t pages) noexcept {
    return (pages < kMostPages ? pages : kMostPages) * kWasmPage;
  }

  template <class Member, class Value>
  MemoryConfig &set(Member &member, Value value) noexcept {
    member = value;
    return *this;
  }

  wrt_mem_config config_ = WRT_MEM_CONFIG_INIT;
  wrt_allocator allocator_{};
  bool has_allocator_ = false;
};

/** Bytes lent by a memory, given back at the end of the scope. Must end before the memory does. */
template <class Byte>
class [[nodiscard]] Borrow {
 public:
  /** Nothing borrowed. */
  Borrow() noexcept = default;
  /** Takes over a borrow of the C ABI. */
  Borrow(wrt_mem *mem, Byte *data, uint64_t n) noexcept : mem_(mem), data_(data), size_(static_cast<size_t>(n)) {}
  Borrow(const Borrow &) = delete;
  Borrow &operator=(const Borrow &) = delete;
  /** Takes over what `other` holds. */
  Borrow(Borrow &&other) noexcept { take(other); }
  /** Gives back what it holds and takes over what `other` holds. */
  Borrow &operator=(Borrow &&other) noexcept {
    if (this == &other) return *this;
    static_cast<void>(release());
    take(other);
    return *this;
  }
  /** Gives back what it holds. */
  ~Borrow() noexcept { static_cast<void>(release()); }

  /** Gives the bytes back, now; of nothing borrowed, #WRT_OK. */
  Status release() noexcept {
    if (mem_ == nullptr) return WRT_OK;
    const Status status = wrt_mem_release(mem_, data_, size_);
    mem_ = nullptr;
    data_ = nullptr;
    size_ = 0;
    return status;
  }

  /** Whether anything is borrowed. */
  [[nodiscard]] explicit operator bool() const noexcept { return mem_ != nullptr; }
  /** First byte. */
  [[nodiscard]] Byte *data() const noexcept { return data_; }
  /** How many bytes. */
  [[nodiscard]] size_t size() const noexcept { return size_; }
  /** First byte. */
  [[nodiscard]] Byte *begin() const noexcept { return data_; }
  /** Behind the last byte. */
  [[nodiscard]] Byte *end() const noexcept { return data_ + size_; }
  /** The byte at `index`, which must be below size(). */
  [[nodiscard]] Byte &operator[](size_t index) const noexcept { return data_[index]; }

 private:
  void take(Borrow &other) noexcept {
    mem_ = std::exchange(other.mem_, nullptr);
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, size_t{0});
  }

  wrt_mem *mem_ = nullptr;
  Byte *data_ = nullptr;
  size_t size_ = 0;
};

/** A borrow to read from. */
using ReadBorrow = Borrow<const uint8_t>;
/** A borrow to write to. */
using WriteBorrow = Borrow<uint8_t>;

/** @cond the unsigned integer of so many bytes */
template <size_t Bytes>
struct UnsignedOf {};
template <>
struct UnsignedOf<1> {
  using Type = uint8_t;
};
template <>
struct UnsignedOf<2> {
  using Type = uint16_t;
};
template <>
struct UnsignedOf<4> {
  using Type = uint32_t;
};
template <>
struct UnsignedOf<8> {
  using Type = uint64_t;
};
/** @endcond */

/** A memory's live descriptor, for checked access without a call. Ends with the memory. */
class View {
 public:
  /** No view. */
  View() noexcept = default;
  /** A view of the C ABI. */
  explicit View(const wrt_view *view) noexcept : view_(view) {}

  /** The view of the C ABI, or null. */
  [[nodiscard]] const wrt_view *get() const noexcept { return view_; }
  /** Whether `n` bytes at `offset` are inside. */
  Status check(uint64_t offset, uint64_t n) const noexcept { return wrt_view_check(view_, offset, n); }

  /** Loads a little-endian integer of 1, 2, 4 or 8 bytes. */
  template <class T>
  Result<T> load(uint64_t offset) const noexcept {
    static_assert(std::is_integral_v<T> && !std::is_same_v<T, bool>, "an integer");
    typename UnsignedOf<sizeof(T)>::Type value = 0;
    const Status status = load_bytes(offset, &value);
    return {status, static_cast<T>(value)};
  }
  /** Stores a little-endian integer of 1, 2, 4 or 8 bytes. */
  template <class T>
  Status store(uint64_t offset, T value) const noexcept {
    static_assert(std::is_integral_v<T> && !std::is_same_v<T, bool>, "an integer");
    return store_bytes(offset, static_cast<typename UnsignedOf<sizeof(T)>::Type>(value));
  }

 private:
  Status load_bytes(uint64_t offset, uint8_t *out) const noexcept { return wrt_view_load_u8(view_, offset, out); }
  Status load_bytes(uint64_t offset, uint16_t *out) const noexcept { return wrt_view_load_u16(view_, offset, out); }
  Status load_bytes(uint64_t offset, uint32_t *out) const noexcept { return wrt_view_load_u32(view_, offset, out); }
  Status load_bytes(uint64_t offset, uint64_t *out) const noexcept { return wrt_view_load_u64(view_, offset, out); }
  Status store_bytes(uint64_t offset, uint8_t value) const noexcept { return wrt_view_store_u8(view_, offset, value); }
  Status store_bytes(uint64_t offset, uint16_t value) const noexcept {
    return wrt_view_store_u16(view_, offset, value);
  }
  Status store_bytes(uint64_t offset, uint32_t value) const noexcept {
    return wrt_view_store_u32(view_, offset, value);
  }
  Status store_bytes(uint64_t offset, uint64_t value) const noexcept {
    return wrt_view_store_u64(view_, offset, value);
  }

  const wrt_view *view_ = nullptr;
};

/** A linear memory. */
class Memory : public Handle<wrt_mem, wrt_mem_destroy> {
 public:
  using Handle::Handle;

  /** @name Life */
  /** @{ */
  /** A memory of `initial_len` zero bytes that can grow to `max_len`. */
  static Result<Memory> create(Tier tier, uint64_t initial_len, uint64_t max_len) noexcept {
    wrt_mem *mem = nullptr;
    const Status status = wrt_mem_create(static_cast<int32_t>(tier), initial_len, max_len, &mem);
    return {status, Memory(mem)};
  }
  /** A memory as `config` says. */
  static Result<Memory> create(const MemoryConfig &config) noexcept {
    wrt_mem *mem = nullptr;
    const wrt_mem_config c = config.get();
    const Status status = wrt_mem_create_config(&c, &mem);
    return {status, Memory(mem)};
  }
  /** A memory with the same configuration and bytes. */
  Result<Memory> clone() const noexcept {
    wrt_mem *mem = nullptr;
    const Status status = wrt_mem_clone(get(), &mem);
    return {status, Memory(mem)};
  }
  /** Frozen contents, that memories start as and reset to. */
  Result<Image> freeze() const noexcept {
    wrt_image *image = nullptr;
    const Status status = wrt_image_create(get(), &image);
    return {status, Image(image)};
  }
  /** Takes it back to what it was at creation. */
  Status reset() noexcept { return wrt_mem_reset(get()); }
  /** @} */

  /** @name Access by copy */
  /** @{ */
  /** The length in bytes. */
  Result<uint64_t> len() const noexcept {
    uint64_t len = 0;
    const Status status = wrt_mem_len(get(), &len);
    return {status, len};
  }
  /** Whether `n` bytes at `offset` are inside. */
  Status check(uint64_t offset, uint64_t n) const noexcept { return wrt_mem_check(get(), offset, n); }
  /** Copies `n` bytes at `offset` to `dst`. */
  Status read(uint64_t offset, void *dst, size_t n) const noexcept { return wrt_mem_read(get(), offset, dst, n); }
  /** Copies `n` bytes at `src` to `offset`. */
  Status write(uint64_t offset, const void *src, size_t n) noexcept { return wrt_mem_write(get(), offset, src, n); }
  /** Sets `n` bytes at `offset` to `value`. */
  Status fill(uint64_t offset, uint8_t value, uint64_t n) noexcept { return wrt_mem_fill(get(), offset, value, n); }
  /** Copies `n` bytes of `src`, which may be this memory, to `offset`. */
  Status copy_from(uint64_t offset, const Memory &src, uint64_t src_offset, uint64_t n) noexcept {
    return wrt_mem_copy(get(), offset, src.get(), src_offset, n);
  }
  /** Whether both have the same length and bytes. */
  Result<bool> equal(const Memory &other) const noexcept {
    int32_t equal = 0;
    const Status status = wrt_mem_equal(get(), other.get(), &equal);
    return {status, equal != 0};
  }
  /** @} */

  /** @name Length */
  /** @{ */
  /** Sets the length in bytes. */
  Status resize(uint64_t new_len) noexcept { return wrt_mem_resize(get(), new_len); }
  /** Grows by pages and gives the old length in pages. */
  Result<uint64_t> grow(uint64_t delta_pages) noexcept {
    uint64_t old_pages = 0;
    const Status status = wrt_mem_grow(get(), delta_pages, &old_pages);
    return {status, old_pages};
  }
  /** Makes `n` bytes at `offset` zero and gives whole host pages back. */
  Status discard(uint64_t offset, uint64_t n) noexcept { return wrt_mem_discard(get(), offset, n); }
  /** @} */

  /** @name Access without a copy */
  /** @{ */
  /** The live descriptor. */
  Result<View> view() noexcept {
    const wrt_view *view = nullptr;
    const Status status = wrt_mem_view(get(), &view);
    return {status, View(view)};
  }
  /** Lends `n` bytes at `offset` to read. */
  Result<ReadBorrow> borrow_read(uint64_t offset, uint64_t n) noexcept {
    return borrow<const uint8_t>(offset, n, WRT_BORROW_READ);
  }
  /** Lends `n` bytes at `offset` to write. */
  Result<WriteBorrow> borrow_write(uint64_t offset, uint64_t n) noexcept {
    return borrow<uint8_t>(offset, n, WRT_BORROW_WRITE);
  }
  /** Lends `n` bytes at `offset` to read and write. */
  Result<WriteBorrow> borrow_read_write(uint64_t offset, uint64_t n) noexcept {
    return borrow<uint8_t>(offset, n, WRT_BORROW_READ | WRT_BORROW_WRITE);
  }
  /** @} */

  /** @name Integrity, and what happened */
  /** @{ */
  /** Checks what it keeps; on #WRT_ERR_CORRUPT `first_bad`, unless null, may become the offset of the first bad block.
   */
  Status verify(uint64_t *first_bad = nullptr) noexcept { return wrt_mem_verify(get(), first_bad); }
  /** Changes how much it checks of itself. */
  Status set_verify(Verify level) noexcept { return wrt_mem_set_verify(get(), static_cast<int32_t>(level)); }
  /** What it is at the moment. */
  Result<wrt_mem_info> info() const noexcept {
    wrt_mem_info info{};
    info.struct_size = sizeof info;
    const Status status = wrt_mem_get_info(get(), &info);
    return {status, info};
  }
  /** What happened to it so far. */
  Result<wrt_mem_stats> stats() const noexcept {
    wrt_mem_stats stats{};
    stats.struct_size = sizeof stats;
    const Status status = wrt_mem_get_stats(get(), &stats);
    return {status, stats};
  }
  /** The last changes of its length and the last denied access, with WRT_MEM_TRACK. */
  Result<wrt_mem_history> history() const noexcept {
    wrt_mem_history history{};
    history.struct_size = sizeof history;
    const Status status = wrt_mem_get_history(get(), &history);
    return {status, history};
  }
  /** Sets the numbers of stats() back to 0 and empties history(). */
  Status clear_stats() noexcept { return wrt_mem_clear_stats(get()); }
  /** @} */

  /** @name Atomic access, of 1, 2, 4 or 8 bytes */
  /** @{ */
  /** Loads. */
  template <class T>
  Result<T> atomic_load(uint64_t offset) const noexcept {
    uint64_t value = 0;
    const Status status = wrt_mem_atomic_load(get(), offset, width<T>(), &value);
    return {status, static_cast<T>(value)};
  }
  /** Stores. */
  template <class T>
  Status atomic_store(uint64_t offset, T value) noexcept {
    return wrt_mem_atomic_store(get(), offset, width<T>(), static_cast<uint64_t>(value));
  }
  /** Combines with `operand` and gives the old value. */
  template <class T>
  Result<T> atomic_rmw(uint64_t offset, AtomicOp op, T operand) noexcept {
    uint64_t old = 0;
    const Status status =
        wrt_mem_atomic_rmw(get(), offset, width<T>(), static_cast<int32_t>(op), static_cast<uint64_t>(operand), &old);
    return {status, static_cast<T>(old)};
  }
  /** Stores `replacement` if it holds `expected`, and gives the old value either way. */
  template <class T>
  Result<T> atomic_cmpxchg(uint64_t offset, T expected, T replacement) noexcept {
    uint64_t old = 0;
    const Status status = wrt_mem_atomic_cmpxchg(get(), offset, width<T>(), static_cast<uint64_t>(expected),
                                                 static_cast<uint64_t>(replacement), &old);
    return {status, static_cast<T>(old)};
  }
  /** Sleeps until woken: 0 woken, 1 not equal, 2 timed out. */
  template <class T>
  Result<int32_t> wait(uint64_t offset, T expected, int64_t timeout_ns) noexcept {
    int32_t result = 0;
    const Status status = wrt_mem_wait(get(), offset, width<T>(), static_cast<uint64_t>(expected), timeout_ns, &result);
    return {status, result};
  }
  /** Wakes up to `count` threads and says how many. */
  Result<uint32_t> notify(uint64_t offset, uint32_t count) noexcept {
    uint32_t woken = 0;
    const Status status = wrt_mem_notify(get(), offset, count, &woken);
    return {status, woken};
  }
  /** @} */

 private:
  template <class T>
  static constexpr uint32_t width() noexcept {
    static_assert(std::is_integral_v<T> && !std::is_same_v<T, bool>, "an integer");
    return static_cast<uint32_t>(sizeof(T));
  }

  template <class Byte>
  Result<Borrow<Byte>> borrow(uint64_t offset, uint64_t n, uint32_t access) noexcept {
    void *data = nullptr;
    const Status status = wrt_mem_borrow(get(), offset, n, access, &data);
    if (!status.ok()) return {status, Borrow<Byte>()};
    return {status, Borrow<Byte>(get(), static_cast<Byte *>(data), n)};
  }
};

/** @cond whether an allocator can make blocks larger or smaller */
template <class A, class = void>
struct HasReallocate : std::false_type {};
template <class A>
struct HasReallocate<A, std::void_t<decltype(std::declval<A &>().reallocate(nullptr, size_t{}, size_t{}, size_t{}))>>
    : std::true_type {};
/** @endcond */

/**
 * The C ABI's allocator over an object, for MemoryConfig::allocator(). The object must outlive the memories.
 *
 * It needs `void *allocate(size_t size, size_t alignment)` and `void deallocate(void *block, size_t size, size_t
 * alignment)`; it may have `void *reallocate(void *block, size_t old_size, size_t new_size, size_t alignment)`. All of
 * them `noexcept`; they refuse by a null pointer.
 */
template <class A>
[[nodiscard]] wrt_allocator allocator_over(A &object) noexcept {
  static_assert(noexcept(object.allocate(size_t{}, size_t{})), "no exception may cross the C ABI");
  static_assert(noexcept(object.deallocate(nullptr, size_t{}, size_t{})), "no exception may cross the C ABI");
  wrt_allocator allocator{};
  allocator.struct_size = sizeof allocator;
  allocator.context = &object;
  allocator.allocate = [](void *context, size_t size, size_t alignment) noexcept -> void * {
    return static_cast<A *>(context)->allocate(size, alignment);
  };
  allocator.deallocate = [](void *context, void *block, size_t size, size_t alignment) noexcept {
    static_cast<A *>(context)->deallocate(block, size, alignment);
  };
  if constexpr (HasReallocate<A>::value) {
    static_assert(noexcept(object.reallocate(nullptr, size_t{}, size_t{}, size_t{})),
                  "no exception may cross the C ABI");
    allocator.reallocate = [](void *context, void *block, size_t old_size, size_t new_size,
                              size_t alignment) noexcept -> void * {
      return static_cast<A *>(context)->reallocate(block, old_size, new_size, alignment);
    };
  }
  return allocator;
}

/** Whose memory an address lies in. */
struct Fault {
  wrt_mem *mem = nullptr; /**< The handle, which stays its owner's. */
  uint64_t offset = 0;    /**< Where in it; may be past its length. */
};

/** Finds whose memory an address lies in; safe in signal handlers. */
inline Result<Fault> find_fault(const void *address) noexcept {
  Fault fault;
  const Status status = wrt_fault_find(address, &fault.mem, &fault.offset);
  return {status, fault};
}

/** What this build offers of a tier. */
inline Result<wrt_tier_info> tier_info(Tier tier) noexcept {
  wrt_tier_info info{};
  info.struct_size = sizeof info;
  const Status status = wrt_tier_get_info(static_cast<int32_t>(tier), &info);
  return {status, info};
}

/** The name of a tier, such as "std". */
[[nodiscard]] inline const char *tier_name(Tier tier) noexcept { return wrt_tier_name(static_cast<int32_t>(tier)); }

/** Whether what this build offers works. */
inline Status selftest() noexcept { return wrt_selftest(); }

/** Gives what is kept for later memories back to the system. */
inline Status trim() noexcept { return wrt_trim(); }

}  // namespace abi0
}  // namespace wrt

#endif /* WRTMEM_WRTMEM_HPP */
