/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Real guests, compiled by wasm2c, on memories of every tier. */

#include "wrt_wasm2c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "guest.wasm.h"
#include "huge.h"
#include "pair.h"
#include "probe.h"
#include "stray.h"
#include "tenant.h"
#include "wasm-rt-impl.h"

#define PAGE 65536u
#define SLOT_PAGES 64u

static uint8_t storage[WRT_POOL_STORAGE_LEN(SLOT_PAGES * PAGE, 2)];
static wrt_pool *pool;
static wrt_budget *budget;
static int32_t tier; /* the one whose turn it is */

/* Gives WASM_RT_TRAP_NONE, or the trap that stopped the guest in the statement. */
static int trap;
#define TRAP_OF(statement) ((trap = wasm_rt_impl_try()) == 0 ? ((statement), 0) : trap)

static wrt_mem_config config_of(void) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = tier;
  config.max_len = SLOT_PAGES * PAGE;
  config.pool = tier == WRT_TIER_STATIC ? pool : NULL;
  config.budget = budget;
  return config;
}

static void use_tier(uint32_t max_pages) {
  wrt_mem_config config = config_of();
  config.max_len = (uint64_t)max_pages * PAGE;
  assert_int_equal(wrt_wasm2c_configure(&config), WRT_OK);
}

static wrt_mem *mem_of(const wasm_rt_memory_t *memory) {
  wrt_mem *mem = NULL;
  assert_int_equal(wrt_wasm2c_mem(memory, &mem), WRT_OK);
  return mem;
}

static uint64_t charged(void) {
  wrt_budget_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  assert_int_equal(wrt_budget_get_info(budget, &info), WRT_OK);
  return info.used;
}

/* Instances outlive the frames that traps leave. */
static Z_probe_instance_t probes[WRT_TIER_STATIC + 1]; /* one a tier; the first is not used */
static Z_guest_instance_t counters[WRT_TIER_STATIC + 1];
static Z_huge_instance_t huge;
static Z_stray_instance_t stray;
static Z_pair_instance_t pair;
static Z_tenant_instance_t tenants[2];

static void start_probe(uint32_t max_pages) {
  use_tier(max_pages);
  memset(&probes[tier], 0, sizeof probes[tier]);
  assert_int_equal(TRAP_OF(Z_probe_instantiate(&probes[tier])), WASM_RT_TRAP_NONE);
  assert_int_equal(wrt_wasm2c_status(), WRT_OK);
}

static void a_guest_finds_its_data_in_its_memory_and_zeros_elsewhere(void **state) {
  (void)state;
  for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    start_probe(3);
    char data[8];
    assert_int_equal(wrt_mem_read(mem_of(Z_probeZ_memory(&probes[tier])), 65528, data, sizeof data), WRT_OK);
    assert_memory_equal(data, "\0\0\0\0last", sizeof data);
    assert_int_equal(Z_probeZ_load(&probes[tier], 65532), 'l');
    assert_int_equal(Z_probeZ_load(&probes[tier], 0), 0);
    Z_probe_free(&probes[tier]);
  }
}

static void a_refused_growth_is_minus_one_to_the_guest(void **state) {
  (void)state;
  for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    Z_probe_instance_t *probe = &probes[tier];
    start_probe(3);
    assert_int_equal(Z_probeZ_grow(probe, 1), 1);
    assert_true(Z_probeZ_grow(probe, 2) == UINT32_MAX);
    assert_int_equal(wrt_wasm2c_status(), WRT_ERR_LIMIT);
    assert_true(Z_probeZ_grow(probe, UINT32_MAX) == UINT32_MAX);
    assert_true(Z_probeZ_grow(probe, 65535) == UINT32_MAX);
    assert_int_equal(Z_probeZ_size(probe), 2);
    assert_int_equal(Z_probeZ_grow(probe, 1), 2);
    assert_int_equal(Z_probeZ_grow(probe, 0), 3);
    Z_probe_free(probe);
  }
}

