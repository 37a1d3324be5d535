// SPDX-License-Identifier: Apache-2.0 OR MIT
use crate::memories::Inner;
use crate::PAGE;
use std::sync::Arc;
use wasmtime::LinearMemory;
use wrtmem::{Config, Memory, Result, Tier};

/// A memory of ours in wasmtime's hands.
pub(crate) struct Linear {
    memory: Memory<'static>, // ends before what it uses
    base: *mut u8,
    len: usize,
    capacity: usize,
    _uses: Arc<Inner>,
}

// SAFETY: a memory is used by one thread at a time where it is borrowed mutably; a shared borrow reads the three
// numbers beside it alone.
unsafe impl Send for Linear {}
unsafe impl Sync for Linear {}

/// Up to whole pages: a guest with a smaller page than WebAssembly's checks its own length, and has the rest spare.
pub(crate) fn to_page(len: usize) -> Option<usize> {
    len.checked_next_multiple_of(PAGE)
}

impl Linear {
    /// What `config` refers to is in `uses`.
    pub(crate) fn new(config: &Config<'_>, len: usize, uses: Arc<Inner>) -> Result<Linear> {
        let memory = config.create()?;
        // SAFETY: what the memory uses is in `uses`, which lives longer.
        let memory = unsafe { std::mem::transmute::<Memory<'_>, Memory<'static>>(memory) };
        let mut linear = Linear { memory, base: std::ptr::null_mut(), len, capacity: 0, _uses: uses };
        linear.look()?;
        Ok(linear)
    }

    fn look(&mut self) -> Result<()> {
        // SAFETY: the memory lives, and is not used otherwise at the moment.
        let base = unsafe { (*self.memory.view()?).base };
        let info = self.memory.info()?;
        self.capacity = usize::try_from(info.capacity).unwrap_or(usize::MAX);
        // A memory of the heap that never had a byte has no block. Nothing relies on guards there, so that any page does.
        let no_block = self.capacity == 0 && info.tier == Tier::Alloc;
        self.base = if no_block { std::ptr::without_provenance_mut(PAGE) } else { base };
        Ok(())
    }
}

// SAFETY: the base is at a page and stays up to the capacity; bytes past the length fault where guards were asked for;
// new bytes are zero.
unsafe impl LinearMemory for Linear {
    fn byte_size(&self) -> usize {
        self.len
    }
    fn byte_capacity(&self) -> usize {
        self.capacity
    }
    fn grow_to(&mut self, new_size: usize) -> wasmtime::Result<()> {
        let new_len = to_page(new_size).ok_or(wrtmem::Status::LIMIT)?;
        self.memory.resize(new_len as u64)?;
        self.look()?;
        self.len = new_size;
        Ok(())
    }
    fn as_ptr(&self) -> *mut u8 {
        self.base
    }
}
