#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the library saves, the reader made from the page reads; what the writer made from the page writes, the library
loads. The golden file is read by both and written by both, byte for byte.

    format_test.py LIBRARY GOLDEN [--write]
"""

import ctypes
import pathlib
import random
import sys
import unittest

import wrtimage

LIBRARY = GOLDEN = None
OK, FORMAT = 0, 13
TIERS = {"std": 1, "alloc": 2, "static": 3}
WRITE = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
READ = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)


class Config(ctypes.Structure):
    _fields_ = ([("struct_size", ctypes.c_uint32), ("tier", ctypes.c_int32)]
                + [(name, ctypes.c_uint64) for name in ("initial_len", "max_len", "page_len")]
                + [("flags", ctypes.c_uint32), ("verify", ctypes.c_int32), ("sample_interval", ctypes.c_uint32),
                   ("reserved0", ctypes.c_uint32)]
                + [(name, ctypes.c_void_p) for name in ("allocator", "pool", "budget", "image", "name", "reserved1")]
                + [("reserve_len", ctypes.c_uint64), ("guard_len", ctypes.c_uint64)])


def config(tier, **members):
    return Config(struct_size=ctypes.sizeof(Config), tier=tier, **members)


def must(status):
    if status != OK:
        raise AssertionError(f"status {status}")


def make(tier, image):
    memory = ctypes.c_void_p()
    wanted = config(tier, initial_len=len(image.contents), max_len=image.max_len, page_len=image.page_len)
    must(LIBRARY.wrt_mem_create_config(ctypes.byref(wanted), ctypes.byref(memory)))
    must(LIBRARY.wrt_mem_write(memory, ctypes.c_uint64(0), image.contents, ctypes.c_size_t(len(image.contents))))
    return memory


def freeze(tier, image):
    memory, frozen = make(tier, image), ctypes.c_void_p()
    must(LIBRARY.wrt_image_create(memory, ctypes.byref(frozen)))
    must(LIBRARY.wrt_mem_destroy(memory))
    return frozen


def save(frozen):
    out = bytearray()

    def take(_, data, n):
        out.extend(ctypes.string_at(data, n))
        return n

    must(LIBRARY.wrt_image_save(frozen, WRITE(take), None))
    must(LIBRARY.wrt_image_destroy(frozen))
    return bytes(out)


def load(tier, data, max_len):
    at = 0

    def give(_, to, n):
        nonlocal at
        part = data[at:at + n]
        ctypes.memmove(to, part, len(part))
        at += len(part)
        return len(part)

    frozen = ctypes.c_void_p()
    where = config(tier, max_len=max_len)
    status = LIBRARY.wrt_image_load(ctypes.byref(where), READ(give), None, ctypes.byref(frozen))
    return status, frozen, at


def contents_of(tier, frozen, length):
    memory = ctypes.c_void_p()
    must(LIBRARY.wrt_mem_create_config(ctypes.byref(config(tier, image=frozen)), ctypes.byref(memory)))
    got = ctypes.c_uint64()
    must(LIBRARY.wrt_mem_len(memory, ctypes.byref(got)))
    bytes_ = ctypes.create_string_buffer(max(length, 1))
    must(LIBRARY.wrt_mem_read(memory, ctypes.c_uint64(0), bytes_, ctypes.c_size_t(length)))
    must(LIBRARY.wrt_mem_destroy(memory))
    must(LIBRARY.wrt_image_destroy(frozen))
    return got.value, bytes_.raw[:length]


def golden_image():
    """Two runs of grains that differ, a hole before each, and a short last grain."""
    contents = bytearray(3 * 4096 + 100)
    for i in range(4096, 8192):
        contents[i] = (i * 167 + (i >> 8)) & 0xFF
    contents[-50:] = bytes(range(50))
    return wrtimage.Image(bytes(contents), 65536, 4)


def any_image(numbers):
    page_len = numbers.choice([1, 1, 2, 64, 512, 4096])
    length = numbers.randrange(0, 40000 // page_len + 1) * page_len
    contents = bytearray(length)
    for _ in range(numbers.randrange(6)):
        if length == 0:
            break
        at = numbers.randrange(length)
        part = numbers.randbytes(numbers.choice([1, 10, 5000]))[:length - at]
        contents[at:at + len(part)] = part
    return wrtimage.Image(bytes(contents), 65536, page_len)


class SavedImages(unittest.TestCase):
    def images(self):
        numbers = random.Random(1)
        yield golden_image()
        yield wrtimage.Image(b"", 65536, 1)
        for _ in range(40):
            yield any_image(numbers)

    def test_what_the_library_saves_the_reader_reads_and_the_writer_writes_the_same(self):
        for image in self.images():
            for tier in TIERS.values():
                saved = save(freeze(tier, image))
                self.assertEqual(wrtimage.read(saved), (image, len(saved)))
                self.assertEqual(wrtimage.write(image), saved)

    def test_what_the_writer_writes_the_library_loads_and_reads_no_further(self):
        for image in self.images():
            for tier in TIERS.values():
                saved = wrtimage.write(image)
                status, frozen, read = load(tier, saved + b"more", 65536)
                self.assertEqual((status, read), (OK, len(saved)))
                self.assertEqual(contents_of(tier, frozen, len(image.contents)), (len(image.contents), image.contents))

    def test_zeros_and_runs_that_touch_are_loaded(self):
        image = golden_image()
        runs = [(at, min(at + 4096, len(image.contents))) for at in range(0, len(image.contents), 4096)]
        status, frozen, _ = load(TIERS["std"], wrtimage.write(image, runs), 65536)
        self.assertEqual(status, OK)
        self.assertEqual(save(frozen), wrtimage.write(image))

    def test_both_refuse_the_same_flipped_bits(self):
        saved = bytearray(wrtimage.write(wrtimage.Image(b"x" * 60, 64, 4)))
        for bit in range(8 * len(saved)):
            saved[bit // 8] ^= 1 << bit % 8
            self.assertEqual(load(TIERS["std"], bytes(saved), 65536)[0], FORMAT)
            with self.assertRaises(wrtimage.FormatError):
                wrtimage.read(saved)
            saved[bit // 8] ^= 1 << bit % 8

    def test_the_golden_file_is_what_it_was_and_everybody_reads_it(self):
        saved = GOLDEN.read_bytes()
        self.assertEqual(wrtimage.read(saved), (golden_image(), len(saved)))
        for tier in TIERS.values():
            self.assertEqual(save(freeze(tier, golden_image())), saved)
            status, frozen, _ = load(tier, saved, 65536)
            self.assertEqual(status, OK)
            self.assertEqual(save(frozen), saved)

    def test_the_check_value_is_that_of_the_page(self):
        self.assertEqual(wrtimage.crc32c(b"123456789"), 0xE3069283)


if __name__ == "__main__":
    LIBRARY, GOLDEN = ctypes.CDLL(sys.argv[1]), pathlib.Path(sys.argv[2])
    if sys.argv[3:] == ["--write"]:
        GOLDEN.write_bytes(wrtimage.write(golden_image()))
    unittest.main(argv=sys.argv[:1])
