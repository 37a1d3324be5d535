/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What a build of the STATIC tier alone leaves out is UNSUPPORTED, and the rest answers as in every build. */
#include <stdio.h>
#include <stdlib.h>

#include "wrtmem/wrtmem.h"

#define CHECK(what)                                              \
  do {                                                           \
    if (!(what)) {                                               \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what); \
      exit(1);                                                   \
    }                                                            \
  } while (0)

static void *refuse(void *context, size_t size, size_t alignment) {
  (void)context;
  (void)size;
  (void)alignment;
  return NULL;
}

static void take_back(void *context, void *block, size_t size, size_t alignment) {
  (void)context;
  (void)block;
  (void)size;
  (void)alignment;
}

static wrt_status create(wrt_mem_config config) {
  wrt_mem *mem = NULL;
  config.initial_len = config.max_len = 64;
  const wrt_status status = wrt_mem_create_config(&config, &mem);
  CHECK(mem == NULL && wrt_mem_destroy(mem) == WRT_OK);
  return status;
}

int main(void) {
  const wrt_allocator allocator = {sizeof(allocator), 0, NULL, refuse, NULL, take_back};
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STD;
  CHECK(create(config) == WRT_ERR_UNSUPPORTED);
  config.tier = WRT_TIER_ALLOC;
  CHECK(create(config) == WRT_ERR_UNSUPPORTED);
  config.allocator = &allocator;
  CHECK(create(config) == WRT_ERR_UNSUPPORTED);
  config.allocator = NULL;
  config.tier = WRT_TIER_STATIC;
  config.flags = WRT_MEM_TRACK;
  CHECK(create(config) == WRT_ERR_UNSUPPORTED);
  config.flags = 0;
  for (int32_t level = WRT_VERIFY_STANDARD; level <= WRT_VERIFY_REDUNDANT; level++) {
    config.verify = level;
    CHECK(create(config) == WRT_ERR_UNSUPPORTED);
  }
  wrt_budget *budget = NULL;
  CHECK(wrt_budget_create(100, NULL, &budget) == WRT_ERR_UNSUPPORTED && budget == NULL);

  wrt_tier_info info = {.struct_size = sizeof(info)};
  CHECK(wrt_tier_get_info(WRT_TIER_ALLOC, &info) == WRT_OK && info.available == 0);
  CHECK(wrt_tier_get_info(WRT_TIER_STATIC, &info) == WRT_OK && info.available == 1);
  CHECK((info.flags & WRT_MEM_TRACK) == 0 && (info.features & WRT_FEATURE_INTEGRITY) == 0);
  CHECK(wrt_selftest() == WRT_OK);

  wrt_mem *mem = NULL;
  void *data = NULL;
  CHECK(wrt_mem_create(WRT_TIER_DEFAULT, 64, 128, &mem) == WRT_OK);
  CHECK(wrt_mem_set_verify(mem, WRT_VERIFY_FULL) == WRT_ERR_UNSUPPORTED);
  CHECK(wrt_mem_set_verify(mem, WRT_VERIFY_OFF) == WRT_OK && wrt_mem_set_verify(mem, WRT_VERIFY_BASIC) == WRT_OK);
  CHECK(wrt_mem_borrow(mem, 0, 8, WRT_BORROW_WRITE, &data) == WRT_OK && wrt_mem_destroy(mem) == WRT_ERR_BUSY);
  CHECK(wrt_mem_release(mem, data, 8) == WRT_OK);
  CHECK(wrt_mem_verify(mem, NULL) == WRT_OK && wrt_mem_destroy(mem) == WRT_OK);
  return 0;
}
