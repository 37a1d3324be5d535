// SPDX-License-Identifier: Apache-2.0 OR MIT
// Saved images of any bytes. The input is loaded as it is, or it says what a file is made of, whose check values are
// then right wherever it does not say otherwise. A second reader, made from docs/image-format.md, says what must be
// answered; what is loaded has the bytes that this one read, and is saved and loaded again as the same.
#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "../property/random.hpp"
#include "require.hpp"
#include "target.hpp"

extern "C" {
#include "../capi/checked_heap.h"
}

namespace {

using Bytes = std::vector<uint8_t>;

constexpr uint64_t kGrain = 4096;
constexpr size_t kSlotLen = 40000;
constexpr size_t kSlots = 4;

uint32_t crc32c(uint32_t before, const uint8_t *bytes, size_t n) {
  static const auto table = [] {
    std::vector<uint32_t> made(256);
    for (uint32_t i = 0; i < 256; i++) {
      made[i] = i;
      for (int bit = 0; bit < 8; bit++) made[i] = made[i] >> 1 ^ ((made[i] & 1) != 0 ? 0x82f63b78U : 0);
    }
    return made;
  }();
  uint32_t crc = ~before;
  for (size_t i = 0; i < n; i++) crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 0xff];
  return ~crc;
}

// ---- a writer that is told what to write

class Writer {
 public:
  Bytes bytes;

  void number(uint64_t value, size_t n) {
    for (size_t i = 0; i < n; i++) part_.push_back(static_cast<uint8_t>(value >> (8 * i)));
  }
  void fill(uint8_t value, size_t n) { part_.insert(part_.end(), n, value); }
  /// What was put since the last one, with its check value.
  void end_part() {
    whole_ = crc32c(whole_, part_.data(), part_.size());
    bytes.insert(bytes.end(), part_.begin(), part_.end());
    check(crc32c(0, part_.data(), part_.size()));
    part_.clear();
  }
  void end_all() { check(whole_); }

 private:
  Bytes part_;
  uint32_t whole_ = 0;

  void check(uint32_t value) {
    for (int i = 0; i < 4; i++) bytes.push_back(static_cast<uint8_t>(value >> (8 * i)));
  }
};

void put_header(Writer &out, uint64_t len, uint64_t max_len, uint64_t page_len) {
  out.number(0x474d494d54525789, 8);  // 89 "WRTMIMG"
  out.number(1, 4);
  out.number(0, 4);
  out.number(len, 8);
  out.number(max_len, 8);
  out.number(page_len, 8);
  out.number(0, 4);
  out.end_part();
}

Bytes build(Random &random) {
  Writer out;
  const uint64_t page = random.of<uint64_t>({1, 1, 1, 4096, 512, 0, 3, uint64_t{1} << 63});
  uint64_t len = random.one_in(8) ? random.word() : random.below(kSlotLen + 5000);
  if (page != 0 && !random.one_in(8)) len -= len % page;
  const uint64_t max_len = random.one_in(8) ? random.word() : len + random.below(4) * page;
  put_header(out, len, max_len, page);
  uint64_t at = 0;
  while (out.bytes.size() < 100000 && !random.one_in(3)) {
    uint64_t begin = at + kGrain * random.below(3);
    uint64_t n = kGrain * (1 + random.below(3));
    if (random.one_in(3) && begin < len) n = len - begin;
    if (random.one_in(16)) begin = random.near_edge(len, at);
    if (random.one_in(16)) n = random.near_edge(len, at);
    out.number(begin, 8);
    out.number(n, 8);
    out.end_part();
    const auto given = static_cast<size_t>(std::min<uint64_t>(n, 20000));
    out.fill(static_cast<uint8_t>(random.below(3)), given);
    if (given != 0) out.end_part();
    at = begin + n;
  }
  out.number(random.one_in(16) ? random.word() : len, 8);
  out.number(0, 8);
  out.end_part();
  out.end_all();
  if (random.one_in(4)) out.bytes.resize(static_cast<size_t>(random.up_to(out.bytes.size())));
  if (random.one_in(4) && !out.bytes.empty()) {
    out.bytes[static_cast<size_t>(random.below(out.bytes.size()))] ^= static_cast<uint8_t>(1 << random.below(8));
  }
  return out.bytes;
}

