# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Helpers for the folders under tests/. A test is named <folder>.<name> and labelled <folder>;
# LONG adds the label "long", which the slow instruments (Valgrind) leave out.
#
#   wrtmem_cmocka_test(<name> <file.c>... [LONG] [LIBRARIES <lib>...] [DEFINITIONS <def>...])
#       one C11 program over the shared object and cmocka, one CTest test
#   wrtmem_gtest(<name> <file.cpp>... [LONG] [LIBRARY <lib>] [LIBRARIES <lib>...] [DEFINITIONS <def>...])
#       one C++20 program over wrtmem_internal (or LIBRARY) and GoogleTest, one CTest test a case
#   wrtmem_program_test(<name> <file>... [LONG] [LIBRARIES <lib>...] [DEFINITIONS <def>...] [ARGS <arg>...])
#       one program without a framework that exits 0 when it passes
#   wrtmem_test_library(<name> [HOST <file.cpp>...] [DEFINITIONS <def>...])
#       the whole library again as a static target, with other host files or other numbers;
#       its users may include "cpp/..." and "capi/..."

include_guard(GLOBAL)
include(GoogleTest)
# GLOBAL: folders outside tests/ use these helpers too.
find_package(Threads REQUIRED GLOBAL)

set(WRTMEM_TEST_LAUNCHER "${CMAKE_CROSSCOMPILING_EMULATOR}" CACHE STRING
  "Command (a list) that every test program is started with, e.g. valgrind and its options")
set(WRTMEM_CMOCKA_SOURCE "" CACHE PATH "Source of cmocka, for builds that cannot use a packaged one")
set(WRTMEM_GOOGLETEST_SOURCE /usr/src/googletest/googletest CACHE PATH "Source of GoogleTest, for builds that cannot use a packaged one")

