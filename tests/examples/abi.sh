#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# abi.sh DOCUMENT BUILD SCRATCH: the sizes in DOCUMENT's table, rows "| `struct` | 64-bit | 32-bit |", are the header's,
# and no struct is left out.

. "$(dirname "$0")/common.sh"
document=$(realpath "$1")
install_into "$2" "$3"
header=prefix/include/wrtmem/wrtmem.h

rows=$(sed -nE 's/^\| `(wrt_[a-z_]+)` \| ([0-9]+) \| ([0-9]+) \|$/\1 \2 \3/p' "$document")
{
  echo '#include <wrtmem/wrtmem.h>'
  while read -r name on_64 on_32; do
    echo "_Static_assert(sizeof($name) == (sizeof(void *) == 8 ? $on_64 : $on_32), \"$name\");"
  done <<<"$rows"
  echo 'int main(void) { return 0; }'
} >sizes.c
compile sizes.c

diff <(cut -d ' ' -f 1 <<<"$rows" | sort) <(sed -nE 's/^typedef struct (wrt_[a-z_]+) \{$/\1/p' "$header" | sort)
