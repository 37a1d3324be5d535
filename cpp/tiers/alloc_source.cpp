// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/alloc_source.hpp"

namespace wrt {

namespace {

using Backing = AllocSource::Backing;

alignas(64) uint8_t g_nothing[64];  // the base of a memory that has no block: never read, never written

uint8_t *allocate(const Backing &backing, size_t len) noexcept {
  void *block = backing.allocate(backing.context, len, kBaseAlignment);
  if (block == nullptr) return nullptr;
  if (reinterpret_cast<uintptr_t>(block) % kBaseAlignment == 0) return static_cast<uint8_t *>(block);
  backing.deallocate(backing.context, block, len, kBaseAlignment);
  return nullptr;
}

void deallocate(const Backing &backing, uint8_t *block, size_t len) noexcept {
  if (block != nullptr) backing.deallocate(backing.context, block, len, kBaseAlignment);
}

// A block of new_block_len bytes with the first `len` kept and the rest zero; NULL when refused, the old one valid.
uint8_t *enlarge(const Backing &backing, size_t len, size_t new_block_len) noexcept {
  if (backing.block != nullptr && backing.reallocate != nullptr) {
    void *moved = backing.reallocate(backing.context, backing.block, backing.block_len, new_block_len, kBaseAlignment);
    if (moved == nullptr) return nullptr;
    auto *block = static_cast<uint8_t *>(moved);
    wrt_k_set_bytes(block + len, 0, new_block_len - len);
    return block;
  }
  uint8_t *block = allocate(backing, new_block_len);
  if (block == nullptr) return nullptr;
  if (backing.block != nullptr) wrt_k_move_bytes(block, backing.block, len);
  wrt_k_set_bytes(block + len, 0, new_block_len - len);
  deallocate(backing, backing.block, backing.block_len);
  return block;
}

}  // namespace

Backing AllocSource::bind(const wrt_allocator &allocator) noexcept {
  return {allocator.context, allocator.allocate, allocator.reallocate, allocator.deallocate, nullptr, 0, {}};
}

Backing AllocSource::fresh_like(const Backing &other) noexcept {
  return {other.context, other.allocate, other.reallocate, other.deallocate, nullptr, 0, {}};
}

wrt_status AllocSource::obtain(const Request &request, Extent &extent, Backing &backing) noexcept {
  const auto first = static_cast<size_t>(request.stable ? request.max_len : request.initial_len);
  extent.bytes = {request.initial_len, first, g_nothing};
  extent.capacity = first;
  if (first != 0) {
    backing.block = allocate(backing, first);
    if (backing.block == nullptr) return WRT_ERR_OUT_OF_MEMORY;
    backing.block_len = first;
    wrt_k_set_bytes(backing.block, 0, first);
    extent.bytes.base = backing.block;
  }
  if (request.side_len == 0) return WRT_OK;
  const auto side_len = static_cast<size_t>(request.side_len);
  backing.side = {allocate(backing, side_len), side_len};
  if (backing.side.at != nullptr) {
    wrt_k_set_bytes(backing.side.at, 0, side_len);
    return WRT_OK;
  }
  deallocate(backing, backing.block, backing.block_len);
  return WRT_ERR_OUT_OF_MEMORY;
}

wrt_status AllocSource::extend(uint64_t new_len, uint64_t max_len, Extent &extent, Backing &backing) noexcept {
  const auto len = static_cast<size_t>(extent.bytes.len);
  const uint64_t ahead = uint64_t{backing.block_len} + backing.block_len / 2;
  auto target = static_cast<size_t>(least(most(new_len, ahead), max_len));
  uint8_t *block = enlarge(backing, len, target);
  if (block == nullptr && target != new_len) {
    target = static_cast<size_t>(new_len);
    block = enlarge(backing, len, target);
  }
  if (block == nullptr) return WRT_ERR_OUT_OF_MEMORY;
  backing.block = block;
  backing.block_len = target;
  extent.bytes.base = block;
  extent.bytes.cap = target;
  extent.capacity = target;
  return WRT_OK;
}

void AllocSource::cut(uint64_t new_len, Extent &extent, Backing &) noexcept { wrt_k_shrink(&extent.bytes, new_len); }

void AllocSource::wipe(uint64_t offset, uint64_t n, Extent &extent, Backing &) noexcept {
  wrt_k_set_bytes(extent.bytes.base + offset, 0, static_cast<size_t>(n));
}

void AllocSource::give_back(Extent &, Backing &backing, bool) noexcept {
  deallocate(backing, backing.block, backing.block_len);
  deallocate(backing, backing.side.at, backing.side.len);
}

}  // namespace wrt
