#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The manual, made from the comments of wrtmem.h: one page a function, one of all functions, one of all types.

manpages.py make HEADER DIRECTORY   writes the pages; a warning of Doxygen's is an error, and so is a comment
                                    that lacks a part (see "How to read a comment" in the header)
manpages.py list HEADER             names the pages, a line each, without Doxygen
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap
import xml.etree.ElementTree as ET

OVERVIEW, TYPES = "wrtmem", "wrtmem_types"
WIDTH = 78
# In two pieces, so that it is not read as this file's own.
LICENCE = '.\\" SPDX-License-Identifier' ": Apache-2.0 OR MIT\n"


# ---- roff


def escape(text, code=False):
    """Plain text as roff; in code, signs that would become typographic ones stay what they are."""
    text = text.replace("\\", "\\e")
    if code:
        for sign, name in (("-", "\\-"), ("'", "\\(aq"), ("`", "\\(ga"), ("^", "\\(ha"), ("~", "\\(ti")):
            text = text.replace(sign, name)
    return text


def lines(text):
    """A paragraph, one sentence a line; no line begins like a request."""
    text = re.sub(r"(?<=[.:;]) (?=[A-Z(\\])", "\n", " ".join(text.split()))
    return "".join(("\\&" if line[0] in ".'" else "") + line + "\n" for line in text.split("\n") if line)


def font(letter, text):
    return f"\\f{letter}{text}\\fP"


# ---- Doxygen's XML


class Reader:
    """Renders descriptions; `arguments` are the names that are set in italics, `functions` have pages."""

    def __init__(self, functions=(), arguments=()):
        self.functions, self.arguments = functions, arguments

    def code(self, node):
        text = "".join(node.itertext())
        name = text.lstrip("*")
        return font("I" if name in self.arguments else "B", escape(text, code=True))

    def reference(self, node):
        text = "".join(node.itertext())
        name = text.removesuffix("()")
        return font("B", escape(name, code=True)) + ("(3)" if name in self.functions else "")

    def inline(self, node):
        """The running text of a node, whatever is set apart in it left out."""
        parts = [escape(node.text or "")]
        for child in node:
            if child.tag == "computeroutput":
                parts.append(self.code(child))
            elif child.tag == "ref":
                parts.append(self.reference(child))
            elif child.tag in ("emphasis", "bold"):
                parts.append(font("I" if child.tag == "emphasis" else "B", self.inline(child)))
            elif child.tag not in ("itemizedlist", "orderedlist", "simplesect"):
                sys.exit(f"manpages.py: no rule for <{child.tag}>")
            parts.append(escape(child.tail or ""))
        return " ".join("".join(parts).split())

    def blocks(self, description):
        """The paragraphs of a description: their text, and the items of the list that each ends with."""
        for para in description.findall("para"):
            items = [self.items(child) for child in para if child.tag in ("itemizedlist", "orderedlist")]
            yield self.inline(para), items[0] if items else []

    def items(self, node):
        return [" ".join(self.inline(para) for para in item.findall("para")) for item in node.findall("listitem")]


def plain(node):
    return " ".join("".join(node.itertext()).split())


def whole(reader, member):
    """A short description: its first sentence and whatever follows."""
    texts = [text for part in ("briefdescription", "detaileddescription")
             for text, _ in reader.blocks(member.find(part))]
    return " ".join(text for text in texts if text)


class Function:
    """What the comment of one function says."""

    def __init__(self, member, functions):
        self.name = member.findtext("name")
        self.type = plain(member.find("type"))
        self.params = [(plain(param.find("type")), param.findtext("declname") or "")
                       for param in member.findall("param")]
        self.brief_plain = plain(member.find("briefdescription"))
        self.referred = {plain(ref).removesuffix("()") for ref in member.iter("ref")} & set(functions)
        reader = Reader(functions, {name for _, name in self.params})
        self.description = [text for text, _ in reader.blocks(member.find("briefdescription"))]
        self.errors, self.owns, self.threads, self.cost = None, None, None, None
        for text, items in reader.blocks(member.find("detaileddescription")):
            self.take(text, items)
        self.since = member.findtext(".//simplesect[@kind='since']/para")
        for part in ("errors", "owns", "threads", "cost", "since"):
            if getattr(self, part) is None:
                sys.exit(f"manpages.py: the comment of {self.name} does not say its {part}")

    def take(self, text, items):
        if text.startswith("Fails iff:"):
            self.errors = items
            if not items and text != "Fails iff: never.":
                sys.exit(f"manpages.py: {self.name}: neither a list of errors nor never")
        elif text.startswith("Owns: "):
            parts = re.fullmatch(r"Owns: (.*) Threads: (.*) Cost: (.*)", text)
            if not parts:
                sys.exit(f"manpages.py: {self.name}: want Owns, Threads and Cost in this order")
            self.owns, self.threads, self.cost = (part[0].upper() + part[1:] for part in parts.groups())
        else:
            self.description.append(text)


