// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/status.hpp"

namespace wrt {

namespace {

struct Text {
  const char *name;
  const char *message;
};

constexpr Text kUnknown{"WRT_ERR_UNKNOWN", "this number is not a status of the library"};

constexpr Text text(wrt_status status) noexcept {
  switch (status) {
    case WRT_OK:
      return {"WRT_OK", "done"};
    case WRT_ERR_INVALID_ARGUMENT:
      return {"WRT_ERR_INVALID_ARGUMENT", "an argument is NULL, unknown, malformed or contradicts another"};
    case WRT_ERR_INVALID_HANDLE:
      return {"WRT_ERR_INVALID_HANDLE", "the handle was never issued, or is already destroyed"};
    case WRT_ERR_OUT_OF_BOUNDS:
      return {"WRT_ERR_OUT_OF_BOUNDS", "the range is not inside the memory's length"};
    case WRT_ERR_MISALIGNED:
      return {"WRT_ERR_MISALIGNED", "a length is not a multiple of the page length, or an offset is off its alignment"};
    case WRT_ERR_LIMIT:
      return {"WRT_ERR_LIMIT", "beyond the memory's maximum, or what the tier can address"};
    case WRT_ERR_BUDGET:
      return {"WRT_ERR_BUDGET", "a budget refused"};
    case WRT_ERR_BUSY:
      return {"WRT_ERR_BUSY", "something is still borrowed or in use"};
    case WRT_ERR_OUT_OF_MEMORY:
      return {"WRT_ERR_OUT_OF_MEMORY", "the operating system or the allocator refused"};
    case WRT_ERR_POOL_EXHAUSTED:
      return {"WRT_ERR_POOL_EXHAUSTED", "no free slot in the pool, or no free handle"};
    case WRT_ERR_UNSUPPORTED:
      return {"WRT_ERR_UNSUPPORTED", "valid, but this tier, build or host does not offer it"};
    case WRT_ERR_CORRUPT:
      return {"WRT_ERR_CORRUPT", "an integrity check failed"};
    case WRT_ERR_FORMAT:
      return {"WRT_ERR_FORMAT", "a saved image is not one, is cut short, or its checksum is wrong"};
    case WRT_ERR_IO:
      return {"WRT_ERR_IO", "the stream callback failed"};
    default:
      return kUnknown;
  }
}

}  // namespace

[[gnu::cold]] const char *status_name(wrt_status status) noexcept { return text(status).name; }
[[gnu::cold]] const char *status_message(wrt_status status) noexcept { return text(status).message; }

}  // namespace wrt
