// SPDX-License-Identifier: Apache-2.0 OR MIT
use crate::config::Verify;
use crate::info::{filled, History, MemoryInfo, MemoryStats};
use crate::status::{check, Result};
use crate::{Borrow, BorrowMut, Cursor, Image, View};
use std::ffi::c_void;
use std::marker::PhantomData;
use std::ptr::null_mut;

/// A linear memory: bytes that read as zero until they are written, and that can grow. Made by
/// [`Config::create`](crate::Config::create).
///
/// Each method is the function of the same name of the C ABI, whose header says what it does, when it is refused and
/// what it costs. A call that is refused has changed nothing.
#[derive(Debug)]
pub struct Memory<'a> {
    raw: *mut wrtmem_sys::wrt_mem,
    uses: PhantomData<&'a ()>,
}

// SAFETY: any thread may use and destroy a memory, one at a time. It is not Sync: calls that only read count too.
unsafe impl Send for Memory<'_> {}

/// What an atomic read-modify-write does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
#[allow(missing_docs)]
pub enum AtomicOp {
    Add = wrtmem_sys::WRT_ATOMIC_ADD,
    Sub = wrtmem_sys::WRT_ATOMIC_SUB,
    And = wrtmem_sys::WRT_ATOMIC_AND,
    Or = wrtmem_sys::WRT_ATOMIC_OR,
    Xor = wrtmem_sys::WRT_ATOMIC_XOR,
    Xchg = wrtmem_sys::WRT_ATOMIC_XCHG,
}

mod sealed {
    pub trait Sealed {}
}

/// What an atomic access is of: `u8`, `u16`, `u32` or `u64`.
pub trait Int: Copy + sealed::Sealed {
    #[doc(hidden)]
    const WIDTH: u32;
    #[doc(hidden)]
    fn widen(self) -> u64;
    #[doc(hidden)]
    fn cut(wide: u64) -> Self;
}
macro_rules! ints {
    ($($int:ty)*) => {$(
        impl sealed::Sealed for $int {}
        impl Int for $int {
            const WIDTH: u32 = <$int>::BITS / 8;
            fn widen(self) -> u64 {
                self.into()
            }
            fn cut(wide: u64) -> $int {
                wide as $int
            }
        }
    )*};
}
ints!(u8 u16 u32 u64);

