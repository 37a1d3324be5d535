/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The adapter's promises, once for each generation of wabt's signatures (fake_wabt/wasm-rt.h). */

#include "wrt_wasm2c.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define SLOT_PAGES 4u
#define SLOTS 4
#include "pool.h"

#define REFUSED ((fake_count)-1)

/* ---- the runtime's part: traps */

static _Thread_local jmp_buf landing;
static _Thread_local int can_land;

void wasm_rt_trap(wasm_rt_trap_t trap) {
  if (!can_land) abort();
  longjmp(landing, (int)trap);
}

static void call_allocate(wasm_rt_memory_t *memory, uint64_t initial, uint64_t max, bool is64, uint32_t page_len) {
#if FAKE_WABT >= 37
  wasm_rt_allocate_memory(memory, initial, max, is64, page_len);
#elif FAKE_WABT >= 33
  (void)page_len;
  wasm_rt_allocate_memory(memory, initial, max, is64);
#else
  (void)is64;
  (void)page_len;
  wasm_rt_allocate_memory(memory, (uint32_t)initial, (uint32_t)max);
#endif
}

static int allocate_as(wasm_rt_memory_t *memory, uint64_t initial, uint64_t max, bool is64, uint32_t page_len) {
  can_land = 1;
  const int trap = setjmp(landing);
  if (trap == 0) call_allocate(memory, initial, max, is64, page_len);
  can_land = 0;
  return trap;
}

static int allocate(wasm_rt_memory_t *memory, uint64_t initial, uint64_t max) {
  return allocate_as(memory, initial, max, false, PAGE);
}

static _Thread_local int grow_failures;
#ifdef WASM_RT_GROW_FAILED_HANDLER
void WASM_RT_GROW_FAILED_HANDLER(void) { ++grow_failures; }
#endif

/* ---- configurations */

static void use(const wrt_mem_config *config) { assert_int_equal(wrt_wasm2c_configure(config), WRT_OK); }

static void use_tier(int32_t tier) {
  const wrt_mem_config config = config_of(tier);
  use(&config);
}

static wrt_mem *mem_of(const wasm_rt_memory_t *memory) {
  wrt_mem *mem = NULL;
  assert_int_equal(wrt_wasm2c_mem(memory, &mem), WRT_OK);
  assert_non_null(mem);
  return mem;
}

static wrt_mem_info info_of(const wasm_rt_memory_t *memory) {
  wrt_mem_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  assert_int_equal(wrt_mem_get_info(mem_of(memory), &info), WRT_OK);
  return info;
}

static uint64_t used_of(const wrt_budget *budget) {
  wrt_budget_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  assert_int_equal(wrt_budget_get_info(budget, &info), WRT_OK);
  return info.used;
}

static uint64_t used_slots(void) {
  wrt_pool_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  assert_int_equal(wrt_pool_get_info(pool, &info), WRT_OK);
  return info.used;
}

/* ---- what must be true of a memory's members */

static void assert_current(const wasm_rt_memory_t *memory) {
  const wrt_view *view = NULL;
  assert_int_equal(wrt_mem_view(mem_of(memory), &view), WRT_OK);
  const wrt_mem_info info = info_of(memory);
  assert_ptr_equal(memory->data, view->base);
  assert_true(memory->size == info.len);
  assert_true(memory->pages == info.len / info.page_len);
  assert_true(memory->max_pages == info.max_len / info.page_len);
#if FAKE_WABT >= 38
  assert_ptr_equal(memory->data_end, memory->data + memory->size);
#endif
}

static void assert_bytes(const wasm_rt_memory_t *memory, size_t from, size_t to, uint8_t value) {
  for (size_t i = from; i < to; ++i) {
    if (memory->data[i] != value) fail_msg("byte %zu is %u", i, memory->data[i]);
  }
}

static void assert_empty(const wasm_rt_memory_t *memory) {
  wrt_mem *mem = NULL;
  assert_int_equal(wrt_wasm2c_mem(memory, &mem), WRT_ERR_INVALID_HANDLE);
  assert_null(mem);
  assert_null(memory->data);
  assert_true(memory->size == 0 && memory->pages == 0);
}

static void release(wasm_rt_memory_t *memory) {
  wasm_rt_free_memory(memory);
  assert_int_equal(wrt_wasm2c_status(), WRT_OK);
  assert_empty(memory);
}

static void assert_trap_says(wasm_rt_memory_t *memory, uint64_t initial, uint64_t max, wrt_status why) {
  memset(memory, 0xA5, sizeof *memory);
  assert_int_equal(allocate(memory, initial, max), WASM_RT_TRAP_EXHAUSTION);
  assert_int_equal(wrt_wasm2c_status(), why);
  assert_empty(memory);
}

static void assert_growth_refused(wasm_rt_memory_t *memory, fake_count delta, wrt_status why) {
  const wasm_rt_memory_t before = *memory;
  const int failures = grow_failures;
  assert_true(wasm_rt_grow_memory(memory, delta) == REFUSED);
  assert_int_equal(wrt_wasm2c_status(), why);
  assert_ptr_equal(memory->data, before.data);
  assert_true(memory->size == before.size && memory->pages == before.pages);
#ifdef WASM_RT_GROW_FAILED_HANDLER
  assert_int_equal(grow_failures, failures + 1);
#else
  assert_int_equal(grow_failures, failures);
#endif
}

