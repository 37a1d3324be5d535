/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stream.h"

/* Memories that start as an image, and go back to it. */

enum { LEN = 20000 };

static wrt_image *image_on(tier *t, int32_t level) {
  wrt_mem_config config = config_on(t, LEN, ROOM);
  config.verify = level;
  wrt_mem *mem = make_from(t, &config);
  put_pattern(mem, 1, 4096, 5000);
  put_pattern(mem, 1, 19000, LEN - 19000);
  wrt_image *image = freeze(mem);
  assert_ok(wrt_mem_destroy(mem));
  t->made_count--;
  return image;
}

static void assert_frozen(const wrt_mem *mem) {
  assert_int_equal(len_of(mem), LEN);
  assert_zeros(mem, 0, 4096);
  assert_pattern(mem, 1, 4096, 5000);
  assert_zeros(mem, 9096, 19000 - 9096);
  assert_pattern(mem, 1, 19000, LEN - 19000);
  assert_ok(wrt_mem_verify((wrt_mem *)(uintptr_t)mem, NULL));
}

static void drop_last(tier *t) { assert_ok(wrt_mem_destroy(t->made[--t->made_count])); }

static void zero_members_are_the_images(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 8192, 16384);
  config.page_len = 4096;
  wrt_image *image = freeze(make_from(t, &config));
  config = config_on(t, 0, 0);
  config.image = image;
  wrt_mem_info info = info_of(make_from(t, &config));
  assert_int_equal(info.len, 8192);
  assert_int_equal(info.max_len, 16384);
  assert_int_equal(info.page_len, 4096);
  config.initial_len = 8192;
  config.max_len = 32768;
  config.page_len = 8192;
  info = info_of(make_from(t, &config));
  assert_int_equal(info.len, 8192);
  assert_int_equal(info.max_len, 32768);
  assert_int_equal(info.page_len, 8192);
  assert_ok(wrt_image_destroy(image));
}

static void assert_refused(wrt_status expected, const wrt_mem_config *config) {
  wrt_mem *mem = POISON_POINTER;
  assert_status(expected, wrt_mem_create_config(config, &mem));
  assert_ptr_equal(mem, POISON_POINTER);
}

static void what_does_not_fit_the_image_is_refused(void **state) {
  tier *t = *state;
  wrt_image *image = image_on(t, WRT_VERIFY_DEFAULT);
  wrt_mem_config config = config_on(t, 0, 0);
  config.image = image;
  config.initial_len = LEN - 1;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &config);
  config.initial_len = LEN + 1;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &config);
  config.initial_len = 0;
  config.page_len = 64; /* 20000 is not a multiple of it */
  config.max_len = ROOM;
  assert_refused(WRT_ERR_MISALIGNED, &config);
  config.page_len = 0;
  config.max_len = LEN - 1;
  assert_refused(WRT_ERR_LIMIT, &config);
  config.max_len = 0;
  config.flags = WRT_MEM_EXACT_MAX;
  assert_refused(WRT_ERR_LIMIT, &config);
  config.flags = 0;
  wrt_budget *budget = make_budget(LEN - 1, NULL);
  config.budget = budget;
  assert_refused(WRT_ERR_BUDGET, &config);
  assert_int_equal(budget_info_of(budget).used, 0);
  assert_ok(wrt_budget_destroy(budget));
  budget = make_budget(LEN, NULL);
  config.budget = budget;
  wrt_mem *mem = make_from(t, &config);
  assert_int_equal(budget_info_of(budget).used, LEN);
  assert_ok(wrt_mem_resize(mem, 10));
  assert_int_equal(budget_info_of(budget).used, 10);
  wrt_mem_config other = config_on(t, 100, ROOM);
  other.budget = budget;
  make_from(t, &other);
  snapshot before = take_snapshot(mem);
  assert_status(WRT_ERR_BUDGET, wrt_mem_reset(mem));
  assert_unchanged(&before);
  drop_last(t);
  assert_ok(wrt_mem_reset(mem));
  assert_frozen(mem);
  drop_last(t);
  assert_ok(wrt_budget_destroy(budget));
  assert_ok(wrt_image_destroy(image));
}

static void on_std_a_reservation_below_the_images_length_is_an_invalid_argument(void **state) {
  tier *t = *state;
  if (t->number != WRT_TIER_STD) skip();
  wrt_image *image = image_on(t, WRT_VERIFY_DEFAULT);
  wrt_mem_config config = config_on(t, 0, 0);
  config.image = image;
  config.reserve_len = LEN - 1;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &config);
  config.reserve_len = LEN;
  config.flags = WRT_MEM_STABLE;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &config); /* below the maximum, which is the image's */
  config.reserve_len = ROOM;
  assert_frozen(make_from(t, &config));
  assert_ok(wrt_image_destroy(image));
}

