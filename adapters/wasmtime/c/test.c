/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What a C host does, with the C API of wasmtime, on every kind of memory. Each function gives NULL or what went wrong.
 */
#include <stdlib.h>
#include <string.h>

#include "wrt_wasmtime.h"

#define WANT(condition) \
  if (!(condition)) return #condition

enum { PAGE = WRT_WASMTIME_PAGE };

const char *wrt_wasmtime_test_guest(int32_t tier, int32_t no_guards);
const char *wrt_wasmtime_test_refusals(void);
const char *wrt_wasmtime_test_pool(void);

static const char guest_text[] =
    "(module (memory (export \"memory\") 1 4) (data (i32.const 100) \"hello\")"
    "  (func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0)))"
    "  (func (export \"load\") (param i32) (result i32) (i32.load8_u (local.get 0)))"
    "  (func (export \"store\") (param i32) (result i32) (i32.store8 (local.get 0) (i32.const 9)) (i32.const 0)))";

typedef struct guest {
  wasmtime_store_t *store;
  wasmtime_context_t *context;
  wasmtime_instance_t instance;
} guest;

static wasmtime_module_t *module_of(wasm_engine_t *engine, const char *text) {
  wasm_byte_vec_t wasm;
  wasmtime_error_t *error = wasmtime_wat2wasm(text, strlen(text), &wasm);
  if (error != NULL) return NULL;
  wasmtime_module_t *module = NULL;
  error = wasmtime_module_new(engine, (uint8_t *)wasm.data, wasm.size, &module);
  wasm_byte_vec_delete(&wasm);
  return error == NULL ? module : NULL;
}

/* Whether the message of the error contains `part`; takes the error. */
static int says(wasmtime_error_t *error, const char *part) {
  if (error == NULL) return 0;
  wasm_byte_vec_t text;
  wasmtime_error_message(error, &text);
  char copy[512] = {0};
  memcpy(copy, text.data, text.size < sizeof copy ? text.size : sizeof copy - 1);
  wasm_byte_vec_delete(&text);
  wasmtime_error_delete(error);
  return strstr(copy, part) != NULL;
}

static wasmtime_error_t *open_guest(wasm_engine_t *engine, const wasmtime_module_t *module, guest *out) {
  wasm_trap_t *trap = NULL;
  out->store = wasmtime_store_new(engine, NULL, NULL);
  out->context = wasmtime_store_context(out->store);
  return wasmtime_instance_new(out->context, module, NULL, 0, &out->instance, &trap);
}

/* The result, or -100 for a trap and -200 for anything else. */
static int32_t call(guest *on, const char *name, int32_t argument) {
  wasmtime_extern_t found;
  if (!wasmtime_instance_export_get(on->context, &on->instance, name, strlen(name), &found)) return -200;
  wasmtime_val_t in = {.kind = WASMTIME_I32, .of.i32 = argument};
  wasmtime_val_t out = {.kind = WASMTIME_I32};
  wasm_trap_t *trap = NULL;
  wasmtime_error_t *error = wasmtime_func_call(on->context, &found.of.func, &in, 1, &out, 1, &trap);
  if (trap != NULL) {
    wasmtime_trap_code_t code = 0;
    const bool known = wasmtime_trap_code(trap, &code);
    wasm_trap_delete(trap);
    return known && code == WASMTIME_TRAP_CODE_MEMORY_OUT_OF_BOUNDS ? -100 : -200;
  }
  return error == NULL ? out.of.i32 : -200;
}

static const char *use(guest *on, const wrt_budget *budget) {
  wasmtime_extern_t found;
  WANT(wasmtime_instance_export_get(on->context, &on->instance, "memory", 6, &found));
  const uint8_t *bytes = wasmtime_memory_data(on->context, &found.of.memory);
  WANT(wasmtime_memory_data_size(on->context, &found.of.memory) == PAGE);
  WANT((uintptr_t)bytes % 4096 == 0);
  WANT(memcmp(bytes + 100, "hello", 5) == 0);
  WANT(bytes[99] == 0 && bytes[PAGE - 1] == 0);
  WANT(call(on, "load", PAGE) == -100);
  WANT(call(on, "load", -1) == -100);
  WANT(call(on, "grow", 4) == -1);
  WANT(call(on, "grow", 2) == 1);
  WANT(call(on, "grow", 1) == -1); /* the budget */
  WANT(call(on, "load", 3 * PAGE - 1) == 0);
  WANT(call(on, "store", 3 * PAGE - 1) == 0);
  WANT(call(on, "load", 3 * PAGE - 1) == 9);
  WANT(call(on, "store", 3 * PAGE) == -100);
  wrt_budget_info info = {.struct_size = sizeof info};
  WANT(wrt_budget_get_info(budget, &info) == WRT_OK);
  WANT(info.used == 3 * PAGE);
  return NULL;
}

/* Nothing there to load: a trap at every address, wherever the base is. */
static const char *without_a_byte(wasm_engine_t *engine) {
  static const int32_t places[] = {0, 1, 4096, PAGE, 1 << 20, INT32_MAX, INT32_MIN, -1};
  wasmtime_module_t *module = module_of(
      engine, "(module (memory 0 0) (func (export \"load\") (param i32) (result i32) (i32.load8_u (local.get 0))))");
  WANT(module != NULL);
  guest one;
  WANT(open_guest(engine, module, &one) == NULL);
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) WANT(call(&one, "load", places[i]) == -100);
  wasmtime_store_delete(one.store);
  wasmtime_module_delete(module);
  return NULL;
}

