#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Runs every model, enumeration and relacy test, and the broken variants that each of them must catch.

    proofs/models/run.py [--only WORD] [--table]

--only   those whose name has the word
--table  prints the rows of the table in README.md at the end

Each part prints a line. The figures may not fall below those of the table. Exits 1 when a part does not hold, when a
variant that was broken on purpose is not caught, or when a figure fell.
"""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = ROOT / "build" / "models"
LONGEST = 900  # seconds a part may take

SET = "cpp/core/kernel/id_set.h"
MEMORY = "cpp/core/kernel/memory.h"

WARNINGS = "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror".split()
INCLUDES = [f"-I{ROOT}", f"-I{ROOT}/include"]
LONG_WORDS = {
    "g++": ["-fconstexpr-ops-limit=2000000000", "-fconstexpr-loop-limit=100000000"],
    "clang++": ["-fconstexpr-steps=2000000000"],
}
SANITIZED = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


class Failure(Exception):
    pass


def call(command, cwd, what):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=LONGEST, check=False)
    if done.returncode != 0:
        raise Failure(f"{what}: status {done.returncode}\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def sum_of(pattern, text):
    found = re.findall(pattern, text)
    if not found:
        raise Failure(f"no figure in:\n{text[-2000:]}")
    return sum(int(number) for number in found)


# ---- C++: words inside static_assert, and enumerations


def compile_cpp(compiler, sources, flags, scratch):
    program = scratch / "program"
    call([compiler, "-std=c++20", *WARNINGS, *flags, *INCLUDES,
          *(str(ROOT / source) for source in sources), "-o", str(program)], scratch, "compiling")
    return program


def words(compiler, flags):
    limits = [] if "-DAT_RUN_TIME" in flags else LONG_WORDS[compiler]

    def run(scratch):
        program = compile_cpp(compiler, ["proofs/models/words.cpp"], ["-DTELL", *flags, *limits], scratch)
        return sum_of(r"(\d+) words", call([program], scratch, "running"))
    return run


def enumeration(compiler, source, flags, *more):
    def run(scratch):
        program = compile_cpp(compiler, [source, *more], flags, scratch)
        return sum_of(r"(\d+) steps", call([program], scratch, "running"))
    return run


def broken_word(old, new, file=MEMORY):
    """The words over a kernel with that edit must not compile."""
    def run(scratch):
        mutate(scratch, file, old, new)
        try:
            call(["g++", *LONG_WORDS["g++"], "-std=c++20", "-fsyntax-only", "-DPART=1", "-DLENGTH=2", f"-I{scratch}", *INCLUDES,
                  str(HERE / "words.cpp")], scratch, "compiling")
        except Failure as failure:
            if "the kernel differs" in str(failure) or "constant" in str(failure):
                return None
            raise
        raise Failure("it compiles")
    return run


def broken_step(source, old, new, *flags, file=MEMORY):
    """The enumeration over a source with that edit must find it."""
    def run(scratch):
        mutate(scratch, file, old, new)
        program = scratch / "program"
        call(["g++", "-std=c++20", "-O1", "-w", *flags, f"-I{scratch}", *INCLUDES, str(HERE / source), "-o",
              str(program)], scratch, "compiling")
        done = subprocess.run([program], capture_output=True, text=True, timeout=LONGEST, check=False)
        if done.returncode == 0 or "not so" not in done.stdout:
            raise Failure(f"it is not caught: {done.stdout[-500:]}")
    return run


# ---- SPIN


def verifier(scratch, model, defines, flags):
    call(["spin", "-a", *defines, str(HERE / model)], scratch, "spin")
    call(["gcc", "-O2", "-w", "-DCOLLAPSE", "-DMEMLIM=6000", *flags, "-o", "pan", "pan.c"], scratch, "compiling pan")
    return scratch / "pan"


def explored(text):
    return sum_of(r"(\d+) states, stored", text)


def holds(model, *defines):
    """Every state is reached, no assertion fails, nothing is stuck."""
    def run(scratch):
        text = call([verifier(scratch, model, defines, ["-DSAFETY"]), "-m10000", "-n"], scratch, "pan")
        if "errors: 0" not in text or "out of memory" in text or "max search depth too small" in text:
            raise Failure(text[-2000:])
        return explored(text)
    return run


def ends(model, *defines):
    """No state comes again: nothing runs in circles."""
    def run(scratch):
        text = call([verifier(scratch, model, defines, ["-DNP"]), "-l", "-m10000", "-n"], scratch, "pan")
        if "errors: 0" not in text or "out of memory" in text or "max search depth too small" in text:
            raise Failure(text[-2000:])
        return explored(text)
    return run


def caught(model, *defines):
    """The broken variant fails an assertion."""
    def run(scratch):
        text = call([verifier(scratch, model, defines, ["-DSAFETY"]), "-m10000", "-n"], scratch, "pan")
        if "assertion violated" not in text:
            raise Failure("it is not caught:\n" + text[-1000:])
    return run


# ---- relacy


def relacy_program(scratch, source, flags):
    program = scratch / "program"
    call(["g++", "-std=c++20", *flags, *INCLUDES, str(HERE / "relacy" / source), "-o", str(program)], scratch,
         "compiling")
    return program


def relacy(source):
    def run(scratch):
        return sum_of(r"(\d+) executions", call([relacy_program(scratch, source, ["-O1"])], scratch, "running"))
    return run


def mutate(scratch, file, old, new):
    text = (ROOT / file).read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise Failure(f"{file} has this {text.count(old)} times, not once: {old}")
    copy = scratch / file
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(text.replace(old, new), encoding="utf-8")


def weaker(source, file, old, new):
    """The library's source with a weaker order, or without a step, must fail."""
    def run(scratch):
        mutate(scratch, file, old, new)
        program = relacy_program(scratch, source, ["-O0", f"-I{scratch}"])
        with open(scratch / "log", "w", encoding="utf-8") as log:
            done = subprocess.run([program], stdout=log, stderr=subprocess.STDOUT, timeout=LONGEST, check=False)
        with open(scratch / "log", encoding="utf-8", errors="replace") as log:
            found = [line.strip() for line in log if re.match(r"(DATA RACE|USER ASSERT|LIVELOCK|DEADLOCK|ACCESS)", line)]
        (scratch / "log").unlink()
        if done.returncode == 0 or not found:
            raise Failure(f"it is not caught: status {done.returncode}")
    return run


