/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Instantiation: active segments, the start function, imported and exported memories. */

#include "beyond.h"
#include "beyond_empty.h"
#include "beyond_minus.h"
#include "guests.h"
#include "lodger.h"
#include "segments.h"
#include "start_traps.h"
#include "starts.h"

static Z_segments_instance_t segments;
static Z_beyond_instance_t beyond;
static Z_beyond_empty_instance_t beyond_empty;
static Z_beyond_minus_instance_t beyond_minus;
static Z_starts_instance_t starts;
static Z_start_traps_instance_t start_traps;
static Z_lodger_instance_t lodgers[2];
static wrt_mem *mem;

/* ---- active segments */

static int with_segments(void **state) {
  (void)state;
  memset(&segments, 0, sizeof segments);
  Z_segments_init_module();
  host_max(0);
  env.where = 300;
  assert_runs(Z_segments_instantiate(&segments, &env));
  mem = mem_of(Z_segmentsZ_memory(&segments));
  return 0;
}

static int without_segments(void **state) {
  (void)state;
  Z_segments_free(&segments);
  return wrt_wasm2c_status() == WRT_OK ? 0 : -1;
}

static void active_segments_are_copied_in_their_order(void **state) {
  (void)state;
  assert_bytes(mem, 0, "fiSE3OND");
  assert_all(mem, 8, 292, 0);
}

static void a_segment_may_fill_the_last_bytes(void **state) {
  (void)state;
  assert_bytes(mem, PAGE - 4, "last");
  assert_int_equal(byte_at(mem, PAGE - 5), 0);
}

/* The module has one at 65536, and was instantiated. */
static void an_empty_segment_may_stand_at_the_end(void **state) {
  (void)state;
  assert_true(len_of(mem) == PAGE);
}

static void a_segment_may_start_where_an_imported_global_says(void **state) {
  (void)state;
  assert_bytes(mem, 300, "here");
  assert_all(mem, 304, PAGE - 4 - 304, 0);
}

static void a_segments_place_is_checked_when_it_is_known(void **state) {
  (void)state;
  Z_segments_free(&segments);
  env.where = PAGE - 3;
  assert_traps(Z_segments_instantiate(&segments, &env));
  assert_int_equal(wrt_wasm2c_status(), WRT_OK); /* it was not the memory */
  Z_segments_free(&segments);
  env.where = PAGE - 4;
  assert_runs(Z_segments_instantiate(&segments, &env));
  assert_bytes(mem_of(Z_segmentsZ_memory(&segments)), PAGE - 4, "here");
}

static void an_empty_segment_behind_the_end_traps(void **state) {
  (void)state;
  Z_beyond_empty_init_module();
  host_max(0);
  assert_traps(Z_beyond_empty_instantiate(&beyond_empty));
  assert_int_equal(wrt_wasm2c_status(), WRT_OK);
  Z_beyond_empty_free(&beyond_empty);
}

static void a_segments_offset_is_unsigned(void **state) {
  (void)state;
  Z_beyond_minus_init_module();
  host_max(0);
  assert_traps(Z_beyond_minus_instantiate(&beyond_minus));
  assert_int_equal(wrt_wasm2c_status(), WRT_OK);
  Z_beyond_minus_free(&beyond_minus);
}

static void a_segment_that_does_not_fit_writes_nothing_and_those_before_it_stay(void **state) {
  (void)state;
  mem = begin_env(1, 2);
  Z_beyond_init_module();
  assert_traps(Z_beyond_instantiate(&beyond, &env));
  assert_bytes(mem, 8, "kept");
  assert_all(mem, PAGE - 2, 2, 0);
  assert_all(mem, 24, 5, 0); /* nor those after it */
  Z_beyond_free(&beyond);
  end_env();
}

static void the_start_function_does_not_run_after_a_trap(void **state) {
  (void)state;
  mem = begin_env(1, 2);
  Z_beyond_init_module();
  assert_traps(Z_beyond_instantiate(&beyond, &env));
  assert_int_equal(byte_at(mem, 0), 0);
  Z_beyond_free(&beyond);
  end_env();
}

static void segments_are_checked_against_the_length_that_the_memory_has_then(void **state) {
  (void)state;
  mem = begin_env(1, 2);
  uint64_t old_pages = 0;
  assert_int_equal(wrt_mem_grow(mem, 1, &old_pages), WRT_OK);
  assert_int_equal(wrt_wasm2c_refresh(&env.memory), WRT_OK);
  Z_beyond_init_module();
  assert_runs(Z_beyond_instantiate(&beyond, &env));
  assert_bytes(mem, PAGE - 2, "does not fit");
  assert_int_equal(byte_at(mem, 0), 1); /* and it started */
  Z_beyond_free(&beyond);
  end_env();
}

/* ---- the start function */

static void the_start_function_runs_after_the_segments(void **state) {
  (void)state;
  mem = begin_env(1, 1);
  Z_starts_init_module();
  assert_runs(Z_starts_instantiate(&starts, &env));
  assert_int_equal(byte_at(mem, 101), 2 * 0x15);
  Z_starts_free(&starts);
  end_env();
}

static void what_was_done_before_the_start_function_trapped_stays(void **state) {
  (void)state;
  mem = begin_env(1, 1);
  Z_start_traps_init_module();
  assert_traps(Z_start_traps_instantiate(&start_traps, &env));
  assert_bytes(mem, 200, "data");
  assert_int_equal(byte_at(mem, 210), 7);
  Z_start_traps_free(&start_traps);
  end_env();
}

