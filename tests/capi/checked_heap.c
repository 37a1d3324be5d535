/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "checked_heap.h"

#include <stdlib.h>
#include <string.h>

enum { RED_ZONE = 256, OLD_CONTENTS = 0xA7, RED = 0xFD, FREED = 0xDF };

typedef struct heap_block {
  struct heap_block *next;
  uint8_t *raw;
  size_t raw_len;
  uint8_t *data;
  size_t size;
  size_t alignment;
} heap_block;

static void lock(checked_heap *heap) {
#ifdef __linux__
  pthread_mutex_lock(&heap->lock);
#else
  (void)heap;
#endif
}

static void unlock(checked_heap *heap) {
#ifdef __linux__
  pthread_mutex_unlock(&heap->lock);
#else
  (void)heap;
#endif
}

static void blame(checked_heap *heap, const char *fault) {
  if (heap->fault == NULL) heap->fault = fault;
}

static int all_red(const uint8_t *from, const uint8_t *to) {
  for (; from < to; ++from) {
    if (*from != RED) return 0;
  }
  return 1;
}

static void check_red_zones(checked_heap *heap, const heap_block *block) {
  if (!all_red(block->raw, block->data)) blame(heap, "a byte before a block was written");
  if (!all_red(block->data + block->size, block->raw + block->raw_len)) blame(heap, "a byte after a block was written");
}

static int refused(checked_heap *heap, size_t size) {
  heap->calls++;
  if (heap->refuse_above != 0 && size > heap->refuse_above) return 1;
  return heap->refuse_from != 0 && heap->calls >= heap->refuse_from && heap->calls <= heap->refuse_to;
}

static void check_request(checked_heap *heap, size_t size, size_t alignment) {
  if (size == 0) blame(heap, "asked for size 0");
  if (alignment == 0 || (alignment & (alignment - 1)) != 0) blame(heap, "asked for an alignment that is no power of 2");
  if (size > heap->largest_size) heap->largest_size = size;
}

/* Aligned to `alignment`, never to twice of it. */
static uint8_t *place(uint8_t *raw, size_t alignment) {
  const size_t step = 2 * alignment;
  const uintptr_t from = (uintptr_t)raw + RED_ZONE;
  const size_t past = (size_t)(from % step);
  const size_t shift = past <= alignment ? alignment - past : step + alignment - past;
  return raw + RED_ZONE + shift;
}

static heap_block *new_block(checked_heap *heap, size_t size, size_t alignment) {
  if (size > SIZE_MAX - 2 * RED_ZONE - 2 * alignment) return NULL;
  heap_block *block = malloc(sizeof *block);
  if (block == NULL) return NULL;
  block->raw_len = size + 2 * RED_ZONE + 2 * alignment;
  block->raw = malloc(block->raw_len);
  if (block->raw == NULL) {
    free(block);
    return NULL;
  }
  block->data = place(block->raw, alignment);
  block->size = size;
  block->alignment = alignment;
  memset(block->raw, RED, block->raw_len);
  memset(block->data, OLD_CONTENTS, size);
  block->next = heap->blocks;
  heap->blocks = block;
  heap->live_blocks++;
  heap->live_bytes += size;
  return block;
}

static heap_block **find_block(checked_heap *heap, const void *data) {
  heap_block **link = &heap->blocks;
  while (*link != NULL && (*link)->data != data) link = &(*link)->next;
  return link;
}

static void drop_block(checked_heap *heap, heap_block **link) {
  heap_block *block = *link;
  check_red_zones(heap, block);
  *link = block->next;
  heap->live_blocks--;
  heap->live_bytes -= block->size;
  memset(block->raw, FREED, block->raw_len);
  free(block->raw);
  free(block);
}

static void *heap_allocate(void *context, size_t size, size_t alignment) {
  checked_heap *heap = context;
  lock(heap);
  check_request(heap, size, alignment);
  heap_block *block = refused(heap, size) ? NULL : new_block(heap, size, alignment);
  if (block != NULL) heap->allocations++;
  unlock(heap);
  return block == NULL ? NULL : block->data;
}

static void *move_block(checked_heap *heap, void *data, size_t old_size, size_t new_size, size_t alignment) {
  heap_block **link = find_block(heap, data);
  if (*link == NULL) {
    blame(heap, "reallocated a block that is not live");
    return NULL;
  }
  if ((*link)->size != old_size) blame(heap, "reallocated with another size than it was given out with");
  if ((*link)->alignment != alignment) blame(heap, "reallocated with another alignment than it was given out with");
  if (refused(heap, new_size)) return NULL;
  heap_block *moved = new_block(heap, new_size, alignment);
  if (moved == NULL) return NULL;
  link = find_block(heap, data);
  const size_t kept = (*link)->size < new_size ? (*link)->size : new_size;
  memcpy(moved->data, data, kept);
  heap->bytes_moved += kept;
  heap->reallocations++;
  drop_block(heap, link);
  return moved->data;
}

static void *heap_reallocate(void *context, void *data, size_t old_size, size_t new_size, size_t alignment) {
  checked_heap *heap = context;
  lock(heap);
  check_request(heap, new_size, alignment);
  void *moved = move_block(heap, data, old_size, new_size, alignment);
  unlock(heap);
  return moved;
}

static void heap_deallocate(void *context, void *data, size_t size, size_t alignment) {
  checked_heap *heap = context;
  lock(heap);
  heap_block **link = find_block(heap, data);
  if (*link == NULL) {
    blame(heap, "deallocated a block that is not live");
    unlock(heap);
    return;
  }
  if ((*link)->size != size) blame(heap, "deallocated with another size than it was given out with");
  if ((*link)->alignment != alignment) blame(heap, "deallocated with another alignment than it was given out with");
  drop_block(heap, link);
  heap->deallocations++;
  unlock(heap);
}

void heap_open(checked_heap *heap) {
  memset(heap, 0, sizeof *heap);
#ifdef __linux__
  pthread_mutex_init(&heap->lock, NULL);
#endif
}

void heap_check(checked_heap *heap) {
  lock(heap);
  for (const heap_block *block = heap->blocks; block != NULL; block = block->next) check_red_zones(heap, block);
  unlock(heap);
}

void heap_close(checked_heap *heap) {
  while (heap->blocks != NULL) drop_block(heap, &heap->blocks);
#ifdef __linux__
  pthread_mutex_destroy(&heap->lock);
#endif
}

void heap_refuse_next(checked_heap *heap, uint64_t nth) {
  heap->refuse_from = heap->calls + nth;
  heap->refuse_to = heap->refuse_from;
}

void heap_refuse_all(checked_heap *heap) {
  heap->refuse_from = 1;
  heap->refuse_to = UINT64_MAX;
}

void heap_refuse_none(checked_heap *heap) {
  heap->refuse_from = 0;
  heap->refuse_above = 0;
}

wrt_allocator heap_allocator(checked_heap *heap) {
  const wrt_allocator allocator = {sizeof(wrt_allocator), 0, heap, heap_allocate, heap_reallocate, heap_deallocate};
  return allocator;
}

wrt_allocator heap_allocator_without_reallocate(checked_heap *heap) {
  wrt_allocator allocator = heap_allocator(heap);
  allocator.reallocate = NULL;
  return allocator;
}
