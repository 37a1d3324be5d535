// SPDX-License-Identifier: Apache-2.0 OR MIT
// Rows 1 to 4: creation and destruction, with nothing, one OS page and every OS page touched.
#include "peers.hpp"
#include "rounds.hpp"

using namespace bench;

namespace {

struct Case {
  const char *row;
  const char *what;
  uint64_t pages;
  uint64_t touched;  // OS pages, one byte of each
  int calls;
};

void touch(uint8_t *bytes, uint64_t count) {
  for (uint64_t i = 0; i < count; i++) bytes[i * kOsPage] = 1;
  keep(bytes);
}

void touch_by_api(wrt_mem *mem, uint64_t count) {
  const uint8_t byte = 1;
  for (uint64_t i = 0; i < count; i++) must(wrt_mem_write(mem, i * kOsPage, &byte, 1));
}

Side ours(const char *name, int32_t tier, const Case &it) {
  const uint64_t len = it.pages * kPage;
  const uint64_t touched = it.touched;
  return side(name, it.calls, [=](int) {
    wrt_mem *mem = nullptr;
    must(wrt_mem_create(tier, len, len, &mem));
    touch_by_api(mem, touched);
    must(wrt_mem_destroy(mem));
  });
}

// The host writes by a pointer, so that the library does not know what was touched.
Side ours_viewed(const Case &it) {
  const uint64_t len = it.pages * kPage;
  const uint64_t touched = it.touched;
  return side("ours, by a view", it.calls / 10, [=](int) {
    wrt_mem *mem = nullptr;
    const wrt_view *view = nullptr;
    must(wrt_mem_create(WRT_TIER_STD, len, len, &mem));
    must(wrt_mem_view(mem, &view));
    touch(view->base, touched);
    must(wrt_mem_destroy(mem));
  });
}

void add_others(std::vector<Side> &sides, const Case &it) {
  const uint64_t len = it.pages * kPage;
  const uint64_t touched = it.touched;
  for (const Allocator &allocator : allocators()) {
    sides.push_back(side(allocator.name, it.calls / 5, [=](int) {
      auto *block = static_cast<uint8_t *>(allocator.zeroed(1, len));
      touch(block, touched);
      allocator.release(block);
    }));
  }
  sides.push_back(side("vector", it.calls / 20, [=](int) {
    std::vector<uint8_t> block(len);
    touch(block.data(), touched);
  }));
  if constexpr (kHasRust) {
    sides.push_back(side("Rust Vec", it.calls / 5, [=](int) {
      uint8_t *vec = peer_vec_new(len);
      touch(peer_vec_bytes(vec), touched);
      peer_vec_free(vec);
    }));
  }
  sides.push_back(side("mmap + mprotect", it.calls / 50, [=](int) {
    guarded memory = guarded_new(len);
    touch(memory.bytes, touched);
    guarded_free(&memory);
  }));
  if (!wasm2c_there()) return;
  sides.push_back(side("wasm2c", it.calls / 50, [=](int) {
    uint8_t *bytes = wasm2c_new(static_cast<uint32_t>(it.pages), static_cast<uint32_t>(it.pages));
    touch(bytes, touched);
    wasm2c_free();
  }));
}

}  // namespace

int main(int argc, char **argv) {
  start(argc, argv);
  const Case cases[] = {
      {"1", "create + destroy, one 64 KiB page, untouched", 1, 0, 5000},
      {"2", "the same, touching one OS page through the API", 1, 1, 5000},
      {"3", "the same, one byte in each of the 16 OS pages", 1, 16, 1000},
      {"4", "256-page memory, one OS page touched", 256, 1, 1000},
  };
  for (const Case &it : cases) {
    std::vector<Side> sides{ours("ours", WRT_TIER_STD, it)};
    if (it.pages == 1) sides.push_back(ours("ours, STATIC", WRT_TIER_STATIC, it));
    sides.push_back(ours_viewed(it));
    add_others(sides, it);
    compare(it.row, it.what, sides);
  }
  return 0;
}
