# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# The build for targets without an operating system or a C library: an archive that asks for memcpy, memmove and memset
# and nothing else.

include_guard(GLOBAL)

foreach(option WRTMEM_BUILD_TESTS WRTMEM_BUILD_EXAMPLES WRTMEM_BUILD_BENCH)
  if(${option})
    message(FATAL_ERROR "${option} needs a hosted build, not WRTMEM_FREESTANDING")
  endif()
endforeach()

# Jump tables are left to functions of the compiler's on some targets; unwind tables serve nobody.
function(wrtmem_freestanding_settings target)
  target_compile_options(${target} PRIVATE
    -ffreestanding -ffunction-sections -fdata-sections -fno-jump-tables -fno-stack-protector
    -fno-unwind-tables -fno-asynchronous-unwind-tables)
  set_target_properties(${target} PROPERTIES OUTPUT_NAME wrtmem_static POSITION_INDEPENDENT_CODE OFF)
endfunction()

function(wrtmem_freestanding_install target)
  if(NOT WRTMEM_INSTALL)
    return()
  endif()
  include(GNUInstallDirs)
  install(TARGETS ${target} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(DIRECTORY ${WRTMEM_SOURCE_DIR}/include/wrtmem DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endfunction()
