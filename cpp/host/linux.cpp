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

// proc(5), /proc/sys/vm/overcommit_memory: 2 is "always check, never overcommit".
Overcommit read_overcommit() noexcept {
  const KeepErrno keep;
  const int file = open("/proc/sys/vm/overcommit_memory", O_RDONLY | O_CLOEXEC);
  if (file < 0) return kLenient;
  char mode = '0';
  const ssize_t got = read(file, &mode, 1);
  close(file);
  return got == 1 && mode == '2' ? kStrict : kLenient;
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

bool discard(void *at, size_t len) noexcept {
  const KeepErrno keep;
  return madvise(at, len, MADV_DONTNEED) == 0;
}

void *extend(void *at, size_t len, size_t, size_t new_len) noexcept {
  const KeepErrno keep;
  void *moved = mremap(at, len, new_len, MREMAP_MAYMOVE);
  return moved == MAP_FAILED ? nullptr : moved;
}

}  // namespace wrt::host
