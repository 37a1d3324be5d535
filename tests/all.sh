#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#   tests/all.sh                   every check, fast to slow
#   tests/all.sh only <function>   one of them
#
# A check prints one line and keeps its output in build/logs; a suite counts each of its tests.
# The last line counts them all; with CI=true a skip is a failure.

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mkdir -p build
readonly LOGS=$PWD/build/logs
CMAKE_BUILD_PARALLEL_LEVEL=$(nproc)
CTEST_PARALLEL_LEVEL=$(nproc)
export CMAKE_BUILD_PARALLEL_LEVEL CTEST_PARALLEL_LEVEL
command -v ninja >/dev/null && export CMAKE_GENERATOR=Ninja
# What builds and tests are started with.
export STARTER=${STARTER:-}

passed=0
failed=0
skipped=0

# log_of <sentence>: the file that keeps what the check said
log_of() {
  echo "$LOGS/$(tr -cs 'A-Za-z0-9\n' - <<<"$1").log"
}

# count <status> <sentence> <seconds>
count() {
  case $1 in
  0) passed=$((passed + 1)) && echo "passed   $2 ($3 s)" ;;
  77) skipped=$((skipped + 1)) && echo "SKIPPED  $2: $(sed -n 's/^skipped: //p' "$(log_of "$2")" | tail -n 1)" ;;
  *) failed=$((failed + 1)) && echo "FAILED   $2 ($3 s)" && tail -n 60 "$(log_of "$2")" ;;
  esac
}

# check <sentence> <function> [<argument>...]: runs one check, in a shell of its own so that its first
# failing command ends it; status 77 and a line "skipped: why" is a skip
check() {
  local sentence=$1 start=$SECONDS status
  shift
  bash tests/all.sh only "$@" >"$(log_of "$sentence")" 2>&1 </dev/null
  status=$?
  count "$status" "$sentence" $((SECONDS - start))
  return "$status"
}

# report <sentence> <file> <seconds>: counts the tests of a CTest report
report() {
  local sentence=$1 told p f s
  if ! told=$(python3 tests/junit.py "$2"); then
    count 1 "$sentence" "$3"
    return
  fi
  read -r p f s <<<"$(tail -n 1 <<<"$told")"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  echo "         $sentence: $p passed, $f failed, $s skipped ($3 s)"
  head -n -1 <<<"$told"
  [ "$f" -eq 0 ] || tail -n 200 "$(log_of "$sentence")"
}

# suite <sentence> <build directory> [<ctest option>...]: runs the tests of a build
suite() {
  local sentence=$1 build=$2 start=$SECONDS
  shift 2
  rm -f "$build/report.xml"
  $STARTER ctest --test-dir "$build" --output-on-failure --no-tests=error --timeout 900 \
    --output-junit report.xml "$@" >"$(log_of "$sentence")" 2>&1 </dev/null
  report "$sentence" "$build/report.xml" $((SECONDS - start))
}

# build_and_test <name> <build directory> <ctest options, one word> <cmake option>...
build_and_test() {
  local name=$1 build=$2 ctest_options=$3
  shift 3
  # shellcheck disable=SC2086 # the options are words
  check "$name: builds" configure_and_build "$build" "$@" && suite "$name: tests" "$build" $ctest_options
}

configure_and_build() {
  local build=$1
  shift
  cmake -S . -B "$build" "$@"
  $STARTER cmake --build "$build"
}

skip() {
  echo "skipped: $1"
  exit 77
}

need() {
  command -v "$1" >/dev/null || skip "$1 is not there"
}

# ---- what needs no build

formatted() {
  need clang-format
  git ls-files -z -- '*.c' '*.h' '*.cpp' '*.hpp' >build/sources
  [ -s build/sources ]
  xargs -0 clang-format --dry-run -Werror <build/sources
}

# Two files of Debian's, a saved image and the inputs of fuzzers have no room for a line; `reuse lint` knows of them.
licensed() {
  git ls-files -z -- ':!LICENSE-*' ':!LICENSES' ':!packaging/debian/changelog' ':!packaging/debian/source/format' \
    ':!tests/fuzz/corpus' ':!tests/image/golden.wrtimage' >build/files
  [ -s build/files ]
  xargs -0 grep -L 'SPDX-License-Identifier[:] Apache-2.0 OR MIT' <build/files >build/unlicensed || true
  cat build/unlicensed
  [ ! -s build/unlicensed ]
}

# Both build systems name their sources one by one; the host's own file is chosen by its name.
listed() {
  local file
  git ls-files -- 'cpp/*.cpp' 'capi/*.cpp' ':!cpp/host/linux.cpp' ':!cpp/host/posix.cpp' ':!cpp/host/none.cpp' >build/listed
  [ -s build/listed ]
  while read -r file; do
    grep -qw "$file" CMakeLists.txt
    grep -qw "$file" meson.build
  done <build/listed
}