/* All that a guest can do to its length and its bytes, and back. */
static void live_and_reset(wrt_mem *mem) {
  const uint64_t cuts[] = {0, 1, 100, 4095, 4096, 4097, 6000, 8192, 12288, 19001, LEN, LEN + 1, 24576, ROOM};
  for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; ++i) {
    assert_ok(wrt_mem_resize(mem, cuts[i]));
    assert_ok(wrt_mem_resize(mem, ROOM));
    const uint64_t kept = cuts[i] < LEN ? cuts[i] : LEN;
    assert_zeros(mem, kept, ROOM - kept); /* new bytes are zero, whatever the image has there */
    if (kept > 4096) assert_pattern(mem, 1, 4096, (kept < 9096 ? kept : 9096) - 4096);
    assert_ok(wrt_mem_verify(mem, NULL));
    assert_ok(wrt_mem_fill(mem, 0, 0xEE, ROOM));
    assert_ok(wrt_mem_reset(mem));
    assert_frozen(mem);
    assert_ok(wrt_mem_resize(mem, ROOM));
    assert_zeros(mem, LEN, ROOM - LEN);
    assert_ok(wrt_mem_resize(mem, cuts[i]));
    assert_ok(wrt_mem_reset(mem));
    assert_frozen(mem);
  }
  for (uint64_t from = 0; from < LEN; from += 3000) {
    for (uint64_t n = 1; n <= LEN - from; n = 3 * n + 1000) {
      assert_ok(wrt_mem_fill(mem, 0, 0xEE, 50));
      assert_ok(wrt_mem_discard(mem, from, n));
      assert_zeros(mem, from, n); /* not the image's bytes again */
      assert_ok(wrt_mem_verify(mem, NULL));
      assert_ok(wrt_mem_reset(mem));
      assert_frozen(mem);
    }
  }
}

static void reset_goes_back_to_the_image_whatever_was_done(void **state) {
  tier *t = *state;
  wrt_image *image = image_on(t, WRT_VERIFY_DEFAULT);
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *like = make_shape(t, shape, 0, ROOM);
    wrt_mem_config config = config_on(t, 0, ROOM);
    config.image = image;
    config.flags = info_of(like).flags;
    config.verify = info_of(like).verify;
    wrt_mem *mem = make_from(t, &config);
    assert_frozen(mem);
    live_and_reset(mem);
    drop_last(t);
    drop_last(t);
  }
  assert_ok(wrt_image_destroy(image));
}

static void any_level_may_start_from_an_image_of_any_level(void **state) {
  tier *t = *state;
  for (int32_t frozen_at = WRT_VERIFY_OFF; frozen_at <= WRT_VERIFY_REDUNDANT; ++frozen_at) {
    wrt_image *image = image_on(t, frozen_at);
    for (int32_t level = WRT_VERIFY_OFF; level <= WRT_VERIFY_REDUNDANT; ++level) {
      wrt_mem_config config = config_on(t, 0, 0);
      config.image = image;
      config.verify = level;
      wrt_mem *mem = make_from(t, &config);
      assert_frozen(mem);
      assert_ok(wrt_mem_write(mem, 5000, "changed", 7));
      assert_ok(wrt_mem_verify(mem, NULL));
      assert_ok(wrt_mem_resize(mem, 100));
      assert_ok(wrt_mem_reset(mem));
      assert_frozen(mem);
      assert_ok(wrt_mem_set_verify(mem, WRT_VERIFY_REDUNDANT));
      assert_ok(wrt_mem_reset(mem));
      assert_frozen(mem);
      assert_int_equal(stats_of(mem).corrupt_blocks, 0);
      drop_last(t);
    }
    assert_ok(wrt_image_destroy(image));
  }
}

