/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* A host as small as can be: exits 0 when a memory of the installed library works. */

#include <stdio.h>
#include <string.h>
#include <wrtmem/wrtmem.h>

int main(void) {
  wrt_mem *mem = NULL;
  uint64_t len = 0;
  char text[6] = "";

  if (wrt_version() != (WRT_VERSION_MAJOR << 16 | WRT_VERSION_MINOR << 8 | WRT_VERSION_PATCH)) return 1;
  if (wrt_mem_create(WRT_TIER_DEFAULT, 65536, 131072, &mem) != WRT_OK) return 2;
  if (wrt_mem_resize(mem, 131072) != WRT_OK || wrt_mem_len(mem, &len) != WRT_OK || len != 131072) return 3;
  if (wrt_mem_write(mem, len - 6, "hello", 6) != WRT_OK) return 4;
  if (wrt_mem_read(mem, len - 6, text, 6) != WRT_OK || strcmp(text, "hello") != 0) return 5;
  if (wrt_mem_read(mem, len - 5, text, 6) != WRT_ERR_OUT_OF_BOUNDS) return 6;
  if (wrt_mem_destroy(mem) != WRT_OK) return 7;
  return puts(wrt_version_string()) < 0;
}
