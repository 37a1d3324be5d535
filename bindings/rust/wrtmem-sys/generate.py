#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
#
#   generate.py HEADER          prints the declarations of wrtmem.h in Rust: src/bindings.rs
#   generate.py HEADER layout   prints a C program that prints the size of each struct and where its members lie
"""Reads the declarations of wrtmem.h, which keep to a few forms, and refuses what it does not know."""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
import header  # noqa: E402 (bindings/header.py)

SCALARS = {
    "void": "c_void", "char": "c_char", "size_t": "usize",
    "int32_t": "i32", "uint32_t": "u32", "int64_t": "i64", "uint64_t": "u64", "uint8_t": "u8",
}


def rust_type(c_type):
    """`const wrt_mem *` becomes `*const wrt_mem`."""
    tokens = re.findall(r"\w+|\*", c_type)
    const = tokens[0] == "const"
    name, *stars = tokens[1:] if const else tokens
    if any(star not in ("*", "const") for star in stars):
        raise SystemExit(f"unknown type: {c_type}")
    result = SCALARS.get(name, name)
    for star in stars:
        if star == "*":
            result = f"*{'const' if const else 'mut'} {result}"
            const = False
        else:
            const = True
    return result


def declarator(text):
    """`uint8_t *base` becomes ("base", "*mut u8"); a function pointer becomes an Option of one."""
    pointer = re.fullmatch(r"(.+?)\(\*(\w+)\)\((.*)\)", text)
    if pointer:
        return pointer[2], f"Option<{function_type(pointer[1], pointer[3])}>"
    name = re.fullmatch(r"(.+?)(\w+)(?:\[(\w+)\])?", text)
    if not name:
        raise SystemExit(f"unknown declaration: {text}")
    c_type = rust_type(name[1])
    # Words of Rust's own get an underscore.
    given = name[2] + "_" if name[2] in ("where", "type", "in", "fn", "ref", "move") else name[2]
    return given, f"[{c_type}; {name[3]}]" if name[3] else c_type


def parameters(text):
    text = " ".join(text.split())
    if text == "void":
        return ""
    return ", ".join("{}: {}".format(*declarator(one.strip())) for one in text.split(","))


def result_of(c_type):
    c_type = c_type.strip()
    return "" if c_type == "void" else f" -> {rust_type(c_type)}"


def function_type(result, arguments):
    return f'unsafe extern "C" fn({parameters(arguments)}){result_of(result)}'


def constant(name, value):
    kind = "i32"
    if re.match(r"WRT_(MEM_(?!CHANGES)|BORROW_|FEATURE_)", name):
        kind = "u32"  # bits
    elif name == "WRT_MEM_CHANGES":
        kind = "usize"  # the length of an array
    return f"pub const {name}: {kind} = {value};"


def structs_of(text):
    for kind, struct in header.declarations(text):
        if kind == "struct":
            yield struct, [declarator(member) for member in header.members(struct)]


def in_rust(kind, match):
    """The lines of one declaration."""
    if kind == "number":
        return [constant(match[1], match[2])]
    if kind == "text":
        return [f'pub const {match[1]}: &str = "{match[2]}";']
    if kind == "enum":
        return [constant(name, value) for name, value in header.enumerators(match)]
    if kind == "struct":
        fields = "".join(f"    pub {name}: {kind},\n" for name, kind in map(declarator, header.members(match)))
        return [f"#[repr(C)]\n#[derive(Clone, Copy)]\npub struct {match[1]} {{\n{fields}}}"]
    if kind == "opaque":
        return [f"#[repr(C)]\npub struct {match[1]} {{\n    _private: [u8; 0],\n}}"]
    if kind == "callback":
        return [f"pub type {match[2]} = Option<{function_type(match[1], match[3])}>;"]
    if kind == "alias":
        return [f"pub type {match[2]} = {rust_type(match[1])};"]
    must_use = '    #[must_use = "a status"]\n' if "WRT_MUST_USE" in match[0] else ""
    return [f"{must_use}    pub fn {match[2]}({parameters(match[3])}){result_of(match[1])};"]


def bindings(path):
    text = header.read(path)
    every = header.declarations(text)
    functions = [line for kind, match in every if kind == "function" for line in in_rust(kind, match)]
    others = [line for kind, match in every if kind != "function" for line in in_rust(kind, match)]
    print("// SPDX-License-Identifier: Apache-2.0 OR MIT")
    print("// Made from include/wrtmem/wrtmem.h by generate.py, and compared with it by the tests.")
    print("use core::ffi::c_void;")
    print("use std::os::raw::c_char;\n")
    print("\n".join(others))
    print('\nextern "C" {')
    print("\n".join(functions))
    print("}\n")
    print("/// Hands the size of each struct and the place of each member to `print_*`.")
    print("#[cfg(test)]\npub(crate) fn layout(out: &mut String) {")
    for struct, members in structs_of(text):
        print(f"    crate::tests::print_struct::<{struct[1]}>(out, \"{struct[1]}\");")
        for name, _ in members:
            print(f"    crate::tests::print_member!(out, {struct[1]}, {name});")
    print("}")


def layout(path):
    print('#include <stddef.h>\n#include <stdio.h>\n#include <wrtmem/wrtmem.h>\n\nint main(void) {')
    for struct, members in structs_of(header.read(path)):
        print(f'  printf("{struct[1]} %zu\\n", sizeof({struct[1]}));')
        for name, _ in members:
            place = f"offsetof({struct[1]}, {name})", f"sizeof((({struct[1]} *)0)->{name})"
            print(f'  printf("{struct[1]}.{name} %zu %zu\\n", {place[0]}, {place[1]});')
    print("  return 0;\n}")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[2] == "layout":
        layout(sys.argv[1])
    elif len(sys.argv) == 2:
        bindings(sys.argv[1])
    else:
        sys.exit("usage: generate.py HEADER [layout]")
