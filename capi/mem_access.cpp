// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "capi/find.hpp"
#include "cpp/core/crc32c.hpp"
#include "cpp/tiers/memory_full.hpp"

using namespace wrt;
using namespace wrt::capi;

namespace {

[[gnu::noinline]] wrt_status read_slow(const wrt_mem *mem, uint64_t offset, void *dst, size_t n) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_memory(mem, memory)) return status;
  if (dst == nullptr && n != 0) return WRT_ERR_INVALID_ARGUMENT;
  return memory->read(offset, dst, n);
}

[[gnu::noinline]] wrt_status write_slow(const wrt_mem *mem, uint64_t offset, const void *src, size_t n) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_memory(mem, memory)) return status;
  if (src == nullptr && n != 0) return WRT_ERR_INVALID_ARGUMENT;
  return memory->write(offset, src, n);
}

#ifdef WRT_FULL_TARGET
// At FULL.
[[gnu::noinline]] WRT_FULL_TARGET wrt_status read_checked(const wrt_mem *mem, uint64_t offset, void *dst, size_t n) {
  const Entry *entry = find(mem, Kind::kMemory);
  const bool done = entry != nullptr && entry->body.memory.fast_read_checked(key_of(mem), entry->owner, offset, dst, n);
  return done ? wrt_status{WRT_OK} : read_slow(mem, offset, dst, n);
}
#endif

// At STANDARD. Calls are the last thing everywhere, so that the ways before them keep nothing for later.
[[gnu::noinline]] wrt_status write_checked(wrt_mem *mem, uint64_t offset, const void *src, size_t n) {
  LinearMemory::Place place{};
  if (!memory_for(mem).fast_place(key_of(mem), offset, src, n, place)) return write_slow(mem, offset, src, n);
  return crc32c().put(place.check, place.to, static_cast<const uint8_t *>(src), n, place.behind);
}

}  // namespace

wrt_status wrt_mem_len(const wrt_mem *mem, uint64_t *out_len) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_memory(mem, memory)) return status;
  if (out_len == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  *out_len = memory->len();
  return WRT_OK;
}

wrt_status wrt_mem_check(const wrt_mem *mem, uint64_t offset, uint64_t n) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_memory(mem, memory)) return status;
  return memory->check(offset, n);
}

wrt_status wrt_mem_read(const wrt_mem *mem, uint64_t offset, void *dst, size_t n) {
  if (memory_for(mem).fast_read(key_of(mem), offset, dst, n)) return WRT_OK;
#ifdef WRT_FULL_TARGET
  if (g_reads_full) return read_checked(mem, offset, dst, n);
#endif
  return read_slow(mem, offset, dst, n);
}

wrt_status wrt_mem_write(wrt_mem *mem, uint64_t offset, const void *src, size_t n) {
  if (memory_for(mem).fast_write(key_of(mem), offset, src, n)) return WRT_OK;
  return write_checked(mem, offset, src, n);
}

wrt_status wrt_mem_fill(wrt_mem *mem, uint64_t offset, uint8_t value, uint64_t n) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_memory(mem, memory)) return status;
  return memory->fill(offset, value, n);
}

wrt_status wrt_mem_copy(wrt_mem *dst, uint64_t dst_offset, const wrt_mem *src, uint64_t src_offset, uint64_t n) {
  LinearMemory *to = nullptr;
  LinearMemory *from = nullptr;
  if (wrt_status status = find_memory(dst, to)) return status;
  if (wrt_status status = find_memory(src, from)) return status;
  return to->copy(dst_offset, *from, src_offset, n);
}

wrt_status wrt_mem_equal(const wrt_mem *a, const wrt_mem *b, int32_t *out_equal) {
  LinearMemory *one = nullptr;
  LinearMemory *other = nullptr;
  if (wrt_status status = find_memory(a, one)) return status;
  if (wrt_status status = find_memory(b, other)) return status;
  if (out_equal == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  bool same = false;
  if (wrt_status status = one->equal(*other, same)) return status;
  *out_equal = same ? 1 : 0;
  return WRT_OK;
}
