/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What WRT_MEM_GUARD, COMMIT and HUGE promise, seen in what the kernel says of the process's memory. */
#include "support.h"

#ifdef __unix__

#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE UINT64_C(65536)
#define MIB (UINT64_C(1) << 20)

static wrt_mem *make_with(tier *t, uint32_t flags, uint64_t initial_len, uint64_t max_len, uint64_t guard_len) {
  wrt_mem_config config = config_on(t, initial_len, max_len);
  config.page_len = PAGE;
  config.flags = flags;
  config.guard_len = guard_len;
  wrt_mem *mem = NULL;
  assert_ok(wrt_mem_create_config(&config, &mem));
  adopt(t, mem);
  return mem;
}

/* ---- faults ---- */

#ifndef UNDER_LAUNCHER /* Valgrind reports them, and an emulator keeps book of each page */

static sigjmp_buf back;
static wrt_mem *blamed;
static uint64_t blamed_offset;

static void on_fault(int signal_number, siginfo_t *info, void *context) {
  (void)signal_number;
  (void)context;
  blamed = NULL;
  if (wrt_fault_find(info->si_addr, &blamed, &blamed_offset) != WRT_OK) blamed = NULL;
  siglongjmp(back, 1);
}

/* 1 when the byte cannot be written to. */
static int faults(uint8_t *at) {
  if (sigsetjmp(back, 1) != 0) return 1;
  *(volatile uint8_t *)at = 1;
  *(volatile uint8_t *)at = 0;
  return 0;
}

static void expect_edge_at(wrt_mem *mem, uint64_t len, uint64_t end) {
  const wrt_view *view = NULL;
  assert_ok(wrt_mem_view(mem, &view));
  const uint64_t step = (uint64_t)sysconf(_SC_PAGESIZE);
  assert_int_equal(view->len, len);
  for (uint64_t at = 0; at < end; at += step) {
    assert_int_equal(faults(view->base + at), at >= len);
    if (at < len) continue;
    assert_ptr_equal(blamed, mem);
    assert_int_equal(blamed_offset, at);
  }
  if (len != 0) assert_int_equal(faults(view->base + len - 1), 0);
  if (len < end) assert_int_equal(faults(view->base + len), 1);
  assert_int_equal(faults(view->base + end - 1), 1);
}

static void with_faults_caught(void (*test)(tier *), tier *t) {
  struct sigaction action, segv, bus;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO;
  assert_int_equal(sigaction(SIGSEGV, &action, &segv), 0);
  assert_int_equal(sigaction(SIGBUS, &action, &bus), 0);
  test(t);
  sigaction(SIGSEGV, &segv, NULL);
  sigaction(SIGBUS, &bus, NULL);
}

static void edges(tier *t) {
  const uint64_t guard = 3 * PAGE, max = 8 * PAGE;
  wrt_mem *mem = make_with(t, WRT_MEM_GUARD, PAGE, max, guard);
  static const uint64_t lens[] = {1, 2, 8, 3, 0, 5, 4, 4};
  for (size_t i = 0; i < sizeof lens / sizeof lens[0]; ++i) {
    assert_ok(wrt_mem_resize(mem, lens[i] * PAGE));
    expect_edge_at(mem, lens[i] * PAGE, max + guard);
  }
  assert_ok(wrt_mem_reset(mem));
  expect_edge_at(mem, PAGE, max + guard);
  wrt_mem *twin = NULL;
  assert_ok(wrt_mem_clone(mem, &twin));
  adopt(t, twin);
  assert_ok(wrt_mem_resize(twin, 2 * PAGE));
  expect_edge_at(twin, 2 * PAGE, max + guard);
  expect_edge_at(mem, PAGE, max + guard);
  wrt_mem_config config = config_on(t, PAGE, max);
  config.page_len = PAGE;
  config.flags = WRT_MEM_GUARD;
  config.reserve_len = max + 2 * PAGE; /* more than the length can ever be: it faults all the same */
  config.guard_len = guard;
  wrt_mem *wide = make_from(t, &config);
  expect_edge_at(wide, PAGE, max + 2 * PAGE + guard);
  assert_ok(wrt_mem_resize(wide, max));
  expect_edge_at(wide, max, max + 2 * PAGE + guard);
}

static void every_byte_past_the_length_faults_up_to_reservation_and_guard(void **state) {
  tier *t = *state;
  if (t->number == WRT_TIER_STD && !under_sanitizer()) with_faults_caught(edges, t);
}

/* The layout with which code for 32-bit memories needs no checks: any base plus any 32-bit index plus any 32-bit offset
 * of an instruction lies in it. */
