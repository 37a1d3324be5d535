/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the tests on a board rely on: the status that main returns is the emulator's, and a fault ends the program. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  const char *what = argv[argc - 1];
  printf("asked for %s\n", what);
  fflush(stdout);
  if (strcmp(what, "134") == 0) abort();
  if (strcmp(what, "fault") != 0) return atoi(what);
  *(volatile uint32_t *)(uintptr_t)0x90000000u = 1; /* no board has anything there */
  printf("still there\n");
  return 0;
}
