# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Toolchain of Debian's cross compilers, whose programs run under QEMU's user-mode emulation:
#
#   cmake -DCMAKE_TOOLCHAIN_FILE=tests/target/linux.cmake -DWRTMEM_MACHINE=<machine> ...
#
# <machine> is aarch64, armhf, i686, s390x, ppc, ppc64 or ppc64le.

set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES WRTMEM_MACHINE)

# the machine, its compilers' prefix, its emulator
set(machines
  "aarch64 aarch64-linux-gnu qemu-aarch64"
  "armhf arm-linux-gnueabihf qemu-arm"
  "i686 i686-linux-gnu qemu-i386"
  "s390x s390x-linux-gnu qemu-s390x"
  "ppc powerpc-linux-gnu qemu-ppc"
  "ppc64 powerpc64-linux-gnu qemu-ppc64"
  "ppc64le powerpc64le-linux-gnu qemu-ppc64le")

set(machine ${machines})
list(FILTER machine INCLUDE REGEX "^${WRTMEM_MACHINE} ")
if(NOT machine)
  message(FATAL_ERROR "WRTMEM_MACHINE is '${WRTMEM_MACHINE}': see ${CMAKE_CURRENT_LIST_FILE}")
endif()
separate_arguments(machine)
list(GET machine 0 CMAKE_SYSTEM_PROCESSOR)
list(GET machine 1 triplet)
list(GET machine 2 emulator)

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_C_COMPILER ${triplet}-gcc)
set(CMAKE_CXX_COMPILER ${triplet}-g++)
# For i686, the list of this machine's own libraries may name another C library, which the linker at -L does not fit.
set(CMAKE_CROSSCOMPILING_EMULATOR ${emulator} -E LD_LIBRARY_PATH=/usr/${triplet}/lib -L /usr/${triplet})

# It has no atomic operation of 64 bits. The library does without, some tests do not.
if(WRTMEM_MACHINE STREQUAL "ppc")
  set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,--no-as-needed -latomic")
endif()

# Nothing of this machine's own.
set(CMAKE_FIND_ROOT_PATH /usr/${triplet})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
