/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Neither errno nor output crosses the boundary, whether a call succeeds or fails. */
#include "exercise.h"
#include "support.h"

#include <errno.h>

enum { MARK = 12345 };

static int errno_changed;

static void set_errno(void) { errno = MARK; }

static void check_errno(void) {
  if (errno != MARK) errno_changed++;
}

static const surroundings watch_errno = {set_errno, check_errno};

static void errno_stays(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 4096, 16384);
  errno_changed = 0;
  assert_int_equal(exercise_memories(&config, &watch_errno), 0);
  config.flags = WRT_MEM_TRACK | WRT_MEM_STABLE;
  assert_int_equal(exercise_memories(&config, &watch_errno), 0);
  assert_int_equal(errno_changed, 0);
}

static void errno_stays_when_the_host_refuses(void **state) {
  tier *t = *state;
  wrt_tier_info info = {.struct_size = sizeof info};
  assert_ok(wrt_tier_get_info(t->number, &info));
  wrt_mem_config config = config_on(t, info.max_len, info.max_len); /* more than any machine has */
  wrt_mem *mem = POISON_POINTER;
  if (under_sanitizer()) skip();                                         /* whose malloc may end the program */
  if (t->source == HEAP || t->source == HEAP_WITHOUT_REALLOCATE) skip(); /* errno would be the test's allocator's */
  errno = MARK;
  const wrt_status status = wrt_mem_create_config(&config, &mem);
  const int after = errno;
  if (status == WRT_OK) adopt(t, mem);
  assert_int_equal(after, MARK);
  if (status != WRT_OK) assert_ptr_equal(mem, POISON_POINTER);
}

static void errno_stays_in_everything_else(void **state) {
  (void)state;
  static uint8_t storage[WRT_POOL_STORAGE_LEN(64, 4)];
  errno_changed = 0;
  assert_int_equal(exercise_library(&watch_errno), 0);
  assert_int_equal(exercise_pools_and_budgets(storage, sizeof storage, 64, &watch_errno), 0);
  set_errno();
  const wrt_status selftest = wrt_selftest();
  const wrt_status trim = wrt_trim();
  check_errno();
  assert_ok(selftest);
  assert_ok(trim);
  assert_int_equal(errno_changed, 0);
}

#ifdef __linux__

#include <unistd.h>

static void nothing(void) {}
static const surroundings quiet = {nothing, nothing};

/* With both outputs in a pipe, gives how many bytes the calls wrote. */
static ssize_t output_of_calls(const wrt_mem_config *config, int *line) {
  char bytes[16];
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  fflush(NULL);
  const int out = dup(1);
  const int err = dup(2);
  dup2(ends[1], 1);
  dup2(ends[1], 2);
  *line = exercise_memories(config, &quiet);
  if (*line == 0) *line = exercise_library(&quiet);
  fflush(NULL);
  dup2(out, 1);
  dup2(err, 2);
  close(out);
  close(err);
  close(ends[1]);
  const ssize_t written = read(ends[0], bytes, sizeof bytes);
  close(ends[0]);
  return written;
}

static void nothing_is_written_to_the_outputs(void **state) {
  tier *t = *state;
  const wrt_mem_config config = config_on(t, 4096, 16384);
  int line = 0;
  assert_int_equal(output_of_calls(&config, &line), 0);
  assert_int_equal(line, 0);
}

#else

static void nothing_is_written_to_the_outputs(void **state) {
  (void)state;
  skip();
}

#endif

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(errno_stays),
      cmocka_unit_test(errno_stays_when_the_host_refuses),
      cmocka_unit_test(errno_stays_in_everything_else),
      cmocka_unit_test(nothing_is_written_to_the_outputs),
  };
  return RUN_ON_EACH_TIER("quiet", tests);
}
