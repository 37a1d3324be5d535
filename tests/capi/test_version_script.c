/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Every function of the ABI is exported under the version WRTMEM_0.1. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "support.h"

#ifdef __GLIBC__

#include <dlfcn.h>

static const char *const functions[] = {"wrt_mem_create",
                                        "wrt_mem_create_config",
                                        "wrt_mem_clone",
                                        "wrt_mem_reset",
                                        "wrt_mem_destroy",
                                        "wrt_mem_len",
                                        "wrt_mem_check",
                                        "wrt_mem_read",
                                        "wrt_mem_write",
                                        "wrt_mem_fill",
                                        "wrt_mem_copy",
                                        "wrt_mem_equal",
                                        "wrt_mem_resize",
                                        "wrt_mem_grow",
                                        "wrt_mem_discard",
                                        "wrt_mem_view",
                                        "wrt_mem_borrow",
                                        "wrt_mem_release",
                                        "wrt_mem_verify",
                                        "wrt_mem_set_verify",
                                        "wrt_mem_get_info",
                                        "wrt_mem_get_stats",
                                        "wrt_mem_clear_stats",
                                        "wrt_pool_storage_len",
                                        "wrt_pool_create",
                                        "wrt_pool_get_info",
                                        "wrt_pool_destroy",
                                        "wrt_budget_create",
                                        "wrt_budget_get_info",
                                        "wrt_budget_destroy",
                                        "wrt_image_create",
                                        "wrt_image_get_info",
                                        "wrt_image_save",
                                        "wrt_image_load",
                                        "wrt_image_destroy",
                                        "wrt_mem_atomic_load",
                                        "wrt_mem_atomic_store",
                                        "wrt_mem_atomic_rmw",
                                        "wrt_mem_atomic_cmpxchg",
                                        "wrt_mem_wait",
                                        "wrt_mem_notify",
                                        "wrt_fault_find",
                                        "wrt_version",
                                        "wrt_version_string",
                                        "wrt_status_name",
                                        "wrt_status_message",
                                        "wrt_tier_name",
                                        "wrt_tier_get_info",
                                        "wrt_selftest",
                                        "wrt_trim"};

static void every_function_has_its_version(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; ++i) {
    if (dlvsym(RTLD_DEFAULT, functions[i], "WRTMEM_0.1") == NULL) print_error("%s\n", functions[i]);
    assert_non_null(dlvsym(RTLD_DEFAULT, functions[i], "WRTMEM_0.1"));
  }
}

static void no_other_version_is_there(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; ++i) {
    assert_null(dlvsym(RTLD_DEFAULT, functions[i], "WRTMEM_0.2"));
  }
}

int main(void) {
  /* The symbols are found in the loaded library only if it is loaded at all. */
  if (wrt_version() == 0) return 1;
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_function_has_its_version),
      cmocka_unit_test(no_other_version_is_there),
  };
  return RUN_ONCE("version script", tests);
}

#else

static void it_needs_glibc(void **state) {
  (void)state;
  skip();
}

int main(void) {
  static const struct CMUnitTest tests[] = {cmocka_unit_test(it_needs_glibc)};
  return RUN_ONCE("version script", tests);
}

#endif
