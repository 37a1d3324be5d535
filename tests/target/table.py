#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""table.py check|write: compares docs/targets.md with the builds in build/, or writes it anew.

Each row counts the tests that its build runs; `check` also asks that the report of its run says that they passed."""

import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PAGE = SOURCE / "docs/targets.md"
TARGETS = [
    ("board-cortex-m3", "Cortex-M3, no operating system", "32, little", "`qemu-system-arm -M mps2-an385`"),
    ("board-cortex-m0", "Cortex-M0, no operating system", "32, little", "`qemu-system-arm -M microbit`, 16 MiB of RAM"),
    ("board-riscv32", "RISC-V (rv32imac), no operating system", "32, little", "`qemu-system-riscv32 -M virt`"),
    ("board-riscv64", "RISC-V (rv64imac), no operating system", "64, little", "`qemu-system-riscv64 -M virt`"),
    ("machine-aarch64", "Arm 64-bit, Linux", "64, little", "`qemu-aarch64`"),
    ("machine-armhf", "Arm 32-bit, Linux", "32, little", "`qemu-arm`"),
    ("machine-i686", "x86 32-bit, Linux", "32, little", "`qemu-i386`"),
    ("machine-s390x", "IBM Z, Linux", "64, big", "`qemu-s390x`"),
    ("machine-ppc", "PowerPC 32-bit, Linux", "32, big", "`qemu-ppc`"),
    ("machine-ppc64", "PowerPC 64-bit, Linux", "64, big", "`qemu-ppc64`"),
    ("machine-ppc64le", "PowerPC 64-bit, Linux", "64, little", "`qemu-ppc64le`"),
]
HEAD = """<!-- SPDX-License-Identifier: Apache-2.0 OR MIT -->

# Targets

What the tests run on besides the machine that builds, all emulated. A program of `tests/capi` or `tests/integrity` is one
test and has many cases in it, most of them on each tier; the property test makes {calls} random calls on
each target and compares every answer and every byte with a model. Made by `tests/target/table.py write`; how to run it and what is left
out: [tests/target](../tests/target/README.md).

| target | bits, byte order | emulator | tests passed |
|---|---|---|---|
"""


def left_out():
    lines = (SOURCE / "tests/target/left_out.txt").read_text().splitlines()
    return "|".join(line.split()[0] for line in lines if line and line[0] not in "#f")


def tests_of(build):
    told = subprocess.run(["ctest", "--test-dir", build, "-N", "-E", left_out()], check=True, capture_output=True, text=True)
    return int(re.search(r"Total Tests: (\d+)", told.stdout).group(1))


def passed_in(build):
    cases = ElementTree.parse(build / "report.xml").iter("testcase")
    return sum(case.get("status") == "run" for case in cases)


def page(must_have_run):
    text = HEAD.format(calls="15,000 to 20,000")
    for name, target, order, emulator in TARGETS:
        build = SOURCE / "build" / name
        count = tests_of(build)
        if must_have_run and passed_in(build) != count:
            sys.exit(f"{name}: {passed_in(build)} of {count} tests passed")
        text += f"| {target} | {order} | {emulator} | {count} |\n"
    return text


if __name__ == "__main__":
    if sys.argv[1:] == ["write"]:
        PAGE.write_text(page(False))
    elif sys.argv[1:] != ["check"] or PAGE.read_text() != page(True):
        sys.exit("docs/targets.md is not what ran: tests/target/table.py write")
