// SPDX-License-Identifier: Apache-2.0 OR MIT
// From a checked order to a live memory, and back.
#ifndef WRT_CAPI_CREATE_HPP
#define WRT_CAPI_CREATE_HPP

#include "capi/config.hpp"

namespace wrt::capi {

/// BUDGET, POOL_EXHAUSTED, OUT_OF_MEMORY or OK. With `contents`, the new memory starts with that memory's bytes.
wrt_status create_memory(Order &order, const LinearMemory *contents, wrt_mem **out) noexcept;

/// `entry` holds a memory whose handle has ended. `bad`: its control block is.
wrt_status destroy_memory(Entry &entry, bool bad) noexcept;

}  // namespace wrt::capi

#endif  // WRT_CAPI_CREATE_HPP
