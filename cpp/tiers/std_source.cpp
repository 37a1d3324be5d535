// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/std_source.hpp"

#include "cpp/core/shared_bytes.hpp"
#include "cpp/host/host.hpp"

namespace wrt {

namespace {

// Commits grow with what is there, so that n growths by a page take O(log n) calls, within these bounds.
constexpr uint64_t kLeastStep = uint64_t{64} << 10;
constexpr uint64_t kMostStep = uint64_t{64} << 20;

// Under a bound on address space, one memory takes at most this share of what is left, unless it needs more: so that
// there is always something left for others.
constexpr uint64_t kAddressShare = 16;

uint64_t to_page(uint64_t len) noexcept { return round_up(len, host::page_len()); }

uint64_t commit_target(uint64_t committed, uint64_t new_len) noexcept {
  const uint64_t step = least(most(committed / 2, kLeastStep), kMostStep);
  return most(to_page(new_len), committed + to_page(step));
}

bool has(const StdSource::Backing &backing, uintptr_t mode) noexcept { return (backing.mode & mode) != 0; }

int file_of(const StdSource::Backing &image) noexcept { return static_cast<int>(image.file - 1); }

// Whether pages have to be made accessible before they are used.
bool hidden_at_first(const StdSource::Backing &backing) noexcept {
  return has(backing, StdSource::kCounted | StdSource::kGuarded);
}

// The mapping begins at a huge page, where it is as long as one.
[[gnu::cold]] void *reserve_for_huge(uint64_t len, host::Hold hold) noexcept {
  const uint64_t huge = host::huge_page_len();
  if (huge == 0 || len < huge) return host::reserve(static_cast<size_t>(len), hold);
  auto *map = static_cast<uint8_t *>(host::reserve(static_cast<size_t>(len + huge), hold));
  if (map == nullptr) return host::reserve(static_cast<size_t>(len), hold);
  const uint64_t head = round_up(reinterpret_cast<uintptr_t>(map), huge) - reinterpret_cast<uintptr_t>(map);
  if (head != 0) host::release(map, static_cast<size_t>(head));
  if (head != huge) host::release(map + head + len, static_cast<size_t>(huge - head));
  return map + head;
}

// The most that can be held, from `want` down to `need`; both are multiples of the OS page.
[[gnu::cold]] void *reserve_between(uint64_t need, uint64_t &want, host::Hold hold, bool huge) noexcept {
  for (;;) {
    void *map = huge ? reserve_for_huge(want, hold) : host::reserve(static_cast<size_t>(want), hold);
    if (map != nullptr || want <= need) return map;
    want = most(need, to_page(want / 2));
  }
}

void zero(uint8_t *at, uint64_t n) noexcept { wrt_k_set_bytes(at, 0, static_cast<size_t>(n)); }

// Whole pages read as zero afterwards, given back where the host agrees.
void drop_pages(uint8_t *at, uint64_t n, const StdSource::Backing &backing) noexcept {
  if (n == 0) return;
  const auto len = static_cast<size_t>(n);
  const bool dropped = at < backing.map + backing.imaged ? host::renew(at, len) : host::discard(at, len);
  if (!dropped) zero(at, n);
}

bool obtain_side(const Request &request, StdSource::Backing &backing) noexcept {
  if (request.side_len == 0) return true;
  const auto len = static_cast<size_t>(to_page(request.side_len));
  void *at = host::reserve(len, host::Hold::kWritable);
  if (at == nullptr) return false;
  backing.side = {static_cast<uint8_t *>(at), static_cast<size_t>(request.side_len)};
  return true;
}

// Pages past the length: dropped, and inaccessible where they were at first.
void take_back(uint8_t *at, uint64_t n, const StdSource::Backing &backing) noexcept {
  const auto len = static_cast<size_t>(n);
  if (hidden_at_first(backing) && host::decommit(at, len)) {
    if (has(backing, StdSource::kHuge)) host::prefer_huge(at, len);
    return;
  }
  drop_pages(at, n, backing);
  if (hidden_at_first(backing)) (void)host::hide(at, len);
}

wrt_status commit_up_to(uint64_t new_len, uint64_t max_len, Extent &extent,
                        const StdSource::Backing &backing) noexcept {
  const uint64_t committed = to_page(extent.bytes.cap);
  const uint64_t exact = to_page(new_len);
  const bool ahead = !has(backing, StdSource::kGuarded | StdSource::kResident);
  uint64_t target = ahead ? least(commit_target(committed, new_len), backing.map_len) : exact;
  uint8_t *from = backing.map + committed;
  if (hidden_at_first(backing) && !host::commit(from, static_cast<size_t>(target - committed))) {
    target = exact;
    if (!ahead || !host::commit(from, static_cast<size_t>(target - committed))) return WRT_ERR_OUT_OF_MEMORY;
  }
  if (has(backing, StdSource::kResident) && !host::populate(from, static_cast<size_t>(target - committed))) {
    take_back(from, target - committed, backing);
    return WRT_ERR_OUT_OF_MEMORY;
  }
  extent.bytes.cap = least(target, max_len);
  return WRT_OK;
}

// `new_len` writable bytes that begin with the first `held` of the mapping; NULL when refused, the old one valid.
void *widen(const StdSource::Backing &backing, uint64_t held, uint64_t used, uint64_t new_len) noexcept {
  if (held == 0) return host::reserve(static_cast<size_t>(new_len), host::Hold::kWritable);
  if (backing.imaged != 0)
    return host::extend_by_copy(backing.map, static_cast<size_t>(held), static_cast<size_t>(used),
                                static_cast<size_t>(new_len));
  return host::extend(backing.map, static_cast<size_t>(held), static_cast<size_t>(used), static_cast<size_t>(new_len));
}

// Past the reservation, with COMMIT: the new place is there before the old one is left.
[[gnu::cold]] wrt_status move_resident(uint64_t new_len, uint64_t max_len, Extent &extent,
                                       StdSource::Backing &backing) noexcept {
  const uint64_t exact = to_page(new_len);
  const uint64_t held = backing.map_len;
  uint64_t target = least(most(exact, to_page(held + held / 2)), to_page(max_len));
  const bool huge = has(backing, StdSource::kHuge);
  auto *map = static_cast<uint8_t *>(reserve_between(exact, target, host::Hold::kWritable, huge));
  if (map == nullptr) return WRT_ERR_OUT_OF_MEMORY;
  if (huge) host::prefer_huge(map, static_cast<size_t>(target));
  if (!host::populate(map, static_cast<size_t>(exact))) {
    host::release(map, static_cast<size_t>(target));
    return WRT_ERR_OUT_OF_MEMORY;
  }
  wrt_k_move_bytes(map, extent.bytes.base, static_cast<size_t>(extent.bytes.len));
  host::release(backing.map, backing.map_len);
  backing.map = map;
  backing.map_len = static_cast<size_t>(target);
  extent.bytes.base = map;
  extent.capacity = least(target, max_len);
  extent.bytes.cap = least(exact, max_len);
  return WRT_OK;
}

// Past the reservation: the writable part moves to where there is more room. An inaccessible rest is left behind.
[[gnu::cold]] wrt_status remap(uint64_t new_len, uint64_t max_len, Extent &extent,
                               StdSource::Backing &backing) noexcept {
  const uint64_t held = has(backing, StdSource::kCounted) ? to_page(extent.bytes.cap) : backing.map_len;
  const uint64_t used = extent.bytes.len;
  uint64_t target = least(most(to_page(new_len), to_page(held + held / 2)), to_page(max_len));
  void *moved = widen(backing, held, used, target);
  if (moved == nullptr) {
    target = to_page(new_len);
    moved = widen(backing, held, used, target);
  }
  if (moved == nullptr) return WRT_ERR_OUT_OF_MEMORY;
  if (held < backing.map_len) host::release(backing.map + held, backing.map_len - static_cast<size_t>(held));
  backing.map = static_cast<uint8_t *>(moved);
  backing.map_len = static_cast<size_t>(target);
  backing.imaged = 0;
  extent.bytes.base = backing.map;
  extent.capacity = least(target, max_len);
  if (has(backing, StdSource::kHuge)) host::prefer_huge(backing.map, backing.map_len);
  extent.bytes.cap = extent.capacity;
  return WRT_OK;
}

}  // namespace

bool StdSource::available() noexcept { return host::kHasPages; }

// Half of what a pointer difference can say is more than any host of today maps (x86-64: 2^47 bytes).
uint64_t StdSource::max_len() noexcept {
  constexpr uint64_t kHostMax = uint64_t{1} << 47;
  return least(kHostMax, round_down(kAddressableMax, uint64_t{64} << 10));
}

[[gnu::cold]] wrt_status StdSource::obtain(const Request &request, Extent &extent, Backing &backing) noexcept {
  backing = Backing{};
  const uint64_t need = to_page(most(request.initial_len, 1));
  uint64_t hold = most(need, to_page(request.reserve_len));
  if (!request.stable) {
    const uint64_t share = round_down(host::address_space_left() / kAddressShare, host::page_len());
    hold = most(need, least(hold, share));
  }
  backing.mode = (uintptr_t{request.flags} << 1) | (host::counts_commits() ? kCounted : 0);
  const host::Hold as = hidden_at_first(backing) ? host::Hold::kInaccessible : host::Hold::kWritable;
  const uint64_t guard = to_page(request.guard_len);
  uint64_t map_len = hold + guard;
  void *map = reserve_between(request.stable ? map_len : need, map_len, as, has(backing, kHuge));
  if (map == nullptr) return WRT_ERR_OUT_OF_MEMORY;
  backing.map = static_cast<uint8_t *>(map);
  backing.map_len = static_cast<size_t>(map_len);
  if (has(backing, kHuge)) host::prefer_huge(map, backing.map_len);
  extent.capacity = least(map_len - guard, request.max_len);
  const bool in_steps = has(backing, kInSteps);
  extent.bytes = {request.initial_len, in_steps ? 0 : extent.capacity, backing.map};
  const bool obtained = !in_steps || request.initial_len == 0 ||
                        commit_up_to(request.initial_len, request.max_len, extent, backing) == WRT_OK;
  if (obtained && obtain_side(request, backing)) return WRT_OK;
  host::release(backing.map, backing.map_len);
  return WRT_ERR_OUT_OF_MEMORY;
}

wrt_status StdSource::extend(uint64_t new_len, uint64_t max_len, Extent &extent, Backing &backing) noexcept {
  if (new_len <= backing.map_len) return commit_up_to(new_len, max_len, extent, backing);
  if (has(backing, kResident)) return move_resident(new_len, max_len, extent, backing);
  return remap(new_len, max_len, extent, backing);
}

void StdSource::cut(uint64_t new_len, Extent &extent, Backing &backing) noexcept {
  wrt_k_mem &bytes = extent.bytes;
  const uint64_t edge = least(to_page(new_len), bytes.len);
  zero(bytes.base + new_len, edge - new_len);
  if (edge < bytes.len && has(backing, kInSteps)) {
    take_back(bytes.base + edge, to_page(bytes.cap) - edge, backing);
    bytes.cap = edge;
  } else if (edge < bytes.len) {
    drop_pages(bytes.base + edge, to_page(bytes.len) - edge, backing);
  }
  backing.imaged = static_cast<size_t>(least(backing.imaged, edge));
  bytes.len = new_len;
}

void StdSource::wipe(uint64_t offset, uint64_t n, Extent &extent, Backing &backing) noexcept {
  uint8_t *base = extent.bytes.base;
  const auto clear = [&](uint64_t from, uint64_t len) {
    if (has(backing, kShared)) {
      fill_shared(base + from, 0, static_cast<size_t>(len));
    } else {
      zero(base + from, len);
    }
  };
  const uint64_t end = offset + n;
  const uint64_t first = to_page(offset);
  const uint64_t last = end == extent.bytes.len ? to_page(end) : round_down(end, host::page_len());
  if (first >= last || has(backing, kResident)) return clear(offset, n);
  clear(offset, first - offset);
  drop_pages(base + first, last - first, backing);
  if (last < end) clear(last, end - last);
}

void StdSource::give_back(Extent &, Backing &backing, bool) noexcept {
  host::release(backing.map, backing.map_len);
  if (backing.file != 0) host::close_file(file_of(backing));
  if (backing.side.at != nullptr) host::release(backing.side.at, static_cast<size_t>(to_page(backing.side.len)));
}

// Where every page is counted, a file's pages would be refused by a signal, when they are touched.
void StdSource::back_with_file(const Extent &extent, Backing &backing) noexcept {
  if (has(backing, kCounted) || extent.bytes.len == 0) return;
  const int file = host::make_file(backing.map_len);
  if (file < 0) return;
  if (host::map_file(file, backing.map, backing.map_len)) {
    backing.file = static_cast<uintptr_t>(file) + 1;
  } else {
    host::close_file(file);
  }
}

wrt_status StdSource::freeze(uint64_t used, const Extent &, Backing &backing) noexcept {
  if (backing.file == 0) return WRT_OK;
  const int file = file_of(backing);
  const auto len = static_cast<size_t>(to_page(used));
  const size_t rest = backing.map_len - len;
  const bool sealed = (rest == 0 || host::renew(backing.map + len, rest)) &&
                      (len == 0 || host::map_sealed(file, backing.map, len, host::Hold::kReadable)) &&
                      host::seal_file(file, len);
  if (!sealed) return WRT_ERR_OUT_OF_MEMORY;
  backing.imaged = len;
  return WRT_OK;
}

bool StdSource::map_image(const Backing &image, bool fresh, const Extent &extent, Backing &backing) noexcept {
  if (image.file == 0 || has(backing, kCounted | kResident | kHuge)) return false;
  const size_t len = image.imaged;
  if (len != 0 && !host::map_sealed(file_of(image), backing.map, len, host::Hold::kWritable)) return false;
  backing.imaged = len;
  if (!fresh) drop_pages(backing.map + len, to_page(extent.bytes.len) - len, backing);
  return true;
}

uint64_t StdSource::next_data(const Backing &backing, uint64_t from) noexcept {
  if (backing.file == 0) return from;
  return host::next_data(file_of(backing), static_cast<size_t>(from));
}

uint64_t StdSource::committed(const Extent &extent, const Backing &backing) noexcept {
  if (has(backing, kInSteps)) return extent.bytes.cap;
  return least(to_page(extent.bytes.len), extent.capacity);
}

}  // namespace wrt
