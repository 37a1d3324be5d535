// SPDX-License-Identifier: Apache-2.0 OR MIT
// What another thread does in between, at a named place and so the same at each run.
#ifndef WRT_TESTS_MCDC_OTHER_THREAD_HPP
#define WRT_TESTS_MCDC_OTHER_THREAD_HPP

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

#include "tests/mcdc/recorder.h"

/// While it lives: takes its step just before the condition is evaluated for the first time, once.
class OtherThread {
 public:
  OtherThread(std::string function, std::string condition, std::function<void()> step)
      : function_(std::move(function)), condition_(std::move(condition)), step_(std::move(step)) {
    now_ = this;
    wrt_mcdc_set_hook(reached);
  }
  ~OtherThread() {
    wrt_mcdc_set_hook(nullptr);
    EXPECT_TRUE(taken_) << function_ << " never came to " << condition_;
  }
  OtherThread(const OtherThread &) = delete;
  OtherThread &operator=(const OtherThread &) = delete;

 private:
  static void reached(const char *, const char *function, const char *condition) {
    if (now_->taken_ || now_->function_ != function || now_->condition_ != condition) return;
    now_->taken_ = true;
    now_->step_();
  }

  static inline OtherThread *now_ = nullptr;
  std::string function_;
  std::string condition_;
  std::function<void()> step_;
  bool taken_ = false;
};

#endif  // WRT_TESTS_MCDC_OTHER_THREAD_HPP
