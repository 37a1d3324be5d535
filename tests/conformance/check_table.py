#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Compares the table of rules with the tests.

    check_table.py docs/conformance.md tests/conformance

Each rule has an address and a test that is run, on the tiers that the row names; each test that is run has a rule;
the numbers in the text are the numbers of rows.
"""

import pathlib
import re
import sys

ALL = ["std", "alloc", "static"]
ADDRESS = re.compile(r"https://(webassembly\.github\.io|github\.com/WebAssembly)/\S+")


def rows_of(text):
    """The rows: rule, section, test, tiers, how."""
    rows = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and len(cells) == 5 and cells[0] != "rule":
            rows.append(cells)
    return rows


def tests_of(folder):
    """Every test that a program's list names: its tiers."""
    lists = (folder / "CMakeLists.txt").read_text()
    tests = {}
    for path in sorted(folder.glob("test_*.c")):
        text = path.read_text()
        program = path.stem.removeprefix("test_")
        alone = re.search(rf"conformance_test\({program} \w+ ([a-z ]+)\)", lists)
        grouped = re.search(rf"foreach\(name [a-z ]*\b{program}\b[a-z ]*\)", lists)
        assert alone or grouped, f"{path.name} is not built"
        for name in re.findall(r"^ +[A-Za-z_]+\((\w+)\),$", text, re.MULTILINE):
            tests[name] = alone.group(1).split() if alone else ALL
        for name in re.findall(r"^static void (\w+)\(void \*\*state\)", text, re.MULTILINE):
            assert name in tests, f"{path.name} defines {name} and never runs it"
    return tests


def faults(rows, tests, addresses):
    """What is wrong, a sentence each."""
    for rule, section, test, tiers, _ in rows:
        target = re.fullmatch(r"\[[^]]+\]\[([\w-]+)\]", section)
        if not target or not ADDRESS.fullmatch(addresses.get(target.group(1), "")):
            yield f"'{rule}' names no section with an address: {section}"
        name = test.strip("`")
        if name not in tests:
            yield f"'{rule}' has no test: {test}"
        elif tiers.lower().replace("all", "std, alloc, static").split(", ") != tests[name]:
            yield f"'{rule}' is said to be tested on {tiers}, and is on {tests[name]}"
    named = {row[2].strip("`") for row in rows}
    for name in sorted(set(tests) - named):
        yield f"no rule names the test {name}"
    rules = [row[0] for row in rows]
    for rule in sorted({rule for rule in rules if rules.count(rule) > 1}):
        yield f"'{rule}' stands there twice"
    for key in sorted(set(addresses) - {re.sub(r".*\[", "", row[1]).strip("]") for row in rows}):
        yield f"nothing refers to the address [{key}]"


def summary(rows):
    pairs = sum(3 if row[3] == "all" else len(row[3].split(", ")) for row in rows)
    return f"{len(rows)} rules: {len(rows)} tested, {pairs} rules × tiers"


def main():
    table, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    text = table.read_text()
    rows, tests = rows_of(text), tests_of(folder)
    addresses = dict(re.findall(r"^\[([\w-]+)\]: (\S+)$", text, re.MULTILINE))
    wrong = list(faults(rows, tests, addresses))
    if not rows or not tests:
        wrong.append("there are no rules, or no tests")
    if summary(rows) not in text:
        wrong.append(f"the text does not say '{summary(rows)}'")
    print("\n".join(wrong) if wrong else summary(rows))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
