# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What Python knows of the header is what the header says."""

from __future__ import annotations

import doctest
import importlib
import importlib.metadata
import os
import pathlib
import pkgutil
import re
import subprocess
import sys

import pytest

import wrtmem
from wrtmem import AtomicOp, Features, Flags, Tier, Verify
from wrtmem._native import ffi, lib

WHAT = "declarations, documentation"

HERE = pathlib.Path(__file__).resolve().parent.parent
HEADER = HERE.parent.parent / "include" / "wrtmem" / "wrtmem.h"

in_repository = pytest.mark.skipif(not HEADER.exists(), reason="these tests are not in the repository")


@in_repository
def test_the_declarations_are_those_of_the_header() -> None:
    subprocess.run([sys.executable, HERE / "generate.py", HEADER, "check"], check=True)


@in_repository
def test_every_size_and_offset_is_what_the_c_compiler_says(tmp_path: pathlib.Path) -> None:
    generator = HERE.parent / "rust" / "wrtmem-sys" / "generate.py"
    made = subprocess.run([sys.executable, generator, HEADER, "layout"], check=True, capture_output=True, text=True)
    (tmp_path / "layout.c").write_text(made.stdout)
    compiler = os.environ.get("CC", "cc").split()
    subprocess.run(
        [*compiler, "layout.c", "-I", HEADER.parent.parent, "-o", "layout"], check=True, cwd=tmp_path
    )
    told = subprocess.run([tmp_path / "layout"], check=True, capture_output=True, text=True).stdout.splitlines()
    assert len(told) > 80
    for line in told:
        name, *numbers = line.split()
        struct, _, member = name.partition(".")
        if not member:
            assert ffi.sizeof(struct) == int(numbers[0]), name
            continue
        field = dict(ffi.typeof(struct).fields)[member]
        assert (field.offset, ffi.sizeof(field.type)) == (int(numbers[0]), int(numbers[1])), name


def test_every_constant_has_its_number() -> None:
    named = {
        "TIER": Tier,
        "VERIFY": Verify,
        "MEM": Flags,
        "ATOMIC": AtomicOp,
        "FEATURE": Features,
    }
    left = {"WRT_BORROW_READ", "WRT_BORROW_WRITE", "WRT_MEM_CHANGES", "WRT_OK"}
    left |= {f"WRT_VERSION_{part}" for part in ("MAJOR", "MINOR", "PATCH")}
    for name in dir(lib):
        if not re.fullmatch(r"WRT_[A-Z0-9_]+", name) or name in left:
            continue
        _, kind, rest = name.split("_", 2)
        if kind == "ERR":
            error = next(one for one in wrtmem.Error.__subclasses__() if one.status == getattr(lib, name))
            assert str(error()).startswith(f"{name}: ")
            continue
        assert named[kind][rest] == getattr(lib, name), name
    for kind, enumeration in named.items():
        for member in enumeration:
            assert getattr(lib, f"WRT_{kind}_{member.name}") == member


def test_the_package_has_the_version_of_its_header() -> None:
    parts = (lib.WRT_VERSION_MAJOR, lib.WRT_VERSION_MINOR, lib.WRT_VERSION_PATCH)
    assert importlib.metadata.version("wrtmem") == ".".join(map(str, parts))


def test_statuses_are_exceptions_and_an_unknown_one_is_too() -> None:
    from wrtmem._errors import BY_STATUS, failure

    assert len(BY_STATUS) == 13
    error = failure(99)
    assert type(error) is wrtmem.Error and error.status == 99
    assert failure(7, "why").args == ("WRT_ERR_BUSY: why",)


def test_the_examples_in_the_documentation_run() -> None:
    attempted = 0
    for module in pkgutil.iter_modules(wrtmem.__path__):
        result = doctest.testmod(importlib.import_module(f"wrtmem.{module.name}"))
        assert result.failed == 0
        attempted += result.attempted
    result = doctest.testmod(wrtmem)
    assert result.failed == 0 and attempted + result.attempted > 20
    for page in (HERE / "README.md", HERE.parent.parent / "docs" / "guide.md"):
        if page.exists():
            result = doctest.testfile(str(page), module_relative=False)
            assert result.failed == 0 and result.attempted > 5


def test_every_public_name_is_documented() -> None:
    for name in wrtmem.__all__:
        thing = getattr(wrtmem, name)
        if not isinstance(thing, (type,)) and not callable(thing):
            continue
        assert thing.__doc__, name
        for attribute, value in vars(thing).items() if isinstance(thing, type) else ():
            if not attribute.startswith("_") and callable(value):
                assert value.__doc__, f"{name}.{attribute}"


@pytest.mark.parametrize("named", ["/nonexistent/libwrtmem.so.0", "libc.so.6", "no-such-library"])
def test_a_library_that_cannot_be_used_is_an_import_error(named: str) -> None:
    environment = {**os.environ, "WRTMEM_LIBRARY": named}
    ended = subprocess.run([sys.executable, "-c", "import wrtmem"], env=environment, capture_output=True, text=True)
    assert ended.returncode == 1 and "ImportError: libwrtmem cannot be used" in ended.stderr


def test_the_library_that_is_named_is_the_one_in_use() -> None:
    named = os.environ.get("WRTMEM_LIBRARY")
    if named is None:
        assert pathlib.Path(wrtmem.library_path).parent == pathlib.Path(wrtmem.__file__).parent
    else:
        assert wrtmem.library_path == named
