// SPDX-License-Identifier: Apache-2.0 OR MIT
// Images are not in this release: none can be made, so that no handle of one is ever live.
#include "capi/config.hpp"
#include "capi/find.hpp"

using namespace wrt;
using namespace wrt::capi;

wrt_status wrt_image_create(const wrt_mem *mem, wrt_image **out) {
  LinearMemory *memory = nullptr;
  if (wrt_status status = find_whole(mem, memory)) return status;
  return out == nullptr ? WRT_ERR_INVALID_ARGUMENT : WRT_ERR_UNSUPPORTED;
}

wrt_status wrt_image_get_info(const wrt_image *, wrt_image_info *) { return WRT_ERR_INVALID_HANDLE; }

wrt_status wrt_image_save(const wrt_image *, wrt_write_fn, void *) { return WRT_ERR_INVALID_HANDLE; }

wrt_status wrt_image_load(const wrt_mem_config *where, wrt_read_fn read, void *, wrt_image **out) {
  if (read == nullptr || out == nullptr) return WRT_ERR_INVALID_ARGUMENT;
  if (where == nullptr) return WRT_ERR_UNSUPPORTED;
  Order order;
  const wrt_status status = order.read(*where);
  const bool malformed = status == WRT_ERR_INVALID_ARGUMENT || status == WRT_ERR_INVALID_HANDLE;
  return malformed ? status : wrt_status{WRT_ERR_UNSUPPORTED};
}

wrt_status wrt_image_destroy(wrt_image *image) { return image == nullptr ? WRT_OK : WRT_ERR_INVALID_HANDLE; }
