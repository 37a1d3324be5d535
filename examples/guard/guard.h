/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_EXAMPLES_GUARD_H
#define WRTMEM_EXAMPLES_GUARD_H

/* Runs code that checks nothing, and turns its stray access into a status. */

#include <wrtmem/wrtmem.h>

/* Whose memory it was, and how far from its base. */
struct guard_fault {
  wrt_mem *mem;
  uint64_t offset;
};

/* Installs the handler of SIGSEGV and SIGBUS; what was there before gets the faults that are none of ours.
 * Once a process, before its other threads. 0, or -1: refused. */
int guard_install(void);

/* Gives both signals back to whom they belonged to. */
void guard_uninstall(void);

/* Calls code(argument). WRT_OK when it returned. WRT_ERR_OUT_OF_BOUNDS when it touched what a guarded memory does not
 * let it: then *out says where, and whatever it had on its stack is gone, as after a longjmp, which it is.
 * Any thread; not inside itself. */
wrt_status guard_run(void (*code)(void *argument), void *argument, struct guard_fault *out);

#endif /* WRTMEM_EXAMPLES_GUARD_H */
