#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#   cmocka.sh <directory>: Debian's source of cmocka, for machines and boards that have no package of it.
#
# Prints where it is. The system's own package lists stay as they are.

set -euo pipefail
mkdir -p "$1"
dir=$(cd "$1" && pwd)

if ! compgen -G "$dir/cmocka-*/src/cmocka.c" >/dev/null; then
  mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
  echo "deb-src http://deb.debian.org/debian bookworm main" >"$dir/sources.list"
  options=(-qq -o "Dir::State::lists=$dir/lists" -o "Dir::Cache=$dir/cache" -o "Dir::Etc::sourcelist=$dir/sources.list"
    -o Dir::Etc::sourceparts=- -o APT::Sandbox::User=root)
  { apt-get "${options[@]}" update && cd "$dir" && apt-get "${options[@]}" source cmocka; } >&2
fi
compgen -G "$dir/cmocka-*"/src/cmocka.c | head -n 1 | xargs dirname | xargs dirname
