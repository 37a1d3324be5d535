// SPDX-License-Identifier: Apache-2.0 OR MIT
use crate::info::{filled, BudgetInfo};
use crate::status::{check, Result};
use std::marker::PhantomData;
use std::ptr::null_mut;

/// One bound over the lengths of many memories.
///
/// ```
/// use wrtmem::{Budget, Config, Status};
/// let all = Budget::new(1000)?;
/// let guest = all.child(800)?;
/// let mut memory = Config::new().budget(&guest).initial_len(700).max_len(5000).create()?;
/// assert_eq!(memory.resize(801), Err(Status::BUDGET));
/// assert_eq!(all.info()?.used, 700);
/// # Ok::<(), Status>(())
/// ```
#[derive(Debug)]
pub struct Budget<'p> {
    raw: *mut wrtmem_sys::wrt_budget,
    parent: PhantomData<&'p ()>,
}

// SAFETY: the library's own lock protects a budget, and any thread may destroy it.
unsafe impl Send for Budget<'_> {}
unsafe impl Sync for Budget<'_> {}

impl Budget<'static> {
    /// A budget of `limit` bytes.
    pub fn new(limit: u64) -> Result<Budget<'static>> {
        Budget::make(limit, null_mut())
    }
}

impl<'p> Budget<'p> {
    /// A budget of `limit` bytes within this one.
    pub fn child(&self, limit: u64) -> Result<Budget<'_>> {
        Budget::make(limit, self.raw)
    }
    /// What it is at the moment.
    pub fn info(&self) -> Result<BudgetInfo> {
        // SAFETY: an out-struct of the C ABI.
        unsafe { filled(|out| wrtmem_sys::wrt_budget_get_info(self.raw, out)) }
    }
    /// The handle of the C ABI; stays owned.
    pub fn as_raw(&self) -> *mut wrtmem_sys::wrt_budget {
        self.raw
    }

    fn make(limit: u64, parent: *mut wrtmem_sys::wrt_budget) -> Result<Budget<'p>> {
        let mut raw = null_mut();
        // SAFETY: the parent, if any, is borrowed for 'p.
        check(unsafe { wrtmem_sys::wrt_budget_create(limit, parent, &mut raw) })?;
        Ok(Budget { raw, parent: PhantomData })
    }
}

impl Drop for Budget<'_> {
    fn drop(&mut self) {
        // SAFETY: ours. It is busy only when a memory or budget was leaked, and that one is never used again.
        let _ = unsafe { wrtmem_sys::wrt_budget_destroy(self.raw) };
    }
}
