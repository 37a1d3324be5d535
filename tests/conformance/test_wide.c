/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* 64-bit addresses and page counts, and vectors, through the C ABI: wabt 1.0.32's wasm2c compiles neither. */

#include "conformance.h"

static wrt_mem *mem;

static int begin(void **state) {
  (void)state;
  mem = create_pages(PAGE, 2, 3);
  return 0;
}

static int end(void **state) {
  (void)state;
  return wrt_mem_destroy(mem) == WRT_OK ? 0 : -1;
}

/* Addresses whose low 32 bits lie inside, and whose sums with a length wrap at 64. */
static const uint64_t outside[] = {2 * PAGE,          UINT64_C(1) << 32, (UINT64_C(1) << 32) + 16, UINT64_C(1) << 48,
                                   UINT64_C(1) << 63, UINT64_MAX - 15,   UINT64_MAX - 1,           UINT64_MAX};
#define EACH_OUTSIDE(i) for (size_t i = 0; i < sizeof outside / sizeof *outside; ++i)

static void a_64_bit_load_beyond_the_end_traps(void **state) {
  (void)state;
  uint8_t bytes[8] = "before";
  for (size_t width = 1; width <= 8; width *= 2) {
    EACH_OUTSIDE(i) assert_int_equal(wrt_mem_read(mem, outside[i], bytes, width), WRT_ERR_OUT_OF_BOUNDS);
    assert_int_equal(wrt_mem_read(mem, 2 * PAGE - width + 1, bytes, width), WRT_ERR_OUT_OF_BOUNDS);
  }
  assert_string_equal((const char *)bytes, "before");
}

static void a_64_bit_store_beyond_the_end_traps_and_writes_nothing(void **state) {
  (void)state;
  remember(mem);
  for (size_t width = 1; width <= 8; width *= 2) {
    EACH_OUTSIDE(i) assert_int_equal(wrt_mem_write(mem, outside[i], "abcdefgh", width), WRT_ERR_OUT_OF_BOUNDS);
    assert_int_equal(wrt_mem_write(mem, 2 * PAGE - width + 1, "abcdefgh", width), WRT_ERR_OUT_OF_BOUNDS);
  }
  assert_unchanged(mem);
}

static void a_64_bit_fill_does_not_wrap(void **state) {
  (void)state;
  remember(mem);
  EACH_OUTSIDE(i) {
    assert_int_equal(wrt_mem_fill(mem, 1, 1, outside[i]), WRT_ERR_OUT_OF_BOUNDS);
    assert_int_equal(wrt_mem_fill(mem, outside[i], 1, 1), WRT_ERR_OUT_OF_BOUNDS);
    assert_int_equal(wrt_mem_fill(mem, outside[i], 1, UINT64_MAX), WRT_ERR_OUT_OF_BOUNDS);
  }
  assert_unchanged(mem);
}

static void a_64_bit_copy_does_not_wrap(void **state) {
  (void)state;
  assert_int_equal(wrt_mem_write(mem, 0, "something", 9), WRT_OK);
  remember(mem);
  EACH_OUTSIDE(i) {
    assert_int_equal(wrt_mem_copy(mem, 0, mem, 1, outside[i]), WRT_ERR_OUT_OF_BOUNDS);
    assert_int_equal(wrt_mem_copy(mem, outside[i], mem, 0, 1), WRT_ERR_OUT_OF_BOUNDS);
    assert_int_equal(wrt_mem_copy(mem, 0, mem, outside[i], 1), WRT_ERR_OUT_OF_BOUNDS);
    assert_int_equal(wrt_mem_copy(mem, outside[i], mem, outside[i], UINT64_MAX), WRT_ERR_OUT_OF_BOUNDS);
  }
  assert_unchanged(mem);
}

static void a_64_bit_range_of_nothing_is_valid_up_to_the_end(void **state) {
  (void)state;
  assert_int_equal(wrt_mem_fill(mem, 2 * PAGE, 1, 0), WRT_OK);
  assert_int_equal(wrt_mem_copy(mem, 2 * PAGE, mem, 2 * PAGE, 0), WRT_OK);
  assert_int_equal(wrt_mem_fill(mem, 2 * PAGE + 1, 1, 0), WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(wrt_mem_copy(mem, 0, mem, UINT64_MAX, 0), WRT_ERR_OUT_OF_BOUNDS);
}

/* A guest of 64 bits is then told 2^64 - 1. */
static void a_64_bit_growth_that_overflows_fails_and_changes_nothing(void **state) {
  (void)state;
  static const uint64_t deltas[] = {2,
                                    UINT64_C(1) << 32,
                                    UINT64_C(1) << 47,
                                    UINT64_C(1) << 48, /* 2^64 bytes */
                                    (UINT64_C(1) << 48) - 2,
                                    (UINT64_C(1) << 48) + 1,
                                    UINT64_C(1) << 63,
                                    UINT64_MAX - 1,
                                    UINT64_MAX};
  remember(mem);
  for (size_t i = 0; i < sizeof deltas / sizeof *deltas; ++i) {
    uint64_t old_pages = 77;
    assert_int_equal(wrt_mem_grow(mem, deltas[i], &old_pages), WRT_ERR_LIMIT);
    assert_true(old_pages == 77);
  }
  assert_unchanged(mem);
}

/* 2^48 pages of 65,536 bytes are the most that the text allows, and one byte more than 64 bits count. */
static void lengths_that_nothing_can_hold_are_refused(void **state) {
  (void)state;
  wrt_mem *none = NULL;
  wrt_mem_config config = tier_config();
  config.page_len = PAGE;
  config.initial_len = PAGE;
  config.max_len = UINT64_MAX - PAGE + 1;
  assert_int_equal(wrt_mem_create_config(&config, &none), WRT_ERR_LIMIT);
  config.initial_len = config.max_len;
  assert_int_equal(wrt_mem_create_config(&config, &none), WRT_ERR_LIMIT);
  assert_null(none);
}

static void a_vector_access_traps_iff_its_sixteenth_byte_is_outside(void **state) {
  (void)state;
  uint8_t vector[16] = "fifteen letters";
  assert_int_equal(wrt_mem_write(mem, 2 * PAGE - 16, vector, 16), WRT_OK);
  remember(mem);
  for (uint64_t at = 2 * PAGE - 15; at <= 2 * PAGE; ++at) {
    assert_int_equal(wrt_mem_write(mem, at, vector, 16), WRT_ERR_OUT_OF_BOUNDS);
    assert_int_equal(wrt_mem_read(mem, at, vector, 16), WRT_ERR_OUT_OF_BOUNDS);
  }
  assert_unchanged(mem);
  assert_int_equal(wrt_mem_read(mem, 2 * PAGE - 16, vector, 16), WRT_OK);
  assert_string_equal((const char *)vector, "fifteen letters");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      TEST(a_64_bit_load_beyond_the_end_traps),
      TEST(a_64_bit_store_beyond_the_end_traps_and_writes_nothing),
      TEST(a_64_bit_fill_does_not_wrap),
      TEST(a_64_bit_copy_does_not_wrap),
      TEST(a_64_bit_range_of_nothing_is_valid_up_to_the_end),
      TEST(a_vector_access_traps_iff_its_sixteenth_byte_is_outside),
      TEST(a_64_bit_growth_that_overflows_fails_and_changes_nothing),
      TEST(lengths_that_nothing_can_hold_are_refused),
  };
  if (choose_tier(argc, argv) != 0) return 2;
  return cmocka_run_group_tests(tests, begin_conformance, end_conformance);
}
