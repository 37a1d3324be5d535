/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Notes the vectors of conditions that were seen, in a file that all processes share. */
#include "recorder.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "decisions.h" /* made by mcdc.py: WRT_MCDC_DECISIONS, WRT_MCDC_VECTORS and their names */

enum { DEEPEST = 64 };

/* A condition is a digit to base 3: 0 not evaluated, 1 false, 2 true. */
typedef struct evaluation {
  uint32_t decision;
  uint32_t vector;
} evaluation;

static _Thread_local evaluation open_now[DEEPEST];
static _Thread_local uint32_t depth;
static _Thread_local bool in_hook;

static unsigned char *seen; /* [decision][vector]: bit 0 with outcome false, bit 1 with outcome true */
static wrt_mcdc_hook called_before;

__attribute__((constructor(101))) static void start(void) {
  const char *path = getenv("WRT_MCDC_SEEN");
  const int file = path == NULL ? -1 : open(path, O_RDWR);
  if (file < 0) return;
  void *at = mmap(NULL, (size_t)WRT_MCDC_DECISIONS * WRT_MCDC_VECTORS, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (at != MAP_FAILED) seen = at;
}

static evaluation *innermost(uint32_t decision) {
  if (depth != 0 && open_now[depth - 1].decision == decision) return &open_now[depth - 1];
  fprintf(stderr, "decision %u is not the innermost\n", (unsigned)decision);
  abort();
}

void wrt_mcdc_begin(uint32_t decision) {
  if (depth == DEEPEST) abort();
  open_now[depth++] = (evaluation){decision, 0};
}

void wrt_mcdc_reach(uint32_t decision, uint32_t condition) {
  if (called_before == NULL || in_hook) return;
  in_hook = true;
  called_before(wrt_mcdc_names[decision].file, wrt_mcdc_names[decision].function,
                wrt_mcdc_names[decision].conditions[condition]);
  in_hook = false;
}

void wrt_mcdc_condition(uint32_t decision, uint32_t condition, bool value) {
  uint32_t place = 1;
  for (uint32_t i = 0; i < condition; i++) place *= 3;
  innermost(decision)->vector += place * (value ? 2 : 1);
}

void wrt_mcdc_end(uint32_t decision, bool outcome) {
  const uint32_t vector = innermost(decision)->vector;
  depth--;
  if (seen == NULL) return;
  unsigned char *place = &seen[(size_t)decision * WRT_MCDC_VECTORS + vector];
  const unsigned char bit = outcome ? 2 : 1;
  if ((__atomic_load_n(place, __ATOMIC_RELAXED) & bit) == 0) __atomic_fetch_or(place, bit, __ATOMIC_RELAXED);
}

void wrt_mcdc_set_hook(wrt_mcdc_hook hook) { called_before = hook; }
