/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * @file bounded.hpp
 * @brief Containers of a fixed capacity whose items lie in a memory's bytes; C++20, header-only, no heap, no
 * exceptions, no RTTI.
 *
 * A container is a handle of two words, a provider and an offset: all that it holds lies in the provider's bytes, so
 * that the memory's levels of verification cover it, an image contains it, and it can be opened again where it was.
 * Copies of the handle mean the same container. The provider must outlive it and stay where it is.
 *
 *     wrt::Memory memory = ...;
 *     auto made = wrt::BoundedMap<uint32_t, int64_t, 100, wrt::Memory>::create(memory, 4096);
 *     if (!made.ok()) return made.status();
 *     wrt::Status status = made.value().put(7, -1);
 *
 * **Layout**, the same on every machine: a head of 32 bytes, then `capacity` places for items. All numbers are
 * little-endian.
 *
 * | at | bytes | what |
 * |----|-------|------|
 * | 0  | 4 | "WB", a letter for the kind of container, the digit 1 |
 * | 4  | 4 | bytes of an item; 0 for bits |
 * | 8  | 8 | capacity |
 * | 16 | 8 | items that are in it; of bits, the capacity |
 * | 24 | 8 | of a queue or deque, the place of its first item; of a map, the bytes of a key; else 0 |
 *
 * **Statuses that every call can give**
 * - #WRT_ERR_INVALID_HANDLE: the handle was made by no create() and no open(), or its memory is destroyed
 * - #WRT_ERR_OUT_OF_BOUNDS: the provider has become too short for the container
 * - #WRT_ERR_CORRUPT: the head is not one of this type, the bytes of an item are not one, or the memory's own checks
 *   found something. What the head says is never believed: no access lies outside the container's bytes.
 *
 * #WRT_ERR_LIMIT is a container that is full. An index that is not below size(), and an item taken from an empty
 * container, are #WRT_ERR_OUT_OF_BOUNDS too.
 *
 * A call that the container refuses changes nothing. Items are written before the head that counts them: when the
 * provider itself fails inside a call (a block that went bad meanwhile), the head is as before, and items at and
 * behind the place of the call may have been moved.
 *
 * **Cost** is in items that are read or written. Each call also reads the head; one that changes it writes 16 bytes of
 * it. Threads: as the provider.
 */
#ifndef WRTMEM_BOUNDED_HPP
#define WRTMEM_BOUNDED_HPP

#include <array>
#include <bit>
#include <concepts>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "wrtmem.hpp"

