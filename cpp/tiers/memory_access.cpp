// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/shared_bytes.hpp"
#include "cpp/tiers/with_source.hpp"

namespace wrt {

Side LinearMemory::side() const noexcept {
  return with_source(plan().tier, backing_.now, [](auto source, const auto &own) { return source.side(own); });
}

void LinearMemory::count_denied(uint64_t offset, uint64_t n) const noexcept {
  if (!plan().tracked()) return;
  const Turn turn(lock());
  journal().tracker.deny(offset, n);
}

void LinearMemory::count_access(uint64_t offset, uint64_t n, uint32_t kind) const noexcept {
  if (!plan().tracked()) return;
  const Turn turn(lock());
  uint8_t *map = side().at;
  if ((kind & WRT_BORROW_READ) != 0) journal().tracker.read(map, offset, n);
  if ((kind & WRT_BORROW_WRITE) != 0) journal().tracker.write(map, offset, n);
}

wrt_status LinearMemory::check(uint64_t offset, uint64_t n) const noexcept {
  if (wrt_k_in_range(live_len(), offset, n)) return WRT_OK;
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
  if (!plan().shared()) return wrt_k_read(&extent().bytes, offset, static_cast<uint8_t *>(dst), n);
  get_shared(static_cast<uint8_t *>(dst), at(offset), n);
  return WRT_OK;
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
  if (n == 0) return WRT_OK;
  if (plan().shared() || src.plan().shared()) {
    put_from_shared(offset, src.at(src_offset), n);
  } else {
    put(offset, src.at(src_offset), n);
  }
  return WRT_OK;
}

// One of the two is SHARED. Only one that is not can have check values, and then the bytes that they are made from must
// not change meanwhile: they go by way of a buffer.
void LinearMemory::put_from_shared(uint64_t offset, const uint8_t *src, uint64_t n) noexcept {
  if (!plan().checked()) {
    move_shared(at(offset), src, static_cast<size_t>(n));
    return;
  }
  uint8_t buffer[256];
  for (uint64_t done = 0; done < n; done += sizeof(buffer)) {
    const uint64_t len = least(n - done, sizeof(buffer));
    get_shared(buffer, src + done, static_cast<size_t>(len));
    put(offset + done, buffer, len);
  }
}

wrt_status LinearMemory::equal(const LinearMemory &other, bool &same) const noexcept {
  const uint64_t n = live_len();
  same = n == other.live_len();
  if (!same) return WRT_OK;
  if (wrt_status status = guard(0, n, WRT_BORROW_READ)) return status;
  if (wrt_status status = other.guard(0, n, WRT_BORROW_READ)) return status;
  count_access(0, n, WRT_BORROW_READ);
  other.count_access(0, n, WRT_BORROW_READ);
  if (plan().shared() || other.plan().shared()) {
    same = equal_shared(at(0), other.at(0), n);
  } else {
    same = equal_bytes(at(0), other.at(0), static_cast<size_t>(n));
  }
  return WRT_OK;
}

const wrt_view *LinearMemory::view() noexcept {
  const Turn turn(lock());
  const uint64_t sealed_with = key();
  state_.now.viewed = 1;
  state_.now.exposed = 1;
  seal_state(sealed_with);
  return &view_;
}

wrt_status LinearMemory::borrow(uint64_t offset, uint64_t n, uint32_t kind, void *&data) noexcept {
  if (plan().shared()) return WRT_ERR_UNSUPPORTED;
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
