// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The C ABI's allocator over any `GlobalAlloc`. No panic leaves a callback: it is a refusal.

use std::alloc::{GlobalAlloc, Layout};
use std::ffi::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::null_mut;

/// The allocator that calls `object`, which must live as long as any memory that uses it.
pub(crate) fn over<A: GlobalAlloc + Sync>(object: &A) -> wrtmem_sys::wrt_allocator {
    wrtmem_sys::wrt_allocator {
        struct_size: std::mem::size_of::<wrtmem_sys::wrt_allocator>() as u32,
        flags: 0,
        context: object as *const A as *mut c_void,
        allocate: Some(allocate::<A>),
        reallocate: Some(reallocate::<A>),
        deallocate: Some(deallocate::<A>),
    }
}

unsafe fn object<'a, A>(context: *mut c_void) -> &'a A {
    &*(context as *const A)
}

unsafe extern "C" fn allocate<A: GlobalAlloc>(context: *mut c_void, size: usize, alignment: usize) -> *mut c_void {
    let layout = match Layout::from_size_align(size, alignment) {
        Ok(layout) => layout,
        Err(_) => return null_mut(),
    };
    let called = catch_unwind(AssertUnwindSafe(|| object::<A>(context).alloc(layout)));
    called.unwrap_or(null_mut()) as *mut c_void
}

unsafe extern "C" fn reallocate<A: GlobalAlloc>(
    context: *mut c_void,
    block: *mut c_void,
    old_size: usize,
    new_size: usize,
    alignment: usize,
) -> *mut c_void {
    let layout = match (Layout::from_size_align(old_size, alignment), Layout::from_size_align(new_size, alignment)) {
        (Ok(layout), Ok(_)) => layout,
        _ => return null_mut(),
    };
    let called = catch_unwind(AssertUnwindSafe(|| object::<A>(context).realloc(block as *mut u8, layout, new_size)));
    called.unwrap_or(null_mut()) as *mut c_void
}

unsafe extern "C" fn deallocate<A: GlobalAlloc>(
    context: *mut c_void,
    block: *mut c_void,
    size: usize,
    alignment: usize,
) {
    if let Ok(layout) = Layout::from_size_align(size, alignment) {
        // One that panics keeps the block.
        let _ = catch_unwind(AssertUnwindSafe(|| object::<A>(context).dealloc(block as *mut u8, layout)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::alloc::System;

    #[test]
    fn a_block_goes_through_the_callbacks_and_back() {
        let system = System;
        let made = over(&system);
        unsafe {
            let block = made.allocate.unwrap()(made.context, 100, 64);
            assert!(!block.is_null() && block as usize % 64 == 0);
            (block as *mut u8).write_bytes(7, 100);
            let longer = made.reallocate.unwrap()(made.context, block, 100, 5000, 64);
            assert!(!longer.is_null() && longer as usize % 64 == 0);
            assert_eq!(*(longer as *mut u8).add(99), 7);
            made.deallocate.unwrap()(made.context, longer, 5000, 64);
        }
    }

    #[test]
    fn a_size_that_no_layout_has_is_refused() {
        let system = System;
        let made = over(&system);
        unsafe {
            assert!(made.allocate.unwrap()(made.context, usize::MAX, 16).is_null());
            let block = made.allocate.unwrap()(made.context, 16, 16);
            assert!(made.reallocate.unwrap()(made.context, block, 16, usize::MAX, 16).is_null());
            made.deallocate.unwrap()(made.context, block, 16, 16);
        }
    }
}
