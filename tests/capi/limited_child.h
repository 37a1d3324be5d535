/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_TESTS_CAPI_LIMITED_CHILD_H
#define WRTMEM_TESTS_CAPI_LIMITED_CHILD_H

#include <stddef.h>
#include <stdint.h>

/* Scripts that run in a process of their own, which has a bounded address space from its start, as under `ulimit -v`.
 * A script returns 0, or the line that does not hold. */
typedef struct limited_script {
  const char *name;
  int (*run)(void);
} limited_script;

/* Starts this program again under the limit, for the one script. Fails the test if the script does not return 0;
 * skips it where the limit cannot be set (sanitizers, some emulators). */
void run_limited(const char *script, uint64_t bytes);

/* First thing in main: in a process that run_limited started, runs the script and gives the exit code; else -1. */
int limited_main(int argc, char **argv, const limited_script *scripts, size_t count);

#endif
