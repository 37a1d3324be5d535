# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Finds the library and prepares the two compiled modules."""

from __future__ import annotations

import ctypes.util
import os
import pathlib
from collections.abc import Iterator

from . import _core
from ._errors import failure, text_of
from ._found import LIBRARY
from ._native import ffi, lib

NAME = "libwrtmem.so.0"


def _candidates() -> Iterator[str]:
    """What $WRTMEM_LIBRARY names, else the one inside the package, else the machine's."""
    named = os.environ.get("WRTMEM_LIBRARY")
    if named is not None:
        is_path = os.sep in named or ".so" in named
        yield named if is_path else ctypes.util.find_library(named) or named
        return
    inside = pathlib.Path(__file__).with_name(NAME)
    if inside.exists():
        yield str(inside)
        return
    if LIBRARY:
        yield LIBRARY
    yield NAME
    found = ctypes.util.find_library("wrtmem")
    if found is not None:
        yield found


def _open() -> str:
    reasons = []
    for path in _candidates():
        error = lib.wrtmem_open(os.fsencode(path))
        if not error:
            return path
        reasons.append(text_of(error))
    raise ImportError("libwrtmem cannot be used: " + "; ".join(reasons))


def address_of(function: str) -> int:
    """Where a function of the library is."""
    return lib.wrtmem_address(function.encode())


def pointer(handle: object) -> int:
    """A pointer of cffi's as a number."""
    return int(ffi.cast("uintptr_t", handle))


#: The file, or the loader's name, of the library that is in use.
library_path: str = _open()

if lib.wrt_version() >> 16 != lib.WRT_VERSION_MAJOR:
    raise ImportError(f"{library_path} is version {text_of(lib.wrt_version_string())}, which this package does not know")

_core.configure(failure, address_of("wrt_mem_release"))
os.register_at_fork(after_in_child=_core.forked)