# ---- what there is to run

ATOMIC = "cpp/core/atomic.hpp"
PIN = "cpp/core/pin.hpp"

CLOSE = "if (state.cas(seen, seen | kClosed)) return Closing::kClosed;"
SETTLE = "} while ((wrt_k_load(below) == WRT_K_FULL) != full);"


def parts():
    every = "proofs/models/every_set.cpp"
    yield "words: set of ids, 3 levels, words of 5, clang++", words("clang++", ["-DPART=2", "-DLENGTH=5"])
    yield "words: accesses, words of 3, clang++", words("clang++", ["-DPART=1", "-DLENGTH=3"])
    yield "words: set of ids, 3 levels, words of 5, g++", words("g++", ["-DPART=2", "-DLENGTH=5"])
    yield "words: accesses, words of 3, g++", words("g++", ["-DPART=1", "-DLENGTH=3"])
    for compiler in LONG_WORDS:
        yield f"words: lives and lengths, words of 4, {compiler}", words(compiler, ["-DPART=0", "-DLENGTH=4"])
    run_time = [*SANITIZED, "-DAT_RUN_TIME"]
    yield "words at run time: lives and lengths, words of 6", words("g++", [*run_time, "-DPART=0", "-DLENGTH=6"])
    yield "words at run time: accesses, words of 4", words("g++", [*run_time, "-DPART=1", "-DLENGTH=4"])
    yield "words at run time: set of ids, words of 7", words("g++", [*run_time, "-DPART=2", "-DLENGTH=7"])

    pool = "cpp/tiers/slot_pool.cpp"
    for compiler, name, flags in (("g++", "", ["-O2"]), ("clang++", ", sanitized", SANITIZED)):
        yield f"steps: sets and pools, words as shipped, {compiler}{name}", enumeration(compiler, every, flags, pool)
        for bits in (2, 4):
            yield (f"steps: sets and pools, words of {bits} bits, {compiler}{name}",
                   enumeration(compiler, every, [*flags, f"-DWORD_BITS={bits}"]))
    memory = "proofs/models/every_memory.cpp"
    yield "steps: memories, counts and all generations, g++", enumeration("g++", memory, ["-O2"])
    yield ("steps: memories and counts, clang++, sanitized",
           enumeration("clang++", memory, [*SANITIZED, "-DSKIP_GENERATIONS"]))

    yield "SPIN: set, 1 level, 2 ids, 3 threads", holds("id_set.pml", "-DIDS=2", "-DTHREADS=3", "-DROUNDS=2")
    yield "SPIN: set, 2 levels, 4 ids, 2 threads", holds("id_set.pml", "-DIDS=4", "-DROUNDS=3")
    yield "SPIN: set, 2 levels, 4 ids, 3 threads", holds("id_set.pml", "-DIDS=4", "-DTHREADS=3", "-DROUNDS=1")
    yield "SPIN: set, 3 levels, 5 ids, 2 threads", holds("id_set.pml", "-DIDS=5", "-DROUNDS=2")
    yield ("SPIN: set, 3 levels, 5 ids, 3 threads, 2 ids free",
           holds("id_set.pml", "-DIDS=5", "-DTHREADS=3", "-DROUNDS=1", "-DSTART=28"))
    yield "SPIN: set, 3 levels, 8 ids, 2 threads", holds("id_set.pml", "-DIDS=8", "-DROUNDS=1")
    yield "SPIN: set alone, without the count", holds("id_set.pml", "-DIDS=4", "-DPOOL=0", "-DROUNDS=2")
    yield "SPIN: set, 2 ids held at once", holds("id_set.pml", "-DIDS=4", "-DKEEP=2", "-DROUNDS=1")
    yield "SPIN: set, nothing runs in circles", ends("id_set.pml", "-DIDS=4", "-DROUNDS=2")
    yield "SPIN: handles, 1 entry, 2 threads", holds("handles.pml", "-DROUNDS=4")
    yield "SPIN: handles, 1 entry, 3 threads", holds("handles.pml", "-DTHREADS=3", "-DROUNDS=2")
    yield "SPIN: handles, 2 entries, 2 threads", holds("handles.pml", "-DENTRIES=2", "-DROUNDS=3")
    yield ("SPIN: handles, as many reuses as generations allow",
           holds("handles.pml", "-DROUNDS=4", "-DGENERATIONS=4"))

    yield "relacy: set of ids and slot pool", relacy("id_set.cpp")
    yield "relacy: handle table, pins, budgets", relacy("handles.cpp")


