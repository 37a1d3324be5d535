/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stream.h"

static int calls;

static size_t count_calls(void *context, void *data, size_t n) {
  (void)context;
  (void)data;
  (void)n;
  ++calls;
  return 0;
}

/* The answer comes before anything is read. */
static void assert_refused(wrt_status expected, const wrt_mem_config *where, wrt_read_fn read) {
  wrt_image *image = POISON_POINTER;
  calls = 0;
  assert_status(expected, wrt_image_load(where, read, NULL, &image));
  assert_ptr_equal(image, POISON_POINTER);
  assert_int_equal(calls, 0);
}

static wrt_mem *thaw(tier *t, const wrt_image *image) {
  wrt_mem_config config = config_on(t, 0, 0);
  config.image = image;
  return make_from(t, &config);
}

/* Two runs with a hole before, between and behind them. */
static stream saved(tier *t, uint64_t len) {
  wrt_mem *mem = make(t, len, ROOM);
  if (len > 8192) put_pattern(mem, 1, 5000, 100);
  if (len > 20000) put_pattern(mem, 2, 16384, 3000);
  wrt_image *image = freeze(mem);
  stream s = save(image);
  assert_ok(wrt_image_destroy(image));
  assert_ok(wrt_mem_destroy(mem));
  return s;
}

static void what_was_saved_is_loaded(void **state) {
  tier *t = *state;
  static const uint64_t lens[] = {0, 1, 4095, 4096, 4097, 20001, 50000, ROOM};
  for (size_t i = 0; i < sizeof lens / sizeof lens[0]; ++i) {
    wrt_mem *mem = make(t, lens[i], ROOM);
    put_pattern(mem, 1, lens[i] / 2, lens[i] - lens[i] / 2);
    wrt_image *first = freeze(mem);
    stream s = save(first);
    const wrt_mem_config where = config_on(t, 0, ROOM);
    wrt_image *second = NULL;
    assert_ok(load(&where, &s, &second));
    const wrt_image_info wanted = image_info_of(first);
    const wrt_image_info got = image_info_of(second);
    assert_memory_equal(&got, &wanted, sizeof got);
    wrt_mem *other = thaw(t, second);
    int32_t equal = 0;
    assert_ok(wrt_mem_equal(mem, other, &equal));
    assert_int_equal(equal, 1);
    stream again = save(second);
    assert_int_equal(again.len, s.len);
    assert_memory_equal(again.bytes, s.bytes, s.len);
    close_stream(&s);
    close_stream(&again);
    assert_ok(wrt_image_destroy(first));
    assert_ok(wrt_image_destroy(second));
    assert_ok(wrt_mem_destroy(other));
    assert_ok(wrt_mem_destroy(mem));
  }
}

/* Whatever tier it was saved on: all write the same bytes. */
static void what_another_tier_saved_is_loaded(void **state) {
  tier *t = *state;
  for (int source = 0; source < SOURCES; ++source) {
    if (!is_available((tier_source)source)) continue;
    tier *from = open_tier((tier_source)source);
    if (!has_images(from)) {
      close_tier(from);
      continue;
    }
    stream s = saved(from, 30000);
    close_tier(from);
    stream mine = saved(t, 30000);
    assert_int_equal(s.len, mine.len);
    assert_memory_equal(s.bytes, mine.bytes, s.len);
    const wrt_mem_config where = config_on(t, 0, ROOM);
    wrt_image *image = NULL;
    assert_ok(load(&where, &s, &image));
    wrt_mem *mem = thaw(t, image);
    assert_zeros(mem, 0, 5000);
    assert_pattern(mem, 1, 5000, 100);
    assert_zeros(mem, 5100, 16384 - 5100);
    assert_pattern(mem, 2, 16384, 3000);
    assert_zeros(mem, 19384, 30000 - 19384);
    assert_ok(wrt_mem_destroy(mem));
    assert_ok(wrt_image_destroy(image));
    close_stream(&s);
    close_stream(&mine);
  }
}

