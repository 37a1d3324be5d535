// SPDX-License-Identifier: Apache-2.0 OR MIT
// The library's system calls, counted, refused at will, and remembered: the linker puts these in place of libc's.
#ifndef WRTMEM_TESTS_FAULT_SYSTEM_CALLS_HPP
#define WRTMEM_TESTS_FAULT_SYSTEM_CALLS_HPP

#include <stddef.h>
#include <stdint.h>

struct SystemCalls {
  uint64_t calls = 0;        // since the last reset, refused ones too
  uint64_t refused = 0;      // of these
  uint64_t refuse_from = 0;  // the calls numbered refuse_from .. refuse_to are refused, from 1; 0: none
  uint64_t refuse_to = 0;
  size_t refuse_above = 0;          // longer mappings are refused; 0: none
  size_t address_space = SIZE_MAX;  // what getrlimit says; SIZE_MAX: the truth

  // What the kernel's files say of the memory that is left; NULL: the truth. Reading them is not numbered.
  const char *meminfo = nullptr;
  const char *group_max = nullptr;

  uint64_t mmaps = 0;
  uint64_t munmaps = 0;
  uint64_t mprotects = 0;
  uint64_t madvises = 0;
  uint64_t mremaps = 0;
};

extern SystemCalls system_calls;

/// How many bytes are mapped by what was not unmapped yet; a munmap that was refused counts as done.
size_t mapped_bytes();
/// How many files this process has open.
size_t open_files();
/// Something was unmapped, moved or protected that was not mapped.
bool mapped_wrongly();

#endif  // WRTMEM_TESTS_FAULT_SYSTEM_CALLS_HPP
