# SPDX-License-Identifier: Apache-2.0 OR MIT
"""abi-dumper's dumps, which are Perl data: read, put into one form, and written."""

import ast

# Where something stands and what happens inside says nothing about the interface, and changes all the time.
PLACES = {"Line", "Source", "SourceLine", "Reg"}
INSIDE = {"NameSpaces", "Sources", "UndefinedSymbols"}
LICENCE = "# SPDX-License-Identifier" ": Apache-2.0 OR MIT\n"  # in two pieces: it is not this file's own


def read(path):
    text = path.read_text().removeprefix(LICENCE).strip()
    return ast.literal_eval(text.removeprefix("$VAR1 = ").removesuffix(";").replace(" => ", ": "))


def write(path, dump):
    path.write_text(f"{LICENCE}$VAR1 = {perl(dump, '')};\n")


def perl(value, indent):
    if not isinstance(value, dict):
        return str(value) if isinstance(value, int) else f"'{value}'"
    inner = indent + " "
    lines = [f"{inner}'{key}' => {perl(value[key], inner)}" for key in sorted(value, key=by_number)]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def by_number(key):
    return (0, int(key), "") if key.isdigit() else (1, 0, key)


def canonical(dump):
    """The same dump, where nothing depends on where the compiler put it: types and functions are numbered by name."""
    dump = {key: value for key, value in dump.items() if key not in INSIDE}
    types, functions = dump["TypeInfo"], dump["SymbolInfo"]
    number = {"": ""}
    for new, old in enumerate(sorted(types, key=lambda key: (types[key]["Name"], types[key]["Type"])), start=1):
        number[old] = str(new)
    dump["TypeInfo"] = {number[key]: renumbered(value, number) for key, value in types.items()}
    by_name = sorted(functions, key=lambda key: functions[key]["ShortName"])
    dump["SymbolInfo"] = {str(len(types) + place): renumbered(functions[key], number)
                          for place, key in enumerate(by_name, start=1)}
    return dump


def renumbered(value, number):
    """A type or a function with the new numbers of the types that it names."""
    if not isinstance(value, dict):
        return value
    return {key: number[inner] if key in ("BaseType", "Return", "type") else renumbered(inner, number)
            for key, inner in value.items() if key not in PLACES}


def functions(dump):
    return {function["ShortName"] for function in dump["SymbolInfo"].values()}
