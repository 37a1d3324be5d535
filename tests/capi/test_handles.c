/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A bad handle is an answer, not a crash. */
#include "support.h"

/* For how many reuses of its slot a stale handle is recognised at least. */
static const uint32_t reuses = sizeof(void *) >= 8 ? 65535 : 255;

static int is_live(const tier *t, const void *value) {
  for (size_t i = 0; i < t->made_count; ++i) {
    if (t->made[i] == value) return 1;
  }
  return 0;
}

static void assert_no_memory(wrt_mem *value) {
  uint64_t len = POISON;
  uint8_t byte = 0xC3;
  const wrt_view *view = POISON_POINTER;
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_len(value, &len));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_read(value, 0, &byte, 1));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_write(value, 0, &byte, 1));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_view(value, &view));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_resize(value, 1));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_destroy(value));
  assert_int_equal(len, POISON);
  assert_int_equal(byte, 0xC3);
  assert_ptr_equal(view, POISON_POINTER);
}

static void a_stale_memory_is_recognised_for_all_those_reuses(void **state) {
  tier *t = *state;
  const wrt_mem_config config = config_on(t, 1, 16);
  wrt_mem **stale = malloc((reuses + 1) * sizeof *stale);
  assert_non_null(stale);
  assert_ok(wrt_mem_create_config(&config, &stale[0]));
  assert_ok(wrt_mem_destroy(stale[0]));
  for (uint32_t i = 1; i <= reuses; ++i) {
    uint64_t len = POISON;
    assert_ok(wrt_mem_create_config(&config, &stale[i]));
    assert_ptr_not_equal(stale[i], stale[0]);
    assert_ptr_not_equal(stale[i], NULL);
    assert_ptr_not_equal(stale[i], handle_of_bits(UINTPTR_MAX));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_len(stale[0], &len));
    assert_ok(wrt_mem_destroy(stale[i]));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_len(stale[0], &len));
  }
  for (uint32_t i = 1; i <= reuses; ++i) {
    uint64_t len = POISON;
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_len(stale[i], &len));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_destroy(stale[i]));
  }
  free(stale);
}

static void every_handle_of_the_last_4096_destroys_is_recognised_while_new_ones_live(void **state) {
  tier *t = *state;
  enum { BACK = 4096, LIVE = 3 };
  const uint32_t back = reuses < BACK ? reuses : BACK;
  static wrt_mem *stale[BACK];
  wrt_mem *live[LIVE];
  const wrt_mem_config config = config_on(t, 1, 16);
  for (int i = 0; i < LIVE; ++i) live[i] = make_from(t, &config);
  for (uint32_t i = 0; i < back; ++i) {
    assert_ok(wrt_mem_create_config(&config, &stale[i]));
    assert_ok(wrt_mem_destroy(stale[i]));
  }
  wrt_mem *last = make_from(t, &config);
  for (uint32_t i = 0; i < back; ++i) assert_no_memory(stale[i]);
  assert_int_equal(len_of(last), 1);
  for (int i = 0; i < LIVE; ++i) assert_int_equal(len_of(live[i]), 1);
}

static void stale_pools_and_budgets_are_recognised_too(void **state) {
  (void)state;
  static uint8_t storage[WRT_POOL_STORAGE_LEN(16, 1)];
  wrt_pool *first_pool = NULL;
  assert_ok(wrt_pool_create(storage, sizeof storage, 16, &first_pool));
  assert_ok(wrt_pool_destroy(first_pool));
  wrt_budget *first_budget = make_budget(1, NULL);
  assert_ok(wrt_budget_destroy(first_budget));
  for (uint32_t i = 1; i <= reuses; ++i) {
    wrt_budget *budget = make_budget(1, NULL);
    assert_ptr_not_equal(budget, first_budget);
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_budget_destroy(first_budget));
    assert_ok(wrt_budget_destroy(budget));
    wrt_pool *pool = NULL;
    assert_ok(wrt_pool_create(storage, sizeof storage, 16, &pool));
    assert_ptr_not_equal(pool, first_pool);
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_pool_destroy(first_pool));
    assert_ok(wrt_pool_destroy(pool));
  }
}

static void neighbours_of_live_handles_are_no_handles(void **state) {
  tier *t = *state;
  static const uint64_t distances[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 65536, UINT64_C(1) << 32};
  for (int i = 0; i < 5; ++i) make(t, 1, 16);
  const size_t count = t->made_count;
  for (size_t i = 0; i < count; ++i) {
    const uint64_t bits = (uint64_t)(uintptr_t)t->made[i];
    for (size_t k = 0; k < sizeof distances / sizeof distances[0]; ++k) {
      void *above = handle_of_bits(bits + distances[k]);
      void *below = handle_of_bits(bits - distances[k]);
      if (!is_live(t, above)) assert_no_memory(above);
      if (!is_live(t, below)) assert_no_memory(below);
    }
    for (unsigned bit = 0; bit < 8 * sizeof(void *); ++bit) {
      void *flipped = handle_of_bits(bits ^ (UINT64_C(1) << bit));
      if (!is_live(t, flipped)) assert_no_memory(flipped);
    }
    for (unsigned a = 0; a < 8 * sizeof(void *); ++a) {
      for (unsigned b = 0; b < a; ++b) {
        void *flipped = handle_of_bits(bits ^ (UINT64_C(1) << a) ^ (UINT64_C(1) << b));
        if (!is_live(t, flipped)) assert_no_memory(flipped);
      }
    }
    assert_int_equal(len_of(t->made[i]), 1);
  }
}

