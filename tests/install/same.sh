#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# same.sh SOURCE SCRATCH: builds and installs with CMake and with Meson, and compares.

. "$(dirname "$0")/common.sh"
command -v meson >/dev/null || skip "meson is not there"
source=$1
fresh "$2"

# By default each system picks the library folder in its own way; here it is given.
configure "$source" cmake-build -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_LIBDIR=lib -DWRTMEM_HOST="$WRTMEM_HOST"
cmake --build cmake-build
DESTDIR=$PWD/cmake cmake --install cmake-build
meson setup meson-build "$source" --prefix=/usr --libdir=lib -Dhost="$WRTMEM_HOST"
ninja -C meson-build
DESTDIR=$PWD/meson meson install -C meson-build

# listing <tree>: every path with its kind, its permissions, and where a link leads
listing() {
  (cd "$1" && find . -printf '%p %y %m %l\n' | sort)
}

echo "== the same paths"
diff <(listing cmake) <(listing meson)

echo "== the same text"
(cd cmake && find . -type f ! -name 'libwrtmem.*') | while read -r file; do
  cmp "cmake/$file" "meson/$file"
done

# dynamic <tree>: what the shared object exports, is called and needs
dynamic() {
  nm -D --defined-only --with-symbol-versions "$1/usr/lib/libwrtmem.so" | cut -d' ' -f2-
  readelf -d "$1/usr/lib/libwrtmem.so" | grep -E 'SONAME|NEEDED|RPATH|RUNPATH' | sed 's/^ *[^ ]* //'
}

echo "== the same shared object to its users"
diff <(dynamic cmake) <(dynamic meson)
[ "$(dynamic cmake | grep -c ' wrt_')" -gt 0 ]

# archive <tree>: what the archive offers to the public
archive() {
  nm --defined-only --extern-only "$1/usr/lib/libwrtmem.a" 2>/dev/null | awk '$3 ~ /^wrt_/ {print $2, $3}' | sort
}

echo "== the same archive to its users"
diff <(archive cmake) <(archive meson)
diff <(archive cmake | cut -d' ' -f2) <(dynamic cmake | grep -o ' wrt_[a-z0-9_]*' | tr -d ' ' | sort)
