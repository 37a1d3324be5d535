#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""docs/timing.md from what was read and counted.

table.py [--check] DOCS BOUNDS PROGRAM FULL_BOARD STATIC_BOARD CALLGRIND PEERS

PROGRAM is linked with the STATIC tier alone for Cortex-M3; the _BOARD files are what the histories printed, CALLGRIND is
callgrind's file of the same histories on x86-64, PEERS what was measured of others. Fails when an operation that is
promised to be constant took now fewer, now more instructions, when one took more than the longest path that was read,
or when that path is beyond its committed bound.
"""

import collections
import json
import re
import sys

import near
import path

ORDER = ["range check", "growth", "pool: claim", "pool: release", "wrt_mem_len", "wrt_mem_check", "wrt_mem_read",
         "wrt_mem_write", "wrt_mem_grow", "wrt_mem_create_config", "wrt_mem_destroy"]
CONSTANT = {"range check", "growth", "wrt_mem_len", "wrt_mem_check", "wrt_mem_read", "wrt_mem_write", "wrt_mem_grow"}


def board(file):
    """{operation: (times, least, most)}"""
    rows = (line.split("\t") for line in open(file).read().splitlines())
    return {name: (int(times), int(least), int(most)) for name, times, least, most in rows}


def callgrind(file):
    """{operation: {quarter of the histories: (calls, instructions)}}"""
    names, found, caller, calls = {}, collections.defaultdict(dict), "", 0
    for line in open(file):
        named = re.match(r"(c?fn)=\((\d+)\)(?: (.*))?$", line.rstrip())
        if named:
            kind, number, name = named.groups()
            if name:
                names[number] = name
            if kind == "fn":
                caller = names[number]
        elif line.startswith("calls="):
            calls = int(line[6:].split()[0])
        elif calls:
            made = re.search(r"made_by<(\d+), (\d+)", caller)
            if made:
                operation, group = ORDER[int(made[1])], int(made[2])
                before = found[operation].get(group, (0, 0))
                found[operation][group] = (before[0] + calls, before[1] + int(line.split()[1]))
            calls = 0
    return found


def per_call(groups):
    """Instructions a call in each quarter; a whole number when every call took the same."""
    return [instructions / calls for calls, instructions in groups.values()]


def shown(values):
    least, most = min(values), max(values)
    if least == most and least == int(least):
        return f"{int(least)}"
    return f"{least:.1f} … {most:.1f} on average"


def span(row):
    return f"{row[1]}" if row[1] == row[2] else f"{row[1]} … {row[2]}"


def wrong_with(read, bounds, full, static, counted):
    wrong = []
    for name in ORDER:
        if full[name][0] < 3000 or sum(calls for calls, _ in counted[name].values()) < 3000 or len(counted[name]) != 4:
            wrong.append(f"{name}: called too seldom")
        if name in CONSTANT:
            for where, row in (("whole", full), ("static", static)):
                if row[name][1] != row[name][2]:
                    wrong.append(f"{name} ({where}): {span(row[name])} instructions, not always the same")
            values = per_call(counted[name])
            if len(set(values)) != 1 or values[0] != int(values[0]):
                wrong.append(f"{name}: {values} instructions a call on x86-64")
    for name, (instructions, stack) in read.items():
        most, most_stack = bounds["at_most"][name]
        if instructions > most or stack > most_stack:
            wrong.append(f"{name}: path {instructions}, stack {stack}; bounds {most}, {most_stack}")
        if name in static and static[name][2] > instructions:
            wrong.append(f"{name}: took {static[name][2]} instructions, and the longest path is {instructions}")
    return wrong


def page(read, second, bounds, full, static, counted, peers):
    lines = ["""<!-- SPDX-License-Identifier: Apache-2.0 OR MIT -->
<!-- Made by tests/timing/run docs; change nothing by hand. -->

# Time

*Deterministic* means here: the named operations take a bounded number of instructions, whatever happened before. Two
tools say so, and CI runs both:

