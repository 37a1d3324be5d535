# SPDX-License-Identifier: Apache-2.0 OR MIT
"""WebAssembly in wasmtime, in memories of ours: examples/wasmtime_host.py."""

from __future__ import annotations

import gc
import importlib.util
import mmap
import pathlib
import subprocess
import sys
import threading
from typing import Any

import pytest
import wasmtime

import wrtmem
from wrtmem import Budget, Memory, Tier

WHAT = "WebAssembly in wasmtime"

EXAMPLE = pathlib.Path(__file__).resolve().parent.parent / "examples" / "wasmtime_host.py"
PAGE = 65536


def load_example() -> Any:
    spec = importlib.util.spec_from_file_location("wasmtime_host", EXAMPLE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


host = load_example()


class Guest:
    """One instance of the example's program."""

    def __init__(self, engine: wasmtime.Engine, program: str = host.PROGRAM) -> None:
        self.store = wasmtime.Store(engine)
        self.instance = wasmtime.Instance(self.store, wasmtime.Module(engine, program), [])

    def call(self, name: str, *arguments: int) -> Any:
        function: Any = self.instance.exports(self.store)[name]
        return function(self.store, *arguments)


def only_memory(creator: Any) -> Memory:
    (memory,) = creator.memories.values()
    assert isinstance(memory, Memory)
    return memory


def test_a_guest_computes_grows_and_traps_in_our_memory(tier: Tier) -> None:
    creator = host.Creator(tier, limit=8 * PAGE)
    guest = Guest(creator.engine())
    memory = only_memory(creator)
    base = memory.base
    assert memory.info().tier is tier and base % mmap.PAGESIZE == 0
    assert memory[:36] == bytes(16) + b"hello from the guest"
    assert not any(memory[36:])
    assert guest.call("sum", 5000) == 5000 * 4999 // 2
    assert int.from_bytes(memory.read(8 * 4999, 8), "little") == 4999
    assert [guest.call("grow", pages) for pages in (2, 0, 6, 65535, 5, 1)] == [1, 3, -1, -1, 3, -1]
    assert guest.call("size") == 8 and len(memory) == 8 * PAGE and memory.base == base
    memory.write(8 * PAGE - 4, b"\x01\x02\x03\x04")
    assert guest.call("load", 8 * PAGE - 4) == 0x04030201
    for offset in (8 * PAGE - 3, 8 * PAGE, 2**31 - 4, -4):
        with pytest.raises(wasmtime.Trap):
            guest.call("load", offset)


def test_a_guest_may_start_without_a_page(tier: Tier) -> None:
    creator = host.Creator(tier, limit=4 * PAGE)
    program = '(module (memory (export "m") 0 3) (func (export "grow") (param i32) (result i32)' \
        " (memory.grow (local.get 0))))"
    guest = Guest(creator.engine(), program)
    assert len(only_memory(creator)) == 0 and only_memory(creator).base != 0
    assert (guest.call("grow", 3), guest.call("grow", 1)) == (0, -1)


def test_a_budget_over_all_guests_refuses_growth_and_memories(tier: Tier) -> None:
    budget = Budget(5 * PAGE)
    creator = host.Creator(tier, limit=8 * PAGE, budget=budget)
    engine = creator.engine()
    guests = [Guest(engine) for _ in range(3)]
    assert [guests[0].call("grow", 3), guests[0].call("grow", 2), guests[1].call("grow", 1)] == [-1, 1, -1]
    with pytest.raises(wasmtime.WasmtimeError, match="BUDGET"):
        Guest(engine)
    assert budget.info().used == 5 * PAGE
    del guests
    gc.collect()
    assert budget.info().used == 0 and creator.memories == {}
    Guest(engine)


def test_many_guests_in_turn_leave_nothing_behind(tier: Tier) -> None:
    creator = host.Creator(tier, limit=2 * PAGE, slots=4)
    engine = creator.engine()
    for _ in range(100):
        guest = Guest(engine)
        assert guest.call("load", PAGE - 4) == 0  # of the one before, who wrote there
        only_memory(creator).write(PAGE - 4, b"gone")
        del guest
    gc.collect()
    assert creator.made == 100 and creator.memories == {}
    del engine
    gc.collect()
    assert creator not in host._creators.values()


def test_a_guest_outlives_whatever_python_forgets(tier: Tier) -> None:
    guest = Guest(host.Creator(tier, limit=4 * PAGE).engine())
    gc.collect()
    assert guest.call("grow", 1) == 1 and guest.call("sum", 100) == 4950


def test_the_host_cannot_take_a_memory_from_under_its_guest(tier: Tier) -> None:
    creator = host.Creator(tier, limit=4 * PAGE)
    guest = Guest(creator.engine())
    memory = only_memory(creator)
    for attempt in (memory.close, memory.reset, lambda: memory.resize(0)):
        with pytest.raises(wrtmem.Busy):
            attempt()
    assert guest.call("grow", 1) == 1 and guest.call("sum", 100) == 4950


def test_guests_of_many_threads_have_memories_of_their_own(tier: Tier) -> None:
    creator = host.Creator(tier, limit=2 * PAGE, slots=8)
    engine = creator.engine()
    sums: list[int] = []

    def work(n: int) -> None:
        for _ in range(5):
            sums.append(Guest(engine).call("sum", n))

    threads = [threading.Thread(target=work, args=(1000 + n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sums) == sorted(n * (n - 1) // 2 for n in range(1000, 1004) for _ in range(5))
    assert creator.made == 20


def test_the_example_says_what_happened(tier: Tier) -> None:
    ended = subprocess.run(
        [sys.executable, EXAMPLE, tier.name.lower()], check=True, capture_output=True, text=True
    )
    assert "hello from the guest" in ended.stdout and "499500" in ended.stdout
    assert "from 1 to 4" in ended.stdout and "999 pages: -1" in ended.stdout
    assert "MEMORY_OUT_OF_BOUNDS" in ended.stdout and tier.name in ended.stdout.splitlines()[-1]
    assert ended.stderr == ""