/* ---- create and grow */

static void a_new_memory_is_zero_and_its_members_say_so_on_every_tier(void **state) {
  (void)state;
  for (int32_t tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    use_tier(tier);
    wasm_rt_memory_t memory;
    memset(&memory, 0xA5, sizeof memory);
    assert_int_equal(allocate(&memory, 2, 3), WASM_RT_TRAP_NONE);
    assert_int_equal(wrt_wasm2c_status(), WRT_OK);
    assert_true(memory.pages == 2 && memory.max_pages == 3 && memory.size == 2 * PAGE);
    assert_current(&memory);
    assert_bytes(&memory, 0, 2 * PAGE, 0);
    assert_int_equal(info_of(&memory).tier, tier);
    release(&memory);
  }
}

static void growth_gives_the_old_pages_and_keeps_members_and_bytes_current_on_every_tier(void **state) {
  (void)state;
  for (int32_t tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    use_tier(tier);
    wasm_rt_memory_t memory;
    assert_int_equal(allocate(&memory, 1, SLOT_PAGES), WASM_RT_TRAP_NONE);
    for (fake_count pages = 1; pages < SLOT_PAGES; ++pages) {
      memset(memory.data, 0x5A, memory.size);
      assert_true(wasm_rt_grow_memory(&memory, 1) == pages);
      assert_true(memory.pages == pages + 1);
      assert_current(&memory);
      assert_bytes(&memory, 0, pages * PAGE, 0x5A);
      assert_bytes(&memory, pages * PAGE, (pages + 1) * PAGE, 0);
    }
    release(&memory);
  }
}

static void growth_by_no_page_succeeds_even_when_full(void **state) {
  (void)state;
  use_tier(WRT_TIER_STD);
  wasm_rt_memory_t memory;
  assert_int_equal(allocate(&memory, 2, 2), WASM_RT_TRAP_NONE);
  assert_true(wasm_rt_grow_memory(&memory, 0) == 2);
  assert_int_equal(wrt_wasm2c_status(), WRT_OK);
  release(&memory);
}

static void a_memory_of_no_page_can_grow(void **state) {
  (void)state;
  for (int32_t tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    use_tier(tier);
    wasm_rt_memory_t memory;
    assert_int_equal(allocate(&memory, 0, 2), WASM_RT_TRAP_NONE);
    assert_current(&memory);
    assert_true(wasm_rt_grow_memory(&memory, 0) == 0);
    assert_true(wasm_rt_grow_memory(&memory, 2) == 0);
    assert_current(&memory);
    assert_bytes(&memory, 0, 2 * PAGE, 0);
    release(&memory);
  }
}

static void refused_growth_is_minus_one_says_why_and_changes_nothing(void **state) {
  (void)state;
  wrt_budget *budget = NULL;
  assert_int_equal(wrt_budget_create(2 * PAGE, NULL, &budget), WRT_OK);
  for (int32_t tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    wrt_mem_config config = config_of(tier);
    config.budget = budget;
    use(&config);
    wasm_rt_memory_t memory;
    assert_int_equal(allocate(&memory, 1, 3), WASM_RT_TRAP_NONE);
    assert_growth_refused(&memory, 3, WRT_ERR_LIMIT);
    assert_growth_refused(&memory, REFUSED, WRT_ERR_LIMIT);
    assert_growth_refused(&memory, 2, WRT_ERR_BUDGET);
    assert_true(wasm_rt_grow_memory(&memory, 1) == 1);
    assert_int_equal(wrt_wasm2c_status(), WRT_OK);
    assert_current(&memory);
    release(&memory);
  }
  assert_int_equal(wrt_budget_destroy(budget), WRT_OK);
}

/* ---- the maximum */

static void the_smaller_of_the_guests_and_the_hosts_maximum_holds(void **state) {
  (void)state;
  wasm_rt_memory_t memory;
  wrt_mem_config config = config_of(WRT_TIER_STD);
  config.max_len = 3 * PAGE;
  use(&config);
  assert_int_equal(allocate(&memory, 1, 2), WASM_RT_TRAP_NONE);
  assert_true(memory.max_pages == 2);
  assert_growth_refused(&memory, 2, WRT_ERR_LIMIT);
  release(&memory);
  assert_int_equal(allocate(&memory, 1, 100), WASM_RT_TRAP_NONE);
  assert_true(memory.max_pages == 3);
  assert_growth_refused(&memory, 3, WRT_ERR_LIMIT);
  release(&memory);
}

static void the_hosts_maximum_is_rounded_down_to_whole_pages(void **state) {
  (void)state;
  wasm_rt_memory_t memory;
  wrt_mem_config config = config_of(WRT_TIER_STD);
  config.max_len = 3 * PAGE - 1;
  use(&config);
  assert_int_equal(allocate(&memory, 1, 100), WASM_RT_TRAP_NONE);
  assert_true(memory.max_pages == 2);
  release(&memory);
}