static void the_guest_and_the_host_see_the_same_bytes_before_and_after_growth(void **state) {
  (void)state;
  for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    Z_probe_instance_t *probe = &probes[tier];
    start_probe(SLOT_PAGES);
    wrt_mem *mem = mem_of(Z_probeZ_memory(probe));
    for (uint32_t pages = 1; pages < SLOT_PAGES; ++pages) {
      const uint32_t last = pages * PAGE - 1;
      Z_probeZ_store(probe, last, pages);
      assert_int_equal(Z_probeZ_grow(probe, 1), pages);
      uint8_t byte = 0;
      assert_int_equal(wrt_mem_read(mem, last, &byte, 1), WRT_OK);
      assert_int_equal(byte, pages);
      byte = (uint8_t)(pages + 1);
      assert_int_equal(wrt_mem_write(mem, (uint64_t)last + PAGE, &byte, 1), WRT_OK);
      assert_int_equal(Z_probeZ_load(probe, last + PAGE), pages + 1);
    }
    Z_probe_free(probe);
  }
}

static void a_guest_that_reaches_past_its_end_is_stopped_and_changes_nothing(void **state) {
  (void)state;
  for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    Z_probe_instance_t *probe = &probes[tier];
    start_probe(3);
    assert_int_equal(TRAP_OF(Z_probeZ_store(probe, PAGE, 1)), WASM_RT_TRAP_OOB);
    assert_int_equal(TRAP_OF((void)Z_probeZ_load(probe, PAGE)), WASM_RT_TRAP_OOB);
    assert_int_equal(TRAP_OF((void)Z_probeZ_load(probe, UINT32_MAX)), WASM_RT_TRAP_OOB);
    assert_int_equal(TRAP_OF((void)Z_probeZ_load64(probe, PAGE - 7)), WASM_RT_TRAP_OOB);
    assert_int_equal(TRAP_OF((void)Z_probeZ_load64(probe, PAGE - 8)), WASM_RT_TRAP_NONE);
    assert_int_equal(TRAP_OF(Z_probeZ_fill(probe, PAGE - 4, 1, 5)), WASM_RT_TRAP_OOB);
    assert_int_equal(TRAP_OF(Z_probeZ_fill(probe, 1, 1, UINT32_MAX)), WASM_RT_TRAP_OOB);
    assert_int_equal(Z_probeZ_load(probe, PAGE - 1), 't');
    assert_int_equal(Z_probeZ_grow(probe, 1), 1);
    assert_int_equal(Z_probeZ_load(probe, PAGE), 0);
    assert_int_equal(TRAP_OF(Z_probeZ_store(probe, PAGE, 1)), WASM_RT_TRAP_NONE);
    assert_int_equal(TRAP_OF(Z_probeZ_store(probe, 2 * PAGE, 1)), WASM_RT_TRAP_OOB);
    Z_probe_free(probe);
  }
}

static void a_guest_that_needs_65536_pages_is_not_started(void **state) {
  (void)state;
  assert_int_equal(wrt_wasm2c_configure(NULL), WRT_OK);
  assert_int_equal(TRAP_OF(Z_huge_instantiate(&huge)), WASM_RT_TRAP_EXHAUSTION);
  assert_int_equal(wrt_wasm2c_status(), WRT_ERR_LIMIT);
  Z_huge_free(&huge);
}

static void a_guest_whose_data_do_not_fit_is_stopped_and_it_was_not_the_memory(void **state) {
  (void)state;
  for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    use_tier(2);
    assert_int_equal(TRAP_OF(Z_stray_instantiate(&stray)), WASM_RT_TRAP_OOB);
    assert_int_equal(wrt_wasm2c_status(), WRT_OK);
    assert_int_equal(charged(), PAGE);
    Z_stray_free(&stray);
    assert_int_equal(charged(), 0);
  }
}

