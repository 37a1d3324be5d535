# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Writes a copy of the sources in which each condition and each decision reports what it came to."""

import json
import os

from decisions import Decision, unread

HEAD = """/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Made by mcdc.py. */
enum {{ WRT_MCDC_DECISIONS = {decisions}, WRT_MCDC_VECTORS = {vectors} }};
static const struct {{
  const char *file, *function, *conditions[{conditions}];
}} wrt_mcdc_names[] = {{
"""


def wrapped(span, opening, inner):
    """Two insertions. Of those at one place, endings come first, the inner ones first; of openings, the outer ones."""
    begin, end = span
    return [(end, (0, end - begin, -inner), ")"), (begin, (2, begin - end, inner), opening)]


def insertions(number, decision):
    if decision.declares:
        report = f"; WRT_MCDC_DECISION({number}, WRT_MCDC_CONDITION({number}, 0, {decision.declares}))"
        return [(decision.span[1], (1, 0, 0), report)]
    found = wrapped(decision.span, f"WRT_MCDC_DECISION({number}, ", 0)
    for place, span in enumerate(decision.spans):
        found += wrapped(span, f"WRT_MCDC_CONDITION({number}, {place}, ", 1)
    return found


def instrumented(source, numbered):
    """The source's bytes with the reports of its decisions, [(number, decision)]."""
    found = [insertion for number, decision in numbered for insertion in insertions(number, decision)]
    out, at = [], 0
    for offset, _, text in sorted(found):
        out += [source.bytes[at:offset], text.encode()]
        at = offset
    return b"".join([*out, source.bytes[at:]])


def vectors(decisions):
    return 3 ** max(len(d.conditions) for d in decisions)


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def write(folder, sources, decisions, compile_time):
    """The copy, decisions.h for the recorder, and decisions.json: the decisions, and what no reading reached."""
    left = []
    for name, source in sources.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        numbered = [(number, d) for number, d in enumerate(decisions) if d.file == name]
        head = f'#include "tests/mcdc/recorder.h"\n#line 1 {quoted(name)}\n'
        with open(path, "wb") as file:
            file.write(head.encode() + instrumented(source, numbered))
        left += [(name, text) for text in unread(source, [d for _, d in numbered], compile_time[name])]
    most = max(len(d.conditions) for d in decisions)
    with open(os.path.join(folder, "decisions.h"), "w", encoding="utf-8") as file:
        file.write(HEAD.format(decisions=len(decisions), vectors=vectors(decisions), conditions=most))
        for d in decisions:
            conditions = ", ".join(quoted(condition) for condition in d.conditions)
            file.write(f"    {{{quoted(d.file)}, {quoted(d.function)}, {{{conditions}}}}},\n")
        file.write("};\n")
    with open(os.path.join(folder, "decisions.json"), "w", encoding="utf-8") as file:
        json.dump({"decisions": [d.__dict__ for d in decisions], "unread": left}, file, indent=1)


def read(folder):
    with open(os.path.join(folder, "decisions.json"), encoding="utf-8") as file:
        content = json.load(file)
    decisions = []
    for entry in content["decisions"]:
        decision = Decision.__new__(Decision)
        decision.__dict__.update(entry)
        decisions.append(decision)
    return decisions, content["unread"]
