/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Under `ulimit -v` a memory of the STD tier holds less address space than it may grow to, and grows by moving. */
#include "limited_child.h"
#include "support.h"

enum { MIB = 1 << 20, LIMIT = 128 * MIB, PAGE = 65536 };

#define CHECK(condition)               \
  do {                                 \
    if (!(condition)) return __LINE__; \
  } while (0)

static int holds_pattern(const wrt_mem *mem, uint64_t len) {
  static uint8_t bytes[PAGE];
  for (uint64_t at = 0; at < len; at += PAGE) {
    if (wrt_mem_read(mem, at, bytes, PAGE) != WRT_OK) return 0;
    for (size_t i = 0; i < PAGE; i += 61) {
      if (bytes[i] != pattern_byte(5, at + i)) return 0;
    }
  }
  return 1;
}

static int write_pattern(wrt_mem *mem, uint64_t from, uint64_t to) {
  static uint8_t bytes[PAGE];
  for (uint64_t at = from; at < to; at += PAGE) {
    for (size_t i = 0; i < PAGE; ++i) bytes[i] = pattern_byte(5, at + i);
    if (wrt_mem_write(mem, at, bytes, PAGE) != WRT_OK) return 0;
  }
  return 1;
}

static int holds_zeros(const wrt_mem *mem, uint64_t from, uint64_t to) {
  static uint8_t bytes[PAGE];
  for (uint64_t at = from; at < to; at += PAGE) {
    if (wrt_mem_read(mem, at, bytes, PAGE) != WRT_OK) return 0;
    for (size_t i = 0; i < PAGE; ++i) {
      if (bytes[i] != 0) return 0;
    }
  }
  return 1;
}

static wrt_mem_config config_of(uint64_t initial_len, uint64_t max_len, uint32_t flags) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STD;
  config.initial_len = initial_len;
  config.max_len = max_len;
  config.page_len = PAGE;
  config.flags = flags;
  return config;
}

static uint64_t most_of_std(void) {
  wrt_tier_info info;
  info.struct_size = sizeof info;
  if (wrt_tier_get_info(WRT_TIER_STD, &info) != WRT_OK || !info.available) return 0;
  const uint64_t four_gib = UINT64_C(1) << 32;
  return (info.max_len < four_gib ? info.max_len : four_gib) / PAGE * PAGE;
}

static int grow_step_by_step(void) {
  const uint64_t max_len = most_of_std();
  if (max_len == 0) return 0;
  const wrt_mem_config config = config_of(PAGE, max_len, 0);
  wrt_mem *mem = NULL;
  const wrt_view *view = NULL;
  const wrt_view *again = NULL;
  CHECK(wrt_mem_create_config(&config, &mem) == WRT_OK);
  CHECK(wrt_mem_view(mem, &view) == WRT_OK);
  CHECK(write_pattern(mem, 0, PAGE));
  uint64_t len = PAGE;
  for (uint64_t next = MIB; next <= 32 * MIB; next += MIB) {
    CHECK(wrt_mem_resize(mem, next) == WRT_OK);
    CHECK(wrt_mem_view(mem, &again) == WRT_OK && again == view);
    CHECK(view->len == next);
    CHECK(holds_zeros(mem, len, next));
    CHECK(write_pattern(mem, len, next));
    CHECK(view->base[next - 1] == pattern_byte(5, next - 1));
    view->base[0] = pattern_byte(5, 0);
    len = next;
  }
  CHECK(holds_pattern(mem, len));
  CHECK(wrt_mem_destroy(mem) == WRT_OK);
  return 0;
}

static int grow_until_refused(void) {
  const uint64_t max_len = most_of_std();
  if (max_len == 0) return 0;
  const wrt_mem_config config = config_of(MIB, max_len, 0);
  wrt_mem *mem = NULL;
  wrt_mem_info info = {.struct_size = sizeof info};
  wrt_mem_info after = {.struct_size = sizeof after};
  CHECK(wrt_mem_create_config(&config, &mem) == WRT_OK);
  CHECK(write_pattern(mem, 0, MIB));
  wrt_status status = WRT_OK;
  uint64_t len = MIB;
  while (status == WRT_OK && len <= LIMIT) {
    CHECK(wrt_mem_get_info(mem, &info) == WRT_OK);
    status = wrt_mem_resize(mem, len + MIB);
    if (status == WRT_OK) len += MIB;
  }
  CHECK(status == WRT_ERR_OUT_OF_MEMORY);
  CHECK(wrt_mem_get_info(mem, &after) == WRT_OK);
  CHECK(memcmp(&info, &after, sizeof info) == 0);
  CHECK(info.max_len == max_len);
  CHECK(holds_pattern(mem, MIB));
  CHECK(wrt_mem_resize(mem, max_len) == WRT_ERR_OUT_OF_MEMORY);
  CHECK(wrt_mem_resize(mem, max_len + PAGE) == WRT_ERR_LIMIT);
  CHECK(wrt_mem_resize(mem, MIB) == WRT_OK);
  CHECK(wrt_mem_resize(mem, 2 * MIB) == WRT_OK);
  CHECK(holds_pattern(mem, MIB));
  CHECK(holds_zeros(mem, MIB, 2 * MIB));
  CHECK(wrt_mem_destroy(mem) == WRT_OK);
  CHECK(wrt_mem_create_config(&config, &mem) == WRT_OK);
  CHECK(holds_zeros(mem, 0, MIB));
  CHECK(wrt_mem_destroy(mem) == WRT_OK);
  return 0;
}