static void a_guest_may_have_several_memories(void **state) {
  (void)state;
  for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    use_tier(SLOT_PAGES);
    assert_int_equal(TRAP_OF(Z_pair_instantiate(&pair)), WASM_RT_TRAP_NONE);
    wasm_rt_memory_t *first = Z_pairZ_first(&pair);
    wasm_rt_memory_t *second = Z_pairZ_second(&pair);
    assert_true(mem_of(first) != mem_of(second));
    assert_true(first->max_pages == 2 && second->max_pages == 3);
    Z_pair_free(&pair);
    assert_int_equal(charged(), 0);
  }
}

static void when_the_second_memory_is_refused_freeing_the_guest_gives_back_the_first(void **state) {
  (void)state;
  wrt_budget *small = NULL;
  assert_int_equal(wrt_budget_create(PAGE, budget, &small), WRT_OK);
  for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    wrt_mem_config config = config_of();
    config.budget = small;
    assert_int_equal(wrt_wasm2c_configure(&config), WRT_OK);
    assert_int_equal(TRAP_OF(Z_pair_instantiate(&pair)), WASM_RT_TRAP_EXHAUSTION);
    assert_int_equal(wrt_wasm2c_status(), WRT_ERR_BUDGET);
    assert_int_equal(charged(), PAGE);
    Z_pair_free(&pair);
    assert_int_equal(charged(), 0);
  }
  assert_int_equal(wrt_budget_destroy(small), WRT_OK);
}

/* The memory that the tenants live in is the host's. */
struct Z_env_instance_t {
  wasm_rt_memory_t memory;
};
static struct Z_env_instance_t env;

wasm_rt_memory_t *Z_envZ_memory(struct Z_env_instance_t *instance) { return &instance->memory; }

static void guests_that_share_a_memory_of_the_host_see_each_others_growth(void **state) {
  (void)state;
  for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    use_tier(SLOT_PAGES);
    assert_int_equal(TRAP_OF(wasm_rt_allocate_memory(&env.memory, 1, 4)), WASM_RT_TRAP_NONE);
    for (int i = 0; i < 2; ++i) Z_tenant_instantiate(&tenants[i], &env);
    assert_int_equal(Z_tenantZ_grow(&tenants[0], 2), 1);
    assert_int_equal(Z_tenantZ_size(&tenants[1]), 3);
    Z_tenantZ_store(&tenants[1], 3 * PAGE - 1, 42);
    assert_int_equal(Z_tenantZ_load(&tenants[0], 3 * PAGE - 1), 42);
    for (int i = 0; i < 2; ++i) Z_tenant_free(&tenants[i]);
    wasm_rt_free_memory(&env.memory);
    assert_int_equal(charged(), 0);
  }
}

static void guests_on_different_tiers_at_once_do_not_see_each_other(void **state) {
  (void)state;
  for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) start_probe(3);
  for (uint32_t pages = 1; pages <= 3; ++pages) {
    for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
      Z_probeZ_fill(&probes[tier], 0, (uint32_t)(10 * tier) + pages, pages * PAGE);
      if (pages < 3) assert_int_equal(Z_probeZ_grow(&probes[tier], 1), pages);
    }
    for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
      for (uint32_t i = 0; i < pages * PAGE; i += 4099)
        assert_int_equal(Z_probeZ_load(&probes[tier], i), 10 * (uint32_t)tier + pages);
      if (pages < 3) assert_int_equal(Z_probeZ_load(&probes[tier], pages * PAGE), 0);
    }
  }
  for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) Z_probe_free(&probes[tier]);
}

/* ---- word counters on three tiers at once, on the same text, a piece each in turn */

struct row {
  uint32_t text, len, count;
};
struct report {
  uint32_t rows, row_count, bytes, words;
};

static uint8_t piece[4096];

