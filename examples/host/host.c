/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A host: runs the word counter of guest.c in a sandbox whose memory comes from libwrtmem, on the tier that the user
 * names. Read main() at the end first, then run_guest().
 *
 * Two rules keep a host safe from its guest, and this one follows them everywhere:
 *   - every offset and length that the guest gives goes through wrt_mem_check, wrt_mem_read or wrt_mem_write;
 *   - a guest that does what it must not is stopped by a trap: run_guest() goes on after wasm_rt_impl_try(). */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <wrtmem/wrtmem.h>

#include "guest.wasm.h"
#include "options.h"
#include "wasm-rt-impl.h"
#include "wrt_wasm2c.h"

#define PAGE_LEN 65536u
#define SLOT_LEN (256u * PAGE_LEN)

enum exit_code { DONE = 0, HOST_FAILED = 1, USAGE = 2, NO_MEMORY = 3, GUEST_STOPPED = 4 };

/* The guest's structs, as it lays them out: little-endian, as every host of wasm2c memories here. */
struct row {
  uint32_t text, len, count;
};
struct report {
  uint32_t rows, row_count, bytes, words;
};

/* The STATIC tier's bytes: this array and nothing else. */
static uint8_t storage[WRT_POOL_STORAGE_LEN(SLOT_LEN, 1)];

/* A trap leaves all frames up to run_guest(): what must outlive it is here. */
static Z_guest_instance_t guest;
static wrt_mem *mem; /* the guest's memory */
static uint8_t piece[65536];

/* ---- what can go wrong */

static enum exit_code failed(const char *what, wrt_status status) {
  fprintf(stderr, "host: %s: %s (%s)\n", what, wrt_status_name(status), wrt_status_message(status));
  return HOST_FAILED;
}

static enum exit_code out_of_memory(void) {
  uint64_t len = 0;
  if (wrt_mem_len(mem, &len) != WRT_OK) len = 0;
  fprintf(stderr, "host: the guest ran out of memory at %" PRIu64 " pages\n", len / PAGE_LEN);
  failed("its last growth was refused", wrt_wasm2c_status());
  return NO_MEMORY;
}

static enum exit_code lied(const char *what, wrt_status status) {
  fputs("host: the guest was stopped: it gave a place outside its memory\n", stderr);
  failed(what, status);
  return GUEST_STOPPED;
}

static enum exit_code trapped(wasm_rt_trap_t trap) {
  if (mem == NULL && wrt_wasm2c_status() != WRT_OK) {
    failed("the guest cannot have the memory that it needs to start", wrt_wasm2c_status());
    return NO_MEMORY;
  }
  fprintf(stderr, "host: the guest was stopped: %s\n", wasm_rt_strerror(trap));
  return GUEST_STOPPED;
}

/* ---- the work */

/* Hands the text to the guest, piece by piece. */
static enum exit_code feed(FILE *text) {
  const uint32_t buffer = Z_guestZ_get_buffer(&guest, sizeof piece);
  if (buffer == 0) return out_of_memory();

  for (size_t n; (n = fread(piece, 1, sizeof piece, text)) > 0;) {
    const wrt_status status = wrt_mem_write(mem, buffer, piece, n);
    if (status != WRT_OK) return lied("its buffer", status);
    if (Z_guestZ_ingest(&guest, (uint32_t)n) != 0) return out_of_memory();
  }
  if (!ferror(text)) return DONE;
  fputs("host: the text cannot be read\n", stderr);
  return HOST_FAILED;
}

/* A guest can put anything into its memory: what goes to the terminal is printable. */
static void print_word(const struct row *row, const char *text, size_t len) {
  printf("%10" PRIu32 "  ", row->count);
  for (size_t i = 0; i < len; ++i) putchar(text[i] > ' ' && text[i] <= '~' ? text[i] : '?');
  puts(len < row->len ? "..." : "");
}

static enum exit_code show_row(uint64_t offset) {
  struct row row;
  wrt_status status = wrt_mem_read(mem, offset, &row, sizeof row);
  if (status != WRT_OK) return lied("one of its results", status);

  char text[60];
  const size_t len = row.len < sizeof text ? row.len : sizeof text;
  status = wrt_mem_check(mem, row.text, row.len);
  if (status == WRT_OK) status = wrt_mem_read(mem, row.text, text, len);
  if (status != WRT_OK) return lied("one of its words", status);
  print_word(&row, text, len);
  return DONE;
}

static enum exit_code show_words(const struct options *options) {
  const uint32_t place = Z_guestZ_finish(&guest);
  if (place == 0) return out_of_memory();

  struct report report;
  wrt_status status = wrt_mem_read(mem, place, &report, sizeof report);
  if (status == WRT_OK) status = wrt_mem_check(mem, report.rows, (uint64_t)report.row_count * sizeof(struct row));
  if (status != WRT_OK) return lied("its results", status);

