# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A short life of everything, without pytest: for Valgrind, with PYTHONMALLOC=malloc."""

from __future__ import annotations

import gc
import io
from typing import Any

import wrtmem
from wrtmem import Image, Memory, Pool, Tier, Verify


class Own:
    refuses = False

    def allocate(self, size: int, alignment: int) -> bytearray:
        if self.refuses:
            raise RuntimeError("no")
        return bytearray(size + alignment)

    def deallocate(self, block: Any) -> None:
        pass


def refused(kind: type[Exception], call: Any, *arguments: Any) -> None:
    try:
        call(*arguments)
    except kind:
        return
    raise AssertionError(f"{call} was not refused")


def live(tier: Tier, level: Verify, own: Own | None, pool: Pool | None) -> None:
    memory = Memory(100, 5000, tier=tier, verify=level, allocator=own, pool=pool)
    memory.write(10, b"hello")
    memory.resize(5000)
    with memory.borrow(0, 100, writable=True) as view:
        view[50:55] = b"world"
        refused(wrtmem.Busy, memory.resize, 10)
    assert memory[10:15] + memory[50:55] == b"helloworld"
    refused(wrtmem.OutOfBounds, memory.read, 4999, 2)
    refused(TypeError, memory.write, 0, "text")
    memory.verify()
    image = memory.freeze()
    saved = io.BytesIO()
    image.save(saved)
    saved.seek(0)
    loaded = Image.load(saved, tier=tier, max_len=5000, allocator=own, pool=pool)
    other = Memory(max_len=5000, tier=tier, allocator=own, pool=pool, image=loaded)
    loaded.close()
    other.fill(0, 1, 5000)
    other.reset()
    assert other.equal(memory)
    kept = memoryview(memory)
    clone = memory.clone()
    memory.__init__(1, 1)  # type: ignore[misc]
    assert bytes(kept[10:15]) == b"hello"
    if own is not None:
        own.refuses = True
        refused(wrtmem.OutOfMemory, clone.clone)
        own.refuses = False
    clone.close()
    refused(wrtmem.InvalidHandle, clone.close)
    cycle: list[Any] = [memory, kept, image, other]
    cycle.append(cycle)


for tier in (Tier.STD, Tier.ALLOC, Tier.STATIC):
    for level in (Verify.BASIC, Verify.REDUNDANT):
        pool = Pool(5000, 12) if tier is Tier.STATIC else None
        live(tier, level, Own() if tier is Tier.ALLOC else None, pool)
        gc.collect()
        assert pool is None or pool.info().used == 0
print("done")
