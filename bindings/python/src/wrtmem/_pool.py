# SPDX-License-Identifier: Apache-2.0 OR MIT
from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

from ._closing import Closing, filled, owner_of
from ._errors import check
from ._info import PoolInfo
from ._native import ffi, lib

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Pool(Closing):
    """Slots of one length for memories of the STATIC tier.

    >>> import wrtmem
    >>> pool = wrtmem.Pool(65536, 2)
    >>> first, second = wrtmem.Memory(10, pool=pool), wrtmem.Memory(20, pool=pool)
    >>> wrtmem.Memory(30, pool=pool)
    Traceback (most recent call last):
    wrtmem.PoolExhausted: WRT_ERR_POOL_EXHAUSTED: no free slot in the pool, or no free handle
    >>> pool.info().used
    2
    """

    __slots__ = ("__weakref__", "_owner")

    def __init__(self, slot_len: int, slots: int, storage: WriteableBuffer | None = None) -> None:
        """With `storage`, as many slots as it holds, of at least `slots`; it stays exported while the pool lives."""
        needed = Pool.storage_len(slot_len, slots)
        place = mmap.mmap(-1, needed, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) if storage is None else storage
        exported = ffi.from_buffer("uint8_t[]", place, require_writable=True)
        if len(exported) < needed:
            raise ValueError(f"{slots} slots of {slot_len} bytes take {needed} bytes of storage, not {len(exported)}")
        out = ffi.new("wrt_pool **")
        check(lib.wrt_pool_create(exported, len(exported), slot_len, out))
        self._owner = owner_of("pool", out[0], exported)

    @staticmethod
    def storage_len(slot_len: int, slots: int) -> int:
        """How many bytes of storage so many slots take."""
        out = ffi.new("size_t *")
        check(lib.wrt_pool_storage_len(slot_len, slots, out))
        return int(out[0])

    def info(self) -> PoolInfo:
        """What it is at the moment."""
        with self._owner as pool:
            out = filled(lib.wrt_pool_get_info, pool, "wrt_pool_info")
        return PoolInfo(out.slot_len, out.slots, out.used, out.peak, out.refused)
