# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Allocators that are written in Python."""

from __future__ import annotations

import itertools
import sys
import threading
import weakref
from typing import TYPE_CHECKING, Any, Protocol

from ._errors import failure
from ._library import pointer
from ._native import ffi, lib

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Allocator(Protocol):
    """Where a memory of the ALLOC tier has its bytes from: an object with these two methods.

    What they raise never gets into the library. `allocate()` that raises is a refusal, and the exception is the cause of
    the OutOfMemory that follows; one of `deallocate()` goes to `sys.unraisablehook`, as those of `__del__` do. Both may
    use other memories, but not the one that asks.

    A memory refers to its allocator, and does not end before it is closed or the last reference to it is gone.

    >>> class Counting:
    ...     blocks = 0
    ...     def allocate(self, size, alignment):
    ...         self.blocks += 1
    ...         return bytearray(size + alignment - 1)
    ...     def deallocate(self, block):
    ...         self.blocks -= 1
    >>> import wrtmem
    >>> counting = Counting()
    >>> with wrtmem.Memory(100, 1000, allocator=counting) as memory:
    ...     memory[:5] = b"hello"
    ...     counting.blocks
    1
    >>> counting.blocks
    0
    """

    def allocate(self, size: int, alignment: int, /) -> WriteableBuffer | None:
        """Gives any writable buffer (a bytearray, an mmap, an array) of at least `size` bytes, or None to refuse.

        If its address is not a multiple of `alignment`, it needs `alignment - 1` bytes more. It is exported, and so of
        a fixed place and size, until `deallocate()`.
        """

    def deallocate(self, block: WriteableBuffer, /) -> None:
        """Takes a block back."""


class Adapter:
    """An allocator as the library calls it. Lives as long as a memory that may call it.

    It holds the blocks, but the allocator weakly where it can: else the collector could not see that an allocator which
    refers to its memory is garbage. When the allocator is gone, its blocks just go.
    """

    __slots__ = ("__weakref__", "_blocks", "_find", "_raised", "struct")

    def __init__(self, allocator: Allocator) -> None:
        for name in ("allocate", "deallocate"):
            if not callable(getattr(allocator, name, None)):
                raise TypeError(f"an allocator needs a method {name}()")
        try:
            self._find: Any = weakref.ref(allocator)
        except TypeError:
            self._find = lambda: allocator
        self._blocks: dict[int, tuple[Any, Any, int]] = {}
        self._raised: dict[int, BaseException] = {}
        key = next(_keys)
        _adapters[key] = self
        self.struct = ffi.new("wrt_allocator *")
        self.struct.struct_size = ffi.sizeof("wrt_allocator")
        self.struct.context = ffi.cast("void *", key)
        self.struct.allocate = lib.wrtmem_allocate
        self.struct.deallocate = lib.wrtmem_deallocate

    def allocate(self, size: int, alignment: int) -> int:
        """The address of a new block, 0 when it is refused."""
        allocator = self._find()
        block = None if allocator is None else allocator.allocate(size, alignment)
        if block is None:
            return 0
        exported = ffi.from_buffer("uint8_t[]", block, require_writable=True)
        start = pointer(exported)
        end = start + len(exported)
        first = (start + alignment - 1) // alignment * alignment
        if any(first < other + n and other < first + size for other, (_, _, n) in list(self._blocks.items())):
            raise ValueError("a block that is still in use was given out again")
        if first + size > end:
            ffi.release(exported)
            allocator.deallocate(block)
            raise ValueError(f"a block of {end - start} bytes has no {size} that are aligned to {alignment}")
        self._blocks[first] = (exported, block, size)
        return first

    def deallocate(self, address: int) -> None:
        exported, block, _ = self._blocks.pop(address)
        ffi.release(exported)
        allocator = self._find()
        if allocator is not None:
            allocator.deallocate(block)

    def note(self, error: BaseException) -> None:
        """Keeps what was raised for the call of this thread that is in progress."""
        self._raised[threading.get_ident()] = error

    def noted(self) -> BaseException | None:
        return self._raised.pop(threading.get_ident(), None)


_keys = itertools.count(1)
_adapters: weakref.WeakValueDictionary[int, Adapter] = weakref.WeakValueDictionary()


def report(error: BaseException, where: object) -> None:
    """What nobody can be given."""
    told: Any = _Unraisable(type(error), error, error.__traceback__, "ignored in a callback of wrtmem", where)
    sys.unraisablehook(told)


class _Unraisable:
    """As sys.UnraisableHookArgs, which cannot be made."""

    def __init__(self, exc_type: Any, exc_value: Any, exc_traceback: Any, err_msg: str, object: Any) -> None:
        self.exc_type = exc_type
        self.exc_value = exc_value
        self.exc_traceback = exc_traceback
        self.err_msg = err_msg
        self.object = object


def settle(status: int, adapter: Adapter | None) -> None:
    """Ends a call that may have asked an allocator: raises what it has to."""
    raised = adapter.noted() if adapter is not None else None
    if raised is not None and not isinstance(raised, Exception):
        raise raised  # KeyboardInterrupt, SystemExit
    if status:
        raise failure(status) from raised
    if raised is not None:
        report(raised, adapter)  # the library got over the refusal


def _allocate(context: Any, size: int, alignment: int) -> Any:
    adapter = _adapters.get(pointer(context))
    if adapter is None:
        return ffi.NULL
    try:
        return ffi.cast("void *", adapter.allocate(size, alignment))
    except BaseException as error:
        adapter.note(error)
        return ffi.NULL


def _deallocate(context: Any, block: Any, size: int, alignment: int) -> None:
    adapter = _adapters.get(pointer(context))
    try:
        if adapter is not None:
            adapter.deallocate(pointer(block))
    except Exception as error:
        report(error, adapter)
    except BaseException as error:
        if adapter is not None:
            adapter.note(error)


ffi.def_extern(name="wrtmem_allocate", error=ffi.NULL)(_allocate)
ffi.def_extern(name="wrtmem_deallocate")(_deallocate)
