// SPDX-License-Identifier: Apache-2.0 OR MIT
use crate::info::{filled, PoolInfo};
use crate::status::{check, Result};
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr::null_mut;

/// Storage cut into slots, for memories without a heap and without an operating system.
///
/// ```
/// use wrtmem::{Config, Pool, Status};
/// let mut storage = vec![0; Pool::storage_len(4096, 1)?];
/// let pool = Pool::new(&mut storage, 4096)?;
/// let memory = Config::new().pool(&pool).initial_len(100).create()?;
/// assert_eq!(Config::new().pool(&pool).create().unwrap_err(), Status::POOL_EXHAUSTED);
/// # Ok::<(), Status>(())
/// ```
#[derive(Debug)]
pub struct Pool<'s> {
    raw: *mut wrtmem_sys::wrt_pool,
    storage: PhantomData<&'s mut [u8]>,
}

// SAFETY: the library's own lock protects a pool, and any thread may destroy it.
unsafe impl Send for Pool<'_> {}
unsafe impl Sync for Pool<'_> {}

impl<'s> Pool<'s> {
    /// The bytes of storage that `slots` slots of `slot_len` bytes take.
    pub fn storage_len(slot_len: usize, slots: usize) -> Result<usize> {
        let mut len = 0;
        // SAFETY: the result is ours.
        check(unsafe { wrtmem_sys::wrt_pool_storage_len(slot_len, slots, &mut len) })?;
        Ok(len)
    }
    /// A pool in `storage`.
    pub fn new(storage: &'s mut [u8], slot_len: usize) -> Result<Pool<'s>> {
        // SAFETY: bytes are bytes, and the pool writes nothing but bytes.
        Pool::make(storage.as_mut_ptr(), storage.len(), slot_len)
    }
    /// A pool in storage that was not written yet.
    pub fn in_uninit(storage: &'s mut [MaybeUninit<u8>], slot_len: usize) -> Result<Pool<'s>> {
        Pool::make(storage.as_mut_ptr() as *mut u8, storage.len(), slot_len)
    }
    /// What it is at the moment.
    pub fn info(&self) -> Result<PoolInfo> {
        // SAFETY: an out-struct of the C ABI.
        unsafe { filled(|out| wrtmem_sys::wrt_pool_get_info(self.raw, out)) }
    }
    /// The handle of the C ABI; stays owned.
    pub fn as_raw(&self) -> *mut wrtmem_sys::wrt_pool {
        self.raw
    }

    fn make(storage: *mut u8, len: usize, slot_len: usize) -> Result<Pool<'s>> {
        let mut raw = null_mut();
        // SAFETY: the storage is borrowed for 's, and the pool ends before that.
        check(unsafe { wrtmem_sys::wrt_pool_create(storage as *mut _, len, slot_len, &mut raw) })?;
        Ok(Pool { raw, storage: PhantomData })
    }
}

impl Drop for Pool<'_> {
    fn drop(&mut self) {
        // SAFETY: ours. It is busy only when a memory was leaked, and that one is never used again.
        let _ = unsafe { wrtmem_sys::wrt_pool_destroy(self.raw) };
    }
}
