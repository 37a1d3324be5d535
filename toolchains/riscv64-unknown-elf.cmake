# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# RISC-V without an operating system, 32 and 64 bits, with Debian's gcc-riscv64-unknown-elf:
#   cmake … -DCMAKE_TOOLCHAIN_FILE=toolchains/riscv64-unknown-elf.cmake -DWRTMEM_CPU="-march=rv32imac -mabi=ilp32"

set(WRTMEM_PREFIX riscv64-unknown-elf)
include(${CMAKE_CURRENT_LIST_DIR}/bare.cmake)
