# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Changes of the sources, with what the gate must say of each: which checks fail, or what was added."""

from .sources import CMAKE, HEADER, MAP, PINS

BREAKS = []
PASSES = []


def breaks(title, *checks):
    """A change that would break hosts: at least these checks must fail."""
    return lambda edit: BREAKS.append((title, set(checks), edit)) or edit


def passes(title, *added):
    """A change that breaks nobody: exactly this is told as added."""
    return lambda edit: PASSES.append((title, set(added), edit)) or edit


ABIDIFF, CHECKER = "abidiff", "abi-compliance-checker"
PINS_64, PINS_32 = "pins, 64 bits", "pins, 32 bits"

# ---- functions


@breaks("a function is removed", "symbols", "hosts", CHECKER)
def _(sources):
    sources.remove_declaration("wrt_mem_discard")
    sources.remove_definition("wrt_status wrt_mem_discard(")
    sources.replace(MAP, "wrt_mem_discard;", "")


@breaks("a function is not exported any more", "symbols", "hosts", CHECKER)
def _(sources):
    sources.replace(MAP, "wrt_mem_discard;", "")


@breaks("a parameter is narrowed", ABIDIFF, CHECKER)
def _(sources):
    sources.signature("wrt_mem_fill(wrt_mem *mem, uint64_t offset, uint8_t value, uint64_t n)",
                      "wrt_mem_fill(wrt_mem *mem, uint64_t offset, uint8_t value, uint32_t n)")


@breaks("a parameter is added", ABIDIFF, CHECKER)
def _(sources):
    sources.signature("wrt_mem_reset(wrt_mem *mem)", "wrt_mem_reset(wrt_mem *mem, [[maybe_unused]] uint32_t how)")
    sources.replace(HEADER, "wrt_mem_reset(wrt_mem *mem, [[maybe_unused]] uint32_t how)",
                    "wrt_mem_reset(wrt_mem *mem, uint32_t how)")


@breaks("two parameters change places", ABIDIFF, CHECKER)
def _(sources):
    sources.signature("wrt_mem_fill(wrt_mem *mem, uint64_t offset, uint8_t value, uint64_t n)",
                      "wrt_mem_fill(wrt_mem *mem, uint8_t value, uint64_t offset, uint64_t n)")


@breaks("two parameters of one type change places", CHECKER)
def _(sources):
    sources.signature("wrt_mem_discard(wrt_mem *mem, uint64_t offset, uint64_t n)",
                      "wrt_mem_discard(wrt_mem *mem, uint64_t n, uint64_t offset)")


@breaks("const is dropped from a parameter", ABIDIFF, CHECKER)
def _(sources):
    sources.signature("wrt_mem_len(const wrt_mem *mem,", "wrt_mem_len(wrt_mem *mem,")


@breaks("a return type is changed", ABIDIFF, CHECKER)
def _(sources):
    sources.signature("wrt_status wrt_trim(void)", "int64_t wrt_trim(void)")


@breaks("a status becomes wider", ABIDIFF, CHECKER, PINS_64, PINS_32)
def _(sources):
    sources.replace(HEADER, "typedef int32_t wrt_status;", "typedef int64_t wrt_status;")


# ---- callbacks


@breaks("a callback's parameter is widened", ABIDIFF, CHECKER, PINS_64)
def _(sources):
    sources.replace(HEADER, "typedef size_t (*wrt_write_fn)(void *context, const void *data, size_t n);",
                    "typedef size_t (*wrt_write_fn)(void *context, const void *data, unsigned __int128 n);")


@breaks("a callback's parameter is widened on 32 bits alone", CHECKER, PINS_32)
def _(sources):
    sources.replace(HEADER, "typedef size_t (*wrt_read_fn)(void *context, void *data, size_t n);",
                    "typedef size_t (*wrt_read_fn)(void *context, void *data, uint64_t n);")


