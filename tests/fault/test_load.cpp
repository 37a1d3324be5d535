// SPDX-License-Identifier: Apache-2.0 OR MIT
// The library makes its handle table when it is loaded. Here each system call that it makes for that is refused in
// turn, each time in a process of its own.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wrtmem/wrtmem.h>

#include <vector>

#include "system_calls.hpp"

namespace {

int g_failures;

void expect(bool so, const char *what) {
  if (so) return;
  fprintf(stderr, "FAILED: %s\n", what);
  g_failures++;
}

// Whatever happened before, with nothing refused the library works, and only its table stays mapped.
void works() {
  wrt_mem *std_mem = nullptr;
  wrt_mem *alloc_mem = nullptr;
  wrt_mem *static_mem = nullptr;
  wrt_budget *budget = nullptr;
  expect(wrt_mem_create(WRT_TIER_STD, 65536, 1 << 20, &std_mem) == WRT_OK, "a memory on STD");
  expect(wrt_mem_create(WRT_TIER_ALLOC, 65536, 1 << 20, &alloc_mem) == WRT_OK, "a memory on ALLOC");
  expect(wrt_mem_create(WRT_TIER_STATIC, 65536, 65536, &static_mem) == WRT_OK, "a memory in the built-in pool");
  expect(wrt_budget_create(5, nullptr, &budget) == WRT_OK, "a budget");
  int32_t equal = 0;
  expect(wrt_mem_equal(std_mem, static_mem, &equal) == WRT_OK && equal == 1, "two memories compared");
  expect(wrt_mem_equal(std_mem, alloc_mem, &equal) == WRT_OK && equal == 1, "two memories compared");
  expect(wrt_mem_resize(std_mem, 1 << 20) == WRT_OK, "growth");
  expect(wrt_mem_destroy(std_mem) == WRT_OK, "destroy");
  expect(wrt_mem_destroy(alloc_mem) == WRT_OK, "destroy");
  expect(wrt_mem_destroy(static_mem) == WRT_OK, "destroy");
  expect(wrt_budget_destroy(budget) == WRT_OK, "destroy");
  expect(!mapped_wrongly(), "only what is mapped is touched");
}

// While nothing can be had, everything says so, and no handle is taken for one.
void refuses() {
  wrt_mem *mem = nullptr;
  wrt_pool *pool = nullptr;
  wrt_budget *budget = nullptr;
  static uint8_t storage[WRT_POOL_STORAGE_LEN(64, 2)];
  errno = 1234;
  expect(wrt_mem_create(WRT_TIER_STD, 1, 1, &mem) == WRT_ERR_OUT_OF_MEMORY, "STD without a table");
  expect(wrt_mem_create(WRT_TIER_ALLOC, 1, 1, &mem) == WRT_ERR_OUT_OF_MEMORY, "ALLOC without a table");
  expect(wrt_mem_create(WRT_TIER_STATIC, 1, 1, &mem) == WRT_ERR_OUT_OF_MEMORY, "STATIC without a table");
  expect(wrt_pool_create(storage, sizeof storage, 64, &pool) == WRT_ERR_OUT_OF_MEMORY, "a pool without a table");
  expect(wrt_budget_create(1, nullptr, &budget) == WRT_ERR_OUT_OF_MEMORY, "a budget without a table");
  expect(errno == 1234, "errno is the caller's");
  expect(mem == nullptr && pool == nullptr && budget == nullptr, "out-pointers stay as they were");
  uint8_t byte = 0;
  for (uint64_t bits : {uint64_t{0}, uint64_t{1}, uint64_t{1} << 63 | 1, UINT64_MAX, uint64_t{0x12345}}) {
    mem = reinterpret_cast<wrt_mem *>(static_cast<uintptr_t>(bits));
    expect(wrt_mem_read(mem, 0, &byte, 1) == WRT_ERR_INVALID_HANDLE, "a bad handle without a table");
    expect(wrt_mem_write(mem, 0, &byte, 1) == WRT_ERR_INVALID_HANDLE, "a bad handle without a table");
    expect(wrt_mem_reset(mem) == WRT_ERR_INVALID_HANDLE, "a bad handle without a table");
  }
  wrt_mem *found = nullptr;
  uint64_t offset = 0;
  expect(wrt_fault_find(&byte, &found, &offset) == WRT_ERR_OUT_OF_BOUNDS, "no address belongs to any memory");
}

// How many handles there are, by taking them all.
size_t count_handles() {
  std::vector<wrt_budget *> all;
  wrt_budget *budget = nullptr;
  wrt_status status = WRT_OK;
  while ((status = wrt_budget_create(1, nullptr, &budget)) == WRT_OK) all.push_back(budget);
  expect(status == WRT_ERR_POOL_EXHAUSTED, "no free handle is POOL_EXHAUSTED");
  for (wrt_budget *one : all) expect(wrt_budget_destroy(one) == WRT_OK, "destroy");
  return all.size();
}

int child(bool bounded) {
  const bool at_load = system_calls.refused != 0;
  if (system_calls.refuse_to == UINT64_MAX && system_calls.refuse_from == 1) refuses();
  system_calls.refuse_from = 0;
  works();
  if (bounded) {
    const size_t handles = count_handles();
    expect(handles >= 32, "there are handles under a bound too");
    expect(mapped_bytes() <= system_calls.address_space / 8,
           "the table takes a small share of a bounded address space");
  }
  const size_t mapped = mapped_bytes();
  works();
  expect(mapped_bytes() == mapped, "nothing stays mapped but the table");
  if (g_failures != 0) return 1;
  return at_load ? 0 : 2;
}

int run_child(const char *self, const char *from, const char *to, const char *bound) {
  fflush(nullptr);
  const pid_t pid = fork();
  if (pid == 0) {
    setenv("WRT_FAULT_FROM", from, 1);
    setenv("WRT_FAULT_TO", to, 1);
    if (bound != nullptr) setenv("WRT_FAULT_ADDRESS_SPACE", bound, 1);
    execl(self, self, bound != nullptr ? "bounded" : "child", static_cast<char *>(nullptr));
    _exit(99);
  }
  int status = 0;
  if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) return 99;
  return WEXITSTATUS(status);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc > 1) return child(strcmp(argv[1], "bounded") == 0);
  int cases = 0;
  for (bool for_good : {false, true}) {
    for (int k = 1; k < 1000; k++) {
      char number[16];
      snprintf(number, sizeof number, "%d", k);
      const int result = run_child(argv[0], number, for_good ? "18446744073709551615" : number, nullptr);
      if (result == 2) break;  // so many calls are not made at load
      cases++;
      if (result != 0)
        fprintf(stderr, "FAILED with call %d %s refused at load\n", k, for_good ? "and later ones" : "alone");
      if (result != 0) g_failures++;
    }
  }
  expect(cases >= 4, "calls were refused at load");
  for (const char *bound : {"4194304", "67108864", "1073741824"}) {
    const int result = run_child(argv[0], "0", "0", bound);
    if (result != 2) fprintf(stderr, "FAILED under a bound of %s bytes\n", bound);
    if (result != 2) g_failures++;
  }
  printf("%d refusals at load\n", cases);
  return g_failures == 0 ? 0 : 1;
}