def compounds(xml, pattern):
    return [ET.parse(path).getroot().find("compounddef") for path in xml.glob(pattern)]


class Header:
    """All that Doxygen found in the header."""

    def __init__(self, xml, functions):
        self.file = compounds(xml, "wrtmem_8h.xml")[0]
        self.groups = sorted(compounds(xml, "group__*.xml"), key=lambda group: int(group.find(".//location").get("line")))
        self.structs = {struct.findtext("compoundname"): struct for struct in compounds(xml, "struct*.xml")}
        self.version = next(define.findtext("initializer").strip('"') for define in self.file.iter("memberdef")
                            if define.findtext("name") == "WRT_VERSION_STRING")
        self.functions = {}
        for group in self.groups:
            for member in group.findall("sectiondef/memberdef[@kind='function']"):
                function = Function(member, functions)
                function.group = group.findtext("title")
                self.functions[function.name] = function


# ---- pages


def title(name, header, what):
    return (LICENCE + f'.TH {name.upper()} 3 "" "libwrtmem {header.version}" "libwrtmem manual"\n.nh\n.ad l\n'
            f".SH NAME\n{name} \\- {escape(what[0].lower() + what[1:].rstrip('.'))}\n"
            ".SH SYNOPSIS\n.nf\n.B #include <wrtmem/wrtmem.h>\n.fi\n")


def joined(type_, name):
    return type_ + ("" if type_.endswith("*") or not name else " ") + name


def declaration(function):
    """The declaration, wrapped; arguments in italics."""
    params = [joined(type_, name).replace(" ", "\0") for type_, name in function.params]
    text = f"{joined(function.type, function.name)}({', '.join(params)});"
    out = ".PP\n.nf\n"
    for line in textwrap.wrap(text, WIDTH, subsequent_indent=" " * 4, break_long_words=False, break_on_hyphens=False):
        text = escape(line.replace("\0", " "), code=True)
        for _, name in function.params:
            if name:
                text = re.sub(rf"(?<=[ *]){name}(?=[,)])", lambda m: f"\\fI{m.group()}\\fB", text)
        out += f"\\fB{text}\\fP\n"
    return out + ".fi\n"


def see_also(names):
    return ".SH SEE ALSO\n" + ",\n".join(f".BR {name} (3)" for name in names) + "\n"


def function_page(function, header):
    page = title(function.name, header, function.brief_plain) + declaration(function)
    page += ".SH DESCRIPTION\n" + ".PP\n".join(lines(text) for text in function.description)
    page += ".SH ERRORS\n"
    if function.errors:
        page += "Returns \\fBWRT_OK\\fP, or the first of these that applies.\n"
        for item in function.errors:
            code, _, why = item.partition(": ")
            why = re.sub(r"\(rule (\d+)\)", r"(rule \1 of \\fBwrtmem\\fP(3))", why)
            why = why.replace("of the control block", "the memory's control block was overwritten", 1)
            page += f".TP\n{code}\n" + lines(why[0].upper() + why[1:] + ("" if why.endswith(".") else "."))
    else:
        page += "It never fails.\n"
    page += ".SH OWNERSHIP\n" + lines(function.owns)
    page += ".SH THREADS\n" + lines(function.threads)
    page += ".SH COST\n" + lines(function.cost)
    page += f".SH SINCE\nlibwrtmem {function.since.strip()}\n"
    kin = {other.name for other in header.functions.values() if other.group == function.group}
    related = sorted((kin | function.referred) - {function.name})
    return page + see_also(related + [OVERVIEW, TYPES])


def list_block(items, numbered):
    return "".join(f".IP {f'{i}.' if numbered else chr(92) + '(bu'} 4\n" + lines(item)
                   for i, item in enumerate(items, 1))