static void four_gib(tier *t) {
  wrt_mem *mem = make_with(t, WRT_MEM_GUARD, PAGE, UINT64_C(1) << 32, UINT64_C(1) << 32);
  const wrt_view *view = NULL;
  assert_ok(wrt_mem_view(mem, &view));
  static const uint64_t ends[] = {PAGE, UINT64_C(1) << 31, UINT64_MAX >> 32, UINT64_C(1) << 32,
                                  (UINT64_C(1) << 33) - 1};
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; ++i) {
    assert_int_equal(faults(view->base + ends[i]), 1);
    assert_ptr_equal(blamed, mem);
    assert_int_equal(blamed_offset, ends[i]);
  }
  assert_ok(wrt_mem_grow(mem, 65535, &(uint64_t){0}));
  assert_int_equal(faults(view->base + (UINT64_MAX >> 32)), 0);
  assert_int_equal(faults(view->base + (UINT64_C(1) << 32)), 1);
}

static void four_gib_and_a_guard_need_no_checks_in_generated_code(void **state) {
  tier *t = *state;
  if (t->number == WRT_TIER_STD && !under_sanitizer() && sizeof(void *) == 8) with_faults_caught(four_gib, t);
}

#endif

static void a_guarded_base_is_an_os_page_and_so_are_its_pages(void **state) {
  tier *t = *state;
  if (t->number != WRT_TIER_STD) return;
  const wrt_view *view = NULL;
  assert_ok(wrt_mem_view(make_with(t, WRT_MEM_GUARD, PAGE, PAGE, 0), &view));
  assert_int_equal((uintptr_t)view->base % (uintptr_t)sysconf(_SC_PAGESIZE), 0);
  wrt_mem_config config = config_on(t, 0, PAGE);
  config.flags = WRT_MEM_GUARD;
  wrt_mem *mem = NULL;
  static const uint64_t too_small[] = {0, 1, 16, 2048};
  for (size_t i = 0; i < sizeof too_small / sizeof too_small[0]; ++i) {
    config.page_len = too_small[i];
    assert_status(WRT_ERR_MISALIGNED, wrt_mem_create_config(&config, &mem));
  }
  config.page_len = PAGE;
  config.guard_len = UINT64_MAX;
  assert_status(WRT_ERR_LIMIT, wrt_mem_create_config(&config, &mem));
  config.guard_len = UINT64_MAX - PAGE;
  assert_status(WRT_ERR_LIMIT, wrt_mem_create_config(&config, &mem));
}

/* ---- what is there ---- */

#ifndef UNDER_LAUNCHER /* of which the kernel may be asked, and not of the program */

/* Bytes of [at, at + n) that are resident. */
static uint64_t resident(const uint8_t *at, uint64_t n) {
  const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
  uint64_t bytes = 0;
  for (uint64_t i = 0; i < n; i += page) {
    unsigned char here = 0;
#ifdef __APPLE__
    char *where = (char *)(uintptr_t)(at + i);
#else
    void *where = (void *)(uintptr_t)(at + i);
#endif
    if (mincore(where, page, &here) == 0 && (here & 1) != 0) bytes += page;
  }
  return bytes;
}

static void a_committed_memory_is_there_when_the_call_returns(void **state) {
  tier *t = *state;
  if (t->number != WRT_TIER_STD) return;
  static const uint32_t with[] = {0, WRT_MEM_GUARD, WRT_MEM_STABLE, WRT_MEM_HUGE};
  for (size_t i = 0; i < sizeof with / sizeof with[0]; ++i) {
    wrt_mem *mem = make_with(t, WRT_MEM_COMMIT | with[i], 3 * PAGE, 64 * PAGE, 0);
    const wrt_view *view = NULL;
    assert_ok(wrt_mem_view(mem, &view));
    assert_int_equal(resident(view->base, 3 * PAGE), 3 * PAGE);
    assert_ok(wrt_mem_resize(mem, 40 * PAGE));
    assert_int_equal(resident(view->base, 40 * PAGE), 40 * PAGE);
    assert_ok(wrt_mem_discard(mem, PAGE, 20 * PAGE));
    assert_int_equal(resident(view->base, 40 * PAGE), 40 * PAGE);
    assert_ok(wrt_mem_resize(mem, PAGE));
    assert_ok(wrt_mem_resize(mem, 64 * PAGE));
    assert_int_equal(resident(view->base, 64 * PAGE), 64 * PAGE);
    assert_int_equal(info_of(mem).committed, 64 * PAGE);
    wrt_mem *twin = NULL;
    assert_ok(wrt_mem_clone(mem, &twin));
    adopt(t, twin);
    assert_ok(wrt_mem_view(twin, &view));
    assert_int_equal(resident(view->base, 64 * PAGE), 64 * PAGE);
  }
}

