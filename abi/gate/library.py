# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Builds the library for the gate, and reads from it what can be compared."""

import os
import re
import shutil

from . import dump
from .tools import run

# Debug information that both readers understand, and code that still looks like its source.
FLAGS = "-gdwarf-4 -Og -fno-lto"


class Library:
    """A shared object built for the gate, with the headers that it was built from."""

    def __init__(self, root, folder):
        self.root, self.folder = root, folder
        self.include = root / "include"
        self.header = self.include / "wrtmem" / "wrtmem.h"
        self.pins = root / "abi" / "pins.c"
        self.path = folder / "libwrtmem.so"
        self.types_xml = folder / "types.xml"
        self.types_dump = folder / "types.dump"


def build(root, folder):
    """Builds the shared object alone, from nothing, without the paths of this machine in it."""
    shutil.rmtree(folder, ignore_errors=True)
    flags = f"{FLAGS} -ffile-prefix-map={root}/="
    run("cmake", "-S", root, "-B", folder, "-DCMAKE_BUILD_TYPE=None", "-DWRTMEM_HOST=linux", "-DWRTMEM_INSTALL=OFF",
        "-DCMAKE_C_COMPILER=gcc", "-DCMAKE_CXX_COMPILER=g++", f"-DCMAKE_C_FLAGS={flags}", f"-DCMAKE_CXX_FLAGS={flags}",
        "-DCMAKE_SHARED_LINKER_FLAGS=", "-DCMAKE_INTERPROCEDURAL_OPTIMIZATION=OFF")
    run("cmake", "--build", folder, "--target", "wrtmem", "--parallel", os.cpu_count() or 1)
    return Library(root, folder)


def has_debug_information(library):
    return ".debug_info" in run("readelf", "--wide", "--section-headers", library.path).stdout


def soname(library):
    found = re.search(r"\(SONAME\).*\[(.*)\]", run("readelf", "--wide", "--dynamic", library.path).stdout)
    return found.group(1) if found else "none"


def symbols(library):
    """What the dynamic symbol table defines: {"FUNC name@@NODE"}; the nodes' own entries are left out."""
    found = set()
    for line in run("readelf", "--wide", "--dyn-syms", library.path).stdout.splitlines():
        words = line.split()
        if len(words) < 8 or not words[0].rstrip(":").isdigit() or words[6] in ("UND", "ABS"):
            continue
        found.add(f"{words[3]} {words[7]}")
    return found


def read_types(library):
    """Describes the types of what is exported twice: by abidw as XML, by abi-dumper as a dump."""
    run("abidw", "--exported-interfaces-only", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs",
        "--no-parameter-names", "--out-file", library.types_xml, library.path)
    raw = library.folder / "raw.dump"
    run("abi-dumper", library.path, "-o", raw, "-lver", version(library.header),
        "-public-headers", library.include, folder=library.folder)
    dump.write(library.types_dump, dump.canonical(dump.read(raw)))


def version(header):
    return re.search(r'#define WRT_VERSION_STRING "(.*)"', header.read_text()).group(1)
