// SPDX-License-Identifier: Apache-2.0 OR MIT
use crate::info::{History, MemoryInfo, MemoryStats};
use crate::status::{check, Result};
use crate::{AtomicOp, Image, Int, Memory, View};
use std::ffi::c_void;
use std::time::Duration;

/// A linear memory that many threads use at once, as WebAssembly's shared memories are. Made by
/// [`Config::create_shared`](crate::Config::create_shared).
///
/// It grows, never shrinks, and never moves. Each byte that a read gives is one that was there; aligned 2, 4 and (on
/// 64-bit hosts) 8 bytes that are moved alone are not torn. The atomic accesses are sequentially consistent.
///
/// ```
/// use wrtmem::{AtomicOp, Config, WaitResult};
/// let memory = Config::new().wasm_pages(1, 2).create_shared()?;
/// std::thread::scope(|scope| {
///     scope.spawn(|| {
///         while memory.atomic_load::<u32>(0).unwrap() == 0 {
///             memory.wait(0, 0_u32, None).unwrap();
///         }
///         memory.write(4, b"seen").unwrap();
///     });
///     memory.atomic_rmw(0, AtomicOp::Add, 1_u32).unwrap();
///     memory.notify(0, 1).unwrap();
/// });
/// let mut text = [0; 4];
/// memory.read(4, &mut text)?;
/// assert_eq!(&text, b"seen");
/// # Ok::<(), wrtmem::Status>(())
/// ```
#[derive(Debug)]
pub struct SharedMemory<'a>(Memory<'a>);

// SAFETY: the library lets any number of threads use such a memory at once, in every function that is called below. It
// is destroyed when nobody borrows it, and nobody else calls it then.
unsafe impl Sync for SharedMemory<'_> {}

/// How a [`wait`](SharedMemory::wait) ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitResult {
    /// By a [`notify`](SharedMemory::notify).
    Woken,
    /// At once: something else than expected is there.
    NotEqual,
    /// The time was over.
    TimedOut,
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for u32 {}
    impl Sealed for u64 {}
}

/// What can be waited for: `u32` or `u64`.
pub trait Waitable: Int + sealed::Sealed {}
impl Waitable for u32 {}
impl Waitable for u64 {}

fn nanoseconds(timeout: Option<Duration>) -> i64 {
    // For ever is a negative number, and so are the 292 years that do not fit.
    timeout.and_then(|time| i64::try_from(time.as_nanos()).ok()).unwrap_or(-1)
}

// SAFETY of every call below: as for a memory of one thread; any number may be under way.
impl<'a> SharedMemory<'a> {
    /// The memory was created shared.
    pub(crate) fn new(memory: Memory<'a>) -> SharedMemory<'a> {
        SharedMemory(memory)
    }
    /// The handle of the C ABI; stays owned.
    pub fn as_raw(&self) -> *mut wrtmem_sys::wrt_mem {
        self.0.as_raw()
    }
    /// A memory with the same configuration; each byte is one that was there during the call.
    pub fn try_clone(&self) -> Result<SharedMemory<'a>> {
        self.0.try_clone().map(SharedMemory)
    }
    /// Frozen contents, to start other memories from; each byte is one that was there during the call.
    pub fn freeze(&self) -> Result<Image<'a>> {
        self.0.freeze()
    }

    /// The length in bytes, which another thread may have changed since.
    pub fn len(&self) -> Result<u64> {
        self.0.len()
    }
    /// Whether the length is 0.
    pub fn is_empty(&self) -> Result<bool> {
        self.0.is_empty()
    }
    /// Whether `n` bytes at `offset` are inside.
    pub fn check(&self, offset: u64, n: u64) -> Result<()> {
        self.0.check(offset, n)
    }
    /// Copies bytes at `offset` to `to`.
    pub fn read(&self, offset: u64, to: &mut [u8]) -> Result<()> {
        self.0.read(offset, to)
    }
    /// Copies `from` to `offset`.
    pub fn write(&self, offset: u64, from: &[u8]) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_write(self.as_raw(), offset, from.as_ptr() as *const c_void, from.len()) })
    }
    /// Sets `n` bytes at `offset` to `value`.
    pub fn fill(&self, offset: u64, value: u8, n: u64) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_fill(self.as_raw(), offset, value, n) })
    }
    /// Copies `n` bytes within the memory; the ranges may overlap.
    pub fn copy_within(&self, to: u64, from: u64, n: u64) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_copy(self.as_raw(), to, self.as_raw(), from, n) })
    }
    /// Grows by pages and gives the old length in pages.
    pub fn grow(&self, delta_pages: u64) -> Result<u64> {
        let mut old_pages = 0;
        check(unsafe { wrtmem_sys::wrt_mem_grow(self.as_raw(), delta_pages, &mut old_pages) })?;
        Ok(old_pages)
    }
    /// Makes `n` bytes at `offset` zero and gives whole host pages back.
    pub fn discard(&self, offset: u64, n: u64) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_discard(self.as_raw(), offset, n) })
    }
    /// Where the bytes are; the base stays.
    pub fn view(&self) -> Result<*const View> {
        self.0.view()
    }
    /// What it is at the moment.
    pub fn info(&self) -> Result<MemoryInfo> {
        self.0.info()
    }
    /// What happened to it so far.
    pub fn stats(&self) -> Result<MemoryStats> {
        self.0.stats()
    }
    /// Its last changes of length and the last access that was refused.
    pub fn history(&self) -> Result<History> {
        self.0.history()
    }

    /// Loads an integer.
    pub fn atomic_load<T: Int>(&self, offset: u64) -> Result<T> {
        self.0.atomic_load(offset)
    }
    /// Stores an integer.
    pub fn atomic_store<T: Int>(&self, offset: u64, value: T) -> Result<()> {
        self.0.store_atomically(offset, value)
    }
    /// Combines an integer with `operand` and gives the old one.
    pub fn atomic_rmw<T: Int>(&self, offset: u64, op: AtomicOp, operand: T) -> Result<T> {
        self.0.combine_atomically(offset, op, operand)
    }
    /// Stores `replacement` if `expected` is there, and gives the old integer either way.
    pub fn atomic_cmpxchg<T: Int>(&self, offset: u64, expected: T, replacement: T) -> Result<T> {
        self.0.exchange_atomically(offset, expected, replacement)
    }
    /// Sleeps until another thread notifies this place, if `expected` is there, and for so long at most.
    pub fn wait<T: Waitable>(&self, offset: u64, expected: T, timeout: Option<Duration>) -> Result<WaitResult> {
        let mut result = 0;
        let (expected, timeout) = (expected.widen(), nanoseconds(timeout));
        check(unsafe { wrtmem_sys::wrt_mem_wait(self.as_raw(), offset, T::WIDTH, expected, timeout, &mut result) })?;
        Ok(match result {
            0 => WaitResult::Woken,
            1 => WaitResult::NotEqual,
            _ => WaitResult::TimedOut,
        })
    }
    /// Wakes at most `count` threads that wait at this place, and gives how many.
    pub fn notify(&self, offset: u64, count: u32) -> Result<u32> {
        let mut woken = 0;
        check(unsafe { wrtmem_sys::wrt_mem_notify(self.as_raw(), offset, count, &mut woken) })?;
        Ok(woken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_too_long_is_for_ever() {
        assert_eq!(nanoseconds(None), -1);
        assert_eq!(nanoseconds(Some(Duration::MAX)), -1);
        assert_eq!(nanoseconds(Some(Duration::ZERO)), 0);
        assert_eq!(nanoseconds(Some(Duration::from_nanos(i64::MAX as u64))), i64::MAX);
    }
}
