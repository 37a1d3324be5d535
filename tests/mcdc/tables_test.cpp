// SPDX-License-Identifier: Apache-2.0 OR MIT
// What the compiler evaluates while it builds the library, evaluated again by the program that runs.
#include <gtest/gtest.h>

#include <cstring>

#include "cpp/core/crc32c.cpp"  // the tables are its own

namespace {

TEST(ConstantEvaluation, TheSlicingTablesAreThoseThatTheProgramMakes) {
  const wrt::Tables made = wrt::make_tables();
  EXPECT_EQ(std::memcmp(&made, &wrt::kTables, sizeof(made)), 0);
  for (uint32_t byte = 0; byte < 256; byte++) {
    const uint8_t bytes[wrt::kSlices] = {static_cast<uint8_t>(byte)};
    for (size_t k = 0; k < wrt::kSlices; k++) ASSERT_EQ(made.at[k][byte], wrt::crc::slow(0, bytes, k + 1)) << k;
  }
}

TEST(ConstantEvaluation, TheShiftConstantsAreThoseThatTheProgramMakes) {
  const wrt::crc::ShiftConstants made = wrt::crc::make_shift_constants();
  EXPECT_EQ(std::memcmp(&made, &wrt::crc::kShiftConstants, sizeof(made)), 0);
}

}  // namespace
