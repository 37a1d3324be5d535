# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Memories whose bytes come from Python."""

from __future__ import annotations

import gc
import mmap
import sys
import threading
import weakref
from typing import Any

import numpy
import pytest

import wrtmem
from wrtmem import Memory, Tier, Verify

WHAT = "an allocator in the language"
TIER = "alloc"


class Counting:
    """Gives bytearrays, counts them, and can be told to misbehave."""

    def __init__(self) -> None:
        self.live: list[Any] = []
        self.asked = 0
        self.before_allocate: Any = None
        self.before_deallocate: Any = None

    def allocate(self, size: int, alignment: int) -> Any:
        self.asked += 1
        if self.before_allocate is not None:
            given = self.before_allocate(size, alignment)
            if given is not NotImplemented:
                return given
        block = bytearray(b"\xee" * (size + alignment - 1))
        self.live.append(block)
        return block

    def deallocate(self, block: Any) -> None:
        self.live = [one for one in self.live if one is not block]
        if self.before_deallocate is not None:
            self.before_deallocate()


def raiser(error: BaseException) -> Any:
    def raise_it(*arguments: object) -> None:
        raise error

    return raise_it


def test_a_memorys_bytes_come_from_python_and_go_back() -> None:
    counting = Counting()
    memory = Memory(10, 1 << 20, allocator=counting)
    assert memory.info().tier is Tier.ALLOC
    assert bytes(memory) == bytes(10)  # whatever the blocks held
    memory.write(0, b"kept")
    for length in (1000, 100_000, 1 << 20, 5, 0):
        memory.resize(length)
    memory.resize(100)
    assert bytes(memory) == bytes(100)
    clone = memory.clone()
    assert len(counting.live) == 2
    memory.close()
    clone.close()
    assert counting.live == [] and counting.asked > 3


@pytest.mark.parametrize("level", list(Verify))
def test_every_level_works_over_an_allocator_in_python(level: Verify) -> None:
    counting = Counting()
    memory = Memory(100, 1 << 16, allocator=counting, verify=level, flags=wrtmem.Flags.TRACK)
    memory.resize(5000)
    memory.write(50, b"x" * 4000)
    memory.verify()
    memory.set_verify(Verify.OFF)
    memory.close()
    assert counting.live == []


@pytest.mark.parametrize(
    "block",
    [
        lambda size, alignment: mmap.mmap(-1, size),
        lambda size, alignment: numpy.zeros(size + alignment, dtype=numpy.uint8),
        lambda size, alignment: memoryview(bytearray(size + alignment)),
    ],
)
def test_any_writable_buffer_serves_as_a_block(block: Any) -> None:
    counting = Counting()
    counting.before_allocate = block
    with Memory(10, 1 << 16, allocator=counting) as memory:
        memory.resize(1 << 16)
        memory.fill(0, 3, 1 << 16)
        assert memory[65535] == 3


def test_a_block_that_is_in_use_keeps_its_place_and_size() -> None:
    counting = Counting()
    with Memory(10, 100, allocator=counting):
        block = counting.live[0]
        with pytest.raises(BufferError):
            block.append(1)
    block.append(1)


@pytest.mark.what("a callback that fails")
def test_a_refusal_and_what_it_raised_is_out_of_memory_and_changes_nothing() -> None:
    counting = Counting()
    memory = Memory(10, 1 << 20, allocator=counting)
    memory.write(0, b"0123456789")
    for misbehaviour, cause in (
        (lambda size, alignment: None, type(None)),
        (raiser(RuntimeError("no")), RuntimeError),
        (raiser(MemoryError()), MemoryError),
        (raiser(RecursionError()), RecursionError),
        (lambda size, alignment: b"read-only" * size, BufferError),
        (lambda size, alignment: bytearray(size - 1), ValueError),
        (lambda size, alignment: "text", TypeError),
        (lambda size, alignment: 4096, TypeError),
        (lambda size, alignment: memoryview(bytearray(4 * size))[::2], (BufferError, ValueError)),
    ):
        counting.before_allocate = misbehaviour
        attempts: tuple[Any, ...] = (
            lambda: memory.resize(1 << 20),
            lambda: memory.grow(1 << 19),
            lambda: memory.clone(),
            lambda: memory.set_verify(Verify.STANDARD),
            lambda: Memory(10, 100, allocator=counting),
        )
        for attempt in attempts:
            with pytest.raises(wrtmem.OutOfMemory) as caught:
                attempt()
            assert isinstance(caught.value, MemoryError)
            assert isinstance(caught.value.__cause__, cause)
        assert memory[:] == b"0123456789"
        counting.before_allocate = None
    memory.resize(1 << 20)


@pytest.mark.what("a callback that fails")
def test_a_block_that_the_memory_still_has_is_refused() -> None:
    counting = Counting()
    memory = Memory(10, 1 << 20, allocator=counting)
    memory.write(0, b"0123456789")
    counting.before_allocate = lambda size, alignment: counting.live[0]
    for attempt in (memory.clone, lambda: memory.resize(50)):
        with pytest.raises(wrtmem.OutOfMemory) as caught:
            attempt()
        assert "given out again" in str(caught.value.__cause__)
    assert memory[:] == b"0123456789" and len(counting.live) == 1


