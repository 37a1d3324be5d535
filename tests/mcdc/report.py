# SPDX-License-Identifier: Apache-2.0 OR MIT
"""docs/mcdc.md, and what is wrong with it."""

from fnmatch import fnmatchcase

import pairs

HEAD = """<!-- SPDX-License-Identifier: Apache-2.0 OR MIT -->
# MC/DC of the core

Made by the tests: `tests/mcdc` finds every decision in `cpp/core`, runs tests over a copy of the sources that notes what
each condition came to, and looks for the two vectors that show that a condition decides on its own (modified
condition/decision coverage). `cmake --build <directory> --target mcdc` compares this page with what the tests give,
`--target mcdc_report` writes it.

A *decision* is what an `if`, a loop or `?:` asks, and any other expression whose last step is a comparison or a logical
operator; its *conditions* are the leaves between its logical operators. What the compiler decides is none: `if constexpr`,
`static_assert`, constexpr variables, `#if`; a `switch` has cases and no conditions. `kernel.h` is read and run twice, as
C++ and as C. In a vector, T is true, F is false and – was not evaluated.

*Unique cause*: of the conditions that were evaluated in both vectors, this one alone differs, and so does the outcome; a
condition that a short circuit left out is no cause. *Masking*: others differ too, but in each vector flipping this one
alone flips the outcome. ○ is a condition whose independence no test can show; why is said at the end.

What runs: the tests of the core in `tests/cpp` but those whose threads race, the tests of the check values in
`tests/integrity`, and in `tests/mcdc` what needs the copy. What a bare build or 32-bit processors have of their own runs
in programs of their own. Where a decision depends on another thread (a compare-and-swap that loses), the other thread's
step is made at a named condition, so that each run is the same. Where it depends on the processor, an emulated one runs
the test.

"""


class Exceptions:
    """{(file, function, condition): why}, of which each must be needed; a * in the first two stands for any."""

    def __init__(self, path):
        self.reasons = {}
        with open(path, encoding="utf-8") as file:
            lines = [line.strip() for line in file if line.strip() and not line.startswith("#")]
        for line in lines:
            place, _, rest = line.partition(" `")
            text, _, why = rest.partition("`: ")
            name, _, function = place.partition(" ")
            if not (name and function and text and why):
                raise SystemExit(f"{path}: not understood: {line}")
            self.reasons[name, function, text] = why
        self.unused = set(self.reasons)

    def has(self, file, function, text):
        fitting = [key for key in self.reasons
                   if key[2] == text and fnmatchcase(file, key[0]) and key[1] in (function, "*")]
        self.unused.difference_update(fitting)
        return bool(fitting)


class Shown:
    """A decision with the vectors seen, in order, and each condition's pair."""

    def __init__(self, decision, vectors):
        self.decision = decision
        self.vectors = sorted(vectors, key=lambda vector: [{None: 0, False: 1, True: 2}[value] for value in vector])
        count = len(decision.conditions)
        self.pairs = [pairs.find(decision.tree, condition, self.vectors) for condition in range(count)]


def show(decisions, seen, vectors):
    """From the recorder's file: one Shown a decision."""
    shown = []
    for number, decision in enumerate(decisions):
        row = seen[number * vectors:(number + 1) * vectors]
        found = []
        for code, outcomes in enumerate(row):
            if outcomes == 0:
                continue
            vector = pairs.decode(code, len(decision.conditions))
            good = pairs.is_possible(decision.tree, vector)
            if not good or outcomes != (2 if pairs.result(decision.tree, vector) else 1):
                raise SystemExit(f"{decision.key()}: the vector {mark(vector)} contradicts the decision")
            found.append(vector)
        shown.append(Shown(decision, found))
    return shown


def mark(vector):
    return "".join({None: "–", False: "F", True: "T"}[value] for value in vector)


def missing(shown, exceptions):
    """What is wrong, one sentence each; marks the exceptions that are needed."""
    wrong = []
    for entry in shown:
        decision = entry.decision
        for condition, pair in zip(decision.conditions, entry.pairs):
            if pair is None and not exceptions.has(decision.file, decision.function, condition):
                seen = ", ".join(mark(vector) for vector in entry.vectors) or "none"
                wrong.append(f"{decision.file}: {decision.function}: `{decision.text}`: "
                             f"no pair for `{condition}` (seen: {seen})")
    return wrong


# ---- the page

def cell(text):
    return "`" + text.replace("|", "\\|") + "`"


def named(decision):
    return decision.function + (f" ({decision.ordinal})" if decision.ordinal > 1 else "")


def table(entry):
    decision = entry.decision
    tree = decision.tree
    letters = [chr(ord("a") + place) for place in range(len(decision.conditions))]
    lines = [f"### {named(decision)}", "", f"`{decision.text}`", ""]
    lines += ["| | condition | independence |", "|---|---|---|"]
    for letter, condition, pair in zip(letters, decision.conditions, entry.pairs):
        shown = "○" if pair is None else f"{pair[1] + 1}, {pair[2] + 1}: {pair[0]}"
        lines.append(f"| {letter} | {cell(condition)} | {shown} |")
    lines += ["", "| | " + " | ".join(letters) + " | outcome |", "|--:|" + ":-:|" * (len(letters) + 1)]
    for number, vector in enumerate(entry.vectors, 1):
        marks = " | ".join(mark((value,)) for value in vector)
        lines.append(f"| {number} | {marks} | {mark((pairs.result(tree, vector),))} |")
    return lines + [""]


def single(entry):
    seen = "".join("TF"[not pairs.result(entry.decision.tree, vector)] for vector in reversed(entry.vectors))
    both = entry.pairs[0] is not None
    outcomes = "T F" if both else f"{' '.join(sorted(seen, reverse=True)) or 'none'} ○"
    return f"| {named(entry.decision)} | {cell(entry.decision.text)} | {outcomes} |"


def page(shown, exceptions):
    several = [entry for entry in shown if len(entry.decision.conditions) > 1]
    alone = [entry for entry in shown if len(entry.decision.conditions) == 1]
    all_pairs = [pair for entry in shown for pair in entry.pairs]
    conditions, paired = len(all_pairs), [pair for pair in all_pairs if pair is not None]
    by_masking = sum(pair[0] == pairs.MASKING for pair in paired)
    lines = [f"{len(shown)} decisions, {len(alone)} of them of one condition; {conditions} conditions, {len(paired)} of them "
             f"shown to decide on their own ({len(paired) - by_masking} by unique cause, {by_masking} by masking), "
             f"{conditions - len(paired)} justified below.", "", "## Decisions of several conditions", ""]
    for place, entry in enumerate(several):
        if place == 0 or several[place - 1].decision.file != entry.decision.file:
            lines += [f"**{entry.decision.file}**", ""]
        lines += table(entry)
    lines += ["## Decisions of one condition", ""]
    for place, entry in enumerate(alone):
        if place == 0 or alone[place - 1].decision.file != entry.decision.file:
            lines += ([""] if place else []) + [f"**{entry.decision.file}**", "", "| function | decision | seen |", "|---|---|---|"]
        lines.append(single(entry))
    lines += ["", "## What no test can show", ""]
    for (file, function, text), why in exceptions.reasons.items():
        where = file if function == "*" else f"{file}, {function}"
        lines.append(f"- {where}, `{text}`: {why}")
    return HEAD + "\n".join(lines) + "\n"
