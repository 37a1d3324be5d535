#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# same_bits.sh cmake|meson SOURCE SCRATCH [mapped]: builds the library twice, from two copies of the sources in two
# directories whose names differ in length, and compares the two builds byte by byte. With "mapped" they have debug
# information, in which the compiler is told to call both directories by one name, as distributions do.

. "$(dirname "$0")/../install/common.sh"
system=$1
source=$2
command -v "$system" >/dev/null || skip "$system is not there"
fresh "$3"
flags=${4:+-g -ffile-prefix-map=}

mkdir -p one/src another/place/with
tar -C "$source" --exclude=./.git --exclude=./build --exclude='./build-*' -cf - . | tar -C one/src -xf -
cp -a one/src another/place/with/sources

build_with_cmake() {
  configure "$1" "$2" -DWRTMEM_HOST="$WRTMEM_HOST"
  cmake --build "$2"
}

build_with_meson() {
  meson setup "$2" "$1" -Dhost="$WRTMEM_HOST"
  ninja -C "$2"
}

for place in one/src another/place/with/sources; do
  CXX="$CXX ${flags:+$flags$PWD/$place=/wrtmem}" "build_with_$system" "$PWD/$place" "$PWD/$place/built"
done

find one/src/built -maxdepth 1 -type f -name 'libwrtmem.*' | sort | tee built
[ "$(wc -l <built)" -eq 2 ] # the shared object and the archive
while read -r file; do
  cmp "$file" "another/place/with/sources/built/$(basename "$file")"
  sha256sum "$file"
done <built
