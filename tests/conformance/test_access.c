/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Loads and stores of a compiled module: widths, extension, byte order, ends, addresses. */

#include "access.h"
#include "guests.h"

#define LAST(width) (PAGE - (width))

static Z_access_instance_t guest;
static wrt_mem *mem;

static int begin(void **state) {
  (void)state;
  memset(&guest, 0, sizeof guest);
  Z_access_init_module();
  host_max(0);
  assert_runs(Z_access_instantiate(&guest));
  mem = mem_of(Z_accessZ_memory(&guest));
  return 0;
}

static int end(void **state) {
  (void)state;
  Z_access_free(&guest);
  return wrt_wasm2c_status() == WRT_OK ? 0 : -1;
}

static void put(uint32_t offset, const void *bytes, size_t n) {
  assert_int_equal(wrt_mem_write(mem, offset, bytes, n), WRT_OK);
}

static const uint8_t ascending[8] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08};
static const uint8_t high[8] = {0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8};

/* ---- loads */

static void i32_load_reads_four_bytes_little_endian(void **state) {
  (void)state;
  put(16, high, 8);
  assert_true(Z_accessZ_i32_load(&guest, 16) == 0xF4F3F2F1u);
}

static void i64_load_reads_eight_bytes_little_endian(void **state) {
  (void)state;
  put(16, high, 8);
  assert_true(Z_accessZ_i64_load(&guest, 16) == 0xF8F7F6F5F4F3F2F1u);
}

/* A signalling NaN, and the one with every other bit set. */
static void f32_load_keeps_every_bit(void **state) {
  (void)state;
  static const uint8_t values[][4] = {{0x01, 0x00, 0xA0, 0x7F}, {0xFF, 0xFF, 0xFF, 0xFF}, {0x00, 0x00, 0x00, 0x80}};
  static const uint32_t bits[] = {0x7FA00001u, 0xFFFFFFFFu, 0x80000000u};
  for (size_t i = 0; i < 3; ++i) {
    put(16, values[i], 4);
    assert_true(Z_accessZ_f32_load(&guest, 16) == bits[i]);
  }
}

static void f64_load_keeps_every_bit(void **state) {
  (void)state;
  static const uint8_t nan[8] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0xF4, 0x7F};
  static const uint8_t minus_zero[8] = {0, 0, 0, 0, 0, 0, 0, 0x80};
  put(16, nan, 8);
  assert_true(Z_accessZ_f64_load(&guest, 16) == 0x7FF4060504030201u);
  put(16, minus_zero, 8);
  assert_true(Z_accessZ_f64_load(&guest, 16) == 0x8000000000000000u);
}

static void i32_load8_s_extends_the_sign(void **state) {
  (void)state;
  put(16, "\x80\x7F", 2);
  assert_true(Z_accessZ_i32_load8_s(&guest, 16) == 0xFFFFFF80u);
  assert_true(Z_accessZ_i32_load8_s(&guest, 17) == 0x7Fu);
}

static void i32_load8_u_extends_with_zeros(void **state) {
  (void)state;
  put(16, "\x80\xFF", 2);
  assert_true(Z_accessZ_i32_load8_u(&guest, 16) == 0x80u);
  assert_true(Z_accessZ_i32_load8_u(&guest, 17) == 0xFFu);
}

static void i32_load16_s_extends_the_sign(void **state) {
  (void)state;
  put(16, "\x01\x80\xFF\x7F", 4);
  assert_true(Z_accessZ_i32_load16_s(&guest, 16) == 0xFFFF8001u);
  assert_true(Z_accessZ_i32_load16_s(&guest, 18) == 0x7FFFu);
}

static void i32_load16_u_extends_with_zeros(void **state) {
  (void)state;
  put(16, "\x01\x80\xFF\xFF", 4);
  assert_true(Z_accessZ_i32_load16_u(&guest, 16) == 0x8001u);
  assert_true(Z_accessZ_i32_load16_u(&guest, 18) == 0xFFFFu);
}

static void i64_load8_s_extends_the_sign(void **state) {
  (void)state;
  put(16, "\x80\x7F", 2);
  assert_true(Z_accessZ_i64_load8_s(&guest, 16) == 0xFFFFFFFFFFFFFF80u);
  assert_true(Z_accessZ_i64_load8_s(&guest, 17) == 0x7Fu);
}

static void i64_load8_u_extends_with_zeros(void **state) {
  (void)state;
  put(16, "\x80", 1);
  assert_true(Z_accessZ_i64_load8_u(&guest, 16) == 0x80u);
}

