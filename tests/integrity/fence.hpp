// SPDX-License-Identifier: Apache-2.0 OR MIT
// Bytes whose neighbours cannot be touched: pages without access stand before and behind them, so that whoever leaves
// them faults. The program is linked with --wrap=mmap and --wrap=munmap, and the library's own mappings are fenced too.
#ifndef WRT_TESTS_INTEGRITY_FENCE_HPP
#define WRT_TESTS_INTEGRITY_FENCE_HPP

#include <sys/mman.h>
#include <unistd.h>

#include <set>

#include "world.hpp"

extern "C" {
void *__real_mmap(void *, size_t, int, int, int, off_t);
int __real_munmap(void *, size_t);
}

namespace integrity {

inline size_t os_page() {
  static const auto len = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return len;
}
inline size_t to_os_pages(size_t n) { return (n + os_page() - 1) / os_page() * os_page(); }

/// Whole pages that hold n bytes, between two fences; MAP_FAILED when refused.
inline void *fenced_pages(size_t n, int protection) {
  void *map = __real_mmap(nullptr, to_os_pages(n) + 2 * os_page(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED) return map;
  void *inside = static_cast<uint8_t *>(map) + os_page();
  return mprotect(inside, to_os_pages(n), protection) == 0 ? inside : MAP_FAILED;
}
inline int release_fenced_pages(void *at, size_t n) {
  return __real_munmap(static_cast<uint8_t *>(at) - os_page(), to_os_pages(n) + 2 * os_page());
}

/// Blocks that begin right behind a fence, or end right before one, as near as an alignment of 16 lets them.
struct FencedHeap {
  bool at_end = false;
  std::map<void *, size_t> live;

  static void *allocate(void *context, size_t size, size_t) {
    auto *heap = static_cast<FencedHeap *>(context);
    void *pages = fenced_pages(size, PROT_READ | PROT_WRITE);
    if (pages == MAP_FAILED) return nullptr;
    const size_t room = (size + 15) / 16 * 16;
    uint8_t *block = static_cast<uint8_t *>(pages) + (heap->at_end ? to_os_pages(size) - room : 0);
    heap->live[block] = size;
    return block;
  }
  static void deallocate(void *context, void *block, size_t size, size_t) {
    auto *heap = static_cast<FencedHeap *>(context);
    EXPECT_EQ(heap->live[block], size);
    heap->live.erase(block);
    const auto page = reinterpret_cast<uintptr_t>(block) / os_page() * os_page();
    EXPECT_EQ(release_fenced_pages(reinterpret_cast<void *>(page), size), 0);
  }
};

/// A pool each of whose slots is an OS page, so that a fence can be put up in place of any.
class FencedPool {
 public:
  static constexpr size_t kCount = 5;

  FencedPool() {
    EXPECT_TRUE(wrt::PoolLayout::make(os_page(), kCount, layout_));
    const auto front = static_cast<size_t>(layout_.slots_at);
    len_ = to_os_pages(front) + static_cast<size_t>(layout_.total) - front;
    map_ = static_cast<uint8_t *>(fenced_pages(len_, PROT_READ | PROT_WRITE));
    slots_at_ = map_ + to_os_pages(front);
    EXPECT_EQ(wrt_pool_create(slots_at_ - front, static_cast<size_t>(layout_.total), os_page(), &pool), WRT_OK);
  }
  FencedPool(const FencedPool &) = delete;
  FencedPool &operator=(const FencedPool &) = delete;
  ~FencedPool() {
    EXPECT_EQ(wrt_pool_destroy(pool), WRT_OK);
    EXPECT_EQ(release_fenced_pages(map_, len_), 0);
  }

  uint8_t *slot(size_t i) const { return slots_at_ + i * os_page(); }
  void fence_off(size_t i) const { EXPECT_EQ(mprotect(slot(i), os_page(), PROT_NONE), 0); }
  void open_up(size_t i) const { EXPECT_EQ(mprotect(slot(i), os_page(), PROT_READ | PROT_WRITE), 0); }
  /// What the pool keeps beside its slots for the i-th: check values and the tracker's regions.
  std::vector<uint8_t> side(size_t i) const {
    const uint8_t *at = slots_at_ + kCount * layout_.stride + i * layout_.side_stride;
    return {at, at + layout_.side_stride};
  }

  wrt_pool *pool = nullptr;

 private:
  wrt::PoolLayout layout_{};
  size_t len_ = 0;
  uint8_t *map_ = nullptr;
  uint8_t *slots_at_ = nullptr;
};

}  // namespace integrity

#endif  // WRT_TESTS_INTEGRITY_FENCE_HPP
