// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capi/find.hpp"

using namespace wrt;
using namespace wrt::capi;

namespace {

bool known_width(uint32_t width) noexcept { return width == 1 || width == 2 || width == 4 || width == 8; }

}  // namespace

wrt_status wrt_mem_atomic_load(const wrt_mem *mem, uint64_t offset, uint32_t width, uint64_t *out_value) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_memory(mem, memory)) return status;
  if (!known_width(width) || out_value == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  return memory->atomic_load(offset, width, *out_value);
}

wrt_status wrt_mem_atomic_store(wrt_mem *mem, uint64_t offset, uint32_t width, uint64_t value) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_memory(mem, memory)) return status;
  if (!known_width(width)) return WRT_ERR_INVALID_ARGUMENT;
  return memory->atomic_store(offset, width, value);
}

wrt_status wrt_mem_atomic_rmw(wrt_mem *mem, uint64_t offset, uint32_t width, int32_t op, uint64_t operand,
                              uint64_t *out_old) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_memory(mem, memory)) return status;
  const bool known = known_width(width) && op >= WRT_ATOMIC_ADD && op <= WRT_ATOMIC_XCHG;
  if (!known || out_old == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  return memory->atomic_rmw(offset, width, op, operand, *out_old);
}

wrt_status wrt_mem_atomic_cmpxchg(wrt_mem *mem, uint64_t offset, uint32_t width, uint64_t expected,
                                  uint64_t replacement, uint64_t *out_old) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_memory(mem, memory)) return status;
  if (!known_width(width) || out_old == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  return memory->atomic_cmpxchg(offset, width, expected, replacement, *out_old);
}

// No memory of this release is SHARED, so that waiting would be for ever.
wrt_status wrt_mem_wait(wrt_mem *mem, uint64_t, uint32_t width, uint64_t, int64_t, int32_t *out_result) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_memory(mem, memory)) return status;
  if ((width != 4 && width != 8) || out_result == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  return WRT_ERR_UNSUPPORTED;
}

wrt_status wrt_mem_notify(wrt_mem *mem, uint64_t offset, uint32_t, uint32_t *out_woken) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_memory(mem, memory)) return status;
  if (out_woken == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  if (wrt_status status = memory->check_atomic(offset, 4)) return status;
  *out_woken = 0;
  return WRT_OK;
}
