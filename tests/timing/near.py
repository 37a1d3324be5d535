# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Whether a page says what was measured: word for word, and each number within a few per cent of it, so that a change of
a few instructions elsewhere does not ask for a new page. Bounds are checked to the last one, not here."""

import re

TOLERANCE = 0.05
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def value(text):
    return float(text.replace(",", ""))


def near(page, measured):
    """None, or the first line that is not."""
    page, measured = page.splitlines(), measured.splitlines()
    for line, now in zip(page + [""] * len(measured), measured):
        if NUMBER.sub("#", line) != NUMBER.sub("#", now):
            return now
        for old, new in zip(map(value, NUMBER.findall(line)), map(value, NUMBER.findall(now))):
            if abs(old - new) > max(4, TOLERANCE * new):
                return now
    return None if len(page) == len(measured) else "the end"
