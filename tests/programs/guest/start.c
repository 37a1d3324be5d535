/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The programs are built as reactors: in a command, every export that the host calls would end with the destructors. */

#include <stdlib.h>

int __main_void(void); /* wasi-libc: gets the arguments and calls main */

__attribute__((export_name("run"))) void run(void) { exit(__main_void()); }
