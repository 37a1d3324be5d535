/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "out_struct.h"

enum { BUFFER = 1024, UNTOUCHED = 0xD5 };

typedef union buffer {
  uint64_t align;
  uint8_t bytes[BUFFER];
} buffer;

static uint32_t size_in(const buffer *out) {
  uint32_t size;
  memcpy(&size, out->bytes, sizeof size);
  return size;
}

static void poison(buffer *out, uint32_t size) {
  memset(out->bytes, UNTOUCHED, BUFFER);
  memcpy(out->bytes, &size, sizeof size);
}

static void get(const out_struct *s, buffer *out, uint32_t size) {
  poison(out, size);
  assert_ok(s->get(s->context, out->bytes));
}

static int ends_a_member(const out_struct *s, size_t size) {
  for (size_t i = 0; i < s->member_count; ++i) {
    if (s->members[i] == size) return 1;
  }
  return 0;
}

void check_smaller_structs(const out_struct *s) {
  buffer whole;
  buffer part;
  get(s, &whole, (uint32_t)s->size);
  assert_int_equal(size_in(&whole), s->size);
  assert_all_bytes(whole.bytes + s->size, UNTOUCHED, BUFFER - s->size);
  for (size_t size = sizeof(uint32_t); size < s->size; ++size) {
    poison(&part, (uint32_t)size);
    assert_ok(s->get(s->context, part.bytes));
    const size_t filled = size_in(&part);
    assert_true(filled <= size);
    if (ends_a_member(s, size)) assert_int_equal(filled, size);
    assert_memory_equal(part.bytes + sizeof(uint32_t), whole.bytes + sizeof(uint32_t), filled - sizeof(uint32_t));
    assert_all_bytes(part.bytes + size, UNTOUCHED, BUFFER - size);
  }
}

void check_larger_structs(const out_struct *s) {
  buffer whole;
  buffer larger;
  get(s, &whole, (uint32_t)s->size);
  for (size_t size = s->size + 1; size <= s->size + 200; ++size) {
    get(s, &larger, (uint32_t)size);
    assert_int_equal(size_in(&larger), s->size);
    assert_memory_equal(larger.bytes, whole.bytes, s->size);
    assert_all_bytes(larger.bytes + s->size, 0, size - s->size);
    assert_all_bytes(larger.bytes + size, UNTOUCHED, BUFFER - size);
  }
}

void check_impossible_structs(const out_struct *s) {
  assert_status(WRT_ERR_INVALID_ARGUMENT, s->get(s->context, NULL));
  for (uint32_t size = 0; size < sizeof(uint32_t); ++size) {
    buffer out;
    poison(&out, size);
    assert_status(WRT_ERR_INVALID_ARGUMENT, s->get(s->context, out.bytes));
    assert_int_equal(size_in(&out), size);
    assert_all_bytes(out.bytes + sizeof size, UNTOUCHED, BUFFER - sizeof size);
  }
}

void check_failure_writes_nothing(const out_struct *s, wrt_status expected) {
  buffer out;
  poison(&out, (uint32_t)s->size);
  assert_status(expected, s->get(s->context, out.bytes));
  assert_int_equal(size_in(&out), s->size);
  assert_all_bytes(out.bytes + sizeof(uint32_t), UNTOUCHED, BUFFER - sizeof(uint32_t));
}
