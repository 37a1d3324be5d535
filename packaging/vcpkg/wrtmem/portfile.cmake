# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# An overlay port over the sources that it lies in: vcpkg install wrtmem --overlay-ports=packaging/vcpkg

get_filename_component(SOURCE_PATH "${CURRENT_PORT_DIR}/../../.." ABSOLUTE)

# The C ABI is the same in every configuration: one build serves them all.
set(VCPKG_BUILD_TYPE release)

vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}")
vcpkg_cmake_install()

# vcpkg keeps package files in share/; ours count their way to the libraries from where they lie.
file(MAKE_DIRECTORY "${CURRENT_PACKAGES_DIR}/share")
file(RENAME "${CURRENT_PACKAGES_DIR}/lib/cmake/wrtmem" "${CURRENT_PACKAGES_DIR}/share/wrtmem")
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/lib/cmake")
vcpkg_replace_string("${CURRENT_PACKAGES_DIR}/share/wrtmem/wrtmem-config.cmake"
  "\${_wrtmem_libdir}/../..\"" "\${_wrtmem_libdir}/../../lib\"")

file(INSTALL "${CURRENT_PORT_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/wrtmem")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE-APACHE" "${SOURCE_PATH}/LICENSE-MIT")