/* The checks carry over: a bit that is flipped in the memory afterwards is noticed, as in any other. */
static void a_memory_from_an_image_is_checked_as_any_other(void **state) {
  tier *t = *state;
  wrt_image *image = image_on(t, WRT_VERIFY_STANDARD);
  for (int32_t level = WRT_VERIFY_STANDARD; level <= WRT_VERIFY_REDUNDANT; ++level) {
    wrt_mem_config config = config_on(t, 0, 0);
    config.image = image;
    config.verify = level;
    wrt_mem *mem = make_from(t, &config);
    uint8_t *data = borrow(mem, 0, LEN, WRT_BORROW_READ);
    data[6000] ^= 1;
    uint64_t bad = POISON;
    assert_status(level == WRT_VERIFY_REDUNDANT ? WRT_OK : WRT_ERR_CORRUPT, wrt_mem_verify(mem, &bad));
    if (level != WRT_VERIFY_REDUNDANT) {
      assert_true(bad <= 6000 && 6000 - bad < 512);
      assert_int_equal(data[6000] ^ 1, pattern_byte(1, 6000));
    }
    assert_ok(wrt_mem_release(mem, data, LEN));
    assert_ok(wrt_mem_reset(mem)); /* what is discarded is not checked */
    assert_frozen(mem);
    drop_last(t);
  }
  assert_ok(wrt_image_destroy(image));
}

/* Where the image's bytes lie in the test's own storage; NULL where the library keeps them. */
static uint8_t *find_image(tier *t, const uint8_t *wanted, size_t n, int which) {
  if (t->pool == NULL) return NULL;
  for (size_t i = 0; i + n <= t->storage_len; ++i) {
    if (memcmp(t->storage + i, wanted, n) == 0 && which-- == 0) return t->storage + i;
  }
  return NULL;
}

static void a_corrupted_image_is_noticed_when_it_is_used(void **state) {
  tier *t = *state;
  if (t->source != POOL) skip();
  uint8_t wanted[64];
  for (size_t i = 0; i < sizeof wanted; ++i) wanted[i] = pattern_byte(1, 4096 + i);
  for (int32_t level = WRT_VERIFY_STANDARD; level <= WRT_VERIFY_REDUNDANT; ++level) {
    wrt_image *image = image_on(t, level);
    wrt_mem_config config = config_on(t, 0, 0);
    config.image = image;
    wrt_mem *mem = make_from(t, &config);
    const int copies = level == WRT_VERIFY_REDUNDANT ? 2 : 1;
    assert_ok(wrt_mem_write(mem, 4096, "not the image's own bytes", 25));
    uint8_t *first = find_image(t, wanted, sizeof wanted, 0);
    uint8_t *second = find_image(t, wanted, sizeof wanted, 1);
    assert_non_null(first);
    assert_true((second != NULL) == (copies == 2));
    first[10] ^= 0x40;
    if (copies == 2) { /* mended from the other copy */
      assert_frozen(make_from(t, &config));
      drop_last(t);
      assert_memory_equal(first, wanted, sizeof wanted);
      first[10] ^= 0x40;
      second[10] ^= 0x40;
    }
    assert_refused(WRT_ERR_CORRUPT, &config);
    stream s = {0};
    assert_status(WRT_ERR_CORRUPT, wrt_image_save(image, stream_write, &s));
    assert_int_equal(s.calls, 0);
    const uint64_t lens[] = {LEN, LEN + 500, 100};
    for (size_t i = 0; i < 3; ++i) {
      assert_ok(wrt_mem_resize(mem, lens[i]));
      snapshot before = take_snapshot(mem);
      assert_status(WRT_ERR_CORRUPT, wrt_mem_reset(mem));
      assert_unchanged(&before);
    }
    first[10] ^= 0x40;
    assert_ok(wrt_mem_reset(mem));
    assert_frozen(mem);
    drop_last(t);
    assert_ok(wrt_image_destroy(image));
    assert_int_equal(pool_info_of(t->pool).used, 0);
  }
}

static void a_clone_resets_to_the_image_of_its_source(void **state) {
  tier *t = *state;
  wrt_image *image = image_on(t, WRT_VERIFY_DEFAULT);
  wrt_mem_config config = config_on(t, 0, ROOM);
  config.image = image;
  wrt_mem *mem = make_from(t, &config);
  assert_ok(wrt_mem_resize(mem, 500));
  put_pattern(mem, 3, 0, 500);
  wrt_mem *clone = NULL;
  assert_ok(wrt_mem_clone(mem, &clone));
  adopt(t, clone);
  assert_int_equal(len_of(clone), 500);
  assert_pattern(clone, 3, 0, 500);
  wrt_mem *second = NULL;
  assert_ok(wrt_mem_clone(clone, &second));
  adopt(t, second);
  assert_ok(wrt_image_destroy(image));
  assert_ok(wrt_mem_reset(mem));
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_mem_reset(clone));
  assert_frozen(clone);
  assert_pattern(second, 3, 0, 500);
  assert_ok(wrt_mem_destroy(clone));
  assert_ok(wrt_mem_reset(second));
  assert_frozen(second);
}