/* ---- memories that are handed on */

static int with_lodgers(void **state) {
  (void)state;
  mem = begin_env(1, 4);
  Z_lodger_init_module();
  for (int i = 0; i < 2; ++i) assert_runs(Z_lodger_instantiate(&lodgers[i], &env));
  return 0;
}

static int without_lodgers(void **state) {
  (void)state;
  for (int i = 0; i < 2; ++i) Z_lodger_free(&lodgers[i]);
  end_env();
  return 0;
}

static void an_imported_memory_is_the_hosts(void **state) {
  (void)state;
  assert_int_equal(wrt_mem_write(mem, 50, "h", 1), WRT_OK);
  assert_int_equal(Z_lodgerZ_load(&lodgers[0], 50), 'h');
  Z_lodgerZ_store(&lodgers[0], 51, 'g');
  assert_int_equal(byte_at(mem, 51), 'g');
}

static void importers_of_one_memory_see_each_others_stores(void **state) {
  (void)state;
  Z_lodgerZ_store(&lodgers[0], 60, 1);
  assert_int_equal(Z_lodgerZ_load(&lodgers[1], 60), 1);
  Z_lodgerZ_store(&lodgers[1], 60, 2);
  assert_int_equal(Z_lodgerZ_load(&lodgers[0], 60), 2);
}

static void importers_of_one_memory_see_each_others_growth(void **state) {
  (void)state;
  assert_traps((void)Z_lodgerZ_load(&lodgers[1], PAGE));
  assert_int_equal(Z_lodgerZ_grow(&lodgers[0], 2), 1);
  assert_int_equal(Z_lodgerZ_size(&lodgers[1]), 3);
  assert_runs((void)Z_lodgerZ_load(&lodgers[1], 3 * PAGE - 1));
  assert_traps((void)Z_lodgerZ_load(&lodgers[1], 3 * PAGE));
  assert_int_equal(Z_lodgerZ_grow(&lodgers[1], 1), 3);
  assert_true(Z_lodgerZ_grow(&lodgers[0], 1) == MINUS_ONE);
}

static void an_exported_import_is_the_same_memory(void **state) {
  (void)state;
  assert_ptr_equal(Z_lodgerZ_memory(&lodgers[0]), &env.memory);
  assert_true(mem_of(Z_lodgerZ_memory(&lodgers[1])) == mem);
}

static void an_imported_memory_outlives_its_importers(void **state) {
  (void)state;
  Z_lodgerZ_store(&lodgers[0], 70, 9);
  for (int i = 0; i < 2; ++i) Z_lodger_free(&lodgers[i]);
  assert_int_equal(byte_at(mem, 70), 9);
  for (int i = 0; i < 2; ++i) assert_runs(Z_lodger_instantiate(&lodgers[i], &env));
  assert_int_equal(Z_lodgerZ_load(&lodgers[1], 70), 9);
}

/* What import matching compares is the present length, not the first one, and the maximum. */
static void the_host_is_told_what_limits_matching_compares(void **state) {
  (void)state;
  assert_int_equal(Z_lodgerZ_grow(&lodgers[0], 1), 1);
  wrt_mem_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  assert_int_equal(wrt_mem_get_info(mem, &info), WRT_OK);
  assert_true(info.page_len == PAGE && info.len == 2 * PAGE && info.max_len == 4 * PAGE);
}

#define WITH_SEGMENTS(name) cmocka_unit_test_setup_teardown(name, with_segments, without_segments)
#define WITH_LODGERS(name) cmocka_unit_test_setup_teardown(name, with_lodgers, without_lodgers)

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      WITH_SEGMENTS(active_segments_are_copied_in_their_order),
      WITH_SEGMENTS(a_segment_may_fill_the_last_bytes),
      WITH_SEGMENTS(an_empty_segment_may_stand_at_the_end),
      WITH_SEGMENTS(a_segment_may_start_where_an_imported_global_says),
      WITH_SEGMENTS(a_segments_place_is_checked_when_it_is_known),
      cmocka_unit_test(an_empty_segment_behind_the_end_traps),
      cmocka_unit_test(a_segments_offset_is_unsigned),
      cmocka_unit_test(a_segment_that_does_not_fit_writes_nothing_and_those_before_it_stay),
      cmocka_unit_test(the_start_function_does_not_run_after_a_trap),
      cmocka_unit_test(segments_are_checked_against_the_length_that_the_memory_has_then),
      cmocka_unit_test(the_start_function_runs_after_the_segments),
      cmocka_unit_test(what_was_done_before_the_start_function_trapped_stays),
      WITH_LODGERS(an_imported_memory_is_the_hosts),
      WITH_LODGERS(importers_of_one_memory_see_each_others_stores),
      WITH_LODGERS(importers_of_one_memory_see_each_others_growth),
      WITH_LODGERS(an_exported_import_is_the_same_memory),
      WITH_LODGERS(an_imported_memory_outlives_its_importers),
      WITH_LODGERS(the_host_is_told_what_limits_matching_compares),
  };
  if (choose_tier(argc, argv) != 0) return 2;
  return cmocka_run_group_tests(tests, begin_guests, end_guests);
}
