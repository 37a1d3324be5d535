# SPDX-License-Identifier: Apache-2.0 OR MIT
from __future__ import annotations

import copy
import io
import struct
from typing import Any

import pytest

import wrtmem
from wrtmem import AtomicOp, Budget, Flags, Memory, Pool, Tier, Verify

WHAT = "make, write, read, grow"

Make = Any


def test_a_new_memory_reads_as_zero(make: Make) -> None:
    assert bytes(make(100)) == bytes(100)


def test_what_is_written_is_read(make: Make) -> None:
    memory = make(100)
    memory.write(90, b"0123456789")
    assert memory.read(88, 12) == b"\0\x000123456789"
    memory.write(0, memoryview(b"abcdef")[1:4])
    memory.write(4, bytearray(b"xy"))
    assert memory[:7] == b"bcd\0xy\0"
    to = bytearray(3)
    memory.read_into(97, to)
    assert to == b"789"


@pytest.mark.parametrize("n", [0, 1, 65535, 65536, 70000])
def test_reads_of_any_length_are_copies(make: Make, n: int) -> None:
    memory = make(n)
    memory.fill(0, 7, n)
    read = memory.read(0, n)
    memory.fill(0, 8, n)
    assert read == b"\7" * n


@pytest.mark.what("out of bounds, huge offsets")
def test_a_range_outside_is_out_of_bounds_and_changes_nothing(make: Make) -> None:
    memory = make(100)
    before = bytes(memory)
    attempts: tuple[Any, ...] = (
        lambda: memory.read(90, 11),
        lambda: memory.read(0, 1 << 40),
        lambda: memory.read_into(100, bytearray(1)),
        lambda: memory.write(99, b"xy"),
        lambda: memory.fill(0, 1, 101),
        lambda: memory.copy(1, memory, 0, 100),
        lambda: memory.check(2**64 - 1, 1),
        lambda: memory.discard(101, 0),
        lambda: memory.borrow(0, 101),
        lambda: memory.borrow(101),
        lambda: memory.atomic_load(100, 4),
        lambda: memory[100],
        lambda: memory[-101],
    )
    for attempt in attempts:
        with pytest.raises(wrtmem.OutOfBounds) as caught:
            attempt()
        assert isinstance(caught.value, IndexError)
    assert bytes(memory) == before


def test_it_is_a_sequence_of_bytes(make: Make) -> None:
    memory, model = make(10), bytearray(10)
    for target in (memory, model):
        target[3] = 200
        target[-1] = 1
        target[4:7] = b"abc"
        target[::3] = b"wxyz"
        target[5::-2] = b"321"
    assert list(memory) == list(model)
    assert 200 not in memory or 200 in model
    for index in range(-10, 10):
        assert memory[index] == model[index]
    for part in (slice(None), slice(2, 5), slice(-3, None), slice(5, 2), slice(None, None, -1), slice(8, 1, -3)):
        assert memory[part] == model[part]
    with pytest.raises(ValueError, match="do not fit"):
        memory[0:3] = b"four"
    with pytest.raises(ValueError, match="do not fit"):
        memory[0:3] = b""
    assert bytes(memory) == model


def test_growth_shows_zeros_and_shrinking_forgets(make: Make) -> None:
    memory = make(0, page_len=1024)
    assert memory.grow(2) == 0
    assert memory.grow(0) == 2
    memory.fill(0, 9, 2048)
    memory.resize(1024)
    memory.resize(4096)
    assert memory[:] == b"\t" * 1024 + bytes(3072)
    with pytest.raises(wrtmem.LimitExceeded):
        memory.grow(1 << 40)
    with pytest.raises(wrtmem.Misaligned):
        memory.resize(1000)
    assert len(memory) == 4096
    memory.discard(0, 4096)
    assert not any(memory[:])


def test_copies_may_overlap_and_cross_memories(make: Make) -> None:
    memory, other = make(10), make(10)
    memory.write(0, b"0123456789")
    memory.copy(2, memory, 0, 8)
    other.copy(0, memory, 0, 10)
    assert memory[:] == other[:] == b"0101234567"
    assert memory.equal(other) and other.equal(memory) and memory.equal(memory)
    other[9] = 0
    assert not memory.equal(other)


