// SPDX-License-Identifier: Apache-2.0 OR MIT
// wrtmem.hpp in C++17 without exceptions and RTTI: owners still destroy, borrows still return, refusals still answer.
#include <wrtmem/wrtmem.hpp>

#include <cstdio>

namespace {

int failures = 0;

void must(bool condition, const char *promise) {
  if (condition) return;
  std::fprintf(stderr, "not so: %s\n", promise);
  ++failures;
}

void use() {
  auto made = wrt::Memory::create(wrt::MemoryConfig().wasm_pages(1, 2).name("plain"));
  must(made.ok(), "a memory is made");
  wrt::Memory memory = std::move(made).value();
  wrt_mem *const raw = memory.get();
  {
    auto lent = memory.borrow_write(0, 4);
    must(lent.ok(), "four bytes are lent");
    lent.value()[3] = 0x80;
    must(memory.destroy() == WRT_ERR_BUSY, "a memory does not go while bytes are lent");
  }
  must(memory.view().value().load<uint32_t>(0).value() == 0x80000000U, "what was written is there");
  must(memory.grow(2).status() == WRT_ERR_LIMIT, "a refusal is an answer");
  must(memory.grow(1).value() == 1, "growth gives the old length");
  must(memory.destroy().ok(), "the memory goes once the bytes are back");
  must(wrt_mem_check(raw, 0, 0) == WRT_ERR_INVALID_HANDLE, "its handle is dead");
}

}  // namespace

int main() {
  use();
  return failures == 0 ? 0 : 1;
}
