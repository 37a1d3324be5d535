# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# cmake -DSOURCE=... -DSCRATCH=... -P vcpkg_port.cmake: goes through the port as vcpkg does, with stand-ins for its helpers;
# what it packages serves a host.

cmake_policy(VERSION 3.25)

set(CURRENT_PORT_DIR ${SOURCE}/packaging/vcpkg/wrtmem)
set(CURRENT_PACKAGES_DIR ${SCRATCH}/package)
file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${CURRENT_PACKAGES_DIR})

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# ---- the manifest

file(READ ${CURRENT_PORT_DIR}/vcpkg.json manifest)
string(JSON name GET ${manifest} name)
string(JSON version GET ${manifest} version)
string(JSON licence GET ${manifest} license)
string(JSON helper GET ${manifest} dependencies 0 name)
if(NOT name STREQUAL "wrtmem" OR NOT version MATCHES "^[0-9]+\\.[0-9]+\\.[0-9]+$")
  message(FATAL_ERROR "the manifest is for ${name} ${version}")
endif()
if(NOT licence STREQUAL "Apache-2.0 OR MIT" OR NOT helper STREQUAL "vcpkg-cmake")
  message(FATAL_ERROR "the manifest says ${licence} and wants ${helper}")
endif()

# ---- vcpkg's helpers, as the port calls them

function(vcpkg_cmake_configure)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "SOURCE_PATH" "OPTIONS")
  run(${CMAKE_COMMAND} -S ${arg_SOURCE_PATH} -B ${SCRATCH}/build -DCMAKE_BUILD_TYPE=Release
    -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR} ${arg_OPTIONS})
endfunction()

function(vcpkg_cmake_install)
  run(${CMAKE_COMMAND} --build ${SCRATCH}/build --target install)
endfunction()

function(vcpkg_replace_string file old new)
  file(READ ${file} before)
  string(REPLACE "${old}" "${new}" after "${before}")
  if(after STREQUAL before)
    message(FATAL_ERROR "${file}: nothing to replace")
  endif()
  file(WRITE ${file} "${after}")
endfunction()

function(vcpkg_install_copyright)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
  foreach(text ${arg_FILE_LIST})
    file(READ ${text} licence)
    file(APPEND ${CURRENT_PACKAGES_DIR}/share/wrtmem/copyright "${licence}")
  endforeach()
endfunction()

include(${CURRENT_PORT_DIR}/portfile.cmake)

# ---- what is there, and whether it works

foreach(file include/wrtmem/wrtmem.h lib/libwrtmem.a lib/pkgconfig/wrtmem.pc share/wrtmem/wrtmem-config.cmake
    share/wrtmem/copyright share/wrtmem/usage)
  if(NOT EXISTS ${CURRENT_PACKAGES_DIR}/${file})
    message(FATAL_ERROR "${file} is not packaged")
  endif()
endforeach()
if(EXISTS ${CURRENT_PACKAGES_DIR}/lib/cmake OR EXISTS ${CURRENT_PACKAGES_DIR}/debug)
  message(FATAL_ERROR "lib/cmake and debug are not for this package")
endif()

run(${CMAKE_COMMAND} -E rename ${CURRENT_PACKAGES_DIR} ${SCRATCH}/moved)
run(${CMAKE_COMMAND} -S ${SOURCE}/tests/install/installed -B ${SCRATCH}/host -DCMAKE_PREFIX_PATH=${SCRATCH}/moved)
run(${CMAKE_COMMAND} --build ${SCRATCH}/host)
run(${SCRATCH}/host/shared)
run(${SCRATCH}/host/static)
