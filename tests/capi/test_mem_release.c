/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void what_was_written_stays_in_the_memory(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 100, ROOM);
    uint8_t *data = borrow(mem, 20, 30, WRT_BORROW_WRITE);
    memset(data, 0x77, 30);
    assert_ok(wrt_mem_release(mem, data, 30));
    assert_zeros(mem, 0, 20);
    for (uint64_t i = 20; i < 50; ++i) assert_int_equal(byte_at(mem, i), 0x77);
    assert_zeros(mem, 50, 50);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void after_the_last_one_nothing_is_busy(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  void *a = borrow(mem, 0, 10, WRT_BORROW_READ);
  void *b = borrow(mem, 20, 0, WRT_BORROW_WRITE);
  assert_ok(wrt_mem_release(mem, a, 10));
  assert_status(WRT_ERR_BUSY, wrt_mem_resize(mem, 50));
  assert_ok(wrt_mem_release(mem, b, 0));
  assert_ok(wrt_mem_resize(mem, 50));
  assert_ok(wrt_mem_destroy(mem));
}

static void the_same_range_borrowed_twice_is_released_twice(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  void *a = borrow(mem, 0, 10, WRT_BORROW_READ);
  void *b = borrow(mem, 0, 10, WRT_BORROW_READ);
  assert_ptr_equal(a, b);
  assert_ok(wrt_mem_release(mem, a, 10));
  assert_int_equal(info_of(mem).borrows, 1);
  assert_ok(wrt_mem_release(mem, b, 10));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(mem, b, 10));
}

static void pointer_and_length_must_be_those_of_a_borrow(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 100, ROOM);
    put_pattern(mem, 1, 0, 100);
    uint8_t *data = borrow(mem, 20, 30, WRT_BORROW_WRITE);
    snapshot before = take_snapshot(mem);
    static const uint64_t wrong[] = {0, 1, 29, 31, 100, UINT64_C(30) + (UINT64_C(1) << 32), UINT64_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; ++i) {
      assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(mem, data, wrong[i]));
    }
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(mem, data - 1, 30));
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(mem, data + 1, 30));
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(mem, data + 1, 29));
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(mem, &data, 30));
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(mem, handle_of_bits(UINTPTR_MAX), 30));
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(mem, NULL, 30));
    assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(mem, NULL, 0));
    assert_unchanged(&before);
    assert_ok(wrt_mem_release(mem, data, 30));
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void without_a_borrow_there_is_nothing_to_release(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  const uint8_t *base = view_of(mem)->base;
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(mem, base, 0));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(mem, base, 100));
  void *data = borrow(mem, 0, 10, WRT_BORROW_READ);
  assert_ok(wrt_mem_release(mem, data, 10));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(mem, data, 10));
}

static void a_borrow_of_another_memory_is_not_released_here(void **state) {
  tier *t = *state;
  wrt_mem *a = make(t, 100, ROOM);
  wrt_mem *b = make(t, 100, ROOM);
  void *data = borrow(a, 0, 10, WRT_BORROW_READ);
  void *other = borrow(b, 0, 10, WRT_BORROW_READ);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(b, data, 10));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_release(a, other, 10));
  assert_ok(wrt_mem_release(a, data, 10));
  assert_ok(wrt_mem_release(b, other, 10));
}

static void every_order_of_release_works(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 600, ROOM);
  uint64_t random = 12345;
  for (int round = 0; round < 200; ++round) {
    void *held[60];
    size_t count = 60;
    for (size_t i = 0; i < count; ++i) held[i] = borrow(mem, i * 10, 10, WRT_BORROW_WRITE);
    while (count > 0) {
      const size_t pick = (size_t)(next_random(&random) % count);
      assert_ok(wrt_mem_release(mem, held[pick], 10));
      held[pick] = held[--count];
      assert_int_equal(info_of(mem).borrows, count);
    }
  }
}

static void a_stable_memory_that_grew_meanwhile_releases_as_before(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 2, 100, ROOM);
  void *data = borrow(mem, 0, 100, WRT_BORROW_WRITE);
  assert_ok(wrt_mem_resize(mem, ROOM));
  assert_ok(wrt_mem_release(mem, data, 100));
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  void *data = borrow(mem, 0, 10, WRT_BORROW_READ);
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_release(bad.values[i], data, 10));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_release(bad.values[i], NULL, 10)); /* before the arguments */
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_release(NULL, data, 10));
  assert_ok(wrt_mem_release(mem, data, 10));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_was_written_stays_in_the_memory),
      cmocka_unit_test(after_the_last_one_nothing_is_busy),
      cmocka_unit_test(the_same_range_borrowed_twice_is_released_twice),
      cmocka_unit_test(pointer_and_length_must_be_those_of_a_borrow),
      cmocka_unit_test(without_a_borrow_there_is_nothing_to_release),
      cmocka_unit_test(a_borrow_of_another_memory_is_not_released_here),
      cmocka_unit_test(every_order_of_release_works),
      cmocka_unit_test(a_stable_memory_that_grew_meanwhile_releases_as_before),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_mem_release", tests);
}
