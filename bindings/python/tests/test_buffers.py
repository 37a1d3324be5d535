# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Bytes without a copy, and what a live export forbids."""

from __future__ import annotations

import gc
from typing import Any

import numpy
import pytest

import wrtmem
from wrtmem import Memory, Verify

WHAT = "buffers without a copy, memoryview and numpy"

Make = Any


def refused_while_exported(memory: Memory) -> None:
    for attempt in (
        lambda: memory.resize(1),
        lambda: memory.grow(1),
        lambda: memory.reset(),
        lambda: memory.close(),
        lambda: memory.set_verify(Verify.FULL),
    ):
        with pytest.raises(wrtmem.Busy) as caught:
            attempt()
        assert isinstance(caught.value, BufferError)


def test_a_memoryview_is_the_memorys_own_bytes(make: Make) -> None:
    memory = make(100)
    view = memoryview(memory)
    memory.write(3, b"abc")
    assert view.readonly and view.nbytes == 100 and bytes(view[3:6]) == b"abc"
    refused_while_exported(memory)
    assert memory.info().borrows == 1
    part = view[3:5]
    view.release()
    refused_while_exported(memory)  # part still is one
    assert bytes(part) == b"ab"
    part.release()
    memory.resize(1)


def test_a_numpy_array_is_the_memorys_own_bytes(make: Make) -> None:
    memory = make(4096)
    borrow = memory.borrow(8, 800, writable=True)
    array = numpy.frombuffer(borrow, dtype="<u4")
    del borrow
    array[:] = numpy.arange(200)
    array *= 3
    assert memory.read(8 + 4 * 10, 4) == (30).to_bytes(4, "little")
    refused_while_exported(memory)
    column = array.reshape(20, 10)[:, 3]
    del array
    refused_while_exported(memory)
    assert column[1] == 39
    del column
    assert memory.info().borrows == 0
    memory.resize(1)


def test_a_numpy_array_of_the_memory_itself_keeps_it_as_it_is(make: Make) -> None:
    memory = make(100)
    array = numpy.frombuffer(memory, dtype=numpy.uint8)
    assert not array.flags.writeable
    refused_while_exported(memory)
    memory[5] = 77
    assert array[5] == 77
    other = numpy.asarray(memory)
    assert other.shape == (100,) and other[5] == 77
    del array, other
    memory.close()


def test_a_with_statement_ends_the_view_and_the_borrow(make: Make) -> None:
    memory = make(100)
    with memory.borrow(10, 5, writable=True) as view:
        view[:] = b"hello"
        refused_while_exported(memory)
    with pytest.raises(ValueError, match="released"):
        view[0]
    assert memory.info().borrows == 0 and memory[10:15] == b"hello"


def test_a_buffer_that_outlives_the_with_statement_is_busy_and_stays_valid(make: Make) -> None:
    memory = make(100)
    kept: Any = None
    with pytest.raises(wrtmem.Busy, match="still in use"):
        with memory.borrow(0, 5, writable=True) as view:
            kept = view[1:3]
    kept[0] = 9
    assert memory[1] == 9
    refused_while_exported(memory)
    del kept
    memory.close()


def test_a_released_borrow_lends_nothing(make: Make) -> None:
    memory = make(100)
    borrow = memory.borrow(0, 10)
    assert (len(borrow), borrow.released, borrow.writable) == (10, False, False)
    borrow.release()
    assert (len(borrow), borrow.released) == (0, True)
    with pytest.raises(wrtmem.InvalidHandle):
        borrow.release()
    with pytest.raises(wrtmem.InvalidHandle):
        memoryview(borrow)
    with pytest.raises(wrtmem.InvalidHandle):
        with borrow:
            pass
    memory.resize(5)


def test_a_borrow_for_reading_cannot_be_written(make: Make) -> None:
    memory = make(100)
    borrow = memory.borrow()
    with pytest.raises(BufferError):
        memory.read_into(0, borrow)
    with pytest.raises(TypeError):
        memoryview(borrow)[0] = 1
    array = numpy.frombuffer(borrow, dtype=numpy.uint8)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


def test_borrows_for_reading_overlap_and_one_for_writing_does_not(make: Make) -> None:
    memory = make(100)
    first, second = memory.borrow(0, 50), memory.borrow(25, 50)
    with pytest.raises(wrtmem.Busy):
        memory.borrow(40, 20, writable=True)
    third = memory.borrow(75, writable=True)
    with pytest.raises(wrtmem.Busy):
        memoryview(memory)
    assert memory.info().borrows == 3 and len(third) == 25
    with pytest.raises(wrtmem.Busy):
        memory.clone()
    del first, second, third
    memory.clone()


def test_too_many_borrows_are_refused_and_none_is_lost(make: Make) -> None:
    memory = make(100)
    borrows = []
    with pytest.raises(wrtmem.PoolExhausted):
        for _ in range(10_000):
            borrows.append(memory.borrow(0, 1))
    assert len(borrows) >= 64
    borrows.clear()
    memory.close()


def test_an_empty_borrow_has_no_bytes_and_is_one(make: Make) -> None:
    memory = make(0)
    view = memoryview(memory)
    assert bytes(view) == b""
    with pytest.raises(wrtmem.Busy):
        memory.resize(1)
    view.release()
    memory.resize(1)


@pytest.mark.parametrize("level", [Verify.STANDARD, Verify.SAMPLING, Verify.FULL, Verify.REDUNDANT])
def test_what_is_written_to_a_borrow_is_sealed_at_its_end(make: Make, level: Verify) -> None:
    memory = make(1000, verify=level)
    with memory.borrow(100, 500, writable=True) as view:
        view[:] = b"z" * 500
    memory.verify()
    array = numpy.frombuffer(memory.borrow(600, 100, writable=True), dtype=numpy.uint8)
    array[:] = 1
    del array
    memory.verify()
    assert memory[599:601] == b"z\1"


def test_a_memory_lives_as_long_as_what_borrows_it(make: Make) -> None:
    pool = wrtmem.Pool(1000, 1) if make.tier is wrtmem.Tier.STATIC else None
    budget = wrtmem.Budget(1000)
    memory = make(100, 1000, budget=budget, **({"pool": pool} if pool else {}))
    memory.write(0, b"kept")
    view = memoryview(memory)
    array = numpy.frombuffer(memory, dtype=numpy.uint8)
    del memory, pool
    gc.collect()
    assert bytes(view[:4]) == b"kept" and array[0] == ord("k")
    assert budget.info().used == 100
    view.release()
    assert array[1] == ord("e")
    del array
    assert budget.info().used == 0
    budget.close()
