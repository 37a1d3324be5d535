/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the prover is given: the kernel as it ships, read as C. */
#include "cpp/core/kernel.h"
