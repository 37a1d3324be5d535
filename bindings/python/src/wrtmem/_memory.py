# SPDX-License-Identifier: Apache-2.0 OR MIT
from __future__ import annotations

import operator
import weakref
from typing import TYPE_CHECKING, Any, SupportsIndex, overload

from . import _core
from ._allocator import Adapter, Allocator, settle
from ._budget import Budget
from ._closing import Closing, filled, owner_of
from ._config import Config
from ._core import Borrow, Owner
from ._errors import Corrupt, check, failure
from ._image import Image
from ._info import Change, History, MemoryInfo, MemoryStats
from ._library import pointer
from ._native import ffi, lib
from ._numbers import AtomicOp, Flags, Tier, Verify, Wait
from ._pool import Pool

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_memories: weakref.WeakValueDictionary[int, Memory] = weakref.WeakValueDictionary()
_BYTES = ffi.typeof("uint8_t[]")
_CHARS = ffi.typeof("char[]")  # unpacks to bytes
_uncleared = ffi.new_allocator(should_clear_after_alloc=False)

# From this length on a read asks first whether it is inside, before it makes room for what it reads.
_ASKS_FIRST = 65536


class Memory(Closing, _core.Lends):
    """A linear memory: bytes that read as zero until they are written, and that can grow.

    It is a sequence of bytes, and has the buffer protocol:

    >>> import wrtmem
    >>> memory = wrtmem.Memory.wasm(1, 4, tier=wrtmem.Tier.STD)
    >>> memory[100:105] = b"hello"
    >>> memory[100], memory[101:103], len(memory)
    (104, b'el', 65536)
    >>> memory.grow(1)
    1
    >>> memory.write(2 * 65536, b"beyond")
    Traceback (most recent call last):
    wrtmem.OutOfBounds: WRT_ERR_OUT_OF_BOUNDS: the range is not inside the memory's length

    A call that is refused raises an Error and has changed nothing. Each method is the function of that name of the C
    ABI. Calls of several threads take turns, except with SHARED, where they may be under way at the same time. A call
    from within a call on the same memory, by an allocator or a signal handler, is Busy.

    `bytes(memory)`, `memoryview(memory)` and all else that reads a buffer borrow the bytes as long as the buffer lives;
    what asks for a writable one, such as `file.readinto(memory)`, borrows them for writing. For a writable memoryview or
    numpy array see `borrow()`. While anything is borrowed, what could move or end the bytes raises Busy, which is a
    BufferError: close, reset, set_verify and changes of length, save growth with STABLE, GUARD or SHARED.
    """

    __slots__ = ("__weakref__", "_adapter", "_held", "_keep", "_owner")

    _adapter: Adapter | None
    _held: tuple[Any, ...]
    _keep: tuple[Any, ...]

    def __init__(
        self,
        initial_len: int = 0,
        max_len: int | None = None,
        *,
        tier: Tier | int = Tier.DEFAULT,
        page_len: int = 0,
        flags: Flags | int = 0,
        verify: Verify | int = Verify.DEFAULT,
        sample_interval: int = 0,
        allocator: Allocator | None = None,
        pool: Pool | None = None,
        budget: Budget | None = None,
        image: Image | None = None,
        name: str | None = None,
        reserve_len: int = 0,
        guard_len: int = 0,
    ) -> None:
        """Makes a memory of `initial_len` bytes that can grow to `max_len`; None is the tier's greatest (ALLOC has none).

        Lengths are in bytes and multiples of `page_len`. The tier follows from a pool or an allocator that is given.
        With an image, what is 0 or None is the image's. `name` is for reports.
        """
        config = Config(
            max_len,
            allocator,
            pool,
            tier=tier,
            initial_len=initial_len,
            page_len=page_len,
            flags=flags,
            verify=verify,
            sample_interval=sample_interval,
            reserve_len=reserve_len,
            guard_len=guard_len,
        )
        config.use("budget", budget, Budget)
        config.use("image", image, Image)
        if name is not None:
            if not isinstance(name, str):
                raise TypeError(f"a name is a str, not {type(name).__name__}")
            named = ffi.new("char[]", name.encode())
            config.struct.name = named
        out = ffi.new("wrt_mem **")
        with config.entered() as struct:
            status = lib.wrt_mem_create_config(struct, out)
        if not status:
            shared = bool(flags & lib.WRT_MEM_SHARED)
            self._become(out[0], config.adapter, tuple(config.keep), tuple(config.held), shared)
        settle(status, config.adapter)

    def _become(
        self, handle: Any, adapter: Adapter | None, keep: tuple[Any, ...], held: tuple[Any, ...], shared: bool
    ) -> None:
        self._owner = owner_of("mem", handle, keep, in_turn=not shared)
        self._adapter = adapter
        self._keep = keep
        self._held = held
        _memories[pointer(handle)] = self

    @classmethod
    def wasm(cls, initial: int, maximum: int | None = None, **more: Any) -> Memory:
        """A memory of so many WebAssembly pages of 64 KiB; `more` is as for `Memory()`."""
        return cls(initial * 65536, None if maximum is None else maximum * 65536, page_len=65536, **more)

    # ---- life

    def close(self) -> None:
        """Destroys the memory; Busy while anything is borrowed, InvalidHandle the second time."""
        status = self._owner.close()
        if self._owner.closed:
            self._held = ()
            self._keep = ()
        settle(status, self._adapter)

    def clone(self) -> Memory:
        """Another memory with the same configuration, length and bytes."""
        out = ffi.new("wrt_mem **")
        with self._owner as mem:
            status = lib.wrt_mem_clone(mem, out)
            shared = not status and bool(filled(lib.wrt_mem_get_info, out[0], "wrt_mem_info").flags & Flags.SHARED)
        clone: Memory = Memory.__new__(Memory)
        if not status:
            clone._become(out[0], self._adapter, self._keep, self._held, shared)
        settle(status, self._adapter)
        return clone

    def __copy__(self) -> Memory:
        return self.clone()

    def __deepcopy__(self, memo: object) -> Memory:
        return self.clone()

    def freeze(self) -> Image:
        """An image of its bytes and length, to start other memories from."""
        out = ffi.new("wrt_image **")
        with self._owner as mem:
            status = lib.wrt_image_create(mem, out)
        image = Image._of(out[0], self._keep, self._held) if not status else None
        settle(status, self._adapter)
        assert image is not None
        return image

    def reset(self) -> None:
        """Back to what it was at creation."""
        with self._owner as mem:
            status = lib.wrt_mem_reset(mem)
        settle(status, self._adapter)

    # ---- access by copy

    def __len__(self) -> int:
        out = ffi.new("uint64_t *")
        with self._owner as mem:
            status = lib.wrt_mem_len(mem, out)
        check(status)
        return int(out[0])

    def check(self, offset: int, n: int) -> None:
        """OutOfBounds unless `n` bytes at `offset` are inside."""
        with self._owner as mem:
            status = lib.wrt_mem_check(mem, offset, n)
        if status:
            raise failure(status)

    def read(self, offset: int, n: int) -> bytes:
        """A copy of `n` bytes at `offset`."""
        if n >= _ASKS_FIRST:
            self.check(offset, n)
        to = _uncleared(_CHARS, n)
        with self._owner as mem:
            status = lib.wrt_mem_read(mem, offset, to, n)
        if status:
            raise failure(status)
        copied: bytes = ffi.unpack(to, n)
        return copied

    def read_into(self, offset: int, to: WriteableBuffer) -> None:
        """Copies bytes at `offset` to a writable buffer, as many as it has."""
        buffer = ffi.from_buffer(_BYTES, to, True)
        with self._owner as mem:
            status = lib.wrt_mem_read(mem, offset, buffer, len(buffer))
        if status:
            raise failure(status)

    def write(self, offset: int, data: ReadableBuffer) -> None:
        """Copies a buffer to `offset`."""
        buffer = data if type(data) is bytes else ffi.from_buffer(_BYTES, data)
        with self._owner as mem:
            status = lib.wrt_mem_write(mem, offset, buffer, len(buffer))
        if status:
            raise failure(status)

    def fill(self, offset: int, value: int, n: int) -> None:
        """Sets `n` bytes at `offset` to `value`."""
        with self._owner as mem:
            status = lib.wrt_mem_fill(mem, offset, value, n)
        if status:
            raise failure(status)

    def copy(self, offset: int, source: Memory, source_offset: int, n: int) -> None:
        """Copies `n` bytes of `source` to `offset`; it may be this memory, and the ranges may overlap."""
        with _both(self, source) as (mem, other):
            status = lib.wrt_mem_copy(mem, offset, other, source_offset, n)
        check(status)

    def equal(self, other: Memory) -> bool:
        """Whether both have the same length and the same bytes."""
        out = ffi.new("int32_t *")
        with _both(self, other) as (mem, its):
            status = lib.wrt_mem_equal(mem, its, out)
        check(status)
        return bool(out[0])

    @overload
    def __getitem__(self, index: SupportsIndex) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> bytes: ...
    def __getitem__(self, index: SupportsIndex | slice) -> int | bytes:
        """The byte at an index, or a copy of a slice."""
        if not isinstance(index, slice):
            return self.read(self._place(index), 1)[0]
        places = range(*index.indices(len(self)))
        if not places:
            return b""
        first = min(places[0], places[-1])
        return self.read(first, abs(places[-1] - places[0]) + 1)[:: places.step]

    @overload
    def __setitem__(self, index: SupportsIndex, value: int) -> None: ...
    @overload
    def __setitem__(self, index: slice, value: ReadableBuffer) -> None: ...
    def __setitem__(self, index: SupportsIndex | slice, value: Any) -> None:
        """Writes a byte, or a buffer of the slice's length: the memory keeps its own."""
        if not isinstance(index, slice):
            self.fill(self._place(index), value, 1)
            return
        places = range(*index.indices(len(self)))
        data = memoryview(value).cast("B")
        if len(data) != len(places):
            raise ValueError(f"{len(data)} bytes do not fit a slice of {len(places)}")
        if places.step == 1:
            self.write(places.start, data)
        elif places:
            first, last = sorted((places[0], places[-1]))
            with self.borrow(first, last - first + 1, writable=True) as view:
                view[:: places.step] = data

    def _place(self, index: SupportsIndex) -> int:
        place = operator.index(index)
        return place if place >= 0 else self._from_the_end(place)

    def _from_the_end(self, index: int) -> int:
        place = len(self) + index
        if place < 0:
            raise failure(lib.WRT_ERR_OUT_OF_BOUNDS)
        return place

    # ---- length

    def resize(self, new_len: int) -> None:
        """Sets the length in bytes; new bytes are zero."""
        with self._owner as mem:
            status = lib.wrt_mem_resize(mem, new_len)
        settle(status, self._adapter)

    def grow(self, delta_pages: int) -> int:
        """Grows by pages of `page_len` and gives the old length in pages."""
        out = ffi.new("uint64_t *")
        with self._owner as mem:
            status = lib.wrt_mem_grow(mem, delta_pages, out)
        settle(status, self._adapter)
        return int(out[0])

    def discard(self, offset: int, n: int) -> None:
        """Makes `n` bytes at `offset` zero and gives whole pages of the system back."""
        with self._owner as mem:
            status = lib.wrt_mem_discard(mem, offset, n)
        check(status)

    # ---- no copy

    def borrow(self, offset: int = 0, n: int | None = None, *, writable: bool = False) -> Borrow:
        """Lends `n` bytes at `offset`, or all behind it, without a copy.

        >>> import wrtmem
        >>> memory = wrtmem.Memory(16, 64)
        >>> with memory.borrow(4, 4, writable=True) as view:
        ...     view[:] = b"abcd"
        ...     memory.resize(32)
        Traceback (most recent call last):
        wrtmem.Busy: WRT_ERR_BUSY: something is still borrowed or in use
        >>> memory[3:9]
        b'\\x00abcd\\x00'

        Borrows for reading may overlap, one for writing overlaps no other.
        """
        access = lib.WRT_BORROW_READ | (lib.WRT_BORROW_WRITE if writable else 0)
        out = ffi.new("void **")
        owner = self._owner
        with owner as mem:
            if n is None:
                n = self._behind(mem, offset)
            status = lib.wrt_mem_borrow(mem, offset, n, access, out)
            if not status:
                return _core.lend(owner, pointer(out[0]), n, writable)
        raise failure(status)

    def _behind(self, mem: Any, offset: int) -> int:
        out = ffi.new("uint64_t *")
        check(lib.wrt_mem_len(mem, out))
        return max(int(out[0]) - offset, 0)

    def _lend(self, writable: bool) -> Borrow:
        """What the buffer protocol asks for."""
        return self.borrow(writable=writable)

    @property
    def base(self) -> int:
        """The address of the first byte, for foreign code; it may change with the length, unless STABLE.

        Nothing can protect what is done with it. Unsupported from STANDARD on, where every write must be seen.
        """
        out = ffi.new("wrt_view **")
        with self._owner as mem:
            check(lib.wrt_mem_view(mem, out))
            return pointer(out[0].base)

    # ---- integrity, and what happened

    def verify(self) -> None:
        """Checks what it keeps; the Corrupt that it raises has the offset of the first bad block."""
        bad = ffi.new("uint64_t *", 2**64 - 1)
        with self._owner as mem:
            status = lib.wrt_mem_verify(mem, bad)
        if not status:
            return
        error = failure(status)
        if isinstance(error, Corrupt) and bad[0] != 2**64 - 1:
            error.first_bad = int(bad[0])
        raise error

    def set_verify(self, level: Verify | int) -> None:
        """Changes how much it checks of itself."""
        with self._owner as mem:
            status = lib.wrt_mem_set_verify(mem, level)
        settle(status, self._adapter)

    def info(self) -> MemoryInfo:
        """What it is at the moment."""
        with self._owner as mem:
            out = filled(lib.wrt_mem_get_info, mem, "wrt_mem_info")
        return MemoryInfo(
            Tier(out.tier),
            Flags(out.flags),
            Verify(out.verify),
            out.len,
            out.max_len,
            out.page_len,
            out.capacity,
            out.committed,
            out.peak_len,
            out.borrows,
            bool(out.base_stable),
            ffi.string(out.name).decode(errors="replace"),
        )

    def stats(self) -> MemoryStats:
        """What happened to it so far."""
        with self._owner as mem:
            out = filled(lib.wrt_mem_get_stats, mem, "wrt_mem_stats")
        return MemoryStats(*(getattr(out, name) for name in MemoryStats._fields))

    def history(self) -> History:
        """Its last changes of length and its last denied access, with TRACK."""
        with self._owner as mem:
            out = filled(lib.wrt_mem_get_history, mem, "wrt_mem_history")
        changes = (out.changes[at] for at in range(out.count))
        told = tuple(Change(getattr(one, "from"), one.to, one.status) for one in changes)
        return History(told, out.denied_offset, out.denied_len)

    def clear_stats(self) -> None:
        """Sets the numbers of `stats()` back to 0 and forgets the history."""
        with self._owner as mem:
            status = lib.wrt_mem_clear_stats(mem)
        check(status)

    # ---- atomics

    def atomic_load(self, offset: int, width: int) -> int:
        """Loads `width` bytes (1, 2, 4 or 8) as one little-endian value."""
        out = ffi.new("uint64_t *")
        with self._owner as mem:
            status = lib.wrt_mem_atomic_load(mem, offset, width, out)
        check(status)
        return int(out[0])

    def atomic_store(self, offset: int, width: int, value: int) -> None:
        """Stores `value` to `width` bytes at once."""
        with self._owner as mem:
            status = lib.wrt_mem_atomic_store(mem, offset, width, value)
        check(status)

    def atomic_rmw(self, offset: int, width: int, op: AtomicOp | int, operand: int) -> int:
        """Combines `width` bytes with `operand` and gives the old value."""
        out = ffi.new("uint64_t *")
        with self._owner as mem:
            status = lib.wrt_mem_atomic_rmw(mem, offset, width, op, operand, out)
        check(status)
        return int(out[0])

    def atomic_cmpxchg(self, offset: int, width: int, expected: int, replacement: int) -> int:
        """Stores `replacement` if `expected` is there, and gives the old value either way."""
        out = ffi.new("uint64_t *")
        with self._owner as mem:
            status = lib.wrt_mem_atomic_cmpxchg(mem, offset, width, expected, replacement, out)
        check(status)
        return int(out[0])

    def wait(self, offset: int, width: int, expected: int, timeout: float | None = None) -> Wait:
        """Sleeps until `notify()`, for `timeout` seconds at most, if `width` bytes (4 or 8) hold `expected`; with SHARED.

        Signals are handled when it has ended.
        """
        nanoseconds = -1 if timeout is None else max(0, int(timeout * 1e9))
        out = ffi.new("int32_t *")
        with self._owner as mem:
            status = lib.wrt_mem_wait(mem, offset, width, expected, nanoseconds, out)
        check(status)
        return Wait(out[0])

    def notify(self, offset: int, count: int = 2**32 - 1) -> int:
        """Wakes up to `count` threads that wait at `offset`, and says how many."""
        out = ffi.new("uint32_t *")
        with self._owner as mem:
            status = lib.wrt_mem_notify(mem, offset, count, out)
        check(status)
        return int(out[0])

    def __repr__(self) -> str:
        try:
            info = self.info()
        except Exception as error:
            return f"<wrtmem.Memory: {error}>"
        name = f" {info.name!r}" if info.name else ""
        return f"<wrtmem.Memory{name}: {info.len} of {info.max_len} bytes, {info.tier.name}>"


