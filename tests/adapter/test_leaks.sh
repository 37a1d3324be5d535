#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# However a run of the example host ends, it has given everything back and never touched what is not its own.
#   test_leaks.sh HOST TEXT VALGRIND
set -u
host=$1 valgrind=$3
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
log=$dir/log text=$dir/text
head -c 500000 "$2" > "$text" # enough to outgrow 3 pages
failures=0

# expect STATUS OPTIONS...
expect() {
  status=$1
  shift
  "$valgrind" -q --leak-check=full --show-leak-kinds=all --errors-for-leak-kinds=all --error-exitcode=99 \
    --log-file="$log" "$host" "$@" "$text" > /dev/null 2>&1
  got=$?
  if [ "$got" -ne "$status" ] || [ -s "$log" ]; then
    echo "FAILED: $*: status $got instead of $status"
    cat "$log"
    failures=$((failures + 1))
  fi
}

for tier in std alloc static; do
  expect 0 --tier $tier
  expect 3 --tier $tier --max-pages 3
  expect 4 --tier $tier --misbehave write
  expect 4 --tier $tier --misbehave lie
done
expect 3 --tier static --max-pages 257

[ "$failures" -eq 0 ] || exit 1
echo 'all as promised'
