// SPDX-License-Identifier: Apache-2.0 OR MIT
// Sides measured in one process, interleaved round by round, and the 10th percentile of each compared: medians swing
// with what else the machine does, low percentiles repeat. What was measured is printed as one JSON object a line;
// table.py makes the table of it.
#ifndef WRT_BENCH_ROUNDS_HPP
#define WRT_BENCH_ROUNDS_HPP

#include <wrtmem/wrtmem.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

inline constexpr uint64_t kPage = 65536;   // WebAssembly's
inline constexpr uint64_t kOsPage = 4096;  // x86-64's
inline constexpr int kQuickShare = 100;    // a quick run makes this share of the calls
inline int g_rounds = 31;
inline bool g_quick = false;  // only whether it runs

/// --quick as the only argument: one round of few calls.
inline void start(int argc, char **argv) {
  g_quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  if (g_quick) g_rounds = 1;
}

inline void must(wrt_status status) {
  if (status == WRT_OK) return;
  std::fprintf(stderr, "bench: %s\n", wrt_status_name(status));
  std::exit(1);
}

/// Keeps a value, and the memory behind it, from being optimised away.
template <class T>
inline void keep(T &&value) {
  asm volatile("" : : "g"(value) : "memory");
}

/// Nanoseconds a call, over `calls` calls in a row. Each is given its number.
template <class Call>
double time_calls(int calls, Call &&call) {
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < calls; i++) call(i);
  const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - before;
  return taken.count() / calls;
}

struct Side {
  std::string name;
  std::function<double(int)> round;  // nanoseconds a call
  int calls;                         // a round
};

/// The loop over the calls is compiled with the call, so that nothing is between them.
template <class Call>
Side side(std::string name, int calls, Call call) {
  const int made = g_quick ? std::max(1, calls / kQuickShare) : calls;
  return {std::move(name), [call](int n) { return time_calls(n, call); }, made};
}

struct Figure {
  std::string name;
  double value;
};

inline double percentile(std::vector<double> samples, double share) {
  std::sort(samples.begin(), samples.end());
  const auto last = static_cast<double>(samples.size() - 1);
  return samples[static_cast<size_t>(last * share)];
}

inline void print(const std::string &row, const std::string &what, const std::string &unit,
                  const std::vector<Figure> &figures) {
  std::printf("{\"row\": \"%s\", \"what\": \"%s\", \"unit\": \"%s\", \"figures\": {", row.c_str(), what.c_str(),
              unit.c_str());
  const char *between = "";
  for (const Figure &figure : figures) {
    std::printf("%s\"%s\": %.6g", between, figure.name.c_str(), figure.value);
    between = ", ";
  }
  std::printf("}}\n");
  std::fflush(stdout);
}

/// The first round warms up and is not counted.
inline void compare(const std::string &row, const std::string &what, const std::vector<Side> &sides) {
  std::vector<std::vector<double>> samples(sides.size());
  for (int round = 0; round <= g_rounds; round++) {
    for (size_t i = 0; i < sides.size(); i++) {
      const double taken = sides[i].round(sides[i].calls);
      if (round > 0) samples[i].push_back(taken);
    }
  }
  std::vector<Figure> figures;
  for (size_t i = 0; i < sides.size(); i++) figures.push_back({sides[i].name, percentile(samples[i], 0.1)});
  print(row, what, "ns", figures);
}

inline wrt_mem_config std_config(uint64_t len, uint64_t max_len) {
  wrt_mem_config config = WRT_MEM_CONFIG_INIT;
  config.tier = WRT_TIER_STD;
  config.page_len = kPage;
  config.initial_len = len;
  config.max_len = max_len;
  return config;
}

inline wrt_mem *make(const wrt_mem_config &config) {
  wrt_mem *mem = nullptr;
  must(wrt_mem_create_config(&config, &mem));
  return mem;
}

}  // namespace bench

#endif  // WRT_BENCH_ROUNDS_HPP
