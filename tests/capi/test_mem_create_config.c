/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

static void refuse(wrt_status expected, const wrt_mem_config *config, const char *why, int line) {
  wrt_mem *mem = POISON_POINTER;
  check_status(expected, wrt_mem_create_config(config, &mem), why, __FILE__, line);
  assert_ptr_equal(mem, POISON_POINTER);
}
#define assert_refused(expected, config, why) refuse((expected), (config), (why), __LINE__)

static void accept(const wrt_mem_config *config, const char *why, int line) {
  wrt_mem *mem = NULL;
  check_status(WRT_OK, wrt_mem_create_config(config, &mem), why, __FILE__, line);
  assert_non_null(mem);
  assert_ok(wrt_mem_destroy(mem));
}
#define assert_accepted(config, why) accept((config), (why), __LINE__)

/* ---- what it promises ---- */

static void every_member_arrives_in_the_memory(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 512, 2048);
  config.page_len = 256;
  config.flags = WRT_MEM_TRACK | WRT_MEM_STABLE;
  config.verify = WRT_VERIFY_OFF;
  config.name = "heap of the guest";
  const wrt_mem_info info = info_of(make_from(t, &config));
  assert_int_equal(info.tier, t->number);
  assert_int_equal(info.len, 512);
  assert_int_equal(info.peak_len, 512);
  assert_int_equal(info.max_len, 2048);
  assert_int_equal(info.page_len, 256);
  assert_int_equal(info.flags, WRT_MEM_TRACK | WRT_MEM_STABLE);
  assert_int_equal(info.verify, WRT_VERIFY_OFF);
  assert_int_equal(info.base_stable, 1);
  assert_string_equal(info.name, "heap of the guest");
}

static void zero_members_mean_the_defaults(void **state) {
  tier *t = *state;
  const wrt_mem_config config = config_on(t, 0, ROOM);
  const wrt_mem_info info = info_of(make_from(t, &config));
  assert_int_equal(info.len, 0);
  assert_int_equal(info.page_len, 1);
  assert_int_equal(info.flags, 0);
  assert_int_equal(info.verify, WRT_VERIFY_BASIC);
  assert_string_equal(info.name, "");
}

static void new_bytes_are_zero_whatever_was_there_before(void **state) {
  tier *t = *state;
  for (int round = 0; round < 3; ++round) {
    wrt_mem *mem = make(t, ROOM, ROOM);
    assert_zeros(mem, 0, ROOM);
    assert_ok(wrt_mem_fill(mem, 0, 0xAB, ROOM));
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void the_base_is_aligned_to_16_bytes_and_on_std_to_an_os_page(void **state) {
  tier *t = *state;
  const uintptr_t alignment = t->number == WRT_TIER_STD ? (uintptr_t)os_page() : 16;
  for (uint64_t len = 0; len < 5; ++len) {
    const wrt_view *view = view_of(make(t, len, len + 1));
    assert_non_null(view->base);
    assert_int_equal((uintptr_t)view->base % alignment, 0);
  }
}

static void the_name_is_copied_and_cut_at_31_bytes(void **state) {
  tier *t = *state;
  char name[64];
  for (size_t length = 30; length <= 33; ++length) {
    memset(name, 'n', sizeof name);
    name[length] = '\0';
    wrt_mem_config config = config_on(t, 0, 1);
    config.name = name;
    wrt_mem *mem = make_from(t, &config);
    memset(name, 'x', sizeof name);
    const wrt_mem_info info = info_of(mem);
    const size_t kept = length < 31 ? length : 31;
    assert_int_equal(strlen(info.name), kept);
    assert_all_bytes(info.name, 'n', kept);
    assert_all_bytes(info.name + kept, 0, sizeof info.name - kept);
    assert_ok(wrt_mem_destroy(mem));
  }
}

static void nothing_of_the_config_is_referenced_after_the_call(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 100, ROOM);
  wrt_allocator allocator = t->allocator;
  if (config.allocator != NULL) config.allocator = &allocator;
  wrt_mem *mem = make_from(t, &config);
  memset(&config, 0xFF, sizeof config);
  memset(&allocator, 0xFF, sizeof allocator);
  assert_ok(wrt_mem_resize(mem, ROOM));
  wrt_mem *copy = NULL;
  assert_ok(wrt_mem_clone(mem, &copy));
  assert_int_equal(len_of(adopt(t, copy)), ROOM);
  assert_ok(wrt_mem_destroy(mem));
}

static void exact_max_takes_the_max_as_written_zero_too(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 0, 0);
  config.flags = WRT_MEM_EXACT_MAX;
  wrt_mem *mem = make_from(t, &config);
  assert_int_equal(info_of(mem).max_len, 0);
  assert_int_equal(info_of(mem).len, 0);
  assert_non_null(view_of(mem)->base);
  assert_status(WRT_ERR_LIMIT, wrt_mem_resize(mem, 1));
  assert_ok(wrt_mem_resize(mem, 0));
  config.max_len = 777;
  assert_int_equal(info_of(make_from(t, &config)).max_len, 777);
  config.max_len = 0;
  config.initial_len = 1;
  assert_refused(WRT_ERR_LIMIT, &config, "an initial length above the exact max 0");
}

