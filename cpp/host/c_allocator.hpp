// SPDX-License-Identifier: Apache-2.0 OR MIT
// The C library's malloc family behind wrt_allocator, for the hosts that have one.
#ifndef WRT_HOST_C_ALLOCATOR_HPP
#define WRT_HOST_C_ALLOCATOR_HPP

#include <stdlib.h>

#include "cpp/host/mapping.hpp"
#include "wrtmem/wrtmem.h"

namespace wrt::host {

// glibc, musl and the BSDs align to two machine words.
inline constexpr size_t kMallocAlignment = 2 * sizeof(void *);

inline void *c_allocate(void *, size_t size, size_t alignment) {
  const KeepErrno keep;
  if (alignment <= kMallocAlignment) return malloc(size);
  void *block = nullptr;
  return posix_memalign(&block, alignment, size) == 0 ? block : nullptr;
}

inline void *c_reallocate(void *, void *block, size_t, size_t new_size, size_t) {
  const KeepErrno keep;
  return realloc(block, new_size);
}

inline void c_deallocate(void *, void *block, size_t, size_t) { free(block); }

// realloc keeps no alignment beyond malloc's own: where that is below 16, a linear memory is copied instead.
inline constexpr wrt_allocator kCAllocator{
    sizeof(wrt_allocator), 0, nullptr, c_allocate, kMallocAlignment >= 16 ? c_reallocate : nullptr, c_deallocate};

}  // namespace wrt::host

#endif  // WRT_HOST_C_ALLOCATOR_HPP
