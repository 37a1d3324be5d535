// SPDX-License-Identifier: Apache-2.0 OR MIT
// Blocks and their check values: what the levels from STANDARD on keep beside a memory's bytes.
#ifndef WRT_CORE_BLOCKS_HPP
#define WRT_CORE_BLOCKS_HPP

#include <stddef.h>
#include <stdint.h>

#ifndef WRT_BLOCK_LEN
#define WRT_BLOCK_LEN 64
#endif

namespace wrt {

/// One cache line unless configured. CRC-32C has Hamming distance 6 up to 5,243 data bits (P. Koopman, "32-Bit Cyclic
/// Redundancy Codes for Internet Applications", DSN 2002, and his CRC Zoo), which 512 bytes stay below.
inline constexpr uint64_t kBlockLen = WRT_BLOCK_LEN;
static_assert(kBlockLen >= 64 && kBlockLen <= 512 && (kBlockLen & (kBlockLen - 1)) == 0);

constexpr uint64_t block_count(uint64_t len) noexcept { return len / kBlockLen + (len % kBlockLen != 0 ? 1 : 0); }
/// The bytes of the check values of a memory of `len` bytes.
constexpr uint64_t checks_len(uint64_t len) noexcept { return block_count(len) * sizeof(uint32_t); }

/// One copy of a memory's bytes with its check values. The last block may be short: its check value is that of a whole
/// one with zeros behind, so that growth has nothing to do. The check value of zeros is 0.
struct CheckedBytes {
  uint8_t *base;
  uint64_t len;
  uint32_t *checks;

  uint64_t blocks() const noexcept { return block_count(len); }
  uint64_t end_of(uint64_t block) const noexcept;

  uint32_t check_value(uint64_t block) const noexcept;
  bool good(uint64_t block) const noexcept { return check_value(block) == checks[block]; }
  /// The first block of [first, last) that is not good, or `last`.
  uint64_t first_bad(uint64_t first, uint64_t last) const noexcept;

  /// Brings the check values up to date with what is about to be written over [offset, offset + n), before it is: from
  /// the change alone, so that a corruption elsewhere in a block stays visible. A block that is covered whole is sealed
  /// afresh.
  void expect_write(uint64_t offset, const uint8_t *src, uint64_t n) noexcept;
  void expect_fill(uint64_t offset, uint8_t value, uint64_t n) noexcept;

  /// The blocks [first, last) are sealed from what is there.
  void seal(uint64_t first, uint64_t last) noexcept;

 private:
  /// One block's part of a write: `piece` replaces [offset, offset + n).
  void expect_piece(uint64_t offset, const uint8_t *piece, uint64_t n) noexcept;
};

}  // namespace wrt

#endif  // WRT_CORE_BLOCKS_HPP