def broken_parts():
    yield "words: shrinking does not scrub", broken_word(
        "  wrt_k_set_range(m->base, new_len, m->len, 0);\n", "")
    yield "words: a copy never runs backwards", broken_word("  if (to <= from) {", "  if (true) {")
    yield "steps: a range may wrap", broken_step("every_memory.cpp", "return offset <= len && n <= len - offset;",
                                                 "return offset + n <= len;", "-DSKIP_GENERATIONS")
    yield "steps: a claim leaves the summaries alone", broken_step(
        "every_set.cpp", "    if ((old | bit) == WRT_K_FULL) wrt_k_set_settle(set, 0, id / WRT_K_WORD_BITS);\n", "",
        "-DWORD_BITS=2", file=SET)
    yield "steps: a slot comes back unscrubbed", broken_small_pool()
    yield "SPIN: an index stack under compare-and-swap", caught("index_stack.pml")
    yield "SPIN: an index stack whose tag comes again", caught("index_stack.pml", "-DTAGS=2")
    for name, *defines in (
            ("a claim in two steps", "-DIDS=2", "-DBREAK_CLAIM"),
            ("no second look", "-DIDS=4", "-DBREAK_RECHECK"),
            ("one summary alone is kept", "-DIDS=5", "-DBREAK_LEVELS"),
            ("a release leaves the summaries alone", "-DIDS=4", "-DBREAK_RELEASE"),
            ("the count comes back first", "-DIDS=2", "-DBREAK_PROMISE")):
        yield f"SPIN: set, {name}", caught("id_set.pml", *defines)
    for name, *defines in (
            ("a pin without a generation", "-DBREAK_GENERATION", "-DTHREADS=3", "-DROUNDS=2"),
            ("closing in two steps", "-DBREAK_CLOSE"),
            ("a generation used again", "-DBREAK_REUSE"),
            ("a memory ended in two steps", "-DBREAK_RETIRE"),
            ("the entry comes back first", "-DBREAK_ORDER"),
            ("pins do not hold", "-DBREAK_DROP"),
            ("more reuses than generations", "-DGENERATIONS=3", "-DROUNDS=4")):
        yield f"SPIN: handles, {name}", caught("handles.pml", *defines)
    for name, source, file, old, new in (
            ("claiming relaxed", "id_set.cpp", ATOMIC, "__atomic_fetch_or(at, bits, __ATOMIC_SEQ_CST)",
             "__atomic_fetch_or(at, bits, __ATOMIC_RELAXED)"),
            ("releasing relaxed", "id_set.cpp", ATOMIC, "__atomic_fetch_and(at, bits, __ATOMIC_SEQ_CST)",
             "__atomic_fetch_and(at, bits, __ATOMIC_RELAXED)"),
            ("no second look", "id_set.cpp", SET, SETTLE, "} while (false);"),
            ("compare-and-swap relaxed", "handles.cpp", ATOMIC, "false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE",
             "false, __ATOMIC_RELAXED, __ATOMIC_RELAXED"),
            ("dropping a pin relaxed", "handles.cpp", ATOMIC, "__atomic_fetch_sub(&value, amount, __ATOMIC_ACQ_REL)",
             "__atomic_fetch_sub(&value, amount, __ATOMIC_RELAXED)"),
            ("a pin without a generation", "handles.cpp", PIN, "(seen & ~kCount) != unpinned(generation) || ", ""),
            ("closing in two steps", "handles.cpp", PIN, CLOSE,
             "if (state.load() == seen) { state.store(seen | kClosed); return Closing::kClosed; }")):
        yield f"relacy: {name}", weaker(source, file, old, new)