# ---- builds for users

# Exactly what the manual says, with nothing asked for.
plain_build() {
  local scratch=build/plain
  rm -rf "$scratch"
  env -u CMAKE_GENERATOR cmake -S . -B "$scratch/b"
  cmake --build "$scratch/b"
  cmake --install "$scratch/b" --prefix "$scratch/p"
  [ -f "$scratch/p/include/wrtmem/wrtmem.h" ]
}

workflow() {
  rm -f build/dev/report.xml
  cmake --workflow --preset test
}

no_host() {
  configure_and_build build/none -DWRTMEM_HOST=none -DWRTMEM_WERROR=ON
  python3 tests/install/binaries.py undefined build/none/libwrtmem.a
}

# freestanding <part>: see tests/freestanding/run
freestanding() {
  need arm-none-eabi-g++
  need riscv64-unknown-elf-g++
  need qemu-system-arm
  need meson
  tests/freestanding/run "$@"
}

# timing <part>: see tests/timing/run
timing() {
  need arm-none-eabi-g++
  need qemu-system-arm
  need valgrind
  tests/timing/run "$@"
}

# Whether the benchmarks run, and the counts beside the committed ones; no time is judged.
benchmarks() {
  need valgrind
  need strace
  bench/run quick
}

hot_calls() {
  need valgrind
  need gcc
  bench/run counts check
}

clang_tidy() {
  need run-clang-tidy
  run-clang-tidy -quiet -p build/clang -j "$(nproc)" "^$PWD/(cpp|capi)/"
}

# ---- the other word size

# Debian's cmocka for i386, unpacked beside the build: the machine's own packages stay as they are.
cmocka_32() {
  local dir=$PWD/build/cmocka-32 package
  [ ! -e "$dir/usr/lib/i386-linux-gnu/libcmocka.so" ] || return 0
  need apt-get
  rm -rf "$dir"
  mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
  local options=(-o "Dir::State::lists=$dir/lists" -o "Dir::Cache=$dir/cache"
    -o APT::Architectures::=amd64 -o APT::Architectures::=i386 -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update || true
  (cd "$dir" && apt-get "${options[@]}" download libcmocka-dev:i386 libcmocka0:i386) ||
    skip "the package libcmocka-dev:i386 cannot be had"
  for package in "$dir"/*.deb; do dpkg -x "$package" "$dir"; done
}

# need_32 <compiler>
need_32() {
  echo 'int main(void) { return 0; }' | "$1" -m32 -x c - -o build/probe-32 || skip "$1 has no -m32"
  build/probe-32 || skip "this machine does not run 32-bit programs"
}

build_32() {
  need_32 gcc
  cmocka_32
  local flags="-m32 -idirafter /usr/include/x86_64-linux-gnu" cmocka=$PWD/build/cmocka-32/usr
  configure_and_build build/32 --preset dev -DWRTMEM_BUILD_EXAMPLES=OFF \
    -DCMAKE_C_FLAGS="$flags" -DCMAKE_CXX_FLAGS="$flags" \
    -DCMOCKA_INCLUDE_DIR="$cmocka/include" -DCMOCKA_LIBRARY="$cmocka/lib/i386-linux-gnu/libcmocka.so"
}

# ---- models and claims

models() {
  need spin
  need clang++
  echo '#include <relacy/relacy.hpp>' | g++ -std=c++20 -x c++ -fsyntax-only - || skip "relacy is not there"
  proofs/models/run.py
}

# Asks the dev build for the names of its tests.
claims() {
  python3 tests/claims.py build/dev
}

# ---- other machines and boards

# machine <machine>: the tests of a hosted build for it, see tests/target/README.md
machine() {
  local folders="capi;property"
  [ "$1" != s390x ] || folders+=";cpp;integrity;bounded"
  need "$(sed -n "s/^  \"$1 \([a-z0-9-]*\) .*/\1-g++/p" tests/target/linux.cmake)"
  need qemu-s390x
  need apt-get
  local cmocka
  cmocka=$(tests/target/cmocka.sh build/cmocka) || skip "cmocka's source cannot be had"
  configure_and_build "build/machine-$1" -DCMAKE_TOOLCHAIN_FILE=tests/target/linux.cmake -DWRTMEM_MACHINE="$1" \
    -DWRTMEM_BUILD_TESTS=ON -DWRTMEM_TEST_FOLDERS="$folders" -DWRTMEM_INSTALL=OFF \
    -DWRTMEM_WERROR=ON -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS=-O1 -DCMAKE_CXX_FLAGS=-O1 -DWRTMEM_CMOCKA_SOURCE="$cmocka"
}

# board <board>: the tests without an operating system
board() {
  need arm-none-eabi-g++
  need riscv64-unknown-elf-g++
  need qemu-system-arm
  need qemu-system-riscv64
  need apt-get
  local cmocka
  cmocka=$(tests/target/cmocka.sh build/cmocka) || skip "cmocka's source cannot be had"
  cmake -S tests/target -B "build/board-$1" -DCMAKE_TOOLCHAIN_FILE="$PWD/tests/target/board.cmake" \
    -DWRTMEM_BOARD="$1" -DWRTMEM_CMOCKA_SOURCE="$cmocka"
  cmake --build "build/board-$1"
}

board_example() {
  need arm-none-eabi-g++
  need qemu-system-arm
  need wasm2c
  tests/target/example.sh "$1"
}

# ---- fuzzing

# Two minutes each, as many at once as there are processors.
fuzz() {
  need clang++
  echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char *, unsigned long) { return 0; }' >build/probe-fuzz.cpp
  clang++ -fsanitize=fuzzer build/probe-fuzz.cpp -o build/probe-fuzz || skip "clang has no libFuzzer"
  tests/fuzz/run 120
}

