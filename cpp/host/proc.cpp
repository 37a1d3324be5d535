// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/host/proc.hpp"

#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "cpp/host/mapping.hpp"

namespace wrt::host {

namespace {

constexpr size_t kPathLen = 512;
constexpr char kGroups[] = "/sys/fs/cgroup";

struct Text {
  char at[1024];
  size_t n;
};

// How a file begins; nothing when it cannot be read.
[[gnu::cold]] Text beginning_of(const char *path) noexcept {
  const KeepErrno keep;
  Text text;
  text.n = 0;
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return text;
  const ssize_t got = read(file, text.at, sizeof(text.at));
  close(file);
  if (got > 0) text.n = static_cast<size_t>(got);
  return text;
}

[[gnu::cold]] bool begins_with(const Text &text, size_t from, const char *word) noexcept {
  size_t i = 0;
  while (word[i] != '\0' && from + i < text.n && text.at[from + i] == word[i]) i++;
  return word[i] == '\0';
}

[[gnu::cold]] size_t number_at(const Text &text, size_t from, size_t otherwise) noexcept {
  size_t number = 0;
  size_t i = from;
  for (; i < text.n && text.at[i] >= '0' && text.at[i] <= '9'; i++) {
    number = number * 10 + static_cast<size_t>(text.at[i] - '0');
  }
  return i > from ? number : otherwise;
}

// The number behind a word that begins a line.
[[gnu::cold]] size_t number_of(const Text &text, const char *word, size_t otherwise) noexcept {
  for (size_t i = 0; i < text.n; i++) {
    const bool line_begins = i == 0 || text.at[i - 1] == '\n';
    if (!line_begins || !begins_with(text, i, word)) continue;
    i += __builtin_strlen(word);
    while (i < text.n && text.at[i] == ' ') i++;
    return number_at(text, i, otherwise);
  }
  return otherwise;
}

// A path that grows and shrinks at its end.
struct Path {
  char at[kPathLen];
  size_t n;

  void add(const char *from, size_t count) noexcept {
    if (n + count >= kPathLen) count = kPathLen - 1 - n;
    __builtin_memcpy(at + n, from, count);
    n += count;
    at[n] = '\0';
  }
  void cut(size_t to) noexcept {
    n = to;
    at[n] = '\0';
  }
};

// The directory of this process's control group: "0::/path" in its file.
[[gnu::cold]] Path own_group() noexcept {
  Path path;
  path.cut(0);
  path.add(kGroups, sizeof(kGroups) - 1);
  const Text text = beginning_of("/proc/self/cgroup");
  for (size_t i = 0; i < text.n; i++) {
    const bool line_begins = i == 0 || text.at[i - 1] == '\n';
    if (!line_begins || !begins_with(text, i, "0::/")) continue;
    size_t end = i + 3;
    while (end < text.n && text.at[end] != '\n') end++;
    path.add(text.at + i + 3, end - i - 3);
    break;
  }
  return path;
}

// What one group allows beyond what cannot be reclaimed from it.
[[gnu::cold]] size_t left_in(Path &group) noexcept {
  const size_t length = group.n;
  group.add("/memory.max", 11);
  const size_t max = first_number(group.at, SIZE_MAX);
  group.cut(length);
  if (max == SIZE_MAX) return max;
  group.add("/memory.stat", 12);
  const size_t used = number_of(beginning_of(group.at), "anon", 0);
  group.cut(length);
  return used < max ? max - used : 0;
}

[[gnu::cold]] size_t left_in_groups() noexcept {
  size_t left = SIZE_MAX;
  Path group = own_group();
  while (group.n >= sizeof(kGroups) - 1) {
    const size_t here = left_in(group);
    if (here < left) left = here;
    size_t end = group.n - 1;
    while (group.at[end] != '/') end--;
    group.cut(end);
  }
  return left;
}

}  // namespace

[[gnu::cold]] size_t first_number(const char *path, size_t otherwise) noexcept {
  return number_at(beginning_of(path), 0, otherwise);
}

[[gnu::cold]] size_t bytes_to_be_had() noexcept {
  constexpr size_t kUnknown = SIZE_MAX >> 10;
  const size_t kib = number_of(beginning_of("/proc/meminfo"), "MemAvailable:", kUnknown);
  const size_t machine = kib < kUnknown ? kib << 10 : SIZE_MAX;
  const size_t groups = left_in_groups();
  return machine < groups ? machine : groups;
}

}  // namespace wrt::host
