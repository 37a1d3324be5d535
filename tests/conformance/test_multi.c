/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Several memories in one module: the host's (0), and two of its own (1: one to three pages, 2: two pages). */

#include "guests.h"
#include "multi.h"

static Z_multi_instance_t guest;
static wrt_mem *host, *one, *two;

static int begin(void **state) {
  (void)state;
  memset(&guest, 0, sizeof guest);
  Z_multi_init_module();
  host = begin_env(1, 1);
  assert_runs(Z_multi_instantiate(&guest, &env));
  one = mem_of(Z_multiZ_one(&guest));
  two = mem_of(Z_multiZ_two(&guest));
  return 0;
}

static int end(void **state) {
  (void)state;
  Z_multi_free(&guest);
  end_env();
  return 0;
}

static void a_module_may_import_a_memory_and_have_others(void **state) {
  (void)state;
  assert_true(host != one && one != two && two != host);
  assert_true(len_of(host) == PAGE && len_of(one) == PAGE && len_of(two) == 2 * PAGE);
}

static void loads_and_stores_reach_the_memory_that_they_name(void **state) {
  (void)state;
  Z_multiZ_store0(&guest, 20, 100);
  Z_multiZ_store1(&guest, 20, 101);
  Z_multiZ_store2(&guest, 20, 102);
  assert_true(Z_multiZ_load0(&guest, 20) == 100 && byte_at(host, 20) == 100);
  assert_true(Z_multiZ_load1(&guest, 20) == 101 && byte_at(one, 20) == 101);
  assert_true(Z_multiZ_load2(&guest, 20) == 102 && byte_at(two, 20) == 102);
}

static void each_memory_has_its_own_end(void **state) {
  (void)state;
  assert_traps((void)Z_multiZ_load0(&guest, PAGE - 3));
  assert_traps((void)Z_multiZ_load1(&guest, PAGE - 3));
  assert_runs((void)Z_multiZ_load2(&guest, PAGE - 3));
  assert_runs(Z_multiZ_store2(&guest, 2 * PAGE - 4, 1));
  assert_traps(Z_multiZ_store2(&guest, 2 * PAGE - 3, 1));
}

static void size_is_of_the_memory_that_it_names(void **state) {
  (void)state;
  assert_int_equal(Z_multiZ_size0(&guest), 1);
  assert_int_equal(Z_multiZ_size1(&guest), 1);
  assert_int_equal(Z_multiZ_size2(&guest), 2);
}

static void growth_concerns_one_memory(void **state) {
  (void)state;
  remember(two);
  assert_int_equal(Z_multiZ_grow1(&guest, 2), 1);
  assert_true(Z_multiZ_size0(&guest) == 1 && Z_multiZ_size1(&guest) == 3 && Z_multiZ_size2(&guest) == 2);
  assert_true(Z_multiZ_grow2(&guest, 1) == MINUS_ONE);
  assert_true(Z_multiZ_grow1(&guest, 1) == MINUS_ONE);
  assert_unchanged(two);
}

static void fill_concerns_one_memory(void **state) {
  (void)state;
  remember(two);
  Z_multiZ_fill1(&guest, 0, 0x77, PAGE);
  assert_all(one, 0, PAGE, 0x77);
  assert_unchanged(two);
  assert_traps(Z_multiZ_fill1(&guest, PAGE, 1, 1));
  assert_runs(Z_multiZ_fill2(&guest, PAGE, 1, 1));
}

static void active_segments_go_to_the_memory_that_they_name(void **state) {
  (void)state;
  assert_bytes(one, 10, "in one");
  assert_bytes(two, 2 * PAGE - 2, "<>");
  assert_all(host, 0, PAGE, 0);
  assert_all(two, 0, 2 * PAGE - 2, 0);
}

static void init_goes_to_the_memory_that_it_names(void **state) {
  (void)state;
  Z_multiZ_init1(&guest, 100, 0, 7);
  assert_bytes(one, 100, "passive");
  assert_all(two, 100, 7, 0);
  assert_traps(Z_multiZ_init1(&guest, PAGE - 6, 0, 7));
  assert_runs(Z_multiZ_init2(&guest, PAGE - 6, 0, 7));
  assert_bytes(two, PAGE - 6, "passive");
}

static void copy_goes_from_the_second_memory_to_the_first(void **state) {
  (void)state;
  remember(one);
  Z_multiZ_copy_1_to_2(&guest, 1000, 10, 6);
  assert_bytes(two, 1000, "in one");
  assert_unchanged(one);
  Z_multiZ_copy_2_to_1(&guest, 500, 2 * PAGE - 2, 2);
  assert_bytes(one, 500, "<>");
}

static void copy_reaches_an_imported_memory(void **state) {
  (void)state;
  Z_multiZ_copy_1_to_0(&guest, PAGE - 6, 10, 6);
  assert_bytes(host, PAGE - 6, "in one");
}

static void copy_between_memories_at_the_same_places_does_not_overlap(void **state) {
  (void)state;
  Z_multiZ_copy_1_to_2(&guest, 12, 10, 6);
  assert_bytes(two, 12, "in one");
  assert_bytes(one, 10, "in one");
  assert_all(two, 10, 2, 0);
}

static void copy_within_a_second_memory_is_as_if_through_a_buffer(void **state) {
  (void)state;
  assert_int_equal(wrt_mem_write(two, 100, "abcdefgh", 8), WRT_OK);
  Z_multiZ_copy_2_to_2(&guest, 102, 100, 6);
  assert_bytes(two, 100, "ababcdef");
}

static void copy_checks_each_range_against_its_own_memory_before_any_byte_moves(void **state) {
  (void)state;
  assert_int_equal(wrt_mem_fill(one, 0, 0x11, PAGE), WRT_OK);
  assert_runs(Z_multiZ_copy_1_to_2(&guest, 2 * PAGE - 8, PAGE - 8, 8)); /* the last bytes of both */
  remember(two);
  assert_traps(Z_multiZ_copy_1_to_2(&guest, 0, PAGE - 8, 9));
  assert_traps(Z_multiZ_copy_1_to_2(&guest, 2 * PAGE - 8, 0, 9));
  assert_traps(Z_multiZ_copy_1_to_2(&guest, 0, PAGE, 1));
  assert_unchanged(two);
  assert_int_equal(wrt_mem_fill(two, 0, 0x22, 2 * PAGE), WRT_OK);
  remember(one);
  assert_traps(Z_multiZ_copy_2_to_1(&guest, PAGE - 8, 0, 9));
  assert_traps(Z_multiZ_copy_2_to_1(&guest, 0, 0, PAGE + 1));
  assert_unchanged(one);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      TEST(a_module_may_import_a_memory_and_have_others),
      TEST(loads_and_stores_reach_the_memory_that_they_name),
      TEST(each_memory_has_its_own_end),
      TEST(size_is_of_the_memory_that_it_names),
      TEST(growth_concerns_one_memory),
      TEST(fill_concerns_one_memory),
      TEST(active_segments_go_to_the_memory_that_they_name),
      TEST(init_goes_to_the_memory_that_it_names),
      TEST(copy_goes_from_the_second_memory_to_the_first),
      TEST(copy_reaches_an_imported_memory),
      TEST(copy_between_memories_at_the_same_places_does_not_overlap),
      TEST(copy_within_a_second_memory_is_as_if_through_a_buffer),
      TEST(copy_checks_each_range_against_its_own_memory_before_any_byte_moves),
  };
  if (choose_tier(argc, argv) != 0) return 2;
  return cmocka_run_group_tests(tests, begin_guests, end_guests);
}
