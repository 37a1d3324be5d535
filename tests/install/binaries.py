#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the built libraries promise about themselves, read with binutils.

binaries.py needed    LIBRARY              NEEDED is libc alone
binaries.py exports   LIBRARY MAP HEADER   exported symbols, map and header agree
binaries.py undefined LIBRARY              nothing of the C++ runtime is asked for
"""

import re
import subprocess
import sys

NODE = "WRTMEM_0.1"
LIBC = {"libc.so.6"}
CXX_RUNTIME = re.compile(r"_Z|__cxa_|__gxx_|_Unwind_|__dynamic_cast|__once_proxy|__emutls")
# The start files of every shared object name it, weakly.
START_FILES = {"__cxa_finalize"}


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def needed(library):
    return set(re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", library)))


def exported(library):
    """{name: version} of what the dynamic symbol table defines, the version node itself left out."""
    symbols = {}
    for line in run("nm", "-D", "--defined-only", "--with-symbol-versions", library).splitlines():
        name, _, version = line.split()[-1].partition("@@")
        if name != NODE:
            symbols[name] = version
    return symbols


def in_map(path):
    text = re.sub(r"/\*.*?\*/", "", open(path).read(), flags=re.S)
    node, body = re.search(r"(\S+)\s*\{(.*?)\}", text, flags=re.S).groups()
    listed, _, rest = body.partition("local:")
    assert node == NODE, f"the map's node is {node}"
    assert rest.split() == ["*;"], "the map keeps everything else local"
    return set(re.findall(r"(\w+);", listed))


def in_header(path):
    text = re.sub(r"/\*.*?\*/", "", open(path).read(), flags=re.S)
    return set(re.findall(r"^WRT_API\b[^;(]*?(\w+)\(", text, flags=re.M))


def undefined(library):
    """What the library asks of others; for an archive, what no member of it defines."""
    flags = ["-D"] if ".so" in library else []
    asked, defined = set(), set()
    for line in run("nm", *flags, library).splitlines():
        fields = line.split()
        if len(fields) < 2 or len(fields[-2]) != 1:
            continue
        kind, name = fields[-2], fields[-1].split("@")[0]
        (asked if kind in "Uwv" else defined).add(name)
    return asked - defined


def check_needed(library):
    assert needed(library) == LIBC, f"NEEDED is {sorted(needed(library))}"


def check_exports(library, symbol_map, header):
    symbols, listed, declared = exported(library), in_map(symbol_map), in_header(header)
    assert declared, "the header declares nothing"
    assert listed == declared, f"map and header differ in {sorted(listed ^ declared)}"
    assert set(symbols) == declared, f"library and header differ in {sorted(set(symbols) ^ declared)}"
    assert set(symbols.values()) == {NODE}, f"versions are {sorted(set(symbols.values()))}"


def check_undefined(library):
    names = undefined(library)
    assert names, "a library that asks nothing of libc was not read right"
    wrong = {name for name in names if CXX_RUNTIME.match(name)} - START_FILES
    assert not wrong, f"asks for {sorted(wrong)}"


CHECKS = {"needed": check_needed, "exports": check_exports, "undefined": check_undefined}

if __name__ == "__main__":
    CHECKS[sys.argv[1]](*sys.argv[2:])
