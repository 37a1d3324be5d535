/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_TESTS_CAPI_LIMITED_CHILD_H
#define WRTMEM_TESTS_CAPI_LIMITED_CHILD_H

#include <stdint.h>

/* Runs the script in a child that may have `more` bytes of address space beyond what it has, as under `ulimit -v`.
 * The script returns 0 or the line that does not hold. Fails the test if it does not return 0; skips it where the
 * limit cannot be set (sanitizers, some emulators). The parent must not have called the library yet where the script
 * is about a library that starts under the limit. */
void run_limited(int (*script)(void), uint64_t more);

#endif
