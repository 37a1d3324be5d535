/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_TESTS_CAPI_CHECKED_HEAP_H
#define WRTMEM_TESTS_CAPI_CHECKED_HEAP_H

#include <stddef.h>
#include <stdint.h>
#include <wrtmem/wrtmem.h>

#ifdef __linux__
#include <pthread.h>
#endif

/* An allocator that distrusts its caller. Blocks come with old contents, stand between red zones and are aligned to
 * what was asked and no more; what comes back must have the size and the alignment that it went out with. */
typedef struct checked_heap {
  struct heap_block *blocks;
  size_t live_blocks;
  size_t live_bytes;
  size_t largest_size;
  uint64_t calls; /* allocate and reallocate, refused ones too */
  uint64_t allocations;
  uint64_t reallocations;
  uint64_t deallocations;
  uint64_t bytes_moved; /* by reallocate */
  uint64_t refuse_from; /* refuses the calls numbered refuse_from .. refuse_to, from 1; 0: none */
  uint64_t refuse_to;
  size_t refuse_above; /* refuses larger sizes; 0: none */
  const char *fault;   /* the first misuse seen, NULL if none */
#ifdef __linux__
  pthread_mutex_t lock;
#endif
} checked_heap;

void heap_open(checked_heap *heap);
void heap_check(checked_heap *heap); /* looks at every red zone; the answer is in fault */
void heap_close(checked_heap *heap); /* frees what is left */

void heap_refuse_next(checked_heap *heap, uint64_t nth); /* the nth call from now, 1 is the next; only that one */
void heap_refuse_all(checked_heap *heap);
void heap_refuse_none(checked_heap *heap);

wrt_allocator heap_allocator(checked_heap *heap);
wrt_allocator heap_allocator_without_reallocate(checked_heap *heap);

#endif
