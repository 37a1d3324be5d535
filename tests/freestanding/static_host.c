/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * A host that uses the STATIC tier and nothing else: what it links is the footprint that docs/footprint.md tells. It
 * runs too, and returns 0 when every call answers as it must.
 */
#include "wrtmem/wrtmem.h"

enum { kSlots = 4, kSlotLen = 1024, kPage = 64 };

static uint8_t g_storage[WRT_POOL_STORAGE_LEN(kSlotLen, kSlots)];

static int use(wrt_mem *one, wrt_mem *other) {
  const uint32_t written = 0x01020304;
  uint32_t word = 0;
  uint64_t n = 0;
  if (wrt_mem_write(one, 0, &written, sizeof(written)) != WRT_OK) return 10;
  if (wrt_mem_read(one, 0, &word, sizeof(word)) != WRT_OK || word != written) return 11;
  if (wrt_mem_copy(other, 8, one, 0, sizeof(word)) != WRT_OK) return 12;
  if (wrt_mem_read(other, 8, &word, sizeof(word)) != WRT_OK || word != written) return 13;
  if (wrt_mem_fill(one, 0, 0xff, kPage) != WRT_OK || wrt_mem_fill(one, 1, 0xff, kPage) != WRT_ERR_OUT_OF_BOUNDS)
    return 14;
  if (wrt_mem_grow(one, 1, &n) != WRT_OK || n != 1) return 15;
  if (wrt_mem_len(one, &n) != WRT_OK || n != 2 * kPage) return 16;
  if (wrt_mem_check(one, n, 0) != WRT_OK || wrt_mem_check(one, n, 1) != WRT_ERR_OUT_OF_BOUNDS) return 17;
  if (wrt_mem_resize(one, 0) != WRT_OK || wrt_mem_resize(one, kPage) != WRT_OK) return 18;
  if (wrt_mem_read(one, 0, &word, sizeof(word)) != WRT_OK || word != 0) return 19;
  return wrt_mem_resize(one, kSlotLen + kPage) == WRT_ERR_LIMIT ? 0 : 20;
}

int main(void) {
  size_t needed = 0;
  wrt_pool *pool = NULL;
  wrt_mem *one = NULL;
  wrt_mem *other = NULL;
  wrt_pool_info info = {.struct_size = sizeof(info)};
  if (wrt_pool_storage_len(kSlotLen, kSlots, &needed) != WRT_OK || needed > sizeof(g_storage)) return 1;
  if (wrt_pool_create(g_storage, needed, kSlotLen, &pool) != WRT_OK) return 2;
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.pool = pool;
  config.page_len = kPage;
  config.initial_len = kPage;
  if (wrt_mem_create_config(&config, &one) != WRT_OK || wrt_mem_create_config(&config, &other) != WRT_OK) return 3;
  if (wrt_mem_create(WRT_TIER_STD, kPage, kPage, NULL) == WRT_OK) return 4;
  const int wrong = use(one, other);
  if (wrong != 0) return wrong;
  if (wrt_pool_get_info(pool, &info) != WRT_OK || info.used != 2) return 5;
  if (wrt_pool_destroy(pool) != WRT_ERR_BUSY) return 6;
  if (wrt_mem_destroy(one) != WRT_OK || wrt_mem_destroy(one) != WRT_ERR_INVALID_HANDLE) return 7;
  if (wrt_mem_destroy(other) != WRT_OK) return 8;
  return wrt_pool_destroy(pool) == WRT_OK ? 0 : 9;
}
