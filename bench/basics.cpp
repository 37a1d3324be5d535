// SPDX-License-Identifier: Apache-2.0 OR MIT
// Creation, growth and small accesses through the C ABI, each beside what a host would call otherwise.
#include <wrtmem/wrtmem.h>

#include <cstdlib>
#include <cstring>
#include <vector>

#include "rounds.hpp"

namespace {

constexpr uint64_t kPage = 65536;
constexpr int kGrowths = 1024;

void must(wrt_status status) {
  if (status == WRT_OK) return;
  std::fprintf(stderr, "bench: %s\n", wrt_status_name(status));
  std::exit(1);
}

wrt_mem *paged(int32_t tier, uint64_t pages, uint64_t max_pages) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = tier;
  config.page_len = kPage;
  config.initial_len = pages * kPage;
  config.max_len = max_pages * kPage;
  wrt_mem *mem = nullptr;
  must(wrt_mem_create_config(&config, &mem));
  return mem;
}

void calloc_page(int) {
  void *block = std::calloc(1, kPage);
  bench::keep(block);
  std::free(block);
}

void calloc_touched(int) {
  auto *block = static_cast<char *>(std::calloc(1, kPage));
  block[100] = 1;
  bench::keep(block);
  std::free(block);
}

void add_creation(std::vector<bench::Row> &rows) {
  for (int32_t tier : {WRT_TIER_STD, WRT_TIER_ALLOC, WRT_TIER_STATIC}) {
    const std::string name = wrt_tier_name(tier);
    const auto create = [tier](int) {
      wrt_mem *mem = nullptr;
      must(wrt_mem_create(tier, kPage, kPage, &mem));
      must(wrt_mem_destroy(mem));
    };
    const auto create_and_touch = [tier](int) {
      wrt_mem *mem = nullptr;
      const char byte = 1;
      must(wrt_mem_create(tier, kPage, kPage, &mem));
      must(wrt_mem_write(mem, 100, &byte, 1));
      must(wrt_mem_destroy(mem));
    };
    rows.push_back(bench::compare(name + ": create + destroy, 64 KiB", "calloc + free", 500, create, calloc_page));
    rows.push_back(
        bench::compare(name + ": the same, one byte written", "calloc + free", 500, create_and_touch, calloc_touched));
  }
}

// The realloc side zeroes what is new, as growth of a linear memory has to.
void add_growth(std::vector<bench::Row> &rows) {
  wrt_mem *mem = paged(WRT_TIER_STD, 1, kGrowths + 1);
  const auto grow = [mem](int i) {
    if (i == 0) must(wrt_mem_resize(mem, kPage));
    uint64_t old_pages = 0;
    must(wrt_mem_grow(mem, 1, &old_pages));
  };
  char *block = nullptr;
  size_t len = 0;
  const auto regrow = [&](int i) {
    if (i == 0) {
      std::free(block);
      block = static_cast<char *>(std::calloc(1, kPage));
      len = kPage;
    }
    block = static_cast<char *>(std::realloc(block, len + kPage));
    std::memset(block + len, 0, kPage);
    len += kPage;
    bench::keep(block);
  };
  rows.push_back(bench::compare("std: grow by one page, 1 to 1025", "realloc + memset", kGrowths, grow, regrow));
  std::free(block);
  must(wrt_mem_destroy(mem));
}

void add_access(std::vector<bench::Row> &rows) {
  wrt_mem *mem = paged(WRT_TIER_STD, 1, 16);
  std::vector<char> plain(kPage);
  char buffer[64] = {};
  for (size_t n : {size_t{4}, size_t{8}, size_t{16}, size_t{32}, size_t{64}}) {
    volatile size_t length = n;  // so that memcpy is called, as the library's function is
    const auto offset = [](int i) { return static_cast<size_t>(i) * 64 % 32768; };
    const std::string size = std::to_string(n) + " bytes";
    rows.push_back(bench::compare(
        "read " + size, "memcpy", 20000, [&](int i) { must(wrt_mem_read(mem, offset(i), buffer, length)); },
        [&](int i) { bench::keep(std::memcpy(buffer, plain.data() + offset(i), length)); }));
    rows.push_back(bench::compare(
        "write " + size, "memcpy", 20000, [&](int i) { must(wrt_mem_write(mem, offset(i), buffer, length)); },
        [&](int i) { bench::keep(std::memcpy(plain.data() + offset(i), buffer, length)); }));
  }
  must(wrt_mem_destroy(mem));
}

}  // namespace

int main() {
  std::vector<bench::Row> rows;
  add_creation(rows);
  add_growth(rows);
  add_access(rows);
  bench::print(rows);
  return 0;
}
