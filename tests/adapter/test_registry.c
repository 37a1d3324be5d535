/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The registry with few places, against a plain array. */

#include "registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { OWNERS = 3 * WRT_WASM2C_MEMORIES, STEPS = 20000 };

static char owners[OWNERS];    /* only their addresses count */
static wrt_mem *model[OWNERS]; /* NULL: has no entry */
static size_t entries;

static wrt_mem *some_mem(unsigned number) { return (wrt_mem *)(uintptr_t)(number + 1); }

static void add(size_t i, unsigned step) {
  const struct wrt_wasm2c_entry entry = {&owners[i], some_mem(step), NULL, step};
  const wrt_status status = wrt_wasm2c_registry_add(&entry);
  if (model[i] != NULL) {
    assert_int_equal(status, WRT_ERR_BUSY);
  } else if (entries == WRT_WASM2C_MEMORIES) {
    assert_int_equal(status, WRT_ERR_POOL_EXHAUSTED);
  } else {
    assert_int_equal(status, WRT_OK);
    model[i] = some_mem(step);
    ++entries;
  }
}

static void drop(size_t i) {
  assert_int_equal(wrt_wasm2c_registry_remove(&owners[i]), model[i] == NULL ? WRT_ERR_INVALID_HANDLE : WRT_OK);
  if (model[i] != NULL) --entries;
  model[i] = NULL;
}

static void check_all(void) {
  for (size_t i = 0; i < OWNERS; ++i) {
    struct wrt_wasm2c_entry entry = {NULL, NULL, NULL, 0};
    const wrt_status status = wrt_wasm2c_registry_find(&owners[i], &entry);
    assert_int_equal(status, model[i] == NULL ? WRT_ERR_INVALID_HANDLE : WRT_OK);
    assert_ptr_equal(entry.mem, model[i]);
  }
}

static void every_owner_finds_its_own_memory_whatever_came_and_went(void **state) {
  (void)state;
  srand(20261124);
  for (unsigned step = 0; step < STEPS; ++step) {
    const size_t i = (size_t)rand() % OWNERS;
    /* Fill up in one half of the time and empty in the other, so that both ends are reached. */
    const int filling = step / 100 % 2 == 0;
    if ((rand() % 4 == 0) == filling)
      drop(i);
    else
      add(i, step);
    check_all();
  }
  for (size_t i = 0; i < OWNERS; ++i) drop(i);
  assert_int_equal(entries, 0);
  check_all();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_owner_finds_its_own_memory_whatever_came_and_went),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
