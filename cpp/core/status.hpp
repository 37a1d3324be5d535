// SPDX-License-Identifier: Apache-2.0 OR MIT
// Names and messages of the status codes.
#ifndef WRT_CORE_STATUS_HPP
#define WRT_CORE_STATUS_HPP

#include "wrtmem/wrtmem.h"

namespace wrt {

/// Never NULL; a fixed text for a number that is not a status.
const char *status_name(wrt_status status) noexcept;
const char *status_message(wrt_status status) noexcept;

}  // namespace wrt

#endif  // WRT_CORE_STATUS_HPP
