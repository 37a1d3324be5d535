// SPDX-License-Identifier: Apache-2.0 OR MIT
// Linux: files in memory that can be sealed (memfd_create(2), fcntl(2) "File Sealing").
#ifndef _GNU_SOURCE
#define _GNU_SOURCE  // memfd_create, SEEK_DATA
#endif
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cpp/host/host.hpp"
#include "cpp/host/mapping.hpp"

namespace wrt::host {

namespace {

#ifndef MFD_NOEXEC_SEAL
constexpr unsigned MFD_NOEXEC_SEAL = 8U;
#endif

// A file longer than the process may write is not refused but answered by a signal.
bool may_be_so_long(size_t len) noexcept {
  rlimit limit{};
  return getrlimit(RLIMIT_FSIZE, &limit) == 0 && (limit.rlim_cur == RLIM_INFINITY || len <= limit.rlim_cur);
}

// A kernel before 6.3 does not know the flag, and one that is told so takes no file without it.
int open_file() noexcept {
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  const int file = memfd_create("wrtmem", kFlags | MFD_NOEXEC_SEAL);
  return file >= 0 || errno != EINVAL ? file : memfd_create("wrtmem", kFlags);
}

bool map_over(void *at, size_t len, int how, int flags, int file) noexcept {
  return mmap(at, len, how, flags | MAP_FIXED, file, 0) != MAP_FAILED;
}

}  // namespace

int make_file(size_t len) noexcept {
  const KeepErrno keep;
  if (!may_be_so_long(len)) return -1;
  const int file = open_file();
  if (file < 0 || ftruncate(file, static_cast<off_t>(len)) == 0) return file;
  (void)close(file);
  return -1;
}

void close_file(int file) noexcept {
  const KeepErrno keep;
  (void)close(file);
}

bool map_file(int file, void *at, size_t len) noexcept {
  const KeepErrno keep;
  return map_over(at, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file);
}

bool seal_file(int file, size_t len) noexcept {
  const KeepErrno keep;
  return ftruncate(file, static_cast<off_t>(len)) == 0 &&
         fcntl(file, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0;
}

bool map_sealed(int file, void *at, size_t len, Hold hold) noexcept {
  const KeepErrno keep;
  return map_over(at, len, protection(hold), MAP_PRIVATE | MAP_NORESERVE, file);
}

size_t next_data(int file, size_t from) noexcept {
  const KeepErrno keep;
  const off_t at = lseek(file, static_cast<off_t>(from), SEEK_DATA);
  if (at >= 0) return static_cast<size_t>(at);
  return errno == ENXIO ? SIZE_MAX : from;
}

}  // namespace wrt::host
