// SPDX-License-Identifier: Apache-2.0 OR MIT
// What Linux and every other POSIX host have in common.
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "cpp/core/atomic.hpp"
#include "cpp/host/c_allocator.hpp"
#include "cpp/host/host.hpp"
#include "cpp/host/mapping.hpp"

namespace wrt::host {

namespace {

Atomic<size_t> g_page_len;

}  // namespace

const bool kHasPages = true;

uint64_t now_ns() noexcept {
  const KeepErrno keep;
  timespec now{};
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000000000U + static_cast<uint64_t>(now.tv_nsec);
}

size_t page_len() noexcept {
  size_t len = g_page_len.load();
  if (len != 0) return len;
  len = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  g_page_len.store(len);
  return len;
}

size_t address_space_limit() noexcept {
  const KeepErrno keep;
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return SIZE_MAX;
  return limit.rlim_cur > SIZE_MAX ? SIZE_MAX : static_cast<size_t>(limit.rlim_cur);
}

void *reserve(size_t len, Hold hold) noexcept {
  const KeepErrno keep;
  void *at = mmap(nullptr, len, protection(hold), kUncounted, -1, 0);
  return at == MAP_FAILED ? nullptr : at;
}

void release(void *at, size_t len) noexcept {
  const KeepErrno keep;
  (void)munmap(at, len);
}

bool commit(void *at, size_t len) noexcept {
  const KeepErrno keep;
  return mprotect(at, len, PROT_READ | PROT_WRITE) == 0;
}

// A fresh mapping in the same place is what takes the pages off the count.
bool decommit(void *at, size_t len) noexcept {
  const KeepErrno keep;
  return mmap(at, len, PROT_NONE, kUncounted | MAP_FIXED, -1, 0) != MAP_FAILED;
}

bool hide(void *at, size_t len) noexcept {
  const KeepErrno keep;
  return mprotect(at, len, PROT_NONE) == 0;
}

bool renew(void *at, size_t len) noexcept {
  const KeepErrno keep;
  return mmap(at, len, PROT_READ | PROT_WRITE, kUncounted | MAP_FIXED, -1, 0) != MAP_FAILED;
}

void touch_pages(void *at, size_t len) noexcept {
  auto *bytes = static_cast<volatile uint8_t *>(at);
  for (size_t i = 0; i < len; i += page_len()) bytes[i] = bytes[i];
}

void *extend_by_copy(void *at, size_t len, size_t used, size_t new_len) noexcept {
  void *moved = reserve(new_len, Hold::kWritable);
  if (moved == nullptr) return nullptr;
  __builtin_memcpy(moved, at, used);
  release(at, len);
  return moved;
}

const wrt_allocator *c_allocator() noexcept { return &kCAllocator; }

}  // namespace wrt::host
