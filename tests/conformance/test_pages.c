/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Pages of one byte through the C ABI, as the custom-page-sizes text has them: wabt 1.0.32 does not know them. */

#include "conformance.h"

static wrt_mem *mem;

static int begin(void **state) {
  (void)state;
  mem = create_pages(1, 100, 70000);
  return 0;
}

static int end(void **state) {
  (void)state;
  return wrt_mem_destroy(mem) == WRT_OK ? 0 : -1;
}

static uint64_t grow(uint64_t delta) {
  uint64_t old_pages = UINT64_MAX;
  assert_int_equal(wrt_mem_grow(mem, delta, &old_pages), WRT_OK);
  return old_pages;
}

static void with_pages_of_one_byte_a_memory_has_as_many_bytes_as_pages(void **state) {
  (void)state;
  assert_true(len_of(mem) == 100);
  assert_all(mem, 0, 100, 0);
}

static void with_pages_of_one_byte_the_end_is_exact_to_the_byte(void **state) {
  (void)state;
  uint8_t bytes[8];
  for (uint64_t width = 1; width <= 8; width *= 2) {
    assert_int_equal(wrt_mem_read(mem, 100 - width, bytes, (size_t)width), WRT_OK);
    assert_int_equal(wrt_mem_read(mem, 100 - width + 1, bytes, (size_t)width), WRT_ERR_OUT_OF_BOUNDS);
    assert_int_equal(wrt_mem_write(mem, 100 - width + 1, bytes, (size_t)width), WRT_ERR_OUT_OF_BOUNDS);
  }
  assert_int_equal(wrt_mem_fill(mem, 0, 1, 100), WRT_OK);
  assert_int_equal(wrt_mem_fill(mem, 0, 1, 101), WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(wrt_mem_fill(mem, 100, 1, 0), WRT_OK);
  assert_int_equal(wrt_mem_fill(mem, 101, 1, 0), WRT_ERR_OUT_OF_BOUNDS);
}

static void with_pages_of_one_byte_growth_counts_bytes(void **state) {
  (void)state;
  assert_int_equal(wrt_mem_fill(mem, 0, 0x77, 100), WRT_OK);
  assert_true(grow(1) == 100);
  assert_true(grow(27) == 101);
  assert_true(len_of(mem) == 128);
  assert_all(mem, 0, 100, 0x77);
  assert_all(mem, 100, 28, 0);
  assert_true(grow(0) == 128);
}

static void with_pages_of_one_byte_growth_ends_at_the_maximum(void **state) {
  (void)state;
  uint64_t old_pages = 77;
  remember(mem);
  assert_int_equal(wrt_mem_grow(mem, 70000 - 99, &old_pages), WRT_ERR_LIMIT);
  assert_int_equal(wrt_mem_grow(mem, UINT32_MAX, &old_pages), WRT_ERR_LIMIT);
  assert_int_equal(wrt_mem_grow(mem, UINT64_MAX - 50, &old_pages), WRT_ERR_LIMIT);
  assert_true(old_pages == 77);
  assert_unchanged(mem);
  assert_true(grow(70000 - 100) == 100);
  assert_int_equal(wrt_mem_grow(mem, 1, &old_pages), WRT_ERR_LIMIT);
}

static void with_pages_of_one_byte_an_end_within_a_word_traps(void **state) {
  (void)state;
  assert_true(grow(5) == 100);
  uint64_t value = 0;
  assert_int_equal(wrt_mem_atomic_load(mem, 104, 1, &value), WRT_OK);
  assert_int_equal(wrt_mem_atomic_load(mem, 104, 2, &value), WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(wrt_mem_atomic_load(mem, 104, 8, &value), WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(wrt_mem_atomic_load(mem, 100, 4, &value), WRT_OK);
}

static void copy_reaches_between_memories_of_different_page_lengths(void **state) {
  (void)state;
  wrt_mem *coarse = create_pages(PAGE, 1, 1);
  assert_int_equal(wrt_mem_write(coarse, PAGE - 4, "data", 4), WRT_OK);
  assert_int_equal(wrt_mem_copy(mem, 96, coarse, PAGE - 4, 4), WRT_OK);
  assert_bytes(mem, 96, "data");
  assert_int_equal(wrt_mem_copy(mem, 97, coarse, 0, 4), WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(wrt_mem_destroy(coarse), WRT_OK);
}

static void a_page_length_of_65536_is_the_default_of_the_text(void **state) {
  (void)state;
  wrt_mem *coarse = create_pages(65536, 1, 2);
  uint64_t old_pages = 0;
  assert_int_equal(wrt_mem_grow(coarse, 1, &old_pages), WRT_OK);
  assert_true(old_pages == 1 && len_of(coarse) == 131072);
  assert_int_equal(wrt_mem_resize(coarse, 131071), WRT_ERR_MISALIGNED);
  assert_int_equal(wrt_mem_destroy(coarse), WRT_OK);
}

/* The text knows 1 and 65,536 today; that it is a power of two is written into the binary format. */
static void a_page_length_is_a_power_of_two(void **state) {
  (void)state;
  static const uint64_t wrong[] = {3, 6, 65535, 65537, 98304, UINT64_MAX};
  wrt_mem *none = NULL;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
    wrt_mem_config config = tier_config();
    config.page_len = wrong[i];
    config.max_len = wrong[i];
    assert_int_equal(wrt_mem_create_config(&config, &none), WRT_ERR_INVALID_ARGUMENT);
  }
  assert_null(none);
}

static void a_minimum_above_the_maximum_is_no_memory(void **state) {
  (void)state;
  wrt_mem *none = NULL;
  assert_int_equal(try_create_pages(1, 2, 1, &none), WRT_ERR_LIMIT);
  assert_int_equal(try_create_pages(PAGE, 2, 1, &none), WRT_ERR_LIMIT);
  assert_int_equal(try_create_pages(1, 1, 0, &none), WRT_ERR_LIMIT);
  assert_null(none);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      TEST(with_pages_of_one_byte_a_memory_has_as_many_bytes_as_pages),
      TEST(with_pages_of_one_byte_the_end_is_exact_to_the_byte),
      TEST(with_pages_of_one_byte_growth_counts_bytes),
      TEST(with_pages_of_one_byte_growth_ends_at_the_maximum),
      TEST(with_pages_of_one_byte_an_end_within_a_word_traps),
      TEST(copy_reaches_between_memories_of_different_page_lengths),
      TEST(a_page_length_of_65536_is_the_default_of_the_text),
      TEST(a_page_length_is_a_power_of_two),
      TEST(a_minimum_above_the_maximum_is_no_memory),
  };
  if (choose_tier(argc, argv) != 0) return 2;
  return cmocka_run_group_tests(tests, begin_conformance, end_conformance);
}
