// SPDX-License-Identifier: Apache-2.0 OR MIT
// Linux: sleeping on a word, futex(2).
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cpp/host/host.hpp"
#include "cpp/host/mapping.hpp"

namespace wrt::host {

namespace {

#ifdef SYS_futex
constexpr long kFutex = SYS_futex;
typedef long Seconds;  // what the kernel reads there, whatever the C library's timespec is
#else
constexpr long kFutex = SYS_futex_time64;
typedef int64_t Seconds;
#endif

struct Time {
  Seconds seconds;
  Seconds nanoseconds;
};

constexpr uint64_t kSecond = 1000000000;
constexpr uint64_t kMostSeconds = static_cast<uint64_t>(static_cast<Seconds>(~0UL >> 1));

}  // namespace

void park(const uint32_t &word, uint32_t expected, uint64_t deadline) noexcept {
  const KeepErrno keep;
  const uint64_t seconds = deadline / kSecond;
  const Time until{static_cast<Seconds>(seconds < kMostSeconds ? seconds : kMostSeconds),
                   static_cast<Seconds>(deadline % kSecond)};
  (void)syscall(kFutex, &word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected,
                deadline == kForever ? nullptr : &until, nullptr, FUTEX_BITSET_MATCH_ANY);
}

void unpark(const uint32_t &word) noexcept {
  const KeepErrno keep;
  (void)syscall(kFutex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, nullptr, nullptr, 0);
}

}  // namespace wrt::host