def test_a_memory_may_be_written_from_its_own_buffer(make: Make) -> None:
    memory = make(10)
    memory.write(0, b"0123456789")
    with memory.borrow(0, 8) as view:
        memory.write(2, view)
    assert memory[:] == b"0101234567"


def test_clone_is_deep_and_reset_goes_back(make: Make) -> None:
    memory = make(10, name="original")
    memory.write(0, b"abc")
    clones = memory.clone(), copy.copy(memory), copy.deepcopy(memory)
    memory.reset()
    assert bytes(memory) == bytes(10)
    for clone in clones:
        assert clone[:3] == b"abc" and clone.info().name == "original"


def test_atomics_are_little_endian_and_cut_to_their_width(make: Make) -> None:
    memory = make(16)
    memory.atomic_store(8, 4, 0x1_0000_0005)
    assert memory[8:12] == b"\5\0\0\0"
    for op, old in ((AtomicOp.ADD, 5), (AtomicOp.SUB, 8), (AtomicOp.AND, 5), (AtomicOp.OR, 1), (AtomicOp.XOR, 3),
                    (AtomicOp.XCHG, 0)):
        assert memory.atomic_rmw(8, 4, op, 3) == old
    assert memory.atomic_cmpxchg(8, 4, 3, 9) == 3
    assert memory.atomic_cmpxchg(8, 4, 3, 10) == 9
    assert memory.atomic_load(8, 8) == 9
    for width, value in ((1, 2**8 - 1), (2, 2**16 - 1), (4, 2**32 - 1), (8, 2**64 - 1)):
        memory.atomic_store(0, width, 2**64 - 1)
        assert memory.atomic_load(0, width) == value
    with pytest.raises(wrtmem.Misaligned):
        memory.atomic_load(2, 4)
    with pytest.raises(wrtmem.InvalidArgument):
        memory.atomic_load(0, 3)
    with pytest.raises(wrtmem.InvalidArgument):
        memory.atomic_rmw(0, 4, 6, 1)


def test_what_happened_is_told(make: Make) -> None:
    memory = make(10, 100, flags=Flags.TRACK, name="ten")
    memory.write(0, b"abc")
    memory.read(0, 2)
    with pytest.raises(wrtmem.OutOfBounds):
        memory.read(5, 6)
    memory.resize(50)
    with pytest.raises(wrtmem.LimitExceeded):
        memory.resize(101)
    stats = memory.stats()
    assert (stats.reads, stats.writes, stats.bytes_read, stats.bytes_written, stats.denied) == (1, 1, 2, 3, 1)
    assert (stats.max_access, stats.regions, stats.resizes, stats.resize_failures) == (3, 1, 1, 1)
    history = memory.history()
    assert [tuple(change) for change in history.changes] == [(10, 50, 0), (50, 101, 5)]
    assert (history.denied_offset, history.denied_len) == (5, 6)
    info = memory.info()
    assert (info.tier, info.flags, info.verify) == (make.tier, Flags.TRACK, Verify.BASIC)
    assert (info.len, info.max_len, info.peak_len, info.borrows, info.name) == (50, 100, 50, 0, "ten")
    memory.clear_stats()
    assert set(memory.stats()) == {0} and memory.history().changes == ()
    assert "'ten': 50 of 100 bytes" in repr(memory)


@pytest.mark.parametrize("level", list(Verify))
def test_every_level_reads_what_was_written_and_can_be_left(make: Make, level: Verify) -> None:
    memory = make(300, verify=level)
    memory.write(10, b"x" * 200)
    memory.verify()
    for other in Verify:
        memory.set_verify(other)
        memory.verify()
        assert memory[10:210] == b"x" * 200
        assert memory.info().verify == (other or Verify.BASIC)


def test_bytes_changed_behind_its_back_are_corrupt_and_told(make: Make) -> None:
    """Through an address kept from a borrow that is over, as a stray pointer would have it."""
    import ctypes

    memory = make(1024, verify=Verify.STANDARD)
    with memory.borrow(0, 1024, writable=True) as view:
        address = ctypes.addressof(ctypes.c_char.from_buffer(view))
    memory.verify()
    ctypes.memset(address + 700, 1, 1)
    with pytest.raises(wrtmem.Corrupt) as caught:
        memory.verify()
    assert caught.value.first_bad is not None and caught.value.first_bad <= 700 < caught.value.first_bad + 512
    assert memory.stats().corrupt_blocks >= 1


