// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/cell.hpp"
#include "cpp/tiers/memory.hpp"

namespace wrt {

// The base is aligned to 16, so the offset alone decides.
wrt_status LinearMemory::check_atomic(uint64_t offset, uint32_t width) const noexcept {
  if ((offset & (width - 1)) != 0) return WRT_ERR_MISALIGNED;
  return check(offset, width);
}

wrt_status LinearMemory::atomic_load(uint64_t offset, uint32_t width, uint64_t &value) const noexcept {
  if (wrt_status status = check_atomic(offset, width)) return status;
  count_access(offset, width, WRT_BORROW_READ);
  value = with_cell(at(offset), width, [](auto cell) { return cell.load(); });
  return WRT_OK;
}

wrt_status LinearMemory::atomic_store(uint64_t offset, uint32_t width, uint64_t value) noexcept {
  if (wrt_status status = check_atomic(offset, width)) return status;
  count_access(offset, width, WRT_BORROW_WRITE);
  with_cell(at(offset), width, [&](auto cell) { cell.store(value); });
  return WRT_OK;
}

wrt_status LinearMemory::atomic_rmw(uint64_t offset, uint32_t width, int32_t op, uint64_t operand,
                                    uint64_t &old) noexcept {
  if (wrt_status status = check_atomic(offset, width)) return status;
  count_access(offset, width, WRT_BORROW_READ | WRT_BORROW_WRITE);
  old = with_cell(at(offset), width, [&](auto cell) { return cell.rmw(op, operand); });
  return WRT_OK;
}

wrt_status LinearMemory::atomic_cmpxchg(uint64_t offset, uint32_t width, uint64_t expected, uint64_t replacement,
                                        uint64_t &old) noexcept {
  if (wrt_status status = check_atomic(offset, width)) return status;
  bool stored = false;
  old = with_cell(at(offset), width, [&](auto cell) { return cell.cmpxchg(expected, replacement, stored); });
  count_access(offset, width, stored ? WRT_BORROW_READ | WRT_BORROW_WRITE : WRT_BORROW_READ);
  return WRT_OK;
}

}  // namespace wrt
