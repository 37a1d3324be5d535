/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The three functions that the library asks for, as a board without a C library has them. */
#include <stddef.h>

#define KEEP_LOOP __asm__ volatile("" ::: "memory") /* the compiler would call the function that this is */

void *memset(void *to, int value, size_t n) {
  unsigned char *p = to;
  for (; n != 0; n--) {
    *p++ = (unsigned char)value;
    KEEP_LOOP;
  }
  return to;
}

void *memmove(void *to, const void *from, size_t n) {
  unsigned char *p = to;
  const unsigned char *q = from;
  if (p <= q) {
    for (; n != 0; n--) {
      *p++ = *q++;
      KEEP_LOOP;
    }
  } else {
    for (; n != 0; n--) {
      p[n - 1] = q[n - 1];
      KEEP_LOOP;
    }
  }
  return to;
}

void *memcpy(void *to, const void *from, size_t n) { return memmove(to, from, n); }
