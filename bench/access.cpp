// SPDX-License-Identifier: Apache-2.0 OR MIT
// Rows 9 and 10: reading and writing, a few bytes and many.
#include "peers.hpp"
#include "rounds.hpp"

using namespace bench;

namespace {

constexpr uint64_t kSmall = kPage;
constexpr int kCalls = 20000;

size_t somewhere(int i) { return static_cast<size_t>(i) * 64 % (kSmall / 2); }

// The lengths are read anew at each call, so that memcpy is called, as the library's function is.
void small(wrt_mem *mem, uint8_t *plain, uint8_t *vec) {
  static uint8_t buffer[64];
  for (size_t n : {size_t{4}, size_t{8}, size_t{16}, size_t{32}}) {
    volatile size_t length = n;
    const std::string size = std::to_string(n) + " bytes";
    std::vector<Side> reads{
        side("ours", kCalls, [&](int i) { must(wrt_mem_read(mem, somewhere(i), buffer, length)); }),
        side("memcpy", kCalls, [&](int i) { keep(std::memcpy(buffer, plain + somewhere(i), length)); })};
    std::vector<Side> writes{
        side("ours", kCalls, [&](int i) { must(wrt_mem_write(mem, somewhere(i), buffer, length)); }),
        side("memcpy", kCalls, [&](int i) { keep(std::memcpy(plain + somewhere(i), buffer, length)); })};
    if constexpr (kHasRust) {
      reads.push_back(side("Rust Vec", kCalls, [&](int i) { must(peer_vec_read(vec, somewhere(i), buffer, length)); }));
      writes.push_back(
          side("Rust Vec", kCalls, [&](int i) { must(peer_vec_write(vec, somewhere(i), buffer, length)); }));
    }
    compare("9", "read of " + size, reads);
    compare("9", "write of " + size, writes);
  }
}

void bulk(wrt_mem *mem, uint8_t *plain, uint8_t *other, uint64_t len) {
  const int calls = static_cast<int>(std::max<uint64_t>(1, (uint64_t{64} << 20) / len / 4));
  const std::string size =
      len >= uint64_t{1} << 20 ? std::to_string(len >> 20) + " MiB" : std::to_string(len >> 10) + " KiB";
  const char *row = len > uint64_t{1} << 20 ? "10 large" : "10";
  compare(row, "read of " + size,
          {side("ours", calls, [=](int) { must(wrt_mem_read(mem, 0, other, len)); }),
           side("memcpy", calls, [=](int) { keep(std::memcpy(other, plain, len)); })});
  compare(row, "write of " + size,
          {side("ours", calls, [=](int) { must(wrt_mem_write(mem, 0, other, len)); }),
           side("memcpy", calls, [=](int) { keep(std::memcpy(plain, other, len)); })});
}

}  // namespace

int main(int argc, char **argv) {
  start(argc, argv);
  const uint64_t most = uint64_t{64} << 20;
  wrt_mem *mem = make(std_config(most, most));
  std::vector<uint8_t> plain(most, 1);
  std::vector<uint8_t> other(most, 2);
  uint8_t *vec = kHasRust ? peer_vec_new(kSmall) : nullptr;
  must(wrt_mem_fill(mem, 0, 3, most));
  small(mem, plain.data(), vec);
  for (uint64_t len : {uint64_t{4} << 10, uint64_t{64} << 10, uint64_t{1} << 20, uint64_t{16} << 20, most}) {
    bulk(mem, plain.data(), other.data(), len);
  }
  if (kHasRust) peer_vec_free(vec);
  must(wrt_mem_destroy(mem));
  return 0;
}
