/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Codes that only a process with a bounded address space can provoke. */
#include "limited_child.h"
#include "support.h"

#define CHECK(condition)               \
  do {                                 \
    if (!(condition)) return __LINE__; \
  } while (0)

/* A bounded address space has few handles. */
static int take_all_handles(void) {
  static uint8_t storage[WRT_POOL_STORAGE_LEN(64, 4)];
  static wrt_budget *taken[1 << 20];
  wrt_pool *pool = NULL;
  wrt_mem *mem = NULL;
  size_t count = 0;
  while (count < sizeof taken / sizeof taken[0] && wrt_budget_create(1, NULL, &taken[count]) == WRT_OK) ++count;
  CHECK(wrt_budget_create(1, NULL, &taken[0]) == WRT_ERR_POOL_EXHAUSTED);
  CHECK(wrt_pool_create(storage, sizeof storage, 64, &pool) == WRT_ERR_POOL_EXHAUSTED);
  CHECK(wrt_mem_create(WRT_TIER_STD, 1, 1, &mem) == WRT_ERR_POOL_EXHAUSTED);
  CHECK(wrt_mem_create(WRT_TIER_ALLOC, 1, 1, &mem) == WRT_ERR_POOL_EXHAUSTED);
  CHECK(pool == NULL && mem == NULL);
  CHECK(wrt_budget_destroy(taken[1]) == WRT_OK);
  CHECK(wrt_mem_create(WRT_TIER_STD, 1, 1, &mem) == WRT_OK);
  return 0;
}

static int ask_for_too_much(void) {
  wrt_mem *mem = NULL;
  const uint64_t much = UINT64_C(1) << 28;
  CHECK(wrt_mem_create(WRT_TIER_STD, much, much, &mem) == WRT_ERR_OUT_OF_MEMORY);
  CHECK(wrt_mem_create(WRT_TIER_ALLOC, much, much, &mem) == WRT_ERR_OUT_OF_MEMORY);
  CHECK(mem == NULL);
  return 0;
}

static const limited_script scripts[] = {{"handles", take_all_handles}, {"bytes", ask_for_too_much}};

static void without_a_free_handle_creation_is_pool_exhausted(void **state) {
  (void)state;
  run_limited("handles", UINT64_C(128) << 20);
}
static void more_than_there_is_is_out_of_memory(void **state) {
  (void)state;
  run_limited("bytes", UINT64_C(128) << 20);
}

int main(int argc, char **argv) {
  const int limited = limited_main(argc, argv, scripts, sizeof scripts / sizeof scripts[0]);
  if (limited >= 0) return limited;
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_a_free_handle_creation_is_pool_exhausted),
      cmocka_unit_test(more_than_there_is_is_out_of_memory),
  };
  return RUN_ONCE("status codes under a limit", tests);
}
