// SPDX-License-Identifier: Apache-2.0 OR MIT
#ifndef WRTMEM_TESTS_FUZZ_TARGET_HPP
#define WRTMEM_TESTS_FUZZ_TARGET_HPP

#include <cstddef>
#include <cstdint>

/// What a fuzz target is: takes any bytes, returns 0, and ends the program when something is wrong.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *input, size_t n);

#endif  // WRTMEM_TESTS_FUZZ_TARGET_HPP
