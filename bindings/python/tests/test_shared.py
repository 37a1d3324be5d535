# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Memories of many threads, and guards, where the library has them."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

import wrtmem
from wrtmem import AtomicOp, Features, Flags, Memory, Wait

WHAT = "guards, memories of many threads, wait and notify, or their refusal"

Make = Any


def shared(make: Make) -> Memory | None:
    """One for many threads; None where the tier has none, and says so."""
    if make.offers(Flags.SHARED):
        memory: Memory = make(65536, 4 * 65536, page_len=65536, flags=Flags.SHARED)
        return memory
    with pytest.raises(wrtmem.Unsupported):
        make(65536, 4 * 65536, page_len=65536, flags=Flags.SHARED)
    return None


def test_many_threads_add_to_one_number(make: Make) -> None:
    memory = shared(make)
    if memory is None:
        return

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


def test_a_waiting_thread_is_woken_and_keeps_the_memory(make: Make) -> None:
    memory = shared(make)
    if memory is None or not make.has(Features.WAIT):
        with pytest.raises(wrtmem.Unsupported):
            make(65536).wait(0, 4, 0, 0)
        assert make(65536).notify(0) == 0
        return
    assert memory.wait(0, 4, 1) is Wait.NOT_EQUAL
    assert memory.wait(0, 8, 0, 0.001) is Wait.TIMED_OUT
    ended: list[Wait] = []
    thread = threading.Thread(target=lambda: ended.append(memory.wait(0, 4, 0)))
    thread.start()
    while memory.notify(0, 0) == 0 and not ended:
        with pytest.raises(wrtmem.Busy):
            memory.close()
        if memory.notify(0) == 1:
            break
        time.sleep(0.001)
    thread.join()
    assert ended == [Wait.WOKEN]
    memory.close()
    with pytest.raises(wrtmem.InvalidHandle):
        memory.wait(0, 4, 0)


def test_a_guarded_memory_grows_where_it_is(make: Make) -> None:
    if not make.offers(Flags.GUARD):
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
        if not make.offers(flag):
            with pytest.raises(wrtmem.Unsupported):
                make(65536, flags=flag)
            continue
        memory = make(65536, flags=flag)
        memory.write(0, b"here")
        memory.resize(2 * 65536)
        assert memory[:4] == b"here" and memory.info().flags == flag