def overview_page(header):
    reader = Reader(header.functions)
    page = title(OVERVIEW, header, plain(header.file.find("briefdescription"))) + ".SH DESCRIPTION\n"
    for text, items in reader.blocks(header.file.find("detaileddescription")):
        page += ".PP\n" + lines(text) + list_block(items, numbered=True)
    for group in header.groups:
        functions = [f for f in header.functions.values() if f.group == group.findtext("title")]
        if not functions:
            continue
        page += f".SS {escape(group.findtext('title'))}\n"
        for text, items in reader.blocks(group.find("detaileddescription")):
            page += ".PP\n" + lines(text) + list_block(items, numbered=False)
        for function in functions:
            page += f".TP\n.BR {function.name} (3)\n" + lines(function.description[0])
    return page + see_also([TYPES] + sorted(header.functions))


def member_line(member):
    """One member of a struct, as C."""
    type_ = re.sub(r"(?<=\w)\(\*", " (*", plain(member.find("type")))
    return joined(type_, member.findtext("name")) + member.findtext("argsstring")


def struct_section(struct, reader):
    page = f".SS struct {struct.findtext('compoundname')}\n" + lines(whole(reader, struct))
    for member in struct.findall("sectiondef/memberdef[@kind='variable']"):
        page += f".TP\n.B {escape(member_line(member), code=True)}\n" + lines(whole(reader, member))
    return page


def enum_section(enum, reader):
    page = ".PP\n" + lines(whole(reader, enum))
    for value in enum.findall("enumvalue"):
        number = value.findtext("initializer").removeprefix("= ")
        page += f".TP\n.BR {value.findtext('name')} \" ({number})\"\n" + lines(whole(reader, value))
    return page


def types_page(header):
    reader = Reader(header.functions)
    page = title(TYPES, header, "Types, numbers and macros of libwrtmem") + ".SH DESCRIPTION\n"
    for group in header.groups:
        members = group.findall("sectiondef/memberdef")
        shown = [m for m in members if m.get("kind") in ("typedef", "enum", "define")]
        if not shown:
            continue
        page += f".SS {escape(group.findtext('title'))}\n"
        for member in shown:
            if member.get("kind") == "enum":
                page += enum_section(member, reader)
                continue
            if member.findtext("name") not in header.structs:
                page += f".TP\n.B {escape(signature(member), code=True)}\n" + lines(whole(reader, member))
        for inner in group.findall("innerclass"):
            page += struct_section(header.structs[inner.text], reader)
    return page + see_also([OVERVIEW])


def signature(member):
    """A typedef or a macro, as C."""
    if member.get("kind") == "typedef":
        return re.sub(r"\(\* (\w+)\) \(", r" (*\1)(", member.findtext("definition"))
    params = [param.findtext("defname") for param in member.findall("param")]
    return f"#define {member.findtext('name')}" + (f"({', '.join(params)})" if params else "")


# ---- the commands


def declared(path):
    """The functions of the header, in its order."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    return re.findall(r"^WRT_API\b[^;(]*?(\w+)\(", text, flags=re.M)


def read(path, functions):
    config = pathlib.Path(__file__).with_name("Doxyfile").read_text()
    with tempfile.TemporaryDirectory() as scratch:
        config += f'INPUT = "{path}"\nOUTPUT_DIRECTORY = "{scratch}"\n'
        if subprocess.run(["doxygen", "-"], input=config, text=True).returncode != 0:
            sys.exit("manpages.py: Doxygen is not content with the header")
        return Header(pathlib.Path(scratch) / "xml", functions)


def make(path, directory):
    functions = declared(path)
    header = read(path, functions)
    missing = set(functions) ^ set(header.functions)
    if missing:
        sys.exit(f"manpages.py: header and Doxygen differ in {sorted(missing)}")
    directory.mkdir(parents=True, exist_ok=True)
    for stale in directory.glob("*.3"):
        stale.unlink()
    pages = {name: function_page(function, header) for name, function in header.functions.items()}
    pages |= {OVERVIEW: overview_page(header), TYPES: types_page(header)}
    for name, page in pages.items():
        (directory / f"{name}.3").write_text(page)


def main(command, header, *rest):
    path = pathlib.Path(header).resolve()
    if command == "make":
        make(path, pathlib.Path(*rest))
    else:
        print("\n".join(declared(path) + [OVERVIEW, TYPES]))


if __name__ == "__main__":
    if len(sys.argv) != {"make": 4, "list": 3}.get(sys.argv[1] if len(sys.argv) > 1 else "", 0):
        sys.exit(__doc__)
    main(*sys.argv[1:])
