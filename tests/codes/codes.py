#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Which status each function was seen to return, against what its comment in wrtmem.h says.

  codes.py recorder HEADER OUT.c
      writes what stands between a program and libwrtmem and notes what each call returned: a library to be loaded
      first or, with CODES_WRAP defined, a part of the program that the linker puts there (codes.py wrap HEADER lists
      the functions)

  codes.py check --header H --recorder R --exceptions E --table T [--write] PROGRAM [NAME=VALUE...] [-- PROGRAM...]
      runs the programs with the recorder, and fails unless each documented code was seen, no other was, and
      the table is the one that this gives; --write writes the table
"""

import argparse
import os
import re
import struct
import subprocess
import sys
import tempfile

DECLARATION = re.compile(r"/\*\*((?:(?!\*/).)*)\*/\s*WRT_API (WRT_MUST_USE )?([\w ]+?[ *])(wrt_\w+)\(([^;]*)\);", re.S)
CODE = re.compile(r"^  (WRT_OK|WRT_ERR_\w+) = (\d+)", re.M)
BULLET = re.compile(r"^- ((?:#WRT_ERR_\w+(?:, )?)+): (.*?)(?=^- |\n\n|\Z)", re.S | re.M)


class Function:
    def __init__(self, comment, name, parameters):
        text = re.sub(r"^ \* ?", "", comment, flags=re.M)
        self.name = name
        self.parameters = " ".join(parameters.split())
        self.documented = set()
        fails = text[text.index("Fails iff:"):].split("\n\n")[0] + "\n\n" if "Fails iff:" in text else ""
        always = False
        for codes, why in BULLET.findall(fails):
            self.documented.update(re.findall(r"WRT_ERR_\w+", codes))
            always = always or "always" in why
        if not fails:
            raise SystemExit(f"{name} does not say when it fails")
        if not always:
            self.documented.add("WRT_OK")

    def arguments(self):
        if self.parameters == "void":
            return ""
        return ", ".join(re.search(r"(\w+)$", p).group(1) for p in self.parameters.split(", "))


def read_header(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    functions = [Function(comment, name, parameters)
                 for comment, _, kind, name, parameters in DECLARATION.findall(text) if kind.strip() == "wrt_status"]
    codes = {name: int(number) for name, number in CODE.findall(text)}
    declared = len(re.findall(r"^WRT_API WRT_MUST_USE wrt_status", text, re.M))
    if len(functions) != declared or "WRT_OK" not in codes:
        raise SystemExit(f"{path}: {declared} functions are declared, {len(functions)} understood")
    return functions, codes


# ---- the recorder

RECORDER_HEAD = """/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Made by codes.py. What each call returned becomes a bit in a file that all processes share. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wrtmem/wrtmem.h>

#ifdef CODES_WRAP
int __real_open(const char *path, int flags, ...);
void *__real_mmap(void *at, size_t len, int protection, int flags, int file, off_t offset);
#define open __real_open
#define mmap __real_mmap
#endif

enum {{ FUNCTIONS = {count} }};
static uint32_t *seen;

static wrt_status note(int function, wrt_status status) {{
  const uint32_t bit = status >= 0 && status < 31 ? UINT32_C(1) << status : UINT32_C(1) << 31;
  if (seen != NULL) __atomic_fetch_or(&seen[function], bit, __ATOMIC_RELAXED);
  return status;
}}

