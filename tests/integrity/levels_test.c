/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Every level on every tier against a model, in a long random history; and a stray write now and then, by a pointer
 * that an ended borrow left behind. */
#include "support.h"

enum { LONGEST = 6000, FIRST_LEN = 1000, STEPS = 1500, LARGEST_BLOCK = 512 };

typedef struct subject {
  wrt_mem *mem;
  wrt_mem *other; /* of another level, to copy from and to */
  int32_t level;
  uint64_t len;
  uint64_t random;
  uint64_t stray; /* stray writes so far */
  uint8_t model[LONGEST];
  uint8_t other_model[FIRST_LEN];
  uint8_t buffer[LONGEST];
} subject;

static uint64_t below(subject *s, uint64_t n) { return n == 0 ? 0 : next_random(&s->random) % n; }

static range some_range(subject *s) {
  range r;
  r.offset = below(s, s->len + 1);
  r.n = below(s, s->len - r.offset + 1);
  if (below(s, 2) == 0 && r.n > 100) r.n %= 100;
  return r;
}

static void write_some(subject *s) {
  const range r = some_range(s);
  for (uint64_t i = 0; i < r.n; ++i) s->buffer[i] = (uint8_t)next_random(&s->random);
  assert_ok(wrt_mem_write(s->mem, r.offset, s->buffer, (size_t)r.n));
  memcpy(s->model + r.offset, s->buffer, (size_t)r.n);
}

static void fill_some(subject *s) {
  const range r = some_range(s);
  const uint8_t value = (uint8_t)below(s, 256);
  assert_ok(wrt_mem_fill(s->mem, r.offset, value, r.n));
  memset(s->model + r.offset, value, (size_t)r.n);
}

static void copy_some(subject *s) {
  const range r = some_range(s);
  const uint64_t to = below(s, s->len - r.n + 1);
  assert_ok(wrt_mem_copy(s->mem, to, s->mem, r.offset, r.n));
  memmove(s->model + to, s->model + r.offset, (size_t)r.n);
}

static void exchange_some(subject *s) {
  const uint64_t most = s->len < FIRST_LEN ? s->len : FIRST_LEN;
  const uint64_t n = below(s, most + 1);
  const uint64_t there = below(s, FIRST_LEN - n + 1);
  const uint64_t here = below(s, s->len - n + 1);
  if (below(s, 2) == 0) {
    assert_ok(wrt_mem_copy(s->mem, here, s->other, there, n));
    memcpy(s->model + here, s->other_model + there, (size_t)n);
  } else {
    assert_ok(wrt_mem_copy(s->other, there, s->mem, here, n));
    memcpy(s->other_model + there, s->model + here, (size_t)n);
  }
  assert_ok(wrt_mem_read(s->other, 0, s->buffer, FIRST_LEN));
  assert_memory_equal(s->buffer, s->other_model, FIRST_LEN);
  assert_ok(wrt_mem_verify(s->other, NULL));
}

static void resize_some(subject *s) {
  const uint64_t to = below(s, LONGEST + 1);
  assert_ok(wrt_mem_resize(s->mem, to));
  if (to < s->len) memset(s->model + to, 0, (size_t)(s->len - to));
  s->len = to;
}

static void discard_some(subject *s) {
  const range r = some_range(s);
  assert_ok(wrt_mem_discard(s->mem, r.offset, r.n));
  memset(s->model + r.offset, 0, (size_t)r.n);
}

static void borrow_some(subject *s) {
  const range r = some_range(s);
  uint8_t *data = borrow(s->mem, r.offset, r.n, WRT_BORROW_READ | WRT_BORROW_WRITE);
  if (r.n != 0) assert_memory_equal(data, s->model + r.offset, (size_t)r.n);
  for (uint64_t i = 0; i < r.n; ++i) data[i] = s->model[r.offset + i] = (uint8_t)next_random(&s->random);
  assert_ok(wrt_mem_verify(s->mem, NULL));
  assert_ok(wrt_mem_release(s->mem, data, r.n));
}

static uint64_t model_word(const subject *s, uint64_t at, uint32_t width) {
  uint64_t value = 0;
  for (uint32_t i = 0; i < width; ++i) value |= (uint64_t)s->model[at + i] << (8 * i);
  return value;
}

static void atomic_some(subject *s) {
  const uint32_t width = (uint32_t)1 << below(s, 4);
  if (s->len < width) return;
  const uint64_t at = below(s, s->len - width + 1) / width * width;
  const uint64_t before = model_word(s, at, width);
  uint64_t old = POISON;
  uint64_t after = before + 12345;
  switch (below(s, 4)) {
    case 0:
      assert_ok(wrt_mem_atomic_load(s->mem, at, width, &old));
      after = before;
      break;
    case 1:
      assert_ok(wrt_mem_atomic_store(s->mem, at, width, after));
      old = before;
      break;
    case 2:
      assert_ok(wrt_mem_atomic_rmw(s->mem, at, width, WRT_ATOMIC_ADD, 12345, &old));
      break;
    default:
      assert_ok(wrt_mem_atomic_cmpxchg(s->mem, at, width, before, after, &old));
  }
  assert_true(old == before);
  for (uint32_t i = 0; i < width; ++i) s->model[at + i] = (uint8_t)(after >> (8 * i));
}

static void clone_it(subject *s) {
  wrt_mem *clone = NULL;
  int32_t same = 0;
  assert_ok(wrt_mem_clone(s->mem, &clone));
  assert_ok(wrt_mem_equal(s->mem, clone, &same));
  assert_int_equal(same, 1);
  assert_int_equal(info_of(clone).verify, s->level);
  assert_ok(wrt_mem_verify(clone, NULL));
  assert_ok(wrt_mem_destroy(clone));
}

