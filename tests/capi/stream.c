/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "stream.h"

size_t stream_write(void *context, const void *data, size_t n) {
  stream *s = context;
  s->calls++;
  add_bytes(s, data, n);
  return n;
}

size_t stream_read(void *context, void *data, size_t n) {
  stream *s = context;
  s->calls++;
  size_t given = s->len - s->at;
  if (given > n) given = n;
  if (s->most != 0 && given > s->most) given = s->most;
  if (given != 0) memcpy(data, s->bytes + s->at, given);
  s->at += given;
  return given;
}

void close_stream(stream *s) {
  free(s->bytes);
  memset(s, 0, sizeof *s);
}

stream save(const wrt_image *image) {
  stream s = {0};
  assert_ok(wrt_image_save(image, stream_write, &s));
  return s;
}

wrt_status load(const wrt_mem_config *where, stream *s, wrt_image **out) {
  s->at = 0;
  s->calls = 0;
  return wrt_image_load(where, stream_read, s, out);
}

uint32_t crc32c(const uint8_t *bytes, size_t n) { return crc32c_after(0, bytes, n); }

uint32_t crc32c_after(uint32_t before, const uint8_t *bytes, size_t n) {
  uint32_t crc = ~before;
  for (size_t i = 0; i < n; ++i) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82f63b78U : 0);
  }
  return ~crc;
}

void put_u32(uint8_t *to, uint32_t value) {
  for (int i = 0; i < 4; ++i) to[i] = (uint8_t)(value >> 8 * i);
}

void put_u64(uint8_t *to, uint64_t value) {
  for (int i = 0; i < 8; ++i) to[i] = (uint8_t)(value >> 8 * i);
}

void add_bytes(stream *s, const void *bytes, size_t n) {
  if (n > s->room - s->len) {
    s->room = 2 * (s->len + n);
    s->bytes = realloc(s->bytes, s->room);
    assert_non_null(s->bytes);
  }
  memcpy(s->bytes + s->len, bytes, n);
  s->len += n;
}

/* What the check value at the end covers too. */
static void add_covered(stream *s, const void *bytes, size_t n) {
  s->whole = crc32c_after(s->whole, bytes, n);
  add_bytes(s, bytes, n);
}

static void add_check(stream *s, uint32_t value) {
  uint8_t bytes[CHECK];
  put_u32(bytes, value);
  add_bytes(s, bytes, sizeof bytes);
}

void add_header(stream *s, uint64_t len, uint64_t max_len, uint64_t page_len) {
  uint8_t bytes[44] = {0x89, 'W', 'R', 'T', 'M', 'I', 'M', 'G'};
  put_u32(bytes + 8, 1);
  put_u64(bytes + 16, len);
  put_u64(bytes + 24, max_len);
  put_u64(bytes + 32, page_len);
  add_covered(s, bytes, sizeof bytes);
  add_check(s, crc32c(bytes, sizeof bytes));
}

static void add_run_header(stream *s, uint64_t offset, uint64_t n) {
  uint8_t bytes[16];
  put_u64(bytes, offset);
  put_u64(bytes + 8, n);
  add_covered(s, bytes, sizeof bytes);
  add_check(s, crc32c(bytes, sizeof bytes));
}

void add_run(stream *s, uint64_t offset, uint64_t n, uint8_t value) {
  add_run_header(s, offset, n);
  const size_t from = s->len;
  for (uint64_t i = 0; i < n; ++i) add_covered(s, &value, 1);
  add_check(s, crc32c(s->bytes + from, (size_t)n));
}

void add_end(stream *s, uint64_t len) {
  add_run_header(s, len, 0);
  add_check(s, s->whole);
}
