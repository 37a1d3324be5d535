// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Compiles the C sources against wasmtime's own headers, which its crate lays out.

use std::env;
use std::path::Path;

fn main() {
    let headers = env::var("DEP_WASMTIME_C_API_INCLUDE").expect("wasmtime's headers");
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../include");
    println!("cargo:rerun-if-changed=.");
    println!("cargo:rerun-if-changed={}", ours.display());
    cc::Build::new()
        .files(["wrt_wasmtime.c", "test.c"])
        .include(ours)
        .flag(format!("-isystem{headers}"))
        .std("c11")
        .warnings(true)
        .extra_warnings(true)
        .flags(["-Wpedantic", "-Wconversion", "-Wshadow", "-Wmissing-prototypes"])
        .warnings_into_errors(true)
        .compile("wrt_wasmtime");
}
