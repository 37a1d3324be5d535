#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# compile.sh INCLUDE FILE "COMPILER FLAG..." DIALECT...: FILE compiles without a warning in each dialect.
# Nothing is linked, so that no C library for the target is needed.

set -eu
include=$1 file=$2 compiler=$3
shift 3

warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wundef -Wcast-qual -Werror"
for dialect in "$@"; do
  case $dialect in
    c++*) language="-x c++ -Wold-style-cast -Wnon-virtual-dtor" ;;
    *) language="-x c -Wstrict-prototypes -Wmissing-prototypes" ;;
  esac
  # shellcheck disable=SC2086 # the flags are several words
  $compiler -std=$dialect $language $warnings -I "$include" -fsyntax-only "$file" || {
    echo "not clean: $compiler -std=$dialect $file"
    exit 1
  }
done
