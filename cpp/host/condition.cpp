// SPDX-License-Identifier: Apache-2.0 OR MIT
// POSIX: sleeping on a word, by one condition for all: whoever wakes up looks again.
#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "cpp/core/atomic.hpp"
#include "cpp/host/host.hpp"
#include "cpp/host/mapping.hpp"

namespace wrt::host {

namespace {

pthread_mutex_t g_mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t g_changed = PTHREAD_COND_INITIALIZER;

constexpr uint64_t kSecond = 1000000000;
constexpr uint64_t kLongest = 3600 * kSecond;  // the caller looks again

// The condition's clock is the calendar's, which may be set: the wait may end early, and the caller looks again.
timespec calendar_time(uint64_t deadline) noexcept {
  const uint64_t now = now_ns();
  uint64_t left = deadline > now ? deadline - now : 0;
  if (left > kLongest) left = kLongest;
  timespec time{};
  (void)clock_gettime(CLOCK_REALTIME, &time);
  const uint64_t nanoseconds = static_cast<uint64_t>(time.tv_nsec) + left;
  time.tv_sec += static_cast<time_t>(nanoseconds / kSecond);
  time.tv_nsec = static_cast<long>(nanoseconds % kSecond);
  return time;
}

}  // namespace

void park(const uint32_t &word, uint32_t expected, uint64_t deadline) noexcept {
  const timespec until = calendar_time(deadline);
  pthread_mutex_lock(&g_mutex);
  int slept = 0;
  while (slept == 0 && __atomic_load_n(&word, __ATOMIC_ACQUIRE) == expected) {
    slept = deadline == kForever ? pthread_cond_wait(&g_changed, &g_mutex)
                                 : pthread_cond_timedwait(&g_changed, &g_mutex, &until);
  }
  pthread_mutex_unlock(&g_mutex);
}

void unpark(const uint32_t &) noexcept {
  pthread_mutex_lock(&g_mutex);
  pthread_cond_broadcast(&g_changed);
  pthread_mutex_unlock(&g_mutex);
}

}  // namespace wrt::host
