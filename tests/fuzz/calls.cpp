// SPDX-License-Identifier: Apache-2.0 OR MIT
// Any calls, on all tiers and in a model at once. The input is what a round is drawn from.
#include "../property/round.hpp"
#include "target.hpp"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t n) {
  constexpr uint64_t kMostCalls = 4000;
  Rules rules{Random(input, n)};
  rules.small = true;
  (void)Round(rules).run(kMostCalls);
  return 0;
}