static void i64_load16_s_extends_the_sign(void **state) {
  (void)state;
  put(16, "\x01\x80\xFF\x7F", 4);
  assert_true(Z_accessZ_i64_load16_s(&guest, 16) == 0xFFFFFFFFFFFF8001u);
  assert_true(Z_accessZ_i64_load16_s(&guest, 18) == 0x7FFFu);
}

static void i64_load16_u_extends_with_zeros(void **state) {
  (void)state;
  put(16, "\x01\x80", 2);
  assert_true(Z_accessZ_i64_load16_u(&guest, 16) == 0x8001u);
}

static void i64_load32_s_extends_the_sign(void **state) {
  (void)state;
  put(16, "\x01\x00\x00\x80\xFF\xFF\xFF\x7F", 8);
  assert_true(Z_accessZ_i64_load32_s(&guest, 16) == 0xFFFFFFFF80000001u);
  assert_true(Z_accessZ_i64_load32_s(&guest, 20) == 0x7FFFFFFFu);
}

static void i64_load32_u_extends_with_zeros(void **state) {
  (void)state;
  put(16, high, 8);
  assert_true(Z_accessZ_i64_load32_u(&guest, 16) == 0xF4F3F2F1u);
}

static void a_load_changes_nothing(void **state) {
  (void)state;
  put(16, ascending, 8);
  remember(mem);
  (void)Z_accessZ_i32_load(&guest, 16);
  (void)Z_accessZ_i64_load(&guest, 13);
  (void)Z_accessZ_f64_load(&guest, 16);
  assert_unchanged(mem);
}

/* ---- stores: the bytes that they write, and those beside them */

static uint8_t beside[16];

#define STORED(statement)                                          \
  do {                                                             \
    assert_int_equal(wrt_mem_fill(mem, 32, 0xEE, 16), WRT_OK);     \
    statement;                                                     \
    assert_int_equal(wrt_mem_read(mem, 32, beside, 16), WRT_OK);   \
    for (int i = 0; i < 4; ++i) assert_int_equal(beside[i], 0xEE); \
  } while (0)

static void assert_stored(const char *bytes, size_t n) {
  assert_memory_equal(beside + 4, bytes, n);
  for (size_t i = 4 + n; i < sizeof beside; ++i) assert_int_equal(beside[i], 0xEE);
}

static void i32_store_writes_four_bytes_and_no_other(void **state) {
  (void)state;
  STORED(Z_accessZ_i32_store(&guest, 36, 0xF4F3F2F1u));
  assert_stored("\xF1\xF2\xF3\xF4", 4);
}

static void i64_store_writes_eight_bytes_and_no_other(void **state) {
  (void)state;
  STORED(Z_accessZ_i64_store(&guest, 36, 0xF8F7F6F5F4F3F2F1u));
  assert_stored("\xF1\xF2\xF3\xF4\xF5\xF6\xF7\xF8", 8);
}

static void f32_store_keeps_every_bit(void **state) {
  (void)state;
  STORED(Z_accessZ_f32_store(&guest, 36, 0x7FA00001u));
  assert_stored("\x01\x00\xA0\x7F", 4);
}

static void f64_store_keeps_every_bit(void **state) {
  (void)state;
  STORED(Z_accessZ_f64_store(&guest, 36, 0x7FF4060504030201u));
  assert_stored("\x01\x02\x03\x04\x05\x06\xF4\x7F", 8);
}

static void i32_store8_writes_the_lowest_byte(void **state) {
  (void)state;
  STORED(Z_accessZ_i32_store8(&guest, 36, 0xF4F3F2F1u));
  assert_stored("\xF1", 1);
}

static void i32_store16_writes_the_two_lowest_bytes(void **state) {
  (void)state;
  STORED(Z_accessZ_i32_store16(&guest, 36, 0xF4F3F2F1u));
  assert_stored("\xF1\xF2", 2);
}

static void i64_store8_writes_the_lowest_byte(void **state) {
  (void)state;
  STORED(Z_accessZ_i64_store8(&guest, 36, 0xF8F7F6F5F4F3F2F1u));
  assert_stored("\xF1", 1);
}

static void i64_store16_writes_the_two_lowest_bytes(void **state) {
  (void)state;
  STORED(Z_accessZ_i64_store16(&guest, 36, 0xF8F7F6F5F4F3F2F1u));
  assert_stored("\xF1\xF2", 2);
}

static void i64_store32_writes_the_four_lowest_bytes(void **state) {
  (void)state;
  STORED(Z_accessZ_i64_store32(&guest, 36, 0xF8F7F6F5F4F3F2F1u));
  assert_stored("\xF1\xF2\xF3\xF4", 4);
}