/* An image of a memory that started as an image: its own bytes, and nothing of the first one's. */
static void an_image_of_a_memory_from_an_image(void **state) {
  tier *t = *state;
  wrt_image *image = image_on(t, WRT_VERIFY_DEFAULT);
  wrt_mem_config config = config_on(t, 0, ROOM);
  config.image = image;
  wrt_mem *mem = make_from(t, &config);
  assert_ok(wrt_image_destroy(image));
  assert_ok(wrt_mem_discard(mem, 0, 8192));
  assert_ok(wrt_mem_write(mem, 12288, "y", 1));
  config.image = freeze(mem);
  assert_ok(wrt_mem_destroy(mem));
  wrt_mem *other = make_from(t, &config);
  assert_zeros(other, 0, 8192);
  assert_pattern(other, 1, 8192, 9096 - 8192);
  assert_int_equal(byte_at(other, 12288), 'y');
  assert_ok(wrt_image_destroy((wrt_image *)(uintptr_t)config.image));
}

/* The bytes come from wherever the memory's tier takes them, whatever tier the image is on. */
static void the_image_may_be_of_another_tier(void **state) {
  tier *t = *state;
  for (int source = 0; source < SOURCES; ++source) {
    if (!is_available((tier_source)source)) continue;
    tier *from = open_tier((tier_source)source);
    if (has_images(from)) {
      wrt_image *image = image_on(from, WRT_VERIFY_DEFAULT);
      wrt_mem_config config = config_on(t, 0, ROOM);
      config.image = image;
      wrt_mem *mem = make_from(t, &config);
      assert_ok(wrt_image_destroy(image));
      assert_frozen(mem);
      live_and_reset(mem);
      drop_last(t);
    }
    close_tier(from);
  }
}

static void any_borrow_makes_reset_busy(void **state) {
  tier *t = *state;
  wrt_image *image = image_on(t, WRT_VERIFY_DEFAULT);
  wrt_mem_config config = config_on(t, 0, ROOM);
  config.image = image;
  wrt_mem *mem = make_from(t, &config);
  assert_ok(wrt_mem_fill(mem, 0, 0xEE, LEN));
  void *data = borrow(mem, 5, 10, WRT_BORROW_READ);
  snapshot before = take_snapshot(mem);
  assert_status(WRT_ERR_BUSY, wrt_mem_reset(mem));
  assert_unchanged(&before);
  assert_ok(wrt_mem_release(mem, data, 10));
  assert_ok(wrt_mem_reset(mem));
  assert_frozen(mem);
  assert_ok(wrt_image_destroy(image));
}

static void two_memories_of_one_image_share_nothing_that_is_written(void **state) {
  tier *t = *state;
  wrt_image *image = image_on(t, WRT_VERIFY_DEFAULT);
  wrt_mem_config config = config_on(t, 0, ROOM);
  config.image = image;
  wrt_mem *a = make_from(t, &config);
  wrt_mem *b = make_from(t, &config);
  assert_ok(wrt_mem_fill(a, 0, 0xEE, LEN));
  assert_frozen(b);
  view_of(b)->base[4096] ^= 0xFF;
  assert_int_equal(byte_at(a, 4096), 0xEE);
  assert_ok(wrt_mem_reset(b));
  assert_frozen(b);
  assert_frozen(make_from(t, &config));
  assert_ok(wrt_image_destroy(image));
}

static void every_flag_of_the_tier_goes_with_an_image(void **state) {
  tier *t = *state;
  wrt_tier_info info = {.struct_size = sizeof info};
  assert_ok(wrt_tier_get_info(t->number, &info));
  const uint32_t page = (uint32_t)(os_page() > 4096 ? os_page() : 4096);
  wrt_mem_config source = config_on(t, 4 * page, 8 * page);
  if (8 * page > ROOM) skip();
  source.page_len = page;
  wrt_mem *mem = make_from(t, &source);
  put_pattern(mem, 1, page, page);
  wrt_image *image = freeze(mem);
  for (uint32_t flags = 0; flags < 128; ++flags) {
    if ((flags & ~info.flags) != 0) continue;
    wrt_mem_config config = config_on(t, 0, 8 * page);
    config.image = image;
    config.flags = flags;
    if ((flags & WRT_MEM_GUARD) != 0) config.guard_len = page;
    wrt_mem *other = make_from(t, &config);
    assert_zeros(other, 0, page);
    assert_pattern(other, 1, page, page);
    assert_zeros(other, 2 * page, 2 * page);
    uint64_t old_pages = 0;
    assert_ok(wrt_mem_grow(other, 4, &old_pages));
    assert_zeros(other, 2 * page, 6 * page);
    assert_ok(wrt_mem_fill(other, 0, 0xEE, 8 * page));
    assert_ok(wrt_mem_discard(other, 0, 2 * page));
    assert_zeros(other, 0, 2 * page);
    if ((flags & WRT_MEM_SHARED) != 0) {
      assert_status(WRT_ERR_UNSUPPORTED, wrt_mem_reset(other));
    } else {
      assert_ok(wrt_mem_resize(other, page));
      assert_ok(wrt_mem_reset(other));
      assert_int_equal(len_of(other), 4 * page);
      assert_zeros(other, 0, page);
      assert_pattern(other, 1, page, page);
      assert_zeros(other, 2 * page, 2 * page);
    }
    drop_last(t);
  }
  assert_ok(wrt_image_destroy(image));
}

