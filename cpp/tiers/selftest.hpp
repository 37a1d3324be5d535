// SPDX-License-Identifier: Apache-2.0 OR MIT
// The power-on self-test: does what this build offers still answer as it must?
#ifndef WRT_TIERS_SELFTEST_HPP
#define WRT_TIERS_SELFTEST_HPP

#include "cpp/core/crc32c.hpp"

namespace wrt {

/// Whether one way to compute check values gives what the definition says. A way that uses tables is made to use every
/// entry.
[[gnu::cold]] bool crc_answers(const Crc32c &way) noexcept;

/// Exercises each way to compute check values, and each tier at each level on memories of its own, which no host can
/// see. False: something answered wrong. A tier whose bytes the system refuses just now is passed over. Any thread.
[[gnu::cold]] bool selftest() noexcept;

}  // namespace wrt

#endif  // WRT_TIERS_SELFTEST_HPP
