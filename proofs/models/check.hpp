// SPDX-License-Identifier: Apache-2.0 OR MIT
// What the enumerations have in common.
#ifndef WRT_PROOFS_MODELS_CHECK_HPP
#define WRT_PROOFS_MODELS_CHECK_HPP

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/// Ends the program, with the line, when the condition does not hold.
#define CHECK(condition)                                               \
  do {                                                                 \
    if (!(condition)) {                                                \
      printf("%s:%d: not so: %s\n", __FILE__, __LINE__, (#condition)); \
      exit(1);                                                         \
    }                                                                  \
  } while (false)

/// What was enumerated.
struct Tally {
  uint64_t states = 0;
  uint64_t steps = 0;
};

inline void tell(const char *what, const Tally &tally) {
  printf("%s: %llu states, %llu steps\n", what, static_cast<unsigned long long>(tally.states),
         static_cast<unsigned long long>(tally.steps));
}

#endif  // WRT_PROOFS_MODELS_CHECK_HPP