__attribute__((constructor)) static void start(void) {{
  const char *path = getenv("WRT_CODES_SEEN");
  const int file = path == NULL ? -1 : open(path, O_RDWR);
  if (file < 0) return;
  void *at = mmap(NULL, FUNCTIONS * sizeof(uint32_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (at != MAP_FAILED) seen = at;
}}
"""

RECORDER_FUNCTION = """
#ifdef CODES_WRAP
wrt_status __real_{name}({parameters});
wrt_status __wrap_{name}({parameters}) {{ return note({index}, __real_{name}({arguments})); }}
#else
wrt_status {name}({parameters}) {{
  static void *found;
  wrt_status (*call)({parameters});
  if (found == NULL) found = dlsym(RTLD_NEXT, "{name}");
  memcpy(&call, &found, sizeof call);
  return note({index}, call({arguments}));
}}
#endif
"""


def write_recorder(header, out):
    functions, _ = read_header(header)
    text = RECORDER_HEAD.format(count=len(functions))
    for index, function in enumerate(functions):
        text += RECORDER_FUNCTION.format(name=function.name, parameters=function.parameters,
                                         arguments=function.arguments(), index=index)
    with open(out, "w", encoding="utf-8") as file:
        file.write(text)


# ---- what was seen

def run(recorder, seen, command):
    settings = dict(part.split("=", 1) for part in command[1:])
    environment = {**os.environ, **settings, "LD_PRELOAD": recorder, "WRT_CODES_SEEN": seen}
    done = subprocess.run(command[:1], env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return True
    print(f"FAILED {command[0]}: {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return False


def record(functions, codes, recorder, commands):
    """The set of codes seen for each function, and whether all programs succeeded."""
    with tempfile.TemporaryDirectory() as folder:
        seen = os.path.join(folder, "seen")
        with open(seen, "wb") as file:
            file.write(bytes(4 * len(functions)))
        results = [run(recorder, seen, command) for command in commands]
        with open(seen, "rb") as file:
            masks = struct.unpack(f"={len(functions)}I", file.read())
    names = {number: name for name, number in codes.items()}
    found = {function.name: {names.get(bit, "an unknown number") for bit in range(32) if mask >> bit & 1}
             for function, mask in zip(functions, masks)}
    return found, all(results)


def read_exceptions(path):
    """{(function, code): why}"""
    exceptions = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                names, why = line.split(":", 1)
                *functions, code = names.split()
                for function in functions:
                    exceptions[function, code] = why.strip()
    return exceptions


def compare(functions, found, exceptions):
    """What is wrong, one sentence each."""
    wrong = []
    unused = set(exceptions)
    for function in functions:
        seen = found[function.name]
        for code in sorted(function.documented - seen):
            if (function.name, code) not in exceptions:
                wrong.append(f"{function.name}: {code} is documented and was never seen")
            unused.discard((function.name, code))
        wrong += [f"{function.name}: {code} was seen and is not documented"
                  for code in sorted(seen - function.documented)]
    wrong += [f"{function}: {code} is an exception and needs to be none" for function, code in sorted(unused)]
    return wrong


# ---- the table

TABLE_HEAD = """<!-- SPDX-License-Identifier: Apache-2.0 OR MIT -->
# Which call returns what

Made by the tests: `tests/codes/codes.py` stands between the test programs and the library, notes each status that
each call returns, and compares with what `wrtmem.h` documents. ● is a code that is documented and was provoked; ○ is
one that is documented and cannot be provoked by a test, for the reason below. A code that is not documented was never
seen.

"""


def short(code):
    return code.replace("WRT_ERR_", "").replace("WRT_", "")


def make_table(functions, codes, exceptions):
    ordered = sorted(codes, key=codes.get)
    lines = ["| function | " + " | ".join(f"{short(code)} {codes[code]}" for code in ordered) + " |",
             "|---|" + ":-:|" * len(ordered)]
    for function in functions:
        marks = []
        for code in ordered:
            mark = "○" if (function.name, code) in exceptions else "●"
            marks.append(mark if code in function.documented else "")
        lines.append(f"| `{function.name}` | " + " | ".join(marks) + " |")
    count = sum(len(function.documented) for function in functions)
    text = TABLE_HEAD + "\n".join(lines) + f"\n\n{len(functions)} functions, {count} documented answers, "
    text += f"{count - len(exceptions)} of them provoked.\n"
    if exceptions:
        text += "\n## What is not provoked\n\n"
        reasons = {}
        for (function, code), why in exceptions.items():
            reasons.setdefault((code, why), []).append(f"`{function}`")
        for (code, why), names in reasons.items():
            text += f"- {short(code)} of {', '.join(names)}: {why}\n"
    return text


def check(arguments):
    functions, codes = read_header(arguments.header)
    exceptions = read_exceptions(arguments.exceptions)
    commands = [[]]
    for word in arguments.programs:
        if word == "--":
            commands.append([])
        else:
            commands[-1].append(word)
    found, good = record(functions, codes, arguments.recorder, [command for command in commands if command])
    wrong = compare(functions, found, exceptions)
    table = make_table(functions, codes, exceptions)
    if arguments.write:
        with open(arguments.table, "w", encoding="utf-8") as file:
            file.write(table)
    with open(arguments.table, encoding="utf-8") as file:
        if file.read() != table:
            wrong.append(f"{arguments.table} is not the table of today: give --write")
    print("\n".join(wrong) or "each documented code was seen, and no other")
    return 0 if good and not wrong else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    recorder = commands.add_parser("recorder")
    recorder.add_argument("header")
    recorder.add_argument("out")
    wrap = commands.add_parser("wrap")
    wrap.add_argument("header")
    checker = commands.add_parser("check")
    for name in ("header", "recorder", "exceptions", "table"):
        checker.add_argument("--" + name, required=True)
    checker.add_argument("--write", action="store_true")
    checker.add_argument("programs", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    if arguments.command == "recorder":
        write_recorder(arguments.header, arguments.out)
        return 0
    if arguments.command == "wrap":
        print(";".join(f"-Wl,--wrap={function.name}" for function in read_header(arguments.header)[0]), end="")
        return 0
    return check(arguments)


if __name__ == "__main__":
    sys.exit(main())
