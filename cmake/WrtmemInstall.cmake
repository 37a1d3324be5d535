# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# What is installed. The package files name no prefix, so that the installed tree can be moved.

include(GNUInstallDirs)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/wrtmem)
set(WRTMEM_VERSION ${PROJECT_VERSION})
set(WRTMEM_VERSION_MAJOR ${PROJECT_VERSION_MAJOR})
set(WRTMEM_VERSION_MINOR ${PROJECT_VERSION_MINOR})
set(WRTMEM_POINTER_LEN ${CMAKE_SIZEOF_VOID_P})
file(RELATIVE_PATH WRTMEM_INCLUDE_FROM_LIB ${CMAKE_INSTALL_FULL_LIBDIR} ${CMAKE_INSTALL_FULL_INCLUDEDIR})

foreach(file pkgconfig/wrtmem.pc cmake/wrtmem-config.cmake cmake/wrtmem-config-version.cmake)
  get_filename_component(name ${file} NAME)
  configure_file(${WRTMEM_SOURCE_DIR}/${file}.in ${PROJECT_BINARY_DIR}/${name} @ONLY)
endforeach()

# A shared object is no program; some systems would mark it executable.
install(TARGETS wrtmem wrtmem_static
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES
  ${WRTMEM_SOURCE_DIR}/include/wrtmem/bounded.hpp
  ${WRTMEM_SOURCE_DIR}/include/wrtmem/inline.h
  ${WRTMEM_SOURCE_DIR}/include/wrtmem/wrtmem.h
  ${WRTMEM_SOURCE_DIR}/include/wrtmem/wrtmem.hpp
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/wrtmem)
install(FILES ${PROJECT_BINARY_DIR}/wrtmem.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES
  ${PROJECT_BINARY_DIR}/wrtmem-config.cmake
  ${PROJECT_BINARY_DIR}/wrtmem-config-version.cmake
  DESTINATION ${package_dir})
