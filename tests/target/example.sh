#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#   example.sh <example>: builds examples/<example> for a Cortex-M3, runs it on QEMU's board and compares what it prints.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly EXAMPLE=$1 BUILD=$PWD/build/example-$1

# Code, data, stack and all: what a board with 256 KiB of memory has.
fits_256_kib() {
  local text data bss
  read -r text data bss _ < <(arm-none-eabi-size "$1" | tail -n 1)
  echo "$text bytes of code and constants, $data of data, $bss zeroed, the stack among them"
  [ $((text + 2 * data + bss)) -le $((256 * 1024)) ]
}

has_no_heap() {
  arm-none-eabi-nm "$1" >"$1.symbols"
  grep -q ' main$' "$1.symbols"
  ! grep -E ' _?(malloc|calloc|realloc|free|sbrk)$' "$1.symbols"
}

# Nothing in a build for a board comes from this machine but its compiler.
cmake -S "examples/$EXAMPLE" -B "$BUILD" -DCMAKE_TOOLCHAIN_FILE="$PWD/toolchains/arm-none-eabi.cmake" \
  -DWRTMEM_CPU="-mcpu=cortex-m3 -mthumb" -DWRTMEM_WERROR=ON
cmake --build "$BUILD"
program=$(echo "$BUILD"/*.elf)

fits_256_kib "$program"
has_no_heap "$program"
timeout 120 qemu-system-arm -M mps2-an385 -nographic -monitor none -serial none \
  -semihosting-config enable=on,target=native -kernel "$program" >"$BUILD/printed" 2>&1 </dev/null
tail -n +2 "tests/target/expected/$EXAMPLE.txt" | diff - "$BUILD/printed"
