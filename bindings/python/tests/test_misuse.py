# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Bad use ends in an error of Python's: what would crash ends these tests."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import subprocess
import sys
import textwrap
import threading
from typing import Any

import pytest

import wrtmem
from wrtmem import Budget, Flags, Image, Memory, Pool, Tier

WHAT = "cycles, signals, subclasses, the end of the program"

Make = Any

CALLS: dict[str, tuple[Any, ...]] = {
    "check": (0, 1),
    "read": (0, 1),
    "read_into": (0, bytearray(1)),
    "write": (0, b"x"),
    "fill": (0, 1, 1),
    "resize": (1,),
    "grow": (0,),
    "discard": (0, 1),
    "borrow": (0, 1),
    "set_verify": (2,),
    "atomic_load": (0, 1),
    "atomic_store": (0, 1, 1),
    "atomic_rmw": (0, 1, 0, 1),
    "atomic_cmpxchg": (0, 1, 1, 1),
    "notify": (0, 1),
    "clone": (),
    "freeze": (),
    "reset": (),
    "verify": (),
    "info": (),
    "stats": (),
    "history": (),
    "clear_stats": (),
    "__len__": (),
    "__getitem__": (0,),
    "__setitem__": (0, 1),
}
HUGE = (2**63, 2**64 - 1, 2**64, 2**100)
NEGATIVE = (-(2**100), -(2**63))


@pytest.mark.what("use after close")
def test_every_call_after_close_is_an_invalid_handle(make: Make) -> None:
    memory = make(10)
    memory.close()
    assert memory.closed
    for name, arguments in {**CALLS, "wait": (0, 4, 0, 0)}.items():
        with pytest.raises(wrtmem.InvalidHandle) as caught:
            getattr(memory, name)(*arguments)
        assert isinstance(caught.value, ValueError), name
    for function in (memoryview, bytes, list):
        with pytest.raises(wrtmem.InvalidHandle):
            function(memory)
    other = make(10)
    for pair in ((memory, other), (other, memory)):
        with pytest.raises(wrtmem.InvalidHandle):
            pair[0].copy(0, pair[1], 0, 1)
        with pytest.raises(wrtmem.InvalidHandle):
            pair[0].equal(pair[1])
    other.close()  # nobody has its turn
    with pytest.raises(wrtmem.InvalidHandle):
        memory.base  # noqa: B018
    assert "closed" in repr(memory)


@pytest.mark.what("close twice")
def test_closing_twice_is_an_error_and_a_with_statement_forgives_one(make: Make) -> None:
    things: list[Any] = [make(10), Pool(10, 1), Budget(10)]
    for thing in things:
        thing.close()
        with pytest.raises(wrtmem.InvalidHandle):
            thing.close()
    with make(10) as memory:
        memory.close()


@pytest.mark.what("use after close")
def test_a_closed_pool_budget_or_parent_makes_nothing() -> None:
    pool, budget = Pool(10, 1), Budget(10)
    pool.close()
    budget.close()
    with pytest.raises(wrtmem.InvalidHandle):
        Memory(1, pool=pool)
    with pytest.raises(wrtmem.InvalidHandle):
        Memory(1, 10, budget=budget)
    with pytest.raises(wrtmem.InvalidHandle):
        Budget(1, budget)
    with pytest.raises(wrtmem.InvalidHandle):
        pool.info()
    with pytest.raises(wrtmem.InvalidHandle):
        budget.info()


@pytest.mark.what("wrong types and kinds")
def test_wrong_types_are_type_errors(make: Make) -> None:
    memory = make(10)
    for name, arguments in CALLS.items():
        for at, right in enumerate(arguments):
            for wrong in ("text", 1.5, None, [], object(), b"x" if isinstance(right, int) else 3):
                if name == "borrow" and at == 1 and wrong is None:
                    continue  # all that is behind the offset
                given = list(arguments)
                given[at] = wrong
                with pytest.raises((TypeError, BufferError)):
                    getattr(memory, name)(*given)
    for name in ("copy", "equal"):
        with pytest.raises(TypeError):
            getattr(memory, name)(*((0, object(), 0, 1) if name == "copy" else (bytes(10),)))
    assert bytes(memory) == bytes(10) and memory.info().borrows == 0


