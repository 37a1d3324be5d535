/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void assert_found(const uint8_t *address, const wrt_mem *expected, uint64_t expected_offset) {
  wrt_mem *mem = NULL;
  uint64_t offset = POISON;
  assert_ok(wrt_fault_find(address, &mem, &offset));
  assert_ptr_equal(mem, expected);
  assert_int_equal(offset, expected_offset);
}

static void assert_not_found(const void *address) {
  wrt_mem *mem = POISON_POINTER;
  uint64_t offset = POISON;
  assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_fault_find(address, &mem, &offset));
  assert_ptr_equal(mem, POISON_POINTER);
  assert_int_equal(offset, POISON);
}

static void every_address_of_a_live_memory_is_found(void **state) {
  tier *t = *state;
  wrt_mem *mem[MAX_LIVE];
  for (int i = 0; i < MAX_LIVE; ++i) mem[i] = make(t, 5000, ROOM);
  for (int i = 0; i < MAX_LIVE; ++i) {
    const uint8_t *base = view_of(mem[i])->base;
    assert_found(base, mem[i], 0);
    assert_found(base + 1, mem[i], 1);
    assert_found(base + 4096, mem[i], 4096);
    assert_found(base + 4999, mem[i], 4999);
  }
}

static void the_offset_may_lie_past_the_length(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 2, 10, ROOM); /* STABLE: all of the max is held */
  const uint8_t *base = view_of(mem)->base;
  assert_found(base + 10, mem, 10);
  assert_found(base + ROOM - 1, mem, ROOM - 1);
}

static void it_follows_a_memory_that_moves(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 10, ROOM);
  const wrt_view *view = view_of(mem);
  for (uint64_t len = 16; len <= ROOM; len *= 4) {
    assert_ok(wrt_mem_resize(mem, len));
    assert_found(view->base, mem, 0);
    assert_found(view->base + len - 1, mem, len - 1);
  }
}

static void a_destroyed_memory_is_not_found(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 5000, ROOM);
  const uint8_t *base = view_of(mem)->base;
  assert_ok(wrt_mem_destroy(mem));
  assert_not_found(base);
  assert_not_found(base + 100);
}

static void an_address_that_belongs_to_no_memory_is_out_of_bounds(void **state) {
  tier *t = *state;
  make(t, 100, ROOM);
  assert_not_found(&state);
  assert_not_found(t);
  assert_not_found("a string");
  assert_not_found(poison_object);
  assert_not_found(handle_of_bits(1));
  assert_not_found(handle_of_bits(UINTPTR_MAX));
  assert_not_found(t->bystander_storage);
}

static void it_changes_nothing(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 3, 100, ROOM);
  put_pattern(mem, 1, 0, 100);
  const uint8_t *base = view_of(mem)->base;
  snapshot before = take_snapshot(mem);
  assert_found(base + 50, mem, 50);
  assert_unchanged(&before);
}

static void null_pointers_are_invalid_arguments(void **state) {
  tier *t = *state;
  const uint8_t *base = view_of(make(t, 100, ROOM))->base;
  wrt_mem *mem = POISON_POINTER;
  uint64_t offset = POISON;
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_fault_find(base, NULL, &offset));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_fault_find(base, &mem, NULL));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_fault_find(base, NULL, NULL));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_fault_find(NULL, &mem, &offset));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_fault_find(handle_of_bits(1), NULL, &offset)); /* before the bounds */
  assert_ptr_equal(mem, POISON_POINTER);
  assert_int_equal(offset, POISON);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_address_of_a_live_memory_is_found),
      cmocka_unit_test(the_offset_may_lie_past_the_length),
      cmocka_unit_test(it_follows_a_memory_that_moves),
      cmocka_unit_test(a_destroyed_memory_is_not_found),
      cmocka_unit_test(an_address_that_belongs_to_no_memory_is_out_of_bounds),
      cmocka_unit_test(it_changes_nothing),
      cmocka_unit_test(null_pointers_are_invalid_arguments),
  };
  return RUN_ON_EACH_TIER("wrt_fault_find", tests);
}
