/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void it_is_the_version_of_the_header_packed(void **state) {
  (void)state;
  assert_int_equal(wrt_version(),
                   (uint32_t)WRT_VERSION_MAJOR << 16 | (uint32_t)WRT_VERSION_MINOR << 8 | (uint32_t)WRT_VERSION_PATCH);
}

int main(void) {
  static const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_the_version_of_the_header_packed)};
  return RUN_ONCE("wrt_version", tests);
}