static void a_maximum_of_no_page_is_kept(void **state) {
  (void)state;
  wasm_rt_memory_t memory;
  wrt_mem_config config = config_of(WRT_TIER_STD);
  use(&config);
  assert_int_equal(allocate(&memory, 0, 0), WASM_RT_TRAP_NONE);
  assert_growth_refused(&memory, 1, WRT_ERR_LIMIT);
  release(&memory);
  config.max_len = 0;
  config.flags = WRT_MEM_EXACT_MAX;
  use(&config);
  assert_int_equal(allocate(&memory, 0, 65536), WASM_RT_TRAP_NONE);
  assert_growth_refused(&memory, 1, WRT_ERR_LIMIT);
  release(&memory);
}

static void without_a_maximum_of_the_host_the_guests_holds_or_what_the_slot_can(void **state) {
  (void)state;
  wasm_rt_memory_t memory;
  wrt_mem_config config = config_of(WRT_TIER_STATIC);
  config.max_len = 0;
  use(&config);
  assert_int_equal(allocate(&memory, 1, 2), WASM_RT_TRAP_NONE);
  assert_true(memory.max_pages == 2);
  release(&memory);
  assert_int_equal(allocate(&memory, 1, 65536), WASM_RT_TRAP_NONE);
  assert_true(memory.max_pages == SLOT_PAGES);
  assert_true(wasm_rt_grow_memory(&memory, SLOT_PAGES - 1) == 1);
  assert_growth_refused(&memory, 1, WRT_ERR_LIMIT);
  release(&memory);
  assert_trap_says(&memory, SLOT_PAGES + 1, 65536, WRT_ERR_LIMIT);
}

static void a_guest_that_may_have_65536_pages_has_all_that_its_runtime_can_count(void **state) {
  (void)state;
  const wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  wasm_rt_memory_t memory;
  use(&config);
#if FAKE_WABT >= 33
  const fake_count most = 65536;
  assert_int_equal(allocate(&memory, 65536, 65536), WASM_RT_TRAP_NONE);
  assert_true(memory.size == UINT64_C(1) << 32);
  assert_current(&memory);
  memory.data[memory.size - 1] = 1;
  uint8_t last = 0;
  assert_int_equal(wrt_mem_read(mem_of(&memory), memory.size - 1, &last, 1), WRT_OK);
  assert_int_equal(last, 1);
  assert_growth_refused(&memory, 1, WRT_ERR_LIMIT);
  release(&memory);
#else
  const fake_count most = 65535;
  assert_trap_says(&memory, 65536, 65536, WRT_ERR_LIMIT);
#endif
  assert_int_equal(allocate(&memory, 1, 65536), WASM_RT_TRAP_NONE);
  assert_true(memory.max_pages == most);
  assert_true(wasm_rt_grow_memory(&memory, most - 1) == 1);
  assert_true(memory.pages == most);
  assert_current(&memory);
  memory.data[(size_t)most * PAGE - 1] = 1;
  assert_growth_refused(&memory, 1, WRT_ERR_LIMIT);
  release(&memory);
}

/* ---- failure */

static void a_creation_that_the_limit_or_the_budget_refuses_is_a_trap_that_says_why(void **state) {
  (void)state;
  wrt_budget *budget = NULL;
  assert_int_equal(wrt_budget_create(2 * PAGE, NULL, &budget), WRT_OK);
  for (int32_t tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    wrt_mem_config config = config_of(tier);
    config.budget = budget;
    use(&config);
    wasm_rt_memory_t memory;
    assert_trap_says(&memory, SLOT_PAGES + 1, 100, WRT_ERR_LIMIT);
    assert_trap_says(&memory, 2, 1, WRT_ERR_LIMIT);
    assert_trap_says(&memory, 3, 3, WRT_ERR_BUDGET);
    assert_int_equal(used_of(budget), 0);
    assert_int_equal(allocate(&memory, 2, 3), WASM_RT_TRAP_NONE);
    assert_int_equal(wrt_wasm2c_status(), WRT_OK);
    release(&memory);
  }
  assert_int_equal(wrt_budget_destroy(budget), WRT_OK);
}

static void a_creation_for_which_no_slot_is_free_is_a_trap(void **state) {
  (void)state;
  enum { MOST = 64 };
  static wasm_rt_memory_t memories[MOST];
  use_tier(WRT_TIER_STATIC);
  size_t n = 0;
  while (n < MOST && allocate(&memories[n], 1, 1) == WASM_RT_TRAP_NONE) ++n;
  assert_in_range(n, 4, MOST - 1);
  assert_int_equal(wrt_wasm2c_status(), WRT_ERR_POOL_EXHAUSTED);
  assert_empty(&memories[n]);
  release(&memories[0]);
  assert_int_equal(allocate(&memories[0], 1, 1), WASM_RT_TRAP_NONE);
  for (size_t i = 0; i < n; ++i) release(&memories[i]);
}

static void *refuse_after_one(void *context, size_t size, size_t alignment) {
  int *given = context;
  return (*given)++ == 0 ? aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment) : NULL;
}

static void *refuse(void *context, size_t size, size_t alignment) {
  (void)context;
  (void)size;
  (void)alignment;
  return NULL;
}

static void give_back(void *context, void *block, size_t size, size_t alignment) {
  (void)context;
  (void)size;
  (void)alignment;
  free(block);
}

