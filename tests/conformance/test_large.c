/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Lengths that only reserved address space has: the STD tier alone, on hosts of 64 bits. Hardly a byte is touched. */

#include "guests.h"
#include "unbounded.h"

#define GIB (UINT64_C(1) << 30)

static Z_unbounded_instance_t guest;

static void a_guest_reaches_beyond_2_gib(void **state) {
  (void)state;
  memset(&guest, 0, sizeof guest);
  Z_unbounded_init_module();
  host_max(65535);
  assert_runs(Z_unbounded_instantiate(&guest));
  assert_int_equal(Z_unboundedZ_grow(&guest, 65534), 1);
  assert_true(Z_unboundedZ_size(&guest) == 65535);
  const uint32_t last = 65535u * PAGE - 4;
  Z_unboundedZ_store(&guest, 0x80000000u, 1);
  Z_unboundedZ_store_at_2g(&guest, last - 0x80000000u, 2);
  assert_true(Z_unboundedZ_load(&guest, 0x80000000u) == 1 && Z_unboundedZ_load(&guest, last) == 2);
  assert_traps((void)Z_unboundedZ_load(&guest, last + 1));
  assert_traps(Z_unboundedZ_store_at_2g(&guest, 0x80000000u, 3)); /* 2^32 */
  assert_true(Z_unboundedZ_load(&guest, 0) == 0);
  assert_true(Z_unboundedZ_grow(&guest, 2) == MINUS_ONE);
  Z_unbounded_free(&guest);
}

static void a_32_bit_memory_may_have_65536_pages(void **state) {
  (void)state;
  wrt_mem *mem = create_pages(PAGE, 65535, 65536);
  uint64_t old_pages = 0;
  assert_int_equal(wrt_mem_grow(mem, 1, &old_pages), WRT_OK);
  assert_true(old_pages == 65535 && len_of(mem) == 4 * GIB);
  assert_int_equal(wrt_mem_write(mem, 4 * GIB - 1, "x", 1), WRT_OK);
  assert_int_equal(wrt_mem_write(mem, 4 * GIB, "x", 1), WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(wrt_mem_grow(mem, 1, &old_pages), WRT_ERR_LIMIT);
  assert_int_equal(wrt_mem_destroy(mem), WRT_OK);
}

static void pages_of_one_byte_may_be_as_many_as_32_bits_count(void **state) {
  (void)state;
  wrt_mem *mem = create_pages(1, 1, UINT32_MAX);
  uint64_t old_pages = 0;
  assert_int_equal(wrt_mem_grow(mem, UINT32_MAX, &old_pages), WRT_ERR_LIMIT);
  assert_int_equal(wrt_mem_grow(mem, UINT32_MAX - 1, &old_pages), WRT_OK);
  assert_true(old_pages == 1 && len_of(mem) == UINT32_MAX);
  assert_int_equal(wrt_mem_write(mem, UINT32_MAX - 1, "x", 1), WRT_OK);
  assert_int_equal(wrt_mem_write(mem, UINT32_MAX, "x", 1), WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(wrt_mem_destroy(mem), WRT_OK);
}

static void a_64_bit_memory_has_more_than_4_gib(void **state) {
  (void)state;
  wrt_mem *mem = create_pages(PAGE, 65536, 131072);
  uint64_t old_pages = 0;
  assert_int_equal(wrt_mem_grow(mem, 65536, &old_pages), WRT_OK);
  assert_true(old_pages == 65536 && len_of(mem) == 8 * GIB);
  assert_int_equal(wrt_mem_write(mem, 4 * GIB - 4, "straddle", 8), WRT_OK);
  assert_bytes(mem, 4 * GIB - 4, "straddle");
  assert_int_equal(byte_at(mem, 0), 0); /* not modulo 2^32 */
  assert_int_equal(wrt_mem_copy(mem, 8 * GIB - 8, mem, 4 * GIB - 4, 8), WRT_OK);
  assert_bytes(mem, 8 * GIB - 8, "straddle");
  assert_int_equal(wrt_mem_fill(mem, 6 * GIB, 0x41, 4), WRT_OK);
  assert_bytes(mem, 6 * GIB, "AAAA");
  assert_int_equal(wrt_mem_write(mem, 8 * GIB - 7, "straddle", 8), WRT_ERR_OUT_OF_BOUNDS);
  assert_int_equal(wrt_mem_grow(mem, 1, &old_pages), WRT_ERR_LIMIT);
  assert_int_equal(wrt_mem_destroy(mem), WRT_OK);
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_guest_reaches_beyond_2_gib),
      cmocka_unit_test(a_32_bit_memory_may_have_65536_pages),
      cmocka_unit_test(pages_of_one_byte_may_be_as_many_as_32_bits_count),
      cmocka_unit_test(a_64_bit_memory_has_more_than_4_gib),
  };
  if (choose_tier(argc, argv) != 0) return 2;
  return cmocka_run_group_tests(tests, begin_guests, end_guests);
}
