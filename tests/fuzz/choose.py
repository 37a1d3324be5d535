#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""choose.py CONTROL_FILE DIRECTORY MOST: copies the inputs that cover the most, at most so many.

CONTROL_FILE is what libFuzzer's -merge_control_file leaves: the inputs and what each reaches.
"""

import os
import shutil
import sys


def read(path):
    """The inputs, and for each the set of what it reaches."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    count = int(lines[0])
    names = lines[2:2 + count]
    reached = {}
    for line in lines[2 + count:]:
        kind, index, *rest = line.split()
        if kind in ("FT", "COV"):
            reached.setdefault(names[int(index)], set()).update(f"{kind}{number}" for number in rest)
    return reached


def choose(reached, most):
    chosen = []
    covered = set()
    while len(chosen) < most and reached:
        best = max(sorted(reached), key=lambda name: len(reached[name] - covered))
        if not reached[best] - covered:
            break
        chosen.append(best)
        covered |= reached.pop(best)
    return chosen


def main():
    control, directory, most = sys.argv[1:]
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    for name in choose(read(control), int(most)):
        shutil.copy(name, os.path.join(directory, os.path.basename(name)))


if __name__ == "__main__":
    main()
