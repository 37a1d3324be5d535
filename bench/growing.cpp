// SPDX-License-Identifier: Apache-2.0 OR MIT
// For strace: memories that grow between two marks, which are system calls of their own. Row 6.
#include <unistd.h>

#include "rounds.hpp"

using namespace bench;

int main() {
  wrt_mem *mem = make(std_config(kPage, 1025 * kPage));
  static uint8_t storage[WRT_POOL_STORAGE_LEN(4096, 1)];
  wrt_pool *pool = nullptr;
  must(wrt_pool_create(storage, sizeof storage, 4096, &pool));
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.pool = pool;
  wrt_mem *slot = make(config);
  (void)getppid();
  for (int i = 0; i < 1024; i++) {
    uint64_t old_pages = 0;
    must(wrt_mem_grow(mem, 1, &old_pages));
    must(wrt_mem_grow(slot, 4, &old_pages));
  }
  (void)getppid();
  must(wrt_mem_destroy(slot));
  must(wrt_mem_destroy(mem));
  must(wrt_pool_destroy(pool));
  return 0;
}