static void an_allocator_that_refuses_is_a_trap_at_creation_and_minus_one_at_growth(void **state) {
  (void)state;
  int given = 0;
  const wrt_allocator stingy = {sizeof stingy, 0, &given, refuse_after_one, NULL, give_back};
  const wrt_allocator empty = {sizeof empty, 0, NULL, refuse, NULL, give_back};
  wrt_mem_config config = config_of(WRT_TIER_ALLOC);
  config.allocator = &empty;
  use(&config);
  wasm_rt_memory_t memory;
  assert_trap_says(&memory, 1, 2, WRT_ERR_OUT_OF_MEMORY);

  config.allocator = &stingy;
  use(&config);
  assert_int_equal(allocate(&memory, 1, 2), WASM_RT_TRAP_NONE);
  const fake_count answer = wasm_rt_grow_memory(&memory, 1);
#if FAKE_WABT >= 33 && WASM_RT_USE_MMAP
  assert_true(answer == 1); /* STABLE: it had its maximum from the start */
#else
  assert_true(answer == REFUSED);
  assert_int_equal(wrt_wasm2c_status(), WRT_ERR_OUT_OF_MEMORY);
#endif
  assert_current(&memory);
  release(&memory);
}

static void what_is_wrong_in_a_configuration_is_said_at_creation(void **state) {
  (void)state;
  wasm_rt_memory_t memory;
  wrt_mem_config config = config_of(WRT_TIER_STD);
  config.pool = pool;
  use(&config);
  assert_trap_says(&memory, 1, 2, WRT_ERR_INVALID_ARGUMENT);
  config = config_of(99);
  use(&config);
  assert_trap_says(&memory, 1, 2, WRT_ERR_INVALID_ARGUMENT);
  config = config_of(WRT_TIER_STD);
  config.verify = WRT_VERIFY_STANDARD; /* generated code writes where no check value would follow */
  use(&config);
  assert_trap_says(&memory, 1, 2, WRT_ERR_UNSUPPORTED);
}

static void a_memory_that_has_bytes_already_is_not_created_again(void **state) {
  (void)state;
  use_tier(WRT_TIER_STD);
  wasm_rt_memory_t memory;
  assert_int_equal(allocate(&memory, 1, 2), WASM_RT_TRAP_NONE);
  memory.data[7] = 7;
  assert_int_equal(allocate_as(&memory, 2, 2, true, 1), WASM_RT_TRAP_EXHAUSTION);
  assert_int_equal(wrt_wasm2c_status(), WRT_ERR_BUSY);
  assert_current(&memory);
  assert_true(memory.pages == 1 && memory.data[7] == 7);
#if FAKE_WABT >= 33
  assert_false(memory.is64);
#endif
  release(&memory);
}

static void a_memory_that_was_never_created_cannot_grow_and_may_be_freed(void **state) {
  (void)state;
  wasm_rt_memory_t memory;
  memset(&memory, 0, sizeof memory);
  assert_growth_refused(&memory, 1, WRT_ERR_INVALID_HANDLE);
  wasm_rt_free_memory(&memory);
  assert_int_equal(wrt_wasm2c_status(), WRT_ERR_INVALID_HANDLE);

  use_tier(WRT_TIER_STD);
  assert_int_equal(allocate(&memory, 1, 2), WASM_RT_TRAP_NONE);
  wasm_rt_memory_t copy = memory; /* the struct's place is its identity */
  assert_growth_refused(&copy, 1, WRT_ERR_INVALID_HANDLE);
  wasm_rt_free_memory(&copy);
  assert_current(&memory);
  release(&memory);
}

static void a_memory_that_is_borrowed_from_is_not_freed(void **state) {
  (void)state;
  use_tier(WRT_TIER_STD);
  wasm_rt_memory_t memory;
  assert_int_equal(allocate(&memory, 1, 2), WASM_RT_TRAP_NONE);
  void *data = NULL;
  assert_int_equal(wrt_mem_borrow(mem_of(&memory), 0, 16, WRT_BORROW_READ, &data), WRT_OK);
  wasm_rt_free_memory(&memory);
  assert_int_equal(wrt_wasm2c_status(), WRT_ERR_BUSY);
  assert_current(&memory);
  assert_int_equal(wrt_mem_release(mem_of(&memory), data, 16), WRT_OK);
  release(&memory);
}

static void more_memories_than_the_adapter_has_places_for_is_a_trap_that_costs_nothing(void **state) {
  (void)state;
  static wasm_rt_memory_t memories[WRT_WASM2C_MEMORIES + 1];
  wrt_budget *budget = NULL;
  assert_int_equal(wrt_budget_create(UINT64_C(1) << 40, NULL, &budget), WRT_OK);
  wrt_mem_config config = config_of(WRT_TIER_ALLOC);
  config.max_len = PAGE;
  config.budget = budget;
  use(&config);
  for (size_t i = 0; i < WRT_WASM2C_MEMORIES; ++i) assert_int_equal(allocate(&memories[i], 1, 1), WASM_RT_TRAP_NONE);
  assert_trap_says(&memories[WRT_WASM2C_MEMORIES], 1, 1, WRT_ERR_POOL_EXHAUSTED);
  assert_int_equal(used_of(budget), (uint64_t)WRT_WASM2C_MEMORIES * PAGE);
  for (size_t i = 0; i < WRT_WASM2C_MEMORIES; ++i) release(&memories[i]);
  assert_int_equal(wrt_budget_destroy(budget), WRT_OK);
}

