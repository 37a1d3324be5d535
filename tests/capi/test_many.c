/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Many memories and many handles at once. */
#include "limited_child.h"
#include "support.h"

#define CHECK(condition)               \
  do {                                 \
    if (!(condition)) return __LINE__; \
  } while (0)

enum { MANY_MEMORIES = 100000, MANY_HANDLES = 1000000 };

static const int is_64_bit = sizeof(void *) >= 8;

static wrt_mem *table[MANY_HANDLES];

/* Creates up to `most`, and gives how many there were. */
static size_t create_many(const wrt_mem_config *config, size_t most, wrt_status *last) {
  size_t made = 0;
  *last = WRT_OK;
  while (made < most) {
    *last = wrt_mem_create_config(config, &table[made]);
    if (*last != WRT_OK) return made;
    made++;
  }
  return made;
}

static int is_exhaustion(wrt_status status) {
  return status == WRT_ERR_OUT_OF_MEMORY || status == WRT_ERR_POOL_EXHAUSTED;
}

/* ---- under a limit ---- */

enum { MIB = 1 << 20, AT_LEAST = 100 };

static int fewer_but_working(int32_t number) {
  wrt_tier_info info = {.struct_size = sizeof info};
  if (wrt_tier_get_info(number, &info) != WRT_OK || !info.available) return 0;
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = number;
  config.initial_len = 65536;
  config.max_len = 65536;
  wrt_status status = WRT_OK;
  const size_t made = create_many(&config, MANY_HANDLES, &status);
  CHECK(is_exhaustion(status));
  CHECK(made >= AT_LEAST);
  for (size_t i = 0; i < made; i += 50) CHECK(wrt_mem_fill(table[i], 0, 1, 65536) == WRT_OK);

  CHECK(wrt_mem_destroy(table[made / 2]) == WRT_OK);
  CHECK(wrt_mem_create_config(&config, &table[made / 2]) == WRT_OK);
  for (size_t i = 0; i < made; ++i) CHECK(wrt_mem_destroy(table[i]) == WRT_OK);

  const size_t again = create_many(&config, made, &status);
  CHECK(again >= made - made / 10);
  for (size_t i = 0; i < again; ++i) CHECK(wrt_mem_destroy(table[i]) == WRT_OK);
  CHECK(wrt_trim() == WRT_OK);
  return 0;
}

static int fewer_on_std(void) { return fewer_but_working(WRT_TIER_STD); }
static int fewer_on_alloc(void) { return fewer_but_working(WRT_TIER_ALLOC); }

static int fewer_handles(void) {
  static wrt_budget *budgets[MANY_HANDLES];
  size_t made = 0;
  wrt_status status = WRT_OK;
  while (made < MANY_HANDLES && status == WRT_OK) {
    status = wrt_budget_create(1, NULL, &budgets[made]);
    if (status == WRT_OK) made++;
  }
  CHECK(status == WRT_OK || is_exhaustion(status));
  CHECK(made >= 1000);
  for (size_t i = 0; i < made; ++i) CHECK(wrt_budget_destroy(budgets[i]) == WRT_OK);
  for (size_t i = 0; i < made; i += 100) CHECK(wrt_budget_destroy(budgets[i]) == WRT_ERR_INVALID_HANDLE);
  CHECK(wrt_budget_create(1, NULL, &budgets[0]) == WRT_OK);
  CHECK(wrt_budget_destroy(budgets[0]) == WRT_OK);
  return 0;
}

static const limited_script scripts[] = {
    {"std", fewer_on_std},
    {"alloc", fewer_on_alloc},
    {"handles", fewer_handles},
};

static void under_an_address_limit_fewer_memories_of_std_and_it_recovers(void **state) {
  (void)state;
  run_limited("std", 192 * MIB);
}

static void under_an_address_limit_fewer_memories_of_alloc_and_it_recovers(void **state) {
  (void)state;
  run_limited("alloc", 192 * MIB);
}

static void under_an_address_limit_fewer_handles_and_it_recovers(void **state) {
  (void)state;
  run_limited("handles", 192 * MIB);
}

/* ---- as many as promised ---- */

