/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Structs know their size: hosts with shorter and with longer structs than the library's get the answer that is
   promised. Every struct is handed over in a block of exactly its struct_size, so that the sanitizers see a step too
   far. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <wrtmem/wrtmem.h>

enum { MOST = 65536, BEYOND = 200, UNTOUCHED = 0xA5 };

/* Sizes of the first release, which are the least that will ever be accepted. */
#define FIRST_CONFIG (sizeof(void *) == 8 ? 112u : 88u)
#define FIRST_ALLOCATOR (sizeof(void *) == 8 ? 40u : 24u)

/* ---- in-structs ---- */

static void *give(void *context, size_t size, size_t alignment) {
  (void)context;
  (void)alignment;
  return malloc(size);
}

static void take(void *context, void *block, size_t size, size_t alignment) {
  (void)context;
  (void)size;
  (void)alignment;
  free(block);
}

/* As much of `full` as goes into `size` bytes, zeros behind it, and struct_size saying so. */
static void *of_size(const void *full, size_t known, uint32_t size) {
  const size_t room = size < sizeof size ? sizeof size : size;
  unsigned char *block = calloc(1, room);
  assert_non_null(block);
  memcpy(block, full, room < known ? room : known);
  memcpy(block, &size, sizeof size);
  return block;
}

typedef wrt_status (*take_struct)(const void *in);

/* The answer of create_config, which must create exactly when it says so. */
static wrt_status create(const wrt_mem_config *config) {
  wrt_mem *const before = (wrt_mem *)(uintptr_t)UNTOUCHED;
  wrt_mem *mem = before;
  const wrt_status status = wrt_mem_create_config(config, &mem);
  if (status == WRT_OK) {
    assert_int_equal(wrt_mem_destroy(mem), WRT_OK);
  } else {
    assert_ptr_equal(mem, before);
  }
  return status;
}

static wrt_status take_config(const void *in) { return create((const wrt_mem_config *)in); }

static wrt_status take_allocator(const void *in) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_ALLOC;
  config.max_len = 4096;
  config.allocator = (const wrt_allocator *)in;
  return create(&config);
}

static size_t has_none(void *context, void *data, size_t n) {
  (void)context;
  (void)data;
  (void)n;
  return 0;
}

/* Where images are not supported yet, a well-formed config is answered so. */
static wrt_status take_where(const void *in) {
  wrt_image *const before = (wrt_image *)(uintptr_t)UNTOUCHED;
  wrt_image *image = before;
  const wrt_status status = wrt_image_load((const wrt_mem_config *)in, has_none, NULL, &image);
  assert_ptr_equal(image, before);
  return status == WRT_ERR_UNSUPPORTED || status == WRT_ERR_FORMAT ? WRT_OK : status;
}

typedef struct in_struct {
  take_struct take;
  const void *full;
  size_t known;
  size_t first;
} in_struct;

static wrt_status answer(const in_struct *in, uint32_t size, size_t dirty_at) {
  unsigned char *block = of_size(in->full, in->known, size);
  if (dirty_at != 0) block[dirty_at] = 1;
  const wrt_status status = in->take(block);
  free(block);
  return status;
}

static void shorter_is_refused(const in_struct *in) {
  assert_true(in->known >= in->first);
  for (uint32_t size = 0; size < in->first; size++) {
    assert_int_equal(answer(in, size, 0), WRT_ERR_INVALID_ARGUMENT);
  }
}

static void its_own_size_is_taken(const in_struct *in) {
  assert_int_equal(answer(in, (uint32_t)in->first, 0), WRT_OK);
  assert_int_equal(answer(in, (uint32_t)in->known, 0), WRT_OK);
}

static void longer_is_taken_when_the_tail_is_zero(const in_struct *in) {
  for (uint32_t more = 1; more <= BEYOND; more++) {
    assert_int_equal(answer(in, (uint32_t)in->known + more, 0), WRT_OK);
  }
  assert_int_equal(answer(in, MOST, 0), WRT_OK);
}

