# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Files that images are saved to and loaded from. A file is given copies of the bytes, so that it may keep them."""

from __future__ import annotations

import itertools
from types import TracebackType
from typing import Any

from ._errors import failure
from ._library import pointer
from ._native import ffi

_keys = itertools.count(1)
_streams: dict[int, Stream] = {}


class Stream:
    """A file as the library's callbacks see it, within a with statement."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._key = next(_keys)
        self.raised: BaseException | None = None

    def __enter__(self) -> Any:
        _streams[self._key] = self
        return ffi.cast("void *", self._key)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        del _streams[self._key]

    def take(self, data: bytes) -> None:
        """Writes all of it, however much the file takes at once."""
        rest = memoryview(data)
        while rest:
            written = self._file.write(rest)
            if written is None or written <= 0 or written > len(rest):
                raise OSError(f"write() gave {written!r} for {len(rest)} bytes")
            rest = rest[written:]

    def give(self, n: int) -> bytes:
        """Up to `n` bytes."""
        data = self._file.read(n)
        if data is None:
            raise BlockingIOError("read() gave nothing yet")
        data = bytes(memoryview(data))
        if len(data) > n:
            raise OSError(f"read() gave {len(data)} bytes for {n}")
        return data

    def settle(self, status: int) -> None:
        """Raises what it has to."""
        if self.raised is not None and not isinstance(self.raised, Exception):
            raise self.raised
        if status:
            raise failure(status) from self.raised


def _take(context: Any, data: Any, n: int) -> int:
    stream = _streams[pointer(context)]
    try:
        stream.take(ffi.buffer(data, n)[:])
        return n
    except BaseException as error:
        stream.raised = error
        return n - 1 if n else 1  # any other number is a failure


def _give(context: Any, data: Any, n: int) -> int:
    stream = _streams[pointer(context)]
    try:
        given = stream.give(n)
        ffi.memmove(data, given, len(given))
        return len(given)
    except BaseException as error:
        stream.raised = error
        return _FAILED


_FAILED = int(ffi.cast("size_t", -1))
ffi.def_extern(name="wrtmem_take", error=0)(_take)
ffi.def_extern(name="wrtmem_give", error=_FAILED)(_give)
