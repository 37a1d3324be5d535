// SPDX-License-Identifier: Apache-2.0 OR MIT
// C++: each tier, and bad use; what ran is written to the file that is named.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string_view>
#include <wrtmem/wrtmem.hpp>

namespace {

void want(bool so, int line) {
  if (so) return;
  std::fprintf(stderr, "line %d: not so\n", line);
  std::exit(1);
}
#define WANT(condition) want(condition, __LINE__)

class Rows {
 public:
  explicit Rows(const char *path) : out_(path) { WANT(out_.good()); }
  ~Rows() { out_ << "\n]\n"; }
  Rows(const Rows &) = delete;
  Rows &operator=(const Rows &) = delete;
  void note(wrt::Tier tier, std::string_view what) {
    out_ << between_ << R"(  {"tier": ")" << wrt::tier_name(tier) << R"(", "what": ")" << what
         << R"(", "result": "passed"})";
    between_ = ",\n";
  }

 private:
  std::ofstream out_;
  const char *between_ = "[\n";
};

// The tier of that name: what a program does that is told one at run time.
wrt::Tier tier_of(std::string_view name) {
  for (const wrt::Tier tier : {wrt::Tier::kStd, wrt::Tier::kAlloc, wrt::Tier::kStatic}) {
    if (wrt::tier_name(tier) == name) return tier;
  }
  return wrt::Tier::kDefault;
}

wrt::Memory made(wrt::Tier tier) {
  auto result = wrt::Memory::create(tier, 100, 4096);
  WANT(result.ok());
  return std::move(result).value();
}

void makes_writes_reads_and_grows(Rows &rows, wrt::Tier tier) {
  wrt::Memory memory = made(tier);
  char text[5] = {};
  WANT(memory.write(95, "hello", 5).ok());
  WANT(memory.read(95, text, 5).ok());
  WANT(std::memcmp(text, "hello", 5) == 0);
  WANT(memory.grow(28).value_or(0) == 100);
  WANT(memory.fill(100, 7, 28).ok());
  WANT(memory.read(127, text, 1).ok());
  WANT(text[0] == 7);
  WANT(memory.grow(uint64_t{1} << 40).status() == WRT_ERR_LIMIT);
  rows.note(tier, "make, write, read, grow");
}

void a_closed_memory_is_an_invalid_handle(Rows &rows, wrt::Tier tier) {
  wrt::Memory memory = made(tier);
  const wrt::Memory kept = std::move(memory);
  char byte = 1;
  WANT(memory.read(0, &byte, 1) == WRT_ERR_INVALID_HANDLE);  // NOLINT: moved from, which is the point
  WANT(memory.write(0, &byte, 1) == WRT_ERR_INVALID_HANDLE);
  WANT(memory.len().status() == WRT_ERR_INVALID_HANDLE);
  WANT(memory.grow(0).status() == WRT_ERR_INVALID_HANDLE);
  WANT(kept.check(0, 100).ok());
  wrt::Memory closed = made(tier);
  wrt_mem *const stale = closed.get();
  WANT(closed.destroy().ok());
  WANT(closed.resize(1) == WRT_ERR_INVALID_HANDLE);
  WANT(wrt::Status(wrt_mem_resize(stale, 1)) == WRT_ERR_INVALID_HANDLE);
  rows.note(tier, "use after close");
  WANT(closed.destroy().ok());  // it owns nothing, and says as `delete nullptr` does that this is fine
  WANT(wrt::Status(wrt_mem_destroy(stale)) == WRT_ERR_INVALID_HANDLE);
  rows.note(tier, "close twice");
}

void what_is_too_large_is_out_of_bounds(Rows &rows, wrt::Tier tier) {
  wrt::Memory memory = made(tier);
  char bytes[4] = {};
  for (const uint64_t at : {uint64_t{100}, uint64_t{1} << 32, uint64_t{1} << 63, UINT64_MAX - 3, UINT64_MAX}) {
    WANT(memory.read(at, bytes, 4) == WRT_ERR_OUT_OF_BOUNDS);
    WANT(memory.write(at, bytes, 4) == WRT_ERR_OUT_OF_BOUNDS);
    WANT(memory.fill(at, 1, 4) == WRT_ERR_OUT_OF_BOUNDS);
    WANT(memory.fill(1, 1, at) == WRT_ERR_OUT_OF_BOUNDS);
    WANT(memory.check(at, UINT64_MAX) == WRT_ERR_OUT_OF_BOUNDS);
  }
  WANT(memory.resize(UINT64_MAX) == WRT_ERR_LIMIT);
  rows.note(tier, "out of bounds, huge offsets");
}

void what_is_of_the_wrong_kind_is_invalid(Rows &rows, wrt::Tier tier) {
  static_assert(!std::is_constructible_v<wrt::Memory, wrt_budget *>);
  static_assert(!std::is_copy_constructible_v<wrt::Memory>);
  auto budget = wrt::Budget::create(10);
  WANT(budget.ok());
  wrt::Memory wrong(reinterpret_cast<wrt_mem *>(budget.value().get()));
  WANT(wrong.resize(1) == WRT_ERR_INVALID_HANDLE);
  WANT(wrong.destroy() == WRT_ERR_INVALID_HANDLE);
  WANT(wrt::Memory::create(static_cast<wrt::Tier>(99), 1, 1).status() == WRT_ERR_INVALID_ARGUMENT);
  WANT(wrt::Memory::create(wrt::MemoryConfig().tier(tier).page_len(3)).status() == WRT_ERR_INVALID_ARGUMENT);
  rows.note(tier, "wrong types and kinds");
}

struct Refuses {
  int calls = 0;
  void *allocate(size_t size, size_t) noexcept { return ++calls > 1 ? nullptr : std::malloc(size); }
  void deallocate(void *block, size_t, size_t) noexcept { std::free(block); }
};

void an_allocator_that_refuses_is_out_of_memory(Rows &rows) {
  Refuses heap;
  auto memory =
      wrt::Memory::create(wrt::MemoryConfig().initial_len(10).max_len(100).allocator(wrt::allocator_over(heap)));
  WANT(memory.ok());
  WANT(memory.value().resize(50) == WRT_ERR_OUT_OF_MEMORY);
  WANT(memory.value().check(0, 10).ok());
  rows.note(wrt::Tier::kAlloc, "a callback that fails");
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  Rows rows(argv[1]);
  for (const char *name : {"std", "alloc", "static"}) {
    const wrt::Tier tier = tier_of(name);
    makes_writes_reads_and_grows(rows, tier);
    a_closed_memory_is_an_invalid_handle(rows, tier);
    what_is_too_large_is_out_of_bounds(rows, tier);
    what_is_of_the_wrong_kind_is_invalid(rows, tier);
  }
  an_allocator_that_refuses_is_out_of_memory(rows);
  return 0;
}
