// SPDX-License-Identifier: Apache-2.0 OR MIT
// What Linux does better than POSIX asks for.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE  // mremap
#endif
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cpp/core/atomic.hpp"
#include "cpp/host/host.hpp"
#include "cpp/host/mapping.hpp"

namespace wrt::host {

namespace {

enum Overcommit : int { kUnknown = 0, kLenient = 1, kStrict = 2 };

// The number that a file of /proc begins with, or `otherwise`.
size_t first_number(const char *path, size_t otherwise) noexcept {
  const KeepErrno keep;
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return otherwise;
  char text[24];
  const ssize_t got = read(file, text, sizeof(text));
  close(file);
  size_t number = 0;
  ssize_t digits = 0;
  for (; digits < got && text[digits] >= '0' && text[digits] <= '9'; digits++) {
    number = number * 10 + static_cast<size_t>(text[digits] - '0');
  }
  return digits > 0 ? number : otherwise;
}

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

// The kernel moves one mapping at a time: parts that were committed at different times may have stayed apart.
void *extend(void *at, size_t len, size_t used, size_t new_len) noexcept {
  const KeepErrno keep;
  void *moved = mremap(at, len, new_len, MREMAP_MAYMOVE);
  return moved != MAP_FAILED ? moved : extend_by_copy(at, len, used, new_len);
}

}  // namespace wrt::host
