/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* A host of an earlier release: compiled against the header of that release, run on the library of today. It relies on
   what the release promised and on nothing that it left open, so that it must work for as long as the SONAME stays. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wrtmem/inline.h>
#include <wrtmem/wrtmem.h>

#define PAGE_LEN 65536u
#define SLOTS 2u

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      exit(1);                                                                \
    }                                                                         \
  } while (0)
#define WORKS(call) CHECK((call) == WRT_OK)

static unsigned char pool_storage[WRT_POOL_STORAGE_LEN(PAGE_LEN, SLOTS)];

/* ---- an allocator that counts what is out ---- */

static size_t bytes_out;

static void *give(void *context, size_t size, size_t alignment) {
  void *block = NULL;
  CHECK(context == &bytes_out);
  if (posix_memalign(&block, alignment < sizeof(void *) ? sizeof(void *) : alignment, size) != 0) return NULL;
  bytes_out += size;
  return block;
}

static void take(void *context, void *block, size_t size, size_t alignment) {
  CHECK(context == &bytes_out && alignment != 0 && size <= bytes_out);
  bytes_out -= size;
  free(block);
}

/* ---- what any memory does ---- */

static void knows_its_structs(wrt_mem *mem, const wrt_mem_config *config) {
  wrt_mem_info info;
  wrt_mem_stats stats;
  memset(&info, 0xA5, sizeof info);
  memset(&stats, 0xA5, sizeof stats);
  info.struct_size = sizeof info;
  stats.struct_size = sizeof stats;
  WORKS(wrt_mem_get_info(mem, &info));
  CHECK(info.struct_size == sizeof info);
  CHECK(info.tier == config->tier && info.flags == config->flags && info.verify == WRT_VERIFY_BASIC);
  CHECK(info.len == PAGE_LEN && info.max_len == PAGE_LEN && info.page_len == config->page_len);
  CHECK(info.capacity == PAGE_LEN && info.committed >= info.len && info.peak_len == PAGE_LEN && info.borrows == 0);
  CHECK(strcmp(info.name, "host") == 0);
  WORKS(wrt_mem_get_stats(mem, &stats));
  CHECK(stats.struct_size == sizeof stats && stats.reserved0 == 0);
  CHECK(stats.reads != 0 && stats.writes != 0 && stats.bytes_read >= stats.reads && stats.denied == 1);
  CHECK(stats.resizes == 1 && stats.resize_failures == 1 && stats.regions == 1 && stats.max_access != 0);
  WORKS(wrt_mem_clear_stats(mem));
  WORKS(wrt_mem_get_stats(mem, &stats));
  CHECK(stats.reads == 0 && stats.resizes == 0);
}

static void reads_what_it_wrote(wrt_mem *mem) {
  uint64_t value = 0, len = 0;
  unsigned char bytes[4] = {0};
  WORKS(wrt_mem_write(mem, 8, "wasm", 4));
  WORKS(wrt_mem_copy(mem, 16, mem, 8, 4));
  WORKS(wrt_mem_read(mem, 16, bytes, sizeof bytes));
  CHECK(memcmp(bytes, "wasm", 4) == 0);
  WORKS(wrt_mem_fill(mem, 16, 7, 2));
  WORKS(wrt_mem_discard(mem, 18, 2));
  WORKS(wrt_mem_atomic_load(mem, 16, 4, &value));
  CHECK(value == 0x0707);
  WORKS(wrt_mem_atomic_store(mem, 24, 8, UINT64_MAX));
  WORKS(wrt_mem_atomic_rmw(mem, 24, 8, WRT_ATOMIC_ADD, 3, &value));
  CHECK(value == UINT64_MAX);
  WORKS(wrt_mem_atomic_cmpxchg(mem, 24, 8, 2, 5, &value));
  CHECK(value == 2);
  WORKS(wrt_mem_len(mem, &len));
  WORKS(wrt_mem_check(mem, 0, len));
  CHECK(wrt_mem_check(mem, len, 1) == WRT_ERR_OUT_OF_BOUNDS);
}

static void sees_it_through_a_view(wrt_mem *mem) {
  const wrt_view *view = NULL;
  uint32_t value = 0;
  WORKS(wrt_mem_view(mem, &view));
  WORKS(wrt_view_load_u32(view, 24, &value));
  CHECK(value == 5);
  WORKS(wrt_view_store_u32(view, 24, 6));
  CHECK(view->base[24] == 6);
  CHECK(wrt_view_load_u32(view, view->len, &value) == WRT_ERR_OUT_OF_BOUNDS);
}