/* ---- what the host says and asks */

static void a_memory_is_what_the_configuration_said(void **state) {
  (void)state;
  char name[] = "the guest";
  wrt_mem_config config = config_of(WRT_TIER_STATIC);
  config.flags = WRT_MEM_TRACK;
  config.verify = WRT_VERIFY_OFF;
  config.name = name;
  use(&config);
  memset(&config, 0xFF, sizeof config); /* it was copied */
  wasm_rt_memory_t memory;
  assert_int_equal(allocate(&memory, 1, 2), WASM_RT_TRAP_NONE);
  const wrt_mem_info info = info_of(&memory);
  assert_int_equal(info.tier, WRT_TIER_STATIC);
  assert_int_equal(info.verify, WRT_VERIFY_OFF);
  assert_true((info.flags & WRT_MEM_TRACK) != 0);
  assert_string_equal(info.name, "the guest");
  assert_int_equal(used_slots(), 1);

  uint8_t byte = 0;
  assert_int_equal(wrt_mem_read(mem_of(&memory), PAGE, &byte, 1), WRT_ERR_OUT_OF_BOUNDS);
  wrt_mem_stats stats;
  memset(&stats, 0, sizeof stats);
  stats.struct_size = sizeof stats;
  assert_int_equal(wrt_mem_get_stats(mem_of(&memory), &stats), WRT_OK);
  assert_int_equal(stats.denied, 1);
  release(&memory);
  assert_int_equal(used_slots(), 0);
}

static void a_configuration_that_says_what_only_the_guest_can_say_is_refused(void **state) {
  (void)state;
  use_tier(WRT_TIER_STATIC);
  wrt_mem_config config = config_of(WRT_TIER_STD);
  config.initial_len = PAGE;
  assert_int_equal(wrt_wasm2c_configure(&config), WRT_ERR_INVALID_ARGUMENT);
  config = config_of(WRT_TIER_STD);
  config.page_len = PAGE;
  assert_int_equal(wrt_wasm2c_configure(&config), WRT_ERR_INVALID_ARGUMENT);
  config = config_of(WRT_TIER_STD);
  config.struct_size = 0;
  assert_int_equal(wrt_wasm2c_configure(&config), WRT_ERR_INVALID_ARGUMENT);

  wasm_rt_memory_t memory;
  assert_int_equal(allocate(&memory, 1, 2), WASM_RT_TRAP_NONE);
  assert_int_equal(info_of(&memory).tier, WRT_TIER_STATIC); /* the one before still holds */
  release(&memory);
}

static void no_configuration_means_the_librarys_default_and_the_guests_maximum(void **state) {
  (void)state;
  use_tier(WRT_TIER_STATIC);
  use(NULL);
  wasm_rt_memory_t memory;
  assert_int_equal(allocate(&memory, 1, 1000), WASM_RT_TRAP_NONE);
  assert_int_equal(info_of(&memory).tier, WRT_TIER_STD);
  assert_true(memory.max_pages == 1000);
  release(&memory);
}

static void questions_without_a_memory_or_a_place_for_the_answer_are_refused(void **state) {
  (void)state;
  wrt_mem *mem = NULL;
  wasm_rt_memory_t memory;
  memset(&memory, 0, sizeof memory);
  assert_int_equal(wrt_wasm2c_mem(NULL, &mem), WRT_ERR_INVALID_ARGUMENT);
  assert_int_equal(wrt_wasm2c_mem(&memory, NULL), WRT_ERR_INVALID_ARGUMENT);
  assert_int_equal(wrt_wasm2c_mem(&memory, &mem), WRT_ERR_INVALID_HANDLE);
  assert_int_equal(wrt_wasm2c_refresh(NULL), WRT_ERR_INVALID_ARGUMENT);
  assert_int_equal(wrt_wasm2c_refresh(&memory), WRT_ERR_INVALID_HANDLE);
  assert_null(mem);
}

static void after_a_change_of_length_by_the_host_refresh_brings_the_members_up_to_date(void **state) {
  (void)state;
  for (int32_t tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    use_tier(tier);
    wasm_rt_memory_t memory;
    assert_int_equal(allocate(&memory, 1, SLOT_PAGES), WASM_RT_TRAP_NONE);
    assert_int_equal(wrt_mem_resize(mem_of(&memory), 3 * PAGE), WRT_OK);
    assert_int_equal(wrt_wasm2c_refresh(&memory), WRT_OK);
    assert_true(memory.pages == 3);
    assert_current(&memory);
    assert_int_equal(wrt_mem_reset(mem_of(&memory)), WRT_OK);
    assert_int_equal(wrt_wasm2c_refresh(&memory), WRT_OK);
    assert_true(memory.pages == 1);
    assert_current(&memory);
    release(&memory);
  }
}