static int a_borrow_keeps_the_memory_where_it_is(void) {
  const uint64_t max_len = most_of_std();
  if (max_len == 0) return 0;
  const wrt_mem_config config = config_of(PAGE, max_len, 0);
  wrt_mem *mem = NULL;
  void *data = NULL;
  CHECK(wrt_mem_create_config(&config, &mem) == WRT_OK);
  CHECK(wrt_mem_borrow(mem, 0, PAGE, WRT_BORROW_WRITE, &data) == WRT_OK);
  CHECK(wrt_mem_resize(mem, 32 * MIB) == WRT_ERR_BUSY);
  memset(data, 1, PAGE);
  CHECK(wrt_mem_release(mem, data, PAGE) == WRT_OK);
  CHECK(wrt_mem_resize(mem, 32 * MIB) == WRT_OK);
  CHECK(wrt_mem_destroy(mem) == WRT_OK);
  return 0;
}

static int refuse_what_cannot_be_had(void) {
  const uint64_t max_len = most_of_std();
  if (max_len == 0) return 0;
  wrt_mem *mem = POISON_POINTER;
  wrt_mem_config config = config_of(PAGE, max_len, WRT_MEM_STABLE);
  CHECK(wrt_mem_create_config(&config, &mem) == WRT_ERR_OUT_OF_MEMORY);
  config = config_of(2 * LIMIT, max_len, 0);
  CHECK(wrt_mem_create_config(&config, &mem) == WRT_ERR_OUT_OF_MEMORY);
  CHECK(mem == POISON_POINTER);
  config = config_of(PAGE, 16 * MIB, WRT_MEM_STABLE);
  CHECK(wrt_mem_create_config(&config, &mem) == WRT_OK);
  wrt_mem_info info = {.struct_size = sizeof info};
  CHECK(wrt_mem_get_info(mem, &info) == WRT_OK && info.base_stable == 1);
  CHECK(wrt_mem_destroy(mem) == WRT_OK);
  return 0;
}

static int several_memories_share_what_there_is(void) {
  const uint64_t max_len = most_of_std();
  if (max_len == 0) return 0;
  enum { SEVERAL = 4 };
  wrt_mem *mem[SEVERAL];
  const wrt_mem_config config = config_of(PAGE, max_len, 0);
  for (int i = 0; i < SEVERAL; ++i) {
    CHECK(wrt_mem_create_config(&config, &mem[i]) == WRT_OK);
    CHECK(write_pattern(mem[i], 0, PAGE));
  }
  for (int i = 0; i < SEVERAL; ++i) {
    CHECK(wrt_mem_resize(mem[i], 2 * PAGE) == WRT_OK);
    CHECK(holds_pattern(mem[i], PAGE));
    CHECK(holds_zeros(mem[i], PAGE, 2 * PAGE));
  }
  for (int i = 0; i < SEVERAL; ++i) CHECK(wrt_mem_destroy(mem[i]) == WRT_OK);
  return 0;
}

static const limited_script scripts[] = {
    {"step by step", grow_step_by_step},
    {"until refused", grow_until_refused},
    {"while borrowed", a_borrow_keeps_the_memory_where_it_is},
    {"too much", refuse_what_cannot_be_had},
    {"several", several_memories_share_what_there_is},
};

static void growth_moves_the_bytes_and_keeps_the_view_current(void **state) {
  (void)state;
  run_limited("step by step", LIMIT);
}

static void growth_beyond_the_limit_is_out_of_memory_and_changes_nothing(void **state) {
  (void)state;
  run_limited("until refused", LIMIT);
}

static void while_borrowed_it_does_not_move(void **state) {
  (void)state;
  run_limited("while borrowed", LIMIT);
}

static void what_cannot_be_had_whole_is_out_of_memory_at_creation(void **state) {
  (void)state;
  run_limited("too much", LIMIT);
}

static void several_large_maxima_fit_together(void **state) {
  (void)state;
  run_limited("several", LIMIT);
}

int main(int argc, char **argv) {
  const int limited = limited_main(argc, argv, scripts, sizeof scripts / sizeof scripts[0]);
  if (limited >= 0) return limited;
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(growth_moves_the_bytes_and_keeps_the_view_current),
      cmocka_unit_test(growth_beyond_the_limit_is_out_of_memory_and_changes_nothing),
      cmocka_unit_test(while_borrowed_it_does_not_move),
      cmocka_unit_test(what_cannot_be_had_whole_is_out_of_memory_at_creation),
      cmocka_unit_test(several_large_maxima_fit_together),
  };
  return RUN_ONCE("address limit", tests);
}