- [path.py](../tests/timing/path.py) reads the longest path and the stack from what the compiler made for Cortex-M3
  (gcc 12.2, `-O2`). It refuses loops, indirect calls, recursion and calls that [bounds.json](../tests/timing/bounds.json)
  does not name; each loop that is named has a kind there, and the bounds are committed beside them.
- [histories.cpp](../tests/timing/histories.cpp) runs 10,000 random histories of a pool of 16 slots and counts each call
  by itself: on QEMU's mps2-an385 (`-icount shift=10,align=off,sleep=off`, SysTick), and under callgrind on x86-64.

## Longest paths, read from the object

The STATIC tier alone on Cortex-M3, `-O2`, return included, the caller's call not.

| operation | instructions | bound | stack, bytes | bound | with 33 to 1,024 slots |
|---|---:|---:|---:|---:|---:|"""]
    for name, (instructions, stack) in read.items():
        most, most_stack = bounds["at_most"][name]
        lines.append(f"| {name} | {instructions} | {most} | {stack} | {most_stack} | {second[name][0]} |")
    lines.append("""
*Range check* is `wrt_k_in_range`, *growth* `wrt_k_grow`: straight code. `LinearMemory::lengthen` is a memory's growth
with its control block sealed anew; `wrt_mem_len` and `wrt_mem_check` look up the handle and check the control block. Their
loops go over the words of a struct: so many each time.

*Claim* and *release* of a pool's slot have loops of three kinds. A **level** of the set is gone through once: one level
holds up to 32 slots, two 1,024, three 32,768, at most six. A **retry** of `ldrex`/`strex` repeats only when another
context came in between, so the path counts it once; with n contexts at work one of them always gets through (lock-free,
not wait-free). A **lag** is gone through only while another context is between its two steps; the path counts it once
too, which is why it is longer than anything that one context alone can take.

## Counted

Instructions a call, least … most of 10,000 histories; one number: always the same, and CI fails when it is not.

| operation | Cortex-M3, whole library | Cortex-M3, STATIC alone | x86-64, whole library |
|---|---:|---:|---:|""")
    for name in ORDER:
        lines.append(f"| {name} | {span(full[name])} | {span(static[name])} | {shown(per_call(counted[name]))} |")
    lines.append("""
`wrt_mem_read` and `wrt_mem_write` move 8 bytes, more than 63 bytes before the memory's end; `wrt_mem_grow` grows by 1 to
960 bytes, `wrt_mem_create_config` makes memories of 64 to 960 bytes (a free slot is zero already), `wrt_mem_destroy` ends
memories of length 0: what shrinking and destroying scrub is the caller's O(n), named as such. The figure of x86-64
is callgrind's inclusive count in each quarter of the histories, divided by the calls; for the operations that are not
constant it is an average. Where instructions are equal, cycles need not be: flash wait states, caches and interrupts are
the target's.

## Beside others

""" + open(peers).read().partition("-->")[2].strip())
    return "\n".join(lines) + "\n"


def main():
    arguments = sys.argv[1:]
    check = arguments[0] == "--check"
    docs, bounds_file, program, full_board, static_board, counts, peers = arguments[1:] if check else arguments
    bounds = json.load(open(bounds_file))
    read, second = (path.measure(program, bounds, levels) for levels in (1, 2))
    full, static, counted = board(full_board), board(static_board), callgrind(counts)
    wrong = wrong_with(read, bounds, full, static, counted)
    if wrong:
        sys.exit("\n".join(wrong))
    text = page(read, second, bounds, full, static, counted, peers)
    if check:
        old = near.near(open(docs).read(), text)
        if old is not None:
            sys.exit(f"{docs} is old, now it is {old}: tests/timing/run docs makes it anew")
    else:
        open(docs, "w").write(text)
    print(f"{len(read)} longest paths within their bounds, {len(CONSTANT)} operations constant")


if __name__ == "__main__":
    main()
