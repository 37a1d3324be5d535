/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static const size_t slot_lens[] = {1, 7, 16, 63, 64, 65, 1000, 4096, 65536, 1 << 20};
static const size_t slot_counts[] = {1, 2, 3, 7, 64, 100};
enum { SLOT_LENS = sizeof slot_lens / sizeof slot_lens[0], SLOT_COUNTS = sizeof slot_counts / sizeof slot_counts[0] };

static size_t storage_len(size_t slot_len, size_t slots) {
  size_t len = 0;
  assert_ok(wrt_pool_storage_len(slot_len, slots, &len));
  return len;
}

static void so_much_storage_gives_so_many_slots_at_any_alignment(void **state) {
  (void)state;
  for (size_t i = 0; i < SLOT_LENS; ++i) {
    for (size_t k = 0; k < SLOT_COUNTS; ++k) {
      const size_t len = storage_len(slot_lens[i], slot_counts[k]);
      if (len > TEST_LONGEST_BLOCK) continue;
      uint8_t *block = malloc(len + 64);
      assert_non_null(block);
      for (size_t shift = 0; shift < 64; shift += shift < 17 ? 1 : 13) {
        wrt_pool *pool = NULL;
        assert_ok(wrt_pool_create(block + shift, len, slot_lens[i], &pool));
        assert_true(pool_info_of(pool).slots >= slot_counts[k]);
        assert_ok(wrt_pool_destroy(pool));
      }
      free(block);
    }
  }
}

static void it_is_at_least_the_slots_and_grows_with_them(void **state) {
  (void)state;
  for (size_t i = 0; i < SLOT_LENS; ++i) {
    size_t previous = 0;
    for (size_t k = 0; k < SLOT_COUNTS; ++k) {
      const size_t len = storage_len(slot_lens[i], slot_counts[k]);
      assert_true(len >= slot_lens[i] * slot_counts[k]);
      assert_true(len > previous);
      previous = len;
    }
  }
}

static void the_macro_is_an_upper_bound_and_a_constant(void **state) {
  (void)state;
  static uint8_t storage[WRT_POOL_STORAGE_LEN(4096, 3)];
  assert_true(storage_len(4096, 3) <= sizeof storage);
  for (size_t i = 0; i < SLOT_LENS; ++i) {
    for (size_t k = 0; k < SLOT_COUNTS; ++k) {
      assert_true(storage_len(slot_lens[i], slot_counts[k]) <= WRT_POOL_STORAGE_LEN(slot_lens[i], slot_counts[k]));
    }
  }
}

static void a_zero_is_an_invalid_argument(void **state) {
  (void)state;
  size_t len = 77;
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_pool_storage_len(0, 1, &len));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_pool_storage_len(1, 0, &len));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_pool_storage_len(0, 0, &len));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_pool_storage_len(0, SIZE_MAX, &len)); /* before LIMIT */
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_pool_storage_len(SIZE_MAX, 0, &len));
  assert_int_equal(len, 77);
}

static void an_overflow_is_beyond_the_limit(void **state) {
  (void)state;
  size_t len = 77;
  static const size_t pairs[][2] = {{SIZE_MAX, 1},
                                    {1, SIZE_MAX},
                                    {SIZE_MAX, SIZE_MAX},
                                    {SIZE_MAX / 2, 2},
                                    {SIZE_MAX / 2 + 1, 2},
                                    {2, SIZE_MAX / 2 + 1},
                                    {SIZE_MAX - 15, 1},
                                    {SIZE_MAX - 63, 1},
                                    {(size_t)1 << (sizeof(size_t) * 4), (size_t)1 << (sizeof(size_t) * 4)}};
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; ++i) {
    assert_status(WRT_ERR_LIMIT, wrt_pool_storage_len(pairs[i][0], pairs[i][1], &len));
  }
  assert_int_equal(len, 77);
}

static void a_null_out_is_an_invalid_argument(void **state) {
  (void)state;
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_pool_storage_len(64, 1, NULL));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_pool_storage_len(SIZE_MAX, SIZE_MAX, NULL)); /* before LIMIT */
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(so_much_storage_gives_so_many_slots_at_any_alignment),
      cmocka_unit_test(it_is_at_least_the_slots_and_grows_with_them),
      cmocka_unit_test(the_macro_is_an_upper_bound_and_a_constant),
      cmocka_unit_test(a_zero_is_an_invalid_argument),
      cmocka_unit_test(an_overflow_is_beyond_the_limit),
      cmocka_unit_test(a_null_out_is_an_invalid_argument),
  };
  return RUN_ONCE("wrt_pool_storage_len", tests);
}
