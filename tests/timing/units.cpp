// SPDX-License-Identifier: Apache-2.0 OR MIT
// Pieces of the kernel that the library inlines everywhere, as functions of their own: compiled as the library is, so
// that their longest paths can be read and their instructions counted.
#include "cpp/core/kernel.h"

extern "C" {

bool unit_range_check(const wrt_k_mem *m, uint64_t offset, uint64_t n) { return wrt_k_in_range(m->len, offset, n); }

wrt_status unit_grow(wrt_k_mem *m, uint64_t new_len) { return wrt_k_grow(m, new_len); }
}
