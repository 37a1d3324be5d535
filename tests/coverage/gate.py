# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Reads what gcovr counted, prints a table, and fails unless the part that has to be covered is.

gate.py <report.json> [--write docs/coverage.md]
"""

import argparse
import fnmatch
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What has to be covered: the core, and what the STATIC tier runs.
GATED = [
    "cpp/core/*",
    "cpp/tiers/slot_pool.*",
    "cpp/tiers/builtin_pool.*",
    "cpp/tiers/static_provider.hpp",
    "cpp/tiers/memory*",
    "cpp/tiers/shield.hpp",
]
LEAST_BRANCHES = 95
ELSEWHERE = ["cpp/host/none.cpp", "cpp/host/lock.cpp"]  # of other builds
MARKER = re.compile(r"GCOVR_EXCL_(?!STOP)\w+(.*)")
BEGIN, END = "<!-- table -->", "<!-- end of table -->"


def gated(path):
    return any(fnmatch.fnmatch(path, pattern) for pattern in GATED)


def counts(lines):
    """Lines, lines that ran, branches, branches taken."""
    branches = [branch["count"] for line in lines for branch in line["branches"]]
    ran = sum(1 for line in lines if line["count"] > 0)
    return len(lines), ran, len(branches), sum(1 for count in branches if count > 0)


def read(report):
    """For each file its lines that can run, without what a marker excludes."""
    files = {}
    for file in json.loads(pathlib.Path(report).read_text())["files"]:
        lines = [line for line in file["lines"] if not line.get("gcovr/noncode") and not line.get("gcovr/excluded")]
        files[file["file"]] = lines
    return files


def percent(part, whole):
    return "–" if whole == 0 else f"{100 * part / whole:.1f} %"


def row(name, c):
    return f"| {name} | {c[1]} of {c[0]} | {percent(c[1], c[0])} | {c[3]} of {c[2]} | {percent(c[3], c[2])} |"


def total(all_counts):
    return tuple(sum(column) for column in zip(*all_counts))


def table(files):
    rows = ["| file | lines | | branches | |", "|---|---|---|---|---|"]
    for name in sorted(files):
        rows.append(row(f"`{name}`" + (" ●" if gated(name) else ""), counts(files[name])))
    parts = {
        "● together": gated,
        "`cpp/`": lambda name: name.startswith("cpp/"),
        "`capi/`": lambda name: name.startswith("capi/"),
        "all": lambda name: True,
    }
    for title, belongs in parts.items():
        rows.append(row(f"**{title}**", total([counts(files[name]) for name in files if belongs(name)])))
    return "\n".join(rows)


def source(name):
    return (ROOT / name).read_text().splitlines()


def gaps(files):
    """Lines that did not run, and lines with branches that were not taken, of what has to be covered."""
    for name in sorted(filter(gated, files)):
        text = source(name)
        for line in files[name]:
            missing = [branch for branch in line["branches"] if branch["count"] == 0]
            where = f"{name}:{line['line_number']}: {text[line['line_number'] - 1].strip()}"
            if line["count"] == 0:
                yield f"did not run: {where}"
            elif missing:
                yield f"{len(missing)} of {len(line['branches'])} branches not taken: {where}"


def exceptions():
    """Each marker with its place and its reason; what ends an exception has none."""
    for folder in ("cpp", "capi"):
        for path in sorted((ROOT / folder).rglob("*.[ch]*")):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                found = MARKER.search(line)
                if found:
                    yield f"{path.relative_to(ROOT)}:{number}", found.group(1).strip(" :*/")


def problems(files):
    for path in sorted([*(ROOT / "cpp").rglob("*.cpp"), *(ROOT / "capi").rglob("*.cpp")]):
        name = str(path.relative_to(ROOT))
        if name not in files and name not in ELSEWHERE:
            yield f"{name} is not in the report"
    for where, reason in exceptions():
        if len(reason.split()) < 3:
            yield f"{where}: an exception without a reason"
    lines, ran, branches, taken = total([counts(files[name]) for name in files if gated(name)] or [(0, 0, 0, 0)])
    if lines == 0 or ran < lines:
        yield f"{lines - ran} lines of what has to be covered did not run"
    if branches == 0 or taken * 100 < LEAST_BRANCHES * branches:
        yield f"{taken} of {branches} branches taken is less than {LEAST_BRANCHES} %"


def write(page, text):
    path = pathlib.Path(page)
    before, rest = path.read_text().split(BEGIN)
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("report")
    parser.add_argument("--write", metavar="PAGE")
    given = parser.parse_args()
    files = read(given.report)
    print(table(files), "", *gaps(files), "", sep="\n")
    for where, reason in exceptions():
        print(f"exception: {where}: {reason}")
    found = list(problems(files))
    for problem in found:
        print(f"FAILED: {problem}")
    if given.write and not found:
        write(given.write, table(files))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
