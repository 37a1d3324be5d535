/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* memory.fill, memory.copy, memory.init and data.drop of a compiled module. */

#include "bulk.h"
#include "guests.h"

static Z_bulk_instance_t guest;
static wrt_mem *mem;

static int begin(void **state) {
  (void)state;
  memset(&guest, 0, sizeof guest);
  Z_bulk_init_module();
  host_max(0);
  assert_runs(Z_bulk_instantiate(&guest));
  mem = mem_of(Z_bulkZ_memory(&guest));
  return 0;
}

static int end(void **state) {
  (void)state;
  Z_bulk_free(&guest);
  return wrt_wasm2c_status() == WRT_OK ? 0 : -1;
}

/* Every byte another than its neighbours. */
static void number_all(void) {
  static uint8_t bytes[PAGE];
  for (uint32_t i = 0; i < PAGE; ++i) bytes[i] = (uint8_t)(i * 7 + i / 256);
  assert_int_equal(wrt_mem_write(mem, 0, bytes, PAGE), WRT_OK);
}

/* ---- fill */

static void fill_writes_its_range_and_nothing_beside_it(void **state) {
  (void)state;
  number_all();
  const uint8_t before = byte_at(mem, 99), after = byte_at(mem, 100 + 777);
  Z_bulkZ_fill(&guest, 100, 0xAB, 777);
  assert_all(mem, 100, 777, 0xAB);
  assert_int_equal(byte_at(mem, 99), before);
  assert_int_equal(byte_at(mem, 100 + 777), after);
}

static void fill_takes_the_lowest_byte_of_its_value(void **state) {
  (void)state;
  Z_bulkZ_fill(&guest, 0, 0xFFFFFF12u, 4);
  assert_all(mem, 0, 4, 0x12);
}

static void fill_reaches_the_last_byte(void **state) {
  (void)state;
  assert_runs(Z_bulkZ_fill(&guest, 0, 0x33, PAGE));
  assert_all(mem, 0, PAGE, 0x33);
}

static void fill_of_nothing_is_valid_up_to_the_end_and_traps_behind_it(void **state) {
  (void)state;
  remember(mem);
  assert_runs(Z_bulkZ_fill(&guest, 0, 1, 0));
  assert_runs(Z_bulkZ_fill(&guest, PAGE, 1, 0));
  assert_traps(Z_bulkZ_fill(&guest, PAGE + 1, 1, 0));
  assert_traps(Z_bulkZ_fill(&guest, MINUS_ONE, 1, 0));
  assert_unchanged(mem);
}

static void fill_that_leads_outside_traps_and_writes_nothing(void **state) {
  (void)state;
  number_all();
  remember(mem);
  assert_traps(Z_bulkZ_fill(&guest, PAGE - 10, 1, 11));
  assert_traps(Z_bulkZ_fill(&guest, 0, 1, PAGE + 1));
  assert_traps(Z_bulkZ_fill(&guest, PAGE, 1, 1));
  assert_traps(Z_bulkZ_fill(&guest, 1, 1, MINUS_ONE)); /* 2^32 */
  assert_traps(Z_bulkZ_fill(&guest, MINUS_ONE, 1, MINUS_ONE));
  assert_unchanged(mem);
}

/* ---- copy */

static void copy_moves_its_range_and_nothing_beside_it(void **state) {
  (void)state;
  number_all();
  assert_int_equal(wrt_mem_write(mem, 16, "source", 6), WRT_OK);
  const uint8_t before = byte_at(mem, 999), after = byte_at(mem, 1006);
  Z_bulkZ_copy(&guest, 1000, 16, 6);
  assert_bytes(mem, 1000, "source");
  assert_bytes(mem, 16, "source");
  assert_int_equal(byte_at(mem, 999), before);
  assert_int_equal(byte_at(mem, 1006), after);
}

static void copy_forwards_onto_itself_is_as_if_through_a_buffer(void **state) {
  (void)state;
  assert_int_equal(wrt_mem_write(mem, 100, "abcdefghij", 10), WRT_OK);
  Z_bulkZ_copy(&guest, 103, 100, 7);
  assert_bytes(mem, 100, "abcabcdefg");
}

static void copy_backwards_onto_itself_is_as_if_through_a_buffer(void **state) {
  (void)state;
  assert_int_equal(wrt_mem_write(mem, 100, "abcdefghij", 10), WRT_OK);
  Z_bulkZ_copy(&guest, 100, 103, 7);
  assert_bytes(mem, 100, "defghijhij");
}

