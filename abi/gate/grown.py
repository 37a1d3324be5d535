# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Structs that grew by the rule: they begin with struct_size, and new members follow all that the baseline knows.

Older hosts state their own, shorter size, so that the library serves them. To compare what they see, such structs
are cut to what the baseline knows; every other change of a struct stays to be found.
"""

import xml.etree.ElementTree as ElementTree

from . import dump


def structs_of(types):
    """{name: (its type in a dump, [(member, offset)])}"""
    found = {}
    for kind in types["TypeInfo"].values():
        if kind["Type"] == "Struct" and "Memb" in kind:
            members = [kind["Memb"][str(place)] for place in range(len(kind["Memb"]))]
            found[kind["Name"].removeprefix("struct ")] = (kind, [(m["name"], m["offset"]) for m in members])
    return found


def grown(today, base):
    """{struct: (members that the baseline knows, its size there, new members)}"""
    found = {}
    older = structs_of(base)
    for name, (_, members) in structs_of(today).items():
        kind, known = older.get(name, (None, []))
        if kind and known[0] == ("struct_size", "0") and members[:len(known)] == known and len(members) > len(known):
            found[name] = (len(known), int(kind["Size"]), [member for member, _ in members[len(known):]])
    return found


def cut_dump(today, base, out):
    """Writes today's dump with the grown structs as the baseline knows them."""
    types = dump.read(today)
    changes = grown(types, dump.read(base))
    for kind in types["TypeInfo"].values():
        name = kind["Name"].removeprefix("struct ").removesuffix(" const")
        if name in changes and "Size" in kind:
            count, size, _ = changes[name]
            kind["Size"] = str(size)
            if "Memb" in kind:
                kind["Memb"] = {str(place): kind["Memb"][str(place)] for place in range(count)}
    dump.write(out, types)
    return changes


def cut_xml(today, changes, out):
    """The same for abidw's description."""
    tree = ElementTree.parse(today)
    for kind in tree.iter("class-decl"):
        if kind.get("name") not in changes or kind.get("is-declaration-only"):
            continue
        count, size, _ = changes[kind.get("name")]
        kind.set("size-in-bits", str(8 * size))
        for member in kind.findall("data-member")[count:]:
            kind.remove(member)
    tree.write(out)
