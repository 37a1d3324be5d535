// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capi/find.hpp"

using namespace wrt;
using namespace wrt::capi;

wrt_status wrt_mem_resize(wrt_mem *mem, uint64_t new_len) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_whole(mem, memory)) return status;
  return memory->resize(new_len);
}

wrt_status wrt_mem_grow(wrt_mem *mem, uint64_t delta_pages, uint64_t *out_old_pages) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_whole(mem, memory)) return status;
  if (out_old_pages == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  return memory->grow(delta_pages, *out_old_pages);
}

wrt_status wrt_mem_discard(wrt_mem *mem, uint64_t offset, uint64_t n) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_whole(mem, memory)) return status;
  return memory->discard(offset, n);
}
