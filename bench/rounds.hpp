// SPDX-License-Identifier: Apache-2.0 OR MIT
// Two sides measured in one process, interleaved round by round, and the 10th percentile of each compared: medians
// swing with what else the machine does, low percentiles repeat.
#ifndef WRT_BENCH_ROUNDS_HPP
#define WRT_BENCH_ROUNDS_HPP

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace bench {

inline constexpr int kRounds = 41;

struct Row {
  std::string what;
  std::string peer;
  double ours_ns;
  double peer_ns;
};

/// Keeps a value, and the memory behind it, from being optimised away.
template <class T>
inline void keep(T &&value) {
  asm volatile("" : : "g"(value) : "memory");
}

/// Nanoseconds a call, over `calls` calls in a row.
template <class Call>
double time_calls(int calls, Call &&call) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < calls; i++) call(i);
  const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
  return taken.count() / calls;
}

inline double tenth_percentile(std::vector<double> &samples) {
  std::sort(samples.begin(), samples.end());
  return samples[samples.size() / 10];
}

/// `ours` and `theirs` are called with the number of the call within its round.
template <class Ours, class Theirs>
Row compare(std::string what, std::string peer, int calls, Ours &&ours, Theirs &&theirs) {
  std::vector<double> a;
  std::vector<double> b;
  for (int round = 0; round < kRounds; round++) {
    a.push_back(time_calls(calls, ours));
    b.push_back(time_calls(calls, theirs));
  }
  return {std::move(what), std::move(peer), tenth_percentile(a), tenth_percentile(b)};
}

inline void print(const std::vector<Row> &rows) {
  std::printf("%-44s %12s   %-24s %12s %9s\n", "what", "ours ns", "peer", "peer ns", "peer/ours");
  for (const Row &row : rows) {
    std::printf("%-44s %12.2f   %-24s %12.2f %9.2f\n", row.what.c_str(), row.ours_ns, row.peer.c_str(), row.peer_ns,
                row.peer_ns / row.ours_ns);
  }
}

}  // namespace bench

#endif  // WRT_BENCH_ROUNDS_HPP
