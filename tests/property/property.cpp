// SPDX-License-Identifier: Apache-2.0 OR MIT
// Random call sequences through all tiers and a model at once: the same code and the same bytes at every step.
//
//   WRT_PROPERTY_CALLS   calls in all (600000)
//   WRT_PROPERTY_SEED    the seed of the first round (1); every round has the next one
//   WRT_PROPERTY_TRACE   not empty: every call is printed
//
// A failure prints the seed of its round; with that seed as the first, the same calls are made again.
#include "round.hpp"

namespace {

#ifdef WRT_PROPERTY_CALLS
constexpr uint64_t kCalls = WRT_PROPERTY_CALLS;
#else
constexpr uint64_t kCalls = 600000;
#endif
constexpr uint64_t kCallsARound = 15000;

uint64_t number_from(const char *name, uint64_t otherwise) {
  const char *text = std::getenv(name);
  return text != nullptr && *text != '\0' ? std::strtoull(text, nullptr, 0) : otherwise;
}

}  // namespace

int main() {
  const uint64_t wanted = number_from("WRT_PROPERTY_CALLS", kCalls);
  const uint64_t first = number_from("WRT_PROPERTY_SEED", 1);
  const bool trace = number_from("WRT_PROPERTY_TRACE", 0) != 0;
  const bool only_wide = number_from("WRT_PROPERTY_WIDE", 0) != 0;
  uint64_t calls = 0;
  uint64_t rounds = 0;
  while (calls < wanted) {
    const uint64_t seed = first + rounds;
    const bool wide = only_wide || (sizeof(size_t) == 8 && rounds % 8 == 7);
    Rules rules{Random(seed)};
    rules.wide = wide;
    rules.trace = trace;
    rules.to_see_again = "WRT_PROPERTY_SEED=" + std::to_string(seed);
    if (wide) rules.to_see_again += " WRT_PROPERTY_WIDE=1";
    calls += Round(rules).run(std::min(kCallsARound, wanted - calls));
    rounds++;
  }
  std::printf("%llu calls in %llu rounds, seeds %llu to %llu\n", static_cast<unsigned long long>(calls),
              static_cast<unsigned long long>(rounds), static_cast<unsigned long long>(first),
              static_cast<unsigned long long>(first + rounds - 1));
  return 0;
}
