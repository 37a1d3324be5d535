#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""manual_refused.py SOURCE: the manual is not written from a header whose comments are wrong."""

import pathlib
import re
import subprocess
import sys
import tempfile

# (what is wrong, what is looked for, what it becomes); the first place alone is changed
MISTAKES = [
    ("a function without a comment", r"\A(.*)\n/\*\*((?!\*/).)*\*/(\nWRT_API\b)", r"\1\3"),
    ("a member without a comment", r"(  uint64_t page_len;) +/\*\*<((?!\*/).)*\*/", r"\1"),
    ("an unknown command", r"(@since 0\.1\.0)", r"@frobnicate \1"),
    ("a reference to nothing", r"#WRT_ERR_BUSY: ", "#WRT_ERR_BUSINESS: "),
    ("no list of errors", r" \* Fails iff:\n( \* - .*\n)+ \*\n", ""),
    ("neither errors nor never", r"Fails iff: never\.", "Fails iff: sometimes."),
    ("no owner", r" \* Owns: .*\n", ""),
    ("no threads", r" \* Threads: .*\n", ""),
    ("no cost", r" \* Cost: .*\n", ""),
    ("no version", r" \* @since .*\n", ""),
]


def make(source, header, folder):
    script = source / "docs/manpages.py"
    return subprocess.run([sys.executable, "-B", script, "make", header, folder], capture_output=True, text=True)


def main(source):
    right = (source / "include/wrtmem/wrtmem.h").read_text()
    with tempfile.TemporaryDirectory() as scratch:
        header, folder = pathlib.Path(scratch) / "wrtmem.h", pathlib.Path(scratch) / "man3"
        header.write_text(right)
        run = make(source, header, folder)
        assert run.returncode == 0, f"the right header is refused: {run.stderr}"
        for what, pattern, replacement in MISTAKES:
            wrong, changes = re.subn(pattern, replacement, right, count=1, flags=re.S if "(?!" in pattern else 0)
            assert changes == 1, f"{what}: there is no place for it"
            header.write_text(wrong)
            run = make(source, header, folder)
            assert run.returncode != 0, f"{what}: the manual was written all the same"
            print(f"{what}: {run.stderr.strip()}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
