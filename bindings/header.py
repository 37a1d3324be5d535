# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Reads the declarations of wrtmem.h, which keep to a few forms, for the generators of the bindings."""

import re

# What each kind of declaration looks like, once comments are gone.
FORMS = {
    "number": re.compile(r"^#define (WRT_\w+) (\d+)$", re.M),
    "text": re.compile(r"^#define (WRT_\w+) \"(.*)\"$", re.M),
    "enum": re.compile(r"enum \{(.*?)\};", re.S),
    "struct": re.compile(r"typedef struct (\w+) \{(.*?)\} (\w+);", re.S),
    "opaque": re.compile(r"typedef struct (\w+) (\w+);"),
    "callback": re.compile(r"typedef ([\w *]+?)\(\*(\w+)\)\((.*?)\);", re.S),
    "alias": re.compile(r"typedef (\w+) (\w+);"),
    "function": re.compile(r"WRT_API (?:WRT_MUST_USE )?([\w *]+?)(\w+)\(([^)]*)\);"),
}


def read(path):
    """The header without comments, joined lines and the definitions that only mark functions."""
    with open(path, encoding="utf-8") as header:
        text = re.sub(r"/\*.*?\*/", "", header.read(), flags=re.S)
    text = re.sub(r"\\\n", " ", text)
    return re.sub(r"^#define WRT_API.*$|^#define WRT_MUST_USE.*$", "", text, flags=re.M)


def declarations(text):
    """(kind, match) of each declaration in the order of the header; an error when a function is not understood."""
    found = [(match.start(), kind, match) for kind, form in FORMS.items() for match in form.finditer(text)]
    if sum(kind == "function" for _, kind, _ in found) != text.count("WRT_API "):
        raise SystemExit("a function that is not understood")
    return [(kind, match) for _, kind, match in sorted(found, key=lambda one: one[0])]


def enumerators(enum):
    """(name, value) of each constant of an enum's match."""
    for one in enum[1].split(","):
        if one.strip():
            name, value = one.split("=")
            yield name.strip(), value.strip()


def members(struct):
    """The declaration of each member of a struct's match."""
    return [" ".join(one.split()) for one in struct[2].split(";") if one.strip()]
