#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#   generate.py HEADER         writes native/declarations.cdef, native/calls.inc and src/wrtmem/_native.pyi
#   generate.py HEADER check   says whether they are what it would write
"""Makes what cffi and mypy have to know of wrtmem.h, from wrtmem.h."""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import header  # noqa: E402 (bindings/header.py)

MADE = "Made from include/wrtmem/wrtmem.h by generate.py, and compared with it by the tests."
LICENCE = "SPDX-License-Identifier" ": Apache-2.0 OR MIT"  # in two, for it is not this file's
IN_C = f"/* {LICENCE} */\n/* {MADE} */\n"
IN_PYTHON = f"# {LICENCE}\n# {MADE}\n"

STUB = """from typing import Any, Final, Protocol

class _CData(Protocol):
    def __bool__(self) -> bool: ...
    def __int__(self) -> int: ...
    def __getitem__(self, index: int) -> Any: ...
    def __getattr__(self, name: str) -> Any: ...
    def __setattr__(self, name: str, value: Any) -> None: ...

ffi: Any

class _Library:
"""


def squeezed(text):
    return " ".join(text.split())


def in_c(kind, match):
    """A declaration as cffi reads it, which is C without the preprocessor."""
    if kind == "function":
        return f"{squeezed(match[1])} {match[2]}({squeezed(match[3])});".replace("* ", "*")
    if kind == "enum":
        return "enum { " + ", ".join(f"{name} = {value}" for name, value in header.enumerators(match)) + " };"
    if kind == "struct":
        members = "".join(f"  {member};\n" for member in header.members(match))
        return f"typedef struct {match[1]} {{\n{members}}} {match[3]};"
    return "" if kind == "text" else squeezed(match[0])


def python_type(c_type):
    c_type = squeezed(c_type)
    if c_type == "void":
        return "None"
    return "_CData" if "*" in c_type or c_type.endswith("_fn") else "int"


def parameters_in_python(text):
    text = squeezed(text)
    if text == "void":
        return ""
    # A NULL, an array or a buffer serves as a pointer too: pointers are not told apart here.
    types = [python_type(re.fullmatch(r"(.+?)\w+", one.strip())[1]) for one in text.split(",")]
    return "".join(f", a{at}: {'Any' if one == '_CData' else one}" for at, one in enumerate(types)) + ", /"


def in_stub(kind, match):
    if kind == "number":
        return [f"    {match[1]}: Final[int]"]
    if kind == "enum":
        return [f"    {name}: Final[int]" for name, _ in header.enumerators(match)]
    if kind == "function":
        return [f"    def {match[2]}(self{parameters_in_python(match[3])}) -> {python_type(match[1])}: ..."]
    return []


def files(path):
    """The text of each file."""
    declarations = header.declarations(header.read(path))
    functions = [match[2] for kind, match in declarations if kind == "function"]
    in_stubs = [line for kind, match in declarations for line in in_stub(kind, match)]
    own = [
        "    def wrtmem_open(self, path: bytes, /) -> _CData: ...",
        "    def wrtmem_address(self, name: bytes, /) -> int: ...",
        *(f"    {name}: Final[_CData]" for name in
          ("wrtmem_allocate", "wrtmem_deallocate", "wrtmem_take", "wrtmem_give")),
    ]
    return {
        HERE / "native" / "declarations.cdef":
            IN_C + "\n".join(filter(None, (in_c(kind, match) for kind, match in declarations))) + "\n",
        HERE / "native" / "calls.inc":
            IN_C + "".join(f"WRTMEM_CALL({name})\n" for name in functions),
        HERE / "src" / "wrtmem" / "_native.pyi":
            IN_PYTHON + STUB + "\n".join(in_stubs + own) + "\n\nlib: _Library\n",
    }


def main(arguments):
    if len(arguments) not in (1, 2) or arguments[1:] not in ([], ["check"]):
        return "usage: generate.py HEADER [check]"
    old = []
    for path, text in files(arguments[0]).items():
        if arguments[1:]:
            old += [str(path)] if not path.exists() or path.read_text(encoding="utf-8") != text else []
        else:
            path.write_text(text, encoding="utf-8")
    return f"not what the header says: {', '.join(old)}" if old else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
