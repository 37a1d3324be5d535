/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A host whose guests check nothing: each memory has 4 GiB and a guard behind it, so that whatever 32-bit address a
 * guest makes up lies in its own memory or faults. guard.c makes a status of the fault.
 *
 *   guard             a guest goes astray, and the host goes on
 *   guard foreign     a fault of the host's own goes to the handler that was there before: exit status 3
 *   guard default     ... or to nobody, and the process ends by the signal, as it would have without us */

#include "guard.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PAGE UINT64_C(65536)
#define GIB (UINT64_C(1) << 30)

/* ---- the guest: as a compiler would translate i32.load and i32.store for a 32-bit memory, without a check */

struct guest {
  uint8_t *base;
  uint32_t index;
  uint32_t sum;
};

static uint32_t load(const struct guest *guest, uint32_t index, uint32_t offset) {
  uint32_t value;
  memcpy(&value, guest->base + ((uint64_t)index + offset), sizeof value);
  return value;
}

static void store(const struct guest *guest, uint32_t index, uint32_t offset, uint32_t value) {
  memcpy(guest->base + ((uint64_t)index + offset), &value, sizeof value);
}

/* Stores ten numbers from an index on, and adds them up. */
static void sum_up(void *argument) {
  struct guest *guest = argument;
  guest->sum = 0;
  for (uint32_t i = 0; i < 10; ++i) store(guest, guest->index, 4 * i, i);
  for (uint32_t i = 0; i < 10; ++i) guest->sum += load(guest, guest->index, 4 * i);
}

/* ---- the host */

static wrt_status make(const char *name, wrt_mem **out) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STD;
  config.flags = WRT_MEM_GUARD;
  config.name = name;
  config.page_len = PAGE;
  config.initial_len = PAGE;
  config.max_len = 16 * PAGE;
  config.reserve_len = 4 * GIB;      /* any index ... */
  config.guard_len = 4 * GIB + PAGE; /* ... with any offset of an instruction, and the bytes of the access */
  return wrt_mem_create_config(&config, out);
}

static const char *name_of(const wrt_mem *mem, wrt_mem_info *info) {
  info->struct_size = sizeof *info;
  return wrt_mem_get_info(mem, info) == WRT_OK ? info->name : "?";
}

static void run(struct guest *guest, uint32_t index) {
  struct guard_fault fault;
  wrt_mem_info info;
  guest->index = index;
  const wrt_status status = guard_run(sum_up, guest, &fault);
  if (status == WRT_OK) {
    printf("at %" PRIu32 ": the sum is %" PRIu32 "\n", index, guest->sum);
  } else {
    printf("at %" PRIu32 ": %s at %" PRIu64 " of %s\n", index, wrt_status_name(status), fault.offset,
           name_of(fault.mem, &info));
  }
}

static wrt_status show(void) {
  wrt_mem *mem = NULL, *other = NULL;
  const wrt_view *view = NULL;
  uint64_t old_pages = 0;
  wrt_status status = make("the guest", &mem);
  if (status == WRT_OK) status = make("its neighbour", &other);
  if (status == WRT_OK) status = wrt_mem_view(mem, &view);
  if (status != WRT_OK) return status;
  struct guest guest = {view->base, 0, 0};
  run(&guest, 0);
  run(&guest, 65536 - 40);
  run(&guest, 65536);
  run(&guest, UINT32_MAX);
  status = wrt_mem_grow(mem, 1, &old_pages);
  if (status != WRT_OK) return status;
  puts("and after a growth");
  run(&guest, 65536);
  run(&guest, 131072);
  status = wrt_mem_destroy(other);
  const wrt_status last = wrt_mem_destroy(mem);
  return status != WRT_OK ? status : last;
}

/* ---- faults that are not the guest's */

static void former_handler(int number) {
  (void)number;
  static const char words[] = "the handler that was there before\n";
  const ssize_t written = write(STDOUT_FILENO, words, sizeof words - 1);
  _exit(written > 0 ? 3 : 4);
}

static void go_astray(void *argument) {
  volatile uint8_t *nowhere = *(uint8_t **)argument;
  *nowhere = 1;
}

/* Inside a guest's call, at an address that is no memory's. */
static int fault_of_our_own(void) {
  struct guard_fault fault;
  uint8_t *nowhere = NULL;
  (void)guard_run(go_astray, &nowhere, &fault);
  puts("nobody noticed");
  return 5;
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  struct sigaction former;
  memset(&former, 0, sizeof former);
  former.sa_handler = strcmp(what, "default") == 0 ? SIG_DFL : former_handler;
  if (sigaction(SIGSEGV, &former, NULL) != 0 || sigaction(SIGBUS, &former, NULL) != 0) return 2;
  if (guard_install() != 0) return 2;
  if (*what != '\0') return fault_of_our_own();

  const wrt_status status = show();
  guard_uninstall();
  if (status != WRT_OK) fprintf(stderr, "guard: %s\n", wrt_status_message(status));
  return status == WRT_OK ? 0 : 1;
}