static void longer_is_refused_when_any_byte_of_the_tail_is_not_zero(const in_struct *in) {
  const uint32_t size = (uint32_t)in->known + BEYOND;
  for (size_t at = in->known; at < size; at++) {
    assert_int_equal(answer(in, size, at), WRT_ERR_INVALID_ARGUMENT);
  }
  assert_int_equal(answer(in, MOST, MOST - 1), WRT_ERR_INVALID_ARGUMENT);
}

static void wilder_than_any_struct_is_refused(const in_struct *in) {
  assert_int_equal(answer(in, MOST + 1, 0), WRT_ERR_INVALID_ARGUMENT);
}

static void follows_the_rule_of_in_structs(const in_struct *in) {
  shorter_is_refused(in);
  its_own_size_is_taken(in);
  longer_is_taken_when_the_tail_is_zero(in);
  longer_is_refused_when_any_byte_of_the_tail_is_not_zero(in);
  wilder_than_any_struct_is_refused(in);
}

static void config_of_any_length_is_answered_as_promised(void **state) {
  (void)state;
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STATIC;
  config.max_len = 4096;
  const in_struct in = {take_config, &config, sizeof config, FIRST_CONFIG};
  follows_the_rule_of_in_structs(&in);
}

static void config_of_an_image_to_load_is_answered_the_same(void **state) {
  (void)state;
  const wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  const in_struct in = {take_where, &config, sizeof config, FIRST_CONFIG};
  follows_the_rule_of_in_structs(&in);
}

static void allocator_of_any_length_is_answered_as_promised(void **state) {
  (void)state;
  const wrt_allocator allocator = {sizeof allocator, 0, NULL, give, NULL, take};
  const in_struct in = {take_allocator, &allocator, sizeof allocator, FIRST_ALLOCATOR};
  follows_the_rule_of_in_structs(&in);
}

/* ---- out-structs ---- */

typedef wrt_status (*fill_struct)(void *out);

static wrt_mem *mem;
static wrt_pool *pool;
static wrt_budget *budget;
static unsigned char storage[WRT_POOL_STORAGE_LEN(4096, 2)];

static int make_what_is_asked(void **state) {
  (void)state;
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  if (wrt_budget_create(8192, NULL, &budget) != WRT_OK) return 1;
  if (wrt_pool_create(storage, sizeof storage, 4096, &pool) != WRT_OK) return 1;
  config.tier = WRT_TIER_STATIC;
  config.flags = WRT_MEM_TRACK;
  config.initial_len = 1024;
  config.max_len = 2048;
  config.pool = pool;
  config.budget = budget;
  config.name = "a name of thirty-one characters";
  if (wrt_mem_create_config(&config, &mem) != WRT_OK) return 1;
  if (wrt_mem_fill(mem, 0, 1, 512) != WRT_OK) return 1;
  return wrt_mem_resize(mem, 2048) != WRT_OK;
}

static int destroy_what_was_asked(void **state) {
  (void)state;
  return wrt_mem_destroy(mem) != WRT_OK || wrt_pool_destroy(pool) != WRT_OK || wrt_budget_destroy(budget) != WRT_OK;
}

static wrt_status fill_mem_info(void *out) { return wrt_mem_get_info(mem, (wrt_mem_info *)out); }
static wrt_status fill_mem_stats(void *out) { return wrt_mem_get_stats(mem, (wrt_mem_stats *)out); }
static wrt_status fill_pool_info(void *out) { return wrt_pool_get_info(pool, (wrt_pool_info *)out); }
static wrt_status fill_budget_info(void *out) { return wrt_budget_get_info(budget, (wrt_budget_info *)out); }
static wrt_status fill_tier_info(void *out) { return wrt_tier_get_info(WRT_TIER_STATIC, (wrt_tier_info *)out); }

/* A block of `size` bytes, or enough for struct_size if that is more, none of which is zero but what struct_size says.
 */
static unsigned char *blank(uint32_t size) {
  const size_t room = size < sizeof size ? sizeof size : size;
  unsigned char *block = malloc(room);
  assert_non_null(block);
  memset(block, UNTOUCHED, room);
  memcpy(block, &size, sizeof size);
  return block;
}

