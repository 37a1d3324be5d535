/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The kernel: range check, length, access, the set of free ids, and an arena of slots, in the common subset of C99 and
 * C++17.
 *
 * All three tiers run this code, and it is all that the STATIC tier needs. It is one header so that the provers, which
 * read C, read what ships, and so that C++ can run it inside static_assert. It needs no heap and no operating system.
 * The comments that begin with an @ are contracts, in ACSL; proofs/README.md says which are proved.
 *
 * Trusted here, not proved: memmove, memset and the count of zeros of the compiler (the loops beside them say what they
 * must do), and the atomic operations (in C and in constant evaluation they are plain ones).
 */
#ifndef WRT_CORE_KERNEL_H
#define WRT_CORE_KERNEL_H

#include "cpp/core/kernel/arena.h"
#include "cpp/core/kernel/id_set.h"
#include "cpp/core/kernel/memory.h"

#endif /* WRT_CORE_KERNEL_H */
