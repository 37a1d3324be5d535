#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# emulated.sh INCLUDE FILE PROGRAM: FILE passes on a big-endian machine, emulated. Needs qemu-user, and either
# g++-s390x-linux-gnu or its libraries and clang.

set -eu
include=$1 file=$2 program=$3

skip() {
  echo "skipped: $1"
  exit 77
}

command -v qemu-s390x >/dev/null || skip "qemu-s390x is not there"
if command -v s390x-linux-gnu-gcc >/dev/null; then
  compiler=s390x-linux-gnu-gcc
elif command -v clang >/dev/null && [ -d /usr/s390x-linux-gnu/include ]; then
  compiler="clang --target=s390x-linux-gnu"
else
  skip "no compiler for s390x is there"
fi
$compiler -std=c99 -O2 -static -I "$include" "$file" -o "$program"
qemu-s390x "$program"
