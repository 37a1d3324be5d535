#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Reads and writes saved images as docs/image-format.md says, and knows nothing else of the library.

    wrtimage.py show FILE       what is in it
"""

import struct
import sys

MAGIC = b"\x89WRTMIMG"
GRAIN = 4096
HEADER = struct.Struct("<8sIIQQQI")
RUN = struct.Struct("<QQ")
CHECK = struct.Struct("<I")


class FormatError(Exception):
    pass


def make_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


TABLE = make_table()


def crc32c(data, before=0):
    crc = before ^ 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


class Image:
    def __init__(self, contents, max_len, page_len):
        self.contents, self.max_len, self.page_len = contents, max_len, page_len

    def __eq__(self, other):
        return vars(self) == vars(other)


def need(so, what):
    if not so:
        raise FormatError(what)


class Stream:
    def __init__(self, data):
        self.data, self.at, self.whole = data, 0, 0

    def take(self, n):
        need(n <= len(self.data) - self.at, "cut short")
        self.at += n
        return self.data[self.at - n:self.at]

    def part(self, n):
        """n bytes and their check value."""
        bytes_ = self.take(n)
        self.whole = crc32c(bytes_, self.whole)
        need(self.take(4) == CHECK.pack(crc32c(bytes_)), "a check value is wrong")
        return bytes_


def read(data):
    """The image at the beginning of data, and how many bytes of it there are."""
    stream = Stream(data)
    magic, version, zero, length, max_len, page_len, reserved = HEADER.unpack(stream.part(HEADER.size))
    need(magic == MAGIC and version == 1 and zero == 0 and reserved == 0, "another format")
    need(page_len != 0 and page_len & (page_len - 1) == 0, "page_len is no power of two")
    need(length <= max_len and length % page_len == 0 and max_len % page_len == 0, "lengths that contradict each other")
    contents = bytearray(length)
    reached = 0
    while True:
        offset, n = RUN.unpack(stream.part(RUN.size))
        if n == 0:
            break
        end = offset + n
        need(reached <= offset and end <= length and offset % GRAIN == 0, "a run in the wrong place")
        need(end % GRAIN == 0 or end == length, "a run of parts of grains")
        contents[offset:end] = stream.part(n)
        reached = end
    need(offset == length, "an end in the wrong place")
    need(stream.take(4) == CHECK.pack(stream.whole), "the check value of the whole is wrong")
    return Image(bytes(contents), max_len, page_len), stream.at


def runs_of(contents):
    """(begin, end) of neighbouring grains that are not all zero."""
    begin = None
    for at in range(0, len(contents), GRAIN):
        if any(contents[at:at + GRAIN]):
            begin = at if begin is None else begin
        elif begin is not None:
            yield begin, at
            begin = None
    if begin is not None:
        yield begin, len(contents)


def write(image, runs=None):
    out = bytearray()
    whole = 0

    def part(bytes_):
        nonlocal whole
        whole = crc32c(bytes_, whole)
        out.extend(bytes_ + CHECK.pack(crc32c(bytes_)))

    length = len(image.contents)
    part(HEADER.pack(MAGIC, 1, 0, length, image.max_len, image.page_len, 0))
    for begin, end in runs_of(image.contents) if runs is None else runs:
        part(RUN.pack(begin, end - begin))
        part(image.contents[begin:end])
    part(RUN.pack(length, 0))
    out.extend(CHECK.pack(whole))
    return bytes(out)


def main():
    if len(sys.argv) != 3 or sys.argv[1] != "show":
        raise SystemExit(__doc__)
    with open(sys.argv[2], "rb") as file:
        image, n = read(file.read())
    print(f"{n} bytes: len {len(image.contents)}, max_len {image.max_len}, page_len {image.page_len}")
    for begin, end in runs_of(image.contents):
        print(f"  {begin} .. {end}")


if __name__ == "__main__":
    main()