static void what_one_width_stores_another_loads(void **state) {
  (void)state;
  Z_accessZ_i64_store(&guest, 40, 0x0807060504030201u);
  assert_true(Z_accessZ_i32_load8_u(&guest, 47) == 8);
  assert_true(Z_accessZ_i32_load16_u(&guest, 43) == 0x0504u);
  Z_accessZ_i32_store8(&guest, 42, 0xFF);
  assert_true(Z_accessZ_i64_load(&guest, 40) == 0x0807060504FF0201u);
}

/* ---- addresses */

static void alignment_is_a_hint_without_effect(void **state) {
  (void)state;
  put(16, ascending, 8);
  for (uint32_t i = 0; i < 8; ++i)
    assert_true(Z_accessZ_load_hinted(&guest, 9 + i) == Z_accessZ_load_unhinted(&guest, 9 + i));
  Z_accessZ_store_hinted(&guest, 33, 0x1122334455667788u);
  assert_true(Z_accessZ_load_unhinted(&guest, 33) == 0x1122334455667788u);
}

static void the_offset_is_added_to_the_address(void **state) {
  (void)state;
  put(16, ascending, 8);
  assert_true(Z_accessZ_load_at_8(&guest, 8) == 0x04030201u);
  Z_accessZ_store_at_8(&guest, 40, 0x55);
  assert_int_equal(byte_at(mem, 48), 0x55);
  assert_int_equal(Z_accessZ_load_at_last(&guest, 0), byte_at(mem, PAGE - 1));
}

static void the_effective_address_does_not_wrap_at_32_bits(void **state) {
  (void)state;
  put(0, ascending, 8);
  remember(mem);
  assert_traps((void)Z_accessZ_load_at_8(&guest, MINUS_ONE - 7)); /* 2^32 */
  assert_traps((void)Z_accessZ_load_at_8(&guest, MINUS_ONE));
  assert_traps((void)Z_accessZ_load_at_4g(&guest, 0));
  assert_traps((void)Z_accessZ_load_at_4g(&guest, 1)); /* 2^32 */
  assert_traps((void)Z_accessZ_load_at_4g(&guest, MINUS_ONE));
  assert_traps(Z_accessZ_store_at_8(&guest, MINUS_ONE - 7, 0x77));
  assert_traps(Z_accessZ_store_at_4g(&guest, 1, 0x77));
  assert_unchanged(mem);
}

static void the_address_is_unsigned(void **state) {
  (void)state;
  remember(mem);
  assert_traps((void)Z_accessZ_load_at_last(&guest, MINUS_ONE)); /* not -1 + 65535 */
  assert_traps((void)Z_accessZ_load_at_8(&guest, 0x80000000u));
  assert_traps(Z_accessZ_store_at_8(&guest, MINUS_ONE - 3, 1));
  assert_unchanged(mem);
}

static void the_offset_alone_may_lead_outside(void **state) {
  (void)state;
  assert_traps((void)Z_accessZ_load_at_last(&guest, 1));
  assert_runs((void)Z_accessZ_load_at_last(&guest, 0));
}

/* What a trap jumps over must not be in a register. */
static uint32_t at, back;

/* ---- ends: the last place of each width, and every place behind it that still touches the memory */

#define ENDS(load, width)                                                                  \
  do {                                                                                     \
    assert_runs((void)load(&guest, LAST(width)));                                          \
    for (at = LAST(width) + 1; at <= PAGE + 1; ++at) assert_traps((void)load(&guest, at)); \
    for (back = 0; back < 9; ++back) assert_traps((void)load(&guest, MINUS_ONE - back));   \
  } while (0)

static void a_load_traps_iff_its_last_byte_is_outside(void **state) {
  (void)state;
  ENDS(Z_accessZ_i32_load8_s, 1);
  ENDS(Z_accessZ_i32_load8_u, 1);
  ENDS(Z_accessZ_i64_load8_s, 1);
  ENDS(Z_accessZ_i64_load8_u, 1);
  ENDS(Z_accessZ_i32_load16_s, 2);
  ENDS(Z_accessZ_i32_load16_u, 2);
  ENDS(Z_accessZ_i64_load16_s, 2);
  ENDS(Z_accessZ_i64_load16_u, 2);
  ENDS(Z_accessZ_i32_load, 4);
  ENDS(Z_accessZ_f32_load, 4);
  ENDS(Z_accessZ_i64_load32_s, 4);
  ENDS(Z_accessZ_i64_load32_u, 4);
  ENDS(Z_accessZ_i64_load, 8);
  ENDS(Z_accessZ_f64_load, 8);
}

