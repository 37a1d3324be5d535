# SPDX-License-Identifier: Apache-2.0 OR MIT
"""How memories and loaded images are made."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from ._allocator import Adapter, Allocator
from ._budget import Budget
from ._native import ffi, lib
from ._pool import Pool

if TYPE_CHECKING:
    from ._image import Image


class Config:
    """A wrt_mem_config, and what has to outlive the memory that is made with it."""

    def __init__(self, max_len: int | None, allocator: Allocator | None, pool: Pool | None, **members: int) -> None:
        self.struct = ffi.new("wrt_mem_config *")
        self.struct.struct_size = ffi.sizeof("wrt_mem_config")
        for name, value in members.items():
            setattr(self.struct, name, value)
        if max_len is not None:
            self.struct.max_len = max_len
            if max_len == 0:
                self.struct.flags |= lib.WRT_MEM_EXACT_MAX
        self.adapter = None if allocator is None else Adapter(allocator)
        if self.adapter is not None:
            self.struct.allocator = self.adapter.struct
        self.held: list[Any] = [allocator]
        self.keep: list[Any] = [self.adapter]
        self._uses: list[tuple[str, Any]] = []
        self.use("pool", pool, Pool)

    def use(self, member: str, what: Pool | Budget | Image | None, kind: type) -> None:
        """Something that is not to be closed during the call, and has to outlive what it makes."""
        if what is None:
            return
        if not isinstance(what, kind):
            raise TypeError(f"{member}: a {kind.__name__} is wanted, not {type(what).__name__}")
        self._uses.append((member, what._owner))
        self.keep.append(what._owner)
        # Of an image what it came from, which the memory needs when the image is closed.
        self.keep.extend(getattr(what, "_keep", ()))
        self.held.extend(getattr(what, "_held", ()))

    @contextlib.contextmanager
    def entered(self) -> Any:
        """The struct, while everything that it names is open."""
        with contextlib.ExitStack() as stack:
            for member, owner in self._uses:
                setattr(self.struct, member, stack.enter_context(owner))
            yield self.struct
