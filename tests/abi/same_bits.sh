#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# same_bits.sh cmake|meson SOURCE SCRATCH: builds the library twice, from two copies of the sources in two directories
# whose names differ in length, and compares the two builds byte by byte.

. "$(dirname "$0")/../install/common.sh"
system=$1
source=$2
command -v "$system" >/dev/null || skip "$system is not there"
fresh "$3"

copy_sources() {
  mkdir -p "$1"
  tar -C "$source" --exclude=./.git --exclude=./build --exclude='./build-*' -cf - . | tar -C "$1" -xf -
}

build_with_cmake() {
  configure "$1" "$2" -DWRTMEM_HOST="$WRTMEM_HOST"
  cmake --build "$2"
}

build_with_meson() {
  meson setup "$2" "$1" -Dhost="$WRTMEM_HOST"
  ninja -C "$2"
}

for place in one/src another/place/with/sources; do
  copy_sources "$place"
  "build_with_$system" "$PWD/$place" "$PWD/$place-built"
done

find one/src-built -maxdepth 1 -type f -name 'libwrtmem.*' | sort | tee built
[ "$(wc -l <built)" -eq 2 ] # the shared object and the archive
while read -r file; do
  cmp "$file" "another/place/with/sources-built/$(basename "$file")"
  sha256sum "$file"
done <built
