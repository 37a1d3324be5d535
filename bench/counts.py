#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Instructions of the hot calls, from callgrind's files of bench_hot and bench_inlined.

    counts.py figures BUILD         what the table takes of them, one JSON object a line
    counts.py check BUILD COUNTS    fails when a call takes over 3 % more instructions than COUNTS says
    counts.py bless BUILD COUNTS    makes COUNTS what was counted

BUILD/hot.callgrind has to be there, for figures BUILD/inlined.callgrind too.
"""

import collections
import json
import re
import sys

TOLERANCE = 1.03
COLUMN = 34
# what it is called, by whom, and which functions of the library are counted
HOT = [("read of 8 bytes", "hot_read", ["wrt_mem_read"]),
       ("write of 8 bytes", "hot_write", ["wrt_mem_write"]),
       ("write of 8 bytes at STANDARD", "hot_standard_write", ["wrt_mem_write"]),
       ("read of 8 bytes at FULL", "hot_full_read", ["wrt_mem_read"]),
       ("check", "hot_check", ["wrt_mem_check"]),
       ("growth", "hot_grow", ["wrt_mem_grow"]),
       ("STD create", "hot_life_std", ["wrt_mem_create"]),
       ("STD destroy", "hot_life_std", ["wrt_mem_destroy"]),
       ("STD create, touched", "hot_life_std_touched", ["wrt_mem_create"]),
       ("STD destroy, touched", "hot_life_std_touched", ["wrt_mem_destroy"]),
       ("STATIC create", "hot_life_static", ["wrt_mem_create_config"]),
       ("STATIC destroy", "hot_life_static", ["wrt_mem_destroy"]),
       ("STATIC create + destroy", "hot_life_static", ["wrt_mem_create_config", "wrt_mem_destroy"])]
SUMS_LOADS = 2000  # of each loop of row 8 in a quick run: one round that warms up, one that is counted


class Profile:
    """Inclusive instructions of calls by (caller, callee), and the instructions of a function itself."""

    def __init__(self, file):
        self.calls = collections.defaultdict(lambda: [0, 0])
        self.own = collections.Counter()
        names, caller, callee, called = {}, "", "", 0
        for line in open(file, encoding="utf-8"):
            named = re.match(r"(c?fn)=\((\d+)\)(?: (.*))?$", line.rstrip())
            if named:
                kind, number, name = named.groups()
                if name:
                    names[number] = name.split("'")[0]
                if kind == "fn":
                    caller = names[number]
                else:
                    callee = names[number]
            elif line.startswith("calls="):
                called = int(line[6:].split()[0])
            elif re.match(r"[+\-*\d]", line):
                cost = int(line.split()[1])
                if called:
                    found = self.calls[caller, callee]
                    found[0] += called
                    found[1] += cost
                    called = 0
                else:
                    self.own[caller] += cost


def hot_counts(build):
    """{name: instructions a call}"""
    profile = Profile(f"{build}/hot.callgrind")
    counts = {}
    for name, caller, callees in HOT:
        pairs = [profile.calls[caller, callee] for callee in callees]
        if any(calls < 1000 for calls, _ in pairs):
            sys.exit(f"{name}: {caller} does not call {callees} often enough: {pairs}")
        counts[name] = sum(cost / calls for calls, cost in pairs)
    return counts


def figure(row, what, figures):
    print(json.dumps({"row": row, "what": what, "unit": "instructions", "figures": figures}))


def figures(build):
    counts = hot_counts(build)
    for name, value in counts.items():
        figure("16" if name == "STATIC create + destroy" else "instructions", name, {"ours": round(value, 1)})
    profile = Profile(f"{build}/inlined.callgrind")
    for compiler in ("gcc", "clang"):
        own = {name: profile.own[f"{compiler}_sum_{name}"] / SUMS_LOADS for name in ("raw", "hoisted", "reread")}
        if own["raw"]:
            figure(f"8 {compiler} instructions", f"inline load of 4 bytes beyond a raw one, {compiler}",
                   {name: round(own[name] - own["raw"], 2) for name in ("hoisted", "reread") if own[name]})


def read(file):
    rows = (line.rsplit(None, 1) for line in open(file, encoding="utf-8") if line.strip() and line[0] != "#")
    return {name.strip(): float(value) for name, value in rows}


def check(build, file):
    now, before = hot_counts(build), read(file)
    wrong = [f"{name}: no longer counted" for name in before if name not in now]
    for name, value in now.items():
        old = before.get(name)
        print(f"{name:{COLUMN}}{value:10.1f}   committed {old}")
        if old is None:
            wrong.append(f"{name}: not committed")
        elif value > old * TOLERANCE:
            wrong.append(f"{name}: {value:.1f} instructions, over 3 % more than {old:.1f}")
    if wrong:
        sys.exit("\n".join(wrong) + "\nif that is meant: bench/run counts bless, and say why")


def bless(build, file):
    with open(file, "w", encoding="utf-8") as out:
        out.write("# SPDX-License-Identifier: Apache-2.0 OR MIT\n"
                  "# Instructions a call: gcc 12 of Debian 12, x86-64, -O3, by callgrind. Made by `bench/run counts bless`.\n")
        for name, value in hot_counts(build).items():
            out.write(f"{name:{COLUMN}}{value:10.1f}\n")


if __name__ == "__main__":
    {"figures": figures, "check": check, "bless": bless}[sys.argv[1]](*sys.argv[2:])
