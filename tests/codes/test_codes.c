/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Codes that the tests of the single functions do not provoke. */
#include "support.h"

/* ---- a control block that something wrote to */

static wrt_mem *bad;       /* its control block is bad */
static wrt_mem *good;      /* its control block is not */
static uint8_t bytes[64];  /* what is read and written */
static void *lent = bytes; /* what was borrowed, or not */

static wrt_status with_len(void) { return wrt_mem_len(bad, &(uint64_t){0}); }
static wrt_status with_check(void) { return wrt_mem_check(bad, 0, 1); }
static wrt_status with_read(void) { return wrt_mem_read(bad, 0, bytes, sizeof bytes); }
static wrt_status with_write(void) { return wrt_mem_write(bad, 0, bytes, sizeof bytes); }
static wrt_status with_fill(void) { return wrt_mem_fill(bad, 0, 1, 10); }
static wrt_status with_copy_to(void) { return wrt_mem_copy(bad, 0, good, 0, 10); }
static wrt_status with_copy_from(void) { return wrt_mem_copy(good, 0, bad, 0, 10); }
static wrt_status with_equal(void) { return wrt_mem_equal(bad, good, &(int32_t){0}); }
static wrt_status with_equal_to(void) { return wrt_mem_equal(good, bad, &(int32_t){0}); }
static wrt_status with_resize(void) { return wrt_mem_resize(bad, 10); }
static wrt_status with_grow(void) { return wrt_mem_grow(bad, 1, &(uint64_t){0}); }
static wrt_status with_discard(void) { return wrt_mem_discard(bad, 0, 10); }
static wrt_status with_reset(void) { return wrt_mem_reset(bad); }
static wrt_status with_clone(void) { return wrt_mem_clone(bad, &(wrt_mem *){NULL}); }
static wrt_status with_view(void) { return wrt_mem_view(bad, &(const wrt_view *){NULL}); }
static wrt_status with_borrow(void) { return wrt_mem_borrow(bad, 0, 10, WRT_BORROW_READ, &(void *){NULL}); }
static wrt_status with_release(void) { return wrt_mem_release(bad, lent, 10); }
static wrt_status with_verify(void) { return wrt_mem_verify(bad, NULL); }
static wrt_status with_set_verify(void) { return wrt_mem_set_verify(bad, WRT_VERIFY_OFF); }
static wrt_status with_info(void) {
  return wrt_mem_get_info(bad, &(wrt_mem_info){.struct_size = sizeof(wrt_mem_info)});
}
static wrt_status with_stats(void) {
  return wrt_mem_get_stats(bad, &(wrt_mem_stats){.struct_size = sizeof(wrt_mem_stats)});
}
static wrt_status with_history(void) {
  return wrt_mem_get_history(bad, &(wrt_mem_history){.struct_size = sizeof(wrt_mem_history)});
}
static wrt_status with_clear_stats(void) { return wrt_mem_clear_stats(bad); }
static wrt_status with_image(void) { return wrt_image_create(bad, &(wrt_image *){NULL}); }
static wrt_status with_load(void) { return wrt_mem_atomic_load(bad, 0, 4, &(uint64_t){0}); }
static wrt_status with_store(void) { return wrt_mem_atomic_store(bad, 0, 4, 1); }
static wrt_status with_rmw(void) { return wrt_mem_atomic_rmw(bad, 0, 4, WRT_ATOMIC_ADD, 1, &(uint64_t){0}); }
static wrt_status with_cmpxchg(void) { return wrt_mem_atomic_cmpxchg(bad, 0, 4, 0, 1, &(uint64_t){0}); }
static wrt_status with_wait(void) { return wrt_mem_wait(bad, 0, 4, 0, 0, &(int32_t){0}); }
static wrt_status with_notify(void) { return wrt_mem_notify(bad, 0, 1, &(uint32_t){0}); }

