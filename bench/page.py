#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""docs/performance.md and its pictures from what was measured: page.py BUILD DOCS

Reads BUILD/table.json, which table.py made, and bench/limits.md: what was tried where a goal is not reached.
"""

import datetime
import json
import math
import os
import pathlib
import platform
import subprocess
import sys
import xml.sax.saxutils

import table

ROOT = pathlib.Path(__file__).resolve().parent
INK, PALE, OURS, THEIRS = "#24292f", "#d0d7de", "#1a7f5a", "#8c959f"
WIDTH, LEFT, LINE = 860, 330, 22


class Picture:
    """SVG, top to bottom."""

    def __init__(self, title, height):
        self.height = height
        self.parts = [self.text(10, 24, title, size=16)]

    @staticmethod
    def text(x, y, words, anchor="start", size=12, colour=INK):
        return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">'
                f"{xml.sax.saxutils.escape(words)}</text>")

    def add(self, *parts):
        self.parts += parts

    def bar(self, x, y, width, colour):
        self.add(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="14" fill="{colour}"/>')

    def rule(self, x, top, bottom):
        self.add(f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{bottom}" stroke="{PALE}"/>')

    def write(self, file):
        body = "\n".join(self.parts)
        file.write_text('<!-- SPDX-License-Identifier' ': Apache-2.0 OR MIT -->\n'
                        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{self.height}" '
                        f'font-family="sans-serif">\n<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n',
                        encoding="utf-8")


def scale(least, most):
    """From a value to a place between LEFT and the right edge, by its logarithm; and the powers of ten in between."""
    low, high = math.floor(math.log10(least)), math.ceil(math.log10(most))
    step = (WIDTH - LEFT - 90) / max(high - low, 1)
    return (lambda value: LEFT + (math.log10(value) - low) * step), [10.0 ** power for power in range(low, high + 1)]


def ratio_bars(rows, file):
    bars = [(row, goal) for row in rows for goal in row["goals"] if goal["ratio"] and "≥" in goal["goal"]]
    least = min(1.0, min(goal["ratio"] for _, goal in bars))
    place, marks = scale(least, max(goal["ratio"] for _, goal in bars))
    picture = Picture("Times faster than the peer (logarithmic); green where the goal is reached", 60 + LINE * len(bars))
    for mark in marks:
        picture.rule(place(mark), 40, 44 + LINE * len(bars))
        picture.add(picture.text(place(mark), 38, f"{mark:g}", "middle", 11, THEIRS))
    for i, (row, goal) in enumerate(bars):
        y = 46 + LINE * i
        words = f"{row['row'].split()[0]}: {row['what']}"
        picture.add(picture.text(LEFT - 8, y + 12, words if len(words) < 54 else words[:52] + "…", "end", 11))
        picture.bar(place(1), y, place(goal["ratio"]) - place(1), OURS if goal["reached"] else THEIRS)
        picture.add(picture.text(max(place(goal["ratio"]), place(1)) + 4, y + 12,
                                 f"{table.number(goal['ratio'])} × {goal['peer']}", size=11))
    picture.write(file)


def dots(title, series, file, unit):
    """series: {name: {label: value}}; one line each, one dot a value."""
    values = [value for points in series.values() for value in points.values()]
    place, marks = scale(min(values), max(values))
    picture = Picture(title, 80 + LINE * len(series))
    for mark in marks:
        picture.rule(place(mark), 40, 44 + LINE * len(series))
        picture.add(picture.text(place(mark), 38, f"{mark:g}", "middle", 11, THEIRS))
    for i, (name, points) in enumerate(series.items()):
        y = 58 + LINE * i
        picture.add(picture.text(LEFT - 8, y + 4, name, "end"))
        colour = OURS if name.startswith("ours") else THEIRS
        xs = [place(value) for value in points.values()]
        picture.add(f'<line x1="{min(xs):.1f}" y1="{y}" x2="{max(xs):.1f}" y2="{y}" stroke="{colour}"/>')
        for label, x in zip(points, xs):
            picture.add(f'<circle cx="{x:.1f}" cy="{y}" r="4" fill="{colour}"><title>{label}: '
                        f"{table.number(points[label])} {unit}</title></circle>")
    picture.add(picture.text(LEFT, 72 + LINE * len(series), f"{unit}, logarithmic", size=11, colour=THEIRS))
    picture.write(file)


def create_latency(rows, file):
    row = next(row for row in rows if row["row"] == "17")
    dots("Create, median, with so many memories alive",
         {f"ours, {int(count):,} alive": {"median": value} for count, value in row["figures"].items()}, file, "ns")


def growth_latency(rows, file):
    series = {row["what"]: row["figures"] for row in rows if row["row"] == "growth latency"}
    dots("One step of growth: p50, p90, p99, p99.9 and the longest", series, file, "ns")


def version(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]


def machine():
    model = next((line.partition(":")[2].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
                  if line.startswith("model name")), platform.machine())
    return (f"{model}, {os.cpu_count()} processors, virtual, shared with other work while this was measured; "
            f"Linux {platform.release().split('-')[0]}; {version('gcc', '--version')}; "
            f"{datetime.date.today().isoformat()}.")


def page(rows):
    goals = [goal for row in rows for goal in row["goals"]]
    lines = [f"""<!-- SPDX-License-Identifier: Apache-2.0 OR MIT -->
<!-- Made by bench/run docs; change nothing by hand, but what bench/limits.md says. -->

# Speed

`bench/run` builds the library and its peers in Release, measures both sides of each row in one process, interleaved, in
31 rounds, and compares their 10th percentiles; instructions are counted by callgrind, system calls by strace. It prints
this table, and writes it as text and as JSON. *Ratio* is peer ÷ ours for "≥" and ours ÷ peer for "≤".

Measured on: {machine()}

{sum(goal["reached"] is True for goal in goals)} of {len(goals)} goals are reached. What is not keeps its true figure,
and [what was tried](#what-was-tried) says why.

| row | what | unit | ours | peer | ratio | goal | |
|---:|---|---|---:|---|---:|---|---|"""]
    lines += ["| " + " | ".join(cells) + " |" for cells in table.lines(rows)]
    lines.append("""
![times faster than the peer](performance-ratios.svg)
![create latency](performance-create.svg)
![growth latency](performance-growth.svg)

## Every figure
""")
    for row in rows:
        shown = " · ".join(f"{name} {table.number(value)}" for name, value in row["figures"].items())
        lines.append(f"- {row['row']}: {row['what']} ({row['unit']}): {shown}")
    lines.append("\n" + (ROOT / "limits.md").read_text(encoding="utf-8").partition("-->")[2].strip())
    return "\n".join(lines) + "\n"


def main():
    build, docs = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    rows = json.loads((build / "table.json").read_text(encoding="utf-8"))
    (docs / "performance.md").write_text(page(rows), encoding="utf-8")
    ratio_bars(rows, docs / "performance-ratios.svg")
    create_latency(rows, docs / "performance-create.svg")
    growth_latency(rows, docs / "performance-growth.svg")


if __name__ == "__main__":
    main()
