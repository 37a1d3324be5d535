// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/image/image.hpp"

#include "capi/create.hpp"
#include "capi/find.hpp"
#include "capi/structs.hpp"
#include "cpp/core/status.hpp"

using namespace wrt;
using namespace wrt::capi;

namespace {

/// An image that cannot go away while this is here.
class Pinned {
 public:
  explicit Pinned(const wrt_image *image) noexcept : entry_(kHasImages ? pin(image, Kind::kImage) : nullptr) {}
  Pinned(const Pinned &) = delete;
  Pinned &operator=(const Pinned &) = delete;
  ~Pinned() noexcept {
    if (entry_ != nullptr) drop_image(&entry_->body.memory);
  }

  /// OK, INVALID_HANDLE or CORRUPT.
  wrt_status status() const noexcept {
    if (entry_ == nullptr) return WRT_ERR_INVALID_HANDLE;
    return image_holds(*entry_) ? WRT_OK : WRT_ERR_CORRUPT;
  }
  const LinearMemory &operator*() const noexcept { return entry_->body.memory; }
  const LinearMemory *operator->() const noexcept { return &entry_->body.memory; }

 private:
  Entry *entry_;
};

// Without a `where` the default tier, and where that one wants a maximum, the one that it has elsewhere.
wrt_mem_config anywhere() noexcept {
  wrt_mem_config where = WRT_MEM_CONFIG_INIT;
  constexpr uint64_t kMax = uint64_t{4} << 30;
  if (default_tier() == WRT_TIER_ALLOC) where.max_len = least(kMax, tier_max_len(WRT_TIER_ALLOC));
  return where;
}

}  // namespace

[[gnu::cold]] wrt_status wrt_image_create(const wrt_mem *mem, wrt_image **out) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_whole(mem, memory)) return status;
  if (out == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  if (!kHasImages) return WRT_ERR_UNSUPPORTED;
  Order order;
  order.freeze(*memory);
  if (memory->written_to_by_borrow()) return WRT_ERR_BUSY;
  const Filler filler{memory, [](void *context, LinearMemory &image) {
                        return static_cast<const LinearMemory *>(context)->copy_into(image);
                      }};
  return create_image(order, filler, out);
}

[[gnu::cold]] wrt_status wrt_image_get_info(const wrt_image *image, wrt_image_info *out) {
  const Pinned pinned(image);
  if (wrt_status status = pinned.status()) return status;
  if (!writable_struct(out)) return WRT_ERR_INVALID_ARGUMENT;
  wrt_image_info full{};
  full.len = pinned->len();
  full.max_len = pinned->plan().max_len;
  full.page_len = pinned->plan().page_len();
  full.stored = pinned->stored_len();
  write_struct(out, full);
  return WRT_OK;
}

[[gnu::cold]] wrt_status wrt_image_save(const wrt_image *image, wrt_write_fn write, void *context) {
  const Pinned pinned(image);
  if (wrt_status status = pinned.status()) return status;
  if (write == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  if (wrt_status status = pinned->check_blocks()) return status;
  return image::save(*pinned, write, context);
}

[[gnu::cold]] wrt_status wrt_image_load(const wrt_mem_config *where, wrt_read_fn read, void *context, wrt_image **out) {
  if (read == nullptr || out == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  Order order;
  const wrt_mem_config otherwise = anywhere();  // a `where` is never copied: its size is its own
  const wrt_status status = order.read(where != nullptr ? *where : otherwise);
  if (!kHasImages) {
    const bool malformed = status == WRT_ERR_INVALID_ARGUMENT || status == WRT_ERR_INVALID_HANDLE;
    return malformed ? status : wrt_status{WRT_ERR_UNSUPPORTED};
  }
  if (status != WRT_OK) return status;
  image::Loader loader(read, context);
  image::Header header{};
  if (wrt_status bad = loader.header(header)) return bad;
  if (wrt_status beyond = order.load(header.len, header.max_len, header.page_len)) return beyond;
  const Filler filler{
      &loader, [](void *from, LinearMemory &made) { return static_cast<image::Loader *>(from)->contents(made); }};
  return create_image(order, filler, out);
}

[[gnu::cold]] wrt_status wrt_image_destroy(wrt_image *image) {
  if (image == nullptr) return WRT_OK;
  Entry *entry = kHasImages ? find(image, Kind::kImage) : nullptr;
  if (entry == nullptr || !retire(*entry, reinterpret_cast<uintptr_t>(image))) return WRT_ERR_INVALID_HANDLE;
  const bool bad = !image_holds(*entry);
  drop_image(&entry->body.memory);
  return bad ? WRT_ERR_CORRUPT : WRT_OK;
}
