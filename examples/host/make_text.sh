#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Makes a text of about 2 MB from the licences and copyright files that every Debian machine has.
#   make_text.sh OUTPUT
set -eu
export LC_ALL=C

{
  find /usr/share/common-licenses -type f | sort | xargs cat
  find /usr/share/doc -mindepth 2 -maxdepth 2 -name copyright -type f | sort | xargs cat
} 2>/dev/null | head -c 2000000 > "$1.part"

if [ ! -s "$1.part" ]; then
  echo "make_text.sh: found neither /usr/share/common-licenses nor /usr/share/doc/*/copyright" >&2
  exit 1
fi
mv "$1.part" "$1"