/* Outside of any landing a trap would abort. */
static void a_host_makes_a_memory_of_its_own_and_is_told_what_goes_wrong_without_a_trap(void **state) {
  (void)state;
  for (int32_t tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    use_tier(tier);
    wasm_rt_memory_t memory;
    memset(&memory, 0xA5, sizeof memory);
    assert_int_equal(wrt_wasm2c_create(&memory, SLOT_PAGES + 1, SLOT_PAGES + 1, false, PAGE), WRT_ERR_LIMIT);
    assert_int_equal(wrt_wasm2c_status(), WRT_ERR_LIMIT);
    assert_empty(&memory);
    assert_int_equal(wrt_wasm2c_create(&memory, 1, 3, false, PAGE), WRT_OK);
    assert_current(&memory);
    assert_int_equal(info_of(&memory).tier, tier);
    assert_int_equal(wrt_wasm2c_create(&memory, 1, 3, false, PAGE), WRT_ERR_BUSY);
    assert_current(&memory);
    assert_true(wasm_rt_grow_memory(&memory, 2) == 1);
    release(&memory);
  }
  assert_int_equal(wrt_wasm2c_create(NULL, 1, 1, false, PAGE), WRT_ERR_INVALID_ARGUMENT);
}

static void a_host_is_told_what_its_version_of_wabt_does_not_know(void **state) {
  (void)state;
  use_tier(WRT_TIER_STD);
  wasm_rt_memory_t memory;
  memset(&memory, 0, sizeof memory);
  const bool knows_64_bits = FAKE_WABT >= 33, knows_pages = FAKE_WABT >= 37;
  assert_int_equal(wrt_wasm2c_create(&memory, 1, 1, true, PAGE), knows_64_bits ? WRT_OK : WRT_ERR_UNSUPPORTED);
  if (knows_64_bits) release(&memory);
  assert_int_equal(wrt_wasm2c_create(&memory, 10, 10, false, 1), knows_pages ? WRT_OK : WRT_ERR_UNSUPPORTED);
  if (knows_pages) {
    assert_true(memory.size == 10 && memory.pages == 10);
    release(&memory);
  }
}

static void a_handle_ends_when_its_memory_is_freed(void **state) {
  (void)state;
  use_tier(WRT_TIER_STD);
  wasm_rt_memory_t memory;
  assert_int_equal(allocate(&memory, 1, 2), WASM_RT_TRAP_NONE);
  wrt_mem *mem = mem_of(&memory);
  release(&memory);
  uint64_t len = 0;
  assert_int_equal(wrt_mem_len(mem, &len), WRT_ERR_INVALID_HANDLE);
}

/* ---- the base */

static void where_generated_code_keeps_the_base_it_never_moves(void **state) {
  (void)state;
  for (int32_t tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    use_tier(tier);
    wasm_rt_memory_t memory;
    assert_int_equal(allocate(&memory, 1, SLOT_PAGES), WASM_RT_TRAP_NONE);
    const uint32_t stable = info_of(&memory).flags & WRT_MEM_STABLE;
#if FAKE_WABT >= 33 && WASM_RT_USE_MMAP
    assert_true(stable != 0);
    uint8_t *const base = memory.data;
    while (wasm_rt_grow_memory(&memory, 1) != REFUSED) assert_ptr_equal(memory.data, base);
    assert_true(memory.pages == SLOT_PAGES);
#else
    assert_true(stable == 0);
#endif
    release(&memory);
  }
}

/* ---- later signatures */

#if FAKE_WABT >= 33
static void a_64_bit_guest_may_have_more_than_4_gib_when_it_or_the_host_says_so(void **state) {
  (void)state;
  const uint64_t none = UINT64_C(1) << 48; /* what wasm2c passes when the guest states no maximum */
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STD;
  use(&config);
  wasm_rt_memory_t memory;
  assert_int_equal(allocate_as(&memory, 65536, 65538, true, PAGE), WASM_RT_TRAP_NONE);
  assert_true(memory.is64);
  assert_true(wasm_rt_grow_memory(&memory, 1) == 65536);
  assert_true(memory.size == UINT64_C(65537) * PAGE);
  memory.data[memory.size - 1] = 1;
  assert_current(&memory);
  release(&memory);

  assert_int_equal(allocate_as(&memory, 1, none, true, PAGE), WASM_RT_TRAP_NONE);
  assert_true(memory.max_pages == 65536); /* the tier's default */
  release(&memory);

  config.tier = WRT_TIER_ALLOC;
  use(&config);
  assert_int_equal(allocate_as(&memory, 1, none, true, PAGE), WASM_RT_TRAP_EXHAUSTION);
  assert_int_equal(wrt_wasm2c_status(), WRT_ERR_LIMIT); /* ALLOC has no default: the host must say */
  config.max_len = 5 * PAGE;
  use(&config);
  assert_int_equal(allocate_as(&memory, 1, none, true, PAGE), WASM_RT_TRAP_NONE);
  assert_true(memory.max_pages == 5);
  release(&memory);
}

