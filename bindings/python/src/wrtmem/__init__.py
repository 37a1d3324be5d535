# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The linear memory of WebAssembly hosts.

>>> import wrtmem
>>> memory = wrtmem.Memory.wasm(1, 4)
>>> memory.write(100, b"hello")
>>> memory[100:105]
b'hello'
>>> memory.grow(1)
1
>>> memory.grow(9)
Traceback (most recent call last):
wrtmem.LimitExceeded: WRT_ERR_LIMIT: beyond the memory's maximum, or what the tier can address
"""

from __future__ import annotations

from ._allocator import Allocator
from ._budget import Budget
from ._core import Borrow
from ._errors import (
    BudgetExceeded,
    Busy,
    Corrupt,
    Error,
    FormatError,
    InvalidArgument,
    InvalidHandle,
    LimitExceeded,
    Misaligned,
    OutOfBounds,
    OutOfMemory,
    PoolExhausted,
    StreamError,
    Unsupported,
    check,
    text_of,
)
from ._image import Image
from ._info import BudgetInfo, Change, History, ImageInfo, MemoryInfo, MemoryStats, PoolInfo, TierInfo
from ._library import library_path
from ._memory import Memory, find
from ._native import ffi, lib
from ._numbers import AtomicOp, Features, Flags, Tier, Verify, Wait
from ._pool import Pool

__all__ = [
    "Allocator",
    "AtomicOp",
    "Borrow",
    "Budget",
    "BudgetExceeded",
    "BudgetInfo",
    "Busy",
    "Change",
    "Corrupt",
    "Error",
    "Features",
    "Flags",
    "FormatError",
    "History",
    "Image",
    "ImageInfo",
    "InvalidArgument",
    "InvalidHandle",
    "LimitExceeded",
    "Memory",
    "MemoryInfo",
    "MemoryStats",
    "Misaligned",
    "OutOfBounds",
    "OutOfMemory",
    "Pool",
    "PoolExhausted",
    "PoolInfo",
    "StreamError",
    "Tier",
    "TierInfo",
    "Unsupported",
    "Verify",
    "Wait",
    "__version__",
    "find",
    "library_path",
    "selftest",
    "tier_info",
    "trim",
]

#: The version of the library that is in use.
__version__: str = text_of(lib.wrt_version_string())


def tier_info(tier: Tier | int) -> TierInfo:
    """What this build offers of a tier.

    >>> import wrtmem
    >>> wrtmem.tier_info(wrtmem.Tier.STATIC).available
    True
    """
    out = ffi.new("wrt_tier_info *")
    out.struct_size = ffi.sizeof("wrt_tier_info")
    check(lib.wrt_tier_get_info(tier, out))
    return TierInfo(bool(out.available), out.max_len, Flags(out.flags), Features(out.features))


def selftest() -> None:
    """Tries what this build offers; Corrupt when something answers otherwise than it must."""
    check(lib.wrt_selftest())


def trim() -> None:
    """Gives address space and pages that the library keeps for later memories back to the system."""
    check(lib.wrt_trim())


for _error in Error.__subclasses__():
    _error.__module__ = __name__
Error.__module__ = __name__
