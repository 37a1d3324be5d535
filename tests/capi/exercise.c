/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "exercise.h"

#include <string.h>

/* Returns from the calling function with its line when the call gives another status than expected. */
#define TRY(expected, call)                             \
  do {                                                  \
    around->before();                                   \
    const wrt_status got = (call);                      \
    around->after();                                    \
    if (got != (wrt_status)(expected)) return __LINE__; \
  } while (0)

enum { LEN = 4096, MORE = 8192 };

static int access_memory(wrt_mem *mem, wrt_mem *other, const surroundings *around) {
  static uint8_t bytes[LEN];
  uint64_t len = 0;
  int32_t equal = 0;
  TRY(WRT_OK, wrt_mem_len(mem, &len));
  TRY(WRT_OK, wrt_mem_check(mem, 0, LEN));
  TRY(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_check(mem, 0, len + 1));
  TRY(WRT_OK, wrt_mem_write(mem, 0, bytes, LEN));
  TRY(WRT_OK, wrt_mem_read(mem, 0, bytes, LEN));
  TRY(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_read(mem, len, bytes, 1));
  TRY(WRT_OK, wrt_mem_fill(mem, 1, 0x5A, LEN - 2));
  TRY(WRT_OK, wrt_mem_copy(other, 0, mem, 0, LEN));
  TRY(WRT_OK, wrt_mem_copy(mem, 1, mem, 0, LEN - 1));
  TRY(WRT_OK, wrt_mem_equal(mem, other, &equal));
  TRY(WRT_OK, wrt_mem_discard(mem, 0, LEN));
  return 0;
}

static int change_length(wrt_mem *mem, const surroundings *around) {
  uint64_t old_pages = 0;
  TRY(WRT_OK, wrt_mem_resize(mem, MORE));
  TRY(WRT_OK, wrt_mem_fill(mem, 0, 1, MORE));
  TRY(WRT_OK, wrt_mem_resize(mem, 1));
  TRY(WRT_OK, wrt_mem_grow(mem, LEN - 1, &old_pages));
  TRY(WRT_ERR_LIMIT, wrt_mem_grow(mem, UINT64_MAX, &old_pages));
  TRY(WRT_ERR_LIMIT, wrt_mem_resize(mem, UINT64_MAX));
  TRY(WRT_OK, wrt_mem_reset(mem));
  return 0;
}

static int look_inside(wrt_mem *mem, const surroundings *around) {
  const wrt_view *view = NULL;
  wrt_mem *found = NULL;
  uint64_t offset = 0;
  void *data = NULL;
  void *none = NULL;
  TRY(WRT_OK, wrt_mem_view(mem, &view));
  TRY(WRT_OK, wrt_fault_find(view->base + 1, &found, &offset));
  TRY(WRT_ERR_OUT_OF_BOUNDS, wrt_fault_find(&view, &found, &offset));
  TRY(WRT_OK, wrt_mem_borrow(mem, 0, LEN, WRT_BORROW_WRITE, &data));
  TRY(WRT_ERR_BUSY, wrt_mem_borrow(mem, 0, LEN, WRT_BORROW_READ, &none));
  TRY(WRT_ERR_BUSY, wrt_mem_destroy(mem));
  TRY(WRT_OK, wrt_mem_release(mem, data, LEN));
  return 0;
}

static int report(wrt_mem *mem, const surroundings *around) {
  wrt_mem_info info;
  wrt_mem_stats stats;
  uint64_t first_bad = 0;
  info.struct_size = sizeof info;
  stats.struct_size = sizeof stats;
  TRY(WRT_OK, wrt_mem_get_info(mem, &info));
  TRY(WRT_OK, wrt_mem_get_stats(mem, &stats));
  TRY(WRT_OK, wrt_mem_clear_stats(mem));
  TRY(WRT_OK, wrt_mem_verify(mem, &first_bad));
  TRY(WRT_OK, wrt_mem_set_verify(mem, WRT_VERIFY_OFF));
  TRY(WRT_OK, wrt_mem_set_verify(mem, WRT_VERIFY_BASIC));
  return 0;
}

static int access_atomically(wrt_mem *mem, const surroundings *around) {
  uint64_t value = 0;
  uint32_t woken = 0;
  int32_t result = 0;
  for (uint32_t width = 1; width <= 8; width *= 2) {
    TRY(WRT_OK, wrt_mem_atomic_store(mem, 8, width, 5));
    TRY(WRT_OK, wrt_mem_atomic_load(mem, 8, width, &value));
    TRY(WRT_OK, wrt_mem_atomic_cmpxchg(mem, 8, width, 5, 6, &value));
    for (int32_t op = WRT_ATOMIC_ADD; op <= WRT_ATOMIC_XCHG; ++op) {
      TRY(WRT_OK, wrt_mem_atomic_rmw(mem, 8, width, op, 1, &value));
    }
  }
  TRY(WRT_OK, wrt_mem_notify(mem, 8, 1, &woken));
  TRY(WRT_ERR_UNSUPPORTED, wrt_mem_wait(mem, 8, 4, 0, -1, &result));
  return 0;
}