static void a_default_max_is_rounded_down_to_the_page(void **state) {
  tier *t = *state;
  if (t->number == WRT_TIER_ALLOC) skip();
  wrt_mem_config config = config_on(t, 0, 0);
  config.page_len = UINT64_C(1) << 40;
  const uint64_t max_len = info_of(make_from(t, &config)).max_len;
  assert_int_equal(max_len % config.page_len, 0);
}

static void the_default_tier_follows_the_pool_or_the_allocator(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 0, 100);
  if (config.pool == NULL && config.allocator == NULL) skip();
  config.tier = WRT_TIER_DEFAULT;
  assert_int_equal(info_of(make_from(t, &config)).tier, t->number);
}

/* ---- invalid arguments ---- */

static void a_null_config_or_out_is_an_invalid_argument(void **state) {
  tier *t = *state;
  const wrt_mem_config config = config_on(t, 0, 100);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_create_config(&config, NULL));
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_mem_create_config(NULL, NULL));
  assert_refused(WRT_ERR_INVALID_ARGUMENT, NULL, "NULL config");
}

static void a_config_that_is_too_small_or_ends_inside_a_member_is_refused(void **state) {
  tier *t = *state;
  for (uint32_t size = 0; size < sizeof(wrt_mem_config); ++size) {
    wrt_mem_config config = config_on(t, 0, 100);
    config.struct_size = size;
    assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "a struct that is too small");
  }
}

typedef struct larger_config {
  wrt_mem_config known;
  uint8_t tail[64];
} larger_config;

static void a_larger_config_is_accepted_while_its_tail_is_zero(void **state) {
  tier *t = *state;
  for (size_t i = 0; i < sizeof(((larger_config *)0)->tail); ++i) {
    larger_config larger;
    memset(&larger, 0, sizeof larger);
    larger.known = config_on(t, 0, 100);
    larger.known.struct_size = (uint32_t)(sizeof(wrt_mem_config) + i + 1);
    assert_accepted(&larger.known, "a zero tail");
    larger.tail[i] = 1;
    assert_refused(WRT_ERR_INVALID_ARGUMENT, &larger.known, "a tail that is not zero");
    larger.known.struct_size--;
    assert_accepted(&larger.known, "what lies behind the struct is not looked at");
  }
}

static void unknown_tiers_flags_levels_and_reserved_members_are_refused(void **state) {
  tier *t = *state;
  static const int32_t unknown_tiers[] = {-1, 4, INT32_MAX, INT32_MIN};
  for (size_t i = 0; i < 4; ++i) {
    wrt_mem_config config = config_on(t, 0, 100);
    config.tier = unknown_tiers[i];
    assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "an unknown tier");
  }
  static const int32_t unknown_levels[] = {-1, 7, INT32_MAX, INT32_MIN};
  for (size_t i = 0; i < 4; ++i) {
    wrt_mem_config config = config_on(t, 0, 100);
    config.verify = unknown_levels[i];
    assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "an unknown level");
  }
  for (unsigned bit = 7; bit < 32; ++bit) {
    wrt_mem_config config = config_on(t, 0, 100);
    config.flags = UINT32_C(1) << bit;
    assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "an unknown flag");
  }
  wrt_mem_config config = config_on(t, 0, 100);
  config.reserved0 = 1;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "reserved0");
  config = config_on(t, 0, 100);
  config.reserved1 = t;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "reserved1");
}