static void nothing_past_the_end_is_asked_for(void **state) {
  tier *t = *state;
  stream s = saved(t, 30000);
  const size_t len = s.len;
  add_bytes(&s, "trailing", 8);
  const wrt_mem_config where = config_on(t, 0, ROOM);
  wrt_image *image = NULL;
  assert_ok(load(&where, &s, &image));
  assert_int_equal(s.at, len);
  assert_ok(wrt_image_destroy(image));
  close_stream(&s);
}

static void the_reader_may_give_less_than_it_is_asked_for(void **state) {
  tier *t = *state;
  stream s = saved(t, 30000);
  const wrt_mem_config where = config_on(t, 0, ROOM);
  for (s.most = 1; s.most < 5000; s.most = 3 * s.most + 1) {
    wrt_image *image = NULL;
    assert_ok(load(&where, &s, &image));
    assert_pattern(thaw(t, image), 2, 16384, 3000);
    assert_ok(wrt_mem_destroy(t->made[--t->made_count]));
    assert_ok(wrt_image_destroy(image));
  }
  close_stream(&s);
}

typedef struct bad_reader {
  stream *s;
  uint64_t good_calls; /* then it misbehaves */
  size_t answer;       /* SIZE_MAX, or what is added to n */
} bad_reader;

static size_t misbehave(void *context, void *data, size_t n) {
  bad_reader *reader = context;
  if (reader->s->calls < reader->good_calls) return stream_read(reader->s, data, n);
  reader->s->calls++;
  return reader->answer == SIZE_MAX ? SIZE_MAX : n + reader->answer;
}

static void a_reader_that_fails_is_io_and_no_image_is_left(void **state) {
  tier *t = *state;
  stream s = saved(t, 30000);
  const wrt_mem_config where = config_on(t, 0, ROOM);
  wrt_image *image = NULL;
  assert_ok(load(&where, &s, &image));
  assert_ok(wrt_image_destroy(image));
  const uint64_t good = s.calls;
  const size_t blocks = t->heap.live_blocks;
  static const size_t answers[] = {SIZE_MAX, 1, SIZE_MAX / 2};
  for (size_t a = 0; a < sizeof answers / sizeof answers[0]; ++a) {
    for (uint64_t k = 0; k < good; ++k) {
      s.at = 0;
      s.calls = 0;
      bad_reader reader = {&s, k, answers[a]};
      image = POISON_POINTER;
      assert_status(WRT_ERR_IO, wrt_image_load(&where, misbehave, &reader, &image));
      assert_ptr_equal(image, POISON_POINTER);
      assert_int_equal(s.calls, k + 1);
      assert_int_equal(t->heap.live_blocks, blocks);
    }
  }
  if (t->pool != NULL) assert_int_equal(pool_info_of(t->pool).used, 0);
  close_stream(&s);
}

static void a_length_above_the_maximum_is_beyond_the_limit(void **state) {
  tier *t = *state;
  stream s = saved(t, 30000);
  wrt_mem_config where = config_on(t, 0, 29999);
  wrt_image *image = POISON_POINTER;
  assert_status(WRT_ERR_LIMIT, load(&where, &s, &image));
  assert_ptr_equal(image, POISON_POINTER);
  assert_int_equal(s.at, HEADER); /* nothing was obtained, and no more was read */
  where.max_len = 30000;
  assert_ok(load(&where, &s, &image));
  assert_int_equal(image_info_of(image).max_len, 30000);
  assert_ok(wrt_image_destroy(image));
  where.max_len = 0;
  where.flags = WRT_MEM_EXACT_MAX;
  assert_status(WRT_ERR_LIMIT, load(&where, &s, &image));
  close_stream(&s);
}

/* The maximum is the stored one, or what `where` allows if that is less: a multiple of the page length. */
static void the_maximum_is_cut_to_what_there_is_room_for(void **state) {
  tier *t = *state;
  stream s = {0};
  add_header(&s, 4096, UINT64_C(1) << 40, 4096);
  add_end(&s, 4096);
  wrt_mem_config where = config_on(t, 0, 10000);
  wrt_image *image = NULL;
  assert_ok(load(&where, &s, &image));
  assert_int_equal(image_info_of(image).max_len, 8192);
  assert_int_equal(image_info_of(image).page_len, 4096);
  assert_ok(wrt_image_destroy(image));
  if (t->number == WRT_TIER_STATIC) {
    where.max_len = 0; /* the slot */
    assert_ok(load(&where, &s, &image));
    assert_int_equal(image_info_of(image).max_len, ROOM);
    assert_ok(wrt_image_destroy(image));
  }
  close_stream(&s);
}

