#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What a freestanding archive promises of itself, read with binutils.

archive.py ARCHIVE MAP [--prefix arm-none-eabi-] [--allow NAME]...

It asks for memcpy, memmove and memset and for nothing else; nothing in it runs before the program or is found by the
linker as a constructor; it defines every function of the symbol map.
"""

import argparse
import re
import subprocess

ASKED = {"memcpy", "memmove", "memset"}
RUNS_BEFORE_MAIN = re.compile(r"\.(preinit_array|init_array|fini_array|ctors|dtors|init|fini)\b")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def symbols(prefix, archive):
    """What is defined in any member, and what is asked for by one and defined by none."""
    defined, asked = set(), set()
    for line in run(f"{prefix}nm", archive).splitlines():
        fields = line.split()
        if len(fields) < 2 or len(fields[-2]) != 1:
            continue
        kind, name = fields[-2:]
        (asked if kind in "Uwv" else defined).add(name)
    return defined, asked - defined


def sections(prefix, archive):
    return set(re.findall(r"^\s*\d+\s+(\.\S+)", run(f"{prefix}objdump", "-h", archive), flags=re.M))


def in_map(path):
    text = re.sub(r"/\*.*?\*/", "", open(path).read(), flags=re.S)
    return set(re.findall(r"(\w+);", text.partition("local:")[0]))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("archive")
    arguments.add_argument("map")
    arguments.add_argument("--prefix", default="")
    arguments.add_argument("--allow", action="append", default=[])
    given = arguments.parse_args()

    defined, asked = symbols(given.prefix, given.archive)
    wrong = asked - ASKED - set(given.allow)
    assert not wrong, f"asks for {sorted(wrong)}"
    assert "memset" in asked, "an archive that asks for no memset was not read right"
    missing = in_map(given.map) - defined
    assert not missing, f"does not define {sorted(missing)}"
    found = sections(given.prefix, given.archive)
    assert any(name.startswith(".text") for name in found), "an archive without code was not read right"
    early = sorted(name for name in found if RUNS_BEFORE_MAIN.match(name))
    assert not early, f"has {early}"
    print(f"{given.archive}: asks for {sorted(asked)}, no constructors, {len(in_map(given.map))} functions of the map")


if __name__ == "__main__":
    main()