def test_a_base_is_an_address_and_found(make: Make) -> None:
    memory = make(100)
    base = memory.base
    assert base % 16 == 0
    found, offset = wrtmem.find(base + 7)
    assert found is memory and offset == 7
    with pytest.raises(wrtmem.OutOfBounds):
        wrtmem.find(64)
    with pytest.raises(wrtmem.InvalidArgument):
        wrtmem.find(0)
    with pytest.raises(wrtmem.Unsupported):
        make(100, verify=Verify.STANDARD).base  # noqa: B018


def test_stable_memories_grow_while_they_are_borrowed(make: Make) -> None:
    memory = make(100, flags=Flags.STABLE)
    with memory.borrow(0, 50, writable=True) as view:
        memory.resize(200)
        view[0] = 5
        with pytest.raises(wrtmem.Busy):
            memory.resize(100)
    assert memory[0] == 5 and memory.info().base_stable


def test_files_read_into_it_and_write_from_it(make: Make) -> None:
    memory = make(8)
    assert io.BytesIO(b"01234567").readinto(memory) == 8
    with memory.borrow(2, 4, writable=True) as view:
        assert io.BytesIO(b"abcd").readinto(view) == 4
    out = io.BytesIO()
    out.write(memory)
    assert out.getvalue() == b"01abcd67"
    assert struct.unpack_from("<H", memory, 6) == (0x3736,)


def test_a_greatest_length_of_zero_is_one() -> None:
    with pytest.raises(wrtmem.LimitExceeded):
        Memory(1, 0)
    assert Memory(0, 0, tier=Tier.STD).info().max_len == 0
    assert Memory(0, tier=Tier.STD).info().max_len == 1 << 32
    with pytest.raises(wrtmem.InvalidArgument):
        Memory(0, tier=Tier.ALLOC)


def test_a_budget_bounds_memories_and_budgets(make: Make) -> None:
    company = Budget(100)
    team = Budget(80, company)
    first, second = make(50, budget=team), make(20, budget=company)
    with pytest.raises(wrtmem.BudgetExceeded) as caught:
        first.resize(81)
    assert isinstance(caught.value, MemoryError)
    with pytest.raises(wrtmem.BudgetExceeded):
        second.resize(51)
    with pytest.raises(wrtmem.Busy):
        team.close()
    assert (team.info(), company.info().used) == ((80, 50, 50, 1), 70)
    first.close()
    team.close()
    assert company.info().used == 20


def test_a_pool_gives_each_slot_once() -> None:
    pool = Pool(100, 2)
    first, second = Memory(10, pool=pool), Memory(20, pool=pool)
    assert first.info().tier is Tier.STATIC
    with pytest.raises(wrtmem.PoolExhausted):
        Memory(0, pool=pool)
    with pytest.raises(wrtmem.Busy):
        pool.close()
    assert pool.info() == (100, 2, 2, 2, 1)
    first.close()
    Memory(5, pool=pool).close()
    second.close()
    pool.close()
    assert pool.closed


def test_a_pool_uses_storage_that_is_given_and_keeps_its_size() -> None:
    storage = bytearray(b"\xff") * Pool.storage_len(64, 2)
    with Pool(64, 2, storage) as pool:
        with pytest.raises(BufferError):
            storage.append(1)
        with Memory(64, pool=pool) as memory:
            assert bytes(memory) == bytes(64)
    storage.append(1)
    with pytest.raises(ValueError, match="bytes of storage"):
        Pool(64, 2, bytearray(10))
    with pytest.raises(BufferError):
        Pool(64, 2, bytes(Pool.storage_len(64, 2)))


def test_the_library_tests_itself_and_gives_back_what_it_keeps() -> None:
    wrtmem.selftest()
    wrtmem.trim()
    assert wrtmem.__version__.count(".") == 2
    for tier in (Tier.STD, Tier.ALLOC, Tier.STATIC):
        info = wrtmem.tier_info(tier)
        assert info.available and info.max_len > 1 << 20 and Flags.TRACK in info.flags
    with pytest.raises(wrtmem.InvalidArgument):
        wrtmem.tier_info(9)
