# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Nothing stays behind: of Python's memory, of references, of slots and budgets, of mappings."""

from __future__ import annotations

import gc
import pathlib
import sys
import tracemalloc
from typing import Any

import numpy
import pytest

import wrtmem
from wrtmem import Memory, Pool

WHAT = "no leak"

Make = Any


class Own:
    def allocate(self, size: int, alignment: int) -> bytearray | None:
        return bytearray(size + alignment) if size < 5000 else None

    def deallocate(self, block: Any) -> None:
        pass


def references(own: Own) -> list[int]:
    return [sys.getrefcount(thing) for thing in (wrtmem.Borrow, wrtmem._core.Owner, Memory, own)]


def mapped() -> int:
    """How many mappings the process has, where that can be told."""
    maps = pathlib.Path("/proc/self/maps")
    return maps.read_text().count("\n") if maps.exists() else 0


def a_whole_life(make: Make, pool: Pool | None, own: Own) -> None:
    more: dict[str, Any] = {"pool": pool} if pool is not None else {}
    with make(100, 1000, **more) as memory:
        memory.write(0, b"x")
        memory.read(0, 100)
        memory.resize(1000)
        with memory.borrow(0, 10, writable=True) as view:
            view[0] = 1
        numpy.frombuffer(memory, dtype=numpy.uint8).sum()
        calls: tuple[Any, ...] = (
            lambda: memory.read(0, 1001),
            lambda: memory.resize(1001),
            lambda: memory.write(0, "text"),
        )
        for call in calls:
            try:
                call()
            except (wrtmem.Error, TypeError):
                pass
        memory.clone()
        memory.info(), memory.stats(), memory.history(), repr(memory)
    other = Memory(10, 10_000, allocator=own)
    try:
        other.resize(10_000)
    except wrtmem.OutOfMemory:
        pass
    abandoned = memoryview(other)
    del other
    del abandoned
    with wrtmem.Budget(100) as budget:
        Memory(50, 100, budget=budget)
    Pool(10, 1).info()


def test_a_thousand_lives_leave_nothing_behind(make: Make) -> None:
    pool = Pool(1000, 3) if make.tier is wrtmem.Tier.STATIC else None
    own = Own()
    for _ in range(50):
        a_whole_life(make, pool, own)
    gc.collect()
    counted, mappings = references(own), mapped()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(1000):
        a_whole_life(make, pool, own)
    gc.collect()
    left = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert left < 4_000  # a leak of one object a life would be more
    assert references(own) == counted
    assert mapped() <= mappings + 8
    if pool is not None:
        assert pool.info().used == 0
        pool.close()


def test_what_a_constructor_refuses_leaves_nothing_behind(make: Make) -> None:
    budget = wrtmem.Budget(10)
    pool = Pool(100, 1)
    for _ in range(100):
        with pytest.raises(wrtmem.BudgetExceeded):
            make(50, 100, budget=budget)
        with pytest.raises(wrtmem.LimitExceeded):
            Memory(101, pool=pool)
    assert budget.info().used == 0 and pool.info().used == 0
    budget.close()
    pool.close()