namespace wrt {
inline namespace abi0 {

/**
 * Bytes that can be looked at in place: the library's own C++ providers.
 *
 * `read_bytes` gives a struct of a `status` and a `value` with data(); `write_bytes` also takes bytes of the provider
 * itself, overlapping or not. Neither touches a byte unless all are inside.
 */
template <class P>
concept ViewedBytes = requires(P &bytes, const P &reader, uint64_t n, std::span<const uint8_t> data) {
  { reader.len() } -> std::same_as<uint64_t>;
  { reader.read_bytes(n, n).status } -> std::convertible_to<Status>;
  { reader.read_bytes(n, n).value.data() } -> std::convertible_to<const uint8_t *>;
  { bytes.write_bytes(n, data) } -> std::convertible_to<Status>;
  { bytes.resize(n) } -> std::convertible_to<Status>;
};

/** Bytes that are copied in and out: wrt::Memory. The functions of the same names there say what is meant. */
template <class P>
concept CopiedBytes = requires(P &bytes, const P &reader, uint64_t n, void *to, const void *from, size_t size) {
  { reader.len() } -> std::same_as<Result<uint64_t>>;
  { reader.read(n, to, size) } -> std::convertible_to<Status>;
  { bytes.write(n, from, size) } -> std::convertible_to<Status>;
  { bytes.copy_from(n, reader, n, n) } -> std::convertible_to<Status>;
  { bytes.resize(n) } -> std::convertible_to<Status>;
};

/** What a container can lie in. */
template <class P>
concept ByteProvider = ViewedBytes<P> || CopiedBytes<P>;

/**
 * How a T becomes bytes: `kLen` of them, `encode(value, to)`, and `decode(from, value)`, which says whether they are a
 * T at all.
 *
 * There for integers, enumerations with a fixed underlying type, bool, float, double, and std::array of what has a
 * codec. For a struct of yours:
 *
 *     template <>
 *     struct wrt::Codec<Point> : wrt::FieldsCodec<Point, &Point::x, &Point::y> {};
 *
 * An integer takes sizeof(T) bytes. For containers that move between machines, use types of a fixed width.
 */
template <class T>
struct Codec;

/** What a container can hold. */
template <class T>
concept Encodable = std::default_initializable<T> && std::copyable<T> &&
    requires(const T &value, T &out, const uint8_t *from, uint8_t *to) {
  requires(Codec<T>::kLen > 0 && Codec<T>::kLen <= UINT32_MAX / 2);
  Codec<T>::encode(value, to);
  { Codec<T>::decode(from, out) } -> std::same_as<bool>;
};

/** Little-endian, two's complement. */
template <class T>
requires(std::is_integral_v<T> && !std::is_same_v<T, bool> && sizeof(T) <= 8) struct Codec<T> {
  /** Bytes of one. */
  static constexpr size_t kLen = sizeof(T);
  /** Cost: O(1). */
  static constexpr void encode(T value, uint8_t *to) noexcept {
    const auto bits = static_cast<uint64_t>(value);
    for (size_t i = 0; i < kLen; i++) to[i] = static_cast<uint8_t>(bits >> (8 * i));
  }
  /** Always true. Cost: O(1). */
  static constexpr bool decode(const uint8_t *from, T &value) noexcept {
    uint64_t bits = 0;
    for (size_t i = 0; i < kLen; i++) bits |= uint64_t{from[i]} << (8 * i);
    value = static_cast<T>(bits);
    return true;
  }
};

/** 0 or 1. */
template <>
struct Codec<bool> {
  /** Bytes of one. */
  static constexpr size_t kLen = 1;
  /** Cost: O(1). */
  static constexpr void encode(bool value, uint8_t *to) noexcept { *to = value ? 1 : 0; }
  /** False for any other byte. Cost: O(1). */
  static constexpr bool decode(const uint8_t *from, bool &value) noexcept {
    value = *from == 1;
    return *from <= 1;
  }
};

/** As the underlying type, which must be fixed: only then is each of its values one of T. */
template <class T>
requires(std::is_enum_v<T> &&requires(std::underlying_type_t<T> n) { T{n}; }) struct Codec<T> {
  /** The underlying type. */
  using Number = std::underlying_type_t<T>;
  /** Bytes of one. */
  static constexpr size_t kLen = Codec<Number>::kLen;
  /** Cost: O(1). */
  static constexpr void encode(T value, uint8_t *to) noexcept { Codec<Number>::encode(static_cast<Number>(value), to); }
  /** As of the underlying type. Cost: O(1). */
  static constexpr bool decode(const uint8_t *from, T &value) noexcept {
    Number number{};
    if (!Codec<Number>::decode(from, number)) return false;
    value = static_cast<T>(number);
    return true;
  }
};

/** The bits of IEC 60559, those of a NaN too. */
template <class T>
requires(std::is_same_v<T, float> || std::is_same_v<T, double>) struct Codec<T> {
  static_assert(std::numeric_limits<T>::is_iec559);
  /** The integer of as many bits. */
  using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
  /** Bytes of one. */
  static constexpr size_t kLen = sizeof(T);
  /** Cost: O(1). */
  static constexpr void encode(T value, uint8_t *to) noexcept { Codec<Bits>::encode(std::bit_cast<Bits>(value), to); }
  /** Always true. Cost: O(1). */
  static constexpr bool decode(const uint8_t *from, T &value) noexcept {
    Bits bits = 0;
    static_cast<void>(Codec<Bits>::decode(from, bits));
    value = std::bit_cast<T>(bits);
    return true;
  }
};

/** One element after the other. */
template <Encodable T, size_t N>
requires(N > 0) struct Codec<std::array<T, N>> {
  /** Bytes of one. */
  static constexpr size_t kLen = N * Codec<T>::kLen;
  /** Cost: O(N). */
  static constexpr void encode(const std::array<T, N> &value, uint8_t *to) noexcept {
    for (size_t i = 0; i < N; i++) Codec<T>::encode(value[i], to + i * Codec<T>::kLen);
  }
  /** True when each element is one. Cost: O(N). */
  static constexpr bool decode(const uint8_t *from, std::array<T, N> &value) noexcept {
    for (size_t i = 0; i < N; i++) {
      if (!Codec<T>::decode(from + i * Codec<T>::kLen, value[i])) return false;
    }
    return true;
  }
};

/** A struct, one named field after the other, without padding; for a specialisation of Codec to derive from. */
template <class T, auto... Fields>
struct FieldsCodec {
  /** The type of a field. */
  template <auto Field>
  using TypeOf = std::remove_cvref_t<decltype(std::declval<T &>().*Field)>;
  /** Bytes of one. */
  static constexpr size_t kLen = (Codec<TypeOf<Fields>>::kLen + ...);
  /** Cost: O(fields). */
  static constexpr void encode(const T &value, uint8_t *to) noexcept {
    ((Codec<TypeOf<Fields>>::encode(value.*Fields, to), to += Codec<TypeOf<Fields>>::kLen), ...);
  }
  /** True when each field is one. Cost: O(fields). */
  static constexpr bool decode(const uint8_t *from, T &value) noexcept {
    return ((Codec<TypeOf<Fields>>::decode(from, value.*Fields) && (from += Codec<TypeOf<Fields>>::kLen, true)) && ...);
  }
};

/** What the containers are made of. */
namespace bounded {

/** Bytes before the first item. */
inline constexpr uint64_t kHeadLen = 32;

/** @cond */
inline constexpr size_t kChunk = 64;

template <ByteProvider P>
constexpr Result<uint64_t> len_of(const P &bytes) noexcept {
  if constexpr (ViewedBytes<P>) {
    return {Status(), bytes.len()};
  } else {
    return bytes.len();
  }
}

template <ByteProvider P>
constexpr Status read(const P &bytes, uint64_t offset, uint8_t *to, size_t n) noexcept {
  if constexpr (ViewedBytes<P>) {
    const auto seen = bytes.read_bytes(offset, n);
    if (seen.status != WRT_OK) return seen.status;
    const uint8_t *from = seen.value.data();
    for (size_t i = 0; i < n; i++) to[i] = from[i];
    return {};
  } else {
    return bytes.read(offset, to, n);
  }
}

template <ByteProvider P>
constexpr Status write(P &bytes, uint64_t offset, const uint8_t *from, size_t n) noexcept {
  if constexpr (ViewedBytes<P>) {
    return bytes.write_bytes(offset, std::span<const uint8_t>(from, n));
  } else {
    return bytes.write(offset, from, n);
  }
}

// As memmove.
template <ByteProvider P>
constexpr Status move(P &bytes, uint64_t to, uint64_t from, uint64_t n) noexcept {
  if constexpr (ViewedBytes<P>) {
    const auto seen = bytes.read_bytes(from, n);
    if (seen.status != WRT_OK) return seen.status;
    return bytes.write_bytes(to, std::span<const uint8_t>(seen.value.data(), static_cast<size_t>(n)));
  } else {
    return bytes.copy_from(to, bytes, from, n);
  }
}

// A visitor that returns bool stops by false.
template <class Visit, class... Args>
constexpr bool goes_on(Visit &visit, const Args &...args) {
  if constexpr (std::is_same_v<std::invoke_result_t<Visit &, const Args &...>, bool>) {
    return visit(args...);
  } else {
    visit(args...);
    return true;
  }
}

struct Head {
  uint64_t size = 0;
  uint64_t extra = 0;
};
/** @endcond */

/** What all containers have: a place, a head, a capacity. */
template <class Self, ByteProvider P, char kKind, uint64_t kItemLen, uint64_t kCapacity, uint64_t kBodyLen>
class Container {
  static_assert(kCapacity > 0, "a capacity");
  static_assert(kBodyLen <= UINT64_MAX - kHeadLen, "the bytes have a length");

 public:
  /** Bytes that the container takes of the provider. */
  static constexpr uint64_t kLen = kHeadLen + kBodyLen;

  /**
   * Makes an empty one in the bytes from `offset`; a provider that is too short is resized.
   * #WRT_ERR_LIMIT, or what the resizing gave: memories of pages want whole ones.
   * Cost: O(1), and of bits O(capacity); what is behind the head is not cleared.
   */
  static constexpr Result<Self> create(P &bytes, uint64_t offset = 0) noexcept {
    Self made;
    const Status status = made.make(bytes, offset);
    return {status, status.ok() ? made : Self()};
  }
  /** The one that is in the bytes from `offset`. Cost: O(1). */
  static constexpr Result<Self> open(P &bytes, uint64_t offset = 0) noexcept {
    Self opened;
    const Status status = opened.attach(bytes, offset);
    return {status, status.ok() ? opened : Self()};
  }

  /** How many items it can hold. Cost: O(1), reads nothing. */
  [[nodiscard]] static constexpr uint64_t capacity() noexcept { return kCapacity; }
  /** How many it holds; of bits, the capacity. Cost: O(1). */
  constexpr Result<uint64_t> size() const noexcept {
    const auto head = read_head();
    return {head.status(), head.value().size};
  }

 protected:
  /** @cond */
  constexpr Container() noexcept = default;

  constexpr Result<Head> read_head() const noexcept {
    if (bytes_ == nullptr) return {WRT_ERR_INVALID_HANDLE, {}};
    uint8_t raw[kHeadLen] = {};
    if (const Status status = bounded::read(*bytes_, offset_, raw, kHeadLen); !status.ok()) return {status, {}};
    const Head head{number(raw + 16), number(raw + 24)};
    if (!has_shape(raw) || head.size > kCapacity || !Self::holds(head)) return {WRT_ERR_CORRUPT, {}};
    return {Status(), head};
  }
  constexpr Status write_head(Head head) noexcept {
    uint8_t raw[16] = {};
    Codec<uint64_t>::encode(head.size, raw);
    Codec<uint64_t>::encode(head.extra, raw + 8);
    return bounded::write(*bytes_, offset_ + 16, raw, sizeof raw);
  }

  // Where byte `at` behind the head lies.
  constexpr uint64_t body(uint64_t at) const noexcept { return offset_ + kHeadLen + at; }
  constexpr P &bytes() const noexcept { return *bytes_; }

  constexpr Status make(P &provider, uint64_t offset) noexcept {
    if (offset > UINT64_MAX - kLen) return WRT_ERR_LIMIT;
    const auto len = len_of(provider);
    if (!len.ok()) return len.status();
    if (len.value() < offset + kLen) {
      if (const Status status = provider.resize(offset + kLen); !status.ok()) return status;
    }
    bytes_ = &provider;
    offset_ = offset;
    if (const Status status = static_cast<Self *>(this)->prepare(); !status.ok()) return status;
    uint8_t raw[kHeadLen] = {};
    put_shape(raw);
    Codec<uint64_t>::encode(Self::kFirst.size, raw + 16);
    Codec<uint64_t>::encode(Self::kFirst.extra, raw + 24);
    return bounded::write(provider, offset, raw, kHeadLen);
  }
  constexpr Status attach(P &provider, uint64_t offset) noexcept {
    const auto len = len_of(provider);
    if (!len.ok()) return len.status();
    if (offset > len.value() || kLen > len.value() - offset) return WRT_ERR_OUT_OF_BOUNDS;
    bytes_ = &provider;
    offset_ = offset;
    return read_head().status();
  }

  // What a kind may say otherwise.
  constexpr Status prepare() noexcept { return {}; }
  static constexpr Head kFirst{};
  static constexpr bool holds(Head head) noexcept { return head.extra == 0; }
  /** @endcond */

 private:
  static constexpr uint64_t number(const uint8_t *from) noexcept {
    uint64_t n = 0;
    static_cast<void>(Codec<uint64_t>::decode(from, n));
    return n;
  }
  static constexpr void put_shape(uint8_t *raw) noexcept {
    raw[0] = 'W';
    raw[1] = 'B';
    raw[2] = static_cast<uint8_t>(kKind);
    raw[3] = '1';
    Codec<uint32_t>::encode(static_cast<uint32_t>(kItemLen), raw + 4);
    Codec<uint64_t>::encode(kCapacity, raw + 8);
  }
  static constexpr bool has_shape(const uint8_t *raw) noexcept {
    uint8_t wanted[16] = {};
    put_shape(wanted);
    for (size_t i = 0; i < sizeof wanted; i++) {
      if (raw[i] != wanted[i]) return false;
    }
    return true;
  }

  P *bytes_ = nullptr;
  uint64_t offset_ = 0;
};

/** A container of so many `T`s. */
template <class Self, ByteProvider P, char kKind, Encodable T, uint64_t kCapacity>
class Items : public Container<Self, P, kKind, Codec<T>::kLen, kCapacity, Codec<T>::kLen * kCapacity> {
  static_assert(kCapacity <= UINT64_MAX / Codec<T>::kLen, "the bytes have a length");

 public:
  /** Whether it holds nothing. Cost: O(1). */
  constexpr Result<bool> empty() const noexcept {
    const auto head = this->read_head();
    return {head.status(), head.ok() && head.value().size == 0};
  }
  /** Whether no other item finds a place. Cost: O(1). */
  constexpr Result<bool> full() const noexcept {
    const auto head = this->read_head();
    return {head.status(), head.ok() && head.value().size == kCapacity};
  }
  /** Forgets all items. Cost: O(1). */
  constexpr Status clear() noexcept {
    const auto head = this->read_head();
    return head.ok() ? this->write_head(Self::kFirst) : head.status();
  }

 protected:
  /** @cond */
  constexpr Items() noexcept = default;

  constexpr uint64_t place(uint64_t slot) const noexcept { return this->body(slot * Codec<T>::kLen); }
  constexpr Result<T> load(uint64_t slot) const noexcept {
    uint8_t raw[Codec<T>::kLen] = {};
    T item{};
    if (const Status status = bounded::read(this->bytes(), place(slot), raw, sizeof raw); !status.ok())
      return {status, T{}};
    if (!Codec<T>::decode(raw, item)) return {WRT_ERR_CORRUPT, T{}};
    return {Status(), std::move(item)};
  }
  constexpr Status store(uint64_t slot, const T &item) noexcept {
    uint8_t raw[Codec<T>::kLen] = {};
    Codec<T>::encode(item, raw);
    return bounded::write(this->bytes(), place(slot), raw, sizeof raw);
  }
  /** Visits the items from the first on; `slot` says where the i-th is. */
  template <class Visit, class Slot>
  constexpr Status visit_each(Visit &visit, Slot slot) const {
    const auto head = this->read_head();
    if (!head.ok()) return head.status();
    for (uint64_t i = 0; i < head.value().size; i++) {
      const auto item = load(slot(head.value(), i));
      if (!item.ok()) return item.status();
      if (!goes_on(visit, item.value())) break;
    }
    return {};
  }
  constexpr Status move_slots(uint64_t to, uint64_t from, uint64_t n) noexcept {
    return bounded::move(this->bytes(), place(to), place(from), n * Codec<T>::kLen);
  }
  /** @endcond */
};

/** Items one behind the other from place 0. */
template <class Self, ByteProvider P, char kKind, Encodable T, uint64_t kCapacity>
class Row : public Items<Self, P, kKind, T, kCapacity> {
 public:
  /** Calls `visit` with each item from the first to the last; one that returns bool stops by false. Cost: O(size). */
  template <class Visit>
  constexpr Status for_each(Visit &&visit) const {
    return this->visit_each(visit, [](Head, uint64_t i) noexcept { return i; });
  }
  /** Whether the head and all items are good. Cost: O(size). */
  constexpr Status verify() const noexcept {
    return for_each([](const T &) noexcept {});
  }

 protected:
  /** @cond */
  constexpr Row() noexcept = default;

  constexpr Status add_last(const T &item) noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return head.status();
    const uint64_t size = head.value().size;
    if (size == kCapacity) return WRT_ERR_LIMIT;
    if (const Status status = this->store(size, item); !status.ok()) return status;
    return this->write_head({size + 1, 0});
  }
  constexpr Result<T> last() const noexcept { return last(this->read_head()); }
  constexpr Result<T> take_last() noexcept {
    const auto head = this->read_head();
    auto item = last(head);
    if (!item.ok()) return item;
    if (const Status status = this->write_head({head.value().size - 1, 0}); !status.ok()) return {status, T{}};
    return item;
  }
  /** @endcond */

 private:
  constexpr Result<T> last(const Result<Head> &head) const noexcept {
    if (!head.ok()) return {head.status(), T{}};
    if (head.value().size == 0) return {WRT_ERR_OUT_OF_BOUNDS, T{}};
    return this->load(head.value().size - 1);
  }
};

/** Items one behind the other from any place, going on at place 0 behind the last. */
template <class Self, ByteProvider P, char kKind, Encodable T, uint64_t kCapacity>
class Ring : public Items<Self, P, kKind, T, kCapacity> {
 public:
  /** Calls `visit` with each item from the front to the back; one that returns bool stops by false. Cost: O(size). */
  template <class Visit>
  constexpr Status for_each(Visit &&visit) const {
    return this->visit_each(visit, slot);
  }
  /** Whether the head and all items are good. Cost: O(size). */
  constexpr Status verify() const noexcept {
    return for_each([](const T &) noexcept {});
  }
  /** The first item. Cost: O(1). */
  constexpr Result<T> front() const noexcept { return at(this->read_head(), false); }
  /** The last item. Cost: O(1). */
  constexpr Result<T> back() const noexcept { return at(this->read_head(), true); }

 protected:
  /** @cond */
  friend class Container<Self, P, kKind, Codec<T>::kLen, kCapacity, Codec<T>::kLen * kCapacity>;

  constexpr Ring() noexcept = default;

  static constexpr bool holds(Head head) noexcept { return head.extra < kCapacity; }
  static constexpr uint64_t slot(Head head, uint64_t i) noexcept {
    const uint64_t to_end = kCapacity - head.extra;
    return i < to_end ? head.extra + i : i - to_end;
  }
  constexpr Result<T> at(const Result<Head> &head, bool last) const noexcept {
    if (!head.ok()) return {head.status(), T{}};
    if (head.value().size == 0) return {WRT_ERR_OUT_OF_BOUNDS, T{}};
    return this->load(slot(head.value(), last ? head.value().size - 1 : 0));
  }
  constexpr Status add_back(const T &item) noexcept {
    const auto read = this->read_head();
    if (!read.ok()) return read.status();
    const Head head = read.value();
    if (head.size == kCapacity) return WRT_ERR_LIMIT;
    if (const Status status = this->store(slot(head, head.size), item); !status.ok()) return status;
    return this->write_head({head.size + 1, head.extra});
  }
  constexpr Status add_front(const T &item) noexcept {
    const auto read = this->read_head();
    if (!read.ok()) return read.status();
    const Head head = read.value();
    if (head.size == kCapacity) return WRT_ERR_LIMIT;
    const uint64_t first = slot(head, kCapacity - 1);
    if (const Status status = this->store(first, item); !status.ok()) return status;
    return this->write_head({head.size + 1, first});
  }
  constexpr Result<T> take(bool last) noexcept {
    const auto read = this->read_head();
    auto item = at(read, last);
    if (!item.ok()) return item;
    const Head head = read.value();
    const Head left{head.size - 1, last ? head.extra : slot(head, 1)};
    if (const Status status = this->write_head(left); !status.ok()) return {status, T{}};
    return item;
  }
  /** @endcond */
};

}  // namespace bounded

/** Items by index, as std::vector. */
template <Encodable T, uint64_t kCapacity, ByteProvider P>
class BoundedVector : public bounded::Row<BoundedVector<T, kCapacity, P>, P, 'V', T, kCapacity> {
 public:
  /** No container. */
  constexpr BoundedVector() noexcept = default;