@breaks("const is dropped from a callback's parameter", CHECKER, PINS_64, PINS_32)
def _(sources):
    sources.replace(HEADER, "typedef size_t (*wrt_write_fn)(void *context, const void *data, size_t n);",
                    "typedef size_t (*wrt_write_fn)(void *context, void *data, size_t n);")
    sources.replace("cpp/image/save.cpp", "write_(context_, bytes, n)", "write_(context_, const_cast<uint8_t *>(bytes), n)")


# ---- numbers


@breaks("an enum value is changed", PINS_64, PINS_32, "hosts")
def _(sources):
    sources.replace(HEADER, "WRT_ERR_OUT_OF_BOUNDS = 3,", "WRT_ERR_OUT_OF_BOUNDS = 12,")


@breaks("a number that no signature reaches is renumbered", PINS_64, PINS_32)
def _(sources):
    sources.replace(HEADER, "WRT_FEATURE_WAIT = 8", "WRT_FEATURE_WAIT = 16")


@breaks("two numbers change places", PINS_64, PINS_32)
def _(sources):
    sources.replace(HEADER, "WRT_ATOMIC_OR = 3", "WRT_ATOMIC_OR = 4")
    sources.replace(HEADER, "WRT_ATOMIC_XOR = 4", "WRT_ATOMIC_XOR = 3")


@breaks("a number is taken away", PINS_64, PINS_32)
def _(sources):
    sources.replace(HEADER, "WRT_FEATURE_WAIT = 8", "WRT_FEATURE_LATER = 16")
    sources.replace("capi/library.cpp", "uint32_t{WRT_FEATURE_WAIT}", "uint32_t{8}")


# ---- structs


def append_to_config(sources):
    sources.replace(HEADER, "} wrt_mem_config;", "uint64_t later; } wrt_mem_config;")


def pin_the_longer_config(sources):
    sources.replace(PINS, "SIZE(wrt_mem_config, 112, 88);",
                    "SIZE(wrt_mem_config, 120, 96);\nAT(wrt_mem_config, later, uint64_t, 112, 88);")


def serve_shorter_configs(sources):
    sources.replace("capi/structs.hpp", "if (size < sizeof(Struct) || size > kMostStructSize) return false;", """
        if (size + 8 < sizeof(Struct) || size > kMostStructSize) return false;
        to = Struct{};
        if (size < sizeof(Struct)) {
          __builtin_memcpy(&to, from, size);
          return true;
        }
    """)


@breaks("a member is appended to a struct without a size", ABIDIFF, CHECKER, PINS_64, PINS_32)
def _(sources):
    sources.replace(HEADER, "} wrt_view;", "uint64_t later; } wrt_view;")


@breaks("a member is appended, and nothing says since which size", PINS_64, PINS_32, "hosts")
def _(sources):
    append_to_config(sources)


@breaks("a member is appended and pinned, but older hosts are refused", "hosts")
def _(sources):
    append_to_config(sources)
    pin_the_longer_config(sources)


@breaks("a member is inserted", ABIDIFF, CHECKER, PINS_64, PINS_32, "hosts")
def _(sources):
    sources.in_struct("wrt_mem_info", "uint64_t page_len;", "uint64_t later; uint64_t page_len;")


@breaks("two members change places", ABIDIFF, CHECKER, PINS_64, PINS_32, "hosts")
def _(sources):
    sources.in_struct("wrt_mem_stats", "uint64_t resizes;", "uint64_t later;")
    sources.in_struct("wrt_mem_stats", "uint64_t reads;", "uint64_t resizes;")
    sources.in_struct("wrt_mem_stats", "uint64_t later;", "uint64_t reads;")


@breaks("a member changes its sign", ABIDIFF, CHECKER, PINS_64, PINS_32)
def _(sources):
    sources.in_struct("wrt_tier_info", "int32_t available;", "uint32_t available;")


@breaks("a member is appended while another changes", CHECKER, PINS_64, PINS_32)
def _(sources):
    append_to_config(sources)
    pin_the_longer_config(sources)
    serve_shorter_configs(sources)
    sources.in_struct("wrt_mem_config", "uint32_t sample_interval;", "int32_t sample_interval;")


