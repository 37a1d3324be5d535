/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* WebAssembly with no operating system and no heap: the word counter of examples/host on a Cortex-M3. Its linear memory
 * is one slot of a pool in a static array; what it prints leaves the board by semihosting. Read main() first. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <wrtmem/wrtmem.h>

#include "guest.wasm.h"
#include "runtime.h"
#include "wrt_wasm2c.h"

#define PAGE_LEN 65536u
#define MOST_PAGES 2u

/* The guest's structs, as it lays them out: little-endian, as this host is. */
struct row {
  uint32_t text, len, count;
};
struct report {
  uint32_t rows, row_count, bytes, words;
};

/* All the memory that any guest can have here. */
static uint8_t storage[WRT_POOL_STORAGE_LEN(MOST_PAGES * PAGE_LEN, 1)];

/* A trap leaves all frames up to run(): what must outlive it is here. */
static Z_guest_instance_t guest;
static wrt_mem *mem;

static const char text[] =
    "A linear memory is an array of bytes with a length. A guest reads and writes it, the host gives it room to grow, "
    "and nothing that the guest does reaches a byte outside it. The length grows by pages; the pages come from a pool; "
    "the pool is an array in the program. There is no heap, and there is no operating system. A guest that asks for "
    "more than the pool has is told so, and a guest that reads past the end of its memory is stopped.";

enum { TOP = 5, PIECE = 64 };

static int failed(const char *what, wrt_status status) {
  printf("%s: %s\n", what, wrt_status_name(status));
  return 1;
}

/* Hands the text to the guest, piece by piece. */
static int feed(void) {
  const uint32_t buffer = Z_guestZ_get_buffer(&guest, PIECE);
  if (buffer == 0) return failed("a buffer", wrt_wasm2c_status());
  for (size_t done = 0; done < sizeof text - 1;) {
    const size_t left = sizeof text - 1 - done;
    const size_t n = left < PIECE ? left : PIECE;
    const wrt_status status = wrt_mem_write(mem, buffer, text + done, n);
    if (status != WRT_OK) return failed("its buffer", status);
    if (Z_guestZ_ingest(&guest, (uint32_t)n) != 0) return failed("a word", wrt_wasm2c_status());
    done += n;
  }
  return 0;
}

static int show_row(uint64_t offset) {
  struct row row;
  char word[24] = {0};
  wrt_status status = wrt_mem_read(mem, offset, &row, sizeof row);
  if (status != WRT_OK) return failed("one of its results", status);
  const size_t len = row.len < sizeof word - 1 ? row.len : sizeof word - 1;
  status = wrt_mem_read(mem, row.text, word, len);
  if (status != WRT_OK) return failed("one of its words", status);
  printf("%4" PRIu32 " %s\n", row.count, word);
  return 0;
}

static int show_words(void) {
  const uint32_t place = Z_guestZ_finish(&guest);
  if (place == 0) return failed("the order", wrt_wasm2c_status());
  struct report report;
  const wrt_status status = wrt_mem_read(mem, place, &report, sizeof report);
  if (status != WRT_OK) return failed("its results", status);
  printf("%" PRIu32 " bytes, %" PRIu32 " words, %" PRIu32 " of them distinct\n", report.bytes, report.words,
         report.row_count);
  for (uint32_t i = 0; i < report.row_count && i < TOP; ++i) {
    if (show_row(report.rows + (uint64_t)i * sizeof(struct row)) != 0) return 1;
  }
  return 0;
}

/* A guest that goes outside is stopped, and what it was before it went there is still there. */
static int is_stopped(void) {
  const int trap = setjmp(runtime_entered);
  if (trap == 0) {
    Z_guestZ_write_outside(&guest);
    return 0;
  }
  printf("writing past the end: trap %d\n", trap);
  return trap == WASM_RT_TRAP_OOB;
}

/* The guest may grow to the pool's slot, and not beyond. */
static int grows_to_the_slot(void) {
  wasm_rt_memory_t *memory = Z_guestZ_memory(&guest);
  const uint32_t before = memory->pages;
  const uint32_t grown = wasm_rt_grow_memory(memory, MOST_PAGES - before);
  const uint32_t refused = wasm_rt_grow_memory(memory, 1);
  printf("pages: %" PRIu32 ", then %" PRIu32 ", then %s\n", before, memory->pages,
         wrt_status_name(wrt_wasm2c_status()));
  return grown == before && refused == UINT32_MAX;
}

static int run(void) {
  const int trap = setjmp(runtime_entered);
  if (trap != 0) {
    printf("trap %d, memory: %s\n", trap, wrt_status_name(wrt_wasm2c_status()));
    return 1;
  }
  Z_guest_init_module();
  Z_guest_instantiate(&guest); /* creates the memory */
  const wrt_status status = wrt_wasm2c_mem(Z_guestZ_memory(&guest), &mem);
  if (status != WRT_OK) return failed("the guest's memory", status);
  Z_guestZ__initialize(&guest);
  if (feed() != 0 || show_words() != 0) return 1;
  return grows_to_the_slot() && is_stopped() ? 0 : 1;
}

int main(void) {
  wrt_pool *pool = NULL;
  wrt_status status = wrt_pool_create(storage, sizeof storage, MOST_PAGES * PAGE_LEN, &pool);
  if (status != WRT_OK) return failed("the pool", status);

  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STATIC;
  config.pool = pool;
  config.name = "word counter";
  status = wrt_wasm2c_configure(&config);
  if (status != WRT_OK) return failed("the memory's configuration", status);

  const int result = run();
  Z_guest_free(&guest);
  status = wrt_pool_destroy(pool);
  if (status != WRT_OK) return failed("something was left over", status);
  printf("%s\n", result == 0 ? "done" : "failed");
  return result;
}
