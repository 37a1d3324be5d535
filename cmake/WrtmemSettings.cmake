# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# How the library and its tests are compiled.

include_guard(GLOBAL)

function(wrtmem_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
  if(WRTMEM_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

# The library is C++20 without the C++ runtime. Unwind tables stay, so that backtraces and
# profilers see through the library's frames.
function(wrtmem_compile_settings target)
  wrtmem_warnings(${target})
  target_compile_options(${target} PRIVATE -fno-exceptions -fno-rtti -fno-threadsafe-statics)
  set_target_properties(${target} PROPERTIES
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON)
endfunction()
