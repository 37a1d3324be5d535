// SPDX-License-Identifier: Apache-2.0 OR MIT
// The first two checks of every call on a memory: its handle, then its control block.
#ifndef WRT_CAPI_FIND_HPP
#define WRT_CAPI_FIND_HPP

#include "capi/table.hpp"

namespace wrt::capi {

inline uint64_t key_of(const wrt_mem *mem) noexcept { return Token::key(reinterpret_cast<uintptr_t>(mem)); }

/// Where the memory would be, live or not: for the fast paths, which check the handle by the seal.
inline LinearMemory &memory_for(const wrt_mem *mem) noexcept {
  return entry_for(reinterpret_cast<uintptr_t>(mem)).body.memory;
}

/// A memory's pool stands in its entry and in its control block.
inline bool owner_holds(const Entry &entry) noexcept { return entry.owner == entry.body.memory.pool(); }

/// For accesses: what an access uses of the control block is checked.
inline wrt_status find_memory(const wrt_mem *mem, LinearMemory *&out) noexcept {
  Entry *entry = find(mem, Kind::kMemory);
  if (entry == nullptr) return WRT_ERR_INVALID_HANDLE;
  out = &entry->body.memory;
  if (wrt_status status = out->check_access(key_of(mem))) return status;
  return !out->plan().at_least(WRT_VERIFY_FULL) || owner_holds(*entry) ? WRT_OK : WRT_ERR_CORRUPT;
}

/// For everything that changes or follows more of the control block: all of it is checked.
inline wrt_status find_whole(const wrt_mem *mem, LinearMemory *&out) noexcept {
  Entry *entry = find(mem, Kind::kMemory);
  if (entry == nullptr) return WRT_ERR_INVALID_HANDLE;
  out = &entry->body.memory;
  if (wrt_status status = out->check_whole(key_of(mem))) return status;
  const bool off = !out->plan().shared() && out->plan().verify == WRT_VERIFY_OFF;
  return off || owner_holds(*entry) ? WRT_OK : WRT_ERR_CORRUPT;
}

}  // namespace wrt::capi

#endif  // WRT_CAPI_FIND_HPP
