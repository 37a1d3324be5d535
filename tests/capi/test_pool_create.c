/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "support.h"

enum { SLOT = 4096, SLOTS = 4, OUTSIDE = 0xE1 };

static void assert_refused(wrt_status expected, void *storage, size_t storage_len, size_t slot_len) {
  wrt_pool *pool = POISON_POINTER;
  assert_status(expected, wrt_pool_create(storage, storage_len, slot_len, &pool));
  assert_ptr_equal(pool, POISON_POINTER);
}

static size_t storage_len(size_t slot_len, size_t slots) {
  size_t len = 0;
  assert_ok(wrt_pool_storage_len(slot_len, slots, &len));
  return len;
}

static wrt_mem *make_in(wrt_pool *pool, uint64_t initial_len, uint64_t max_len) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STATIC;
  config.pool = pool;
  config.initial_len = initial_len;
  config.max_len = max_len;
  wrt_mem *mem = NULL;
  assert_ok(wrt_mem_create_config(&config, &mem));
  return mem;
}

static void every_slot_holds_a_memory_of_the_slot_length(void **state) {
  (void)state;
  static uint8_t storage[WRT_POOL_STORAGE_LEN(SLOT, SLOTS)];
  memset(storage, 0xBB, sizeof storage);
  wrt_pool *pool = NULL;
  assert_ok(wrt_pool_create(storage, sizeof storage, SLOT, &pool));
  const wrt_pool_info info = pool_info_of(pool);
  assert_int_equal(info.slot_len, SLOT);
  assert_true(info.slots >= SLOTS);
  wrt_mem *mem[64];
  assert_true(info.slots <= 64);
  for (uint8_t i = 0; i < info.slots; ++i) {
    mem[i] = make_in(pool, SLOT, SLOT);
    assert_zeros(mem[i], 0, SLOT);
    put_pattern(mem[i], i, 0, SLOT);
  }
  for (uint8_t i = 0; i < info.slots; ++i) {
    assert_pattern(mem[i], i, 0, SLOT);
    const uint8_t *base = view_of(mem[i])->base;
    assert_true(base >= storage && base + SLOT <= storage + sizeof storage);
    assert_ok(wrt_mem_destroy(mem[i]));
  }
  assert_ok(wrt_pool_destroy(pool));
}

static void it_uses_the_storage_alone_at_any_alignment(void **state) {
  (void)state;
  static uint8_t block[WRT_POOL_STORAGE_LEN(SLOT, SLOTS) + 256];
  const size_t len = storage_len(SLOT, SLOTS);
  for (size_t shift = 64; shift < 128; ++shift) {
    memset(block, OUTSIDE, sizeof block);
    wrt_pool *pool = NULL;
    assert_ok(wrt_pool_create(block + shift, len, SLOT, &pool));
    wrt_mem *mem[SLOTS];
    for (uint8_t i = 0; i < SLOTS; ++i) {
      mem[i] = make_in(pool, 0, SLOT);
      assert_int_equal((uintptr_t)view_of(mem[i])->base % 16, 0);
      assert_ok(wrt_mem_resize(mem[i], SLOT));
      assert_zeros(mem[i], 0, SLOT);
      put_pattern(mem[i], i, 0, SLOT);
    }
    for (uint8_t i = 0; i < SLOTS; ++i) assert_pattern(mem[i], i, 0, SLOT);
    for (uint8_t i = 0; i < SLOTS; ++i) assert_ok(wrt_mem_destroy(mem[i]));
    assert_ok(wrt_pool_destroy(pool));
    assert_all_bytes(block, OUTSIDE, shift);
    assert_all_bytes(block + shift + len, OUTSIDE, sizeof block - shift - len);
  }
}