static void a_page_that_is_no_power_of_two_is_refused(void **state) {
  tier *t = *state;
  static const uint64_t pages[] = {3, 6, 65535, 65537, (UINT64_C(1) << 32) + 1, UINT64_MAX, UINT64_MAX - 1};
  for (size_t i = 0; i < sizeof pages / sizeof pages[0]; ++i) {
    wrt_mem_config config = config_on(t, 0, pages[i]);
    config.page_len = pages[i];
    assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "a page of an odd length");
  }
}

static void alloc_without_a_max_is_refused(void **state) {
  tier *t = *state;
  if (t->number != WRT_TIER_ALLOC) skip();
  const wrt_mem_config config = config_on(t, 0, 0);
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "ALLOC without a max");
}

static void shared_without_a_max_is_refused(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 0, 0);
  config.flags = WRT_MEM_SHARED;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "SHARED without a max, even where SHARED is not offered");
}

static void a_pool_is_for_static_and_an_allocator_for_alloc_only(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 0, 100);
  if (t->number != WRT_TIER_STATIC) {
    config.pool = t->bystander_pool;
    assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "a pool on another tier than STATIC");
  }
  config = config_on(t, 0, 100);
  if (t->number != WRT_TIER_ALLOC) {
    config.allocator = &t->allocator;
    assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "an allocator on another tier than ALLOC");
  }
  config.tier = WRT_TIER_DEFAULT;
  config.pool = t->bystander_pool;
  config.allocator = &t->allocator;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "a pool and an allocator at once");
  assert_int_equal(t->heap.live_blocks, 0);
}

static void an_allocator_that_is_malformed_is_refused(void **state) {
  tier *t = *state;
  if (t->number != WRT_TIER_ALLOC) skip();
  wrt_mem_config config = config_on(t, 10, 100);
  wrt_allocator allocator;
  config.allocator = &allocator;
  for (uint32_t size = 0; size < sizeof allocator; ++size) {
    allocator = t->allocator;
    allocator.struct_size = size;
    assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "an allocator struct that is too small");
  }
  for (unsigned bit = 0; bit < 32; ++bit) {
    allocator = t->allocator;
    allocator.flags = UINT32_C(1) << bit;
    assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "flags of the allocator");
  }
  allocator = t->allocator;
  allocator.allocate = NULL;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "no allocate");
  allocator = t->allocator;
  allocator.deallocate = NULL;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "no deallocate");
  assert_int_equal(t->heap.calls, 0);
}

static void a_larger_allocator_is_accepted_while_its_tail_is_zero(void **state) {
  tier *t = *state;
  if (t->number != WRT_TIER_ALLOC) skip();
  struct {
    wrt_allocator known;
    uint8_t tail[16];
  } larger;
  for (size_t i = 0; i < sizeof larger.tail; ++i) {
    memset(&larger, 0, sizeof larger);
    larger.known = t->allocator;
    larger.known.struct_size = (uint32_t)(sizeof larger.known + i + 1);
    wrt_mem_config config = config_on(t, 10, 100);
    config.allocator = &larger.known;
    assert_accepted(&config, "a zero tail");
    larger.tail[i] = 0x80;
    assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "a tail that is not zero");
  }
}

static void reserve_and_guard_lengths_are_for_std_only(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 4096, 8192);
  config.reserve_len = 8192;
  if (t->number == WRT_TIER_STD) {
    assert_accepted(&config, "a reservation on STD");
  } else {
    assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "a reservation on another tier than STD");
  }
  config = config_on(t, 4096, 8192);
  config.guard_len = 65536;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "a guard length without GUARD, or on another tier than STD");
  config.flags = WRT_MEM_GUARD;
  if (t->number != WRT_TIER_STD) assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "a guard length on another tier");
}

static void a_reservation_that_is_too_small_is_refused(void **state) {
  tier *t = *state;
  if (t->number != WRT_TIER_STD) skip();
  wrt_mem_config config = config_on(t, 8192, 16384);
  config.reserve_len = 8191;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "below the initial length");
  config.reserve_len = 8192;
  assert_accepted(&config, "the initial length");
  static const uint32_t flags[] = {WRT_MEM_STABLE, WRT_MEM_GUARD, WRT_MEM_SHARED};
  for (size_t i = 0; i < 3; ++i) {
    config.flags = flags[i];
    config.reserve_len = 16383;
    assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "below the max with GUARD, SHARED or STABLE");
  }
  config.flags = WRT_MEM_STABLE;
  config.reserve_len = 16384;
  assert_accepted(&config, "the max, STABLE");
}

