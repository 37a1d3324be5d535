// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capi/find.hpp"

using namespace wrt;
using namespace wrt::capi;

wrt_status wrt_mem_view(wrt_mem *mem, const wrt_view **out_view) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_whole(mem, memory)) return status;
  if (out_view == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  if (memory->plan().checked()) return WRT_ERR_UNSUPPORTED;  // every write must be seen
  *out_view = memory->view();
  return WRT_OK;
}

wrt_status wrt_mem_borrow(wrt_mem *mem, uint64_t offset, uint64_t n, uint32_t access, void **out_data) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_whole(mem, memory)) return status;
  const bool known = access != 0 && (access & ~uint32_t{WRT_BORROW_READ | WRT_BORROW_WRITE}) == 0;
  if (!known || out_data == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  return memory->borrow(offset, n, access, *out_data);
}

wrt_status wrt_mem_release(wrt_mem *mem, const void *data, uint64_t n) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_whole(mem, memory)) return status;
  return memory->release(data, n);
}
