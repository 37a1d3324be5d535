# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# For examples on a board: the library as part of the program, with no built-in pool, and how a program is linked.

get_filename_component(source ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE MinSizeRel)
endif()

set(WRTMEM_FREESTANDING ON)
set(WRTMEM_BUILTIN_SLOTS 0)
set(WRTMEM_MAX_HANDLES 8)
set(WRTMEM_MAX_BORROWS 4)
add_subdirectory(${source} wrtmem)

# board_program(<target> <bytes of RAM> <bytes of stack>)
function(board_program target ram stack)
  set_target_properties(${target} PROPERTIES C_STANDARD 11)
  target_compile_options(${target} PRIVATE --specs=picolibc.specs -ffunction-sections -fdata-sections
    -Wall -Wextra -Wpedantic -Wshadow)
  target_link_options(${target} PRIVATE --specs=picolibc.specs --crt0=semihost --oslib=semihost
    -Wl,--defsym=__flash=0,--defsym=__flash_size=0x40000
    -Wl,--defsym=__ram=0x20000000,--defsym=__ram_size=${ram},--defsym=__stack_size=${stack})
  target_link_libraries(${target} PRIVATE wrtmem_static)
endfunction()
