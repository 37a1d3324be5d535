# SPDX-License-Identifier: Apache-2.0 OR MIT
"""How Frama-C is asked to prove the kernel, and what its answer says of each goal."""

import collections
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "build" / "proofs"
MACHINES = ("x86_64", "x86_32")

# What the provers are given; each is proved whole.
HEADERS = ("memory.h",)

WP = ["-wp", "-wp-rte", "-warn-unsigned-overflow", "-warn-unsigned-downcast", "-wp-par", "1"]
# A number of steps, unlike a time, is the same on every machine: nearly all goals need fewer, and a smoke test has
# passed when so many steps find no contradiction.
QUICK = ["-wp-prover", "cvc4", "-wp-steps", "50000", "-wp-timeout", "20"]
SMOKE = ["-wp-smoke-tests", "-wp-smoke-timeout", "20"]
# What is left then; Z3 is good at moved bytes.
PATIENT = ["-wp-prover", "cvc4,z3", "-wp-steps", "4000000", "-wp-timeout", "20"]


def prepare():
    """A list of provers of its own, so that the user's stays as it is."""
    config = OUT / "why3.conf"
    OUT.mkdir(parents=True, exist_ok=True)
    os.environ["WHY3CONFIG"] = str(config)
    if not config.exists():
        subprocess.run(["why3", "--config", config, "config", "detect"], check=True, capture_output=True)
    for prover in ("CVC4", "Z3"):
        if f'name = "{prover}"' not in config.read_text():
            raise RuntimeError(f"Why3 finds no {prover}")


def stable(goal):
    """The name without the number of the statement, which any edit above it moves."""
    return re.sub(r"_s\d+$", "", goal.removeprefix("typed_"))


class Answer:
    """What was scheduled and what was proved: the names of the goals, each with how often it is there."""

    def __init__(self, log):
        self.functions = re.findall(r"^\[rte:annot\] annotating function (\w+)$", log, re.M)
        goals = re.findall(r"Goal (typed_\w+)", log)
        smoke = re.findall(r"\[(Passed|Failed|Doomed|\w+)\] Smoke-test (typed_\w+)", log)
        valid = set(re.findall(r"Goal (typed_\w+) : Valid", log))
        valid |= {goal for verdict, goal in smoke if verdict == "Passed"}
        every = set(goals) | {goal for _, goal in smoke}
        self.goals = collections.Counter(map(stable, every))
        self.unproved = collections.Counter(map(stable, every - valid))
        scheduled = re.search(r"^\[wp\] (\d+) goals scheduled$", log, re.M)
        if not scheduled or int(scheduled[1]) != len(every):
            raise RuntimeError(f"{scheduled and scheduled[1]} goals were scheduled and {len(every)} named:\n{log[-2000:]}")

    def function(self, goal):
        return max((f for f in self.functions if goal.startswith(f + "_")), key=len, default="lemmas")


def prove(root, machine, functions=(), patient=True):
    """The functions, or all of them, of the kernel under root."""
    # Frama-C looks for headers where it runs before it looks elsewhere.
    command = ["frama-c", "-machdep", machine, f"-cpp-extra-args=-I. -I{ROOT}/include", "proofs/memory.c"]
    command += WP + QUICK + SMOKE + (["-wp-fct", ",".join(functions)] if functions else [])
    if patient:
        command += ["-then", "-wp", "-wp-no-smoke-tests"] + PATIENT
    told = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    log = told.stdout + told.stderr
    if not functions:
        (OUT / f"{machine}.log").write_text(log)
    if told.returncode != 0:
        raise RuntimeError(log[-2000:])
    return Answer(log)
