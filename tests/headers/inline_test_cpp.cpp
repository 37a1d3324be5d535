// SPDX-License-Identifier: Apache-2.0 OR MIT
// The same test, read as C++.
#include "inline_test.c"
