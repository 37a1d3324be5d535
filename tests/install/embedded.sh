#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# embedded.sh cmake|meson SOURCE SCRATCH: a project in C that brings the library in as source.

. "$(dirname "$0")/common.sh"
source=$2
fresh "$3"

with_cmake() {
  configure "$here/embedded" build -DWRTMEM_SOURCE="$source" -DWRTMEM_HOST="$WRTMEM_HOST"
  cmake --build build
  build/shared
  build/static
  cmake --install build --prefix "$PWD/prefix"
  [ "$(cd prefix && find . -type f)" = ./bin/shared ]
}

with_meson() {
  command -v meson >/dev/null || skip "meson is not there"
  mkdir -p project/subprojects
  cp "$here/embedded-meson/meson.build" "$here/host.c" project/
  ln -s "$source" project/subprojects/wrtmem
  for kind in shared static; do
    meson setup $kind project -Dwrtmem:host="$WRTMEM_HOST" -Dwrtmem:default_library=$kind
    ninja -C $kind
    $kind/host
  done
  readelf -d shared/host | grep -q 'NEEDED.*\[libwrtmem.so.0\]'
  needs_libc_alone static/host
}

with_"$1"
