/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stream.h"

/* Files that are no saved image: FORMAT, nothing is obtained for good, and no image is there. */

static uint64_t g_tried;

static void assert_not_loaded(tier *t, stream *s, wrt_status expected) {
  const wrt_mem_config where = config_on(t, 0, ROOM);
  wrt_image *image = POISON_POINTER;
  const size_t blocks = t->heap.live_blocks;
  assert_status(expected, load(&where, s, &image));
  assert_ptr_equal(image, POISON_POINTER);
  assert_int_equal(t->heap.live_blocks, blocks);
  if (t->pool != NULL) assert_int_equal(pool_info_of(t->pool).used, 0);
  g_tried++;
}

static void assert_no_format(tier *t, stream *s) { assert_not_loaded(t, s, WRT_ERR_FORMAT); }

static stream small_image(void) {
  stream s = {0};
  add_header(&s, 4100, 8192, 4);
  add_run(&s, 4096, 4, 7);
  add_end(&s, 4100);
  return s;
}

static stream larger_image(void) {
  stream s = {0};
  add_header(&s, 20000, ROOM, 1);
  add_run(&s, 0, 4096, 7);
  add_run(&s, 8192, 8192, 8);
  add_run(&s, 16384, 20000 - 16384, 9);
  add_end(&s, 20000);
  return s;
}

static void assert_loads(tier *t, stream *s) {
  const wrt_mem_config where = config_on(t, 0, ROOM);
  wrt_image *image = NULL;
  assert_ok(load(&where, s, &image));
  assert_int_equal(s->at, s->len);
  assert_ok(wrt_image_destroy(image));
}

static void cut_short_at_any_byte(void **state) {
  tier *t = *state;
  stream images[2] = {small_image(), larger_image()};
  for (int i = 0; i < 2; ++i) {
    const size_t len = images[i].len;
    assert_loads(t, &images[i]);
    for (images[i].len = 0; images[i].len < len; images[i].len += images[i].len < 200 ? 1 : 61) {
      assert_no_format(t, &images[i]);
    }
    close_stream(&images[i]);
  }
}

/* A length that is flipped is noticed by the header's check value before it counts for anything. */
static void flipped_in_any_bit(void **state) {
  tier *t = *state;
  stream s = small_image();
  for (size_t bit = 0; bit < 8 * s.len; ++bit) {
    s.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    assert_no_format(t, &s);
    s.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
  }
  assert_loads(t, &s);
  close_stream(&s);
}

static void flipped_in_any_two_bits_of_the_header(void **state) {
  tier *t = *state;
  stream s = small_image();
  for (size_t a = 0; a < 8 * HEADER; ++a) {
    for (size_t b = 0; b < a; ++b) {
      s.bytes[a / 8] ^= (uint8_t)(1U << a % 8);
      s.bytes[b / 8] ^= (uint8_t)(1U << b % 8);
      assert_no_format(t, &s);
      s.bytes[a / 8] ^= (uint8_t)(1U << a % 8);
      s.bytes[b / 8] ^= (uint8_t)(1U << b % 8);
    }
  }
  close_stream(&s);
}

static void any_byte_set_to_any_value(void **state) {
  tier *t = *state;
  stream s = small_image();
  for (size_t i = 0; i < s.len; ++i) {
    const uint8_t was = s.bytes[i];
    for (int value = 0; value < 256; ++value) {
      if (value == was) continue;
      s.bytes[i] = (uint8_t)value;
      assert_no_format(t, &s);
    }
    s.bytes[i] = was;
  }
  close_stream(&s);
}

static void a_header_that_contradicts_itself(void **state) {
  tier *t = *state;
  static const uint64_t headers[][3] = {
      {100, 99, 1},    {100, 200, 0},      {100, 200, 3},      {100, 200, UINT64_MAX},    {100, 192, 64},
      {128, 200, 64},  {1, UINT64_MAX, 2}, {2, UINT64_MAX, 2}, {0, 1, UINT64_C(1) << 63}, {UINT64_MAX, 0, 1},
      {4096, 4095, 1},
  };
  for (size_t i = 0; i < sizeof headers / sizeof headers[0]; ++i) {
    stream s = {0};
    add_header(&s, headers[i][0], headers[i][1], headers[i][2]);
    add_end(&s, headers[i][0]);
    assert_no_format(t, &s);
    close_stream(&s);
  }
}

