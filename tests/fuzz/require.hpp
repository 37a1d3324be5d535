// SPDX-License-Identifier: Apache-2.0 OR MIT
#ifndef WRTMEM_TESTS_FUZZ_REQUIRE_HPP
#define WRTMEM_TESTS_FUZZ_REQUIRE_HPP

#include <wrtmem/wrtmem.h>

#include <cstdio>
#include <cstdlib>

/// Ends the program when something that is promised is not so.
inline void require(bool so, const char *what) {
  if (so) return;
  std::fprintf(stderr, "FAILED: %s\n", what);
  std::abort();
}

inline void require_status(wrt_status want, wrt_status got, const char *call) {
  if (want == got) return;
  std::fprintf(stderr, "FAILED: %s: want %s, got %s\n", call, wrt_status_name(want), wrt_status_name(got));
  std::abort();
}

#endif  // WRTMEM_TESTS_FUZZ_REQUIRE_HPP
