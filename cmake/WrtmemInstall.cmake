# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# What is installed. The package files name no prefix, so that the installed tree can be moved.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/wrtmem)
set(WRTMEM_VERSION ${PROJECT_VERSION})
set(WRTMEM_VERSION_MAJOR ${PROJECT_VERSION_MAJOR})
file(RELATIVE_PATH WRTMEM_INCLUDE_FROM_LIB ${CMAKE_INSTALL_FULL_LIBDIR} ${CMAKE_INSTALL_FULL_INCLUDEDIR})

configure_file(${WRTMEM_SOURCE_DIR}/pkgconfig/wrtmem.pc.in ${PROJECT_BINARY_DIR}/wrtmem.pc @ONLY)
configure_file(${WRTMEM_SOURCE_DIR}/cmake/wrtmem-config.cmake.in ${PROJECT_BINARY_DIR}/wrtmem-config.cmake @ONLY)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/wrtmem-config-version.cmake COMPATIBILITY SameMinorVersion)

install(TARGETS wrtmem wrtmem_static
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES
  ${WRTMEM_SOURCE_DIR}/include/wrtmem/inline.h
  ${WRTMEM_SOURCE_DIR}/include/wrtmem/wrtmem.h
  ${WRTMEM_SOURCE_DIR}/include/wrtmem/wrtmem.hpp
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/wrtmem)
install(FILES ${PROJECT_BINARY_DIR}/wrtmem.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES
  ${PROJECT_BINARY_DIR}/wrtmem-config.cmake
  ${PROJECT_BINARY_DIR}/wrtmem-config-version.cmake
  DESTINATION ${package_dir})