  /** The item at `index`. Cost: O(1). */
  constexpr Result<T> get(uint64_t index) const noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return {head.status(), T{}};
    if (index >= head.value().size) return {WRT_ERR_OUT_OF_BOUNDS, T{}};
    return this->load(index);
  }
  /** Replaces the item at `index`. Cost: O(1). */
  constexpr Status set(uint64_t index, const T &item) noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return head.status();
    return index < head.value().size ? this->store(index, item) : Status(WRT_ERR_OUT_OF_BOUNDS);
  }
  /** Adds an item behind the last. Cost: O(1). */
  constexpr Status push_back(const T &item) noexcept { return this->add_last(item); }
  /** Takes the last item. Cost: O(1). */
  constexpr Result<T> pop_back() noexcept { return this->take_last(); }
  /** Adds an item before the one at `index`, or behind the last. Cost: O(size - index). */
  constexpr Status insert(uint64_t index, const T &item) noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return head.status();
    const uint64_t size = head.value().size;
    if (index > size) return WRT_ERR_OUT_OF_BOUNDS;
    if (size == kCapacity) return WRT_ERR_LIMIT;
    if (const Status status = this->move_slots(index + 1, index, size - index); !status.ok()) return status;
    if (const Status status = this->store(index, item); !status.ok()) return status;
    return this->write_head({size + 1, 0});
  }
  /** Removes the item at `index`. Cost: O(size - index). */
  constexpr Status erase(uint64_t index) noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return head.status();
    const uint64_t size = head.value().size;
    if (index >= size) return WRT_ERR_OUT_OF_BOUNDS;
    if (const Status status = this->move_slots(index, index + 1, size - index - 1); !status.ok()) return status;
    return this->write_head({size - 1, 0});
  }
  /** Cuts the last items off, or adds copies of `item`. Cost: O(1) to cut, O(items added) to add. */
  constexpr Status resize(uint64_t new_size, const T &item = T{}) noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return head.status();
    if (new_size > kCapacity) return WRT_ERR_LIMIT;
    for (uint64_t i = head.value().size; i < new_size; i++) {
      if (const Status status = this->store(i, item); !status.ok()) return status;
    }
    return this->write_head({new_size, 0});
  }
};

