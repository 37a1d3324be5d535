/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* New bytes are zero: no byte of a former memory, nor of a former length, can be read. */
#include "support.h"

static const uint64_t lens[] = {1, 15, 16, 63, 64, 65, 4095, 4096, 4097, 12345, ROOM - 1, ROOM};
enum { LENS = sizeof lens / sizeof lens[0] };

static void at_creation(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    for (size_t i = 0; i < LENS; ++i) {
      wrt_mem *mem = make_shape(t, shape, lens[i], ROOM);
      assert_zeros(mem, 0, lens[i]);
      put_pattern(mem, 1, 0, lens[i]);
      assert_ok(wrt_mem_destroy(mem));
    }
  }
}

static void on_every_growth_after_every_shrink(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 0, ROOM);
    for (size_t i = 0; i < LENS; ++i) {
      for (size_t k = 0; k < LENS; ++k) {
        const uint64_t from = lens[i];
        const uint64_t to = lens[k];
        assert_ok(wrt_mem_resize(mem, from));
        assert_ok(wrt_mem_fill(mem, 0, 0xEE, from));
        assert_ok(wrt_mem_resize(mem, to));
        if (to > from) assert_zeros(mem, from, to - from);
        assert_ok(wrt_mem_resize(mem, ROOM));
        if (to < ROOM) assert_zeros(mem, to < from ? to : from, ROOM - (to < from ? to : from));
        assert_ok(wrt_mem_resize(mem, 0));
      }
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void in_small_steps_too(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 0, ROOM);
  uint64_t random = 99;
  uint64_t len = 0;
  for (int step = 0; step < 2000; ++step) {
    const uint64_t next = next_random(&random) % 700;
    assert_ok(wrt_mem_resize(mem, next));
    if (next > len) assert_zeros(mem, len, next - len);
    assert_ok(wrt_mem_fill(mem, 0, 0xEE, next));
    len = next;
  }
}

static void when_slots_and_blocks_are_used_again(void **state) {
  tier *t = *state;
  uint64_t random = 7;
  wrt_mem *mem[MAX_LIVE] = {NULL};
  const wrt_mem_config config = config_on(t, 0, ROOM);
  for (int step = 0; step < 400; ++step) {
    const size_t pick = (size_t)(next_random(&random) % MAX_LIVE);
    const uint64_t len = lens[next_random(&random) % LENS];
    assert_ok(wrt_mem_destroy(mem[pick]));
    assert_ok(wrt_mem_create_config(&config, &mem[pick]));
    assert_ok(wrt_mem_resize(mem[pick], len));
    assert_zeros(mem[pick], 0, len);
    assert_ok(wrt_mem_fill(mem[pick], 0, 0xEE, len));
  }
  for (int i = 0; i < MAX_LIVE; ++i) assert_ok(wrt_mem_destroy(mem[i]));
}

static void after_discard_and_reset(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, 30000, ROOM);
  put_pattern(mem, 1, 0, 30000);
  assert_ok(wrt_mem_discard(mem, 100, 20000));
  assert_zeros(mem, 100, 20000);
  put_pattern(mem, 1, 0, 30000);
  assert_ok(wrt_mem_reset(mem));
  assert_zeros(mem, 0, 30000);
}

/* How far a host may write through the raw pointer: what was obtained and can be reached. */
static uint64_t reachable(const wrt_mem *mem) {
  const wrt_mem_info info = info_of(mem);
  const uint64_t far = info.committed < info.capacity ? info.committed : info.capacity;
  return far < ROOM ? far : ROOM;
}

static void dirty_past_the_length(wrt_mem *mem) {
  const wrt_view *view = view_of(mem);
  const uint64_t far = reachable(mem);
  memset(view->base, 0xEE, (size_t)far);
}

static void what_was_written_past_the_length_never_shows_in_another_memory(void **state) {
  tier *t = *state;
  static const uint64_t ends[] = {0, 1, 100, 4096, 5000, 40000, ROOM};
  for (int shape = 0; shape < SHAPES; ++shape) {
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; ++i) {
      wrt_mem *first[3];
      for (int k = 0; k < 3; ++k) {
        first[k] = make_shape(t, shape, ROOM, ROOM);
        assert_ok(wrt_mem_resize(first[k], ends[i]));
        dirty_past_the_length(first[k]);
      }
      for (int k = 0; k < 3; ++k) assert_ok(wrt_mem_destroy(first[k]));
      for (int k = 0; k < 3; ++k) {
        wrt_mem *next = make_shape(t, shape, ends[i], ROOM);
        assert_zeros(next, 0, ends[i]);
        assert_ok(wrt_mem_resize(next, ROOM));
        assert_zeros(next, 0, ROOM);
        first[k] = next;
      }
      for (int k = 0; k < 3; ++k) assert_ok(wrt_mem_destroy(first[k]));
    }
  }
}

static void nor_when_the_memory_had_never_been_that_long(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 10, ROOM);
    dirty_past_the_length(mem);
    assert_ok(wrt_mem_destroy(mem));
    mem = make_shape(t, shape, 0, ROOM);
    assert_ok(wrt_mem_resize(mem, ROOM));
    assert_zeros(mem, 0, ROOM);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void nor_in_a_clone(void **state) {
  tier *t = *state;
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, ROOM, ROOM);
    assert_ok(wrt_mem_resize(mem, 1000));
    dirty_past_the_length(mem);
    assert_ok(wrt_mem_fill(mem, 0, 5, 1000));
    wrt_mem *copy = NULL;
    assert_ok(wrt_mem_clone(mem, &copy));
    adopt(t, copy);
    assert_ok(wrt_mem_resize(copy, ROOM));
    assert_zeros(copy, 1000, ROOM - 1000);
    assert_ok(wrt_mem_destroy(copy));
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void nor_after_a_trim(void **state) {
  tier *t = *state;
  wrt_mem *mem = make(t, ROOM, ROOM);
  assert_ok(wrt_mem_resize(mem, 10));
  dirty_past_the_length(mem);
  assert_ok(wrt_mem_destroy(mem));
  assert_ok(wrt_trim());
  mem = make(t, ROOM, ROOM);
  assert_zeros(mem, 0, ROOM);
}

/* Memories of different sizes take each other's places. */
static void nor_across_sizes(void **state) {
  tier *t = *state;
  for (size_t i = 0; i < LENS; ++i) {
    for (size_t k = 0; k < LENS; k += 3) {
      const wrt_mem_config config = config_on(t, lens[i], lens[i]);
      wrt_mem *mem = NULL;
      assert_ok(wrt_mem_create_config(&config, &mem));
      dirty_past_the_length(mem);
      assert_ok(wrt_mem_destroy(mem));
      const wrt_mem_config other = config_on(t, lens[k], lens[k]);
      assert_ok(wrt_mem_create_config(&other, &mem));
      assert_zeros(mem, 0, lens[k]);
      assert_ok(wrt_mem_destroy(mem));
    }
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(at_creation),
      cmocka_unit_test(on_every_growth_after_every_shrink),
      cmocka_unit_test(in_small_steps_too),
      cmocka_unit_test(when_slots_and_blocks_are_used_again),
      cmocka_unit_test(after_discard_and_reset),
      cmocka_unit_test(what_was_written_past_the_length_never_shows_in_another_memory),
      cmocka_unit_test(nor_when_the_memory_had_never_been_that_long),
      cmocka_unit_test(nor_in_a_clone),
      cmocka_unit_test(nor_after_a_trim),
      cmocka_unit_test(nor_across_sizes),
  };
  return RUN_ON_EACH_TIER("new bytes are zero", tests);
}
