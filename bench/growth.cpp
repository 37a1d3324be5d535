// SPDX-License-Identifier: Apache-2.0 OR MIT
// Rows 5 and 7: growth by one page, and growth with every OS page written. What is new reads as zero on every side.
#include <sys/mman.h>

#include "peers.hpp"
#include "rounds.hpp"

using namespace bench;

namespace {

constexpr int kSteps = 1024;
constexpr uint64_t kAll = (kSteps + 1) * kPage;

struct Block {
  char *bytes = nullptr;
  size_t len = 0;
};

// Adds a side, and times its steps one by one too, to see the worst: the clock's own time is in those.
struct Growers {
  std::vector<Side> sides;

  template <class Call>
  void add(const char *name, Call call) {
    sides.push_back(side(name, kSteps, call));
    std::vector<double> steps;
    for (int round = 0; round < (g_quick ? 1 : 8); round++) {
      for (int i = 0; i < kSteps; i++) {
        const auto step = [&](int) { call(i); };
        const double taken = time_calls(1, step);
        if (i > 0) steps.push_back(taken);  // the first starts anew
      }
    }
    print("growth latency", name, "ns",
          {{"p50", percentile(steps, 0.5)},
           {"p90", percentile(steps, 0.9)},
           {"p99", percentile(steps, 0.99)},
           {"p99.9", percentile(steps, 0.999)},
           {"max", percentile(steps, 1)}});
  }
};

// Every side grows from one page to all of them, step by step; step 0 begins again at one page.
void step_by_step() {
  Growers growers;
  wrt_mem *mem = make(std_config(kPage, kAll));
  growers.add("ours", [=](int i) {
    if (i == 0) must(wrt_mem_resize(mem, kPage));
    uint64_t old_pages = 0;
    must(wrt_mem_grow(mem, 1, &old_pages));
  });
  Block block;
  growers.add("realloc + memset", [&block](int i) {
    if (i == 0) {
      std::free(block.bytes);
      block = {static_cast<char *>(std::calloc(1, kPage)), kPage};
    }
    block.bytes = static_cast<char *>(std::realloc(block.bytes, block.len + kPage));
    std::memset(block.bytes + block.len, 0, kPage);
    block.len += kPage;
    keep(block.bytes);
  });
  std::vector<char> vector;
  growers.add("vector", [&vector](int i) {
    if (i == 0) std::vector<char>(kPage).swap(vector);
    vector.resize(vector.size() + kPage);
    keep(vector.data());
  });
  guarded memory = guarded_new(kPage);
  growers.add("mprotect", [&memory](int i) {
    if (i == 0) {
      guarded_free(&memory);
      memory = guarded_new(kPage);
    }
    guarded_grow(&memory, kPage);
  });
  Block mapped;
  growers.add("mremap", [&mapped](int i) {
    if (i == 0) {
      if (mapped.bytes != nullptr) munmap(mapped.bytes, mapped.len);
      void *at = mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      mapped = {static_cast<char *>(at), kPage};
    }
    mapped.bytes = static_cast<char *>(mremap(mapped.bytes, mapped.len, mapped.len + kPage, MREMAP_MAYMOVE));
    mapped.len += kPage;
    keep(mapped.bytes);
  });
  if (wasm2c_there()) {
    (void)wasm2c_new(1, kSteps + 1);
    growers.add("wasm2c", [](int i) {
      if (i == 0) {
        wasm2c_free();
        (void)wasm2c_new(1, kSteps + 1);
      }
      wasm2c_grow(1);
    });
  }
  compare("5", "growth by one page, 1 to 1025, a step", growers.sides);
  if (wasm2c_there()) wasm2c_free();
  std::free(block.bytes);
  munmap(mapped.bytes, mapped.len);
  guarded_free(&memory);
  must(wrt_mem_destroy(mem));
}

void write_pages(uint8_t *bytes, uint64_t len) {
  for (uint64_t at = 0; at < len; at += kOsPage) bytes[at] = 1;
  keep(bytes);
}

constexpr uint64_t kBig = uint64_t{64} << 20;
constexpr int kBigSteps = kBig / kPage - 1;

// HUGE where the library offers it.
wrt_mem_config big_config() {
  wrt_mem_config config = std_config(kPage, kBig);
  config.flags = WRT_MEM_HUGE;
  wrt_mem *probe = nullptr;
  if (wrt_mem_create_config(&config, &probe) != WRT_OK) config.flags = 0;
  must(wrt_mem_destroy(probe));
  return config;
}

void grow_and_write(const wrt_mem_config &config) {
  wrt_mem *mem = make(config);
  const wrt_view *view = nullptr;
  must(wrt_mem_view(mem, &view));
  write_pages(view->base, kPage);
  for (int i = 0; i < kBigSteps; i++) {
    uint64_t old_pages = 0;
    must(wrt_mem_grow(mem, 1, &old_pages));
    write_pages(view->base + old_pages * kPage, kPage);
  }
  must(wrt_mem_destroy(mem));
}

void grow_and_write_by_api(const wrt_mem_config &config) {
  wrt_mem *mem = make(config);
  const uint8_t byte = 1;
  for (int i = 0; i <= kBigSteps; i++) {
    uint64_t old_pages = static_cast<uint64_t>(i);
    if (i > 0) must(wrt_mem_grow(mem, 1, &old_pages));
    for (uint64_t at = 0; at < kPage; at += kOsPage) must(wrt_mem_write(mem, old_pages * kPage + at, &byte, 1));
  }
  must(wrt_mem_destroy(mem));
}

void with_every_page_written() {
  const wrt_mem_config config = big_config();
  std::vector<Side> sides;
  sides.push_back(side("ours, cold", 1, [=](int) {
    must(wrt_trim());
    grow_and_write(config);
  }));
  sides.push_back(side("ours, recycled", 1, [=](int) { grow_and_write_by_api(config); }));
  if (wasm2c_there()) {
    sides.push_back(side("wasm2c", 1, [](int) {
      uint8_t *bytes = wasm2c_new(1, kBigSteps + 1);
      write_pages(bytes, kPage);
      for (int i = 1; i <= kBigSteps; i++) {
        wasm2c_grow(1);
        write_pages(bytes + static_cast<uint64_t>(i) * kPage, kPage);
      }
      wasm2c_free();
    }));
  }
  compare("7", "grow to 64 MiB, writing every OS page", sides);
}

}  // namespace

int main(int argc, char **argv) {
  start(argc, argv);
  step_by_step();
  with_every_page_written();
  return 0;
}
