// SPDX-License-Identifier: Apache-2.0 OR MIT
// What the tests of the bounded containers put into them, and where.
#ifndef WRT_TESTS_BOUNDED_THINGS_HPP
#define WRT_TESTS_BOUNDED_THINGS_HPP

#include <gtest/gtest.h>

#include <ostream>
#include <random>
#include <type_traits>
#include <vector>

#include "cpp/tiers/alloc_provider.hpp"
#include "cpp/tiers/static_provider.hpp"
#include "cpp/tiers/std_provider.hpp"
#include "wrtmem/bounded.hpp"

namespace things {

using Random = std::mt19937_64;

enum class Colour : uint16_t { kRed = 1, kGreen = 0x1234 };

struct Point {
  int32_t x = 0;
  Colour colour = Colour::kRed;
  bool there = false;
  std::array<double, 2> weights{};
  auto operator<=>(const Point &) const = default;
};

inline void draw(Random &random, bool &out) { out = random() % 2 != 0; }
template <class T>
requires(std::is_integral_v<T>) void draw(Random &random, T &out) { out = static_cast<T>(random()); }
inline void draw(Random &random, Colour &out) { out = static_cast<Colour>(random()); }
inline void draw(Random &random, double &out) { out = static_cast<double>(static_cast<int64_t>(random())) / 1024; }
template <class T, size_t N>
void draw(Random &random, std::array<T, N> &out) {
  for (T &item : out) draw(random, item);
}
inline void draw(Random &random, Point &out) {
  draw(random, out.x);
  draw(random, out.colour);
  draw(random, out.there);
  draw(random, out.weights);
}
template <class T>
T some(Random &random) {
  T item{};
  draw(random, item);
  return item;
}

// ---- providers

inline constexpr uint64_t kRoom = 4096;

struct OnStd {
  using P = wrt::StdProvider;
  static P make() { return P::create(0, kRoom).value; }
};
struct OnAlloc {
  using P = wrt::AllocProvider;
  static P make() { return P::create(0, kRoom).value; }
};
struct OnStatic {
  using P = wrt::StaticProvider<kRoom>;
  static P make() { return P::create(0).value; }
};
template <wrt::Tier kTier, wrt::Verify kLevel>
struct OnMemory {
  using P = wrt::Memory;
  static P make() {
    auto made = wrt::Memory::create(wrt::MemoryConfig().tier(kTier).max_len(kRoom).verify(kLevel));
    EXPECT_EQ(made.status(), WRT_OK);
    return std::move(made).value();
  }
};
using StdMemory = OnMemory<wrt::Tier::kStd, wrt::Verify::kBasic>;
using AllocMemory = OnMemory<wrt::Tier::kAlloc, wrt::Verify::kBasic>;
using StaticMemory = OnMemory<wrt::Tier::kStatic, wrt::Verify::kBasic>;
using StdFull = OnMemory<wrt::Tier::kStd, wrt::Verify::kFull>;
using AllocSampling = OnMemory<wrt::Tier::kAlloc, wrt::Verify::kSampling>;
using StaticFull = OnMemory<wrt::Tier::kStatic, wrt::Verify::kFull>;
using StdRedundant = OnMemory<wrt::Tier::kStd, wrt::Verify::kRedundant>;
using Everywhere = testing::Types<OnStd, OnAlloc, OnStatic, StdMemory, AllocMemory, StaticMemory, StdFull,
                                  AllocSampling, StaticFull, StdRedundant>;

static_assert(wrt::ViewedBytes<wrt::StdProvider> && wrt::ViewedBytes<wrt::AllocProvider>);
static_assert(wrt::ViewedBytes<wrt::StaticProvider<1>> && wrt::CopiedBytes<wrt::Memory>);
static_assert(!wrt::ByteProvider<int> && !wrt::ByteProvider<std::vector<uint8_t>> && !wrt::ByteProvider<wrt::Pool>);

/// A memory that notes which bytes are touched, and fails one access when told.
class Watched {
 public:
  explicit Watched(uint64_t len) : bytes(len, 0xa5) {}

  wrt::Result<uint64_t> len() const noexcept { return {WRT_OK, bytes.size()}; }
  wrt::Status read(uint64_t offset, void *to, size_t n) const noexcept {
    if (const wrt_status status = touch(offset, n)) return status;
    std::copy_n(bytes.data() + offset, n, static_cast<uint8_t *>(to));
    return {};
  }
  wrt::Status write(uint64_t offset, const void *from, size_t n) noexcept {
    if (const wrt_status status = touch(offset, n)) return status;
    std::copy_n(static_cast<const uint8_t *>(from), n, bytes.data() + offset);
    return {};
  }
  wrt::Status copy_from(uint64_t to, const Watched &from, uint64_t at, uint64_t n) noexcept {
    if (const wrt_status status = from.touch(at, n)) return status;
    if (const wrt_status status = touch(to, n)) return status;
    const std::vector<uint8_t> moved(from.bytes.begin() + static_cast<std::ptrdiff_t>(at),
                                     from.bytes.begin() + static_cast<std::ptrdiff_t>(at + n));
    std::copy(moved.begin(), moved.end(), bytes.begin() + static_cast<std::ptrdiff_t>(to));
    return {};
  }
  wrt::Status resize(uint64_t n) noexcept {
    bytes.resize(n);
    return {};
  }

  std::vector<uint8_t> bytes;
  mutable uint64_t lowest = UINT64_MAX;  // of what was touched
  mutable uint64_t highest = 0;          // behind what was touched
  mutable uint64_t accesses = 0;
  mutable uint64_t refused_access = UINT64_MAX;
  wrt_status refusal = WRT_ERR_CORRUPT;

 private:
  wrt_status touch(uint64_t offset, uint64_t n) const noexcept {
    if (accesses++ == refused_access) return refusal;
    if (offset < lowest) lowest = offset;
    if (offset + n > highest) highest = offset + n;
    return offset <= bytes.size() && n <= bytes.size() - offset ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS;
  }
};
static_assert(wrt::CopiedBytes<Watched>);

}  // namespace things

template <>
struct wrt::Codec<things::Point> : wrt::FieldsCodec<things::Point, &things::Point::x, &things::Point::colour,
                                                    &things::Point::there, &things::Point::weights> {};

namespace wrt {
inline namespace abi0 {
inline void PrintTo(Status status, std::ostream *out) { *out << status.name(); }
}  // namespace abi0
}  // namespace wrt

#endif  // WRT_TESTS_BOUNDED_THINGS_HPP
