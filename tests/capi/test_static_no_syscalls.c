/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* On the STATIC tier no system call is made after the pool exists. Two witnesses: seccomp, which kills at any call but
 * read, write and exit, and ptrace, which counts. Each is shown to work on the STD tier, which has to make some. */
#include "exercise.h"
#include "support.h"

#ifdef __linux__

#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLOT = 16384, CANNOT_TRAP = 77, UNEXPECTED_STATUS = 78 };

static uint8_t storage[WRT_POOL_STORAGE_LEN(SLOT, 4)];

static void nothing(void) {}
static const surroundings quiet = {nothing, nothing};

static wrt_mem_config config_for(int32_t number, wrt_pool *pool) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = number;
  config.initial_len = 4096;
  config.max_len = SLOT;
  config.pool = pool;
  return config;
}

static void say(int line) {
  char text[64];
  const int n = snprintf(text, sizeof text, "exercise.c:%d gave another status\n", line);
  const ssize_t written = write(2, text, (size_t)n);
  (void)written;
}

/* What the child does under the eyes of the witness; everything it needs exists already. */
typedef int (*script)(const wrt_mem_config *config);

static int use_memories(const wrt_mem_config *config) {
  wrt_mem_config with = *config;
  int line = exercise_memories(&with, &quiet);
  with.flags = WRT_MEM_TRACK | WRT_MEM_STABLE;
  if (line == 0) line = exercise_memories(&with, &quiet);
  with.flags = 0;
  with.verify = WRT_VERIFY_OFF;
  if (line == 0) line = exercise_memories(&with, &quiet);
  return line;
}

static int fill_the_pool(const wrt_mem_config *config) {
  static wrt_mem *mem[4096];
  int made = 0;
  while (made < 4096 && wrt_mem_create_config(config, &mem[made]) == WRT_OK) made++;
  for (int i = 0; i < made; ++i) {
    if (wrt_mem_destroy(mem[i]) != WRT_OK) return 2;
  }
  return made > 0 ? 0 : 1;
}

static int do_nothing(const wrt_mem_config *config) {
  (void)config;
  return 0;
}

static void leave(int line) {
  if (line != 0) say(line);
  syscall(SYS_exit, line == 0 ? 0 : UNEXPECTED_STATUS); /* exit_group is one too many */
}

/* ---- seccomp ---- */

static int status_of(pid_t child) {
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  return status;
}

static int under_seccomp(script run, const wrt_mem_config *config) {
  if (under_thread_sanitizer()) skip(); /* its thread would outlive the exit of ours */
  fflush(NULL);
  const pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) _exit(CANNOT_TRAP);
    leave(run(config));
  }
  return status_of(child);
}

static int cannot_trap(int status) { return WIFEXITED(status) && WEXITSTATUS(status) == CANNOT_TRAP; }

static void assert_survives(script run, const wrt_mem_config *config) {
  const int status = under_seccomp(run, config);
  if (cannot_trap(status)) skip();
  if (WIFSIGNALED(status)) print_error("killed by signal %d\n", WTERMSIG(status));
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 0);
}

static wrt_pool *make_pool(void) {
  wrt_pool *pool = NULL;
  memset(storage, 0x9B, sizeof storage);
  assert_ok(wrt_pool_create(storage, sizeof storage, SLOT, &pool));
  return pool;
}

static int has_built_in_pool(void) {
  wrt_tier_info info = {.struct_size = sizeof info};
  assert_ok(wrt_tier_get_info(WRT_TIER_STATIC, &info));
  return (info.features & WRT_FEATURE_BUILTIN) != 0;
}

/* The first of all, so that no memory has been made before in this process. */
static void the_built_in_pool_needs_none_from_its_first_memory_on(void **state) {
  (void)state;
  if (!has_built_in_pool()) skip();
  const wrt_mem_config config = config_for(WRT_TIER_STATIC, NULL);
  assert_survives(use_memories, &config);
  assert_survives(fill_the_pool, &config);
}

