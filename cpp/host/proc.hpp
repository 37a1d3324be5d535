// SPDX-License-Identifier: Apache-2.0 OR MIT
// Linux: numbers that the kernel tells in its files.
#ifndef WRT_HOST_PROC_HPP
#define WRT_HOST_PROC_HPP

#include <stddef.h>

namespace wrt::host {

/// The number that the file begins with, or `otherwise`.
size_t first_number(const char *path, size_t otherwise) noexcept;

/// The bytes that can still become resident in this process: what the machine has left, and what the control groups
/// allow (proc(5), cgroups(7), version 2). SIZE_MAX where nothing says so.
size_t bytes_to_be_had() noexcept;

}  // namespace wrt::host

#endif  // WRT_HOST_PROC_HPP
