/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Lengths and reservations that only address space has, on hosts of 64 bits: hardly a page of them is ever touched. */
#include "support.h"

#if defined(__linux__) && UINTPTR_MAX > 0xffffffff

#define PAGE UINT64_C(65536)
#define GIB (UINT64_C(1) << 30)
#define TIB (UINT64_C(1) << 40)

/* What the kernel may count besides: mappings of the process that became one with a memory's. */
#define SLACK (UINT64_C(4) << 20)

/* What is in memory of the mappings that [at, at + n) is in, as /proc/self/smaps says. */
static uint64_t resident(const uint8_t *at, uint64_t n) {
  FILE *smaps = fopen("/proc/self/smaps", "r");
  assert_non_null(smaps);
  const uintptr_t begin = (uintptr_t)at, end = begin + n;
  char line[512];
  uint64_t bytes = 0;
  int inside = 0;
  while (fgets(line, sizeof line, smaps) != NULL) {
    unsigned long from = 0, to = 0, kib = 0;
    if (sscanf(line, "%lx-%lx ", &from, &to) == 2) inside = from < end && to > begin;
    if (inside && sscanf(line, "Rss: %lu kB", &kib) == 1) bytes += (uint64_t)kib << 10;
  }
  fclose(smaps);
  return bytes;
}

static wrt_mem *make_large(tier *t, uint32_t flags, uint64_t page_len, uint64_t initial_len, uint64_t max_len) {
  wrt_mem_config config = config_on(t, initial_len, max_len);
  config.page_len = page_len;
  config.flags = flags;
  wrt_mem *mem = NULL;
  assert_ok(wrt_mem_create_config(&config, &mem));
  return adopt(t, mem);
}

static const uint8_t *base_of(wrt_mem *mem) {
  const wrt_view *view = NULL;
  assert_ok(wrt_mem_view(mem, &view));
  return view->base;
}

/* One byte in each GiB, different ones. */
static void mark(wrt_mem *mem, uint64_t len) {
  for (uint64_t at = 0; at < len; at += GIB) {
    const uint8_t byte = (uint8_t)(at / GIB + 1);
    assert_ok(wrt_mem_write(mem, at + 4095, &byte, 1));
  }
}

static void expect_marks(wrt_mem *mem, uint64_t len) {
  for (uint64_t at = 0; at < len; at += GIB) {
    assert_int_equal(byte_at(mem, at + 4095), at / GIB + 1);
    assert_int_equal(byte_at(mem, at + 4094), 0);
    assert_int_equal(byte_at(mem, at + GIB - 1), 0);
  }
}

