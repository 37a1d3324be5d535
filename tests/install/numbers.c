/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Exits 0 when the library was built with the numbers of embedded.sh. */

#include <wrtmem/wrtmem.h>

enum { SLOTS = 3, SLOT_LEN = 8192, HANDLES = 64, BORROWS = 5 };

static wrt_mem *last;

/* Each makes one more of its kind. */
static wrt_status one_memory(void) { return wrt_mem_create(WRT_TIER_STATIC, 1, 0, &last); }

static wrt_status one_budget(void) {
  wrt_budget *budget;
  return wrt_budget_create(1, NULL, &budget);
}

static wrt_status one_borrow(void) {
  void *data;
  return wrt_mem_borrow(last, 0, 1, WRT_BORROW_READ, &data);
}

/* How many there can be: -1 when they end with anything but POOL_EXHAUSTED. */
static int count(wrt_status (*one)(void)) {
  for (int n = 0; n <= 2 * HANDLES; n++) {
    wrt_status status = one();
    if (status == WRT_ERR_POOL_EXHAUSTED) return n;
    if (status != WRT_OK) return -1;
  }
  return -1;
}

int main(void) {
  wrt_mem_info info;
  info.struct_size = sizeof info;

  if (count(one_memory) != SLOTS) return 1;
  if (wrt_mem_get_info(last, &info) != WRT_OK || info.max_len != SLOT_LEN) return 2;
  if (count(one_borrow) != BORROWS) return 3;
  if (count(one_budget) != HANDLES - SLOTS) return 4;
  return 0;
}
