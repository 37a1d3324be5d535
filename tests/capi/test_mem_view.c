/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void it_is_the_memory_itself(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 5000, ROOM);
    const wrt_view *view = view_of(mem);
    assert_non_null(view->base);
    assert_int_equal(view->len, 5000);
    put_pattern(mem, 1, 0, 5000);
    for (size_t i = 0; i < 5000; ++i) assert_int_equal(view->base[i], pattern_byte(1, i));
    view->base[4999] = 0;
    assert_int_equal(byte_at(mem, 4999), 0);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void the_descriptor_is_the_same_for_the_whole_life(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  const wrt_view *view = view_of(mem);
  uint64_t old_pages = POISON;
  assert_ptr_equal(view_of(mem), view);
  assert_ok(wrt_mem_resize(mem, ROOM));
  assert_ptr_equal(view_of(mem), view);
  assert_ok(wrt_mem_resize(mem, 0));
  assert_ptr_equal(view_of(mem), view);
  assert_ok(wrt_mem_grow(mem, 9, &old_pages));
  assert_ptr_equal(view_of(mem), view);
  assert_ok(wrt_mem_reset(mem));
  assert_ptr_equal(view_of(mem), view);
  assert_ok(wrt_mem_discard(mem, 0, 100));
  assert_ok(wrt_mem_set_verify(mem, WRT_VERIFY_OFF));
  assert_ok(wrt_trim());
  assert_ptr_equal(view_of(mem), view);
}

static void the_library_keeps_base_and_len_current(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 0, ROOM);
  const wrt_view *view = view_of(mem);
  for (uint64_t len = 1; len <= ROOM; len *= 2) {
    assert_ok(wrt_mem_resize(mem, len));
    assert_int_equal(view->len, len);
    view->base[len - 1] = (uint8_t)(len % 251 + 1);
    assert_int_equal(byte_at(mem, len - 1), len % 251 + 1);
  }
  for (uint64_t len = ROOM; len > 0; len /= 2) {
    assert_ok(wrt_mem_resize(mem, len));
    assert_int_equal(view->len, len);
    assert_int_equal(view->base[len - 1], byte_at(mem, len - 1));
  }
}

static void an_empty_memory_has_a_base_too(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 0, 0);
  config.flags = WRT_MEM_EXACT_MAX;
  const wrt_view *views[2];
  views[0] = view_of(make(t, 0, ROOM));
  views[1] = view_of(make_from(t, &config));
  for (size_t i = 0; i < 2; ++i) {
    assert_non_null(views[i]->base);
    assert_int_equal((uintptr_t)views[i]->base % 16, 0);
    assert_int_equal(views[i]->len, 0);
  }
}

static void a_stable_base_never_moves(void **state) {
  tier *t = *state;
  wrt_mem *mem = make_shape(t, 2, 0, ROOM);
  assert_int_equal(info_of(mem).base_stable, 1);
  const uint8_t *base = view_of(mem)->base;
  for (uint64_t len = 1; len <= ROOM; len *= 2) {
    assert_ok(wrt_mem_resize(mem, len));
    assert_ptr_equal(view_of(mem)->base, base);
  }
  assert_ok(wrt_mem_resize(mem, 0));
  assert_ok(wrt_mem_reset(mem));
  assert_ptr_equal(view_of(mem)->base, base);
}

static void two_memories_have_two_views_that_do_not_overlap(void **state) {
  tier *t = *state;
  const wrt_view *a = view_of(make(t, ROOM, ROOM));
  const wrt_view *b = view_of(make(t, ROOM, ROOM));
  assert_ptr_not_equal(a, b);
  const uintptr_t a_base = (uintptr_t)a->base;
  const uintptr_t b_base = (uintptr_t)b->base;
  assert_true(a_base + ROOM <= b_base || b_base + ROOM <= a_base);
}

static void a_null_out_is_an_invalid_argument(void **state) {
  tier *t = *state;
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_view(make(t, 10, 10), NULL));
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  const wrt_view *view = POISON_POINTER;
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_view(bad.values[i], &view));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_view(bad.values[i], NULL)); /* before the arguments */
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_mem_view(NULL, &view));
  assert_ptr_equal(view, POISON_POINTER);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_is_the_memory_itself),
      cmocka_unit_test(the_descriptor_is_the_same_for_the_whole_life),
      cmocka_unit_test(the_library_keeps_base_and_len_current),
      cmocka_unit_test(an_empty_memory_has_a_base_too),
      cmocka_unit_test(a_stable_base_never_moves),
      cmocka_unit_test(two_memories_have_two_views_that_do_not_overlap),
      cmocka_unit_test(a_null_out_is_an_invalid_argument),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_mem_view", tests);
}
