/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static wrt_mem *thaw(tier *t, const wrt_image *image) {
  wrt_mem_config config = config_on(t, 0, 0);
  config.image = image;
  return make_from(t, &config);
}

/* Takes both. */
static void assert_thaws_as(tier *t, wrt_image *image, wrt_mem *mem) {
  wrt_mem *other = thaw(t, image);
  int32_t equal = 0;
  assert_ok(wrt_mem_equal(mem, other, &equal));
  assert_int_equal(equal, 1);
  assert_ok(wrt_mem_destroy(other));
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_image_destroy(image));
}

static void assert_refused(wrt_status expected, wrt_mem *mem) {
  wrt_image *image = POISON_POINTER;
  snapshot before = take_snapshot(mem);
  assert_status(expected, wrt_image_create(mem, &image));
  assert_ptr_equal(image, POISON_POINTER);
  assert_unchanged(&before);
}

static void an_image_has_the_lengths_and_the_bytes_of_its_source(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 10000, ROOM);
    put_pattern(mem, 1, 100, 9000);
    snapshot before = take_snapshot(mem);
    wrt_image *image = freeze(mem);
    assert_unchanged(&before);
    const wrt_image_info info = image_info_of(image);
    assert_int_equal(info.len, 10000);
    assert_int_equal(info.max_len, ROOM);
    assert_int_equal(info.page_len, 1);
    assert_int_equal(info.stored, 10000);
    assert_thaws_as(t, image, mem);
  }
}

static void an_image_keeps_what_was_frozen_whatever_becomes_of_its_source(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 10000, ROOM);
  put_pattern(mem, 1, 0, 10000);
  wrt_image *image = freeze(mem);
  put_pattern(mem, 2, 0, 10000);
  assert_ok(wrt_mem_resize(mem, 5));
  assert_pattern(thaw(t, image), 1, 0, 10000);
  assert_ok(wrt_mem_destroy(mem));
  assert_pattern(thaw(t, image), 1, 0, 10000);
  assert_ok(wrt_image_destroy(image));
}

/* Pages of 4,096 bytes that are not all zero, the last one as long as it is. */
static void only_what_is_not_zero_is_stored(void **state) {
  tier *t = *state;
  static const struct {
    uint64_t len;
    uint64_t at[3];
    uint64_t stored;
  } cases[] = {
      {0, {UINT64_MAX, UINT64_MAX, UINT64_MAX}, 0},
      {1, {UINT64_MAX, UINT64_MAX, UINT64_MAX}, 0},
      {1, {0, UINT64_MAX, UINT64_MAX}, 1},
      {20000, {UINT64_MAX, UINT64_MAX, UINT64_MAX}, 0},
      {20000, {0, UINT64_MAX, UINT64_MAX}, 4096},
      {20000, {4095, 4096, UINT64_MAX}, 8192},
      {20000, {12287, UINT64_MAX, UINT64_MAX}, 4096},
      {20000, {19999, UINT64_MAX, UINT64_MAX}, 20000 - 16384},
      {20000, {0, 8192, 19999}, 2 * 4096 + 20000 - 16384},
      {ROOM, {ROOM - 1, 1, UINT64_MAX}, 8192},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
    wrt_mem *mem = make(t, cases[i].len, ROOM);
    for (size_t k = 0; k < 3; ++k) {
      if (cases[i].at[k] != UINT64_MAX) assert_ok(wrt_mem_write(mem, cases[i].at[k], "x", 1));
    }
    wrt_image *image = freeze(mem);
    assert_int_equal(image_info_of(image).stored, cases[i].stored);
    assert_thaws_as(t, image, mem);
  }
}

static void an_image_has_the_page_length_and_the_maximum_of_its_source(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 1024, 8192);
  config.page_len = 512;
  wrt_image *image = freeze(make_from(t, &config));
  const wrt_image_info info = image_info_of(image);
  assert_int_equal(info.len, 1024);
  assert_int_equal(info.max_len, 8192);
  assert_int_equal(info.page_len, 512);
  assert_int_equal(info.stored, 0);
  assert_ok(wrt_image_destroy(image));
}

static void a_write_borrow_makes_it_busy_and_a_read_borrow_does_not(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  put_pattern(mem, 1, 0, 100);
  for (uint64_t n = 0; n <= 10; n += 10) {
    void *data = borrow(mem, 0, n, WRT_BORROW_WRITE);
    assert_refused(WRT_ERR_BUSY, mem);
    assert_ok(wrt_mem_release(mem, data, n));
    data = borrow(mem, 0, n, WRT_BORROW_READ);
    assert_ok(wrt_image_destroy(freeze(mem)));
    assert_ok(wrt_mem_release(mem, data, n));
  }
}

static void images_are_not_charged(void **state) {
  tier *t = *state;
  wrt_budget *budget = make_budget(1000, NULL);
  wrt_mem_config config = config_on(t, 1000, ROOM);
  config.budget = budget;
  wrt_mem *mem = make_from(t, &config);
  wrt_image *image = freeze(mem);
  assert_int_equal(budget_info_of(budget).used, 1000);
  assert_int_equal(budget_info_of(budget).refused, 0);
  assert_ok(wrt_mem_destroy(mem));
  assert_int_equal(budget_info_of(budget).used, 0);
  assert_ok(wrt_budget_destroy(budget)); /* the image does not hold it */
  assert_ok(wrt_image_destroy(image));
}

