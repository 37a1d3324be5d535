/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void tiers_have_their_names(void **state) {
  (void)state;
  assert_string_equal(wrt_tier_name(WRT_TIER_DEFAULT), "default");
  assert_string_equal(wrt_tier_name(WRT_TIER_STD), "std");
  assert_string_equal(wrt_tier_name(WRT_TIER_ALLOC), "alloc");
  assert_string_equal(wrt_tier_name(WRT_TIER_STATIC), "static");
}

static void any_other_number_is_unknown(void **state) {
  (void)state;
  static const int32_t others[] = {-1, 4, 5, 256, 65536, INT32_MAX, INT32_MIN};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i) {
    assert_string_equal(wrt_tier_name(others[i]), "unknown");
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(tiers_have_their_names),
      cmocka_unit_test(any_other_number_is_unknown),
  };
  return RUN_ONCE("wrt_tier_name", tests);
}
