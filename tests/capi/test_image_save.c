/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stream.h"

static wrt_image *patterned(tier *t, uint64_t len) {
  wrt_mem *mem = make(t, len, ROOM);
  put_pattern(mem, 1, 0, len);
  wrt_image *image = freeze(mem);
  assert_ok(wrt_mem_destroy(mem));
  return image;
}

/* Takes both. */
static void assert_saved_as(wrt_image *image, stream *wanted) {
  stream got = save(image);
  assert_int_equal(got.len, wanted->len);
  assert_memory_equal(got.bytes, wanted->bytes, wanted->len);
  close_stream(&got);
  close_stream(wanted);
  assert_ok(wrt_image_destroy(image));
}

static void the_bytes_are_those_that_the_format_says(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 20480, 40960);
  config.page_len = 2048;
  wrt_mem *mem = make_from(t, &config);
  assert_ok(wrt_mem_fill(mem, 4096, 7, 8192));
  assert_ok(wrt_mem_fill(mem, 16384, 9, 4096));
  wrt_image *image = freeze(mem);
  stream wanted = {0};
  add_header(&wanted, 20480, 40960, 2048);
  add_run(&wanted, 4096, 8192, 7);
  add_run(&wanted, 16384, 4096, 9);
  add_end(&wanted, 20480);
  assert_saved_as(image, &wanted);
}

static void the_last_run_ends_with_the_contents(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 4100, 5000);
  assert_ok(wrt_mem_fill(mem, 4096, 3, 4));
  wrt_image *image = freeze(mem);
  stream wanted = {0};
  add_header(&wanted, 4100, 5000, 1);
  add_run(&wanted, 4096, 4, 3);
  add_end(&wanted, 4100);
  assert_saved_as(image, &wanted);
}

/* One that comes from an image need not be of whole pages. */
static void a_maximum_is_saved_in_whole_pages(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 0, 5000);
  wrt_image *first = freeze(mem);
  wrt_mem_config config = config_on(t, 0, 0);
  config.page_len = 2048;
  config.image = first;
  wrt_mem *paged = make_from(t, &config);
  wrt_image *image = freeze(paged);
  stream wanted = {0};
  add_header(&wanted, 0, 4096, 2048);
  add_end(&wanted, 0);
  assert_saved_as(image, &wanted);
  assert_ok(wrt_image_destroy(first));
}

/* tests/image/golden.wrtimage, by what can be checked without a file: little-endian machines and others write it, and
 * read it again. */
static void the_golden_image_is_the_same_on_every_machine(void **state) {
  tier *t = *state;
  enum { GOLDEN = 3 * 4096 + 100 };
  wrt_mem_config config = config_on(t, GOLDEN, ROOM);
  config.page_len = 4;
  wrt_mem *mem = make_from(t, &config);
  for (uint32_t i = 4096; i < 8192; ++i) {
    const uint8_t byte = (uint8_t)(i * 167 + (i >> 8));
    assert_ok(wrt_mem_write(mem, i, &byte, 1));
  }
  for (uint32_t i = 0; i < 50; ++i) assert_ok(wrt_mem_write(mem, GOLDEN - 50 + i, &(uint8_t){(uint8_t)i}, 1));
  wrt_image *image = freeze(mem);
  stream s = save(image);
  assert_int_equal(s.len, 4316);
  assert_int_equal(crc32c(s.bytes, s.len), 0xC290B02B);
  assert_ok(wrt_image_destroy(image));
  const wrt_mem_config where = config_on(t, 0, ROOM);
  assert_ok(load(&where, &s, &image));
  config = config_on(t, 0, 0);
  config.image = image;
  wrt_mem *other = make_from(t, &config);
  int32_t equal = 0;
  assert_ok(wrt_mem_equal(mem, other, &equal));
  assert_int_equal(equal, 1);
  assert_int_equal(info_of(other).page_len, 4);
  close_stream(&s);
  assert_ok(wrt_image_destroy(image));
}

