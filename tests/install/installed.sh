#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# installed.sh BUILD SCRATCH: installs BUILD, then builds hosts against it where it was
# installed and after the tree was moved: by pkg-config, shared and static, by find_package, and by Meson.

. "$(dirname "$0")/common.sh"
command -v pkg-config >/dev/null || skip "pkg-config is not there"
build=$1
fresh "$2"

# check <prefix>
check() {
  local prefix=$1 libdir
  libdir=$(dirname "$(find "$prefix" -name libwrtmem.a)")
  export PKG_CONFIG_LIBDIR=$libdir/pkgconfig
  fresh "$scratch/hosts"

  echo "== pkg-config, shared, in $prefix"
  $CC "$here/host.c" $(pkg-config --cflags --libs wrtmem) -o shared
  readelf -d shared | grep -q 'NEEDED.*\[libwrtmem.so.0\]'
  LD_LIBRARY_PATH=$libdir ./shared

  echo "== pkg-config, --static"
  $CC -static "$here/host.c" $(pkg-config --static --cflags --libs wrtmem) -o static
  ./static

  echo "== the archive alone, by the C linker"
  $CC "$here/host.c" $(pkg-config --cflags wrtmem) "$libdir/libwrtmem.a" -o archive
  needs_libc_alone archive
  ./archive

  echo "== find_package"
  configure "$here/installed" package -DCMAKE_PREFIX_PATH="$prefix"
  cmake --build package
  package/shared
  package/static
  needs_libc_alone package/static

  echo "== Meson's dependency()"
  command -v meson >/dev/null || skip "meson is not there"
  mkdir project
  cp "$here/embedded-meson/meson.build" "$here/host.c" "$here/numbers.c" project/
  meson setup --wrap-mode=nofallback meson project
  ninja -C meson
  LD_LIBRARY_PATH=$libdir meson/host
}

scratch=$PWD
cmake --install "$build" --prefix "$scratch/first"
check "$scratch/first"

mkdir -p "$scratch/a/b"
mv "$scratch/first" "$scratch/a/b/second"
if grep -rl "$scratch/first" "$scratch/a/b/second"; then
  echo "the files above name the prefix that they were installed to"
  exit 1
fi
check "$scratch/a/b/second"
