#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""How much of the library a Cortex-M3 host of the STATIC tier links, function by function, from the linker's maps.

footprint.py DOCS STATIC_OS STATIC_O2 FULL_OS FULL_O2     each a directory with a host.map and the archive
footprint.py --check DOCS …                               fails when DOCS is far from what the maps say, or beyond the bound

Counted are .text and .rodata that come from the archive: not the host's own code, nor its memcpy, memmove and memset.
"""

import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "timing"))
import near

BOUND = 8192
PIECE = re.compile(r"^ \.(text|rodata)(?:\.(\S+))?\s+0x[0-9a-f]+\s+0x([0-9a-f]+)\s+\S*libwrtmem_static\.a\((\S+)\)", re.M)


def demangled(names):
    told = subprocess.run(["c++filt"], input="\n".join(names), check=True, capture_output=True, text=True)
    return told.stdout.splitlines()


def pieces(directory):
    """[(bytes, function, file)] of what the linker kept, longest first."""
    text = open(f"{directory}/host.map").read().partition("Linker script and memory map")[2]
    found = [(int(size, 16), name or kind, file) for kind, name, size, file in PIECE.findall(text) if int(size, 16)]
    names = [re.sub(r"^(text|rodata|unlikely)\.", "", name) for _, name, _ in found]
    rows = [(size, name, file) for (size, _, file), name in zip(found, demangled(names))]
    return sorted(rows, key=lambda row: (-row[0], row[1]))


def total(directory):
    return sum(size for size, _, _ in pieces(directory))


def archive_text(directory):
    """.text and .rodata of the whole archive."""
    told = subprocess.run(["arm-none-eabi-size", "-t", f"{directory}/libwrtmem_static.a"], check=True,
                          capture_output=True, text=True).stdout
    return int(told.splitlines()[-1].split()[0])


def bss_per_handle(directory):
    told = subprocess.run(["arm-none-eabi-nm", "-S", "-C", f"{directory}/libwrtmem_static.a"], check=True,
                          capture_output=True, text=True).stdout
    sizes = dict((name, int(size, 16)) for size, name in
                 re.findall(r"^\w+ (\w+) [bB] .*::(g_entries|g_journals)$", told, flags=re.M))
    return (sizes["g_entries"] + sizes["g_journals"]) // 16


def page(static_os, static_o2, full_os, full_o2):
    lines = f"""<!-- SPDX-License-Identifier: Apache-2.0 OR MIT -->
<!-- Made by tests/freestanding/run footprint; change nothing by hand. -->

# Footprint on Cortex-M3

What a host that uses the STATIC tier and nothing else links of `libwrtmem_static.a`: the host is
[static_host.c](../tests/freestanding/static_host.c), which calls `wrt_pool_storage_len`, `wrt_pool_create`,
`wrt_pool_get_info`, `wrt_pool_destroy`, `wrt_mem_create_config`, `wrt_mem_create`, `wrt_mem_read`, `wrt_mem_write`,
`wrt_mem_fill`, `wrt_mem_copy`, `wrt_mem_len`, `wrt_mem_check`, `wrt_mem_resize`, `wrt_mem_grow` and `wrt_mem_destroy`,
linked with `--gc-sections` by Debian 12's arm-none-eabi-gcc 12.2. Bytes of `.text` and `.rodata`.

| build | `-Os` | `-O2` |
|---|---|---|
| the STATIC tier alone: `WRTMEM_STATIC_ONLY=ON`, `WRTMEM_BUILTIN_SLOTS=0` | **{total(static_os):,}** (at most {BOUND:,}) | {total(static_o2):,} |
| the same host over the whole library | {total(full_os):,} | {total(full_o2):,} |
| the whole library, every function of it | {archive_text(full_os):,} | {archive_text(full_o2):,} |

`WRTMEM_STATIC_ONLY` leaves out the tiers STD and ALLOC (a caller's allocator too), the levels from STANDARD on,
`WRT_MEM_TRACK` and budgets; all of them answer `UNSUPPORTED`. It holds everything else of the C ABI: pools, handles that
are checked, the control block's copies (BASIC), every access, growth and shrinking, borrows, views, clone, reset,
atomics, fault_find and the self-test; the host above links what it calls. `WRTMEM_BUILTIN_SLOTS=0` leaves out the pool
that is built in.

RAM: a handle takes {bss_per_handle(full_os)} bytes in the whole library and {bss_per_handle(static_os)} in the STATIC tier alone, control block,
copies and journal together; `WRTMEM_MAX_HANDLES` says how many there are (16). A pool takes
`WRT_POOL_STORAGE_LEN(slot_len, slots)` of the host's own storage.

## The STATIC tier alone, `-Os`, function by function

| bytes | function | file |
|---:|---|---|""".splitlines()
    for size, name, file in pieces(static_os):
        lines.append(f"| {size} | `{name.replace('|', '¦')}` | {re.sub(r'[.]cpp[.]obj$', '.cpp', file)} |")
    return "\n".join(lines) + "\n"


def main():
    arguments = sys.argv[1:]
    check = arguments[0] == "--check"
    docs, *directories = arguments[1:] if check else arguments
    text = page(*directories)
    taken = total(directories[0])
    assert taken > 1024, f"a map of {taken} bytes was not read right"
    assert taken <= BOUND, f"the STATIC tier alone takes {taken} bytes, more than {BOUND}"
    if check:
        head = "## The STATIC tier alone"  # the order of the functions below is no promise
        old = near.near(open(docs).read().partition(head)[0], text.partition(head)[0])
        assert old is None, f"{docs} is old, now it is {old}: tests/freestanding/run footprint makes it anew"
    else:
        open(docs, "w").write(text)
    print(f"the STATIC tier alone: {taken} of {BOUND} bytes")


if __name__ == "__main__":
    main()
