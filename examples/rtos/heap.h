/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_EXAMPLES_RTOS_HEAP_H
#define WRTMEM_EXAMPLES_RTOS_HEAP_H

/* A heap as real-time operating systems have it: one arena of fixed size, blocks at multiples of 8, a size alone at
 * allocation and a pointer alone at release, no realloc, and numbers of what is free. */

#include <stddef.h>

void *rtos_malloc(size_t size); /* NULL: refused */
void rtos_free(void *block);    /* NULL: nothing */
size_t rtos_free_bytes(void);
size_t rtos_least_ever_free_bytes(void);

#endif /* WRTMEM_EXAMPLES_RTOS_HEAP_H */