static const char *host(const wrt_wasmtime *from) {
  wasm_config_t *config = wasm_config_new();
  wrt_wasmtime_install(config, from);
  wasm_engine_t *engine = wasm_engine_new_with_config(config);
  wasmtime_module_t *module = module_of(engine, guest_text);
  WANT(module != NULL);
  for (int round = 0; round < 3; round++) { /* the bytes of one are the next one's, where they are used again */
    guest one;
    guest other;
    WANT(open_guest(engine, module, &one) == NULL);
    const char *wrong = use(&one, from->budget);
    if (wrong != NULL) return wrong;
    WANT(says(open_guest(engine, module, &other), "WRT_ERR_BUDGET"));
    wasmtime_store_delete(other.store);
    wasmtime_store_delete(one.store);
    wrt_budget_info info = {.struct_size = sizeof info};
    WANT(wrt_budget_get_info(from->budget, &info) == WRT_OK);
    WANT(info.used == 0);
  }
  wasmtime_module_delete(module);
  const char *wrong = without_a_byte(engine);
  wasm_engine_delete(engine);
  return wrong;
}

const char *wrt_wasmtime_test_guest(int32_t tier, int32_t no_guards) {
  wrt_budget *budget = NULL;
  WANT(wrt_budget_create(3 * PAGE, NULL, &budget) == WRT_OK);
  wrt_wasmtime from = {.tier = tier, .no_guards = no_guards, .budget = budget};
  void *storage = NULL;
  if (tier == WRT_TIER_STATIC) {
    size_t len = 0;
    WANT(wrt_pool_storage_len(4 * PAGE, 2, &len) == WRT_OK);
    storage = malloc(len + PAGE);
    WANT(storage != NULL);
    WANT(wrt_wasmtime_pool(storage, len + PAGE, 4 * PAGE, &from.pool) == WRT_OK);
  }
  const char *wrong = host(&from);
  if (wrong != NULL) return wrong;
  WANT(from.pool == NULL || wrt_pool_destroy(from.pool) == WRT_OK);
  WANT(wrt_budget_destroy(budget) == WRT_OK);
  free(storage);
  return NULL;
}

/* What cannot be had is an error of wasmtime's. */
static const char *refused(const wrt_wasmtime *from, const char *text, const char *why) {
  wasm_config_t *config = wasm_config_new();
  wrt_wasmtime_install(config, from);
  wasm_engine_t *engine = wasm_engine_new_with_config(config);
  wasmtime_module_t *module = module_of(engine, text);
  WANT(module != NULL);
  guest none;
  if (!says(open_guest(engine, module, &none), why)) return why;
  wasmtime_store_delete(none.store);
  wasmtime_module_delete(module);
  wasm_engine_delete(engine);
  return NULL;
}

const char *wrt_wasmtime_test_refusals(void) {
  const wrt_wasmtime no_pool = {.tier = WRT_TIER_STATIC};
  const wrt_wasmtime unknown = {.tier = 99};
  const wrt_wasmtime small = {.tier = WRT_TIER_ALLOC, .max_len = 2 * PAGE};
  const char *wrong = refused(&no_pool, guest_text, "WRT_ERR_INVALID_ARGUMENT");
  if (wrong == NULL) wrong = refused(&unknown, guest_text, "WRT_ERR_INVALID_ARGUMENT");
  if (wrong == NULL) wrong = refused(&small, "(module (memory 3))", "WRT_ERR_LIMIT");
  return wrong;
}

const char *wrt_wasmtime_test_pool(void) {
  static uint8_t storage[5 * PAGE];
  wrt_pool *pool = NULL;
  WANT(wrt_wasmtime_pool(NULL, sizeof storage, PAGE, &pool) == WRT_ERR_INVALID_ARGUMENT);
  WANT(wrt_wasmtime_pool(storage, sizeof storage, PAGE, NULL) == WRT_ERR_INVALID_ARGUMENT);
  WANT(wrt_wasmtime_pool(storage, sizeof storage, PAGE + 1, &pool) == WRT_ERR_INVALID_ARGUMENT);
  WANT(wrt_wasmtime_pool(storage, PAGE - 1, PAGE, &pool) == WRT_ERR_INVALID_ARGUMENT);
  WANT(wrt_wasmtime_pool(storage, 2 * PAGE, PAGE, &pool) == WRT_ERR_INVALID_ARGUMENT);
  WANT(pool == NULL);
  for (size_t skew = 0; skew < 200; skew += 40) {
    WANT(wrt_wasmtime_pool(storage + skew, sizeof storage - skew, PAGE, &pool) == WRT_OK);
    wrt_mem_config config = WRT_MEM_CONFIG_INIT;
    config.pool = pool;
    wrt_mem *mem = NULL;
    const wrt_view *view = NULL;
    WANT(wrt_mem_create_config(&config, &mem) == WRT_OK);
    WANT(wrt_mem_view(mem, &view) == WRT_OK);
    WANT((uintptr_t)view->base % PAGE == 0);
    WANT(wrt_mem_destroy(mem) == WRT_OK);
    WANT(wrt_pool_destroy(pool) == WRT_OK);
    pool = NULL;
  }
  return NULL;
}
