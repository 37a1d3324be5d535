#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
# Runs the example host as a user does.
#   test_host.sh HOST TEXT [LAUNCHER...]
# What it counts is compared with tr, sort and uniq, which know nothing of WebAssembly.
set -u
export LC_ALL=C

host=$1
text=$2
shift 2
launcher=$*
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failures=0

wrong() {
  echo "FAILED: $1"
  failures=$((failures + 1))
}

# expect NAME STATUS PATTERN OPTIONS...: the status, and the pattern somewhere in what the host says
expect() {
  name=$1 status=$2 pattern=$3
  shift 3
  $launcher "$host" "$@" > "$dir/out" 2> "$dir/err"
  got=$?
  [ "$got" -eq "$status" ] || { wrong "$name: status $got instead of $status"; cat "$dir/err"; }
  cat "$dir/out" "$dir/err" | grep -q -e "$pattern" || { wrong "$name: no '$pattern'"; cat "$dir/out" "$dir/err"; }
}

# The count and the word, in the host's order.
reference() {
  tr -cs 'A-Za-z' '\n' < "$1" | tr 'A-Z' 'a-z' | grep . | sort | uniq -c | sort -k1,1nr -k2,2 |
    awk '{ printf "%10d  %s\n", $1, (length($2) > 60 ? substr($2, 1, 60) "..." : $2) }'
}

only_rows() { sed -n '/^words$/,/^memory$/p' "$1" | grep '^ *[0-9]'; }
only_words() { sed '/^memory$/,$d' "$1"; }
growths() { sed -n 's/^  growths *\([0-9]*\).*/\1/p' "$1"; }


# ---- the same words on all tiers, and as tr, sort and uniq count them

: > "$dir/empty"
printf 'one' > "$dir/one"
printf 'a%.0s' $(seq 1 200000) > "$dir/long"
printf 'The the THE. thE;\nDon'\''t \000\377 stop\n' > "$dir/small"
head -c 300000 "$host" > "$dir/binary"

for file in "$text" "$dir/empty" "$dir/one" "$dir/long" "$dir/small" "$dir/binary"; do
  reference "$file" > "$dir/reference"
  for tier in std alloc static; do
    name="$tier, $(basename "$file")"
    expect "$name" 0 "tier  *$tier" --tier $tier --top 4000000000 "$file"
    only_rows "$dir/out" > "$dir/rows"
    cmp -s "$dir/rows" "$dir/reference" || wrong "$name: other words than the reference"
    only_words "$dir/out" > "$dir/words.$tier"
    grep -q 'denied 0$' "$dir/out" || wrong "$name: denied accesses"
  done
  cmp -s "$dir/words.std" "$dir/words.alloc" || wrong "$file: other words on alloc"
  cmp -s "$dir/words.std" "$dir/words.static" || wrong "$file: other words on static"
done

# ---- the text is large enough for the memory to grow more than once

for tier in std alloc static; do
  expect "growth on $tier" 0 'growths' --tier $tier "$text"
  [ "$(growths "$dir/out")" -gt 1 ] || wrong "growth on $tier: not more than one"
done

# ---- too little memory is said, and nothing is made up

for tier in std alloc static; do
  expect "3 pages on $tier" 3 'ran out of memory at 3 pages' --tier $tier --max-pages 3 "$text"
  grep -q 'WRT_ERR_LIMIT' "$dir/err" || wrong "3 pages on $tier: the reason is not said"
  grep -q '^words$' "$dir/out" && wrong "3 pages on $tier: a result all the same"
  expect "a budget of 3 pages on $tier" 3 'WRT_ERR_BUDGET' --tier $tier --budget-pages 3 "$text"
done
expect 'more than the slot' 3 'cannot have the memory.*WRT_ERR_LIMIT' --tier static --max-pages 257 "$text"

# ---- a guest that reaches outside is stopped

for tier in std alloc static; do
  for how in read write; do
    expect "$how outside on $tier" 4 'stopped: Out-of-bounds access' --tier $tier --misbehave $how "$text"
    grep -q '^words$' "$dir/out" && wrong "$how outside on $tier: a result all the same"
  done
  expect "a lie on $tier" 4 'WRT_ERR_OUT_OF_BOUNDS' --tier $tier --misbehave lie "$text"
  grep -q 'denied 1$' "$dir/out" || wrong "a lie on $tier: not counted as denied"
done

# ---- wrong usage

expect 'an unknown tier' 2 'tier' --tier heap "$text"
expect 'no page' 2 'max-pages' --max-pages 0 "$text"
expect 'too many pages' 2 'max-pages' --max-pages 65536 "$text"
expect 'no number' 2 'top' --top ten "$text"
expect 'a number and more' 2 'top' --top 10x "$text"
expect 'a missing value' 2 'tier' --tier
expect 'an unknown option' 2 'frobnicate' --frobnicate 1 "$text"
expect 'two files' 2 'FILE' "$text" "$text"
expect 'no such file' 1 'No such file' "$dir/absent"
expect 'a folder' 1 'cannot be read' "$dir"
expect 'help' 0 'usage' --help

[ "$failures" -eq 0 ] || { echo "$failures failures"; exit 1; }
echo 'all as promised'