@breaks("a member is renamed", ABIDIFF, CHECKER, PINS_64, PINS_32)
def _(sources):
    sources.in_struct("wrt_image_info", "uint64_t stored;", "uint64_t kept;")
    sources.replace("capi/image.cpp", "full.stored", "full.kept")


# ---- the library


@breaks("a symbol moves to another node", "symbols", "hosts")
def _(sources):
    sources.replace(MAP, "wrt_trim;", "")
    sources.append(MAP, "WRTMEM_0.2 { global: wrt_trim; } WRTMEM_0.1;\n")


@breaks("the map is lost", "symbols", "hosts")
def _(sources):
    sources.replace(CMAKE, "-Wl,--version-script=${symbol_map}", "")


@breaks("the SONAME changes", "SONAME", ABIDIFF, "hosts")
def _(sources):
    sources.replace(CMAKE, "SOVERSION ${PROJECT_VERSION_MAJOR}", "SOVERSION 1")


@breaks("a symbol of std:: leaks", "symbols")
def _(sources):
    sources.append("capi/library.cpp",
                   "#include <algorithm>\ntemplate const int &std::max<int>(const int &, const int &);\n")
    sources.replace(MAP, "global:", "global: _ZSt*;")


@breaks("a function is declared but not exported", "symbols")
def _(sources):
    sources.replace(HEADER, "WRT_API uint32_t wrt_version(void);",
                    "WRT_API uint32_t wrt_version(void);\nWRT_API uint32_t wrt_later(void);")


@breaks("the library is stripped", "debug information")
def _(sources):
    sources.replace(CMAKE, "-Wl,--as-needed", "-s -Wl,--as-needed")


@breaks("one source has no debug information", "debug information")
def _(sources):
    sources.append(CMAKE, "set_source_files_properties(capi/pool.cpp PROPERTIES COMPILE_OPTIONS -g0)\n")


@breaks("the descriptions of the types come out empty", "debug information")
def _(sources):
    sources.write("cmake/other.h", "int other(void);\n")
    sources.replace("abi/gate/library.py", '"-public-headers", library.include',
                    '"-public-headers", library.root / "cmake"')


# ---- what is no break


def define_a_later_function(sources):
    sources.replace(HEADER, "WRT_API uint32_t wrt_version(void);",
                    "WRT_API uint32_t wrt_version(void);\nWRT_API uint32_t wrt_later(void);")
    sources.append("capi/library.cpp", "uint32_t wrt_later(void) { return 1; }\n")


@passes("a function is added", "function wrt_later@@WRTMEM_0.1")
def _(sources):
    define_a_later_function(sources)
    sources.replace(MAP, "wrt_version;", "wrt_version; wrt_later;")


@passes("a function is added in a node of its own", "function wrt_later@@WRTMEM_0.2")
def _(sources):
    define_a_later_function(sources)
    sources.append(MAP, "WRTMEM_0.2 { global: wrt_later; } WRTMEM_0.1;\n")


@passes("a number is added", "number WRT_MEM_LATER")
def _(sources):
    sources.replace(HEADER, "WRT_MEM_EXACT_MAX = 64", "WRT_MEM_LATER = 128, WRT_MEM_EXACT_MAX = 64")


@passes("a member is appended, pinned, and older hosts are served", "member wrt_mem_config.later")
def _(sources):
    append_to_config(sources)
    pin_the_longer_config(sources)
    serve_shorter_configs(sources)


@passes("the body of a function is edited")
def _(sources):
    file = sources.file_of("wrt_status wrt_trim(void) {")
    sources.replace(file, "wrt_status wrt_trim(void) {",
                    "wrt_status wrt_trim(void) { volatile int later = 1; if (later == 0) return WRT_ERR_CORRUPT;")


@passes("a comment of the header is edited")
def _(sources):
    sources.replace(HEADER, "#ifndef WRTMEM_WRTMEM_H", "/* Another\n   comment. */\n#ifndef WRTMEM_WRTMEM_H")
