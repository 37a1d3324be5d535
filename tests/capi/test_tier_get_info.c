/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "out_struct.h"

static wrt_status get(void *context, void *out) { return wrt_tier_get_info(*(const int32_t *)context, out); }

#define END(member) (offsetof(wrt_tier_info, member) + sizeof(((wrt_tier_info *)0)->member))
static out_struct of(int32_t *number) {
  const out_struct s = {sizeof(wrt_tier_info),
                        {END(struct_size), END(available), END(max_len), END(flags), END(features)},
                        5,
                        get,
                        number};
  return s;
}

static wrt_tier_info tier_info(int32_t number) {
  wrt_tier_info info;
  info.struct_size = sizeof info;
  assert_ok(wrt_tier_get_info(number, &info));
  return info;
}

static wrt_status try_config(tier *t, const wrt_mem_config *config) {
  wrt_mem *mem = NULL;
  const wrt_status status = wrt_mem_create_config(config, &mem);
  if (status == WRT_OK) adopt(t, mem);
  return status;
}

static void a_flag_works_exactly_when_the_tier_offers_it(void **state) {
  tier *t = *state;
  const wrt_tier_info info = tier_info(t->number);
  static const uint32_t flags[] = {WRT_MEM_GUARD, WRT_MEM_SHARED, WRT_MEM_STABLE,   WRT_MEM_COMMIT,
                                   WRT_MEM_TRACK, WRT_MEM_HUGE,   WRT_MEM_EXACT_MAX};
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; ++i) {
    wrt_mem_config config = config_on(t, 0, ROOM);
    config.page_len = ROOM; /* a multiple of every OS page */
    config.flags = flags[i];
    const wrt_status expected = (info.flags & flags[i]) ? WRT_OK : WRT_ERR_UNSUPPORTED;
    assert_status(expected, try_config(t, &config));
  }
  assert_int_equal(info.flags & ~(uint32_t)127, 0);
}

static void stable_track_and_exact_max_are_offered_everywhere(void **state) {
  tier *t = *state;
  const uint32_t offered = WRT_MEM_STABLE | WRT_MEM_TRACK | WRT_MEM_EXACT_MAX;
  assert_int_equal(tier_info(t->number).flags & offered, offered);
}

static void integrity_works_exactly_when_it_is_a_feature(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 0, 100);
  config.verify = WRT_VERIFY_STANDARD;
  const int offered = (tier_info(t->number).features & WRT_FEATURE_INTEGRITY) != 0;
  assert_status(offered ? WRT_OK : WRT_ERR_UNSUPPORTED, try_config(t, &config));
}

static void images_work_exactly_when_they_are_a_feature(void **state) {
  tier *t = *state;
  wrt_image *image = NULL;
  const int offered = (tier_info(t->number).features & WRT_FEATURE_IMAGES) != 0;
  assert_status(offered ? WRT_OK : WRT_ERR_UNSUPPORTED, wrt_image_create(make(t, 100, 100), &image));
  assert_ok(wrt_image_destroy(image));
}

static void the_tier_is_available_and_has_a_max(void **state) {
  tier *t = *state;
  const wrt_tier_info info = tier_info(t->number);
  assert_int_equal(info.struct_size, sizeof info);
  assert_int_equal(info.available, 1);
  assert_true(info.max_len >= ROOM);
  assert_true(info.max_len < UINT64_MAX);
  wrt_mem_config config = config_on(t, 0, info.max_len + 1);
  assert_status(WRT_ERR_LIMIT, try_config(t, &config));
}

static void built_in_means_that_the_tier_number_is_enough(void **state) {
  tier *t = *state;
  wrt_mem *mem = NULL;
  const int offered = (tier_info(t->number).features & WRT_FEATURE_BUILTIN) != 0;
  const wrt_status status = wrt_mem_create(t->number, 0, 16, &mem);
  assert_int_equal(status == WRT_OK, offered);
  assert_ok(wrt_mem_destroy(mem));
}

static void default_is_the_first_that_the_build_has(void **state) {
  (void)state;
  wrt_mem *mem = NULL;
  assert_ok(wrt_mem_create(WRT_TIER_DEFAULT, 0, 16, &mem));
  const wrt_tier_info expected = tier_info(info_of(mem).tier);
  const wrt_tier_info got = tier_info(WRT_TIER_DEFAULT);
  assert_memory_equal(&got, &expected, sizeof got);
  assert_ok(wrt_mem_destroy(mem));
}

static void an_unknown_tier_is_an_invalid_argument(void **state) {
  (void)state;
  static int32_t unknown[] = {-1, 4, 5, 256, INT32_MAX, INT32_MIN};
  for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; ++i) {
    const out_struct s = of(&unknown[i]);
    check_failure_writes_nothing(&s, WRT_ERR_INVALID_ARGUMENT);
  }
}

static void a_known_tier_is_ok_whether_available_or_not(void **state) {
  (void)state;
  for (int32_t number = WRT_TIER_DEFAULT; number <= WRT_TIER_STATIC; ++number) {
    const wrt_tier_info info = tier_info(number);
    assert_true(info.available == 0 || info.available == 1);
  }
}

static void smaller_structs_get_what_fits(void **state) {
  tier *t = *state;
  const out_struct s = of(&t->number);
  check_smaller_structs(&s);
}

static void larger_structs_get_a_zero_tail(void **state) {
  tier *t = *state;
  const out_struct s = of(&t->number);
  check_larger_structs(&s);
}

static void null_and_impossible_structs_are_invalid_arguments(void **state) {
  tier *t = *state;
  const out_struct s = of(&t->number);
  check_impossible_structs(&s);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_flag_works_exactly_when_the_tier_offers_it),
      cmocka_unit_test(stable_track_and_exact_max_are_offered_everywhere),
      cmocka_unit_test(integrity_works_exactly_when_it_is_a_feature),
      cmocka_unit_test(images_work_exactly_when_they_are_a_feature),
      cmocka_unit_test(the_tier_is_available_and_has_a_max),
      cmocka_unit_test(built_in_means_that_the_tier_number_is_enough),
      cmocka_unit_test(default_is_the_first_that_the_build_has),
      cmocka_unit_test(an_unknown_tier_is_an_invalid_argument),
      cmocka_unit_test(a_known_tier_is_ok_whether_available_or_not),
      cmocka_unit_test(smaller_structs_get_what_fits),
      cmocka_unit_test(larger_structs_get_a_zero_tail),
      cmocka_unit_test(null_and_impossible_structs_are_invalid_arguments),
  };
  return RUN_ON_EACH_TIER("wrt_tier_get_info", tests);
}
