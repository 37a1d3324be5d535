// SPDX-License-Identifier: Apache-2.0 OR MIT
// Before main a variable of the environment says what to refuse, since the library makes its table when it is loaded:
//   WRT_FAULT_FROM, WRT_FAULT_TO   the calls numbered so are refused
//   WRT_FAULT_ADDRESS_SPACE        what getrlimit says
#include "system_calls.hpp"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/types.h>

// The real ones, and those in their place.
extern "C" {
void *__real_mmap(void *at, size_t len, int protection, int flags, int file, off_t offset);
int __real_munmap(void *at, size_t len);
int __real_mprotect(void *at, size_t len, int protection);
int __real_madvise(void *at, size_t len, int advice);
void *__real_mremap(void *at, size_t len, size_t new_len, int flags, ...);
int __real_open(const char *path, int flags, ...);
ssize_t __real_read(int file, void *to, size_t n);
int __real_getrlimit(int resource, struct rlimit *limit);
int __real_memfd_create(const char *name, unsigned flags);
int __real_ftruncate(int file, off_t len);
int __real_fcntl(int file, int command, ...);
off_t __real_lseek(int file, off_t offset, int whence);

void *__wrap_mmap(void *at, size_t len, int protection, int flags, int file, off_t offset);
int __wrap_munmap(void *at, size_t len);
int __wrap_mprotect(void *at, size_t len, int protection);
int __wrap_madvise(void *at, size_t len, int advice);
void *__wrap_mremap(void *at, size_t len, size_t new_len, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
ssize_t __wrap_read(int file, void *to, size_t n);
int __wrap_getrlimit(int resource, struct rlimit *limit);
int __wrap_memfd_create(const char *name, unsigned flags);
int __wrap_ftruncate(int file, off_t len);
int __wrap_fcntl(int file, int command, ...);
off_t __wrap_lseek(int file, off_t offset, int whence);
}

SystemCalls system_calls;

namespace {

constexpr size_t kMostRanges = 4096;
constexpr uintptr_t kPage = 4096;

// What is mapped, in no order. Of a range that is cut in the middle two are left.
struct Range {
  uintptr_t from;
  uintptr_t to;
};
Range g_ranges[kMostRanges];
size_t g_count;
bool g_wrong;
int g_overcommit_file = -1;
int g_statm_file = -1;
int g_meminfo_file = -1;
int g_group_file = -1;

void add(uintptr_t from, uintptr_t to) {
  if (g_count == kMostRanges) abort();
  if (from < to) g_ranges[g_count++] = {from, to};
}

size_t covered(uintptr_t from, uintptr_t to) {
  size_t bytes = 0;
  for (size_t i = 0; i < g_count; i++) {
    const uintptr_t low = g_ranges[i].from > from ? g_ranges[i].from : from;
    const uintptr_t high = g_ranges[i].to < to ? g_ranges[i].to : to;
    if (low < high) bytes += high - low;
  }
  return bytes;
}

void remove(uintptr_t from, uintptr_t to) {
  if (covered(from, to) != to - from) g_wrong = true;
  for (size_t i = 0; i < g_count;) {
    const Range range = g_ranges[i];
    if (range.to <= from || to <= range.from) {
      i++;
      continue;
    }
    g_ranges[i] = g_ranges[--g_count];
    add(range.from, from);
    add(to, range.to);
    i = 0;
  }
}

void expect_mapped(void *at, size_t len) {
  const auto from = reinterpret_cast<uintptr_t>(at);
  if (covered(from, from + len) != len || from % kPage != 0 || len == 0) g_wrong = true;
}

uint64_t from_environment(const char *name, uint64_t otherwise) {
  const char *text = getenv(name);
  return text != nullptr ? strtoull(text, nullptr, 0) : otherwise;
}

bool refused() {
  static bool asked;
  if (!asked) {
    asked = true;
    system_calls.refuse_from = from_environment("WRT_FAULT_FROM", 0);
    system_calls.refuse_to = from_environment("WRT_FAULT_TO", 0);
    system_calls.address_space = static_cast<size_t>(from_environment("WRT_FAULT_ADDRESS_SPACE", SIZE_MAX));
  }
  const uint64_t number = ++system_calls.calls;
  const bool refuse =
      system_calls.refuse_from != 0 && number >= system_calls.refuse_from && number <= system_calls.refuse_to;
  if (!refuse) return false;
  system_calls.refused++;
  errno = ENOMEM;
  return true;
}

bool too_long(size_t len) {
  if (system_calls.refuse_above == 0 || len <= system_calls.refuse_above) return false;
  system_calls.refused++;
  errno = ENOMEM;
  return true;
}

}  // namespace

size_t mapped_bytes() { return covered(0, UINTPTR_MAX); }
bool mapped_wrongly() { return g_wrong; }

void *__wrap_mmap(void *at, size_t len, int protection, int flags, int file, off_t offset) {
  system_calls.mmaps++;
  if (refused() || too_long(len)) return MAP_FAILED;
  if ((flags & MAP_FIXED) != 0) expect_mapped(at, len);
  void *mapped = __real_mmap(at, len, protection, flags, file, offset);
  const auto from = reinterpret_cast<uintptr_t>(mapped);
  if (mapped != MAP_FAILED && (flags & MAP_FIXED) == 0) add(from, from + len);
  return mapped;
}

int __wrap_munmap(void *at, size_t len) {
  system_calls.munmaps++;
  expect_mapped(at, len);
  const auto from = reinterpret_cast<uintptr_t>(at);
  remove(from, from + len);
  return refused() ? -1 : __real_munmap(at, len);
}

int __wrap_mprotect(void *at, size_t len, int protection) {
  system_calls.mprotects++;
  expect_mapped(at, len);
  return refused() ? -1 : __real_mprotect(at, len, protection);
}

int __wrap_madvise(void *at, size_t len, int advice) {
  system_calls.madvises++;
  expect_mapped(at, len);
  return refused() ? -1 : __real_madvise(at, len, advice);
}

void *__wrap_mremap(void *at, size_t len, size_t new_len, int flags, ...) {
  system_calls.mremaps++;
  expect_mapped(at, len);
  if (refused() || too_long(new_len)) return MAP_FAILED;
  void *moved = __real_mremap(at, len, new_len, flags);
  if (moved == MAP_FAILED) return moved;
  const auto old_from = reinterpret_cast<uintptr_t>(at);
  const auto from = reinterpret_cast<uintptr_t>(moved);
  remove(old_from, old_from + len);
  add(from, from + new_len);
  return moved;
}

// The library reads what the kernel says of itself in /proc: whether it counts what is mapped, which the build of the
// test answers, and how much is mapped, which is nothing where the test bounds the address space.
int __wrap_open(const char *path, int flags, ...) {
  if (strcmp(path, "/proc/meminfo") == 0) {
    const int file = __real_open(path, flags);
    if (system_calls.meminfo != nullptr) g_meminfo_file = file;
    return file;
  }
  if (strncmp(path, "/sys/", 5) == 0 || strcmp(path, "/proc/self/cgroup") == 0) {
    const bool group = strstr(path, "memory.max") != nullptr && system_calls.group_max != nullptr;
    if (!group) return __real_open(path, flags);
    g_group_file = __real_open("/dev/null", flags);
    return g_group_file;
  }
  if (refused()) return -1;
  const int file = __real_open(path, flags);
  if (strcmp(path, "/proc/sys/vm/overcommit_memory") == 0) g_overcommit_file = file;
  if (strcmp(path, "/proc/self/statm") == 0 && system_calls.address_space != SIZE_MAX) g_statm_file = file;
  return file;
}

static ssize_t give(int &file, const char *text, void *to, size_t n) {
  file = -1;
  const size_t len = strlen(text) < n ? strlen(text) : n;
  memcpy(to, text, len);
  return static_cast<ssize_t>(len);
}

static ssize_t answer(int &file, const char *text, void *to, size_t n) {
  if (!refused()) return give(file, text, to, n);
  file = -1;
  return -1;
}

ssize_t __wrap_read(int file, void *to, size_t n) {
#ifdef WRT_FAULT_STRICT
  const char *overcommit = "2\n";
#else
  const char *overcommit = "0\n";
#endif
  if (file >= 0 && file == g_overcommit_file) return answer(g_overcommit_file, overcommit, to, n);
  if (file >= 0 && file == g_statm_file) return answer(g_statm_file, "0 0 0 0 0 0 0\n", to, n);
  if (file >= 0 && file == g_meminfo_file) return give(g_meminfo_file, system_calls.meminfo, to, n);
  if (file >= 0 && file == g_group_file) return give(g_group_file, system_calls.group_max, to, n);
  return __real_read(file, to, n);
}

int __wrap_getrlimit(int resource, struct rlimit *limit) {
  if (refused()) return -1;
  const int result = __real_getrlimit(resource, limit);
  if (result == 0 && system_calls.address_space != SIZE_MAX) limit->rlim_cur = system_calls.address_space;
  return result;
}

int __wrap_memfd_create(const char *name, unsigned flags) { return refused() ? -1 : __real_memfd_create(name, flags); }
int __wrap_ftruncate(int file, off_t len) { return refused() ? -1 : __real_ftruncate(file, len); }
off_t __wrap_lseek(int file, off_t offset, int whence) { return refused() ? -1 : __real_lseek(file, offset, whence); }

// Of its commands the library has one, which takes a number.
int __wrap_fcntl(int file, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  const int value = va_arg(arguments, int);
  va_end(arguments);
  return refused() ? -1 : __real_fcntl(file, command, value);
}

size_t open_files() {
  size_t count = 0;
  for (int file = 0; file < 1024; file++) count += __real_fcntl(file, F_GETFD) >= 0 ? 1 : 0;
  return count;
}