# ---- other languages

# The library as users get it, for every language.
installed() {
  need pkg-config
  configure_and_build build/rust
  cmake --install build/rust --prefix build/rust/prefix
}

rust() {
  [ ! -x "$HOME/.cargo/bin/cargo" ] || PATH=$HOME/.cargo/bin:$PATH
  need cargo
  need cargo-clippy
  installed
  bindings/rust/check build/rust/prefix build/rust/target
}

python_package() {
  need python3
  python3 -c 'import ensurepip, venv' || skip "python3-venv is not there"
  python3 -c 'import os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")' || skip "python3-dev is not there"
  installed
  bindings/python/check build/rust/prefix build/python
}

# jdk: where a JDK is that has java.lang.foreign
jdk() {
  local home version
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    version=$("$home/bin/javac" -version 2>/dev/null) || continue
    [ "$(sed 's/^javac \([0-9]*\).*/\1/' <<<"$version")" -ge 22 ] || continue
    echo "$home"
    return
  done
  return 1
}

# binding <go|node|java>: see its README
binding() {
  case $1 in
  go) need go ;;
  node) need node && need npm ;;
  java) JAVA_HOME=$(jdk) || skip "no JDK of version 22 or later is there" ;;
  esac
  export JAVA_HOME=${JAVA_HOME:-}
  installed
  "bindings/$1/check" build/rust/prefix "build/$1"
}

# wasmtime 48 asks for Rust 1.95.
wasmtime_adapter() {
  [ ! -x "$HOME/.cargo/bin/cargo" ] || PATH=$HOME/.cargo/bin:$PATH
  need cargo
  local version
  version=$(rustc --version | cut -d ' ' -f 2)
  printf '1.95\n%s\n' "$version" | sort --check --version-sort || skip "rustc $version is there, not 1.95 or later"
  installed
  adapters/wasmtime/check build/rust/prefix build/wasmtime
}

# ---- every condition of the core

# In a build of its own, since the tests are compiled against an instrumented copy of the core.
mcdc() {
  need clang++
  need qemu-x86_64
  [ "$(uname -m)" = x86_64 ] || skip "docs/mcdc.md is that of x86-64"
  need_32 clang
  cmake -S . -B build/mcdc -DCMAKE_BUILD_TYPE=Debug -DWRTMEM_BUILD_TESTS=ON \
    -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++
  cmake --build build/mcdc --target mcdc
}

# ---- proofs

# proofs <script>: see proofs/README.md
proofs() {
  need frama-c
  need why3
  need cvc4
  need z3
  "proofs/$1"
}

# ---- coverage

coverage() {
  need gcovr
  tests/coverage/run
}

# ---- the demo

demo() {
  ./run demo --tier "$1" | tee "build/demo-$1.txt"
  grep -q "$1" "build/demo-$1.txt"
}

# ---- real programs

programs() {
  local command
  for command in apt-get clang dpkg-source tclsh wasm-ld wasm2c; do need "$command"; done
  tests/programs/run build/release
}

# ---- all of them

if [ "${1:-}" = only ]; then
  shift
  set -e
  "$@"
  exit
fi

rm -rf "$LOGS"
mkdir -p "$LOGS"

check "the sources are formatted" formatted
check "every file names its licence" licensed
check "both build systems list every source" listed
check "a plain build installs" plain_build

start=$SECONDS
check "gcc, not optimised, warnings are errors: the workflow preset" workflow
report "gcc, not optimised, warnings are errors: tests" build/dev/report.xml $((SECONDS - start))
check "every claim of the manual has a command that shows it" claims
check "models, enumerations and weak memory: they hold, and what is broken is caught" models
check "gcc, optimised, warnings are errors: builds" configure_and_build build/release \
  --preset release -DWRTMEM_WERROR=ON -DWRTMEM_TEST_LAUNCHER=
