// SPDX-License-Identifier: Apache-2.0 OR MIT
// Every state of a memory of 5 bytes, each byte one of three values, that satisfies the invariant, and from each of
// them every operation with every offset and length near 0, near the ends and near 2^64: the result, the invariant, and
// that nothing else has changed. Then every state of the counts of users, and every generation of a handle.

#include <string.h>

#include <initializer_list>

#include "capi/table.hpp"
#include "proofs/models/check.hpp"

namespace {

#ifdef SKIP_GENERATIONS
constexpr bool kWalkGenerations = false;  // 2^32 - 2 of them are long under a sanitizer
#else
constexpr bool kWalkGenerations = true;
#endif

constexpr uint64_t kCap = 5;
constexpr uint8_t kValues = 3;
constexpr uint64_t kPlaces[] = {0, 1, 2, 3, 4, 5, 6, UINT64_MAX - 5, UINT64_MAX - 1, UINT64_MAX};
constexpr uint8_t kGuard = 0xa5;

/// A memory with guard bytes on both sides.
struct Subject {
  uint8_t bytes[kCap + 16];
  wrt_k_mem mem;

  Subject(uint64_t len, const uint8_t *contents) : mem{len, kCap, bytes + 8} {
    memset(bytes, kGuard, sizeof bytes);
    memcpy(mem.base, contents, kCap);
  }
  Subject(const Subject &other) : mem{other.mem.len, other.mem.cap, bytes + 8} {
    memcpy(bytes, other.bytes, sizeof bytes);
  }
  Subject &operator=(const Subject &) = delete;

