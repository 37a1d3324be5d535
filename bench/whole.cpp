// SPDX-License-Identifier: Apache-2.0 OR MIT
// Rows 11 and 12: memories of 64 MiB of which 1 MiB was ever touched, cloned and compared.
#include "peers.hpp"
#include "rounds.hpp"

using namespace bench;

namespace {

constexpr uint64_t kLen = uint64_t{64} << 20;
constexpr uint64_t kTouched = uint64_t{1} << 20;

// In 16 places.
template <class Write>
void touch_parts(Write write) {
  constexpr uint64_t kParts = 16;
  static const std::vector<uint8_t> part(kTouched / kParts, 0x5a);
  for (uint64_t i = 0; i < kParts; i++) write(i * (kLen / kParts), part.data(), part.size());
}

wrt_mem *touched_memory() {
  wrt_mem *mem = make(std_config(kLen, kLen));
  touch_parts([mem](uint64_t at, const uint8_t *from, size_t n) { must(wrt_mem_write(mem, at, from, n)); });
  return mem;
}

uint8_t *touched_vec() {
  uint8_t *vec = peer_vec_new(kLen);
  touch_parts([vec](uint64_t at, const uint8_t *from, size_t n) { must(peer_vec_write(vec, at, from, n)); });
  return vec;
}

void cloning(wrt_mem *mem) {
  std::vector<uint8_t> from(kLen, 1);
  std::vector<uint8_t> to(kLen, 2);
  std::vector<Side> sides{side("ours", 4,
                               [=](int) {
                                 wrt_mem *clone = nullptr;
                                 must(wrt_mem_clone(mem, &clone));
                                 must(wrt_mem_destroy(clone));
                               }),
                          side("memcpy, warm", 1, [&](int) { keep(std::memcpy(to.data(), from.data(), kLen)); })};
  uint8_t *vec = nullptr;
  if constexpr (kHasRust) {
    vec = touched_vec();
    sides.push_back(side("Rust Vec", 1, [=](int) { peer_vec_free(peer_vec_clone(vec)); }));
  }
  wrt_image *image = nullptr;
  if (wrt_image_create(mem, &image) == WRT_OK) {
    sides.push_back(side("ours, from an image", 10, [=](int) {
      wrt_mem_config config = WRT_MEM_CONFIG_INIT;
      config.tier = WRT_TIER_STD;
      config.image = image;
      must(wrt_mem_destroy(make(config)));
    }));
  }
  compare("11", "clone of 64 MiB with 1 MiB touched", sides);
  must(wrt_image_destroy(image));
  if (kHasRust) peer_vec_free(vec);
}

void comparing(wrt_mem *a, wrt_mem *b) {
  const std::vector<uint8_t> one(kLen, 1);
  const std::vector<uint8_t> other(kLen, 1);
  compare("12", "equality of two of those",
          {side("ours", 4,
                [=](int) {
                  int32_t same = 0;
                  must(wrt_mem_equal(a, b, &same));
                  if (same != 1) std::exit(1);
                }),
           side("memcmp, warm", 1, [&](int) { keep(std::memcmp(one.data(), other.data(), kLen)); }),
           side("memcmp, cold", 1, [&](int) {
             auto *x = static_cast<uint8_t *>(std::calloc(1, kLen));
             auto *y = static_cast<uint8_t *>(std::calloc(1, kLen));
             keep(std::memcmp(x, y, kLen));
             std::free(x);
             std::free(y);
           })});
}

}  // namespace

int main(int argc, char **argv) {
  start(argc, argv);
  wrt_mem *a = touched_memory();
  wrt_mem *b = touched_memory();
  cloning(a);
  comparing(a, b);
  must(wrt_mem_destroy(a));
  must(wrt_mem_destroy(b));
  return 0;
}