  printf("words\n");
  printf("  bytes     %" PRIu32 "\n", report.bytes);
  printf("  words     %" PRIu32 "\n", report.words);
  printf("  distinct  %" PRIu32 "\n", report.row_count);
  for (uint32_t i = 0; i < report.row_count && i < options->top; ++i) {
    const enum exit_code code = show_row(report.rows + (uint64_t)i * sizeof(struct row));
    if (code != DONE) return code;
  }
  return DONE;
}

static void misbehave(enum misbehaviour how) {
  if (how == READ_OUTSIDE) Z_guestZ_read_outside(&guest);
  if (how == WRITE_OUTSIDE) Z_guestZ_write_outside(&guest);
  if (how == LIE) Z_guestZ_lie(&guest);
}

static enum exit_code run_guest(const struct options *options, FILE *text) {
  const int trap = wasm_rt_impl_try(); /* a trap comes back here, with its number */
  if (trap != WASM_RT_TRAP_NONE) return trapped((wasm_rt_trap_t)trap);

  Z_guest_instantiate(&guest); /* creates the memory */
  const wrt_status status = wrt_wasm2c_mem(Z_guestZ_memory(&guest), &mem);
  if (status != WRT_OK) return failed("the guest's memory", status);
  Z_guestZ__initialize(&guest);

  misbehave(options->misbehave);
  const enum exit_code code = feed(text);
  if (code != DONE) return code;
  return show_words(options);
}

/* ---- what the memory did */

static enum exit_code show_memory(wrt_budget *budget) {
  wrt_mem_info info = {0};
  wrt_mem_stats stats = {0};
  wrt_budget_info charged = {0};
  info.struct_size = sizeof info;
  stats.struct_size = sizeof stats;
  charged.struct_size = sizeof charged;
  wrt_status status = wrt_mem_get_info(mem, &info);
  if (status == WRT_OK) status = wrt_mem_get_stats(mem, &stats);
  if (status == WRT_OK) status = wrt_budget_get_info(budget, &charged);
  if (status != WRT_OK) return failed("what the memory did", status);

  printf("memory\n");
  printf("  tier      %s\n", wrt_tier_name(info.tier));
  printf("  length    %" PRIu64 " pages of %" PRIu64 "\n", info.len / info.page_len, info.max_len / info.page_len);
  printf("  peak      %" PRIu64 " pages\n", info.peak_len / info.page_len);
  printf("  growths   %" PRIu64 ", refused %" PRIu64 "\n", stats.resizes, stats.resize_failures);
  printf("  accesses  %" PRIu64 " by the host, denied %" PRIu64 "\n", stats.reads + stats.writes, stats.denied);
  printf("  budget    %" PRIu64 " of %" PRIu64 " bytes\n", charged.used, charged.limit);
  return DONE;
}

/* ---- the host */

static enum exit_code run_in_sandbox(const struct options *options, FILE *text, wrt_pool *pool, wrt_budget *budget) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = options->tier;
  config.max_len = (uint64_t)options->max_pages * PAGE_LEN;
  config.flags = WRT_MEM_TRACK; /* count accesses, the denied ones too */
  config.pool = pool;
  config.budget = budget;
  config.name = "word counter";
  const wrt_status status = wrt_wasm2c_configure(&config);
  if (status != WRT_OK) return failed("the memory's configuration", status);

  wasm_rt_init();
  Z_guest_init_module();
  enum exit_code code = run_guest(options, text);
  if (mem != NULL && show_memory(budget) != DONE) code = HOST_FAILED;
  Z_guest_free(&guest);
  wasm_rt_free();
  return code;
}

static enum exit_code run(const struct options *options, FILE *text) {
  wrt_pool *pool = NULL;
  wrt_budget *budget = NULL;
  wrt_status status = wrt_budget_create((uint64_t)options->budget_pages * PAGE_LEN, NULL, &budget);
  if (status == WRT_OK && options->tier == WRT_TIER_STATIC)
    status = wrt_pool_create(storage, sizeof storage, SLOT_LEN, &pool);
  enum exit_code code = status == WRT_OK ? run_in_sandbox(options, text, pool, budget) : failed("to begin", status);

  status = wrt_pool_destroy(pool);
  if (status == WRT_OK) status = wrt_budget_destroy(budget);
  return status == WRT_OK ? code : failed("something was left over", status);
}

int main(int argc, char **argv) {
  struct options options;
  const int parsed = parse_options(argc, argv, &options);
  if (parsed != 0) return parsed > 0 ? (int)DONE : (int)USAGE;

  FILE *text = fopen(options.text, "rb");
  if (text == NULL) {
    perror(options.text);
    return HOST_FAILED;
  }
  const enum exit_code code = run(&options, text);
  fclose(text);
  return (int)code;
}