def broken_small_pool():
    def run(scratch):
        mutate(scratch, "cpp/tiers/slot_pool.cpp",
               "exposed ? pool.slot_len() : extent.bytes.len", "extent.bytes.len")
        program = scratch / "program"
        call(["g++", "-std=c++20", "-O1", "-w", f"-I{scratch}", *INCLUDES, str(HERE / "every_set.cpp"),
              str(scratch / "cpp/tiers/slot_pool.cpp"), "-o", str(program)], scratch, "compiling")
        done = subprocess.run([program], capture_output=True, text=True, timeout=LONGEST, check=False)
        if done.returncode == 0 or "not so" not in done.stdout:
            raise Failure(f"it is not caught: {done.stdout[-500:]}")
    return run


# ---- running, and the table

ROW = re.compile(r"^\| (.+?) \| ([\d,]+|caught) \|$", re.MULTILINE)


def timed(run):
    BUILD.mkdir(parents=True, exist_ok=True)
    scratch = pathlib.Path(tempfile.mkdtemp(dir=BUILD))
    start = time.monotonic()
    try:
        figure, failure = run(scratch), None
    except (Failure, OSError, subprocess.TimeoutExpired) as error:
        figure, failure = None, str(error)
    shutil.rmtree(scratch)
    return figure, failure, time.monotonic() - start


def verdict(name, figure, failure, table):
    if failure is not None:
        return failure
    if name not in table:
        return "README.md has no row for it"
    if figure is None:
        return None if table[name] == "caught" else "README.md says that it has a figure"
    promised = int(table[name].replace(",", ""))
    return None if figure >= promised else f"README.md says {promised:,}"


def main(arguments):
    only = arguments[arguments.index("--only") + 1] if "--only" in arguments else ""
    table = dict(ROW.findall((HERE / "README.md").read_text(encoding="utf-8")))
    chosen = [(name, run) for name, run in parts() if only in name]
    chosen += [(f"broken: {name}", run) for name, run in broken_parts() if only in f"broken: {name}"]
    if not only:
        gone = set(table) - {name for name, _ in chosen}
        if gone:
            print(f"README.md has rows for nothing: {sorted(gone)}")
            return 1
    failed = 0
    rows = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [(name, pool.submit(timed, run)) for name, run in chosen]
        for name, job in jobs:
            figure, failure, seconds = job.result()
            shown = "caught" if figure is None else f"{figure:,}"
            wrong = verdict(name, figure, failure, table)
            failed += wrong is not None
            print(f"{'FAILED' if wrong else 'passed'}  {name}: {wrong or shown} ({seconds:.1f} s)", flush=True)
            rows.append(f"| {name} | {shown} |")
    if "--table" in arguments:
        print("\n".join(rows))
    spent = os.times()
    print(f"{len(chosen)} parts, {failed} failed, {spent.children_user + spent.children_system:.0f} s of processor time")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