static void borrows(wrt_mem *mem) {
  void *data = NULL;
  wrt_mem *found = NULL;
  uint64_t offset = 0;
  WORKS(wrt_mem_borrow(mem, 24, 4, WRT_BORROW_READ | WRT_BORROW_WRITE, &data));
  CHECK(*(unsigned char *)data == 6);
  CHECK(wrt_mem_reset(mem) == WRT_ERR_BUSY);
  WORKS(wrt_fault_find(data, &found, &offset));
  CHECK(found == mem && offset == 24);
  WORKS(wrt_mem_release(mem, data, 4));
}

static void grows(wrt_mem *mem) {
  uint64_t pages = 9, value = 9;
  CHECK(wrt_mem_resize(mem, PAGE_LEN + 1024) == WRT_ERR_LIMIT);
  WORKS(wrt_mem_grow(mem, 32, &pages));
  CHECK(pages == 32);
  WORKS(wrt_mem_atomic_load(mem, PAGE_LEN - 8, 8, &value));
  CHECK(value == 0);
}

static void clones(wrt_mem *mem) {
  wrt_mem *twin = NULL;
  int32_t equal = 0;
  uint64_t len = 0;
  WORKS(wrt_mem_clone(mem, &twin));
  WORKS(wrt_mem_equal(mem, twin, &equal));
  CHECK(equal == 1);
  WORKS(wrt_mem_reset(twin));
  WORKS(wrt_mem_len(twin, &len));
  CHECK(len == PAGE_LEN / 2);
  WORKS(wrt_mem_destroy(twin));
  CHECK(wrt_mem_destroy(twin) == WRT_ERR_INVALID_HANDLE);
}

static void checks_itself(wrt_mem *mem) {
  uint64_t first_bad = 0;
  uint32_t woken = 1;
  WORKS(wrt_mem_verify(mem, &first_bad));
  WORKS(wrt_mem_set_verify(mem, WRT_VERIFY_OFF));
  WORKS(wrt_mem_set_verify(mem, WRT_VERIFY_BASIC));
  WORKS(wrt_mem_notify(mem, 0, 1, &woken));
  CHECK(woken == 0);
}

static void does_what_memories_do(wrt_mem *mem, const wrt_mem_config *config) {
  reads_what_it_wrote(mem);
  sees_it_through_a_view(mem);
  borrows(mem);
  grows(mem);
  knows_its_structs(mem, config);
  clones(mem);
  checks_itself(mem);
}

/* ---- the three tiers, under one budget ---- */

static wrt_mem_config config_of(int32_t tier, wrt_budget *budget) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = tier;
  config.initial_len = PAGE_LEN / 2;
  config.max_len = PAGE_LEN;
  config.page_len = 1024;
  config.flags = WRT_MEM_STABLE | WRT_MEM_TRACK;
  config.budget = budget;
  config.name = "host";
  return config;
}

static void runs(const wrt_mem_config *config) {
  wrt_mem *mem = NULL;
  WORKS(wrt_mem_create_config(config, &mem));
  does_what_memories_do(mem, config);
  WORKS(wrt_mem_destroy(mem));
}

static void runs_on_std(wrt_budget *budget) {
  wrt_mem_config config = config_of(WRT_TIER_STD, budget);
  config.reserve_len = PAGE_LEN;
  runs(&config);
}

static void runs_on_its_allocator(wrt_budget *budget) {
  const wrt_allocator allocator = {sizeof allocator, 0, &bytes_out, give, NULL, take};
  wrt_mem_config config = config_of(WRT_TIER_ALLOC, budget);
  config.allocator = &allocator;
  runs(&config);
  CHECK(bytes_out == 0);
}

static void runs_on_its_pool(wrt_budget *budget) {
  wrt_mem_config config = config_of(WRT_TIER_STATIC, budget);
  wrt_pool_info info = {sizeof info, 1, 1, 1, 1, 1, 1};
  size_t storage_len = 0;
  WORKS(wrt_pool_storage_len(PAGE_LEN, SLOTS, &storage_len));
  CHECK(storage_len <= sizeof pool_storage);
  WORKS(wrt_pool_create(pool_storage, sizeof pool_storage, PAGE_LEN, &config.pool));
  runs(&config);
  WORKS(wrt_pool_get_info(config.pool, &info));
  CHECK(info.struct_size == sizeof info && info.reserved0 == 0 && info.slot_len == PAGE_LEN);
  CHECK(info.slots >= SLOTS && info.used == 0 && info.peak == 2 && info.refused == 0);
  WORKS(wrt_pool_destroy(config.pool));
}

