# SPDX-License-Identifier: Apache-2.0 OR MIT
"""How the gate runs the programs that it needs."""

import platform
import shutil
import subprocess
import sys

NEEDED = ("cmake", "gcc", "g++", "readelf", "abidw", "abidiff", "abi-dumper", "abi-compliance-checker", "ctags")
# The checker waits for ever for what it cannot read.
LONGEST = 300


class Trouble(Exception):
    """Something that the gate needs did not work, so that nothing can be said of the library."""


def run(*command, folder=None, may_fail=False, env=None):
    """Runs a command to its end; what it said and how it ended."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", timeout=LONGEST)
    except subprocess.TimeoutExpired as expired:
        raise Trouble(f"{words[0]} took longer than {LONGEST} s") from expired
    if done.returncode != 0 and not may_fail:
        raise Trouble(f"{' '.join(words)} failed:\n{done.stdout}")
    return done


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


def skip_unless_possible():
    """The baseline is of one machine, and there are no two programs that say the same of a library."""
    for tool in NEEDED:
        if not shutil.which(tool):
            skip(f"{tool} is not there")
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        skip("the baseline is of Linux on x86-64")