# Which status each function gives is told by the build before.
build_and_test "clang, optimised, warnings are errors" build/clang "-E ^codes\.table$" \
  --preset release -DWRTMEM_WERROR=ON -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++
check "the library builds without an operating system" no_host
check "freestanding: the archive of each target asks for memcpy, memmove and memset alone" freestanding build
check "freestanding: options that make no sense are refused" freestanding refuse
check "freestanding: the program's lock is what holds, under the sanitizers" freestanding hosted
check "freestanding: the STATIC tier alone is at most 8 KiB on Cortex-M3, and runs there" freestanding footprint --check
check "freestanding: the porting guide does what it says" freestanding porting
check "time: what has to be refused as unbounded is refused" timing teeth
check "time: the longest paths are within their bounds, and constant operations are constant" timing docs --check
check "the benchmarks run" benchmarks
check "the hot calls take no more instructions than before" hot_calls
check "clang-tidy is content with cpp/ and capi/" clang_tidy
check "each condition of the core decides on its own, as docs/mcdc.md says" mcdc
for tier in std alloc static; do
  check "the demo runs on tier $tier" demo $tier
done

check "real programs do on every tier what they do natively" programs
check "the Rust crates work over the library and with it built in" rust
check "Python: the wheel, the sdist and the system's library; every tier, and bad use is an exception" python_package
check "wasmtime: guests on every tier, a server, the C hook" wasmtime_adapter
check "Go: every tier, and bad use is an error" binding go
check "Node.js: every tier, and bad use is an exception" binding node
check "Java: every tier, and bad use is an exception" binding java
check "docs/languages.md says what ran" python3 tests/languages/table.py check

# What is installed, packaged and compared with the baseline is the same in the builds that follow.
readonly ONCE='-E ^(install|packaging)\.|^abi\.(two|the_gate|a_baseline|nothing)'

# The long scenarios of refused system calls: the POSIX host's stand in every build, and on 32 bits one host is enough.
readonly POSIX_FAULTS='|^fault\.fault_system_calls_posix$' STRICT_FAULTS='|^fault\.fault_system_calls_strict$'
build_and_test "the portable POSIX host" build/posix "$ONCE$POSIX_FAULTS" --preset dev -DWRTMEM_HOST=posix -DWRTMEM_BUILD_EXAMPLES=OFF
# shellcheck disable=SC2086 # the options are words
check "32-bit: builds" build_32 && suite "32-bit: tests" build/32 $ONCE$POSIX_FAULTS$STRICT_FAULTS

check "the core and the STATIC tier are covered" coverage
check "the contracts of the kernel's memory part are proved" proofs run
check "the proofs have teeth: wrong edits of the kernel lose theirs" proofs mutants.py
for board in cortex-m3 cortex-m0 riscv32 riscv64; do
  check "board $board: builds" board "$board" && suite "board $board: tests" "build/board-$board"
done
left_out=$(sed -n 's/^\(\^[^ ]*\) .*/\1/p' tests/target/left_out.txt | paste -sd '|')
export WRT_PROPERTY_CALLS=15000
for machine in aarch64 armhf i686 s390x ppc ppc64 ppc64le; do
  check "machine $machine: builds" machine "$machine" &&
    suite "machine $machine: tests" "build/machine-$machine" -E "$left_out"
done
unset WRT_PROPERTY_CALLS
check "docs/targets.md says what ran" python3 tests/target/table.py check
check "WebAssembly runs on a board of 256 KiB, without a heap" board_example baremetal
check "two guests share the heap of a real-time system under one budget" board_example rtos

check "the fuzzers find nothing in two minutes each" fuzz
build_and_test "AddressSanitizer and UndefinedBehaviorSanitizer" build/asan "$ONCE" --preset asan
# gcc's ThreadSanitizer loses its way where the kernel spreads mappings too widely.
setarch -R true 2>/dev/null && STARTER="setarch -R"
# One thread alone makes those system calls, and runs out of those slots, handles and budgets.
build_and_test "ThreadSanitizer" build/tsan "$ONCE|^fault\.fault_(system_calls|own_resources)" --preset tsan
STARTER=
# What was built above, started in another way.
build_and_test "Valgrind" build/release "-LE long $ONCE" --preset release -DWRTMEM_WERROR=ON \
  -DWRTMEM_TEST_LAUNCHER="valgrind;--quiet;--error-exitcode=99;--leak-check=full;--errors-for-leak-kinds=definite"

if [ "${CI:-}" = true ] && [ "$skipped" -gt 0 ]; then
  echo "$skipped skipped: in CI nothing may be"
  failed=$((failed + skipped))
  skipped=0
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
