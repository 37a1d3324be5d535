#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Every wrong edit in proofs/mutants.txt must lose its proof.

    proofs/mutants.py         the table is of this kernel and these edits, and a sample of them loses its proof again
    proofs/mutants.py write   tries all of them and writes the table, proofs/mutants.md, anew

The functions that the edits are in are tried as they ship first, with the same prover and the same few steps; then
each edited kernel. An edit counts only when it changes the file, Frama-C reads the result, goals were lost that are
proved as it ships, and other goals of the function are still proved.
"""

import concurrent.futures
import hashlib
import re
import shutil
import subprocess
import sys

import wp

TABLE = wp.ROOT / "proofs" / "mutants.md"
EDITS = wp.ROOT / "proofs" / "mutants.txt"
LEAST = 25
SAMPLE = 7  # every so many
HEAD = """<!-- SPDX-License-Identifier: Apache-2.0 OR MIT -->
<!-- Made by proofs/mutants.py write; change nothing by hand. -->

# Wrong edits that the proofs find

Each line of [mutants.txt](mutants.txt) is a wrong edit of the kernel. The goals named here are proved as it ships, with
the same prover and the same few steps; edited, the function loses them and keeps others.

"""
COLUMNS = "\n| wrong edit | function | goals kept | goals lost |\n|---|---|---:|---|\n"


def mutants():
    lines = EDITS.read_text().splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def digest():
    """Of what the table depends on."""
    files = [wp.ROOT / "cpp" / "core" / "kernel" / name for name in wp.HEADERS] + [EDITS, wp.ROOT / "proofs" / "wp.py"]
    return "Of the sources `" + hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16] + "`.\n"


def edited(name, file, edit):
    root = wp.OUT / "mutants" / name
    shutil.rmtree(root, ignore_errors=True)
    (root / "proofs").mkdir(parents=True)
    shutil.copytree(wp.ROOT / "cpp" / "core" / "kernel", root / "cpp" / "core" / "kernel")
    shutil.copy(wp.ROOT / "proofs" / "memory.c", root / "proofs")
    target = root / "cpp" / "core" / "kernel" / file
    before = target.read_text()
    subprocess.run(["sed", "-i", edit, target], check=True)
    if target.read_text() == before:
        raise RuntimeError("the edit changes nothing")
    return root


def proved(root, function):
    """How often each goal of the function is proved, by its stable name."""
    answer = wp.prove(root, "x86_64", [function], patient=False)
    return answer.goals - answer.unproved


def tried(mutant, shipped):
    """A row of the table and, where the edit was not found, why."""
    name, function, file, edit = mutant
    try:
        kept = proved(edited(name, file, edit), function)
    except RuntimeError as why:
        return None, f"{name}: {why}"
    lost = sorted(goal.removeprefix(f"{function}_") for goal in shipped[function] - kept)
    if not lost:
        return None, f"{name}: still proved"
    if not kept:
        return None, f"{name}: nothing of the function is left"
    print(f"{name}: {len(lost)} goals lost", flush=True)
    return f"| {name} | `{function}` | {kept.total()} of {shipped[function].total()} | {', '.join(lost)} |\n", None


def try_all(chosen):
    """The rows of those that were found, and what is wrong with the others."""
    functions = sorted({mutant[1] for mutant in chosen})
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        shipped = dict(zip(functions, pool.map(lambda function: proved(wp.ROOT, function), functions)))
        outcome = list(pool.map(lambda mutant: tried(mutant, shipped), chosen))
    rows = [row for row, _ in outcome if row]
    print(f"{len(rows)} wrong edits of {len(chosen)} lost their proof")
    return rows, [why for _, why in outcome if why]


def main():
    wp.prepare()
    every = mutants()
    if sys.argv[1:] == ["write"]:
        rows, wrong = try_all(every)
        TABLE.write_text(HEAD + digest() + COLUMNS + "".join(rows))
    else:
        wrong = try_all(every[::SAMPLE])[1]
    table = TABLE.read_text()
    if digest() not in table:
        wrong.append("proofs/mutants.md is of another kernel or of other edits: proofs/mutants.py write")
    if sorted(re.findall(r"^\| ([a-z-]+) \| `", table, re.M)) != sorted(mutant[0] for mutant in every):
        wrong.append("proofs/mutants.md does not have a line for each edit")
    if len(every) < LEAST:
        wrong.append(f"{len(every)} edits, and {LEAST} are promised")
    print("\n".join(wrong) if wrong else f"proofs/mutants.md has all {len(every)} wrong edits, each found")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
