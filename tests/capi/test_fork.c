/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* After fork the child has its own copies and may go on calling. */
#include "support.h"

#ifdef __linux__

#include <sys/wait.h>
#include <unistd.h>

enum { LEN = 8192 };

/* In the child, cmocka's assertions would go on with the parent's tests. */
#define CHECK(condition)               \
  do {                                 \
    if (!(condition)) return __LINE__; \
  } while (0)

static int holds(const wrt_mem *mem, uint8_t value, size_t n) {
  uint8_t bytes[LEN];
  if (wrt_mem_read(mem, 0, bytes, n) != WRT_OK) return 0;
  for (size_t i = 0; i < n; ++i) {
    if (bytes[i] != value) return 0;
  }
  return 1;
}

static int in_the_child(tier *t, wrt_mem *mem, int parent_wrote) {
  char go = 0;
  const wrt_mem_config config = config_on(t, LEN, ROOM);
  wrt_mem *mine = NULL;
  uint64_t len = 0;
  CHECK(read(parent_wrote, &go, 1) == 1);
  CHECK(holds(mem, 1, LEN)); /* not what the parent wrote since */
  CHECK(wrt_mem_fill(mem, 0, 3, LEN) == WRT_OK);
  CHECK(wrt_mem_resize(mem, ROOM) == WRT_OK);
  CHECK(holds(mem, 3, LEN));
  CHECK(wrt_mem_create_config(&config, &mine) == WRT_OK);
  CHECK(holds(mine, 0, LEN));
  CHECK(wrt_mem_fill(mine, 0, 4, LEN) == WRT_OK);
  CHECK(wrt_mem_destroy(mem) == WRT_OK);
  CHECK(wrt_mem_len(mem, &len) == WRT_ERR_INVALID_HANDLE);
  CHECK(holds(mine, 4, LEN));
  CHECK(wrt_mem_destroy(mine) == WRT_OK);
  CHECK(wrt_trim() == WRT_OK);
  CHECK(wrt_selftest() == WRT_OK);
  return 0;
}

static pid_t start_child(tier *t, wrt_mem *mem, int parent_wrote) {
  fflush(NULL);
  const pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    const int line = in_the_child(t, mem, parent_wrote);
    if (line != 0) fprintf(stderr, "test_fork.c:%d does not hold in the child\n", line);
    _exit(line == 0 ? 0 : 1);
  }
  return child;
}

static void parent_and_child_change_only_their_own_copy(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, LEN, ROOM);
  assert_ok(wrt_mem_fill(mem, 0, 1, LEN));
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  const pid_t child = start_child(t, mem, ends[0]);
  assert_ok(wrt_mem_fill(mem, 0, 2, LEN));
  assert_int_equal(write(ends[1], "g", 1), 1);
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 0);
  assert_true(holds(mem, 2, LEN));
  assert_int_equal(len_of(mem), LEN);
  assert_ok(wrt_mem_resize(mem, ROOM));
  assert_zeros(mem, LEN, ROOM - LEN);
  close(ends[0]);
  close(ends[1]);
}

static void a_view_and_a_borrow_taken_before_stay_good_on_both_sides(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, LEN, ROOM);
  const wrt_view *view = view_of(mem);
  uint8_t *data = borrow(mem, 0, 10, WRT_BORROW_WRITE);
  data[0] = 9;
  fflush(NULL);
  const pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    int good = view->base[0] == 9 && view->len == LEN;
    data[1] = 8;
    good = good && view->base[1] == 8 && wrt_mem_release(mem, data, 10) == WRT_OK;
    _exit(good ? 0 : 1);
  }
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 0);
  assert_int_equal(data[1], 0);
  assert_int_equal(info_of(mem).borrows, 1);
  assert_ok(wrt_mem_release(mem, data, 10));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(parent_and_child_change_only_their_own_copy),
      cmocka_unit_test(a_view_and_a_borrow_taken_before_stay_good_on_both_sides),
  };
  return RUN_ON_EACH_TIER("fork", tests);
}

#else

static void it_needs_fork(void **state) {
  (void)state;
  skip();
}

int main(void) {
  static const struct CMUnitTest tests[] = {cmocka_unit_test(it_needs_fork)};
  return RUN_ONCE("fork", tests);
}

#endif
