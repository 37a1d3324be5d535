/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "status_list.h"

static void every_code_has_a_sentence_of_its_own(void **state) {
  (void)state;
  for (size_t i = 0; i < STATUSES; ++i) {
    const char *message = wrt_status_message(status_list[i].number);
    assert_non_null(message);
    assert_true(strlen(message) > 3);
    assert_string_not_equal(message, status_list[i].name);
    for (size_t k = 0; k < i; ++k) assert_string_not_equal(message, wrt_status_message(status_list[k].number));
  }
}

static void unknown_numbers_have_one_fixed_text(void **state) {
  (void)state;
  const char *unknown = wrt_status_message(12);
  assert_non_null(unknown);
  for (size_t i = 0; i < UNKNOWN_STATUSES; ++i) assert_string_equal(wrt_status_message(unknown_statuses[i]), unknown);
  for (size_t i = 0; i < STATUSES; ++i) {
    assert_string_not_equal(wrt_status_message(status_list[i].number), unknown);
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_code_has_a_sentence_of_its_own),
      cmocka_unit_test(unknown_numbers_have_one_fixed_text),
  };
  return RUN_ONCE("wrt_status_message", tests);
}