static void a_memory_outgrows_a_small_reservation_with_its_bytes(void **state) {
  tier *t = *state;
  if (t->number != WRT_TIER_STD) skip();
  wrt_mem_config config = config_on(t, 4096, 1 << 20);
  config.reserve_len = 4096;
  wrt_mem *mem = make_from(t, &config);
  put_pattern(mem, 3, 0, 4096);
  assert_ok(wrt_mem_resize(mem, 1 << 20));
  assert_pattern(mem, 3, 0, 4096);
  assert_zeros(mem, 4096, (1 << 20) - 4096);
}

/* ---- handles inside, unsupported ---- */

static void a_bad_handle_inside_the_config_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_BUDGET);
  for (size_t i = 0; i < bad.count; ++i) {
    wrt_mem_config config = config_on(t, 0, 100);
    config.budget = bad.values[i];
    assert_refused(WRT_ERR_INVALID_HANDLE, &config, "a bad budget");
  }
}

static void a_bad_image_is_refused(void **state) {
  tier *t = *state;
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_IMAGE);
  for (size_t i = 0; i < bad.count; ++i) {
    wrt_mem_config config = config_on(t, 0, 100);
    config.image = bad.values[i];
    assert_refused(WRT_ERR_INVALID_HANDLE, &config, "a bad image");
  }
}

static void a_bad_pool_is_refused(void **state) {
  tier *t = *state;
  if (t->number != WRT_TIER_STATIC) skip();
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_POOL);
  for (size_t i = 0; i < bad.count; ++i) {
    wrt_mem_config config = config_on(t, 0, 64);
    config.pool = bad.values[i];
    assert_refused(WRT_ERR_INVALID_HANDLE, &config, "a bad pool");
    config.tier = WRT_TIER_DEFAULT;
    assert_refused(WRT_ERR_INVALID_HANDLE, &config, "a bad pool, tier by default");
  }
}

static void only_std_can_guard(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 0, ROOM);
  config.page_len = ROOM; /* a multiple of every OS page */
  config.flags = WRT_MEM_GUARD;
  if (t->number == WRT_TIER_STD) {
    assert_accepted(&config, "a guard");
  } else {
    assert_refused(WRT_ERR_UNSUPPORTED, &config, "a guard");
  }
}

/* ---- lengths ---- */

static void lengths_that_are_no_multiple_of_the_page_are_misaligned(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 1, 1024);
  config.page_len = 256;
  assert_refused(WRT_ERR_MISALIGNED, &config, "initial length");
  config.initial_len = 255;
  assert_refused(WRT_ERR_MISALIGNED, &config, "initial length");
  config.initial_len = 257;
  assert_refused(WRT_ERR_MISALIGNED, &config, "initial length");
  config.initial_len = 256;
  assert_accepted(&config, "one page");
  config.max_len = 1025;
  assert_refused(WRT_ERR_MISALIGNED, &config, "max length");
  config.max_len = 1023;
  assert_refused(WRT_ERR_MISALIGNED, &config, "max length");
  config.page_len = 0;
  config.initial_len = 1;
  assert_accepted(&config, "pages of one byte");
}

static void lengths_beyond_the_limit_are_refused(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 101, 100);
  assert_refused(WRT_ERR_LIMIT, &config, "initial above max");
  config = config_on(t, UINT64_MAX, 100);
  assert_refused(WRT_ERR_LIMIT, &config, "initial above max");
  config = config_on(t, 0, UINT64_MAX);
  assert_refused(WRT_ERR_LIMIT, &config, "a max that nothing can hold");
  config = config_on(t, UINT64_MAX, UINT64_MAX);
  assert_refused(WRT_ERR_LIMIT, &config, "a length that nothing can hold");
  config = config_on(t, 0, UINT64_C(1) << 63);
  config.page_len = UINT64_C(1) << 63;
  assert_refused(WRT_ERR_LIMIT, &config, "a page that nothing can hold");
}

static void a_max_above_the_slot_is_beyond_the_limit(void **state) {
  tier *t = *state;
  if (t->source != POOL) skip();
  wrt_mem_config config = config_on(t, 0, ROOM);
  assert_accepted(&config, "the slot");
  config.max_len = 0;
  assert_int_equal(info_of(make_from(t, &config)).max_len, ROOM);
  config.max_len = ROOM + 1;
  assert_refused(WRT_ERR_LIMIT, &config, "one byte more than the slot");
}