static void without_a_where_it_is_the_default_tier(void **state) {
  tier *t = *state;
  wrt_tier_info info = {.struct_size = sizeof info};
  assert_ok(wrt_tier_get_info(WRT_TIER_DEFAULT, &info));
  stream s = saved(t, 1000);
  wrt_image *image = NULL;
  assert_ok(load(NULL, &s, &image));
  assert_int_equal(image_info_of(image).len, 1000);
  assert_ok(wrt_image_destroy(image));
  close_stream(&s);
}

static void the_budget_and_the_image_in_where_are_not_held(void **state) {
  tier *t = *state;
  stream s = saved(t, 1000);
  wrt_budget *budget = make_budget(10, NULL);
  wrt_image *other = freeze(make(t, 5, ROOM));
  wrt_mem_config where = config_on(t, 0, ROOM);
  where.budget = budget;
  where.image = other;
  wrt_image *image = NULL;
  assert_ok(load(&where, &s, &image));
  assert_int_equal(budget_info_of(budget).used, 0);
  assert_ok(wrt_budget_destroy(budget));
  assert_ok(wrt_image_destroy(other));
  assert_int_equal(image_info_of(image).len, 1000);
  assert_ok(wrt_image_destroy(image));
  close_stream(&s);
}

static void an_allocator_or_a_pool_that_refuses_leaves_nothing(void **state) {
  tier *t = *state;
  stream s = saved(t, 30000);
  wrt_mem_config where = config_on(t, 0, ROOM);
  where.verify = WRT_VERIFY_REDUNDANT;
  wrt_image *image = POISON_POINTER;
  if (where.allocator != NULL) {
    uint64_t nth = 0;
    for (;;) {
      heap_refuse_next(&t->heap, ++nth);
      const wrt_status status = load(&where, &s, &image);
      heap_refuse_none(&t->heap);
      if (status == WRT_OK) break;
      assert_status(WRT_ERR_OUT_OF_MEMORY, status);
      assert_ptr_equal(image, POISON_POINTER);
      assert_int_equal(t->heap.live_blocks, 0);
    }
    assert_int_equal(nth, 5); /* two copies, each with its check values */
    assert_ok(wrt_image_destroy(image));
  }
  if (t->source == POOL) {
    while (pool_info_of(t->pool).used < POOL_SLOTS - 1) make(t, 1, ROOM);
    assert_status(WRT_ERR_POOL_EXHAUSTED, load(&where, &s, &image));
    assert_ptr_equal(image, POISON_POINTER);
    assert_int_equal(pool_info_of(t->pool).used, POOL_SLOTS - 1);
    where.verify = WRT_VERIFY_FULL;
    assert_ok(load(&where, &s, &image));
    assert_status(WRT_ERR_POOL_EXHAUSTED, load(&where, &s, &image));
    assert_ok(wrt_image_destroy(image));
  }
  close_stream(&s);
}

static void null_pointers_are_invalid_arguments(void **state) {
  tier *t = *state;
  const wrt_mem_config where = config_on(t, 0, ROOM);
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &where, NULL);
  assert_refused(WRT_ERR_INVALID_ARGUMENT, NULL, NULL);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_image_load(&where, count_calls, NULL, NULL));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_image_load(NULL, count_calls, NULL, NULL));
}

