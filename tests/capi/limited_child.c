/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "limited_child.h"

#include "support.h"

#ifdef __linux__

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CANNOT_LIMIT = 77 };

/* Emulators may accept a limit without obeying it. */
static int is_limited(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 0;
  void *probe = mmap(NULL, (size_t)limit.rlim_cur, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (probe == MAP_FAILED) return 1;
  munmap(probe, (size_t)limit.rlim_cur);
  return 0;
}

int limited_main(int argc, char **argv, const limited_script *scripts, size_t count) {
  if (argc != 3 || strcmp(argv[1], "--limited") != 0) return -1;
  if (!is_limited()) return CANNOT_LIMIT;
  for (size_t i = 0; i < count; ++i) {
    if (strcmp(argv[2], scripts[i].name) != 0) continue;
    const int line = scripts[i].run();
    if (line != 0) fprintf(stderr, "line %d does not hold under the limit\n", line);
    return line == 0 ? 0 : 1;
  }
  return 2;
}

static void start_again(const char *script, uint64_t bytes) {
  char option[] = "--limited";
  char name[64];
  char self[] = "/proc/self/exe";
  snprintf(name, sizeof name, "%s", script);
  char *const arguments[] = {self, option, name, NULL};
  const struct rlimit limit = {(rlim_t)bytes, (rlim_t)bytes};
  if (!under_sanitizer() && setrlimit(RLIMIT_AS, &limit) == 0) execv(self, arguments);
  _exit(CANNOT_LIMIT);
}

void run_limited(const char *script, uint64_t bytes) {
  fflush(NULL);
  const pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) start_again(script, bytes);
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  if (WIFSIGNALED(status)) print_error("killed by signal %d\n", WTERMSIG(status));
  assert_true(WIFEXITED(status));
  if (WEXITSTATUS(status) == CANNOT_LIMIT) skip();
  assert_int_equal(WEXITSTATUS(status), 0);
}

#else

int limited_main(int argc, char **argv, const limited_script *scripts, size_t count) {
  (void)argc;
  (void)argv;
  (void)scripts;
  (void)count;
  return -1;
}

void run_limited(const char *script, uint64_t bytes) {
  (void)script;
  (void)bytes;
  skip();
}

#endif
