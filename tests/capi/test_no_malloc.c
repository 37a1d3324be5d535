/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* The library never calls malloc for itself: this program is malloc, and watches while a call is in the library. */
#include "exercise.h"
#include "support.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#endif

#if defined(__GLIBC__) && !defined(SANITIZED)

#include <errno.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static volatile int inside;
static volatile unsigned entered;

static void watch(void) {
  if (inside) entered++;
}

void *malloc(size_t size) {
  watch();
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  watch();
  return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
  watch();
  return __libc_realloc(block, size);
}

void free(void *block) {
  watch();
  __libc_free(block);
}

void *memalign(size_t alignment, size_t size) {
  watch();
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  watch();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  watch();
  void *got = __libc_memalign(alignment, size);
  if (got == NULL) return ENOMEM;
  *block = got;
  return 0;
}

static void enter(void) { inside = 1; }
static void leave(void) { inside = 0; }
static const surroundings watched = {enter, leave};

/* An allocator in static storage. */
static _Alignas(4096) uint8_t arena[1 << 20];
static size_t arena_used;

static void *arena_allocate(void *context, size_t size, size_t alignment) {
  (void)context;
  const size_t from = (arena_used + alignment - 1) & ~(alignment - 1);
  if (from > sizeof arena || size > sizeof arena - from) return NULL;
  arena_used = from + size;
  return arena + from;
}

static void arena_deallocate(void *context, void *block, size_t size, size_t alignment) {
  (void)context;
  (void)block;
  (void)size;
  (void)alignment;
}

static const wrt_allocator arena_allocator = {sizeof(wrt_allocator), 0, NULL, arena_allocate, NULL, arena_deallocate};

static wrt_mem_config config_for(int32_t number) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = number;
  config.initial_len = 4096;
  config.max_len = 16384;
  config.name = "watched";
  return config;
}

static void assert_never_entered(const wrt_mem_config *config) {
  wrt_mem_config with = *config;
  entered = 0;
  assert_int_equal(exercise_memories(&with, &watched), 0);
  with.flags = WRT_MEM_TRACK | WRT_MEM_STABLE;
  assert_int_equal(exercise_memories(&with, &watched), 0);
  assert_int_equal(entered, 0);
}

static void the_watch_sees_calls_from_the_program_and_from_the_library(void **state) {
  (void)state;
  entered = 0;
  enter();
  void *volatile block = malloc(10);
  leave();
  free(block);
  assert_int_equal(entered, 1);

  wrt_mem_config config = config_for(WRT_TIER_ALLOC); /* with the NULL allocator */
  wrt_tier_info info = {.struct_size = sizeof info};
  assert_ok(wrt_tier_get_info(WRT_TIER_ALLOC, &info));
  if (!(info.features & WRT_FEATURE_BUILTIN)) return;
  entered = 0;
  assert_int_equal(exercise_memories(&config, &watched), 0);
  assert_true(entered > 0);
}

static void on_std_malloc_is_never_entered(void **state) {
  (void)state;
  if (!is_available(SYSTEM)) skip();
  wrt_mem_config config = config_for(WRT_TIER_STD);
  assert_never_entered(&config);
  config.reserve_len = 4096; /* so that growth has to move */
  entered = 0;
  assert_int_equal(exercise_memories(&config, &watched), 0);
  assert_int_equal(entered, 0);
}

static void on_alloc_malloc_is_never_entered_save_by_the_callers_allocator(void **state) {
  (void)state;
  wrt_mem_config config = config_for(WRT_TIER_ALLOC);
  config.allocator = &arena_allocator;
  arena_used = 0;
  assert_never_entered(&config);
}

static void on_static_malloc_is_never_entered(void **state) {
  (void)state;
  static uint8_t storage[WRT_POOL_STORAGE_LEN(16384, 4)];
  wrt_pool *pool = NULL;
  entered = 0;
  enter();
  const wrt_status status = wrt_pool_create(storage, sizeof storage, 16384, &pool);
  leave();
  assert_ok(status);
  assert_int_equal(entered, 0);
  wrt_mem_config config = config_for(WRT_TIER_STATIC);
  config.pool = pool;
  assert_never_entered(&config);
  assert_ok(wrt_pool_destroy(pool));
  if (!is_available(BUILTIN_POOL)) return;
  config.pool = NULL;
  assert_never_entered(&config);
}

static void nor_by_anything_else(void **state) {
  (void)state;
  static uint8_t storage[WRT_POOL_STORAGE_LEN(64, 4)];
  entered = 0;
  assert_int_equal(exercise_library(&watched), 0);
  assert_int_equal(exercise_pools_and_budgets(storage, sizeof storage, 64, &watched), 0);
  enter();
  const wrt_status selftest = wrt_selftest();
  const wrt_status trim = wrt_trim();
  leave();
  assert_ok(selftest);
  assert_ok(trim);
  assert_int_equal(entered, 0);
}

static void nor_by_many_handles_at_once(void **state) {
  (void)state;
  enum { MANY = 5000 };
  static wrt_budget *budgets[MANY];
  entered = 0;
  enter();
  size_t made = 0;
  while (made < MANY && wrt_budget_create(1, NULL, &budgets[made]) == WRT_OK) made++;
  wrt_status status = WRT_OK;
  for (size_t i = 0; i < made && status == WRT_OK; ++i) status = wrt_budget_destroy(budgets[i]);
  leave();
  assert_ok(status);
  assert_true(made > 0);
  assert_int_equal(entered, 0);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_watch_sees_calls_from_the_program_and_from_the_library),
      cmocka_unit_test(on_std_malloc_is_never_entered),
      cmocka_unit_test(on_alloc_malloc_is_never_entered_save_by_the_callers_allocator),
      cmocka_unit_test(on_static_malloc_is_never_entered),
      cmocka_unit_test(nor_by_anything_else),
      cmocka_unit_test(nor_by_many_handles_at_once),
  };
  return RUN_ONCE("no malloc", tests);
}

#else

/* Another C library, or a sanitizer that is malloc itself. */
static void it_needs_glibc_without_a_sanitizer(void **state) {
  (void)state;
  skip();
}

int main(void) {
  static const struct CMUnitTest tests[] = {cmocka_unit_test(it_needs_glibc_without_a_sanitizer)};
  return RUN_ONCE("no malloc", tests);
}

#endif
