# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Hosts that were built before: compiled against the header of each release of this SONAME, linked against what the
baseline exported, and run on the library of today."""

import os
import shutil

from .tools import run

WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Werror")


def check_hosts(library, baseline, findings):
    folder = library.folder / "hosts"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    then = stand_in(baseline, folder)
    for include in baseline.releases():
        host = folder / f"host-{include.name}"
        run("gcc", "-std=c11", "-D_POSIX_C_SOURCE=200112L", "-O1", *WARNINGS, "-I", include,
            library.root / "abi" / "host.c", "-o", host, then, "-Wl,-z,now")
        done = run(host, may_fail=True, env={**os.environ, "LD_LIBRARY_PATH": str(library.folder)})
        # The loader only warns of a library that has lost its nodes.
        if done.returncode != 0 or "no version information" in done.stdout:
            findings.fault("hosts", f"the host of {include.name} fails: {done.stdout.strip()}")


def stand_in(baseline, folder):
    """A library with the symbols, nodes and SONAME of the baseline, and nothing behind them."""
    nodes = {}
    for symbol in sorted(baseline.symbols()):
        name, _, node = symbol.split()[1].partition("@@")
        nodes.setdefault(node, []).append(name)
    source, script, library = folder / "then.c", folder / "then.map", folder / "then.so"
    source.write_text("".join(f"void {name}(void) {{}}\n" for names in nodes.values() for name in names))
    script.write_text("".join(f"{node} {{ global: {'; '.join(names)}; local: *; }};\n"
                              for node, names in nodes.items()))
    run("gcc", "-shared", "-fPIC", source, "-o", library, f"-Wl,--version-script={script}",
        f"-Wl,-soname,{baseline.soname()}")
    return library
