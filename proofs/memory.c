/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the prover is given: the memory part of the kernel as it ships, read as C. */
#include "cpp/core/kernel/memory.h"
