// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Runs the tests of `test.c`.
#![cfg(test)]

use std::ffi::{c_char, CStr};
use wasmtime_c_api as _;
use wrtmem_sys::{WRT_TIER_ALLOC, WRT_TIER_DEFAULT, WRT_TIER_STATIC, WRT_TIER_STD};

extern "C" {
    fn wrt_wasmtime_test_guest(tier: i32, no_guards: i32) -> *const c_char;
    fn wrt_wasmtime_test_refusals() -> *const c_char;
    fn wrt_wasmtime_test_pool() -> *const c_char;
}

fn holds(wrong: *const c_char) {
    if !wrong.is_null() {
        panic!("not so: {}", unsafe { CStr::from_ptr(wrong) }.to_string_lossy());
    }
}

#[test]
fn a_c_host_has_guests_in_memories_from_the_operating_system_with_guards() {
    holds(unsafe { wrt_wasmtime_test_guest(WRT_TIER_STD, 0) });
    holds(unsafe { wrt_wasmtime_test_guest(WRT_TIER_DEFAULT, 0) });
}

#[test]
fn and_without_guards() {
    holds(unsafe { wrt_wasmtime_test_guest(WRT_TIER_STD, 1) });
}

#[test]
fn and_from_the_heap() {
    holds(unsafe { wrt_wasmtime_test_guest(WRT_TIER_ALLOC, 0) });
}

#[test]
fn and_in_slots() {
    holds(unsafe { wrt_wasmtime_test_guest(WRT_TIER_STATIC, 0) });
}

#[test]
fn what_cannot_be_had_is_an_error_of_the_instantiation() {
    holds(unsafe { wrt_wasmtime_test_refusals() });
}

#[test]
fn slots_begin_at_pages_wherever_the_storage_does() {
    holds(unsafe { wrt_wasmtime_test_pool() });
}
