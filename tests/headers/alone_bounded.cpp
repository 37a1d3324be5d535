// SPDX-License-Identifier: Apache-2.0 OR MIT
// bounded.hpp comes first and twice, and every template is instantiated in whole: nothing of it may warn.
#include <wrtmem/bounded.hpp>
#include <wrtmem/bounded.hpp>  // twice

enum class Kind : uint8_t { kOne, kTwo };
struct Item {
  Kind kind = Kind::kOne;
  std::array<float, 3> at{};
};
template <>
struct wrt::Codec<Item> : wrt::FieldsCodec<Item, &Item::kind, &Item::at> {};

template class wrt::BoundedVector<Item, 10, wrt::Memory>;
template class wrt::BoundedStack<int64_t, 10, wrt::Memory>;
template class wrt::BoundedQueue<bool, 10, wrt::Memory>;
template class wrt::BoundedDeque<Item, 10, wrt::Memory>;
template class wrt::BoundedMap<Kind, Item, 10, wrt::Memory>;
template class wrt::BoundedString<10, wrt::Memory>;
template class wrt::BoundedBitSet<10, wrt::Memory>;

static_assert(std::is_trivially_copyable_v<wrt::BoundedVector<Item, 10, wrt::Memory>>);
static_assert(sizeof(wrt::BoundedMap<Kind, Item, 10, wrt::Memory>) <= 16);
static_assert(wrt::BoundedDeque<Item, 10, wrt::Memory>::kLen == 32 + 10 * 13);

wrt::Status everything(wrt::Memory &memory);

wrt::Status everything(wrt::Memory &memory) {
  auto made = wrt::BoundedMap<uint32_t, Item, 4, wrt::Memory>::create(memory);
  if (!made.ok()) return made.status();
  if (auto status = made.value().put(1, {Kind::kTwo, {}}); !status.ok()) return status;
  return made.value().for_each([](uint32_t key, const Item &item) { return key == 1 && item.kind == Kind::kOne; });
}