static void the_trap_kills_what_makes_a_system_call(void **state) {
  (void)state;
  if (!is_available(SYSTEM)) skip();
  const wrt_mem_config config = config_for(WRT_TIER_STD, NULL);
  const int status = under_seccomp(use_memories, &config);
  if (cannot_trap(status)) skip();
  assert_true(WIFSIGNALED(status));
}

static void a_pool_needs_none_from_its_first_memory_on(void **state) {
  (void)state;
  wrt_pool *pool = make_pool();
  const wrt_mem_config config = config_for(WRT_TIER_STATIC, pool);
  assert_survives(use_memories, &config);
  assert_survives(fill_the_pool, &config);
  assert_ok(wrt_pool_destroy(pool));
}

static void nor_under_a_budget(void **state) {
  (void)state;
  wrt_pool *pool = make_pool();
  wrt_budget *parent = make_budget(1 << 20, NULL);
  wrt_budget *child = make_budget(1 << 20, parent);
  wrt_mem_config config = config_for(WRT_TIER_STATIC, pool);
  config.budget = child;
  assert_survives(use_memories, &config);
  assert_ok(wrt_budget_destroy(child));
  assert_ok(wrt_budget_destroy(parent));
  assert_ok(wrt_pool_destroy(pool));
}

static int many_times(const wrt_mem_config *config) {
  int failed = 0;
  for (int i = 0; i < 1000 && failed == 0; ++i) failed = fill_the_pool(config);
  return failed;
}

static void nor_after_thousands_of_memories(void **state) {
  (void)state;
  wrt_pool *pool = make_pool();
  const wrt_mem_config config = config_for(WRT_TIER_STATIC, pool);
  assert_survives(many_times, &config);
  assert_ok(wrt_pool_destroy(pool));
}

/* ---- ptrace ---- */

/* Stops of the child at system calls while it runs the script, or -1 where it cannot be traced. */
static long count_stops(script run, const wrt_mem_config *config) {
  if (under_thread_sanitizer()) return -1;
  fflush(NULL);
  const pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) _exit(CANNOT_TRAP);
    raise(SIGSTOP);
    leave(run(config));
  }
  int status = status_of(child);
  if (WIFEXITED(status)) return -1;
  long stops = 0;
  while (WIFSTOPPED(status)) {
    stops++;
    if (ptrace(PTRACE_SYSCALL, child, NULL, NULL) != 0) return -1;
    status = status_of(child);
  }
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 0);
  return stops;
}

static void ptrace_counts_none_either(void **state) {
  (void)state;
  wrt_pool *pool = make_pool();
  const wrt_mem_config mine = config_for(WRT_TIER_STATIC, pool);
  const wrt_mem_config built_in = config_for(WRT_TIER_STATIC, NULL);
  const long idle = count_stops(do_nothing, &mine);
  if (idle >= 0) {
    assert_int_equal(count_stops(use_memories, &mine), idle);
    assert_int_equal(count_stops(fill_the_pool, &mine), idle);
  }
  if (idle >= 0 && has_built_in_pool()) {
    assert_int_equal(count_stops(use_memories, &built_in), idle);
    assert_int_equal(count_stops(fill_the_pool, &built_in), idle);
  }
  const wrt_mem_config std = config_for(WRT_TIER_STD, NULL);
  if (idle >= 0 && is_available(SYSTEM)) assert_true(count_stops(use_memories, &std) > idle);
  assert_ok(wrt_pool_destroy(pool));
  if (idle < 0) skip();
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_built_in_pool_needs_none_from_its_first_memory_on),
      cmocka_unit_test(the_trap_kills_what_makes_a_system_call),
      cmocka_unit_test(a_pool_needs_none_from_its_first_memory_on),
      cmocka_unit_test(nor_under_a_budget),
      cmocka_unit_test(nor_after_thousands_of_memories),
      cmocka_unit_test(ptrace_counts_none_either),
  };
  return RUN_ONCE("no system calls on STATIC", tests);
}

#else

static void it_needs_linux(void **state) {
  (void)state;
  skip();
}

int main(void) {
  static const struct CMUnitTest tests[] = {cmocka_unit_test(it_needs_linux)};
  return RUN_ONCE("no system calls on STATIC", tests);
}

#endif
