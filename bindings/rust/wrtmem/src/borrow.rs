// SPDX-License-Identifier: Apache-2.0 OR MIT
use crate::Memory;
use std::ops::{Deref, DerefMut};
use std::slice;

/// Bytes lent by a memory to read, given back when this is dropped. See [`Memory::borrow`].
#[derive(Debug)]
pub struct Borrow<'m> {
    lender: &'m Memory<'m>,
    data: *const u8,
    n: usize,
}

/// Bytes lent by a memory to read and write, given back when this is dropped. See [`Memory::borrow_mut`].
#[derive(Debug)]
pub struct BorrowMut<'m> {
    lender: &'m Memory<'m>,
    data: *mut u8,
    n: usize,
}

// Neither guard is Send nor Sync: the drop of one uses the memory, which one thread may use at a time, and a read by the
// memory's thread may mend the bytes that another looks at (REDUNDANT).

impl<'m> Borrow<'m> {
    /// # Safety
    /// `data` is a read-borrow of `n` bytes of `lender`, and nobody else's.
    pub(crate) unsafe fn new(lender: &'m Memory<'m>, data: *const u8, n: usize) -> Borrow<'m> {
        Borrow { lender, data, n }
    }
}

impl<'m> BorrowMut<'m> {
    /// # Safety
    /// `data` is a borrow of `n` bytes of `lender` to read and write, and nobody else's; `lender` is not used otherwise.
    pub(crate) unsafe fn new(lender: &'m Memory<'m>, data: *mut u8, n: usize) -> BorrowMut<'m> {
        BorrowMut { lender, data, n }
    }
}

impl Deref for Borrow<'_> {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        // SAFETY: lent until the drop; the memory cannot be changed meanwhile, since it is borrowed.
        unsafe { slice::from_raw_parts(self.data, self.n) }
    }
}
impl Deref for BorrowMut<'_> {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        // SAFETY: lent until the drop, to us alone.
        unsafe { slice::from_raw_parts(self.data, self.n) }
    }
}
impl DerefMut for BorrowMut<'_> {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above.
        unsafe { slice::from_raw_parts_mut(self.data, self.n) }
    }
}

impl Drop for Borrow<'_> {
    fn drop(&mut self) {
        // SAFETY: ours, with its own pointer and length.
        let _ = unsafe { wrtmem_sys::wrt_mem_release(self.lender.as_raw(), self.data as *const _, self.n as u64) };
    }
}
impl Drop for BorrowMut<'_> {
    fn drop(&mut self) {
        // SAFETY: as above.
        let _ = unsafe { wrtmem_sys::wrt_mem_release(self.lender.as_raw(), self.data as *const _, self.n as u64) };
    }
}
