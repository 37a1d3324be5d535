// SPDX-License-Identifier: Apache-2.0 OR MIT
// What Linux does better than POSIX asks for.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE  // mremap
#endif
#include <sys/mman.h>

#include "cpp/core/atomic.hpp"
#include "cpp/host/host.hpp"
#include "cpp/host/mapping.hpp"
#include "cpp/host/proc.hpp"

namespace wrt::host {

namespace {

enum Overcommit : int { kUnknown = 0, kLenient = 1, kStrict = 2 };

// proc(5): 2 is "always check, never overcommit".
Overcommit read_overcommit() noexcept {
  return first_number("/proc/sys/vm/overcommit_memory", 0) == 2 ? kStrict : kLenient;
}

Atomic<int> g_overcommit;

}  // namespace

bool counts_commits() noexcept {
  int mode = g_overcommit.load();
  if (mode == kUnknown) {
    mode = read_overcommit();
    g_overcommit.store(mode);
  }
  return mode == kStrict;
}

// proc(5): /proc/self/statm begins with the pages that are mapped. Asked for only where there is a bound.
size_t address_space_left() noexcept {
  const size_t limit = address_space_limit();
  if (limit == SIZE_MAX) return limit;
  const size_t mapped = first_number("/proc/self/statm", 0) * page_len();
  return mapped < limit ? limit - mapped : 0;
}

bool discard(void *at, size_t len) noexcept {
  const KeepErrno keep;
  return madvise(at, len, MADV_DONTNEED) == 0;
}

// A kernel that cannot populate (before 5.14) gives the pages as they are touched. Asking first is what keeps the
// process from being killed for pages that are not there.
bool populate(void *at, size_t len) noexcept {
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
  const KeepErrno keep;
  if (len > bytes_to_be_had()) return false;
  if (madvise(at, len, MADV_POPULATE_WRITE) == 0) return true;
  if (errno != EINVAL) return false;
  touch_pages(at, len);
  return true;
}

size_t huge_page_len() noexcept { return first_number("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", 0); }

void prefer_huge(void *at, size_t len) noexcept {
  const KeepErrno keep;
  (void)madvise(at, len, MADV_HUGEPAGE);
}

// The kernel moves one mapping at a time: parts that were committed at different times may have stayed apart.
void *extend(void *at, size_t len, size_t used, size_t new_len) noexcept {
  const KeepErrno keep;
  void *moved = mremap(at, len, new_len, MREMAP_MAYMOVE);
  return moved != MAP_FAILED ? moved : extend_by_copy(at, len, used, new_len);
}

}  // namespace wrt::host
