/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_TESTS_PROGRAMS_SETJMP_H
#define WRTMEM_TESTS_PROGRAMS_SETJMP_H

/* wasi-libc of Debian 12 has no setjmp. Sources that include this header keep their jmp_buf, and nothing calls it:
 * protected.h says what Lua does instead. */
typedef int jmp_buf[1];

#endif /* WRTMEM_TESTS_PROGRAMS_SETJMP_H */