static int use_memories(wrt_mem *mem, wrt_mem *other, const surroundings *around) {
  int line = access_memory(mem, other, around);
  if (line == 0) line = change_length(mem, around);
  if (line == 0) line = look_inside(mem, around);
  if (line == 0) line = report(mem, around);
  if (line == 0) line = access_atomically(mem, around);
  return line;
}

int exercise_memories(const wrt_mem_config *config, const surroundings *around) {
  wrt_mem *mem = NULL;
  wrt_mem *other = NULL;
  wrt_image *image = NULL;
  uint64_t len = 0;
  wrt_mem_config refused = *config;
  refused.initial_len = UINT64_MAX;
  refused.reserve_len = 0;
  TRY(WRT_ERR_LIMIT, wrt_mem_create_config(&refused, &mem));
  for (int round = 0; round < 3; ++round) {
    TRY(WRT_OK, wrt_mem_create_config(config, &mem));
    TRY(WRT_OK, wrt_mem_clone(mem, &other));
    TRY(WRT_OK, wrt_image_create(mem, &image));
    TRY(WRT_OK, wrt_image_destroy(image));
    const int line = use_memories(mem, other, around);
    if (line != 0) return line;
    TRY(WRT_OK, wrt_mem_destroy(mem));
    TRY(WRT_OK, wrt_mem_destroy(other));
    TRY(WRT_ERR_INVALID_HANDLE, wrt_mem_len(mem, &len));
    TRY(WRT_ERR_INVALID_HANDLE, wrt_mem_destroy(mem));
  }
  TRY(WRT_OK, wrt_mem_destroy(NULL));
  return 0;
}

int exercise_library(const surroundings *around) {
  wrt_tier_info info;
  info.struct_size = sizeof info;
  for (int32_t tier = WRT_TIER_DEFAULT; tier <= WRT_TIER_STATIC; ++tier) TRY(WRT_OK, wrt_tier_get_info(tier, &info));
  around->before();
  size_t length = strlen(wrt_version_string());
  for (wrt_status status = -1; status < 17; ++status) {
    length += strlen(wrt_status_name(status)) + strlen(wrt_status_message(status));
  }
  for (int32_t tier = -1; tier < 5; ++tier) length += strlen(wrt_tier_name(tier));
  around->after();
  return length > 0 && wrt_version() > 0 ? 0 : __LINE__;
}

static size_t give_nothing(void *context, void *data, size_t n) {
  (void)context;
  (void)data;
  (void)n;
  return 0;
}

int exercise_pools_and_budgets(void *storage, size_t storage_len, size_t slot_len, const surroundings *around) {
  size_t len = 0;
  wrt_pool *pool = NULL;
  wrt_budget *parent = NULL;
  wrt_budget *child = NULL;
  wrt_image *image = NULL;
  wrt_pool_info pool_info;
  wrt_budget_info budget_info;
  pool_info.struct_size = sizeof pool_info;
  budget_info.struct_size = sizeof budget_info;
  TRY(WRT_OK, wrt_pool_storage_len(slot_len, 1, &len));
  TRY(WRT_ERR_INVALID_ARGUMENT, wrt_pool_create(storage, 0, slot_len, &pool));
  TRY(WRT_OK, wrt_pool_create(storage, storage_len, slot_len, &pool));
  TRY(WRT_OK, wrt_pool_get_info(pool, &pool_info));
  TRY(WRT_OK, wrt_pool_destroy(pool));
  TRY(WRT_ERR_INVALID_HANDLE, wrt_pool_destroy(pool));
  TRY(WRT_OK, wrt_budget_create(1000, NULL, &parent));
  TRY(WRT_OK, wrt_budget_create(100, parent, &child));
  TRY(WRT_OK, wrt_budget_get_info(child, &budget_info));
  TRY(WRT_ERR_BUSY, wrt_budget_destroy(parent));
  TRY(WRT_OK, wrt_budget_destroy(child));
  TRY(WRT_OK, wrt_budget_destroy(parent));
  TRY(WRT_ERR_FORMAT, wrt_image_load(NULL, give_nothing, NULL, &image));
  TRY(WRT_OK, wrt_image_destroy(NULL));
  return 0;
}
