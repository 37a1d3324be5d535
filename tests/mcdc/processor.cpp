// SPDX-License-Identifier: Apache-2.0 OR MIT
// For processors that are emulated: the argument is the name of the fastest CRC-32C that this one has.
#include <cstdio>
#include <cstring>

#include "cpp/core/crc32c.hpp"

namespace {

bool gives_the_definitions_values(const wrt::Crc32c &crc) {
  uint8_t bytes[64];
  for (size_t i = 0; i < sizeof(bytes); i++) bytes[i] = static_cast<uint8_t>(37 * i + 11);
  for (size_t n = 0; n <= sizeof(bytes); n++) {
    if (crc.of(5, bytes, n) != wrt::crc::slow(5, bytes, n)) return false;
  }
  return true;
}

}  // namespace

int main(int count, char **arguments) {
  if (count != 2) return 2;
  const wrt::Crc32c *fastest = wrt::crc32c_variant(0);
  const bool portable_alone = fastest == &wrt::kCrc32cPortable;
  const wrt::Crc32c *second = wrt::crc32c_variant(1);
  std::printf("%s\n", fastest->name);
  const bool listed = second == (portable_alone ? nullptr : &wrt::kCrc32cPortable) && wrt::crc32c_variant(2) == nullptr;
  const bool good = gives_the_definitions_values(*fastest) && gives_the_definitions_values(wrt::kCrc32cPortable);
  return std::strcmp(fastest->name, arguments[1]) == 0 && &wrt::crc32c() == fastest && listed && good ? 0 : 1;
}
