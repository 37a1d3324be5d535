# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The checks of the gate: each compares one side of the library with the baseline."""

import re

from . import dump, grown, header
from .hosts import WARNINGS, check_hosts
from .library import has_debug_information, read_types, soname, symbols
from .tools import run


class Findings:
    """What is wrong, by check; and what was added, which is no fault."""

    def __init__(self):
        self.faults, self.added = {}, []

    def fault(self, check, text):
        self.faults.setdefault(check, []).append(text)


def check(library, baseline):
    """Asks every check, also after one has failed."""
    findings = Findings()
    check_soname(library, baseline, findings)
    check_symbols(library, baseline, findings)
    check_types(library, baseline, findings)
    check_pins(library, baseline, findings)
    check_hosts(library, baseline, findings)
    return findings


def check_soname(library, baseline, findings):
    if soname(library) != baseline.soname():
        findings.fault("SONAME", f"{soname(library)}, was {baseline.soname()}")


def check_symbols(library, baseline, findings):
    """A symbol may be new only when the header declares it as a function; what the header declares is exported."""
    today, base = symbols(library), baseline.symbols()
    declared = header.functions(library.header)
    for symbol in sorted(base - today):
        findings.fault("symbols", f"gone: {symbol}")
    for symbol in sorted(today - base):
        kind, name = symbol.split()
        if kind == "FUNC" and name.partition("@@")[0] in declared and "@@" in name:
            findings.added.append(f"function {name}")
        else:
            findings.fault("symbols", f"exported, but no function of the header with a node: {symbol}")
    for name in sorted(declared - {symbol.split()[1].partition("@@")[0] for symbol in today}):
        findings.fault("symbols", f"declared but not exported: {name}")


def check_types(library, baseline, findings):
    """The types behind the symbols, by two programs: each is blind where the other sees."""
    if not has_debug_information(library):
        findings.fault("debug information", "there is none, so that no type can be compared")
        return
    read_types(library)
    base = baseline.types_dump
    exported = {symbol.split()[1].partition("@@")[0] for symbol in symbols(library)}
    undescribed = (exported & header.functions(library.header)) - dump.functions(dump.read(library.types_dump))
    if undescribed:
        findings.fault("debug information", f"says nothing of: {', '.join(sorted(undescribed))}")
        return
    comparable = library.folder / "comparable.dump"
    changes = grown.cut_dump(library.types_dump, base, comparable)
    for struct, (_, _, members) in sorted(changes.items()):
        findings.added.extend(f"member {struct}.{member}" for member in members)
    compare_with_abidiff(library, baseline, changes, findings)
    compare_with_compliance_checker(library, base, comparable, findings)


def compare_with_abidiff(library, baseline, changes, findings):
    comparable = library.folder / "comparable.xml"
    grown.cut_xml(library.types_xml, changes, comparable)
    done = run("abidiff", "--harmless", "--no-added-syms", baseline.types_xml, comparable, may_fail=True)
    if done.returncode != 0:
        findings.fault("abidiff", done.stdout.strip())


def compare_with_compliance_checker(library, base, comparable, findings):
    """Never asked about an empty dump, which it would read for ever."""
    report = library.folder / "report.xml"
    done = run("abi-compliance-checker", "-lib", "wrtmem", "-strict", "-xml", "-old", base, "-new", comparable,
               "-report-path", report, "-log-path", library.folder / "compliance.log", folder=library.folder,
               may_fail=True)
    if done.returncode != 0:
        told = report.read_text() if report.exists() else ""
        findings.fault("abi-compliance-checker", "\n".join(problems(told)) or done.stdout.strip())


def problems(report):
    """What the checker's report says, a line each."""
    gone = "".join(re.findall(r"<removed_symbols>\s.*?</removed_symbols>", report, re.S))
    removed = re.findall(r"<name>(\w+@@\S+)</name>", gone)
    changed = re.findall(r'<(?:type|symbol) name="([^"]*)">\s*<problem id="(\w+)">', report)
    lines = [f"removed: {name}" for name in removed] + [f"{name}: {problem}" for name, problem in changed]
    return list(dict.fromkeys(lines))


def check_pins(library, baseline, findings):
    """abi/pins.c compiles, and names all that the baseline's header does."""
    compile_pins(library, findings)
    base = baseline.newest_header()
    for name in sorted(unpinned(library, base)):
        findings.fault("pins, 64 bits", f"abi/pins.c does not name {name}")
    findings.added.extend(f"number {name}" for name in sorted(header.numbers(library.header) - header.numbers(base)))


def compile_pins(library, findings):
    """On both word sizes; the headers need no C library for that."""
    for name, options in (("pins, 64 bits", ()), ("pins, 32 bits", ("-m32", "-ffreestanding"))):
        done = run("gcc", "-std=c11", "-fsyntax-only", *options, *WARNINGS, "-I", library.include, library.pins,
                   may_fail=True)
        if done.returncode != 0:
            findings.fault(name, "\n".join(line for line in done.stdout.splitlines() if "error:" in line))


def unpinned(library, public_header):
    """Numbers and members of a header that abi/pins.c says nothing of."""
    text = library.pins.read_text()
    numbers = set(re.findall(r"\bIS\((\w+),", text))
    members = {".".join(found) for found in re.findall(r"\bAT\((\w+), (\w+),", text)}
    return (header.numbers(public_header) - numbers) | (header.members(public_header) - members)

