# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Memories of many threads, and guards."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

import wrtmem
from wrtmem import AtomicOp, Features, Flags, Memory, Tier, Wait

WHAT = "guards, memories of many threads, wait and notify"

Make = Any


def shared(make: Make) -> Memory:
    """One for many threads, which every tier has."""
    memory: Memory = make(65536, 4 * 65536, page_len=65536, flags=Flags.SHARED)
    return memory


def test_many_threads_add_to_one_number(make: Make) -> None:
    memory = shared(make)

    def work() -> None:
        for _ in range(1000):
            memory.atomic_rmw(64, 8, AtomicOp.ADD, 3)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert memory.grow(1) == 1
    for thread in threads:
        thread.join()
    assert memory.atomic_load(64, 8) == 12_000
    with pytest.raises(wrtmem.Unsupported):
        memory.resize(65536)
    with pytest.raises(wrtmem.Unsupported):
        memory.borrow()
    with pytest.raises(wrtmem.Unsupported):
        memoryview(memory)
    memory.close()


def test_wait_and_notify(make: Make) -> None:
    assert make.has(Features.WAIT)
    alone = make(65536)
    with pytest.raises(wrtmem.Unsupported):
        alone.wait(0, 4, 0, 0)
    assert alone.notify(0) == 0
    memory = shared(make)
    assert memory.wait(0, 4, 1) is Wait.NOT_EQUAL
    assert memory.wait(0, 8, 0, 0.001) is Wait.TIMED_OUT
    for wrong in (2.0**64, float("nan"), float("inf"), "text"):
        with pytest.raises((OverflowError, ValueError, TypeError)):
            memory.wait(0, 4, 0, wrong)  # type: ignore[arg-type]
    ended: list[Wait] = []
    thread = threading.Thread(target=lambda: ended.append(memory.wait(0, 4, 0)))
    thread.start()
    while memory.notify(0) == 0:
        time.sleep(0.001)
    thread.join()
    assert ended == [Wait.WOKEN]


def test_a_memory_that_a_thread_waits_in_cannot_be_closed(make: Make) -> None:
    """Nobody can see that a thread sleeps without waking it; so it is given more and more time to."""
    for attempt in range(12):
        memory = shared(make)
        ended: list[Any] = []

        def sleep(memory: Memory = memory, ended: list[Any] = ended) -> None:
            try:
                ended.append(memory.wait(0, 4, 0))
            except wrtmem.InvalidHandle as error:
                ended.append(error)

        thread = threading.Thread(target=sleep)
        thread.start()
        time.sleep(0.001 * 2**attempt)
        try:
            memory.close()
        except wrtmem.Busy:
            while memory.notify(0) == 0:
                time.sleep(0.001)
            thread.join()
            assert ended == [Wait.WOKEN]
            memory.close()
            return
        thread.join()
        assert type(ended[0]) is wrtmem.InvalidHandle  # it came too late
    raise AssertionError("a memory in use was closed")


def test_a_guarded_memory_grows_where_it_is(make: Make) -> None:
    assert make.offers(Flags.GUARD) == (make.tier is Tier.STD)
    if make.tier is not Tier.STD:
        with pytest.raises(wrtmem.Unsupported):
            make(65536, 4 * 65536, page_len=65536, flags=Flags.GUARD)
        return
    memory = make(65536, 4 * 65536, page_len=65536, flags=Flags.GUARD, guard_len=65536)
    base = memory.base
    with memory.borrow() as view:
        memory.grow(3)
        assert len(view) == 65536
    assert memory.base == base and len(memory) == 4 * 65536
    found, offset = wrtmem.find(base + 4 * 65536 - 1)
    assert found is memory and offset == 4 * 65536 - 1


def test_committed_and_huge_memories_are_as_others(make: Make) -> None:
    for flag in (Flags.COMMIT, Flags.HUGE):
        assert make.offers(flag)
        memory = make(65536, flags=flag)
        memory.write(0, b"here")
        memory.resize(2 * 65536)
        assert memory[:4] == b"here" and memory.info().flags == flag
