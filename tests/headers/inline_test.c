/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * inline.h against an array of bytes: exhaustively for short lengths, at random for others. Compiled as C and as C++,
 * and with WRT_HOST_BIG_ENDIAN turned round: then the bytes must come out in the other order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wrtmem/inline.h>

enum { GUARD = 16, MOST = 300 };

static int host_is_big_endian(void) {
  const uint16_t one = 1;
  uint8_t first;
  memcpy(&first, &one, 1);
  return first == 0;
}

static void fail(int line, const char *promise, uint64_t len, uint64_t offset, uint64_t n) {
  fprintf(stderr, "inline_test.c:%d: not so: %s (len %llu, offset %llu, n %llu)\n", line, promise,
          (unsigned long long)len, (unsigned long long)offset, (unsigned long long)n);
  exit(1);
}
#define MUST(promise, condition, len, offset, n) \
  if (!(condition)) fail(__LINE__, promise, len, offset, n)

static uint64_t random_state = 0x9e3779b97f4a7c15U;
static uint64_t random_u64(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state;
}

static int inside(uint64_t len, uint64_t offset, uint64_t n) { return offset <= len && n <= len - offset; }

/* Where byte i of a value of n bytes lies, lowest first. */
static uint64_t place(uint64_t i, uint64_t n) {
  const int turned = host_is_big_endian() != WRT_HOST_BIG_ENDIAN;
  return turned ? n - 1 - i : i;
}

static wrt_status load(const wrt_view *view, uint64_t offset, uint64_t n, uint64_t *out) {
  uint8_t a = 0xa5;
  uint16_t b = 0xa5a5;
  uint32_t c = 0xa5a5a5a5U;
  uint64_t d = 0xa5a5a5a5a5a5a5a5U;
  wrt_status status;
  switch (n) {
    case 1:
      status = wrt_view_load_u8(view, offset, &a);
      *out = a;
      return status;
    case 2:
      status = wrt_view_load_u16(view, offset, &b);
      *out = b;
      return status;
    case 4:
      status = wrt_view_load_u32(view, offset, &c);
      *out = c;
      return status;
    default:
      status = wrt_view_load_u64(view, offset, &d);
      *out = d;
      return status;
  }
}

static wrt_status store(const wrt_view *view, uint64_t offset, uint64_t n, uint64_t value) {
  switch (n) {
    case 1:
      return wrt_view_store_u8(view, offset, (uint8_t)value);
    case 2:
      return wrt_view_store_u16(view, offset, (uint16_t)value);
    case 4:
      return wrt_view_store_u32(view, offset, (uint32_t)value);
    default:
      return wrt_view_store_u64(view, offset, value);
  }
}

/* The bytes under test, guards around them, and their model. */
static uint8_t bytes[GUARD + MOST + GUARD];
static uint8_t model[GUARD + MOST + GUARD];

static void try_access(const wrt_view *view, uint64_t offset, uint64_t n) {
  const uint64_t len = view->len;
  const int is_inside = inside(len, offset, n);
  const wrt_status wanted = is_inside ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS;
  const uint64_t untouched = 0xa5a5a5a5a5a5a5a5U >> (64 - 8 * n);
  const uint64_t value = random_u64();
  uint64_t loaded;
  uint64_t expected = untouched;
  uint64_t i;

  MUST("a range is inside when offset <= len && n <= len - offset", wrt_view_check(view, offset, n) == wanted, len,
       offset, n);

  if (is_inside) {
    expected = 0;
    for (i = 0; i < n; i++) expected |= (uint64_t)model[GUARD + offset + place(i, n)] << (8 * i);
  }
  MUST("a load answers as the range check does", load(view, offset, n, &loaded) == wanted, len, offset, n);
  MUST("a load gives the little-endian value, and a refused one gives nothing", loaded == expected, len, offset, n);

  if (is_inside)
    for (i = 0; i < n; i++) model[GUARD + offset + place(i, n)] = (uint8_t)(value >> (8 * i));
  MUST("a store answers as the range check does", store(view, offset, n, value) == wanted, len, offset, n);
  MUST("a store changes its own bytes, little-endian, and no other", memcmp(bytes, model, sizeof bytes) == 0, len,
       offset, n);
}

static uint64_t near(uint64_t where) { return where + random_u64() % 19 - 9; }

static uint64_t random_offset(uint64_t len) {
  switch (random_u64() % 8) {
    case 0:
      return near(0);
    case 1:
      return near(len);
    case 2:
      return near((uint64_t)1 << 32);
    case 3:
      return near(((uint64_t)1 << 32) + len);
    case 4:
      return near((uint64_t)1 << 63);
    case 5:
      return near(0 - len);
    case 6:
      return random_u64();
    default:
      return len == UINT64_MAX ? random_u64() : random_u64() % (len + 1);
  }
}

static wrt_view view_of(uint64_t len) {
  wrt_view view;
  view.base = bytes + GUARD;
  view.len = (size_t)len;
  return view;
}

static void short_lengths_exhaustively(void) {
  uint64_t len;
  uint64_t n;
  uint64_t offset;
  for (len = 0; len <= 20; len++) {
    const wrt_view view = view_of(len);
    for (n = 1; n <= 8; n *= 2) {
      for (offset = 0; offset <= len + 10; offset++) try_access(&view, offset, n);
      for (offset = UINT64_MAX - len - 10; offset != 0; offset++) try_access(&view, offset, n);
    }
  }
}

static void lengths_at_random(void) {
  int i;
  for (i = 0; i < 300000; i++) {
    const wrt_view view = view_of(random_u64() % (MOST + 1));
    try_access(&view, random_offset(view.len), (uint64_t)1 << random_u64() % 4);
  }
}

/* Ranges alone: no byte is touched, so that lengths need not be there. */
static void ranges_at_random(void) {
  int i;
  for (i = 0; i < 300000; i++) {
    const wrt_view view = view_of(random_offset(random_u64()));
    const uint64_t offset = random_offset(view.len);
    const uint64_t n = random_u64() % 2 == 0 ? random_offset(view.len - offset) : random_u64() % 9;
    const wrt_status wanted = inside(view.len, offset, n) ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS;
    MUST("a range is inside when offset <= len && n <= len - offset", wrt_view_check(&view, offset, n) == wanted,
         view.len, offset, n);
  }
}

static void a_new_length_is_seen_at_the_next_access(void) {
  wrt_view view = view_of(3);
  uint32_t loaded = 7;
  MUST("four bytes are not inside three", wrt_view_load_u32(&view, 0, &loaded) == WRT_ERR_OUT_OF_BOUNDS, 3, 0, 4);
  MUST("a refused load leaves the value alone", loaded == 7, 3, 0, 4);
  view.len = 4;
  MUST("four bytes are inside four", wrt_view_load_u32(&view, 0, &loaded) == WRT_OK, 4, 0, 4);
}

int main(void) {
  size_t i;
  for (i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)random_u64();
  memcpy(model, bytes, sizeof bytes);
  short_lengths_exhaustively();
  lengths_at_random();
  ranges_at_random();
  a_new_length_is_seen_at_the_next_access();
  return 0;
}
