# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Images, where the library has them."""

from __future__ import annotations

import io
import pathlib
from typing import Any

import pytest

import wrtmem
from wrtmem import Features, Image, Memory, Tier

WHAT = "images to and from files, or their refusal"
TIER = "alloc"

Make = Any


def filled_memory(make: Make) -> Memory:
    memory: Memory = make(3 * 65536, 8 * 65536, page_len=65536)
    memory.write(100, b"frozen")
    memory.write(2 * 65536, b"end")
    return memory


def is_refused(make: Make) -> bool:
    """Whether this build has no images on the tier, and says so."""
    if make.has(Features.IMAGES):
        return False
    with pytest.raises(wrtmem.Unsupported):
        filled_memory(make).freeze()
    with pytest.raises(wrtmem.Unsupported):
        Image.load(io.BytesIO(b"anything"), tier=make.tier, max_len=100)
    return True


def test_memories_start_from_an_image_and_go_back_to_it(make: Make) -> None:
    if is_refused(make):
        return
    memory = filled_memory(make)
    image = memory.freeze()
    memory.fill(0, 9, 65536)
    info = image.info()
    assert (info.len, info.max_len, info.page_len) == (3 * 65536, 8 * 65536, 65536)
    others = [make(0, 8 * 65536, image=image) for _ in range(2)]
    for other in others:
        assert other.read(100, 6) == b"frozen" and len(other) == 3 * 65536
        other.resize(5 * 65536)
        other.fill(0, 1, 200)
        other.reset()
        assert other.read(100, 6) == b"frozen" and other.read(0, 100) == bytes(100) and len(other) == 3 * 65536
    image.close()
    assert others[0].clone().read(2 * 65536, 3) == b"end"
    with pytest.raises(wrtmem.InvalidHandle):
        image.info()
    with pytest.raises(wrtmem.InvalidHandle):
        image.close()
    with pytest.raises(wrtmem.InvalidHandle):
        make(0, 8 * 65536, image=image)


def load(make: Make, file: Any) -> Image:
    more: dict[str, Any] = {"pool": wrtmem.Pool(8 * 65536, 4)} if make.tier is Tier.STATIC else {}
    return Image.load(file, tier=make.tier, max_len=8 * 65536, **more)


def test_an_image_goes_to_a_file_and_comes_back_on_any_tier(make: Make, tmp_path: pathlib.Path) -> None:
    if is_refused(make):
        return
    memory = filled_memory(make)
    path = tmp_path / "image"
    with memory.freeze() as image:
        image.save(path)
        image.save(str(tmp_path / "again"))
    assert path.read_bytes() == (tmp_path / "again").read_bytes()
    for tier in Tier:
        if tier is Tier.DEFAULT or Features.IMAGES not in wrtmem.tier_info(tier).features:
            continue
        other = type(make)(tier)
        with load(other, path) as loaded, other(0, 8 * 65536, image=loaded) as copy:
            assert copy.equal(memory)
    behind = io.BytesIO(path.read_bytes() + b"behind")
    load(make, behind).close()
    assert behind.read() == b"behind"


def test_a_file_that_is_no_image_is_a_format_error(make: Make) -> None:
    if is_refused(make):
        return
    saved = io.BytesIO()
    filled_memory(make).freeze().save(saved)
    whole = saved.getvalue()
    flipped = bytearray(whole)
    flipped[len(flipped) // 2] ^= 1
    for bad in (b"", b"not an image, but long enough to be looked at" * 4, whole[:-1], whole[:40], bytes(flipped)):
        with pytest.raises(wrtmem.FormatError):
            load(make, io.BytesIO(bad))


class Failing:
    def __init__(self, error: BaseException) -> None:
        self.error = error

    def read(self, n: int) -> bytes:
        raise self.error

    def write(self, data: object) -> int:
        raise self.error


def test_a_file_that_fails_is_a_stream_error_with_its_cause(make: Make) -> None:
    if is_refused(make):
        return
    image = filled_memory(make).freeze()
    attempts: tuple[Any, ...] = (image.save, lambda file: load(make, file))
    for attempt in attempts:
        with pytest.raises(wrtmem.StreamError) as caught:
            attempt(Failing(ZeroDivisionError()))
        assert isinstance(caught.value.__cause__, ZeroDivisionError) and isinstance(caught.value, OSError)
        with pytest.raises(KeyboardInterrupt):
            attempt(Failing(KeyboardInterrupt()))
        with pytest.raises(wrtmem.StreamError) as caught:
            attempt(object())
        assert isinstance(caught.value.__cause__, AttributeError)
    with pytest.raises(FileNotFoundError):
        load(make, "/nonexistent/image")


def test_an_image_keeps_what_it_came_from() -> None:
    if Features.IMAGES not in wrtmem.tier_info(Tier.ALLOC).features:
        return

    class Own:
        live = 0

        def allocate(self, size: int, alignment: int) -> bytearray:
            self.live += 1
            return bytearray(size + alignment)

        def deallocate(self, block: Any) -> None:
            self.live -= 1

    own = Own()
    image = Memory(1000, 2000, allocator=own).freeze()
    other = Memory(image=image, tier=Tier.ALLOC, allocator=own)
    del image
    assert len(other) == 1000 and own.live >= 1
    del other
    assert own.live == 0
