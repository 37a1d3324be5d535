/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_TESTS_CAPI_ATOMIC_CASES_H
#define WRTMEM_TESTS_CAPI_ATOMIC_CASES_H

#include "support.h"

/* An atomic call under test, its other arguments valid; *wrote tells whether it wrote an out-pointer. */
typedef wrt_status (*atomic_call)(wrt_mem *mem, uint64_t offset, uint32_t width, int *wrote);

enum { WIDTHS = 4 };
extern const uint32_t widths[WIDTHS];

uint64_t cut(uint64_t value, uint32_t width); /* to the width */
void assert_little_endian(const wrt_mem *mem, uint64_t offset, uint32_t width, uint64_t value);
void put_little_endian(wrt_mem *mem, uint64_t offset, uint32_t width, uint64_t value);

/* What every atomic access promises about its arguments. */
void check_other_widths_are_invalid_arguments(tier *t, atomic_call call);
void check_offsets_off_the_alignment_are_misaligned(tier *t, atomic_call call);
void check_ranges_outside_are_refused(tier *t, atomic_call call);
void check_the_whole_length_can_be_reached(tier *t, atomic_call call);
void check_bad_handles_are_refused(tier *t, atomic_call call);
void check_borrows_do_not_hinder(tier *t, atomic_call call);

#endif