static void a_header_with_another_member_than_this_version_knows(void **state) {
  tier *t = *state;
  static const struct {
    size_t at;
    uint32_t value;
  } others[] = {{0, 1}, {8, 0}, {8, 2}, {8, 0x01000000}, {12, 1}, {12, 0x80000000}, {40, 1}, {40, 0x80000000}};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i) {
    stream s = {0};
    add_header(&s, 100, 200, 1);
    put_u32(s.bytes + others[i].at, others[i].value);
    put_u32(s.bytes + 44, crc32c(s.bytes, 44));
    add_end(&s, 100);
    assert_no_format(t, &s);
    close_stream(&s);
  }
}

typedef struct given_run {
  uint64_t offset;
  uint64_t n;
} given_run;

static void assert_runs_are_no_format(tier *t, const given_run *runs, size_t count) {
  stream s = {0};
  add_header(&s, 20000, ROOM, 1);
  for (size_t i = 0; i < count; ++i) add_run(&s, runs[i].offset, runs[i].n, (uint8_t)(i + 1));
  add_end(&s, 20000);
  assert_no_format(t, &s);
  close_stream(&s);
}

static void runs_that_overlap_or_go_back_or_out_or_off_the_grain(void **state) {
  tier *t = *state;
  static const given_run twice[] = {{4096, 4096}, {4096, 4096}};
  static const given_run overlapping[] = {{4096, 8192}, {8192, 4096}};
  static const given_run backwards[] = {{8192, 4096}, {4096, 4096}};
  static const given_run off[] = {{100, 4096}};
  static const given_run odd[] = {{4096, 100}};
  static const given_run out[] = {{16384, 4096}};
  static const given_run beyond[] = {{20480, 4096}};
  assert_runs_are_no_format(t, twice, 2);
  assert_runs_are_no_format(t, overlapping, 2);
  assert_runs_are_no_format(t, backwards, 2);
  assert_runs_are_no_format(t, off, 1);
  assert_runs_are_no_format(t, odd, 1);
  assert_runs_are_no_format(t, out, 1);
  assert_runs_are_no_format(t, beyond, 1);
}

static void runs_so_long_that_a_sum_overflows(void **state) {
  tier *t = *state;
  static const given_run runs[] = {{4096, UINT64_MAX},        {4096, UINT64_MAX - 4095}, {UINT64_MAX - 4095, 4096},
                                   {UINT64_MAX - 4095, 8192}, {0, UINT64_C(1) << 63},    {UINT64_C(1) << 63, 4096},
                                   {0, UINT64_C(1) << 40},    {UINT64_MAX, UINT64_MAX},  {0, 20001}};
  for (size_t i = 0; i < sizeof runs / sizeof runs[0]; ++i) {
    stream s = {0};
    uint8_t head[16];
    uint8_t check[4];
    add_header(&s, 20000, ROOM, 1);
    put_u64(head, runs[i].offset);
    put_u64(head + 8, runs[i].n);
    put_u32(check, crc32c(head, sizeof head));
    add_bytes(&s, head, sizeof head);
    add_bytes(&s, check, sizeof check);
    for (int k = 0; k < 5000; ++k) add_bytes(&s, "abcdefgh", 8);
    assert_no_format(t, &s);
    close_stream(&s);
  }
}

static void an_end_that_is_not_where_the_contents_end(void **state) {
  tier *t = *state;
  static const uint64_t ends[] = {0, 1, 19999, 20001, 16384, UINT64_MAX};
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; ++i) {
    stream s = {0};
    add_header(&s, 20000, ROOM, 1);
    add_run(&s, 0, 4096, 1);
    add_end(&s, ends[i]);
    assert_no_format(t, &s);
    close_stream(&s);
  }
}

