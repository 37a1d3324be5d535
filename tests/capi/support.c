/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

#ifdef __linux__
#include <unistd.h>
#endif

char poison_object[1];

void check_status(wrt_status expected, wrt_status got, const char *call, const char *file, int line) {
  if (got == expected) return;
  print_error("%s gave %s, expected %s\n", call, wrt_status_name(got), wrt_status_name(expected));
  _fail(file, line);
}

/* ---- tiers ---- */

static const struct {
  const char *name;
  int32_t tier;
} sources[SOURCES] = {
    [SYSTEM] = {"std", WRT_TIER_STD},
    [HEAP] = {"alloc", WRT_TIER_ALLOC},
    [HEAP_WITHOUT_REALLOCATE] = {"alloc without reallocate", WRT_TIER_ALLOC},
    [MALLOC] = {"alloc with malloc", WRT_TIER_ALLOC},
    [POOL] = {"static", WRT_TIER_STATIC},
    [BUILTIN_POOL] = {"static built in", WRT_TIER_STATIC},
};

const char *source_name(tier_source source) { return sources[source].name; }

/* Whether memories of MAX_LIVE times ROOM bytes fit into the built-in pool of this build. */
static int builtin_has_room(void) {
  wrt_mem *mem[MAX_LIVE];
  size_t made = 0;
  while (made < MAX_LIVE && wrt_mem_create(WRT_TIER_STATIC, 0, ROOM, &mem[made]) == WRT_OK) made++;
  const int enough = made == MAX_LIVE;
  while (made > 0) assert_ok(wrt_mem_destroy(mem[--made]));
  return enough;
}

int is_available(tier_source source) {
  wrt_tier_info info;
  info.struct_size = sizeof info;
  if (wrt_tier_get_info(sources[source].tier, &info) != WRT_OK || !info.available) return 0;
  if (source == MALLOC) return (info.features & WRT_FEATURE_BUILTIN) != 0;
  if (source == BUILTIN_POOL) return (info.features & WRT_FEATURE_BUILTIN) != 0 && builtin_has_room();
  return 1;
}

enum { STORAGE_MARGIN = 512, OUTSIDE = 0xE5, OLD_CONTENTS = 0x9B };

static void open_pool(tier *t) {
  assert_ok(wrt_pool_storage_len(ROOM, POOL_SLOTS, &t->storage_len));
  t->storage_block_len = t->storage_len + 2 * STORAGE_MARGIN;
  t->storage_block = malloc(t->storage_block_len);
  assert_non_null(t->storage_block);
  const size_t odd = ((uintptr_t)t->storage_block & 1) == 0 ? 1 : 0;
  t->storage = t->storage_block + STORAGE_MARGIN + odd;
  memset(t->storage_block, OUTSIDE, t->storage_block_len);
  memset(t->storage, OLD_CONTENTS, t->storage_len);
  assert_ok(wrt_pool_create(t->storage, t->storage_len, ROOM, &t->pool));
}

static void close_pool(tier *t) {
  if (t->pool == NULL) return;
  assert_ok(wrt_pool_destroy(t->pool));
  const size_t before = (size_t)(t->storage - t->storage_block);
  assert_all_bytes(t->storage_block, OUTSIDE, before);
  assert_all_bytes(t->storage + t->storage_len, OUTSIDE, t->storage_block_len - before - t->storage_len);
  free(t->storage_block);
}

static void close_heap(tier *t) {
  heap_check(&t->heap);
  if (t->heap.fault != NULL) print_error("the allocator saw: %s\n", t->heap.fault);
  assert_null(t->heap.fault);
  assert_int_equal(t->heap.live_blocks, 0);
  heap_close(&t->heap);
}

tier *open_tier(tier_source source) {
  tier *t = calloc(1, sizeof *t);
  assert_non_null(t);
  t->source = source;
  t->number = sources[source].tier;
  heap_open(&t->heap);
  t->allocator =
      source == HEAP_WITHOUT_REALLOCATE ? heap_allocator_without_reallocate(&t->heap) : heap_allocator(&t->heap);
  if (source == POOL) open_pool(t);
  assert_ok(wrt_pool_create(t->bystander_storage, sizeof t->bystander_storage, 64, &t->bystander_pool));
  assert_ok(wrt_budget_create(1000, NULL, &t->bystander_budget));
  return t;
}