static void an_empty_image_and_one_of_zeros_are_72_bytes(void **state) {
  tier *t = *state;
  static const uint64_t lens[] = {0, 1, 4096, ROOM};
  for (size_t i = 0; i < sizeof lens / sizeof lens[0]; ++i) {
    wrt_mem *mem = make(t, lens[i], ROOM);
    wrt_image *image = freeze(mem);
    stream got = save(image);
    assert_int_equal(got.len, HEADER + RUN_HEADER + CHECK);
    close_stream(&got);
    assert_ok(wrt_image_destroy(image));
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void the_same_image_is_saved_the_same_again(void **state) {
  tier *t = *state;
  wrt_image *image = patterned(t, 30000);
  stream first = save(image);
  stream second = save(image);
  assert_int_equal(first.len, second.len);
  assert_memory_equal(first.bytes, second.bytes, first.len);
  close_stream(&first);
  close_stream(&second);
  assert_ok(wrt_image_destroy(image));
}

typedef struct bad_writer {
  uint64_t good_calls; /* then it misbehaves */
  size_t answer;       /* added to n */
  uint64_t calls;
} bad_writer;

static size_t misbehave(void *context, const void *data, size_t n) {
  bad_writer *writer = context;
  (void)data;
  return writer->calls++ < writer->good_calls ? n : n + writer->answer;
}

static void another_number_than_n_is_io_and_ends_it(void **state) {
  tier *t = *state;
  wrt_image *image = patterned(t, 10000);
  static const size_t answers[] = {(size_t)-1, 1, (size_t)-4, SIZE_MAX / 2};
  stream good = save(image);
  for (size_t a = 0; a < sizeof answers / sizeof answers[0]; ++a) {
    for (uint64_t k = 0; k < good.calls; ++k) {
      bad_writer writer = {k, answers[a], 0};
      assert_status(WRT_ERR_IO, wrt_image_save(image, misbehave, &writer));
      assert_int_equal(writer.calls, k + 1);
    }
  }
  close_stream(&good);
  assert_ok(wrt_image_destroy(image));
}

static size_t count_calls(void *context, const void *data, size_t n) {
  (void)data;
  ++*(int *)context;
  return n;
}

static void a_null_writer_is_an_invalid_argument(void **state) {
  tier *t = *state;
  wrt_image *image = patterned(t, 100);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_image_save(image, NULL, NULL));
  assert_ok(wrt_image_destroy(image));
}

static void a_bad_handle_is_refused_and_the_writer_never_called(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_IMAGE);
  int calls = 0;
  for (size_t i = 0; i < bad.count; ++i) {
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_save(bad.values[i], count_calls, &calls));
    assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_save(bad.values[i], NULL, NULL)); /* before the arguments */
  }
  assert_status(WRT_ERR_INVALID_HANDLE, wrt_image_save(NULL, count_calls, &calls));
  assert_int_equal(calls, 0);
}

/* Rule 9: callbacks run with no lock held, and may use what is not in progress. */
static size_t use_the_library(void *context, const void *data, size_t n) {
  tier *t = context;
  (void)data;
  wrt_mem *mem = make(t, 100, ROOM);
  assert_ok(wrt_mem_fill(mem, 0, 1, 100));
  assert_ok(wrt_mem_destroy(mem));
  t->made_count--;
  return n;
}

static void the_writer_may_use_the_library(void **state) {
  tier *t = *state;
  wrt_image *image = patterned(t, 10000);
  assert_ok(wrt_image_save(image, use_the_library, t));
  assert_ok(wrt_image_destroy(image));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_bytes_are_those_that_the_format_says),
      cmocka_unit_test(the_golden_image_is_the_same_on_every_machine),
      cmocka_unit_test(the_last_run_ends_with_the_contents),
      cmocka_unit_test(a_maximum_is_saved_in_whole_pages),
      cmocka_unit_test(an_empty_image_and_one_of_zeros_are_72_bytes),
      cmocka_unit_test(the_same_image_is_saved_the_same_again),
      cmocka_unit_test(another_number_than_n_is_io_and_ends_it),
      cmocka_unit_test(a_null_writer_is_an_invalid_argument),
      cmocka_unit_test(a_bad_handle_is_refused_and_the_writer_never_called),
      cmocka_unit_test(the_writer_may_use_the_library),
  };
  return RUN_ON_EACH_TIER("wrt_image_save", tests);
}
