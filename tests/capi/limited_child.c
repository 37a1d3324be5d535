/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "limited_child.h"

#include "support.h"

#ifdef __linux__

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CANNOT_LIMIT = 77 };

static uint64_t address_space_in_use(void) {
  unsigned long long pages = 0;
  FILE *statm = fopen("/proc/self/statm", "r");
  if (statm == NULL) return 0;
  const int got = fscanf(statm, "%llu", &pages);
  fclose(statm);
  return got == 1 ? (uint64_t)pages * os_page() : 0;
}

static int limit_address_space(uint64_t more) {
  const uint64_t used = address_space_in_use();
  if (used == 0 || under_sanitizer()) return 0;
  const struct rlimit limit = {(rlim_t)(used + more), (rlim_t)(used + more)};
  if (setrlimit(RLIMIT_AS, &limit) != 0) return 0;
  /* Emulators may accept a limit without obeying it. */
  void *probe = mmap(NULL, (size_t)more + (1 << 20), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (probe == MAP_FAILED) return 1;
  munmap(probe, (size_t)more + (1 << 20));
  return 0;
}

void run_limited(int (*script)(void), uint64_t more) {
  fflush(NULL);
  const pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    if (!limit_address_space(more)) _exit(CANNOT_LIMIT);
    const int line = script();
    if (line != 0) fprintf(stderr, "line %d does not hold under the limit\n", line);
    _exit(line == 0 ? 0 : 1);
  }
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  if (WIFSIGNALED(status)) print_error("killed by signal %d\n", WTERMSIG(status));
  assert_true(WIFEXITED(status));
  if (WEXITSTATUS(status) == CANNOT_LIMIT) skip();
  assert_int_equal(WEXITSTATUS(status), 0);
}

#else

void run_limited(int (*script)(void), uint64_t more) {
  (void)script;
  (void)more;
  skip();
}

#endif
