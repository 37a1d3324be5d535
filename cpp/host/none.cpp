// SPDX-License-Identifier: Apache-2.0 OR MIT
// No operating system: no address space to reserve and no malloc.
#include "cpp/host/host.hpp"

namespace wrt::host {

const bool kHasPages = false;

size_t page_len() noexcept { return 1; }
bool counts_commits() noexcept { return false; }
size_t address_space_left() noexcept { return SIZE_MAX; }
void *reserve(size_t, Hold) noexcept { return nullptr; }
void release(void *, size_t) noexcept {}
bool commit(void *, size_t) noexcept { return false; }
bool decommit(void *, size_t) noexcept { return false; }
bool hide(void *, size_t) noexcept { return false; }
bool populate(void *, size_t) noexcept { return false; }
size_t huge_page_len() noexcept { return 0; }
void prefer_huge(void *, size_t) noexcept {}
bool discard(void *, size_t) noexcept { return false; }
void *extend(void *, size_t, size_t, size_t) noexcept { return nullptr; }
void *extend_by_copy(void *, size_t, size_t, size_t) noexcept { return nullptr; }
bool renew(void *, size_t) noexcept { return false; }
int make_file(size_t) noexcept { return -1; }
void close_file(int) noexcept {}
bool map_file(int, void *, size_t) noexcept { return false; }
bool seal_file(int, size_t) noexcept { return false; }
bool map_sealed(int, void *, size_t, Hold) noexcept { return false; }
size_t next_data(int, size_t from) noexcept { return from; }
uint64_t now_ns() noexcept { return 0; }
void park(const uint32_t &, uint32_t, uint64_t) noexcept {}
void unpark(const uint32_t &) noexcept {}
const wrt_allocator *c_allocator() noexcept { return nullptr; }

}  // namespace wrt::host
