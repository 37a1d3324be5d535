# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Conan 2 recipe over the sources that it lies in: conan create packaging/conan"""

import os

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy, rm, rmdir


class Wrtmem(ConanFile):
    name = "wrtmem"
    version = "0.1.0"
    description = "Linear memory for WebAssembly hosts"
    license = "Apache-2.0 OR MIT"
    topics = ("webassembly", "memory", "sandbox")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False]}
    default_options = {"shared": False}

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "..", "..")
        for pattern in ("CMakeLists.txt", "LICENSE-*", "abi/*.map", "capi/*", "cmake/*", "cpp/*", "include/*",
                        "pkgconfig/*"):
            copy(self, pattern, src=root, dst=self.export_sources_folder)

    def configure(self):
        # The library asks nothing of the C++ runtime.
        self.settings.rm_safe("compiler.libcxx")
        self.settings.rm_safe("compiler.cppstd")

    def validate(self):
        if self.settings.os != "Linux":
            raise ConanInvalidConfiguration("the recipe is for Linux")

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeToolchain(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE-*", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        # The build gives both libraries, and Conan writes package files of its own.
        libraries = os.path.join(self.package_folder, "lib")
        rm(self, "*.a" if self.options.shared else "*.so*", libraries)
        rmdir(self, os.path.join(libraries, "cmake"))
        rmdir(self, os.path.join(libraries, "pkgconfig"))

    def package_info(self):
        self.cpp_info.libs = ["wrtmem"]
        self.cpp_info.set_property("cmake_file_name", "wrtmem")
        self.cpp_info.set_property("cmake_target_name", "wrtmem::wrtmem")
        self.cpp_info.set_property("pkg_config_name", "wrtmem")