static void destroy_made(tier *t) {
  while (t->made_count > 0) {
    const wrt_status status = wrt_mem_destroy(t->made[--t->made_count]);
    if (status != WRT_ERR_INVALID_HANDLE) assert_status(WRT_OK, status);
  }
}

void close_tier(tier *t) {
  destroy_made(t);
  assert_ok(wrt_image_destroy(t->bystander_image));
  close_pool(t);
  close_heap(t);
  assert_ok(wrt_pool_destroy(t->bystander_pool));
  assert_ok(wrt_budget_destroy(t->bystander_budget));
  free(t);
}

static int set_up(void **state) {
  *state = open_tier(*(const tier_source *)*state);
  return 0;
}

static int tear_down(void **state) {
  close_tier(*state);
  return 0;
}

int run_on(tier_source source, const char *name, const struct CMUnitTest *tests, size_t count) {
  char group[96];
  snprintf(group, sizeof group, "%s on %s", name, source_name(source));
  print_message("# %s\n", group);
  struct CMUnitTest *mine = malloc(count * sizeof *mine);
  if (mine == NULL) return 1;
  for (size_t i = 0; i < count; ++i) {
    mine[i] = tests[i];
    mine[i].setup_func = set_up;
    mine[i].teardown_func = tear_down;
    mine[i].initial_state = &source;
  }
  const int failed = _cmocka_run_group_tests(group, mine, count, NULL, NULL);
  free(mine);
  return failed;
}

int run_on_each_tier(const char *name, const struct CMUnitTest *tests, size_t count) {
  int failed = 0;
  int ran = 0;
  for (int i = 0; i < SOURCES; ++i) {
    if (!is_available((tier_source)i)) continue;
    failed += run_on((tier_source)i, name, tests, count);
    ran++;
  }
  if (ran == 0) print_error("%s: no tier is available\n", name);
  return ran == 0 ? 1 : failed;
}

/* ---- memories ---- */

wrt_mem_config config_on(tier *t, uint64_t initial_len, uint64_t max_len) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = t->number;
  config.initial_len = initial_len;
  config.max_len = max_len;
  if (t->source == HEAP || t->source == HEAP_WITHOUT_REALLOCATE) config.allocator = &t->allocator;
  config.pool = t->pool;
  return config;
}

wrt_mem *adopt(tier *t, wrt_mem *mem) {
  assert_true(t->made_count < MAX_MADE);
  t->made[t->made_count++] = mem;
  return mem;
}

wrt_mem *make_from(tier *t, const wrt_mem_config *config) {
  wrt_mem *mem = NULL;
  assert_ok(wrt_mem_create_config(config, &mem));
  assert_non_null(mem);
  return adopt(t, mem);
}

wrt_mem *make(tier *t, uint64_t initial_len, uint64_t max_len) {
  const wrt_mem_config config = config_on(t, initial_len, max_len);
  return make_from(t, &config);
}

wrt_budget *make_budget(uint64_t limit, wrt_budget *parent) {
  wrt_budget *budget = NULL;
  assert_ok(wrt_budget_create(limit, parent, &budget));
  assert_non_null(budget);
  return budget;
}

int has_images(const tier *t) {
  wrt_tier_info info;
  info.struct_size = sizeof info;
  assert_ok(wrt_tier_get_info(t->number, &info));
  return (info.features & WRT_FEATURE_IMAGES) != 0;
}

wrt_image *freeze(const wrt_mem *mem) {
  wrt_image *image = NULL;
  assert_ok(wrt_image_create(mem, &image));
  assert_non_null(image);
  return image;
}

wrt_image_info image_info_of(const wrt_image *image) {
  wrt_image_info info;
  info.struct_size = sizeof info;
  assert_ok(wrt_image_get_info(image, &info));
  return info;
}