static void track_above_1_TiB_is_beyond_the_limit(void **state) {
  tier *t = *state;
  wrt_mem_config config = config_on(t, 0, (UINT64_C(1) << 40) + 1);
  config.flags = WRT_MEM_TRACK;
  assert_refused(WRT_ERR_LIMIT, &config, "TRACK above 1 TiB");
  if (t->number != WRT_TIER_STD || sizeof(void *) < 8) return;
  config.max_len = UINT64_C(1) << 40;
  assert_accepted(&config, "TRACK of 1 TiB");
  config.max_len++;
  config.flags = 0;
  assert_accepted(&config, "above 1 TiB without TRACK");
}

/* ---- budget and resources ---- */

static void a_budget_is_charged_the_length_and_given_it_back(void **state) {
  tier *t = *state;
  wrt_budget *budget = make_budget(1000, NULL);
  wrt_mem_config config = config_on(t, 1000, ROOM);
  config.budget = budget;
  wrt_mem *mem = make_from(t, &config);
  assert_int_equal(budget_info_of(budget).used, 1000);
  assert_ok(wrt_mem_destroy(mem));
  assert_int_equal(budget_info_of(budget).used, 0);

  config.initial_len = 1001;
  assert_refused(WRT_ERR_BUDGET, &config, "one byte above the budget");
  assert_int_equal(budget_info_of(budget).used, 0);
  assert_int_equal(budget_info_of(budget).refused, 1);
  assert_ok(wrt_budget_destroy(budget));
}

static void a_full_pool_is_exhausted_and_the_budget_gets_its_charge_back(void **state) {
  tier *t = *state;
  if (t->source != POOL) skip();
  for (int i = 0; i < POOL_SLOTS; ++i) make(t, 0, 16);
  wrt_budget *budget = make_budget(1000, NULL);
  wrt_mem_config config = config_on(t, 100, 100);
  config.budget = budget;
  assert_refused(WRT_ERR_POOL_EXHAUSTED, &config, "a full pool");
  assert_int_equal(budget_info_of(budget).used, 0);
  assert_int_equal(pool_info_of(t->pool).refused, 1);
  config.initial_len = 1001;
  config.max_len = 1001;
  assert_refused(WRT_ERR_BUDGET, &config, "the budget before the pool");
  assert_ok(wrt_budget_destroy(budget));
}

static void an_allocator_that_refuses_is_out_of_memory_and_nothing_is_kept(void **state) {
  tier *t = *state;
  if (t->source != HEAP && t->source != HEAP_WITHOUT_REALLOCATE) skip();
  wrt_budget *budget = make_budget(ROOM, NULL);
  wrt_mem_config config = config_on(t, 5000, ROOM);
  config.budget = budget;
  config.flags = WRT_MEM_TRACK;
  uint64_t nth = 1;
  for (;; ++nth) {
    heap_refuse_next(&t->heap, nth);
    wrt_mem *mem = POISON_POINTER;
    const wrt_status status = wrt_mem_create_config(&config, &mem);
    if (status == WRT_OK) {
      assert_ok(wrt_mem_destroy(mem));
      break;
    }
    assert_status(WRT_ERR_OUT_OF_MEMORY, status);
    assert_ptr_equal(mem, POISON_POINTER);
    assert_int_equal(t->heap.live_blocks, 0);
    assert_int_equal(budget_info_of(budget).used, 0);
  }
  assert_true(nth > 1);
  assert_ok(wrt_budget_destroy(budget));
}

static void stable_takes_the_max_from_the_allocator_at_once(void **state) {
  tier *t = *state;
  if (t->source != HEAP && t->source != HEAP_WITHOUT_REALLOCATE) skip();
  wrt_mem_config config = config_on(t, 1, ROOM);
  config.flags = WRT_MEM_STABLE;
  wrt_mem *mem = make_from(t, &config);
  assert_true(t->heap.largest_size >= ROOM);
  assert_int_equal(info_of(mem).capacity, ROOM);
  const uint64_t calls = t->heap.calls;
  const uint8_t *base = view_of(mem)->base;
  assert_ok(wrt_mem_resize(mem, ROOM));
  assert_ptr_equal(view_of(mem)->base, base);
  assert_int_equal(t->heap.calls, calls);
}

/* ---- the order of the checks ---- */