function(wrtmem_test_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HOST;DEFINITIONS")
  if(NOT DEFINED arg_HOST)
    set(arg_HOST ${WRTMEM_HOST_SOURCES})
  endif()
  add_library(${name} STATIC ${WRTMEM_COMMON_SOURCES} ${arg_HOST})
  wrtmem_compile_settings(${name})
  target_include_directories(${name} PUBLIC ${WRTMEM_SOURCE_DIR} ${WRTMEM_SOURCE_DIR}/include)
  target_compile_definitions(${name} PUBLIC ${WRTMEM_DEFINITIONS} ${arg_DEFINITIONS})
  set_target_properties(${name} PROPERTIES ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/lib)
endfunction()

if(NOT TARGET wrtmem_internal)
  wrtmem_test_library(wrtmem_internal)
  set_target_properties(wrtmem_internal PROPERTIES EXCLUDE_FROM_ALL ON)
endif()

# cmocka has no CMake package that can be relied on.
add_library(wrtmem_cmocka INTERFACE)
if(WRTMEM_CMOCKA_SOURCE)
  add_library(wrtmem_cmocka_source STATIC ${WRTMEM_CMOCKA_SOURCE}/src/cmocka.c)
  target_include_directories(wrtmem_cmocka_source SYSTEM PUBLIC ${WRTMEM_CMOCKA_SOURCE}/include)
  target_compile_definitions(wrtmem_cmocka_source PRIVATE HAVE_INTTYPES_H HAVE_MALLOC_H HAVE_SIGNAL_H HAVE_STRINGS_H)
  target_link_libraries(wrtmem_cmocka INTERFACE wrtmem_cmocka_source)
else()
  find_path(CMOCKA_INCLUDE_DIR cmocka.h REQUIRED)
  find_library(CMOCKA_LIBRARY cmocka REQUIRED)
  target_include_directories(wrtmem_cmocka SYSTEM INTERFACE ${CMOCKA_INCLUDE_DIR})
  target_link_libraries(wrtmem_cmocka INTERFACE ${CMOCKA_LIBRARY})
endif()

# The packaged GoogleTest serves but one word size. Sanitizers do without an instrumented one: it
# locks with pthread mutexes, which they see.
add_library(wrtmem_googletest INTERFACE)
find_package(GTest CONFIG QUIET GLOBAL)
if(TARGET GTest::gtest_main)
  target_link_libraries(wrtmem_googletest INTERFACE GTest::gtest_main)
else()
  add_library(wrtmem_googletest_source STATIC EXCLUDE_FROM_ALL
    ${WRTMEM_GOOGLETEST_SOURCE}/src/gtest-all.cc
    ${WRTMEM_GOOGLETEST_SOURCE}/src/gtest_main.cc)
  target_include_directories(wrtmem_googletest_source SYSTEM
    PUBLIC ${WRTMEM_GOOGLETEST_SOURCE}/include PRIVATE ${WRTMEM_GOOGLETEST_SOURCE})
  target_compile_features(wrtmem_googletest_source PUBLIC cxx_std_14)
  target_link_libraries(wrtmem_googletest_source PUBLIC Threads::Threads)
  target_link_libraries(wrtmem_googletest INTERFACE wrtmem_googletest_source)
endif()

# What all test programs have in common.
function(wrtmem_test_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES;DEFINITIONS")
  add_executable(${name} ${arg_SOURCES})
  wrtmem_warnings(${name})
  if(CMAKE_SIZEOF_VOID_P LESS 8)
    # Offsets are 64 bits wide: to cast each for a vector would say nothing.
    target_compile_options(${name} PRIVATE -Wno-conversion)
  endif()
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} Threads::Threads)
  target_compile_definitions(${name} PRIVATE ${arg_DEFINITIONS})
  set_target_properties(${name} PROPERTIES
    C_STANDARD 11 C_STANDARD_REQUIRED ON
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
endfunction()

function(wrtmem_test_labels result long)
  get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  set(labels ${folder})
  if(long)
    list(APPEND labels long)
  endif()
  set(${result} "${labels}" PARENT_SCOPE)
  set(folder ${folder} PARENT_SCOPE)
endfunction()

function(wrtmem_register_program name long)
  wrtmem_test_labels(labels ${long})
  add_test(NAME ${folder}.${name} COMMAND ${WRTMEM_TEST_LAUNCHER} $<TARGET_FILE:${name}> ${ARGN})
  set_tests_properties(${folder}.${name} PROPERTIES LABELS "${labels}")
  if(long)
    set_tests_properties(${folder}.${name} PROPERTIES COST 100)  # started early, so that nobody waits for it alone
  endif()
endfunction()

function(wrtmem_cmocka_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "LONG" "" "LIBRARIES;DEFINITIONS")
  wrtmem_test_program(${name} SOURCES ${arg_UNPARSED_ARGUMENTS}
    LIBRARIES wrtmem::wrtmem wrtmem_cmocka ${arg_LIBRARIES} DEFINITIONS ${arg_DEFINITIONS})
  wrtmem_register_program(${name} ${arg_LONG})
endfunction()

function(wrtmem_program_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "LONG" "" "LIBRARIES;DEFINITIONS;ARGS")
  wrtmem_test_program(${name} SOURCES ${arg_UNPARSED_ARGUMENTS}
    LIBRARIES ${arg_LIBRARIES} DEFINITIONS ${arg_DEFINITIONS})
  wrtmem_register_program(${name} ${arg_LONG} ${arg_ARGS})
endfunction()

function(wrtmem_gtest name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "LONG" "LIBRARY" "LIBRARIES;DEFINITIONS")
  if(NOT DEFINED arg_LIBRARY)
    set(arg_LIBRARY wrtmem_internal)
  endif()
  wrtmem_test_program(${name} SOURCES ${arg_UNPARSED_ARGUMENTS}
    LIBRARIES ${arg_LIBRARY} wrtmem_googletest ${arg_LIBRARIES} DEFINITIONS ${arg_DEFINITIONS})
  if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
    target_compile_options(${name} PRIVATE -Wno-gnu-zero-variadic-macro-arguments)
  endif()
  if(WRTMEM_TEST_LAUNCHER)
    wrtmem_register_program(${name} ${arg_LONG})
    return()
  endif()
  wrtmem_test_labels(labels ${arg_LONG})
  gtest_discover_tests(${name} TEST_PREFIX ${folder}. NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60 PROPERTIES LABELS "${labels}")
endfunction()