static void copy_to_the_same_place_changes_nothing(void **state) {
  (void)state;
  number_all();
  remember(mem);
  Z_bulkZ_copy(&guest, 0, 0, PAGE);
  assert_unchanged(mem);
}

static void copy_reaches_the_last_byte_of_both_ranges(void **state) {
  (void)state;
  assert_int_equal(wrt_mem_write(mem, PAGE - 3, "end", 3), WRT_OK);
  assert_runs(Z_bulkZ_copy(&guest, 0, PAGE - 3, 3));
  assert_bytes(mem, 0, "end");
  assert_int_equal(wrt_mem_write(mem, 0, "new", 3), WRT_OK);
  assert_runs(Z_bulkZ_copy(&guest, PAGE - 3, 0, 3));
  assert_bytes(mem, PAGE - 3, "new");
}

static void copy_of_nothing_is_valid_up_to_the_end_and_traps_behind_it(void **state) {
  (void)state;
  remember(mem);
  assert_runs(Z_bulkZ_copy(&guest, PAGE, PAGE, 0));
  assert_runs(Z_bulkZ_copy(&guest, 0, PAGE, 0));
  assert_traps(Z_bulkZ_copy(&guest, PAGE + 1, 0, 0));
  assert_traps(Z_bulkZ_copy(&guest, 0, PAGE + 1, 0));
  assert_traps(Z_bulkZ_copy(&guest, MINUS_ONE, MINUS_ONE, 0));
  assert_unchanged(mem);
}

static void copy_whose_source_leads_outside_traps_and_writes_nothing(void **state) {
  (void)state;
  number_all();
  remember(mem);
  assert_traps(Z_bulkZ_copy(&guest, 0, PAGE - 10, 11));
  assert_traps(Z_bulkZ_copy(&guest, PAGE - 20, PAGE - 10, 11)); /* whichever way it would move */
  assert_traps(Z_bulkZ_copy(&guest, 0, 1, MINUS_ONE));
  assert_unchanged(mem);
}

static void copy_whose_destination_leads_outside_traps_and_writes_nothing(void **state) {
  (void)state;
  number_all();
  remember(mem);
  assert_traps(Z_bulkZ_copy(&guest, PAGE - 10, 0, 11));
  assert_traps(Z_bulkZ_copy(&guest, PAGE - 10, PAGE - 20, 11));
  assert_traps(Z_bulkZ_copy(&guest, 1, 0, MINUS_ONE));
  assert_unchanged(mem);
}

/* ---- init and drop */

static void init_copies_part_of_a_passive_segment(void **state) {
  (void)state;
  number_all();
  const uint8_t before = byte_at(mem, 99), after = byte_at(mem, 104);
  Z_bulkZ_init(&guest, 100, 3, 4);
  assert_bytes(mem, 100, "3456");
  assert_int_equal(byte_at(mem, 99), before);
  assert_int_equal(byte_at(mem, 104), after);
}

static void init_can_be_repeated(void **state) {
  (void)state;
  Z_bulkZ_init(&guest, 0, 0, 10);
  Z_bulkZ_init(&guest, PAGE - 10, 0, 10);
  assert_bytes(mem, 0, "0123456789");
  assert_bytes(mem, PAGE - 10, "0123456789");
}

static void init_of_nothing_is_valid_up_to_both_ends_and_traps_behind_them(void **state) {
  (void)state;
  remember(mem);
  assert_runs(Z_bulkZ_init(&guest, PAGE, 0, 0));
  assert_runs(Z_bulkZ_init(&guest, 0, 10, 0));
  assert_traps(Z_bulkZ_init(&guest, PAGE + 1, 0, 0));
  assert_traps(Z_bulkZ_init(&guest, 0, 11, 0));
  assert_unchanged(mem);
}

static void init_beyond_the_segment_traps_and_writes_nothing(void **state) {
  (void)state;
  number_all();
  remember(mem);
  assert_traps(Z_bulkZ_init(&guest, 0, 0, 11));
  assert_traps(Z_bulkZ_init(&guest, 0, 9, 2));
  assert_traps(Z_bulkZ_init(&guest, 0, 1, MINUS_ONE));
  assert_traps(Z_bulkZ_init(&guest, 0, MINUS_ONE, 1));
  assert_unchanged(mem);
}

static void init_beyond_the_memory_traps_and_writes_nothing(void **state) {
  (void)state;
  number_all();
  remember(mem);
  assert_traps(Z_bulkZ_init(&guest, PAGE - 9, 0, 10));
  assert_traps(Z_bulkZ_init(&guest, MINUS_ONE, 0, 1));
  assert_traps(Z_bulkZ_init(&guest, MINUS_ONE, 0, 10));
  assert_unchanged(mem);
}

