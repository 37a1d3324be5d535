# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What was promised: the committed baseline, as it is kept in abi/baseline/."""

import re
import shutil

from . import dump
from .library import soname, symbols, version
from .tools import Trouble

LICENCE = "SPDX-License-Identifier" ": Apache-2.0 OR MIT"  # in two pieces: it is not this file's own
HEADERS = ("wrtmem.h", "inline.h")


class Baseline:
    """`exports` is the SONAME and the symbols with their nodes; the types are described twice; and `include` keeps the
    headers of each release that this SONAME has had, for hosts that were compiled against them."""

    def __init__(self, root):
        self.folder = root / "abi" / "baseline"
        self.exports = self.folder / "exports"
        self.types_xml = self.folder / "types.xml"
        self.types_dump = self.folder / "types.dump"
        self.include = self.folder / "include"

    def releases(self):
        return sorted(folder for folder in self.include.iterdir() if folder.is_dir())

    def newest_header(self):
        newest = max(self.releases(), key=lambda folder: [int(part) for part in folder.name.split(".")])
        return newest / "wrtmem" / "wrtmem.h"

    def lines(self):
        return [line for line in self.exports.read_text().splitlines() if not line.startswith("#")]

    def soname(self):
        return self.lines()[0].removeprefix("SONAME ")

    def symbols(self):
        return set(self.lines()[1:])

    def must_be_whole(self):
        """Every part is there, and both descriptions of the types are of the functions that are exported."""
        for file in (self.exports, self.types_xml, self.types_dump, self.include):
            if not file.exists():
                raise Trouble(f"the baseline has no {file.name}; abi/bless makes one")
        names = {symbol.split()[1].partition("@@")[0] for symbol in self.symbols()}
        in_xml = set(re.findall(r"elf-symbol-id='(\w+)@@", self.types_xml.read_text()))
        if not (names and self.releases() and names == in_xml == dump.functions(dump.read(self.types_dump))):
            raise Trouble("the parts of the baseline are not of the same functions; abi/bless makes a whole one")


def write(baseline, library, forget_older):
    """Makes what the library is now the baseline; after a break, no host of an older release is served any more."""
    if forget_older:
        shutil.rmtree(baseline.include, ignore_errors=True)
    kept = baseline.include / version(library.header) / "wrtmem"
    kept.mkdir(parents=True, exist_ok=True)
    for header in HEADERS:
        shutil.copyfile(library.include / "wrtmem" / header, kept / header)
    lines = [f"# {LICENCE}", f"SONAME {soname(library)}", *sorted(symbols(library))]
    baseline.exports.write_text("\n".join(lines) + "\n")
    # The reader wants the root element first.
    root, rest = library.types_xml.read_text().split("\n", 1)
    baseline.types_xml.write_text(f"{root}\n<!-- {LICENCE} -->\n{rest}")
    shutil.copyfile(library.types_dump, baseline.types_dump)
