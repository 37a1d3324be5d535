/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Must not compile: it shows that padding in a header is noticed. */
struct padded {
  char first;
  int second;
};
enum { LAYOUT = sizeof(struct padded) };