uint64_t len_of(const wrt_mem *mem) {
  uint64_t len = POISON;
  assert_ok(wrt_mem_len(mem, &len));
  return len;
}

wrt_mem_info info_of(const wrt_mem *mem) {
  wrt_mem_info info;
  info.struct_size = sizeof info;
  assert_ok(wrt_mem_get_info(mem, &info));
  return info;
}

wrt_mem_stats stats_of(const wrt_mem *mem) {
  wrt_mem_stats stats;
  stats.struct_size = sizeof stats;
  assert_ok(wrt_mem_get_stats(mem, &stats));
  return stats;
}

wrt_pool_info pool_info_of(const wrt_pool *pool) {
  wrt_pool_info info;
  info.struct_size = sizeof info;
  assert_ok(wrt_pool_get_info(pool, &info));
  return info;
}

wrt_budget_info budget_info_of(const wrt_budget *budget) {
  wrt_budget_info info;
  info.struct_size = sizeof info;
  assert_ok(wrt_budget_get_info(budget, &info));
  return info;
}

const wrt_view *view_of(wrt_mem *mem) {
  const wrt_view *view = NULL;
  assert_ok(wrt_mem_view(mem, &view));
  assert_non_null(view);
  return view;
}

void *borrow(wrt_mem *mem, uint64_t offset, uint64_t n, uint32_t access) {
  void *data = NULL;
  assert_ok(wrt_mem_borrow(mem, offset, n, access, &data));
  assert_non_null(data);
  return data;
}

uint8_t byte_at(const wrt_mem *mem, uint64_t offset) {
  uint8_t byte = 0;
  assert_ok(wrt_mem_read(mem, offset, &byte, 1));
  return byte;
}

/* ---- contents ---- */

uint8_t pattern_byte(uint8_t seed, uint64_t offset) {
  const uint64_t mixed = (offset + seed) * UINT64_C(0x9E3779B97F4A7C15);
  return (uint8_t)((mixed >> 56) | 1);
}

enum { CHUNK = 4096 };

static size_t chunk_at(uint64_t done, uint64_t n) { return (size_t)(n - done < CHUNK ? n - done : CHUNK); }

void put_pattern(wrt_mem *mem, uint8_t seed, uint64_t offset, uint64_t n) {
  uint8_t chunk[CHUNK];
  for (uint64_t done = 0; done < n; done += CHUNK) {
    const size_t now = chunk_at(done, n);
    for (size_t i = 0; i < now; ++i) chunk[i] = pattern_byte(seed, offset + done + i);
    assert_ok(wrt_mem_write(mem, offset + done, chunk, now));
  }
}

void assert_pattern(const wrt_mem *mem, uint8_t seed, uint64_t offset, uint64_t n) {
  uint8_t chunk[CHUNK];
  for (uint64_t done = 0; done < n; done += CHUNK) {
    const size_t now = chunk_at(done, n);
    assert_ok(wrt_mem_read(mem, offset + done, chunk, now));
    for (size_t i = 0; i < now; ++i) {
      const uint8_t expected = pattern_byte(seed, offset + done + i);
      if (chunk[i] == expected) continue;
      print_error("byte %llu\n", (unsigned long long)(offset + done + i));
      assert_int_equal(chunk[i], expected);
    }
  }
}

void assert_zeros(const wrt_mem *mem, uint64_t offset, uint64_t n) {
  uint8_t chunk[CHUNK];
  for (uint64_t done = 0; done < n; done += CHUNK) {
    const size_t now = chunk_at(done, n);
    assert_ok(wrt_mem_read(mem, offset + done, chunk, now));
    assert_all_bytes(chunk, 0, now);
  }
}

void assert_all_bytes(const void *data, uint8_t value, size_t n) {
  const uint8_t *bytes = data;
  for (size_t i = 0; i < n; ++i) {
    if (bytes[i] == value) continue;
    print_error("byte %zu of %zu\n", i, n);
    assert_int_equal(bytes[i], value);
  }
}

/* ---- shapes ---- */

