/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* wrtmem.h comes first and twice, and its macros are used: nothing of it may warn in any dialect, C or C++. */
#include <wrtmem/wrtmem.h>
#include <wrtmem/wrtmem.h> /* twice */

wrt_mem_config config_of_a_file(void);
wrt_status create_and_destroy(void);

/* Layouts are worked out where a size is asked for; padding shows then. */
enum {
  EVERY_LAYOUT = sizeof(wrt_view) + sizeof(wrt_allocator) + sizeof(wrt_mem_config) + sizeof(wrt_mem_info) +
                 sizeof(wrt_mem_stats) + sizeof(wrt_pool_info) + sizeof(wrt_budget_info) + sizeof(wrt_image_info) +
                 sizeof(wrt_tier_info)
};

static unsigned char storage[WRT_POOL_STORAGE_LEN(65536, 4)];
static const wrt_mem_config constant = WRT_MEM_CONFIG_INIT;

wrt_mem_config config_of_a_file(void) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.initial_len = constant.initial_len;
  config.max_len = sizeof storage;
  config.flags = WRT_MEM_STABLE | WRT_MEM_TRACK;
  config.verify = WRT_VERIFY_BASIC;
  return config;
}

wrt_status create_and_destroy(void) {
  wrt_pool *pool;
  wrt_status status = wrt_pool_create(storage, sizeof storage, 65536, &pool);
  if (status != WRT_OK) return status;
  return wrt_pool_destroy(pool);
}