static void a_million_random_values_are_no_handles_of_any_kind(void **state) {
  tier *t = *state;
  make(t, 1, 16);
  uint64_t random = UINT64_C(0x9E3779B97F4A7C15);
  wrt_pool_info pool_info = {.struct_size = sizeof pool_info};
  wrt_budget_info budget_info = {.struct_size = sizeof budget_info};
  wrt_image_info image_info = {.struct_size = sizeof image_info};
  for (int i = 0; i < 1000000; ++i) {
    void *value = handle_of_bits(next_random(&random));
    if (is_live(t, value) || value == (void *)t->bystander_pool || value == (void *)t->bystander_budget) continue;
    uint64_t len = POISON;
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_len(value, &len));
    if (value == NULL || value == (void *)t->pool) continue;
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_pool_get_info(value, &pool_info));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_budget_get_info(value, &budget_info));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_get_info(value, &image_info));
  }
}

/* Random values that share most bits with a live handle are likelier to pass a careless check. */
static void random_changes_of_a_live_handle_are_no_handles(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 1, 16);
  uint64_t random = UINT64_C(0xD1B54A32D192ED03);
  for (int i = 0; i < 200000; ++i) {
    const uint64_t sparse = next_random(&random) & next_random(&random) & next_random(&random) & next_random(&random);
    void *value = handle_of_bits((uint64_t)(uintptr_t)mem ^ sparse);
    if (is_live(t, value)) continue;
    uint64_t len = POISON;
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_len(value, &len));
  }
  assert_int_equal(len_of(mem), 1);
}

static void a_handle_of_one_kind_is_not_a_handle_of_another(void **state) {
  tier *t = *state;
  void *mem = make(t, 1, 16);
  void *pool = t->bystander_pool;
  void *budget = t->bystander_budget;
  void *image = has_images(t) ? freeze(mem) : NULL;
  wrt_pool_info pool_info = {.struct_size = sizeof pool_info};
  wrt_budget_info budget_info = {.struct_size = sizeof budget_info};
  assert_no_memory(pool);
  assert_no_memory(budget);
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_pool_get_info(mem, &pool_info));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_pool_get_info(budget, &pool_info));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_pool_destroy(mem));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_pool_destroy(budget));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_budget_get_info(mem, &budget_info));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_budget_get_info(pool, &budget_info));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_budget_destroy(mem));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_budget_destroy(pool));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_destroy(mem));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_destroy(pool));
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_destroy(budget));
  if (image != NULL) {
    uint8_t bytes[8] = {0};
    assert_no_memory(image);
    assert_status(WRT_ERR_INVALID_HANDLE,
                  wrt_mem_read(image, 0, bytes, 1)); /* small accesses have a way of their own */
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_write(image, 0, bytes, 1));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_destroy(image));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_pool_get_info(image, &pool_info));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_pool_destroy(image));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_budget_get_info(image, &budget_info));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_budget_destroy(image));
    assert_ok(wrt_image_destroy(image));
  }
  assert_int_equal(len_of(mem), 1);
}

/* A slot that a memory had may become a budget, and the other way round. */
static void a_stale_handle_is_none_of_a_new_kind_either(void **state) {
  tier *t = *state;
  const wrt_mem_config config = config_on(t, 1, 16);
  for (int i = 0; i < 1000; ++i) {
    wrt_mem *mem = NULL;
    assert_ok(wrt_mem_create_config(&config, &mem));
    assert_ok(wrt_mem_destroy(mem));
    wrt_budget *budget = make_budget(1, NULL);
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_budget_destroy((wrt_budget *)(void *)mem));
    assert_no_memory(mem);
    assert_no_memory((wrt_mem *)(void *)budget);
    assert_ok(wrt_budget_destroy(budget));
  }
}

static void in_any_order_of_creating_and_destroying_the_dead_stay_dead(void **state) {
  tier *t = *state;
  enum { STEPS = 20000, REMEMBERED = 200 };
  const wrt_mem_config config = config_on(t, 1, 16);
  wrt_mem *live[MAX_LIVE];
  wrt_mem *dead[REMEMBERED] = {NULL};
  size_t live_count = 0;
  size_t dead_count = 0;
  uint64_t random = 4711;
  for (int step = 0; step < STEPS; ++step) {
    const uint64_t dice = next_random(&random);
    if (live_count < MAX_LIVE && (live_count == 0 || dice % 2 == 0)) {
      assert_ok(wrt_mem_create_config(&config, &live[live_count++]));
    } else {
      const size_t pick = (size_t)(dice / 2 % live_count);
      assert_ok(wrt_mem_destroy(live[pick]));
      dead[dead_count++ % REMEMBERED] = live[pick];
      live[pick] = live[--live_count];
    }
    uint64_t len = POISON;
    wrt_mem *some_dead = dead[dice / 16 % REMEMBERED];
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_len(some_dead, &len));
    for (size_t i = 0; i < live_count; ++i) assert_int_equal(len_of(live[i]), 1);
  }
  while (live_count > 0) assert_ok(wrt_mem_destroy(live[--live_count]));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_stale_memory_is_recognised_for_all_those_reuses),
      cmocka_unit_test(every_handle_of_the_last_4096_destroys_is_recognised_while_new_ones_live),
      cmocka_unit_test(stale_pools_and_budgets_are_recognised_too),
      cmocka_unit_test(neighbours_of_live_handles_are_no_handles),
      cmocka_unit_test(a_million_random_values_are_no_handles_of_any_kind),
      cmocka_unit_test(random_changes_of_a_live_handle_are_no_handles),
      cmocka_unit_test(a_handle_of_one_kind_is_not_a_handle_of_another),
      cmocka_unit_test(a_stale_handle_is_none_of_a_new_kind_either),
      cmocka_unit_test(in_any_order_of_creating_and_destroying_the_dead_stay_dead),
  };
  return RUN_ON_EACH_TIER("handles", tests);
}
