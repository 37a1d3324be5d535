// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/core/status.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace {

TEST(Status, EveryCodeHasItsIdentifierForAName) {
  const std::pair<wrt_status, const char *> names[] = {{0, "WRT_OK"},
                                                       {1, "WRT_ERR_INVALID_ARGUMENT"},
                                                       {2, "WRT_ERR_INVALID_HANDLE"},
                                                       {3, "WRT_ERR_OUT_OF_BOUNDS"},
                                                       {4, "WRT_ERR_MISALIGNED"},
                                                       {5, "WRT_ERR_LIMIT"},
                                                       {6, "WRT_ERR_BUDGET"},
                                                       {7, "WRT_ERR_BUSY"},
                                                       {8, "WRT_ERR_OUT_OF_MEMORY"},
                                                       {9, "WRT_ERR_POOL_EXHAUSTED"},
                                                       {10, "WRT_ERR_UNSUPPORTED"},
                                                       {11, "WRT_ERR_CORRUPT"},
                                                       {13, "WRT_ERR_FORMAT"},
                                                       {14, "WRT_ERR_IO"}};
  std::set<std::string> messages;
  for (const auto &[status, name] : names) {
    EXPECT_STREQ(wrt::status_name(status), name);
    ASSERT_NE(wrt::status_message(status), nullptr);
    EXPECT_TRUE(messages.insert(wrt::status_message(status)).second) << "two codes have the same message: " << name;
  }
}

TEST(Status, AnUnknownNumberHasAFixedText) {
  const char *name = wrt::status_name(12);
  const char *message = wrt::status_message(12);
  for (wrt_status status : {-1, 12, 15, 1000, INT32_MAX, INT32_MIN}) {
    EXPECT_STREQ(wrt::status_name(status), name);
    EXPECT_STREQ(wrt::status_message(status), message);
  }
  EXPECT_STRNE(name, "");
  EXPECT_STRNE(message, "");
}

}  // namespace
