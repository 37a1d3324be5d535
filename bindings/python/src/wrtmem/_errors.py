# SPDX-License-Identifier: Apache-2.0 OR MIT
"""One exception for each status of the C ABI."""

from __future__ import annotations

from ._native import ffi, lib


def text_of(text: object) -> str:
    """A text that C gave."""
    return str(ffi.string(text).decode())


class Error(Exception):
    """What the library refused, and why; nothing has changed. `status` is the number of the C ABI."""

    status: int = -1

    def __init__(self, text: str | None = None) -> None:
        name, message = lib.wrt_status_name(self.status), lib.wrt_status_message(self.status)
        super().__init__(f"{text_of(name)}: {text or text_of(message)}")


class InvalidArgument(Error, ValueError):
    """An unknown tier, flag or level, or arguments that contradict each other."""

    status = 1


class InvalidHandle(Error, ValueError):
    """Closed already."""

    status = 2


class OutOfBounds(Error, IndexError):
    """The range is not inside the memory."""

    status = 3


class Misaligned(Error, ValueError):
    """Not a multiple of the page length, or an atomic access off its natural alignment."""

    status = 4


class LimitExceeded(Error, ValueError):
    """Beyond the memory's greatest length, or what the tier can address."""

    status = 5


class BudgetExceeded(Error, MemoryError):
    """Refused by a budget."""

    status = 6


class Busy(Error, BufferError):
    """Something is still borrowed, exported as a buffer, or in use."""

    status = 7


class OutOfMemory(Error, MemoryError):
    """The operating system or the allocator refused; what an allocator in Python raised is the cause."""

    status = 8


class PoolExhausted(Error, MemoryError):
    """No free slot, no free handle, or too many borrows at once."""

    status = 9


class Unsupported(Error, NotImplementedError):
    """Valid, but this tier, build, host or release does not offer it."""

    status = 10


class Corrupt(Error):
    """An integrity check failed. `first_bad` is the offset of the first bad block, where `verify()` found one."""

    status = 11
    first_bad: int | None = None


class FormatError(Error, ValueError):
    """A saved image is not one, is cut short, or its checksum is wrong."""

    status = 13


class StreamError(Error, OSError):
    """A file failed while an image was saved or loaded; what it raised is the cause."""

    status = 14


BY_STATUS: dict[int, type[Error]] = {kind.status: kind for kind in Error.__subclasses__()}


def failure(status: int, text: str | None = None) -> Error:
    """The exception of a status."""
    kind = BY_STATUS.get(status)
    if kind is not None:
        return kind(text)
    error = Error(f"status {status}")
    error.status = status
    return error


def check(status: int) -> None:
    """Raises what a status says, unless it says that all is well."""
    if status:
        raise failure(status)
