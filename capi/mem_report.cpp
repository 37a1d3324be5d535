// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capi/config.hpp"
#include "capi/find.hpp"
#include "capi/structs.hpp"

using namespace wrt;
using namespace wrt::capi;

namespace {

template <class Struct>
[[gnu::cold]] wrt_status report(const wrt_mem *mem, Struct *out,
                                void (LinearMemory::*fill)(Struct &) const noexcept) noexcept {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_whole(mem, memory)) return status;
  if (!writable_struct(out)) return WRT_ERR_INVALID_ARGUMENT;
  Struct full;
  (memory->*fill)(full);
  write_struct(out, full);
  return WRT_OK;
}

}  // namespace

wrt_status wrt_mem_verify(wrt_mem *mem, uint64_t *out_first_bad) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_whole(mem, memory)) return status;
  uint64_t first_bad = 0;
  const wrt_status status = memory->verify(first_bad);
  if (status == WRT_ERR_CORRUPT && out_first_bad != nullptr) *out_first_bad = first_bad;
  return status;
}

[[gnu::cold]] wrt_status wrt_mem_set_verify(wrt_mem *mem, int32_t level) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_whole(mem, memory)) return status;
  if (level < WRT_VERIFY_DEFAULT || level > WRT_VERIFY_REDUNDANT) return WRT_ERR_INVALID_ARGUMENT;
  if (level == WRT_VERIFY_DEFAULT) level = WRT_VERIFY_BASIC;
  const bool upwards = !memory->plan().shared() && level > memory->plan().verify;
  if (upwards && memory->check_copies(key_of(mem)) != WRT_OK) return WRT_ERR_CORRUPT;
  if (level > kHighestLevel) return WRT_ERR_UNSUPPORTED;
  return memory->set_verify(level);
}

[[gnu::cold]] wrt_status wrt_mem_get_info(const wrt_mem *mem, wrt_mem_info *out) {
  return report(mem, out, &LinearMemory::info);
}

[[gnu::cold]] wrt_status wrt_mem_get_stats(const wrt_mem *mem, wrt_mem_stats *out) {
  return report(mem, out, &LinearMemory::stats);
}

[[gnu::cold]] wrt_status wrt_mem_get_history(const wrt_mem *mem, wrt_mem_history *out) {
  return report(mem, out, &LinearMemory::history);
}

[[gnu::cold]] wrt_status wrt_mem_clear_stats(wrt_mem *mem) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_whole(mem, memory)) return status;
  memory->clear_stats();
  return WRT_OK;
}
