#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# A build that would read the host's memory, or the guest's back to front, must not compile.
#   test_refusals.sh COMPILER INCLUDE ADAPTER FAKE_WABT
set -u
compiler=$1 include=$2 adapter=$3 fake=$4
failures=0

# compiles VERSION OPTIONS...
compiles() {
  version=$1
  shift
  "$compiler" -std=c11 -fsyntax-only -DFAKE_WABT=$version -I"$include" -I"$adapter" -I"$fake" "$@" \
    "$adapter/wrt_wasm2c.c" 2>&1
}

accepted() {
  said=$(compiles "$@") && return
  echo "FAILED: wabt 1.0.$* does not compile: $said"
  failures=$((failures + 1))
}

refused() {
  reason=$1
  shift
  if said=$(compiles "$@"); then
    echo "FAILED: wabt 1.0.$* compiles"
    failures=$((failures + 1))
  elif ! echo "$said" | grep -q "error.*$reason"; then
    echo "FAILED: wabt 1.0.$* is refused, but not for '$reason': $said"
    failures=$((failures + 1))
  fi
}

# no_room VERSION OPTIONS...: on a host of 32 bits
no_room() {
  refused 'no room for guarded memories' "$@" -DFAKE_32_BITS
}

for version in 33 35 37 38; do
  accepted $version -DWASM_RT_MEMCHECK_BOUNDS_CHECK=1
  accepted $version -DWASM_RT_MEMCHECK_BOUNDS_CHECK=1 -DWASM_RT_USE_MMAP=0
  accepted $version
  accepted $version -DWASM_RT_MEMCHECK_GUARD_PAGES=1
  no_room $version -DWASM_RT_MEMCHECK_GUARD_PAGES=1
  refused 'big-endian' $version -DWASM_RT_MEMCHECK_BOUNDS_CHECK=1 -DWABT_BIG_ENDIAN=1
done
accepted 32 -DWASM_RT_MEMCHECK_SIGNAL_HANDLER=0
accepted 32
accepted 32 -DWASM_RT_MEMCHECK_SIGNAL_HANDLER=1
no_room 32 -DWASM_RT_MEMCHECK_SIGNAL_HANDLER=1
refused 'big-endian' 32 -DWASM_RT_MEMCHECK_SIGNAL_HANDLER=0 -DWABT_BIG_ENDIAN=1

[ "$failures" -eq 0 ] || exit 1
echo 'all as promised'