// ---- the second reader

struct Read {
  uint64_t len = 0;
  uint64_t max_len = 0;
  uint64_t page_len = 0;
  Bytes contents;
};

class Reader {
 public:
  explicit Reader(const Bytes &bytes) : bytes_(bytes) {}

  size_t at = 0;

  /// FORMAT, or LIMIT for a length above `most`.
  wrt_status read(uint64_t most, Read &out) {
    Bytes part;
    if (!checked(44, part)) return WRT_ERR_FORMAT;
    const bool known = number(part, 0, 8) == 0x474d494d54525789 && number(part, 8, 4) == 1 &&
                       number(part, 12, 4) == 0 && number(part, 40, 4) == 0;
    out.len = number(part, 16, 8);
    out.max_len = number(part, 24, 8);
    out.page_len = number(part, 32, 8);
    const bool power = out.page_len != 0 && (out.page_len & (out.page_len - 1)) == 0;
    if (!known || !power || out.len > out.max_len) return WRT_ERR_FORMAT;
    if (out.len % out.page_len != 0 || out.max_len % out.page_len != 0) return WRT_ERR_FORMAT;
    if (out.len > most) return WRT_ERR_LIMIT;
    out.contents.resize(static_cast<size_t>(out.len));
    for (uint64_t reached = 0;;) {
      if (!checked(16, part)) return WRT_ERR_FORMAT;
      const uint64_t begin = number(part, 0, 8);
      const uint64_t n = number(part, 8, 8);
      if (n == 0) return begin == out.len && take(4, part) && number(part, 0, 4) == whole_ ? WRT_OK : WRT_ERR_FORMAT;
      const bool inside = begin <= out.len && n <= out.len - begin && begin >= reached;
      if (!inside || begin % kGrain != 0) return WRT_ERR_FORMAT;
      if ((begin + n) % kGrain != 0 && begin + n != out.len) return WRT_ERR_FORMAT;
      if (!checked(static_cast<size_t>(n), part)) return WRT_ERR_FORMAT;
      std::copy(part.begin(), part.end(), out.contents.begin() + static_cast<std::ptrdiff_t>(begin));
      reached = begin + n;
    }
  }

 private:
  const Bytes &bytes_;
  uint32_t whole_ = 0;

  bool take(size_t n, Bytes &part) {
    if (n > bytes_.size() - at) return false;
    const auto from = bytes_.begin() + static_cast<std::ptrdiff_t>(at);
    part.assign(from, from + static_cast<std::ptrdiff_t>(n));
    at += n;
    return true;
  }
  bool checked(size_t n, Bytes &part) {
    if (!take(n, part)) return false;
    whole_ = crc32c(whole_, part.data(), n);
    Bytes check;
    return take(4, check) && number(check, 0, 4) == crc32c(0, part.data(), n);
  }
  static uint64_t number(const Bytes &part, size_t from, size_t n) {
    uint64_t value = 0;
    for (size_t i = n; i > 0; i--) value = value << 8 | part[from + i - 1];
    return value;
  }
};

// ---- the library

struct Stream {
  const Bytes *bytes;
  size_t at = 0;
  size_t most = SIZE_MAX;  // of one call
};

size_t give(void *context, void *data, size_t n) {
  auto &stream = *static_cast<Stream *>(context);
  const size_t given = std::min({n, stream.most, stream.bytes->size() - stream.at});
  if (given != 0) std::memcpy(data, stream.bytes->data() + stream.at, given);
  stream.at += given;
  return given;
}

size_t take(void *context, const void *data, size_t n) {
  auto &bytes = *static_cast<Bytes *>(context);
  const auto *from = static_cast<const uint8_t *>(data);
  bytes.insert(bytes.end(), from, from + n);
  return n;
}

