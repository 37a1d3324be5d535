#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""conan_recipe.py SOURCE SCRATCH: goes through the recipe as Conan does, with fake_conan in Conan's place; what it packages
serves a host."""

import importlib.util
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "fake_conan"))


def recipe_class(source):
    spec = importlib.util.spec_from_file_location("recipe", source / "packaging/conan/conanfile.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Wrtmem


def packaged(source, folder, shared):
    """The recipe, after its methods ran in Conan's order."""
    recipe = recipe_class(source)(source / "packaging/conan", folder, shared)
    for step in ("export_sources", "configure", "validate", "layout", "generate", "build", "package", "package_info"):
        getattr(recipe, step)()
    return recipe


def use(source, folder, recipe):
    package = folder / "package"
    host = folder / "host"
    libraries = [f"-l{name}" for name in recipe.cpp_info.libs]
    subprocess.run(["cc", source / "tests/install/host.c", f"-I{package / 'include'}", f"-L{package / 'lib'}", *libraries,
                    f"-Wl,-rpath,{package / 'lib'}", "-o", host], check=True)
    subprocess.run([host], check=True)


def main(source, scratch):
    for shared in (True, False):
        folder = scratch / ("shared" if shared else "static")
        shutil.rmtree(folder, ignore_errors=True)
        recipe = packaged(source, folder, shared)
        use(source, folder, recipe)
        files = {path.name for path in (folder / "package").rglob("*") if not path.is_dir()}
        libraries = {"libwrtmem.so", "libwrtmem.so.0", f"libwrtmem.so.{recipe.version}"} if shared else {"libwrtmem.a"}
        headers = {"bounded.hpp", "inline.h", "wrtmem.h", "wrtmem.hpp"}
        assert files == libraries | headers | {"LICENSE-APACHE", "LICENSE-MIT"}, files


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:]))