/** Last in, first out, as std::stack. */
template <Encodable T, uint64_t kCapacity, ByteProvider P>
class BoundedStack : public bounded::Row<BoundedStack<T, kCapacity, P>, P, 'S', T, kCapacity> {
 public:
  /** No container. */
  constexpr BoundedStack() noexcept = default;

  /** Adds an item on top. Cost: O(1). */
  constexpr Status push(const T &item) noexcept { return this->add_last(item); }
  /** Takes the item on top. Cost: O(1). */
  constexpr Result<T> pop() noexcept { return this->take_last(); }
  /** The item on top. Cost: O(1). */
  constexpr Result<T> top() const noexcept { return this->last(); }
};

/** First in, first out, as std::queue. */
template <Encodable T, uint64_t kCapacity, ByteProvider P>
class BoundedQueue : public bounded::Ring<BoundedQueue<T, kCapacity, P>, P, 'Q', T, kCapacity> {
 public:
  /** No container. */
  constexpr BoundedQueue() noexcept = default;

  /** Adds an item at the back. Cost: O(1). */
  constexpr Status push(const T &item) noexcept { return this->add_back(item); }
  /** Takes the item at the front. Cost: O(1). */
  constexpr Result<T> pop() noexcept { return this->take(false); }
};

/** Items at both ends and by index, as std::deque. */
template <Encodable T, uint64_t kCapacity, ByteProvider P>
class BoundedDeque : public bounded::Ring<BoundedDeque<T, kCapacity, P>, P, 'D', T, kCapacity> {
 public:
  /** No container. */
  constexpr BoundedDeque() noexcept = default;

