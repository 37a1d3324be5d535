#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# no_heap.sh INCLUDE FILE "COMPILER FLAG...": what FILE calls, optimised or not, is the library, the byte functions of C
# and what compilers bring along; no allocation, no exception, no function of the C++ library.

set -euo pipefail
include=$1 file=$2 compiler=$3

object=$(mktemp)
trap 'rm -f "$object"' EXIT
for level in -O0 -O2; do
  # shellcheck disable=SC2086 # the flags are several words
  $compiler -std=c++20 -x c++ $level -fno-asynchronous-unwind-tables -I "$include" -c "$file" -o "$object"
  undefined=$(nm --undefined-only --format=posix "$object" | cut -d' ' -f1)
  grep -q '^wrt_mem_read$' <<<"$undefined"
  others=$(grep -vE '^(wrt_[a-z_]*|mem(cpy|set|move|cmp)|strlen|bcmp|__popcountdi2|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_)$' <<<"$undefined" || true)
  [ -z "$others" ] || { echo "$level calls: $others" && exit 1; }
done
