# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Random sequences of calls against a bytearray, on every tier and level."""

from __future__ import annotations

import io
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

import wrtmem
from wrtmem import AtomicOp, Borrow, Flags, Image, Memory, Pool, Tier, Verify

WHAT = "random calls against a bytearray"

MAX = 4096
SETTINGS = settings(
    max_examples=int(os.environ.get("WRTMEM_EXAMPLES", "40")),
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
OFFSETS = st.one_of(st.integers(0, MAX + 64), st.integers(0, 2**64 - 1))
LENGTHS = st.one_of(st.integers(0, 200), st.integers(0, MAX + 64), st.integers(0, 2**64 - 1))
DATA = st.binary(max_size=300)
WIDTHS = st.sampled_from([1, 2, 4, 8])


class Model(RuleBasedStateMachine):
    """The memory does what a bytearray with a length, a greatest length and borrows would."""

    tier = Tier.STD
    level = Verify.BASIC

    @initialize(length=st.integers(0, 32), page=st.sampled_from([1, 16, 64]), stable=st.booleans())
    def start(self, length: int, page: int, stable: bool) -> None:
        self.page = page
        self.stable = stable
        self.first = length * page
        self.pool = Pool(MAX, 8) if self.tier is Tier.STATIC else None
        self.memory = Memory(
            self.first,
            MAX,
            tier=self.tier,
            page_len=page,
            verify=self.level,
            pool=self.pool,
            flags=Flags.STABLE if stable else 0,
        )
        self.model = bytearray(self.first)
        self.borrows: list[tuple[Borrow, memoryview | None, int, int]] = []

    # ---- what ought to happen

    def inside(self, offset: int, n: int) -> bool:
        return offset <= len(self.model) and n <= len(self.model) - offset

    def expect(self, error: type[Exception] | None, call: Any) -> Any:
        if error is None:
            return call()
        before = bytes(self.memory.read(0, len(self.memory)))
        with pytest.raises(error):
            call()
        assert self.memory.read(0, len(self.memory)) == before
        return None

    def bounds(self, *ranges: tuple[int, int]) -> type[Exception] | None:
        return None if all(self.inside(*one) for one in ranges) else wrtmem.OutOfBounds

    def length_error(self, new: int) -> type[Exception] | None:
        if new == len(self.model):
            return None
        if new % self.page:
            return wrtmem.Misaligned
        if new > MAX:
            return wrtmem.LimitExceeded
        grows = new > len(self.model)
        return wrtmem.Busy if self.borrows and not (grows and self.stable) else None

    def set_length(self, new: int) -> None:
        del self.model[new:]
        self.model.extend(bytes(new - len(self.model)))

    # ---- the calls

    @rule(offset=OFFSETS, data=DATA)
    def write(self, offset: int, data: bytes) -> None:
        error = self.bounds((offset, len(data)))
        self.expect(error, lambda: self.memory.write(offset, data))
        if error is None:
            self.model[offset : offset + len(data)] = data

    @rule(offset=OFFSETS, n=LENGTHS)
    def read(self, offset: int, n: int) -> None:
        read = self.expect(self.bounds((offset, n)), lambda: self.memory.read(offset, n))
        assert read is None or read == self.model[offset : offset + n]

    @rule(offset=OFFSETS, value=st.integers(0, 255), n=LENGTHS)
    def fill(self, offset: int, value: int, n: int) -> None:
        error = self.bounds((offset, n))
        self.expect(error, lambda: self.memory.fill(offset, value, n))
        if error is None:
            self.model[offset : offset + n] = bytes([value]) * n

    @rule(to=OFFSETS, source=OFFSETS, n=LENGTHS)
    def copy(self, to: int, source: int, n: int) -> None:
        error = self.bounds((to, n), (source, n))
        self.expect(error, lambda: self.memory.copy(to, self.memory, source, n))
        if error is None:
            self.model[to : to + n] = bytes(self.model[source : source + n])

    @rule(offset=OFFSETS, n=LENGTHS)
    def discard(self, offset: int, n: int) -> None:
        error = self.bounds((offset, n))
        self.expect(error, lambda: self.memory.discard(offset, n))
        if error is None:
            self.model[offset : offset + n] = bytes(n)

    @rule(start=st.integers(-MAX, MAX), stop=st.integers(-MAX, MAX), step=st.sampled_from([1, 1, 2, -1, -3]))
    def slice(self, start: int, stop: int, step: int) -> None:
        assert self.memory[start:stop:step] == self.model[start:stop:step]

    @rule(index=st.integers(-MAX, MAX), value=st.integers(0, 255))
    def item(self, index: int, value: int) -> None:
        is_inside = -len(self.model) <= index < len(self.model)
        self.expect(None if is_inside else wrtmem.OutOfBounds, lambda: self.memory.__setitem__(index, value))
        if is_inside:
            self.model[index] = value
            assert self.memory[index] == value

    @rule(new=st.one_of(st.integers(0, MAX // 64).map(lambda n: n * 64), LENGTHS))
    def resize(self, new: int) -> None:
        error = self.length_error(new)
        self.expect(error, lambda: self.memory.resize(new))
        if error is None:
            self.set_length(new)

    @rule(pages=st.one_of(st.integers(0, 20), st.integers(0, 2**64 - 1)))
    def grow(self, pages: int) -> None:
        new = len(self.model) + pages * self.page
        error = wrtmem.LimitExceeded if new > MAX else self.length_error(new)
        old = self.expect(error, lambda: self.memory.grow(pages))
        if error is None:
            assert old == len(self.model) // self.page
            self.set_length(new)

    @rule()
    def reset(self) -> None:
        error = wrtmem.Busy if self.borrows else None
        self.expect(error, self.memory.reset)
        if error is None:
            self.model = bytearray(self.first)

    @rule()
    def clone(self) -> None:
        error = wrtmem.Busy if any(borrow.writable for borrow, *_ in self.borrows) else None
        clone = self.expect(error, self.memory.clone)
        if clone is not None:
            assert clone.equal(self.memory) and clone[:] == self.model
            clone.close()

    @rule()
    def freeze(self) -> None:
        """What an image starts, after a way through a file, is as the memory was, and goes back to that."""
        error: type[Exception] | None = wrtmem.Busy if any(borrow.writable for borrow, *_ in self.borrows) else None
        image = self.expect(error, self.memory.freeze)
        if image is None:
            return
        saved = io.BytesIO()
        image.save(saved)
        saved.seek(0)
        loaded = Image.load(saved, tier=self.tier, max_len=MAX, pool=self.pool)
        with image, loaded:
            others = [Memory(max_len=MAX, tier=self.tier, pool=self.pool, image=one) for one in (image, loaded)]
        for other in others:
            with other:
                assert other.equal(self.memory)
                other.fill(0, 0xA5, len(other))
                other.reset()
                assert other[:] == self.model

    @rule()
    def close(self) -> None:
        if self.borrows:
            self.expect(wrtmem.Busy, self.memory.close)

    @rule(offset=OFFSETS, width=WIDTHS, op=st.sampled_from(AtomicOp), operand=st.integers(0, 2**64 - 1))
    def atomic(self, offset: int, width: int, op: AtomicOp, operand: int) -> None:
        error = wrtmem.Misaligned if offset % width else self.bounds((offset, width))
        old = self.expect(error, lambda: self.memory.atomic_rmw(offset, width, op, operand))
        if error is not None:
            return
        place = slice(offset, offset + width)
        assert old == int.from_bytes(self.model[place], "little")
        new = (old + operand, old - operand, old & operand, old | operand, old ^ operand, operand)[op]
        self.model[place] = (new % 2 ** (8 * width)).to_bytes(width, "little")
        assert self.memory.atomic_load(offset, width) == new % 2 ** (8 * width)

    @rule(offset=OFFSETS, n=LENGTHS, writable=st.booleans(), view=st.booleans())
    def borrow(self, offset: int, n: int, writable: bool, view: bool) -> None:
        error = self.bounds((offset, n))
        overlaps = any(
            (writable or other.writable) and offset < at + length and at < offset + n and n and length
            for other, _, at, length in self.borrows
        )
        if error is None and overlaps:
            error = wrtmem.Busy
        if error is None and len(self.borrows) >= 32:
            return
        borrow = self.expect(error, lambda: self.memory.borrow(offset, n, writable=writable))
        if borrow is not None:
            self.borrows.append((borrow, memoryview(borrow) if view else None, offset, n))

    @precondition(lambda self: self.borrows)
    @rule(which=st.integers(0, 31), data=DATA)
    def use(self, which: int, data: bytes) -> None:
        borrow, view, offset, n = self.borrows[which % len(self.borrows)]
        with memoryview(borrow) as lent:
            assert lent == self.model[offset : offset + n]
            if borrow.writable:
                lent[: len(data)] = data[:n]
                self.model[offset : offset + len(data[:n])] = data[:n]
        assert view is None or view == self.model[offset : offset + n]

    @precondition(lambda self: self.borrows)
    @rule(which=st.integers(0, 31), drop=st.booleans())
    def give_back(self, which: int, drop: bool) -> None:
        borrow, view, *_ = self.borrows.pop(which % len(self.borrows))
        if view is not None and not drop:
            with pytest.raises(wrtmem.Busy):
                borrow.release()
            view.release()
        if not drop:
            borrow.release()

    @rule(level=st.sampled_from(list(Verify)))
    def set_verify(self, level: Verify) -> None:
        self.expect(wrtmem.Busy if self.borrows else None, lambda: self.memory.set_verify(level))

    @invariant()
    def is_as_the_model(self) -> None:
        if not hasattr(self, "memory"):
            return
        assert len(self.memory) == len(self.model)
        assert self.memory.info().borrows == len(self.borrows)
        assert self.memory.read(0, len(self.model)) == self.model
        self.memory.verify()

    def teardown(self) -> None:
        if hasattr(self, "memory"):
            self.borrows.clear()
            self.memory.close()


@pytest.mark.parametrize("level", list(Verify)[1:], ids=lambda level: level.name.lower())
def test_random_calls_do_what_a_bytearray_would(tier: Tier, level: Verify) -> None:
    machine = type("Machine", (Model,), {"tier": tier, "level": level})
    run_state_machine_as_test(machine, settings=SETTINGS)
