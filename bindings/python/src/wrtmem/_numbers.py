# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The numbers of the C ABI, as Python's enumerations."""

import enum


class Tier(enum.IntEnum):
    """Where a memory's bytes come from."""

    DEFAULT = 0  #: STATIC when a pool is given, ALLOC when an allocator is, else the first that the build has.
    STD = 1  #: From the operating system.
    ALLOC = 2  #: From an allocator of the caller's, or from `malloc`.
    STATIC = 3  #: From one slot of a pool.


class Verify(enum.IntEnum):
    """How much a memory checks of itself; each level does what the one before it does, and more."""

    DEFAULT = 0  #: BASIC.
    OFF = 1  #: Nothing but the bounds.
    BASIC = 2  #: Also the library's own record of the memory.
    STANDARD = 3  #: Also a check value for each block, looked at by `verify()`.
    SAMPLING = 4  #: Also the touched blocks of some accesses.
    FULL = 5  #: Also the touched blocks of every access.
    REDUNDANT = 6  #: Also a second copy, to repair from.


class Flags(enum.IntFlag):
    """What a memory is created with."""

    GUARD = 1  #: Every byte past the length faults.
    SHARED = 2  #: For many threads at once; only grows.
    STABLE = 4  #: The base never moves.
    COMMIT = 8  #: Creation and growth return only when the bytes are really there.
    TRACK = 16  #: Count accesses.
    HUGE = 32  #: Prefer huge pages.
    EXACT_MAX = 64  #: The greatest length as written, 0 too.


class Features(enum.IntFlag):
    """What a tier can do besides its flags."""

    BUILTIN = 1  #: It needs no allocator and no pool of the caller's.
    INTEGRITY = 2  #: The levels from STANDARD on.
    IMAGES = 4  #: Images.
    WAIT = 8  #: `Memory.wait()`.


class AtomicOp(enum.IntEnum):
    """What `Memory.atomic_rmw()` does with the old value and the operand."""

    ADD = 0
    SUB = 1
    AND = 2
    OR = 3
    XOR = 4
    XCHG = 5


class Wait(enum.IntEnum):
    """How `Memory.wait()` ended."""

    WOKEN = 0
    NOT_EQUAL = 1
    TIMED_OUT = 2
