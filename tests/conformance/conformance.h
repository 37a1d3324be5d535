/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_TESTS_CONFORMANCE_H
#define WRTMEM_TESTS_CONFORMANCE_H

/* What the conformance programs share. Each is started once a tier: conformance.<name> std|alloc|static. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <wrtmem/wrtmem.h>

#include <cmocka.h>

#define PAGE 65536u
#define SLOT_PAGES 8u
#define MINUS_ONE UINT32_MAX

extern int32_t tier;

/* 0: the tier is known. */
int choose_tier(int argc, char **argv);

/* The group's set-up and tear-down: a pool and a budget; at the end nothing may be left over. */
int begin_conformance(void **state);
int end_conformance(void **state);

/* What memories are made of: this tier, the slot's length at most. */
wrt_mem_config tier_config(void);

/* A memory through the C ABI alone, in pages. */
wrt_mem *create_pages(uint64_t page_len, uint64_t initial_pages, uint64_t max_pages);
wrt_status try_create_pages(uint64_t page_len, uint64_t initial_pages, uint64_t max_pages, wrt_mem **out);

/* All bytes of a memory, kept and compared: nothing has changed. */
void remember(const wrt_mem *mem);
void assert_unchanged(const wrt_mem *mem);

uint64_t len_of(const wrt_mem *mem);
uint8_t byte_at(const wrt_mem *mem, uint64_t offset);
void assert_bytes(const wrt_mem *mem, uint64_t offset, const char *text);
void assert_all(const wrt_mem *mem, uint64_t offset, uint64_t n, uint8_t value);

#endif /* WRTMEM_TESTS_CONFORMANCE_H */