static void on_static_an_image_occupies_a_slot_and_two_at_redundant(void **state) {
  tier *t = *state;
  if (t->source != POOL) skip();
  wrt_mem *mem = make(t, 100, ROOM);
  wrt_image *image = freeze(mem);
  assert_int_equal(pool_info_of(t->pool).used, 2);
  assert_status(WRT_ERR_BUSY, wrt_pool_destroy(t->pool));
  assert_ok(wrt_image_destroy(image));
  assert_int_equal(pool_info_of(t->pool).used, 1);
  assert_ok(wrt_mem_set_verify(mem, WRT_VERIFY_REDUNDANT));
  image = freeze(mem);
  assert_int_equal(pool_info_of(t->pool).used, 4);
  while (pool_info_of(t->pool).used < POOL_SLOTS) make(t, 1, ROOM);
  assert_refused(WRT_ERR_POOL_EXHAUSTED, mem);
  assert_int_equal(pool_info_of(t->pool).used, POOL_SLOTS);
  assert_ok(wrt_image_destroy(image));
  assert_int_equal(pool_info_of(t->pool).used, POOL_SLOTS - 2);
}

static void what_the_slot_held_before_is_not_in_the_image(void **state) {
  tier *t = *state;
  wrt_mem *old = make(t, ROOM, ROOM);
  put_pattern(old, 9, 0, ROOM);
  assert_ok(wrt_mem_destroy(old));
  wrt_mem *mem = make(t, ROOM, ROOM);
  wrt_image *image = freeze(mem);
  wrt_mem *other = thaw(t, image);
  assert_zeros(other, 0, ROOM);
  assert_ok(wrt_image_destroy(image));
}

static void an_allocator_that_refuses_changes_nothing(void **state) {
  tier *t = *state;
  if (t->source != HEAP && t->source != HEAP_WITHOUT_REALLOCATE) skip();
  for (int32_t level = WRT_VERIFY_OFF; level <= WRT_VERIFY_REDUNDANT; ++level) {
    wrt_mem_config config = config_on(t, 1000, ROOM);
    config.verify = level;
    wrt_mem *mem = make_from(t, &config);
    put_pattern(mem, 1, 0, 1000);
    const size_t blocks = t->heap.live_blocks;
    uint64_t nth = 0;
    wrt_image *image = NULL;
    for (wrt_status status = WRT_ERR_OUT_OF_MEMORY; status != WRT_OK;) {
      heap_refuse_next(&t->heap, ++nth);
      status = wrt_image_create(mem, &image);
      heap_refuse_none(&t->heap);
      if (status == WRT_OK) break;
      assert_status(WRT_ERR_OUT_OF_MEMORY, status);
      assert_null(image);
      assert_int_equal(t->heap.live_blocks, blocks);
    }
    assert_true(nth > 1);
    assert_true(t->heap.live_blocks > blocks);
    assert_ok(wrt_image_destroy(image));
    assert_int_equal(t->heap.live_blocks, blocks);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void from_standard_on_the_blocks_are_checked_first(void **state) {
  tier *t = *state;
  for (int32_t level = WRT_VERIFY_OFF; level <= WRT_VERIFY_REDUNDANT; ++level) {
    wrt_mem_config config = config_on(t, 1000, ROOM);
    config.verify = level;
    wrt_mem *mem = make_from(t, &config);
    put_pattern(mem, 1, 0, 1000);
    uint8_t *data = borrow(mem, 0, 1000, WRT_BORROW_READ);
    data[500] ^= 4;
    wrt_image *image = POISON_POINTER;
    if (level >= WRT_VERIFY_STANDARD && level < WRT_VERIFY_REDUNDANT) {
      assert_status(WRT_ERR_CORRUPT, wrt_image_create(mem, &image));
      assert_ptr_equal(image, POISON_POINTER);
      data[500] ^= 4;
    }
    assert_ok(wrt_image_create(mem, &image));
    wrt_mem *other = thaw(t, image);
    if (level >= WRT_VERIFY_STANDARD) assert_pattern(other, 1, 0, 1000);
    assert_ok(wrt_mem_release(mem, data, 1000));
    assert_ok(wrt_mem_destroy(mem));
    assert_ok(wrt_mem_destroy(other));
    assert_ok(wrt_image_destroy(image));
  }
}

static void a_null_out_is_an_invalid_argument_before_busy(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 100, ROOM);
  void *data = borrow(mem, 0, 10, WRT_BORROW_WRITE);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_image_create(mem, NULL));
  assert_ok(wrt_mem_release(mem, data, 10));
}

static void a_bad_handle_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  wrt_image *image = POISON_POINTER;
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_create(bad.values[i], &image));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_create(bad.values[i], NULL)); /* before the arguments */
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_create(NULL, &image));
  assert_ptr_equal(image, POISON_POINTER);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_image_has_the_lengths_and_the_bytes_of_its_source),
      cmocka_unit_test(an_image_keeps_what_was_frozen_whatever_becomes_of_its_source),
      cmocka_unit_test(only_what_is_not_zero_is_stored),
      cmocka_unit_test(an_image_has_the_page_length_and_the_maximum_of_its_source),
      cmocka_unit_test(a_write_borrow_makes_it_busy_and_a_read_borrow_does_not),
      cmocka_unit_test(images_are_not_charged),
      cmocka_unit_test(on_static_an_image_occupies_a_slot_and_two_at_redundant),
      cmocka_unit_test(what_the_slot_held_before_is_not_in_the_image),
      cmocka_unit_test(an_allocator_that_refuses_changes_nothing),
      cmocka_unit_test(from_standard_on_the_blocks_are_checked_first),
      cmocka_unit_test(a_null_out_is_an_invalid_argument_before_busy),
      cmocka_unit_test(a_bad_handle_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_image_create", tests);
}