static void an_image_of_a_shared_memory(void **state) {
  tier *t = *state;
  wrt_tier_info info = {.struct_size = sizeof info};
  assert_ok(wrt_tier_get_info(t->number, &info));
  if ((info.flags & WRT_MEM_SHARED) == 0) skip();
  wrt_mem_config config = config_on(t, LEN, ROOM);
  config.flags = WRT_MEM_SHARED;
  wrt_mem *mem = make_from(t, &config);
  put_pattern(mem, 1, 4096, 5000);
  put_pattern(mem, 1, 19000, LEN - 19000);
  wrt_image *image = freeze(mem);
  assert_int_equal(image_info_of(image).stored, 2 * 4096 + LEN - 16384);
  config = config_on(t, 0, 0);
  config.image = image;
  assert_frozen(make_from(t, &config));
  assert_ok(wrt_image_destroy(image));
}

static void an_allocator_that_refuses_changes_nothing(void **state) {
  tier *t = *state;
  if (t->source != HEAP && t->source != HEAP_WITHOUT_REALLOCATE) skip();
  wrt_image *image = image_on(t, WRT_VERIFY_FULL);
  wrt_mem_config config = config_on(t, 0, 0);
  config.image = image;
  config.verify = WRT_VERIFY_REDUNDANT;
  const size_t blocks = t->heap.live_blocks;
  wrt_mem *mem = POISON_POINTER;
  uint64_t nth = 0;
  for (;;) {
    heap_refuse_next(&t->heap, ++nth);
    const wrt_status status = wrt_mem_create_config(&config, &mem);
    heap_refuse_none(&t->heap);
    if (status == WRT_OK) break;
    assert_status(WRT_ERR_OUT_OF_MEMORY, status);
    assert_ptr_equal(mem, POISON_POINTER);
    assert_int_equal(t->heap.live_blocks, blocks);
  }
  assert_int_equal(nth, 5);
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_image_destroy(image));
}

static void a_pool_without_a_free_slot_refuses(void **state) {
  tier *t = *state;
  if (t->source != POOL) skip();
  wrt_image *image = image_on(t, WRT_VERIFY_DEFAULT);
  while (pool_info_of(t->pool).used < POOL_SLOTS) make(t, 1, ROOM);
  wrt_mem_config config = config_on(t, 0, 0);
  config.image = image;
  assert_refused(WRT_ERR_POOL_EXHAUSTED, &config);
  drop_last(t);
  assert_frozen(make_from(t, &config));
  assert_ok(wrt_image_destroy(image));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(zero_members_are_the_images),
      cmocka_unit_test(what_does_not_fit_the_image_is_refused),
      cmocka_unit_test(on_std_a_reservation_below_the_images_length_is_an_invalid_argument),
      cmocka_unit_test(reset_goes_back_to_the_image_whatever_was_done),
      cmocka_unit_test(any_level_may_start_from_an_image_of_any_level),
      cmocka_unit_test(a_memory_from_an_image_is_checked_as_any_other),
      cmocka_unit_test(a_corrupted_image_is_noticed_when_it_is_used),
      cmocka_unit_test(a_clone_resets_to_the_image_of_its_source),
      cmocka_unit_test(an_image_of_a_memory_from_an_image),
      cmocka_unit_test(the_image_may_be_of_another_tier),
      cmocka_unit_test(any_borrow_makes_reset_busy),
      cmocka_unit_test(two_memories_of_one_image_share_nothing_that_is_written),
      cmocka_unit_test(every_flag_of_the_tier_goes_with_an_image),
      cmocka_unit_test(an_image_of_a_shared_memory),
      cmocka_unit_test(an_allocator_that_refuses_changes_nothing),
      cmocka_unit_test(a_pool_without_a_free_slot_refuses),
  };
  return RUN_ON_EACH_TIER("memories from an image", tests);
}
