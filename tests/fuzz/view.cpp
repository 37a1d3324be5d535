// SPDX-License-Identifier: Apache-2.0 OR MIT
// The inline header's loads, stores and check over a view, against an array of bytes.
#include <wrtmem/inline.h>

#include <cstring>
#include <vector>

#include "../property/random.hpp"
#include "require.hpp"
#include "target.hpp"

namespace {

constexpr uint64_t kLongest = 300;

class Views {
 public:
  Views(const uint8_t *input, size_t n) : random_(input, n) {
    const auto len = static_cast<size_t>(random_.up_to(kLongest));
    bytes_ = std::vector<uint8_t>(len + 1);  // its last byte is behind the view
    for (uint8_t &byte : bytes_) byte = static_cast<uint8_t>(random_.noise());
    bytes_.shrink_to_fit();
    model_ = bytes_;
    view_ = {bytes_.data(), len};
  }

  void run() {
    while (!random_.at_end()) {
      step();
      require(bytes_ == model_, "other bytes than the model's");
    }
  }

 private:
  void step() {
    const uint64_t offset = random_.one_in(2) ? random_.up_to(kLongest) : random_.near_edge(view_.len, view_.len / 3);
    switch (random_.below(9)) {
      case 0:
        return load<uint8_t>(offset, wrt_view_load_u8);
      case 1:
        return load<uint16_t>(offset, wrt_view_load_u16);
      case 2:
        return load<uint32_t>(offset, wrt_view_load_u32);
      case 3:
        return load<uint64_t>(offset, wrt_view_load_u64);
      case 4:
        return store<uint8_t>(offset, wrt_view_store_u8);
      case 5:
        return store<uint16_t>(offset, wrt_view_store_u16);
      case 6:
        return store<uint32_t>(offset, wrt_view_store_u32);
      case 7:
        return store<uint64_t>(offset, wrt_view_store_u64);
      default:
        return check(offset);
    }
  }

  wrt_status want(uint64_t offset, uint64_t n) const {
    const bool inside = offset <= view_.len && n <= view_.len - offset;
    return inside ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS;
  }

  template <class Word, class Load>
  void load(uint64_t offset, Load call) {
    constexpr auto kUntouched = static_cast<Word>(0xC3C3C3C3C3C3C3C3);
    Word out = kUntouched;
    require_status(want(offset, sizeof(Word)), call(&view_, offset, &out), "load");
    if (want(offset, sizeof(Word)) != WRT_OK) return require(out == kUntouched, "a failed load wrote its result");
    uint64_t value = 0;
    for (size_t i = sizeof(Word); i > 0; i--) value = value << 8 | model_[static_cast<size_t>(offset) + i - 1];
    require(out == static_cast<Word>(value), "another value than the bytes say, lowest first");
  }

  template <class Word, class Store>
  void store(uint64_t offset, Store call) {
    const uint64_t value = random_.word();
    require_status(want(offset, sizeof(Word)), call(&view_, offset, static_cast<Word>(value)), "store");
    if (want(offset, sizeof(Word)) != WRT_OK) return;
    for (size_t i = 0; i < sizeof(Word); i++) {
      model_[static_cast<size_t>(offset) + i] = static_cast<uint8_t>(value >> (8 * i));
    }
  }

  void check(uint64_t offset) {
    const uint64_t n = random_.one_in(2) ? random_.up_to(kLongest) : random_.near_edge(view_.len, offset);
    require_status(want(offset, n), wrt_view_check(&view_, offset, n), "check");
  }

  Random random_;
  std::vector<uint8_t> bytes_;
  std::vector<uint8_t> model_;
  wrt_view view_{};
};

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t n) {
  Views(input, n).run();
  return 0;
}