static void any_storage_length_is_either_refused_or_kept_to(void **state) {
  (void)state;
  static uint8_t block[8192];
  for (size_t len = 0; len <= 4096; ++len) {
    memset(block, OUTSIDE, len + 512);
    wrt_pool *pool = POISON_POINTER;
    const wrt_status status = wrt_pool_create(block + 129, len, 96, &pool);
    if (status != WRT_OK) {
      assert_status(WRT_ERR_INVALID_ARGUMENT, status);
      assert_true(len < storage_len(96, 1));
      assert_ptr_equal(pool, POISON_POINTER);
      assert_all_bytes(block, OUTSIDE, len + 512);
      continue;
    }
    const uint64_t slots = pool_info_of(pool).slots;
    assert_true(slots >= 1);
    wrt_mem *mem[64];
    assert_true(slots <= 64);
    for (uint64_t i = 0; i < slots; ++i) mem[i] = make_in(pool, 96, 96);
    for (uint64_t i = 0; i < slots; ++i) assert_ok(wrt_mem_fill(mem[i], 0, 0x11, 96));
    for (uint64_t i = 0; i < slots; ++i) assert_ok(wrt_mem_destroy(mem[i]));
    assert_ok(wrt_pool_destroy(pool));
    assert_all_bytes(block, OUTSIDE, 129);
    assert_all_bytes(block + 129 + len, OUTSIDE, 512 - 129);
  }
}

static void pools_are_independent(void **state) {
  (void)state;
  static uint8_t storage[2][WRT_POOL_STORAGE_LEN(SLOT, 1)];
  wrt_pool *pools[2];
  wrt_mem *mem[2];
  for (uint8_t i = 0; i < 2; ++i) {
    assert_ok(wrt_pool_create(storage[i], sizeof storage[i], SLOT, &pools[i]));
    mem[i] = make_in(pools[i], SLOT, SLOT);
    put_pattern(mem[i], i, 0, SLOT);
  }
  assert_ptr_not_equal(pools[0], pools[1]);
  assert_ok(wrt_mem_destroy(mem[0]));
  assert_ok(wrt_pool_destroy(pools[0]));
  assert_pattern(mem[1], 1, 0, SLOT);
  assert_ok(wrt_mem_destroy(mem[1]));
  assert_ok(wrt_pool_destroy(pools[1]));
}

static void null_or_too_little_storage_or_no_slot_is_an_invalid_argument(void **state) {
  (void)state;
  static uint8_t storage[4096];
  memset(storage, OUTSIDE, sizeof storage);
  assert_refused(WRT_ERR_INVALID_ARGUMENT, NULL, sizeof storage, 64);
  assert_refused(WRT_ERR_INVALID_ARGUMENT, NULL, 0, 64);
  assert_refused(WRT_ERR_INVALID_ARGUMENT, storage, 0, 64);
  assert_refused(WRT_ERR_INVALID_ARGUMENT, storage, 63, 64);
  assert_refused(WRT_ERR_INVALID_ARGUMENT, storage, sizeof storage, 0);
  assert_refused(WRT_ERR_INVALID_ARGUMENT, storage, sizeof storage, sizeof storage);
  assert_refused(WRT_ERR_INVALID_ARGUMENT, storage, sizeof storage, SIZE_MAX);
  assert_refused(WRT_ERR_INVALID_ARGUMENT, storage, sizeof storage, SIZE_MAX - 63);
  assert_status(WRT_ERR_INVALID_ARGUMENT, wrt_pool_create(storage, sizeof storage, 64, NULL));
  assert_all_bytes(storage, OUTSIDE, sizeof storage);
}

static void a_destroyed_pools_storage_can_be_a_pool_again(void **state) {
  (void)state;
  static uint8_t storage[WRT_POOL_STORAGE_LEN(256, 2)];
  for (int round = 0; round < 100; ++round) {
    wrt_pool *pool = NULL;
    assert_ok(wrt_pool_create(storage, sizeof storage, 256, &pool));
    wrt_mem *mem = make_in(pool, 256, 256);
    assert_zeros(mem, 0, 256);
    put_pattern(mem, 1, 0, 256);
    assert_ok(wrt_mem_destroy(mem));
    assert_ok(wrt_pool_destroy(pool));
  }
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_slot_holds_a_memory_of_the_slot_length),
      cmocka_unit_test(it_uses_the_storage_alone_at_any_alignment),
      cmocka_unit_test(any_storage_length_is_either_refused_or_kept_to),
      cmocka_unit_test(pools_are_independent),
      cmocka_unit_test(null_or_too_little_storage_or_no_slot_is_an_invalid_argument),
      cmocka_unit_test(a_destroyed_pools_storage_can_be_a_pool_again),
  };
  return RUN_ONCE("wrt_pool_create", tests);
}
