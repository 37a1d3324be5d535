// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/memory_full.hpp"

#ifdef WRT_FULL_TARGET

#ifdef __x86_64__
#include <cpuid.h>
#else
#include <sys/auxv.h>
#endif

namespace wrt {

bool g_reads_full;

namespace {

#ifdef __x86_64__

// The operating system has to keep the wide registers too.
bool processor_has_them() noexcept {
  constexpr unsigned kWideRegisters = 6;
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_SSE4_2) == 0 || (c & bit_OSXSAVE) == 0) return false;
  asm("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
  if ((a & kWideRegisters) != kWideRegisters || __get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  return (b & bit_AVX2) != 0;
}

#else

bool processor_has_them() noexcept { return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0; }

#endif

__attribute__((constructor)) void look_at_load() { g_reads_full = kHasLevels && processor_has_them(); }

}  // namespace

}  // namespace wrt

#endif
