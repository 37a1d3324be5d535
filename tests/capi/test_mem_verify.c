/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void an_intact_memory_passes_and_nothing_changes(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 5000, ROOM);
    put_pattern(mem, 1, 0, 5000);
    uint64_t first_bad = POISON;
    snapshot before = take_snapshot(mem);
    assert_ok(wrt_mem_verify(mem, &first_bad));
    assert_unchanged(&before);
    assert_ok(wrt_mem_resize(mem, ROOM));
    assert_ok(wrt_mem_verify(mem, &first_bad));
    assert_ok(wrt_mem_resize(mem, 0));
    assert_ok(wrt_mem_verify(mem, &first_bad));
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void the_out_pointer_may_be_null(void **state) {
  tier *t = *state;
  assert_ok(wrt_mem_verify(make(t, 100, ROOM), NULL));
}

static void borrows_do_not_hinder(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  void *data = borrow(mem, 0, 100, WRT_BORROW_WRITE);
  assert_ok(wrt_mem_verify(mem, NULL));
  assert_ok(wrt_mem_release(mem, data, 100));
}

static void below_standard_no_block_is_verified(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 5000, ROOM);
  assert_ok(wrt_mem_verify(mem, NULL));
  const wrt_mem_stats stats = stats_of(mem);
  assert_int_equal(stats.verified_blocks, 0);
  assert_int_equal(stats.corrupt_blocks, 0);
  assert_int_equal(stats.repaired_blocks, 0);
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  uint64_t first_bad = POISON;
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_verify(bad.values[i], &first_bad));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_verify(bad.values[i], NULL));
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_verify(NULL, &first_bad));
  assert_int_equal(first_bad, POISON);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_intact_memory_passes_and_nothing_changes),
      cmocka_unit_test(the_out_pointer_may_be_null),
      cmocka_unit_test(borrows_do_not_hinder),
      cmocka_unit_test(below_standard_no_block_is_verified),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_mem_verify", tests);
}
