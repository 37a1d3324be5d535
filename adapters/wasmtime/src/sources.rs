// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What memories take their bytes from, where the operating system is not it. Each block or slot begins at a page.

use crate::PAGE;
use std::alloc::{GlobalAlloc, Layout, System};
use std::mem::MaybeUninit;
use wrtmem::{Config, Pool, Result};

/// The heap, by pages.
pub(crate) struct PagedHeap;

fn paged(layout: Layout) -> Option<Layout> {
    layout.align_to(PAGE).ok()
}

// SAFETY: the system's allocator, asked for a greater alignment each time.
unsafe impl GlobalAlloc for PagedHeap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        paged(layout).map_or(std::ptr::null_mut(), |layout| System.alloc(layout))
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some(layout) = paged(layout) {
            System.dealloc(block, layout);
        }
    }
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        paged(layout).map_or(std::ptr::null_mut(), |layout| System.realloc(block, layout, new_size))
    }
}

/// A pool and its storage.
pub(crate) struct Slots {
    pool: Pool<'static>, // ends before its storage
    slot_len: usize,
    _storage: Vec<MaybeUninit<u8>>,
}

impl Slots {
    /// `slot_len` is a multiple of the page.
    pub(crate) fn new(slot_len: usize, slots: usize) -> Result<Slots> {
        let len = Pool::storage_len(slot_len, slots)?;
        let mut storage = Vec::new();
        storage.try_reserve_exact(len.saturating_add(PAGE)).map_err(|_| wrtmem::Status::OUT_OF_MEMORY)?;
        storage.resize(len + PAGE, MaybeUninit::uninit());
        let start: *mut MaybeUninit<u8> = storage.as_mut_ptr();
        // SAFETY: `at + len` is inside the storage, which nobody else touches, and which outlives what is made here: the
        // first pool ends here, the second lies before it in the struct. A vector that moves leaves its bytes in place.
        let pool_at =
            |at: usize| Pool::in_uninit(unsafe { std::slice::from_raw_parts_mut(start.add(at), len) }, slot_len);
        let first_base = {
            let pool = pool_at(0)?;
            let memory = Config::new().pool(&pool).create()?;
            let view = memory.view()?;
            // SAFETY: the memory lives.
            unsafe { (*view).base as usize }
        };
        // Slots lie a multiple of the page apart, so that all begin at one when the first does.
        let pool = pool_at(first_base.wrapping_neg() % PAGE)?;
        Ok(Slots { pool, slot_len, _storage: storage })
    }
    pub(crate) fn pool(&self) -> &Pool<'static> {
        &self.pool
    }
    pub(crate) fn slot_len(&self) -> usize {
        self.slot_len
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_begins_at_a_page() {
        let slots = Slots::new(2 * PAGE, 5).unwrap();
        let all: Vec<_> = (0..5).map(|_| Config::new().pool(slots.pool()).create().unwrap()).collect();
        for memory in &all {
            assert_eq!(unsafe { (*memory.view().unwrap()).base as usize } % PAGE, 0);
        }
        assert!(Config::new().pool(slots.pool()).create().is_err());
    }

    #[test]
    fn every_block_begins_at_a_page_and_keeps_its_bytes() {
        let layout = Layout::from_size_align(100, 16).unwrap();
        unsafe {
            let block = PagedHeap.alloc(layout);
            block.write_bytes(7, 100);
            let longer = PagedHeap.realloc(block, layout, 200_000);
            assert_eq!((block as usize % PAGE, longer as usize % PAGE), (0, 0));
            assert_eq!(longer.add(99).read(), 7);
            PagedHeap.dealloc(longer, Layout::from_size_align(200_000, 16).unwrap());
        }
    }
}