static void a_memory_of_8_gib_holds_what_is_written_to_it_and_takes_no_more(void **state) {
  tier *t = *state;
  static const uint32_t flags[] = {0, WRT_MEM_GUARD, WRT_MEM_STABLE, WRT_MEM_SHARED};
  for (size_t i = 0; t->number == WRT_TIER_STD && i < sizeof flags / sizeof flags[0]; ++i) {
    wrt_mem *mem = make_large(t, flags[i], PAGE, 8 * GIB, 16 * GIB);
    mark(mem, 8 * GIB);
    expect_marks(mem, 8 * GIB);
    assert_true(resident(base_of(mem), 16 * GIB) <= SLACK);
    uint64_t old_pages = 0;
    assert_ok(wrt_mem_grow(mem, 8 * GIB / PAGE, &old_pages));
    assert_int_equal(old_pages, 8 * GIB / PAGE);
    mark(mem, 16 * GIB);
    expect_marks(mem, 16 * GIB);
    uint8_t byte = 7;
    assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_read(mem, 16 * GIB, &byte, 1));
    assert_ok(wrt_mem_copy(mem, 9 * GIB, mem, 4095, 8));
    assert_int_equal(byte_at(mem, 9 * GIB), 1);
    assert_ok(wrt_mem_discard(mem, 0, 16 * GIB));
    assert_int_equal(byte_at(mem, 15 * GIB + 4095), 0);
    assert_true(resident(base_of(mem), 16 * GIB) <= SLACK);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void what_is_cut_off_past_4_gib_is_zero_when_it_comes_back(void **state) {
  tier *t = *state;
  static const uint32_t flags[] = {0, WRT_MEM_GUARD};
  for (size_t i = 0; t->number == WRT_TIER_STD && i < sizeof flags / sizeof flags[0]; ++i) {
    wrt_mem *mem = make_large(t, flags[i], PAGE, 8 * GIB, 8 * GIB);
    mark(mem, 8 * GIB);
    assert_ok(wrt_mem_resize(mem, 4 * GIB + PAGE));
    assert_ok(wrt_mem_resize(mem, 8 * GIB));
    expect_marks(mem, 5 * GIB - GIB);
    assert_int_equal(byte_at(mem, 4 * GIB + 4095), 5);
    for (uint64_t at = 5 * GIB; at < 8 * GIB; at += GIB) assert_int_equal(byte_at(mem, at + 4095), 0);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void a_reservation_of_1_tib_costs_address_space_alone(void **state) {
  tier *t = *state;
  if (t->number != WRT_TIER_STD) return;
  static const struct {
    uint32_t flags;
    uint64_t page_len;
  } cases[] = {{0, PAGE}, {0, 1}, {WRT_MEM_GUARD, PAGE}, {WRT_MEM_STABLE, 1}, {WRT_MEM_SHARED, PAGE}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
    wrt_mem *mem = make_large(t, cases[i].flags, cases[i].page_len, PAGE, TIB);
    const uint8_t *base = base_of(mem);
    assert_true(resident(base, TIB) <= SLACK);
    assert_int_equal(info_of(mem).capacity, TIB);
    uint64_t old_pages = 0;
    assert_status(WRT_ERR_LIMIT, wrt_mem_grow(mem, TIB / cases[i].page_len, &old_pages)); /* one page too many */
    assert_ok(wrt_mem_grow(mem, (TIB - PAGE) / cases[i].page_len, &old_pages));
    assert_int_equal(old_pages, PAGE / cases[i].page_len);
    assert_ptr_equal(base_of(mem), base);
    const uint8_t byte = 77;
    assert_ok(wrt_mem_write(mem, TIB - 1, &byte, 1));
    assert_int_equal(byte_at(mem, TIB - 1), 77);
    assert_int_equal(byte_at(mem, TIB / 2), 0);
    assert_status(WRT_ERR_OUT_OF_BOUNDS, wrt_mem_write(mem, TIB, &byte, 1));
    assert_true(resident(base, TIB) <= SLACK);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void page_counts_that_overflow_are_refused_and_change_nothing(void **state) {
  tier *t = *state;
  static const uint64_t page_lens[] = {1, 65536, UINT64_C(1) << 32, UINT64_C(1) << 63};
  for (size_t i = 0; i < sizeof page_lens / sizeof page_lens[0]; ++i) {
    wrt_mem_config config = config_on(t, 0, 0);
    config.page_len = page_lens[i];
    config.max_len = page_lens[i] <= ROOM ? ROOM : 0;
    config.flags = WRT_MEM_EXACT_MAX;
    wrt_mem *mem = NULL;
    assert_ok(wrt_mem_create_config(&config, &mem));
    adopt(t, mem);
    /* Products that are 2^64 and a little more, and sums that are. */
    const uint64_t around = UINT64_MAX / page_lens[i];
    const uint64_t deltas[] = {around, around + 1, around + 2, UINT64_MAX / 2 + 1, UINT64_MAX - 1, UINT64_MAX};
    for (size_t k = 0; k < sizeof deltas / sizeof deltas[0]; ++k) {
      if (deltas[k] <= ROOM) continue; /* came around to nothing */
      uint64_t old_pages = 55;
      assert_status(WRT_ERR_LIMIT, wrt_mem_grow(mem, deltas[k], &old_pages));
      assert_int_equal(old_pages, 55);
      assert_int_equal(info_of(mem).len, 0);
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

/* ---- COMMIT, as the kernel's own account shows it */

static void a_committed_memory_is_resident_in_smaps_and_an_ordinary_one_is_not(void **state) {
  tier *t = *state;
  if (t->number != WRT_TIER_STD) return;
  static const uint32_t flags[] = {0, WRT_MEM_COMMIT, WRT_MEM_COMMIT | WRT_MEM_GUARD, WRT_MEM_COMMIT | WRT_MEM_SHARED};
  const uint64_t max = 1024 * PAGE;
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; ++i) {
    wrt_mem *mem = make_large(t, flags[i], PAGE, 137 * PAGE, max);
    static const uint64_t lens[] = {137, 301, 302, 1024};
    for (size_t k = 0; k < sizeof lens / sizeof lens[0]; ++k) {
      const uint64_t len = lens[k] * PAGE;
      assert_ok(wrt_mem_resize(mem, len));
      const uint64_t seen = resident(base_of(mem), max);
      if ((flags[i] & WRT_MEM_COMMIT) != 0) {
        assert_true(seen >= len && seen <= len + SLACK);
      } else {
        assert_true(seen <= SLACK);
      }
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_memory_of_8_gib_holds_what_is_written_to_it_and_takes_no_more),
      cmocka_unit_test(what_is_cut_off_past_4_gib_is_zero_when_it_comes_back),
      cmocka_unit_test(a_reservation_of_1_tib_costs_address_space_alone),
      cmocka_unit_test(page_counts_that_overflow_are_refused_and_change_nothing),
      cmocka_unit_test(a_committed_memory_is_resident_in_smaps_and_an_ordinary_one_is_not),
  };
  return under_sanitizer() ? 0 : RUN_ON_EACH_TIER("lengths past 4 GiB", tests);
}

#else

int main(void) { return 0; }

#endif
