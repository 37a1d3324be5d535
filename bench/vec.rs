// SPDX-License-Identifier: Apache-2.0 OR MIT
// Rust's Vec<u8> behind C functions, as a host written in Rust would offer it: bounds checked, nothing else.

use std::slice;

#[no_mangle]
pub extern "C" fn peer_vec_new(len: usize) -> *mut Vec<u8> {
    Box::into_raw(Box::new(vec![0; len]))
}

#[no_mangle]
pub unsafe extern "C" fn peer_vec_clone(vec: *const Vec<u8>) -> *mut Vec<u8> {
    Box::into_raw(Box::new((&*vec).clone()))
}

#[no_mangle]
pub unsafe extern "C" fn peer_vec_bytes(vec: *mut Vec<u8>) -> *mut u8 {
    (&mut *vec).as_mut_ptr()
}

#[no_mangle]
pub unsafe extern "C" fn peer_vec_free(vec: *mut Vec<u8>) {
    drop(Box::from_raw(vec));
}

#[no_mangle]
pub unsafe extern "C" fn peer_vec_read(vec: *const Vec<u8>, offset: usize, dst: *mut u8, n: usize) -> i32 {
    let range = match offset.checked_add(n) {
        Some(end) => offset..end,
        None => return 3,
    };
    match (&*vec).get(range) {
        Some(bytes) => {
            slice::from_raw_parts_mut(dst, n).copy_from_slice(bytes);
            0
        }
        None => 3,
    }
}

#[no_mangle]
pub unsafe extern "C" fn peer_vec_write(vec: *mut Vec<u8>, offset: usize, src: *const u8, n: usize) -> i32 {
    let range = match offset.checked_add(n) {
        Some(end) => offset..end,
        None => return 3,
    };
    match (&mut *vec).get_mut(range) {
        Some(bytes) => {
            bytes.copy_from_slice(slice::from_raw_parts(src, n));
            0
        }
        None => 3,
    }
}

#[no_mangle]
pub unsafe extern "C" fn peer_adler32(bytes: *const u8, n: usize) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    for byte in slice::from_raw_parts(bytes, n) {
        a = (a + u32::from(*byte)) % 65521;
        b = (b + a) % 65521;
    }
    b << 16 | a
}
