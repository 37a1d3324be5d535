# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The files that images go to and come from, by the callbacks as the library calls them."""

from __future__ import annotations

import io
from typing import Any

import pytest

import wrtmem
from wrtmem._native import ffi, lib
from wrtmem._streams import Stream

WHAT = "files that fail"


def test_a_file_takes_all_bytes_however_much_at_once() -> None:
    class Slow(io.BytesIO):
        def write(self, data: Any) -> int:
            return super().write(bytes(data[:3]))

    slow = Slow()
    with Stream(slow) as context:
        assert lib.wrtmem_take(context, ffi.new("char[]", b"0123456789"), 10) == 10  # type: ignore[operator]
    assert slow.getvalue() == b"0123456789"


@pytest.mark.parametrize("answer", [None, 0, -1, 11, "text"])
def test_a_file_that_lies_about_what_it_took_is_a_failure(answer: Any) -> None:
    class Lying:
        def write(self, data: Any) -> Any:
            return answer

    stream = Stream(Lying())
    with stream as context:
        assert lib.wrtmem_take(context, ffi.new("char[]", b"0123456789"), 10) != 10  # type: ignore[operator]
    with pytest.raises(wrtmem.StreamError):
        stream.settle(lib.WRT_ERR_IO)
    assert isinstance(stream.raised, (OSError, TypeError))


@pytest.mark.parametrize("answer", [None, bytes(11), "text", 5])
def test_a_file_that_gives_what_it_must_not_is_a_failure(answer: Any) -> None:
    class Lying:
        def read(self, n: int) -> Any:
            return answer

    stream = Stream(Lying())
    to = ffi.new("char[]", 10)
    with stream as context:
        assert lib.wrtmem_give(context, to, 10) == 2**64 - 1  # type: ignore[operator]
    assert isinstance(stream.raised, (OSError, TypeError)) and ffi.buffer(to)[:] == bytes(10)


def test_a_file_gives_what_there_is_and_then_the_end() -> None:
    to = ffi.new("char[]", 4)
    with Stream(io.BytesIO(b"abcdef")) as context:
        assert lib.wrtmem_give(context, to, 4) == 4  # type: ignore[operator]
        assert ffi.buffer(to)[:] == b"abcd"
        assert lib.wrtmem_give(context, to, 4) == 2  # type: ignore[operator]
        assert lib.wrtmem_give(context, to, 4) == 0  # type: ignore[operator]
