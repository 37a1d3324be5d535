#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Modified condition/decision coverage of cpp/core.

  mcdc.py instrument --root ROOT --out FOLDER
      writes a copy of cpp/core that notes what its conditions come to, and the names for the recorder

  mcdc.py check --root ROOT --out FOLDER [--write] PROGRAM [ARGUMENT...] [-- PROGRAM...]
      runs the programs, and fails unless each condition has two vectors that show its independence or is among the
      exceptions, and docs/mcdc.md is what this gives; --write writes it
"""

import argparse
import glob
import os
import subprocess
import sys

import decisions
import instrument
import report

CPP = ["clang++", "-std=c++20", "-x", "c++"]
C = ["clang", "-std=c11", "-x", "c"]
BARE = ["-DWRT_HOST_NONE", "-DWRT_LOCK_ALL"]  # without an operating system
FOLDER = "cpp/core"
KERNEL = "cpp/core/kernel.h"  # the one file that C reads too
EXCEPTIONS = "tests/mcdc/exceptions.txt"
PAGE = "docs/mcdc.md"


def read_sources(root):
    paths = sorted(path for ending in ("cpp", "hpp", "h")
                   for path in glob.glob(os.path.join(root, FOLDER, "**", f"*.{ending}"), recursive=True))
    names = {path: os.path.relpath(path, root) for path in paths}
    return names, {name: decisions.Source(path) for path, name in names.items()}


def readings(root, names):
    """[(command, text)]: all headers together, each source alone, the same of a bare build, and the kernel as C."""
    def include(*paths):
        return "".join(f'#include "{path}"\n' for path in paths)
    folders = [f"-I{root}", f"-I{root}/include"]
    headers = [path for path in names if not path.endswith(".cpp")]
    sources = [path for path in names if path.endswith(".cpp")]
    as_cpp = [(CPP + folders + definitions, text) for definitions in ([], BARE)
              for text in [include(*headers)] + [include(path) for path in sources]]
    return as_cpp + [(C + folders, include(os.path.join(root, KERNEL)))]


def instrument_command(arguments):
    names, sources = read_sources(arguments.root)
    found, compile_time = decisions.find(readings(arguments.root, names), names, sources)
    instrument.write(arguments.out, sources, found, compile_time)
    return 0


def run(commands, seen, size):
    """What the recorder saw, and whether all programs succeeded."""
    with open(seen, "wb") as file:
        file.write(bytes(size))
    good = True
    for command in commands:
        environment = {**os.environ, "WRT_MCDC_SEEN": seen}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(f"FAILED {' '.join(command)}: {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
            good = False
    with open(seen, "rb") as file:
        return file.read(), good


def split(words):
    commands = [[]]
    for word in words:
        if word == "--":
            commands.append([])
        else:
            commands[-1].append(word)
    return [command for command in commands if command]


def check_command(arguments):
    found, unread = instrument.read(arguments.out)
    vectors = instrument.vectors(found)
    seen, good = run(split(arguments.programs), os.path.join(arguments.out, "seen"), len(found) * vectors)
    exceptions = report.Exceptions(os.path.join(arguments.root, EXCEPTIONS))
    shown = report.show(found, seen, vectors)
    wrong = report.missing(shown, exceptions)
    wrong += [f"{file}: no reading has `{text}`" for file, text in unread if not exceptions.has(file, "*", text)]
    wrong += [f"{file}: {function}: `{text}` is an exception and needs to be none"
              for file, function, text in sorted(exceptions.unused)]
    page = report.page(shown, exceptions)
    path = os.path.join(arguments.root, PAGE)
    if arguments.write:
        with open(path, "w", encoding="utf-8") as file:
            file.write(page)
    with open(path, encoding="utf-8") as file:
        if file.read() != page:
            wrong.append(f"{PAGE} is not what the tests give: build the target mcdc_report")
    print("\n".join(wrong) or "each condition of each decision was seen to decide on its own, or is justified")
    return 0 if good and not wrong else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("instrument", "check"):
        command = commands.add_parser(name)
        command.add_argument("--root", required=True)
        command.add_argument("--out", required=True)
    commands.choices["check"].add_argument("--write", action="store_true")
    commands.choices["check"].add_argument("programs", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    arguments.root = os.path.abspath(arguments.root)
    return instrument_command(arguments) if arguments.command == "instrument" else check_command(arguments)


if __name__ == "__main__":
    sys.exit(main())
