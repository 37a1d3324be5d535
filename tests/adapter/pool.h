/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* One pool for the whole program, in SLOTS slots of SLOT_PAGES pages. To be included after cmocka.h. */
#ifndef WRTMEM_TESTS_ADAPTER_POOL_H
#define WRTMEM_TESTS_ADAPTER_POOL_H

#include <wrtmem/wrtmem.h>

#define PAGE 65536u

static uint8_t storage[WRT_POOL_STORAGE_LEN(SLOT_PAGES * PAGE, SLOTS)];
static wrt_pool *pool;

static int make_pool(void **state) {
  (void)state;
  return wrt_pool_create(storage, sizeof storage, SLOT_PAGES * PAGE, &pool);
}

static int drop_pool(void **state) {
  (void)state;
  return wrt_pool_destroy(pool);
}

static wrt_mem_config config_of(int32_t tier) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = tier;
  config.max_len = SLOT_PAGES * PAGE;
  config.pool = tier == WRT_TIER_STATIC ? pool : NULL;
  return config;
}

#endif
