// SPDX-License-Identifier: Apache-2.0 OR MIT
use crate::info::{filled, ImageInfo};
use crate::status::{check, Result};
use std::ffi::c_void;
use std::io::{Read, Write};
use std::marker::PhantomData;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::null_mut;

/// Frozen contents, to start memories from: [`Memory::freeze`](crate::Memory::freeze) and
/// [`Config::image`](crate::Config::image). A build of the library without images answers
/// [`Status::UNSUPPORTED`](crate::Status::UNSUPPORTED).
#[derive(Debug)]
pub struct Image<'a> {
    raw: *mut wrtmem_sys::wrt_image,
    uses: PhantomData<&'a ()>,
}

// SAFETY: an image does not change, and any thread may destroy it.
unsafe impl Send for Image<'_> {}
unsafe impl Sync for Image<'_> {}

impl Image<'_> {
    /// # Safety
    /// A live image that is nobody else's, and what it uses lives for its lifetime.
    pub(crate) unsafe fn from_raw<'a>(raw: *mut wrtmem_sys::wrt_image) -> Image<'a> {
        Image { raw, uses: PhantomData }
    }
    pub(crate) fn load<'a, R: Read>(at: &wrtmem_sys::wrt_mem_config, reader: &mut R) -> Result<Image<'a>> {
        let mut raw = null_mut();
        let context = reader as *mut R as *mut c_void;
        // SAFETY: the reader lives during the call, and is used by it alone.
        check(unsafe { wrtmem_sys::wrt_image_load(at, Some(give::<R>), context, &mut raw) })?;
        // SAFETY: just made, and nobody else's.
        Ok(unsafe { Image::from_raw(raw) })
    }
    /// Saves it in a form that every tier and machine can load. A writer that fails or panics is
    /// [`Status::IO`](crate::Status::IO).
    pub fn save<W: Write>(&self, mut writer: W) -> Result<()> {
        let context = &mut writer as *mut W as *mut c_void;
        // SAFETY: the writer lives during the call, and is used by it alone.
        check(unsafe { wrtmem_sys::wrt_image_save(self.raw, Some(take::<W>), context) })
    }
    /// What it is.
    pub fn info(&self) -> Result<ImageInfo> {
        // SAFETY: an out-struct of the C ABI.
        unsafe { filled(|out| wrtmem_sys::wrt_image_get_info(self.raw, out)) }
    }
    /// The handle of the C ABI; stays owned.
    pub fn as_raw(&self) -> *mut wrtmem_sys::wrt_image {
        self.raw
    }
}

impl Drop for Image<'_> {
    fn drop(&mut self) {
        // SAFETY: ours.
        let _ = unsafe { wrtmem_sys::wrt_image_destroy(self.raw) };
    }
}

unsafe extern "C" fn take<W: Write>(context: *mut c_void, data: *const c_void, n: usize) -> usize {
    let bytes = std::slice::from_raw_parts(data as *const u8, n);
    let written = catch_unwind(AssertUnwindSafe(|| (*(context as *mut W)).write_all(bytes).is_ok()));
    if matches!(written, Ok(true)) {
        n
    } else {
        n.wrapping_sub(1) // any other number is a failure
    }
}

unsafe extern "C" fn give<R: Read>(context: *mut c_void, data: *mut c_void, n: usize) -> usize {
    // What a reader sees is initialised.
    std::ptr::write_bytes(data as *mut u8, 0, n);
    let bytes = std::slice::from_raw_parts_mut(data as *mut u8, n);
    let read = catch_unwind(AssertUnwindSafe(|| loop {
        match (*(context as *mut R)).read(bytes) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Ok(given) if given <= n => return given,
            _ => return usize::MAX,
        }
    }));
    read.unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Panics;
    impl Read for Panics {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            panic!("a reader's")
        }
    }
    impl Write for Panics {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            panic!("a writer's")
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    struct Lies;
    impl Read for Lies {
        fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
            Ok(bytes.len() + 1)
        }
    }

    #[test]
    fn streams_take_and_give_what_there_is() {
        let mut written: Vec<u8> = Vec::new();
        let mut read: &[u8] = b"abcde";
        let mut got = [9; 4];
        unsafe {
            assert_eq!(take::<Vec<u8>>(&mut written as *mut _ as *mut c_void, b"xyz".as_ptr() as *const c_void, 3), 3);
            let context = &mut read as *mut &[u8] as *mut c_void;
            assert_eq!(give::<&[u8]>(context, got.as_mut_ptr() as *mut c_void, 4), 4);
            assert_eq!(&got, b"abcd");
            assert_eq!(give::<&[u8]>(context, got.as_mut_ptr() as *mut c_void, 4), 1);
            assert_eq!(give::<&[u8]>(context, got.as_mut_ptr() as *mut c_void, 4), 0);
        }
        assert_eq!(written, b"xyz");
    }

    #[test]
    fn a_stream_that_fails_panics_or_lies_is_an_error() {
        let mut short = [0; 2];
        let mut full: &mut [u8] = &mut short;
        let mut bytes = [0; 4];
        let data = bytes.as_mut_ptr() as *mut c_void;
        unsafe {
            assert_ne!(take::<&mut [u8]>(&mut full as *mut _ as *mut c_void, data, 4), 4);
            assert_ne!(take::<Panics>(&mut Panics as *mut _ as *mut c_void, data, 4), 4);
            assert_eq!(give::<Panics>(&mut Panics as *mut _ as *mut c_void, data, 4), usize::MAX);
            assert_eq!(give::<Lies>(&mut Lies as *mut _ as *mut c_void, data, 4), usize::MAX);
        }
    }
}
