// SPDX-License-Identifier: Apache-2.0 OR MIT
// Numbers that find mistakes: drawn near where lengths and words end. The same seed, or the same bytes, give the same
// numbers everywhere.
#ifndef WRTMEM_TESTS_PROPERTY_RANDOM_HPP
#define WRTMEM_TESTS_PROPERTY_RANDOM_HPP

#include <cstddef>
#include <cstdint>
#include <initializer_list>

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  /// Numbers that a fuzzer chooses: each takes as many bytes as it needs; at their end all are 0.
  Random(const uint8_t *bytes, size_t n) : state_(0), chosen_(true), bytes_(bytes), left_(n) {}

  bool at_end() const { return chosen_ && left_ == 0; }

  uint64_t word() { return chosen_ ? take(8) : noise(); }
  uint64_t below(uint64_t n) { return chosen_ ? take(bytes_for(n - 1)) % n : noise() % n; }
  /// For contents, of which there are too many to choose each.
  uint64_t noise() {
    state_ += 0x9e3779b97f4a7c15U;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  uint64_t up_to(uint64_t n) { return n == UINT64_MAX ? word() : below(n + 1); }
  bool one_in(uint64_t n) { return below(n) == 0; }
  template <class T>
  T of(std::initializer_list<T> values) {
    return values.begin()[below(values.size())];
  }

  /// Near 0, len, another boundary of the memory, 2^16, 2^32, 2^63 or 2^64.
  uint64_t near_edge(uint64_t len, uint64_t other) {
    const uint64_t edge =
        of<uint64_t>({0, len, len / 2, other, uint64_t{1} << 16, uint64_t{1} << 32, uint64_t{1} << 63});
    const uint64_t distance = one_in(4) ? below(70000) : below(9);
    return one_in(2) ? edge + distance : edge - distance;
  }

  struct Range {
    uint64_t offset;
    uint64_t n;
  };
  /// Two thirds of them are inside [0, len), and those are not long.
  Range range(uint64_t len, uint64_t other) {
    Range range{near_edge(len, other), near_edge(len, other)};
    if (!one_in(3)) range = inside(len);
    const bool at_end = one_in(10);  // about as long as the quick way of a read or write may be
    if (at_end) range.offset = len - below(72);
    if (at_end || one_in(16)) range.n = len - range.offset + of<uint64_t>({0, 1, UINT64_MAX});
    const bool valid = range.offset <= len && range.n <= len - range.offset;
    if (valid && range.n > kLong) range.n %= kLong;
    return range;
  }
  Range inside(uint64_t len) {
    const uint64_t room = one_in(4) ? up_to(len < 200 ? len : 200) : up_to(len);
    const uint64_t offset = len - room;
    const uint64_t most = of<uint64_t>({8, 70, 300, 5000, kLong});
    return {offset, up_to(room < most ? room : most)};
  }

 private:
  static constexpr uint64_t kLong = 150000;
  uint64_t state_;
  bool chosen_ = false;
  const uint8_t *bytes_ = nullptr;
  size_t left_ = 0;

  static size_t bytes_for(uint64_t greatest) {
    size_t n = 1;
    while (n < 8 && greatest >> (8 * n) != 0) n++;
    return n;
  }
  uint64_t take(size_t n) {
    uint64_t number = 0;
    for (; n != 0 && left_ != 0; n--, left_--) number = number << 8 | *bytes_++;
    return number;
  }
};

#endif  // WRTMEM_TESTS_PROPERTY_RANDOM_HPP
