#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""manual.py CHECK SOURCE PAGES: the manual pages say what the header says. The header is read here without Doxygen."""

import pathlib
import re
import shutil
import subprocess
import sys

SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "ERRORS", "OWNERSHIP", "THREADS", "COST", "SINCE", "SEE ALSO"]
MORE_PAGES = {"wrtmem", "wrtmem_types"}


def declarations(source):
    """{function: (comment, declaration)}, both on one line."""
    header = (source / "include/wrtmem/wrtmem.h").read_text()
    found = re.findall(r"/\*\*((?:(?!\*/).)*)\*/\s*(WRT_API[^;]*;)", header, flags=re.S)
    return {re.search(r"(\w+)\(", text).group(1): (re.sub(r"\n \* ?", "\n", comment), " ".join(text.split()))
            for comment, text in found}


def in_map(source):
    text = re.sub(r"/\*.*?\*/", "", (source / "abi/wrtmem.map").read_text(), flags=re.S)
    return set(re.findall(r"(wrt_\w+);", text))


def pages(folder):
    found = {path.stem: path for path in folder.glob("*.3")}
    assert found, f"no page in {folder}"
    return found


def shown(page):
    """{section: its text}, as a reader sees it."""
    text = re.sub(r"\\f[BIRP]", "", page.read_text()).replace("\\-", "-").replace("\\(aq", "'").replace("\\&", "")
    text = re.sub(r"^\.BR? ([^ \n]+)( (\(\d\),?))?$", r"\1\3", text, flags=re.M)
    parts = re.split(r"^\.SH (.*)\n", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def words(text):
    """What is said, without how it is set; a function that is named leads to its page."""
    return re.sub(r"\W+", " ", re.sub(r"(wrt_\w+)\(\)", r"\1(3)", text)).strip().lower()


def every_function_has_its_page_and_no_page_has_none(source, folder):
    functions, found = set(declarations(source)), set(pages(folder))
    assert functions == in_map(source), f"header and map differ in {sorted(functions ^ in_map(source))}"
    assert found == functions | MORE_PAGES, f"header and pages differ in {sorted(found ^ functions ^ MORE_PAGES)}"


def each_page_says_what_the_header_says_in_the_same_order(source, folder):
    for name, (comment, declaration) in declarations(source).items():
        page = shown(pages(folder)[name])
        assert list(page) == SECTIONS, f"{name}: the sections are {list(page)}"

        prototype = declaration.removeprefix("WRT_API ").removeprefix("WRT_MUST_USE ")
        synopsis = " ".join(page["SYNOPSIS"].split())
        assert prototype in synopsis, f"{name}: {prototype!r} is not in {synopsis!r}"

        codes = re.findall(r"^- ((?:#WRT_ERR_\w+(?:, )?)+):", comment, flags=re.M)
        assert codes or "Fails iff: never." in comment, f"{name}: the comment names no error"
        told = re.findall(r"^\.TP\n(.*)$", page["ERRORS"], flags=re.M)
        assert told == [code.replace("#", "") for code in codes], f"{name}: {told} are not {codes}"

        first_sentence = re.split(r"\.\s", comment.strip() + "\n")[0]
        assert words(first_sentence) in words(page["DESCRIPTION"]), f"{name}: {first_sentence!r} is missing"
        for label, section in (("Owns", "OWNERSHIP"), ("Threads", "THREADS"), ("Cost", "COST")):
            said = re.search(rf"^{label}: (.*?)(?=^(?:Owns|Threads|Cost): |^@)", comment, flags=re.S | re.M).group(1)
            assert words(said) == words(page[section]), f"{name}: {said!r} is not {page[section]!r}"
        since = re.search(r"@since (\S+)", comment).group(1)
        assert page["SINCE"].split() == ["libwrtmem", since], f"{name}: since {page['SINCE']!r}"

        for other in re.findall(r"(\w+)\(3\)", page["SEE ALSO"]):
            assert other in pages(folder), f"{name}: {other}(3) is no page"


def man_shows_each_page_without_a_warning(_, folder):
    for tool in ("man", "lexgrog"):
        if not shutil.which(tool):
            print(f"skipped: {tool} is not there")
            sys.exit(77)
    for page in pages(folder).values():
        run = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", str(page)], capture_output=True, text=True)
        assert run.returncode == 0 and run.stdout and not run.stderr, f"{page}: {run.stderr}"
        subprocess.run(["lexgrog", str(page)], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    globals()[sys.argv[1]](*map(pathlib.Path, sys.argv[2:]))
