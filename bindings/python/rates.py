# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Nanoseconds a call, the tenth of a hundred rounds that interleave: bare calls through cffi, then the package's."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import wrtmem
from wrtmem._native import ffi, lib

CALLS = 5000
ROUNDS = 100


def sides() -> dict[str, Callable[[int], Any]]:
    memory = wrtmem.Memory(65536, 65536)
    buffer, data = bytearray(8), bytes(8)
    to = ffi.new("uint8_t[]", 8)
    out = ffi.new("wrt_mem **")
    assert lib.wrt_mem_create(wrtmem.Tier.STD, 65536, 65536, out) == 0
    bare, version, check, read, write = out[0], lib.wrt_version, lib.wrt_mem_check, lib.wrt_mem_read, lib.wrt_mem_write
    view = memoryview(memory.borrow(writable=True))
    return {
        "bare": lambda i: version(),
        "bare check": lambda i: check(bare, i, 8),
        "bare read": lambda i: read(bare, i, to, 8),
        "bare write": lambda i: write(bare, i, to, 8),
        "check": lambda i: memory.check(i, 8),
        "read": lambda i: memory.read_into(i, buffer),
        "read, a copy": lambda i: memory.read(i, 8),
        "write": lambda i: memory.write(i, data),
        "slice of a borrow": lambda i: view[i : i + 8],
    }


def main() -> None:
    times: dict[str, list[float]] = {}
    calls = sides()
    for _ in range(ROUNDS):
        for name, call in calls.items():
            start = time.perf_counter_ns()
            for i in range(CALLS):
                call(i)
            times.setdefault(name, []).append((time.perf_counter_ns() - start) / CALLS)
    for name, measured in times.items():
        print(f"Python {name} {sorted(measured)[ROUNDS // 10]:.1f}")


if __name__ == "__main__":
    main()
