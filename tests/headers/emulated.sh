#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# emulated.sh INCLUDE FILE PROGRAM: FILE passes on a big-endian machine, emulated. On Debian 12 it needs the packages
# qemu-user, libc6-dev-s390x-cross, and gcc-12-s390x-linux-gnu or clang.

set -eu
include=$1 file=$2 program=$3

skip() {
  echo "skipped: $1"
  exit 77
}

command -v qemu-s390x >/dev/null || skip "qemu-s390x is not there"
if command -v s390x-linux-gnu-gcc-12 >/dev/null; then
  compiler=s390x-linux-gnu-gcc-12
elif command -v clang >/dev/null && command -v s390x-linux-gnu-ld >/dev/null; then
  compiler="clang --target=s390x-linux-gnu"
else
  skip "no compiler for s390x is there"
fi
[ -e /usr/s390x-linux-gnu/lib/libc.a ] || skip "no C library for s390x is there"
$compiler -std=c99 -O2 -static -I "$include" "$file" -o "$program"
qemu-s390x "$program"
