// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Finds the library: in `$WRTMEM_LIB_DIR`, or by pkg-config. With the feature `bundled`, builds its sources, which are
//! in `$WRTMEM_SOURCE_DIR` or in the repository that this crate lies in.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    #[cfg(feature = "bundled")]
    bundled::build();
    #[cfg(not(feature = "bundled"))]
    installed::find();
}

fn variable(name: &str) -> Option<String> {
    println!("cargo:rerun-if-env-changed={name}");
    env::var(name).ok()
}

#[cfg(not(feature = "bundled"))]
mod installed {
    use super::variable;
    use std::process::Command;

    pub fn find() {
        for name in ["PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR"] {
            variable(name);
        }
        if let Some(folder) = variable("WRTMEM_LIB_DIR") {
            println!("cargo:rustc-link-search=native={folder}");
            println!("cargo:rustc-link-lib=dylib=wrtmem");
            return;
        }
        for flag in flags().split_whitespace() {
            if let Some(folder) = flag.strip_prefix("-L") {
                println!("cargo:rustc-link-search=native={folder}");
            } else if let Some(name) = flag.strip_prefix("-l") {
                println!("cargo:rustc-link-lib=dylib={name}");
            }
        }
    }

    fn flags() -> String {
        let program = variable("PKG_CONFIG").unwrap_or_else(|| "pkg-config".into());
        let output = Command::new(&program).args(["--libs", "wrtmem >= 0.1"]).output();
        match output {
            Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).into_owned(),
            Ok(output) => panic!(
                "no libwrtmem was found; install it, set WRTMEM_LIB_DIR, or use the feature `bundled`.\n{}",
                String::from_utf8_lossy(&output.stderr)
            ),
            Err(error) => panic!("{program} cannot be run ({error}); set WRTMEM_LIB_DIR, or use the feature `bundled`"),
        }
    }
}

#[cfg(feature = "bundled")]
mod bundled {
    use super::variable;
    use std::path::{Path, PathBuf};

    pub fn build() {
        let root = match variable("WRTMEM_SOURCE_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.."),
        };
        let mut sources = Vec::new();
        for folder in ["capi", "cpp/core", "cpp/tiers", "cpp/image"] {
            add_sources(&root.join(folder), &mut sources);
        }
        assert!(!sources.is_empty(), "no sources in {}", root.display());
        let host = match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
            Ok("linux") => "linux",
            _ => "posix",
        };
        // Sleeping threads, what the kernel says of itself, and images.
        let beside: &[&str] = if host == "linux" { &["proc", "futex", "memfd"] } else { &["condition"] };
        for name in [&[host, "unix"][..], beside].concat() {
            sources.push(root.join(format!("cpp/host/{name}.cpp")));
        }
        println!("cargo:rerun-if-changed={}", root.join("cpp").display());
        println!("cargo:rerun-if-changed={}", root.join("capi").display());
        cc::Build::new()
            .cpp(true)
            .cpp_link_stdlib(None)
            .files(sources)
            .include(&root)
            .include(root.join("include"))
            .define("WRT_BUILTIN_SLOTS", "16")
            .define("WRT_BUILTIN_SLOT_LEN", "65536")
            .flag("-std=c++20")
            .flag("-fno-exceptions")
            .flag("-fno-rtti")
            .flag("-fno-threadsafe-statics")
            .flag("-fvisibility=hidden")
            .opt_level(2)
            .compile("wrtmem");
    }

    fn add_sources(folder: &Path, sources: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().extension().map_or(false, |extension| extension == "cpp") {
                sources.push(entry.path());
            }
        }
        sources.sort();
    }
}