static void runs_on_every_tier(void) {
  wrt_budget *all = NULL, *part = NULL;
  wrt_budget_info info = {sizeof info, 1, 1, 1, 1, 1};
  WORKS(wrt_budget_create(UINT64_MAX, NULL, &all));
  WORKS(wrt_budget_create(2 * PAGE_LEN, all, &part));
  runs_on_std(part);
  runs_on_its_allocator(part);
  runs_on_its_pool(part);
  WORKS(wrt_budget_get_info(part, &info));
  CHECK(info.struct_size == sizeof info && info.reserved0 == 0);
  CHECK(info.limit == 2 * PAGE_LEN && info.used == 0 && info.peak == 2 * PAGE_LEN && info.refused == 0);
  WORKS(wrt_budget_destroy(part));
  WORKS(wrt_budget_destroy(all));
}

/* ---- what a later release may offer, called all the same ---- */

static size_t takes_all(void *context, const void *data, size_t n) {
  (void)context;
  (void)data;
  return n;
}

static size_t has_none(void *context, void *data, size_t n) {
  (void)context;
  (void)data;
  (void)n;
  return 0;
}

static void asks_for_images(void) {
  wrt_mem *mem = NULL;
  wrt_image *image = NULL;
  wrt_image_info info = {sizeof info, 1, 1, 1, 1, 1};
  wrt_status status;
  WORKS(wrt_mem_create(WRT_TIER_STD, PAGE_LEN, PAGE_LEN, &mem));
  status = wrt_image_create(mem, &image);
  CHECK(status == WRT_OK || status == WRT_ERR_UNSUPPORTED);
  CHECK((status == WRT_OK) == (image != NULL));
  CHECK(wrt_image_get_info(image, &info) == (image ? WRT_OK : WRT_ERR_INVALID_HANDLE));
  CHECK(wrt_image_save(image, takes_all, NULL) == (image ? WRT_OK : WRT_ERR_INVALID_HANDLE));
  WORKS(wrt_image_destroy(image));
  CHECK(wrt_image_load(NULL, has_none, NULL, &image) != WRT_OK);
  WORKS(wrt_mem_destroy(mem));
}

static void asks_to_wait(void) {
  wrt_mem *mem = NULL;
  int32_t result = 9;
  WORKS(wrt_mem_create(WRT_TIER_STD, PAGE_LEN, PAGE_LEN, &mem));
  CHECK(wrt_mem_wait(mem, 0, 4, 1, 0, &result) == WRT_ERR_UNSUPPORTED);
  CHECK(result == 9);
  WORKS(wrt_mem_destroy(mem));
}

/* ---- the library ---- */

static void knows_the_library(void) {
  wrt_tier_info info = {sizeof info, 9, 9, 9, 9};
  const uint32_t version = (uint32_t)WRT_VERSION_MAJOR << 16 | WRT_VERSION_MINOR << 8 | WRT_VERSION_PATCH;
  CHECK(wrt_version() >= version);
  CHECK(wrt_version_string()[0] != '\0');
  CHECK(strcmp(wrt_status_name(WRT_ERR_BUSY), "WRT_ERR_BUSY") == 0);
  CHECK(wrt_status_message(WRT_ERR_BUSY)[0] != '\0');
  CHECK(strcmp(wrt_tier_name(WRT_TIER_STATIC), "static") == 0);
  WORKS(wrt_tier_get_info(WRT_TIER_STD, &info));
  CHECK(info.struct_size == sizeof info && info.available == 1 && info.max_len >= PAGE_LEN);
  CHECK((info.flags & WRT_MEM_STABLE) != 0);
  WORKS(wrt_selftest());
}

int main(void) {
  knows_the_library();
  runs_on_every_tier();
  asks_for_images();
  asks_to_wait();
  WORKS(wrt_trim());
  printf("a host of %s runs on %s\n", WRT_VERSION_STRING, wrt_version_string());
  return 0;
}
