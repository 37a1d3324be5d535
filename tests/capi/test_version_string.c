/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void it_is_the_version_of_the_header_in_words(void **state) {
  (void)state;
  assert_string_equal(wrt_version_string(), WRT_VERSION_STRING);
}

static void it_agrees_with_the_number(void **state) {
  (void)state;
  char expected[32];
  const uint32_t version = wrt_version();
  snprintf(expected, sizeof expected, "%u.%u.%u", (unsigned)(version >> 16), (unsigned)(version >> 8 & 0xFF),
           (unsigned)(version & 0xFF));
  assert_string_equal(wrt_version_string(), expected);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_is_the_version_of_the_header_in_words),
      cmocka_unit_test(it_agrees_with_the_number),
  };
  return RUN_ONCE("wrt_version_string", tests);
}
