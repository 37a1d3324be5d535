/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* What code from wasm2c 1.0.32 calls besides memory, without a heap: traps, function types and one table. wabt's own
 * file takes its tables from calloc. */

#include "runtime.h"

#include <stdarg.h>
#include <string.h>

enum { TYPES = 16, MOST_VALUES = 8, TABLE_ROOM = 16 };

uint32_t wasm_rt_call_stack_depth;
jmp_buf runtime_entered;

bool wasm_rt_is_initialized(void) { return true; }

void wasm_rt_trap(wasm_rt_trap_t trap) {
  wasm_rt_call_stack_depth = 0;
  longjmp(runtime_entered, (int)trap);
}

/* ---- function types: the same parameters and results, the same number */

struct func_type {
  uint32_t params, results;
  wasm_rt_type_t values[MOST_VALUES];
};

static struct func_type types[TYPES];
static uint32_t type_count;

uint32_t wasm_rt_register_func_type(uint32_t params, uint32_t results, ...) {
  struct func_type type;
  memset(&type, 0, sizeof type);
  type.params = params;
  type.results = results;
  if (params + results > MOST_VALUES) wasm_rt_trap(WASM_RT_TRAP_EXHAUSTION);
  va_list values;
  va_start(values, results);
  for (uint32_t i = 0; i < params + results; ++i) type.values[i] = (wasm_rt_type_t)va_arg(values, int);
  va_end(values);

  for (uint32_t i = 0; i < type_count; ++i) {
    if (memcmp(&types[i], &type, sizeof type) == 0) return i + 1;
  }
  if (type_count == TYPES) wasm_rt_trap(WASM_RT_TRAP_EXHAUSTION);
  types[type_count++] = type;
  return type_count;
}

/* ---- the table */

static wasm_rt_funcref_t table_room[TABLE_ROOM];

void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t *table, uint32_t elements, uint32_t max_elements) {
  if (elements > TABLE_ROOM) wasm_rt_trap(WASM_RT_TRAP_EXHAUSTION);
  memset(table_room, 0, sizeof table_room);
  table->data = table_room;
  table->size = elements;
  table->max_size = max_elements;
}

void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t *table) {
  table->data = NULL;
  table->size = 0;
}
