/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_EXAMPLES_BAREMETAL_RUNTIME_H
#define WRTMEM_EXAMPLES_BAREMETAL_RUNTIME_H

#include <setjmp.h>

#include "wasm-rt.h"

/* Where a trap goes back to: setjmp(runtime_entered) is 0 at first, and then the number of the trap. */
extern jmp_buf runtime_entered;

#endif /* WRTMEM_EXAMPLES_BAREMETAL_RUNTIME_H */