#define STORE_ENDS(store, width)                                                            \
  do {                                                                                      \
    remember(mem);                                                                          \
    for (at = LAST(width) + 1; at <= PAGE + 1; ++at) assert_traps(store(&guest, at, 0xAA)); \
    for (back = 0; back < 9; ++back) assert_traps(store(&guest, MINUS_ONE - back, 0xAA));   \
    assert_unchanged(mem);                                                                  \
    assert_runs(store(&guest, LAST(width), 0xAA));                                          \
    assert_int_equal(byte_at(mem, LAST(width)), 0xAA);                                      \
    assert_runs(store(&guest, LAST(width), 0));                                             \
  } while (0)

static void a_store_traps_iff_its_last_byte_is_outside_and_then_writes_nothing(void **state) {
  (void)state;
  STORE_ENDS(Z_accessZ_i32_store8, 1);
  STORE_ENDS(Z_accessZ_i64_store8, 1);
  STORE_ENDS(Z_accessZ_i32_store16, 2);
  STORE_ENDS(Z_accessZ_i64_store16, 2);
  STORE_ENDS(Z_accessZ_i32_store, 4);
  STORE_ENDS(Z_accessZ_f32_store, 4);
  STORE_ENDS(Z_accessZ_i64_store32, 4);
  STORE_ENDS(Z_accessZ_i64_store, 8);
  STORE_ENDS(Z_accessZ_f64_store, 8);
}

static void after_growth_the_new_end_is_the_end(void **state) {
  (void)state;
  assert_traps((void)Z_accessZ_i64_load(&guest, PAGE - 4));
  assert_int_equal(Z_accessZ_grow(&guest, 1), 1);
  assert_runs(Z_accessZ_i64_store(&guest, PAGE - 4, 0x0102030405060708u)); /* across the old end */
  assert_true(Z_accessZ_i64_load(&guest, PAGE - 4) == 0x0102030405060708u);
  assert_runs((void)Z_accessZ_i64_load(&guest, 2 * PAGE - 8));
  assert_traps((void)Z_accessZ_i64_load(&guest, 2 * PAGE - 7));
  assert_traps(Z_accessZ_i32_store8(&guest, 2 * PAGE, 1));
}

static void after_a_trap_the_instance_goes_on(void **state) {
  (void)state;
  assert_traps(Z_accessZ_i32_store(&guest, PAGE, 1));
  Z_accessZ_i32_store(&guest, 64, 9);
  assert_true(Z_accessZ_i32_load(&guest, 64) == 9);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      TEST(i32_load_reads_four_bytes_little_endian),
      TEST(i64_load_reads_eight_bytes_little_endian),
      TEST(f32_load_keeps_every_bit),
      TEST(f64_load_keeps_every_bit),
      TEST(i32_load8_s_extends_the_sign),
      TEST(i32_load8_u_extends_with_zeros),
      TEST(i32_load16_s_extends_the_sign),
      TEST(i32_load16_u_extends_with_zeros),
      TEST(i64_load8_s_extends_the_sign),
      TEST(i64_load8_u_extends_with_zeros),
      TEST(i64_load16_s_extends_the_sign),
      TEST(i64_load16_u_extends_with_zeros),
      TEST(i64_load32_s_extends_the_sign),
      TEST(i64_load32_u_extends_with_zeros),
      TEST(a_load_changes_nothing),
      TEST(i32_store_writes_four_bytes_and_no_other),
      TEST(i64_store_writes_eight_bytes_and_no_other),
      TEST(f32_store_keeps_every_bit),
      TEST(f64_store_keeps_every_bit),
      TEST(i32_store8_writes_the_lowest_byte),
      TEST(i32_store16_writes_the_two_lowest_bytes),
      TEST(i64_store8_writes_the_lowest_byte),
      TEST(i64_store16_writes_the_two_lowest_bytes),
      TEST(i64_store32_writes_the_four_lowest_bytes),
      TEST(what_one_width_stores_another_loads),
      TEST(alignment_is_a_hint_without_effect),
      TEST(the_offset_is_added_to_the_address),
      TEST(the_effective_address_does_not_wrap_at_32_bits),
      TEST(the_address_is_unsigned),
      TEST(the_offset_alone_may_lead_outside),
      TEST(a_load_traps_iff_its_last_byte_is_outside),
      TEST(a_store_traps_iff_its_last_byte_is_outside_and_then_writes_nothing),
      TEST(after_growth_the_new_end_is_the_end),
      TEST(after_a_trap_the_instance_goes_on),
  };
  if (choose_tier(argc, argv) != 0) return 2;
  return cmocka_run_group_tests(tests, begin_guests, end_guests);
}
