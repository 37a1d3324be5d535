# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Sourced by the scripts of this folder. $CC and $CXX may carry flags.

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# fresh <directory>: makes it anew, and goes there
fresh() {
  rm -rf "$1"
  mkdir -p "$1"
  cd "$1"
}

# skip <reason>: says why this cannot run here
skip() {
  echo "skipped: $1"
  exit 77
}

# needs_libc_alone <program>
needs_libc_alone() {
  python3 "$here/binaries.py" needed "$1"
}

# configure <source> <build> [<option>...]: as a user would, with this build's compilers and their flags
configure() {
  local source=$1 build=$2
  shift 2
  read -ra c <<<"$CC"
  read -ra cxx <<<"$CXX"
  cmake -S "$source" -B "$build" -DCMAKE_C_COMPILER="${c[0]}" -DCMAKE_C_FLAGS="${c[*]:1}" \
    -DCMAKE_CXX_COMPILER="${cxx[0]}" -DCMAKE_CXX_FLAGS="${cxx[*]:1}" "$@"
}