static void of_two_errors_the_first_in_the_order_is_returned(void **state) {
  tier *t = *state;
  wrt_budget *small = make_budget(10, NULL);
  wrt_mem_config config = config_on(t, 101, 100);
  config.page_len = 4;
  config.flags = WRT_MEM_SHARED;
  config.verify = WRT_VERIFY_STANDARD;
  config.budget = handle_of_bits(8);
  config.reserved0 = 1;
  assert_refused(WRT_ERR_INVALID_ARGUMENT, &config, "argument before handle");
  config.reserved0 = 0;
  assert_refused(WRT_ERR_INVALID_HANDLE, &config, "handle before unsupported");
  config.budget = small;
  assert_refused(WRT_ERR_UNSUPPORTED, &config, "unsupported before misaligned");
  config.flags = 0;
  config.verify = WRT_VERIFY_DEFAULT;
  assert_refused(WRT_ERR_MISALIGNED, &config, "misaligned before limit");
  config.initial_len = 104;
  assert_refused(WRT_ERR_LIMIT, &config, "limit before budget");
  if (t->source == HEAP) heap_refuse_all(&t->heap);
  config.initial_len = 100;
  assert_refused(WRT_ERR_BUDGET, &config, "budget before the resource");
  assert_int_equal(t->heap.calls, 0);
  heap_refuse_none(&t->heap);
  config.initial_len = 8;
  assert_accepted(&config, "no error left");
  assert_int_equal(budget_info_of(small).used, 0);
  assert_ok(wrt_budget_destroy(small));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_member_arrives_in_the_memory),
      cmocka_unit_test(zero_members_mean_the_defaults),
      cmocka_unit_test(new_bytes_are_zero_whatever_was_there_before),
      cmocka_unit_test(the_base_is_aligned_to_16_bytes_and_on_std_to_an_os_page),
      cmocka_unit_test(the_name_is_copied_and_cut_at_31_bytes),
      cmocka_unit_test(nothing_of_the_config_is_referenced_after_the_call),
      cmocka_unit_test(exact_max_takes_the_max_as_written_zero_too),
      cmocka_unit_test(a_default_max_is_rounded_down_to_the_page),
      cmocka_unit_test(the_default_tier_follows_the_pool_or_the_allocator),
      cmocka_unit_test(a_null_config_or_out_is_an_invalid_argument),
      cmocka_unit_test(a_config_that_is_too_small_or_ends_inside_a_member_is_refused),
      cmocka_unit_test(a_larger_config_is_accepted_while_its_tail_is_zero),
      cmocka_unit_test(unknown_tiers_flags_levels_and_reserved_members_are_refused),
      cmocka_unit_test(a_page_that_is_no_power_of_two_is_refused),
      cmocka_unit_test(alloc_without_a_max_is_refused),
      cmocka_unit_test(shared_without_a_max_is_refused),
      cmocka_unit_test(a_pool_is_for_static_and_an_allocator_for_alloc_only),
      cmocka_unit_test(an_allocator_that_is_malformed_is_refused),
      cmocka_unit_test(a_larger_allocator_is_accepted_while_its_tail_is_zero),
      cmocka_unit_test(reserve_and_guard_lengths_are_for_std_only),
      cmocka_unit_test(a_reservation_that_is_too_small_is_refused),
      cmocka_unit_test(a_memory_outgrows_a_small_reservation_with_its_bytes),
      cmocka_unit_test(a_bad_handle_inside_the_config_is_refused),
      cmocka_unit_test(a_bad_image_is_refused),
      cmocka_unit_test(a_bad_pool_is_refused),
      cmocka_unit_test(only_std_can_guard),
      cmocka_unit_test(lengths_that_are_no_multiple_of_the_page_are_misaligned),
      cmocka_unit_test(lengths_beyond_the_limit_are_refused),
      cmocka_unit_test(a_max_above_the_slot_is_beyond_the_limit),
      cmocka_unit_test(track_above_1_TiB_is_beyond_the_limit),
      cmocka_unit_test(a_budget_is_charged_the_length_and_given_it_back),
      cmocka_unit_test(a_full_pool_is_exhausted_and_the_budget_gets_its_charge_back),
      cmocka_unit_test(an_allocator_that_refuses_is_out_of_memory_and_nothing_is_kept),
      cmocka_unit_test(stable_takes_the_max_from_the_allocator_at_once),
      cmocka_unit_test(of_two_errors_the_first_in_the_order_is_returned),
  };
  return RUN_ON_EACH_TIER("wrt_mem_create_config", tests);
}
