#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The table of what was measured, beside what is to be reached: table.py BUILD

Reads BUILD/figures.jsonl, prints the table and writes it to BUILD/table.txt and BUILD/table.json.
"""

import json
import sys

HEAPS = ["calloc", "vector", "mimalloc calloc", "jemalloc calloc"]
MAPS = ["mmap + mprotect", "wasm2c"]
GROWERS = ["realloc + memset", "vector", "mprotect", "mremap", "wasm2c"]

# What to reach. row: [(our figure, how, peers, number, in words)]
# faster: the best of the peers takes at least that many times ours; within: ours takes at most that many times the best
# peer; most: ours is at most that; least: ours is at least that.
GOALS = {
    "1": [("ours", "faster", ["wasm2c"], 300, "≥ 300 × wasm2c"), ("ours", "faster", ["calloc"], 30, "≥ 30 × calloc")],
    "2": [("ours", "faster", ["wasm2c"], 200, "≥ 200 × wasm2c"), ("ours", "faster", HEAPS, 10, "≥ 10 × best heap")],
    "3": [("ours", "faster", ["calloc"], 3, "≥ 3 × calloc"), ("ours", "faster", ["wasm2c"], 100, "≥ 100 × wasm2c")],
    "4": [("ours", "faster", HEAPS + MAPS + ["Rust Vec"], 80, "≥ 80 × best peer")],
    "5": [("ours", "faster", GROWERS, 150, "≥ 150 × best peer"), ("ours", "faster", ["vector"], 30000, "≥ 30,000 × vector")],
    "6": [("ours", "most", [], 0, "none")],
    "7": [("ours, cold", "faster", ["wasm2c"], 2, "cold ≥ 2 × wasm2c"),
          ("ours, recycled", "faster", ["wasm2c"], 40, "recycled ≥ 40 × wasm2c")],
    "8 gcc": [("ours", "within", ["raw"], 1.25, "≤ 1.25 × raw"),
              ("ours", "faster", ["wasm2c, checked"], 1.3, "≥ 1.3 × wasm2c")],
    "8 gcc instructions": [("hoisted", "most", [], 2, "hoisted ≤ 2"), ("reread", "most", [], 3, "re-read ≤ 3")],
    "9": [("ours", "within", ["memcpy"], 1.25, "≤ 1.25 × memcpy"), ("ours", "within", ["Rust Vec"], 1, "≤ Rust Vec")],
    "10": [("ours", "within", ["memcpy"], 1.03, "≤ 1.03 × memcpy")],
    "10 large": [("ours", "faster", ["memcpy"], 1.3, "≥ 1.3 × memcpy")],
    "11": [("ours", "faster", ["Rust Vec"], 250, "≥ 250 × Rust Vec"),
           ("ours", "faster", ["memcpy, warm"], 40, "≥ 40 × memcpy"),
           ("ours, from an image", "faster", ["Rust Vec"], 5000, "image ≥ 5,000 × Rust Vec")],
    "12": [("ours", "faster", ["memcmp, warm"], 10, "≥ 10 × memcmp warm"),
           ("ours", "faster", ["memcmp, cold"], 200, "≥ 200 × cold")],
    "13": [("ours", "faster", ["Adler-32 in C++", "Adler-32 in Rust"], 60, "≥ 60 × Adler-32")],
    "14": [("ours", "within", ["the same at OFF"], 1.7, "≤ 1.7 × OFF")],
    "15": [("ours", "within", ["the same at OFF"], 3, "≤ 3 × OFF")],
    "16": [("ours", "most", [], 165, "≤ 165")],
    "17": [("100000", "within", ["100"], 2, "100,000 ≤ 2 × 100")],
    "17 alive": [("ours", "least", [], 100000, "≥ 100,000")],
    "18": [("two threads", "share", ["one thread"], 1.7, "two ≥ 1.7 × one")],
    "19": [("ours", "most", [], 98304, "≤ 96 KiB")],
    "19 needs": [("ours", "most", [], 0, "none")],
}
GOALS["8 clang"] = GOALS["8 gcc"]
GOALS["8 clang instructions"] = GOALS["8 gcc instructions"]


def judge(figures, goal):
    """A line of the table for one goal, or None where nothing of it was measured."""
    ours_name, how, peers, number, words = goal
    there = [peer for peer in peers if peer in figures]
    if ours_name not in figures or (peers and not there):
        return {"goal": words, "reached": None, "ours": figures.get(ours_name), "peer": None, "floor": None, "ratio": None}
    ours = figures[ours_name]
    best = min(there, key=figures.get) if there else None
    ratio = None
    if how == "faster":
        ratio = figures[best] / ours
    elif best is not None:
        ratio = ours / figures[best]
    reached = {"faster": lambda: ratio >= number, "within": lambda: ratio <= number, "share": lambda: ratio >= number,
               "most": lambda: ours <= number, "least": lambda: ours >= number}[how]()
    return {"goal": words, "reached": reached, "ours": ours, "peer": best, "floor": figures[best] if best else None,
            "ratio": ratio}


def number(value):
    if value is None:
        return ""
    if value >= 1e6 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.2f}" if value < 100 else f"{value:,.0f}"


def table(rows):
    """[{row, what, unit, figures, goals}] from what was measured, in the order of the rows."""
    for row in rows:
        row["goals"] = [judge(row["figures"], goal) for goal in GOALS.get(row["row"], [])]
    order = {name: place for place, name in enumerate(GOALS)}
    return sorted(rows, key=lambda row: (int(row["row"].split()[0]) if row["row"][0].isdigit() else 99,
                                         order.get(row["row"], 999)))


def lines(rows):
    """(row, what, unit, ours, peer and its figure, ratio, goal, reached) as text, one a goal."""
    for row in rows:
        for goal in row["goals"]:
            peer = f"{goal['peer']} {number(goal['floor'])}" if goal["peer"] else ""
            reached = {None: "not measured", True: "reached", False: "NO"}[goal["reached"]]
            yield (row["row"].split()[0], row["what"], row["unit"], number(goal["ours"]), peer, number(goal["ratio"]),
                   goal["goal"], reached)


def text(rows):
    cells = [("row", "what", "unit", "ours", "peer", "ratio", "goal", "")] + list(lines(rows))
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    made = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in cells]
    made += ["", "All figures, the least that is left of one being the floor:"]
    for row in rows:
        shown = " · ".join(f"{name} {number(value)}" for name, value in row["figures"].items())
        made.append(f"{row['row']}: {row['what']} ({row['unit']}): {shown}")
    return "\n".join(made) + "\n"


def main():
    build = sys.argv[1]
    with open(f"{build}/figures.jsonl", encoding="utf-8") as file:
        rows = table([json.loads(line) for line in file])
    goals = [goal for row in rows for goal in row["goals"]]
    reached = sum(goal["reached"] is True for goal in goals)
    made = text(rows) + f"\n{reached} of {len(goals)} goals reached\n"
    print(made, end="")
    with open(f"{build}/table.txt", "w", encoding="utf-8") as file:
        file.write(made)
    with open(f"{build}/table.json", "w", encoding="utf-8") as file:
        json.dump(rows, file, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    main()
