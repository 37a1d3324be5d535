/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Where there is no Rust: nothing calls these. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

uint8_t *peer_vec_new(size_t len);
uint8_t *peer_vec_clone(const uint8_t *vec);
uint8_t *peer_vec_bytes(uint8_t *vec);
void peer_vec_free(uint8_t *vec);
int32_t peer_vec_read(const uint8_t *vec, size_t offset, uint8_t *dst, size_t n);
int32_t peer_vec_write(uint8_t *vec, size_t offset, const uint8_t *src, size_t n);
uint32_t peer_adler32(const uint8_t *bytes, size_t n);

uint8_t *peer_vec_new(size_t len) {
  (void)len;
  abort();
}
uint8_t *peer_vec_clone(const uint8_t *vec) {
  (void)vec;
  abort();
}
uint8_t *peer_vec_bytes(uint8_t *vec) { return vec; }
void peer_vec_free(uint8_t *vec) { (void)vec; }
int32_t peer_vec_read(const uint8_t *vec, size_t offset, uint8_t *dst, size_t n) {
  (void)vec, (void)offset, (void)dst, (void)n;
  abort();
}
int32_t peer_vec_write(uint8_t *vec, size_t offset, const uint8_t *src, size_t n) {
  (void)vec, (void)offset, (void)src, (void)n;
  abort();
}
uint32_t peer_adler32(const uint8_t *bytes, size_t n) {
  (void)bytes, (void)n;
  abort();
}
