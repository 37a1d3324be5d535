# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#   python examples/wasmtime_host.py [std|alloc|static]
"""Hosts WebAssembly in PyPI's wasmtime, in memories of libwrtmem's: the hook wasmtime_config_host_memory_creator_set.

What wasmtime asks of such memories, and how it is kept:

- zero-filled: new bytes of a wrtmem memory are;
- aligned to a page of the system: STD is, ALLOC takes its blocks from an mmap, STATIC puts its pool where slots are;
- the base is never NULL, and does not move within the capacity: STABLE, and the capacity is the greatest length;
- unreachable over the reservation and the guard behind it: GUARD where the library has it; else wasmtime is told to rely
  on neither, and compiles a check before each access;
- a memory that stays as long as wasmtime uses it: a borrow of no bytes, so that closing it or cutting it is Busy;
- a creator that many threads may call: Python's lock sees to that, and memories are made independently;
- no copy-on-write initialisation, which would map files over the memory's pages: the host switches it off.
"""

from __future__ import annotations

import ctypes
import itertools
import mmap
import sys
from typing import Any

import wasmtime
from wasmtime import _bindings as c

import wrtmem
from wrtmem import Borrow, Budget, Flags, Memory, Pool, Tier

PAGE = 65536


class Mapped:
    """An allocator of blocks that are aligned to pages of the system."""

    def allocate(self, size: int, alignment: int) -> mmap.mmap:
        return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)

    def deallocate(self, block: Any) -> None:
        block.close()


def aligned_pool(slot_len: int, slots: int) -> Pool:
    """A pool whose slots, of a multiple of a page each, begin at pages of the system."""
    storage = mmap.mmap(
        -1, Pool.storage_len(slot_len, slots) + mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    )
    with Pool(slot_len, slots, storage) as pool, Memory(0, pool=pool) as probe:
        shift = -probe.base % mmap.PAGESIZE
        probe.close()
    return Pool(slot_len, slots, memoryview(storage)[shift:])


class Creator:
    """Makes the memories of an engine's instances, on one tier, of at most `limit` bytes each."""

    def __init__(
        self, tier: Tier = Tier.STD, *, limit: int = 64 * PAGE, budget: Budget | None = None, slots: int = 16
    ) -> None:
        self.tier = tier
        self.limit = limit
        self.budget = budget
        self.allocator = Mapped() if tier is Tier.ALLOC else None
        self.pool = aligned_pool(limit, slots) if tier is Tier.STATIC else None
        self.guarded = Flags.GUARD in wrtmem.tier_info(tier).flags
        self.memories: dict[int, Memory] = {}
        self.borrows: dict[int, Borrow] = {}
        self.made = 0

    def engine(self) -> wasmtime.Engine:
        """An engine whose instances have their memories from here."""
        config = wasmtime.Config()
        config.memory_init_cow = False
        if not self.guarded:
            config.memory_reservation = 0
            config.memory_guard_size = 0
        config.memory_reservation_for_growth = 0
        key = next(_keys)
        _creators[key] = self
        c.wasmtime_config_host_memory_creator_set(config.ptr(), c.wasmtime_memory_creator_t(key, _NEW, _END_OF_CREATOR))
        return wasmtime.Engine(config)

    def create(self, minimum: int, maximum: int, reserved: int, guard: int) -> Memory:
        most = min(maximum, self.limit)
        more: dict[str, Any] = {"guard_len": guard, "reserve_len": max(reserved, most)} if self.guarded else {}
        memory = Memory(
            minimum,
            most,
            tier=self.tier,
            page_len=PAGE,
            flags=Flags.STABLE | (Flags.GUARD if self.guarded else 0),
            allocator=self.allocator,
            pool=self.pool,
            budget=self.budget,
            **more,
        )
        if memory.base % mmap.PAGESIZE:
            raise RuntimeError("the base is not aligned to a page")
        return memory


# ---- what wasmtime calls, on any thread: what is raised must not get out, and becomes an error of wasmtime's

_keys = itertools.count(1)
_creators: dict[int, Creator] = {}
_owners: dict[int, Creator] = {}


def _error(error: BaseException) -> int:
    """An error that wasmtime takes over, as an address."""
    made = c.wasmtime_error_new(f"{type(error).__name__}: {error}".encode())
    return ctypes.cast(made, ctypes.c_void_p).value or 0


def _new(creator: int, kind: Any, minimum: int, maximum: int, reserved: int, guard: int, out: Any) -> int:
    try:
        owner = _creators[creator]
        memory = owner.create(minimum, maximum, reserved, guard)
        key = next(_keys)
        owner.memories[key] = memory
        owner.borrows[key] = memory.borrow(0, 0)
        owner.made += 1
        _owners[key] = owner
        out[0].env = key
        out[0].get_memory = _GET
        out[0].grow_memory = _GROW
        out[0].finalizer = _END_OF_MEMORY
        return 0
    except BaseException as error:
        return _error(error)


def _get(key: int, size: Any, capacity: Any) -> int:
    memory = _owners[key].memories[key]
    size[0] = len(memory)
    capacity[0] = memory.info().capacity
    return memory.base


def _grow(key: int, new_size: int) -> int:
    try:
        _owners[key].memories[key].resize(new_size)
        return 0
    except BaseException as error:
        return _error(error)


def _end_of_memory(key: int) -> None:
    owner = _owners.pop(key)
    owner.borrows.pop(key).release()
    owner.memories.pop(key).close()


def _end_of_creator(key: int) -> None:
    del _creators[key]


_NEW = c.wasmtime_new_memory_callback_t(_new)
_GET = c.wasmtime_memory_get_callback_t(_get)
_GROW = c.wasmtime_memory_grow_callback_t(_grow)
_END_OF_MEMORY = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(_end_of_memory)
_END_OF_CREATOR = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(_end_of_creator)

PROGRAM = """
(module
  (memory (export "memory") 1 1000)
  (data (i32.const 16) "hello from the guest")
  (func (export "sum") (param $n i32) (result i64) (local $i i32) (local $sum i64)
    (loop $fill
      (i64.store (i32.mul (local.get $i) (i32.const 8)) (i64.extend_i32_u (local.get $i)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $fill (i32.lt_u (local.get $i) (local.get $n))))
    (local.set $i (i32.const 0))
    (loop $add
      (local.set $sum (i64.add (local.get $sum) (i64.load (i32.mul (local.get $i) (i32.const 8)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $add (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $sum))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "size") (result i32) (memory.size))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))
"""


def main(arguments: list[str]) -> int:
    tier = Tier[arguments[0].upper()] if arguments else Tier.STD
    creator = Creator(tier)
    engine = creator.engine()
    store = wasmtime.Store(engine)
    exports: Any = wasmtime.Instance(store, wasmtime.Module(engine, PROGRAM), []).exports(store)
    memory = next(iter(creator.memories.values()))
    print("the host reads:", memory[16:36].decode())
    print("the guest sums 0 to 999:", exports["sum"](store, 1000))
    print("the guest grows by 3 pages, from", exports["grow"](store, 3), "to", exports["size"](store))
    print("the guest grows by 999 pages:", exports["grow"](store, 999))
    try:
        exports["load"](store, 4 * PAGE - 3)
    except wasmtime.Trap as trap:
        print("the guest reads past its end:", trap.trap_code and trap.trap_code.name)
    print("the memory:", memory)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
