// SPDX-License-Identifier: Apache-2.0 OR MIT
// wrtmem.hpp comes first and twice, and its templates are instantiated: nothing of it may warn, nor need exceptions.
#include <wrtmem/wrtmem.hpp>
#include <wrtmem/wrtmem.hpp>  // twice

namespace {

static_assert(!std::is_copy_constructible_v<wrt::Memory> && !std::is_copy_assignable_v<wrt::Memory>);
static_assert(!std::is_copy_constructible_v<wrt::Pool> && !std::is_copy_assignable_v<wrt::Pool>);
static_assert(!std::is_copy_constructible_v<wrt::Budget> && !std::is_copy_assignable_v<wrt::Budget>);
static_assert(!std::is_copy_constructible_v<wrt::Image> && !std::is_copy_assignable_v<wrt::Image>);
static_assert(!std::is_copy_constructible_v<wrt::ReadBorrow> && !std::is_copy_assignable_v<wrt::ReadBorrow>);
static_assert(std::is_nothrow_move_constructible_v<wrt::Memory> && std::is_nothrow_move_assignable_v<wrt::Memory>);
static_assert(std::is_nothrow_move_constructible_v<wrt::WriteBorrow>);
static_assert(sizeof(wrt::Memory) == sizeof(wrt_mem *));
static_assert(sizeof(wrt::Status) == sizeof(wrt_status));
static_assert(wrt::Status().ok() && !wrt::Status(WRT_ERR_BUSY).ok() && wrt::Status(WRT_ERR_IO) == WRT_ERR_IO);

struct Plain {
  void *allocate(size_t, size_t) noexcept { return nullptr; }
  void deallocate(void *, size_t, size_t) noexcept {}
};
struct Resizing : Plain {
  void *reallocate(void *, size_t, size_t, size_t) noexcept { return nullptr; }
};

template <class T>
wrt::Status access(wrt::Memory &memory, const wrt::View &view) {
  if (auto loaded = view.load<T>(0); !loaded.ok()) return loaded.status();
  if (auto status = view.store<T>(0, 1); !status.ok()) return status;
  if (auto old = memory.atomic_rmw<T>(0, wrt::AtomicOp::kAdd, 1); !old.ok()) return old.status();
  if (auto old = memory.atomic_cmpxchg<T>(0, 1, 2); !old.ok()) return old.status();
  if (auto status = memory.atomic_store<T>(0, 3); !status.ok()) return status;
  return memory.atomic_load<T>(0).status();
}

}  // namespace

wrt::Status everything();

wrt::Status everything() {
  Plain plain;
  Resizing resizing;
  const wrt_allocator first = wrt::allocator_over(plain);
  if (first.reallocate != nullptr) return WRT_ERR_CORRUPT;
  auto made = wrt::Memory::create(wrt::MemoryConfig().allocator(wrt::allocator_over(resizing)).wasm_pages(1, 2));
  if (!made.ok()) return made.status();
  wrt::Memory memory = std::move(made).value();
  auto view = memory.view();
  if (!view.ok()) return view.status();
  if (auto status = access<int8_t>(memory, view.value()); !status.ok()) return status;
  if (auto status = access<uint16_t>(memory, view.value()); !status.ok()) return status;
  if (auto status = access<int32_t>(memory, view.value()); !status.ok()) return status;
  if (auto status = access<uint64_t>(memory, view.value()); !status.ok()) return status;
  if (auto status = access<unsigned long long>(memory, view.value()); !status.ok()) return status;
  return memory.destroy();
}
