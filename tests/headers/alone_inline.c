/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* inline.h comes first and twice: nothing of it may warn in any dialect, C or C++. */
#include <wrtmem/inline.h>
#include <wrtmem/inline.h> /* twice */

wrt_status every_function(const wrt_view *view);

wrt_status every_function(const wrt_view *view) {
  uint8_t a;
  uint16_t b;
  uint32_t c;
  uint64_t d;
  if (wrt_view_check(view, 0, 15) != WRT_OK) return WRT_ERR_OUT_OF_BOUNDS;
  if (wrt_view_load_u8(view, 0, &a) != WRT_OK || wrt_view_store_u8(view, 0, a) != WRT_OK) return WRT_ERR_OUT_OF_BOUNDS;
  if (wrt_view_load_u16(view, 1, &b) != WRT_OK || wrt_view_store_u16(view, 1, b) != WRT_OK)
    return WRT_ERR_OUT_OF_BOUNDS;
  if (wrt_view_load_u32(view, 3, &c) != WRT_OK || wrt_view_store_u32(view, 3, c) != WRT_OK)
    return WRT_ERR_OUT_OF_BOUNDS;
  if (wrt_view_load_u64(view, 7, &d) != WRT_OK || wrt_view_store_u64(view, 7, d) != WRT_OK)
    return WRT_ERR_OUT_OF_BOUNDS;
  return WRT_OK;
}
