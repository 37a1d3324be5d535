// SPDX-License-Identifier: Apache-2.0 OR MIT
// A host with POSIX.1-2008 and anonymous mappings, and nothing of Linux: what needs more is done slower.
#include <unistd.h>

#include "cpp/host/host.hpp"
#include "cpp/host/mapping.hpp"

namespace wrt::host {

bool counts_commits() noexcept { return false; }

// What is mapped already cannot be asked for.
size_t address_space_left() noexcept { return address_space_limit(); }

// POSIX has no advice that promises zeros; a fresh mapping in the same place does.
bool discard(void *at, size_t len) noexcept { return renew(at, len); }

// POSIX has files in memory by name alone, that another process could open: images are copied instead.
int make_file(size_t) noexcept { return -1; }
void close_file(int) noexcept {}
bool map_file(int, void *, size_t) noexcept { return false; }
bool seal_file(int, size_t) noexcept { return false; }
bool map_sealed(int, void *, size_t, Hold) noexcept { return false; }
size_t next_data(int, size_t from) noexcept { return from; }

// What is free, where that can be asked for: pages that are not there must not be touched.
bool populate(void *at, size_t len) noexcept {
#ifdef _SC_AVPHYS_PAGES
  const long free_pages = sysconf(_SC_AVPHYS_PAGES);
  if (free_pages >= 0 && len / page_len() > static_cast<size_t>(free_pages)) return false;
#endif
  touch_pages(at, len);
  return true;
}

size_t huge_page_len() noexcept { return 0; }
void prefer_huge(void *, size_t) noexcept {}

void *extend(void *at, size_t len, size_t used, size_t new_len) noexcept {
  return extend_by_copy(at, len, used, new_len);
}

}  // namespace wrt::host