static void more_than_the_machine_has_is_refused_and_not_promised(void **state) {
  tier *t = *state;
  if (t->number != WRT_TIER_STD || sizeof(void *) < 8 || under_sanitizer()) return;
  wrt_mem_config config = config_on(t, 0, UINT64_C(1) << 44);
  config.flags = WRT_MEM_COMMIT;
  wrt_mem *mem = NULL;
  assert_ok(wrt_mem_create_config(&config, &mem));
  adopt(t, mem);
#ifdef __linux__
  assert_status(WRT_ERR_OUT_OF_MEMORY, wrt_mem_resize(mem, UINT64_C(1) << 44));
  assert_int_equal(info_of(mem).len, 0);
#endif
}

#endif

/* ---- huge pages ---- */

#if defined(HOST_IS_LINUX) && !defined(UNDER_LAUNCHER)
#define ASKS_THE_KERNEL 1

/* Whether the mapping that `at` is in was advised to be of huge pages: the flag "hg" of /proc/self/smaps. */
static int advised_huge(const uint8_t *at) {
  FILE *smaps = fopen("/proc/self/smaps", "r");
  assert_non_null(smaps);
  char line[512];
  int inside = 0, advised = -1;
  while (advised < 0 && fgets(line, sizeof line, smaps) != NULL) {
    unsigned long from = 0, to = 0;
    if (sscanf(line, "%lx-%lx ", &from, &to) == 2) inside = (uintptr_t)at >= from && (uintptr_t)at < to;
    if (inside && strncmp(line, "VmFlags:", 8) == 0) advised = strstr(line, " hg") != NULL;
  }
  fclose(smaps);
  return advised > 0;
}

static void huge_pages_are_asked_for_and_begin_where_the_memory_does(void **state) {
  tier *t = *state;
  if (t->number != WRT_TIER_STD) return;
  if (access("/sys/kernel/mm/transparent_hugepage/enabled", R_OK) != 0) return; /* a kernel without them */
  static const uint32_t with[] = {0, WRT_MEM_GUARD, WRT_MEM_COMMIT};
  for (size_t i = 0; i < sizeof with / sizeof with[0]; ++i) {
    wrt_mem *mem = make_with(t, WRT_MEM_HUGE | with[i], 4 * MIB, 16 * MIB, 0);
    const wrt_view *view = NULL;
    assert_ok(wrt_mem_view(mem, &view));
    assert_int_equal((uintptr_t)view->base % (2 * MIB), 0);
    assert_true(advised_huge(view->base));
    assert_ok(wrt_mem_resize(mem, PAGE));
    assert_ok(wrt_mem_resize(mem, 8 * MIB));
    assert_ok(wrt_mem_fill(mem, 0, 1, 8 * MIB));
    assert_true(advised_huge(view->base + 6 * MIB));
  }
}

#endif

/* ---- on every tier ---- */

static void committed_and_huge_memories_answer_as_others_do(void **state) {
  tier *t = *state;
  static const uint32_t flags[] = {WRT_MEM_COMMIT, WRT_MEM_HUGE, WRT_MEM_COMMIT | WRT_MEM_HUGE | WRT_MEM_TRACK};
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; ++i) {
    wrt_mem_config config = config_on(t, 100, ROOM);
    config.flags = flags[i];
    config.verify = WRT_VERIFY_FULL;
    wrt_mem *mem = NULL;
    assert_ok(wrt_mem_create_config(&config, &mem));
    adopt(t, mem);
    assert_int_equal(info_of(mem).flags, flags[i]);
    uint8_t byte = 7;
    assert_ok(wrt_mem_resize(mem, ROOM));
    assert_ok(wrt_mem_write(mem, ROOM - 1, &byte, 1));
    assert_ok(wrt_mem_resize(mem, 100));
    assert_ok(wrt_mem_resize(mem, ROOM));
    assert_ok(wrt_mem_read(mem, ROOM - 1, &byte, 1));
    assert_int_equal(byte, 0);
    assert_ok(wrt_mem_discard(mem, 0, ROOM));
    assert_ok(wrt_mem_reset(mem));
    assert_ok(wrt_mem_verify(mem, NULL));
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
#ifndef UNDER_LAUNCHER
      cmocka_unit_test(every_byte_past_the_length_faults_up_to_reservation_and_guard),
      cmocka_unit_test(four_gib_and_a_guard_need_no_checks_in_generated_code),
#endif
      cmocka_unit_test(a_guarded_base_is_an_os_page_and_so_are_its_pages),
#ifndef UNDER_LAUNCHER
      cmocka_unit_test(a_committed_memory_is_there_when_the_call_returns),
      cmocka_unit_test(more_than_the_machine_has_is_refused_and_not_promised),
#endif
#ifdef ASKS_THE_KERNEL
      cmocka_unit_test(huge_pages_are_asked_for_and_begin_where_the_memory_does),
#endif
      cmocka_unit_test(committed_and_huge_memories_answer_as_others_do),
  };
  return RUN_ON_EACH_TIER("flags", tests);
}

#else

int main(void) { return 0; }

#endif