/* Each part is good by itself: the check value of the whole says that they do not belong together. */
static void two_images_mixed(void **state) {
  tier *t = *state;
  stream a = {0};
  stream b = {0};
  add_header(&a, 4100, 8192, 4);
  add_run(&a, 4096, 4, 7);
  add_end(&a, 4100);
  add_header(&b, 4100, 8192, 4);
  add_run(&b, 4096, 4, 8);
  add_end(&b, 4100);
  memcpy(a.bytes + HEADER, b.bytes + HEADER, RUN_HEADER + 4 + CHECK);
  assert_no_format(t, &a);
  close_stream(&a);
  close_stream(&b);
}

/* Zeros that are stored nevertheless, and runs that touch, are what another writer may write. */
static void what_another_writer_may_write_is_loaded(void **state) {
  tier *t = *state;
  stream s = {0};
  add_header(&s, 20000, ROOM, 1);
  add_run(&s, 0, 4096, 0);
  add_run(&s, 4096, 4096, 5);
  add_run(&s, 8192, 4096, 6);
  add_end(&s, 20000);
  const wrt_mem_config where = config_on(t, 0, ROOM);
  wrt_image *image = NULL;
  assert_ok(load(&where, &s, &image));
  assert_int_equal(image_info_of(image).stored, 8192);
  assert_ok(wrt_image_destroy(image));
  close_stream(&s);
}

/* A few bytes that say 1 TiB get nothing but an answer. */
static void a_tiny_file_that_says_a_lot(void **state) {
  tier *t = *state;
  static const uint64_t lens[] = {ROOM + 4096, UINT64_C(1) << 32, UINT64_C(1) << 40, UINT64_C(1) << 62};
  for (size_t i = 0; i < sizeof lens / sizeof lens[0]; ++i) {
    stream s = {0};
    add_header(&s, lens[i], UINT64_C(1) << 63, 4096);
    add_end(&s, lens[i]);
    const uint64_t allocations = t->heap.calls;
    assert_not_loaded(t, &s, WRT_ERR_LIMIT);
    assert_int_equal(t->heap.calls, allocations);
    assert_int_equal(s.at, HEADER);
    close_stream(&s);
  }
}

static void random_bytes_with_or_without_a_good_header(void **state) {
  tier *t = *state;
  uint64_t random = UINT64_C(0x243F6A8885A308D3);
  for (int i = 0; i < 2000; ++i) {
    stream s = {0};
    if ((i & 1) != 0) add_header(&s, 20000, ROOM, 1);
    const uint64_t n = next_random(&random) % 200;
    for (uint64_t k = 0; k < n; ++k) {
      const uint64_t word = next_random(&random);
      add_bytes(&s, &word, 1);
    }
    assert_no_format(t, &s);
    close_stream(&s);
  }
}

static void count_them(void **state) {
  (void)state;
  print_message("# %llu hostile images tried\n", (unsigned long long)g_tried);
  assert_true(g_tried > 100000);
  g_tried = 0;
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(cut_short_at_any_byte),
      cmocka_unit_test(flipped_in_any_bit),
      cmocka_unit_test(flipped_in_any_two_bits_of_the_header),
      cmocka_unit_test(any_byte_set_to_any_value),
      cmocka_unit_test(a_header_that_contradicts_itself),
      cmocka_unit_test(a_header_with_another_member_than_this_version_knows),
      cmocka_unit_test(runs_that_overlap_or_go_back_or_out_or_off_the_grain),
      cmocka_unit_test(runs_so_long_that_a_sum_overflows),
      cmocka_unit_test(an_end_that_is_not_where_the_contents_end),
      cmocka_unit_test(two_images_mixed),
      cmocka_unit_test(what_another_writer_may_write_is_loaded),
      cmocka_unit_test(a_tiny_file_that_says_a_lot),
      cmocka_unit_test(random_bytes_with_or_without_a_good_header),
      cmocka_unit_test(count_them),
  };
  return RUN_ON_EACH_TIER("hostile images", tests);
}