static void a_malformed_where_is_an_invalid_argument(void **state) {
  tier *t = *state;
  for (uint32_t size = 0; size < sizeof(wrt_mem_config); ++size) {
    wrt_mem_config where = config_on(t, 0, ROOM);
    where.struct_size = size;
    assert_refused(WRT_ERR_INVALID_ARGUMENT, &where, count_calls);
  }
  wrt_mem_config where = config_on(t, 0, ROOM);
  where.tier = 4;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &where, count_calls);
  where = config_on(t, 0, ROOM);
  where.reserved0 = 1;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &where, count_calls);
  if (t->number != WRT_TIER_ALLOC) return;
  where = config_on(t, 0, 0); /* the maximum must be stated */
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &where, count_calls);
}

static void a_where_of_a_later_release_is_accepted_when_its_tail_is_zero(void **state) {
  tier *t = *state;
  stream s = saved(t, 1000);
  for (size_t bad = 0; bad <= 64; ++bad) { /* 64: none */
    struct {
      wrt_mem_config config;
      uint8_t tail[64];
    } given = {config_on(t, 0, ROOM), {0}};
    given.config.struct_size = sizeof given;
    if (bad < 64) given.tail[bad] = 1;
    wrt_image *image = NULL;
    assert_status(bad < 64 ? WRT_ERR_INVALID_ARGUMENT : WRT_OK, load(&given.config, &s, &image));
    assert_ok(wrt_image_destroy(image));
  }
  close_stream(&s);
}

static void what_creation_refuses_is_refused_before_anything_is_read(void **state) {
  tier *t = *state;
  wrt_mem_config where = config_on(t, 0, ROOM);
  where.flags = WRT_MEM_SHARED;
  where.verify = WRT_VERIFY_FULL;
  assert_refused(WRT_ERR_UNSUPPORTED, &where, count_calls);
  where = config_on(t, 0, 1000);
  where.page_len = 512;
  assert_refused(WRT_ERR_MISALIGNED, &where, count_calls);
  where = config_on(t, 2000, 1000);
  assert_refused(WRT_ERR_LIMIT, &where, count_calls);
}

static void a_bad_handle_inside_where_is_refused(void **state) {
  tier *t = *state;
  static const handle_kind kinds[] = {KIND_POOL, KIND_BUDGET, KIND_IMAGE};
  for (size_t k = 0; k < 3; ++k) {
    if (kinds[k] == KIND_POOL && t->number != WRT_TIER_STATIC) continue;
    bad_handles bad;
    collect_bad_handles(&bad, t, kinds[k]);
    for (size_t i = 0; i < bad.count; ++i) {
      wrt_mem_config where = config_on(t, 0, ROOM);
      if (kinds[k] == KIND_POOL) where.pool = bad.values[i];
      if (kinds[k] == KIND_BUDGET) where.budget = bad.values[i];
      if (kinds[k] == KIND_IMAGE) where.image = bad.values[i];
      assert_refused(WRT_ERR_INVALID_HANDLE, &where, count_calls);
    }
    while (t->made_count > 0) (void)!wrt_mem_destroy(t->made[--t->made_count]);
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_was_saved_is_loaded),
      cmocka_unit_test(what_another_tier_saved_is_loaded),
      cmocka_unit_test(nothing_past_the_end_is_asked_for),
      cmocka_unit_test(the_reader_may_give_less_than_it_is_asked_for),
      cmocka_unit_test(a_reader_that_fails_is_io_and_no_image_is_left),
      cmocka_unit_test(a_length_above_the_maximum_is_beyond_the_limit),
      cmocka_unit_test(the_maximum_is_cut_to_what_there_is_room_for),
      cmocka_unit_test(without_a_where_it_is_the_default_tier),
      cmocka_unit_test(the_budget_and_the_image_in_where_are_not_held),
      cmocka_unit_test(an_allocator_or_a_pool_that_refuses_leaves_nothing),
      cmocka_unit_test(null_pointers_are_invalid_arguments),
      cmocka_unit_test(a_malformed_where_is_an_invalid_argument),
      cmocka_unit_test(a_where_of_a_later_release_is_accepted_when_its_tail_is_zero),
      cmocka_unit_test(what_creation_refuses_is_refused_before_anything_is_read),
      cmocka_unit_test(a_bad_handle_inside_where_is_refused),
  };
  return RUN_ON_EACH_TIER("wrt_image_load", tests);
}