static const struct {
  int32_t verify;
  uint32_t flags;
} shapes[SHAPES] = {
    {WRT_VERIFY_DEFAULT, 0},
    {WRT_VERIFY_OFF, 0},
    {WRT_VERIFY_BASIC, WRT_MEM_STABLE},
    {WRT_VERIFY_BASIC, WRT_MEM_TRACK},
    {WRT_VERIFY_OFF, WRT_MEM_TRACK},
    {WRT_VERIFY_OFF, WRT_MEM_TRACK | WRT_MEM_STABLE | WRT_MEM_EXACT_MAX},
};

wrt_mem *make_shape(tier *t, int shape, uint64_t initial_len, uint64_t max_len) {
  wrt_mem_config config = config_on(t, initial_len, max_len);
  config.verify = shapes[shape].verify;
  config.flags = shapes[shape].flags;
  return make_from(t, &config);
}

/* ---- ranges ---- */

static void add_range(ranges *all, uint64_t offset, uint64_t n) {
  assert_true(all->count < sizeof all->at / sizeof all->at[0]);
  all->at[all->count].offset = offset;
  all->at[all->count].n = n;
  all->count++;
}

ranges ranges_inside(uint64_t len) {
  ranges all = {.count = 0};
  add_range(&all, 0, 0);
  add_range(&all, len, 0);
  add_range(&all, 0, len);
  add_range(&all, len / 2, 0);
  add_range(&all, len / 2, len - len / 2);
  if (len == 0) return all;
  add_range(&all, 0, 1);
  add_range(&all, len - 1, 1);
  add_range(&all, len - 1, 0);
  add_range(&all, 1, len - 1);
  return all;
}

ranges ranges_outside(uint64_t len) {
  const uint64_t high = UINT64_C(1) << 63;
  const uint64_t four_gib = UINT64_C(1) << 32;
  ranges all = {.count = 0};
  add_range(&all, 0, len + 1);
  add_range(&all, len, 1);
  add_range(&all, len + 1, 0);
  add_range(&all, len + 1, 1);
  add_range(&all, len / 2, len - len / 2 + 1);
  add_range(&all, 1, len);
  add_range(&all, len, UINT64_MAX);
  add_range(&all, len, UINT64_MAX - len);
  if (len > 0) add_range(&all, len, UINT64_MAX - len + 1); /* the sum wraps to 0 */
  add_range(&all, 1, UINT64_MAX);                          /* so does this one */
  add_range(&all, 2, UINT64_MAX);                          /* and to 1 */
  add_range(&all, 0, UINT64_MAX);
  add_range(&all, 0, high);
  add_range(&all, 0, four_gib);
  add_range(&all, four_gib, 0);
  add_range(&all, four_gib, 1);
  add_range(&all, four_gib - 1, 1);
  add_range(&all, high, 0);
  add_range(&all, high, 1);
  add_range(&all, high, high);
  add_range(&all, UINT64_MAX, 0);
  add_range(&all, UINT64_MAX, 1);
  add_range(&all, UINT64_MAX, 2);
  add_range(&all, UINT64_MAX, UINT64_MAX);
  add_range(&all, UINT64_MAX - len, len + 1);
  return all;
}

ranges ranges_outside_of_host_size(uint64_t len) {
  const ranges all = ranges_outside(len);
  ranges some = {.count = 0};
  for (size_t i = 0; i < all.count; ++i) {
    if (all.at[i].n <= SIZE_MAX) add_range(&some, all.at[i].offset, all.at[i].n);
  }
  return some;
}

/* ---- snapshots ---- */

snapshot take_snapshot(const wrt_mem *mem) {
  snapshot taken = {mem, info_of(mem), NULL};
  const size_t len = (size_t)taken.info.len;
  taken.bytes = malloc(len + 1);
  assert_non_null(taken.bytes);
  assert_ok(wrt_mem_read(mem, 0, taken.bytes, len));
  return taken;
}