static void a_number_of_pages_whose_bytes_cannot_be_counted_is_beyond_the_limit(void **state) {
  (void)state;
  use(NULL);
  wasm_rt_memory_t memory;
  const uint64_t too_many[] = {UINT64_C(1) << 48, (UINT64_C(1) << 48) + 1, UINT64_MAX};
  for (size_t i = 0; i < sizeof too_many / sizeof too_many[0]; ++i) {
    assert_int_equal(allocate_as(&memory, too_many[i], UINT64_MAX, true, PAGE), WASM_RT_TRAP_EXHAUSTION);
    assert_int_equal(wrt_wasm2c_status(), WRT_ERR_LIMIT);
    assert_empty(&memory);
  }
  assert_int_equal(allocate(&memory, 1, UINT64_MAX), WASM_RT_TRAP_NONE);
  assert_true(memory.max_pages == 65536);
  assert_growth_refused(&memory, UINT64_MAX, WRT_ERR_LIMIT);
  assert_growth_refused(&memory, UINT64_C(1) << 48, WRT_ERR_LIMIT);
  release(&memory);
}
#endif

#if FAKE_WABT >= 37
static void a_page_is_as_long_as_the_guest_says(void **state) {
  (void)state;
  for (int32_t tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    use_tier(tier);
    wasm_rt_memory_t memory;
    assert_int_equal(allocate_as(&memory, 100, 1000, false, 1), WASM_RT_TRAP_NONE);
    assert_true(memory.page_size == 1 && memory.pages == 100 && memory.size == 100 && memory.max_pages == 1000);
    assert_true(wasm_rt_grow_memory(&memory, 5) == 100);
    assert_true(memory.pages == 105 && memory.size == 105);
    assert_current(&memory);
    assert_growth_refused(&memory, 896, WRT_ERR_LIMIT);
    release(&memory);
  }
}

static void a_32_bit_guest_counts_fewer_than_2_to_the_32_pages_of_one_byte(void **state) {
  (void)state;
  use(NULL);
  wasm_rt_memory_t memory;
  assert_int_equal(allocate_as(&memory, 1, UINT64_C(1) << 32, false, 1), WASM_RT_TRAP_NONE);
  assert_true(memory.max_pages == UINT32_MAX);
  assert_true(wasm_rt_grow_memory(&memory, UINT32_MAX - 1) == 1);
  assert_growth_refused(&memory, 1, WRT_ERR_LIMIT);
  release(&memory);
}

static void a_page_length_that_is_no_power_of_two_is_refused(void **state) {
  (void)state;
  use(NULL);
  wasm_rt_memory_t memory;
  const uint32_t bad[] = {0, 3, 65535};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
    assert_int_equal(allocate_as(&memory, 1, 2, false, bad[i]), WASM_RT_TRAP_EXHAUSTION);
    assert_int_equal(wrt_wasm2c_status(), WRT_ERR_INVALID_ARGUMENT);
    assert_empty(&memory);
  }
}
#endif

/* ---- threads */

enum { THREADS = 8, ROUNDS = 200 };

/* Gives NULL, or what went wrong: assertions belong to the main thread. */
static const char *one_round(int32_t tier, uint8_t mark) {
  wasm_rt_memory_t memory;
  if (allocate(&memory, 1, 2) != WASM_RT_TRAP_NONE) return "not created";
  const char *wrong = NULL;
  memset(memory.data, mark, memory.size);
  if (wasm_rt_grow_memory(&memory, 1) != 1) wrong = "not grown";
  if (wasm_rt_grow_memory(&memory, 1) != REFUSED || wrt_wasm2c_status() != WRT_ERR_LIMIT) wrong = "not refused";
  if (memory.size != 2 * PAGE || memory.data[0] != mark || memory.data[PAGE - 1] != mark || memory.data[PAGE] != 0)
    wrong = "other bytes";
  wrt_mem *mem = NULL;
  wrt_mem_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  if (wrt_wasm2c_mem(&memory, &mem) != WRT_OK || wrt_mem_get_info(mem, &info) != WRT_OK) wrong = "no handle";
  if (info.tier != tier) wrong = "another thread's configuration";
  wasm_rt_free_memory(&memory);
  if (wrt_wasm2c_status() != WRT_OK) wrong = "not freed";
  return wrong;
}

static void *thread_main(void *argument) {
  const int number = *(const int *)argument;
  /* Four slots: as many threads use the pool as there are, so that none is refused. */
  static const int32_t tiers[] = {WRT_TIER_STD, WRT_TIER_ALLOC, WRT_TIER_STATIC};
  const int32_t tier = tiers[number % 3];
  const wrt_mem_config config = config_of(tier);
  if (wrt_wasm2c_configure(&config) != WRT_OK) return (void *)(uintptr_t) "not configured";
  const char *wrong = NULL;
  for (int i = 0; i < ROUNDS && wrong == NULL; ++i) wrong = one_round(tier, (uint8_t)(number + 1));
  return (void *)(uintptr_t)wrong;
}

static void threads_have_their_own_configuration_status_and_memories(void **state) {
  (void)state;
  pthread_t threads[THREADS];
  int numbers[THREADS];
  use_tier(WRT_TIER_STD);
  for (int i = 0; i < THREADS; ++i) {
    numbers[i] = i;
    assert_int_equal(pthread_create(&threads[i], NULL, thread_main, &numbers[i]), 0);
  }
  for (int i = 0; i < THREADS; ++i) {
    void *wrong = NULL;
    assert_int_equal(pthread_join(threads[i], &wrong), 0);
    if (wrong != NULL) fail_msg("thread %d: %s", i, (const char *)wrong);
  }
  wasm_rt_memory_t memory;
  assert_int_equal(allocate(&memory, 1, 2), WASM_RT_TRAP_NONE);
  assert_int_equal(info_of(&memory).tier, WRT_TIER_STD);
  release(&memory);
  assert_int_equal(used_slots(), 0);
}

