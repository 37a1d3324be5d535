// SPDX-License-Identifier: Apache-2.0 OR MIT
// How the POSIX hosts map memory: private, anonymous, and not counted before it is used where the host can say so.
#ifndef WRT_HOST_MAPPING_HPP
#define WRT_HOST_MAPPING_HPP

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>

#include "cpp/host/host.hpp"

#if !defined(MAP_ANONYMOUS) && defined(MAP_ANON)
#define MAP_ANONYMOUS MAP_ANON
#endif
#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

namespace wrt::host {

inline constexpr int kUncounted = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

constexpr int protection(Hold hold) noexcept {
  switch (hold) {
    case Hold::kWritable:
      return PROT_READ | PROT_WRITE;
    case Hold::kReadable:
      return PROT_READ;
    case Hold::kInaccessible:
      break;
  }
  return PROT_NONE;
}

/// The bytes of address space that this process may map in all, or SIZE_MAX.
size_t address_space_limit() noexcept;

/// Writes to each page what is there already, so that the host has to give it.
void touch_pages(void *at, size_t len) noexcept;

/// The library answers by statuses alone: errno is the caller's, and what a refused call wrote there is taken back.
struct KeepErrno {
  int saved = errno;
  ~KeepErrno() { errno = saved; }
};

}  // namespace wrt::host

#endif  // WRT_HOST_MAPPING_HPP
