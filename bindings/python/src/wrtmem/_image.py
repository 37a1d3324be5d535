# SPDX-License-Identifier: Apache-2.0 OR MIT
from __future__ import annotations

import os
from typing import Any, Protocol

from ._allocator import Allocator
from ._closing import Closing, filled, owner_of
from ._config import Config
from ._info import ImageInfo
from ._native import ffi, lib
from ._numbers import Tier
from ._pool import Pool
from ._streams import Stream


class Writer(Protocol):
    """What an image can be saved to."""

    def write(self, data: memoryview, /) -> int | None: ...


class Reader(Protocol):
    """What an image can be loaded from."""

    def read(self, n: int, /) -> bytes | None: ...


class Image(Closing):
    """Frozen contents, to start memories from: `Memory.freeze()`, `Image.load()` and `Memory(image=...)`."""

    __slots__ = ("__weakref__", "_held", "_keep", "_owner")
    _held: tuple[Any, ...]
    _keep: tuple[Any, ...]

    def __init__(self) -> None:
        raise TypeError("Memory.freeze() and Image.load() make images")

    @classmethod
    def _of(cls, handle: Any, keep: tuple[Any, ...], held: tuple[Any, ...]) -> Image:
        image: Image = cls.__new__(cls)
        image._owner = owner_of("image", handle, keep)
        image._keep = keep
        image._held = held
        return image

    @staticmethod
    def load(
        file: str | os.PathLike[str] | Reader,
        *,
        tier: Tier | int = Tier.DEFAULT,
        max_len: int | None = None,
        allocator: Allocator | None = None,
        pool: Pool | None = None,
    ) -> Image:
        """Reads an image from a path or from what has `read()`; nothing behind its end is read.

        Where its bytes are kept is said as for a memory; one longer than `max_len` is LimitExceeded.
        """
        if isinstance(file, (str, os.PathLike)):
            with open(file, "rb") as opened:
                return Image.load(opened, tier=tier, max_len=max_len, allocator=allocator, pool=pool)
        config = Config(max_len, allocator, pool, tier=tier)
        stream = Stream(file)
        out = ffi.new("wrt_image **")
        with stream as context, config.entered() as struct:
            status = lib.wrt_image_load(struct, lib.wrtmem_give, context, out)
        image = Image._of(out[0], tuple(config.keep), tuple(config.held)) if not status else None
        if config.adapter is not None and stream.raised is None:
            stream.raised = config.adapter.noted()
        stream.settle(status)
        assert image is not None
        return image

    def save(self, file: str | os.PathLike[str] | Writer) -> None:
        """Writes it to a path or to what has `write()`, in a form that every tier and machine can load."""
        if isinstance(file, (str, os.PathLike)):
            with open(file, "wb") as opened:
                return self.save(opened)
        stream = Stream(file)
        with self._owner as image, stream as context:
            status = lib.wrt_image_save(image, lib.wrtmem_take, context)
        stream.settle(status)

    def info(self) -> ImageInfo:
        """What it is."""
        with self._owner as image:
            out = filled(lib.wrt_image_get_info, image, "wrt_image_info")
        return ImageInfo(out.len, out.max_len, out.page_len, out.stored)