  /// Length and contents are these, the invariant holds, and the guards stand.
  bool is(uint64_t len, const uint8_t *contents) const {
    for (size_t i = 0; i < 8; i++) {
      if (bytes[i] != kGuard || bytes[sizeof bytes - 1 - i] != kGuard) return false;
    }
    return mem.len == len && mem.cap == kCap && mem.base == bytes + 8 && memcmp(mem.base, contents, kCap) == 0 &&
           wrt_k_mem_holds(&mem);
  }
};

/// offset + n <= len, told without the kernel's own words.
bool inside(uint64_t len, uint64_t offset, uint64_t n) {
  uint64_t end = 0;
  return !__builtin_add_overflow(offset, n, &end) && end <= len;
}

struct State {
  uint64_t len;
  uint8_t bytes[kCap];
};

void resize_all(const State &from, Tally &tally) {
  for (uint64_t new_len : kPlaces) {
    Subject subject(from.len, from.bytes);
    State want = from;
    const bool fits = new_len <= kCap;
    for (uint64_t i = new_len; fits && i < kCap; i++) want.bytes[i] = 0;
    if (fits) want.len = new_len;
    CHECK(wrt_k_resize(&subject.mem, new_len) == (fits ? WRT_OK : WRT_ERR_LIMIT));
    CHECK(subject.is(want.len, want.bytes));
    tally.steps++;
  }
}

void fill_all(const State &from, uint64_t offset, uint64_t n, Tally &tally) {
  for (uint8_t value = 0; value < kValues; value++) {
    Subject subject(from.len, from.bytes);
    State want = from;
    const bool ok = inside(from.len, offset, n);
    for (uint64_t i = 0; ok && i < n; i++) want.bytes[offset + i] = value;
    CHECK(wrt_k_fill(&subject.mem, offset, value, n) == (ok ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS));
    CHECK(subject.is(want.len, want.bytes));
    tally.steps++;
  }
}

void write_and_read_all(const State &from, uint64_t offset, size_t n, Tally &tally) {
  static const uint8_t kSource[kCap] = {7, 8, 9, 10, 11};
  Subject subject(from.len, from.bytes);
  State want = from;
  const bool ok = inside(from.len, offset, n);
  const wrt_status status = ok ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS;
  for (uint64_t i = 0; ok && i < n; i++) want.bytes[offset + i] = kSource[i];
  CHECK(wrt_k_write(&subject.mem, offset, kSource, n) == status);
  CHECK(subject.is(want.len, want.bytes));

  uint8_t back[kCap + 1];
  memset(back, kGuard, sizeof back);
  CHECK(wrt_k_read(&subject.mem, offset, back, n) == status);
  CHECK(subject.is(want.len, want.bytes));
  for (uint64_t i = 0; i < sizeof back; i++) CHECK(back[i] == (ok && i < n ? kSource[i] : kGuard));
  tally.steps += 2;
}

void copy_all(const State &from, uint64_t to, uint64_t n, Tally &tally) {
  for (uint64_t source : kPlaces) {
    Subject subject(from.len, from.bytes);
    State want = from;
    const bool ok = inside(from.len, to, n) && inside(from.len, source, n);
    for (uint64_t i = 0; ok && i < n; i++) want.bytes[to + i] = from.bytes[source + i];
    CHECK(wrt_k_copy(&subject.mem, to, source, n) == (ok ? WRT_OK : WRT_ERR_OUT_OF_BOUNDS));
    CHECK(subject.is(want.len, want.bytes));
    tally.steps++;
  }
}

// The bounded scrub: from any dirty length on, steps of any size end at zero bytes and touch nothing past them.
void scrub_all(const State &from, Tally &tally) {
  for (uint64_t budget = 1; budget <= kCap + 1; budget++) {
    Subject subject(from.len, from.bytes);
    uint64_t dirty = from.len;
    while (dirty != 0) {
      const uint64_t before = dirty;
      wrt_k_scrub_step(subject.mem.base, &dirty, budget);
      CHECK(dirty == (before > budget ? before - budget : 0));
      for (uint64_t i = 0; i < kCap; i++) CHECK(subject.mem.base[i] == (i < dirty ? from.bytes[i] : 0));
      tally.steps++;
    }
    const uint8_t zeros[kCap] = {};
    CHECK(subject.is(from.len, zeros));
  }
}

void every_memory(Tally &tally) {
  for (uint64_t len = 0; len <= kCap; len++) {
    uint32_t contents = 1;
    for (uint64_t i = 0; i < len; i++) contents *= kValues;
    for (uint32_t number = 0; number < contents; number++) {
      State from{len, {}};
      uint32_t rest = number;
      for (uint64_t i = 0; i < len; i++) {
        from.bytes[i] = static_cast<uint8_t>(rest % kValues);
        rest /= kValues;
      }
      tally.states++;
      resize_all(from, tally);
      scrub_all(from, tally);
      for (uint64_t offset : kPlaces) {
        for (uint64_t n : kPlaces) {
          CHECK(wrt_k_in_range(len, offset, n) == inside(len, offset, n));
          fill_all(from, offset, n, tally);
          if (n <= SIZE_MAX) write_and_read_all(from, offset, static_cast<size_t>(n), tally);
          copy_all(from, offset, n, tally);
        }
      }
    }
  }
}

// ---- counts of users

constexpr uint32_t kGenerations[] = {0, 1, 2, UINT32_MAX - 2};

uintptr_t word_of(uint32_t generation, bool closed, uintptr_t pins) {
  return wrt::PinCount::unpinned(generation) | (closed ? wrt::PinCount::kClosed : 0) | pins;
}

void pin_steps(uint32_t generation, bool closed, uintptr_t pins, uint32_t asked, Tally &tally) {
  using Closing = wrt::PinCount::Closing;
  const uintptr_t before = word_of(generation, closed, pins);
  const bool mine = generation == asked && !closed;
  wrt::PinCount taken{{before}};
  const bool room = pins != wrt::PinCount::kCount;
  CHECK(taken.take(asked) == (mine && room));
  CHECK(taken.state.load() == (mine && room ? before + 1 : before));

  wrt::PinCount ended{{before}};
  const Closing expected = mine ? (pins == 0 ? Closing::kClosed : Closing::kPinned) : Closing::kGone;
  CHECK(ended.close(asked) == expected);
  CHECK(ended.state.load() == (expected == Closing::kClosed ? word_of(generation, true, 0) : before));
  CHECK(ended.count() == pins);
  tally.steps += 2;
  if (pins == 0) return;
  wrt::PinCount dropped{{before}};
  dropped.drop();
  CHECK(dropped.state.load() == word_of(generation, closed, pins - 1));
  tally.steps++;
}

void every_pin(Tally &tally) {
  constexpr uintptr_t kPins[] = {0, 1, 2, 3, wrt::PinCount::kCount - 1, wrt::PinCount::kCount};
  for (uint32_t generation : kGenerations) {
    for (bool closed : {false, true}) {
      for (uintptr_t pins : kPins) {
        if (closed && pins != 0) continue; /* closed means that no pin was left */
        tally.states++;
        for (uint32_t asked : kGenerations) pin_steps(generation, closed, pins, asked, tally);
      }
    }
  }
}

void every_bounded_count(Tally &tally) {
  for (uint32_t most = 0; most <= 8; most++) {
    for (uint32_t taken = 0; taken <= most; taken++) {
      wrt::BoundedCount count{{taken}};
      tally.states++;
      CHECK(count.take(most) == (taken < most) && count.count() == (taken < most ? taken + 1 : taken));
      if (count.count() == 0) continue;
      const uint32_t before = count.count();
      count.drop();
      CHECK(count.count() == before - 1);
      tally.steps += 2;
    }
  }
}

// ---- generations

// From 0 through every generation and back to 0: none comes again before all others have, and no handle is 0 or all
// ones.
void every_generation(Tally &tally) {
  using wrt::capi::Kind;
  using wrt::capi::Token;
  constexpr uint32_t kLastIndex = (1U << Token::kIndexBits) - 1;
  uint32_t generation = 0;
  do {
    const uint32_t next = Token::next(generation);
    const uintptr_t token = Token::make(Kind::kImage, kLastIndex, next);
    CHECK(next == generation + 1 || next == 0);
    CHECK(Token::generation(token) == next && token + 1 > 1);
    generation = next;
    tally.states++;
  } while (generation != 0);
  CHECK(tally.states >= (sizeof(uintptr_t) == 8 ? 65536U : 256U));
  tally.steps = tally.states;
}

}  // namespace

int main() {
  Tally memory;
  Tally pins;
  Tally counts;
  every_memory(memory);
  every_pin(pins);
  every_bounded_count(counts);
  tell("memories of 5 bytes", memory);
  tell("pins", pins);
  tell("bounded counts", counts);
  if (!kWalkGenerations) return 0;
  Tally generations;
  every_generation(generations);
  tell("generations of a handle", generations);
}
