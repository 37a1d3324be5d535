// SPDX-License-Identifier: Apache-2.0 OR MIT
// Row 8: loads by the inline header. The instructions are counted under callgrind, which table.py reads.
#include "inlined.h"

#include "guarded.h"
#include "rounds.hpp"

using namespace bench;

namespace {

using Sum = uint32_t (*)(const wrt_view *, uint32_t);

Side summing(const char *name, Sum sum, const wrt_view *view) {
  const auto n = static_cast<uint32_t>(g_quick ? 1000 : 100000);
  const std::function<double(int)> round = [=](int calls) {
    return time_calls(calls, [=](int) { keep(sum(view, n)); }) / n;
  };
  return {name, round, 1};
}

void compiled_by(const char *compiler, Sum raw, Sum reread, Sum wasm2c, const wrt_view *view) {
  std::vector<Side> sides{summing("raw", raw, view), summing("ours", reread, view)};
  if (wasm2c_there()) sides.push_back(summing("wasm2c, checked", wasm2c, view));
  compare(std::string("8 ") + compiler, std::string("inline load of 4 bytes, ") + compiler, sides);
}

}  // namespace

int main(int argc, char **argv) {
  start(argc, argv);
  wrt_mem *mem = make(std_config(kPage, kPage));
  const wrt_view *view = nullptr;
  must(wrt_mem_view(mem, &view));
  must(wrt_mem_fill(mem, 0, 1, kPage));
#ifdef WRT_BENCH_GCC
  compiled_by("gcc", gcc_sum_raw, gcc_sum_reread, gcc_sum_wasm2c, view);
#endif
#ifdef WRT_BENCH_CLANG
  compiled_by("clang", clang_sum_raw, clang_sum_reread, clang_sum_wasm2c, view);
#endif
  must(wrt_mem_destroy(mem));
  return 0;
}
