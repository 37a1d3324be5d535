// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The C ABI of libwrtmem as it is, made from its header. What a function does, when it fails, who owns what and which
//! threads may call it stand at its declaration in `wrtmem.h`. The crate `wrtmem` is the safe way to it.
//!
//! ```
//! use std::ptr::null_mut;
//! let mut memory = null_mut();
//! unsafe {
//!     assert_eq!(wrtmem_sys::wrt_mem_create(wrtmem_sys::WRT_TIER_STD, 100, 1000, &mut memory), wrtmem_sys::WRT_OK);
//!     assert_eq!(wrtmem_sys::wrt_mem_check(memory, 90, 11), wrtmem_sys::WRT_ERR_OUT_OF_BOUNDS);
//!     assert_eq!(wrtmem_sys::wrt_mem_destroy(memory), wrtmem_sys::WRT_OK);
//! }
//! ```
#![allow(non_camel_case_types)]

#[rustfmt::skip]
mod bindings;
pub use bindings::*;

impl wrt_mem_config {
    /// `WRT_MEM_CONFIG_INIT`: its size, and the default of everything.
    pub const INIT: wrt_mem_config = wrt_mem_config {
        struct_size: core::mem::size_of::<wrt_mem_config>() as u32,
        tier: 0,
        initial_len: 0,
        max_len: 0,
        page_len: 0,
        flags: 0,
        verify: 0,
        sample_interval: 0,
        reserved0: 0,
        allocator: core::ptr::null(),
        pool: core::ptr::null_mut(),
        budget: core::ptr::null_mut(),
        image: core::ptr::null(),
        name: core::ptr::null(),
        reserved1: core::ptr::null(),
        reserve_len: 0,
        guard_len: 0,
    };
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    pub(crate) fn print_struct<T>(out: &mut String, name: &str) {
        writeln!(out, "{} {}", name, std::mem::size_of::<T>()).unwrap();
    }
    pub(crate) fn size_behind<T>(_: *const T) -> usize {
        std::mem::size_of::<T>()
    }
    macro_rules! print_member {
        ($out:expr, $of:ident, $member:ident) => {{
            use std::fmt::Write;
            let whole = std::mem::MaybeUninit::<$of>::uninit();
            let member = unsafe { std::ptr::addr_of!((*whole.as_ptr()).$member) };
            let place = member as usize - whole.as_ptr() as usize;
            let name = concat!(stringify!($of), ".", stringify!($member));
            writeln!($out, "{} {} {}", name, place, crate::tests::size_behind(member)).unwrap();
        }};
    }
    pub(crate) use print_member;

    fn repository() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
    }

    fn generate(more: &[&str]) -> String {
        let output = Command::new("python3")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("generate.py"))
            .arg(repository().join("include/wrtmem/wrtmem.h"))
            .args(more)
            .output()
            .expect("python3");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn the_declarations_are_those_of_the_header() {
        let committed = include_str!("bindings.rs");
        assert!(committed == generate(&[]), "run generate.py include/wrtmem/wrtmem.h > src/bindings.rs");
    }

    #[test]
    fn every_size_and_offset_is_what_the_c_compiler_says() {
        let folder = std::env::temp_dir().join(format!("wrtmem-layout-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("layout.c"), generate(&["layout"])).unwrap();
        let built = Command::new("cc")
            .arg(folder.join("layout.c"))
            .arg("-I")
            .arg(repository().join("include"))
            .arg("-o")
            .arg(folder.join("layout"))
            .status();
        assert!(built.expect("cc").success());
        let output = Command::new(folder.join("layout")).output().unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let mut ours = String::new();
        crate::bindings::layout(&mut ours);
        assert!(ours.lines().count() > 80);
        assert_eq!(ours, String::from_utf8(output.stdout).unwrap());
    }

    #[test]
    fn the_library_is_of_the_release_of_the_header() {
        let version = crate::WRT_VERSION_MAJOR << 16 | crate::WRT_VERSION_MINOR << 8 | crate::WRT_VERSION_PATCH;
        assert_eq!(unsafe { crate::wrt_version() }, version as u32);
    }
}
