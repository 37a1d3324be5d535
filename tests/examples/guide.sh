#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# guide.sh GUIDE BUILD SCRATCH: the C blocks of GUIDE, put one after the other, are a program that prints what the one
# block without a language says; the C++ block is one that prints what the block of text says.

. "$(dirname "$0")/common.sh"
guide=$(realpath "$1")
install_into "$2" "$3"

# blocks <fence>: the lines of all blocks that this line opens
blocks() {
  awk -v fence="$1" '
    inside && $0 == "```" { inside = 0; other = 0; next }
    !inside && !other && $0 == fence { inside = 1; next }
    !inside && /^```/ { other = !other; next }
    inside { print }
  ' "$guide"
}

blocks '```c' >guide.c
blocks '```' >wanted
[ -s guide.c ] && [ -s wanted ]
compile guide.c
prints wanted

blocks '```cpp' >guide.cpp
blocks '```text' >wanted.cpp
[ -s guide.cpp ] && [ -s wanted.cpp ]
dialect=c++20 compile guide.cpp
prints wanted.cpp
