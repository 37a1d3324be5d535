# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The cffi module wrtmem._native: the declarations of the header, compiled against the header."""

import pathlib
import re

import cffi

HERE = pathlib.Path(__file__).resolve().parent

# What Python gives to C; and what library.c adds.
OWN = """
extern "Python" void *wrtmem_allocate(void *context, size_t size, size_t alignment);
extern "Python" void wrtmem_deallocate(void *context, void *block, size_t size, size_t alignment);
extern "Python" size_t wrtmem_take(void *context, const void *data, size_t n);
extern "Python" size_t wrtmem_give(void *context, void *data, size_t n);
const char *wrtmem_open(const char *path);
uint64_t wrtmem_address(const char *name);
"""


def without_comments(path):
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)


def through_the_table():
    """Calls of the header's names go through library.c's table."""
    names = re.findall(r"WRTMEM_CALL\((\w+)\)", (HERE / "calls.inc").read_text(encoding="utf-8"))
    return "".join(f"#define {name} (*wrtmem_calls.{name}_)\n" for name in names)


ffi = cffi.FFI()
ffi.cdef(without_comments(HERE / "declarations.cdef") + OWN)
ffi.set_source(
    "wrtmem._native",
    '#include "library.c"\n' + through_the_table(),
    include_dirs=[str(HERE)],
    libraries=["dl"],
)
