// SPDX-License-Identifier: Apache-2.0 OR MIT
// processor_test tables|native: which way to compute check values this processor gets, and that it works. The test
// suite starts it on processors that are emulated.
#include <wrtmem/wrtmem.h>

#include <cstdio>
#include <cstring>

#include "cpp/core/crc32c.hpp"

namespace {

bool right_variants(bool native) {
  const wrt::Crc32c *first = wrt::crc32c_variant(0);
  if (&wrt::crc32c() != first) return false;
  if (!native) return first == &wrt::kCrc32cPortable && wrt::crc32c_variant(1) == nullptr;
  return first != &wrt::kCrc32cPortable && wrt::crc32c_variant(1) == &wrt::kCrc32cPortable &&
         wrt::crc32c_variant(2) == nullptr;
}

bool keeps_check_values() {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.initial_len = 1000;
  config.verify = WRT_VERIFY_REDUNDANT;
  wrt_mem *mem = nullptr;
  if (wrt_mem_create_config(&config, &mem) != WRT_OK) return false;
  const bool kept = wrt_mem_write(mem, 13, "some bytes", 10) == WRT_OK && wrt_mem_fill(mem, 60, 7, 900) == WRT_OK &&
                    wrt_mem_resize(mem, 500) == WRT_OK && wrt_mem_verify(mem, nullptr) == WRT_OK;
  return wrt_mem_destroy(mem) == WRT_OK && kept;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  const bool variants = right_variants(std::strcmp(argv[1], "native") == 0);
  const bool passed = wrt_selftest() == WRT_OK;
  const bool kept = keeps_check_values();
  std::printf("%s: variants %d, self-test %d, check values %d\n", argv[1], variants, passed, kept);
  return variants && passed && kept ? 0 : 1;
}
