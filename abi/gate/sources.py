# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Edits of a copy of the sources. What to replace is given as words, so that no reformatting hides it; an edit that
does not apply exactly once fails."""

import re
import shutil

HEADER = "include/wrtmem/wrtmem.h"
MAP = "abi/wrtmem.map"
CMAKE = "CMakeLists.txt"
PINS = "abi/pins.c"


class DoesNotApply(Exception):
    pass


def pattern(words):
    """Matches these words with any white space between them."""
    tokens = re.findall(r"\w+|[^\w\s]", words)
    text = re.escape(tokens[0])
    for before, after in zip(tokens, tokens[1:]):
        apart = before[-1].isalnum() and after[0].isalnum()
        text += (r"\s+" if apart else r"\s*") + re.escape(after)
    start = r"\b" if tokens[0][0].isalnum() else ""
    end = r"\b" if tokens[-1][-1].isalnum() else ""
    return re.compile(start + text + end)


def copy_of(root, folder):
    """A copy to edit, without what was built, wherever in the root that was."""
    left_out = shutil.ignore_patterns(".git", "build", "build-*", "__pycache__")
    shutil.copytree(root, folder, symlinks=True, ignore=left_out)
    return Sources(folder)


class Sources:
    def __init__(self, root):
        self.root = root

    def text(self, file):
        return (self.root / file).read_text()

    def write(self, file, text):
        (self.root / file).write_text(text)

    def replace(self, file, before, after):
        text, count = pattern(before).subn(lambda _: after, self.text(file))
        if count != 1:
            raise DoesNotApply(f"{file} has {count} times: {before}")
        self.write(file, text)

    def append(self, file, text):
        self.write(file, self.text(file) + text)

    def in_struct(self, name, before, after):
        """Replaces inside one struct of the header."""
        text = self.text(HEADER)
        found = re.search(rf"typedef struct {name} \{{.*?\}} {name};", text, flags=re.S)
        if not found:
            raise DoesNotApply(f"no struct {name}")
        changed, count = pattern(before).subn(lambda _: after, found.group())
        if count != 1:
            raise DoesNotApply(f"struct {name} has {count} times: {before}")
        self.write(HEADER, text[:found.start()] + changed + text[found.end():])

    def file_of(self, words):
        """The source under capi/ where a definition stands."""
        files = [file for file in sorted(self.root.glob("capi/*.cpp")) if pattern(words).search(file.read_text())]
        if len(files) != 1:
            raise DoesNotApply(f"{len(files)} sources have: {words}")
        return files[0].relative_to(self.root)

    def signature(self, before, after):
        """Changes a function where it is declared and where it is defined."""
        file = self.file_of(before)
        self.replace(HEADER, before, after)
        self.replace(file, before, after)

    def remove_declaration(self, name):
        text, count = re.subn(rf"WRT_API\b[^;]*\b{name}\([^;]*;", "", self.text(HEADER))
        if count != 1:
            raise DoesNotApply(f"the header declares {name} {count} times")
        self.write(HEADER, text)

    def remove_definition(self, start):
        """Takes out a definition that begins with these words, to its closing brace."""
        file = self.file_of(start)
        text = self.text(file)
        at = pattern(start).search(text)
        end, depth = text.index("{", at.end()), 0
        while True:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
            if depth == 0:
                break
        self.write(file, text[:at.start()] + text[end:])