@pytest.mark.what("out of bounds, huge offsets")
def test_huge_and_negative_numbers_are_errors(make: Make) -> None:
    memory = make(10)
    for name, arguments in CALLS.items():
        for at, right in enumerate(arguments):
            if not isinstance(right, int):
                continue
            for number in HUGE + NEGATIVE + ((-1,) if not name.startswith("__") else ()):
                if (name, at) in (("atomic_store", 2), ("atomic_rmw", 3), ("atomic_cmpxchg", 2), ("atomic_cmpxchg", 3)):
                    if 0 <= number < 2**64:
                        continue  # cut to the width
                given = list(arguments)
                given[at] = number
                with pytest.raises((wrtmem.Error, OverflowError, ValueError)):
                    getattr(memory, name)(*given)
    for number in HUGE + NEGATIVE + (-1,):
        with pytest.raises((wrtmem.Error, OverflowError)):
            make(number)
        with pytest.raises((wrtmem.Error, OverflowError)):
            Memory(0, number, tier=Tier.ALLOC, page_len=4096)
        with pytest.raises((wrtmem.Error, OverflowError)):
            Pool(number, 2)
        with pytest.raises((wrtmem.Error, OverflowError)):
            Pool(2, number)
    with pytest.raises(OverflowError):
        Budget(-1)
    for value in (256, -1):
        with pytest.raises(OverflowError):
            memory[0] = value
    assert bytes(memory) == bytes(10) and memory.info().borrows == 0


@pytest.mark.what("wrong types and kinds")
def test_wrong_arguments_of_a_constructor_are_errors() -> None:
    wrong: list[dict[str, Any]] = [
        {"pool": Budget(1)},
        {"budget": Pool(1, 1)},
        {"image": Pool(1, 1)},
        {"allocator": object()},
        {"tier": "std"},
        {"name": b"bytes"},
        {"initial_len": "10"},
        {"flags": None},
    ]
    for arguments in wrong:
        with pytest.raises(TypeError):
            Memory(**arguments)
    with pytest.raises(wrtmem.InvalidArgument):
        Memory(0, tier=77)
    with pytest.raises(wrtmem.InvalidArgument):
        Memory(0, flags=1 << 31)
    with pytest.raises(wrtmem.InvalidArgument):
        Memory(0, verify=-5)
    with pytest.raises(wrtmem.InvalidArgument):
        Memory(0, 10, pool=Pool(10, 1), tier=Tier.STD)
    with pytest.raises(TypeError):
        Budget(1, Pool(1, 1))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Image()
    with pytest.raises(TypeError):
        Pool(10, 1, "storage")  # type: ignore[arg-type]


def test_what_was_never_initialised_is_an_error() -> None:
    for kind in (Memory, Pool, Budget, Image):
        empty = kind.__new__(kind)
        with pytest.raises(AttributeError):
            empty.close()
    with pytest.raises(AttributeError):
        memoryview(Memory.__new__(Memory))
    for hidden in (wrtmem.Borrow, wrtmem._core.Owner):
        with pytest.raises(TypeError):
            hidden()


def test_initialising_twice_leaves_the_first_to_what_borrows_it() -> None:
    pool = Pool(100, 2)
    memory = Memory(10, pool=pool)
    view = memoryview(memory)
    memory.__init__(20, pool=pool)  # type: ignore[misc]
    assert (len(view), len(memory), pool.info().used) == (10, 20, 2)
    view.release()
    assert pool.info().used == 1


def test_a_subclass_that_lends_nonsense_is_an_error() -> None:
    class Liar(Memory):
        def _lend(self, writable: bool) -> Any:
            return b"nonsense"

    with pytest.raises(TypeError, match="Borrow"):
        memoryview(Liar(10, 10))


def test_memories_and_borrows_cannot_be_pickled(make: Make) -> None:
    memory = make(10)
    for thing in (memory, memory.borrow(), Pool(1, 1), Budget(1)):
        with pytest.raises(TypeError):
            pickle.dumps(thing)
    with pytest.raises(TypeError):
        copy.deepcopy(Pool(1, 1))


def test_what_the_collector_finds_in_a_cycle_gives_everything_back() -> None:
    pool = Pool(100, 8)

    class Holder:
        pass

    for _ in range(3):
        holder: Any = Holder()
        holder.memory = Memory(10, pool=pool)
        holder.view = memoryview(holder.memory)
        holder.borrow = holder.memory.borrow(0, 5)
        holder.part = memoryview(holder.borrow)[1:]
        holder.self = holder
        del holder
    assert pool.info().used == 3
    gc.collect()
    assert pool.info().used == 0
    pool.close()


@pytest.mark.what("threads")
def test_threads_take_turns_on_one_memory(make: Make) -> None:
    memory = make(8, 1 << 20)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            for step in range(300):
                memory.atomic_rmw(0, 8, 0, 1)
                with memory.borrow(0, 8):
                    pass
                try:
                    memory.resize(8 + step * 64)
                except wrtmem.Busy:
                    pass  # another thread has borrowed
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors and memory.atomic_load(0, 8) == 1200 and memory.info().borrows == 0