typedef wrt_status (*call)(void);
static const call calls[] = {with_len,     with_check,     with_read,       with_write,       with_fill,
                             with_copy_to, with_copy_from, with_equal,      with_resize,      with_grow,
                             with_reset,   with_discard,   with_clone,      with_view,        with_equal_to,
                             with_release, with_borrow,    with_verify,     with_info,        with_stats,
                             with_history, with_image,     with_load,       with_store,       with_rmw,
                             with_cmpxchg, with_wait,      with_set_verify, with_clear_stats, with_notify};

/* The view is a part of the control block that a host can reach. */
static void a_stray_write_to_the_control_block_is_corrupt_in_every_call(void **state) {
  tier *t = *state;
  bad = make(t, 1000, ROOM);
  good = make(t, 1000, ROOM);
  lent = borrow(bad, 0, 10, WRT_BORROW_READ);
  const wrt_view *view = NULL;
  assert_ok(wrt_mem_view(bad, &view));
  wrt_view *written = (wrt_view *)(uintptr_t)view;
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; ++i) {
    written->base += 16;
    assert_status(WRT_ERR_CORRUPT, calls[i]());
    written->base -= 16;
  }
  assert_ok(wrt_mem_release(bad, lent, 10));
  assert_ok(wrt_mem_verify(bad, NULL));
}

static void a_memory_whose_control_block_is_bad_is_destroyed_all_the_same(void **state) {
  (void)state;
  wrt_budget *budget = make_budget(5000, NULL);
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.initial_len = 5000;
  config.max_len = 5000;
  config.budget = budget;
  wrt_mem *mem = NULL;
  const wrt_view *view = NULL;
  assert_ok(wrt_mem_create_config(&config, &mem));
  assert_ok(wrt_mem_view(mem, &view));
  ((wrt_view *)(uintptr_t)view)->len = 1;
  assert_status(WRT_ERR_CORRUPT, wrt_mem_destroy(mem));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_destroy(mem));
  wrt_budget_info info;
  info.struct_size = sizeof info;
  assert_ok(wrt_budget_get_info(budget, &info));
  assert_int_equal(info.used, 0);
  assert_ok(wrt_budget_destroy(budget));
}

/* ---- an image whose control block something wrote to */

static size_t count_bytes(void *context, const void *data, size_t n) {
  (void)data;
  *(size_t *)context += n;
  return n;
}

static size_t never(void *context, void *data, size_t n) {
  (void)context;
  (void)data;
  (void)n;
  fail();
  return 0;
}

/* An image gets the place of a memory whose view is known: the one that was free. */
static void a_stray_write_to_an_images_control_block_is_corrupt_in_every_call(void **state) {
  (void)state;
  enum { SLOTS = 4, SLOT = 1000 };
  static uint8_t storage[WRT_POOL_STORAGE_LEN(SLOT, SLOTS)];
  wrt_pool *pool = NULL;
  wrt_mem *mems[SLOTS];
  const wrt_view *view = NULL;
  size_t len = 0;
  assert_ok(wrt_pool_storage_len(SLOT, SLOTS, &len));
  assert_ok(wrt_pool_create(storage, len, SLOT, &pool));
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.pool = pool;
  config.initial_len = 100;
  for (int i = 0; i < SLOTS; ++i) assert_ok(wrt_mem_create_config(&config, &mems[i]));
  assert_ok(wrt_mem_view(mems[1], &view));
  assert_ok(wrt_mem_destroy(mems[1]));
  wrt_image *image = freeze(mems[0]);
  assert_ok(wrt_mem_destroy(mems[2]));
  config.initial_len = 0;
  config.image = image;
  assert_ok(wrt_mem_create_config(&config, &mems[2]));
  assert_ok(wrt_mem_destroy(mems[3]));

  wrt_view *written = (wrt_view *)(uintptr_t)view;
  written->len ^= 1;
  assert_status(WRT_ERR_CORRUPT, wrt_image_get_info(image, &(wrt_image_info){.struct_size = sizeof(wrt_image_info)}));
  size_t saved = 0;
  assert_status(WRT_ERR_CORRUPT, wrt_image_save(image, count_bytes, &saved));
  assert_int_equal(saved, 0);
  assert_status(WRT_ERR_CORRUPT, wrt_image_load(&config, never, NULL, &(wrt_image *){NULL}));
  assert_status(WRT_ERR_CORRUPT, wrt_mem_create_config(&config, &(wrt_mem *){NULL}));
  assert_status(WRT_ERR_CORRUPT, wrt_mem_reset(mems[2]));
  written->len ^= 1;
  assert_ok(wrt_mem_reset(mems[2]));
  assert_ok(wrt_mem_create_config(&config, &mems[3]));
  assert_ok(wrt_image_save(image, count_bytes, &saved));

  written->len ^= 1;
  assert_status(WRT_ERR_CORRUPT, wrt_image_destroy(image));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_destroy(image));
  assert_status(WRT_ERR_CORRUPT, wrt_mem_reset(mems[2]));
  assert_ok(wrt_mem_destroy(mems[2]));
  assert_ok(wrt_mem_destroy(mems[3]));
  assert_ok(wrt_mem_destroy(mems[0]));
  assert_int_equal(pool_info_of(pool).used, 0); /* the slot is set aside, and does not hold the pool */
  assert_ok(wrt_pool_destroy(pool));
}

