/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_TESTS_CAPI_STREAM_H
#define WRTMEM_TESTS_CAPI_STREAM_H

#include "support.h"

/* A saved image in the test's own bytes. */
typedef struct stream {
  uint8_t *bytes;
  size_t len;
  size_t room;
  size_t at;      /* how much was read */
  size_t most;    /* of one read; 0: as much as is asked for */
  uint64_t calls; /* of the reader or the writer */
  uint32_t whole; /* for the check value at the end, of all that was added but check values */
} stream;

size_t stream_write(void *context, const void *data, size_t n);
size_t stream_read(void *context, void *data, size_t n);
void close_stream(stream *s);

stream save(const wrt_image *image);
/* Reads the stream from its beginning. */
wrt_status load(const wrt_mem_config *where, stream *s, wrt_image **out);

/* ---- the format, written down a second time ---- */

enum { HEADER = 48, RUN_HEADER = 20, CHECK = 4, GRAIN = 4096 };

uint32_t crc32c(const uint8_t *bytes, size_t n);
uint32_t crc32c_after(uint32_t before, const uint8_t *bytes, size_t n); /* crc32c_after(0, …) is crc32c(…) */
void put_u32(uint8_t *to, uint32_t value);
void put_u64(uint8_t *to, uint64_t value);
void add_bytes(stream *s, const void *bytes, size_t n);
void add_header(stream *s, uint64_t len, uint64_t max_len, uint64_t page_len);
/* A run of `n` bytes of that value. */
void add_run(stream *s, uint64_t offset, uint64_t n, uint8_t value);
void add_end(stream *s, uint64_t len);

#endif
