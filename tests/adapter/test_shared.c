/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The adapter's shared memories, once for each generation of wabt's signatures that has them. A tier that offers none
 * says so with a trap. */

#include "wrt_wasm2c.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define SLOT_PAGES 64u
#define SLOTS 1
#include "pool.h"

static int32_t tier;
#define EACH_TIER for (tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier)

static wasm_rt_shared_memory_t memory;
static jmp_buf landing;

void wasm_rt_trap(wasm_rt_trap_t trap) { longjmp(landing, (int)trap); }

static int allocate(uint64_t initial, uint64_t max, bool is64, uint32_t page_len) {
  const int trap = setjmp(landing);
  if (trap != 0) return trap;
#if FAKE_WABT >= 37
  wasm_rt_allocate_memory_shared(&memory, initial, max, is64, page_len);
#else
  (void)page_len;
  wasm_rt_allocate_memory_shared(&memory, initial, max, is64);
#endif
  return 0;
}

static bool offered(void) {
  wrt_tier_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  assert_int_equal(wrt_tier_get_info(tier, &info), WRT_OK);
  return (info.flags & WRT_MEM_SHARED) != 0;
}

static void use_tier(void) {
  const wrt_mem_config config = config_of(tier);
  assert_int_equal(wrt_wasm2c_configure(&config), WRT_OK);
}

static wrt_mem *mem_of_memory(void) {
  wrt_mem *mem = NULL;
  assert_int_equal(wrt_wasm2c_shared_mem(&memory, &mem), WRT_OK);
  return mem;
}

/* True: there is a memory now. False: the tier has none, and has said so. */
static bool begin(uint64_t initial, uint64_t max) {
  use_tier();
  memset(&memory, 0xA5, sizeof memory);
  const int trap = allocate(initial, max, false, PAGE);
  if (offered()) {
    assert_int_equal(trap, WASM_RT_TRAP_NONE);
    assert_int_equal(wrt_wasm2c_status(), WRT_OK);
    return true;
  }
  wrt_mem *mem = NULL;
  assert_int_equal(trap, WASM_RT_TRAP_EXHAUSTION);
  assert_int_equal(wrt_wasm2c_status(), WRT_ERR_UNSUPPORTED);
  assert_int_equal(wrt_wasm2c_shared_mem(&memory, &mem), WRT_ERR_INVALID_HANDLE);
  assert_true(memory.data == NULL && memory.size == 0 && memory.pages == 0 && memory.max_pages == 0);
  wasm_rt_free_memory_shared(&memory);
  assert_int_equal(wrt_wasm2c_status(), WRT_ERR_INVALID_HANDLE);
  return false;
}

static void finish(void) {
  wrt_mem *mem = NULL;
  wasm_rt_free_memory_shared(&memory);
  assert_int_equal(wrt_wasm2c_status(), WRT_OK);
  assert_int_equal(wrt_wasm2c_shared_mem(&memory, &mem), WRT_ERR_INVALID_HANDLE);
  assert_true(memory.data == NULL && memory.size == 0 && memory.pages == 0);
}

static void a_new_shared_memory_is_zero_and_its_members_say_so_or_the_tier_has_none(void **state) {
  (void)state;
  EACH_TIER {
    if (!begin(2, 5)) continue;
    wrt_mem_info info;
    memset(&info, 0, sizeof info);
    info.struct_size = sizeof info;
    assert_int_equal(wrt_mem_get_info(mem_of_memory(), &info), WRT_OK);
    assert_true((info.flags & WRT_MEM_SHARED) != 0 && info.base_stable && info.tier == tier);
    assert_true(memory.pages == 2 && memory.max_pages == 5 && memory.size == 2 * PAGE && !memory.is64);
#if FAKE_WABT >= 37
    assert_int_equal(memory.page_size, PAGE);
#endif
#if FAKE_WABT >= 38
    assert_true(memory.data_end == memory.data + memory.size);
#endif
    for (uint32_t i = 0; i < 2 * PAGE; ++i) assert_int_equal(memory.data[i], 0);
    memory.data[PAGE] = 7;
    uint64_t value = 0;
    assert_int_equal(wrt_mem_atomic_load(mem_of_memory(), PAGE, 1, &value), WRT_OK);
    assert_true(value == 7);
    finish();
  }
}

static void shared_growth_keeps_the_base_and_ends_at_the_maximum(void **state) {
  (void)state;
  EACH_TIER {
    if (!begin(1, 3)) continue;
    const _Atomic volatile uint8_t *base = memory.data;
    memory.data[5] = 55;
    assert_true(wasm_rt_grow_memory_shared(&memory, 2) == 1);
    assert_true(memory.data == base && memory.pages == 3 && memory.size == 3 * PAGE && memory.data[5] == 55);
    assert_int_equal(memory.data[3 * PAGE - 1], 0);
    assert_true(wasm_rt_grow_memory_shared(&memory, 1) == UINT64_MAX);
    assert_int_equal(wrt_wasm2c_status(), WRT_ERR_LIMIT);
    assert_true(memory.pages == 3 && memory.size == 3 * PAGE);
    assert_true(wasm_rt_grow_memory_shared(&memory, 0) == 3);
    finish();
  }
}

