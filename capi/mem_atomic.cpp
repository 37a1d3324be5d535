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

[[gnu::cold]] wrt_status wrt_mem_wait(wrt_mem *mem, uint64_t offset, uint32_t width, uint64_t expected,
                                      int64_t timeout_ns, int32_t *out_result) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_memory(mem, memory)) return status;
  if ((width != 4 && width != 8) || out_result == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  return memory->wait(offset, width, expected, timeout_ns, *out_result);
}

[[gnu::cold]] wrt_status wrt_mem_notify(wrt_mem *mem, uint64_t offset, uint32_t count, uint32_t *out_woken) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_memory(mem, memory)) return status;
  if (out_woken == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  return memory->notify(offset, count, *out_woken);
}