  /** Adds an item at the back. Cost: O(1). */
  constexpr Status push_back(const T &item) noexcept { return this->add_back(item); }
  /** Adds an item at the front. Cost: O(1). */
  constexpr Status push_front(const T &item) noexcept { return this->add_front(item); }
  /** Takes the item at the back. Cost: O(1). */
  constexpr Result<T> pop_back() noexcept { return this->take(true); }
  /** Takes the item at the front. Cost: O(1). */
  constexpr Result<T> pop_front() noexcept { return this->take(false); }
  /** The item at `index` from the front. Cost: O(1). */
  constexpr Result<T> get(uint64_t index) const noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return {head.status(), T{}};
    if (index >= head.value().size) return {WRT_ERR_OUT_OF_BOUNDS, T{}};
    return this->load(this->slot(head.value(), index));
  }
  /** Replaces the item at `index` from the front. Cost: O(1). */
  constexpr Status set(uint64_t index, const T &item) noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return head.status();
    if (index >= head.value().size) return WRT_ERR_OUT_OF_BOUNDS;
    return this->store(this->slot(head.value(), index), item);
  }
};

/** @cond a key and its value, one behind the other */
namespace bounded {
template <class Key, class Value>
struct Pair {
  Key key{};
  Value value{};
};
}  // namespace bounded
template <Encodable Key, Encodable Value>
struct Codec<bounded::Pair<Key, Value>>
    : FieldsCodec<bounded::Pair<Key, Value>, &bounded::Pair<Key, Value>::key, &bounded::Pair<Key, Value>::value> {};
/** @endcond */

/**
 * One value a key, as std::map: an array in the order of the keys by `<`, without gaps.
 *
 * Keys that something else has put out of order are found by verify(); other calls then may miss a key.
 */