/* ---- a level that needs more than there is */

static void a_level_that_needs_more_than_the_allocator_gives_is_out_of_memory(void **state) {
  tier *t = *state;
  if (t->source != HEAP) return;
  wrt_mem *mem = make(t, 1000, ROOM);
  for (int32_t level = WRT_VERIFY_STANDARD; level <= WRT_VERIFY_REDUNDANT; ++level) {
    heap_refuse_next(&t->heap, 1);
    assert_status(WRT_ERR_OUT_OF_MEMORY, wrt_mem_set_verify(mem, level));
    heap_refuse_none(&t->heap);
    assert_int_equal(info_of(mem).verify, WRT_VERIFY_BASIC);
  }
}

static void a_second_copy_needs_a_second_slot(void **state) {
  (void)state;
  static uint8_t storage[WRT_POOL_STORAGE_LEN(1000, 1)];
  wrt_pool *pool = NULL;
  wrt_mem *mem = NULL;
  size_t len = 0;
  assert_ok(wrt_pool_storage_len(1000, 1, &len));
  assert_ok(wrt_pool_create(storage, len, 1000, &pool));
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.pool = pool;
  config.verify = WRT_VERIFY_FULL;
  assert_ok(wrt_mem_create_config(&config, &mem));
  assert_status(WRT_ERR_POOL_EXHAUSTED, wrt_mem_set_verify(mem, WRT_VERIFY_REDUNDANT));
  assert_int_equal(info_of(mem).verify, WRT_VERIFY_FULL);
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_pool_destroy(pool));
}

/* ---- handles */

static void the_history_of_no_memory_is_refused(void **state) {
  tier *t = *state;
  bad_handles no_memories;
  collect_bad_handles(&no_memories, t, KIND_MEM);
  wrt_mem_history history;
  history.struct_size = sizeof history;
  for (size_t i = 0; i < no_memories.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_get_history(no_memories.values[i], &history));
  }
}

int main(void) {
  static const struct CMUnitTest on_tiers[] = {
      cmocka_unit_test(a_stray_write_to_the_control_block_is_corrupt_in_every_call),
      cmocka_unit_test(the_history_of_no_memory_is_refused),
      cmocka_unit_test(a_level_that_needs_more_than_the_allocator_gives_is_out_of_memory),
  };
  static const struct CMUnitTest once[] = {
      cmocka_unit_test(a_stray_write_to_an_images_control_block_is_corrupt_in_every_call),
      cmocka_unit_test(a_second_copy_needs_a_second_slot),
      cmocka_unit_test(a_memory_whose_control_block_is_bad_is_destroyed_all_the_same),
  };
  return RUN_ON_EACH_TIER("status codes", on_tiers) + RUN_ONCE("status codes", once);
}
