#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Compares docs/safety.md, the ledger of claims, with the pages that make the claims and with what shows them.

    tests/claims.py <build directory>

The build is one whose tests are built (their names are asked of CTest). Fails when

- a page of the manual is not among the ledger's pages;
- a quoted claim is not on its page, or an id comes twice;
- a sentence with a promising word has no row, or a section neither a row nor a reason to have none;
- a row has no command, trusts something without a name, or a command names nothing: a CTest pattern that matches no
  test, a function that tests/all.sh does not have, a file that does not exist.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LEDGER = ROOT / "docs" / "safety.md"
PROMISING = re.compile(r"\b(never|always|exact|exactly|lock-free|deterministic|verified|proved|fragmentation|guarantees?"
                       r"|promised?|certain|whatever)\b|O\(1\)", re.IGNORECASE)


def squeezed(text):
    return " ".join(text.split())


def sections(text):
    """(heading, text) of each, the part before the first heading included; nothing in code is a heading."""
    found = [("", [])]
    in_code = False
    for line in text.splitlines():
        if line.startswith("```"):
            in_code = not in_code
        if line.startswith("#") and not in_code:
            found.append((line.lstrip("#").strip(), []))
        else:
            found[-1][1].append(line)
    return [(heading, "\n".join(lines)) for heading, lines in found]


def rows(heading):
    """The rows of the table under that heading of the ledger, as lists of cells."""
    for name, text in sections(LEDGER.read_text(encoding="utf-8")):
        if name == heading:
            lines = [line for line in text.splitlines() if line.startswith("|")][2:]
            return [[squeezed(cell) for cell in line.strip().strip("|").split("|")] for line in lines]
    return []


def sentences(text):
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    for block in re.split(r"\n\s*\n|\n(?=[-*|])", text):
        parts = re.split(r"(?<=[.:;!?]) | ?\| ?", squeezed(block))
        yield from (part.removeprefix("- ") for part in parts)


def test_names(build):
    listed = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], check=True, capture_output=True, text=True)
    return [test["name"] for test in json.loads(listed.stdout)["tests"]]


def names_something(command, tests, checks):
    words = command.split()
    if words[:2] == ["ctest", "-R"] and len(words) == 3:
        return any(re.search(words[2], name) for name in tests)
    if words[:2] == ["ctest", "--preset"] and len(words) == 3:
        presets = json.loads((ROOT / "CMakePresets.json").read_text(encoding="utf-8"))["testPresets"]
        return words[2] in [preset["name"] for preset in presets if not preset.get("hidden")]
    if words[:2] == ["tests/all.sh", "only"] and len(words) >= 3:
        return f"\n{words[2]}() {{" in checks
    return os.access(ROOT / words[0], os.X_OK)


def check_rows(ledger, tests, checks, trusted, wrong):
    seen = set()
    for cells in ledger:
        if len(cells) != 5:
            wrong.append(f"not five cells: {cells}")
            continue
        name, page, claim, shown_by, trust = cells
        if name in seen:
            wrong.append(f"{name}: twice")
        seen.add(name)
        if not (ROOT / page).exists() or claim not in squeezed((ROOT / page).read_text(encoding="utf-8")):
            wrong.append(f"{name}: not on {page}: {claim}")
        commands = re.findall(r"`([^`]+)`", shown_by)
        if not commands:
            wrong.append(f"{name}: no command")
        wrong += [f"{name}: names nothing: {command}" for command in commands
                  if not names_something(command, tests, checks)]
        wrong += [f"{name}: trusts {word}, which the ledger does not name" for word in trust.split(", ")
                  if word not in trusted]


def check_page(page, ledger, silent_sections, silent_sentences, wrong):
    quotes = [cells[2] for cells in ledger if len(cells) == 5 and cells[1] == page]
    for heading, text in sections((ROOT / page).read_text(encoding="utf-8")):
        if re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).strip() == "":
            continue
        has_row = any(quote in squeezed(text) for quote in quotes)
        if has_row == ((page, heading) in silent_sections):
            wrong.append(f"{page}, section '{heading}': " + ("has rows after all" if has_row else "has no row"))
        for sentence in sentences(text):
            if not PROMISING.search(sentence) or any(quote in sentence or sentence in quote for quote in quotes):
                continue
            if (page, sentence) not in silent_sentences:
                wrong.append(f"{page}: a promise without a row: {sentence}")


def main(build):
    wrong = []
    ledger = rows("The ledger")
    pages = rows("Pages")
    silent_sections = {(page, heading) for page, heading, _ in rows("Sections that promise nothing")}
    silent_sentences = [(page, text) for page, text, _ in rows("Sentences that promise nothing")]
    manual = ["README.md", "SECURITY.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
    judged = {page for page, _ in pages}
    wrong += [f"{page}: not among the pages of docs/safety.md" for page in manual if page not in judged]
    tests = test_names(build)
    checks = (ROOT / "tests" / "all.sh").read_text(encoding="utf-8")
    check_rows(ledger, tests, checks, {row[0] for row in rows("What is trusted")}, wrong)
    for page, how in pages:
        wrong += [f"{page}: names nothing: {command}" for command in re.findall(r"`([^`]+)`", how)
                  if not names_something(command, tests, checks)]
        if how == "the ledger":
            check_page(page, ledger, silent_sections, silent_sentences, wrong)
    for page, text in silent_sentences:
        if text not in squeezed((ROOT / page).read_text(encoding="utf-8")):
            wrong.append(f"{page}: this sentence is gone: {text}")
    print("\n".join(wrong))
    print(f"{len(ledger)} claims, {len(wrong)} wrong")
    return 1 if wrong or not ledger else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