template <Encodable Key, Encodable Value, uint64_t kCapacity, ByteProvider P>
requires requires(const Key &a, const Key &b) {
  { a < b } -> std::convertible_to<bool>;
}
class BoundedMap
    : public bounded::Items<BoundedMap<Key, Value, kCapacity, P>, P, 'M', bounded::Pair<Key, Value>, kCapacity> {
  static_assert(!std::is_floating_point_v<Key>, "a NaN has no place in an order");

 public:
  /** A key and its value. */
  using Entry = bounded::Pair<Key, Value>;

  /** No container. */
  constexpr BoundedMap() noexcept = default;

  /** The value of `key`; #WRT_ERR_OUT_OF_BOUNDS when it is not there. Cost: O(log size). */
  constexpr Result<Value> find(const Key &key) const noexcept {
    const auto place = search(key);
    if (!place.ok()) return {place.status(), Value{}};
    if (!place.value().found) return {WRT_ERR_OUT_OF_BOUNDS, Value{}};
    auto entry = this->load(place.value().index);
    return {entry.status(), std::move(entry.value().value)};
  }
  /** Whether `key` is there. Cost: O(log size). */
  constexpr Result<bool> contains(const Key &key) const noexcept {
    const auto place = search(key);
    return {place.status(), place.value().found};
  }
  /** Gives `key` this value, whether or not it had one. Cost: O(log size), and of a new key O(size). */
  constexpr Status put(const Key &key, const Value &value) noexcept {
    const auto place = search(key);
    if (!place.ok()) return place.status();
    return place.value().found ? this->store(place.value().index, {key, value}) : add(place.value(), key, value);
  }
  /** Gives `key` this value unless it has one, and says whether it did. Cost: O(log size), and of a new key O(size). */
  constexpr Result<bool> insert(const Key &key, const Value &value) noexcept {
    const auto place = search(key);
    if (!place.ok() || place.value().found) return {place.status(), false};
    const Status status = add(place.value(), key, value);
    return {status, status.ok()};
  }
  /** Removes `key`, and says whether it was there. Cost: O(log size), and of a key that was there O(size). */
  constexpr Result<bool> erase(const Key &key) noexcept {
    const auto place = search(key);
    if (!place.ok() || !place.value().found) return {place.status(), false};
    const uint64_t index = place.value().index;
    const uint64_t left = place.value().size - 1;
    if (const Status status = this->move_slots(index, index + 1, left - index); !status.ok()) return {status, false};
    const Status status = this->write_head({left, kKeyLen});
    return {status, status.ok()};
  }
  /** How many keys are below `key`: the index of the first that is not. Cost: O(log size). */
  constexpr Result<uint64_t> lower_bound(const Key &key) const noexcept {
    const auto place = search(key);
    return {place.status(), place.value().index};
  }
  /** The entry at `index` in the order of the keys. Cost: O(1). */
  constexpr Result<Entry> entry(uint64_t index) const noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return {head.status(), Entry{}};
    if (index >= head.value().size) return {WRT_ERR_OUT_OF_BOUNDS, Entry{}};
    return this->load(index);
  }
  /**
   * Calls `visit` with each key and value in the order of the keys; one that returns bool stops by false.
   * Cost: O(size).
   */
  template <class Visit>
  constexpr Status for_each(Visit &&visit) const {
    const auto head = this->read_head();
    if (!head.ok()) return head.status();
    for (uint64_t i = 0; i < head.value().size; i++) {
      const auto entry = this->load(i);
      if (!entry.ok()) return entry.status();
      if (!bounded::goes_on(visit, entry.value().key, entry.value().value)) break;
    }
    return {};
  }
  /** Whether the head and all entries are good, and the keys in order. Cost: O(size). */
  constexpr Status verify() const noexcept {
    Key before{};
    bool first = true;
    bool ordered = true;
    const Status status = for_each([&](const Key &key, const Value &) noexcept {
      ordered = first || before < key;
      first = false;
      before = key;
      return ordered;
    });
    return status.ok() && !ordered ? Status(WRT_ERR_CORRUPT) : status;
  }

 private:
  static constexpr uint64_t kKeyLen = Codec<Key>::kLen;

  friend class bounded::Items<BoundedMap, P, 'M', Entry, kCapacity>;
  friend class bounded::Container<BoundedMap, P, 'M', Codec<Entry>::kLen, kCapacity, Codec<Entry>::kLen * kCapacity>;
  static constexpr bounded::Head kFirst{0, kKeyLen};
  static constexpr bool holds(bounded::Head head) noexcept { return head.extra == kKeyLen; }

  struct Place {
    uint64_t index = 0;
    uint64_t size = 0;
    bool found = false;
  };

  constexpr Result<Key> key_at(uint64_t index) const noexcept {
    uint8_t raw[kKeyLen] = {};
    Key key{};
    const Status status = bounded::read(this->bytes(), this->place(index), raw, sizeof raw);
    if (!status.ok()) return {status, Key{}};
    if (!Codec<Key>::decode(raw, key)) return {WRT_ERR_CORRUPT, Key{}};
    return {Status(), std::move(key)};
  }
  constexpr Result<Place> search(const Key &key) const noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return {head.status(), {}};
    Place place{0, head.value().size, false};
    for (uint64_t end = place.size; place.index < end;) {
      const uint64_t middle = place.index + (end - place.index) / 2;
      const auto there = key_at(middle);
      if (!there.ok()) return {there.status(), {}};
      if (there.value() < key) {
        place.index = middle + 1;
      } else {
        end = middle;
        place.found = !(key < there.value());
      }
    }
    return {Status(), place};
  }
  constexpr Status add(const Place &place, const Key &key, const Value &value) noexcept {
    if (place.size == kCapacity) return WRT_ERR_LIMIT;
    const uint64_t behind = place.size - place.index;
    if (const Status status = this->move_slots(place.index + 1, place.index, behind); !status.ok()) return status;
    if (const Status status = this->store(place.index, {key, value}); !status.ok()) return status;
    return this->write_head({place.size + 1, kKeyLen});
  }
};

/** Text of so many bytes at most, as std::string. Text that is given must not lie in the provider's own bytes. */
template <uint64_t kCapacity, ByteProvider P>
class BoundedString : public bounded::Row<BoundedString<kCapacity, P>, P, 'T', char, kCapacity> {
 public:
  /** No text is there. */
  static constexpr uint64_t kNowhere = UINT64_MAX;

  /** No container. */
  constexpr BoundedString() noexcept = default;

