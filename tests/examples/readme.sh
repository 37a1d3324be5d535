#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# readme.sh README BUILD SCRATCH: takes the programs out of README, compiles each with the one line that README gives,
# against an installation of BUILD found by pkg-config, and runs it: it prints what README says.
#
# In README, a line "<!-- example NAME -->" stands before the block of a program, "<!-- output NAME -->" before the block
# of what it prints.

. "$(dirname "$0")/common.sh"
readme=$(realpath "$1")
install_into "$2" "$3"

# block <kind> <name>: the lines of the block that the comment announces
block() {
  awk -v mark="<!-- $1 $2 -->" '
    $0 == mark { marked = 1; next }
    marked && /^```/ { inside = !inside; if (!inside) exit; next }
    marked && inside { print }
  ' "$readme"
}

examples=$(sed -n 's/^<!-- example \(.*\) -->$/\1/p' "$readme")
if [ "$(wc -w <<<"$examples")" -ne 3 ]; then
  echo "README should have three examples, and has: $examples"
  exit 1
fi

for name in $examples; do
  echo "== $name"
  block example "$name" >"$name"
  block output "$name" >"$name.wanted"
  [ -s "$name" ] && [ -s "$name.wanted" ]
  compile "$name"
  prints "$name.wanted"
done

if [ "$(wc -l <host.c)" -gt 20 ]; then
  echo "host.c has more than 20 lines"
  exit 1
fi
