#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#   board_test.sh <status>|fault <program> <emulator>... -kernel

set -eu
want=$1 program=$2
shift 2
status=0
told=$("$@" "$program" -semihosting-config "enable=on,target=native,arg=$want" </dev/null 2>&1) || status=$?
echo "$told"
echo "status $status"
case $told in *"asked for $want"*) ;; *) exit 1 ;; esac
if [ "$want" = fault ]; then
  [ "$status" -ne 0 ]
else
  [ "$status" -eq "$want" ]
fi
