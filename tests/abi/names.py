#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""names.py SOURCE PAGES [make]: the header, the symbol map and the manual name the same functions.

PAGES is where the manual pages were built; with "make" they are made there first.
"""

import pathlib
import re
import shutil
import subprocess
import sys

# Pages that are about more than one function.
OTHER_PAGES = {"wrtmem", "wrtmem_types"}


def in_header(path):
    """Read by ctags, as a reader that knows C."""
    told = subprocess.run(["ctags", "-x", "--language-force=C", "--kinds-C=p", "-I", "WRT_API,WRT_MUST_USE",
                           "--_xformat=%N", path], check=True, capture_output=True, text=True).stdout
    return set(told.split())


def in_map(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    return set(re.findall(r"(\w+);", text))


def in_pages(folder):
    """What the NAME sections say, which is what a reader's search finds; each must be on the page of its name."""
    found = set()
    for page in folder.glob("*.3"):
        name = re.search(r"^\.SH NAME\n(\w+)", page.read_text(), flags=re.M)
        assert name and name.group(1) == page.stem, f"{page.name} is the page of {name and name.group(1)}"
        found.add(page.stem)
    return found


def same(what, names, declared):
    assert names == declared, f"{what} and the header differ in {sorted(names ^ declared)}"


def main(source, pages, make=""):
    source, pages = pathlib.Path(source), pathlib.Path(pages)
    header = source / "include" / "wrtmem" / "wrtmem.h"
    for tool in ("ctags", "doxygen") if make else ("ctags",):
        if not shutil.which(tool):
            print(f"skipped: {tool} is not there")
            sys.exit(77)
    if make:
        subprocess.run([sys.executable, source / "docs" / "manpages.py", "make", header, pages], check=True)
    declared = in_header(header)
    assert declared, "the header declares nothing"
    same("the symbol map", in_map(source / "abi" / "wrtmem.map"), declared)
    same("the manual", in_pages(pages) - OTHER_PAGES, declared)
    print(f"{len(declared)} functions in the header, in the symbol map and in {pages}")


if __name__ == "__main__":
    main(*sys.argv[1:])
