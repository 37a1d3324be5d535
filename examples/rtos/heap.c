/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "heap.h"

#include <stdint.h>

enum { ARENA = 48 * 1024, ALIGNMENT = 8 };

/* Before each block, free or not. Free ones are linked in the order of their addresses. */
struct header {
  struct header *next;
  size_t size; /* with the header */
};

static _Alignas(ALIGNMENT) uint8_t arena[ARENA];
static struct header first; /* of the free blocks; has no bytes itself */
static size_t free_bytes, least_free_bytes;
static int begun;

static void begin(void) {
  begun = 1;
  struct header *all = (struct header *)(void *)arena;
  all->next = NULL;
  all->size = ARENA;
  first.next = all;
  free_bytes = least_free_bytes = ARENA;
}

static uint8_t *end_of(struct header *block) { return (uint8_t *)block + block->size; }

/* Takes `size` bytes from a free block, and leaves the rest of it free if something fits in there. */
static void cut(struct header *before, struct header *block, size_t size) {
  before->next = block->next;
  if (block->size - size > sizeof(struct header)) {
    struct header *rest = (struct header *)(void *)((uint8_t *)block + size);
    rest->size = block->size - size;
    rest->next = block->next;
    before->next = rest;
    block->size = size;
  }
  free_bytes -= block->size;
  if (free_bytes < least_free_bytes) least_free_bytes = free_bytes;
}

/* The first block that is large enough. */
void *rtos_malloc(size_t size) {
  if (!begun) begin();
  if (size == 0 || size > ARENA) return NULL;
  size = (size + sizeof(struct header) + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
  for (struct header *before = &first; before->next != NULL; before = before->next) {
    struct header *block = before->next;
    if (block->size < size) continue;
    cut(before, block, size);
    return block + 1;
  }
  return NULL;
}

static void join(struct header *block) {
  struct header *next = block->next;
  if (next == NULL || end_of(block) != (uint8_t *)next) return;
  block->size += next->size;
  block->next = next->next;
}

void rtos_free(void *data) {
  if (data == NULL) return;
  struct header *block = (struct header *)data - 1;
  struct header *before = &first;
  while (before->next != NULL && before->next < block) before = before->next;
  free_bytes += block->size;
  block->next = before->next;
  before->next = block;
  join(block);
  if (before != &first) join(before);
}

size_t rtos_free_bytes(void) { return free_bytes; }
size_t rtos_least_ever_free_bytes(void) { return least_free_bytes; }
