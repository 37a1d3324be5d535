# SPDX-License-Identifier: Apache-2.0 OR MIT

import fnmatch
import pathlib
import shutil


def matching(pattern, folder):
    """The pattern is for the whole path below the folder; its * takes slashes too."""
    for path in pathlib.Path(folder).rglob("*"):
        if not path.is_dir() and fnmatch.fnmatch(path.relative_to(folder).as_posix(), pattern):
            yield path


def copy(recipe, pattern, src, dst):
    src = pathlib.Path(src).resolve()
    paths = list(matching(pattern, src))
    assert paths, f"nothing is called {pattern} in {src}"
    for path in paths:
        target = pathlib.Path(dst) / path.relative_to(src)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)


def rm(recipe, pattern, folder):
    for path in list(matching(pattern, folder)):
        path.unlink()


def rmdir(recipe, folder):
    shutil.rmtree(folder)
