#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# readme.sh README BUILD SCRATCH: takes the programs out of README, compiles each with the one line that README gives,
# against an installation of BUILD found by pkg-config, and runs it: it prints what README says, and no more.
#
# In README, a line "<!-- example NAME -->" stands before the block of a program, "<!-- output NAME -->" before the block
# of what it prints. $CC and $CXX may carry flags; $SANITIZE names the sanitizers of BUILD, if it has any.

set -euo pipefail

skip() {
  echo "skipped: $1"
  exit 77
}

# block <kind> <name>: the lines of the block that the comment announces
block() {
  awk -v mark="<!-- $1 $2 -->" '
    $0 == mark { marked = 1; next }
    marked && /^```/ { inside = !inside; if (!inside) exit; next }
    marked && inside { print }
  ' "$readme"
}

# compile <source>: as README says, with a.out as the result
compile() {
  case $1 in
  *.c) $CC $flags "$1" $(pkg-config --cflags --libs wrtmem) ;;
  *.cpp) $CXX -std=c++17 $flags "$1" $(pkg-config --cflags --libs wrtmem) ;;
  esac
}

readme=$(realpath "$1")
build=$2
scratch=$3
flags="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
[ -z "${SANITIZE:-}" ] || flags="$flags -fsanitize=$SANITIZE -fno-sanitize-recover=all"
command -v pkg-config >/dev/null || skip "pkg-config is not there"

rm -rf "$scratch"
mkdir -p "$scratch"
cmake --install "$build" --prefix "$scratch/prefix" >/dev/null
cd "$scratch"
libdir=$(dirname "$(find "$PWD/prefix" -name libwrtmem.so)")
export PKG_CONFIG_LIBDIR=$libdir/pkgconfig LD_LIBRARY_PATH=$libdir

examples=$(sed -n 's/^<!-- example \(.*\) -->$/\1/p' "$readme")
[ "$(wc -w <<<"$examples")" -eq 3 ] || {
  echo "README has these examples, and should have three: $examples"
  exit 1
}

for name in $examples; do
  echo "== $name"
  block example "$name" >"$name"
  block output "$name" >"$name.wanted"
  [ -s "$name" ] && [ -s "$name.wanted" ]
  rm -f a.out
  compile "$name"
  ./a.out >"$name.printed"
  diff "$name.wanted" "$name.printed"
done

[ "$(wc -l <host.c)" -le 20 ] || {
  echo "host.c has more than the 20 lines that it claims to need"
  exit 1
}
