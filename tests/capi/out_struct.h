/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_TESTS_CAPI_OUT_STRUCT_H
#define WRTMEM_TESTS_CAPI_OUT_STRUCT_H

#include "support.h"

/* What size-versioned out-structs promise, for any of them. */
typedef struct out_struct {
  size_t size;        /* of the struct that this release knows */
  size_t members[20]; /* the offsets at which a member ends, the last one is size */
  size_t member_count;
  wrt_status (*get)(void *context, void *out); /* the call under test */
  void *context;
} out_struct;

/* Smaller: only the caller's bytes are written, and struct_size becomes the bytes filled in. */
void check_smaller_structs(const out_struct *s);
/* Larger: the unknown tail is zeroed without being looked at. */
void check_larger_structs(const out_struct *s);
/* Too small for struct_size itself, and NULL: INVALID_ARGUMENT. */
void check_impossible_structs(const out_struct *s);
/* A call that fails with the code writes nothing at all. */
void check_failure_writes_nothing(const out_struct *s, wrt_status expected);

#endif
