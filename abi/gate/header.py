# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What a header and a symbol map name."""

import re

from .tools import run


def names(header, kinds):
    """The names of these kinds of ctags: p functions, m members (as struct.member), e enumerators."""
    told = run("ctags", "-x", "--language-force=C", f"--kinds-C={kinds}", "-I", "WRT_API,WRT_MUST_USE",
               "--_xformat=%K:%s:%N", header).stdout
    found = set()
    for line in told.splitlines():
        kind, scope, name = line.split(":")
        found.add(f"{scope}.{name}" if kind == "member" else name)
    return found


def functions(header):
    return names(header, "p")


def numbers(header):
    return names(header, "e")


def members(header):
    return names(header, "m")


def in_map(path):
    """The functions that a symbol map lists, whatever their node."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    return set(re.findall(r"(\w+);", text))
