// SPDX-License-Identifier: Apache-2.0 OR MIT
// What a host would use otherwise. A peer that this machine does not have is named on stderr, and left out.
#ifndef WRT_BENCH_PEERS_HPP
#define WRT_BENCH_PEERS_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "guarded.h"

extern "C" {
// vec.rs
uint8_t *peer_vec_new(size_t len);
uint8_t *peer_vec_clone(const uint8_t *vec);
uint8_t *peer_vec_bytes(uint8_t *vec);
void peer_vec_free(uint8_t *vec);
int32_t peer_vec_read(const uint8_t *vec, size_t offset, uint8_t *dst, size_t n);
int32_t peer_vec_write(uint8_t *vec, size_t offset, const uint8_t *src, size_t n);
uint32_t peer_adler32(const uint8_t *bytes, size_t n);
}

namespace bench {

#ifdef WRT_BENCH_RUST
inline constexpr bool kHasRust = true;
#else
inline constexpr bool kHasRust = false;
#endif

/// An allocator by its own names, beside the one that the process uses.
struct Allocator {
  std::string name;
  void *(*zeroed)(size_t count, size_t size);
  void (*release)(void *block);
};

/// glibc's, mimalloc's and jemalloc's, as far as they are there.
const std::vector<Allocator> &allocators();

}  // namespace bench

#endif  // WRT_BENCH_PEERS_HPP
