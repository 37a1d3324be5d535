// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/tiers/parking_lot.hpp"

#include "cpp/core/cell.hpp"
#include "cpp/tiers/turn.hpp"

namespace wrt {

namespace {

// On the stack of the thread that sleeps.
struct Sleeper {
  const uint8_t *place;
  Sleeper *next;
  Atomic<uint32_t> woken;
};

// Places that share a line share its lock too; each sleeper still knows its own place.
struct Line {
  SleepLock lock;
  Sleeper *first;
};

constexpr uint32_t kLineShift = 6;
Line g_lines[1U << kLineShift];

Line &line_of(const uint8_t *place) noexcept {
  const uint32_t spread = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(place) >> 2) * 0x9E3779B1U;  // Knuth, 6.4
  return g_lines[spread >> (32 - kLineShift)];
}

[[gnu::cold]] bool still_holds(uint8_t *place, uint32_t width, uint64_t expected) noexcept {
  const uint64_t value = with_cell(place, width, [](auto cell) { return cell.load(); });
  return value == (width == 8 ? expected : expected & 0xffffffffU);
}

[[gnu::cold]] void append(Line &line, Sleeper &sleeper) noexcept {
  Sleeper **end = &line.first;
  while (*end != nullptr) end = &(*end)->next;
  *end = &sleeper;
}

[[gnu::cold]] void take_out(Line &line, const Sleeper &sleeper) noexcept {
  Sleeper **link = &line.first;
  while (*link != &sleeper) link = &(*link)->next;
  *link = sleeper.next;
}

uint64_t deadline_in(int64_t timeout_ns) noexcept {
  if (timeout_ns < 0) return host::kForever;
  const uint64_t now = host::now_ns();
  const auto timeout = static_cast<uint64_t>(timeout_ns);
  return timeout < host::kForever - now ? now + timeout : host::kForever;
}

}  // namespace

Waited wait_at(uint8_t *place, uint32_t width, uint64_t expected, int64_t timeout_ns) noexcept {
  const uint64_t deadline = deadline_in(timeout_ns);
  Line &line = line_of(place);
  Sleeper sleeper{place, nullptr, {}};
  {
    const Turn turn(&line.lock);
    if (!still_holds(place, width, expected)) return Waited::kNotEqual;
    append(line, sleeper);
  }
  while (sleeper.woken.load() == 0 && (deadline == host::kForever || host::now_ns() < deadline)) {
    host::park(sleeper.woken.value, 0, deadline);
  }
  // Under the lock, since whoever wakes us still writes to our stack while it has it.
  const Turn turn(&line.lock);
  if (sleeper.woken.load() != 0) return Waited::kWoken;
  take_out(line, sleeper);
  return Waited::kTimedOut;
}

[[gnu::cold]] uint32_t notify_at(const uint8_t *place, uint32_t count) noexcept {
  Line &line = line_of(place);
  const Turn turn(&line.lock);
  uint32_t woken = 0;
  Sleeper **link = &line.first;
  while (*link != nullptr && woken < count) {
    Sleeper *sleeper = *link;
    if (sleeper->place != place) {
      link = &sleeper->next;
      continue;
    }
    *link = sleeper->next;
    sleeper->woken.store(1);
    host::unpark(sleeper->woken.value);
    woken++;
  }
  return woken;
}

}  // namespace wrt
