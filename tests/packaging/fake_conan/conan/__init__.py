# SPDX-License-Identifier: Apache-2.0 OR MIT
"""As much of Conan 2 as the recipe uses."""

import pathlib
import types


class Settings(types.SimpleNamespace):
    def rm_safe(self, name):
        """As Conan's: a setting that is not there is no error."""


class ConanFile:
    def __init__(self, recipe_folder, folder, shared):
        self.recipe_folder = str(recipe_folder)
        self.export_sources_folder = self.source_folder = str(folder / "export")
        self.build_folder = str(folder / "build")
        self.package_folder = str(folder / "package")
        self.settings = Settings(os="Linux")
        assert set(self.options["shared"]) == {True, False} and self.default_options["shared"] in (True, False)
        self.options = types.SimpleNamespace(shared=shared)
        self.cpp_info = types.SimpleNamespace(libs=[], set_property=lambda name, value: None)
        pathlib.Path(self.export_sources_folder).mkdir(parents=True)
