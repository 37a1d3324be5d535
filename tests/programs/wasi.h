/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_TESTS_PROGRAMS_WASI_H
#define WRTMEM_TESTS_PROGRAMS_WASI_H

/* A small WASI: arguments, the standard streams, and the files of one directory. */

#include <setjmp.h>
#include <stdint.h>
#include <wrtmem/wrtmem.h>

/* What wasm2c calls the import's instance. */
struct Z_wasi_snapshot_preview1_instance_t {
  wrt_mem *mem; /* the guest's */
  int argc;
  char **argv;
  jmp_buf exit; /* where proc_exit goes */
  uint32_t exit_code;
};

/* The directory is the guest's whole file system; -1: it cannot be opened. */
int wasi_open_directory(const char *path);

#endif /* WRTMEM_TESTS_PROGRAMS_WASI_H */