static uint32_t size_in(const unsigned char *block) {
  uint32_t size;
  memcpy(&size, block, sizeof size);
  return size;
}

/* Of what the library knows the caller's size is filled in, and the rest of the caller's size is zero. */
static void is_filled_to_its_own_size(fill_struct fill, const unsigned char *full, uint32_t known, uint32_t size) {
  unsigned char *block = blank(size);
  const uint32_t filled = size < known ? size : known;
  assert_int_equal(fill(block), WRT_OK);
  assert_int_equal(size_in(block), filled);
  assert_memory_equal(block + sizeof size, full + sizeof size, filled - sizeof size);
  for (uint32_t at = filled; at < size; at++) assert_int_equal(block[at], 0);
  free(block);
}

static void is_refused_and_untouched(fill_struct fill, uint32_t size) {
  unsigned char *block = blank(size);
  unsigned char *before = blank(size);
  assert_int_equal(fill(block), WRT_ERR_INVALID_ARGUMENT);
  assert_memory_equal(block, before, size < sizeof size ? sizeof size : size);
  free(before);
  free(block);
}

static void follows_the_rule_of_out_structs(fill_struct fill, size_t known_size) {
  const uint32_t known = (uint32_t)known_size;
  unsigned char *full = blank(known);
  assert_int_equal(fill(full), WRT_OK);
  for (uint32_t size = 0; size < sizeof size; size++) is_refused_and_untouched(fill, size);
  for (uint32_t size = sizeof size; size <= known + BEYOND; size++) is_filled_to_its_own_size(fill, full, known, size);
  is_filled_to_its_own_size(fill, full, known, MOST);
  is_refused_and_untouched(fill, MOST + 1);
  free(full);
}

static void mem_info_of_any_length_is_filled_as_promised(void **state) {
  (void)state;
  follows_the_rule_of_out_structs(fill_mem_info, sizeof(wrt_mem_info));
}

static void mem_stats_of_any_length_are_filled_as_promised(void **state) {
  (void)state;
  follows_the_rule_of_out_structs(fill_mem_stats, sizeof(wrt_mem_stats));
}

static void pool_info_of_any_length_is_filled_as_promised(void **state) {
  (void)state;
  follows_the_rule_of_out_structs(fill_pool_info, sizeof(wrt_pool_info));
}

static void budget_info_of_any_length_is_filled_as_promised(void **state) {
  (void)state;
  follows_the_rule_of_out_structs(fill_budget_info, sizeof(wrt_budget_info));
}

static void tier_info_of_any_length_is_filled_as_promised(void **state) {
  (void)state;
  follows_the_rule_of_out_structs(fill_tier_info, sizeof(wrt_tier_info));
}

/* No image can exist, and the handle is looked at before the struct. */
static void image_info_of_any_length_is_untouched_without_an_image(void **state) {
  (void)state;
  for (uint32_t size = 0; size <= sizeof(wrt_image_info) + BEYOND; size++) {
    unsigned char *block = blank(size);
    unsigned char *before = blank(size);
    assert_int_equal(wrt_image_get_info(NULL, (wrt_image_info *)(void *)block), WRT_ERR_INVALID_HANDLE);
    assert_memory_equal(block, before, size < sizeof size ? sizeof size : size);
    free(before);
    free(block);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(config_of_any_length_is_answered_as_promised),
      cmocka_unit_test(config_of_an_image_to_load_is_answered_the_same),
      cmocka_unit_test(allocator_of_any_length_is_answered_as_promised),
      cmocka_unit_test(mem_info_of_any_length_is_filled_as_promised),
      cmocka_unit_test(mem_stats_of_any_length_are_filled_as_promised),
      cmocka_unit_test(pool_info_of_any_length_is_filled_as_promised),
      cmocka_unit_test(budget_info_of_any_length_is_filled_as_promised),
      cmocka_unit_test(tier_info_of_any_length_is_filled_as_promised),
      cmocka_unit_test(image_info_of_any_length_is_untouched_without_an_image),
  };
  return cmocka_run_group_tests(tests, make_what_is_asked, destroy_what_was_asked);
}
