# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# The manual: a page for each function, made from the comments of wrtmem.h.

include(GNUInstallDirs)
find_package(Doxygen REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)

set(WRTMEM_MAN_DIR ${PROJECT_BINARY_DIR}/man3)
set(header ${WRTMEM_SOURCE_DIR}/include/wrtmem/wrtmem.h)
set(script ${WRTMEM_SOURCE_DIR}/docs/manpages.py)

add_custom_command(
  OUTPUT ${PROJECT_BINARY_DIR}/man3.stamp
  COMMAND ${Python3_EXECUTABLE} ${script} make ${header} ${WRTMEM_MAN_DIR}
  COMMAND ${CMAKE_COMMAND} -E touch ${PROJECT_BINARY_DIR}/man3.stamp
  DEPENDS ${header} ${script} ${WRTMEM_SOURCE_DIR}/docs/Doxyfile
  COMMENT "Writing the manual"
  VERBATIM)
add_custom_target(wrtmem_man ALL DEPENDS ${PROJECT_BINARY_DIR}/man3.stamp)

if(WRTMEM_INSTALL)
  install(DIRECTORY ${WRTMEM_MAN_DIR} DESTINATION ${CMAKE_INSTALL_MANDIR})
endif()
