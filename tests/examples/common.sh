#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Sourced by the scripts of this folder. $CC and $CXX may carry flags; $SANITIZE names the sanitizers of the build, if it
# has any.

set -euo pipefail

flags="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
[ -z "${SANITIZE:-}" ] || flags="$flags -fsanitize=$SANITIZE -fno-sanitize-recover=all"

# install_into <build> <scratch>: an installation that pkg-config finds, and goes to <scratch>
install_into() {
  if ! command -v pkg-config >/dev/null; then
    echo "skipped: pkg-config is not there"
    exit 77
  fi
  rm -rf "$2"
  mkdir -p "$2"
  cmake --install "$1" --prefix "$2/prefix" >/dev/null
  cd "$2"
  libdir=$(dirname "$(find "$PWD/prefix" -name libwrtmem.so)")
  export PKG_CONFIG_LIBDIR=$libdir/pkgconfig LD_LIBRARY_PATH=$libdir
}

# compile <source>: by the one line that README gives
compile() {
  rm -f a.out
  # shellcheck disable=SC2046,SC2086 # the flags are words
  case $1 in
  *.c) $CC $flags "$1" $(pkg-config --cflags --libs wrtmem) ;;
  *.cpp) $CXX -std="${dialect:-c++17}" $flags "$1" $(pkg-config --cflags --libs wrtmem) ;;
  esac
}

# prints <wanted>: a.out prints what that file says, and no more
prints() {
  ./a.out </dev/null >printed
  diff "$1" printed
}
