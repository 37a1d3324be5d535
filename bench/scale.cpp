// SPDX-License-Identifier: Apache-2.0 OR MIT
// Rows 17 and 18, and the soak: many memories, two threads, and ten million lives.
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "rounds.hpp"

using namespace bench;

namespace {

wrt_mem *one_page() {
  wrt_mem *mem = nullptr;
  must(wrt_mem_create(WRT_TIER_STD, kPage, kPage, &mem));
  return mem;
}

double resident_kib() {
  std::ifstream statm("/proc/self/statm");
  double mapped = 0;
  double resident = 0;
  statm >> mapped >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1024;
}

// Creation is timed in groups, each of which is destroyed again, with so many memories alive.
double median_create(size_t group) {
  std::vector<double> samples;
  std::vector<wrt_mem *> made(group);
  for (int round = 0; round < (g_quick ? 3 : 101); round++) {
    samples.push_back(time_calls(static_cast<int>(group), [&](int i) { made[static_cast<size_t>(i)] = one_page(); }));
    for (wrt_mem *mem : made) must(wrt_mem_destroy(mem));
  }
  return percentile(samples, 0.5);
}

void many() {
  std::vector<wrt_mem *> alive;
  std::vector<Figure> figures;
  for (size_t count : {size_t{100}, size_t{1000}, size_t{10000}, size_t{30000}, size_t{100000}}) {
    if (g_quick && count > 1000) break;
    wrt_mem *mem = nullptr;
    while (alive.size() < count && wrt_mem_create(WRT_TIER_STD, kPage, kPage, &mem) == WRT_OK) {
      const uint8_t byte = 1;
      must(wrt_mem_write(mem, 5, &byte, 1));
      alive.push_back(mem);
    }
    if (alive.size() < count) {
      std::fprintf(stderr, "only %zu memories of one page can be alive\n", alive.size());
      break;
    }
    figures.push_back({std::to_string(count), median_create(32)});
  }
  print("17", "create, with so many one-page memories alive", "ns", figures);
  print("17 alive", "one-page memories alive in one process", "memories",
        {{"ours", static_cast<double>(alive.size())}});
  for (wrt_mem *it : alive) must(wrt_mem_destroy(it));
  must(wrt_trim());
}

void live_and_die(int lives) {
  const uint8_t byte = 1;
  for (int i = 0; i < lives; i++) {
    wrt_mem *mem = one_page();
    must(wrt_mem_write(mem, 100, &byte, 1));
    must(wrt_mem_destroy(mem));
  }
}

// Lives a second, of all threads together.
double throughput(int threads, int lives) {
  const auto before = std::chrono::steady_clock::now();
  std::vector<std::thread> running;
  running.reserve(static_cast<size_t>(threads));
  for (int i = 0; i < threads; i++) running.emplace_back(live_and_die, lives);
  for (std::thread &it : running) it.join();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - before;
  return threads * lives / taken.count();
}

void two_threads() {
  const int lives = g_quick ? 1000 : 100000;
  std::vector<double> one;
  std::vector<double> two;
  for (int round = 0; round < g_rounds; round++) {
    one.push_back(throughput(1, lives));
    two.push_back(throughput(2, lives));
  }
  // The best that the machine lets through: whoever else is at work takes from two threads more than from one.
  print("18", "create + touch + destroy, lives a second", "1/s",
        {{"one thread", percentile(one, 0.9)}, {"two threads", percentile(two, 0.9)}});
}

void soak() {
  const int64_t cycles = g_quick ? 10000 : 10000000;
  std::vector<float> samples(static_cast<size_t>(cycles), 1);  // resident from the start
  const double before = resident_kib();
  double at_tenth = 0;
  for (int64_t i = 0; i < cycles; i++) {
    samples[static_cast<size_t>(i)] = static_cast<float>(time_calls(1, [](int) { live_and_die(1); }));
    if (i == cycles / 10) at_tenth = resident_kib();
  }
  const double grown = resident_kib() - at_tenth;
  std::sort(samples.begin(), samples.end());
  const auto at = [&](double share) {
    return static_cast<double>(samples[static_cast<size_t>(static_cast<double>(samples.size() - 1) * share)]);
  };
  print("soak", "create + write + destroy, one by one, the clock included", "ns",
        {{"p50", at(0.5)}, {"p99", at(0.99)}, {"p99.9", at(0.999)}, {"max", at(1)}});
  print("soak resident", "resident set, from a tenth of the cycles to the end", "KiB",
        {{"cycles", static_cast<double>(cycles)}, {"before", before}, {"grown", grown}});
}

}  // namespace

int main(int argc, char **argv) {
  start(argc, argv);
  two_threads();
  many();
  soak();
  return 0;
}
