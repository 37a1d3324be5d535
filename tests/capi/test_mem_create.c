/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static const int32_t tiers[] = {WRT_TIER_STD, WRT_TIER_ALLOC, WRT_TIER_STATIC};
enum { TIERS = sizeof tiers / sizeof tiers[0] };

static wrt_tier_info tier_info(int32_t number) {
  wrt_tier_info info;
  info.struct_size = sizeof info;
  assert_ok(wrt_tier_get_info(number, &info));
  return info;
}

static int is_built_in(int32_t number) {
  const wrt_tier_info info = tier_info(number);
  return info.available && (info.features & WRT_FEATURE_BUILTIN);
}

static wrt_mem *create(int32_t number, uint64_t initial_len, uint64_t max_len) {
  wrt_mem *mem = NULL;
  assert_ok(wrt_mem_create(number, initial_len, max_len, &mem));
  assert_non_null(mem);
  assert_ptr_not_equal(mem, handle_of_bits(UINTPTR_MAX));
  return mem;
}

static void assert_refused(wrt_status expected, int32_t number, uint64_t initial_len, uint64_t max_len) {
  wrt_mem *mem = POISON_POINTER;
  assert_status(expected, wrt_mem_create(number, initial_len, max_len, &mem));
  assert_ptr_equal(mem, POISON_POINTER);
}

static void the_memory_is_what_was_asked_for_with_defaults_for_the_rest(void **state) {
  (void)state;
  for (size_t i = 0; i < TIERS; ++i) {
    if (!is_built_in(tiers[i])) continue;
    wrt_mem *mem = create(tiers[i], 1000, 5000);
    const wrt_mem_info info = info_of(mem);
    assert_int_equal(info.tier, tiers[i]);
    assert_int_equal(info.len, 1000);
    assert_int_equal(info.peak_len, 1000);
    assert_int_equal(info.max_len, 5000);
    assert_int_equal(info.page_len, 1);
    assert_int_equal(info.flags, 0);
    assert_int_equal(info.verify, WRT_VERIFY_BASIC);
    assert_int_equal(info.borrows, 0);
    assert_string_equal(info.name, "");
    assert_zeros(mem, 0, 1000);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void the_default_tier_is_the_first_that_the_build_has(void **state) {
  (void)state;
  int32_t first = WRT_TIER_DEFAULT;
  for (size_t i = 0; i < TIERS && first == WRT_TIER_DEFAULT; ++i) {
    if (is_built_in(tiers[i])) first = tiers[i];
  }
  wrt_mem *mem = create(WRT_TIER_DEFAULT, 10, 100);
  assert_int_equal(info_of(mem).tier, first);
  assert_ok(wrt_mem_destroy(mem));
}

static void without_a_max_std_takes_4_GiB_or_what_the_target_can_address(void **state) {
  (void)state;
  if (!is_built_in(WRT_TIER_STD)) skip();
  const uint64_t four_gib = UINT64_C(1) << 32;
  const uint64_t most = tier_info(WRT_TIER_STD).max_len;
  const uint64_t expected = most < four_gib ? most : four_gib;
  wrt_mem *mem = create(WRT_TIER_STD, 10, 0);
  assert_int_equal(info_of(mem).max_len, expected);
  assert_ok(wrt_mem_destroy(mem));
  assert_refused(WRT_ERR_LIMIT, WRT_TIER_STD, expected + 1, 0);
}

static void without_a_max_static_takes_the_slot(void **state) {
  (void)state;
  if (!is_built_in(WRT_TIER_STATIC)) skip();
  wrt_mem *mem = create(WRT_TIER_STATIC, 10, 0);
  const uint64_t slot = info_of(mem).max_len;
  assert_true(slot > 0);
  assert_ok(wrt_mem_destroy(mem));

  mem = create(WRT_TIER_STATIC, slot, slot);
  put_pattern(mem, 1, 0, slot);
  assert_pattern(mem, 1, 0, slot);
  assert_ok(wrt_mem_destroy(mem));
  assert_refused(WRT_ERR_LIMIT, WRT_TIER_STATIC, 0, slot + 1);
  assert_refused(WRT_ERR_LIMIT, WRT_TIER_STATIC, slot + 1, 0);
}

static void without_a_max_alloc_is_an_invalid_argument(void **state) {
  (void)state;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, WRT_TIER_ALLOC, 0, 0);
  assert_refused(WRT_ERR_INVALID_ARGUMENT, WRT_TIER_ALLOC, 100, 0);
}

static void an_unknown_tier_is_an_invalid_argument(void **state) {
  (void)state;
  static const int32_t unknown[] = {-1, 4, 5, 256, INT32_MAX, INT32_MIN};
  for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; ++i) {
    assert_refused(WRT_ERR_INVALID_ARGUMENT, unknown[i], 0, 100);
    assert_refused(WRT_ERR_INVALID_ARGUMENT, unknown[i], 101, 100); /* before LIMIT */
  }
}

