// SPDX-License-Identifier: Apache-2.0 OR MIT
// Saving and loading images, as a stream: nothing is held of it but a few bytes.
#ifndef WRT_IMAGE_IMAGE_HPP
#define WRT_IMAGE_IMAGE_HPP

#include "cpp/image/format.hpp"
#include "cpp/tiers/memory.hpp"

namespace wrt::image {

/// OK or IO. The image's blocks are good.
[[gnu::cold]] wrt_status save(const LinearMemory &image, wrt_write_fn write, void *context) noexcept;

/// A stream that is read to the image's end and no further. The calls come in this order.
class Loader {
 public:
  Loader(wrt_read_fn read, void *context) noexcept : read_(read), context_(context) {}

  /// OK, FORMAT or IO.
  [[gnu::cold]] wrt_status header(Header &header) noexcept;
  /// Into an image of that length, all zero. OK, FORMAT or IO.
  [[gnu::cold]] wrt_status contents(LinearMemory &image) noexcept;

 private:
  wrt_read_fn read_;
  void *context_;
  Check whole_;

  [[gnu::cold]] wrt_status get(uint8_t *to, size_t n) noexcept;
  /// A check value, and whether it is that one. OK, FORMAT or IO.
  [[gnu::cold]] wrt_status expect(uint32_t value) noexcept;
  [[gnu::cold]] wrt_status run(LinearMemory &image, uint64_t begin, uint64_t end) noexcept;
};

}  // namespace wrt::image

#endif  // WRT_IMAGE_IMAGE_HPP
