/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "protected.h"

/* What the host calls back. */
__attribute__((export_name("call"))) void call(protected_function f, struct lua_State *state, void *argument) {
  f(state, argument);
}