static void a_shared_memory_that_was_never_created_cannot_grow_and_may_be_freed(void **state) {
  (void)state;
  memset(&memory, 0, sizeof memory);
  assert_true(wasm_rt_grow_memory_shared(&memory, 1) == UINT64_MAX);
  assert_int_equal(wrt_wasm2c_status(), WRT_ERR_INVALID_HANDLE);
  wasm_rt_free_memory_shared(&memory);
  assert_int_equal(wrt_wasm2c_status(), WRT_ERR_INVALID_HANDLE);
  wrt_mem *mem = NULL;
  assert_int_equal(wrt_wasm2c_shared_mem(NULL, &mem), WRT_ERR_INVALID_ARGUMENT);
  assert_int_equal(wrt_wasm2c_shared_mem(&memory, NULL), WRT_ERR_INVALID_ARGUMENT);
}

static void a_shared_memory_is_not_created_twice(void **state) {
  (void)state;
  EACH_TIER {
    if (!begin(1, 2)) continue;
    wrt_mem *mem = mem_of_memory();
    assert_int_equal(allocate(2, 2, false, PAGE), WASM_RT_TRAP_EXHAUSTION);
    assert_int_equal(wrt_wasm2c_status(), WRT_ERR_BUSY);
    assert_true(mem_of_memory() == mem && memory.pages == 1);
    finish();
  }
}

static void a_shared_memory_beyond_the_hosts_bound_is_a_trap_that_says_why(void **state) {
  (void)state;
  EACH_TIER {
    use_tier();
    assert_int_equal(allocate(SLOT_PAGES + 1, SLOT_PAGES + 1, false, PAGE), WASM_RT_TRAP_EXHAUSTION);
    assert_int_equal(wrt_wasm2c_status(), offered() ? WRT_ERR_LIMIT : WRT_ERR_UNSUPPORTED);
    assert_true(memory.data == NULL && memory.size == 0);
  }
}

static void a_64_bit_shared_memory_is_marked_so(void **state) {
  (void)state;
  EACH_TIER {
    use_tier();
    const int trap = allocate(1, UINT64_MAX / PAGE, true, PAGE);
    assert_true(memory.is64);
    assert_int_equal(trap, offered() ? WASM_RT_TRAP_NONE : WASM_RT_TRAP_EXHAUSTION);
    if (!offered()) continue;
    assert_true(memory.max_pages == SLOT_PAGES);
    finish();
  }
}

/* ---- growth by several threads at once */

enum { GROWERS = 4, ROUNDS = 15 };
static uint64_t olds[GROWERS][ROUNDS];

static void *grow_often(void *argument) {
  uint64_t *mine = argument;
  uint64_t seen = 0;
  for (int i = 0; i < ROUNDS; ++i) {
    mine[i] = wasm_rt_grow_memory_shared(&memory, 1);
    const uint64_t size = __atomic_load_n(&memory.size, __ATOMIC_ACQUIRE);
    if (size < seen || size < (mine[i] + 1) * PAGE) return argument; /* it went back */
    seen = size;
    memory.data[size - 1] = 1;
  }
  return NULL;
}

static void growth_by_several_threads_counts_every_page_once_and_never_goes_back(void **state) {
  (void)state;
  EACH_TIER {
    if (!begin(1, 1 + GROWERS * ROUNDS)) continue;
    pthread_t threads[GROWERS];
    for (int i = 0; i < GROWERS; ++i) assert_int_equal(pthread_create(&threads[i], NULL, grow_often, olds[i]), 0);
    for (int i = 0; i < GROWERS; ++i) {
      void *wrong = NULL;
      assert_int_equal(pthread_join(threads[i], &wrong), 0);
      assert_null(wrong);
    }
    int times[2 + GROWERS * ROUNDS] = {0};
    for (int i = 0; i < GROWERS * ROUNDS; ++i) {
      assert_true(olds[i / ROUNDS][i % ROUNDS] <= GROWERS * ROUNDS);
      ++times[olds[i / ROUNDS][i % ROUNDS]];
    }
    for (int i = 1; i <= GROWERS * ROUNDS; ++i) assert_int_equal(times[i], 1);
    assert_true(memory.pages == 1 + GROWERS * ROUNDS);
    finish();
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_shared_memory_is_zero_and_its_members_say_so_or_the_tier_has_none),
      cmocka_unit_test(shared_growth_keeps_the_base_and_ends_at_the_maximum),
      cmocka_unit_test(a_shared_memory_that_was_never_created_cannot_grow_and_may_be_freed),
      cmocka_unit_test(a_shared_memory_is_not_created_twice),
      cmocka_unit_test(a_shared_memory_beyond_the_hosts_bound_is_a_trap_that_says_why),
      cmocka_unit_test(a_64_bit_shared_memory_is_marked_so),
      cmocka_unit_test(growth_by_several_threads_counts_every_page_once_and_never_goes_back),
  };
  return cmocka_run_group_tests(tests, make_pool, drop_pool);
}
