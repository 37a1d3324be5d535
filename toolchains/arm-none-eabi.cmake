# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Arm without an operating system, with Debian's gcc-arm-none-eabi. The processor is the caller's to name:
#   cmake … -DCMAKE_TOOLCHAIN_FILE=toolchains/arm-none-eabi.cmake -DWRTMEM_CPU="-mcpu=cortex-m3 -mthumb"

set(WRTMEM_PREFIX arm-none-eabi)
include(${CMAKE_CURRENT_LIST_DIR}/bare.cmake)
