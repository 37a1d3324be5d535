#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# embedded.sh cmake|meson SOURCE SCRATCH: a project in C that brings the library in as source, with
# build-time numbers of its own (numbers.c knows them).

. "$(dirname "$0")/common.sh"
source=$2
fresh "$3"

with_cmake() {
  configure "$here/embedded" build -DWRTMEM_SOURCE="$source" -DWRTMEM_HOST="$WRTMEM_HOST" \
    -DWRTMEM_BUILTIN_SLOTS=3 -DWRTMEM_BUILTIN_SLOT_LEN=8192 -DWRTMEM_MAX_HANDLES=64 -DWRTMEM_MAX_BORROWS=5
  cmake --build build
  build/shared
  build/static
  build/numbers
  cmake --install build --prefix "$PWD/prefix"
  [ "$(cd prefix && find . -type f)" = ./bin/shared ]
}

with_meson() {
  command -v meson >/dev/null || skip "meson is not there"
  mkdir -p project/subprojects
  cp "$here/embedded-meson/meson.build" "$here/host.c" "$here/numbers.c" project/
  ln -s "$source" project/subprojects/wrtmem
  for kind in shared static; do
    meson setup $kind project -Dwrtmem:host="$WRTMEM_HOST" -Dwrtmem:default_library=$kind \
      -Dwrtmem:builtin_slots=3 -Dwrtmem:builtin_slot_len=8192 -Dwrtmem:max_handles=64 -Dwrtmem:max_borrows=5
    ninja -C $kind
    $kind/host
    $kind/numbers
  done
  readelf -d shared/host | grep -q 'NEEDED.*\[libwrtmem.so.0\]'
  needs_libc_alone static/host
}

with_"$1"