void assert_unchanged(snapshot *before) {
  snapshot now = take_snapshot(before->mem);
  assert_int_equal(now.info.len, before->info.len);
  assert_memory_equal(&now.info, &before->info, sizeof now.info);
  if (now.info.len > 0) assert_memory_equal(now.bytes, before->bytes, (size_t)now.info.len);
  free(now.bytes);
  free(before->bytes);
  before->bytes = NULL;
}

/* ---- bad handles ---- */

uint64_t next_random(uint64_t *state) {
  uint64_t x = *state;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  *state = x;
  return x;
}

void *handle_of_bits(uint64_t bits) { return (void *)(uintptr_t)bits; }

static void add(bad_handles *bad, const void *value) {
  assert_true(bad->count < sizeof bad->values / sizeof bad->values[0]);
  bad->values[bad->count++] = (void *)(uintptr_t)value;
}

static void add_numbers(bad_handles *bad) {
  add(bad, handle_of_bits(UINTPTR_MAX));
  add(bad, handle_of_bits(UINTPTR_MAX - 1));
  add(bad, handle_of_bits(UINTPTR_MAX / 2));
  add(bad, handle_of_bits(UINTPTR_MAX / 2 + 1));
  for (uint64_t i = 1; i <= 16; ++i) add(bad, handle_of_bits(i));
  uint64_t random = UINT64_C(0x243F6A8885A308D3);
  for (int i = 0; i < 64; ++i) add(bad, handle_of_bits(next_random(&random)));
}

static void add_destroyed_memories(bad_handles *bad, tier *t) {
  wrt_mem *mem = make(t, 64, 64);
  assert_ok(wrt_mem_destroy(mem));
  add(bad, mem);
  /* and one whose slot has a new tenant */
  mem = make(t, 64, 64);
  assert_ok(wrt_mem_destroy(mem));
  make(t, 64, 64);
  add(bad, mem);
}

static void add_destroyed_pool(bad_handles *bad) {
  uint8_t storage[2048];
  wrt_pool *pool = NULL;
  assert_ok(wrt_pool_create(storage, sizeof storage, 64, &pool));
  assert_ok(wrt_pool_destroy(pool));
  add(bad, pool);
}

static void add_destroyed_budget(bad_handles *bad) {
  wrt_budget *budget = make_budget(64, NULL);
  assert_ok(wrt_budget_destroy(budget));
  add(bad, budget);
}

static void add_images(bad_handles *bad, tier *t, const wrt_mem *mem, handle_kind kind) {
  if (!has_images(t)) return;
  wrt_image *image = freeze(mem);
  assert_ok(wrt_image_destroy(image));
  add(bad, image);
  if (kind == KIND_IMAGE) return;
  if (t->bystander_image == NULL) t->bystander_image = freeze(mem);
  add(bad, t->bystander_image);
}

void collect_bad_handles(bad_handles *bad, tier *t, handle_kind kind) {
  static int static_data;
  bad->count = 0;
  add_numbers(bad);
  add(bad, bad); /* the stack */
  add(bad, t);   /* the heap */
  add(bad, "a string");
  add(bad, &static_data); /* static data */
  add_destroyed_memories(bad, t);
  add_destroyed_pool(bad);
  add_destroyed_budget(bad);
  wrt_mem *live = make(t, 64, 64);
  const wrt_view *view = view_of(live);
  add(bad, view);
  add(bad, view->base);
  add_images(bad, t, live, kind);
  if (kind != KIND_MEM) add(bad, live);
  if (kind != KIND_POOL) add(bad, t->bystander_pool);
  if (kind != KIND_BUDGET) add(bad, t->bystander_budget);
}

/* ---- the rest ---- */

int is_power_of_two(uint64_t value) { return value != 0 && (value & (value - 1)) == 0; }

int under_sanitizer(void) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return 1;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
  return 1;
#else
  return 0;
#endif
#else
  return 0;
#endif
}

int under_thread_sanitizer(void) {
#if defined(__SANITIZE_THREAD__)
  return 1;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
  return 1;
#else
  return 0;
#endif
#else
  return 0;
#endif
}

uint64_t os_page(void) {
#ifdef __linux__
  return (uint64_t)sysconf(_SC_PAGESIZE);
#else
  return 1;
#endif
}