  /** The byte at `index`. Cost: O(1). */
  constexpr Result<char> get(uint64_t index) const noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return {head.status(), '\0'};
    if (index >= head.value().size) return {WRT_ERR_OUT_OF_BOUNDS, '\0'};
    return this->load(index);
  }
  /** Replaces the byte at `index`. Cost: O(1). */
  constexpr Status set(uint64_t index, char c) noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return head.status();
    return index < head.value().size ? this->store(index, c) : Status(WRT_ERR_OUT_OF_BOUNDS);
  }
  /** Adds a byte at the end. Cost: O(1). */
  constexpr Status push_back(char c) noexcept { return this->add_last(c); }
  /** Takes the last byte. Cost: O(1). */
  constexpr Result<char> pop_back() noexcept { return this->take_last(); }
  /** Becomes `text`. Cost: O(text). */
  Status assign(std::string_view text) noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return head.status();
    return put(0, text);
  }
  /** Adds `text` at the end. Cost: O(text). */
  Status append(std::string_view text) noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return head.status();
    return put(head.value().size, text);
  }
  /** Adds `text` before the byte at `index`, or at the end. Cost: O(size - index + text). */
  Status insert(uint64_t index, std::string_view text) noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return head.status();
    const uint64_t size = head.value().size;
    if (index > size) return WRT_ERR_OUT_OF_BOUNDS;
    if (text.size() > kCapacity - size) return WRT_ERR_LIMIT;
    if (const Status status = this->move_slots(index + text.size(), index, size - index); !status.ok()) return status;
    if (const Status status = store_text(index, text); !status.ok()) return status;
    return this->write_head({size + text.size(), 0});
  }
  /** Removes up to `n` bytes from `index`, which may be size(). Cost: O(size - index). */
  constexpr Status erase(uint64_t index, uint64_t n = kNowhere) noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return head.status();
    const uint64_t size = head.value().size;
    if (index > size) return WRT_ERR_OUT_OF_BOUNDS;
    const uint64_t gone = n < size - index ? n : size - index;
    const Status status = this->move_slots(index, index + gone, size - index - gone);
    return status.ok() ? this->write_head({size - gone, 0}) : status;
  }
  /** The text, copied to `buffer`; #WRT_ERR_LIMIT when it is longer than `n`. Cost: O(size). */
  Result<std::string_view> read(char *buffer, size_t n) const noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return {head.status(), {}};
    if (head.value().size > n) return {WRT_ERR_LIMIT, {}};
    const auto size = static_cast<size_t>(head.value().size);
    const Status status = bounded::read(this->bytes(), this->body(0), reinterpret_cast<uint8_t *>(buffer), size);
    return {status, status.ok() ? std::string_view(buffer, size) : std::string_view()};
  }
  /** Below 0, 0 or above 0 as the text is below, equal to or above `other`, byte by byte as std::string. Cost: O(size).
   */
  Result<int> compare(std::string_view other) const noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return {head.status(), 0};
    const uint64_t size = head.value().size;
    const uint64_t both = size < other.size() ? size : other.size();
    const auto order = compare_at(0, std::string_view(other.data(), static_cast<size_t>(both)));
    if (!order.ok() || order.value() != 0) return order;
    return {Status(), size < other.size() ? -1 : (size > other.size() ? 1 : 0)};
  }
  /** Whether the text is `other`. Cost: O(1) for another length, else O(size). */
  Result<bool> equals(std::string_view other) const noexcept {
    const auto head = this->read_head();
    if (!head.ok() || head.value().size != other.size()) return {head.status(), false};
    const auto order = compare_at(0, other);
    return {order.status(), order.ok() && order.value() == 0};
  }
  /** Where `text` first begins at or behind `from`, or kNowhere. Cost: O(size * text). */
  Result<uint64_t> find(std::string_view text, uint64_t from = 0) const noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return {head.status(), kNowhere};
    const uint64_t size = head.value().size;
    for (uint64_t i = from; i <= size && text.size() <= size - i; i++) {
      const auto order = compare_at(i, text);
      if (!order.ok()) return {order.status(), kNowhere};
      if (order.value() == 0) return {Status(), i};
    }
    return {Status(), kNowhere};
  }

 private:
  Status store_text(uint64_t index, std::string_view text) noexcept {
    const auto *from = reinterpret_cast<const uint8_t *>(text.data());
    return bounded::write(this->bytes(), this->body(index), from, text.size());
  }
  // The text ends with `text` at `index`.
  Status put(uint64_t index, std::string_view text) noexcept {
    if (text.size() > kCapacity - index) return WRT_ERR_LIMIT;
    if (const Status status = store_text(index, text); !status.ok()) return status;
    return this->write_head({index + text.size(), 0});
  }
  // The bytes from `index`, which are there, against `other`.
  Result<int> compare_at(uint64_t index, std::string_view other) const noexcept {
    char chunk[bounded::kChunk] = {};
    for (size_t done = 0; done < other.size();) {
      const size_t left = other.size() - done;
      const std::string_view part(other.data() + done, left < sizeof chunk ? left : sizeof chunk);
      const Status status =
          bounded::read(this->bytes(), this->body(index + done), reinterpret_cast<uint8_t *>(chunk), part.size());
      if (!status.ok()) return {status, 0};
      const int order = std::string_view(chunk, part.size()).compare(part);
      if (order != 0) return {Status(), order};
      done += part.size();
    }
    return {Status(), 0};
  }
};

