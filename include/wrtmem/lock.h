/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * @file
 * The lock of a freestanding build, for targets that have no compare-and-swap (Cortex-M0, RISC-V without "A"), or none
 * of 64 bits (Cortex-M3). There the library does one atomic operation at a time between these two calls: a few
 * instructions, none of the library's own calls, never nested.
 *
 * A program may define both; then they are taken. Otherwise the library's own stand in: on Cortex-M they mask
 * interrupts by PRIMASK, on RISC-V by mstatus.MIE, which is enough for one core in privileged (machine) mode. For any
 * other target there is none, and the program has to define them. They serve every context that calls the library:
 * threads, interrupt handlers, other cores.
 */
#ifndef WRTMEM_LOCK_H
#define WRTMEM_LOCK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Keeps everything else that calls the library out; gives what wrt_lock_leave is to get back. */
uintptr_t wrt_lock_enter(void);
void wrt_lock_leave(uintptr_t before);

#ifdef __cplusplus
}
#endif

#endif /* WRTMEM_LOCK_H */