static void *succeed(void *memory) {
  const wrt_mem_config config = config_of(WRT_TIER_STD);
  if (wrt_wasm2c_status() != WRT_OK) return (void *)(uintptr_t) "begins with a status";
  if (wrt_wasm2c_configure(&config) != WRT_OK) return (void *)(uintptr_t) "not configured";
  return (void *)(uintptr_t)(allocate(memory, 1, 1) == WASM_RT_TRAP_NONE ? NULL : "not created");
}

static void the_status_is_that_of_the_calling_threads_own_last_call(void **state) {
  (void)state;
  use_tier(WRT_TIER_STD);
  wasm_rt_memory_t memory, other;
  assert_int_equal(allocate(&memory, 1, 1), WASM_RT_TRAP_NONE);
  assert_growth_refused(&memory, 1, WRT_ERR_LIMIT);
  pthread_t thread;
  void *wrong = NULL;
  assert_int_equal(pthread_create(&thread, NULL, succeed, &other), 0);
  assert_int_equal(pthread_join(thread, &wrong), 0);
  assert_null(wrong);
  assert_int_equal(wrt_wasm2c_status(), WRT_ERR_LIMIT);
  release(&other); /* no memory belongs to a thread */
  release(&memory);
}

/* ---- all of it */

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_new_memory_is_zero_and_its_members_say_so_on_every_tier),
    cmocka_unit_test(growth_gives_the_old_pages_and_keeps_members_and_bytes_current_on_every_tier),
    cmocka_unit_test(growth_by_no_page_succeeds_even_when_full),
    cmocka_unit_test(a_memory_of_no_page_can_grow),
    cmocka_unit_test(refused_growth_is_minus_one_says_why_and_changes_nothing),
    cmocka_unit_test(the_smaller_of_the_guests_and_the_hosts_maximum_holds),
    cmocka_unit_test(the_hosts_maximum_is_rounded_down_to_whole_pages),
    cmocka_unit_test(a_maximum_of_no_page_is_kept),
    cmocka_unit_test(without_a_maximum_of_the_host_the_guests_holds_or_what_the_slot_can),
    cmocka_unit_test(a_guest_that_may_have_65536_pages_has_all_that_its_runtime_can_count),
    cmocka_unit_test(a_creation_that_the_limit_or_the_budget_refuses_is_a_trap_that_says_why),
    cmocka_unit_test(a_creation_for_which_no_slot_is_free_is_a_trap),
    cmocka_unit_test(an_allocator_that_refuses_is_a_trap_at_creation_and_minus_one_at_growth),
    cmocka_unit_test(what_is_wrong_in_a_configuration_is_said_at_creation),
    cmocka_unit_test(a_memory_that_has_bytes_already_is_not_created_again),
    cmocka_unit_test(a_memory_that_was_never_created_cannot_grow_and_may_be_freed),
    cmocka_unit_test(a_memory_that_is_borrowed_from_is_not_freed),
    cmocka_unit_test(more_memories_than_the_adapter_has_places_for_is_a_trap_that_costs_nothing),
    cmocka_unit_test(a_memory_is_what_the_configuration_said),
    cmocka_unit_test(a_configuration_that_says_what_only_the_guest_can_say_is_refused),
    cmocka_unit_test(no_configuration_means_the_librarys_default_and_the_guests_maximum),
    cmocka_unit_test(questions_without_a_memory_or_a_place_for_the_answer_are_refused),
    cmocka_unit_test(after_a_change_of_length_by_the_host_refresh_brings_the_members_up_to_date),
    cmocka_unit_test(a_host_makes_a_memory_of_its_own_and_is_told_what_goes_wrong_without_a_trap),
    cmocka_unit_test(a_host_is_told_what_its_version_of_wabt_does_not_know),
    cmocka_unit_test(a_handle_ends_when_its_memory_is_freed),
    cmocka_unit_test(where_generated_code_keeps_the_base_it_never_moves),
#if FAKE_WABT >= 33
    cmocka_unit_test(a_64_bit_guest_may_have_more_than_4_gib_when_it_or_the_host_says_so),
    cmocka_unit_test(a_number_of_pages_whose_bytes_cannot_be_counted_is_beyond_the_limit),
#endif
#if FAKE_WABT >= 37
    cmocka_unit_test(a_page_is_as_long_as_the_guest_says),
    cmocka_unit_test(a_32_bit_guest_counts_fewer_than_2_to_the_32_pages_of_one_byte),
    cmocka_unit_test(a_page_length_that_is_no_power_of_two_is_refused),
#endif
    cmocka_unit_test(the_status_is_that_of_the_calling_threads_own_last_call),
    cmocka_unit_test(threads_have_their_own_configuration_status_and_memories),
  };
  return cmocka_run_group_tests(tests, make_pool, drop_pool);
}
