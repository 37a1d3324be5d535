// SPDX-License-Identifier: Apache-2.0 OR MIT
// From a checked order to a live memory, and back.
#ifndef WRT_CAPI_CREATE_HPP
#define WRT_CAPI_CREATE_HPP

#include "capi/config.hpp"

namespace wrt::capi {

/// BUDGET, POOL_EXHAUSTED, OUT_OF_MEMORY, CORRUPT or OK. With `contents`, the new memory starts with those bytes.
wrt_status create_memory(Order &order, const LinearMemory *contents, wrt_mem **out) noexcept;

/// `entry` holds a memory whose handle has ended. `bad`: its control block is.
wrt_status destroy_memory(Entry &entry, bool bad) noexcept;

/// Fills in an image's bytes, all zero, and says whether that worked.
struct Filler {
  void *context;
  wrt_status (*fill)(void *context, LinearMemory &image);
};

/// POOL_EXHAUSTED, OUT_OF_MEMORY, what the filler says, or OK. `order` is one for an image.
[[gnu::cold]] wrt_status create_image(Order &order, const Filler &filler, wrt_image **out) noexcept;

/// Whether the image's control block and its entry are what they were.
[[gnu::cold]] bool image_holds(Entry &entry) noexcept;

/// One that referred to the image does no more: the last one frees it.
[[gnu::cold]] void drop_image(LinearMemory *image) noexcept;

}  // namespace wrt::capi

#endif  // WRT_CAPI_CREATE_HPP
