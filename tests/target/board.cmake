# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Boards without an operating system, as QEMU has them, with Debian's compilers and picolibc:
#
#   cmake -DCMAKE_TOOLCHAIN_FILE=tests/target/board.cmake -DWRTMEM_BOARD=<board> ...
#
# <board> is cortex-m3, cortex-m0, riscv32 or riscv64.

set(ram_len 0x1000000)
if(WRTMEM_BOARD STREQUAL "cortex-m3")
  set(WRTMEM_PREFIX arm-none-eabi)
  set(WRTMEM_CPU "-mcpu=cortex-m3 -mthumb")
  set(flash 0x00000000)
  set(ram 0x21000000)
  set(emulator qemu-system-arm -M mps2-an385)
elseif(WRTMEM_BOARD STREQUAL "cortex-m0")
  # The only Cortex-M0 that QEMU has, with more memory than the silicon: the tests want some megabytes.
  set(WRTMEM_PREFIX arm-none-eabi)
  set(WRTMEM_CPU "-mcpu=cortex-m0 -mthumb")
  set(flash 0x00000000)
  set(ram 0x20000000)
  set(emulator qemu-system-arm -M microbit
    -global nrf51-soc.flash-size=0x400000 -global nrf51-soc.sram-size=${ram_len})
elseif(WRTMEM_BOARD STREQUAL "riscv32")
  set(WRTMEM_PREFIX riscv64-unknown-elf)
  set(WRTMEM_CPU "-march=rv32imac -mabi=ilp32 -mcmodel=medany")
  set(flash 0x80000000)
  set(ram 0x80400000)
  set(emulator qemu-system-riscv32 -M virt -bios none)
elseif(WRTMEM_BOARD STREQUAL "riscv64")
  set(WRTMEM_PREFIX riscv64-unknown-elf)
  set(WRTMEM_CPU "-march=rv64imac -mabi=lp64 -mcmodel=medany")
  set(flash 0x80000000)
  set(ram 0x80400000)
  set(emulator qemu-system-riscv64 -M virt -bios none)
else()
  message(FATAL_ERROR "WRTMEM_BOARD is '${WRTMEM_BOARD}': see ${CMAKE_CURRENT_LIST_FILE}")
endif()

include(${CMAKE_CURRENT_LIST_DIR}/../../toolchains/bare.cmake)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES WRTMEM_BOARD)

# The exit status leaves by semihosting.
set(CMAKE_CROSSCOMPILING_EMULATOR ${emulator} -nographic -monitor none -serial none
  -semihosting-config enable=on,target=native -kernel)

# Where picolibc's linker script puts a program.
set(WRTMEM_BOARD_LAYOUT -Wl,--defsym=__flash=${flash},--defsym=__flash_size=0x400000
  -Wl,--defsym=__ram=${ram},--defsym=__ram_size=${ram_len},--defsym=__stack_size=0x20000)
