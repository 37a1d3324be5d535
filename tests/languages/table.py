#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""table.py check|write: compares docs/languages.md with what the languages' tests wrote, or writes it anew.
table.py rates PREFIX: measures calls from each language over the library that is installed in PREFIX, and writes those.

A language's tests write <its build>/languages/<language>.json: a list of {"tier", "what", "result"}. The measured part
of the page is kept as it stands by `check` and `write`: figures are no tests."""

import json
import os
import pathlib
import re
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PAGE = SOURCE / "docs/languages.md"
TIERS = ["std", "alloc", "static"]
NO_TIER = "-"  # what ran without a memory, or on several
# The name of the file, the language, where its sources are, the build that runs its tests.
LANGUAGES = [
    ("c", "C", "include/wrtmem", "build/dev"),
    ("cxx", "C++", "include/wrtmem", "build/dev"),
    ("rust", "Rust", "bindings/rust", "build/rust/target"),
    ("python", "Python", "bindings/python", "build/python"),
    ("go", "Go", "bindings/go", "build/go"),
    ("node", "Node.js", "bindings/node", "build/node"),
    ("java", "Java", "bindings/java", "build/java"),
]
# What each has to show on every tier, callbacks on ALLOC alone.
EVERYWHERE = ["make, write, read, grow", "use after close", "close twice", "out of bounds, huge offsets",
              "wrong types and kinds"]
CALLBACK = ["a callback that fails"]
HEAD = """<!-- SPDX-License-Identifier: Apache-2.0 OR MIT -->
# Languages

What the tests of each language ran, on memories of each tier. Bad use (a memory that was closed, a handle of another
kind, offsets beyond 64 bits' worth, a callback that panics or throws) ends in the language's own error: a status, an
`Err`, an exception. Made by `tests/languages/table.py write` from what the tests wrote, and compared with it by a check.

| language | what ran | STD | ALLOC | STATIC | no tier |
|---|---|---|---|---|---|
"""
RATES = "## Calls a second"


def results_of(name, build):
    path = SOURCE / build / "languages" / f"{name}.json"
    if not path.exists():
        print(f"skipped: {path.relative_to(SOURCE)} is not there: its tests did not run")
        sys.exit(77)
    results = {}
    for row in json.loads(path.read_text(encoding="utf-8")):
        results.setdefault(row["what"], {})[row["tier"]] = row["result"]
    return results


def owed(name, results):
    wanted = [(what, tier) for what in EVERYWHERE for tier in TIERS] + [(what, "alloc") for what in CALLBACK]
    return [f"{name}: {what} on {tier} did not pass"
            for what, tier in wanted if results.get(what, {}).get(tier) != "passed"]


def table():
    rows, problems = [], []
    for name, language, folder, build in LANGUAGES:
        if not (SOURCE / folder).exists():
            continue
        results = results_of(name, build)
        problems += owed(name, results)
        first = f"[{language}](../{folder})"
        for what, by_tier in results.items():
            rows.append(f"| {first} | {what} | " + " | ".join(by_tier.get(tier, "–") for tier in [*TIERS, NO_TIER]) + " |")
            first = ""
    return HEAD + "\n".join(rows) + "\n", problems


def rates_text():
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return "\n" + text[text.index(RATES):] if RATES in text else ""


def commands(prefix):
    library = next(pathlib.Path(prefix).resolve().rglob("libwrtmem.so"))
    folder = library.parent
    rust = ["cargo", "run", "--quiet", "--release", "--locked", "--manifest-path", "bindings/rust/Cargo.toml",
            "--target-dir", "build/rust/target", "-p", "wrtmem", "--example", "rates"]
    home = os.environ.get("JAVA_HOME")
    java = [f"{home}/bin/java" if home else "java", "-cp", "build/java/classes", "--enable-native-access=ALL-UNNAMED",
            f"-Dwrtmem.library={library}", "Rates"]
    env = {"LD_LIBRARY_PATH": str(folder), "PKG_CONFIG_PATH": str(folder / "pkgconfig"), "WRTMEM_LIBRARY": str(library)}
    built = "build/languages-rates"
    subprocess.run(["cc", "-O2", "-std=c11", "tests/languages/rates.c", "-Iinclude", "-o", built, str(library)],
                   cwd=SOURCE, check=True)
    found = [([built], "."), (rust, "."), (["go", "run", "./rates"], "bindings/go"),
             (["node", "rates.js"], "build/node/module"), (java, ".")]
    if (SOURCE / "bindings/python/rates.py").exists():
        found.append((["build/python/venv/bin/python", "bindings/python/rates.py"], "."))
    return found, env


def measured(prefix):
    """{language: {call: nanoseconds}}; each program prints lines "<language> <call> <nanoseconds>"."""
    found, more = commands(prefix)
    results = {}
    for command, folder in found:
        told = subprocess.run(command, cwd=SOURCE / folder, env={**os.environ, **more}, check=True, capture_output=True,
                              text=True).stdout
        for line in told.splitlines():
            language, *call, nanoseconds = line.split()
            results.setdefault(language, {})[" ".join(call)] = float(nanoseconds)
    return results


def machine():
    text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    name = re.search(r"^model name\s*: (.*)$", text, re.M)
    return f"{name[1].strip() if name else 'an unknown processor'}, {text.count('processor	')} processors"


def rates(prefix):
    lines = [RATES, "", f"Measured on {machine()}, Linux, shared with other work: nanoseconds a call and, in brackets,",
             "millions of calls a second. *Bare* is `wrt_version`, which does nothing: what crossing into C costs that language.",
             "*Check* is `wrt_mem_check`, *read* and *write* move 8 bytes. The 10th percentile of 100 rounds that interleave the",
             "four. C++ calls what C calls. Made by `tests/languages/table.py rates`; nothing here is promised.", "",
             "| language | bare | check | read | write | read ÷ bare |", "|---|---|---|---|---|---|"]
    for language, of in measured(prefix).items():
        cells = [f"{of[call]:.1f} ({1000 / of[call]:.1f})" for call in ("bare", "check", "read", "write")]
        lines.append(f"| {language} | " + " | ".join(cells) + f" | {of['read'] / of['bare']:.1f} |")
    return "\n".join(lines) + "\n"


def main():
    if sys.argv[1:2] == ["rates"] and len(sys.argv) == 3:
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(text.split(RATES)[0].rstrip() + "\n\n" + rates(sys.argv[2]), encoding="utf-8")
        return
    if sys.argv[1:] not in (["check"], ["write"]):
        sys.exit(__doc__)
    page, problems = table()
    page += rates_text()
    if sys.argv[1] == "write":
        PAGE.write_text(page, encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != page:
        problems.append("docs/languages.md is not what the tests ran: tests/languages/table.py write")
    sys.exit("\n".join(problems) if problems else 0)


if __name__ == "__main__":
    main()
