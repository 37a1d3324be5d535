# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Builds the package, and the library inside it.

The library's sources are those in library/ (in an sdist), in the folder that WRTMEM_SOURCE_DIR names, or in the
repository that this folder lies in. With WRTMEM_SYSTEM=1 none is built: the one that pkg-config knows is used, or the
header in the folder that WRTMEM_INCLUDE_DIR names.
"""

import concurrent.futures
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import sysconfig

import setuptools
from setuptools.command.build_ext import build_ext
from setuptools.command.sdist import sdist

HERE = pathlib.Path(__file__).resolve().parent
SYSTEM = os.environ.get("WRTMEM_SYSTEM", "") not in ("", "0")
NAME = "libwrtmem.so.0"

# What an sdist takes of the repository.
LIBRARY = ("LICENSE-APACHE", "LICENSE-MIT", "abi/wrtmem.map", "capi", "cpp", "include")
FLAGS = ("-std=c++20 -O2 -DNDEBUG -fPIC -fno-exceptions -fno-rtti -fno-threadsafe-statics"
         " -fvisibility=hidden -fvisibility-inlines-hidden").split()


def source_dir():
    if "WRTMEM_SOURCE_DIR" in os.environ:
        return pathlib.Path(os.environ["WRTMEM_SOURCE_DIR"]).resolve()
    inside = HERE / "library"
    return inside if inside.exists() else HERE.parent.parent


def pkg_config(*options):
    command = [os.environ.get("PKG_CONFIG", "pkg-config"), *options, "wrtmem >= 0.1"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def include_dirs():
    if not SYSTEM:
        return [str(source_dir() / "include")]
    if "WRTMEM_INCLUDE_DIR" in os.environ:
        return [os.environ["WRTMEM_INCLUDE_DIR"]]
    return [flag[2:] for flag in pkg_config("--cflags-only-I")]


def system_library():
    """The file that pkg-config knows; empty leaves the search to the loader, at run time."""
    if not SYSTEM or "WRTMEM_INCLUDE_DIR" in os.environ:
        return ""
    found = [pathlib.Path(flag[2:]) / NAME for flag in pkg_config("--libs-only-L")]
    return next((str(path.resolve().with_name(NAME)) for path in found if path.exists()), "")


def sources(root):
    found = [path for folder in ("capi", "cpp/core", "cpp/tiers", "cpp/image") for path in (root / folder).glob("*.cpp")]
    is_linux = sys.platform.startswith("linux")
    hosts = ("linux", "unix", "proc", "futex", "memfd") if is_linux else ("posix", "unix", "condition")
    beside = [root / "cpp" / "host" / f"{name}.cpp" for name in hosts]
    return sorted(found) + [path for path in beside if path.exists()]


def run(command):
    print(shlex.join(command))
    subprocess.run(command, check=True)


def build_library(scratch, target):
    root = source_dir()
    compiler = shlex.split(os.environ.get("CXX", "c++"))
    more = shlex.split(os.environ.get("CXXFLAGS", ""))
    scratch.mkdir(parents=True, exist_ok=True)
    objects = {path: scratch / f"{path.parent.name}-{path.stem}.o" for path in sources(root)}

    def compile_one(path):
        run([*compiler, *FLAGS, *more, f"-I{root}", f"-I{root / 'include'}", "-c", str(path), "-o", str(objects[path])])

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(compile_one, objects))
    run([*compiler, "-shared", "-s", "-Wl,--as-needed", f"-Wl,-soname,{NAME}", "-Wl,--no-undefined",
         f"-Wl,--version-script={root / 'abi' / 'wrtmem.map'}", *map(str, objects.values()),
         *shlex.split(os.environ.get("LDFLAGS", "")), "-o", str(target)])


class BuildExtensions(build_ext):
    def run(self):
        for extension in self.extensions:
            extension.include_dirs += include_dirs()
        super().run()
        package = pathlib.Path(self.get_ext_fullpath("wrtmem._core")).parent
        (package / "_found.py").write_text(
            "# SPDX-License-Identifier" ": Apache-2.0 OR MIT\n"
            '"""Made by setup.py."""\n\n'
            f"LIBRARY: str = {system_library()!r}\n", encoding="utf-8")
        if SYSTEM:
            return
        build_library(pathlib.Path(self.build_temp) / "library", package / NAME)
        for name in ("LICENSE-APACHE", "LICENSE-MIT"):
            shutil.copyfile(source_dir() / name, package / name)


class SourceArchive(sdist):
    def make_release_tree(self, base_dir, files):
        super().make_release_tree(base_dir, files)
        root = source_dir()
        for name in LIBRARY:
            target = pathlib.Path(base_dir) / "library" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if (root / name).is_dir():
                shutil.copytree(root / name, target, dirs_exist_ok=True)
            else:
                shutil.copyfile(root / name, target)


setuptools.setup(
    cffi_modules=["native/build.py:ffi"],
    ext_modules=[
        setuptools.Extension(
            "wrtmem._core", ["native/core.c"], py_limited_api=not sysconfig.get_config_var("Py_GIL_DISABLED")),
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
    cmdclass={"build_ext": BuildExtensions, "sdist": SourceArchive},
)
