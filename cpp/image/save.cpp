// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/image/image.hpp"

namespace wrt::image {

namespace {

constexpr uint64_t kPiece = uint64_t{64} << 10;  // what one call of the writer takes at most

class Sink {
 public:
  Sink(wrt_write_fn write, void *context) noexcept : write_(write), context_(context) {}

  [[gnu::cold]] wrt_status put(const uint8_t *bytes, size_t n) noexcept {
    whole_.add(bytes, n);
    return hand_over(bytes, n);
  }
  /// The check value of the whole covers everything but check values. With them, a part that was exchanged together
  /// with its own would not change it: a CRC is linear.
  [[gnu::cold]] wrt_status put_check(uint32_t value) noexcept {
    uint8_t bytes[kCheckLen];
    put_word(bytes, value);
    return hand_over(bytes, sizeof(bytes));
  }
  [[gnu::cold]] wrt_status put_checked(const uint8_t *bytes, size_t n) noexcept {
    if (wrt_status status = put(bytes, n)) return status;
    return put_check(Check::of(bytes, n));
  }
  uint32_t check() const noexcept { return whole_.value(); }

 private:
  wrt_write_fn write_;
  void *context_;
  Check whole_;

  [[gnu::cold]] wrt_status hand_over(const uint8_t *bytes, size_t n) noexcept {
    return write_(context_, bytes, n) == n ? WRT_OK : WRT_ERR_IO;
  }
};

[[gnu::cold]] wrt_status put_header(Sink &sink, const LinearMemory &image) noexcept {
  uint8_t bytes[kHeaderLen] = {};
  __builtin_memcpy(bytes, kMagic, sizeof(kMagic));
  put_word(bytes + 8, kVersion);
  put_word(bytes + 16, image.len());
  put_word(bytes + 24, round_down(image.plan().max_len, image.plan().page_len()));  // whole pages, as it can grow
  put_word(bytes + 32, image.plan().page_len());
  return sink.put_checked(bytes, sizeof(bytes));
}

[[gnu::cold]] wrt_status put_run_header(Sink &sink, uint64_t offset, uint64_t len) noexcept {
  uint8_t bytes[kRunHeaderLen];
  put_word(bytes, offset);
  put_word(bytes + 8, len);
  return sink.put_checked(bytes, sizeof(bytes));
}

[[gnu::cold]] wrt_status put_run(Sink &sink, const LinearMemory &image, LinearMemory::Run run) noexcept {
  if (wrt_status status = put_run_header(sink, run.begin, run.end - run.begin)) return status;
  Check check;
  for (uint64_t at = run.begin; at < run.end; at += kPiece) {
    const uint8_t *bytes = image.bytes() + at;
    const auto n = static_cast<size_t>(least(kPiece, run.end - at));
    check.add(bytes, n);
    if (wrt_status status = sink.put(bytes, n)) return status;
  }
  return sink.put_check(check.value());
}

}  // namespace

wrt_status save(const LinearMemory &image, wrt_write_fn write, void *context) noexcept {
  Sink sink(write, context);
  if (wrt_status status = put_header(sink, image)) return status;
  for (LinearMemory::Run run = image.next_run(0); run.begin != run.end; run = image.next_run(run.end)) {
    if (wrt_status status = put_run(sink, image, run)) return status;
  }
  if (wrt_status status = put_run_header(sink, image.len(), 0)) return status;
  return sink.put_check(sink.check());
}

}  // namespace wrt::image
