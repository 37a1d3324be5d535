# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Which vectors show that a condition decides on its own.

A vector is a tuple of True, False and None (not evaluated), with the outcome that its tree gives.

Two vectors show the independence of a condition when it was evaluated in both and differs, the outcomes differ, and
  unique cause  no other condition was evaluated in both and differs: a short circuit is no cause;
  masking       else, flipping the condition alone flips the outcome of each, what one did not evaluate being taken
                from the other.
"""

import itertools

from decisions import outcome

UNIQUE_CAUSE = "unique cause"
MASKING = "masking"


def decode(number, conditions):
    """A vector from its digits to base 3."""
    vector = []
    for _ in range(conditions):
        number, digit = divmod(number, 3)
        vector.append((None, False, True)[digit])
    return tuple(vector)


def result(tree, vector):
    """The outcome; KeyError when a condition is needed that was not evaluated."""
    def value(condition):
        if vector[condition] is None:
            raise KeyError(condition)
        return vector[condition]
    return outcome(tree, value)


def is_possible(tree, vector):
    """Whether exactly the conditions were evaluated that short circuits leave."""
    asked = []
    try:
        outcome(tree, lambda condition: asked.append(condition) or result(condition, vector))
    except KeyError:
        return False
    return len(asked) == sum(value is not None for value in vector)


def flipping_flips(tree, condition, vector, other):
    flipped = [second if first is None else first for first, second in zip(vector, other)]
    flipped[condition] = not flipped[condition]
    try:
        return result(tree, flipped) != result(tree, vector)
    except KeyError:
        return False


def kind(tree, condition, first, second):
    """UNIQUE_CAUSE, MASKING, or None when the two do not show it."""
    if None in (first[condition], second[condition]) or first[condition] == second[condition]:
        return None
    if result(tree, first) == result(tree, second):
        return None
    others = [pair for place, pair in enumerate(zip(first, second)) if place != condition]
    if not any(None not in pair and pair[0] != pair[1] for pair in others):
        return UNIQUE_CAUSE
    both = flipping_flips(tree, condition, first, second) and flipping_flips(tree, condition, second, first)
    return MASKING if both else None


def find(tree, condition, vectors):
    """(kind, first, second) as places in `vectors`: the first pair in order, unique cause before masking; or None."""
    found = [(kind(tree, condition, vectors[i], vectors[j]), i, j)
             for i, j in itertools.combinations(range(len(vectors)), 2)]
    for wanted in (UNIQUE_CAUSE, MASKING):
        for pair in found:
            if pair[0] == wanted:
                return pair
    return None
