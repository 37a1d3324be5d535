# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Images, and the files that they go to and come from."""

from __future__ import annotations

import gc
import io
import os
import pathlib
from typing import Any

import pytest

import wrtmem
from wrtmem import Features, Image, Memory, Tier

WHAT = "images to and from files"
TIER = "alloc"

Make = Any


def filled_memory(make: Make) -> Memory:
    memory: Memory = make(3 * 65536, 8 * 65536, page_len=65536)
    memory.write(100, b"frozen")
    memory.write(2 * 65536, b"end")
    return memory


def test_memories_start_from_an_image_and_go_back_to_it(make: Make) -> None:
    assert make.has(Features.IMAGES)
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
    memory = filled_memory(make)
    path = tmp_path / "image"
    with memory.freeze() as image:
        image.save(path)
        image.save(str(tmp_path / "again"))
    assert path.read_bytes() == (tmp_path / "again").read_bytes()
    for tier in Tier:
        if tier is Tier.DEFAULT:
            continue
        other = type(make)(tier)
        with load(other, path) as loaded, other(0, 8 * 65536, image=loaded) as copy:
            assert copy.equal(memory)
    behind = io.BytesIO(path.read_bytes() + b"behind")
    load(make, behind).close()
    assert behind.read() == b"behind"


def test_a_file_that_is_no_image_is_a_format_error(make: Make) -> None:
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


def test_a_pool_is_busy_while_an_image_or_what_it_started_is_in_it() -> None:
    pool = wrtmem.Pool(65536, 4)
    memory = Memory(100, pool=pool)
    image = memory.freeze()
    memory.close()
    with pytest.raises(wrtmem.Busy):
        pool.close()
    other = Memory(tier=Tier.STATIC, pool=pool, image=image)
    image.close()
    other.reset()
    with pytest.raises(wrtmem.Busy):
        pool.close()
    other.close()
    pool.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_has_images_and_memories_of_its_own(make: Make) -> None:
    image = filled_memory(make).freeze()
    memory = make(0, 8 * 65536, image=image)
    child = os.fork()
    if child == 0:
        try:
            memory.write(100, b"child!")
            memory.reset()
            assert memory.read(100, 6) == b"frozen"
            memory.fill(0, 7, 3 * 65536)
            make(0, 8 * 65536, image=image).fill(0, 9, 65536)
            image.close()
            os._exit(0)
        except BaseException:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    assert memory.read(100, 6) == b"frozen" and memory.read(0, 100) == bytes(100)
    assert make(0, 8 * 65536, image=image).equal(memory)


def open_files() -> int:
    """How many the process has open, where that can be told."""
    files = pathlib.Path("/proc/self/fd")
    return len(list(files.iterdir())) if files.exists() else 0


def test_images_leave_nothing_behind(make: Make) -> None:
    pool = wrtmem.Pool(8 * 65536, 4) if make.tier is Tier.STATIC else None
    more: dict[str, Any] = {"pool": pool} if pool is not None else {}
    before = open_files()
    for _ in range(50):
        memory = make(65536, 8 * 65536, **more)
        image = memory.freeze()
        other = make(0, 8 * 65536, image=image, **more)
        view = memoryview(other)
        cycle: list[Any] = [memory, image, other, view]
        cycle.append(cycle)
        del memory, image, other, view, cycle
        gc.collect()
    if pool is not None:
        assert pool.info().used == 0
        pool.close()
    assert open_files() <= before
