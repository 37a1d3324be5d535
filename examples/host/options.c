/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wrtmem/wrtmem.h>

/* The build may name a text of its own. */
#ifndef DEFAULT_TEXT
#define DEFAULT_TEXT NULL
#endif

static const char usage[] =
    "usage: host [options] FILE\n"
    "Counts the words of FILE in a WebAssembly program whose memory comes from libwrtmem.\n"
    "  --tier std|alloc|static       where the memory comes from (default: the library's choice)\n"
    "  --max-pages N                 most pages of 64 KiB for the guest, 1 to 65535 (default: 256)\n"
    "  --budget-pages N              most pages for all guests together (default: 4096)\n"
    "  --top N                       how many words to print (default: 10)\n"
    "  --misbehave read|write|lie    make the guest reach outside its memory\n"
    "Ends with 0: done, 1: the host failed, 2: wrong usage, 3: too little memory, 4: the guest was stopped.\n";

static int refuse(const char *option, const char *why) {
  fprintf(stderr, "host: %s: %s; --help says how it is used\n", option, why);
  return -1;
}

static int parse_number(const char *text, uint32_t least, uint32_t most, uint32_t *out) {
  char *end;
  const unsigned long long value = strtoull(text, &end, 10);
  if (text[0] < '0' || text[0] > '9' || *end != '\0' || value < least || value > most) return -1;
  *out = (uint32_t)value;
  return 0;
}

static int parse_tier(const char *text, int32_t *out) {
  for (int32_t tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    if (strcmp(text, wrt_tier_name(tier)) != 0) continue;
    *out = tier;
    return 0;
  }
  return -1;
}

static int parse_misbehaviour(const char *text, enum misbehaviour *out) {
  static const char *const names[] = {NULL, "read", "write", "lie"};
  for (int i = READ_OUTSIDE; i <= LIE; ++i) {
    if (strcmp(text, names[i]) != 0) continue;
    *out = (enum misbehaviour)i;
    return 0;
  }
  return -1;
}

static int parse_option(const char *option, const char *value, struct options *out) {
  if (strcmp(option, "--tier") == 0) return parse_tier(value, &out->tier);
  if (strcmp(option, "--max-pages") == 0) return parse_number(value, 1, 65535, &out->max_pages);
  if (strcmp(option, "--budget-pages") == 0) return parse_number(value, 1, UINT32_MAX, &out->budget_pages);
  if (strcmp(option, "--top") == 0) return parse_number(value, 0, UINT32_MAX, &out->top);
  if (strcmp(option, "--misbehave") == 0) return parse_misbehaviour(value, &out->misbehave);
  return -1;
}

int parse_options(int argc, char **argv, struct options *out) {
  *out = (struct options){WRT_TIER_DEFAULT, 256, 4096, 10, BEHAVE, DEFAULT_TEXT};
  int i = 1;
  for (; i < argc && argv[i][0] == '-'; i += 2) {
    if (strcmp(argv[i], "--help") == 0) {
      fputs(usage, stdout);
      return 1;
    }
    if (i + 1 == argc) return refuse(argv[i], "needs a value, or is not an option");
    if (parse_option(argv[i], argv[i + 1], out) != 0) return refuse(argv[i], "not an option, or not a value of it");
  }
  if (i < argc) out->text = argv[i++];
  if (i < argc) return refuse(argv[i], "one FILE is enough");
  if (out->text == NULL) return refuse("FILE", "say which text to read");
  return 0;
}
