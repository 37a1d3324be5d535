/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "status_list.h"

static void every_code_has_its_identifier(void **state) {
  (void)state;
  for (size_t i = 0; i < STATUSES; ++i) {
    assert_string_equal(wrt_status_name(status_list[i].number), status_list[i].name);
  }
}

static void the_numbers_are_those_of_the_header(void **state) {
  (void)state;
  assert_int_equal(WRT_ERR_INVALID_ARGUMENT, 1);
  assert_int_equal(WRT_ERR_INVALID_HANDLE, 2);
  assert_int_equal(WRT_ERR_OUT_OF_BOUNDS, 3);
  assert_int_equal(WRT_ERR_MISALIGNED, 4);
  assert_int_equal(WRT_ERR_LIMIT, 5);
  assert_int_equal(WRT_ERR_BUDGET, 6);
  assert_int_equal(WRT_ERR_BUSY, 7);
  assert_int_equal(WRT_ERR_OUT_OF_MEMORY, 8);
  assert_int_equal(WRT_ERR_POOL_EXHAUSTED, 9);
  assert_int_equal(WRT_ERR_UNSUPPORTED, 10);
  assert_int_equal(WRT_ERR_CORRUPT, 11);
  assert_int_equal(WRT_ERR_FORMAT, 13);
  assert_int_equal(WRT_ERR_IO, 14);
}

static void unknown_numbers_have_one_fixed_text(void **state) {
  (void)state;
  const char *unknown = wrt_status_name(12);
  assert_non_null(unknown);
  for (size_t i = 0; i < UNKNOWN_STATUSES; ++i) assert_string_equal(wrt_status_name(unknown_statuses[i]), unknown);
  for (size_t i = 0; i < STATUSES; ++i) assert_string_not_equal(status_list[i].name, unknown);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_code_has_its_identifier),
      cmocka_unit_test(the_numbers_are_those_of_the_header),
      cmocka_unit_test(unknown_numbers_have_one_fixed_text),
  };
  return RUN_ONCE("wrt_status_name", tests);
}