static void a_hundred_thousand_memories_of_std_live_at_once(void **state) {
  (void)state;
  if (!is_available(SYSTEM) || !is_64_bit) skip();
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STD;
  config.initial_len = 8;
  config.max_len = 4096;
  wrt_status status = WRT_OK;
  const size_t made = create_many(&config, MANY_MEMORIES, &status);
  assert_status(WRT_OK, status);
  assert_int_equal(made, MANY_MEMORIES);
  for (size_t i = 0; i < made; ++i) assert_ok(wrt_mem_atomic_store(table[i], 0, 8, i + 1));
  for (size_t i = 0; i < made; ++i) {
    uint64_t value = 0;
    assert_ok(wrt_mem_atomic_load(table[i], 0, 8, &value));
    assert_int_equal(value, i + 1);
  }
  for (size_t i = 0; i < made; i += 1000) {
    wrt_mem *found = NULL;
    uint64_t offset = POISON;
    assert_ok(wrt_fault_find(view_of(table[i])->base + 5, &found, &offset));
    assert_ptr_equal(found, table[i]);
    assert_int_equal(offset, 5);
  }
  for (size_t i = 0; i < made; ++i) assert_ok(wrt_mem_destroy(table[i]));
  for (size_t i = 0; i < made; i += 100) assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_destroy(table[i]));
  assert_ok(wrt_trim());
}

static int compare_pointers(const void *a, const void *b) {
  const uintptr_t x = (uintptr_t) * (wrt_mem *const *)a;
  const uintptr_t y = (uintptr_t) * (wrt_mem *const *)b;
  return x < y ? -1 : x > y;
}

static void assert_all_different(size_t count) {
  qsort(table, count, sizeof table[0], compare_pointers);
  for (size_t i = 1; i < count; ++i) assert_ptr_not_equal(table[i - 1], table[i]);
}

static void a_million_handles_live_at_once(void **state) {
  (void)state;
  if (!is_available(MALLOC)) skip();
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_ALLOC;
  config.max_len = 16;
  for (int round = 0; round < 2; ++round) {
    wrt_status status = WRT_OK;
    const size_t made = create_many(&config, MANY_HANDLES, &status);
    if (is_64_bit) assert_status(WRT_OK, status);
    if (!is_64_bit) assert_true(status == WRT_OK || is_exhaustion(status));
    assert_true(made == MANY_HANDLES || (!is_64_bit && made >= 1000));
    assert_all_different(made);
    for (size_t i = 0; i < made; i += 1000) {
      assert_ok(wrt_mem_resize(table[i], 16));
      put_pattern(table[i], (uint8_t)i, 0, 16);
    }
    for (size_t i = 0; i < made; i += 1000) assert_pattern(table[i], (uint8_t)i, 0, 16);
    for (size_t i = 0; i < made; ++i) assert_ok(wrt_mem_destroy(table[i]));
    for (size_t i = 0; i < made; ++i) assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_destroy(table[i]));
  }
}

/* Kinds share the table: with every handle taken, none of them can be created, and nothing is lost by that. */
static void without_a_free_handle_everything_is_exhausted_and_recovers(void **state) {
  (void)state;
  enum { MOST = 1 << 24 };
  wrt_budget **budgets = malloc(MOST * sizeof *budgets);
  if (budgets == NULL || under_sanitizer()) {
    free(budgets);
    skip();
  }
  size_t made = 0;
  wrt_status status = WRT_OK;
  while (made < MOST && status == WRT_OK) {
    budgets[made] = POISON_POINTER;
    status = wrt_budget_create(1, NULL, &budgets[made]);
    if (status == WRT_OK) made++;
  }
  const int full = made < MOST;
  if (full) {
    static uint8_t storage[WRT_POOL_STORAGE_LEN(16, 1)];
    wrt_pool *pool = POISON_POINTER;
    wrt_mem *mem = POISON_POINTER;
    assert_true(is_exhaustion(status));
    assert_ptr_equal(budgets[made], POISON_POINTER);
    assert_true(is_exhaustion(wrt_pool_create(storage, sizeof storage, 16, &pool)));
    assert_ptr_equal(pool, POISON_POINTER);
    assert_true(is_exhaustion(wrt_mem_create(WRT_TIER_DEFAULT, 0, 16, &mem)));
    assert_ptr_equal(mem, POISON_POINTER);
  }
  for (size_t i = 0; i < made; ++i) assert_ok(wrt_budget_destroy(budgets[i]));
  free(budgets);
  wrt_mem *mem = NULL;
  assert_ok(wrt_mem_create(WRT_TIER_DEFAULT, 0, 16, &mem));
  assert_ok(wrt_mem_destroy(mem));
  if (!full) skip();
}

int main(int argc, char **argv) {
  const int limited = limited_main(argc, argv, scripts, sizeof scripts / sizeof scripts[0]);
  if (limited >= 0) return limited;
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(under_an_address_limit_fewer_memories_of_std_and_it_recovers),
      cmocka_unit_test(under_an_address_limit_fewer_memories_of_alloc_and_it_recovers),
      cmocka_unit_test(under_an_address_limit_fewer_handles_and_it_recovers),
      cmocka_unit_test(a_hundred_thousand_memories_of_std_live_at_once),
      cmocka_unit_test(a_million_handles_live_at_once),
      cmocka_unit_test(without_a_free_handle_everything_is_exhausted_and_recovers),
  };
  return RUN_ONCE("many", tests);
}