class Place {
 public:
  explicit Place(int32_t tier) : storage_(WRT_POOL_STORAGE_LEN(kSlotLen, kSlots)) {
    heap_open(&heap_);
    allocator_ = heap_allocator(&heap_);
    where.tier = tier;
    where.max_len = kSlotLen;
    if (tier == WRT_TIER_ALLOC) where.allocator = &allocator_;
    if (tier != WRT_TIER_STATIC) return;
    require_status(WRT_OK, wrt_pool_create(storage_.data(), storage_.size(), kSlotLen, &where.pool), "pool_create");
  }
  Place(const Place &) = delete;
  Place &operator=(const Place &) = delete;
  ~Place() {
    require(heap_.live_blocks == 0 && heap_.fault == nullptr, "the allocator did not get back what it gave");
    require_status(WRT_OK, wrt_pool_destroy(where.pool), "pool_destroy");
    heap_close(&heap_);
  }

  wrt_mem_config where = WRT_MEM_CONFIG_INIT;

 private:
  checked_heap heap_{};
  wrt_allocator allocator_{};
  Bytes storage_;
};

void same_contents(const Place &place, wrt_image *image, const Read &wanted) {
  wrt_mem_config config = place.where;
  config.image = image;
  config.max_len = 0;
  wrt_mem *mem = nullptr;
  require_status(WRT_OK, wrt_mem_create_config(&config, &mem), "create_config");
  Bytes seen(static_cast<size_t>(wanted.len) + 1);
  require_status(WRT_OK, wrt_mem_read(mem, 0, seen.data(), static_cast<size_t>(wanted.len)), "read");
  require(std::equal(wanted.contents.begin(), wanted.contents.end(), seen.begin()), "other contents than were stored");
  require_status(WRT_OK, wrt_mem_verify(mem, nullptr), "verify");
  require_status(WRT_OK, wrt_mem_destroy(mem), "destroy");
}

void use(const Place &place, wrt_image *image, const Read &wanted) {
  wrt_image_info info{};
  info.struct_size = sizeof info;
  require_status(WRT_OK, wrt_image_get_info(image, &info), "image_get_info");
  require(info.len == wanted.len && info.page_len == wanted.page_len, "other lengths than were stored");
  require(info.max_len <= wanted.max_len && info.max_len >= info.len, "a maximum that does not fit");
  same_contents(place, image, wanted);

  Bytes saved;
  require_status(WRT_OK, wrt_image_save(image, take, &saved), "image_save");
  Read again;
  Reader reader(saved);
  require_status(WRT_OK, reader.read(kSlotLen, again), "what was saved");
  require(reader.at == saved.size() && again.contents == wanted.contents, "another image was saved");
}

void load(const Bytes &file, int32_t tier, int32_t level, size_t most) {
  Place place(tier);
  place.where.verify = level;
  Read wanted;
  Reader reader(file);
  const wrt_status want = reader.read(kSlotLen, wanted);
  auto *const untouched = reinterpret_cast<wrt_image *>(uintptr_t{0x5e5e5e5e});
  wrt_image *image = untouched;
  Stream stream{&file, 0, most};
  require_status(want, wrt_image_load(&place.where, give, &stream, &image), "image_load");
  require((want == WRT_OK) == (image != untouched), "the out-pointer and the code disagree");
  if (want != WRT_OK) return;
  require(stream.at == reader.at, "more or less was read than the image");
  use(place, image, wanted);
  require_status(WRT_OK, wrt_image_destroy(image), "image_destroy");
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t n) {
  if (n == 0) return 0;
  const int32_t tier = 1 + input[0] % 3;
  const int32_t level = input[0] / 3 % 7;
  const size_t most = (input[0] & 0x80) != 0 ? 13 : SIZE_MAX;
  if (input[0] / 21 % 2 == 0) {
    load(Bytes(input + 1, input + n), tier, level, most);
  } else {
    Random random(input + 1, n - 1);
    load(build(random), tier, level, most);
  }
  return 0;
}