static void reset_it(subject *s) {
  assert_ok(wrt_mem_reset(s->mem));
  memset(s->model, 0, sizeof s->model);
  s->len = FIRST_LEN;
}

static void visit_another_level(subject *s) {
  assert_ok(wrt_mem_set_verify(s->mem, (int32_t)(1 + below(s, 6))));
  write_some(s);
  assert_ok(wrt_mem_verify(s->mem, NULL));
  assert_ok(wrt_mem_set_verify(s->mem, s->level));
}

static void (*const steps[])(subject *) = {
    write_some,   write_some,  write_some,  fill_some,   copy_some, exchange_some, resize_some,
    discard_some, borrow_some, atomic_some, atomic_some, clone_it,  reset_it,      visit_another_level,
};

static void check(subject *s) {
  assert_int_equal(len_of(s->mem), s->len);
  assert_ok(wrt_mem_read(s->mem, 0, s->buffer, (size_t)s->len));
  if (s->len != 0) assert_memory_equal(s->buffer, s->model, (size_t)s->len);
  assert_ok(wrt_mem_verify(s->mem, NULL));
}

/* One flipped bit in one copy: found where the level looks, mended where there is a second copy. */
static void stray_write(subject *s) {
  if (s->len == 0) return;
  const uint64_t at = below(s, s->len);
  const uint8_t bit = (uint8_t)(1U << below(s, 8));
  uint8_t *bytes = borrow(s->mem, 0, 0, WRT_BORROW_READ);
  assert_ok(wrt_mem_release(s->mem, bytes, 0));
  bytes[at] ^= bit;
  s->stray++;
  uint64_t first_bad = POISON;
  if (s->level == WRT_VERIFY_REDUNDANT) {
    assert_ok(wrt_mem_verify(s->mem, &first_bad));
    assert_int_equal(bytes[at], s->model[at]);
    return;
  }
  assert_status(WRT_ERR_CORRUPT, wrt_mem_verify(s->mem, &first_bad));
  assert_true(first_bad <= at && at - first_bad < LARGEST_BLOCK && first_bad % 64 == 0);
  if (s->level == WRT_VERIFY_FULL) {
    uint8_t byte = 0x11;
    assert_status(WRT_ERR_CORRUPT, wrt_mem_read(s->mem, at, &byte, 1));
    assert_int_equal(byte, 0x11);
  }
  wrt_mem *clone = POISON_POINTER;
  assert_status(WRT_ERR_CORRUPT, wrt_mem_clone(s->mem, &clone));
  assert_ptr_equal(clone, POISON_POINTER);
  bytes[at] ^= bit;
  assert_ok(wrt_mem_verify(s->mem, NULL));
}

static void live(tier *t, int32_t level) {
  subject *s = calloc(1, sizeof *s);
  assert_non_null(s);
  s->level = level;
  s->random = UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)level;
  s->len = FIRST_LEN;
  wrt_mem_config config = config_on(t, FIRST_LEN, LONGEST);
  config.verify = level;
  config.sample_interval = 3;
  s->mem = make_from(t, &config);
  config.verify = level == WRT_VERIFY_REDUNDANT ? WRT_VERIFY_OFF : level + 1;
  s->other = make_from(t, &config);
  for (int i = 0; i < STEPS; ++i) {
    steps[below(s, sizeof steps / sizeof steps[0])](s);
    check(s);
    if (level >= WRT_VERIFY_STANDARD && i % 7 == 0) stray_write(s);
  }
  const wrt_mem_stats stats = stats_of(s->mem);
  assert_int_equal(stats.repaired_blocks, level == WRT_VERIFY_REDUNDANT ? s->stray : 0);
  if (level == WRT_VERIFY_REDUNDANT) assert_int_equal(stats.corrupt_blocks, 0);
  assert_ok(wrt_mem_destroy(s->mem));
  assert_ok(wrt_mem_destroy(s->other));
  free(s);
}

static void off_behaves_as_the_model(void **state) { live(*state, WRT_VERIFY_OFF); }
static void basic_behaves_as_the_model(void **state) { live(*state, WRT_VERIFY_BASIC); }
static void standard_finds_every_stray_write(void **state) { live(*state, WRT_VERIFY_STANDARD); }
static void sampling_finds_every_stray_write(void **state) { live(*state, WRT_VERIFY_SAMPLING); }
static void full_finds_every_stray_write(void **state) { live(*state, WRT_VERIFY_FULL); }
static void redundant_mends_every_stray_write(void **state) { live(*state, WRT_VERIFY_REDUNDANT); }

static void the_tier_says_that_it_offers_the_levels(void **state) {
  tier *t = *state;
  wrt_tier_info info;
  info.struct_size = sizeof info;
  assert_ok(wrt_tier_get_info(t->number, &info));
  assert_true((info.features & WRT_FEATURE_INTEGRITY) != 0);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(off_behaves_as_the_model),
      cmocka_unit_test(basic_behaves_as_the_model),
      cmocka_unit_test(standard_finds_every_stray_write),
      cmocka_unit_test(sampling_finds_every_stray_write),
      cmocka_unit_test(full_finds_every_stray_write),
      cmocka_unit_test(redundant_mends_every_stray_write),
      cmocka_unit_test(the_tier_says_that_it_offers_the_levels),
  };
  return RUN_ON_EACH_TIER("levels", tests);
}
