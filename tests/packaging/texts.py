#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""texts.py CHECK SOURCE: what is written by hand in several places is the same in all of them."""

import pathlib
import re
import subprocess
import sys


def found(source, path, pattern):
    matches = re.findall(pattern, (source / path).read_text(), flags=re.M)
    assert matches, f"{path}: nothing looks like {pattern}"
    return matches[0] if isinstance(matches[0], str) else ".".join(matches[0])


def one_version_stands_everywhere(source):
    header = "include/wrtmem/wrtmem.h"
    versions = {
        "CMakeLists.txt": found(source, "CMakeLists.txt", r"^  VERSION (\S+)$"),
        "meson.build": found(source, "meson.build", r"^        version : '(.*)',$"),
        header: found(source, header, r'WRT_VERSION_STRING "(.*)"'),
        f"{header}, in numbers": found(source, header, r"_MAJOR (\d+)\n(?:.*\n)*?.*_MINOR (\d+)\n(?:.*\n)*?.*_PATCH (\d+)$"),
        "CHANGELOG.md": found(source, "CHANGELOG.md", r"^## (\d\S*)"),
        "packaging/debian/changelog": found(source, "packaging/debian/changelog", r"^wrtmem \((.*)-.*\)"),
        "packaging/vcpkg/wrtmem/vcpkg.json": found(source, "packaging/vcpkg/wrtmem/vcpkg.json", r'"version": "(.*)"'),
        "packaging/conan/conanfile.py": found(source, "packaging/conan/conanfile.py", r'^    version = "(.*)"'),
    }
    assert len(set(versions.values())) == 1, f"they differ: {versions}"


def nodes(source):
    """{symbol version: its functions}"""
    text = re.sub(r"/\*.*?\*/", "", (source / "abi/wrtmem.map").read_text(), flags=re.S)
    parts = re.findall(r"(WRTMEM_\S+)\s*\{(.*?)\}", text, flags=re.S)
    assert parts, "the map has no node"
    return {node: set(re.findall(r"(wrt_\w+);", body)) for node, body in parts}


def table(text, marker):
    """The table that follows a marker, as text."""
    _, _, after = text.partition(f"<!-- {marker} -->\n")
    assert after, f"there is no {marker}"
    return after.partition("\n\n")[0]


def the_abi_page_lists_the_functions_of_each_symbol_version(source):
    text = (source / "docs/abi.md").read_text()
    told = {node: re.findall(r"`(wrt_\w+)`", table(text, f"functions {node}"))
            for node in re.findall(r"<!-- functions (\S+) -->", text)}
    for node, functions in told.items():
        assert len(functions) == len(set(functions)), f"{node}: a function is listed twice"
    told = {node: set(functions) for node, functions in told.items()}
    assert told == nodes(source), f"page and map differ: {told} and {nodes(source)}"


def the_symbols_file_is_made_from_the_map(source):
    made = subprocess.run([source / "packaging/debian-symbols", source / "abi/wrtmem.map"], check=True,
                          capture_output=True, text=True).stdout
    committed = (source / "packaging/debian/libwrtmem0.symbols").read_text()
    assert made == committed, "run: packaging/debian-symbols abi/wrtmem.map > packaging/debian/libwrtmem0.symbols"
    listed = set(re.findall(r"^ (\S+)@(\S+) ", made, flags=re.M))
    wanted = {(name, node) for node, names in nodes(source).items() for name in names | {node}}
    assert listed == wanted, f"map and symbols file differ in {sorted(listed ^ wanted)}"


def links_between_the_texts_lead_somewhere(source):
    texts = [*source.glob("*.md"), *source.glob("docs/*.md"), *source.glob("adapters/*/*.md"), *source.glob("examples/*/*.md")]
    assert texts, "there is no text"
    for text in texts:
        for link in re.findall(r"\]\(([^)#\s]+)\)", text.read_text()):
            assert "://" in link or (text.parent / link).exists(), f"{text}: {link} is not there"


if __name__ == "__main__":
    globals()[sys.argv[1]](pathlib.Path(sys.argv[2]))
