/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_EXAMPLES_HOST_OPTIONS_H
#define WRTMEM_EXAMPLES_HOST_OPTIONS_H

#include <stdint.h>

enum misbehaviour { BEHAVE, READ_OUTSIDE, WRITE_OUTSIDE, LIE };

struct options {
  int32_t tier;          /* WRT_TIER_* */
  uint32_t max_pages;    /* the most that the guest may have */
  uint32_t budget_pages; /* the most that all guests may have together */
  uint32_t top;          /* how many words are printed */
  enum misbehaviour misbehave;
  const char *text; /* the file to read */
};

/* 0: done. Otherwise it said on stderr what is wrong, or on stdout how the program is used. */
int parse_options(int argc, char **argv, struct options *out);

#endif /* WRTMEM_EXAMPLES_HOST_OPTIONS_H */