static void an_empty_segment_has_nothing_to_copy(void **state) {
  (void)state;
  remember(mem);
  assert_runs(Z_bulkZ_init_nothing(&guest, PAGE, 0, 0));
  assert_traps(Z_bulkZ_init_nothing(&guest, 0, 0, 1));
  assert_unchanged(mem);
}

static void a_dropped_segment_has_no_bytes(void **state) {
  (void)state;
  Z_bulkZ_drop(&guest);
  remember(mem);
  assert_runs(Z_bulkZ_init(&guest, 0, 0, 0));
  assert_traps(Z_bulkZ_init(&guest, 0, 0, 1));
  assert_traps(Z_bulkZ_init(&guest, 0, 1, 0));
  assert_unchanged(mem);
}

static void drop_can_be_repeated(void **state) {
  (void)state;
  assert_runs(Z_bulkZ_drop(&guest));
  assert_runs(Z_bulkZ_drop(&guest));
}

static void drop_concerns_one_segment_and_leaves_the_memory_as_it_is(void **state) {
  (void)state;
  Z_bulkZ_init(&guest, 100, 0, 10);
  Z_bulkZ_drop(&guest);
  assert_bytes(mem, 100, "0123456789");
  assert_runs(Z_bulkZ_init_other(&guest, 200, 0, 7));
  assert_bytes(mem, 200, "another");
}

static void an_active_segment_is_dropped_by_the_instantiation(void **state) {
  (void)state;
  assert_bytes(mem, 16, "active");
  remember(mem);
  assert_traps(Z_bulkZ_init_active(&guest, 0, 0, 1));
  assert_runs(Z_bulkZ_init_active(&guest, 0, 0, 0));
  assert_runs(Z_bulkZ_drop_active(&guest));
  assert_unchanged(mem);
}

static void bulk_instructions_see_the_grown_length(void **state) {
  (void)state;
  assert_traps(Z_bulkZ_fill(&guest, PAGE - 2, 1, 4));
  assert_int_equal(Z_bulkZ_grow(&guest, 1), 1);
  assert_runs(Z_bulkZ_fill(&guest, PAGE - 2, 1, 4));
  assert_all(mem, PAGE - 2, 4, 1);
  assert_runs(Z_bulkZ_copy(&guest, 2 * PAGE - 4, PAGE - 2, 4));
  assert_runs(Z_bulkZ_init(&guest, 2 * PAGE - 10, 0, 10));
  assert_traps(Z_bulkZ_init(&guest, 2 * PAGE - 9, 0, 10));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      TEST(fill_writes_its_range_and_nothing_beside_it),
      TEST(fill_takes_the_lowest_byte_of_its_value),
      TEST(fill_reaches_the_last_byte),
      TEST(fill_of_nothing_is_valid_up_to_the_end_and_traps_behind_it),
      TEST(fill_that_leads_outside_traps_and_writes_nothing),
      TEST(copy_moves_its_range_and_nothing_beside_it),
      TEST(copy_forwards_onto_itself_is_as_if_through_a_buffer),
      TEST(copy_backwards_onto_itself_is_as_if_through_a_buffer),
      TEST(copy_to_the_same_place_changes_nothing),
      TEST(copy_reaches_the_last_byte_of_both_ranges),
      TEST(copy_of_nothing_is_valid_up_to_the_end_and_traps_behind_it),
      TEST(copy_whose_source_leads_outside_traps_and_writes_nothing),
      TEST(copy_whose_destination_leads_outside_traps_and_writes_nothing),
      TEST(init_copies_part_of_a_passive_segment),
      TEST(init_can_be_repeated),
      TEST(init_of_nothing_is_valid_up_to_both_ends_and_traps_behind_them),
      TEST(init_beyond_the_segment_traps_and_writes_nothing),
      TEST(init_beyond_the_memory_traps_and_writes_nothing),
      TEST(an_empty_segment_has_nothing_to_copy),
      TEST(a_dropped_segment_has_no_bytes),
      TEST(drop_can_be_repeated),
      TEST(drop_concerns_one_segment_and_leaves_the_memory_as_it_is),
      TEST(an_active_segment_is_dropped_by_the_instantiation),
      TEST(bulk_instructions_see_the_grown_length),
  };
  if (choose_tier(argc, argv) != 0) return 2;
  return cmocka_run_group_tests(tests, begin_guests, end_guests);
}
