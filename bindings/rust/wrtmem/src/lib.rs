// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The linear memory of WebAssembly hosts, in safe Rust: resizable bytes from the operating system, from an allocator
//! of yours or from fixed storage, that behave the same on all three.
//!
//! ```
//! use wrtmem::{Config, Memory, Status, Tier};
//!
//! let mut memory = Config::new().tier(Tier::Std).wasm_pages(1, 4).create()?;
//! memory.write(100, b"hello")?;
//! assert_eq!(&*memory.borrow(100, 5)?, b"hello");
//!
//! assert_eq!(memory.grow(2)?, 1);
//! assert_eq!(memory.grow(2), Err(Status::LIMIT));
//! assert_eq!(memory.read(u64::MAX, &mut [0; 4]), Err(Status::OUT_OF_BOUNDS));
//!
//! let twin = memory.try_clone()?;
//! assert!(memory.equal(&twin)?);
//! # Ok::<(), Status>(())
//! ```
//!
//! What outlives what is checked by the compiler: a memory borrows its pool, its budget and its allocator, a borrow of
//! bytes borrows the memory. One memory is used by one thread at a time ([`Memory`] is `Send` and not `Sync`: reads are
//! counted), unless it is a [`SharedMemory`]; pools, budgets and images are `Sync`.
#![warn(missing_docs)]

mod allocator;
mod borrow;
mod budget;
mod config;
mod cursor;
mod fault;
mod image;
mod info;
mod memory;
mod pool;
mod shared;
mod status;

pub use borrow::{Borrow, BorrowMut};
pub use budget::Budget;
pub use config::{Config, Tier, Verify};
pub use cursor::Cursor;
pub use fault::{fault_find, Fault};
pub use image::Image;
pub use info::{BudgetInfo, Change, History, ImageInfo, MemoryInfo, MemoryStats, PoolInfo, TierInfo, View};
pub use memory::{AtomicOp, Int, Memory};
pub use pool::Pool;
pub use shared::{SharedMemory, WaitResult, Waitable};
pub use status::{Result, Status};

/// The library's version, such as "0.1.0".
pub fn version() -> &'static str {
    // SAFETY: the text is the library's and constant.
    unsafe { status::text(wrtmem_sys::wrt_version_string()) }
}

/// Tries what this build of the library offers and says whether it works.
pub fn selftest() -> Result<()> {
    // SAFETY: takes nothing.
    status::check(unsafe { wrtmem_sys::wrt_selftest() })
}

/// Gives address space and pages that the library keeps for later memories back to the system.
pub fn trim() {
    // SAFETY: takes nothing. It never fails.
    let _ = unsafe { wrtmem_sys::wrt_trim() };
}

/// The program in the readme.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
