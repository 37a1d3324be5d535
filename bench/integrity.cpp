// SPDX-License-Identifier: Apache-2.0 OR MIT
// Rows 13 to 15: verification beside byte-wise checksums, and small accesses at each level beside OFF.
#include "peers.hpp"
#include "rounds.hpp"

using namespace bench;

namespace {

wrt_mem *at_level(int32_t level) {
  wrt_mem_config config = std_config(kPage, kPage);
  config.verify = level;
  wrt_mem *mem = make(config);
  must(wrt_mem_fill(mem, 0, 0x5a, kPage));
  return mem;
}

// Byte by byte, as a checksum over linear memory is often written.
uint32_t adler32(const uint8_t *bytes, size_t n) {
  uint32_t a = 1;
  uint32_t b = 0;
  for (size_t i = 0; i < n; i++) {
    a = (a + bytes[i]) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

void verifying() {
  wrt_mem *mem = at_level(WRT_VERIFY_STANDARD);
  const std::vector<uint8_t> plain(kPage, 0x5a);
  std::vector<Side> sides{side("ours", 20, [=](int) { must(wrt_mem_verify(mem, nullptr)); }),
                          side("Adler-32 in C++", 5, [&](int) {
                            keep(plain.data());
                            keep(adler32(plain.data(), plain.size()));
                          })};
  if constexpr (kHasRust) {
    sides.push_back(side("Adler-32 in Rust", 5, [&](int) { keep(peer_adler32(plain.data(), plain.size())); }));
  }
  compare("13", "verify, 64 KiB", sides);
  must(wrt_mem_destroy(mem));
}

// In cache, and inside one block of 64 bytes.
void accessing() {
  struct Level {
    int32_t level;
    const char *read_row;
    const char *write_row;
    const char *name;
  };
  const Level levels[] = {{WRT_VERIFY_BASIC, "levels", "levels", "BASIC"},
                          {WRT_VERIFY_STANDARD, "levels", "14", "STANDARD"},
                          {WRT_VERIFY_SAMPLING, "levels", "levels", "SAMPLING"},
                          {WRT_VERIFY_FULL, "15", "levels", "FULL"},
                          {WRT_VERIFY_REDUNDANT, "levels", "levels", "REDUNDANT"}};
  wrt_mem *off = at_level(WRT_VERIFY_OFF);
  static uint8_t buffer[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  const auto offset = [](int i) { return static_cast<uint64_t>(i) * 72 % 32768; };
  for (const Level &it : levels) {
    wrt_mem *mem = at_level(it.level);
    const std::string at = std::string("8 bytes at ") + it.name;
    compare(it.read_row, "read of " + at,
            {side("ours", 20000, [=](int i) { must(wrt_mem_read(mem, offset(i), buffer, 8)); }),
             side("the same at OFF", 20000, [=](int i) { must(wrt_mem_read(off, offset(i), buffer, 8)); })});
    compare(it.write_row, "write of " + at,
            {side("ours", 20000, [=](int i) { must(wrt_mem_write(mem, offset(i), buffer, 8)); }),
             side("the same at OFF", 20000, [=](int i) { must(wrt_mem_write(off, offset(i), buffer, 8)); })});
    must(wrt_mem_destroy(mem));
  }
  must(wrt_mem_destroy(off));
}

}  // namespace

int main(int argc, char **argv) {
  start(argc, argv);
  verifying();
  accessing();
  return 0;
}
