// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/cell.hpp"
#include "cpp/tiers/memory.hpp"
#include "cpp/tiers/parking_lot.hpp"

namespace wrt {

namespace {

uint64_t cut_to(uint32_t width, uint64_t value) noexcept {
  switch (width) {
    case 1:
      return static_cast<uint8_t>(value);
    case 2:
      return static_cast<uint16_t>(value);
    case 4:
      return static_cast<uint32_t>(value);
    default:
      return value;
  }
}

}  // namespace

// The base is aligned to 16, so the offset alone decides.
wrt_status LinearMemory::check_atomic(uint64_t offset, uint32_t width) const noexcept {
  if ((offset & (width - 1)) != 0) return WRT_ERR_MISALIGNED;
  return check(offset, width);
}

wrt_status LinearMemory::begin_atomic(uint64_t offset, uint32_t width, uint32_t kind) const noexcept {
  if (wrt_status status = check_atomic(offset, width)) return status;
  return guard(offset, width, kind);
}

// At STANDARD and above no two threads share the memory: what is stored goes the way of every write.
void LinearMemory::put_word(uint64_t offset, uint32_t width, uint64_t value) noexcept {
  uint8_t bytes[8];
  for (uint32_t i = 0; i < width; i++, value >>= 8) bytes[i] = static_cast<uint8_t>(value);
  put(offset, bytes, width);
}

wrt_status LinearMemory::wait(uint64_t offset, uint32_t width, uint64_t expected, int64_t timeout_ns,
                              int32_t &result) noexcept {
  if (!plan().shared()) return WRT_ERR_UNSUPPORTED;
  if (wrt_status status = begin_atomic(offset, width, WRT_BORROW_READ)) return status;
  count_access(offset, width, WRT_BORROW_READ);
  journal().waiting.add(1);
  result = static_cast<int32_t>(wait_at(at(offset), width, expected, timeout_ns));
  journal().waiting.sub(1);
  return WRT_OK;
}

wrt_status LinearMemory::notify(uint64_t offset, uint32_t count, uint32_t &woken) noexcept {
  if (wrt_status status = check_atomic(offset, 4)) return status;
  woken = plan().shared() ? notify_at(at(offset), count) : 0;
  return WRT_OK;
}

wrt_status LinearMemory::atomic_load(uint64_t offset, uint32_t width, uint64_t &value) const noexcept {
  if (wrt_status status = begin_atomic(offset, width, WRT_BORROW_READ)) return status;
  count_access(offset, width, WRT_BORROW_READ);
  value = with_cell(at(offset), width, [](auto cell) { return cell.load(); });
  return WRT_OK;
}

wrt_status LinearMemory::atomic_store(uint64_t offset, uint32_t width, uint64_t value) noexcept {
  if (wrt_status status = begin_atomic(offset, width, WRT_BORROW_WRITE)) return status;
  count_access(offset, width, WRT_BORROW_WRITE);
  if (plan().checked()) {
    put_word(offset, width, value);
  } else {
    with_cell(at(offset), width, [&](auto cell) { cell.store(value); });
  }
  return WRT_OK;
}

wrt_status LinearMemory::atomic_rmw(uint64_t offset, uint32_t width, int32_t op, uint64_t operand,
                                    uint64_t &old) noexcept {
  constexpr uint32_t kBoth = WRT_BORROW_READ | WRT_BORROW_WRITE;
  if (wrt_status status = begin_atomic(offset, width, kBoth)) return status;
  count_access(offset, width, kBoth);
  if (plan().checked()) {
    old = with_cell(at(offset), width, [](auto cell) { return cell.load(); });
    put_word(offset, width, combine(op, old, operand));
  } else {
    old = with_cell(at(offset), width, [&](auto cell) { return cell.rmw(op, operand); });
  }
  return WRT_OK;
}

wrt_status LinearMemory::atomic_cmpxchg(uint64_t offset, uint32_t width, uint64_t expected, uint64_t replacement,
                                        uint64_t &old) noexcept {
  if (wrt_status status = begin_atomic(offset, width, WRT_BORROW_READ | WRT_BORROW_WRITE)) return status;
  bool stored = false;
  if (plan().checked()) {
    old = with_cell(at(offset), width, [](auto cell) { return cell.load(); });
    stored = old == cut_to(width, expected);
    if (stored) put_word(offset, width, replacement);
  } else {
    old = with_cell(at(offset), width, [&](auto cell) { return cell.cmpxchg(expected, replacement, stored); });
  }
  count_access(offset, width, stored ? WRT_BORROW_READ | WRT_BORROW_WRITE : WRT_BORROW_READ);
  return WRT_OK;
}

}  // namespace wrt
