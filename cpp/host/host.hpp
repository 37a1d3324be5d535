// SPDX-License-Identifier: Apache-2.0 OR MIT
// The one seam to the operating system. Everything that the library asks of it is declared here and defined once for
// each kind of host: linux.cpp, posix.cpp, none.cpp. Every call may be refused, and says so by its result.
#ifndef WRT_HOST_HOST_HPP
#define WRT_HOST_HOST_HPP

#include <stddef.h>
#include <stdint.h>

#include "wrtmem/wrtmem.h"

namespace wrt::host {

/// Whether this host can give address space at all. Without it there is no STD tier.
extern const bool kHasPages;

/// The length of an OS page, a power of two. Any thread, no system call after the first.
size_t page_len() noexcept;

/// True where the kernel counts every writable page that is mapped (vm.overcommit_memory = 2): then address space is
/// held inaccessible and committed in steps.
bool counts_commits() noexcept;

/// The bytes of address space that this process may still map (RLIMIT_AS), as far as the host tells, or SIZE_MAX.
size_t address_space_left() noexcept;

enum class Hold { kInaccessible, kReadable, kWritable };

/// Address space of `len` bytes (a multiple of the OS page) that reads as zero once it is accessible; its pages come
/// when they are touched. NULL: refused.
void *reserve(size_t len, Hold hold) noexcept;
/// Gives a whole reservation back.
void release(void *at, size_t len) noexcept;

/// Makes pages of a reservation readable and writable, and counted. False: refused, nothing changed.
bool commit(void *at, size_t len) noexcept;
/// Takes committed pages back: inaccessible, no longer counted. False: refused, nothing changed.
bool decommit(void *at, size_t len) noexcept;

/// Pages of a reservation become inaccessible; their contents are left to be dropped. False: refused, nothing changed.
bool hide(void *at, size_t len) noexcept;

/// Accessible pages are really there when this returns true, as far as the host can tell; what they read as stays.
/// False: refused, some may be there.
bool populate(void *at, size_t len) noexcept;

/// The length of a huge page, a power of two; 0: this host has none to give.
size_t huge_page_len() noexcept;
/// Asks for huge pages; the host need not obey.
void prefer_huge(void *at, size_t len) noexcept;

/// Gives the pages back; they read as zero again. False: refused, the bytes are still there.
bool discard(void *at, size_t len) noexcept;

/// A reservation that is writable all over becomes `new_len` >= `len` bytes, elsewhere if need be; the first `used`
/// bytes are kept, without copying where the host can. NULL: refused, the old one stands.
void *extend(void *at, size_t len, size_t used, size_t new_len) noexcept;
/// The same, whatever is mapped there.
void *extend_by_copy(void *at, size_t len, size_t used, size_t new_len) noexcept;

/// Pages of a reservation are zero and writable, whatever was mapped there. False: refused, nothing changed.
bool renew(void *at, size_t len) noexcept;

/// A file that is nowhere but in memory, `len` zeros long, to be mapped by whoever has the number. Negative: this host
/// has none to give.
int make_file(size_t len) noexcept;
void close_file(int file) noexcept;
/// The whole file, `len` bytes, in the place of pages of a reservation: what is written there is written to it. False:
/// refused, nothing changed.
bool map_file(int file, void *at, size_t len) noexcept;
/// Cuts the file to `len` bytes, and from then on nobody can change it. It must not be mapped by map_file() any more.
bool seal_file(int file, size_t len) noexcept;
/// The first `len` bytes of a sealed file in the place of pages of a reservation: what is written there, where it may
/// be, is private. False: refused, nothing changed.
bool map_sealed(int file, void *at, size_t len, Hold hold) noexcept;
/// The first byte from `from` on that is not in a hole, as far as the host knows; SIZE_MAX: there is none.
size_t next_data(int file, size_t from) noexcept;

inline constexpr uint64_t kForever = UINT64_MAX;

/// A clock that never goes back.
uint64_t now_ns() noexcept;
/// Sleeps while `word` is `expected`, until unparked or `deadline` by now_ns(); may return before that.
void park(const uint32_t &word, uint32_t expected, uint64_t deadline) noexcept;
/// Wakes one that sleeps on the word, which was changed before.
void unpark(const uint32_t &word) noexcept;

/// The C library's malloc family as an allocator, or NULL where the build has none.
const wrt_allocator *c_allocator() noexcept;

}  // namespace wrt::host

#endif  // WRT_HOST_HOST_HPP
