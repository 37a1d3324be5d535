#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# manual_by_meson.sh SOURCE PAGES SCRATCH: Meson writes the pages that CMake wrote, and would install them all.

set -euo pipefail
command -v meson >/dev/null || { echo "skipped: meson is not there" && exit 77; }
rm -rf "$3"
mkdir -p "$3"
cd "$3"
meson setup build "$1" -Ddocs=true --prefix=/usr --mandir=share/man
meson compile -C build man

count=0
meson introspect build --installed >installed.json
for page in "$2"/*.3; do
  cmp "$page" "build/docs/$(basename "$page")"
  grep -q "/usr/share/man/man3/$(basename "$page")\"" installed.json
  count=$((count + 1))
done
[ "$count" -gt 0 ]
[ "$(find build/docs -name '*.3' | wc -l)" -eq "$count" ]