static void feed_all(FILE *text) {
  uint32_t buffers[WRT_TIER_STATIC + 1];
  for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    use_tier(SLOT_PAGES);
    memset(&counters[tier], 0, sizeof counters[tier]);
    Z_guest_instantiate(&counters[tier]);
    Z_guestZ__initialize(&counters[tier]);
    buffers[tier] = Z_guestZ_get_buffer(&counters[tier], sizeof piece);
  }
  for (size_t n; (n = fread(piece, 1, sizeof piece, text)) > 0;) {
    for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
      wrt_mem *mem = mem_of(Z_guestZ_memory(&counters[tier]));
      assert_int_equal(wrt_mem_write(mem, buffers[tier], piece, n), WRT_OK);
      assert_int_equal(Z_guestZ_ingest(&counters[tier], (uint32_t)n), 0);
    }
  }
}

static void word_counters_on_all_tiers_at_once_leave_the_same_bytes(void **state) {
  (void)state;
  FILE *text = fopen(TEXT, "rb");
  assert_non_null(text);
  assert_int_equal(TRAP_OF(feed_all(text)), WASM_RT_TRAP_NONE);
  fclose(text);

  uint32_t places[WRT_TIER_STATIC + 1];
  for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) places[tier] = Z_guestZ_finish(&counters[tier]);

  wrt_mem *first = mem_of(Z_guestZ_memory(&counters[WRT_TIER_STD]));
  struct report report;
  assert_int_equal(wrt_mem_read(first, places[WRT_TIER_STD], &report, sizeof report), WRT_OK);
  assert_true(report.row_count > 1000 && report.words > report.row_count);
  wrt_mem_stats stats;
  memset(&stats, 0, sizeof stats);
  stats.struct_size = sizeof stats;
  assert_int_equal(wrt_mem_get_stats(first, &stats), WRT_OK);
  assert_true(stats.resizes > 1); /* it really grew */

  for (tier = WRT_TIER_ALLOC; tier <= WRT_TIER_STATIC; ++tier) {
    int32_t equal = 0;
    assert_int_equal(wrt_mem_equal(first, mem_of(Z_guestZ_memory(&counters[tier])), &equal), WRT_OK);
    assert_int_equal(equal, 1);
    assert_int_equal(places[tier], places[WRT_TIER_STD]);
  }
  for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) Z_guest_free(&counters[tier]);
}

/* ---- all of it */

static int begin(void **state) {
  (void)state;
  wasm_rt_init();
  Z_probe_init_module();
  Z_guest_init_module();
  Z_huge_init_module();
  Z_stray_init_module();
  Z_pair_init_module();
  Z_tenant_init_module();
  if (wrt_budget_create(UINT64_C(1) << 32, NULL, &budget) != WRT_OK) return -1;
  return wrt_pool_create(storage, sizeof storage, SLOT_PAGES * PAGE, &pool);
}

/* Nothing may be left in the pool or on the budget. */
static int end(void **state) {
  (void)state;
  wasm_rt_free();
  if (wrt_pool_destroy(pool) != WRT_OK) return -1;
  return wrt_budget_destroy(budget);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_guest_finds_its_data_in_its_memory_and_zeros_elsewhere),
      cmocka_unit_test(a_refused_growth_is_minus_one_to_the_guest),
      cmocka_unit_test(the_guest_and_the_host_see_the_same_bytes_before_and_after_growth),
      cmocka_unit_test(a_guest_that_reaches_past_its_end_is_stopped_and_changes_nothing),
      cmocka_unit_test(a_guest_that_needs_65536_pages_is_not_started),
      cmocka_unit_test(a_guest_whose_data_do_not_fit_is_stopped_and_it_was_not_the_memory),
      cmocka_unit_test(a_guest_may_have_several_memories),
      cmocka_unit_test(when_the_second_memory_is_refused_freeing_the_guest_gives_back_the_first),
      cmocka_unit_test(guests_that_share_a_memory_of_the_host_see_each_others_growth),
      cmocka_unit_test(guests_on_different_tiers_at_once_do_not_see_each_other),
      cmocka_unit_test(word_counters_on_all_tiers_at_once_leave_the_same_bytes),
  };
  return cmocka_run_group_tests(tests, begin, end);
}
