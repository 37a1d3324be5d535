// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Memories of libwrtmem for the guests of [wasmtime]: from the operating system with or without guards, from the heap,
//! or from fixed slots that are used again and again, under one budget if there is one.
//!
//! ```
//! use std::sync::Arc;
//! use wasmtime::{Config, Engine, Instance, Module, Store};
//! use wrtmem::Budget;
//! use wrtmem_wasmtime::Memories;
//!
//! # fn main() -> wasmtime::Result<()> {
//! let all = Arc::new(Budget::new(3 << 16)?);
//! let mut config = Config::new();
//! Memories::std().budget(&all).install(&mut config);
//!
//! let engine = Engine::new(&config)?;
//! let module = Module::new(&engine, r#"(module (memory 1) (func (export "grow") (param i32) (result i32)
//!     (memory.grow (local.get 0))))"#)?;
//! let mut store = Store::new(&engine, ());
//! let instance = Instance::new(&mut store, &module, &[])?;
//! let grow = instance.get_typed_func::<i32, i32>(&mut store, "grow")?;
//! assert_eq!(grow.call(&mut store, 2)?, 1);
//! assert_eq!(grow.call(&mut store, 1)?, -1, "the budget is used up");
//! # Ok(())
//! # }
//! ```
#![warn(missing_docs)]

#[cfg(feature = "wasmtime")]
mod linear;
#[cfg(feature = "wasmtime")]
mod memories;
#[cfg(feature = "wasmtime")]
mod sources;

#[cfg(feature = "wasmtime")]
pub use memories::Memories;

/// What the base of each memory, and each length, is a multiple of: WebAssembly's page, and one or more of any system.
#[cfg(feature = "wasmtime")]
pub(crate) const PAGE: usize = 65536;