@pytest.mark.what("threads")
def test_closing_under_other_threads_ends_in_their_errors(make: Make) -> None:
    for _ in range(20):
        memory = make(1000)
        unexpected: list[BaseException] = []
        ready = threading.Barrier(4)

        def work(memory: Memory = memory, unexpected: list[BaseException] = unexpected) -> None:
            ready.wait()
            try:
                for _ in range(10_000):
                    memory.fill(0, 1, 1000)
                    memory.copy(0, memory, 500, 500)
                    bytes(memory)
            except wrtmem.InvalidHandle:
                pass
            except BaseException as error:
                unexpected.append(error)

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        ready.wait()
        while not memory.closed:
            try:
                memory.close()
            except wrtmem.Busy:
                pass  # bytes(memory) of a thread
        for thread in threads:
            thread.join()
        assert not unexpected


@pytest.mark.what("threads")
def test_a_borrow_dropped_by_another_thread_is_given_back(make: Make) -> None:
    memory = make(1000)
    for _ in range(200):
        views = [memory.borrow(0, 10)]
        thread = threading.Thread(target=views.clear)
        thread.start()
        memory.fill(0, 1, 1000)
        thread.join()
    assert memory.info().borrows == 0
    memory.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.what("fork")
def test_a_forked_child_goes_on_with_its_own_copy(make: Make) -> None:
    memory = make(100)
    memory.write(0, b"parent")
    view = memoryview(memory)
    child = os.fork()
    if child == 0:
        try:
            assert bytes(view[:6]) == b"parent"
            view.release()
            memory.write(0, b"child!")
            memory.resize(50)
            memory.close()
            make(10).write(0, b"new")
            os._exit(0)
        except BaseException:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    assert memory[:6] == b"parent" and len(memory) == 100


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.what("fork")
def test_what_another_thread_was_in_when_the_process_forked_is_busy_in_the_child() -> None:
    inside, leave = threading.Event(), threading.Event()

    class Slow:
        block = False

        def allocate(self, size: int, alignment: int) -> bytearray:
            if self.block:
                inside.set()
                leave.wait()
            return bytearray(size + alignment)

        def deallocate(self, block: object) -> None:
            pass

    slow = Slow()
    memory = Memory(10, 1 << 20, allocator=slow)
    slow.block = True
    thread = threading.Thread(target=memory.resize, args=(100_000,))
    thread.start()
    inside.wait()
    child = os.fork()
    if child == 0:
        refused = 0
        for attempt in (lambda: len(memory), lambda: memory.write(0, b"x"), memory.close, lambda: memoryview(memory)):
            try:
                attempt()
            except wrtmem.Busy:
                refused += 1
        Memory(10, 10).close()
        os._exit(0 if refused == 4 else 1)
    leave.set()
    thread.join()
    assert os.waitpid(child, 0)[1] == 0
    assert len(memory) == 100_000


def test_a_signal_handler_that_uses_the_memory_sees_an_error_or_the_memory(make: Make) -> None:
    import signal

    memory = make(1 << 20)
    seen: list[str] = []

    def handler(number: int, frame: object) -> None:
        try:
            seen.append(str(len(memory)))
        except wrtmem.Busy:
            seen.append("busy")

    before = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        while len(seen) < 20:
            memory.fill(0, 1, 1 << 20)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert set(seen) <= {"busy", str(1 << 20)}


def test_a_program_that_ends_with_everything_open_ends_well(make: Make) -> None:
    program = f"""
        import wrtmem
        class Own:
            def allocate(self, size, alignment): return bytearray(size + alignment)
            def deallocate(self, block): pass
        pool = wrtmem.Pool(1000, 2)
        memories = [wrtmem.Memory(10, 1000, tier={int(make.tier)}, **({{"pool": pool}} if {int(make.tier)} == 3 else {{}}))]
        memories.append(wrtmem.Memory(10, 1000, allocator=Own()))
        views = [memoryview(memory) for memory in memories]
        cycle = [memories[1]]
        cycle.append(cycle)
        wrtmem.kept = memories, views
        print("done")
    """
    ended = subprocess.run([sys.executable, "-X", "dev", "-c", textwrap.dedent(program)], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "done\n", "")


def test_flags_that_a_tier_lacks_are_unsupported(make: Make) -> None:
    for flag in Flags:
        if flag is Flags.EXACT_MAX or make.offers(flag):
            make(0, 1 << 20, flags=flag, page_len=65536).close()
        else:
            with pytest.raises(wrtmem.Unsupported):
                make(0, 1 << 20, flags=flag, page_len=65536)
