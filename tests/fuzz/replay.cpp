// SPDX-License-Identifier: Apache-2.0 OR MIT
// A fuzz target without a fuzzer: runs it on each file that is named, and on each file in each directory that is.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "target.hpp"

namespace {

size_t g_inputs = 0;

void replay(const std::filesystem::path &path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> read((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::vector<uint8_t> input(read.begin(), read.end());
  std::fprintf(stderr, "%s\n", path.c_str());
  (void)LLVMFuzzerTestOneInput(input.data(), input.size());
  g_inputs++;
}

}  // namespace

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    if (!std::filesystem::is_directory(argv[i])) {
      replay(argv[i]);
      continue;
    }
    for (const auto &entry : std::filesystem::directory_iterator(argv[i])) {
      if (entry.path().extension() != ".license") replay(entry.path());
    }
  }
  std::printf("%zu inputs\n", g_inputs);
  return g_inputs == 0 ? 1 : 0;
}
