/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Runs the program that it is linked with, on memory of the tier that it is told.
 *   host std|alloc|static REPORT DIRECTORY ARGUMENT...
 * DIRECTORY is all that the program sees of the file system; REPORT becomes "<tier> <pages> <growths>".
 * Ends with the program's own code; 120: the program was stopped, 121: the host failed. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <wrtmem/wrtmem.h>

#include "guest.h"
#include "wasi.h"
#include "wasm-rt-impl.h"
#include "wrt_wasm2c.h"

#define PAGE_LEN 65536u
#define SLOT_LEN (2048u * PAGE_LEN)

enum { STOPPED = 120, HOST_FAILED = 121 };

static uint8_t storage[WRT_POOL_STORAGE_LEN(SLOT_LEN, 1)];

/* What a trap or an exit leaves must not lie in a frame. */
static Z_guest_instance_t guest;
static struct Z_wasi_snapshot_preview1_instance_t wasi;

/* ---- protected calls: setjmp for guests whose C library has none (guest/protected.h) */

#ifdef PROTECTED_CALLS
struct Z_host_instance_t {
  struct call *innermost;
};
static struct Z_host_instance_t calls;

struct call {
  jmp_buf back;
  struct call *outer;
};

void Z_hostZ_protected_call(struct Z_host_instance_t *host, uint32_t function, uint32_t state, uint32_t argument) {
  struct call call;
  call.outer = host->innermost;
  host->innermost = &call;
  const uint32_t stack = *Z_guestZ___stack_pointer(&guest);
  const uint32_t depth = wasm_rt_call_stack_depth;
  if (setjmp(call.back) == 0) {
    Z_guestZ_call(&guest, function, state, argument);
  } else {
    *Z_guestZ___stack_pointer(&guest) = stack;
    wasm_rt_call_stack_depth = depth;
  }
  host->innermost = call.outer;
}

void Z_hostZ_throw(struct Z_host_instance_t *host) { longjmp(host->innermost->back, 1); }

#define INSTANTIATE() Z_guest_instantiate(&guest, &calls, &wasi)
#else
#define INSTANTIATE() Z_guest_instantiate(&guest, &wasi)
#endif

/* ---- one run */

static int failed(const char *what, wrt_status status) {
  fprintf(stderr, "host: %s: %s\n", what, wrt_status_name(status));
  return HOST_FAILED;
}

static int run(void) {
  const int trap = wasm_rt_impl_try();
  if (trap != WASM_RT_TRAP_NONE) {
    fprintf(stderr, "host: stopped: %s (%s)\n", wasm_rt_strerror((wasm_rt_trap_t)trap),
            wrt_status_name(wrt_wasm2c_status()));
    return STOPPED;
  }
  INSTANTIATE();
  const wrt_status status = wrt_wasm2c_mem(Z_guestZ_memory(&guest), &wasi.mem);
  if (status != WRT_OK) return failed("the guest's memory", status);
  if (setjmp(wasi.exit) == 0) {
    Z_guestZ__initialize(&guest);
    Z_guestZ_run(&guest);
  }
  return (int)wasi.exit_code;
}

static int report(const char *path) {
  wrt_mem_info info = {0};
  wrt_mem_stats stats = {0};
  info.struct_size = sizeof info;
  stats.struct_size = sizeof stats;
  wrt_status status = wrt_mem_get_info(wasi.mem, &info);
  if (status == WRT_OK) status = wrt_mem_get_stats(wasi.mem, &stats);
  if (status != WRT_OK) return failed("the report", status);

  FILE *file = fopen(path, "w");
  if (file == NULL) return HOST_FAILED;
  fprintf(file, "%s %" PRIu64 " %" PRIu64 "\n", wrt_tier_name(info.tier), info.len / PAGE_LEN, stats.resizes);
  return fclose(file) == 0 ? 0 : HOST_FAILED;
}

static int32_t tier_named(const char *name) {
  for (int32_t tier = WRT_TIER_STD; tier <= WRT_TIER_STATIC; ++tier) {
    if (strcmp(name, wrt_tier_name(tier)) == 0) return tier;
  }
  return -1;
}

static int run_on(wrt_mem_config *config, const char *report_path) {
  const wrt_status status = wrt_wasm2c_configure(config);
  if (status != WRT_OK) return failed("the configuration", status);
  wasm_rt_init();
  Z_guest_init_module();
  const int code = run();
  const int reported = wasi.mem == NULL ? HOST_FAILED : report(report_path);
  Z_guest_free(&guest);
  wasm_rt_free();
  return code == 0 ? reported : code;
}

int main(int argc, char **argv) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.max_len = SLOT_LEN;
  if (argc < 5 || (config.tier = tier_named(argv[1])) < 0 || wasi_open_directory(argv[3]) != 0) {
    fprintf(stderr, "usage: %s std|alloc|static REPORT DIRECTORY ARGUMENT...\n", argv[0]);
    return HOST_FAILED;
  }
  wasi.argc = argc - 4;
  wasi.argv = argv + 4;
  if (config.tier != WRT_TIER_STATIC) return run_on(&config, argv[2]);

  wrt_status status = wrt_pool_create(storage, sizeof storage, SLOT_LEN, &config.pool);
  if (status != WRT_OK) return failed("the pool", status);
  const int code = run_on(&config, argv[2]);
  status = wrt_pool_destroy(config.pool);
  return status == WRT_OK ? code : failed("the pool's end", status);
}
