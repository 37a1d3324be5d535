// SPDX-License-Identifier: Apache-2.0 OR MIT
// The hot calls, each made by a function of its own, for callgrind: counts.py divides what a call took in all by how
// often it was made. One warming call of each kind comes first.
#include <wrtmem/wrtmem.h>

#include <cstdlib>
#include <initializer_list>

#define HOT extern "C" [[gnu::noinline]] void

namespace {

constexpr int kTimes = 1000;
constexpr uint64_t kPage = 65536;

void must(wrt_status status) {
  if (status != WRT_OK) std::abort();
}

wrt_mem *make(int32_t tier, int32_t verify, uint64_t len, uint64_t max_len, wrt_pool *pool = nullptr) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = tier;
  config.verify = verify;
  config.page_len = 64;
  config.initial_len = len;
  config.max_len = max_len;
  config.pool = pool;
  wrt_mem *mem = nullptr;
  must(wrt_mem_create_config(&config, &mem));
  return mem;
}

}  // namespace

HOT hot_read(wrt_mem *mem) {
  uint8_t bytes[8];
  for (int i = 0; i < kTimes; i++) must(wrt_mem_read(mem, 8, bytes, 8));
}

HOT hot_write(wrt_mem *mem) {
  const uint8_t bytes[8] = {1};
  for (int i = 0; i < kTimes; i++) must(wrt_mem_write(mem, 8, bytes, 8));
}

HOT hot_standard_write(wrt_mem *mem) {
  const uint8_t bytes[8] = {1};
  for (int i = 0; i < kTimes; i++) must(wrt_mem_write(mem, 8, bytes, 8));
}

HOT hot_full_read(wrt_mem *mem) {
  uint8_t bytes[8];
  for (int i = 0; i < kTimes; i++) must(wrt_mem_read(mem, 8, bytes, 8));
}

HOT hot_check(wrt_mem *mem) {
  for (int i = 0; i < kTimes; i++) must(wrt_mem_check(mem, 8, 8));
}

HOT hot_grow(wrt_mem *mem) {
  uint64_t old_pages = 0;
  for (int i = 0; i < kTimes; i++) must(wrt_mem_grow(mem, 1, &old_pages));
}

HOT hot_life_std() {
  wrt_mem *mem = nullptr;
  for (int i = 0; i < kTimes; i++) {
    must(wrt_mem_create(WRT_TIER_STD, kPage, kPage, &mem));
    must(wrt_mem_destroy(mem));
  }
}

HOT hot_life_std_touched() {
  const uint8_t byte = 1;
  wrt_mem *mem = nullptr;
  for (int i = 0; i < kTimes; i++) {
    must(wrt_mem_create(WRT_TIER_STD, kPage, kPage, &mem));
    must(wrt_mem_write(mem, 100, &byte, 1));
    must(wrt_mem_destroy(mem));
  }
}

// Destroyed at length 0: what a slot's scrubbing takes is the length's.
HOT hot_life_static(wrt_pool *pool) {
  for (int i = 0; i < kTimes; i++) must(wrt_mem_destroy(make(WRT_TIER_STATIC, 0, 0, 4096, pool)));
}

int main() {
  static uint8_t storage[WRT_POOL_STORAGE_LEN(4096, 4)];
  wrt_pool *pool = nullptr;
  must(wrt_pool_create(storage, sizeof storage, 4096, &pool));
  wrt_mem *mem = make(WRT_TIER_STD, WRT_VERIFY_DEFAULT, kPage, 4 * kPage);
  wrt_mem *standard = make(WRT_TIER_STD, WRT_VERIFY_STANDARD, kPage, kPage);
  wrt_mem *full = make(WRT_TIER_STD, WRT_VERIFY_FULL, kPage, kPage);
  hot_read(mem);
  hot_write(mem);
  hot_standard_write(standard);
  hot_full_read(full);
  hot_check(mem);
  hot_grow(mem);
  hot_life_std();
  hot_life_std_touched();
  hot_life_static(pool);
  for (wrt_mem *it : {mem, standard, full}) must(wrt_mem_destroy(it));
  must(wrt_pool_destroy(pool));
  return 0;
}
