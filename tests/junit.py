#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""junit.py REPORT: names the failed and skipped tests of a CTest report; the last line is
"<passed> <failed> <skipped>"."""

import sys
import xml.etree.ElementTree as ElementTree

numbers = {"run": 0, "fail": 0, "notrun": 0}
for case in ElementTree.parse(sys.argv[1]).iter("testcase"):
    status = case.get("status")
    if status not in numbers:  # a disabled test is one that does not run
        status = "notrun"
    numbers[status] += 1
    if status == "fail":
        print(f"  FAILED   {case.get('name')}")
    if status == "notrun":
        said = [line for line in (case.findtext("system-out") or "").splitlines() if line.startswith("skipped: ")]
        print(f"  SKIPPED  {case.get('name')}{': ' + said[-1][9:] if said else ''}")
print(*numbers.values())
