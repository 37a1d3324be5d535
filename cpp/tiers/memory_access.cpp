// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/with_source.hpp"

namespace wrt {

Side LinearMemory::side() const noexcept {
  return with_source(plan().tier, backing_.now, [](auto source, const auto &own) { return source.side(own); });
}

void LinearMemory::count_denied(uint64_t offset, uint64_t n) const noexcept {
  if (plan().tracked()) journal().tracker.deny(offset, n);
}

void LinearMemory::count_access(uint64_t offset, uint64_t n, uint32_t kind) const noexcept {
  if (!plan().tracked()) return;
  uint8_t *map = side().at;
  if ((kind & WRT_BORROW_READ) != 0) journal().tracker.read(map, offset, n);
  if ((kind & WRT_BORROW_WRITE) != 0) journal().tracker.write(map, offset, n);
}

wrt_status LinearMemory::check(uint64_t offset, uint64_t n) const noexcept {
  if (wrt_k_in_range(len(), offset, n)) return WRT_OK;
  count_denied(offset, n);
  return WRT_ERR_OUT_OF_BOUNDS;
}

// Bounds, then the blocks where the level asks for it, then the count: what is refused does not count as an access.
wrt_status LinearMemory::access(uint64_t offset, uint64_t n, uint32_t kind) const noexcept {
  if (wrt_status status = check(offset, n)) return status;
  if (wrt_status status = guard(offset, n, kind)) return status;
  count_access(offset, n, kind);
  return WRT_OK;
}

wrt_status LinearMemory::read(uint64_t offset, void *dst, size_t n) const noexcept {
  if (wrt_status status = access(offset, n, WRT_BORROW_READ)) return status;
  return wrt_k_read(&extent().bytes, offset, static_cast<uint8_t *>(dst), n);
}

wrt_status LinearMemory::write(uint64_t offset, const void *src, size_t n) noexcept {
  if (wrt_status status = access(offset, n, WRT_BORROW_WRITE)) return status;
  if (n != 0) put(offset, static_cast<const uint8_t *>(src), n);
  return WRT_OK;
}

wrt_status LinearMemory::fill(uint64_t offset, uint8_t value, uint64_t n) noexcept {
  if (wrt_status status = access(offset, n, WRT_BORROW_WRITE)) return status;
  if (n != 0) put_fill(offset, value, n);
  return WRT_OK;
}

wrt_status LinearMemory::copy(uint64_t offset, const LinearMemory &src, uint64_t src_offset, uint64_t n) noexcept {
  const wrt_status to = check(offset, n);
  const wrt_status from = src.check(src_offset, n);
  if (to != WRT_OK || from != WRT_OK) return WRT_ERR_OUT_OF_BOUNDS;
  if (wrt_status status = src.guard(src_offset, n, WRT_BORROW_READ)) return status;
  if (wrt_status status = guard(offset, n, WRT_BORROW_WRITE)) return status;
  src.count_access(src_offset, n, WRT_BORROW_READ);
  count_access(offset, n, WRT_BORROW_WRITE);
  if (n != 0) put(offset, src.at(src_offset), n);
  return WRT_OK;
}

wrt_status LinearMemory::equal(const LinearMemory &other, bool &same) const noexcept {
  if (len() == other.len()) {
    if (wrt_status status = guard(0, len(), WRT_BORROW_READ)) return status;
    if (wrt_status status = other.guard(0, len(), WRT_BORROW_READ)) return status;
    count_access(0, len(), WRT_BORROW_READ);
    other.count_access(0, len(), WRT_BORROW_READ);
  }
  same = len() == other.len() && equal_bytes(at(0), other.at(0), static_cast<size_t>(len()));
  return WRT_OK;
}

const wrt_view *LinearMemory::view() noexcept {
  const uint64_t sealed_with = key();
  state_.now.viewed = 1;
  state_.now.exposed = 1;
  seal_state(sealed_with);
  return &view_;
}

wrt_status LinearMemory::borrow(uint64_t offset, uint64_t n, uint32_t kind, void *&data) noexcept {
  if (wrt_status status = check(offset, n)) return status;
  BorrowLedger<kMaxBorrows> &borrows = journal().borrows;
  if (wrt_status status = borrows.may_add(offset, n, kind)) return status;
  if (wrt_status status = guard(offset, n, WRT_BORROW_READ)) return status;  // all of it is handed out
  (void)borrows.add(offset, n, kind);
  count_access(offset, n, kind);
  if (state_.now.exposed == 0) {
    const uint64_t sealed_with = key();
    state_.now.exposed = 1;
    seal_state(sealed_with);
  }
  data = at(offset);
  return WRT_OK;
}

wrt_status LinearMemory::release(const void *data, uint64_t n) noexcept {
  const uint64_t offset = uint64_t{reinterpret_cast<uintptr_t>(data)} - reinterpret_cast<uintptr_t>(at(0));
  BorrowLedger<kMaxBorrows> &borrows = journal().borrows;
  const bool wrote = borrows.written(offset, n);
  if (!borrows.remove(offset, n)) return WRT_ERR_INVALID_ARGUMENT;
  if (wrote) reseal(offset, n);
  return WRT_OK;
}

}  // namespace wrt