// SAFETY of every call below: the handle is live and ours; pointers go with their own lengths; the library checks the
// range before it touches a byte, and keeps no pointer after the call.
impl<'a> Memory<'a> {
    /// Takes over a handle of the C ABI.
    ///
    /// # Safety
    /// The handle is nobody else's, and what the memory uses (pool, budget, allocator, image) lives for 'a.
    pub unsafe fn from_raw(raw: *mut wrtmem_sys::wrt_mem) -> Memory<'a> {
        Memory { raw, uses: PhantomData }
    }
    /// The handle of the C ABI; stays owned.
    pub fn as_raw(&self) -> *mut wrtmem_sys::wrt_mem {
        self.raw
    }
    /// The handle of the C ABI, which the caller has to destroy from now on.
    pub fn into_raw(self) -> *mut wrtmem_sys::wrt_mem {
        std::mem::ManuallyDrop::new(self).raw
    }
    /// A memory with the same configuration and bytes.
    pub fn try_clone(&self) -> Result<Memory<'a>> {
        let mut raw = null_mut();
        check(unsafe { wrtmem_sys::wrt_mem_clone(self.raw, &mut raw) })?;
        Ok(Memory { raw, uses: PhantomData })
    }
    /// Frozen contents, to start other memories from.
    pub fn freeze(&self) -> Result<Image<'a>> {
        let mut raw = null_mut();
        check(unsafe { wrtmem_sys::wrt_image_create(self.raw, &mut raw) })?;
        Ok(unsafe { Image::from_raw(raw) })
    }
    /// Back to what it was at creation.
    pub fn reset(&mut self) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_reset(self.raw) })
    }

    /// The length in bytes.
    pub fn len(&self) -> Result<u64> {
        let mut len = 0;
        check(unsafe { wrtmem_sys::wrt_mem_len(self.raw, &mut len) })?;
        Ok(len)
    }
    /// Whether the length is 0.
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.len()? == 0)
    }
    /// Whether `n` bytes at `offset` are inside.
    pub fn check(&self, offset: u64, n: u64) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_check(self.raw, offset, n) })
    }
    /// Copies bytes at `offset` to `to`.
    pub fn read(&self, offset: u64, to: &mut [u8]) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_read(self.raw, offset, to.as_mut_ptr() as *mut c_void, to.len()) })
    }
    /// Copies `from` to `offset`.
    pub fn write(&mut self, offset: u64, from: &[u8]) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_write(self.raw, offset, from.as_ptr() as *const c_void, from.len()) })
    }
    /// Sets `n` bytes at `offset` to `value`.
    pub fn fill(&mut self, offset: u64, value: u8, n: u64) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_fill(self.raw, offset, value, n) })
    }
    /// Copies `n` bytes within the memory; the ranges may overlap.
    pub fn copy_within(&mut self, to: u64, from: u64, n: u64) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_copy(self.raw, to, self.raw, from, n) })
    }
    /// Copies `n` bytes of another memory.
    pub fn copy_from(&mut self, to: u64, other: &Memory<'_>, from: u64, n: u64) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_copy(self.raw, to, other.raw, from, n) })
    }
    /// Whether both have the same length and bytes.
    pub fn equal(&self, other: &Memory<'_>) -> Result<bool> {
        let mut equal = 0;
        check(unsafe { wrtmem_sys::wrt_mem_equal(self.raw, other.raw, &mut equal) })?;
        Ok(equal != 0)
    }

    /// Sets the length in bytes.
    pub fn resize(&mut self, new_len: u64) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_resize(self.raw, new_len) })
    }
    /// Grows by pages and gives the old length in pages.
    pub fn grow(&mut self, delta_pages: u64) -> Result<u64> {
        let mut old_pages = 0;
        check(unsafe { wrtmem_sys::wrt_mem_grow(self.raw, delta_pages, &mut old_pages) })?;
        Ok(old_pages)
    }
    /// Makes `n` bytes at `offset` zero and gives whole host pages back.
    pub fn discard(&mut self, offset: u64, n: u64) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_discard(self.raw, offset, n) })
    }

    /// Lends `n` bytes at `offset` to read, without a copy. Several can be out at once.
    ///
    /// ```
    /// let mut memory = wrtmem::Config::new().initial_len(10).max_len(10).create()?;
    /// memory.write(3, b"abc")?;
    /// let (one, other) = (memory.borrow(0, 6)?, memory.borrow(3, 3)?);
    /// assert_eq!(one[3..], other[..]);
    /// # Ok::<(), wrtmem::Status>(())
    /// ```
    ///
    /// The memory cannot change meanwhile:
    ///
    /// ```compile_fail
    /// let mut memory = wrtmem::Config::new().initial_len(10).max_len(10).create().unwrap();
    /// let lent = memory.borrow(0, 6).unwrap();
    /// memory.resize(0).unwrap();
    /// drop(lent);
    /// ```
    pub fn borrow(&self, offset: u64, n: u64) -> Result<Borrow<'_>> {
        let data = self.lend(offset, n, wrtmem_sys::WRT_BORROW_READ)?;
        Ok(unsafe { Borrow::new(self, data, n as usize) })
    }
    /// Lends `n` bytes at `offset` to read and write, without a copy.
    ///
    /// ```
    /// let mut memory = wrtmem::Config::new().initial_len(10).max_len(10).create()?;
    /// memory.borrow_mut(3, 3)?.copy_from_slice(b"abc");
    /// assert_eq!(&*memory.borrow(2, 3)?, b"\0ab");
    /// # Ok::<(), wrtmem::Status>(())
    /// ```
    pub fn borrow_mut(&mut self, offset: u64, n: u64) -> Result<BorrowMut<'_>> {
        let data = self.lend(offset, n, wrtmem_sys::WRT_BORROW_READ | wrtmem_sys::WRT_BORROW_WRITE)?;
        Ok(unsafe { BorrowMut::new(self, data, n as usize) })
    }
    /// Where the bytes are, for code that checks bounds itself: the same address for the memory's whole life, where the
    /// library keeps base and length current. [`Status::UNSUPPORTED`](crate::Status::UNSUPPORTED) from
    /// [`Verify::Standard`] on, and that level is no longer to be had.
    ///
    /// ```
    /// let mut memory = wrtmem::Config::new().initial_len(10).max_len(1000).create()?;
    /// let view = memory.view()?;
    /// memory.resize(500)?;
    /// memory.write(499, b"x")?;
    /// // SAFETY: the memory lives, and nobody else uses it.
    /// unsafe {
    ///     assert_eq!((*view).len, 500);
    ///     assert_eq!((*view).base.add(499).read(), b'x');
    /// }
    /// # Ok::<(), wrtmem::Status>(())
    /// ```
    pub fn view(&self) -> Result<*const View> {
        let mut view = std::ptr::null();
        check(unsafe { wrtmem_sys::wrt_mem_view(self.raw, &mut view) })?;
        Ok(view)
    }
    /// A place in the memory, at first its start, to read and write from.
    ///
    /// ```
    /// use std::io::{Read, Seek, SeekFrom, Write};
    /// let mut memory = wrtmem::Config::new().initial_len(10).max_len(10).create()?;
    /// let mut cursor = memory.cursor();
    /// cursor.write_all(b"0123456789")?;
    /// assert!(cursor.write_all(b"x").is_err());
    /// cursor.seek(SeekFrom::End(-4))?;
    /// let mut text = String::new();
    /// cursor.read_to_string(&mut text)?;
    /// assert_eq!(text, "6789");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn cursor(&mut self) -> Cursor<'_, 'a> {
        Cursor::new(self)
    }

    /// Checks what it keeps.
    pub fn verify(&mut self) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_verify(self.raw, null_mut()) })
    }
    /// Changes how much it checks of itself.
    pub fn set_verify(&mut self, level: Verify) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_set_verify(self.raw, level as i32) })
    }
    /// What it is at the moment.
    pub fn info(&self) -> Result<MemoryInfo> {
        let info: wrtmem_sys::wrt_mem_info = unsafe { filled(|out| wrtmem_sys::wrt_mem_get_info(self.raw, out)) }?;
        Ok(info.into())
    }
    /// What happened to it so far.
    pub fn stats(&self) -> Result<MemoryStats> {
        unsafe { filled(|out| wrtmem_sys::wrt_mem_get_stats(self.raw, out)) }
    }
    /// Its last changes of length and the last access that was refused, of a memory with
    /// [`Config::track`](crate::Config::track).
    ///
    /// ```
    /// use wrtmem::{Config, Status};
    /// let mut memory = Config::new().initial_len(10).max_len(100).track().create()?;
    /// memory.resize(50)?;
    /// assert!(memory.resize(101).is_err());
    /// assert!(memory.write(49, b"xy").is_err());
    /// let history = memory.history()?;
    /// assert_eq!((history.changes[0].from, history.changes[0].to, history.changes[0].result), (10, 50, Ok(())));
    /// assert_eq!(history.changes[1].result, Err(Status::LIMIT));
    /// assert_eq!((history.denied_offset, history.denied_len), (49, 2));
    /// # Ok::<(), Status>(())
    /// ```
    pub fn history(&self) -> Result<History> {
        let history: wrtmem_sys::wrt_mem_history =
            unsafe { filled(|out| wrtmem_sys::wrt_mem_get_history(self.raw, out)) }?;
        Ok(history.into())
    }
    /// Sets the numbers of [`stats`](Memory::stats) back to 0, and forgets the [`history`](Memory::history).
    pub fn clear_stats(&mut self) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_clear_stats(self.raw) })
    }

    /// Loads an integer.
    pub fn atomic_load<T: Int>(&self, offset: u64) -> Result<T> {
        let mut value = 0;
        check(unsafe { wrtmem_sys::wrt_mem_atomic_load(self.raw, offset, T::WIDTH, &mut value) })?;
        Ok(T::cut(value))
    }
    /// Stores an integer.
    pub fn atomic_store<T: Int>(&mut self, offset: u64, value: T) -> Result<()> {
        self.store_atomically(offset, value)
    }
    /// Combines an integer with `operand` and gives the old one.
    pub fn atomic_rmw<T: Int>(&mut self, offset: u64, op: AtomicOp, operand: T) -> Result<T> {
        self.combine_atomically(offset, op, operand)
    }
    /// Stores `replacement` if `expected` is there, and gives the old integer either way.
    pub fn atomic_cmpxchg<T: Int>(&mut self, offset: u64, expected: T, replacement: T) -> Result<T> {
        self.exchange_atomically(offset, expected, replacement)
    }

    // The same by way of a shared borrow, for memories of many threads.

    pub(crate) fn store_atomically<T: Int>(&self, offset: u64, value: T) -> Result<()> {
        check(unsafe { wrtmem_sys::wrt_mem_atomic_store(self.raw, offset, T::WIDTH, value.widen()) })
    }
    pub(crate) fn combine_atomically<T: Int>(&self, offset: u64, op: AtomicOp, operand: T) -> Result<T> {
        let mut old = 0;
        let operand = operand.widen();
        check(unsafe { wrtmem_sys::wrt_mem_atomic_rmw(self.raw, offset, T::WIDTH, op as i32, operand, &mut old) })?;
        Ok(T::cut(old))
    }
    pub(crate) fn exchange_atomically<T: Int>(&self, offset: u64, expected: T, replacement: T) -> Result<T> {
        let mut old = 0;
        let (expected, replacement) = (expected.widen(), replacement.widen());
        check(unsafe {
            wrtmem_sys::wrt_mem_atomic_cmpxchg(self.raw, offset, T::WIDTH, expected, replacement, &mut old)
        })?;
        Ok(T::cut(old))
    }
    fn lend(&self, offset: u64, n: u64, access: u32) -> Result<*mut u8> {
        let mut data = null_mut();
        check(unsafe { wrtmem_sys::wrt_mem_borrow(self.raw, offset, n, access, &mut data) })?;
        Ok(data as *mut u8)
    }
}

impl Drop for Memory<'_> {
    fn drop(&mut self) {
        // It is busy only when a borrow was leaked; then its bytes stay.
        let _ = unsafe { wrtmem_sys::wrt_mem_destroy(self.raw) };
    }
}
