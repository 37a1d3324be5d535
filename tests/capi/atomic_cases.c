/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "atomic_cases.h"

const uint32_t widths[WIDTHS] = {1, 2, 4, 8};

uint64_t cut(uint64_t value, uint32_t width) { return width == 8 ? value : value & ((UINT64_C(1) << (8 * width)) - 1); }

void assert_little_endian(const wrt_mem *mem, uint64_t offset, uint32_t width, uint64_t value) {
  for (uint32_t i = 0; i < width; ++i) assert_int_equal(byte_at(mem, offset + i), (value >> (8 * i)) & 0xFF);
}

void put_little_endian(wrt_mem *mem, uint64_t offset, uint32_t width, uint64_t value) {
  for (uint32_t i = 0; i < width; ++i) assert_ok(wrt_mem_fill(mem, offset + i, (uint8_t)(value >> (8 * i)), 1));
}

static void assert_refused(wrt_status expected, atomic_call call, wrt_mem *mem, uint64_t offset, uint32_t width) {
  int wrote = 0;
  assert_status(expected, call(mem, offset, width, &wrote));
  assert_false(wrote);
}

void check_other_widths_are_invalid_arguments(tier *t, atomic_call call) {
  static const uint32_t others[] = {0, 3, 5, 6, 7, 9, 12, 16, 32, 64, 256, UINT32_C(1) << 31, UINT32_MAX};
  wrt_mem *mem = make(t, 100, ROOM);
  put_pattern(mem, 1, 0, 100);
  snapshot before = take_snapshot(mem);
  for (size_t i = 0; i < sizeof others / sizeof others[0]; ++i) {
    assert_refused(WRT_ERR_INVALID_ARGUMENT, call, mem, 0, others[i]);
    assert_refused(WRT_ERR_INVALID_ARGUMENT, call, mem, 1, others[i]);          /* before the alignment */
    assert_refused(WRT_ERR_INVALID_ARGUMENT, call, mem, UINT64_MAX, others[i]); /* before the bounds */
  }
  assert_unchanged(&before);
}

void check_offsets_off_the_alignment_are_misaligned(tier *t, atomic_call call) {
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 100, ROOM);
    put_pattern(mem, 1, 0, 100);
    snapshot before = take_snapshot(mem);
    for (size_t i = 0; i < WIDTHS; ++i) {
      for (uint64_t offset = 0; offset < 32; ++offset) {
        if (offset % widths[i] != 0) assert_refused(WRT_ERR_MISALIGNED, call, mem, offset, widths[i]);
      }
      if (widths[i] == 1) continue;
      assert_refused(WRT_ERR_MISALIGNED, call, mem, 101, widths[i]); /* before the bounds */
      assert_refused(WRT_ERR_MISALIGNED, call, mem, UINT64_MAX, widths[i]);
    }
    assert_unchanged(&before);
    assert_ok(wrt_mem_destroy(mem));
  }
}

void check_ranges_outside_are_refused(tier *t, atomic_call call) {
  for (int shape = 0; shape < SHAPES; ++shape) {
    for (uint64_t len = 0; len <= 17; ++len) {
      wrt_mem *mem = make_shape(t, shape, len, ROOM);
      put_pattern(mem, 1, 0, len);
      snapshot before = take_snapshot(mem);
      for (size_t i = 0; i < WIDTHS; ++i) {
        const uint64_t width = widths[i];
        const uint64_t first = len < width ? 0 : (len - width) / width * width + width;
        assert_refused(WRT_ERR_OUT_OF_BOUNDS, call, mem, first, widths[i]);
        assert_refused(WRT_ERR_OUT_OF_BOUNDS, call, mem, first + width, widths[i]);
        assert_refused(WRT_ERR_OUT_OF_BOUNDS, call, mem, UINT64_C(1) << 32, widths[i]);
        assert_refused(WRT_ERR_OUT_OF_BOUNDS, call, mem, UINT64_C(1) << 63, widths[i]);
        assert_refused(WRT_ERR_OUT_OF_BOUNDS, call, mem, UINT64_MAX - width + 1, widths[i]);
      }
      assert_unchanged(&before);
      assert_ok(wrt_mem_destroy(mem));
    }
  }
}

void check_the_whole_length_can_be_reached(tier *t, atomic_call call) {
  for (int shape = 0; shape < SHAPES; ++shape) {
    wrt_mem *mem = make_shape(t, shape, 80, ROOM);
    for (size_t i = 0; i < WIDTHS; ++i) {
      for (uint64_t offset = 0; offset + widths[i] <= 80; offset += widths[i]) {
        int wrote = 0;
        assert_ok(call(mem, offset, widths[i], &wrote));
      }
    }
    assert_ok(wrt_mem_destroy(mem));
  }
}

void check_bad_handles_are_refused(tier *t, atomic_call call) {
  bad_handles bad;
  collect_bad_handles(&bad, t, KIND_MEM);
  for (size_t i = 0; i < bad.count; ++i) {
    assert_refused(WRT_ERR_INVALID_HANDLE, call, bad.values[i], 0, 8);
    assert_refused(WRT_ERR_INVALID_HANDLE, call, bad.values[i], 1, 3); /* before the arguments */
  }
  assert_refused(WRT_ERR_INVALID_HANDLE, call, NULL, 0, 8);
}

void check_borrows_do_not_hinder(tier *t, atomic_call call) {
  wrt_mem *mem = make(t, 80, ROOM);
  void *data = borrow(mem, 0, 80, WRT_BORROW_WRITE);
  int wrote = 0;
  assert_ok(call(mem, 8, 8, &wrote));
  assert_ok(wrt_mem_release(mem, data, 80));
}
