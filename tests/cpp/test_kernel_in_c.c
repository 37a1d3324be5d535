/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The kernel as C reads it: the file that is proved. There bytes are moved one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cpp/core/kernel.h"

static void a_range_is_inside_iff_its_end_is_at_most_the_length(void **state) {
  (void)state;
  assert_true(wrt_k_in_range(10, 4, 6));
  assert_true(wrt_k_in_range(10, 10, 0));
  assert_false(wrt_k_in_range(10, 4, 7));
  assert_false(wrt_k_in_range(10, 11, 0));
  assert_false(wrt_k_in_range(10, 1, UINT64_MAX));
}

static void moved_bytes_may_overlap_either_way(void **state) {
  (void)state;
  for (size_t to = 0; to <= 8; to++) {
    for (size_t from = 0; from <= 8; from++) {
      for (size_t n = 0; n <= 8 - (to > from ? to : from); n++) {
        uint8_t bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8};
        uint8_t wanted[8] = {1, 2, 3, 4, 5, 6, 7, 8};
        wrt_k_mem m = {8, 8, bytes};
        memmove(wanted + to, wanted + from, n);
        wrt_k_move_bytes(bytes + to, bytes + from, n);
        assert_memory_equal(bytes, wanted, 8);
        for (uint8_t i = 0; i < 8; i++) bytes[i] = (uint8_t)(i + 1);
        assert_int_equal(wrt_k_copy(&m, to, from, n), WRT_OK);
        assert_memory_equal(bytes, wanted, 8);
      }
    }
  }
}

static void access_is_checked_and_exact(void **state) {
  (void)state;
  uint8_t bytes[6] = {0};
  uint8_t seen[3] = {0};
  const uint8_t source[3] = {7, 8, 9};
  const uint8_t wanted[6] = {0, 7, 5, 9, 0, 0};
  wrt_k_mem m = {4, 6, bytes};
  assert_int_equal(wrt_k_write(&m, 1, source, 3), WRT_OK);
  assert_int_equal(wrt_k_read(&m, 1, seen, 3), WRT_OK);
  assert_memory_equal(seen, source, 3);
  assert_int_equal(wrt_k_fill(&m, 2, 5, 1), WRT_OK);
  assert_int_equal(wrt_k_write(&m, 2, source, 3), WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(wrt_k_read(&m, 2, seen, 3), WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(wrt_k_fill(&m, 2, 5, 3), WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(wrt_k_copy(&m, 2, 0, 3), WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(wrt_k_copy(&m, 0, 2, 3), WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(wrt_k_read(&m, 4, NULL, 0), WRT_OK);
  assert_int_equal(wrt_k_write(&m, 4, NULL, 0), WRT_OK);
  assert_memory_equal(bytes, wanted, 6);
}

static void shrinking_scrubs_what_is_cut_off_and_growth_stays_within_the_capacity(void **state) {
  (void)state;
  uint8_t bytes[6] = {1, 2, 3, 4, 5, 6};
  const uint8_t wanted[6] = {1, 2, 0, 0, 0, 0};
  wrt_k_mem m = {6, 6, bytes};
  assert_int_equal(wrt_k_resize(&m, 2), WRT_OK);
  assert_memory_equal(bytes, wanted, 6);
  assert_true(wrt_k_mem_holds(&m));
  assert_int_equal(wrt_k_resize(&m, 7), WRT_ERR_LIMIT);
  assert_int_equal(wrt_k_resize(&m, 6), WRT_OK);
  assert_int_equal(m.len, 6);
}

static void a_set_gives_every_id_once_and_takes_each_back_once(void **state) {
  (void)state;
  enum { SIZE = 5000 };
  wrt_k_word *words = (wrt_k_word *)calloc(wrt_k_set_words(SIZE), sizeof(wrt_k_word));
  assert_non_null(words);
  wrt_k_set set;
  wrt_k_set_init(&set, words, SIZE);
  for (uint32_t id = 0; id < SIZE; id++) assert_int_equal(wrt_k_set_claim(&set), id);
  assert_int_equal(wrt_k_set_claim(&set), WRT_K_NONE);
  assert_true(wrt_k_set_holds(&set));
  for (uint32_t id = 0; id < SIZE; id += 7) {
    assert_int_equal(wrt_k_set_release(&set, id), WRT_OK);
    assert_int_equal(wrt_k_set_release(&set, id), WRT_ERR_INVALID_HANDLE);
    assert_false(wrt_k_set_has(&set, id));
  }
  assert_int_equal(wrt_k_set_release(&set, SIZE), WRT_ERR_INVALID_HANDLE);
  assert_true(wrt_k_set_holds(&set));
  for (uint32_t id = 0; id < SIZE; id += 7) assert_int_equal(wrt_k_set_claim(&set), id);
  assert_int_equal(wrt_k_set_claim(&set), WRT_K_NONE);
  free(words);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_range_is_inside_iff_its_end_is_at_most_the_length),
      cmocka_unit_test(moved_bytes_may_overlap_either_way),
      cmocka_unit_test(access_is_checked_and_exact),
      cmocka_unit_test(shrinking_scrubs_what_is_cut_off_and_growth_stays_within_the_capacity),
      cmocka_unit_test(a_set_gives_every_id_once_and_takes_each_back_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
