/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_TESTS_PROGRAMS_PROTECTED_H
#define WRTMEM_TESTS_PROGRAMS_PROTECTED_H

/* Lua's errors and coroutines in a guest: the host calls the function back, and a throw goes to the host's innermost
 * such call. Lua offers the two macros for that; luaD_rawrunprotected, which has the one LUAI_TRY, names its function
 * f and its argument ud. */

struct lua_State;
typedef void (*protected_function)(struct lua_State *, void *);

__attribute__((import_module("host"), import_name("protected_call"))) void host_protected_call(protected_function,
                                                                                               struct lua_State *,
                                                                                               void *);
__attribute__((import_module("host"), import_name("throw"), noreturn)) void host_throw(void);

#define LUAI_TRY(L, c, a) host_protected_call(f, L, ud)
#define LUAI_THROW(L, c) host_throw()
#define luai_jmpbuf int

#endif /* WRTMEM_TESTS_PROGRAMS_PROTECTED_H */
