/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_TESTS_CAPI_STATUS_LIST_H
#define WRTMEM_TESTS_CAPI_STATUS_LIST_H

#include "support.h"

/* The codes by number, as the ABI fixes them; 12 is left free. */
static const struct {
  wrt_status number;
  const char *name;
} status_list[] = {
    {0, "WRT_OK"},
    {1, "WRT_ERR_INVALID_ARGUMENT"},
    {2, "WRT_ERR_INVALID_HANDLE"},
    {3, "WRT_ERR_OUT_OF_BOUNDS"},
    {4, "WRT_ERR_MISALIGNED"},
    {5, "WRT_ERR_LIMIT"},
    {6, "WRT_ERR_BUDGET"},
    {7, "WRT_ERR_BUSY"},
    {8, "WRT_ERR_OUT_OF_MEMORY"},
    {9, "WRT_ERR_POOL_EXHAUSTED"},
    {10, "WRT_ERR_UNSUPPORTED"},
    {11, "WRT_ERR_CORRUPT"},
    {13, "WRT_ERR_FORMAT"},
    {14, "WRT_ERR_IO"},
};
enum { STATUSES = sizeof status_list / sizeof status_list[0] };

static const wrt_status unknown_statuses[] = {-1, 12, 15, 16, 255, 256, 65536, INT32_MAX, INT32_MIN};
enum { UNKNOWN_STATUSES = sizeof unknown_statuses / sizeof unknown_statuses[0] };

#endif
