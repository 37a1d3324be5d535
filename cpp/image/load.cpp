// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cpp/image/image.hpp"
#include "cpp/tiers/zero.hpp"

namespace wrt::image {

namespace {

#ifdef WRT_HOST_NONE
constexpr size_t kPiece = 256;  // on the stack
#else
constexpr size_t kPiece = 4096;
#endif

bool multiple(uint64_t n, uint64_t power_of_two) noexcept { return (n & (power_of_two - 1)) == 0; }

}  // namespace

// All n bytes: a stream that ends before was cut short.
wrt_status Loader::get(uint8_t *to, size_t n) noexcept {
  for (size_t done = 0; done < n;) {
    const size_t given = read_(context_, to + done, n - done);
    if (given == 0) return WRT_ERR_FORMAT;
    if (given > n - done) return WRT_ERR_IO;
    done += given;
  }
  return WRT_OK;
}

wrt_status Loader::expect(uint32_t value) noexcept {
  uint8_t bytes[kCheckLen];
  if (wrt_status status = get(bytes, sizeof(bytes))) return status;
  return get_word<uint32_t>(bytes) == value ? WRT_OK : WRT_ERR_FORMAT;
}

wrt_status Loader::header(Header &header) noexcept {
  uint8_t bytes[kHeaderLen];
  if (wrt_status status = get(bytes, sizeof(bytes))) return status;
  whole_.add(bytes, sizeof(bytes));
  if (wrt_status status = expect(Check::of(bytes, sizeof(bytes)))) return status;
  if (!equal_bytes(bytes, kMagic, sizeof(kMagic))) return WRT_ERR_FORMAT;
  const bool known = get_word<uint32_t>(bytes + 8) == kVersion && get_word<uint32_t>(bytes + 12) == 0 &&
                     get_word<uint32_t>(bytes + 40) == 0;
  header = {get_word<uint64_t>(bytes + 16), get_word<uint64_t>(bytes + 24), get_word<uint64_t>(bytes + 32)};
  const uint64_t page = header.page_len;
  if (!known || page == 0 || !multiple(page, page)) return WRT_ERR_FORMAT;
  const bool sound = header.len <= header.max_len && multiple(header.len, page) && multiple(header.max_len, page);
  return sound ? WRT_OK : WRT_ERR_FORMAT;
}

// [begin, end) and its check value. What is zero is there already.
wrt_status Loader::run(LinearMemory &image, uint64_t begin, uint64_t end) noexcept {
  uint8_t piece[kPiece];
  Check check;
  for (uint64_t at = begin; at < end; at += kPiece) {
    const auto n = static_cast<size_t>(least(kPiece, end - at));
    if (wrt_status status = get(piece, n)) return status;
    whole_.add(piece, n);
    check.add(piece, n);
    if (!all_zero(piece, n)) image.fill_in(at, piece, n);
  }
  return expect(check.value());
}

wrt_status Loader::contents(LinearMemory &image) noexcept {
  const uint64_t len = image.len();
  uint64_t reached = 0;
  for (;;) {
    uint8_t bytes[kRunHeaderLen];
    if (wrt_status status = get(bytes, sizeof(bytes))) return status;
    const auto begin = get_word<uint64_t>(bytes);
    const auto n = get_word<uint64_t>(bytes + 8);
    whole_.add(bytes, sizeof(bytes));
    if (wrt_status status = expect(Check::of(bytes, sizeof(bytes)))) return status;
    if (begin < reached || begin > len || n > len - begin) return WRT_ERR_FORMAT;
    const uint64_t end = begin + n;
    if (n == 0) return begin == len ? expect(whole_.value()) : wrt_status{WRT_ERR_FORMAT};
    if (!multiple(begin, kGrain) || (!multiple(end, kGrain) && end != len)) return WRT_ERR_FORMAT;
    if (wrt_status status = run(image, begin, end)) return status;
    reached = end;
  }
}

}  // namespace wrt::image
