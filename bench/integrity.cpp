// SPDX-License-Identifier: Apache-2.0 OR MIT
// What the levels cost: verification beside a byte-wise checksum, and small accesses at each level beside OFF.
#include <wrtmem/wrtmem.h>

#include <cstdlib>
#include <vector>

#include "rounds.hpp"

namespace {

constexpr uint64_t kLen = 65536;

void must(wrt_status status) {
  if (status == WRT_OK) return;
  std::fprintf(stderr, "bench: %s\n", wrt_status_name(status));
  std::exit(1);
}

wrt_mem *at_level(int32_t level) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STD;
  config.initial_len = kLen;
  config.max_len = kLen;
  config.verify = level;
  wrt_mem *mem = nullptr;
  must(wrt_mem_create_config(&config, &mem));
  must(wrt_mem_fill(mem, 0, 0x5a, kLen));
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

void add_verify(std::vector<bench::Row> &rows) {
  wrt_mem *mem = at_level(WRT_VERIFY_STANDARD);
  const std::vector<uint8_t> plain(kLen, 0x5a);
  rows.push_back(bench::compare(
      "verify 64 KiB", "Adler-32 byte by byte", 20, [&](int) { must(wrt_mem_verify(mem, nullptr)); },
      [&](int) {
        bench::keep(plain.data());
        bench::keep(adler32(plain.data(), plain.size()));
      }));
  must(wrt_mem_destroy(mem));
}

void add_accesses(std::vector<bench::Row> &rows) {
  const char *const names[] = {"", "OFF", "BASIC", "STANDARD", "SAMPLING", "FULL", "REDUNDANT"};
  wrt_mem *off = at_level(WRT_VERIFY_OFF);
  uint8_t buffer[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  const auto offset = [](int i) { return static_cast<uint64_t>(i) * 72 % 32768; };
  for (int32_t level = WRT_VERIFY_BASIC; level <= WRT_VERIFY_REDUNDANT; level++) {
    wrt_mem *mem = at_level(level);
    const std::string at = std::string(" 8 bytes at ") + names[level];
    rows.push_back(bench::compare(
        "read" + at, "the same at OFF", 20000, [&](int i) { must(wrt_mem_read(mem, offset(i), buffer, 8)); },
        [&](int i) { must(wrt_mem_read(off, offset(i), buffer, 8)); }));
    rows.push_back(bench::compare(
        "write" + at, "the same at OFF", 20000, [&](int i) { must(wrt_mem_write(mem, offset(i), buffer, 8)); },
        [&](int i) { must(wrt_mem_write(off, offset(i), buffer, 8)); }));
    must(wrt_mem_destroy(mem));
  }
  must(wrt_mem_destroy(off));
}

void add_selftest(std::vector<bench::Row> &rows) {
  rows.push_back(bench::compare(
      "selftest", "verify nothing", 5, [](int) { must(wrt_selftest()); }, [](int) { bench::keep(0); }));
}

}  // namespace

int main() {
  std::vector<bench::Row> rows;
  add_verify(rows);
  add_accesses(rows);
  add_selftest(rows);
  bench::print(rows);
  return 0;
}