static void a_null_out_is_an_invalid_argument(void **state) {
  (void)state;
  for (size_t i = 0; i < TIERS; ++i) {
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_create(tiers[i], 0, 100, NULL));
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_create(tiers[i], 101, 100, NULL)); /* before LIMIT */
  }
}

static void an_initial_length_above_the_max_is_beyond_the_limit(void **state) {
  (void)state;
  for (size_t i = 0; i < TIERS; ++i) {
    if (!is_built_in(tiers[i])) continue;
    assert_ok(wrt_mem_destroy(create(tiers[i], 100, 100)));
    assert_refused(WRT_ERR_LIMIT, tiers[i], 101, 100);
    assert_refused(WRT_ERR_LIMIT, tiers[i], UINT64_MAX, 100);
    assert_refused(WRT_ERR_LIMIT, tiers[i], UINT64_C(1) << 32, 100);
  }
}

static void a_max_above_what_the_tier_can_hold_is_beyond_the_limit(void **state) {
  (void)state;
  for (size_t i = 0; i < TIERS; ++i) {
    if (!is_built_in(tiers[i])) continue;
    const uint64_t most = tier_info(tiers[i]).max_len;
    assert_true(most < UINT64_MAX);
    assert_refused(WRT_ERR_LIMIT, tiers[i], 0, most + 1);
    assert_refused(WRT_ERR_LIMIT, tiers[i], 0, UINT64_MAX);
    assert_refused(WRT_ERR_LIMIT, tiers[i], UINT64_MAX, UINT64_MAX);
    assert_refused(WRT_ERR_LIMIT, tiers[i], UINT64_MAX - 1, UINT64_MAX);
  }
}

static void a_memory_may_begin_empty_or_full(void **state) {
  (void)state;
  for (size_t i = 0; i < TIERS; ++i) {
    if (!is_built_in(tiers[i])) continue;
    wrt_mem *empty = create(tiers[i], 0, 1);
    wrt_mem *full = create(tiers[i], 1, 1);
    assert_ptr_not_equal(empty, full);
    assert_int_equal(len_of(empty), 0);
    assert_int_equal(len_of(full), 1);
    assert_ok(wrt_mem_resize(empty, 1));
    assert_zeros(empty, 0, 1);
    assert_ok(wrt_mem_destroy(empty));
    assert_ok(wrt_mem_destroy(full));
  }
}

static void the_built_in_pool_is_exhausted_when_every_slot_is_taken_and_recovers(void **state) {
  (void)state;
  if (!is_built_in(WRT_TIER_STATIC)) skip();
  enum { MOST = 4096 };
  static wrt_mem *mem[MOST];
  size_t made = 0;
  wrt_status status = WRT_OK;
  while (made < MOST) {
    wrt_mem *out = POISON_POINTER;
    status = wrt_mem_create(WRT_TIER_STATIC, 0, 16, &out);
    if (status != WRT_OK) {
      assert_ptr_equal(out, POISON_POINTER);
      break;
    }
    mem[made++] = out;
  }
  assert_status(WRT_ERR_POOL_EXHAUSTED, status);
  assert_true(made > 0);
  assert_refused(WRT_ERR_LIMIT, WRT_TIER_STATIC, 17, 16); /* before the resource */

  assert_ok(wrt_mem_destroy(mem[made / 2]));
  mem[made / 2] = create(WRT_TIER_STATIC, 0, 16);
  assert_refused(WRT_ERR_POOL_EXHAUSTED, WRT_TIER_STATIC, 0, 16);
  while (made > 0) assert_ok(wrt_mem_destroy(mem[--made]));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_memory_is_what_was_asked_for_with_defaults_for_the_rest),
      cmocka_unit_test(the_default_tier_is_the_first_that_the_build_has),
      cmocka_unit_test(without_a_max_std_takes_4_GiB_or_what_the_target_can_address),
      cmocka_unit_test(without_a_max_static_takes_the_slot),
      cmocka_unit_test(without_a_max_alloc_is_an_invalid_argument),
      cmocka_unit_test(an_unknown_tier_is_an_invalid_argument),
      cmocka_unit_test(a_null_out_is_an_invalid_argument),
      cmocka_unit_test(an_initial_length_above_the_max_is_beyond_the_limit),
      cmocka_unit_test(a_max_above_what_the_tier_can_hold_is_beyond_the_limit),
      cmocka_unit_test(a_memory_may_begin_empty_or_full),
      cmocka_unit_test(the_built_in_pool_is_exhausted_when_every_slot_is_taken_and_recovers),
  };
  return RUN_ONCE("wrt_mem_create", tests);
}
