// SPDX-License-Identifier: Apache-2.0 OR MIT
// Counts the instructions of single calls. On a board under QEMU, where each instruction takes the same time, by
// SysTick: each call is compared with one of a function that only returns, made by the same code with the same
// arguments. Elsewhere each call is made by a function whose name says what and when, for callgrind.
#ifndef WRT_TESTS_TIMING_COUNTER_HPP
#define WRT_TESTS_TIMING_COUNTER_HPP

#include <stddef.h>
#include <stdint.h>

namespace timing {

enum Operation {
  kRangeCheck,
  kGrowth,
  kClaim,
  kRelease,
  kLen,
  kCheck,
  kRead,
  kWrite,
  kGrow,
  kCreate,
  kDestroy,
  kOperations
};

constexpr uint32_t kGroups = 4;  // quarters of the histories

inline uint32_t g_group;
inline uint32_t g_seed = 1;

inline uint32_t random_below(uint32_t bound) {
  g_seed = g_seed * 1664525U + 1013904223U;
  return static_cast<uint32_t>((uint64_t{g_seed} * bound) >> 32);
}

#ifdef __arm__

extern "C" void board_print(const char *text);
extern "C" [[noreturn]] void board_end(uint32_t status);

inline const char *const kNames[kOperations] = {
    "range check",  "growth",        "pool: claim",  "pool: release",         "wrt_mem_len",    "wrt_mem_check",
    "wrt_mem_read", "wrt_mem_write", "wrt_mem_grow", "wrt_mem_create_config", "wrt_mem_destroy"};

[[noreturn]] inline void fail(const char *what) {
  board_print(what);
  board_print(" failed\n");
  board_end(1);
}

inline volatile uint32_t &reg(uintptr_t at) { return *reinterpret_cast<volatile uint32_t *>(at); }
inline volatile uint32_t &counter() { return reg(0xE000E018); }  // SysTick's value, counting down

struct Range {
  uint32_t times;
  uint32_t least;
  uint32_t most;
};
inline Range g_ranges[kOperations];
inline uint32_t g_thousand;  // ticks of a thousand instructions

inline uint32_t elapsed(uint32_t since) { return (since - counter()) & 0xFFFFFF; }

template <class Result, class... Arguments>
struct Call {
  [[gnu::naked, gnu::noinline]] static Result nothing(Arguments...) { __asm__("bx lr"); }

  [[gnu::noinline]] static uint32_t ticks(Result (*function)(Arguments...), Result *result, Arguments... arguments) {
    const uint32_t before = counter();
    *result = function(arguments...);
    return elapsed(before);
  }
};
template <class... Arguments>
struct Call<void, Arguments...> {
  [[gnu::naked, gnu::noinline]] static void nothing(Arguments...) { __asm__("bx lr"); }

  [[gnu::noinline]] static uint32_t ticks(void (*function)(Arguments...), int *, Arguments... arguments) {
    const uint32_t before = counter();
    function(arguments...);
    return elapsed(before);
  }
};

inline void note(Operation operation, uint32_t ticks) {
  const uint32_t instructions = (ticks * 1000 + g_thousand / 2) / g_thousand + 1;  // and its return
  Range &range = g_ranges[operation];
  if (range.times == 0 || instructions < range.least) range.least = instructions;
  if (instructions > range.most) range.most = instructions;
  range.times++;
}

template <Operation kOperation, class Result, class... Arguments>
Result count(Result (*function)(Arguments...), Arguments... arguments) {
  using Made = Call<Result, Arguments...>;
  if constexpr (__is_same(Result, void)) {
    int none = 0;
    const uint32_t alone = Made::ticks(Made::nothing, &none, arguments...);
    note(kOperation, Made::ticks(function, &none, arguments...) - alone);
  } else {
    Result result{};
    const uint32_t alone = Made::ticks(Made::nothing, &result, arguments...);
    note(kOperation, Made::ticks(function, &result, arguments...) - alone);
    return result;
  }
}

inline void start() {
  reg(0xE000E014) = 0xFFFFFF;
  counter() = 0;
  reg(0xE000E010) = 5;
  uint32_t before = counter();
  const uint32_t none = elapsed(before);
  before = counter();
  __asm__ volatile(".rept 1000\n\tnop\n\t.endr" ::: "memory");
  g_thousand = elapsed(before) - none;
}

inline void print_number(uint32_t value, const char *after) {
  char text[12];
  char *at = &text[11];
  *at = '\0';
  do {
    *--at = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  board_print(at);
  board_print(after);
}

inline int report() {
  for (uint32_t i = 0; i < kOperations; i++) {
    board_print(kNames[i]);
    board_print("\t");
    print_number(g_ranges[i].times, "\t");
    print_number(g_ranges[i].least, "\t");
    print_number(g_ranges[i].most, "\n");
  }
  return 0;
}

#else

[[noreturn]] inline void fail(const char *) { __builtin_trap(); }
inline void start() {}
inline int report() { return 0; }

template <int kOperation, int kGroup, class Result, class... Arguments>
[[gnu::noinline]] Result made_by(Result (*function)(Arguments...), Arguments... arguments) {
  if constexpr (__is_same(Result, void)) {
    function(arguments...);
    __asm__ volatile("" ::: "memory");
  } else {
    Result result = function(arguments...);
    __asm__ volatile("" : "+r"(result)::"memory");
    return result;
  }
}

template <Operation kOperation, class Result, class... Arguments>
Result count(Result (*function)(Arguments...), Arguments... arguments) {
  switch (g_group) {
    case 0:
      return made_by<kOperation, 0>(function, arguments...);
    case 1:
      return made_by<kOperation, 1>(function, arguments...);
    case 2:
      return made_by<kOperation, 2>(function, arguments...);
    default:
      return made_by<kOperation, 3>(function, arguments...);
  }
}

#endif

}  // namespace timing

#endif  // WRT_TESTS_TIMING_COUNTER_HPP
