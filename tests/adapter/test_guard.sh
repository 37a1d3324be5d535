#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# The example guard: a stray access is a status, and faults that are not the guests' go where they went before.
#   test_guard.sh GUARD
set -u
guard=$1
failures=0

# expect STATUS WORDS ARGUMENT...: ends so, having printed this
expect() {
  status=$1 words=$2
  shift 2
  said=$("$guard" "$@" 2>/dev/null)
  got=$?
  [ "$got" -eq "$status" ] && [ "$said" = "$words" ] && return
  echo "FAILED: guard $* ends with $got and says: $said"
  failures=$((failures + 1))
}

expect 0 "at 0: the sum is 45
at 65496: the sum is 45
at 65536: WRT_ERR_OUT_OF_BOUNDS at 65536 of the guest
at 4294967295: WRT_ERR_OUT_OF_BOUNDS at 4294967295 of the guest
and after a growth
at 65536: the sum is 45
at 131072: WRT_ERR_OUT_OF_BOUNDS at 131072 of the guest"
expect 3 "the handler that was there before" foreign
expect 139 "" default # 128 + SIGSEGV

[ "$failures" -eq 0 ] || exit 1
echo 'all as promised'