@pytest.mark.what("a callback that fails")
def test_an_interrupt_in_a_callback_is_raised_as_itself() -> None:
    counting = Counting()
    memory = Memory(10, 1 << 20, allocator=counting)
    for error in (KeyboardInterrupt, SystemExit):
        counting.before_allocate = raiser(error())
        with pytest.raises(error):
            memory.resize(1000)
        with pytest.raises(error):
            Memory(10, 100, allocator=counting)
        counting.before_allocate = None
        counting.before_deallocate = raiser(error())
        clone = memory.clone()
        with pytest.raises(error):
            clone.close()
        assert clone.closed
        counting.before_deallocate = None
    assert len(counting.live) == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.what("a callback that fails")
def test_what_giving_back_raises_is_told_and_the_memory_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    counting = Counting()
    memory = Memory(10, 1 << 20, allocator=counting)
    counting.before_deallocate = raiser(RuntimeError("not now"))
    memory.resize(100_000)
    assert len(memory) == 100_000 and len(told) == 1
    memory.close()
    assert [type(one.exc_value) for one in told] == [RuntimeError] * 2
    assert counting.live == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.what("a callback that fails")
def test_a_refusal_that_the_library_gets_over_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Growth asks for more than it needs first."""
    told: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    counting = Counting()
    memory = Memory(1000, 1 << 20, allocator=counting)

    def no_more_than(size: int, alignment: int) -> Any:
        if size > 1200:
            raise RuntimeError("too much")
        return NotImplemented

    counting.before_allocate = no_more_than
    memory.resize(1001)
    assert len(memory) == 1001
    assert [str(one.exc_value) for one in told] == ["too much"]


@pytest.mark.what("a callback that uses its memory")
def test_a_callback_that_uses_the_memory_in_progress_is_refused() -> None:
    counting = Counting()
    memory = Memory(10, 1 << 20, allocator=counting)
    seen: list[BaseException] = []

    def uses_it(size: int, alignment: int) -> Any:
        for attempt in (
            lambda: len(memory),
            lambda: memory.write(0, b"x"),
            lambda: memory.resize(1),
            lambda: memoryview(memory),
            memory.close,
        ):
            try:
                attempt()
            except wrtmem.Error as error:
                seen.append(error)
        other = Memory(5, 5)
        other.write(0, b"other")
        assert other[:] == b"other"
        return NotImplemented

    counting.before_allocate = uses_it
    memory.resize(100_000)
    assert [type(error) for error in seen] == [wrtmem.Busy] * len(seen) and len(seen) % 5 == 0 and seen
    assert len(memory) == 100_000


def test_a_view_that_ends_in_a_callback_is_given_back_after_the_call() -> None:
    counting = Counting()
    memory = Memory(10, 1000, allocator=counting)
    views = [memoryview(memory)]

    def ends_it(size: int, alignment: int) -> Any:
        views.clear()
        return NotImplemented

    counting.before_allocate = ends_it
    clone = memory.clone()
    assert views == [] and memory.info().borrows == 0
    clone.close()
    memory.close()
    assert counting.live == []


def test_an_allocator_that_refers_to_its_memory_is_collected_with_it() -> None:
    counting = Counting()
    counting.memory = Memory(10, 100, allocator=counting)  # type: ignore[attr-defined]
    counting.view = memoryview(counting.memory)  # type: ignore[attr-defined]
    gone = weakref.ref(counting)
    del counting
    gc.collect()
    assert gone() is None


def test_an_allocator_without_weak_references_serves_too() -> None:
    class Slim:
        __slots__ = ("n",)

        def __init__(self) -> None:
            self.n = 0

        def allocate(self, size: int, alignment: int) -> bytearray:
            self.n += 1
            return bytearray(size + alignment)

        def deallocate(self, block: Any) -> None:
            self.n -= 1

    slim = Slim()
    memory = Memory(10, 100, allocator=slim)
    assert slim.n == 1
    del memory
    assert slim.n == 0


def test_a_borrow_outlives_memory_and_allocator() -> None:
    memory = Memory(10, 100, allocator=Counting())
    memory.write(0, b"still here")
    view = memoryview(memory)
    del memory
    gc.collect()
    assert bytes(view) == b"still here"


def test_an_allocator_is_called_by_the_thread_that_calls() -> None:
    counting = Counting()
    callers: set[int] = set()

    def notes_the_thread(size: int, alignment: int) -> Any:
        callers.add(threading.get_ident())
        return NotImplemented

    counting.before_allocate = notes_the_thread
    made: list[Memory] = []
    threads = [
        threading.Thread(target=lambda: made.extend(Memory(10, 1000, allocator=counting) for _ in range(50)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 200 and len(counting.live) == 200 and 1 <= len(callers) <= 4
    made.clear()
    assert counting.live == []