/** So many bits, all 0 at first, as std::bitset. Bit i is bit i % 8 of byte i / 8. */
template <uint64_t kBits, ByteProvider P>
class BoundedBitSet
    : public bounded::Container<BoundedBitSet<kBits, P>, P, 'B', 0, kBits, kBits / 8 + (kBits % 8 != 0)> {
 public:
  /** No container. */
  constexpr BoundedBitSet() noexcept = default;

  /** Whether bit `index` is 1. Cost: O(1). */
  constexpr Result<bool> test(uint64_t index) const noexcept {
    const auto byte = byte_of(index);
    return {byte.status(), byte.ok() && (byte.value() & mask(index)) != 0};
  }
  /** Makes bit `index` 1, or `value`. Cost: O(1). */
  constexpr Status set(uint64_t index, bool value = true) noexcept {
    const auto byte = byte_of(index);
    if (!byte.ok()) return byte.status();
    const int changed = value ? byte.value() | mask(index) : byte.value() & ~mask(index);
    return put_byte(index, static_cast<uint8_t>(changed));
  }
  /** Makes bit `index` 0. Cost: O(1). */
  constexpr Status reset(uint64_t index) noexcept { return set(index, false); }
  /** Makes bit `index` the other one. Cost: O(1). */
  constexpr Status flip(uint64_t index) noexcept {
    const auto byte = byte_of(index);
    if (!byte.ok()) return byte.status();
    return put_byte(index, static_cast<uint8_t>(byte.value() ^ mask(index)));
  }
  /** Makes all bits 1. Cost: O(bits). */
  constexpr Status set_all() noexcept {
    return change([](uint8_t, uint8_t) noexcept { return 0xff; });
  }
  /** Makes all bits 0. Cost: O(bits). */
  constexpr Status reset_all() noexcept {
    return change([](uint8_t, uint8_t) noexcept { return 0; });
  }
  /** Makes each bit the other one. Cost: O(bits). */
  constexpr Status flip_all() noexcept {
    return change([](uint8_t a, uint8_t) noexcept { return ~a; });
  }
  /** Leaves 1 what is 1 in both. Cost: O(bits). */
  template <ByteProvider Q>
  constexpr Status and_with(const BoundedBitSet<kBits, Q> &other) noexcept {
    return change([](uint8_t a, uint8_t b) noexcept { return a & b; }, other);
  }
  /** Makes 1 what is 1 in the other. Cost: O(bits). */
  template <ByteProvider Q>
  constexpr Status or_with(const BoundedBitSet<kBits, Q> &other) noexcept {
    return change([](uint8_t a, uint8_t b) noexcept { return a | b; }, other);
  }
  /** Flips what is 1 in the other. Cost: O(bits). */
  template <ByteProvider Q>
  constexpr Status xor_with(const BoundedBitSet<kBits, Q> &other) noexcept {
    return change([](uint8_t a, uint8_t b) noexcept { return a ^ b; }, other);
  }
  /** How many bits are 1. Cost: O(bits). */
  constexpr Result<uint64_t> count() const noexcept {
    uint64_t ones = 0;
    const Status status = each_byte([&](uint8_t byte) noexcept { ones += static_cast<uint64_t>(std::popcount(byte)); });
    return {status, status.ok() ? ones : 0};
  }
  /** Whether any bit is 1. Cost: O(bits). */
  constexpr Result<bool> any() const noexcept {
    const auto ones = count();
    return {ones.status(), ones.value() != 0};
  }
  /** Whether no bit is 1. Cost: O(bits). */
  constexpr Result<bool> none() const noexcept {
    const auto ones = count();
    return {ones.status(), ones.ok() && ones.value() == 0};
  }
  /** Whether all bits are 1. Cost: O(bits). */
  constexpr Result<bool> all() const noexcept {
    const auto ones = count();
    return {ones.status(), ones.value() == kBits};
  }
  /** Calls `visit` with the index of each bit that is 1, from the lowest; one that returns bool stops by false.
   * Cost: O(bits). */
  template <class Visit>
  constexpr Status for_each(Visit &&visit) const {
    uint64_t index = 0;
    return each_byte([&](uint8_t byte) {
      for (unsigned left = byte; left != 0; left &= left - 1) {
        const uint64_t one = index + static_cast<uint64_t>(std::countr_zero(left));
        if (!bounded::goes_on(visit, one)) return false;
      }
      index += 8;
      return true;
    });
  }
  /** Whether the head is good, and no bit behind the last is 1. Cost: O(1). */
  constexpr Status verify() const noexcept {
    const auto byte = byte_of(kBits - 1);
    if (!byte.ok()) return byte.status();
    return (byte.value() & ~kLastMask) == 0 ? Status() : Status(WRT_ERR_CORRUPT);
  }

 private:
  static constexpr uint64_t kBytes = kBits / 8 + (kBits % 8 != 0);
  static constexpr uint8_t kLastMask = static_cast<uint8_t>(0xff >> ((8 - kBits % 8) % 8));

  friend class bounded::Container<BoundedBitSet, P, 'B', 0, kBits, kBytes>;
  template <uint64_t, ByteProvider>
  friend class BoundedBitSet;

  static constexpr bounded::Head kFirst{kBits, 0};
  static constexpr bool holds(bounded::Head head) noexcept { return head.size == kBits && head.extra == 0; }
  constexpr Status prepare() noexcept {
    const uint8_t zeros[bounded::kChunk] = {};
    for (uint64_t at = 0; at < kBytes; at += sizeof zeros) {
      const Status status = bounded::write(this->bytes(), this->body(at), zeros, chunk_at(at));
      if (!status.ok()) return status;
    }
    return {};
  }

  static constexpr int mask(uint64_t index) noexcept { return 1 << (index % 8); }
  static constexpr size_t chunk_at(uint64_t at) noexcept {
    return kBytes - at < bounded::kChunk ? static_cast<size_t>(kBytes - at) : bounded::kChunk;
  }
  static constexpr uint8_t mask_of_byte(uint64_t at) noexcept { return at == kBytes - 1 ? kLastMask : 0xff; }

  constexpr Result<uint8_t> byte_of(uint64_t index) const noexcept {
    const auto head = this->read_head();
    if (!head.ok()) return {head.status(), 0};
    if (index >= kBits) return {WRT_ERR_OUT_OF_BOUNDS, 0};
    uint8_t byte = 0;
    const Status status = bounded::read(this->bytes(), this->body(index / 8), &byte, 1);
    return {status, byte};
  }
  constexpr Status put_byte(uint64_t index, uint8_t byte) noexcept {
    return bounded::write(this->bytes(), this->body(index / 8), &byte, 1);
  }
  // Bits behind the last are not looked at.
  template <class Visit>
  constexpr Status each_byte(Visit visit) const {
    const auto head = this->read_head();
    if (!head.ok()) return head.status();
    uint8_t chunk[bounded::kChunk] = {};
    for (uint64_t at = 0; at < kBytes; at += sizeof chunk) {
      const size_t n = chunk_at(at);
      if (const Status status = bounded::read(this->bytes(), this->body(at), chunk, n); !status.ok()) return status;
      for (size_t i = 0; i < n; i++) {
        const auto byte = static_cast<uint8_t>(chunk[i] & mask_of_byte(at + i));
        if (!bounded::goes_on(visit, byte)) return {};
      }
    }
    return {};
  }
  template <class Op>
  constexpr Status change(Op op) noexcept {
    return change(op, *this);
  }
  template <class Op, ByteProvider Q>
  constexpr Status change(Op op, const BoundedBitSet<kBits, Q> &other) noexcept {
    if (const auto head = this->read_head(); !head.ok()) return head.status();
    if (const auto head = other.read_head(); !head.ok()) return head.status();
    uint8_t mine[bounded::kChunk] = {};
    uint8_t theirs[bounded::kChunk] = {};
    for (uint64_t at = 0; at < kBytes; at += sizeof mine) {
      const size_t n = chunk_at(at);
      if (const Status status = bounded::read(this->bytes(), this->body(at), mine, n); !status.ok()) return status;
      if (const Status status = bounded::read(other.bytes(), other.body(at), theirs, n); !status.ok()) return status;
      for (size_t i = 0; i < n; i++) mine[i] = static_cast<uint8_t>(op(mine[i], theirs[i]) & mask_of_byte(at + i));
      if (const Status status = bounded::write(this->bytes(), this->body(at), mine, n); !status.ok()) return status;
    }
    return {};
  }
};

}  // namespace abi0
}  // namespace wrt

#endif /* WRTMEM_BOUNDED_HPP */