class _both:
    """The turns of two memories, always in the same order, and of one only once."""

    def __init__(self, first: Memory, second: Memory) -> None:
        for one in (first, second):
            if not isinstance(one, Memory):
                raise TypeError(f"a Memory is wanted, not {type(one).__name__}")
        self._wanted = first._owner, second._owner
        self._taken: list[Owner] = []

    def __enter__(self) -> tuple[Any, Any]:
        handles = {}
        try:
            for owner in sorted(set(self._wanted), key=id):
                handles[owner] = owner.__enter__()
                self._taken.append(owner)
        except BaseException:
            self.__exit__()
            raise
        first, second = self._wanted
        return handles[first], handles[second]

    def __exit__(self, *error: object) -> None:
        while self._taken:
            self._taken.pop().__exit__(None, None, None)


def find(address: int) -> tuple[Memory, int]:
    """The memory that an address lies in, and at which offset, past its length too; OutOfBounds when there is none."""
    out, offset = ffi.new("wrt_mem **"), ffi.new("uint64_t *")
    check(lib.wrt_fault_find(ffi.cast("void *", address), out, offset))
    memory = _memories.get(pointer(out[0]))
    if memory is None:
        raise failure(lib.WRT_ERR_OUT_OF_BOUNDS)
    return memory, int(offset[0])
